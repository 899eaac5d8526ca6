"""Gives the test run a database of its own before Django is configured; loaded by `-p` in pyproject.toml.

AIGAQ_TEST_DATABASE=postgresql starts a real PostgreSQL for the run and stops it afterwards; anything
else means SQLite in a temporary folder.
"""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

from tests.support import amount

NOBODY = 65534
os.environ.setdefault("AIGAQ_USB", "no")  # what is plugged into the machine of the tests is none of theirs
ENGINE = os.environ.get("AIGAQ_TEST_DATABASE", "sqlite")


def _programs() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return installed[-1].parent if installed else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Postgres:
    """A server of our own on loopback, as an unprivileged user; gone when the test run ends."""

    def __init__(self, *settings: str) -> None:
        """`settings` as in postgresql.conf, without spaces."""
        programs = _programs()
        if programs is None:
            message = "PostgreSQL's initdb is not installed; `make test` as root installs it"
            raise RuntimeError(message)
        self._bin = programs
        self.folder = Path(tempfile.mkdtemp(prefix="aigaq-postgresql-"))
        self._as = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        if self._as:
            os.chown(self.folder, NOBODY, NOBODY)
        self.port = _free_port()
        data = str(self.folder / "data")
        self._run(
            "initdb", "-D", data, "-A", "trust", "-U", "aigaq", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
        )
        options = (
            f"-c listen_addresses=127.0.0.1 -p {self.port} -c unix_socket_directories={self.folder} "
            "-c fsync=off -c max_connections=60"
        ) + "".join(f" -c {each}" for each in settings)
        self._run("pg_ctl", "-D", data, "-w", "-l", str(self.folder / "log"), "-o", options, "start")
        atexit.register(self.stop)

    def url(self, name: str) -> str:
        return f"postgresql://aigaq@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, like: str = "template0") -> str:
        """Make an empty database, or one like another that nobody has open, and return its address."""
        asked = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "aigaq")
        self._run("createdb", *asked, "-T", like, name)
        return self.url(name)

    def copy(self, url: str, onto: str) -> None:
        """Put what is in one database, which nobody has open, in place of another."""
        asked = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "aigaq")
        name, copy = (each.rpartition("/")[2] for each in (url, onto))
        self._run("dropdb", *asked, copy)
        self._run("createdb", *asked, "-T", name, copy)

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        path = self._bin / program
        command = [str(path if path.exists() else shutil.which(program)), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **self._as)


_data = Path(tempfile.mkdtemp(prefix="aigaq-tests-"))
atexit.register(shutil.rmtree, _data, ignore_errors=True)
os.environ["AIGAQ_DATA"] = str(_data)
os.environ["AIGAQ_IMMUTABLE"] = "no"  # what tests store must go with them
for _name in (
    "AIGAQ_DATABASE_URL",
    "AIGAQ_DATABASE_URL_FILE",
    "AIGAQ_MOVE_TO",
    "AIGAQ_MOVE_TO_FILE",
    "AIGAQ_DOCKS",
    "AIGAQ_PUBLIC_URL",
    "AIGAQ_HOSTS",
    "AIGAQ_SMTP_URL",
    "AIGAQ_SMTP_URL_FILE",
    "AIGAQ_SMTP_CA",
    "AIGAQ_MAIL_FROM",
    "AIGAQ_NOTICE_COMMAND",
    "AIGAQ_VAULT",
    "AIGAQ_VAULT_COPIES",
    "AIGAQ_COPIES_REQUIRED",
    "AIGAQ_SCRUB_DAYS",
):
    os.environ.pop(_name, None)


@cache
def postgres() -> Postgres:
    """A real one, whichever database the tests run on."""
    return server or Postgres()


whatever_the_engine = pytest.mark.skipif(
    ENGINE == "postgresql" and not amount.FULL, reason="the engine has no part in it"
)
"""Of a test that would say on PostgreSQL what it says on SQLite: only the long runs ask it twice."""

server: Postgres | None = None
if ENGINE == "postgresql":
    server = Postgres()
    os.environ["AIGAQ_DATABASE_URL"] = server.url("postgres")
