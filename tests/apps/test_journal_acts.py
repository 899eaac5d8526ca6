"""Acts for paper: which there are, what they tell, that printing is noted, and the paper held against the journal."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from aigaq.journal import acts
from aigaq.journal.act_rules import NoRightToPrintError
from aigaq.journal.acts import NoHandOverError, UnknownActError, check_act, numbers_on
from aigaq.journal.models import SealFound, ThingFound, ThingKind
from aigaq.journal.rules import Found
from aigaq.journal.services.books import close_book
from aigaq.journal.services.print_act import print_act, print_hand_over
from aigaq.ledger import checks, selectors
from aigaq.ledger.services import MACHINE
from aigaq.paperwork.act_code import ActCode, ActKind, ActNumber
from aigaq.paperwork.act_facts import digest_of
from aigaq.registry import services as registry
from aigaq.registry.models import Role, State
from aigaq.regulation import profile
from aigaq.tlog.checkpoint import VerifierKey
from tests.support.duty import entries, on_duty
from tests.support.paper import Pdf, needs_poppler

pytestmark = pytest.mark.django_db

ORDER = profile.load()
BROKEN = Found(ThingFound.DAMAGED, "Экраны сынған")
GONE = Found(ThingFound.MISSING, "Жолда түсіп қалған")


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def damaged(duty):
    """Handed back in the evening: the recorder damaged, its card missing, the seal broken."""
    row = duty.issue()
    duty.passes(hours=9)
    duty.give_back(row, recorder=BROKEN, card=GONE, seal_found=SealFound.BROKEN, condition="Көлікте соғылған")
    return row


def lose(duty, row, thing=ThingKind.RECORDER):
    return duty.lose(row, thing=thing, words="Өзенге түсіп кеткен")


def deputise(duty, person, **changes):
    """Madina stands in for Daniyar."""
    office = duty.office
    usual = {"from_on": date(2026, 11, 20), "until_on": date(2026, 12, 20), "order_number": "18-Ө"}
    return registry.appoint(
        office.ledger,
        MACHINE,
        person=person,
        division=office.division,
        role=Role.CUSTODIAN,
        stands_in_for=office.custodian.appointments.get(),
        **(usual | changes),
    )


def succeed(duty, appointment, person, **changes):
    """One act: the last day of one, the first of the other."""
    usual = {"last_on": date(2026, 11, 30), "until_on": None, "order_number": "19-Ө"}
    return registry.hand_over(duty.office.ledger, MACHINE, appointment, to=person, **(usual | changes))


def numbers(row):
    return [str(number) for number in numbers_on(row.damages.all(), row.losses.all())]


def acted(duty, row, number):
    office = duty.office
    return print_act(office.ledger, office.by(office.head), row=row, number=number, profile=ORDER)


def received(duty, appointment, **options):
    office = duty.office
    return print_hand_over(
        office.ledger, office.by(office.head), appointment=appointment, profile=ORDER, **options
    )


def code_of(printed, note=None):
    return ActCode(printed.act.number, digest_of(printed.act), note or selectors.newest_checkpoint())


@contextmanager
def triggers_dropped():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Until the transaction, or what is rolled back of it, ends.
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield cursor
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
        yield cursor


def test_what_came_back_whole_makes_no_act(duty):
    row = duty.issue()
    duty.give_back(row)
    assert numbers(row) == []


def test_damage_and_what_is_missing_are_two_acts_under_the_number_of_their_entry(duty, damaged):
    seq = damaged.damages.first().seq
    assert numbers(damaged) == [f"Б-{seq}", f"Ж-{seq}"]


def test_each_loss_that_is_reported_has_its_own_act(duty):
    row = duty.issue()
    first, second = lose(duty, row), lose(duty, row, ThingKind.CARD)
    assert numbers(row) == [f"Ж-{first.seq}", f"Ж-{second.seq}"]


def test_an_act_of_damage_has_the_facts_of_the_return(duty, damaged):
    number = ActNumber(ActKind.DAMAGE, damaged.damages.first().seq)
    act = acted(duty, damaged, number).act
    assert [(each.inventory_number, each.serial_number, each.words) for each in act.things] == [
        ("БТ-0001", "SN7-1", "Экраны сынған")
    ]
    assert (act.seal_set, act.seal_found) == ("Қ-0412", "broken")
    assert act.handed_back_by == act.inspector == "Өтегенов Ерлан Сәкенұлы"
    assert act.custodian == "Жүнісов Данияр Ғалымұлы"
    (remark,) = act.remarks
    assert "Экраны сынған" in remark


def test_an_act_of_loss_at_the_return_tells_of_the_missing_thing_alone(duty, damaged):
    number = ActNumber(ActKind.LOSS, damaged.damages.first().seq)
    act = acted(duty, damaged, number).act
    assert [(each.kind, each.words) for each in act.things] == [("card", "Жолда түсіп қалған")]


def test_a_loss_is_told_before_the_return_and_stays_told_so_after_it(duty):
    row = duty.issue()
    number = ActNumber(ActKind.LOSS, lose(duty, row).seq)
    before = acted(duty, row, number)
    assert (before.act.handed_back_by, before.act.seal_found) == ("", "")
    duty.passes(hours=20)
    duty.give_back(row)
    assert acted(duty, row, number).pdf == before.pdf


@needs_poppler
def test_the_head_of_the_division_stands_on_the_line_for_the_signature(duty, damaged):
    number = ActNumber(ActKind.DAMAGE, damaged.damages.first().seq)
    assert "Ахметова Әйгерім Қуанышқызы" in Pdf(acted(duty, damaged, number).pdf).told()


def test_printed_again_later_and_by_others_it_is_the_same_paper(duty, damaged):
    number = ActNumber(ActKind.DAMAGE, damaged.damages.first().seq)
    first = acted(duty, damaged, number).pdf
    duty.passes(days=400)
    office = duty.office
    duty.correct(damaged, "condition", "Басқаша")
    duty.correct(damaged, "subject", "Басқа субъект")
    duty.correct(damaged, "seal_number", "Қ-0413")
    again = print_act(office.ledger, MACHINE, row=damaged, number=number, profile=ORDER).pdf
    assert again == first


def test_a_seal_that_was_corrected_before_stands_on_it_as_corrected(duty):
    row = duty.issue()
    duty.correct(row, "seal_number", "Қ-0999")
    duty.give_back(row, recorder=BROKEN, seal_number_found="Қ-0999")
    number = numbers_on(row.damages.all(), ())[0]
    assert acted(duty, row, number).act.seal_set == "Қ-0999"


def test_each_print_is_noted_in_the_ledger_first(duty, damaged):
    number = ActNumber(ActKind.DAMAGE, damaged.damages.first().seq)
    printed = acted(duty, damaged, number)
    acted(duty, damaged, number)
    notes = entries("journal.act-printed")
    assert len(notes) == 2
    body = notes[0].body
    assert (body["act"], body["what"], body["entries"]) == (str(number), "damage", [number.entry])
    assert body["row"]["number"] == damaged.number
    assert (body["digest"], body["checkpoint"]) == (str(digest_of(printed.act)), number.entry + 1)
    assert notes[0].actor.name == "Ахметова Әйгерім Қуанышқызы"
    assert notes[0].division == str(duty.office.division.pk)


@pytest.mark.parametrize("who", ["inspector", "administrator", "sister_head", "sister_custodian"])
def test_nobody_else_prints_an_act_and_nothing_is_noted(duty, damaged, who):
    office = duty.office
    by = office.by(getattr(office, who))
    number = ActNumber(ActKind.DAMAGE, damaged.damages.first().seq)
    with pytest.raises(NoRightToPrintError):
        print_act(office.ledger, by, row=damaged, number=number, profile=ORDER)
    with pytest.raises(NoRightToPrintError):
        print_hand_over(office.ledger, by, appointment=office.custodian.appointments.get(), profile=ORDER)
    assert entries("journal.act-printed") == []


@pytest.mark.parametrize("change", [{"kind": ActKind.HAND_OVER}, {"entry": 0}, {"entry": 10**9}])
def test_an_act_that_is_none_of_the_row_is_refused(duty, damaged, change):
    number = replace(ActNumber(ActKind.DAMAGE, damaged.damages.first().seq), **change)
    with pytest.raises(UnknownActError):
        acted(duty, damaged, number)
    assert entries("journal.act-printed") == []


def test_a_hand_over_lists_each_thing_with_its_state_and_its_holder(duty):
    office = duty.office
    repaired = registry.add_recorder(
        office.ledger, MACHINE, inventory_number="БТ-0002", division=office.division, model="DVR-7"
    )
    retired = registry.add_card(office.ledger, MACHINE, inventory_number="ЖК-0002", division=office.division)
    registry.add_recorder(office.ledger, MACHINE, inventory_number="ТЛ-1", division=office.sister)
    registry.set_state(office.ledger, MACHINE, repaired, State.IN_REPAIR, "Батареясы")
    registry.set_state(office.ledger, MACHINE, retired, State.RETIRED, "Акт 5")
    duty.issue()
    act = received(duty, deputise(duty, office.second_inspector)).act
    assert [(each.inventory_number, each.state, each.holder, each.row) for each in act.recorders] == [
        ("БТ-0001", "in-service", "Өтегенов Ерлан Сәкенұлы", 1),
        ("БТ-0002", "in-repair", "", None),
    ]
    assert [(each.inventory_number, each.about, each.row) for each in act.cards] == [
        ("ЖК-0001", ("32 ГБ", "БТ-0001"), 1),
        ("ЖК-0002", ("", ""), None),
    ]
    assert [(each.registration_number, each.rows, each.ended_on) for each in act.books] == [
        ("01-12/4", 1, None)
    ]


def test_a_deputy_receives_from_the_custodian_and_gives_back(duty):
    office = duty.office
    appointment = deputise(duty, office.second_inspector)
    there, back = received(duty, appointment).act, received(duty, appointment, is_back=True).act
    daniyar, madina = office.custodian.full_name, office.second_inspector.full_name
    assert (there.giver.full_name, there.receiver.full_name) == (daniyar, madina)
    assert (back.giver.full_name, back.receiver.full_name) == (madina, daniyar)
    assert there.receiver.is_deputy
    assert str(back.number) == f"{there.number}/2"


def test_whoever_is_relieved_in_the_same_act_hands_over(duty):
    office = duty.office
    new = succeed(duty, office.custodian.appointments.get(), office.inspector)
    act = received(duty, new).act
    assert act.giver.full_name == office.custodian.full_name
    assert act.giver.order_number == "12-102"
    assert act.receiver.full_name == office.inspector.full_name
    with pytest.raises(NoHandOverError):
        received(duty, new, is_back=True)


def test_from_one_deputy_to_the_next(duty):
    office = duty.office
    deputy = deputise(duty, office.second_inspector)
    other = succeed(duty, deputy, office.inspector, until_on=date(2026, 12, 20))
    act = received(duty, other).act
    assert act.giver.full_name == office.second_inspector.full_name
    assert act.giver.is_deputy


def test_in_two_acts_the_last_custodian_hands_over_and_no_deputy(duty):
    office = duty.office
    deputy = deputise(duty, office.second_inspector, until_on=date(2026, 11, 25))
    registry.relieve(office.ledger, MACHINE, office.custodian.appointments.get(), date(2026, 11, 30))
    new = registry.appoint(
        office.ledger,
        MACHINE,
        person=office.inspector,
        division=office.division,
        role=Role.CUSTODIAN,
        from_on=date(2026, 12, 1),
        until_on=None,
        order_number="19-Ө",
    )
    assert deputy.pk < new.pk
    assert received(duty, new).act.giver.full_name == office.custodian.full_name


def test_a_relief_that_comes_later_makes_no_other_giver(duty):
    office = duty.office
    deputy = deputise(duty, office.second_inspector, from_on=date(2026, 12, 1))
    code = code_of(received(duty, deputy))
    registry.relieve(office.ledger, MACHINE, office.custodian.appointments.get(), date(2026, 12, 19))
    assert check_act(code) == []


def test_the_first_custodian_receives_from_nobody(duty):
    assert received(duty, duty.office.custodian.appointments.get()).act.giver is None


def test_an_inspectors_appointment_hands_nothing_over(duty):
    with pytest.raises(NoHandOverError):
        received(duty, duty.office.inspector.appointments.get())


def test_under_the_same_checkpoint_a_hand_over_is_the_same_paper_whatever_came_after(duty):
    office = duty.office
    row = duty.issue()
    appointment = deputise(duty, office.second_inspector, from_on=date(2026, 12, 1))
    note = selectors.newest_checkpoint()
    before = acts.hand_over_to(appointment, ORDER).pdf
    duty.passes(hours=9)
    duty.give_back(row)
    late = registry.add_recorder(office.ledger, MACHINE, inventory_number="БТ-0009", division=office.division)
    registry.set_state(office.ledger, MACHINE, late, State.IN_REPAIR, "Батареясы")
    registry.relieve(office.ledger, MACHINE, appointment, date(2026, 12, 5))
    duty.passes(days=12)
    close_book(office.ledger, office.by(office.head), book=duty.book, ended_on=date(2026, 12, 1))
    assert acts.hand_over_to(appointment, ORDER, checkpoint=note).pdf == before
    assert acts.hand_over_to(appointment, ORDER).pdf != before


def test_the_number_of_queries_does_not_grow_with_what_is_held(duty):
    office = duty.office
    appointment = office.custodian.appointments.get()
    with CaptureQueriesContext(connection) as few:
        acts.hand_over_to(appointment, ORDER)
    for number in range(20):
        registry.add_recorder(
            office.ledger, MACHINE, inventory_number=f"БТ-1{number:03}", division=office.division
        )
    with CaptureQueriesContext(connection) as many:
        act = acts.hand_over_to(appointment, ORDER).act
    assert len(act.recorders) == 21
    assert len(many) <= len(few)


@needs_poppler
def test_from_the_scanned_act_ledger_and_journal_are_proven_later(duty, damaged):
    office = duty.office
    papers = [
        *(acted(duty, damaged, number) for number in numbers_on(damaged.damages.all(), ())),
        received(duty, deputise(duty, office.second_inspector)),
    ]
    scanned = [ActCode.parse(text) for paper in papers for text in Pdf(paper.pdf).codes(1)]
    assert [code.number.kind for code in scanned] == [ActKind.DAMAGE, ActKind.LOSS, ActKind.HAND_OVER]
    duty.passes(days=31)
    registry.add_recorder(office.ledger, MACHINE, inventory_number="БТ-0009", division=office.division)
    duty.correct(damaged, "subject", "Басқа")
    key = VerifierKey.of(office.ledger.signer)
    assert checks.verify(key, since=[code.checkpoint for code in scanned]).is_sound
    assert [check_act(code) for code in scanned] == [[], [], []]


TAMPERINGS = {
    "what happened reworded": "UPDATE journal_damage SET words = 'Сәл сызат' WHERE thing = 'recorder'",
    "damage made a loss": "UPDATE journal_damage SET found = 'missing'",
    "damage deleted": "DELETE FROM journal_damage WHERE thing = 'recorder'",
    "the seal made whole": "UPDATE journal_return SET seal_found = 'intact'",
    "another subject": "UPDATE journal_issue SET subject = 'Басқа'",
    "a remark deleted": "DELETE FROM journal_remark",
    "another recorder": "UPDATE registry_recorder SET serial_number = 'SN7-2'",
    "another inspector": (
        "UPDATE journal_journalrow SET inspector_id = (SELECT id FROM registry_person WHERE staff_number = '104')"
    ),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_an_act_changed_behind_the_ledger_contradicts_the_paper(duty, damaged, tampering):
    code = code_of(acted(duty, damaged, ActNumber(ActKind.DAMAGE, damaged.damages.first().seq)))
    assert check_act(code) == []
    with triggers_dropped() as cursor:
        cursor.execute(TAMPERINGS[tampering])
        assert cursor.rowcount > 0
    (fault,) = check_act(code)
    assert fault.kind in {"act-mismatch", "act-of-nothing"}
    assert str(code.number) in fault.message.format(**fault.evidence)


def test_a_hand_over_changed_behind_the_ledger_contradicts_the_paper(duty):
    code = code_of(received(duty, duty.office.custodian.appointments.get()))
    for statement in (
        "UPDATE registry_recorder SET model = 'DVR-8'",
        "UPDATE registry_appointment SET order_number = '1' WHERE role = 'custodian'",
        "UPDATE journal_journalbook SET sheets = 47",
    ):
        assert check_act(code) == []
        with transaction.atomic(), triggers_dropped() as cursor:
            cursor.execute(statement)
            assert [fault.kind for fault in check_act(code)] == ["act-mismatch"], statement
            transaction.set_rollback(True)


@pytest.mark.parametrize("number", ["Б-0", "Ж-3", "Қ-1", "Қ-999999", "Б-999999"])
def test_an_act_of_nothing_is_named(duty, damaged, number):
    real = code_of(acted(duty, damaged, ActNumber(ActKind.DAMAGE, damaged.damages.first().seq)))
    forged = replace(real, number=ActNumber.parse(number))
    assert [fault.kind for fault in check_act(forged)] == ["act-of-nothing"]


def test_a_code_without_a_checkpoint_is_left_to_the_verification_of_the_ledger(duty, damaged):
    real = code_of(acted(duty, damaged, ActNumber(ActKind.DAMAGE, damaged.damages.first().seq)))
    assert check_act(replace(real, checkpoint="no note\n")) == []
