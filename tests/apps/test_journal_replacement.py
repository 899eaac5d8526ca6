"""A recorder that failed is put right, or another goes on in its place on the same duty (R22.1)."""

from functools import partial

import pytest

from aigaq.journal import errors
from aigaq.journal.duties import duty_of
from aigaq.journal.evidence import check_entries
from aigaq.journal.models import JournalRow, Repair, Replacement
from aigaq.journal.selectors import row_view
from aigaq.ledger.models import LedgerEntry
from aigaq.registry.models import Recorder
from tests.apps.test_journal_race import at_once
from tests.support.duty import entries, last_document, on_duty, spare_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def spare(office):
    return spare_of(office)


@pytest.fixture
def row(duty):
    """Issued at nine."""
    return duty.issue()


@pytest.fixture
def failure(duty, row):
    """Told at eleven."""
    duty.passes(hours=2)
    failure = duty.fail(row, words="Экраны қараңғы")
    duty.passes(minutes=40)
    return failure


def remarks(row):
    return [remark.text for remark in row.remarks.order_by("seq", "pk")]


def refused(act, error):
    """It raises exactly that, and the ledger has not grown but for what it says of passwords."""
    before = LedgerEntry.objects.filter(kind__startswith="journal.").count()
    with pytest.raises(error) as caught:
        act()
    assert type(caught.value) is error
    assert LedgerEntry.objects.filter(kind__startswith="journal.").count() == before
    return caught.value


# Put right.


def test_a_repair_is_told_with_cause_notice_and_what_was_done(duty, row, failure):
    repair = duty.repair(failure, words=" Батарея   ауыстырылды. ")

    assert (repair.failure, repair.words) == (failure, "Батарея ауыстырылды.")
    assert repair.by == duty.office.custodian
    assert remarks(row) == [
        (
            "№ БТ-0001 бейнетіркегіш істен шықты. Себебі: бейне сапасыз немесе жоқ (Экраны қараңғы). "
            "Хабарланған уақыты: 20.11.2026 11:00. Ақаулық жойылған уақыты: 20.11.2026 11:40. "
            "Атқарылғаны: Батарея ауыстырылды."
        )
    ]
    (entry,) = entries("journal.repaired")
    assert entry.body["remarks"] == remarks(row)
    assert entry.body["reported"] == failure.seq
    assert row_view(row).open_failure is None


def test_after_a_repair_the_return_has_nothing_left_to_tell(duty, row, failure):
    duty.repair(failure)
    duty.give_back(row)
    assert len(remarks(row)) == 1


def test_the_same_recorder_may_fail_again_after_a_repair(duty, row, failure):
    duty.repair(failure)
    duty.passes(hours=1)
    again = duty.fail(row, cause="sound")
    assert row_view(row).open_failure == again
    duty.repair(again)
    assert Repair.objects.count() == 2


def test_a_repair_says_what_was_done(duty, failure):
    refused(partial(duty.repair, failure, words=" "), errors.RepairUnexplainedError)
    refused(partial(duty.repair, failure, words="ж" * 301), errors.TooLongError)


def test_a_failure_is_settled_once(duty, failure, spare):
    duty.repair(failure)
    error = refused(partial(duty.repair, failure), errors.AlreadySettledError)
    assert error.details == {"row": 1, "at": duty.office.clock.now()}
    refused(partial(duty.replace, failure, spare), errors.AlreadySettledError)


def test_what_was_replaced_is_not_repaired(duty, failure, spare):
    duty.replace(failure, spare)
    refused(partial(duty.repair, failure), errors.AlreadySettledError)


def test_after_the_return_there_is_nothing_to_repair(duty, row, failure):
    duty.give_back(row)
    error = refused(partial(duty.repair, failure), errors.DutyOverError)
    assert error.paragraph == "22"


def test_only_the_custodian_of_the_division_repairs_and_as_themself(duty, failure):
    office = duty.office
    for person in (office.head, office.inspector, office.sister_custodian, office.administrator):
        act = partial(duty.repair, failure, custodian=person, by=office.by(person))
        refused(act, errors.NotCustodianError)
    refused(partial(duty.repair, failure, by=office.by(office.head)), errors.NotCustodianError)


# Replaced.


def test_the_duty_goes_on_with_another_recorder_and_both_rows_tell_it(duty, row, failure, spare):
    new = duty.replace(failure, spare)

    assert (new.number, new.recorder, new.inspector) == (2, spare.recorder, row.inspector)
    assert Replacement.objects.get().failure == failure
    assert row_view(row).replaced_by == new
    assert row_view(new).replaces == row
    assert remarks(row) == [
        (
            "№ БТ-0001 бейнетіркегіш істен шықты. Себебі: бейне сапасыз немесе жоқ (Экраны қараңғы). "
            "Хабарланған уақыты: 20.11.2026 11:00. Ауыстырылған уақыты: 20.11.2026 11:40, "
            "орнына № БТ-0002 бейнетіркегіш берілді (2-жол)."
        )
    ]
    assert remarks(new) == ["Істен шыққан № БТ-0001 бейнетіркегіштің (1-жол) орнына берілді."]


def test_the_inspector_signs_what_it_replaces(duty, row, failure, spare):
    duty.replace(failure, spare)
    assert last_document()["replaces"] == {
        "failure": str(failure.pk),
        "seq": failure.seq,
        "book": {"id": str(row.book_id), "registration_number": "01-12/4"},
        "row": {"id": str(row.pk), "number": 1, "sheet": 1},
        "remark": remarks(row)[0],
    }
    assert check_entries(entries("")) == []


def test_a_row_in_the_next_book_is_named_with_its_book(office):
    duty, spare = on_duty(office, sheets=1, rows_per_sheet=1), spare_of(office)
    row = duty.issue()
    new = duty.replace(duty.fail(row), spare)
    assert "(№ 01-12/4 (2-том) журнал, 1-жол)" in remarks(row)[0]
    assert "(№ 01-12/4 журнал, 1-жол)" in remarks(new)[0]


def test_the_failed_recorder_is_handed_back_on_its_own_row(duty, row, failure, spare):
    new = duty.replace(failure, spare)
    duty.passes(minutes=5)
    duty.give_back(row)
    assert row_view(row).returned_at is not None
    assert row_view(new).is_open
    assert len(remarks(row)) == 1, "the return has nothing left to tell of a failure that is settled"


def test_it_may_be_handed_back_first_on_that_day(duty, row, failure, spare):
    duty.give_back(row)
    duty.passes(minutes=5)
    new = duty.replace(failure, spare)
    assert row_view(row).replaced_by == new


def test_a_day_later_it_is_a_new_duty(duty, row, failure, spare):
    duty.give_back(row)
    duty.passes(days=1)
    error = refused(partial(duty.replace, failure, spare), errors.DutyOverError)
    assert error.paragraph == "22"
    assert duty.issue(recorder=spare.recorder, card=spare.card).number == 2


def test_another_inspector_does_not_go_on_with_it(duty, failure, spare):
    other = duty.office.second_inspector
    error = refused(partial(duty.replace, failure, spare, inspector=other), errors.NotTheirFailureError)
    assert error.details == {"row": 1, "inspector": "Өтегенов Ерлан Сәкенұлы"}


def test_a_recorder_does_not_replace_itself(duty, row, failure, spare):
    same = {"recorder": duty.office.recorder}
    refused(partial(duty.replace, failure, spare, **same), errors.SameRecorderError)
    duty.give_back(row)
    refused(partial(duty.replace, failure, spare, **same), errors.SameRecorderError)


def test_the_card_of_the_failed_recorder_is_still_out(duty, failure, spare):
    refused(partial(duty.replace, failure, spare, card=duty.office.card), errors.CardAlreadyIssuedError)


def test_a_failure_of_another_division_is_unknown(duty, failure):
    office = duty.office
    request = duty.issue_request(division=office.sister, custodian=office.sister_custodian, replaces=failure)
    with pytest.raises(errors.UnknownFailureError):
        request.cleaned()


def test_a_cause_that_was_corrected_is_told_as_it_stands(duty, row, failure, spare):
    duty.correct(row, f"cause:{failure.seq}", "clock")
    duty.correct(row, f"failure:{failure.seq}", "2 сағат артта")
    duty.replace(failure, spare)
    assert "Себебі: күні немесе уақыты дұрыс емес (2 сағат артта)." in remarks(row)[-1]


# The whole duty.


def test_a_duty_of_one_row_is_that_row(duty, row):
    whole = duty_of(row)
    assert [view.id for view in whole.rows] == [row.pk]
    assert not whole.is_of_several
    assert whole.is_open
    duty.passes(hours=8)
    duty.give_back(row)
    assert duty_of(row).ended_at == duty.office.clock.now()


def test_a_chain_of_replacements_is_one_duty_from_whichever_row_it_is_asked(duty, row):
    began, rows, seen = duty.office.clock.now(), [row], []
    for number in ("0002", "0003", "0004"):
        duty.passes(minutes=50)
        seen.append(duty.pause(rows[-1]))
        duty.passes(minutes=5)
        duty.resume(rows[-1])
        failure = duty.fail(rows[-1])
        duty.passes(minutes=5)
        rows.append(duty.replace(failure, spare_of(duty.office, number)))
        duty.give_back(rows[-2], seal_number_found="Қ-0412" if len(rows) == 2 else "Қ-0777")
    duty.passes(hours=1)
    duty.give_back(rows[-1], seal_number_found="Қ-0777")

    for asked in rows:
        whole = duty_of(asked)
        assert [view.id for view in whole.rows] == [each.pk for each in rows]
        assert (whole.began_at, whole.ended_at) == (began, duty.office.clock.now())
        assert list(whole.pauses) == seen
        assert [failure.row_id for failure in whole.failures] == [each.pk for each in rows[:-1]]
        turns = whole.turns
        assert [turn.until for turn in turns[:-1]] == [turn.since for turn in turns[1:]]
    assert check_entries(entries("")) == []


def test_where_the_failed_one_came_back_first_there_is_a_gap(duty, row, failure, spare):
    duty.give_back(row)
    handed_back = duty.office.clock.now()
    duty.passes(minutes=20)
    new = duty.replace(failure, spare)
    first, second = duty_of(new).turns
    assert (first.until, second.since) == (handed_back, duty.office.clock.now())
    assert second.until is None


def test_a_failed_recorder_that_comes_back_last_makes_the_duty_no_longer(duty, row, failure, spare):
    new = duty.replace(failure, spare)
    duty.passes(hours=2)
    duty.give_back(new, seal_number_found="Қ-0777")
    ended = duty.office.clock.now()
    duty.passes(hours=2)
    duty.give_back(row)
    assert duty_of(row).ended_at == ended


# Two at once.


@pytest.mark.django_db(transaction=True)
def test_of_two_who_replace_at_once_one_does(duty):
    office, row = duty.office, duty.issue()
    for turn in range(10):
        failure = duty.fail(row)
        spares = [spare_of(office, f"{turn}{which}") for which in (1, 2)]
        outcomes = at_once(*(partial(duty.replace, failure, spare) for spare in spares))
        assert sorted(type(one).__name__ for one in outcomes) == ["AlreadySettledError", "JournalRow"], (
            outcomes
        )
        old, row = row, next(one for one in outcomes if isinstance(one, JournalRow))
        duty.give_back(old, seal_number_found="Қ-0412" if turn == 0 else "Қ-0777")
        assert Recorder.objects.filter(out_on__isnull=False).count() == 1
    assert Replacement.objects.count() == 10
    assert [*JournalRow.objects.order_by("seq").values_list("number", flat=True)] == [*range(1, 12)]


@pytest.mark.django_db(transaction=True)
def test_a_failure_is_repaired_or_replaced_not_both(duty):
    office, row = duty.office, duty.issue()
    for turn in range(10):
        failure, spare = duty.fail(row), spare_of(office, f"1{turn}")
        outcomes = at_once(partial(duty.repair, failure), partial(duty.replace, failure, spare))
        names = sorted(type(one).__name__ for one in outcomes)
        assert names in (["AlreadySettledError", "Repair"], ["AlreadySettledError", "JournalRow"]), outcomes
        row = next((one for one in outcomes if isinstance(one, JournalRow)), row)
    assert Replacement.objects.count() + Repair.objects.count() == 10
