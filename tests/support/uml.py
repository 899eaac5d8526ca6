"""A Linux of our own in a process (User-Mode-Linux), for faults that only a kernel can make.

It has what the kernel of a test machine may lack: vfat, device-mapper with its faulty targets. It sees this
computer's files through hostfs, read-only, so that the very Python and sources under test run in it; what it may
write are the disks that it is given, image files of the test. To kill its process is to cut its power: what it
had not yet handed to a disk is gone, as the page cache of a computer is.

A program of the guest is a module of `tests.faults.guest`; it speaks to the test in lines of JSON on the
console (`tests.support.guest`).
"""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
TOOLS = (
    *("linux.uml", "modprobe", "dmsetup", "mkfs.ext4", "mkfs.vfat", "mcopy", "losetup", "ddrescue"),
    *("ip", "tc", "ss"),
)
MODULES = Path("/usr/lib/uml/modules")
MARK = "@@ "
PATIENCE = 120.0
"""Seconds without a word, after which a guest is taken for dead: a slow machine is no failure."""
_WANTED = "nls_cp437 nls_utf8 nls_ascii nls_iso8859-1 vfat udf dm-mod dm-dust dm-log-writes"

_INIT = """#!/bin/sh
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs run /run
mkdir -p /run/modules/lib /run/tmp /run/data /run/cards
ln -s {modules} /run/modules/lib/modules
modprobe -d /run/modules -a {wanted}
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export TMPDIR=/run/tmp HOME=/run/tmp LC_ALL=C.UTF-8 DM_DISABLE_UDEV=1 PYTHONDONTWRITEBYTECODE=1
export PYTHONPATH={root}/src:{root} PYTHONHASHSEED=0
{environment}
cd {root}
{python} -m tests.faults.guest.{program} {arguments}
echo '{mark}{{"ended": '$?'}}'
sync
echo o > /proc/sysrq-trigger
sleep 60
"""


def missing() -> str:
    """Why there can be no guest here; empty if there can."""
    if os.getuid() != 0:
        return "needs root, for the guest's disks are looked at through loop devices"
    absent = [tool for tool in TOOLS if shutil.which(tool) is None]
    if absent:
        return f"needs {', '.join(absent)}: the Debian packages in requirements/debian.txt"
    if not MODULES.is_dir():
        return f"needs {MODULES}"
    return "" if Path("/dev/loop-control").exists() else "needs loop devices"


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder for disks, in memory where there is room: a guest's fsync is then no wait for a real disk."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2 << 30
    folder = Path(tempfile.mkdtemp(prefix="aigaq-uml-", dir=memory if roomy else None))
    try:
        yield folder
    finally:
        for mount in _mounted_under(folder):
            subprocess.run(["umount", "-l", mount], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _mounted_under(folder: Path) -> list[str]:
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    return [line.split()[4] for line in reversed(lines) if line.split()[4].startswith(f"{folder}/")]


class Guest:
    """A running one. `disks` become /dev/ubdb, /dev/ubdc … in their order."""

    def __init__(
        self,
        folder: Path,
        program: str,
        *arguments: object,
        disks: tuple[Path, ...] = (),
        environment: Mapping[str, str] | None = None,
        megabytes: int = 384,
    ) -> None:
        self._heard = bytearray()
        self._noise: list[str] = []
        self.told: list[dict[str, Any]] = []
        """Everything it said so far."""
        # Not in `folder`: the guest has a /dev of its own.
        self._place = tempfile.TemporaryDirectory(prefix="aigaq-guest-", dir="/tmp")
        init = Path(self._place.name) / "init.sh"
        init.write_text(
            _INIT.format(
                modules=MODULES,
                wanted=_WANTED,
                root=ROOT,
                environment="\n".join(f"export {k}='{v}'" for k, v in (environment or {}).items()),
                python=sys.executable,
                program=program,
                arguments=" ".join(f"'{each}'" for each in arguments),
                mark=MARK,
            )
        )
        init.chmod(0o755)
        letters = "bcdefgh"
        command = [
            *("linux.uml", f"mem={megabytes}M", "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro"),
            *(f"ubd{letter}={disk}" for letter, disk in zip(letters, disks, strict=False)),
            *(f"init={init}", "con=null", "con0=fd:0,fd:1", "quiet", f"uml_dir={self._place.name}/"),
        ]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Its memory is a file, which must be executable: some mount /dev/shm so that nothing on it is.
            env={**os.environ, "TMPDIR": "/tmp"},
            start_new_session=True,
        )

    def hear(self, seconds: float = PATIENCE) -> dict[str, Any] | None:
        """The next thing that it says; None if it says nothing for so long. Fails if it died by itself."""
        until = time.monotonic() + seconds
        while True:
            line, found, rest = self._heard.partition(b"\n")
            if found:
                self._heard = rest
                _, said, message = line.decode(errors="replace").strip().partition(MARK)
                if said:
                    self.told.append(json.loads(message))
                    return self.told[-1]
                self._noise = [*self._noise[-60:], line.decode(errors="replace").strip()]
                continue
            left = until - time.monotonic()
            if left <= 0:
                return None
            ready, _, _ = select.select([self._process.stdout], [], [], left)
            if ready:
                octets = os.read(self._process.stdout.fileno(), 65536)
                if not octets:
                    raise AssertionError("the guest went away by itself:\n" + self.noise)
                self._heard += octets

    def wait_for(self, what: str, seconds: float = PATIENCE) -> dict[str, Any]:
        """Until it says something with that name in it."""
        while True:
            message = self.hear(seconds)
            assert message is not None, f"the guest said nothing for {seconds} s, not “{what}”:\n{self.noise}"
            if what in message:
                return message
            assert "ended" not in message, f"the guest ended ({message}) before “{what}”:\n{self.noise}"

    def listen(self, seconds: float) -> None:
        """For so long, whatever it says."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.hear(left)

    @property
    def noise(self) -> str:
        """What was on its console beside that."""
        return "\n".join(self._noise)

    def cut(self) -> None:
        """The power. What it said before is heard still."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._heard += self._process.stdout.read()
            while b"\n" in self._heard:
                self.hear(0)
        self._process.stdout.close()
        self._place.cleanup()

    def end(self) -> None:
        """Having run its program to the end; fails if that failed."""
        message = self.wait_for("ended")
        assert message["ended"] == 0, self.noise
        self._process.wait(PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()


@contextmanager
def mounted(image: Path, at: Path) -> Iterator[Path]:
    """A guest's disk here, as its next start would find it: an ext4's journal is replayed."""
    at.mkdir(exist_ok=True)
    subprocess.run(["mount", "-o", "loop", image, at], check=True)
    try:
        yield at
    finally:
        subprocess.run(["umount", at], check=True)


def ext4_disk(image: Path, *, megabytes: int, content: Path | None = None) -> Path:
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    filled = ["-d", content] if content else []
    subprocess.run(["mkfs.ext4", "-q", *filled, image], check=True)
    return image


def fat_disk(image: Path, *, megabytes: int = 40) -> Path:
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    subprocess.run(["mkfs.vfat", "-F", "32", "-i", "1A2B3C4D", image], check=True, capture_output=True)
    return image


def files_on_fat(image: Path) -> dict[str, bytes | None]:
    """What is on it, read without mounting it: this kernel may not know FAT. None for what can't be read.

    FAT has no journal: a file that was just being deleted may keep its name and have lost its octets.
    """
    environment = {**os.environ, "MTOOLS_SKIP_CHECK": "1", "LC_ALL": "C.UTF-8"}

    def tool(*words: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(list(map(str, words)), env=environment, capture_output=True, check=False)

    listed = tool("mdir", "-i", image, "-b", "-a", "-/", "::").stdout.decode().splitlines()
    paths = [line.removeprefix("::/") for line in listed if line.startswith("::/") and not line.endswith("/")]
    copies = {path: tool("mtype", "-i", image, f"::/{path}") for path in paths}
    return {path: None if copy.returncode or copy.stderr else copy.stdout for path, copy in copies.items()}
