"""Gathering the signs of a card and asking the register, the journal and the rules whose it is."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from aigaq.ingest import rules
from aigaq.journal.models import JournalRow
from aigaq.journal.selectors import row_at
from aigaq.recordings.models import RecordingFile
from aigaq.registry.models import Card, Division, Recorder
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.unloading import errors
from aigaq.unloading.desk import SeenCard
from aigaq.unloading.sources import identity
from aigaq.unloading.sources.names import take_of

UNKNOWN = "unknown"
"""The source of a mounted card that nothing names."""

_CONTAINERS = ("volume:", "folder:")

_NOT_IN_A_NAME = re.compile(r"[^\w-]+")
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Whose:
    """The answer. With a `doubt` there is no row, and everything goes to the tray."""

    division: Division
    card: Card | None
    recorder: Recorder | None
    row: JournalRow | None
    doubt: errors.CardError | None
    sources: tuple[str, ...]
    """All names under which files of this card may have been entered; the first is the surest."""

    @property
    def issued_at(self) -> datetime | None:
        return self.row.issue.occurred_at if self.row is not None else None

    @property
    def container(self) -> str:
        """The volume or the folder, whatever lies on it; empty where it can't be told from another."""
        return next((each for each in self.sources if each.startswith(_CONTAINERS)), "")


def whose(card: SeenCard, *, installation: str, key: VerifierKey, division: Division, now: datetime) -> Whose:
    """Whose the card is. `division` is where what nobody knows goes to."""
    signs = _signs(card, installation, key)
    doubt = rules.doubt_about_card(signs)
    found = None if doubt else rules.card_of(signs)
    named = signs.recorders_named
    card_row = row_at(found, now) if found else None
    doubt = doubt or rules.doubt_about_recorder(found, card_row, named)
    recorder = None if doubt else rules.recorder_of(found, card_row, named)
    recorder_row = row_at(recorder, now) if recorder else None
    doubt = doubt or rules.doubt_about_row(found, card_row, recorder, recorder_row)
    row = None if doubt else rules.row_of(found, card_row, recorder_row)
    thing = row or found or recorder
    return Whose(
        division=thing.division if thing else division,
        card=found,
        recorder=recorder,
        row=row,
        doubt=doubt,
        sources=_sources(card, signs, found),
    )


def _signs(card: SeenCard, installation: str, key: VerifierKey) -> rules.Signs:
    claimed: identity.CardIdentity | None = None
    doubt: errors.CardError | None = None
    if card.identity_doubt:
        doubt = errors.IdentityAlteredError(reason=card.identity_doubt)
    elif card.identity is not None:
        try:
            claimed = identity.believe(card.identity, installation=installation, key=key)
        except errors.CardError as error:
            doubt = error
    return rules.Signs(
        identity=claimed,
        doubt=doubt,
        card_of_identity=next(iter(_cards(Q(inventory_number=claimed.card))), None) if claimed else None,
        volume=card.volume,
        cards_of_volume=_cards(Q(volume_id=card.volume)) if card.volume else [],
        recorders_named=_recorders_named(card),
    )


def _cards(which: Q) -> list[Card]:
    return list(Card.objects.filter(which).select_related("division", "recorder__division").order_by("pk"))


def _recorders_named(card: SeenCard) -> list[Recorder]:
    """Registered recorders by whose inventory or serial number files are named, as a recorder spells it."""
    takes = (take_of(each.path.rpartition("/")[2]) for each in card.files)
    makers = {in_a_name(each) for each in (*card.devices, *(take.maker for take in takes if take))}
    if not makers:
        return []
    return [
        recorder
        for recorder in _with_digits_of(makers).select_related("division").order_by("inventory_number")
        if makers & numbers_of(recorder)
    ]


def _with_digits_of(makers: Collection[str]) -> QuerySet[Recorder]:
    """Those in question: digits are spelt alike in a name, and the database tells the few that have them."""
    digits = [max(_DIGITS.findall(maker), key=len, default="") for maker in makers]
    if not all(digits):
        return Recorder.objects.all()
    having = (Q(inventory_number__contains=each) | Q(serial_number__contains=each) for each in digits)
    return Recorder.objects.filter(reduce(or_, having))


def numbers_of(recorder: Recorder) -> set[str]:
    """Its inventory and serial number, as a name spells them."""
    return {in_a_name(each) for each in (recorder.inventory_number, recorder.serial_number) if each}


def in_a_name(number: str) -> str:
    """How a number is spelt in the name of a file; letters in one case, as FAT may change it."""
    return _NOT_IN_A_NAME.sub("-", number).casefold()


def _sources(seen: SeenCard, signs: rules.Signs, card: Card | None) -> tuple[str, ...]:
    sources = []
    if card is not None:
        sources.append(f"card:{card.inventory_number}")
    if signs.volume:
        sources.append(f"volume:{signs.volume}")
    if len(signs.recorders_named) == 1:
        sources.append(f"recorder:{signs.recorders_named[0].inventory_number}")
    if seen.folder:
        sources.append(f"folder:{seen.folder}")
    return (*sources, *_before(sources)) if sources else (UNKNOWN,)


def _before(sources: list[str]) -> list[str]:
    """Under what files that may still lie here were entered by earlier runs.

    What named the recorder may be cleared already while the rest is not.
    """
    there = RecordingFile.objects.filter(sightings__unload__container__in=sources).exclude(
        sightings__cleared_seq__isnull=False
    )
    found = there.exclude(source__in=sources).order_by("source").values_list("source", flat=True)
    return list(found.distinct())
