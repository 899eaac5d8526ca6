"""Disposing of what Yerlan recorded, three years later: Daniyar proposes, Aigerim approves, Daniyar carries out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from aigaq.core.clock import KAZAKHSTAN
from aigaq.journal import evidence
from aigaq.journal.services.sign import Means
from aigaq.ledger import checks, comparison
from aigaq.recordings.models import Recording
from aigaq.recovery.statements import STATEMENTS
from aigaq.registry.models import Person
from aigaq.regulation import profile as regulation
from aigaq.retention import terms
from aigaq.retention.clock import confirm_day
from aigaq.retention.disposing import DisposalRequest, Result, Stores, dispose
from aigaq.retention.models import DisposalApproval, DisposalPlan
from aigaq.retention.planning import ApprovalRequest, approve, propose
from aigaq.vault.errors import StillLockedError
from aigaq.vault.store import Vault
from tests.support.duty import own_password
from tests.support.office import ADDRESS, Office, password_of

DUE = datetime(2029, 11, 21, 4, 0, tzinfo=UTC)
"""The morning after the last day of what was taken in on 20 November 2026."""
PROFILE = regulation.load()


class LockedPlace:
    """A bucket that keeps what it has until then."""

    place = "s3://evidence/almaty"

    def __init__(self, until: datetime) -> None:
        self.until = until

    def exclusive(self, _content: object) -> None:
        raise StillLockedError(place=self.place, until=self.until)


@dataclass(frozen=True)
class Keeper:
    office: Office
    vault: Vault

    def follows(self) -> None:
        """The office enters the terms of what was taken in."""
        terms.catch_up(self.office.ledger, PROFILE)

    def waits(self, at: datetime = DUE, *, confirms: bool = True) -> None:
        """Three years go by in which nothing is entered, and the head says which day it is."""
        self.follows()
        self.office.clock.instant = at
        if confirms:
            self.confirms()

    def confirms(self, who: Person | None = None, **changes: Any) -> Any:
        who = who or self.office.head
        usual: dict[str, Any] = {
            "division": self.office.division,
            "head": who,
            "day": self.office.clock.now().astimezone(KAZAKHSTAN).date(),
            "password": password_of(who.user.username),
            "address": ADDRESS,
            "profile": PROFILE,
        }
        return confirm_day(self.office.ledger, self.office.by(who), **(usual | changes))

    def proposes(self, recordings: Collection[UUID] | None = None, who: Person | None = None) -> DisposalPlan:
        who = who or self.office.custodian
        chosen = recordings if recordings is not None else every_recording()
        return propose(
            self.office.ledger,
            self.office.by(who),
            division=self.office.division,
            custodian=who,
            recordings=chosen,
            profile=PROFILE,
        )

    def approves(
        self, plan: DisposalPlan, who: Person | None = None, means: Means | None = None
    ) -> DisposalApproval:
        who = who or self.office.head
        request = ApprovalRequest(head=who, division=self.office.division, plan=plan.pk)
        return approve(self.office.ledger, self.office.by(who), request, means or own_password(who))

    def approved(self) -> DisposalPlan:
        """A plan of all there is, approved a day ago."""
        self.waits()
        plan = self.proposes()
        self.approves(plan)
        self.office.clock.instant += timedelta(days=1)
        return plan

    def disposes(self, plan: DisposalPlan, who: Person | None = None, **stores: Any) -> Result:
        who = who or self.office.custodian
        request = DisposalRequest(person=who, division=self.office.division, plan=plan.pk, profile=PROFILE)
        usual: dict[str, Any] = {
            "vault": self.vault.backend,
            "copies": {},
            "is_unloading": lambda: False,
            "is_sound": self.is_sound,
        }
        return dispose(self.office.ledger, self.office.by(who), request, Stores(**(usual | stores)))

    def is_sound(self) -> bool:
        return not self.faults()

    def faults(self) -> list[Any]:
        """What `aigaq ledger verify` finds."""
        report = checks.verify(self.office.ledger.signer.verifier)
        compared = comparison.compare(STATEMENTS, also=[evidence.Reader().check])
        return [*report.faults, *checks.misfiled(), *compared]


def every_recording() -> list[UUID]:
    return list(Recording.objects.order_by("listed_at", "pk").values_list("pk", flat=True))
