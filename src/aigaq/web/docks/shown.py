"""A docking PC as the page shows it."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from aigaq.docks.selectors import DockFacts


@dataclass(frozen=True)
class ShownDock:
    facts: DockFacts

    @property
    def clock(self) -> str:
        """How far off it was when it last came, as far as that can be told."""
        state = self.facts.state
        if state is None or state.clock_offset_ms is None:
            return _("not compared yet")
        offset = timedelta(milliseconds=state.clock_offset_ms)
        if abs(offset) < timedelta(seconds=1):
            return _("right to the second")
        span = _span(abs(offset))
        return (_("{span} slow") if offset < timedelta() else _("{span} fast")).format(span=span)

    @property
    def clock_colour(self) -> str:
        state = self.facts.state
        if state is None or state.clock_offset_ms is None:
            return ""
        return "stop" if self.facts.is_clock_off else "go"


def _span(offset: timedelta) -> str:
    """Hours, minutes and seconds: a clock at 1970 is half a million hours slow, and shall look like it."""
    minutes, seconds = divmod(round(offset.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02}:{seconds:02}"
    return (
        _("{minutes} min {seconds} s").format(minutes=minutes, seconds=seconds)
        if minutes
        else _("{seconds} s").format(seconds=seconds)
    )
