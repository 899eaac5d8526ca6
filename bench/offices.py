"""Real installations to measure: made by `aigaq init`, used by the commands; and daemons over them."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.measure import run

AIGAQ = str(Path(sys.executable).with_name("aigaq"))


@dataclass(frozen=True)
class Installation:
    data: Path

    def aigaq(self, *words: str) -> tuple[float, float]:
        """Run one command of ours on this installation; (wall, processor) seconds, start-up included."""
        return run([AIGAQ, *words, "--data", str(self.data)])


def new_installation(folder: Path) -> Installation:
    passwords = folder / "passwords"
    passwords.write_text(f"{os.urandom(12).hex()}\n{os.urandom(12).hex()}\n", encoding="ascii")
    passwords.chmod(0o600)
    installation = Installation(folder / "data")
    installation.aigaq("init", "--non-interactive", "--vault-password-file", str(passwords))
    return installation


TICKS = os.sysconf("SC_CLK_TCK")
_LISTENS = re.compile(r"https?://[^/ ]+:(\d+)/")


@dataclass(frozen=True)
class Daemon:
    """A command of ours that runs until it is told to stop."""

    process: subprocess.Popen[str]

    @property
    def cpu_seconds(self) -> float:
        """User and system time of it and of its children that have ended (proc_pid_stat(5))."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / TICKS

    def port(self) -> int:
        """Where `aigaq serve` listens, once it does."""
        assert self.process.stderr is not None
        heard = []
        for line in self.process.stderr:
            heard.append(line)
            if found := _LISTENS.search(line):
                threading.Thread(target=self.process.stderr.read, daemon=True).start()
                return int(found[1])
        raise SystemExit("".join(heard))


@contextmanager
def daemon(data: Path, *words: str) -> Iterator[Daemon]:
    """Run it over the installation or the dock in `data`; it sees no USB."""
    process = subprocess.Popen(
        [AIGAQ, *words, "--json", "--data", str(data)],
        env={**os.environ, "AIGAQ_USB": "no", "AIGAQ_LANG": "en"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Daemon(process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def wait_for_unloads(data: Path, count: int) -> None:
    """Until so many unloads have ended, as the database in `data` says."""
    with closing(sqlite3.connect(f"file:{data}/aigaq.sqlite3?mode=ro", uri=True)) as database:
        ended = "SELECT count(*) FROM ingest_unload WHERE finished_at IS NOT NULL"
        while database.execute(ended).fetchone()[0] < count:
            time.sleep(0.05)
