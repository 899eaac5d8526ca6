"""Labels for recorders and cards: the inventory number (R7.1) for people, and as a QR code for scanners."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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


def print_labels(
    labels: Sequence[Label], paper: Paper, *, dated: datetime, typesetter: Typesetter = typeset
) -> bytes:
    return typesetter(
        "labels",
        {
            "paper": str(paper),
            "labels": [
                {
                    "number": label.inventory_number,
                    "kind": label.kind,
                    "division": label.division,
                    "qr": label.inventory_number,
                }
                for label in labels
            ],
        },
        dated=dated,
    )
