"""Where each file of a package goes, once all are measured: volumes, papers, manifests; nothing is written.

Whoever streams a package measures it first and reads it again; `writer` measures while it copies.
"""

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from aigaq.core import files
from aigaq.core.clock import KAZAKHSTAN
from aigaq.package import bag, names, papers, volumes
from aigaq.package.bag import BagInfo, Fixity
from aigaq.package.contents import Contents, Derivative, ListedFile, Listing, Opened, Original, Tools
from aigaq.package.errors import ContentMismatchError, TooLargeError
from aigaq.package.members import Member
from aigaq.package.volumes import Group, MisfitError

CHECKER: Final = "verify.py"
_PLANS: Final = 20
"""Papers name the volumes, and volumes hold the papers: so often at most both are made anew."""

Told = Callable[[int, int], None]
"""Octets of originals done, and of all."""


@dataclass(frozen=True, slots=True)
class Bag:
    """A volume as it lies in its folder."""

    name: str
    tagmanifest_sha256: str
    """64 hexadecimal digits, of ``tagmanifest-sha256.txt``."""
    octets: int


@dataclass(frozen=True, slots=True)
class Item:
    """An original, or what was made of one, before it has a line in ``package.json``."""

    path: str
    """From ``data/``."""
    number: int
    """Of the original, from 1."""
    original: Original
    derivative: Derivative | None = None

    @property
    def open(self) -> Opened:
        return (self.derivative or self.original).open

    def require_as_stated(self, fixity: Fixity) -> None:
        """Raise `ContentMismatchError` where an original is not what the ledger says of it."""
        stated = self.original
        if self.derivative is None and (fixity.size, fixity.sha256) != (stated.size, stated.sha256):
            raise ContentMismatchError(
                path=files.displayed(stated.card_path),
                found=fixity.sha256,
                found_size=fixity.size,
                stated=stated.sha256,
                stated_size=stated.size,
            )


@dataclass(frozen=True, slots=True)
class Measured:
    """All items of the contents, in the order of the format, each with what was found when it was read."""

    items: tuple[tuple[Item, Fixity], ...]


@dataclass(frozen=True, slots=True)
class Volume:
    """One bag: `files` and `small` by path from its root."""

    bag: Bag
    items: Mapping[str, tuple[Item, int]]
    """With their sizes."""
    small: Mapping[str, bytes]

    @property
    def members(self) -> tuple[Member, ...]:
        """All files of it by path from the carrier's root, in the order of the paths."""
        name = self.bag.name
        held = {path: Member(f"{name}/{path}", size, item.open) for path, (item, size) in self.items.items()}
        held |= {
            path: Member(f"{name}/{path}", len(octets), partial(io.BytesIO, octets))
            for path, octets in self.small.items()
        }
        return tuple(held[path] for path in sorted(held))


@dataclass(frozen=True, slots=True)
class Layout:
    package_digest: str
    """``sha256:`` and 64 hexadecimal digits, of ``package.json``."""
    evidence_digest: str
    """The same, of what follows from the ledger and the vault alone."""
    parts: tuple[Volume, ...]

    @property
    def bags(self) -> tuple[Bag, ...]:
        return tuple(each.bag for each in self.parts)

    @property
    def volumes(self) -> tuple[tuple[Member, ...], ...]:
        return tuple(each.members for each in self.parts)


def no_tools(_small: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Nothing for people beside the data, but the checker that is always there."""
    return {}


def measured(contents: Contents, *, on_progress: Told | None = None) -> Measured:
    """Read everything once. Raises as `papers.require_sound`, and `ContentMismatchError`."""
    papers.require_sound(contents)

    def measure(item: Item, pool: Executor, told: Callable[[int], None]) -> Fixity:
        with item.open() as source:
            return bag.measure(source, pool, told)

    return each_measured(contents, measure, on_progress)


def each_measured(
    contents: Contents,
    measure: Callable[[Item, Executor, Callable[[int], None]], Fixity],
    on_progress: Told | None,
) -> Measured:
    """Every item as `measure` finds it; an original that is not as stated ends it."""
    total, done = sum(each.size for each in contents.originals), 0

    def advance(octets: int) -> None:
        nonlocal done
        done += octets
        if on_progress is not None:
            on_progress(done, total)

    found: list[tuple[Item, Fixity]] = []
    with ThreadPoolExecutor(2) as pool:
        for item in _items(contents):
            fixity = measure(item, pool, advance if item.derivative is None else _nobody)
            item.require_as_stated(fixity)
            found.append((item, fixity))
    # `files` has the originals first; they are read beside what is made of them.
    return Measured(tuple(sorted(found, key=lambda each: each[0].derivative is not None)))


def laid_out(
    contents: Contents, measured: Measured, *, tools: Tools = no_tools, capacity: int | None = None
) -> Layout:
    """Divide into volumes of `capacity` octets at most, and make all papers. Raises `TooLargeError`.

    Papers name the volumes and take room in them: where there are several, they are made more than once.
    """
    return _Planning(contents, measured, tools, capacity).layout()


def refuse_what_never_fits(originals: Sequence[Original], capacity: int | None) -> None:
    """Before anything is read: what is larger than the carrier by itself. Raises `TooLargeError`."""
    for each in originals if capacity is not None else ():
        needed = volumes.needed([each.size]) + volumes.RESERVED
        if capacity is not None and needed > capacity:
            raise TooLargeError(path=files.displayed(each.card_path), needed=needed, capacity=capacity)


@dataclass(frozen=True, slots=True)
class _Plan:
    count: int
    """Volumes."""
    files: tuple[ListedFile, ...]
    """As many as there are items, in their order."""
    small: Mapping[str, bytes]
    """What lies in every volume, by path from the bag's root."""


class _Planning:
    def __init__(self, contents: Contents, measured: Measured, tools: Tools, capacity: int | None) -> None:
        self._contents = contents
        self._measured = measured
        self._tools = tools
        self._capacity = capacity
        self._groups = _groups(contents.originals, measured)

    def layout(self) -> Layout:
        plan = self._fitting()
        parts = tuple(self._volume(plan, number) for number in range(1, plan.count + 1))
        papers.require_readable(plan.small, parts[0].small)
        package = plan.small[papers.PACKAGE]
        digest = hashlib.sha256(package).hexdigest()
        return Layout(f"sha256:{digest}", papers.evidence_digest(package), parts)

    def _fitting(self) -> _Plan:
        taken = 0
        for _ in range(_PLANS):
            plan = self._plan(self._split(taken))
            if self._capacity is None:
                return plan
            over = max(self._needs(plan, volume) for volume in range(1, plan.count + 1)) - self._room
            if over <= 0:
                return plan
            # At first nothing is known of the papers; then they are known but for what the division changes.
            taken = taken + over if taken else self._needs(replace(plan, files=()), 1)
        raise self._too_large(max(self._groups, key=lambda each: each.needs), taken)

    @property
    def _room(self) -> int:
        """What a volume has for files."""
        return (self._capacity or 0) - volumes.RESERVED

    def _split(self, taken: int) -> list[int]:
        try:
            return volumes.split(self._groups, None if self._capacity is None else self._room - taken)
        except MisfitError as misfit:
            raise self._too_large(misfit.group, taken) from misfit

    def _too_large(self, group: Group, taken: int) -> TooLargeError:
        needed = group.needs + taken + volumes.RESERVED
        return TooLargeError(path=files.displayed(group.path), needed=needed, capacity=self._capacity)

    def _plan(self, volume_of: Sequence[int]) -> _Plan:
        contents, count = self._contents, max(volume_of)
        listed = tuple(
            _listed(item, fixity, number, volume_of[item.number - 1])
            for number, (item, fixity) in enumerate(self._measured.items, start=1)
        )
        name = names.package_name(contents.package)
        listing = Listing(package=contents.package, name=name, volumes=count, files=listed)
        return _Plan(count, listed, papers.small_files(contents, listing))

    def _needs(self, plan: _Plan, volume: int) -> int:
        sizes = {f"data/{each.path}": each.size for each in plan.files if each.volume == volume}
        small = {**plan.small, **self._tags(plan, volume)}
        sizes |= {path: len(octets) for path, octets in small.items()}
        name = names.volume_name(self._contents.package, volume, plan.count)
        return volumes.needed(sizes.values()) + volumes.folders_beyond(f"{name}/{path}" for path in sizes)

    def _volume(self, plan: _Plan, volume: int) -> Volume:
        tags = self._tags(plan, volume)
        items = {
            f"data/{listed.path}": (item, listed.size)
            for listed, (item, _fixity) in zip(plan.files, self._measured.items, strict=True)
            if listed.volume == volume
        }
        small = {**plan.small, **tags}
        octets = sum(size for _item, size in items.values()) + sum(map(len, small.values()))
        name = names.volume_name(self._contents.package, volume, plan.count)
        digest = hashlib.sha256(tags["tagmanifest-sha256.txt"]).hexdigest()
        return Volume(Bag(name, digest, octets), items, small)

    def _tags(self, plan: _Plan, volume: int) -> dict[str, bytes]:
        contents = self._contents
        payload = {
            f"data/{each.path}": Fixity(each.size, each.sha256, each.sha512)
            for each in plan.files
            if each.volume == volume
        }
        payload |= {path: Fixity.of(octets) for path, octets in plan.small.items()}
        organization, description = papers.told_by_bag(contents)
        info = BagInfo(
            organization=organization,
            identifier=str(contents.package),
            description=description,
            bagging_date=contents.made_at.astimezone(KAZAKHSTAN).date().isoformat(),
            volume=volume,
            volumes=plan.count,
        )
        shown = {path: octets for path, octets in plan.small.items() if not path.endswith(".pdf")}

        def beside(bag_info: bytes) -> Mapping[str, bytes]:
            return {**self._tools({"bag-info.txt": bag_info, **shown}), CHECKER: papers.checker()}

        return bag.tag_files(info, payload, beside)


def _nobody(_octets: int) -> None:
    """Progress is told of originals."""


def _items(contents: Contents) -> Iterator[Item]:
    for number, original in enumerate(contents.originals, start=1):
        yield Item(names.original_path(number, original.card_path), number, original)
        cuts = [each for each in original.derivatives if each.what == "cut"]
        for ordinal, each in enumerate(cuts, start=1):
            yield Item(names.cut_path(number, ordinal, each.suffix), number, original, each)
        for each in original.derivatives:
            if each.what == "playable":
                yield Item(names.playable_path(number, each.suffix), number, original, each)


def _listed(item: Item, fixity: Fixity, number: int, volume: int) -> ListedFile:
    original, derivative = item.original, item.derivative
    return ListedFile(
        number=number,
        what=derivative.what if derivative else "original",
        of=item.number if derivative else None,
        path=item.path,
        size=fixity.size,
        sha256=fixity.sha256,
        sha512=fixity.sha512,
        volume=volume,
        kind=original.kind,
        recording=original.recording,
        file=original.file,
        card_path=original.card_path,
        row=original.row,
        seq=original.seq,
        recorded_at=original.recorded_at,
        duration_ms=original.duration_ms,
        clock=original.clock,
        cut=derivative.cut if derivative else None,
    )


def _groups(originals: Sequence[Original], measured: Measured) -> list[Group]:
    sizes: list[list[int]] = [[] for _ in originals]
    for item, fixity in measured.items:
        sizes[item.number - 1].append(fixity.size)
    return [Group(original.card_path, tuple(found)) for original, found in zip(originals, sizes, strict=True)]
