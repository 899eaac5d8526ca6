"""A day of duty on the office's cast: a book is open, and a test says only what differs from the usual."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from aigaq.core.canonical import Json
from aigaq.journal.models import (
    Correction,
    Failure,
    JournalBook,
    JournalRow,
    Loss,
    Pause,
    Repair,
    Resume,
    SealFound,
    ThingKind,
    Told,
)
from aigaq.journal.rules import Check, Purpose
from aigaq.journal.services.books import open_book
from aigaq.journal.services.correct import CorrectionRequest, correct
from aigaq.journal.services.issue import IssueRequest, issue
from aigaq.journal.services.pause import pause
from aigaq.journal.services.repair import repair
from aigaq.journal.services.report_failure import report_failure
from aigaq.journal.services.report_loss import LossReport, report_loss
from aigaq.journal.services.resume import resume
from aigaq.journal.services.return_ import ReturnRequest, return_
from aigaq.journal.services.sign import Means, OwnPassword
from aigaq.journal.services.telling import FieldNotice
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE, By
from aigaq.registry.models import Card, Person, Recorder
from aigaq.registry.services import add_card, add_recorder
from aigaq.regulation import profile
from aigaq.tlog.entry import Entry
from tests.support.office import ADDRESS, Office, password_of

PURPOSE = Purpose(
    control="preventive-visit",
    subject="«Нұр-Құрылыс» ЖШС",
    object="Сауда үйі, Қонаев қ., Жамбыл к-сі 12",
    act_number="№ 118",
)
CHECKS = {check.key: Check(passed=True) for check in profile.load().checks}
SEAL = "Қ-0412"


@dataclass(frozen=True)
class Spare:
    """What lies ready to be issued in the place of what failed."""

    recorder: Recorder
    card: Card


@dataclass(frozen=True)
class Duty:
    office: Office
    book: JournalBook

    def issue(self, *, by: By | None = None, means: Means | None = None, **changes: Any) -> JournalRow:
        """Daniyar issues the recorder and its card to Yerlan, sealed, checked and signed."""
        request = self.issue_request(**changes)
        return issue(
            self.office.ledger, by or self.by_custodian, request, means or own_password(request.inspector)
        )

    def issue_request(self, **changes: Any) -> IssueRequest:
        office = self.office
        usual: dict[str, Any] = {
            "custodian": office.custodian,
            "division": office.division,
            "recorder": office.recorder,
            "card": office.card,
            "inspector": office.inspector,
            "purpose": PURPOSE,
            "checks": CHECKS,
            "seal_number": SEAL,
        }
        return IssueRequest(**(usual | changes))

    def give_back(
        self, row: JournalRow, *, by: By | None = None, means: Means | None = None, **changes: Any
    ) -> JournalRow:
        """Yerlan hands it back to Daniyar with the seal as it was, and signs."""
        request = self.return_request(row, **changes)
        return return_(
            self.office.ledger,
            by or self.by_custodian,
            request,
            means or own_password(request.handed_back_by),
        )

    def return_request(self, row: JournalRow, **changes: Any) -> ReturnRequest:
        usual: dict[str, Any] = {
            "custodian": self.office.custodian,
            "row": row,
            "handed_back_by": self.office.inspector,
            "seal_found": SealFound.INTACT,
            "seal_number_found": SEAL,
            "condition": "",
        }
        return ReturnRequest(**(usual | changes))

    def correct(
        self,
        row: JournalRow,
        cell: str,
        new: str,
        *,
        by: By | None = None,
        means: Means | None = None,
        **changes: Any,
    ) -> Correction:
        """Daniyar corrects one cell, having read it as it stands, and signs."""
        request = self.correction_request(row, cell, new, **changes)
        acting = by or self.office.by(request.custodian)
        return correct(self.office.ledger, acting, request, means or own_password(request.custodian))

    def correction_request(self, row: JournalRow, cell: str, new: str, **changes: Any) -> CorrectionRequest:
        usual: dict[str, Any] = {
            "custodian": self.office.custodian,
            "row": row,
            "cell": cell,
            "read": Correction.objects.filter(row=row, cell=cell).count(),
            "new": new,
            "reason": "Қате жазылған",
        }
        return CorrectionRequest(**(usual | changes))

    def pause(self, row: JournalRow, *, by: By | None = None, reason: str = "meal", **changes: Any) -> Pause:
        """Yerlan tells from his phone that he pauses for a meal, and it arrives at once."""
        notice = self.notice(row, **changes)
        return pause(self.office.ledger, by or self.office.by(notice.person), notice, reason=reason)

    def resume(
        self, row: JournalRow, pause: Pause | UUID | None = None, *, by: By | None = None, **changes: Any
    ) -> Resume:
        """Yerlan tells from his phone that he goes on recording."""
        notice = self.notice(row, **changes)
        named = pause.pk if isinstance(pause, Pause) else pause
        return resume(self.office.ledger, by or self.office.by(notice.person), notice, pause=named)

    def fail(
        self,
        row: JournalRow,
        *,
        by: By | None = None,
        cause: str = "picture",
        words: str = "",
        **changes: Any,
    ) -> Failure:
        """Yerlan tells from his phone that the recorder failed."""
        notice = self.notice(row, **changes)
        acting = by or self.office.by(notice.person)
        return report_failure(self.office.ledger, acting, notice, cause=cause, words=words)

    def notice(self, row: JournalRow, **changes: Any) -> FieldNotice:
        usual: dict[str, Any] = {
            "id": uuid4(),
            "row": row,
            "person": self.office.inspector,
            "told": Told.PHONE_PAGE,
            "occurred_at": self.office.clock.now(),
        }
        return FieldNotice(**(usual | changes))

    def by_voice(self, **changes: Any) -> dict[str, Any]:
        """What differs where the custodian was told by voice."""
        return {"person": self.office.custodian, "told": Told.BY_VOICE} | changes

    @property
    def by_custodian(self) -> By:
        return self.office.by(self.office.custodian)

    def repair(
        self, failure: Failure, *, by: By | None = None, words: str = "Батарея ауыстырылды", **changes: Any
    ) -> Repair:
        """Daniyar puts right what failed."""
        usual: dict[str, Any] = {"custodian": self.office.custodian}
        acting = by or self.by_custodian
        return repair(self.office.ledger, acting, failure=failure, words=words, **(usual | changes))

    def replace(self, failure: Failure, spare: Spare, **changes: Any) -> JournalRow:
        """Daniyar issues what lies ready, sealed, in the place of what failed; the duty goes on."""
        usual: dict[str, Any] = {"recorder": spare.recorder, "card": spare.card, "seal_number": "Қ-0777"}
        return self.issue(replaces=failure, **(usual | changes))

    def lose(self, row: JournalRow, *, by: By | None = None, **changes: Any) -> Loss:
        """Daniyar enters that the recorder was lost while it was out."""
        usual: dict[str, Any] = {
            "custodian": self.office.custodian,
            "row": row,
            "thing": ThingKind.RECORDER,
            "words": "Өзенге түсіп кетті",
        }
        return report_loss(self.office.ledger, by or self.by_custodian, LossReport(**(usual | changes)))

    def passes(self, **time: float) -> None:
        self.office.clock.instant += timedelta(**time)


def spare_of(office: Office, number: str = "0002") -> Spare:
    """One more recorder and card of the division."""
    ledger, division = office.ledger, office.division
    recorder = add_recorder(ledger, MACHINE, inventory_number=f"БТ-{number}", division=division)
    card = add_card(ledger, MACHINE, inventory_number=f"ЖК-{number}", division=division)
    return Spare(recorder, card)


def on_duty(office: Office, *, sheets: int = 48, rows_per_sheet: int = 10) -> Duty:
    book = open_book(
        office.ledger,
        office.by(office.head),
        division=office.division,
        registration_number="01-12/4",
        started_on=date(2026, 11, 20),
        sheets=sheets,
        rows_per_sheet=rows_per_sheet,
    )
    return Duty(office, book)


def own_password(person: Person) -> OwnPassword:
    """They sign with their own password."""
    return OwnPassword(sign_in_password(person), ADDRESS)


def sign_in_password(person: Person) -> str:
    return password_of(person.user.username) if person.user else ""


def entries(kind: str = "journal.") -> list[Entry]:
    """The ledger's entries whose kind begins so, oldest first."""
    found = LedgerEntry.objects.filter(kind__startswith=kind).order_by("seq")
    return [Entry.parse(entry.entry.encode()) for entry in found]


def last_document() -> dict[str, Json]:
    """What was signed last."""
    document = entries()[-1].body["document"]
    assert isinstance(document, dict)
    return document
