"""Passkeys of the office: who enrols them for whom, what they sign, and when they sign no more."""

from hashlib import sha256

import pytest

from aigaq.accounts.errors import PasskeyTakenError, UnknownPasskeyError
from aigaq.accounts.models import Passkey
from aigaq.accounts.passkeys import have_passkeys, passkeys_of, prove_by_passkey
from aigaq.accounts.services import disable
from aigaq.ledger.services import MACHINE
from aigaq.passkeys.errors import EnrolmentError, NotSignedByPasskeyError
from aigaq.passkeys.site import Site
from aigaq.registry import passkeys as registry
from aigaq.registry.errors import NoLoginError, NoRightError, NotFaceToFaceError
from aigaq.registry.models import Role
from aigaq.registry.services import add_person, appoint
from tests.support.authenticator import UP, Authenticator
from tests.support.duty import entries
from tests.support.office import ADDRESS, SINCE
from tests.support.passkeys import SITE, enrolled_for

pytestmark = pytest.mark.django_db(transaction=True)

CHALLENGE = sha256("құжат".encode()).digest()


def proven(office, person, response, *, challenge=CHALLENGE, site=SITE):
    return prove_by_passkey(
        office.ledger, person.user, challenge, response, site=site, purpose="signature", address=ADDRESS
    )


def test_the_custodian_enrols_an_inspector_s_passkey_and_the_ledger_has_its_key(office):
    passkey, authenticator = enrolled_for(office, office.inspector)
    assert list(passkeys_of(office.inspector.user, SITE)) == [passkey]
    assert have_passkeys([office.inspector.user_id, office.custodian.user_id]) == {office.inspector.user_id}
    (entry,) = entries("account.passkey-enrolled")
    assert entry.actor.id == str(office.custodian.pk)
    assert entry.body == {
        "user": str(office.inspector.user_id),
        "username": "yerlan",
        "passkey": str(passkey.pk),
        "credential_id": authenticator.id,
        "public_key": passkey.public_key,
        "rp_id": "aigaq.example",
        "label": "yerlan кілті",
        "aaguid": "00000000-0000-0000-0000-000000000000",
        "is_backed_up": False,
    }


def test_the_head_enrols_too_and_so_does_a_head_above(office):
    enrolled_for(office, office.inspector, by=office.head)
    appoint(
        office.ledger,
        MACHINE,
        person=office.administrator,
        division=office.region,
        role=Role.HEAD,
        from_on=SINCE,
        until_on=None,
        order_number="1",
    )
    enrolled_for(office, office.sister_custodian, by=office.administrator)


@pytest.mark.parametrize(
    "stranger", ["inspector", "second_inspector", "administrator", "sister_head", "sister_custodian"]
)
def test_nobody_else_enrols_or_revokes(office, stranger):
    passkey, _authenticator = enrolled_for(office, office.custodian)
    person = getattr(office, stranger)
    with pytest.raises(NoRightError):
        enrolled_for(office, office.custodian, by=person)
    with pytest.raises(NoRightError):
        registry.revoke(office.ledger, office.by(person), office.custodian, passkey)
    assert passkeys_of(office.custodian.user).count() == 1


@pytest.mark.parametrize("who", ["head", "custodian"])
def test_nobody_enrols_for_themself(office, who):
    person = getattr(office, who)
    with pytest.raises(NotFaceToFaceError) as refusal:
        enrolled_for(office, person, by=person)
    assert refusal.value.paragraph == "6"


def test_the_installation_sees_nobody_s_face(office):
    with pytest.raises(NoRightError):
        registry.require_may_enrol(MACHINE, office.inspector)


def test_who_can_not_sign_in_gets_no_passkey(office):
    newcomer = add_person(
        office.ledger, MACHINE, full_name="Біреу", post="", staff_number="900", division=office.division
    )
    with pytest.raises(NoLoginError):
        registry.require_may_enrol(office.by(office.custodian), newcomer)
    disable(office.ledger, office.by(office.head), office.inspector.user)
    office.inspector.refresh_from_db()
    with pytest.raises(NoLoginError):
        enrolled_for(office, office.inspector)


def test_a_key_is_one_person_s_and_is_enrolled_once_even_after_it_was_revoked(office):
    passkey, authenticator = enrolled_for(office, office.inspector)
    for person in (office.inspector, office.second_inspector):
        with pytest.raises(PasskeyTakenError):
            enrolled_for(office, person, authenticator)
    registry.revoke(office.ledger, office.by(office.custodian), office.inspector, passkey)
    with pytest.raises(PasskeyTakenError):
        enrolled_for(office, office.inspector, authenticator)
    assert Passkey.objects.count() == 1


def test_what_the_browser_did_not_make_for_this_challenge_is_not_enrolled(office):
    with pytest.raises(EnrolmentError):
        registry.enrol(
            office.ledger,
            office.by(office.custodian),
            office.inspector,
            site=SITE,
            challenge=CHALLENGE,
            response="{}",
            label="кілт",
        )
    assert not Passkey.objects.exists()
    assert entries("account.passkey") == []


def test_what_a_passkey_signed_proves_its_owner_and_moves_its_count(office):
    passkey, authenticator = enrolled_for(office, office.inspector)
    assertion = proven(office, office.inspector, authenticator.signed(CHALLENGE))
    assert assertion.credential_id == authenticator.id
    passkey.refresh_from_db()
    assert passkey.sign_count == 1


def test_the_same_answer_twice_is_refused(office):
    _passkey, authenticator = enrolled_for(office, office.inspector)
    answer = authenticator.signed(CHALLENGE)
    proven(office, office.inspector, answer)
    with pytest.raises(NotSignedByPasskeyError):
        proven(office, office.inspector, answer)


def refused_answers(authenticator):
    yield "another challenge", authenticator.signed(sha256(b"another").digest()), NotSignedByPasskeyError
    yield "without verification", authenticator.signed(CHALLENGE, flags=UP), NotSignedByPasskeyError
    yield (
        "another site",
        authenticator.signed(CHALLENGE, origin="https://evil.example"),
        NotSignedByPasskeyError,
    )
    yield "another's key", Authenticator().signed(CHALLENGE), UnknownPasskeyError
    forger = Authenticator(credential_id=authenticator.credential_id)
    yield "forged", forger.signed(CHALLENGE), NotSignedByPasskeyError
    yield "nothing", "", NotSignedByPasskeyError
    yield "no response", "[]", NotSignedByPasskeyError


def test_every_refusal_is_an_entry_and_moves_no_count(office):
    passkey, authenticator = enrolled_for(office, office.inspector)
    for number, (why, answer, kind) in enumerate(refused_answers(authenticator), start=1):
        with pytest.raises(kind):
            proven(office, office.inspector, answer)
        refusals = entries("account.proof-refused")
        assert len(refusals) == number, why
        assert refusals[-1].body == {
            "user": str(office.inspector.user_id),
            "username": "yerlan",
            "purpose": "signature",
            "address": ADDRESS,
            "way": "passkey",
            "code": kind.code,
        }
    passkey.refresh_from_db()
    assert passkey.sign_count == 0


def test_another_person_s_passkey_signs_for_nobody_else(office):
    _passkey, authenticator = enrolled_for(office, office.inspector)
    enrolled_for(office, office.second_inspector)
    with pytest.raises(UnknownPasskeyError):
        proven(office, office.second_inspector, authenticator.signed(CHALLENGE))


def test_a_passkey_of_another_name_of_the_server_is_not_asked_here(office):
    elsewhere = Site.of("https://other.example")
    _passkey, authenticator = enrolled_for(office, office.inspector, site=elsewhere)
    assert not passkeys_of(office.inspector.user, SITE).exists()
    with pytest.raises(UnknownPasskeyError):
        proven(office, office.inspector, authenticator.signed(CHALLENGE))


def test_a_revoked_passkey_signs_no_more_and_is_revoked_once(office):
    passkey, authenticator = enrolled_for(office, office.inspector)
    for _time in range(2):
        registry.revoke(office.ledger, office.by(office.inspector), office.inspector, passkey)
    (entry,) = entries("account.passkey-revoked")
    assert (entry.actor.id, entry.body["credential_id"]) == (str(office.inspector.pk), authenticator.id)
    with pytest.raises(UnknownPasskeyError):
        proven(office, office.inspector, authenticator.signed(CHALLENGE))
    assert not passkeys_of(office.inspector.user).exists()


def test_the_name_of_a_key_is_kept_short_and_on_one_line(office):
    passkey, _authenticator = enrolled_for(office, office.inspector, label="  көк\n кілт " + "x" * 100)
    assert passkey.label == "көк кілт " + "x" * 55
    assert Passkey.objects.get().label == passkey.label
