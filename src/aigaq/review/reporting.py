"""The report on a month's sample, as paper: what it says is taken from the book, the draw and the reviews."""

from aigaq.ledger.services import Ledger
from aigaq.paperwork.review_report import ReviewedDuty, ReviewReport, print_review
from aigaq.paperwork.typesetting import Typesetter
from aigaq.registry.models import Division, Role
from aigaq.registry.selectors import people_with
from aigaq.registry.terms import day_of
from aigaq.regulation.profile import Profile
from aigaq.review.models import Sample
from aigaq.review.samples import ShownItem, progress


def report_pdf(ledger: Ledger, sample: Sample, profile: Profile, *, typesetter: Typesetter) -> bytes:
    return print_review(report_on(ledger, sample), profile, typesetter=typesetter)


def report_on(ledger: Ledger, sample: Sample) -> ReviewReport:
    """As things stand now."""
    now = ledger.clock.now()
    (found,) = progress([sample], day_of(now))
    return ReviewReport(
        division=sample.division.name,
        month=sample.month,
        percent=sample.percent,
        least=sample.least,
        population=sample.population,
        due_on=sample.due_on,
        entry=sample.seq,
        seed=sample.seed,
        size=sample.size,
        root=sample.root,
        duties=[_duty(each) for each in found.items],
        notes=[
            (each.text, each.by.full_name, each.entered_at)
            for each in sample.notes.select_related("by").order_by("seq")
        ],
        custodian=_only(sample.division, Role.CUSTODIAN, ledger),
        head=_only(sample.division, Role.HEAD, ledger),
        dated=now,
    )


def _duty(shown: ShownItem) -> ReviewedDuty:
    row, review = shown.item.row, shown.review
    subject, object_ = (
        next((each.new for each in reversed(row.corrections.all()) if each.cell == cell), first)
        for cell, first in (("subject", row.issue.subject), ("object", row.issue.object))
    )
    return ReviewedDuty(
        book=row.book.registration_number,
        row=row.number,
        on=day_of(row.issue.occurred_at),
        inspector=row.inspector.full_name,
        subject=subject,
        object=object_,
        result=review.result if review else None,
        note=review.note if review else "",
        by=review.by.full_name if review else "",
        at=review.entered_at if review else None,
    )


def _only(division: Division, role: Role, ledger: Ledger) -> str:
    """Who holds it; empty where there are several: whoever signs writes their own name."""
    people = people_with(division, role, ledger.clock.now())
    return people[0].full_name if len(people) == 1 else ""
