"""Draws of samples, drawn again from the ledger's entries alone (`docs/lifecycles/sample-review.md`)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from aigaq.errors import N_
from aigaq.journal.signed import INSPECTOR
from aigaq.regulation.profile import SampleRule
from aigaq.review import sampling
from aigaq.review.sampling import Duty, Month
from aigaq.tlog.entry import Entry
from aigaq.tlog.merkle import Frontier

_MISSHAPEN: Final = (KeyError, TypeError, ValueError, AttributeError)


class DrawFaultKind(StrEnum):
    """Published codes: they never change."""

    UNREADABLE = "draw-unreadable"
    SEED = "draw-of-another-seed"
    DRAWN = "draw-of-others"
    AGAIN = "drawn-again"
    RULE = "draw-by-a-laxer-rule"


MESSAGES: Final[Mapping[DrawFaultKind, str]] = {
    DrawFaultKind.UNREADABLE: N_("Entry {seq} does not say of a draw what it has to say."),
    DrawFaultKind.SEED: N_(
        "Entry {seq} draws the sample of {month} with the seed {found}, and the ledger gives {stated}."
    ),
    DrawFaultKind.DRAWN: N_(
        "Entry {seq} names other duties for the sample of {month} than the lot gives: {found}, not {stated}."
    ),
    DrawFaultKind.AGAIN: N_("Entry {seq} draws the sample of {month} a second time."),
    DrawFaultKind.RULE: N_(
        "Entry {seq} draws the sample of {month} by a laxer rule ({found}) than is in force ({stated})."
    ),
}
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class DrawFault:
    kind: DrawFaultKind
    seq: int
    month: str = ""
    found: str = ""
    stated: str = ""

    @property
    def message(self) -> str:
        """In English, and the key of its translations; ``{names}`` are filled from the evidence."""
        return MESSAGES[self.kind]

    @property
    def evidence(self) -> dict[str, str | int]:
        return {"seq": self.seq, "month": self.month, "found": self.found, "stated": self.stated}


class Draws:
    """Reads a ledger from its beginning, entry by entry, and draws each sample again.

    `least` is the regulation profile's rule. An entry states the one it drew by: an office may look through
    more, and sooner, never less. Remembers the tree's frontier, and the duties of the last months.
    """

    def __init__(self, least: SampleRule) -> None:
        self._least = least
        self._tree = Frontier()
        self._newest: Month | None = None
        self._ended: dict[str, tuple[int, bytes]] = {}
        """Of each month that is over: how many entries the ledger had then, and their root."""
        self._duties: dict[tuple[str, str], dict[str, list[tuple[int, str]]]] = {}
        """By division and month, of each duty who had it from which entry on."""
        self._where: dict[str, tuple[str, str]] = {}
        self._drawn: set[tuple[str, str]] = set()

    def check(self, entry: Entry) -> list[DrawFault]:
        """Every fault of the next entry."""
        self._tree.append(entry.leaf_hash)
        self._turn(entry)
        try:
            if entry.kind == "review.sample-drawn":
                return list(self._again(entry, entry.body))
            self._learn(entry, entry.body)
        except _MISSHAPEN:
            if entry.kind == "review.sample-drawn":
                return [DrawFault(DrawFaultKind.UNREADABLE, entry.seq)]
        return []

    def _turn(self, entry: Entry) -> None:
        """A month is over with the first entry that is later."""
        month = Month.of(entry.at)
        if self._newest is None:
            self._newest = month
        while (self._newest.year, self._newest.month) < (month.year, month.month):
            self._ended[str(self._newest)] = (self._tree.size, self._tree.root())
            self._newest = self._newest.next
        oldest = self._newest
        for _ in range(sampling.MONTHS):
            oldest = oldest.previous
        for key in [key for key in self._duties if key[1] < str(oldest)]:
            for row in self._duties.pop(key):
                self._where.pop(row, None)

    def _learn(self, entry: Entry, body: Any) -> None:  # noqa: ANN401 - any JSON
        if entry.kind == "journal.issued":
            document = body["document"]
            if document.get("replaces") is None:
                row, key = document["row"]["id"], (document["division"]["id"], str(Month.of(entry.at)))
                self._duties.setdefault(key, {})[row] = [(entry.seq, document[INSPECTOR]["id"])]
                self._where[row] = key
        elif entry.kind == "journal.corrected" and "received" in body["document"]:
            row = body["document"]["row"]["id"]
            now = body["document"]["received"]["now"][INSPECTOR]["id"]
            if row in self._where:
                self._duties[self._where[row]][row].append((entry.seq, now))

    def _again(self, entry: Entry, body: Any) -> Iterator[DrawFault]:  # noqa: ANN401 - any JSON
        month, division = body["month"], body["division"]
        if (division, month) in self._drawn:
            yield DrawFault(DrawFaultKind.AGAIN, entry.seq, month)
        self._drawn.add((division, month))
        year, number = month.split("-")
        size, root = self._ended.get(month, (0, b""))
        seed = sampling.seed_of(division, Month(int(year), int(number)), size, root)
        if (body["size"], body["root"], body["seed"]) != (size, root.hex(), seed):
            yield DrawFault(DrawFaultKind.SEED, entry.seq, month, str(body["seed"]), seed)
        duties = [
            Duty(row, [who for seq, who in held if seq < size][-1])
            for row, held in self._duties.get((division, month), {}).items()
            if held[0][0] < size
        ]
        rule = sampling.rule_in(body)
        if _is_laxer(rule, self._least):
            yield DrawFault(DrawFaultKind.RULE, entry.seq, month, _spelt(rule), _spelt(self._least))
        drawn = sampling.ids(sampling.draw(seed, duties, rule))
        stated = (len(duties), sampling.population_digest(duties), drawn)
        if (body["population"], body["population_digest"], body["items"]) != stated:
            yield DrawFault(DrawFaultKind.DRAWN, entry.seq, month, _rows(body["items"]), _rows(drawn))


def _is_laxer(rule: SampleRule, least: SampleRule) -> bool:
    return rule.percent < least.percent or rule.least < least.least or rule.days > least.days


def _spelt(rule: SampleRule) -> str:
    """Per cent of each inspector's duties, duties in all, days."""
    return f"{rule.percent} %, {rule.least}, {rule.days}"


def _rows(items: list[list[str]]) -> str:
    shown = ", ".join(row for row, _inspector in items[:_SHOWN])
    return f"{shown}, …" if len(items) > _SHOWN else shown
