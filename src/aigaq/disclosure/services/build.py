"""Build: entered with every file of it before an octet leaves the vault, and again when it is whole."""

from collections.abc import Iterable
from uuid import uuid4

from django.db import transaction

from aigaq.access import looks
from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.disclosure import rules
from aigaq.disclosure.documents import about_bags, about_demand
from aigaq.disclosure.errors import BuiltOtherwiseError
from aigaq.disclosure.models import Approval, Building, BuildingWay, Built, Sealing
from aigaq.disclosure.selectors import demand_view, state_of
from aigaq.disclosure.services.acting import acting
from aigaq.journal.services.acting import require
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import By, Ledger
from aigaq.package.layout import Layout
from aigaq.package.writer import Written
from aigaq.recordings.models import RecordingFile
from aigaq.registry.models import Division, Person
from aigaq.tlog.entry import Entry

BEGUN = "disclosure.package-begun"
BUILT = "disclosure.package-built"


def require_builder(
    ledger: Ledger, by: By, *, approval: Approval, division: Division, person: Person
) -> None:
    """Raises `UnknownDemandError`, or the refusals of `rules.refusal_to_build`."""
    view = demand_view(approval.demand_id, division)
    require(rules.refusal_to_build(acting(ledger, by, person, division), state_of(view)))


def begin(
    ledger: Ledger,
    by: By,
    *,
    approval: Approval,
    division: Division,
    person: Person,
    files: Iterable[RecordingFile],
    way: BuildingWay,
    capacity: int | None,
    sealing: Sealing,
    is_image: bool = False,
) -> Building:
    """Durable when this returns: only then anything is read. `files` are the originals of the package.

    Not to be called inside a transaction. Raises as `require_builder`.
    """
    with transaction.atomic(durable=True):
        ledger.take_turn(BEGUN)
        require_builder(ledger, by, approval=approval, division=division, person=person)
        building = Building(
            id=uuid4(),
            approval=approval,
            way=way,
            capacity=capacity,
            sealing=sealing,
            is_image=is_image,
            by=person,
            begun_at=ledger.clock.now(),
        )
        building.seq = ledger.append(BEGUN, by, _about(building)).seq
        building.save(force_insert=True)
        looks.enter_all(ledger, by, "downloaded", (_about_file(file, building) for file in files))
    return building


def finish(ledger: Ledger, by: By, building: Building, found: Layout | Written) -> Built:
    """What came out, when it did. Raises `BuiltOtherwiseError` if it ever came out otherwise before."""
    with transaction.atomic():
        ledger.take_turn(BUILT)
        _require_as_before(building, found)
        now, approval, bags = ledger.clock.now(), building.approval, about_bags(found.bags)
        body: dict[str, Json] = {
            "building": str(building.pk),
            "begun": building.seq,
            **about_demand(approval.demand),
            "package": str(approval.pk),
            "package_digest": found.package_digest,
            "evidence_digest": found.evidence_digest,
            "volumes": len(bags),
            "bags": list(bags),
            "built_at": rfc3339(now),
        }
        seq = ledger.append(BUILT, by, body).seq
        return Built.objects.create(
            building=building, package_digest=found.package_digest, bags=bags, built_at=now, seq=seq
        )


def _require_as_before(building: Building, found: Layout | Written) -> None:
    """Of one approval there is one package, or something is badly wrong.

    What newer libraries make otherwise (PDFs, cuts) may be another; whatever is evidence may not.
    """
    approved = Built.objects.filter(building__approval=building.approval).select_related("building")
    for before in approved.order_by("-seq"):
        if before.package_digest == found.package_digest:
            return
        entry = LedgerEntry.objects.get(seq=before.seq)
        evidence = Entry.parse(entry.entry.encode()).body.get("evidence_digest")
        if evidence == found.evidence_digest:
            return
        # Version 0.1 entered none; of what is divided otherwise the other digest tells nothing.
        if evidence is not None or before.building.capacity == building.capacity:
            raise BuiltOtherwiseError(now=found.package_digest, before=before.package_digest)


def _about(building: Building) -> dict[str, Json]:
    return {
        "building": str(building.pk),
        **about_demand(building.approval.demand),
        "package": str(building.approval_id),
        "way": str(building.way),
        "capacity": None if building.capacity is None else str(building.capacity),
        "encrypted": str(building.sealing),
        "image": building.is_image,
        "begun_at": rfc3339(building.begun_at),
    }


def _about_file(file: RecordingFile, building: Building) -> dict[str, Json]:
    return {
        "recording": str(file.recording_id),
        "file": str(file.pk),
        "path": file.path,
        "content_digest": f"sha256:{file.blob.content_digest}",
        "way": str(building.way),
        "package": str(building.approval_id),
        "building": str(building.pk),
    }
