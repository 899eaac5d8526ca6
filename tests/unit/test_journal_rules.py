"""Each refusal of the journal, and the paragraph of order No. 236 it rests on."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from aigaq.journal import errors, rules
from aigaq.journal.models import SealFound
from aigaq.journal.rules import BookFacts, Check, Holding, ProposedIssue, ProposedReturn, Purpose
from aigaq.ledger.services import MACHINE
from aigaq.registry.models import Appointment, Card, Division, Person, Recorder, Role, State
from aigaq.registry.selectors import Standing
from aigaq.regulation import profile

NINE = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
KONAEV = Division(name="Қонаев қаласының бөлімшесі")
TALGAR = Division(name="Талғар ауданының бөлімшесі")
ORDER = profile.load()


def standing(full_name: str, role: Role, division: Division = KONAEV) -> Standing:
    person = Person(full_name=full_name, division=division)
    appointment = Appointment(person=person, division=division, role=role, order_number="12-1")
    return Standing(person, (appointment,))


DANIYAR = standing("Жүнісов Данияр Ғалымұлы", Role.CUSTODIAN)
YERLAN = standing("Өтегенов Ерлан Сәкенұлы", Role.INSPECTOR)
OLZHAS = standing("Төлегенов Олжас Бауыржанұлы", Role.CUSTODIAN, TALGAR)
RECORDER = Recorder(inventory_number="БТ-0001", division=KONAEV)
CARD = Card(inventory_number="ЖК-0001", division=KONAEV)
OUT = Holding(row=7, inspector="Ықыласова Мадина Һашимқызы", since=NINE)
BOOK = BookFacts("01-12/4", rows=7, capacity=480, last_on=date(2026, 11, 19))
PURPOSE = Purpose("preventive-visit", "«Нұр» ЖШС", "Сауда үйі, Жамбыл к-сі 12", "№ 118")
CHECKS = {check.key: Check(passed=True) for check in ORDER.checks}


def by(who: Standing):
    return who.by(who.appointments[0])


ISSUE = ProposedIssue(
    profile=ORDER,
    division=KONAEV,
    by=by(DANIYAR),
    custodian=DANIYAR,
    inspector=YERLAN,
    recorder=RECORDER,
    recorder_out=None,
    card=CARD,
    card_out=None,
    book=BOOK,
    purpose=PURPOSE,
    checks=CHECKS,
    seal_number="Қ-0412",
)
RETURN = ProposedReturn(
    division=KONAEV,
    by=by(DANIYAR),
    custodian=DANIYAR,
    row=8,
    returned_at=None,
    inspector=YERLAN.person.full_name,
    handed_back_by=YERLAN.person.full_name,
    by_another=False,
    seal_set="Қ-0412",
    seal_found=SealFound.INTACT,
    seal_number_found="Қ-0412",
    condition="",
)


def issue(**changes):
    return rules.refusal_to_issue(replace(ISSUE, **changes))


def return_(**changes):
    return rules.refusal_to_return(replace(RETURN, **changes))


def refused(refusal, error, paragraph):
    """It is exactly this refusal, on that paragraph, and its sentence can be said."""
    assert type(refusal) is error
    assert refusal.paragraph == paragraph
    assert refusal.exit_status == 4
    assert "{" not in str(refusal)
    return str(refusal)


def test_an_issue_with_everything_in_order_is_not_refused():
    assert issue() is None


def test_an_issue_without_a_card_needs_no_seal():
    assert issue(card=None, seal_number="") is None


def test_only_the_custodian_of_the_division_issues():
    head = standing("Ахметова Әйгерім Қуанышқызы", Role.HEAD)
    for who in (head, YERLAN, OLZHAS, Standing(DANIYAR.person, ())):
        refusal = issue(custodian=who, by=who.by(who.appointments[0] if who.appointments else None))
        assert KONAEV.name in refused(refusal, errors.NotCustodianError, "6")


def test_nobody_issues_under_another_s_name():
    deputy = standing("Сейітқали Нұрлан Әлібекұлы", Role.CUSTODIAN)
    refused(issue(by=by(deputy)), errors.NotCustodianError, "6")
    refused(issue(by=MACHINE), errors.NotCustodianError, "6")


def test_a_custodian_of_two_divisions_acts_in_one_of_them_at_a_time():
    person = DANIYAR.person
    second = Appointment(person=person, division=TALGAR, role=Role.CUSTODIAN, order_number="12-9")
    both = Standing(person, (*DANIYAR.appointments, second))
    refused(issue(custodian=both, by=both.by(second)), errors.NotCustodianError, "6")


def test_who_is_not_an_inspector_of_the_division_gets_no_recorder():
    for who in (DANIYAR, standing("Қасымов Әли Ерболұлы", Role.INSPECTOR, TALGAR)):
        said = refused(issue(inspector=who), errors.NotInspectorError, "8")
        assert who.person.full_name in said


@pytest.mark.parametrize("what", ["recorder", "card"])
def test_what_is_on_another_inventory_is_not_issued(what):
    thing = {"recorder": Recorder, "card": Card}[what](inventory_number="Т-77", division=TALGAR)
    assert "Т-77" in refused(issue(**{what: thing}), errors.ForeignThingError, "7")


@pytest.mark.parametrize("what", ["recorder", "card"])
@pytest.mark.parametrize("state", [State.IN_REPAIR, State.LOST, State.RETIRED])
def test_what_is_not_in_service_is_not_issued(what, state):
    thing = {"recorder": Recorder, "card": Card}[what](inventory_number="Қ-7", division=KONAEV, state=state)
    refused(issue(**{what: thing}), errors.NotInServiceError, "7")


def test_a_recorder_that_is_out_is_not_issued_again():
    said = refused(issue(recorder_out=OUT), errors.RecorderAlreadyIssuedError, "8")
    assert "Ықыласова" in said
    assert "row 7" in said


def test_a_card_that_is_out_is_not_issued_again():
    assert "ЖК-0001" in refused(issue(card_out=OUT), errors.CardAlreadyIssuedError, "8")


@pytest.mark.parametrize("book", [None, replace(BOOK, ended_on=date(2026, 11, 19))])
def test_without_an_open_book_nothing_is_issued(book):
    refused(issue(book=book), errors.NoBookError, "10")


def test_a_full_book_takes_no_further_row():
    assert issue(book=replace(BOOK, rows=479)) is None
    assert "480" in refused(issue(book=replace(BOOK, rows=480)), errors.BookFullError, "10")


@pytest.mark.parametrize(
    ("field", "value", "error", "paragraph"),
    [
        ("control", "", errors.NoPurposeError, "23"),
        ("control", "a-wedding", errors.NoPurposeError, "23"),
        ("subject", "", errors.NoSubjectError, "5"),
        ("object", "", errors.NoObjectError, "5"),
        ("act_number", "", errors.NoActNumberError, "23"),
    ],
)
def test_an_issue_without_a_whole_purpose_is_refused(field, value, error, paragraph):
    refused(issue(purpose=replace(PURPOSE, **{field: value})), error, paragraph)


@pytest.mark.parametrize("key", CHECKS)
def test_each_of_the_five_points_must_have_a_result(key):
    left = {name: check for name, check in CHECKS.items() if name != key}
    said = refused(issue(checks=left), errors.CheckMissingError, "17")
    assert f"Point {list(CHECKS).index(key) + 1} " in said


@pytest.mark.parametrize("key", CHECKS)
def test_a_failed_point_blocks_the_issue_unless_it_is_remarked(key):
    refused(issue(checks={**CHECKS, key: Check(passed=False)}), errors.CheckFailedError, "17")
    assert issue(checks={**CHECKS, key: Check(passed=False, remark="40 %, қуаттағыш бірге берілді")}) is None


def test_a_point_that_the_order_does_not_know_is_no_check():
    assert isinstance(issue(checks={**CHECKS, "smell": Check(passed=True)}), errors.UnknownCheckError)


def test_a_card_put_in_without_a_seal_is_refused():
    refused(issue(seal_number=""), errors.NoSealNumberError, "9")


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": replace(PURPOSE, subject="Ә" * 301)},
        {"purpose": replace(PURPOSE, object="Ә" * 301)},
        {"purpose": replace(PURPOSE, act_number="1" * 101)},
        {"seal_number": "1" * 65},
        {"checks": {**CHECKS, "works": Check(passed=False, remark="ұ" * 301)}},
    ],
)
def test_what_does_not_fit_into_the_book_is_refused_not_cut(changes):
    assert isinstance(issue(**changes), errors.TooLongError)


def test_the_last_character_that_fits_fits():
    assert issue(purpose=replace(PURPOSE, subject="Ә" * 300, act_number="1" * 100)) is None


def test_a_return_with_everything_in_order_is_not_refused():
    assert return_() is None


def test_only_the_custodian_of_the_division_takes_back():
    refused(return_(custodian=OLZHAS, by=by(OLZHAS)), errors.NotCustodianError, "6")


def test_what_has_been_returned_is_not_returned_again():
    assert "Row 8" in refused(return_(returned_at=NINE), errors.AlreadyReturnedError, "8")


@pytest.mark.parametrize("found", [SealFound.BROKEN, SealFound.MISSING, SealFound.DIFFERENT])
def test_a_seal_that_is_not_as_it_was_set_needs_a_word(found):
    said = refused(return_(seal_found=found, seal_number_found="Қ-0999"), errors.SealUnexplainedError, "9")
    assert "Қ-0412" in said
    assert return_(seal_found=found, seal_number_found="Қ-0999", condition="Қысқышқа ілініп үзілді") is None


def test_a_seal_is_not_compared_without_reading_its_number():
    found = rules.compared("Қ-0412", SealFound.INTACT, "")
    refused(return_(seal_found=found, seal_number_found=""), errors.SealNotReadError, "9")


def test_another_person_may_hand_back_but_not_in_silence():
    other = {"by_another": True, "handed_back_by": "Ықыласова Мадина Һашимқызы"}
    said = refused(return_(**other), errors.OtherPersonUnexplainedError, "24")
    assert "Өтегенов" in said
    assert "Ықыласова" in said
    assert return_(**other, condition="Ерлан ауырып қалды") is None


@pytest.mark.parametrize(
    ("seal_set", "found", "number", "entered"),
    [
        ("Қ-0412", SealFound.INTACT, "Қ-0412", SealFound.INTACT),
        ("Қ-0412", SealFound.INTACT, "қ-0412", SealFound.INTACT),
        ("Қ-0412", SealFound.INTACT, "Қ-0413", SealFound.DIFFERENT),
        ("Қ-0412", SealFound.INTACT, "", SealFound.DIFFERENT),
        ("Қ-0412", SealFound.DIFFERENT, "Қ-0412", SealFound.INTACT),
        ("Қ-0412", SealFound.BROKEN, "Қ-0412", SealFound.BROKEN),
        ("Қ-0412", SealFound.MISSING, "", SealFound.MISSING),
        ("Қ-0412", SealFound.NOT_SEALED, "", SealFound.MISSING),
        ("", SealFound.INTACT, "", SealFound.NOT_SEALED),
        ("", SealFound.BROKEN, "Қ-0412", SealFound.NOT_SEALED),
    ],
)
def test_what_is_entered_of_a_seal_follows_from_what_was_set_and_found(seal_set, found, number, entered):
    assert rules.compared(seal_set, found, number) is entered


def test_a_remark_says_something_and_fits():
    assert isinstance(rules.refusal_of_remark(""), errors.NoTextError)
    assert isinstance(rules.refusal_of_remark("ғ" * 2001), errors.TooLongError)
    assert rules.refusal_of_remark("Үзіліс 13:00–13:40, жауапты тұлға хабардар етілді") is None


def test_what_was_typed_is_kept_in_one_spelling():
    assert rules.clean("  \u0438\u0306од \n\t Қонаев ") == "йод Қонаев"
