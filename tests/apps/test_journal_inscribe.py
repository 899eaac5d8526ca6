"""The last page: written by the head when the book is closed, once, and signed with a password or a passkey."""

from datetime import date

import pytest

from aigaq.journal import errors
from aigaq.journal.evidence import FaultKind, check_entries
from aigaq.journal.models import BookEnd, Inscription, SigningWay
from aigaq.journal.services.books import close_book
from aigaq.journal.services.inscribe import InscriptionRequest, inscribe, offer_inscription
from aigaq.journal.signed import digest_of
from tests.apps.test_journal_evidence import changed, resigned
from tests.support.duty import entries, on_duty, own_password
from tests.support.passkeys import enrolled_for, own_passkey

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def duty(office):
    return on_duty(office)


def request(duty, **changes):
    return InscriptionRequest(**({"head": duty.office.head, "book": duty.book} | changes))


def inscribed(duty, by=None, means=None, **changes):
    office, asked = duty.office, request(duty, **changes)
    return inscribe(office.ledger, by or office.by(asked.head), asked, means or own_password(asked.head))


def closed(duty):
    office = duty.office
    return close_book(office.ledger, office.by(office.head), book=duty.book, ended_on=TODAY)


def test_the_head_writes_the_last_page_of_a_closed_book(duty):
    duty.give_back(duty.issue())
    closed(duty)
    page = inscribed(duty)

    entry = entries("journal.inscribed")[-1]
    head = duty.office.head
    about_head = {"id": str(head.pk), "full_name": head.full_name, "staff_number": head.staff_number}
    document = entry.body["document"]
    assert document == {
        "format": "aigaq-journal/2",
        "act": "inscription",
        "profile": "order-236",
        "book": {"id": str(duty.book.pk), "registration_number": "01-12/4"},
        "division": {"id": str(duty.office.division.pk), "name": duty.office.division.name},
        "head": about_head,
        "occurred_at": "2026-11-20T04:00:00.000000Z",
        "started_on": "2026-11-20",
        "ended_on": "2026-11-20",
        "sheets": 48,
        "rows": 1,
        "wording": "Осы журналда 48 (қырық сегіз) парақ нөмірленген, тігілген және мөрмен бекітілген",
    }
    (signature,) = entry.body["signatures"]
    assert signature == {
        "signer": about_head,
        "way": "own-password",
        "signed_digest": str(digest_of(document)),
        "at": document["occurred_at"],
    }
    assert (page.by, page.seq, page.sheets) == (head, entry.seq, 48)
    assert (page.way, page.signed_digest) == (SigningWay.OWN_PASSWORD, signature["signed_digest"])
    assert check_entries(entries("")) == []


def test_date_and_last_page_are_one_act(duty):
    inscribed(duty, ended_on=TODAY)
    end = BookEnd.objects.get()
    assert (end.ended_on, end.by) == (TODAY, duty.office.head)
    assert [entry.kind for entry in entries()[-2:]] == ["journal.book-closed", "journal.inscribed"]


def test_an_open_book_is_not_inscribed(duty):
    with pytest.raises(errors.BookNotClosedError) as caught:
        inscribed(duty)
    assert caught.value.paragraph == "10"
    assert not Inscription.objects.exists()


def test_it_is_written_once(duty):
    inscribed(duty, ended_on=TODAY)
    with pytest.raises(errors.AlreadyInscribedError):
        inscribed(duty)
    with pytest.raises(errors.BookClosedError):
        inscribed(duty, ended_on=TODAY)
    assert Inscription.objects.count() == 1


def test_a_book_that_ends_too_soon_is_neither_closed_nor_inscribed(duty):
    duty.passes(days=3)
    duty.issue()
    with pytest.raises(errors.BookEndsTooSoonError):
        inscribed(duty, ended_on=TODAY)
    assert not BookEnd.objects.exists()


@pytest.mark.parametrize("who", ["custodian", "inspector", "administrator", "sister_head"])
def test_nobody_else_writes_it(duty, who):
    closed(duty)
    person = getattr(duty.office, who)
    with pytest.raises(errors.NotKeeperOfBooksError):
        inscribed(duty, head=person)
    with pytest.raises(errors.NotKeeperOfBooksError):
        inscribed(duty, by=duty.office.by(person))
    with pytest.raises(errors.NotKeeperOfBooksError):
        inscribed(duty, head=person, by=duty.office.by(duty.office.head))
    assert entries("journal.inscribed") == []


def test_a_head_who_was_relieved_writes_it_no_more(duty):
    office = duty.office
    closed(duty)
    by = office.by(office.head)
    office.head.appointments.update(until_on=TODAY)
    duty.passes(days=1)
    with pytest.raises(errors.NotKeeperOfBooksError):
        inscribed(duty, by=by)


def test_a_wrong_password_writes_nothing_and_closes_nothing(duty):
    with pytest.raises(errors.WrongSignatureError):
        inscribed(duty, ended_on=TODAY, means=own_password(duty.office.custodian))
    assert not Inscription.objects.exists()
    assert not BookEnd.objects.exists()


def offered(duty, **changes):
    office = duty.office
    return offer_inscription(office.ledger, office.by(office.head), request(duty, **changes))


def test_it_is_signed_by_passkey_and_holds_by_the_ledger_alone(duty):
    office = duty.office
    _passkey, authenticator = enrolled_for(office, office.head)
    offer = offered(duty, ended_on=TODAY)
    assert offer.about == duty.book.pk
    duty.passes(seconds=20)
    page = inscribed(duty, ended_on=TODAY, means=own_passkey(authenticator, offer))
    assert (page.way, page.signed_digest) == (SigningWay.PASSKEY, str(offer.digest))
    assert page.assertion is not None
    document = entries("journal.inscribed")[-1].body["document"]
    assert document["occurred_at"] == "2026-11-20T04:00:00.000000Z"
    assert check_entries(entries("")) == []


def test_what_was_written_after_it_was_laid_there_was_not_signed(duty):
    office = duty.office
    _passkey, authenticator = enrolled_for(office, office.head)
    offer = offered(duty, ended_on=TODAY)
    duty.issue()
    with pytest.raises(errors.ChangedMeanwhileError):
        inscribed(duty, ended_on=TODAY, means=own_passkey(authenticator, offer))
    assert not BookEnd.objects.exists()


def test_an_offer_is_refused_as_the_act_would_be(duty):
    with pytest.raises(errors.BookNotClosedError):
        offered(duty)
    inscribed(duty, ended_on=TODAY)
    with pytest.raises(errors.AlreadyInscribedError):
        offered(duty)


def test_a_forged_last_page_is_found_in_the_ledger(duty):
    inscribed(duty, ended_on=TODAY)
    *before, entry = entries("")
    sister = duty.office.sister_head

    def faults(forged):
        return [fault.kind for fault in check_entries([*before, forged])]

    assert faults(entry) == []
    assert faults(changed(entry, "document", "sheets", 47)) == [FaultKind.DIGEST]
    assert faults(changed(entry, "document", "rows", 7)) == [FaultKind.DIGEST]
    assert faults(resigned(entry, "document", "act", "decision")) == [FaultKind.NO_DOCUMENT]
    assert FaultKind.SIGNER in faults(resigned(entry, "document", "head", "id", str(sister.pk)))
    assert faults(changed(entry, "signatures", [])) == [FaultKind.NOT_SIGNED]
