"""Loss and damage: told on the row, and known to the register (R24.1)."""

from functools import partial

import pytest

from aigaq.journal import errors
from aigaq.journal.evidence import check_entries
from aigaq.journal.models import Damage, JournalRow, Loss, SealFound, ThingFound, ThingKind
from aigaq.journal.overdue import overdue_rows
from aigaq.journal.rules import Found
from aigaq.journal.selectors import open_rows, row_view
from aigaq.ledger.models import LedgerEntry
from aigaq.registry import services as registry
from aigaq.registry.models import Card, Recorder, State
from tests.apps.test_journal_race import at_once
from tests.support.duty import entries, last_document, on_duty, own_password

pytestmark = pytest.mark.django_db

DAMAGED, MISSING = ThingFound.DAMAGED, ThingFound.MISSING


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def row(duty):
    """Issued at nine; it is five in the afternoon."""
    row = duty.issue()
    duty.passes(hours=8)
    return row


def remarks(row):
    return [remark.text for remark in row.remarks.order_by("seq", "pk")]


def now(thing):
    return type(thing).objects.get(pk=thing.pk)


def refused(act, error):
    before = LedgerEntry.objects.count()
    with pytest.raises(error) as caught:
        act()
    assert type(caught.value) is error
    assert LedgerEntry.objects.count() == before
    return caught.value


# Lost while out.


def test_a_loss_is_told_on_its_row_which_stays_open(duty, row):
    loss = duty.lose(row, words=" Өзенге   түсіп кетті. ")

    assert (loss.row, loss.thing, loss.words) == (row, "recorder", "Өзенге түсіп кетті.")
    assert remarks(row) == [
        "№ БТ-0001 бейнетіркегіш жоғалды. Мән-жайы: Өзенге түсіп кетті. Хабарланған уақыты: 20.11.2026 17:00."
    ]
    (entry,) = entries("journal.loss-reported")
    assert (entry.body["thing"], entry.body["number"]) == ("recorder", "БТ-0001")
    assert entry.body["remarks"] == remarks(row)
    assert [view.id for view in open_rows(duty.office.division)] == [row.pk]
    assert row_view(row).losses == (loss,)


def test_the_register_knows_it_in_the_same_act(duty, row):
    duty.lose(row)
    recorder = now(duty.office.recorder)
    assert (recorder.state, recorder.out_on) == (State.LOST, row.pk)
    assert now(duty.office.card).state == State.IN_SERVICE
    (entry,) = entries("registry.state-set")
    assert entry.body["reason"] == "Өзенге түсіп кетті"


def test_a_card_is_lost_by_itself(duty, row):
    duty.lose(row, thing=ThingKind.CARD)
    assert remarks(row)[0].startswith("№ ЖК-0001 жад картасы жоғалды.")
    assert now(duty.office.card).state == State.LOST
    assert now(duty.office.recorder).state == State.IN_SERVICE


def test_what_the_register_had_as_lost_already_is_told_on_the_row_all_the_same(duty, row):
    office = duty.office
    registry.set_state(office.ledger, duty.by_custodian, now(office.recorder), State.LOST, "акт 3")
    duty.lose(row)
    assert len(entries("registry.state-set")) == 1
    assert Loss.objects.count() == 1


def test_found_again_it_is_taken_back_on_its_row_and_put_back_into_service(duty, row):
    office = duty.office
    duty.lose(row)
    duty.passes(days=2)
    duty.give_back(row, condition="Балықшы тапты")
    recorder = now(office.recorder)
    assert (recorder.state, recorder.out_on) == (State.LOST, None)
    registry.set_state(office.ledger, duty.by_custodian, recorder, State.IN_SERVICE, "табылды")
    assert duty.issue().number == 2


def test_a_loss_is_told_once_of_each(duty, row):
    duty.lose(row)
    error = refused(partial(duty.lose, row), errors.AlreadyLostError)
    assert error.details == {"number": "БТ-0001", "row": 1}
    duty.lose(row, thing=ThingKind.CARD)
    assert Loss.objects.count() == 2


def test_a_loss_says_where_and_how(duty, row):
    refused(partial(duty.lose, row, words=" "), errors.ThingUnexplainedError)
    refused(partial(duty.lose, row, words="ж" * 301), errors.TooLongError)


def test_what_was_handed_back_is_not_lost_on_its_row(duty, row):
    duty.give_back(row)
    refused(partial(duty.lose, row), errors.AlreadyReturnedError)
    assert now(duty.office.recorder).state == State.IN_SERVICE


def test_a_card_that_was_never_issued_is_not_lost(duty):
    row = duty.issue(card=None, seal_number="")
    refused(partial(duty.lose, row, thing=ThingKind.CARD), errors.NotOnThisRowError)


def test_only_the_custodian_of_the_division_enters_a_loss(duty, row):
    office = duty.office
    for person in (office.head, office.inspector, office.sister_custodian, office.administrator):
        act = partial(duty.lose, row, custodian=person, by=office.by(person))
        refused(act, errors.NotCustodianError)


def test_a_lost_card_leaves_the_recorder_overdue_and_a_lost_recorder_does_not(duty, row):
    duty.passes(hours=3)
    duty.lose(row, thing=ThingKind.CARD)
    assert overdue_rows(duty.office.division, duty.office.clock.now())
    duty.lose(row)
    assert overdue_rows(duty.office.division, duty.office.clock.now()) == []


# At the return.


def test_damage_is_told_in_column_7_and_signed_with_the_rest(duty, row):
    duty.give_back(row, recorder=Found(DAMAGED, " Экраны   сынған. "), card=Found(DAMAGED, "Жарылған"))
    assert remarks(row) == [
        "№ БТ-0001 бейнетіркегіш бүлінген: Экраны сынған. № ЖК-0001 жад картасы бүлінген: Жарылған."
    ]
    assert last_document()["things"] == {
        "recorder": {"found": "damaged", "words": "Экраны сынған."},
        "card": {"found": "damaged", "words": "Жарылған"},
    }
    found = {(each.thing, each.found, each.words) for each in Damage.objects.all()}
    assert found == {("recorder", "damaged", "Экраны сынған."), ("card", "damaged", "Жарылған")}
    assert now(duty.office.recorder).state == State.IN_SERVICE, (
        "whether it goes into repair the custodian says"
    )
    assert check_entries(entries("")) == []


def test_what_came_back_whole_is_no_damage(duty, row):
    duty.give_back(row)
    assert not Damage.objects.exists()
    assert last_document()["things"]["card"] == {"found": "whole", "words": ""}


def test_a_missing_card_is_lost_in_the_register_by_the_same_act(duty, row):
    duty.give_back(
        row,
        seal_found=SealFound.BROKEN,
        condition="Үзілген",
        card=Found(MISSING, "Инспектор білмейді"),
    )
    card = now(duty.office.card)
    assert (card.state, card.out_on) == (State.LOST, None)
    assert now(duty.office.recorder).state == State.IN_SERVICE
    assert "№ ЖК-0001 жад картасы тапсырылған жоқ: Инспектор білмейді." in remarks(row)[0]
    assert row_view(row).damages[0].found == "missing"


def test_a_card_whose_loss_was_told_before_is_not_lost_twice(duty, row):
    duty.lose(row, thing=ThingKind.CARD)
    duty.give_back(row, card=Found(MISSING, "Табылмады"))
    assert len(entries("registry.state-set")) == 1
    assert now(duty.office.card).state == State.LOST


def test_without_the_recorder_nothing_is_handed_back(duty, row):
    act = partial(duty.give_back, row, recorder=Found(MISSING, "Жоқ"))
    error = refused(act, errors.RecorderMissingError)
    assert (error.paragraph, error.details) == ("24", {"number": "БТ-0001"})
    assert now(duty.office.recorder).out_on == row.pk


@pytest.mark.parametrize("kind", ["recorder", "card"])
def test_what_is_not_whole_needs_words(duty, row, kind):
    refused(partial(duty.give_back, row, **{kind: Found(DAMAGED, " ")}), errors.ThingUnexplainedError)
    refused(partial(duty.give_back, row, **{kind: Found(DAMAGED, "ж" * 301)}), errors.TooLongError)


def test_of_a_card_that_was_never_issued_nothing_is_asked(duty):
    row = duty.issue(card=None, seal_number="")
    duty.give_back(row, seal_number_found="", card=Found(MISSING, ""))
    assert last_document()["things"].keys() == {"recorder"}
    assert not Damage.objects.exists()


def test_a_wrong_password_loses_no_card(duty, row):
    of_another = own_password(duty.office.second_inspector)
    with pytest.raises(errors.WrongSignatureError):
        duty.give_back(row, card=Found(MISSING, "Жоқ"), means=of_another)
    assert now(duty.office.card).state == State.IN_SERVICE


@pytest.mark.django_db(transaction=True)
def test_it_is_handed_back_or_told_lost_or_both_in_that_order_never_stuck(duty):
    office = duty.office
    for _ in range(10):
        row = duty.issue(card=None, seal_number="")
        outcomes = at_once(partial(duty.lose, row), partial(duty.give_back, row, seal_number_found=""))
        lost, returned = outcomes
        assert isinstance(returned, JournalRow), outcomes
        recorder = now(office.recorder)
        assert recorder.out_on is None
        if isinstance(lost, Loss):
            assert recorder.state == State.LOST
            registry.set_state(office.ledger, duty.by_custodian, recorder, State.IN_SERVICE, "табылды")
        else:
            assert type(lost).__name__ in {"AlreadyReturnedError", "ChangedMeanwhileError"}, outcomes
            assert recorder.state == State.IN_SERVICE
    assert Card.objects.count() == Recorder.objects.count() == 1
