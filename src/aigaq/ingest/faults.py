"""What went wrong with a card that somebody has to answer for: entered in the ledger, once for each run.

Incidents and notices follow from the entries. What is entered is what the unloading's page says too.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from aigaq.core import canonical
from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.errors import AigaqError
from aigaq.ingest.models import Unload, UnloadState
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import By, Ledger
from aigaq.recordings.models import FlawedReading
from aigaq.registry.models import Division
from aigaq.unloading import errors

FLAWED: Final = "unload.flawed"
ELSEWHERE: Final = "unload.elsewhere"
EVIDENCE: Final = (
    errors.FilePartialError,
    errors.ReadsDisagreeError,
    errors.FileAppearedError,
    errors.IdentityAlteredError,
    errors.CardDisagreesError,
    errors.CardTwiceError,
)
"""What the head decides on. The rest is work for the custodian, and stands on the unloading's page."""
TOLD: Final = 200
TOLD_OCTETS: Final = 128 * 1024
"""Problems in one entry, which has a bound; how many there are stands beside them."""
DOUBTFUL: Final = frozenset(
    kind.code
    for kind in (
        errors.FilePartialError,
        errors.FileUnreadableError,
        errors.UnreadableDirectoryError,
        errors.ReadsDisagreeError,
        errors.DirectoryLoopError,
    )
)
"""After these a card is not believed at its first word."""
REMEMBERED: Final = 10
"""Unloadings of a card that count for that."""
ALIVE: Final = timedelta(seconds=60)
"""An unloading without a sign of life for longer is over, however it ended."""


def say_flawed(
    ledger: Ledger, by: By, unload: Unload, problems: Iterable[AigaqError], *, now: datetime
) -> None:
    """Enter those of `problems` that are evidence, with what they are about; nothing if there are none.

    Once: the end of a run may be told again, also before the first telling is over.
    """
    found = [each for each in problems if isinstance(each, EVIDENCE)]
    if not found:
        return
    about: dict[str, Json] = {
        **_about(unload),
        "problems": _told(found),
        "count": len(found),
        "occurred_at": rfc3339(now),
    }
    with transaction.atomic():
        ledger.take_turn(FLAWED)
        # Not by the state of its row: one that was thought dead may still come to its end, with evidence.
        if not LedgerEntry.objects.filter(kind=FLAWED, entry__contains=str(unload.pk)).exists():
            ledger.append(FLAWED, by, about)


def _told(problems: Sequence[AigaqError]) -> list[Json]:
    """The first of them; a path alone may have tens of thousands of octets."""
    told: list[Json] = []
    octets = 0
    for each in problems[:TOLD]:
        about: Json = {"code": each.code, "facts": errors.facts_of(each)}
        octets += len(canonical.encode(about))
        if octets > TOLD_OCTETS:
            break
        told.append(about)
    return told


def say_elsewhere(ledger: Ledger, by: By, unload: Unload, home: Division) -> None:
    """A card of one division was unloaded at a dock of another: each is told of the other.

    It is entered once for each unloading of a card that was not empty.
    """
    with transaction.atomic():
        ledger.take_turn(ELSEWHERE)
        for told in (home, unload.division):
            about: dict[str, Json] = {
                **{name: value for name, value in _about(unload).items() if name != "row"},
                "division": str(told.pk),
                "owner": unload.division.name,
                "owner_id": str(unload.division_id),
                "home": home.name,
                "home_id": str(home.pk),
                "port": unload.port,
            }
            ledger.append(ELSEWHERE, by, about)


def is_doubtful(unload: Unload) -> bool:
    """Whether something went wrong with this card in its last unloadings."""
    same = Q(card=unload.card) if unload.card else Q(container=unload.container) & ~Q(container="")
    before = list(
        Unload.objects.filter(same)
        .exclude(pk=unload.pk)
        .order_by("-started_at")
        .values_list("pk", "problems")[:REMEMBERED]
    )
    if any(problem["code"] in DOUBTFUL for _, problems in before for problem in problems):
        return True
    return FlawedReading.objects.filter(unload__in=[pk for pk, _ in before]).exists()


def twin_of(unload: Unload, now: datetime) -> Unload | None:
    """Another card that says it is this one, and is being unloaded at this moment."""
    if unload.card is None:
        return None
    there = Unload.objects.filter(card=unload.card, state=UnloadState.RUNNING, beat_at__gte=now - ALIVE)
    return there.exclude(port=unload.port, dock=unload.dock).exclude(pk=unload.pk).first()


def _about(unload: Unload) -> dict[str, Json]:
    row = unload.row
    return {
        "unload": str(unload.pk),
        "division": str(unload.division_id),
        "card": unload.card.inventory_number if unload.card else None,
        "card_id": str(unload.card_id) if unload.card_id else None,
        "recorder": unload.recorder.inventory_number if unload.recorder else None,
        "source": unload.source,
        **({"row": {"id": str(row.pk), "number": row.number}} if row else {}),
    }
