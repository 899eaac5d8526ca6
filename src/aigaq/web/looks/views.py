"""Who looked at what: the head sees all of the division, the custodian what they themselves looked at."""

from collections.abc import Collection
from datetime import date
from typing import TypeVar
from uuid import UUID

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from aigaq.access.selectors import PAGE, LookPlace, LooksAt
from aigaq.access.selectors import looks as looks_
from aigaq.journal.duties import duty_of
from aigaq.journal.models import JournalRow
from aigaq.recordings.models import Recording, RecordingFile
from aigaq.registry.models import Appointment, Division, Person, Role
from aigaq.registry.selectors import READERS
from aigaq.web.duty import Duty, OfficeRequest
from aigaq.web.looks.shown import shown
from aigaq.web.recordings.forms import in_range
from aigaq.web.registry.forms import DayInput
from aigaq.web.security import open_to

Found = TypeVar("Found", bound=Model)


class FilterForm(forms.Form):
    """An empty field is everything."""

    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Who"), required=False, empty_label=_("Everybody")
    )
    day = forms.DateField(label=_("Day"), required=False, widget=DayInput)

    def __init__(self, *args: object, division: Division, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        ever = Appointment.objects.filter(division=division, role__in=READERS).values("person")
        people = Person.objects.filter(pk__in=ever).order_by("full_name")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    def clean_day(self) -> date | None:
        return in_range(self.cleaned_data["day"])


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_safe
def looks(request: OfficeRequest) -> HttpResponseBase:
    duty = request.duty
    form = FilterForm(request.GET, division=duty.division)
    given = form.cleaned_data if form.is_valid() else {}
    row, file = _row(duty, request.GET.get("row")), _file(duty, request.GET.get("file"))
    before = LookPlace.parse(request.GET.get("before", ""))
    rows = [view.id for view in duty_of(row).rows] if row else []
    asked = LooksAt(
        division=duty.division.pk,
        person=_whose(duty, given.get("person")),
        recordings=_recordings(rows, file),
        rows=rows,
        day=given.get("day"),
    )
    page = looks_(asked, before=before, limit=PAGE)
    context = {
        "form": form,
        "row": row,
        "file": file,
        "lines": shown(page.looks),
        "next_before": page.older,
        "is_later_page": before is not None,
        "sees_all": duty.is_head,
    }
    return render(request, "web/looks/list.html", context)


def recordings_on(rows: Collection[UUID]) -> list[UUID]:
    """What was recorded on these rows."""
    return list(Recording.objects.filter(placement__row__in=rows).values_list("pk", flat=True))


def _recordings(rows: Collection[UUID], file: RecordingFile | None) -> list[UUID] | None:
    if file is not None:
        return [file.recording_id]
    return recordings_on(rows) if rows else None


def _whose(duty: Duty, asked: Person | None) -> UUID | None:
    """The head may ask for anybody; who is not head gets their own."""
    if not duty.is_head:
        return duty.person.pk
    return asked.pk if asked else None


def _row(duty: Duty, asked: str | None) -> JournalRow | None:
    return _with_id(JournalRow.objects.filter(division=duty.division), asked) if asked else None


def _file(duty: Duty, asked: str | None) -> RecordingFile | None:
    return _with_id(RecordingFile.objects.filter(recording__division=duty.division), asked) if asked else None


def _with_id(found: "QuerySet[Found]", asked: str) -> Found:
    try:
        return found.get(pk=UUID(asked))
    except (ValueError, ObjectDoesNotExist) as error:
        raise Http404 from error
