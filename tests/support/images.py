"""Real FAT32 and exFAT cards in image files: mounted through FUSE, since a test machine's kernel may know neither."""

import os
import select
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.cards import Content

TOOLS = (
    "mkfs.vfat",
    "mmd",
    "mcopy",
    "fusefat",
    "fusermount",
    "mkfs.exfat",
    "mount.exfat-fuse",
    "losetup",
    "umount",
)


def missing() -> str:
    """Why card images can't be mounted here; empty if they can."""
    if os.getuid() != 0:
        return "needs root, for loop devices"
    if not Path("/dev/fuse").exists() or not Path("/dev/loop-control").exists():
        return "needs /dev/fuse and loop devices"
    absent = [tool for tool in TOOLS if shutil.which(tool) is None]
    return f"needs {', '.join(absent)}" if absent else ""


def run(*command: object) -> str:
    environment = {**os.environ, "MTOOLS_SKIP_CHECK": "1", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        list(map(str, command)), check=True, capture_output=True, env=environment, timeout=60
    )
    return done.stdout.decode()


def fat_image(folder: Path, content: Content, *, megabytes: int = 64) -> Path:
    """A FAT32 image with these files on it and the serial number 1A2B-3C4D."""
    image = folder / "fat.img"
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    run("mkfs.vfat", "-F", "32", "-i", "1A2B3C4D", image)
    made = set()
    for path, data in content.items():
        for above in reversed(Path(path).parents[:-1]):
            if above not in made:
                run("mmd", "-i", image, f"::/{above}")
                made.add(above)
        source = folder / "octets"
        source.write_bytes(data)
        run("mcopy", "-i", image, source, f"::/{path}")
    return image


def make_a_directory_contain_itself(image: Path, outer: bytes, inner: bytes) -> None:
    """As a damaged card has it: the entry of `inner` in the root's `outer` points back to `outer`'s cluster."""
    with image.open("r+b") as file:
        boot = file.read(512)
        octets, per_cluster, reserved, copies = struct.unpack_from("<HBHB", boot, 11)
        base = (reserved + copies * struct.unpack_from("<I", boot, 36)[0]) * octets

        def entry(cluster: int, name: bytes) -> tuple[int, int]:
            start = base + (cluster - 2) * per_cluster * octets
            file.seek(start)
            directory = file.read(per_cluster * octets)
            at = next(n for n in range(0, len(directory), 32) if directory[n : n + 11] == name.ljust(11))
            high, low = (struct.unpack_from("<H", directory, at + offset)[0] for offset in (20, 26))
            return start + at, high << 16 | low

        _, cluster = entry(struct.unpack_from("<I", boot, 44)[0], outer)
        at, _ = entry(cluster, inner)
        file.seek(at + 20)
        file.write(struct.pack("<H", cluster >> 16))
        file.seek(at + 26)
        file.write(struct.pack("<H", cluster & 0xFFFF))


@contextmanager
def fat_mounted(image: Path, at: Path) -> Iterator[Path]:
    at.mkdir()
    run("fusefat", "-o", "rw+", image, at)
    try:
        yield at
    finally:
        run("fusermount", "-u", at)


def exfat_image(folder: Path, *, megabytes: int = 64) -> Path:
    image = folder / "exfat.img"
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    run("mkfs.exfat", image)
    return image


@contextmanager
def exfat_mounted(image: Path, at: Path, *options: str) -> Iterator[Path]:
    device = run("losetup", "-f", "--show", image).strip()
    try:
        at.mkdir(exist_ok=True)
        run("mount.exfat-fuse", *options, device, at)
        try:
            yield at
        finally:
            run("umount", at)
    finally:
        run("losetup", "-d", device)


def wait_for_mount(at: Path) -> None:
    """Until something is mounted there; the mount table tells when it changes (proc(5), poll on mountinfo)."""
    with Path("/proc/self/mountinfo").open("rb") as table:
        changes = select.poll()
        changes.register(table, select.POLLERR | select.POLLPRI)
        while not at.is_mount():
            assert changes.poll(10_000), f"nothing was mounted at {at}"
