"""Unloadings in words: how far, how long still, what was left on the card and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aigaq.errors import AigaqError
from aigaq.ingest.models import Unload, UnloadState
from aigaq.unloading.errors import by_code
from aigaq.web.errors import sentence

SILENT_AFTER = timedelta(minutes=2)
"""A running unloading that gave no sign of life for so long has been cut off."""
_SURE_AFTER = timedelta(seconds=3)
"""Before that the speed says little."""


def said(code: str, facts: Mapping[str, Any]) -> str:
    """The sentence of a kept code, filled again; the code itself where this version doesn't know it."""
    kind = by_code(code)
    if kind is None:
        return code
    try:
        return sentence(kind(**facts))
    except (KeyError, IndexError):
        return sentence(AigaqError()) + f" ({code})"


@dataclass(frozen=True)
class ShownUnload:
    """One unloading with what a person at the dock wants to know. `now` is the server's clock."""

    unload: Unload
    now: datetime

    @property
    def is_running(self) -> bool:
        return self.unload.state == UnloadState.RUNNING and not self.is_silent

    @property
    def is_silent(self) -> bool:
        return self.unload.state == UnloadState.RUNNING and self.now - self.unload.beat_at > SILENT_AFTER

    @property
    def look(self) -> str:
        """The word by which it is coloured."""
        return "silent" if self.is_silent else self.unload.state

    @property
    def headline(self) -> str:
        """What it is about, in a few words for a glance across the room."""
        if self.is_silent:
            return _("No sign of life: plug the card in again")
        return {
            UnloadState.RUNNING: _("Unloading: leave the card where it is"),
            UnloadState.READY: _("Ready: the card is empty, you may take it out"),
            UnloadState.KEPT: _("Stored: the card was not emptied"),
            UnloadState.TRAY: _("Stored: waits in the tray for the custodian"),
            UnloadState.TAKEN_UP: _("Taken up by a later unloading"),
            UnloadState.FAILED: _("Stopped: what was not stored is on the card"),
        }[UnloadState(self.unload.state)]

    @property
    def reason(self) -> str:
        """Why it went to the tray, stopped, or left something; empty if all is well."""
        return said(self.unload.reason, self.unload.reason_facts) if self.unload.reason else ""

    @property
    def problems(self) -> list[str]:
        return [said(each["code"], each["facts"]) for each in self.unload.problems]

    @property
    def more_problems(self) -> int:
        """How many there are beside those that were kept."""
        return max(0, self.unload.problem_count - len(self.unload.problems))

    @property
    def time_left(self) -> str:
        """By the speed until now; empty while that says nothing."""
        unload = self.unload
        taken = unload.beat_at - unload.started_at
        if not self.is_running or taken < _SURE_AFTER or not unload.octets_done:
            return ""
        left = (unload.octets_total - unload.octets_done) * taken.total_seconds() / unload.octets_done
        if left < 60:  # noqa: PLR2004 - a minute
            return _("less than a minute left")
        minutes = ceil(left / 60)
        return ngettext("about {n} minute left", "about {n} minutes left", minutes).format(n=minutes)

    @property
    def whose(self) -> str:
        """The recorder and who wore it, as far as that is known."""
        unload = self.unload
        things = [str(thing) for thing in (unload.recorder, unload.card) if thing]
        people = [unload.row.inspector.full_name] if unload.row else []
        return " · ".join(things + people) or _("Not known whose card this is")

    @property
    def spoken(self) -> str:
        """What is read aloud when it changes: the state, not every percent."""
        return f"{self.unload.port}: {self.headline}"
