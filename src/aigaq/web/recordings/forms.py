from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from aigaq import wiring
from aigaq.journal.whose import people_of
from aigaq.registry.models import Division, Person, Recorder
from aigaq.review.models import Result
from aigaq.review.search import Wanted
from aigaq.review.terms import YES, Of
from aigaq.web.registry.forms import DayInput

_FIRST_YEAR, _LAST_YEAR = 1970, 2200
"""No camera means a day outside; near the ends of the calendar the instants of a day can't be reckoned."""
_TEXT_LIMIT = 200
_EVIDENCE = f"{Of.EVIDENCE}:{YES}"


class FilterForm(forms.Form):
    """What to look for. An empty day is every day; a day with no other is that one alone."""

    text = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=_TEXT_LIMIT,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("subject, object, remark, mark")}),
    )
    day = forms.DateField(label=_("Day"), required=False, widget=DayInput)
    until = forms.DateField(label=_("Up to and with"), required=False, widget=DayInput)
    inspector = forms.ModelChoiceField(
        Person.objects.none(), label=_("Inspector"), required=False, empty_label=_("Everybody")
    )
    recorder = forms.ModelChoiceField(
        Recorder.objects.none(), label=_("Recorder"), required=False, empty_label=_("All")
    )
    category = forms.ChoiceField(label=_("Category"), required=False)
    subject = forms.CharField(label=_("Controlled subject"), required=False, max_length=_TEXT_LIMIT)
    object = forms.CharField(label=_("Controlled object"), required=False, max_length=_TEXT_LIMIT)
    incidents = forms.BooleanField(label=_("With an open incident"), required=False)

    MORE = ("recorder", "category", "subject", "object", "incidents")
    """Folded away until one of them is used."""

    def __init__(self, *args: Any, division: Division, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        self.fields["inspector"].queryset = people_of(division)  # type: ignore[attr-defined]
        recorders = Recorder.objects.filter(division=division).order_by("inventory_number")
        self.fields["recorder"].queryset = recorders  # type: ignore[attr-defined]
        self.fields["category"].choices = categories()  # type: ignore[attr-defined]

    def clean_day(self) -> date | None:
        return in_range(self.cleaned_data["day"])

    def clean_until(self) -> date | None:
        until = in_range(self.cleaned_data["until"])
        day = self.cleaned_data.get("day")
        if until is not None and day is not None and until < day:
            raise ValidationError(_("This day is before the first one."), code="until")
        return until

    @property
    def has_more(self) -> bool:
        return self.is_bound and any(self.cleaned_data.get(name) for name in self.MORE)

    @property
    def wanted(self) -> Wanted:
        """After `is_valid`; what is wrong is not asked for."""
        given = self.cleaned_data
        day, until = given.get("day"), given.get("until")
        inspector, recorder = given.get("inspector"), given.get("recorder")
        of, _colon, value = (given.get("category") or "").partition(":")
        return Wanted(
            since=day,
            until=until or day,
            inspector=inspector.pk if inspector else None,
            recorder=recorder.pk if recorder else None,
            subject=given.get("subject", ""),
            object=given.get("object", ""),
            text=given.get("text", ""),
            category=(Of(of), value) if of else None,
            open_incidents=given.get("incidents", False),
        )


def categories() -> list[tuple[str, Any]]:
    """Kinds of control, of marks and of results, each under its own heading."""
    profile, language = wiring.profile(), get_language() or ""
    return [
        ("", now("All")),
        (
            now("Recorded for"),
            [(f"{Of.CONTROL}:{each.key}", each.text.in_(language)) for each in profile.controls],
        ),
        (
            now("Marked"),
            [
                (_EVIDENCE, now("as evidence")),
                *((f"{Of.MARKED}:{each.key}", each.text.in_(language)) for each in profile.marks),
            ],
        ),
        (now("Reviewed"), [(f"{Of.RESULT}:{key}", str(label)) for key, label in Result.choices]),
    ]


def in_range(day: date | None) -> date | None:
    """Raises `ValidationError` for a day of which no instant can be reckoned, or on which nothing was."""
    if day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValidationError(_("No recorder recorded on that day. Choose another."), code="day")
    return day
