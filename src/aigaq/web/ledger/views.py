"""The ledger in words: what was done in the division, by whom and when, and how to check it."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aigaq.core.clock import KAZAKHSTAN
from aigaq.ledger.models import Checkpoint, LedgerEntry
from aigaq.registry.models import Person, Role
from aigaq.web.duty import Duty, OfficeRequest
from aigaq.web.ledger.words import GROUPS, lines
from aigaq.web.numbers import whole
from aigaq.web.recordings.forms import in_range
from aigaq.web.registry.forms import DayInput
from aigaq.web.security import open_to

_PAGE = 50
_LOOKED_AT = 5000
"""Entries of an installation that one page looks through for those of one division."""


class FilterForm(forms.Form):
    group = forms.ChoiceField(label=gettext_lazy("What about"), required=False)
    day = forms.DateField(label=gettext_lazy("Day"), required=False, widget=DayInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [("", _("Everything")), *((key, _(label)) for key, label in GROUPS)]
        self.fields["group"].choices = choices  # type: ignore[attr-defined]

    def clean_day(self) -> date | None:
        return in_range(self.cleaned_data["day"])


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_safe
def entries(request: OfficeRequest) -> HttpResponseBase:
    form = FilterForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    before = whole(request.GET.get("before"))
    found, next_before = _page(request.duty, given.get("group"), given.get("day"), before)
    context = {
        "form": form,
        "lines": lines(found),
        "next_before": next_before,
        "is_later_page": before is not None,
        "size": Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0,
    }
    return render(request, "web/ledger/entries.html", context)


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_safe
def entry(request: OfficeRequest, seq: int) -> HttpResponseBase:
    found = LedgerEntry.objects.filter(seq=seq).first()
    if found is None or not _concerns(found, request.duty, _logins(request.duty)):
        raise Http404
    value = json.loads(found.entry)
    context = {
        "entry": found,
        "line": lines([found])[0],
        "actor": value["actor"],
        "right": value["right"],
        "body": [(name, json.dumps(part, ensure_ascii=False)) for name, part in value["body"].items()],
        "checkpoint": Checkpoint.objects.filter(size__gt=seq).order_by("size").first(),
    }
    return render(request, "web/ledger/entry.html", context)


def _page(
    duty: Duty, group: str | None, day: date | None, before: int | None
) -> tuple[list[LedgerEntry], int | None]:
    """The newest entries of the division below `before`, and where the next page goes on (None: nowhere).

    Looks through `_LOOKED_AT` entries at most, so that a page of a small division in a large
    installation costs no more than any other; it may then be short, or empty, and still go on.
    """
    query = LedgerEntry.objects.order_by("-seq")
    if before is not None:
        query = query.filter(seq__lt=before)
    if group:
        query = query.filter(reduce(or_, (Q(kind__startswith=f"{word}.") for word in group.split())))
    if day:
        start = datetime.combine(day, time.min, KAZAKHSTAN)
        query = query.filter(at__gte=start, at__lt=start + timedelta(days=1))
    found: list[LedgerEntry] = []
    logins, last, looked_at = _logins(duty), None, 0
    for looked_at, one in enumerate(_stream(query), start=1):  # noqa: B007 - how many there were
        if len(found) == _PAGE:
            return found, last
        last = one.seq
        if _concerns(one, duty, logins):
            found.append(one)
    return found, last if looked_at == _LOOKED_AT else None


def _stream(query: QuerySet[LedgerEntry]) -> Iterator[LedgerEntry]:
    yield from query[:_LOOKED_AT].iterator(chunk_size=200)


def _concerns(one: LedgerEntry, duty: Duty, logins: frozenset[str]) -> bool:
    """Whether it is the division's: its own, a sign-in of its people, or, at the top, of no division."""
    value = json.loads(one.entry)
    if value["division"] is not None:
        return bool(value["division"] == str(duty.division.pk))
    return duty.division.parent_id is None or value["body"].get("user") in logins


def _logins(duty: Duty) -> frozenset[str]:
    users = Person.objects.filter(division=duty.division, user__isnull=False).values_list("user", flat=True)
    return frozenset(str(user) for user in users)
