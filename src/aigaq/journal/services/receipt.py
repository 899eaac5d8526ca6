"""Correcting who received what: the facts that decide it, and the thing that changes hands by it (R8.1)."""

from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from django.db.models import Q

from aigaq.journal.duties import duty_of
from aigaq.journal.models import JournalRow
from aigaq.journal.receipt_rules import ProposedReceipt
from aigaq.journal.rules import Holding
from aigaq.journal.selectors import returned_of
from aigaq.journal.signed import CARD, INSPECTOR, RECORDER
from aigaq.journal.whose import rows_of
from aigaq.registry.models import Card, Person, Recorder, Role, State
from aigaq.registry.selectors import standing_of

_FROM: dict[str, Any] = {RECORDER: Recorder, CARD: Card, INSPECTOR: Person}


def proposed_receipt(row: JournalRow, cell: str, chosen: str) -> ProposedReceipt:
    """`row` is freshly read; `chosen` is the id of what is right, or empty for no card."""
    was, one = row.received(), _chosen(cell, chosen)
    issued_at, returned = row.issue.occurred_at, returned_of(row)
    knows = one is not None or (cell == CARD and not chosen)
    was_inspector = isinstance(one, Person) and bool(
        standing_of(one, issued_at).appointment(row.division, Role.INSPECTOR)
    )
    return ProposedReceipt(
        cell=cell,
        division=row.division,
        row=row.number,
        issued_at=issued_at,
        is_open=returned is None,
        was=was,
        now=replace(was, **{cell: cast("Any", one)}) if knows else None,
        was_inspector=was_inspector,
        elsewhere=_elsewhere(row, one) if isinstance(one, Recorder | Card) else None,
        harmed={*row.losses.values_list("thing", flat=True), *row.damages.values_list("thing", flat=True)},
        duty={view.number: view.row.recorder for view in duty_of(row).rows if view.id != row.pk},
    )


def hand_over(row: JournalRow, receipt: ProposedReceipt) -> bool:
    """Compare and set: what was wrongly out comes back, what is right goes out on the row; whether both did.

    On a row that was handed back nothing is out. In the order of ids, so that two who exchange the same two
    can't wait for each other; and before the ledger's turn, as an issue and a return take them.
    """
    if not receipt.is_open or receipt.now is None or receipt.cell == INSPECTOR:
        return True
    model = _FROM[receipt.cell]
    was, now = getattr(receipt.was, receipt.cell), getattr(receipt.now, receipt.cell)
    here = {"out_on": None, "state": State.IN_SERVICE, "division": row.division}
    steps: list[tuple[UUID, dict[str, Any], UUID | None]] = []
    if was is not None:
        steps.append((was.pk, {"out_on": row.pk}, None))
    if now is not None:
        steps.append((now.pk, here, row.pk))
    return all(
        model.objects.filter(pk=pk, **expected).update(out_on=out_on)
        for pk, expected, out_on in sorted(steps, key=lambda step: str(step[0]))
    )


def _chosen(cell: str, chosen: str) -> Recorder | Card | Person | None:
    try:
        found: Recorder | Card | Person | None = _FROM[cell].objects.filter(pk=UUID(chosen)).first()
    except ValueError:
        return None
    return found


def _elsewhere(row: JournalRow, thing: Recorder | Card) -> Holding | None:
    """The first other row on which it was out while this one lasted."""
    others = (
        rows_of(thing)
        .exclude(pk=row.pk)
        .filter(Q(returned=None) | Q(returned__occurred_at__gt=row.issue.occurred_at))
    )
    returned = returned_of(row)
    if returned is not None:
        others = others.filter(issue__occurred_at__lt=returned.occurred_at)
    other = others.select_related("first_inspector", "issue").order_by("seq").first()
    return Holding(other.number, other.inspector.full_name, other.issue.occurred_at) if other else None
