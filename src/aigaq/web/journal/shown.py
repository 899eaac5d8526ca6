"""The cells of a row in words, and what was told of the duty beside the cells that say it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language, gettext_lazy

from aigaq import wiring
from aigaq.journal.cells import Cell
from aigaq.journal.duties import WholeDuty, duty_of
from aigaq.journal.models import Damage, Failure, Loss, Pause, ThingKind
from aigaq.journal.replacing import is_over
from aigaq.journal.selectors import RowView
from aigaq.web.journal.forms import choices_of

LABELS = {
    "recorder": gettext_lazy("Recorder"),
    "card": gettext_lazy("Card"),
    "inspector": gettext_lazy("Issued to"),
    "control": gettext_lazy("Kind of control"),
    "subject": gettext_lazy("Controlled subject"),
    "object": gettext_lazy("Controlled object"),
    "act_number": gettext_lazy("Act or permit"),
    "seal_number": gettext_lazy("Seal"),
    "check": gettext_lazy("Check before use"),
    "seal_found": gettext_lazy("Seal found"),
    "seal_number_found": gettext_lazy("Number on the seal found"),
    "condition": gettext_lazy("Remark on its condition"),
    "remark": gettext_lazy("Remark"),
    "pause": gettext_lazy("Reason of the pause"),
    "cause": gettext_lazy("Cause of the failure"),
    "failure": gettext_lazy("What was said of the failure"),
    "repair": gettext_lazy("What was done about the failure"),
    "damage": gettext_lazy("What happened to it"),
    "loss": gettext_lazy("Where and how it was lost"),
}
"""Of cells, by the first word of their names."""


@dataclass(frozen=True, slots=True)
class ShownCell:
    name: str
    struck: tuple[str, ...]
    present: str


@dataclass(frozen=True, slots=True)
class ShownPause:
    pause: Pause
    reason: ShownCell


@dataclass(frozen=True, slots=True)
class ShownFailure:
    failure: Failure
    cause: ShownCell
    words: ShownCell
    repair: ShownCell | None


@dataclass(frozen=True, slots=True)
class ShownThing:
    """A recorder or a card that was lost, or came back otherwise than it went out."""

    about: Loss | Damage
    number: str
    words: ShownCell


def shown_cells(cells: Mapping[str, Cell]) -> dict[str, ShownCell]:
    profile, language = wiring.profile(), get_language() or "kk"
    shown = {}
    for name, cell in cells.items():
        words = choices_of(name, profile, language)
        struck = tuple(words.get(old, old) for old in cell.struck)
        shown[name] = ShownCell(name, struck, words.get(cell.present, cell.present))
    return shown


def told_on_duty(view: RowView, cells: Mapping[str, ShownCell]) -> dict[str, object]:
    """What the row page says of pauses, failures, losses and damage, and of the duty they are part of."""
    return {
        "pauses": [ShownPause(pause, cells[f"pause:{pause.seq}"]) for pause in view.pauses],
        "failures": [
            ShownFailure(
                failure=failure,
                cause=cells[f"cause:{failure.seq}"],
                words=cells[f"failure:{failure.seq}"],
                repair=cells[f"repair:{failure.repaired.seq}"] if hasattr(failure, "repaired") else None,
            )
            for failure in view.failures
        ],
        "losses": list(_things(view, view.losses, "loss", cells)),
        "damages": list(_things(view, view.damages, "damage", cells)),
        "whole_duty": _whole(view),
        "may_go_on": view.returned_at is not None and not is_over(view.returned_at, wiring.clock().now()),
    }


def _things(
    view: RowView, found: tuple[Loss, ...] | tuple[Damage, ...], cell: str, cells: Mapping[str, ShownCell]
) -> Iterator[ShownThing]:
    for each in found:
        thing = view.row.card if each.thing == ThingKind.CARD else view.row.recorder
        number = thing.inventory_number if thing else ""
        yield ShownThing(each, number, cells[f"{cell}:{each.thing}"])


def _whole(view: RowView) -> WholeDuty | None:
    """Where it is of several rows; what a row is alone, it says itself."""
    return duty_of(view.row) if view.replaces or view.replaced_by else None
