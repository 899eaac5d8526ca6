"""The docks of a Linux computer: USB mass storage and card readers; never a disk that the system lives on."""

import contextlib
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from aigaq.core.files import displayed, lock_at_once
from aigaq.dock import blocks, errors, mounting
from aigaq.dock.blocks import SYS, Block
from aigaq.dock.media import Slot
from aigaq.dock.mounted import BlockVolume
from aigaq.dock.mounting import Mount
from aigaq.dock.ports import Ports
from aigaq.dock.uevents import Uevents

DEV = Path("/dev")
_SWAPS = Path("/proc/swaps")
LEAST = 1 << 20
"""Octets: a partition that is smaller holds no recordings (a boot loader, what partitioning left over)."""
_POLL = "2000"
"""Milliseconds between two looks of the kernel into a slot; nobody else asks it to where there is no udev."""


class LinuxMedia:
    """Mounts under `directory`, which is ours alone while this is open. Raise `AttendedElsewhereError`."""

    def __init__(self, directory: Path, ports: Ports, *, sys: Path = SYS, dev: Path = DEV) -> None:
        self._directory = directory
        self._ports = ports
        self._sys = sys
        self._dev = dev
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.chmod(0o700)
        self._lock = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        if not lock_at_once(self._lock):
            os.close(self._lock)
            raise errors.AttendedElsewhereError(path=directory)
        mounting.sweep(directory)
        self._uevents = Uevents()

    def look(self) -> Sequence[Slot]:
        """By the name of the port."""
        found = [each for each in blocks.blocks(self._sys) if self._is_attended(each)]
        sharing = Counter(each.place for each in found)
        mounts = [each for each in mounting.mounts() if self._directory not in each.at.parents]
        swaps = _swaps()
        slots = []
        for block in found:
            place = _place(block, alone=sharing[block.place] == 1)
            if place not in self._ports.ignore:
                slots.append(self._slot(block, self._ports.name_of(place), mounts, swaps))
        return sorted(slots, key=lambda each: each.port)

    def wait(self, seconds: float) -> None:
        self._uevents.wait(seconds)

    def close(self) -> None:
        self._uevents.close()
        os.close(self._lock)

    def _is_attended(self, block: Block) -> bool:
        if block.place in self._ports.ignore:
            return False
        return bool(block.place) or block.name in self._ports.also

    def _slot(self, block: Block, port: str, mounts: Iterable[Mount], swaps: frozenset[str]) -> Slot:
        if not block.octets:
            self._have_it_looked_at(block)
            return Slot(port)
        by = _taken_by(block, mounts, swaps)
        if by:
            return Slot(port, block.sequence, problem=errors.MediumTakenError(by=by))
        names = block.partitions or (block.name,)
        return Slot(
            port,
            block.sequence,
            tuple(self._volume(block, name) for name in names if self._is_large(name, block)),
        )

    def _is_large(self, name: str, block: Block) -> bool:
        return name == block.name or blocks.size_of(block.name, name, self._sys) >= LEAST

    def _volume(self, block: Block, name: str) -> BlockVolume:
        return BlockVolume(
            device=self._dev / name,
            directory=self._directory,
            is_there=partial(self._is_still_there, block),
            is_protected=partial(blocks.is_protected, block.name, self._sys),
        )

    def _is_still_there(self, block: Block) -> bool:
        return blocks.sequence_of(block.name, self._sys) == block.sequence

    def _have_it_looked_at(self, block: Block) -> None:
        """A reader doesn't say by itself that a card came: the kernel asks it now and then, if told to."""
        folder = self._sys / "block" / block.name
        default = self._sys / "module" / "block" / "parameters" / "events_dfl_poll_msecs"
        with contextlib.suppress(OSError):
            if (
                default.read_text().strip() == "0"
                and (folder / "events_poll_msecs").read_text().strip() == "-1"
            ):
                (folder / "events_poll_msecs").write_text(_POLL)


def _place(block: Block, *, alone: bool) -> str:
    """With the slot where a reader has several."""
    if not block.place:
        return block.name
    return block.place if alone else f"{block.place}, slot {block.lun + 1}"


def _taken_by(block: Block, mounts: Iterable[Mount], swaps: frozenset[str]) -> str:
    """What uses it, or a part of it: the system itself, or a desktop that opens what is plugged in."""
    names = {block.name, *block.partitions}
    for mount in mounts:
        # By number; and by name, for file systems on several disks have numbers of their own.
        if mount.number in block.numbers or _device(mount.source) in names:
            return displayed(str(mount.at))
    return next(iter(block.holders), "") or next(("swap" for name in names if name in swaps), "")


def _device(source: str) -> str:
    return Path(os.path.realpath(source)).name if source.startswith("/dev/") else ""


def _swaps() -> frozenset[str]:
    try:
        lines = _SWAPS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()[1:]
    except OSError:
        return frozenset()
    return frozenset(Path(line.split()[0]).name for line in lines)
