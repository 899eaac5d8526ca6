"""Reading everything within its days, in the vault and in each copy, and healing what is bad from the sound.

A round goes through a place in the order of the names, beside the catalogue in the same order: what the one
has and the other has not is seen without any list in memory. Its position is kept, so a restart goes on where
it was.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from aigaq.copies import papers, rules, services
from aigaq.copies.models import VAULT, Finding, FindingKind, Healing, Round
from aigaq.copies.places import Papers, Places
from aigaq.copies.selectors import is_wanted, open_findings, read_since, standing
from aigaq.copies.services import Bad, Cure
from aigaq.copies.sums import amounts
from aigaq.ledger.services import Ledger
from aigaq.recordings.models import Blob
from aigaq.vault import copying
from aigaq.vault.backends.base import Entry, Shelf
from aigaq.vault.errors import (
    BlobDamagedError,
    BlobMissingError,
    NotWantedError,
    StoreAwayError,
    VaultError,
    VaultReadError,
)
from aigaq.vault.layout import BlobName
from aigaq.vault.pace import CutOffError, Pace

_KEPT_AFTER: Final = 5.0
"""Seconds between two notes of how far it is."""
_TOGETHER: Final = 500
_RUN: Final = timedelta(minutes=10)
"""Of one place at a time, so that a slow one keeps no other waiting."""


def attend(ledger: Ledger, places: Places, wait: Callable[[float], bool], *, at_once: bool = False) -> int:
    """Go on with each place's round, or begin one that is due; how many blobs were read.

    `at_once`: begin one whether due or not, one that is under way from its beginning, and go to its end.
    """
    if not (places.days or at_once):
        return 0
    checked = 0
    for name in places.names:
        if wait(0):
            break
        if not _is_due(ledger, name, places.days, at_once=at_once) or not services.reach(
            ledger, places, name
        ):
            continue
        round_ = _round(ledger, name, anew=at_once)
        if round_ is not None:
            checked += _Going(ledger, places, round_, wait, at_once=at_once).go()
    return checked


def heal_open(ledger: Ledger, places: Places, wait: Callable[[float], bool]) -> int:
    """Try anew what was found when no sound copy was there to heal it; how many were healed."""
    healed = 0
    for finding in open_findings().filter(place__in=places.names).select_related("blob").order_by("seq"):
        if wait(0):
            break
        try:
            cure = _cure_anew(places, finding, Pace(0, wait))
        except CutOffError:
            break
        except VaultError as error:
            services.note_trouble(ledger, finding.place, error)
            continue
        if cure is not None and services.enter_healing(ledger, finding, cure):
            healed += 1
    return healed


def _cure_anew(places: Places, finding: Finding, pace: Pace) -> Cure | None:
    if finding.blob is not None:
        return cure_for(places, finding.place, BlobName.parse(finding.blob.name), pace)
    if places.papers is None or not papers.is_paper(finding.path):
        return None
    seen = papers.Seen(finding.place, finding.path, FindingKind(finding.kind))
    return papers.cure_for(places, places.papers(), seen)


def cure_for(places: Places, place: str, name: BlobName, pace: Pace) -> Cure | None:
    """Have a sound blob stand in `place`, from wherever there is one; None where there is none.

    Raise a ``VaultError`` of the place itself, or `CutOffError`.
    """
    target = places[place]
    described = target.description()
    for source in rules.sources_for(place, places.names):
        if not copying.is_there(places[source], described):
            continue
        try:
            stands = copying.copy(places[source], target, name, pace=pace, wanted=partial(is_wanted, places))
        except NotWantedError:
            return None
        except (BlobMissingError, BlobDamagedError):
            continue
        except VaultReadError:
            # Of the source, for all that is known: the next one is asked. The target's own shows there too.
            continue
        return Cure(source, stands.name.number)
    return None


def _is_due(ledger: Ledger, name: str, days: int, *, at_once: bool) -> bool:
    if at_once or Round.objects.filter(place=name, ended_at=None).exists():
        return True
    return rules.is_due(_since(name), ledger.clock.now(), days)


def _round(ledger: Ledger, name: str, *, anew: bool) -> Round | None:
    """The one that is under way, or a new one. `anew`: nothing counts that was read before."""
    now, total = ledger.clock.now(), amounts([name])[name].octets
    under_way = Round.objects.filter(place=name, ended_at=None)
    if anew:
        under_way.update(began_at=now, position="", checked=0, octets=0, findings=0, total=total)
    running = under_way.first()
    if running is not None:
        return running
    try:
        with transaction.atomic():
            return Round.objects.create(place=name, began_at=now, touched_at=now, total=total)
    except IntegrityError:
        # Another process began it at this very moment.
        return None


def _since(name: str) -> datetime | None:
    """When what is there was last read through: as of a round, or since the first blob was proven there."""
    last = Round.objects.filter(place=name).order_by("-began_at").values_list("began_at", flat=True).first()
    if last is not None:
        return last
    return read_since(name)


def _known(name: str) -> QuerySet[Blob]:
    return standing() if name == VAULT else standing().filter(copies__place=name)


class _Going:
    """One run of a round."""

    def __init__(
        self, ledger: Ledger, places: Places, round_: Round, wait: Callable[[float], bool], *, at_once: bool
    ) -> None:
        self._ledger = ledger
        self._places = places
        self._round = round_
        self._name = round_.place
        self._at_once = at_once
        now = ledger.clock.now()
        left = max(0, round_.total - round_.octets)
        ends_by = rules.round_ends_by(round_.began_at, places.days or 1)
        rate = 0 if at_once else rules.rate(places.scrub_rate, left, ends_by, now)
        self._pace = Pace(rate, wait)
        self._until = time.monotonic() + _RUN.total_seconds()
        self._noted = time.monotonic()

    def go(self) -> int:
        before = self._round.checked
        try:
            if self._went_through():
                self._note()
                services.enter_round(self._ledger, self._round)
        except CutOffError:
            pass
        except VaultError as error:
            services.note_trouble(self._ledger, self._name, error)
        self._note()
        return self._round.checked - before

    def _went_through(self) -> bool:
        """False where the time of this run is over first."""
        return (papers.is_paper(self._round.position) or self._went_through_blobs()) and (
            self._went_through_papers()
        )

    def _went_through_blobs(self) -> bool:
        expected = _Expected(self._name, self._round.position)
        for entry in self._places[self._name].walk(self._round.position):
            if entry.blob is None:
                self._still_there()
                self._found(FindingKind(entry.problem or "unexpected"), entry.path, None)
                continue
            self._missing(expected.before(entry.blob))
            self._look_at(entry, entry.blob)
            if self._is_over(entry.path):
                return False
        self._missing(expected.rest())
        return True

    def _went_through_papers(self) -> bool:
        """What lies beside the blobs: few octets, and nothing can be made anew without them."""
        known = self._places.papers() if self._places.papers else None
        if known is None or not isinstance(self._places[self._name], Shelf):
            return True
        after = self._round.position if papers.is_paper(self._round.position) else ""
        for seen in papers.read(self._places, known, self._name, after, self._pace):
            if seen.kind is not None:
                self._still_there()
                self._found_paper(known, seen)
            elif self._is_over(seen.path):
                return False
        return True

    def _found_paper(self, known: Papers, seen: papers.Seen) -> None:
        assert seen.kind is not None
        self._round.findings += 1
        cure = None
        if not self._is_known(seen.kind, seen.path, seen.place):
            try:
                cure = papers.cure_for(self._places, known, seen)
            except VaultError as error:
                services.note_trouble(self._ledger, seen.place, error)
        services.enter_finding(self._ledger, Bad(seen.place, seen.kind, seen.path, None), cure)

    def _is_over(self, position: str) -> bool:
        """So far it has come; whether the time of this run is over."""
        self._round.position = position
        if time.monotonic() - self._noted > _KEPT_AFTER:
            self._note()
        return not self._at_once and time.monotonic() > self._until

    def _look_at(self, entry: Entry, name: BlobName) -> None:
        looked = copying.look_at(self._places[self._name], name, self._pace)
        self._round.checked += 1
        self._round.octets += looked.size
        if looked.verdict != "sound":
            self._still_there()
            blob = Blob.objects.filter(stored_digest=name.stored.hex).first()
            if blob is None or is_wanted(self._places, name):
                self._found(FindingKind(looked.verdict), entry.path, blob)
                self._missing_beside(blob, name)

    def _missing_beside(self, blob: Blob | None, bad: BlobName) -> None:
        """What healed a bad one last has to be there as well: the catalogue knows its name by no number.

        What had healed it before was bad too by then, and nothing is lost with it.
        """
        healed = Healing.objects.filter(finding__place=self._name, finding__blob=blob).order_by("seq").last()
        if blob is None or healed is None:
            return
        try:
            there = {each.number for each in self._alike(bad)}
        except StoreAwayError:
            raise
        except VaultReadError:
            return
        if healed.number not in there:
            self._found(FindingKind.MISSING, replace(bad, number=healed.number).path, blob)

    def _missing(self, blobs: Iterator[Blob]) -> None:
        for blob in blobs:
            name = BlobName.parse(blob.name)
            # The list may be older than a disposal that has begun since.
            if not self._is_there(name) and is_wanted(self._places, name):
                self._still_there()
                self._found(FindingKind.MISSING, name.path, blob)

    def _is_there(self, name: BlobName) -> bool:
        """It may have come since its directory was listed; and what can't be opened is there."""
        try:
            return bool(self._alike(name))
        except StoreAwayError:
            raise
        except VaultReadError:
            return True

    def _alike(self, name: BlobName) -> list[BlobName]:
        found = self._places[self._name].find(name.content)
        return [each for each in found if each.stored == name.stored]

    def _still_there(self) -> None:
        """A disk that was pulled out has nothing damaged and nothing missing. Raise its ``VaultError``."""
        self._places[self._name].description()

    def _found(self, kind: FindingKind, path: str, blob: Blob | None) -> None:
        self._round.findings += 1
        cure = None
        if blob is not None and kind in rules.HEALABLE and not self._is_known(kind, path):
            try:
                cure = cure_for(self._places, self._name, BlobName.parse(blob.name), self._pace)
            except VaultError as error:
                # It can't be healed now: the disk is full, or takes nothing. That it is bad is entered.
                services.note_trouble(self._ledger, self._name, error)
        services.enter_finding(self._ledger, Bad(self._name, kind, path, blob), cure)

    def _is_known(self, kind: FindingKind, path: str, place: str = "") -> bool:
        """Found before; what is open of it is tried anew by itself. What is missing again is not known."""
        same = Finding.objects.filter(place=place or self._name, kind=kind, path=path)
        if kind == FindingKind.MISSING:
            same = same.filter(healing=None)
        return same.exists()

    def _note(self) -> None:
        self._noted = time.monotonic()
        self._round.touched_at = self._ledger.clock.now()
        mine = services.as_it_began(self._round)
        mine.update(
            position=self._round.position,
            checked=self._round.checked,
            octets=self._round.octets,
            findings=self._round.findings,
            touched_at=self._round.touched_at,
        )


class _Expected:
    """What the catalogue knows to stand in a place, in the order of the names."""

    def __init__(self, place: str, after: str) -> None:
        self._blobs = self._read(place, _key_of(BlobName.parse(after)) if after else ("", ""))
        self._next = next(self._blobs, None)

    def before(self, name: BlobName) -> Iterator[Blob]:
        """Those that should have come before this one; and this one is passed over, since it is there."""
        while self._next is not None and _key(self._next) < _key_of(name):
            yield self._next
            self._next = next(self._blobs, None)
        while self._next is not None and _key(self._next) == _key_of(name):
            self._next = next(self._blobs, None)

    def rest(self) -> Iterator[Blob]:
        while self._next is not None:
            yield self._next
            self._next = next(self._blobs, None)

    def _read(self, place: str, after: tuple[str, str]) -> Iterator[Blob]:
        while True:
            content, stored = after
            behind = Q(content_digest__gt=content) | Q(content_digest=content, stored_digest__gt=stored)
            found = list(_known(place).filter(behind).order_by("content_digest", "stored_digest")[:_TOGETHER])
            yield from found
            if len(found) < _TOGETHER:
                return
            after = _key(found[-1])


def _key(blob: Blob) -> tuple[str, str]:
    return blob.content_digest, blob.stored_digest


def _key_of(name: BlobName) -> tuple[str, str]:
    return name.content.hex, name.stored.hex
