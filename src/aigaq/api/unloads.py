"""The desk for docks away from the office: `docs/formats/dock-api.md`, "The desk".

Each address is one call of `unloading.desk.Desk`. All that is known of a run is in its row, so any process
may answer the next call.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import wraps
from threading import BoundedSemaphore, Lock
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from aigaq import minding, wiring
from aigaq.api.endpoint import (
    BODY_LIMIT,
    View,
    answer,
    endpoint,
    json_in,
    object_of,
    octets_in,
    with_dock,
)
from aigaq.api.errors import OtherProtocolError, ServerBusyError
from aigaq.core.canonical import Json
from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.dock.agent import errors as _of_docks  # noqa: F401 - so that the codes which ports tell are known
from aigaq.dock.attend import Ended, State
from aigaq.docks.models import Dock
from aigaq.docks.services import by_dock
from aigaq.ingest.desk import OfficeDesk, Wait
from aigaq.ingest.models import Unload, UnloadState
from aigaq.ingest.ports import PortBoard
from aigaq.ingest.receipts import receipt_for, stored_of
from aigaq.unloading import errors, wire
from aigaq.unloading.room import require_room
from aigaq.vault.store import Stored

PROTOCOL: Final = "1"
NOTE_LIMIT: Final = 1 << 20
LONG_AT_ONCE: Final = 4
"""Messages of more than `BODY_LIMIT` read at a time by one process: they may take a slow line an hour."""
LONG_OF_ONE: Final = 2
"""Of them those of one dock: a second, since one whose line was cut may hold its place for a while."""
LIST: Final = 1 << 20
"""Octets. Longer ones list a whole card: one at a time is taken apart and acted upon, since their values take
up to thirty times as much in memory."""
WAITING_AT_ONCE: Final = 4
"""Requests of one process that wait at a time for the end of an unloading elsewhere: each holds a thread."""
_CREATED: Final = 201
_CUT_OFF: Final = frozenset({errors.UnloadInterruptedError.code, errors.DockStoppedError.code})
"""Why an unloading failed that did not come to its end."""

_long = BoundedSemaphore(LONG_AT_ONCE)
_long_of: dict[UUID, BoundedSemaphore] = {}
"""By dock."""
_list = Lock()
_waiting = BoundedSemaphore(WAITING_AT_ONCE)

Act = Callable[[OfficeDesk, dict[str, Any]], dict[str, Json] | None]


def _spoken(view: View) -> View:
    """Only for a dock that speaks this version of what is said here."""

    @wraps(view)
    def speaking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - passed on
        given = request.headers.get("Aigaq-Protocol", "")
        if given != PROTOCOL:
            raise OtherProtocolError(given=given[:16], ours=PROTOCOL)
        return view(request, *args, **kwargs)

    return speaking


@contextmanager
def _told_in(request: HttpRequest, dock: Dock) -> Iterator[dict[str, Any]]:
    """What is said, until it is acted upon. Raise as `json_in`, or `ServerBusyError`."""
    with ExitStack() as alone:
        yield dict(_read(request, dock, alone))


def _read(request: HttpRequest, dock: Dock, alone: ExitStack) -> Mapping[str, Any]:
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or int(length) <= BODY_LIMIT:
        return json_in(request)
    with ExitStack() as places:
        own = _long_of.setdefault(dock.pk, BoundedSemaphore(LONG_OF_ONE))
        for place, limit in ((own, LONG_OF_ONE), (_long, LONG_AT_ONCE)):
            if not place.acquire(blocking=False):
                raise ServerBusyError(limit=limit)
            places.callback(place.release)
        octets = octets_in(request, wire.CARD_LIMIT)
        if len(octets) > LIST:
            alone.enter_context(_list)
        return object_of(octets)


@with_dock
@_spoken
def _begin(request: HttpRequest, dock: Dock) -> HttpResponse:
    with ExitStack() as alone:
        told = dict(_read(request, dock, alone))
        card, keep = wire.card_in(told.get("card")), wire.flag(told, "keep")
        told.clear()

        def wait(seconds: float) -> None:
            # The end that is waited for may be told in a list, and so may what other docks begin.
            alone.close()
            _wait(seconds)

        desk = _desk(dock, wait=wait)
        ticket = desk.begin(card, keep=keep)
        if ticket is None:
            return HttpResponse(status=204)
        try:
            require_room(wiring.vault().backend, card.files, ticket.known, at_once=1)
        except errors.NoRoomError as error:
            desk.fail(error, card.problems)
            raise
        return answer(wire.ticket_out(ticket), status=_CREATED)


def _wait(seconds: float) -> None:
    """For a card that may still be unloaded elsewhere. Raise `ServerBusyError` where too many do."""
    if not _waiting.acquire(blocking=False):
        raise ServerBusyError(limit=WAITING_AT_ONCE)
    try:
        time.sleep(seconds)
    finally:
        _waiting.release()


def _during(act: Act, *, also_after: bool = False) -> View:
    """A call of an unloading that this dock has begun and that has not ended; `also_after` it finished."""

    @with_dock
    @_spoken
    def call(request: HttpRequest, dock: Dock, unload_id: UUID) -> HttpResponse:
        with _told_in(request, dock) as told:
            unload = (_not_cut_off if also_after else _running)(dock, unload_id)
            result = act(_desk(dock, unload), told)
        minding.follow_up(wiring.ledger())
        return HttpResponse(status=204) if result is None else answer(result)

    return call


def _files(desk: OfficeDesk, told: dict[str, Any]) -> dict[str, Json]:
    files = told.get("files")
    if not isinstance(files, list) or len(files) > wire.FILES_LIMIT:
        raise wire.MalformedMessageError(reason="files")
    unload, vault = desk.unload, wiring.vault()

    def stored(content: ContentDigest, digest: StoredDigest) -> Stored:
        return stored_of(vault, unload, content, digest)

    entered = desk.enter([wire.found_in(each, stored) for each in files])
    return {"files": [wire.entered_out(each) for each in entered]}


def _beat(desk: OfficeDesk, told: dict[str, Any]) -> None:
    desk.beat(wire.beat_in(told))


def _settle(desk: OfficeDesk, told: dict[str, Any]) -> dict[str, Json]:
    return {"waits": desk.settle(wire.paths_in(told, "unread")).waits}


def _intend(desk: OfficeDesk, told: dict[str, Any]) -> None:
    desk.intend(wire.paths_in(told, "paths"))


def _note(desk: OfficeDesk, told: dict[str, Any]) -> dict[str, Json]:
    note = desk.note(wire.paths_in(told, "left"))
    return {"note": None if note is None else wire.octets_out(note)}


def _cleared(desk: OfficeDesk, told: dict[str, Any]) -> None:
    coded = told.get("note")
    note = None if coded is None else wire.octets_in(coded, NOTE_LIMIT)
    desk.say_cleared(wire.paths_in(told, "left"), note)


def _time_left(desk: OfficeDesk, told: dict[str, Any]) -> None:
    desk.say_time_left(*(wire.text_in(told, name, wire.PATH_LIMIT) for name in ("path", "text")))


def _finish(desk: OfficeDesk, told: dict[str, Any]) -> dict[str, Json]:
    """How it ended; told once more where the first answer was lost."""
    problems, keep = wire.problems_in(told.get("problems")), wire.flag(told, "keep")
    unload = desk.unload
    if unload.state == UnloadState.RUNNING:
        desk.finish(problems, keep=keep)
    return {"state": unload.state, "code": unload.reason, "facts": unload.reason_facts}


def _fail(desk: OfficeDesk, told: dict[str, Any]) -> None:
    desk.fail(wire.error_in(told), wire.problems_in(told.get("problems")))


@with_dock
@_spoken
def _receipt(request: HttpRequest, dock: Dock, unload_id: UUID) -> HttpResponse:
    told = json_in(request)
    unload = _running(dock, unload_id)
    octets = receipt_for(
        wiring.ledger(),
        wiring.vault(),
        dock,
        unload,
        nonce=str(told.get("nonce", "")),
        contents=wire.contents_in(told),
    )
    return HttpResponse(octets, content_type="application/json")


@with_dock
@_spoken
def _state(_request: HttpRequest, dock: Dock, unload_id: UUID) -> HttpResponse:
    """Whether somebody has assigned it meanwhile, so that the card may be cleared."""
    unload = Unload.objects.filter(pk=unload_id, dock=dock.pk).first()
    if unload is None:
        raise errors.OverError
    return answer({"state": unload.state})


@with_dock
@_spoken
def _ports(request: HttpRequest, dock: Dock) -> HttpResponse:
    """What the wall shows of this dock."""
    board = PortBoard(wiring.clock(), str(dock.pk))
    told = wire.ports_in(json_in(request))
    own = {
        str(pk)
        for pk in Unload.objects.filter(
            pk__in=[each.unload for each in told if each.unload], dock=dock.pk
        ).values_list("pk", flat=True)
    }
    board.has([each.port for each in told])
    for each in told:
        run = each.unload if each.unload in own else ""
        board.show(each.port, Ended(State(each.state), each.error, run))
    board.seen([each.port for each in told if each.there])
    return HttpResponse(status=204)


def _running(dock: Dock, unload_id: UUID) -> Unload:
    unload = _not_cut_off(dock, unload_id)
    if unload.state != UnloadState.RUNNING:
        raise errors.OverError
    return unload


def _not_cut_off(dock: Dock, unload_id: UUID) -> Unload:
    """It runs, or has come to its end."""
    unload = (
        Unload.objects.filter(pk=unload_id, dock=dock.pk)
        .select_related("division", "card", "recorder", "row__issue")
        .first()
    )
    if unload is None or (unload.state == UnloadState.FAILED and unload.reason in _CUT_OFF):
        raise errors.OverError
    return unload


def _desk(dock: Dock, unload: Unload | None = None, wait: Wait = _wait) -> OfficeDesk:
    office = wiring.office()
    return OfficeDesk(
        office, division=dock.division, by=by_dock(dock), dock=dock.pk, unload=unload, wait=wait
    )


begin = endpoint(POST=_begin)
files = endpoint(POST=_during(_files))
beat = endpoint(POST=_during(_beat))
settle = endpoint(POST=_during(_settle))
intend = endpoint(POST=_during(_intend))
note = endpoint(POST=_during(_note))
cleared = endpoint(POST=_during(_cleared))
time_left = endpoint(POST=_during(_time_left))
finish = endpoint(POST=_during(_finish, also_after=True))
fail = endpoint(POST=_during(_fail))
receipt = endpoint(POST=_receipt)
state = endpoint(GET=_state)
ports = endpoint(POST=_ports)
