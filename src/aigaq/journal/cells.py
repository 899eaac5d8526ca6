"""The cells of a row that a person wrote, and what stands in each: first, struck, and now (R10.2).

A cell is named by one word, or by two: ``check:charged`` is the remark upon a failed point of the check, and
``remark:41`` the remark of ledger entry 41. What the journal composed itself follows from the other
cells, and is not corrected.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from aigaq.journal.models import Correction, Issue, Remark, Return

TIMES: Final = frozenset(
    {"issued_at", "returned_at", "unloaded_at", "occurred_at", "entered_at", "signed_at"}
)
"""Never corrected: the server's and the recorder's."""
SIGNED_FOR: Final = frozenset({"number", "recorder", "card", "inspector", "handed_back_by", "custodian"})
"""Never corrected: these very people signed for these very things."""


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
    issue: Issue,
    returned: Return | None,
    remarks: Iterable[Remark],
    corrections: Iterable[Correction],
    acts: Iterable[int],
) -> Mapping[str, Cell]:
    """Every cell of a row that can be corrected, by its name; `acts` are the entries of its acts on duty."""
    corrections = sorted(corrections, key=lambda each: each.seq)
    first: dict[str, tuple[str, int]] = {
        "control": (issue.control, issue.seq),
        "subject": (issue.subject, issue.seq),
        "object": (issue.object, issue.seq),
        "act_number": (issue.act_number, issue.seq),
    }
    if issue.seal_number:
        first["seal_number"] = (issue.seal_number, issue.seq)
    for key, check in issue.checks.items():
        if not check["passed"]:
            first[f"check:{key}"] = (check["remark"], issue.seq)
    if returned is not None:
        if issue.seal_number:
            first["seal_found"] = (returned.seal_found, returned.seq)
            first["seal_number_found"] = (returned.seal_number_found, returned.seq)
        first["condition"] = (returned.condition, returned.seq)
    composed = {issue.seq, *(each.seq for each in corrections), *acts}
    if returned is not None:
        composed.add(returned.seq)
    for remark in remarks:
        if remark.seq not in composed:
            first[f"remark:{remark.seq}"] = (remark.text, remark.seq)
    return {
        name: Cell(name, text, seq, tuple(each for each in corrections if each.cell == name))
        for name, (text, seq) in first.items()
    }
