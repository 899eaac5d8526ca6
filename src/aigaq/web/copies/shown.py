"""How the vault and each copy do, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aigaq.copies.models import VAULT, Finding, Trouble
from aigaq.copies.papers import DATABASE
from aigaq.copies.selectors import PlaceFacts
from aigaq.ingest.forecast import Forecast
from aigaq.web import dates
from aigaq.web.unloads.room import headline, look


@dataclass(frozen=True)
class ShownPlace:
    facts: PlaceFacts
    room: Forecast | None
    late: bool
    """Not everything was read through in time."""

    @property
    def name(self) -> str:
        return place_name(self.facts.name)

    @property
    def state(self) -> str:
        if self.facts.trouble:
            return str(Trouble(self.facts.trouble).label)
        if self.facts.open_findings:
            return _("bad recordings in it")
        if self.facts.lacking and not self.facts.is_vault:
            return _("being filled")
        return _("complete")

    @property
    def look(self) -> str:
        if self.facts.trouble or self.facts.open_findings:
            return "stop"
        return "warn" if self.facts.lacking and not self.facts.is_vault else "go"

    @property
    def why(self) -> str:
        """Of its trouble, and what to do."""
        if self.facts.trouble == Trouble.AWAY:
            return _("Plug the disk in, or have the network looked at. What is lacking is brought then.")
        return self.facts.state.reason if self.facts.state and self.facts.trouble else ""

    @property
    def room_headline(self) -> str:
        return headline(self.room) if self.room else ""

    @property
    def room_look(self) -> str:
        """Empty where there is plenty."""
        return look(self.room) if self.room else ""

    @property
    def reading(self) -> str:
        """How far everything was read through."""
        running, last = self.facts.running, self.facts.last
        if running is not None:
            count = running.checked
            return ngettext(
                "Being read through: {n} file so far", "Being read through: {n} files so far", count
            ).format(n=count)
        if last is not None and last.ended_at is not None:
            return _("Read through on {day}").format(day=dates.day(last.ended_at))
        return _("Not read through yet")


@dataclass(frozen=True)
class ShownFinding:
    finding: Finding

    @property
    def place(self) -> str:
        return place_name(self.finding.place)

    @property
    def what(self) -> str:
        return str(self.finding.get_kind_display())

    @property
    def source(self) -> str:
        """From where it was healed; empty while it is not."""
        healing = getattr(self.finding, "healing", None)
        return place_name(healing.source) if healing else ""


def place_name(name: str) -> str:
    if name == DATABASE:
        return _("the database")
    return _("the vault") if name == VAULT else name


def findings(found: Iterable[Finding]) -> list[ShownFinding]:
    return [ShownFinding(each) for each in found]
