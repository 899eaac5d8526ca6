"""The card as a dock shows it, and what the office answers."""

from typing import Final

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.unloading.desk import SeenCard, SeenClock, SeenFile, Settled, Ticket
from aigaq.unloading.recorders.plan import MOST_DEVICES
from aigaq.unloading.sources import identity
from aigaq.unloading.wire.telling import problems_in, problems_out
from aigaq.unloading.wire.values import (
    FILES_LIMIT,
    PATH_LIMIT,
    SIZE_LIMIT,
    TEXT_LIMIT,
    MalformedMessageError,
    flag,
    instant_in,
    is_text,
    list_in,
    object_in,
    octets_in,
    octets_out,
    require,
    text_in,
    texts_in,
)

VOLUME_LIMIT: Final = 64
"""Characters, as the register keeps it."""
CARD_LIMIT: Final = 32 << 20
"""Octets of the message that lists a whole card: 200,000 paths of 126 octets each."""


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
    told = object_in(value)
    coded = told.get("identity")
    files = tuple(file_in(each) for each in list_in(told, "files", FILES_LIMIT))
    require(sum(each.size for each in files) < SIZE_LIMIT, "sizes")
    return SeenCard(
        port=text_in(told, "port"),
        identity=None if coded is None else octets_in(coded, identity.LIMIT + 1),
        identity_doubt=text_in(told, "identity_doubt"),
        volume=text_in(told, "volume", VOLUME_LIMIT),
        folder=text_in(told, "folder", VOLUME_LIMIT),
        files=files,
        problems=problems_in(told.get("problems")),
        devices=tuple(texts_in(told, "devices", MOST_DEVICES)),
        clock=_clock_in(told.get("clock")),
    )


def _clock_out(clock: SeenClock | None) -> Json:
    return None if clock is None else {"device_at": rfc3339(clock.device_at), "path": clock.path}


def _clock_in(value: object) -> SeenClock | None:
    if value is None:
        return None
    told = object_in(value)
    at = instant_in(told.get("device_at"))
    if at is None:
        raise MalformedMessageError(reason="a time")
    return SeenClock(at, text_in(told, "path", PATH_LIMIT))


def file_in(value: object) -> SeenFile:
    match value:
        case [str(path), int(size), int(modified_ns)] if is_text(path, PATH_LIMIT):
            require(0 <= size < SIZE_LIMIT, "a size")
            require(-(1 << 63) <= modified_ns < 1 << 63, "a time")
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
    told = object_in(value)
    known: dict[tuple[str, int], bool] = {}
    for each in list_in(told, "known", FILES_LIMIT):
        match each:
            case [str(path), int(size), bool(judged)]:
                known[path, size] = judged
            case _:
                raise MalformedMessageError(reason="a known file has another form")
    return Ticket(
        text_in(told, "unload"),
        text_in(told, "card"),
        text_in(told, "installation"),
        known,
        # A server of an earlier version says nothing of it: then the card is not believed.
        doubtful=told.get("doubtful") is not False,
    )


def settled_in(value: object) -> Settled:
    return Settled(flag(object_in(value), "waits"))
