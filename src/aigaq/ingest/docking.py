"""The docks of this computer: what `dock.attend` mounts is unloaded into this office, and its ports shown."""

import threading

from django.db import connections

from aigaq.dock.attend import Attendant, Ended, State, attend
from aigaq.dock.errors import PortFailedError
from aigaq.dock.media import Media
from aigaq.errors import AigaqError
from aigaq.ingest.models import Unload, UnloadState
from aigaq.ingest.ports import PortBoard
from aigaq.ingest.selectors import why
from aigaq.ingest.services import Outcome, Pipeline, unload
from aigaq.unloading.medium import Medium

_STATES = {
    UnloadState.READY: State.READY,
    UnloadState.KEPT: State.KEPT,
    UnloadState.TRAY: State.TRAY,
    UnloadState.TAKEN_UP: State.KEPT,
    UnloadState.FAILED: State.FAILED,
    UnloadState.RUNNING: State.FAILED,
}


class OfficeServer:
    """A `dock.attend.Server` with the database at hand."""

    def __init__(self, office: Pipeline) -> None:
        self._office = office

    def unload(self, medium: Medium, port: str, stop: threading.Event) -> Ended:
        try:
            return ended_of(unload(self._office, medium, port=port, stop=stop))
        finally:
            connections.close_all()

    def is_due(self, ended: Ended) -> bool:
        try:
            return bool(ended.run) and was_assigned(ended.run)
        finally:
            connections.close_all()


def ended_of(outcome: Outcome, *, of_nothing: State = State.READY) -> Ended:
    """What an unloading means for its port; `of_nothing` where there was nothing to unload."""
    found = outcome.unload
    if found._state.adding:  # noqa: SLF001 - Django's public way
        return Ended(of_nothing)
    return Ended(_STATES[UnloadState(found.state)], why(found), str(found.pk))


def failed(error: Exception) -> Ended:
    known = error if isinstance(error, AigaqError) else PortFailedError(reason=type(error).__name__)
    return Ended(State.FAILED, known)


def was_assigned(run: str) -> bool:
    """Whether what waited in the tray does so no more."""
    return not Unload.objects.filter(pk=run, state=UnloadState.TRAY).exists()


def attend_docks(office: Pipeline, media: Media, stop: threading.Event) -> None:
    """Until `stop`, and until what is being read has come to its end."""
    attend(Attendant(media, OfficeServer(office), PortBoard(office.ledger.clock)), media, stop)
