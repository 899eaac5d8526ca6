"""Files of a card as takes: one continuous recording each, with its segments and what belongs to them.

The answer hangs on names, sizes and times of writing alone, not on the order in which files are listed; every
file is in exactly one take.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

from aigaq.core.clock import KAZAKHSTAN
from aigaq.unloading.recorders.profile import Join, Profile, split_name
from aigaq.unloading.recorders.template import Fields
from aigaq.unloading.sources.listing import CardFile, Stamp
from aigaq.unloading.sources.names import path_text

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2107
"""The last that FAT can write. Outside no recorder's clock runs; wrong by decades is kept."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_A_DAY: Final = timedelta(days=1)
_LONGEST_FILE: Final = timedelta(hours=5)
"""A time of writing later than that after the beginning tells nothing of the end."""


class Role(StrEnum):
    MAIN = "main"
    """A segment of the recording, or the whole of it."""
    SIDECAR = "sidecar"
    """Written beside it: positions, captions, a small picture."""


@dataclass(frozen=True, slots=True)
class ReadName:
    """A file of the card with what its name says."""

    file: CardFile
    folders: tuple[str, ...]
    name: str
    fields: Fields | None
    at: datetime | None
    """When the recorder's clock says that it began."""

    @property
    def path(self) -> str:
        return "/".join((*self.folders, self.name))

    @property
    def ending(self) -> str:
        return split_name(self.name)[1]

    @property
    def began_at(self) -> datetime | None:
        """`at`, unless the name tells the day alone: midnight is not when it began."""
        return self.at if self.fields is not None and self.fields.span < _A_DAY else None


@dataclass(frozen=True, slots=True)
class Member:
    file: CardFile
    role: Role
    at: datetime | None


class Sibling(NamedTuple):
    """Another file of the same recording, as it is listed."""

    path: str
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Segment:
    """Where a file stands in its recording: what the catalogue is told of it."""

    take: str
    """One text for all files of the recording, and for no other of this run."""
    began_at: datetime | None
    """When the recording began, by the name of its first segment."""
    ordinal: int
    """From 1 on: segments first."""
    role: Role
    recorded_at: datetime | None
    """By the name of the file itself; None where that has but the beginning of the recording."""
    number: int | None
    """Of the recorder's count."""
    profile: str
    siblings: tuple[Sibling, ...] = ()
    """The first of its other files, by which the recording is found again; none if it is the only one."""


@dataclass(frozen=True, slots=True)
class Take:
    """The files of one recording: segments in their order, then what stands beside them."""

    members: tuple[Member, ...]

    @property
    def at(self) -> datetime | None:
        """When it began, by the recorder's clock: its first segment."""
        return self.members[0].at


def written_at(modified_ns: int) -> datetime | None:
    """A time of writing; None for what no calendar has: a hostile card's may be of the year 300,000."""
    try:
        instant = _EPOCH + timedelta(microseconds=modified_ns // 1_000)
    except OverflowError:
        return None
    return instant if FIRST_YEAR <= instant.year <= LAST_YEAR else None


def read_names(listed: Iterable[CardFile], profile: Profile | None) -> list[ReadName]:
    """By path, so that what follows does not hang on the order of the listing."""
    return [_read(each, profile) for each in sorted(listed, key=lambda each: each.parts)]


def read_paths(paths: Iterable[str], profile: Profile | None) -> list[ReadName]:
    """The same from paths as the catalogue has them, where nothing else is known of the files."""
    none = Stamp(0, 0, 0, 0, 0)
    found = []
    for path in sorted(paths):
        parts = tuple(path.split("/"))
        octets = tuple(part.encode("utf-8", "surrogateescape") for part in parts)
        found.append(_named(CardFile(octets, none), parts, profile))
    return found


def takes(listed: Iterable[CardFile], profile: Profile | None) -> list[Take]:
    """In the order of their beginnings, and of their paths; without a profile every file is one."""
    return takes_of(read_names(listed, profile), profile)


def takes_of(names: Sequence[ReadName], profile: Profile | None) -> list[Take]:
    if profile is None:
        found = [_Grouped([each]) for each in names]
    else:
        mains, sidecars = _apart(names, profile)
        found = [_Grouped(segments) for segments in _joined(mains, profile)]
        found += _placed_beside(found, sidecars)
    return sorted((each.take for each in found), key=_in_order)


@dataclass(slots=True)
class _Grouped:
    segments: list[ReadName]
    sidecars: list[ReadName] = field(default_factory=list)

    @property
    def take(self) -> Take:
        mains = [Member(each.file, Role.MAIN, each.began_at) for each in self.segments]
        beside = [Member(each.file, Role.SIDECAR, each.began_at) for each in self.sidecars]
        return Take((*mains, *beside))


def _in_order(take: Take) -> tuple[datetime, tuple[bytes, ...]]:
    return take.at or _EPOCH, take.members[0].file.parts


def _read(file: CardFile, profile: Profile | None) -> ReadName:
    return _named(file, tuple(path_text((part,)) for part in file.parts), profile)


def _named(file: CardFile, parts: tuple[str, ...], profile: Profile | None) -> ReadName:
    *folders, name = parts
    found = profile.read(tuple(folders), name) if profile is not None else None
    fields = found[0] if found is not None else None
    at = None
    if profile is not None and fields is not None and fields.at is not None:
        # The year as it is written: the first hours of 1970 in Kazakhstan are still 1969 elsewhere.
        at = profile.instant(fields.at) if FIRST_YEAR <= fields.at.year <= LAST_YEAR else None
    return ReadName(file, tuple(folders), name, fields, at)


def _apart(names: Sequence[ReadName], profile: Profile) -> tuple[list[ReadName], list[ReadName]]:
    sidecars = [each for each in names if each.ending in profile.sidecars]
    mains = [each for each in names if each.ending not in profile.sidecars]
    return mains, sidecars


_Stem: TypeAlias = tuple[tuple[str, ...], str]
_Follows: TypeAlias = Callable[[ReadName, ReadName], bool]


def _placed_beside(grouped: Sequence[_Grouped], sidecars: Sequence[ReadName]) -> list[_Grouped]:
    """Each sidecar to the recording of its name, else to the one whose name says the same; or by itself.

    Where a film and a photo have one name, it is the one with more segments, then the first by its path.
    """
    by_stem: dict[_Stem, _Grouped] = {}
    by_fields: dict[tuple[tuple[str, ...], Fields], _Grouped] = {}
    for each in sorted(grouped, key=lambda each: (-len(each.segments), each.segments[0].file.parts)):
        for segment in each.segments:
            by_stem.setdefault(_stem(segment), each)
            if segment.fields is not None:
                by_fields.setdefault((segment.folders, segment.fields), each)
    alone: list[_Grouped] = []
    for sidecar in sidecars:
        found = by_stem.get(_stem(sidecar))
        if found is None and sidecar.fields is not None:
            found = by_fields.get((sidecar.folders, sidecar.fields))
        if found is None:
            alone.append(_Grouped([sidecar]))
        else:
            found.sidecars.append(sidecar)
    return alone


def _stem(name: ReadName) -> _Stem:
    return name.folders, split_name(name.name)[0].casefold()


def _joined(mains: Sequence[ReadName], profile: Profile) -> Iterator[list[ReadName]]:
    if profile.takes.join is Join.NEVER:
        yield from ([each] for each in mains)
        return
    lines: dict[object, list[ReadName]] = {}
    for each in mains:
        key = _line_of(each, profile.takes.join) if each.ending in profile.takes.endings else None
        if key is None:
            yield [each]
        else:
            lines.setdefault(key, []).append(each)
    for line in lines.values():
        if profile.takes.join is Join.PART:
            yield from _by_part(line)
        else:
            yield from _by_time(line, profile)


def _line_of(name: ReadName, join: Join) -> object | None:
    """What files that may be segments of one take have in common; None for one that is none."""
    fields = name.fields
    if fields is None:
        return None
    if join is Join.PART:
        if fields.part is None:
            return None
        return (
            name.folders,
            name.ending,
            _without_digits(name.name),
            fields.device,
            fields.user,
            fields.sequence,
            fields.at,
        )
    if name.at is None:
        return None
    return name.ending, fields.device, fields.user, _without_digits(name.name)


def _without_digits(name: str) -> str:
    """Two lenses, or two codecs, of one moment are two recordings: their names differ in a letter."""
    return "".join(sign for sign in name if not sign.isdigit()).casefold()


def _by_part(line: list[ReadName]) -> Iterator[list[ReadName]]:
    """Parts that follow each other. One of which there are two is no part of anything certain."""
    ordered = sorted(line, key=lambda each: (_part(each), each.file.parts))
    if len({_part(each) for each in ordered}) < len(ordered):
        yield from ([each] for each in ordered)
        return
    yield from _runs(ordered, lambda one, other: _part(other) == _part(one) + 1)


def _by_time(line: list[ReadName], profile: Profile) -> Iterator[list[ReadName]]:
    ordered = sorted(line, key=lambda each: (_at(each), _number(each), each.file.parts))
    yield from _runs(ordered, lambda one, other: _follows(one, other, profile))


def _runs(ordered: Sequence[ReadName], follows: _Follows) -> Iterator[list[ReadName]]:
    run = [ordered[0]]
    for one, other in pairwise(ordered):
        if follows(one, other):
            run.append(other)
        else:
            yield run
            run = [other]
    yield run


def _follows(one: ReadName, other: ReadName, profile: Profile) -> bool:
    """`other` begins where `one` ends."""
    begins, rule = _at(one), profile.takes
    if _at(other) <= begins:
        return False
    if rule.length is not None:
        ends = [begins + rule.length]
    else:
        ends = list(ends_of(begins, written_at(one.file.stamp.modified_ns)))
    return any(abs(_at(other) - end) <= rule.tolerance for end in ends)


def ends_of(begins: datetime, modified: datetime | None) -> Iterator[datetime]:
    """When it was written last. FAT keeps local time, which a computer may take for UTC: hours off."""
    if modified is None:
        return
    shift = begins.astimezone(KAZAKHSTAN).utcoffset() or timedelta()
    both = (modified, modified - shift)
    yield from (end for end in both if timedelta() < end - begins <= _LONGEST_FILE)


def _at(name: ReadName) -> datetime:
    assert name.at is not None
    return name.at


def _part(name: ReadName) -> int:
    return name.fields.part or 0 if name.fields is not None else 0


def _number(name: ReadName) -> int:
    return name.fields.sequence or 0 if name.fields is not None else 0
