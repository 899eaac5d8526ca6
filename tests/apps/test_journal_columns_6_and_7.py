"""Columns 6 and 7: unloading times and remarks, before a return and after."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from aigaq.core.clock import rfc3339
from aigaq.journal import errors
from aigaq.journal.models import JournalRow, Unloading
from aigaq.journal.services.remark import remark
from aigaq.journal.services.unload import record_unloading
from aigaq.ledger.services import MACHINE
from tests.support.duty import entries, on_duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def row(duty):
    return duty.issue()


def unloaded(duty, row, unload_id=None, by=MACHINE, octets=4_000_000_000):
    return record_unloading(
        duty.office.ledger,
        by,
        row=row,
        unload_id=unload_id or uuid4(),
        files=20,
        octets=octets,
        occurred_at=duty.office.clock.now(),
    )


def remarked(duty, row, text, author=None):
    author = author or duty.office.custodian
    return remark(duty.office.ledger, duty.office.by(author), row=row, text=text, author=author)


def test_an_unloading_is_written_by_the_machine(duty, row):
    id_ = UUID("7b9d1c5e-0000-4000-8000-000000000001")
    unloading = unloaded(duty, row, id_, octets=2**53 + 1)

    entry = entries("journal.unloaded")[-1]
    assert (unloading.by, unloading.seq) == (None, entry.seq)
    assert (unloading.files, unloading.octets) == (20, 2**53 + 1)
    assert entry.actor.kind == "system"
    assert entry.division == str(duty.office.division.pk)
    assert entry.body["unload"] == str(id_)
    assert entry.body["octets"] == "9007199254740993"
    assert entry.body["row"] == {"id": str(row.pk), "number": 1, "sheet": 1}
    assert entry.body["occurred_at"] == rfc3339(unloading.occurred_at)


def test_a_row_may_be_unloaded_before_its_return_and_after(duty, row):
    first = unloaded(duty, row)
    duty.passes(hours=8)
    duty.give_back(row)
    second = unloaded(duty, row)
    assert list(row.unloadings.order_by("occurred_at")) == [first, second]


def test_what_the_custodian_assigned_from_the_tray_bears_their_name(duty, row):
    unloading = unloaded(duty, row, by=duty.office.by(duty.office.custodian))
    assert unloading.by == duty.office.custodian


def test_the_same_unloading_is_entered_once(duty, row):
    id_ = uuid4()
    first = unloaded(duty, row, id_)
    duty.passes(minutes=1)
    assert unloaded(duty, row, id_) == first
    assert Unloading.objects.count() == len(entries("journal.unloaded")) == 1


def test_one_unloading_does_not_stand_on_two_rows(duty, row):
    id_ = uuid4()
    unloaded(duty, row, id_)
    duty.give_back(row)
    with pytest.raises(errors.UnloadedElsewhereError) as caught:
        unloaded(duty, duty.issue(), id_)
    assert caught.value.details == {"row": 1}


def test_an_unloading_of_no_row_is_refused(duty, row):
    with pytest.raises(errors.UnknownRowError):
        unloaded(
            duty, JournalRow(book=row.book, division=row.division, first_recorder=row.recorder, number=9)
        )
    assert not entries("journal.unloaded")


def test_a_remark_is_added_by_the_custodian_before_the_return_and_after(duty, row):
    text = "Түскі үзіліс 13:00–13:40, жауапты тұлға хабардар етілді"
    first = remarked(duty, row, f"  {text} ")
    duty.passes(hours=9)
    duty.give_back(row)
    second = remarked(duty, row, "Жазба толық")

    assert (first.text, first.by, first.seq) == (
        text,
        duty.office.custodian,
        entries("journal.remarked")[0].seq,
    )
    assert list(row.remarks.order_by("seq")) == [first, second]
    assert second.entered_at - first.entered_at == timedelta(hours=9)
    body = entries("journal.remarked")[0].body
    assert (body["text"], body["author"]["full_name"]) == (text, "Жүнісов Данияр Ғалымұлы")


@pytest.mark.parametrize("who", ["head", "inspector", "sister_custodian", "administrator"])
def test_nobody_but_the_custodian_writes_in_column_7(duty, row, who):
    with pytest.raises(errors.NotCustodianError):
        remarked(duty, row, "Мен де жазайын", author=getattr(duty.office, who))
    assert not row.remarks.exists()


def test_an_empty_remark_says_nothing(duty, row):
    with pytest.raises(errors.NoTextError):
        remarked(duty, row, " \n ")
    with pytest.raises(errors.TooLongError):
        remarked(duty, row, "ғ" * 2001)
