"""The ports of this office as the screen shows them: written by whoever attends a dock, read by the wall."""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import DatabaseError, connections
from django.db.models import Q, QuerySet

from aigaq.core.clock import Clock
from aigaq.dock.attend import Ended, State
from aigaq.docks.models import Dock
from aigaq.ingest.models import Port, Unload, UnloadState
from aigaq.journal.whose import corrected
from aigaq.registry.models import Division
from aigaq.unloading.errors import facts_of

log = logging.getLogger(__name__)

MARKS_OF = 60.0
"""Seconds: for so long is kept how far it was."""
SEEN_EVERY = timedelta(seconds=5)
FORGET = timedelta(days=7)
"""A port of which nobody heard for so long is taken off the list: its reader hangs elsewhere now."""
SHOWN = timedelta(hours=1)
"""An empty port that is not there any more is shown for so long."""

_BUSY = (State.UNLOADING, State.CLEARING)


class PortBoard:
    """A `Board` in the database, for one dock. What can't be written is logged, and the unloading goes on."""

    def __init__(self, clock: Clock, dock: str = "") -> None:
        self._clock = clock
        self._dock = dock
        self._seen_at: datetime | None = None

    def show(self, port: str, ended: Ended) -> None:
        try:
            self._show(port, ended)
        except DatabaseError:
            log.exception("The state of a port could not be written")
        finally:
            connections.close_all()

    def seen(self, ports: Collection[str]) -> None:
        now = self._clock.now()
        if self._seen_at is not None and timedelta() <= now - self._seen_at < SEEN_EVERY:
            return
        self._seen_at = now
        try:
            self._of_this_dock().filter(name__in=ports).update(seen_at=now)
            self._of_this_dock().filter(seen_at__lt=now - FORGET).delete()
            for port in self._of_this_dock().filter(name__in=ports, state__in=_BUSY):
                self._mark(port, now)
        except DatabaseError:
            log.exception("The ports could not be written")
        finally:
            connections.close_all()

    def has(self, ports: Collection[str]) -> None:
        """All that there are at this dock: what it had before it was started anew is shown no more."""
        try:
            self._of_this_dock().exclude(name__in=ports).delete()
        except DatabaseError:
            log.exception("The ports could not be written")
        finally:
            connections.close_all()

    def begin(self) -> None:
        """Whoever attended before is not any more: what it showed of the ports says nothing now."""
        now = self._clock.now()
        self._of_this_dock().update(
            state=State.EMPTY.value, code="", facts={}, unload=None, marks=[], changed_at=now
        )

    def _of_this_dock(self) -> QuerySet[Port]:
        return Port.objects.filter(dock=self._dock)

    def _show(self, port: str, ended: Ended) -> None:
        now = self._clock.now()
        error = ended.error
        fields: dict[str, object] = {
            "state": ended.state.value,
            "code": error.code if error else "",
            "facts": facts_of(error) if error else {},
            "changed_at": now,
            "seen_at": now,
        }
        if ended.run:
            fields["unload_id"] = ended.run
        elif ended.state in (State.EMPTY, State.FOUND, State.MOUNTING):
            fields |= {"unload_id": None, "marks": []}
        Port.objects.update_or_create(dock=self._dock, name=port, defaults=fields)

    def _mark(self, port: Port, now: datetime) -> None:
        """Which unloading it is, and how far that has come."""
        running = Unload.objects.filter(dock=self._dock or None, port=port.name, state=UnloadState.RUNNING)
        unload = running.order_by("-started_at").first()
        if unload is None:
            return
        before = [] if unload.pk != port.unload_id else port.marks
        at = now.timestamp()
        marks = [mark for mark in before if 0 <= at - mark[0] <= MARKS_OF]
        marks.append([at, unload.octets_done])
        Port.objects.filter(pk=port.pk, state__in=_BUSY).update(unload=unload, marks=marks)


def ports_of(division: Division, now: datetime) -> Sequence[Port]:
    """What a screen of `division` shows: this computer's ports, and others where its cards lie or lay.

    And those of its docks at which anything is: of what can't be opened no unloading says whose it is.
    """
    docks = _texts(Dock.objects.filter(division=division))
    found = Port.objects.filter(
        Q(dock="") | Q(unload__division=division) | Q(dock__in=docks) & ~Q(state=State.EMPTY.value)
    )
    # A reader that was taken away leaves empty places, which nobody needs to look at.
    found = found.exclude(state=State.EMPTY.value, seen_at__lt=now - SHOWN)
    # A dock that was shut out, or is gone for good, does not say so.
    found = found.exclude(dock__in=_texts(Dock.objects.exclude(revocation=None)))
    found = found.exclude(seen_at__lt=now - FORGET)
    whole = found.select_related(
        "unload__division", "unload__card", "unload__recorder", "unload__row__first_inspector"
    )
    return list(whole.prefetch_related(corrected("unload__row")).order_by("dock", "name"))


def _texts(docks: QuerySet[Dock]) -> list[str]:
    """Their numbers, as ports have them."""
    return [str(pk) for pk in docks.values_list("pk", flat=True)]
