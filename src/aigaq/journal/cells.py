"""The cells of a row that a person wrote, and what stands in each: first, struck, and now (R10.2).

A cell is named by one word, or by two: ``check:charged`` is the remark upon a failed point of the check,
``damage:card`` what was said of the card's damage, and ``remark:41`` the remark of ledger entry 41. What
the journal composed itself follows from the other cells, and is not corrected.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from aigaq.journal.models import Correction, JournalRow, Remark, Return, SealFound
from aigaq.journal.signed import CARD, INSPECTOR, RECORDER

TIMES: Final = frozenset(
    {"issued_at", "returned_at", "unloaded_at", "occurred_at", "entered_at", "signed_at"}
)
"""Never corrected: the server's and the recorder's."""
SIGNED: Final = frozenset({"number", "handed_back_by", "custodian"})
"""Never corrected: whose signature it is, and which row they signed."""


@dataclass(frozen=True, slots=True)
class Cell:
    name: str
    first: str
    """As it was written."""
    seq: int
    """The entry that has `first`."""
    corrections: tuple[Correction, ...] = ()
    """Oldest first."""

    @property
    def struck(self) -> tuple[str, ...]:
        """What stood there before, oldest first; empty if it was never corrected."""
        return tuple(each.old for each in self.corrections)

    @property
    def present(self) -> str:
        return self.corrections[-1].new if self.corrections else self.first

    @property
    def corrects(self) -> int:
        """The entry that has `present`."""
        return self.corrections[-1].seq if self.corrections else self.seq


def cells_of(
    row: JournalRow, remarks: Iterable[Remark], corrections: Iterable[Correction]
) -> Mapping[str, Cell]:
    """Every cell of `row` that can be corrected, by its name."""
    corrections = sorted(corrections, key=lambda each: each.seq)
    first = {name: (text, seq) for name, text, seq in (*_of_issue(row), *_of_return(row), *_of_duty(row))}
    composed = {*(each.seq for each in corrections), *_acts(row)}
    for remark in remarks:
        if remark.seq not in composed:
            first[f"remark:{remark.seq}"] = (remark.text, remark.seq)
    return {
        name: Cell(name, text, seq, tuple(each for each in corrections if each.cell == name))
        for name, (text, seq) in first.items()
    }


_Written: TypeAlias = tuple[str, str, int]
"""Name of the cell, its text, and the entry that has it."""


def _of_issue(row: JournalRow) -> Iterator[_Written]:
    issue = row.issue
    yield RECORDER, row.first_recorder.inventory_number, issue.seq
    yield CARD, row.first_card.inventory_number if row.first_card else "", issue.seq
    yield INSPECTOR, row.first_inspector.full_name, issue.seq
    yield "control", issue.control, issue.seq
    yield "subject", issue.subject, issue.seq
    yield "object", issue.object, issue.seq
    yield "act_number", issue.act_number, issue.seq
    if issue.seal_number or row.card_id is not None:
        yield "seal_number", issue.seal_number, issue.seq
    for key, check in issue.checks.items():
        if not check["passed"]:
            yield f"check:{key}", check["remark"], issue.seq


def _of_return(row: JournalRow) -> Iterator[_Written]:
    returned: Return | None = getattr(row, "returned", None)
    if returned is None:
        return
    if returned.seal_found != SealFound.NOT_SEALED:
        yield "seal_found", returned.seal_found, returned.seq
        yield "seal_number_found", returned.seal_number_found, returned.seq
    yield "condition", returned.condition, returned.seq
    for damage in row.damages.all():
        yield f"damage:{damage.thing}", damage.words, damage.seq


def _of_duty(row: JournalRow) -> Iterator[_Written]:
    for pause in row.pauses.all():
        yield f"pause:{pause.seq}", pause.reason, pause.seq
    for failure in row.failures.all():
        yield f"cause:{failure.seq}", failure.cause, failure.seq
        yield f"failure:{failure.seq}", failure.words, failure.seq
        repair = getattr(failure, "repaired", None)
        if repair is not None:
            yield f"repair:{repair.seq}", repair.words, repair.seq
    for loss in row.losses.all():
        yield f"loss:{loss.thing}", loss.words, loss.seq


def _acts(row: JournalRow) -> Iterator[int]:
    """The entries of the acts on `row`: what column 7 says of them the journal composed."""
    yield row.issue.seq
    yield from _if_there(row, "returned")
    for pause in row.pauses.all():
        yield pause.seq
        yield from _if_there(pause, "resumed")
    for failure in row.failures.all():
        yield failure.seq
        yield from _if_there(failure, "repaired", "replaced")
    for loss in row.losses.all():
        yield loss.seq


def _if_there(one: object, *names: str) -> Iterator[int]:
    for name in names:
        beside = getattr(one, name, None)
        if beside is not None:
            yield beside.seq
