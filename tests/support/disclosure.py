"""A demand of the court for what Yerlan recorded, registered by Daniyar and approved by Aigerim."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.disclosure.models import (
    Approval,
    Building,
    BuildingWay,
    Built,
    Chosen,
    Demand,
    Sealing,
    Selection,
)
from aigaq.disclosure.selectors import files_of
from aigaq.disclosure.services.amend import AmendRequest, amend
from aigaq.disclosure.services.approve import ApprovalRequest, approve
from aigaq.disclosure.services.build import BUILT, begin, finish
from aigaq.disclosure.services.refuse import refuse
from aigaq.disclosure.services.register import RegisterRequest, register
from aigaq.journal.services.sign import Means
from aigaq.package.layout import Bag
from aigaq.package.writer import Written
from aigaq.recordings.models import Recording
from aigaq.registry.models import Person
from tests.support.duty import own_password
from tests.support.office import Office

PAPER: dict[str, Any] = {
    "kind": "determination",
    "authority": "Қонаев қалалық соты",
    "official": "Сейітов А. М.",
    "their_number": "3-127/26",
    "dated_on": date(2026, 11, 18),
    "received_on": date(2026, 11, 19),
    "due_on": date(2026, 11, 25),
    "basis": "№ 1-44/26 іс, ӘҚБтК 765-бап",
    "covers": "20 қарашадағы тексерудің бейнежазбалары",
}


@dataclass(frozen=True)
class Registrar:
    office: Office

    def registers(self, *chosen: Chosen, who: Person | None = None, **changes: Any) -> Demand:
        return register(
            self.office.ledger,
            self.office.by(who or self.office.custodian),
            self.request(*chosen, who=who, **changes),
        )

    def request(self, *chosen: Chosen, who: Person | None = None, **changes: Any) -> RegisterRequest:
        usual = {"person": who or self.office.custodian, "division": self.office.division, "chosen": chosen}
        return RegisterRequest(**(PAPER | usual | changes))

    def amends(
        self, demand: Demand, *chosen: Chosen, read: int = 1, who: Person | None = None, **changes: Any
    ) -> Selection:
        who = who or self.office.custodian
        usual: dict[str, Any] = {
            "person": who,
            "division": self.office.division,
            "demand": demand.pk,
            "read": read,
            "chosen": chosen,
            "reason": "Сот нақтылады",
        }
        return amend(self.office.ledger, self.office.by(who), AmendRequest(**(usual | changes)))

    def approves(
        self, demand: Demand, *, read: int = 1, who: Person | None = None, means: Means | None = None
    ) -> Approval:
        who = who or self.office.head
        request = ApprovalRequest(head=who, division=self.office.division, demand=demand.pk, read=read)
        return approve(self.office.ledger, self.office.by(who), request, means or own_password(who))

    def builds(
        self,
        approval: Approval,
        *,
        digest: str = "sha256:" + "a" * 64,
        evidence: str = "sha256:" + "e" * 64,
        capacity: int | None = None,
    ) -> Building:
        """As if it had been: what is written is tried elsewhere."""
        office, by = self.office, self.office.by(self.office.custodian)
        building = self._begins(approval, capacity)
        bags = (Bag(name="aigaq-1", octets=1, tagmanifest_sha256="b" * 64),)
        finish(office.ledger, by, building, Written(digest, evidence, bags))
        return building

    def built_by_the_first_version(self, approval: Approval, *, digest: str, capacity: int | None) -> Built:
        """It entered no digest of the evidence."""
        building, now = self._begins(approval, capacity), self.office.clock.now()
        body: dict[str, Json] = {"building": str(building.pk), "package_digest": digest}
        with transaction.atomic():
            seq = self.office.ledger.append(BUILT, self.office.by(self.office.custodian), body).seq
            return Built.objects.create(
                building=building, package_digest=digest, bags=[], built_at=now, seq=seq
            )

    def _begins(self, approval: Approval, capacity: int | None) -> Building:
        office = self.office
        return begin(
            office.ledger,
            office.by(office.custodian),
            approval=approval,
            division=office.division,
            person=office.custodian,
            files=files_of([each.recording for each in approval.selection.items]),
            way=BuildingWay.WEB,
            capacity=capacity,
            sealing=Sealing.NONE,
        )

    def refuses(self, demand: Demand, *, who: Person | None = None, reason: str = "Ондай жазба жоқ") -> Any:
        who, ledger = who or self.office.head, self.office.ledger
        return refuse(
            ledger,
            self.office.by(who),
            demand=demand.pk,
            division=self.office.division,
            head=who,
            reason=reason,
        )


def every_recording() -> list[Chosen]:
    return [Chosen(pk) for pk in Recording.objects.order_by("listed_at", "pk").values_list("pk", flat=True)]


def whole(recording: UUID) -> Chosen:
    return Chosen(recording)
