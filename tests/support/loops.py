"""Loop devices that stand for USB sticks: put in, pulled out, write-protected; and what must not be left behind."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aigaq.dock.linux import LinuxMedia
from aigaq.dock.ports import Ports
from tests.support import images
from tests.support.cards import Content, fill


def missing() -> str:
    return images.missing() or ("" if shutil.which("mkfs.ext4") else "needs mkfs.ext4")


class Sticks:
    """The loop devices of one test. What is put in appears under ``/dev/loopN``, by the kernel name `loopN`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []

    def put_in(self, image: Path, *options: str) -> str:
        name = Path(images.run("losetup", "-f", "--show", *options, image).strip()).name
        self.names.append(name)
        return name

    def put_in_again(self, name: str, image: Path, *options: str) -> None:
        """Into the same port."""
        images.run("losetup", *options, f"/dev/{name}", image)
        self.names.append(name)

    def pull(self, name: str) -> None:
        images.run("losetup", "-d", f"/dev/{name}")
        self.names.remove(name)

    def media(self, *names: str, **settings: object) -> LinuxMedia:
        return LinuxMedia(self.folder / "mounts", Ports(also=frozenset(names or self.names)), **settings)

    def volume(self, name: str, media: LinuxMedia):
        """The only volume in a port."""
        (slot,) = [each for each in media.look() if each.port == name]
        (volume,) = slot.volumes
        return volume


@contextmanager
def sticks(folder: Path) -> Iterator[Sticks]:
    """At the end nothing is mounted any more in `folder`, and no loop device of it is left; or the test fails."""
    found = Sticks(folder)
    try:
        yield found
        left = mounted_under(folder)
    finally:
        for mount in mounted_under(folder):
            subprocess.run(["umount", "-l", mount], check=False)
        for name in found.names:
            subprocess.run(["losetup", "-d", f"/dev/{name}"], check=False)
    assert left == [], "something is mounted still"
    listed = images.run("losetup", "-l", "-n", "-O", "BACK-FILE")
    assert str(folder) not in listed, listed


def mounted_under(folder: Path) -> list[str]:
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    return [line.split()[4] for line in reversed(lines) if line.split()[4].startswith(f"{folder}/")]


def options_of(at: Path) -> set[str]:
    """Of the mount point."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    (line,) = [line for line in lines if line.split()[4] == str(at)]
    return set(line.split()[5].split(","))


def ext4_image(folder: Path, content: Content, name: str = "ext4.img", *, megabytes: int = 16) -> Path:
    """A card with these files on it, and a file system whose identity is its own."""
    filled = fill(folder / f"{name}.d", content)
    filled.mkdir(exist_ok=True)
    image = folder / name
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    images.run("mkfs.ext4", "-q", "-d", filled, image)
    shutil.rmtree(filled)
    return image


def exfat_card(folder: Path, content: Content, name: str = "exfat.img", *, megabytes: int = 32) -> Path:
    (folder / name).mkdir()
    image = images.exfat_image(folder / name, megabytes=megabytes)
    with images.exfat_mounted(image, folder / f"{name}.filling") as card:
        fill(card, content)
    (folder / f"{name}.filling").rmdir()
    return image


def hostile_ext4(folder: Path) -> Path:
    """A link out of the card, a program that would run as root, a device node that is the machine's memory."""
    image = ext4_image(folder, {"DCIM/a.DAT": b"a"}, "hostile.img")
    at = folder / "filling"
    at.mkdir()
    images.run("mount", "-o", "loop", image, at)
    try:
        (at / "link").symlink_to("/etc/hostname")
        program = at / "program"
        shutil.copy(shutil.which("true"), program)
        program.chmod(0o4755)
        os.mknod(at / "node", 0o600 | 0o020000, os.makedev(1, 5))
    finally:
        images.run("umount", at)
    at.rmdir()
    return image


def files_in(image: Path, folder: Path) -> dict[str, bytes]:
    """What is on an ext4 image, without changing it."""
    from tests.support.cards import left_on

    at = folder / "looking"
    at.mkdir(exist_ok=True)
    images.run("mount", "-o", "loop,ro,noload", image, at)
    try:
        return left_on(at)
    finally:
        images.run("umount", at)
