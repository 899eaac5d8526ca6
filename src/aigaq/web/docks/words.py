"""A port in words to be read from across the room: one word, whose it is, how far, how long, what to do."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aigaq.ingest.models import Port, PortState, Unload
from aigaq.registry.models import Division
from aigaq.web.unloads.words import said

_SURE_AFTER = 5.0
"""Seconds: before that the speed says little."""
_STANDS_AFTER = 30.0
"""Seconds without an octet, after which that is said."""
_UNSEEN_AFTER = timedelta(minutes=1)
"""A busy port that nobody looked at for so long: the program at its dock has ended."""

_BUSY = frozenset({PortState.FOUND, PortState.MOUNTING, PortState.UNLOADING, PortState.CLEARING})
_LOOKS = {
    PortState.EMPTY: "free",
    PortState.READY: "ready",
    PortState.TRAY: "warn",
    PortState.KEPT: "warn",
    PortState.FAILED: "stop",
    PortState.UNREADABLE: "stop",
}
_WHOLE = 100
_NUMBER = re.compile(r"([0-9]{1,9})")


@dataclass(frozen=True)
class ShownPort:
    """`division` is the screen's: of another's card nothing is said but that it is there."""

    port: Port
    dock: str
    """Name of the docking PC; empty: this computer."""
    division: Division
    now: datetime

    @property
    def name(self) -> str:
        return f"{self.dock} · {self.port.name}" if self.dock else self.port.name

    @property
    def place(self) -> tuple[tuple[str | int, ...], ...]:
        """By which ports are put in order: this computer's first, and the ninth before the tenth."""
        return _in_order(self.dock), _in_order(self.port.name)

    @property
    def state(self) -> PortState:
        return PortState(self.port.state)

    @property
    def is_unseen(self) -> bool:
        return self.state in _BUSY and self.now - self.port.seen_at > _UNSEEN_AFTER

    @property
    def is_busy(self) -> bool:
        return self.state in _BUSY and not self.is_unseen

    @property
    def is_clearing(self) -> bool:
        return self.state == PortState.CLEARING

    @property
    def look(self) -> str:
        """The word by which it is coloured; a sign and its words say the same."""
        return "stop" if self.is_unseen else _LOOKS.get(self.state, "busy")

    @property
    def headline(self) -> str:
        if self.is_unseen:
            return _("NO SIGN OF LIFE")
        return {
            PortState.EMPTY: _("Free"),
            PortState.FOUND: _("Found"),
            PortState.MOUNTING: _("Opening"),
            PortState.UNLOADING: _("Unloading"),
            PortState.CLEARING: _("Clearing"),
            PortState.READY: _("READY"),
            PortState.TRAY: _("CUSTODIAN"),
            PortState.KEPT: _("NOT CLEARED"),
            PortState.FAILED: _("STOPPED"),
            PortState.UNREADABLE: _("CAN'T BE READ"),
        }[self.state]

    @property
    def advice(self) -> str:
        """What to do, in one sentence."""
        if self.is_unseen:
            return _("The program at this dock has ended. Have it started, then put the card in again.")
        if self.port.code:
            return said(self.port.code, self.port.facts)
        return {
            PortState.EMPTY: _("Put in a card or a recorder."),
            PortState.FOUND: _("Leave it where it is."),
            PortState.MOUNTING: _("Leave it where it is."),
            PortState.UNLOADING: _("Leave it where it is."),
            PortState.CLEARING: _("Do not pull it out now."),
            PortState.READY: _("Take it out."),
            PortState.TRAY: _("Stored. The custodian assigns it to its row; then it is cleared by itself."),
            PortState.KEPT: _("Stored. The card was left as it was."),
            PortState.FAILED: _("What was not stored is on the card. It is tried again in a minute."),
            PortState.UNREADABLE: _("Set the card aside."),
        }[self.state]

    @property
    def unload(self) -> Unload | None:
        """Only of the screen's own division."""
        unload = self.port.unload
        return unload if unload is not None and unload.division_id == self.division.pk else None

    @property
    def is_anothers(self) -> bool:
        return self.port.unload is not None and self.unload is None

    @property
    def who(self) -> str:
        unload = self.unload
        if self.is_anothers:
            return _("A card of another division")
        if unload is None or self.state == PortState.EMPTY:
            return ""
        return unload.row.inspector.full_name if unload.row else _("Not known whose card this is")

    @property
    def things(self) -> str:
        """Numbers of recorder and card."""
        unload = self.unload
        if unload is None or self.state == PortState.EMPTY:
            return ""
        return " · ".join(str(thing) for thing in (unload.recorder, unload.card) if thing)

    @property
    def percent(self) -> int | None:
        """Rounded down, so that it is not a hundred before it is done; None where nothing is being read."""
        unload = self.unload
        if unload is None or not self.is_busy or not unload.octets_total:
            return None
        return min(_WHOLE, unload.octets_done * _WHOLE // unload.octets_total)

    @property
    def time_left(self) -> str:
        """By the speed of the last minute, and empty while that says nothing."""
        unload = self.unload
        if unload is None or self.state != PortState.UNLOADING or not self.port.marks or self.is_unseen:
            return ""
        then, before = self.port.marks[0]
        passed, done = unload.beat_at.timestamp() - then, unload.octets_done - before
        left = unload.octets_total - unload.octets_done
        if passed < _SURE_AFTER or left <= 0:
            return ""
        if done <= 0:
            return _("no progress just now") if passed >= _STANDS_AFTER else ""
        seconds = left * passed / done
        if seconds < 60:  # noqa: PLR2004 - a minute
            return _("less than a minute left")
        minutes = ceil(seconds / 60)
        return ngettext("about {n} minute left", "about {n} minutes left", minutes).format(n=minutes)

    @property
    def spoken(self) -> str:
        return f"{self.name}: {self.headline}. {self.advice}"


def _in_order(name: str) -> tuple[str | int, ...]:
    """Words and numbers by turns, as a key."""
    return tuple(int(part) if at % 2 else part.casefold() for at, part in enumerate(_NUMBER.split(name)))
