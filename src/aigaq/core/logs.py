"""The technical log: what happened to the program, never to a person.

An allow-list. Of a record there is written: when, how grave, whose, the words of the message as they stand
in our source, and of what fills them only numbers, instants, ids and `Word`s; of an exception its types, our
codes and where it went through, never its text. A name, a path, a plate, whatever anybody typed has no way
in (`docs/operations/log.md`).
"""

import errno
import json
import logging
import os
import re
import ssl
import traceback
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

request_id: Final[ContextVar[str]] = ContextVar("request_id", default="")
"""Of the request that this thread answers; empty outside of one."""

OURS: Final = "aigaq"
HIDDEN: Final = "…"
KEYS: Final = frozenset(
    {"chore", "code", "count", "octets", "place", "seconds", "seq", "status_code", "unload"}
)
"""What may be given by `extra`, besides what fills the message; each value is judged like those."""
_CAUSES: Final = 5
_FILLED: Final = re.compile(r"%(?:\([^)]*\))?[-#0 +]*(?:\d+|\*)?(?:\.(?:\d+|\*))?[a-zA-Z]")
_CODE: Final = re.compile(r"[a-z0-9]+(?:[.:_-][a-z0-9]+)*", re.ASCII)
_HERE: Final = Path(__file__).resolve().parents[1]
_FOREIGN: Final = re.compile(r".*/(?:site-packages|python3\.\d+)/")


class Word(str):
    """A code, or a name that stands in our source: the only text that fills a message of the log."""

    __slots__ = ()


def safe(value: object) -> Any:  # noqa: ANN401 - what JSON can say
    """`value`, as it may be written; else `HIDDEN`."""
    if value is None or isinstance(value, bool | int | float | Word):
        # Of an enumeration of ours the value may be anything: its type says nothing of it.
        return value if type(value) in (bool, int, float, Word, type(None)) else HIDDEN
    if isinstance(value, UUID | datetime | date):
        return str(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    return HIDDEN


def facts(record: logging.LogRecord) -> dict[str, Any]:
    """All of a record that is ever written, in its order."""
    found: dict[str, Any] = {
        "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "event": _event(record),
    }
    found |= {key: safe(vars(record)[key]) for key in sorted(KEYS & vars(record).keys())}
    view = _view(record)
    if view:
        found["view"] = view
    asked = request_id.get()
    if asked:
        found["request"] = asked
    if record.exc_info and record.exc_info[1] is not None:
        error = record.exc_info[1]
        code = code_of(error)
        if code:
            found.setdefault("code", code)
        found["errors"] = [about(each) for each in _chain(error)]
    return found


class JsonLines(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(facts(record), ensure_ascii=False)


class PlainLines(logging.Formatter):
    """For people at a terminal: the same, and no more."""

    def format(self, record: logging.LogRecord) -> str:
        found = facts(record)
        rest = [
            f"{key}={value}"
            for key, value in found.items()
            if key not in {"ts", "level", "logger", "event", "errors"}
        ]
        lines = [" ".join((found["ts"], found["level"], found["logger"], found["event"], *rest))]
        for error in found.get("errors", ()):
            told = " ".join(str(value) for key, value in error.items() if key != "at")
            lines += [f"  {told}", *(f"    {place}" for place in error["at"])]
        return "\n".join(lines)


def about(error: BaseException) -> dict[str, Any]:
    """Its type, its codes, and where it went through."""
    found: dict[str, Any] = {"type": f"{type(error).__module__}.{type(error).__qualname__}"}
    code = code_of(error)
    if code:
        found["code"] = code
    # Those of TLS are OSErrors with numbers of their own.
    if isinstance(error, OSError) and not isinstance(error, ssl.SSLError) and error.errno is not None:
        found["errno"] = errno.errorcode.get(error.errno, error.errno)
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str) and re.fullmatch(r"[0-9A-Z]{5}", state):
        found["sqlstate"] = state
    found["at"] = list(_places(error))
    return found


def code_of(error: BaseException) -> str:
    """Of an error of ours, as its class has it: an instance could have been given any."""
    code = getattr(type(error), "code", None)
    is_ours = type(error).__module__.partition(".")[0] == OURS
    return code if is_ours and isinstance(code, str) and _CODE.fullmatch(code) else ""


def _event(record: logging.LogRecord) -> str:
    """The message of ours with what may fill it; of others, where they said something.

    What another program gives as its message may be filled in already, so only one that is still to be filled
    is told, with nothing in it.
    """
    template = record.msg if isinstance(record.msg, str) else ""
    if record.name.partition(".")[0] != OURS:
        place = f"{record.module}.{record.funcName}:{record.lineno}"
        return f"{_FILLED.sub(HIDDEN, template)} ({place})" if record.args and template else place
    given: Any = record.args
    values = iter(()) if isinstance(given, Mapping) or not given else iter(given)
    return _FILLED.sub(lambda _match: str(safe(next(values, HIDDEN))), template)


def _view(record: logging.LogRecord) -> str:
    """The name of the address that was asked for, as the URL conf has it."""
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    name = getattr(match, "view_name", None)
    return name if isinstance(name, str) and _CODE.fullmatch(name) else ""


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen and len(seen) < _CAUSES:
        seen.add(id(following))
        yield following
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)


def _places(error: BaseException) -> Iterator[str]:
    """File, line and function of each frame of ours, and of the last one whosever it is."""
    frames = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False)
    for number, frame in enumerate(frames, start=1):
        path = Path(frame.filename)
        if path.is_relative_to(_HERE):
            yield f"{OURS}/{path.relative_to(_HERE)}:{frame.lineno} {frame.name}"
        elif number == len(frames):
            yield f"{_FOREIGN.sub('', os.fspath(path))}:{frame.lineno} {frame.name}"
