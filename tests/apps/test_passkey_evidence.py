"""Signatures by passkey verified years later from the ledger alone, and every way to forge one found out."""

import json
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from aigaq.core import canonical
from aigaq.journal.evidence import FaultKind, check_entries, check_entry
from aigaq.journal.services.issue import offer_issue
from aigaq.journal.services.return_ import offer_return
from aigaq.journal.signed import digest_of
from aigaq.tlog.entry import Actor, ActorKind, Entry
from tests.support.authenticator import KINDS, UP, Authenticator, spelt
from tests.support.duty import entries, on_duty
from tests.support.passkeys import enrolled_for, own_passkey

VECTOR = json.loads((Path(__file__).parents[1] / "vectors" / "signature-2.json").read_text(encoding="utf-8"))
FROZEN = [Entry.parse(text.encode()) for text in VECTOR["entries"]]


def by_passkey(entry):
    return any(each["way"] == "passkey" for each in entry.body.get("signatures", []))


SIGNED = [entry for entry in FROZEN if by_passkey(entry)]


def faults(ledger):
    return [(fault.kind, fault.seq) for fault in check_entries(ledger)]


def put(entry, *path_and_value):
    """The entry with one value of its body put in place of another."""
    *path, value = path_and_value
    body = json.loads(json.dumps(entry.body))
    place = body
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return replace(entry, body=body)


def with_(ledger, *changed):
    """The ledger with these entries in place of those of the same number."""
    by_seq = {entry.seq: entry for entry in changed}
    return [by_seq.get(entry.seq, entry) for entry in ledger]


def without(ledger, *kinds):
    return [entry for entry in ledger if entry.kind not in kinds]


def of(kind, ledger=FROZEN):
    return next(entry for entry in ledger if entry.kind == kind)


def owner_of(entry):
    """The credential that signed."""
    return entry.body["signatures"][0]["assertion"]["credential_id"]


def enrolment_of(entry, ledger=FROZEN):
    found = (each for each in ledger if each.kind == "account.passkey-enrolled")
    return next(each for each in found if each.body["credential_id"] == owner_of(entry))


def test_the_frozen_ledger_holds_with_every_algorithm_and_kind_of_entry():
    assert check_entries(FROZEN) == []
    assert [entry.kind for entry in SIGNED] == [
        "journal.issued",
        "journal.returned",
        "journal.corrected",
        "journal.inscribed",
        "incidents.decided",
    ]


def test_what_was_signed_is_the_digest_of_the_frozen_octets():
    for entry in FROZEN:
        if "signatures" not in entry.body:
            continue
        octets = VECTOR["documents"][str(entry.seq)].encode()
        assert canonical.encode(entry.body["document"]) == octets
        for signature in entry.body["signatures"]:
            assert signature["signed_digest"] == "sha256:" + sha256(octets).hexdigest()


def test_a_passkey_can_not_be_checked_by_an_entry_alone():
    assert [fault.kind for fault in check_entry(SIGNED[0])] == [FaultKind.NO_PASSKEY]


@pytest.mark.parametrize("entry", SIGNED, ids=lambda entry: entry.kind)
def test_a_document_changed_and_its_digest_computed_anew_is_still_not_what_the_passkey_signed(entry):
    """What a password could not show: who holds the server's key forges a digest, but no assertion."""
    forged = put(entry, "document", "profile", "order-237")
    forged = put(forged, "signatures", 0, "signed_digest", str(digest_of(forged.body["document"])))
    assert (FaultKind.PASSKEY, entry.seq) in faults(with_(FROZEN, forged))


@pytest.mark.parametrize("entry", SIGNED, ids=lambda entry: entry.kind)
@pytest.mark.parametrize("name", ["authenticator_data", "client_data_json", "signature", "credential_id"])
def test_an_assertion_with_one_character_changed_does_not_hold(entry, name):
    text = entry.body["signatures"][0]["assertion"][name]
    for place in range(0, len(text), 7):
        other = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        forged = put(entry, "signatures", 0, "assertion", name, other)
        found = faults(with_(FROZEN, forged))
        assert {kind for kind, seq in found if seq == entry.seq} & {FaultKind.PASSKEY, FaultKind.NO_PASSKEY}


@pytest.mark.parametrize(
    "assertion",
    [
        None,
        {},
        [],
        "x",
        7,
        {"credential_id": "x"},
        {"credential_id": 7, "authenticator_data": [], "client_data_json": {}, "signature": None},
    ],
)
def test_an_assertion_of_another_form_does_not_hold(assertion):
    forged = put(SIGNED[0], "signatures", 0, "assertion", assertion)
    assert (FaultKind.PASSKEY, forged.seq) in faults(with_(FROZEN, forged))


def test_a_password_s_signature_has_no_assertion_and_a_passkey_s_has_one():
    signature = dict(SIGNED[0].body["signatures"][0])
    del signature["assertion"]
    bare = put(SIGNED[0], "signatures", [signature])
    assert (FaultKind.MALFORMED_SIGNATURE, bare.seq) in faults(with_(FROZEN, bare))
    weaker = put(SIGNED[0], "signatures", 0, "way", "own-password")
    assert (FaultKind.MALFORMED_SIGNATURE, weaker.seq) in faults(with_(FROZEN, weaker))


def test_another_s_assertion_does_not_hold():
    stolen = SIGNED[1].body["signatures"][0]["assertion"]
    forged = put(SIGNED[0], "signatures", 0, "assertion", stolen)
    assert (FaultKind.NO_PASSKEY, forged.seq) in faults(with_(FROZEN, forged))


def test_a_key_that_was_never_enrolled_signs_nothing():
    found = faults(without(FROZEN, "account.passkey-enrolled"))
    assert [(FaultKind.NO_PASSKEY, entry.seq) for entry in SIGNED] == [
        each for each in found if each[0] is FaultKind.NO_PASSKEY
    ]


def test_a_key_enrolled_for_somebody_else_signs_nothing():
    enrolment = enrolment_of(SIGNED[0])
    forged = put(enrolment, "user", enrolment_of(SIGNED[1]).body["user"])
    assert (FaultKind.NO_PASSKEY, SIGNED[0].seq) in faults(with_(FROZEN, forged))


def test_a_key_enrolled_after_it_signed_signed_nothing():
    enrolment = enrolment_of(SIGNED[0])
    later = [entry for entry in FROZEN if entry is not enrolment]
    later.insert(later.index(SIGNED[0]) + 1, enrolment)
    assert (FaultKind.NO_PASSKEY, SIGNED[0].seq) in faults(later)


def test_a_key_revoked_before_signs_nothing_and_one_revoked_later_has_signed():
    revocation = of("account.passkey-revoked")
    assert owner_of(SIGNED[0]) == revocation.body["credential_id"]
    assert FROZEN.index(revocation) > FROZEN.index(SIGNED[0])
    sooner = [entry for entry in FROZEN if entry is not revocation]
    sooner.insert(sooner.index(SIGNED[0]), revocation)
    assert (FaultKind.NO_PASSKEY, SIGNED[0].seq) in faults(sooner)


def test_a_key_can_not_be_put_in_another_s_place_by_enrolling_it_again():
    """A forger with the ledger's key enrols their own under the name of the inspector's."""
    forger = Authenticator(credential_id=b"another")
    enrolment = enrolment_of(SIGNED[0])
    again = replace(put(enrolment, "public_key", spelt(forger.cose)), seq=enrolment.seq)
    ledger = list(FROZEN)
    ledger.insert(ledger.index(enrolment) + 1, again)
    assert faults(ledger) == [(FaultKind.ENROLLED_AGAIN, again.seq)]
    revoked = list(FROZEN)
    revoked.append(again)
    assert faults(revoked) == [(FaultKind.ENROLLED_AGAIN, again.seq)]


def test_another_key_under_the_same_enrolment_does_not_hold():
    for entry in SIGNED:
        forged = put(enrolment_of(entry), "public_key", spelt(Authenticator().cose))
        assert (FaultKind.PASSKEY, entry.seq) in faults(with_(FROZEN, forged))


@pytest.mark.parametrize("rp_id", ["evil.example", "localhost", "", "AIGAQ.example", "example"])
def test_a_key_of_another_site_does_not_hold(rp_id):
    forged = put(enrolment_of(SIGNED[0]), "rp_id", rp_id)
    assert (FaultKind.PASSKEY, SIGNED[0].seq) in faults(with_(FROZEN, forged))


@pytest.mark.parametrize(
    "change",
    [
        {"public_key": None},
        {"public_key": 7},
        {"public_key": "!"},
        {"public_key": ""},
        {"rp_id": None},
        {"rp_id": []},
        {"user": None},
        {"user": []},
        {"credential_id": {}},
        {"credential_id": None},
    ],
)
def test_an_enrolment_that_can_not_be_read_lets_nobody_sign(change):
    enrolment = enrolment_of(SIGNED[0])
    forged = replace(enrolment, body=dict(enrolment.body) | change)
    assert {FaultKind.PASSKEY, FaultKind.NO_PASSKEY} & {
        kind for kind, seq in faults(with_(FROZEN, forged)) if seq == SIGNED[0].seq
    }
    missing = replace(
        enrolment, body={name: value for name, value in enrolment.body.items() if name not in change}
    )
    assert (FaultKind.NO_PASSKEY, SIGNED[0].seq) in faults(with_(FROZEN, missing))


def test_a_login_is_one_person_s():
    """Somebody added later takes the inspector's login, to sign with the inspector's key in their own name."""
    added = [entry for entry in FROZEN if entry.kind == "registry.person-added"]
    inspector = SIGNED[0].body["document"]["inspector"]["id"]
    theirs = next(entry for entry in added if entry.body["person"] == inspector)
    thief = next(entry for entry in added if entry.body["person"] != inspector)
    takes = put(thief, "user", theirs.body["user"])
    assert faults([*FROZEN[: FROZEN.index(SIGNED[0])], takes, *FROZEN[FROZEN.index(SIGNED[0]) :]]) == []
    sooner = with_(FROZEN, put(theirs, "user", thief.body["user"]), put(thief, "user", theirs.body["user"]))
    assert (FaultKind.NO_PASSKEY, SIGNED[0].seq) in faults(sooner)


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: replace(entry, right=None),
        lambda entry: replace(entry, right={"role": "inspector", "appointment": "1", "order": "1"}),
        lambda entry: replace(entry, actor=Actor(ActorKind.SYSTEM, "aigaq", "Aigaq")),
        lambda entry: replace(
            entry, actor=Actor(ActorKind.PERSON, SIGNED[0].body["document"]["inspector"]["id"], "Ерлан")
        ),
    ],
)
def test_an_enrolment_that_nobody_stood_face_to_face_for_is_told(change):
    enrolment = enrolment_of(SIGNED[0])
    assert faults(with_(FROZEN, change(enrolment))) == [(FaultKind.ENROLLED_ALONE, enrolment.seq)]


def test_what_was_signed_once_does_not_stand_twice():
    for entry in SIGNED:
        again = list(FROZEN)
        again.insert(again.index(entry) + 1, entry)
        expected = {
            "journal.issued": FaultKind.ROW,
            "journal.returned": FaultKind.ISSUE,
        }.get(entry.kind, FaultKind.REPEATED)
        assert (expected, entry.seq) in faults(again), entry.kind


def test_rows_follow_one_another_without_holes():
    issued = [entry for entry in FROZEN if entry.kind == "journal.issued"]
    (fault,) = check_entries([entry for entry in FROZEN if entry not in (SIGNED[0], SIGNED[1], SIGNED[2])])
    assert (fault.kind, fault.seq, fault.found, fault.stated) == (FaultKind.ROW, issued[1].seq, "2", "1")


def test_every_fault_has_its_sentence():
    forged = put(SIGNED[0], "signatures", 0, "assertion", None)
    (fault,) = [each for each in check_entries(with_(FROZEN, forged)) if each.kind is FaultKind.PASSKEY]
    assert str(fault) == (
        f"The passkey's signature in entry {forged.seq} does not hold: it has not the names of an assertion."
    )
    for kind in FaultKind:
        assert "{seq}" in replace(fault, kind=kind).message


def test_checking_needs_no_django():
    program = (
        "import sys, aigaq.journal.evidence, aigaq.passkeys.assertion, aigaq.passkeys.enrolment;"
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", KINDS)
def test_what_the_office_signs_by_passkey_holds_and_one_without_verification_would_not(office, kind):
    duty = on_duty(office)
    _passkey, key = enrolled_for(office, office.inspector, Authenticator(kind))
    ledger, by = office.ledger, duty.by_custodian
    offer = offer_issue(ledger, by, duty.issue_request())
    row = duty.issue(means=own_passkey(key, offer))
    back = offer_return(ledger, by, duty.return_request(row))
    duty.give_back(row, means=own_passkey(key, back))
    written = entries("")
    assert check_entries(written) == []
    issued = of("journal.issued", written)
    assertion = json.loads(key.signed(offer.challenge, flags=UP))
    unverified = {
        "credential_id": key.id,
        "authenticator_data": assertion["response"]["authenticatorData"],
        "client_data_json": assertion["response"]["clientDataJSON"],
        "signature": assertion["response"]["signature"],
    }
    forged = put(issued, "signatures", 0, "assertion", unverified)
    assert faults(with_(written, forged)) == [(FaultKind.PASSKEY, issued.seq)]


@pytest.mark.django_db
def test_documents_have_the_names_of_the_frozen_ones(office):
    duty = on_duty(office)
    duty.correct(duty.give_back(duty.issue()), "subject", "«Жаңа» ЖШС")
    for made, frozen in zip(entries("journal.")[-3:], SIGNED[:3], strict=True):
        assert shape(made.body["document"]) == shape(frozen.body["document"])


def shape(value):
    """Names and types, without the values."""
    if isinstance(value, dict):
        return {name: shape(child) for name, child in value.items()}
    return type(value).__name__
