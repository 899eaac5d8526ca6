"""The database as one file, of one moment, while the office works; and back. Each engine in its own way."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

from django.db import connection

from aigaq.recovery.errors import DumpFailedError, NoDumpProgramError, OtherEngineError

Engine = Literal["sqlite", "postgresql"]
_TOLD: Final = 500
"""Characters of what a program complained of."""


def engine() -> Engine:
    return "sqlite" if connection.vendor == "sqlite" else "postgresql"


def dump(into: Path) -> None:
    """Write the database into the new file `into`.

    Raise `NoDumpProgramError`, `DumpFailedError` or ``OSError``.
    """
    if engine() == "sqlite":
        _dump_sqlite(into)
        return
    arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--file={into}"]
    _run("pg_dump", arguments)


def load(dumped: Path, of: Engine) -> None:
    """Make the dumped database the one that the settings name, which is empty.

    Raise `OtherEngineError`, `NoDumpProgramError`, `DumpFailedError` or ``OSError``.
    """
    if of != engine():
        raise OtherEngineError(theirs=of, ours=engine())
    if of == "sqlite":
        connection.close()
        path = Path(connection.settings_dict["NAME"])
        for ending in ("-wal", "-shm", "-journal"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        dumped.replace(path)
        return
    _run(
        "pg_restore",
        ["--exit-on-error", "--single-transaction", "--no-owner", str(dumped)],
        target="--dbname",
    )


def require_program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise NoDumpProgramError(program=name)
    return found


def _dump_sqlite(into: Path) -> None:
    """By SQLite's own online backup: a consistent copy though others write meanwhile.

    In one step: nobody waits for who reads (WAL), and a write between two steps would begin it anew.
    """
    connection.ensure_connection()
    # As a URI, and so without what a name may have that a URI reads otherwise.
    uri = f"{Path(connection.settings_dict['NAME']).absolute().as_uri()}?mode=ro"
    try:
        with (
            contextlib.closing(sqlite3.connect(uri, uri=True, timeout=30)) as source,
            contextlib.closing(sqlite3.connect(into)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
            (sound,) = target.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as error:
        raise DumpFailedError(program="sqlite3", reason=str(error)) from error
    if sound != "ok":
        raise DumpFailedError(program="sqlite3", reason=str(sound)[:_TOLD])
    _fsync(into)


def _run(program: str, arguments: list[str], *, target: str = "") -> None:
    found, settings = require_program(program), connection.settings_dict
    name = str(settings["NAME"])
    command = [found, *arguments, *([f"{target}={name}"] if target else [name])]
    done = subprocess.run(command, env=_environment(settings), capture_output=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        raise DumpFailedError(program=program, reason=done.stderr.decode(errors="replace").strip()[:_TOLD])


def _environment(settings: Mapping[str, Any]) -> dict[str, str]:
    """Where the server is; the password stands in no list of processes."""
    own = {
        "PGHOST": settings["HOST"],
        "PGPORT": str(settings["PORT"]),
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
    }
    return {**os.environ, **{key: value for key, value in own.items() if value}}


def _fsync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
