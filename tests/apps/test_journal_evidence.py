"""Signatures checked from the ledger alone: what was signed can't be told apart from what stands there."""

import json
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from aigaq.core import canonical
from aigaq.journal.evidence import FaultKind, check_entries, check_entry
from aigaq.journal.models import SealFound
from aigaq.journal.signed import digest_of
from aigaq.tlog.entry import Actor, ActorKind, Entry
from tests.support.duty import entries, on_duty

VECTOR = json.loads((Path(__file__).parents[1] / "vectors" / "signature.json").read_text(encoding="utf-8"))
ISSUED, RETURNED = (Entry.parse(text.encode()) for text in VECTOR["entries"])
CORRECTED = Entry.parse(VECTOR["correction"]["entry"].encode())


def kinds(faults):
    return [fault.kind for fault in faults]


def changed(entry, *path_and_value):
    """The entry with one value of its body put in place of another, as a forger would write it."""
    *path, value = path_and_value
    body = json.loads(json.dumps(entry.body))
    place = body
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return replace(entry, body=body)


def resigned(entry, *path_and_value):
    """As `changed`, by a forger who also computes the digest anew."""
    forged = changed(entry, *path_and_value)
    return changed(forged, "signatures", 0, "signed_digest", str(digest_of(forged.body["document"])))


def test_the_frozen_signatures_hold():
    assert check_entry(ISSUED) == check_entry(RETURNED) == []
    assert check_entries([ISSUED, RETURNED, CORRECTED]) == []


def test_the_digest_is_sha256_of_the_canonical_document():
    for entry, octets in zip(
        (ISSUED, RETURNED, CORRECTED),
        [*VECTOR["documents"], VECTOR["correction"]["document"]],
        strict=True,
    ):
        document, (signature,) = entry.body["document"], entry.body["signatures"]
        assert canonical.encode(document).decode() == octets
        assert signature["signed_digest"] == "sha256:" + sha256(octets.encode()).hexdigest()


def every_place(value, path=()):
    """Each leaf of a JSON value, by its path."""
    if isinstance(value, dict):
        for name, child in value.items():
            yield from every_place(child, (*path, name))
    elif isinstance(value, list) and value:
        for number, child in enumerate(value):
            yield from every_place(child, (*path, number))
    else:
        yield path, value


def test_every_fact_of_a_document_is_signed():
    for entry in (ISSUED, RETURNED, CORRECTED):
        places = list(every_place(entry.body["document"]))
        assert len(places) > 15
        for path, value in places:
            other = (not value) if isinstance(value, bool) else f"{value}?"
            assert check_entry(changed(entry, "document", *path, other)), path


def test_a_digest_that_is_not_the_document_s_is_shown_beside_the_right_one():
    forged = changed(ISSUED, "document", "recorder", "inventory_number", "БТ-0009")
    (fault,) = check_entry(forged)
    assert fault.kind is FaultKind.DIGEST
    assert fault.found == str(digest_of(forged.body["document"]))
    assert fault.stated == ISSUED.body["signatures"][0]["signed_digest"]
    assert fault.found in str(fault)


def test_the_right_person_must_have_signed():
    custodian = ISSUED.body["document"]["custodian"]
    forged = changed(ISSUED, "signatures", 0, "signer", custodian)
    assert kinds(check_entry(forged)) == [FaultKind.SIGNER]


def test_a_signature_of_another_moment_is_none_of_this_act():
    forged = changed(ISSUED, "signatures", 0, "at", "2026-11-20T04:00:00.000001Z")
    assert kinds(check_entry(forged)) == [FaultKind.TIME]


def test_a_way_of_signing_that_is_not_known_is_not_trusted():
    assert kinds(check_entry(changed(ISSUED, "signatures", 0, "way", "nod"))) == [FaultKind.WAY]


@pytest.mark.parametrize("signatures", [[], None, "signed", {}])
def test_what_is_not_signed_is_a_fault(signatures):
    assert kinds(check_entry(changed(ISSUED, "signatures", signatures))) == [FaultKind.NOT_SIGNED]


@pytest.mark.parametrize("signature", [None, {}, {"signer": {"id": "1"}}, [], 7])
def test_a_signature_that_can_not_be_read_is_a_fault(signature):
    assert kinds(check_entry(changed(ISSUED, "signatures", [signature]))) == [FaultKind.MALFORMED_SIGNATURE]


def test_every_signature_of_several_is_checked():
    good = ISSUED.body["signatures"][0]
    bad = {**good, "signed_digest": "sha256:" + "0" * 64}
    assert kinds(check_entry(changed(ISSUED, "signatures", [good, bad]))) == [FaultKind.DIGEST]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["document"], None),
        (["document"], []),
        (["document", "format"], "aigaq-journal/9"),
        (["document", "act"], "return"),
        (["document", "inspector"], None),
        (["document", "custodian"], "Данияр"),
        (["document", "row"], {"number": 1}),
    ],
)
def test_an_entry_without_its_document_is_a_fault(path, value):
    assert kinds(check_entry(changed(ISSUED, *path, value))) == [FaultKind.NO_DOCUMENT]


def test_the_document_names_who_made_the_entry():
    stranger = Actor(ActorKind.PERSON, "0f4b0000-0000-4000-8000-000000000009", "Біреу")
    assert kinds(check_entry(replace(ISSUED, actor=stranger))) == [FaultKind.ACTOR]
    assert kinds(check_entry(replace(ISSUED, division=None))) == [FaultKind.ACTOR]


def test_a_return_takes_back_the_issue_that_was_signed():
    other = resigned(ISSUED, "document", "seal_number", "Қ-9999")
    assert check_entry(other) == []
    assert kinds(check_entries([other, RETURNED])) == [FaultKind.ISSUE]


def test_a_return_without_an_issue_or_after_a_return_is_a_fault():
    assert kinds(check_entries([RETURNED])) == [FaultKind.ISSUE]
    assert kinds(check_entries([ISSUED, RETURNED, RETURNED])) == [FaultKind.ISSUE]


def test_a_return_that_names_no_issue_does_not_pass_for_one_without_an_issue():
    forged = resigned(RETURNED, "document", "issued", None)
    assert check_entry(forged) == []
    assert kinds(check_entries([forged])) == [FaultKind.ISSUE]


def test_every_fault_is_listed_with_its_entry():
    forged = changed(ISSUED, "document", "seal_number", "Қ-9999")
    assert [(fault.kind, fault.seq) for fault in check_entries([forged, RETURNED])] == [
        (FaultKind.DIGEST, ISSUED.seq),
        (FaultKind.ISSUE, RETURNED.seq),
    ]


def test_other_entries_need_no_signature():
    assert check_entry(replace(ISSUED, kind="journal.remarked", body={})) == []
    assert check_entry(replace(ISSUED, kind="account.signed-in", body={})) == []


def test_checking_needs_no_django():
    program = "import sys, aigaq.journal.evidence; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.django_db
def test_what_the_office_writes_holds(office):
    duty = on_duty(office)
    for found in (SealFound.INTACT, SealFound.BROKEN):
        row = duty.issue()
        duty.passes(hours=8)
        duty.give_back(row, seal_found=found, condition="Байқалды")
    duty.correct(duty.issue(), "subject", "«Жаңа» ЖШС")
    assert len(entries("journal.issued")) == 3
    assert check_entries(entries()) == []


@pytest.mark.django_db
def test_documents_have_the_names_of_the_frozen_ones(office):
    duty = on_duty(office)
    duty.correct(duty.give_back(duty.issue()), "subject", "«Жаңа» ЖШС")
    for made, frozen in zip(entries()[-3:], (ISSUED, RETURNED, CORRECTED), strict=True):
        new = made.body["document"].keys() - frozen.body["document"].keys()
        assert new == NEW_IN_2.get(made.kind, set())
        for name in new:
            del made.body["document"][name]
        assert shape(made.body) == shape(frozen.body)


NEW_IN_2 = {"journal.issued": {"replaces"}, "journal.returned": {"things"}}


def shape(value):
    """Names and types, without the values."""
    if isinstance(value, dict):
        return {name: shape(child) for name, child in value.items()}
    return type(value).__name__
