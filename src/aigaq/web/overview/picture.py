"""Coverage per day of a week as a picture: seven bars, each the whole of what was to be recorded that day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from aigaq.overview.figures import Day
from aigaq.recordings.coverage import Reason
from aigaq.web import dates
from aigaq.web.coverage.words import length_of, percent

_LAYERS: Final = (
    ("recorded", (Reason.RECORDED, Reason.JOIN)),
    ("damaged", (Reason.DAMAGED,)),
    ("unexplained", (Reason.UNEXPLAINED,)),
)
"""From below: the look, and the reasons that have it."""
_LEAST: Final = 1.5
"""Height of what is not nothing."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Numbers as text, since a template would write them as a language does."""

    look: str
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class DayBar:
    x: str
    middle: str
    weekday: str
    share: str
    said: str
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class WeekPicture:
    bars: tuple[DayBar, ...]
    width: int
    height: int
    bar_width: int
    top: int
    base: int
    inner: int
    label_y: int
    summary: str


def large(days: Sequence[Day]) -> WeekPicture:
    """With weekdays and shares written at the bars."""
    return _picture(days, room=88, bar=52, top=26, inner=130, below=26)


def small(days: Sequence[Day]) -> WeekPicture:
    """For a line of a table."""
    return _picture(days, room=16, bar=12, top=2, inner=32, below=2)


def said(day: Day) -> str:
    """The bar in words."""
    if day.share is None:
        return _("{day}: no duty was judged").format(day=dates.day(day.on))
    unexplained = day.totals[Reason.UNEXPLAINED]
    if not unexplained:
        return _("{day}: {share} recorded").format(day=dates.day(day.on), share=percent(day.share))
    return _("{day}: {share} recorded, {length} unexplained").format(
        day=dates.day(day.on), share=percent(day.share), length=length_of(unexplained)
    )


def _picture(days: Sequence[Day], *, room: int, bar: int, top: int, inner: int, below: int) -> WeekPicture:
    base = top + inner
    return WeekPicture(
        bars=tuple(
            DayBar(
                x=f"{room * place + (room - bar) / 2:.1f}",
                middle=f"{room * (place + 0.5):.1f}",
                weekday=dates.weekday(day.on),
                share=percent(day.share),
                said=said(day),
                layers=tuple(_layers(day, base, inner)),
            )
            for place, day in enumerate(days)
        ),
        width=room * len(days),
        height=base + below,
        bar_width=bar,
        top=top,
        base=base,
        inner=inner,
        label_y=base + below - 8,
        summary=". ".join(said(day) for day in days),
    )


def _layers(day: Day, base: int, inner: int) -> Iterator[Layer]:
    """Stacked from below; what is there is seen, however little."""
    if not day.due:
        return
    lengths = [(look, sum(day.totals[reason] for reason in reasons)) for look, reasons in _LAYERS]
    heights = [max(_LEAST, inner * length / day.due) if length else 0.0 for _look, length in lengths]
    scale = inner / sum(heights)
    y = float(base)
    for (look, length), height in zip(lengths, heights, strict=True):
        if length:
            y -= height * scale
            yield Layer(look, f"{y:.1f}", f"{height * scale:.1f}")
