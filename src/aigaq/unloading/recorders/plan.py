"""What is known of a card before its recordings are read: profile, devices, takes, numbers, clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from aigaq.unloading.recorders.clocks import Measured, Way
from aigaq.unloading.recorders.device import PRECISION, is_time_file, read_device
from aigaq.unloading.recorders.library import Library
from aigaq.unloading.recorders.profile import Profile
from aigaq.unloading.recorders.takes import (
    FIRST_YEAR,
    LAST_YEAR,
    Member,
    ReadName,
    Take,
    read_names,
    takes_of,
)
from aigaq.unloading.sources.listing import CardFile, Listing

_MOST_DEVICES: Final = 100
"""Different device numbers of one card that are looked up in the register."""


@dataclass(frozen=True)
class Plan:
    """Of one listing. Without a profile nothing is known but the files themselves."""

    profile: Profile | None
    names: tuple[ReadName, ...]
    told: tuple[str, ...] = ()
    """Device numbers that a file of the card tells."""
    clock: Measured | None = None
    """The recorder's own time, where it wrote one down."""

    @cached_property
    def takes(self) -> tuple[Take, ...]:
        return tuple(takes_of(self.names, self.profile))

    @cached_property
    def devices(self) -> tuple[str, ...]:
        """Numbers of devices that the card names, as they are spelt there, sorted."""
        named = {each.fields.device for each in self.names if each.fields is not None and each.fields.device}
        return tuple(sorted({*named, *self.told}))[:_MOST_DEVICES]

    def take_of(self, file: CardFile) -> Take | None:
        found = self._places.get(file)
        return found[0] if found else None

    def place_of(self, file: CardFile) -> tuple[Take, int, Member] | None:
        """The take of a file, its place in it from 1 on, and what it is in it."""
        return self._places.get(file)

    @cached_property
    def _places(self) -> dict[CardFile, tuple[Take, int, Member]]:
        return {
            member.file: (take, number, member)
            for take in self.takes
            for number, member in enumerate(take.members, 1)
        }


NO_PLAN: Final = Plan(None, ())


def plan(root: int, listing: Listing, library: Library, now: datetime) -> Plan:
    """Find the profile of the card open as `root` and read what it says. Raises nothing.

    A time file that we left, and that the recorder has not taken, is struck from `listing`: it is ours.
    """
    profile = library.of_card(listing.files)
    listing.files = _without_ours(root, listing.files, library.profiles)
    return Plan(
        profile,
        tuple(read_names(listing.files, profile)),
        _told(root, profile),
        _clock(root, profile, now),
    )


def _without_ours(root: int, listed: list[CardFile], profiles: Iterable[Profile]) -> list[CardFile]:
    for profile in profiles:
        told = profile.time_file
        if told is not None:
            listed = [each for each in listed if not is_time_file(root, each, told)]
    return listed


def _told(root: int, profile: Profile | None) -> tuple[str, ...]:
    if profile is None or profile.identity is None:
        return ()
    found = read_device(root, profile.identity)
    return (found.device,) if found is not None and found.device else ()


def _clock(root: int, profile: Profile | None, now: datetime) -> Measured | None:
    if profile is None or profile.clock is None:
        return None
    found = read_device(root, profile.clock)
    at = profile.instant(found.at) if found is not None else None
    if at is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
        return None
    return Measured(Way.TIME_FILE, at, now, PRECISION, "/".join(profile.clock.path))
