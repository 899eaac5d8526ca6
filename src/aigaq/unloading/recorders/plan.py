"""What is known of a card before its recordings are read: profile, devices, takes, numbers, clock."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Final, Generic, TypeVar

from aigaq.unloading.facts import FoundFile
from aigaq.unloading.recorders.clocks import Measured, Way
from aigaq.unloading.recorders.device import PRECISION, is_time_file, read_device
from aigaq.unloading.recorders.library import Library
from aigaq.unloading.recorders.profile import Join, Profile
from aigaq.unloading.recorders.takes import (
    FIRST_YEAR,
    LAST_YEAR,
    Member,
    ReadName,
    Role,
    Segment,
    Sibling,
    Take,
    read_names,
    takes_of,
)
from aigaq.unloading.sources.listing import CardFile, Listing

_Item = TypeVar("_Item")

_SIBLINGS: Final = 8
"""By so many files a recording is found again at most; the first is entered before the others."""
MOST_DEVICES: Final = 100
"""Different device numbers of one card that are looked up in the register."""


@dataclass(frozen=True)
class Plan:
    """Of one listing. Without a profile nothing is known but the files themselves."""

    profile: Profile | None
    names: tuple[ReadName, ...]
    device: str = ""
    """The number that a file of the card tells."""
    clock: Measured | None = None
    """The recorder's own time, where it wrote one down."""

    @cached_property
    def takes(self) -> tuple[Take, ...]:
        return tuple(takes_of(self.names, self.profile))

    @cached_property
    def devices(self) -> tuple[str, ...]:
        """Numbers of devices that the card names, as they are spelt there, sorted."""
        named = {each.fields.device for each in self.names if each.fields is not None and each.fields.device}
        return tuple(sorted({*named, *filter(None, [self.device])}))[:MOST_DEVICES]

    def segment_of(self, file: CardFile) -> Segment | None:
        """What a file is in its recording; None without a profile."""
        return self._segments.get(file)

    def told(self, file: CardFile, found: FoundFile) -> FoundFile:
        """What is stored of a file, with what its name says: its place in its recording, and its time."""
        segment = self.segment_of(file)
        if segment is None:
            return found
        return replace(found, segment=segment, recorded_at=segment.recorded_at or found.recorded_at)

    def _tells_its_own(self, ordinal: int, member: Member) -> bool:
        """Whether a name says when its file began: parts of one recording all have the beginning of that."""
        is_part = self.profile is not None and self.profile.takes.join is Join.PART
        return not (is_part and ordinal > 1 and member.role is Role.MAIN)

    @cached_property
    def _segments(self) -> dict[CardFile, Segment]:
        if self.profile is None:
            return {}
        numbers = {each.file: each.fields.sequence for each in self.names if each.fields is not None}
        found = {}
        for number, take in enumerate(self.takes, 1):
            named = [_sibling(member) for member in take.members[: _SIBLINGS + 1]]
            for ordinal, member in enumerate(take.members, 1):
                me = _sibling(member)
                found[member.file] = Segment(
                    take=str(number),
                    began_at=take.at,
                    ordinal=ordinal,
                    role=member.role,
                    recorded_at=member.at if self._tells_its_own(ordinal, member) else None,
                    number=numbers.get(member.file),
                    profile=self.profile.name,
                    siblings=tuple(each for each in named if each != me)[:_SIBLINGS],
                )
        return found


class FirstFirst(Generic[_Item]):
    """Holds back what is stored of a recording until its first file is through, whose beginning is its own.

    What is through comes in any order, since several are stored at a time.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._waiting: dict[str, list[_Item]] = {}
        self._begun: set[str] = set()

    def through(self, file: CardFile, item: _Item | None) -> list[_Item]:
        """What may be entered now that `file` is through; without `item` it could not be taken."""
        segment = self._plan.segment_of(file)
        mine = [] if item is None else [item]
        if segment is None or not segment.siblings or segment.take in self._begun:
            return mine
        if segment.ordinal > 1:
            self._waiting.setdefault(segment.take, []).extend(mine)
            return []
        self._begun.add(segment.take)
        return mine + self._waiting.pop(segment.take, [])

    def rest(self) -> list[_Item]:
        """What waited for a file that never came."""
        found = [item for items in self._waiting.values() for item in items]
        self._waiting.clear()
        return found


def _sibling(member: Member) -> Sibling:
    file = member.file
    return Sibling(file.path, file.stamp.size, file.stamp.modified_ns)


NO_PLAN: Final = Plan(None, ())


def plan(root: int, listing: Listing, library: Library, now: datetime) -> Plan:
    """Find the profile of the card open as `root` and read what it says. Raises nothing.

    A time file that we left, and that the recorder has not taken, is struck from `listing`: it is ours.
    """
    profile = library.of_card(listing.files)
    strike_ours(root, listing, library)
    return Plan(
        profile,
        tuple(read_names(listing.files, profile)),
        _device(root, profile),
        _clock(root, profile, now),
    )


def strike_ours(root: int, listing: Listing, library: Library) -> None:
    """Take out of `listing` the time files that we left on the card open as `root`. Raises nothing."""
    for told in filter(None, (each.time_file for each in library.profiles)):
        listing.files = [each for each in listing.files if not is_time_file(root, each, told)]


def _device(root: int, profile: Profile | None) -> str:
    if profile is None or profile.identity is None:
        return ""
    found = read_device(root, profile.identity)
    return found.device if found is not None else ""


def _clock(root: int, profile: Profile | None, now: datetime) -> Measured | None:
    if profile is None or profile.clock is None:
        return None
    found = read_device(root, profile.clock)
    if found is None or found.at is None or not FIRST_YEAR <= found.at.year <= LAST_YEAR:
        return None
    at = profile.instant(found.at)
    if at is None:
        return None
    return Measured(Way.TIME_FILE, at, now, PRECISION, "/".join(profile.clock.path))
