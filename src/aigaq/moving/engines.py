"""Two databases at once: the office's own, held so that nobody else has it, and the one that it goes to.

Everything below asks for *the* database (`django.db.connection`). `speaking_to` says which one that is.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from aigaq.moving.errors import NoSourceError, SourceInUseError, TargetUnreachableError

SOURCE: Final = "moving-from"
TARGET: Final = "moving-to"
_PATIENCE: Final = 5
"""Seconds for whoever is just closing the file."""


@contextmanager
def source(settings: Mapping[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """The SQLite file of these settings, which no other program has open, and can't open until the end.

    Raises `NoSourceError` or `SourceInUseError`.
    """
    path = Path(settings["NAME"])
    if not path.is_file() or not path.stat().st_size:
        raise NoSourceError(path=path)
    options = dict(settings["OPTIONS"])
    # Before anything is read: then SQLite locks the file as a whole, and shares no memory over it.
    options["init_command"] = f"PRAGMA locking_mode=EXCLUSIVE; {options['init_command']}"
    options["timeout"] = _PATIENCE
    with _opened(SOURCE, {**settings, "OPTIONS": options}) as wrapper:
        try:
            wrapper.ensure_connection()
            with wrapper.cursor() as cursor:
                cursor.execute("BEGIN EXCLUSIVE")
                cursor.execute("COMMIT")
        except OperationalError as error:
            if "locked" in str(error):
                raise SourceInUseError(path=path) from error
            raise
        yield wrapper


@contextmanager
def target(settings: Mapping[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """Raises `TargetUnreachableError`."""
    with _opened(TARGET, settings) as wrapper:
        try:
            wrapper.ensure_connection()
        except OperationalError as error:
            reason = str(error).strip().partition("\n")[0]
            raise TargetUnreachableError(target=name_of(wrapper), reason=reason) from error
        yield wrapper


@contextmanager
def speaking_to(wrapper: BaseDatabaseWrapper) -> Iterator[None]:
    """Whoever asks for the database in this thread is given this one."""
    before = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = wrapper
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = before


def name_of(wrapper: BaseDatabaseWrapper) -> str:
    """For people, without a password."""
    settings = wrapper.settings_dict
    place = ":".join(str(part) for part in (settings["HOST"], settings["PORT"]) if part)
    return f"postgresql://{place}/{settings['NAME']}"


@contextmanager
def _opened(alias: str, settings: Mapping[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    wrapper = ConnectionHandler({DEFAULT_DB_ALIAS: {}, alias: dict(settings)})[alias]
    connections[alias] = wrapper
    try:
        yield wrapper
    finally:
        del connections[alias]
        wrapper.close()
