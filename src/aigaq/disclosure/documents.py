"""What the head signs, and what entries say of demands (`docs/formats/signature.md`)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.disclosure.models import Chosen, Demand, Selection
from aigaq.journal.documents import about_person
from aigaq.journal.signed import FORMAT
from aigaq.ledger.tables import digest_of_json
from aigaq.package.layout import Bag
from aigaq.registry.models import Division, Person


def approval_document(
    demand: Demand,
    selection: Selection,
    *,
    files: Collection[UUID],
    package: UUID,
    profile: str,
    head: Person,
    at: datetime,
) -> dict[str, Json]:
    """All that leaves the office by this approval, and nothing else does.

    `files` are those of the chosen recordings, as they are now: what comes to one of them later is not of it.
    """
    return {
        "format": FORMAT,
        "act": "approval",
        "profile": profile,
        "division": about_division(demand.division),
        "head": about_person(head),
        "occurred_at": rfc3339(at),
        "package": str(package),
        "demand": {
            "id": str(demand.pk),
            "number": demand.number,
            "kind": str(demand.kind),
            "authority": demand.authority,
            "their_number": demand.their_number,
            "seq": demand.seq,
        },
        "selection": {"version": selection.version, "seq": selection.seq},
        "chosen": about_chosen(selection.items),
        "files": len(files),
        "files_digest": digest_of_files(files),
    }


def digest_of_files(files: Iterable[UUID]) -> str:
    """SHA-256 of the canonical list of their ids, sorted as text."""
    return digest_of_json(sorted(map(str, files)))


def about_demand(demand: Demand) -> dict[str, Json]:
    """By what entries name a demand."""
    return {
        "demand": str(demand.pk),
        "number": demand.number,
        "division": about_division(demand.division),
    }


def about_bags(bags: Sequence[Bag]) -> list[dict[str, Json]]:
    """The volumes of a package."""
    return [
        {"name": each.name, "octets": each.octets, "tagmanifest_sha256": each.tagmanifest_sha256}
        for each in bags
    ]


def about_division(division: Division) -> dict[str, Json]:
    return {"id": str(division.pk), "name": division.name}


def about_chosen(chosen: Sequence[Chosen]) -> list[Json]:
    return [each.document() for each in chosen]
