"""What a dock tells while it works: how far it is, what is wrong, what stands at its ports, how it ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from aigaq.core.canonical import Json
from aigaq.errors import AigaqError
from aigaq.unloading import errors
from aigaq.unloading.desk import Beat
from aigaq.unloading.wire.values import (
    FILES_LIMIT,
    PATH_LIMIT,
    SIZE_LIMIT,
    MalformedMessageError,
    flag,
    is_text,
    list_in,
    object_in,
    require,
    text_in,
    texts_in,
    whole,
)

PROBLEMS_LIMIT: Final = 1_000
FACTS_LIMIT: Final = 8
SENTENCE_LIMIT: Final = PATH_LIMIT + 2_000
"""Characters: it may name a path."""
PORTS_LIMIT: Final = 256
PORT_STATES: Final = frozenset(
    ("empty", "found", "mounting", "unloading", "clearing", "ready", "tray", "kept", "failed", "unreadable")
)


def beat_out(beat: Beat) -> dict[str, Json]:
    return {
        "octets": beat.octets,
        "current": beat.current,
        "unread": beat.unread,
        "problems": problems_out(beat.problems),
    }


def beat_in(value: object) -> Beat:
    told = object_in(value)
    require(whole(told, "unread") <= FILES_LIMIT, "unread")
    return Beat(
        whole(told, "octets"),
        text_in(told, "current", PATH_LIMIT),
        whole(told, "unread"),
        problems_in(told.get("problems")),
    )


def problems_out(problems: Sequence[errors.FileProblemError]) -> Json:
    return [{"code": each.code, "facts": errors.facts_of(each)} for each in problems[:PROBLEMS_LIMIT]]


def problems_in(value: object) -> tuple[errors.FileProblemError, ...]:
    """Only what this version knows and can say; a dock of a newer one is understood as far as that goes."""
    if not isinstance(value, list) or len(value) > PROBLEMS_LIMIT:
        raise MalformedMessageError(reason="problems")
    return tuple(_problem_in(each) for each in value)


def _problem_in(value: object) -> errors.FileProblemError:
    told = object_in(value)
    facts = _facts_in(told)
    problem = known_error(text_in(told, "code"), facts)
    if isinstance(problem, errors.FileProblemError):
        return problem
    return errors.FileProblemError(path=str(facts.get("path", "?")))


def end_in(value: object) -> tuple[str, str, Mapping[str, Any]]:
    """How an unloading ended: its state, and code and facts of why it waits or left something."""
    told = object_in(value)
    return text_in(told, "state"), text_in(told, "code"), object_in(told.get("facts"))


def error_in(value: object) -> errors.DockStoppedError:
    """Why an unloading stopped at the dock, in the dock's words and with its code."""
    told = object_in(value)
    return errors.DockStoppedError(
        reason=text_in(told, "sentence", SENTENCE_LIMIT), cause=text_in(told, "code")
    )


def paths_in(value: object, name: str) -> list[str]:
    return texts_in(object_in(value), name, FILES_LIMIT)


@dataclass(frozen=True, slots=True)
class ToldPort:
    """What a dock says of one of its ports."""

    port: str
    state: str
    error: AigaqError | None
    unload: str
    there: bool
    """The reader hangs there at this moment."""


def ports_in(value: object) -> list[ToldPort]:
    return [_port_in(each) for each in list_in(object_in(value), "ports", PORTS_LIMIT)]


def _port_in(value: object) -> ToldPort:
    told = object_in(value)
    state, code, unload = text_in(told, "state"), text_in(told, "code"), text_in(told, "unload")
    require(state in PORT_STATES, "a port's state")
    facts = _facts_in(told)
    error = known_error(code, facts) if code else None
    return ToldPort(text_in(told, "port"), state, error, _uuid(unload), flag(told, "there"))


def known_error(code: str, facts: Mapping[str, Any]) -> AigaqError | None:
    """An error that this version can say with these facts; None else."""
    kind = errors.by_code(code)
    if kind is None or not _are_facts(facts):
        return None
    try:
        error = kind(**facts)
        str(error)
    except (KeyError, IndexError, ValueError, TypeError, AttributeError):
        return None
    return error


def _facts_in(told: Mapping[str, Any]) -> dict[str, Any]:
    facts = object_in(told.get("facts"))
    require(_are_facts(facts), "an error's facts")
    return facts


def _are_facts(facts: Mapping[str, Any]) -> bool:
    good = all(is_text(name) and _is_fact(each) for name, each in facts.items())
    return good and len(facts) <= FACTS_LIMIT


def _is_fact(value: object) -> bool:
    return is_text(value, PATH_LIMIT) or (isinstance(value, int) and abs(value) < SIZE_LIMIT)


def _uuid(text: str) -> str:
    try:
        return str(UUID(text)) if text else ""
    except ValueError as error:
        raise MalformedMessageError(reason="a number of an unloading") from error
