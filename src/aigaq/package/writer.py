"""Writing a package: all of it stands under its name at the end, or nothing does (`docs/formats/package.md`).

Everything is made in ``<name>.part``: originals and derivatives first, each read once, then the papers, which
state their digests; the volumes are put together by renaming, and get their names at the very end.
"""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from aigaq.core import files
from aigaq.package import bag, layout, names, papers
from aigaq.package.bag import Fixity
from aigaq.package.contents import Contents, Tools
from aigaq.package.errors import NotWrittenError, PackageExistsError
from aigaq.package.layout import Bag, Item, Told, Volume, laid_out, no_tools

_AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True)
class Written:
    package_digest: str
    """``sha256:`` and 64 hexadecimal digits, of ``package.json``."""
    evidence_digest: str
    """The same, of what follows from the ledger and the vault alone."""
    bags: tuple[Bag, ...]


def write(
    contents: Contents,
    into: Path,
    *,
    tools: Tools = no_tools,
    capacity: int | None = None,
    on_progress: Told | None = None,
) -> Written:
    """Write the package's volumes as folders in `into`, which is there; each holds `capacity` octets at most.

    Each original is read once. Raises `PackageExistsError`, `ContentMismatchError`, `TooLargeError`,
    `NoOriginalsError`, `UnusableContentsError`, `LimitError` or `NotWrittenError`; whatever is raised,
    nothing of it is left.
    """
    papers.require_sound(contents)
    layout.refuse_what_never_fits(contents.originals, capacity)
    name, made_at = names.package_name(contents.package), contents.made_at
    _require_free(into, name)
    with _part(into, name) as part:

        def copied(item: Item, pool: Executor, told: Callable[[int], None]) -> Fixity:
            with item.open() as source:
                return bag.copy(source, part / "data" / item.path, made_at, pool, told)

        measured = layout.each_measured(contents, copied, on_progress)
        found = laid_out(contents, measured, tools=tools, capacity=capacity)
        for volume in found.parts:
            _put_together(part, volume, made_at)
        _publish(part, into, [each.name for each in found.bags])
    return Written(found.package_digest, found.evidence_digest, found.bags)


def _put_together(part: Path, volume: Volume, made_at: datetime) -> None:
    """One bag in the part folder, durable."""
    folder = part / volume.bag.name
    for path in volume.items:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        (part / path).rename(target)
    # Thousands of small files: a file system that waits for the disk once can serve several of them.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for done in [
            pool.submit(bag.write, folder / path, octets, made_at) for path, octets in volume.small.items()
        ]:
            done.result()
    bag.settle(folder, made_at)


def _require_free(into: Path, name: str) -> None:
    """Neither the package nor a volume of it may be there: nothing is written over."""
    with _told(name):
        names_there = sorted(each.name for each in into.iterdir())
    for each in names_there:
        if each == name or each.startswith(f"{name}-"):
            raise PackageExistsError(name=files.displayed(each))


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
            _name(part / name, into / name)
            done.append(into / name)
        bag.sync_folder(into)
    except BaseException:
        for each in done:
            bag.remove(each)
        raise


def _name(made: Path, target: Path) -> None:
    """Renaming takes the place of an empty folder; so it is looked for first."""
    if os.path.lexists(target):
        raise PackageExistsError(name=target.name)
    made.rename(target)


@contextmanager
def _told(name: str) -> Iterator[None]:
    """A disk that fails or is full, in one sentence."""
    try:
        yield
    except OSError as error:
        raise NotWrittenError(name=name, reason=error.strerror or str(error)) from error
