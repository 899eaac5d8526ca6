"""Reading the book, and where each thing is at any moment."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from aigaq.journal import errors, selectors
from aigaq.journal.models import SealFound
from aigaq.journal.rules import Check
from aigaq.journal.selectors import Place
from aigaq.journal.services.books import close_book, open_book
from aigaq.journal.services.unload import record_unloading
from aigaq.ledger.services import MACHINE
from aigaq.registry import services as registry
from aigaq.registry.models import State
from tests.support.duty import CHECKS, SEAL, on_duty

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.fixture
def duty(office):
    return on_duty(office)


def whole_row(duty):
    """A row on which everything is written that can be."""
    row = duty.issue(checks={**CHECKS, "battery": Check(passed=False, remark="40 %")})
    duty.passes(hours=8)
    duty.give_back(row, seal_found=SealFound.BROKEN, condition="Үзілген")
    record_unloading(
        duty.office.ledger,
        MACHINE,
        row=row,
        unload_id=uuid4(),
        files=3,
        octets=9,
        occurred_at=duty.office.clock.now(),
    )
    return row


def numbers(views):
    return [view.number for view in views]


def everything_shown(views):
    """As a page does: each column of each row."""
    return [
        (
            view.number,
            view.sheet,
            view.inventory_numbers,
            view.user,
            view.issued_at,
            view.issue.by.full_name,
            view.issue_signature and view.issue_signature.signer.full_name,
            view.returned_at,
            view.returned and (view.returned.by.full_name, view.returned.handed_back_by.full_name),
            view.return_signature and view.return_signature.signer.full_name,
            [unloading.occurred_at for unloading in view.unloadings],
            [(remark.text, remark.by.full_name) for remark in view.remarks],
            view.row.division.name,
        )
        for view in views
    ]


def test_a_row_shows_all_seven_columns(duty):
    row = whole_row(duty)

    view = selectors.row_view(row)
    office = duty.office
    assert (view.number, view.sheet, view.cursor) == (1, 1, row.seq)
    assert view.inventory_numbers == ("БТ-0001", "ЖК-0001")
    assert view.user == "Өтегенов Ерлан Сәкенұлы"
    assert (view.issued_at, view.issue_signature.signer) == (NINE, office.inspector)
    assert (view.returned_at, view.return_signature.signer) == (
        NINE + timedelta(hours=8),
        office.inspector,
    )
    assert [unloading.files for unloading in view.unloadings] == [3]
    assert [remark.text.split(":")[0] for remark in view.remarks] == [
        "17-тармақ бойынша тексеру",
        "Тапсыру кезінде № Қ-0412 мөрдің бүлінгені анықталды. Жауапты тұлғаның түсіндірмесі",
    ]
    assert not view.is_open


def test_an_open_row_has_its_columns_5_and_6_empty(duty):
    view = selectors.row_view(duty.issue(card=None, seal_number=""))

    assert view.inventory_numbers == ("БТ-0001",)
    assert view.is_open
    assert (view.returned, view.returned_at, view.return_signature) == (None, None, None)
    assert (view.unloadings, view.remarks) == ((), ())


def test_a_page_of_the_book_costs_the_same_however_many_rows_it_has(duty, django_assert_num_queries):
    for _ in range(2):
        whole_row(duty)
    with django_assert_num_queries(10):
        few = everything_shown(selectors.rows(duty.office.division))
    for _ in range(10):
        whole_row(duty)
    with django_assert_num_queries(10):
        many = everything_shown(selectors.rows(duty.office.division))
    assert (len(few), len(many)) == (2, 12)


def test_pages_follow_one_another_without_gap_or_repetition(duty):
    for _ in range(7):
        duty.give_back(duty.issue())

    seen, before = [], None
    for _ in range(4):
        page = selectors.rows(duty.office.division, before=before, limit=3)
        seen.append(numbers(page))
        before = page[-1].cursor if page else before
    assert seen == [[7, 6, 5], [4, 3, 2], [1], []]


def test_a_row_entered_meanwhile_does_not_shift_the_next_page(duty):
    for _ in range(4):
        duty.give_back(duty.issue())
    first = selectors.rows(duty.office.division, limit=2)
    duty.issue()
    assert numbers(selectors.rows(duty.office.division, before=first[-1].cursor, limit=2)) == [2, 1]


def test_rows_of_one_book_or_of_all(duty):
    office = duty.office
    duty.give_back(duty.issue())
    close_book(office.ledger, office.by(office.head), book=duty.book, ended_on=NINE.date())
    book = open_book(
        office.ledger,
        office.by(office.head),
        division=office.division,
        registration_number="01-12/5",
        started_on=NINE.date(),
        sheets=48,
    )
    duty.give_back(duty.issue())
    duty.give_back(duty.issue())

    def of(book):
        return [(view.row.book, view.number) for view in selectors.rows(office.division, book=book)]

    assert of(book) == [(book, 2), (book, 1)]
    assert of(duty.book) == [(duty.book, 1)]
    assert of(None) == [(book, 2), (book, 1), (duty.book, 1)]


def test_the_sister_division_sees_none_of_it(duty):
    row = duty.issue()
    assert selectors.rows(duty.office.sister) == []
    assert selectors.open_rows(duty.office.sister) == []
    with pytest.raises(errors.UnknownRowError):
        selectors.row_with(row.pk, duty.office.sister)
    assert selectors.row_with(str(row.pk), duty.office.division) == row


@pytest.mark.parametrize("id_", ["", "7", "7b9d1c5e-0000-4000-8000-000000000001"])
def test_an_unknown_row_is_said_to_be_unknown(duty, id_):
    with pytest.raises(errors.UnknownRowError):
        selectors.row_with(id_)


def test_open_rows_are_what_is_out_now(duty, django_assert_num_queries):
    office = duty.office
    spare = registry.add_recorder(
        office.ledger, MACHINE, inventory_number="БТ-0002", division=office.division
    )
    first = duty.issue()
    duty.issue(recorder=spare, card=None, inspector=office.second_inspector)
    assert numbers(selectors.open_rows(office.division)) == [1, 2]
    duty.give_back(first)
    with django_assert_num_queries(10):
        assert numbers(selectors.open_rows(office.division)) == [2]


def test_the_open_row_of_a_thing_is_found_by_recorder_and_by_card(duty):
    office = duty.office
    assert selectors.open_row_of(office.recorder) is None
    row = duty.issue()
    assert selectors.open_row_of(office.recorder) == selectors.open_row_of(office.card) == row
    duty.give_back(row)
    assert selectors.open_row_of(office.recorder) is None
    assert selectors.open_row_of(office.card) is None


def test_a_recording_belongs_to_the_row_that_covers_its_time_or_was_last(duty):
    office = duty.office
    first = duty.issue()
    duty.passes(hours=8)
    duty.give_back(first)
    duty.passes(hours=16)
    second = duty.issue(inspector=office.second_inspector)

    for thing in (office.recorder, office.card):
        assert selectors.row_at(thing, NINE - timedelta(microseconds=1)) is None
        assert selectors.row_at(thing, NINE) == first
        assert selectors.row_at(thing, NINE + timedelta(hours=4)) == first
        assert selectors.row_at(thing, NINE + timedelta(hours=20)) == first
        assert selectors.row_at(thing, NINE + timedelta(hours=24)) == second
        assert selectors.row_at(thing, NINE + timedelta(days=365)) == second


def where(thing, at):
    """Place, people's first names, row number, hours since nine."""
    found = selectors.whereabouts(thing, at)
    if found is None:
        return None
    people = [person.full_name.split()[1] for person in found.people]
    return (found.place, people, found.row and found.row.number, (found.since - NINE) / timedelta(hours=1))


def test_where_a_thing_was_is_answered_for_every_moment(duty):
    office = duty.office
    duty.passes(hours=1)
    row = duty.issue()
    duty.passes(hours=8)
    duty.give_back(row)

    for thing in (office.recorder, office.card):
        assert where(thing, NINE - timedelta(seconds=1)) is None
        assert where(thing, NINE) == (Place.WITH_CUSTODIAN, ["Данияр"], None, 0)
        assert where(thing, NINE + timedelta(hours=1)) == (Place.WITH_INSPECTOR, ["Ерлан"], 1, 1)
        assert where(thing, NINE + timedelta(hours=8.9)) == (Place.WITH_INSPECTOR, ["Ерлан"], 1, 1)
        assert where(thing, NINE + timedelta(hours=9)) == (Place.WITH_CUSTODIAN, ["Данияр"], None, 9)


def test_a_thing_in_repair_was_in_service_before_and_is_after(duty):
    office, thing = duty.office, duty.office.recorder
    for hours, state in ((1, State.IN_REPAIR), (3, State.IN_SERVICE), (5, State.RETIRED)):
        office.clock.instant = NINE + timedelta(hours=hours)
        registry.set_state(office.ledger, office.by(office.custodian), thing, state, "акт")

    assert where(thing, NINE)[0] is Place.WITH_CUSTODIAN
    assert where(thing, NINE + timedelta(hours=2)) == (Place.IN_REPAIR, [], None, 1)
    assert where(thing, NINE + timedelta(hours=4)) == (Place.WITH_CUSTODIAN, ["Данияр"], None, 3)
    assert where(thing, NINE + timedelta(hours=6)) == (Place.RETIRED, [], None, 5)
    assert where(office.card, NINE + timedelta(hours=6))[0] is Place.WITH_CUSTODIAN


def test_what_was_lost_on_duty_names_who_had_it(duty):
    office = duty.office
    duty.issue()
    duty.passes(hours=2)
    office.recorder.refresh_from_db()
    registry.set_state(office.ledger, office.by(office.custodian), office.recorder, State.LOST, "акт 3")

    assert where(office.recorder, office.clock.now()) == (Place.LOST, ["Ерлан"], 1, 2)
    assert where(office.recorder, NINE + timedelta(hours=1)) == (Place.WITH_INSPECTOR, ["Ерлан"], 1, 0)


def test_the_seal_set_at_the_issue_is_on_the_row(duty):
    assert selectors.row_view(duty.issue()).issue.seal_number == SEAL
