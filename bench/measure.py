"""Wall and processor seconds of whole processes, peers in turn: machines are noisy, ratios less so."""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

os.environ["AIGAQ_IMMUTABLE"] = "no"  # what is measured must go away afterwards
SCRATCH = Path(os.environ.get("AIGAQ_BENCH_SCRATCH", tempfile.gettempdir()))


@dataclass
class Cost:
    """Medians over the rounds, in seconds."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return statistics.median(self.wall)

    @property
    def cpu_seconds(self) -> float:
        return statistics.median(self.cpu)


def run(command: Sequence[str] | str, env: Mapping[str, str] | None = None) -> tuple[float, float]:
    """Run to the end; (wall, user + system) seconds of it and its children. A failure ends the benchmark."""
    before = os.times()
    started = time.perf_counter()
    done = subprocess.run(
        command,
        shell=isinstance(command, str),
        env={**os.environ, **(env or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    wall = time.perf_counter() - started
    after = os.times()
    if done.returncode != 0:
        raise SystemExit(f"{command} failed:\n{done.stderr.decode(errors='replace')}")
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return wall, cpu


def in_turn(rounds: int, contestants: Mapping[str, Callable[[], tuple[float, float]]]) -> dict[str, Cost]:
    """Each once a round, one after the other, so that a slow minute of the machine hits all alike."""
    costs = {name: Cost() for name in contestants}
    for _ in range(rounds):
        for name, contestant in contestants.items():
            wall, cpu = contestant()
            costs[name].wall.append(wall)
            costs[name].cpu.append(cpu)
    return costs


def random_files(folder: Path, count: int, size: int) -> list[Path]:
    """`count` files of `size` octets that don't compress and differ from one another."""
    folder.mkdir(parents=True)
    files = []
    for number in range(count):
        path = folder / f"BC-001_20261120_{number:06d}.MP4"
        with path.open("wb") as file:
            left = size
            while left:
                left -= file.write(os.urandom(min(left, 16 << 20)))
        files.append(path)
    return files


def forget_cache(folder: Path) -> None:
    """Drop a folder's pages from the page cache, so that a source is read from the disk."""
    os.sync()
    for path in folder.rglob("*"):
        if path.is_file():
            fd = os.open(path, os.O_RDONLY)
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(fd)


@contextmanager
def scratch():
    with tempfile.TemporaryDirectory(prefix="aigaq-bench-", dir=SCRATCH) as folder:
        yield Path(folder)
