"""Labels: the inventory number of a recorder or card (R7.1), or a person's name, and a code for scanners."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aigaq.core.canonical import Json
from aigaq.paperwork.typesetting import Typesetter, typeset


class Paper(StrEnum):
    ROLL = "roll"
    """One label of 50 × 30 mm a page, as label printers take it."""
    A4 = "a4"
    """Self-adhesive sheets of 3 × 8 labels, 70 × 37 mm each."""


@dataclass(frozen=True, slots=True)
class Label:
    inventory_number: str
    """Stands in the QR code alone, so that a scanner types what a person would."""
    kind: str
    """What it is stuck on, in a word."""
    division: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLabel:
    """For the back of a staff badge."""

    code: str
    """Stands in the QR code; never an inventory number."""
    full_name: str
    post: str
    staff_number: str
    division: str


def print_labels(
    labels: Sequence[Label | PersonLabel],
    paper: Paper,
    *,
    dated: datetime,
    typesetter: Typesetter = typeset,
) -> bytes:
    return typesetter(
        "labels",
        {"paper": str(paper), "labels": [_set(label) for label in labels]},
        dated=dated,
    )


def _set(label: Label | PersonLabel) -> dict[str, Json]:
    if isinstance(label, Label):
        return {
            "alt": label.inventory_number,
            "above": label.kind,
            "number": label.inventory_number,
            "below": [label.division],
            "qr": label.inventory_number,
        }
    return {
        "alt": label.full_name,
        "above": "",
        "name": label.full_name,
        "below": [part for part in (label.post, f"№ {label.staff_number}", label.division) if part],
        "qr": label.code,
    }
