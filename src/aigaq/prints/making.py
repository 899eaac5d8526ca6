"""Setting one paper: how far it is stands in its row, and a row that is gone stops it."""

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from aigaq.core.canonical import Json
from aigaq.core.clock import Clock
from aigaq.jobs import beat
from aigaq.journal.models import JournalBook
from aigaq.journal.printing import Part, Printed, print_sheets
from aigaq.paperwork import labels as labels_paper
from aigaq.paperwork.apart import Apart
from aigaq.prints.models import Print, State
from aigaq.registry.labels import Thing, labels_pdf, things_to_label
from aigaq.regulation.profile import Profile

_TOLD: Final = 0.5
"""Seconds between two notes of how far it is."""
_LOOKED: Final = 1.0
"""Seconds between two looks whether it is wanted still."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What was made: the file, its name, and, where it is the book, what the ledger is told of it."""

    pdf: bytes
    name: str
    printed: Printed | None = None


def of_book(book: JournalBook, part: Part | None) -> Mapping[str, Json]:
    """The sheets that are written on, or those of `part`."""
    chosen: Json = None if part is None else [part.first, part.last]
    return {"kind": "book", "book": str(book.pk), "part": chosen}


def of_labels(things: list[Thing], paper: labels_paper.Paper) -> Mapping[str, Json]:
    return {
        "kind": "labels",
        "numbers": [thing.inventory_number for thing in things],
        "paper": str(paper),
    }


class Setting:
    """One attempt at a paper, by one process."""

    def __init__(self, clock: Clock, id_: UUID, holder: UUID) -> None:
        self._clock = clock
        self._id = id_
        self._holder = holder
        self._told_at = 0.0
        self._is_drawing = False
        self.typesetter = Apart(self.drawn)

    def begin(self) -> bool:
        """In the place of whoever tried before. False if it is over, or not wanted any more."""
        open_ = Print.objects.filter(pk=self._id, over_at=None)
        return bool(open_.update(holder=self._holder, state=State.READING, done=0, of=1))

    def read(self, done: int, of: int) -> None:
        """`done` sheets are read of `of`."""
        self._note(is_due=done == of, state=State.READING, done=done, of=of)

    def drawn(self, done: int, of: int) -> None:
        """`done` codes are drawn of `of`; when all are, the pages are set."""
        now = self._clock.now()
        if not self._is_drawing:
            self._is_drawing = True
            self._note(is_due=True, state=State.DRAWING, done=done, of=of, drawing_since=now)
        if done == of:
            self._note(is_due=True, state=State.SETTING, setting_since=now)
        else:
            self._note(is_due=False, state=State.DRAWING, done=done, of=of)

    def watched(self) -> AbstractContextManager[None]:
        """Stop the typesetter as soon as nobody waits any more."""
        return beat.every(_LOOKED, self._stop_if_unwanted, name="print")

    def _stop_if_unwanted(self) -> None:
        if not self._mine().exists():
            self.typesetter.stop()

    def _mine(self) -> QuerySet[Print]:
        return Print.objects.filter(pk=self._id, holder=self._holder)

    def _note(self, *, is_due: bool, **facts: object) -> None:
        now = time.monotonic()
        if is_due or now - self._told_at > _TOLD:
            self._told_at = now
            self._mine().update(**facts)


def made(print_: Print, profile: Profile, setting: Setting) -> Paper:
    """Raises `NotSetError`, and what `print_sheets` and `things_to_label` raise."""
    what = print_.what
    if what["kind"] == "labels":
        paper = labels_paper.Paper(what["paper"])
        things = things_to_label(what["numbers"], division=print_.division)
        pdf = labels_pdf(things, profile, paper, typesetter=setting.typesetter)
        return Paper(pdf, f"labels-{paper}.pdf")
    book = JournalBook.objects.select_related("division").get(pk=what["book"])
    part = None if what["part"] is None else Part(*what["part"])
    printed = print_sheets(book, profile, part=part, on_progress=setting.read, typesetter=setting.typesetter)
    sheets = f"{printed.part.first}-{printed.part.last}"
    return Paper(printed.pdf, f"{book.registration_number} {sheets}.pdf", printed)
