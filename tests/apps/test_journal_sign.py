"""Signing by passkey: what was laid before the signer, and nothing else, is what is entered."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import signing

from aigaq.accounts.errors import UnknownPasskeyError
from aigaq.accounts.models import Passkey
from aigaq.core.clock import rfc3339
from aigaq.journal import errors
from aigaq.journal.evidence import check_entries
from aigaq.journal.models import Act, JournalRow, Remark, Signature, SigningWay
from aigaq.journal.services.correct import offer_correction
from aigaq.journal.services.issue import issue, offer_issue
from aigaq.journal.services.return_ import offer_return
from aigaq.journal.services.sign import OFFERED, Offer, prove, sign
from aigaq.journal.signed import digest_of
from aigaq.journal.used_keys import last_signed
from aigaq.passkeys.errors import NotSignedByPasskeyError
from aigaq.registry import passkeys as registry
from aigaq.registry.services import add_recorder
from tests.support.authenticator import UP, Authenticator
from tests.support.duty import entries, last_document, on_duty
from tests.support.passkeys import enrolled_for, own_passkey

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def key(office):
    """Yerlan's."""
    return enrolled_for(office, office.inspector)[1]


def offered(duty, **changes):
    return offer_issue(duty.office.ledger, duty.by_custodian, duty.issue_request(**changes))


def offered_back(duty, row, **changes):
    return offer_return(duty.office.ledger, duty.by_custodian, duty.return_request(row, **changes))


def refused(duty, kind, means, **changes):
    """Nothing is issued, and nothing of it stays."""
    with pytest.raises(kind):
        duty.issue(means=means, **changes)
    assert not JournalRow.objects.filter(id=means.offer.about).exists()
    duty.office.recorder.refresh_from_db()
    assert duty.office.recorder.out_on is None
    assert entries("journal.issued") == []


def test_issue_return_and_correction_are_signed_by_passkey_and_hold_from_the_ledger_alone(duty, key):
    office = duty.office
    _passkey, custodians = enrolled_for(office, office.custodian)
    offer = offered(duty)
    row = duty.issue(means=own_passkey(key, offer))
    assert row.pk == offer.about
    assert str(offer.digest) == str(digest_of(last_document()))
    duty.passes(hours=8)
    duty.give_back(row, means=own_passkey(key, offered_back(duty, row)))
    request = duty.correction_request(row, "subject", "«Жаңа» ЖШС")
    offer = offer_correction(office.ledger, duty.by_custodian, request)
    duty.correct(row, "subject", "«Жаңа» ЖШС", means=own_passkey(custodians, offer))
    signed = Signature.objects.order_by("seq")
    assert [(each.act, each.way) for each in signed] == [
        (Act.ISSUE, SigningWay.PASSKEY),
        (Act.RETURN, SigningWay.PASSKEY),
    ]
    assert signed[0].assertion == entries("journal.issued")[0].body["signatures"][0]["assertion"]
    assert check_entries(entries("")) == []
    assert last_signed(office.inspector) == {key.id: signed[1].signed_at}
    assert set(last_signed(office.custodian)) == {custodians.id}


def test_the_time_of_the_act_is_that_at_which_its_document_was_laid_there(duty, key):
    offer = offered(duty)
    duty.passes(seconds=90)
    row = duty.issue(means=own_passkey(key, offer))
    assert row.issue.occurred_at == offer.at
    assert entries("journal.issued")[0].at == offer.at + timedelta(seconds=90)


def test_a_document_lies_there_for_three_minutes(duty, key):
    offer = offered(duty)
    duty.passes(seconds=OFFERED.total_seconds() + 1)
    refused(duty, errors.OfferOverError, own_passkey(key, offer))
    duty.passes(seconds=-1)
    assert duty.issue(means=own_passkey(key, offer))


def test_a_document_of_tomorrow_is_refused(duty, key):
    duty.passes(days=1)
    offer = offered(duty)
    duty.passes(days=-1)
    refused(duty, errors.OfferOverError, own_passkey(key, offer))


def test_an_offer_can_not_be_made_or_dated_back_by_anybody_else(duty, key):
    offer = offered(duty)
    assert Offer.opened(offer.sealed()) == offer
    parts = [str(offer.about), rfc3339(offer.at), str(offer.digest)]
    for text in (
        "",
        "x",
        offer.sealed()[:-1],
        offer.sealed().replace(":", ";"),
        signing.dumps(parts, key="another key"),
        signing.dumps(parts, salt="of another page"),
        signing.dumps(parts),
    ):
        with pytest.raises(errors.OfferOverError):
            Offer.opened(text)


def test_an_offer_made_up_here_still_has_to_be_the_document_that_is_entered(duty, key):
    """As if the seal were broken: the digest binds the time, too."""
    offer = offered(duty)
    refused(
        duty, errors.OtherDocumentError, own_passkey(key, replace(offer, at=offer.at - timedelta(seconds=60)))
    )


@pytest.mark.parametrize("change", [{"seal_number": "Қ-0413"}, {"card": None, "seal_number": ""}])
def test_what_was_laid_there_is_what_is_entered_or_nothing_is(duty, key, change):
    refused(duty, errors.OtherDocumentError, own_passkey(key, offered(duty)), **change)


def test_an_assertion_for_another_entry_is_refused(duty, key):
    first, second = offered(duty), offered(duty)
    assert first.digest != second.digest, "every row has an id of its own"
    means = replace(own_passkey(key, first), offer=second)
    refused(duty, NotSignedByPasskeyError, means)


def test_an_assertion_of_the_issue_does_not_take_back(duty, key):
    means = own_passkey(key, offered(duty))
    row = duty.issue(means=means)
    with pytest.raises(NotSignedByPasskeyError):
        duty.give_back(row, means=means)
    with pytest.raises(NotSignedByPasskeyError):
        duty.give_back(row, means=replace(means, offer=offered_back(duty, row)))


@pytest.mark.parametrize("counts", [True, False])
def test_an_assertion_is_used_once_whether_its_authenticator_counts_or_not(office, counts):
    duty = on_duty(office)
    _passkey, key = enrolled_for(office, office.inspector, Authenticator(counts=counts))
    means = own_passkey(key, offered(duty))
    row = duty.issue(means=means)
    with pytest.raises(errors.RecorderAlreadyIssuedError):
        duty.issue(means=means)
    duty.give_back(row)
    with pytest.raises((NotSignedByPasskeyError, errors.OtherDocumentError)):
        duty.issue(means=means)
    assert len(entries("journal.issued")) == 1


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"flags": UP}, NotSignedByPasskeyError),
        ({"origin": "https://evil.example"}, NotSignedByPasskeyError),
        ({"rp_id": "evil.example"}, NotSignedByPasskeyError),
        ({"client": {"crossOrigin": True}}, NotSignedByPasskeyError),
        ({"client": {"type": "webauthn.create"}}, NotSignedByPasskeyError),
    ],
)
def test_a_signature_that_is_not_quite_one_is_refused(duty, key, wrong, kind):
    refused(duty, kind, own_passkey(key, offered(duty), **wrong))


def test_nobody_signs_with_another_s_key(duty, key):
    _passkey, custodians = enrolled_for(duty.office, duty.office.custodian)
    refused(duty, UnknownPasskeyError, own_passkey(custodians, offered(duty)))
    refused(
        duty, UnknownPasskeyError, own_passkey(key, offered(duty)), inspector=duty.office.second_inspector
    )
    refused(duty, UnknownPasskeyError, own_passkey(Authenticator(), offered(duty)))


def test_a_forger_who_knows_the_key_s_name_has_not_the_key(duty, key):
    forger = Authenticator(credential_id=key.credential_id)
    refused(duty, NotSignedByPasskeyError, own_passkey(forger, offered(duty)))


def test_a_revoked_key_signs_nothing(duty, key):
    office = duty.office
    offer = offered(duty)
    registry.revoke(office.ledger, duty.by_custodian, office.inspector, Passkey.objects.get())
    refused(duty, UnknownPasskeyError, own_passkey(key, offer))


def test_a_key_revoked_between_the_proof_and_the_entry_signs_nothing(duty, key):
    office = duty.office
    offer = offered(duty)
    proof = prove(office.ledger, office.inspector, own_passkey(key, offer))
    registry.revoke(office.ledger, duty.by_custodian, office.inspector, Passkey.objects.get())
    document = {"digest of": "this"}
    with pytest.raises(UnknownPasskeyError):
        sign(replace(proof, offer=Offer.of(offer.about, offer.at, document)), document, offer.at)


def test_who_comes_second_in_a_race_is_told_to_sign_again_and_can(duty, key):
    office = duty.office
    _passkey, other = enrolled_for(office, office.second_inspector)
    second = add_recorder(
        office.ledger, office.by(office.custodian), inventory_number="БТ-0002", division=office.division
    )
    request = duty.issue_request(
        recorder=second, card=None, seal_number="", inspector=office.second_inspector
    )
    offer = offer_issue(office.ledger, duty.by_custodian, request)
    duty.issue(means=own_passkey(key, offered(duty)))
    with pytest.raises(errors.OtherDocumentError) as told:
        issue(office.ledger, duty.by_custodian, request, own_passkey(other, offer))
    assert "sign again" in str(told.value)
    second.refresh_from_db()
    assert second.out_on is None
    anew = offer_issue(office.ledger, duty.by_custodian, request)
    assert issue(office.ledger, duty.by_custodian, request, own_passkey(other, anew)).number == 2


def test_an_offer_is_refused_as_the_act_would_be_and_changes_nothing(duty, key):
    with pytest.raises(errors.NoSealNumberError):
        offered(duty, seal_number="")
    before = entries("")
    offered(duty)
    assert entries("") == before
    assert not JournalRow.objects.exists()
    row = duty.issue()
    with pytest.raises(errors.RecorderAlreadyIssuedError):
        offered(duty)
    offered_back(duty, row)
    assert not Remark.objects.exists()


def test_the_password_still_signs_for_who_has_a_passkey(duty, key):
    row = duty.issue()
    assert row.signatures.get().way == SigningWay.OWN_PASSWORD
    assert row.signatures.get().assertion is None
