"""Issue: what is written, and that a refusal writes nothing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from aigaq.accounts.errors import TooManyAttemptsError
from aigaq.accounts.models import User
from aigaq.accounts.services import disable
from aigaq.core.clock import rfc3339
from aigaq.journal import errors
from aigaq.journal.models import Issue, JournalRow, Remark, Signature
from aigaq.journal.rules import Check
from aigaq.journal.services.books import close_book
from aigaq.journal.services.sign import OwnPassword
from aigaq.journal.signed import digest_of
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE, Ledger
from aigaq.registry import services as registry
from aigaq.registry.models import Person, State
from tests.support.duty import CHECKS, PURPOSE, SEAL, entries, last_document, on_duty
from tests.support.office import ADDRESS, password_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(office):
    return on_duty(office)


def refused(duty, error, **changes):
    """It raises exactly that, and neither the book nor the journal's part of the ledger has grown."""
    before = LedgerEntry.objects.filter(kind__startswith="journal.").count(), JournalRow.objects.count()
    with pytest.raises(error) as caught:
        duty.issue(**changes)
    assert type(caught.value) is error
    assert before == (
        LedgerEntry.objects.filter(kind__startswith="journal.").count(),
        JournalRow.objects.count(),
    )
    return caught.value


def test_an_issue_is_the_next_row_of_the_book(duty):
    row = duty.issue()

    row.refresh_from_db()
    assert (row.book, row.number, row.sheet) == (duty.book, 1, 1)
    assert (row.recorder, row.card, row.inspector) == (
        duty.office.recorder,
        duty.office.card,
        duty.office.inspector,
    )
    assert row.issue.by == duty.office.custodian
    assert (row.issue.control, row.issue.subject) == (PURPOSE.control, PURPOSE.subject)
    assert (row.issue.object, row.issue.act_number) == (PURPOSE.object, PURPOSE.act_number)
    assert row.issue.seal_number == SEAL
    assert row.issue.checks["battery"] == {"passed": True, "remark": ""}
    assert row.issue.occurred_at == duty.office.clock.now()
    assert not row.remarks.exists()


def test_the_recorder_and_the_card_are_out_on_that_row(duty):
    row = duty.issue()

    for thing in (duty.office.recorder, duty.office.card):
        thing.refresh_from_db()
        assert thing.out_on == row.pk


def test_the_entry_carries_the_document_and_the_inspector_s_signature_on_it(duty):
    row = duty.issue()

    entry = entries("journal.issued")[-1]
    document, (signature,) = entry.body["document"], entry.body["signatures"]
    assert entry.actor.id == document["custodian"]["id"] == str(duty.office.custodian.pk)
    assert entry.right["role"] == "custodian"
    assert entry.division == str(duty.office.division.pk)
    assert document["act"] == "issue"
    assert document["row"] == {"id": str(row.pk), "number": 1, "sheet": 1}
    assert document["recorder"]["inventory_number"] == "БТ-0001"
    assert document["purpose"]["subject"] == PURPOSE.subject
    assert document["occurred_at"] == rfc3339(duty.office.clock.now())
    assert signature["signer"] == {
        "id": str(duty.office.inspector.pk),
        "full_name": "Өтегенов Ерлан Сәкенұлы",
        "staff_number": "103",
    }
    assert signature["signed_digest"] == str(digest_of(document))
    assert signature["way"] == "own-password"


def test_the_rows_name_the_entry_that_carries_them(duty):
    row = duty.issue()

    seq = entries("journal.issued")[-1].seq
    signature = Signature.objects.get(row=row)
    assert seq == row.seq == row.issue.seq == signature.seq
    assert signature.signer == duty.office.inspector
    assert signature.signed_digest == entries()[-1].body["signatures"][0]["signed_digest"]


def test_rows_are_numbered_one_after_another_over_days(duty):
    numbers = []
    for _ in range(3):
        row = duty.issue()
        numbers.append((row.number, row.sheet))
        duty.give_back(row)
        duty.passes(days=1)
    assert numbers == [(1, 1), (2, 1), (3, 1)]


def test_the_eleventh_row_stands_on_the_second_sheet(office):
    duty = on_duty(office, sheets=2, rows_per_sheet=1)
    duty.give_back(duty.issue())
    assert duty.issue().sheet == 2


def test_a_recorder_without_a_card_is_issued_unsealed(duty):
    row = duty.issue(card=None, seal_number="")

    assert row.card is None
    assert last_document()["card"] is None


def test_a_failed_check_is_told_in_column_7_and_signed_with_the_rest(duty):
    row = duty.issue(checks={**CHECKS, "battery": Check(passed=False, remark=" 40 %,  қуаттағышпен ")})

    text = "17-тармақ бойынша тексеру: Бейнетіркегіштің аккумуляторы зарядының деңгейі – 40 %, қуаттағышпен"
    assert [remark.text for remark in row.remarks.all()] == [text]
    assert row.remarks.get().by == duty.office.custodian
    document = last_document()
    assert document["remarks"] == [text]
    assert document["checks"]["battery"] == {"passed": False, "remark": "40 %, қуаттағышпен"}


def test_what_is_out_is_refused_with_who_has_it(duty):
    duty.issue()

    error = refused(duty, errors.RecorderAlreadyIssuedError, inspector=duty.office.second_inspector)
    assert error.details["inspector"] == "Өтегенов Ерлан Сәкенұлы"
    assert error.details["row"] == 1
    assert error.details["since"] == duty.office.clock.now()


def test_a_card_that_is_out_is_refused_and_the_recorder_stays(duty):
    duty.issue()
    spare = registry.add_recorder(
        duty.office.ledger, MACHINE, inventory_number="БТ-0002", division=duty.office.division
    )

    refused(duty, errors.CardAlreadyIssuedError, recorder=spare)
    spare.refresh_from_db()
    assert spare.out_on is None


def test_what_was_returned_can_be_issued_again(duty):
    duty.give_back(duty.issue())
    assert duty.issue(inspector=duty.office.second_inspector).number == 2


def test_a_stale_page_does_not_fool_the_rule(duty):
    stale = duty.office.recorder
    duty.issue()
    assert stale.out_on is None
    refused(duty, errors.RecorderAlreadyIssuedError, recorder=stale)


def test_a_recorder_in_repair_is_refused(duty):
    office = duty.office
    registry.set_state(
        office.ledger, office.by(office.custodian), office.recorder, State.IN_REPAIR, "экран сынған"
    )
    refused(duty, errors.NotInServiceError)


def test_the_sister_division_s_custodian_issues_nothing_here(duty):
    office = duty.office
    refused(
        duty,
        errors.NotCustodianError,
        custodian=office.sister_custodian,
        by=office.by(office.sister_custodian),
    )


def test_a_relieved_custodian_issues_nothing_the_day_after(duty):
    office = duty.office
    appointment = office.custodian.appointments.get()
    registry.relieve(office.ledger, office.by(office.head), appointment, date(2026, 11, 20))

    row = duty.issue()
    duty.passes(days=1)
    with pytest.raises(errors.NotCustodianError):
        duty.give_back(row)


def test_who_is_no_inspector_of_the_division_gets_nothing(duty):
    refused(duty, errors.NotInspectorError, inspector=duty.office.sister_custodian)


def test_without_a_book_nothing_is_issued(office):
    duty = on_duty(office)
    close_book(office.ledger, office.by(office.head), book=duty.book, ended_on=date(2026, 11, 20))
    refused(duty, errors.NoBookError)


def test_the_next_book_opens_itself_when_one_is_full(office):
    duty = on_duty(office, sheets=1, rows_per_sheet=1)
    first = duty.give_back(duty.issue())
    second = duty.issue()
    assert (first.book.registration_number, second.book.registration_number) == ("01-12/4", "01-12/4 (2-том)")
    assert (first.number, second.number) == (1, 1)
    assert first.book.end.ended_on == second.book.started_on == date(2026, 11, 20)


def test_without_a_password_there_is_no_signature(duty):
    refused(duty, errors.NoSignatureError, means=OwnPassword("", ADDRESS))


def test_a_wrong_password_is_no_signature(duty):
    error = refused(duty, errors.WrongSignatureError, means=OwnPassword("Ерлан едім ғой", ADDRESS))
    assert error.paragraph == "8"
    (entry,) = entries("account.proof-refused")
    assert (entry.body["username"], entry.body["purpose"]) == ("yerlan", "signature")
    assert duty.issue().number == 1


def test_another_person_s_password_is_no_signature(duty):
    refused(duty, errors.WrongSignatureError, means=OwnPassword(password_of("madina"), ADDRESS))


def test_guessing_a_signature_is_slowed_down(duty):
    for _ in range(3):
        refused(duty, errors.WrongSignatureError, means=OwnPassword("guess", ADDRESS))
    refused(duty, TooManyAttemptsError)


def test_a_refused_issue_asks_for_no_password(duty):
    duty.issue()
    for _ in range(5):
        refused(duty, errors.RecorderAlreadyIssuedError, means=OwnPassword("guess", ADDRESS))


def test_who_has_no_login_can_not_sign(duty):
    Person.objects.filter(pk=duty.office.inspector.pk).update(user=None)
    inspector = Person.objects.get(pk=duty.office.inspector.pk)
    refused(duty, errors.CannotSignError, inspector=inspector)


def test_who_is_disabled_can_not_sign(duty):
    office = duty.office
    disable(office.ledger, MACHINE, User.objects.get(username="yerlan"))
    refused(duty, errors.CannotSignError, inspector=Person.objects.get(pk=office.inspector.pk))
    stale = duty.office.inspector
    stale.user.is_active = True
    refused(duty, errors.WrongSignatureError, inspector=stale)


class BrokenSigner:
    """A signing token that has been pulled out."""

    def __init__(self, signer):
        self.name, self.public_key = signer.name, signer.public_key

    def sign(self, message):
        raise OSError(19, "No such device")


def test_an_issue_that_can_not_be_logged_does_not_happen(duty):
    broken = Ledger(BrokenSigner(duty.office.ledger.signer), duty.office.clock)
    with pytest.raises(OSError, match="No such device"):
        replace(duty, office=replace(duty.office, ledger=broken)).issue()
    duty.office.recorder.refresh_from_db()
    assert duty.office.recorder.out_on is None
    assert not JournalRow.objects.exists()


@pytest.mark.parametrize("model", [JournalRow, Issue, Signature, Remark])
def test_what_is_written_in_the_book_is_never_changed_or_deleted(duty, model):
    duty.issue(checks={**CHECKS, "works": Check(passed=False, remark="баяу")})

    table = model._meta.db_table
    for sql in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):
        with (
            pytest.raises(DatabaseError, match="insert-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


def test_an_instant_later_is_another_instant(duty):
    row = duty.issue()
    duty.passes(hours=8, minutes=15)
    returned = duty.give_back(row)
    assert returned.returned.occurred_at - row.issue.occurred_at == timedelta(hours=8, minutes=15)
