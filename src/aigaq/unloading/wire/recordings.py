"""What was stored of a card, and what the office entered of it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from aigaq.core.canonical import Json
from aigaq.core.digests import ContentDigest, MalformedDigestError, StoredDigest
from aigaq.media import probe
from aigaq.media.kinds import Kind
from aigaq.unloading.facts import CLEAN, EnteredFile, FoundFile, Hole, Judged, Reading
from aigaq.unloading.recorders.takes import Role, Segment, Sibling
from aigaq.unloading.sources.salvage import HOLES
from aigaq.unloading.wire.cards import file_in
from aigaq.unloading.wire.values import (
    FILES_LIMIT,
    PATH_LIMIT,
    MalformedMessageError,
    flag,
    instant_in,
    instant_out,
    list_in,
    member_in,
    object_in,
    require,
    text_in,
    whole,
)
from aigaq.vault.store import Stored

ERRORS_LIMIT: Final = 2**31 - 1
SIBLINGS_LIMIT: Final = 64

StoredOf = Callable[[ContentDigest, StoredDigest], Stored]
"""What the vault has under these digests: a dock's word is not taken for it. Raises where it has nothing."""


def found_out(found: FoundFile, stored_as: Callable[[ContentDigest], StoredDigest]) -> dict[str, Json]:
    """`stored_as` says under which digest the far side has a content."""
    judged = found.judged
    still = judged.still if judged else None
    return {
        "path": found.path,
        "modified_at": instant_out(found.modified_at),
        "recorded_at": instant_out(found.recorded_at),
        "kind": found.kind.value,
        "blob": _blob_out(found.stored, stored_as),
        "judgement": judged.judgement.to_dict() if judged else None,
        "still": _blob_out(still, stored_as) if still else None,
        "segment": _segment_out(found.segment),
        "reading": _reading_out(found.reading),
    }


def found_in(value: object, stored_of: StoredOf) -> FoundFile:
    told = object_in(value)
    judgement = told.get("judgement")
    judged = None
    if judgement is not None:
        still = told.get("still")
        judged = Judged(_judgement_in(judgement), None if still is None else _blob_in(still, stored_of))
    stored = _blob_in(told.get("blob"), stored_of)
    return FoundFile(
        path=text_in(told, "path", PATH_LIMIT),
        modified_at=instant_in(told.get("modified_at")),
        recorded_at=instant_in(told.get("recorded_at")),
        kind=member_in(Kind, told.get("kind"), "kind"),
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
        "began_at": instant_out(segment.began_at),
        "ordinal": segment.ordinal,
        "role": segment.role.value,
        "recorded_at": instant_out(segment.recorded_at),
        "number": segment.number,
        "profile": segment.profile,
        "siblings": [list(each) for each in segment.siblings],
    }


def _segment_in(value: object) -> Segment | None:
    if value is None:
        return None
    told = object_in(value)
    ordinal = whole(told, "ordinal")
    require(1 <= ordinal <= FILES_LIMIT, "ordinal")
    return Segment(
        take=text_in(told, "take", PATH_LIMIT),
        began_at=instant_in(told.get("began_at")),
        ordinal=ordinal,
        role=member_in(Role, told.get("role"), "role"),
        recorded_at=instant_in(told.get("recorded_at")),
        number=None if told.get("number") is None else whole(told, "number"),
        profile=text_in(told, "profile"),
        siblings=tuple(_sibling_in(each) for each in list_in(told, "siblings", SIBLINGS_LIMIT)),
    )


def _sibling_in(value: object) -> Sibling:
    seen = file_in(value)
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
    told = object_in(value)
    holes: list[Hole] = []
    end = -1
    for each in list_in(told, "holes", HOLES):
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
    told = object_in(value)
    try:
        content = ContentDigest.parse(text_in(told, "content"))
        return stored_of(content, StoredDigest.parse(text_in(told, "stored")))
    except MalformedDigestError as error:
        raise MalformedMessageError(reason="a digest has another form") from error


def entered_out(entered: EnteredFile) -> Json:
    return {"path": entered.path, "content": entered.content_digest.hex, "judged": entered.judged}


def entered_in(value: object) -> EnteredFile:
    told = object_in(value)
    try:
        content = ContentDigest.parse(text_in(told, "content"))
    except MalformedDigestError as error:
        raise MalformedMessageError(reason="a digest has another form") from error
    return EnteredFile(text_in(told, "path", PATH_LIMIT), content, flag(told, "judged"))


def contents_in(value: Mapping[str, Any]) -> list[ContentDigest]:
    contents = list_in(value, "contents", FILES_LIMIT)
    try:
        return [ContentDigest.parse(each) for each in contents]
    except (MalformedDigestError, TypeError, AttributeError) as error:
        raise MalformedMessageError(reason="a digest has another form") from error
