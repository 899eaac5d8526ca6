"""The month's sample: drawn by itself once the month is over, by a lot that nobody chose; looked through; reported."""

from datetime import UTC, date, datetime
from importlib import import_module
from uuid import UUID

import pytest
from django.db import connection, transaction

from aigaq.journal.models import JournalRow
from aigaq.ledger import comparison
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE
from aigaq.notices import services as notices
from aigaq.notices.models import Kind as NoticeKind
from aigaq.notices.models import Notice
from aigaq.notices.wording import sentence
from aigaq.regulation.profile import SampleRule
from aigaq.review import checks, errors, samples, sampling
from aigaq.review.draws import Draws
from aigaq.review.models import Sample, SampleFinished, SampleItem
from aigaq.review.sampling import Month
from tests.support.duty import entries, on_duty, spare_of
from tests.support.forgery import unguarded, write
from tests.support.reviews import Reviewer

RULE = SampleRule(percent=10, least=3, days=15)
NOVEMBER = Month(2026, 11)


def findings():
    return [fault.kind for fault in comparison.compare([checks.STATEMENT], also=[Draws(RULE).check])]


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def month(office, duty):
    """Eight duties of November, one of which went on after a replacement and one was set right; and December."""
    rows = []
    for number in range(8):
        inspector = office.inspector if number % 4 else office.second_inspector
        rows.append(duty.issue(inspector=inspector))
        if number == 5:
            went_on = duty.replace(duty.fail(rows[-1]), spare_of(office))
            duty.give_back(went_on, seal_number_found="Қ-0777")
        duty.give_back(rows[-1], handed_back_by=inspector)
        duty.passes(hours=3)
    duty.correct(rows[1], "inspector", str(office.second_inspector.pk))
    office.clock.instant = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
    return rows


def finished_by_migration():
    """What an older installation is found to have looked through."""
    SampleFinished.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(import_module("aigaq.review.migrations.0004_finished_samples").FILL)
    return list(SampleFinished.objects.values_list("sample", flat=True))


def after(office, duty):
    """The first entry of December, which gives the seed."""
    return duty.issue()


def test_it_is_drawn_when_the_ledger_says_that_the_month_is_over_and_once(office, duty, month):
    assert samples.draw_due(office.ledger, RULE) == 0
    with pytest.raises(errors.NotDrawableError):
        samples.draw(office.ledger, office.division, NOVEMBER, RULE)
    december = after(office, duty)
    assert samples.draw_due(office.ledger, RULE) == 1
    assert samples.draw_due(office.ledger, RULE) == 0
    (sample,) = samples.samples_of(office.division)
    assert (sample.month, sample.population, sample.due_on) == (date(2026, 11, 1), 8, date(2026, 12, 15))
    assert sample.size == december.seq + 1
    drawn = [item.row for item in sample.items.order_by("ordinal")]
    assert len(drawn) == 3
    assert set(drawn) <= set(month)
    assert samples.draw(office.ledger, office.division, NOVEMBER, RULE) == sample
    assert findings() == []


def test_a_month_at_whose_end_the_server_was_away_is_drawn_when_it_is_back(office, duty, month):
    office.clock.instant = datetime(2027, 1, 3, 4, 0, tzinfo=UTC)
    january = duty.issue()
    assert samples.draw_due(office.ledger, RULE) == 1
    (sample,) = samples.samples_of(office.division)
    assert (sample.month, sample.population, sample.size) == (date(2026, 11, 1), 8, january.seq + 1)
    assert samples.draw_due(office.ledger, RULE) == 0
    assert findings() == []


def test_to_find_nothing_to_draw_costs_the_same_however_many_duties_there_were(
    office, duty, month, monkeypatch, django_assert_max_num_queries
):
    after(office, duty)
    samples.draw_due(office.ledger, RULE)
    monkeypatch.setattr(samples, "_AT_ONCE", 1)
    with django_assert_max_num_queries(9):
        assert samples.draw_due(office.ledger, RULE) == 0


def test_what_is_done_after_the_month_changes_nothing_of_the_lot(office, duty, month):
    december = after(office, duty)
    duties = samples._duties(office.division, NOVEMBER, december.seq + 1)
    duty.give_back(december)
    duty.correct(month[2], "inspector", str(office.second_inspector.pk))
    duty.passes(days=3)
    samples.draw_due(office.ledger, RULE)
    sample = Sample.objects.get()
    duty.give_back(duty.issue())
    again = sampling.draw(sample.seed, samples._duties(office.division, NOVEMBER, sample.size), RULE)
    assert samples._duties(office.division, NOVEMBER, sample.size) == duties
    assert [UUID(each.row) for each in again] == list(
        sample.items.order_by("ordinal").values_list("row_id", flat=True)
    )
    assert findings() == []


def test_a_correction_within_the_month_counts(office, duty, month):
    after(office, duty)
    samples.draw_due(office.ledger, SampleRule(percent=100, least=1, days=15))
    whose = dict(SampleItem.objects.values_list("row_id", "inspector_id"))
    assert whose[month[1].pk] == office.second_inspector.pk
    assert whose[month[2].pk] == office.inspector.pk
    assert len(whose) == 8


def test_a_draw_that_was_tampered_with_is_found(office, duty, month):
    after(office, duty)
    samples.draw_due(office.ledger, RULE)
    item = SampleItem.objects.order_by("ordinal").first()
    other = JournalRow.objects.exclude(pk__in=SampleItem.objects.values("row")).first()
    with unguarded() as cursor:
        write(cursor, item, SampleItem._meta.get_field("row"), other.pk)
        assert findings() == ["row-changed"]


FALSE = (
    (lambda body: body["items"].pop(), "draw-of-others"),
    (lambda body: body["items"].reverse(), "draw-of-others"),
    (lambda body: body.update(population=7), "draw-of-others"),
    (lambda body: body.update(percent=90), "draw-of-others"),
    # Ten in a hundred and one in a hundred are one duty of each inspector: the lot alone does not tell.
    (lambda body: body.update(percent=1), "draw-by-a-laxer-rule"),
    (lambda body: body.update(least=1), "draw-by-a-laxer-rule"),
    (lambda body: body.update(days=16), "draw-by-a-laxer-rule"),
    (lambda body: body.update(seed="0" * 64), "draw-of-another-seed"),
    (lambda body: body.update(size=body["size"] + 1), "draw-of-another-seed"),
    (lambda body: body.update(root="0" * 64), "draw-of-another-seed"),
    (lambda body: body.update(month="2026-10"), "draw-of-another-seed"),
    (lambda body: body.pop("seed"), "draw-unreadable"),
    (lambda body: body.update(month="2026-11"), "drawn-again"),
)


def test_a_false_draw_is_found_though_its_entry_is_signed_by_the_ledger_itself(office, duty, month):
    """Whoever holds the ledger's key can append anything, and is found out by drawing again."""
    after(office, duty)
    samples.draw_due(office.ledger, RULE)
    (true,) = entries("review.sample-drawn")
    for change, kind in FALSE:
        body = {**true.body, "items": [list(each) for each in true.body["items"]]}
        change(body)
        with transaction.atomic():
            forged = office.ledger.append("review.sample-drawn", MACHINE, body)
            reader, found = Draws(RULE), []
            for entry in entries(""):
                # Without the true one before it, unless that is what is tried.
                if entry == true and kind != "drawn-again":
                    reader._tree.append(entry.leaf_hash)
                else:
                    found += [(fault.kind, fault.seq) for fault in reader.check(entry)]
            transaction.set_rollback(True)
        assert (kind, forged.seq) in found, kind


def test_it_is_looked_through_duty_by_duty_and_time_runs_out(office, duty, month):
    after(office, duty)
    samples.draw_due(office.ledger, RULE)
    sample, reviewer = Sample.objects.get(), Reviewer(office)

    def now():
        (found,) = samples.progress([sample], samples.today_of(office.ledger))
        return found.done, found.is_done, found.is_overdue

    assert now() == (0, False, False)
    items = list(sample.items.order_by("ordinal"))
    reviewer.reviews(items[0].row)
    reviewer.reviews(items[1].row, result="violation", note="Эвакуация жолы жабық")
    assert now() == (2, False, False)
    office.clock.instant = datetime(2026, 12, 16, 4, 0, tzinfo=UTC)
    assert now() == (2, False, True)
    assert samples.late_samples(date(2026, 12, 16)) == [(sample, 1)]
    assert samples.late_samples(date(2026, 12, 15)) == []
    assert finished_by_migration() == []
    reviewer.reviews(items[2].row)
    assert now() == (3, True, False)
    assert samples.waiting(office.division) == 0
    assert list(SampleFinished.objects.values_list("sample", flat=True)) == [sample.pk]
    assert finished_by_migration() == [sample.pk]


def test_the_head_writes_a_note_and_nobody_else(office, duty, month):
    after(office, duty)
    samples.draw_due(office.ledger, RULE)
    sample = Sample.objects.get()
    for who in (office.custodian, office.inspector, office.sister_head):
        with pytest.raises(errors.NotTheHeadError):
            samples.note(office.ledger, office.by(who), sample, head=who, text="Жақсы")
    with pytest.raises(errors.NoNoteError):
        samples.note(office.ledger, office.by(office.head), sample, head=office.head, text=" ")
    samples.note(office.ledger, office.by(office.head), sample, head=office.head, text=" Бәрі\nжақсы ")
    assert sample.notes.get().text == "Бәрі жақсы"
    assert findings() == []


def test_a_duty_that_went_on_is_one_duty(office, duty, month):
    rows = samples.rows_of_duty(month[5])
    assert len(rows) == 2
    assert samples.begun_on(rows[1]) == month[5]
    assert samples.rows_of_duty(month[4]) == [month[4]]


def test_the_root_is_that_of_the_ledgers_first_entries(office, duty, month):
    from aigaq.ledger.selectors import root_at
    from aigaq.tlog.merkle import root

    leaves = [
        bytes.fromhex(each)
        for each in LedgerEntry.objects.order_by("seq").values_list("leaf_hash", flat=True)
    ]
    for size in (1, 2, 7, len(leaves) - 1, len(leaves)):
        assert root_at(size) == root(leaves[:size])
    with pytest.raises(ValueError):
        root_at(len(leaves) + 1)


def test_custodian_and_head_are_told_of_the_draw_and_again_when_it_is_late(office, duty, month):
    after(office, duty)
    samples.draw_due(office.ledger, RULE)
    notices.catch_up(office.ledger)

    def told():
        found = Notice.objects.filter(kind=NoticeKind.SAMPLE).order_by("created_at")
        return [(each.person, each.facts.get("late", False), each.facts["count"]) for each in found]

    assert set(told()) == {(office.custodian, False, 3), (office.head, False, 3)}
    Reviewer(office).reviews(SampleItem.objects.get(ordinal=1).row)
    for day, many in ((15, 2), (16, 4), (16, 4), (22, 6)):
        office.clock.instant = datetime(2026, 12, day, 4, 0, tzinfo=UTC)
        notices.remind_samples(office.ledger, office.clock.now())
        assert len(told()) == many, day
    assert (office.head, True, 2) in told()
    for notice in Notice.objects.filter(kind=NoticeKind.SAMPLE):
        assert "11.2026" in sentence(notice)
        assert "15.12.2026" in sentence(notice)
