"""Writing a package: all of it stands under its name at the end, or nothing does (`docs/formats/package.md`).

Everything is made in ``<name>.part``: originals and derivatives first, each read once, then the papers, which
state their digests; the volumes are put together by renaming, and get their names at the very end.
"""

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from aigaq.core import files
from aigaq.core.clock import KAZAKHSTAN
from aigaq.package import bag, names, papers, volumes
from aigaq.package.bag import BagInfo, Fixity
from aigaq.package.contents import Contents, Derivative, ListedFile, Listing, Original, Tools
from aigaq.package.errors import (
    ContentMismatchError,
    NotWrittenError,
    PackageExistsError,
    TooLargeError,
)
from aigaq.package.volumes import Group, Misfit

CHECKER: Final = "verify.py"
_PLANS: Final = 20
"""Papers name the volumes, and volumes hold the papers: so often at most both are made anew."""


@dataclass(frozen=True, slots=True)
class Bag:
    """A volume as it lies in its folder."""

    name: str
    tagmanifest_sha256: str
    """64 hexadecimal digits, of ``tagmanifest-sha256.txt``."""
    octets: int


@dataclass(frozen=True, slots=True)
class Written:
    package_digest: str
    """``sha256:`` and 64 hexadecimal digits, of ``package.json``."""
    bags: tuple[Bag, ...]


def no_tools(_small: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Nothing for people beside the data, but the checker that is always there."""
    return {}


def write(
    contents: Contents,
    into: Path,
    *,
    tools: Tools = no_tools,
    capacity: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Written:
    """Write the package's volumes as folders in `into`, which is there; each holds `capacity` octets at most.

    `on_progress` gets the octets of originals done, and of all. Raises `PackageExistsError`,
    `ContentMismatchError`, `TooLargeError`, `NoOriginalsError`, `UnusableContentsError` or `NotWrittenError`;
    whatever is raised, nothing of it is left.
    """
    papers.require_sound(contents)
    _refuse_what_never_fits(contents.originals, capacity)
    name = names.package_name(contents.package)
    _require_free(into, name)
    with _part(into, name) as part:
        writing = _Writing(contents, part, tools, capacity, on_progress)
        staged = writing.stage()
        planned = writing.plan(staged)
        bags = [writing.put_together(planned, number) for number in range(1, planned.count + 1)]
        _publish(part, into, [each.name for each in bags])
    digest = hashlib.sha256(planned.small[papers.PACKAGE]).hexdigest()
    return Written(f"sha256:{digest}", tuple(bags))


@dataclass(frozen=True, slots=True)
class _Staged:
    """A file that is copied, and where it will lie."""

    path: str
    original: int
    """Number of the original, from 1."""
    fixity: Fixity
    derivative: Derivative | None = None


@dataclass(frozen=True, slots=True)
class _Planned:
    count: int
    """Volumes."""
    files: tuple[ListedFile, ...]
    small: Mapping[str, bytes]
    """What lies in every volume, by path from the bag's root."""


class _Writing:
    def __init__(
        self,
        contents: Contents,
        part: Path,
        tools: Tools,
        capacity: int | None,
        on_progress: Callable[[int, int], None] | None,
    ) -> None:
        self._contents = contents
        self._part = part
        self._tools = tools
        self._capacity = capacity
        self._on_progress = on_progress
        self._total = sum(each.size for each in contents.originals)
        self._done = 0

    def stage(self) -> list[_Staged]:
        """Copy originals and derivatives, in the order of the format."""
        originals, derived = [], []
        with ThreadPoolExecutor(2) as pool:
            for number, original in enumerate(self._contents.originals, start=1):
                originals.append(self._original(number, original, pool))
                derived += [
                    self._derivative(number, path, each, pool) for path, each in _named(number, original)
                ]
        return originals + derived

    def plan(self, staged: Sequence[_Staged]) -> _Planned:
        """Which volume each goes to; the papers, which say it."""
        grouped = _groups(self._contents.originals, staged)
        taken = 0
        for _ in range(_PLANS):
            planned = self._planned(staged, self._split(grouped, taken))
            if self._capacity is None:
                return planned
            over = max(self._needs(planned, volume) for volume in range(1, planned.count + 1)) - self._room
            if over <= 0:
                return planned
            # At first nothing is known of the papers; then they are known but for what the division changes.
            taken = taken + over if taken else self._needs(replace(planned, files=()), 1)
        raise self._too_large(max(grouped, key=lambda each: each.needs), taken)

    def put_together(self, planned: _Planned, volume: int) -> Bag:
        """One bag in the part folder, durable."""
        contents, made_at = self._contents, self._contents.made_at
        name = names.volume_name(contents.package, volume, planned.count)
        folder = self._part / name
        for each in planned.files:
            if each.volume == volume:
                target = folder / "data" / each.path
                target.parent.mkdir(parents=True, exist_ok=True)
                (self._part / "data" / each.path).rename(target)
        for path, octets in planned.small.items():
            bag.write(folder / path, octets, made_at)
        tags = self._tags(planned, volume)
        for path, octets in tags.items():
            bag.write(folder / path, octets, made_at)
        bag.settle(folder, made_at)
        payload = sum(each.size for each in planned.files if each.volume == volume)
        small = sum(map(len, planned.small.values())) + sum(map(len, tags.values()))
        digest = hashlib.sha256(tags["tagmanifest-sha256.txt"]).hexdigest()
        return Bag(name, digest, payload + small)

    def _original(self, number: int, original: Original, pool: ThreadPoolExecutor) -> _Staged:
        path = names.original_path(number, original.card_path)
        with original.open() as source:
            fixity = bag.copy(source, self._part / "data" / path, self._contents.made_at, pool, self._advance)
        if (fixity.size, fixity.sha256) != (original.size, original.sha256):
            raise ContentMismatchError(
                path=files.displayed(original.card_path),
                found=fixity.sha256,
                found_size=fixity.size,
                stated=original.sha256,
                stated_size=original.size,
            )
        return _Staged(path, number, fixity)

    def _derivative(self, number: int, path: str, one: Derivative, pool: ThreadPoolExecutor) -> _Staged:
        target = self._part / "data" / path
        with one.open() as source:
            fixity = bag.copy(source, target, self._contents.made_at, pool, lambda _octets: None)
        return _Staged(path, number, fixity, one)

    def _advance(self, octets: int) -> None:
        self._done += octets
        if self._on_progress is not None:
            self._on_progress(self._done, self._total)

    @property
    def _room(self) -> int:
        """What a volume has for files."""
        return (self._capacity or 0) - volumes.RESERVED

    def _split(self, grouped: Sequence[Group], taken: int) -> list[int]:
        try:
            return volumes.split(grouped, None if self._capacity is None else self._room - taken)
        except Misfit as misfit:
            raise self._too_large(misfit.group, taken) from misfit

    def _too_large(self, group: Group, taken: int) -> TooLargeError:
        needed = group.needs + taken + volumes.RESERVED
        path = files.displayed(group.path)
        return TooLargeError(path=path, needed=needed, capacity=self._capacity)

    def _planned(self, staged: Sequence[_Staged], volume_of: Sequence[int]) -> _Planned:
        contents, count = self._contents, max(volume_of)
        listed = tuple(
            _listed(contents.originals[each.original - 1], each, index, volume_of[each.original - 1])
            for index, each in enumerate(staged, start=1)
        )
        name = names.package_name(contents.package)
        listing = Listing(package=contents.package, name=name, volumes=count, files=listed)
        return _Planned(count, listed, papers.small_files(contents, listing))

    def _needs(self, planned: _Planned, volume: int) -> int:
        sizes = [each.size for each in planned.files if each.volume == volume]
        small = [len(each) for each in (*planned.small.values(), *self._tags(planned, volume).values())]
        return volumes.needed([*sizes, *small])

    def _tags(self, planned: _Planned, volume: int) -> dict[str, bytes]:
        contents = self._contents
        payload = {f"data/{each.path}": _fixity(each) for each in planned.files if each.volume == volume}
        payload |= {path: Fixity.of(octets) for path, octets in planned.small.items()}
        info = BagInfo(
            organization=contents.source_organization,
            identifier=str(contents.package),
            description=contents.description,
            bagging_date=contents.made_at.astimezone(KAZAKHSTAN).date().isoformat(),
            volume=volume,
            volumes=planned.count,
        )
        shown = {path: octets for path, octets in planned.small.items() if not path.endswith(".pdf")}
        return bag.tag_files(
            info,
            payload,
            lambda bag_info: {**self._tools({"bag-info.txt": bag_info, **shown}), CHECKER: papers.checker()},
        )


def _listed(original: Original, staged: _Staged, number: int, volume: int) -> ListedFile:
    derivative = staged.derivative
    return ListedFile(
        number=number,
        what=derivative.what if derivative else "original",
        of=staged.original if derivative else None,
        path=staged.path,
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
        **asdict(staged.fixity),
    )


def _fixity(listed: ListedFile) -> Fixity:
    return Fixity(listed.size, listed.sha256, listed.sha512)


def _named(number: int, original: Original) -> Iterator[tuple[str, Derivative]]:
    """The derivatives of an original with their paths: cuts first, in their order."""
    cuts = [each for each in original.derivatives if each.what == "cut"]
    for ordinal, each in enumerate(cuts, start=1):
        yield names.cut_path(number, ordinal, each.suffix), each
    for each in original.derivatives:
        if each.what == "playable":
            yield names.playable_path(number, each.suffix), each


def _groups(originals: Sequence[Original], staged: Sequence[_Staged]) -> list[Group]:
    sizes: list[list[int]] = [[] for _ in originals]
    for each in staged:
        sizes[each.original - 1].append(each.fixity.size)
    return [Group(original.card_path, tuple(found)) for original, found in zip(originals, sizes, strict=True)]


def _refuse_what_never_fits(originals: Sequence[Original], capacity: int | None) -> None:
    """Before anything is read: what is larger than the carrier by itself."""
    for each in originals if capacity is not None else ():
        needed = volumes.needed([each.size]) + volumes.RESERVED
        if capacity is not None and needed > capacity:
            raise TooLargeError(path=files.displayed(each.card_path), needed=needed, capacity=capacity)


def _require_free(into: Path, name: str) -> None:
    """Neither the package nor a volume of it may be there: nothing is written over."""
    with _told(name):
        taken = [each for each in os.listdir(into) if each == name or each.startswith(f"{name}-")]
    if taken:
        raise PackageExistsError(name=files.displayed(min(taken)))


@contextmanager
def _part(into: Path, name: str) -> Iterator[Path]:
    """The folder in which it is made; whatever happens, it is gone afterwards.

    One that a killed writer left is removed. The lock tells it from one that is being written.
    """
    part = into / f"{name}{files.PART_SUFFIX}"
    with _told(part.name):
        _remove_abandoned(part)
        part.mkdir(mode=0o700)
        lock = files.open_directory(part)
    try:
        files.lock_at_once(lock)
        with _told(part.name):
            yield part
    finally:
        os.close(lock)
        bag.remove(part)


def _remove_abandoned(part: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        fd = files.open_directory(part)
        try:
            if not files.lock_at_once(fd):
                raise PackageExistsError(name=part.name)
            bag.remove(part)
        finally:
            os.close(fd)


def _publish(part: Path, into: Path, found: Sequence[str]) -> None:
    """Give the finished bags their names. If one can't have its name, none has."""
    done: list[Path] = []
    try:
        for name in found:
            target = into / name
            if os.path.lexists(target):
                raise PackageExistsError(name=name)
            (part / name).rename(target)
            done.append(target)
        bag.sync_folder(into)
    except BaseException:
        for each in done:
            bag.remove(each)
        raise


@contextmanager
def _told(name: str) -> Iterator[None]:
    """A disk that fails or is full, in one sentence."""
    try:
        yield
    except OSError as error:
        raise NotWrittenError(name=name, reason=error.strerror or str(error)) from error
