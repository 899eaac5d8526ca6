"""The overview as what is set on paper."""

from aigaq.disclosure.selectors import SOON
from aigaq.overview.figures import Figures, Overview
from aigaq.paperwork.overview import Line, Paper, Room


def paper_of(found: Overview) -> Paper:
    room = found.room
    return Paper(
        division=found.root.name,
        monday=found.monday,
        sunday=found.sunday,
        at=found.now,
        lines=tuple(_line(each.division.name, each.figures, each.depth) for each in found.divisions),
        total=_line("", found.total, 0) if len(found.divisions) > 1 else None,
        near_days=SOON.days,
        room=Room(room.free, room.days, room.is_beyond) if room else None,
    )


def _line(name: str, figures: Figures, depth: int) -> Line:
    return Line(
        name=name,
        depth=depth,
        out=figures.out,
        overdue=figures.overdue,
        unloaded=figures.unloaded,
        open_incidents=figures.open_incidents,
        demands_late=figures.demands_late,
        demands_near=figures.demands_near,
        duties=figures.duties,
        with_gaps=figures.with_gaps,
        due_ms=figures.due,
        unexplained_ms=figures.unexplained,
        share=figures.share,
        days=tuple(day.share for day in figures.days),
    )
