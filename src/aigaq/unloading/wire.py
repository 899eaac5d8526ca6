"""What a dock and its server say to each other about a card, as JSON: `docs/formats/dock-api.md`, "The desk".

Both sides read with the functions here, which take nothing that they did not check.
"""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import UUID

from aigaq.core.canonical import Json
from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.core.digests import ContentDigest, MalformedDigestError, StoredDigest
from aigaq.errors import N_, AigaqError, BadInputError
from aigaq.media import probe
from aigaq.media.kinds import Kind
from aigaq.unloading import errors
from aigaq.unloading.desk import Beat, SeenCard, SeenClock, SeenFile, Settled, Ticket
from aigaq.unloading.facts import CLEAN, EnteredFile, FoundFile, Hole, Judged, Reading
from aigaq.unloading.recorders.takes import Role, Segment, Sibling
from aigaq.unloading.sources import identity
from aigaq.unloading.sources.salvage import HOLES
from aigaq.vault.layout import BlobName
from aigaq.vault.store import Stored

PATH_LIMIT: Final = 20_000
ERRORS_LIMIT: Final = 2**31 - 1
"""Characters of a path: 32 folders of 255 octets, each spelt as ``\\xNN``, and some."""
TEXT_LIMIT: Final = 200
FILES_LIMIT: Final = 200_000
PROBLEMS_LIMIT: Final = 1_000
FACTS_LIMIT: Final = 8
PORTS_LIMIT: Final = 256
DEVICES_LIMIT: Final = 64
SIBLINGS_LIMIT: Final = 64
PORT_STATES: Final = frozenset(
    ("empty", "found", "mounting", "unloading", "clearing", "ready", "tray", "kept", "failed", "unreadable")
)
CARD_LIMIT: Final = 64 << 20
"""Octets of the message that lists a whole card: 200,000 names."""
SIZE_LIMIT: Final = 1 << 53
"""The largest whole numbers that every JSON reader keeps exactly."""

E = TypeVar("E", bound=StrEnum)
StoredOf = Callable[[ContentDigest, StoredDigest], Stored]
"""What the vault has under these digests: a dock's word is not taken for it. Raises where it has nothing."""


class MalformedMessageError(BadInputError):
    code = "dock.malformed-message"
    message = N_(
        "What the other side sent can't be read ({reason}). Server and dock may be of different versions: "
        "update the older one."
    )


def card_out(card: SeenCard) -> dict[str, Json]:
    octets = card.identity
    return {
        "port": card.port,
        "identity": None if octets is None else octets_out(octets),
        "identity_doubt": card.identity_doubt[:TEXT_LIMIT],
        "volume": card.volume,
        "folder": card.folder,
        "files": [[each.path, each.size, each.modified_ns] for each in card.files],
        "problems": problems_out(card.problems),
        "devices": list(card.devices),
        "clock": _clock_out(card.clock),
    }


def card_in(value: object) -> SeenCard:
    told = _object(value)
    coded = told.get("identity")
    return SeenCard(
        port=_text(told, "port"),
        identity=None if coded is None else _octets(coded, identity.LIMIT + 1),
        identity_doubt=_text(told, "identity_doubt"),
        volume=_text(told, "volume"),
        folder=_text(told, "folder"),
        files=tuple(_file_in(each) for each in _list(told, "files", FILES_LIMIT)),
        problems=problems_in(told.get("problems")),
        devices=tuple(_texts(told, "devices", DEVICES_LIMIT)),
        clock=_clock_in(told.get("clock")),
    )


def _clock_out(clock: SeenClock | None) -> Json:
    return None if clock is None else {"device_at": rfc3339(clock.device_at), "path": clock.path}


def _clock_in(value: object) -> SeenClock | None:
    if value is None:
        return None
    told = _object(value)
    at = _instant_in(told.get("device_at"))
    if at is None:
        raise MalformedMessageError(reason="a time")
    return SeenClock(at, _text(told, "path", PATH_LIMIT))


def _file_in(value: object) -> SeenFile:
    match value:
        case [str(path), int(size), int(modified_ns)] if len(path) <= PATH_LIMIT:
            _require(0 <= size < SIZE_LIMIT, "a size")
            _require(-(1 << 63) <= modified_ns < 1 << 63, "a time")
            return SeenFile(path, size, modified_ns)
    raise MalformedMessageError(reason="a file has another form")


def ticket_out(ticket: Ticket) -> dict[str, Json]:
    return {
        "unload": ticket.unload,
        "card": ticket.card,
        "installation": ticket.installation,
        "known": [[path, size, judged] for (path, size), judged in ticket.known.items()],
        "doubtful": ticket.doubtful,
    }


def ticket_in(value: object) -> Ticket:
    told = _object(value)
    known: dict[tuple[str, int], bool] = {}
    for each in _list(told, "known", FILES_LIMIT):
        match each:
            case [str(path), int(size), bool(judged)]:
                known[path, size] = judged
            case _:
                raise MalformedMessageError(reason="a known file has another form")
    return Ticket(
        _text(told, "unload"),
        _text(told, "card"),
        _text(told, "installation"),
        known,
        # A server of an earlier version says nothing of it: then the card is not believed.
        doubtful=told.get("doubtful") is not False,
    )


def found_out(found: FoundFile, stored_as: Callable[[ContentDigest], StoredDigest]) -> dict[str, Json]:
    """`stored_as` says under which digest the far side has a content."""
    judged = found.judged
    still = judged.still if judged else None
    return {
        "path": found.path,
        "modified_at": _instant_out(found.modified_at),
        "recorded_at": _instant_out(found.recorded_at),
        "kind": found.kind.value,
        "blob": _blob_out(found.stored, stored_as),
        "judgement": judged.judgement.to_dict() if judged else None,
        "still": _blob_out(still, stored_as) if still else None,
        "segment": _segment_out(found.segment),
        "reading": _reading_out(found.reading),
    }


def found_in(value: object, stored_of: StoredOf) -> FoundFile:
    told = _object(value)
    judgement = told.get("judgement")
    judged = None
    if judgement is not None:
        still = told.get("still")
        judged = Judged(_judgement_in(judgement), None if still is None else _blob_in(still, stored_of))
    stored = _blob_in(told.get("blob"), stored_of)
    return FoundFile(
        path=_text(told, "path", PATH_LIMIT),
        modified_at=_instant_in(told.get("modified_at")),
        recorded_at=_instant_in(told.get("recorded_at")),
        kind=_member(Kind, told.get("kind"), "kind"),
        stored=stored,
        judged=judged,
        segment=_segment_in(told.get("segment")),
        reading=_reading_in(told.get("reading"), stored.size),
    )


def _segment_out(segment: Segment | None) -> Json:
    if segment is None:
        return None
    return {
        "take": segment.take,
        "began_at": _instant_out(segment.began_at),
        "ordinal": segment.ordinal,
        "role": segment.role.value,
        "recorded_at": _instant_out(segment.recorded_at),
        "number": segment.number,
        "profile": segment.profile,
        "siblings": [list(each) for each in segment.siblings],
    }


def _segment_in(value: object) -> Segment | None:
    if value is None:
        return None
    told = _object(value)
    ordinal = whole(told, "ordinal")
    _require(1 <= ordinal <= FILES_LIMIT, "ordinal")
    return Segment(
        take=_text(told, "take", PATH_LIMIT),
        began_at=_instant_in(told.get("began_at")),
        ordinal=ordinal,
        role=_member(Role, told.get("role"), "role"),
        recorded_at=_instant_in(told.get("recorded_at")),
        number=None if told.get("number") is None else whole(told, "number"),
        profile=_text(told, "profile"),
        siblings=tuple(_sibling_in(each) for each in _list(told, "siblings", SIBLINGS_LIMIT)),
    )


def _sibling_in(value: object) -> Sibling:
    seen = _file_in(value)
    return Sibling(seen.path, seen.size, seen.modified_ns)


def _reading_out(reading: Reading) -> Json:
    """None of a file that was read without fault."""
    if reading == CLEAN:
        return None
    return {"errors": reading.errors, "holes": [[hole.offset, hole.length] for hole in reading.holes]}


def _reading_in(value: object, size: int) -> Reading:
    """Holes in their order, apart from one another and inside the file."""
    if value is None:
        return CLEAN
    told = _object(value)
    holes: list[Hole] = []
    end = -1
    for each in _list(told, "holes", HOLES):
        match each:
            case [int(offset), int(length)] if end < offset and length > 0 and offset + length <= size:
                holes.append(Hole(offset, length))
                end = offset + length
            case _:
                raise MalformedMessageError(reason="a hole has another form")
    return Reading(min(whole(told, "errors"), ERRORS_LIMIT), tuple(holes))


def _judgement_in(value: object) -> probe.Judgement:
    try:
        return probe.believe(value, None)
    except probe.UntrustworthyAnswerError as error:
        raise MalformedMessageError(reason=f"judgement: {error.details['field']}") from error


def _blob_out(stored: Stored, stored_as: Callable[[ContentDigest], StoredDigest]) -> Json:
    return {"content": stored.content_digest.hex, "stored": stored_as(stored.content_digest).hex}


def _blob_in(value: object, stored_of: StoredOf) -> Stored:
    told = _object(value)
    try:
        content = ContentDigest.parse(_text(told, "content"))
        return stored_of(content, StoredDigest.parse(_text(told, "stored")))
    except MalformedDigestError as error:
        raise MalformedMessageError(reason="a digest has another form") from error


def name_of(stored: Stored) -> BlobName:
    return BlobName(stored.content_digest, stored.stored_digest)


def entered_out(entered: EnteredFile) -> Json:
    return {"path": entered.path, "content": entered.content_digest.hex, "judged": entered.judged}


def entered_in(value: object) -> EnteredFile:
    told = _object(value)
    judged = told.get("judged")
    _require(isinstance(judged, bool), "judged")
    try:
        content = ContentDigest.parse(_text(told, "content"))
    except MalformedDigestError as error:
        raise MalformedMessageError(reason="a digest has another form") from error
    return EnteredFile(_text(told, "path", PATH_LIMIT), content, bool(judged))


def beat_out(beat: Beat) -> dict[str, Json]:
    return {
        "octets": beat.octets,
        "current": beat.current,
        "unread": beat.unread,
        "problems": problems_out(beat.problems),
    }


def beat_in(value: object) -> Beat:
    told = _object(value)
    return Beat(
        whole(told, "octets"),
        _text(told, "current", PATH_LIMIT),
        whole(told, "unread"),
        problems_in(told.get("problems")),
    )


def settled_in(value: object) -> Settled:
    waits = _object(value).get("waits")
    _require(isinstance(waits, bool), "waits")
    return Settled(bool(waits))


def problems_out(problems: Sequence[errors.FileProblemError]) -> Json:
    return [{"code": each.code, "facts": errors.facts_of(each)} for each in problems[:PROBLEMS_LIMIT]]


def problems_in(value: object) -> tuple[errors.FileProblemError, ...]:
    """Only what this version knows and can say; a dock of a newer one is understood as far as that goes."""
    if not isinstance(value, list) or len(value) > PROBLEMS_LIMIT:
        raise MalformedMessageError(reason="problems")
    return tuple(_problem_in(each) for each in value)


def _problem_in(value: object) -> errors.FileProblemError:
    told = _object(value)
    facts = _object(told.get("facts"))
    problem = _error_of(_text(told, "code"), facts)
    if isinstance(problem, errors.FileProblemError):
        return problem
    return errors.FileProblemError(path=str(facts.get("path", "?")))


def end_in(value: object) -> tuple[str, str, Mapping[str, Any]]:
    """How an unloading ended: its state, and code and facts of why it waits or left something."""
    told = _object(value)
    return _text(told, "state"), _text(told, "code"), _object(told.get("facts"))


def error_in(value: object) -> errors.DockStoppedError:
    """Why an unloading stopped at the dock, in the dock's words and with its code."""
    told = _object(value)
    return errors.DockStoppedError(reason=_text(told, "sentence", 2_000), cause=_text(told, "code"))


def paths_in(value: object, name: str) -> list[str]:
    return _texts(_object(value), name, FILES_LIMIT)


def text_in(value: Mapping[str, Any], name: str) -> str:
    return _text(value, name, PATH_LIMIT)


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
    return [_port_in(each) for each in _list(_object(value), "ports", PORTS_LIMIT)]


def _port_in(value: object) -> ToldPort:
    told = _object(value)
    state, code, unload = _text(told, "state"), _text(told, "code"), _text(told, "unload")
    _require(state in PORT_STATES, "a port's state")
    facts = _object(told.get("facts"))
    error = _error_of(code, facts) if code else None
    return ToldPort(_text(told, "port"), state, error, _uuid(unload), flag(told, "there"))


def _error_of(code: str, facts: Mapping[str, Any]) -> AigaqError | None:
    """An error that this version can say with these facts; None else."""
    kind = errors.by_code(code)
    good = all(isinstance(each, str | int) and len(str(each)) <= PATH_LIMIT for each in facts.values())
    _require(good and len(facts) <= FACTS_LIMIT, "an error's facts")
    if kind is None:
        return None
    error = kind(**facts)
    try:
        str(error)
    except (KeyError, IndexError, ValueError):
        return None
    return error


def _uuid(text: str) -> str:
    try:
        return str(UUID(text)) if text else ""
    except ValueError as error:
        raise MalformedMessageError(reason="a number of an unloading") from error


def contents_in(value: Mapping[str, Any]) -> list[ContentDigest]:
    contents = _list(value, "contents", FILES_LIMIT)
    try:
        return [ContentDigest.parse(each) for each in contents]
    except (MalformedDigestError, TypeError, AttributeError) as error:
        raise MalformedMessageError(reason="a digest has another form") from error


def octets_out(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def octets_in(value: object, limit: int) -> bytes:
    return _octets(value, limit)


def flag(value: Mapping[str, Any], name: str) -> bool:
    found = value.get(name)
    _require(isinstance(found, bool), name)
    return bool(found)


def whole(value: Mapping[str, Any], name: str) -> int:
    found = value.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < SIZE_LIMIT:
        raise MalformedMessageError(reason=name)
    return found


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MalformedMessageError(reason="a value is no object")
    return value


def _text(value: Mapping[str, Any], name: str, limit: int = TEXT_LIMIT) -> str:
    found = value.get(name)
    if not isinstance(found, str) or len(found) > limit or "\0" in found:
        raise MalformedMessageError(reason=name)
    return found


def _list(value: Mapping[str, Any], name: str, limit: int) -> list[Any]:
    found = value.get(name)
    if not isinstance(found, list) or len(found) > limit:
        raise MalformedMessageError(reason=name)
    return found


def _texts(value: Mapping[str, Any], name: str, limit: int) -> list[str]:
    texts = _list(value, name, limit)
    _require(all(isinstance(each, str) and len(each) <= PATH_LIMIT for each in texts), name)
    return texts


def _octets(value: object, limit: int) -> bytes:
    if not isinstance(value, str) or len(value) > 2 * limit + 4:
        raise MalformedMessageError(reason="octets")
    try:
        octets = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedMessageError(reason="octets are not base64") from error
    _require(len(octets) <= limit, "octets")
    return octets


def _member(members: type[E], value: object, name: str) -> E:
    try:
        return members(str(value))
    except ValueError as error:
        raise MalformedMessageError(reason=name) from error


def _instant_out(instant: datetime | None) -> str | None:
    return None if instant is None else rfc3339(instant)


def _instant_in(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        return parse_rfc3339(str(value))
    except ValueError as error:
        raise MalformedMessageError(reason="a time") from error


def _require(holds: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise MalformedMessageError(reason=what)
