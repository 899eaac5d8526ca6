"""Report a loss: a recorder or a card is lost while it is out; its row stays open (R24.1)."""

from dataclasses import dataclass, replace

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.journal import mishap_rules, rules, wording
from aigaq.journal.documents import about_row
from aigaq.journal.errors import ChangedMeanwhileError
from aigaq.journal.mishap_rules import ProposedLoss
from aigaq.journal.models import JournalRow, Loss, Remark, ThingKind
from aigaq.journal.selectors import returned_of, row_with
from aigaq.journal.services.acting import require, writer_of
from aigaq.ledger.services import By, Ledger
from aigaq.registry.models import Card, Person, Recorder, State
from aigaq.registry.selectors import standing_of
from aigaq.registry.services import set_state


@dataclass(frozen=True, kw_only=True)
class LossReport:
    """`words` say where and how."""

    custodian: Person
    row: JournalRow
    thing: ThingKind
    words: str

    def cleaned(self) -> "LossReport":
        """As the book keeps it, with the row and what was lost as they are now."""
        return replace(self, row=row_with(self.row.pk), words=rules.clean(self.words))

    @property
    def lost(self) -> Recorder | Card | None:
        return self.row.card if self.thing == ThingKind.CARD else self.row.recorder

    @property
    def number(self) -> str:
        return self.lost.inventory_number if self.lost else ""


def report_loss(ledger: Ledger, by: By, report: LossReport) -> Loss:
    """Enter the loss on its row, and put the thing to lost in the register.

    Found again, it is taken back on its row and put back into service. Raises the refusals of
    `mishap_rules.refusal_to_report_loss`, or `UnknownRowError`.
    """
    with transaction.atomic():
        report = report.cleaned()
        _judge(ledger, by, report)
        # Before the ledger's turn, as a return does: else the two could wait for each other.
        if report.lost is not None and report.lost.state != State.LOST:
            set_state(ledger, by, report.lost, State.LOST, report.words)
        ledger.take_turn("journal.loss-reported")
        lost, report = report.lost, report.cleaned()
        if report.lost != lost:
            raise ChangedMeanwhileError
        _judge(ledger, by, report)
        return _write(ledger, by, report)


def _judge(ledger: Ledger, by: By, report: LossReport) -> None:
    """Raise the refusal, if there is one, by the facts as they are now."""
    row, returned = report.row, returned_of(report.row)
    require(
        mishap_rules.refusal_to_report_loss(
            ProposedLoss(
                division=row.division,
                by=by,
                custodian=standing_of(report.custodian, ledger.clock.now()),
                row=row.number,
                returned_at=returned.occurred_at if returned else None,
                thing=report.thing,
                number=report.number,
                lost={ThingKind(loss.thing) for loss in row.losses.all()},
                words=report.words,
            )
        )
    )


def _write(ledger: Ledger, by: By, report: LossReport) -> Loss:
    row, now = report.row, ledger.clock.now()
    remark = wording.remark_on_loss(report.thing, report.number, report.words, now)
    body: dict[str, Json] = {
        **about_row(row),
        "thing": str(report.thing),
        "number": report.number,
        "words": report.words,
        "occurred_at": rfc3339(now),
        "remarks": [remark],
    }
    entry = ledger.append("journal.loss-reported", by, body)
    written = {"occurred_at": now, "entered_at": entry.at, "by_id": writer_of(by), "seq": entry.seq}
    Remark.objects.create(row=row, **written, text=remark)
    return Loss.objects.create(row=row, **written, thing=report.thing, words=report.words)
