"""A dock clears a card on nothing but the true receipt: everything else is refused, and says why."""

import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from aigaq.core import canonical
from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.tlog.checkpoint import Checkpoint, VerifierKey
from aigaq.tlog.signing import Ed25519Signer
from aigaq.unloading import receipt as receipts
from aigaq.unloading.receipt import Entered, Question, Receipt, believe
from tests.support.logs import BEGINNING, NAME, signer

LEDGER = signer()
KEY = VerifierKey.of(LEDGER)
SENT = tuple((ContentDigest(bytes([n]) * 32), StoredDigest(bytes([n + 100]) * 32)) for n in range(3))
QUESTION = Question(installation="a" * 32, dock="d1", unload="u1", nonce="0" * 31 + "1", sent=SENT)


def receipt(**changes) -> Receipt:
    files = tuple(Entered(content, stored, 5 + n, "ab" * 32) for n, (content, stored) in enumerate(SENT))
    facts = {
        "installation": QUESTION.installation,
        "dock": QUESTION.dock,
        "unload": QUESTION.unload,
        "nonce": QUESTION.nonce,
        "issued_at": BEGINNING,
        "files": files,
        "checkpoint": Checkpoint(NAME, 8, bytes(32)).signed(LEDGER),
    }
    return Receipt(**{**facts, **changes})


def test_the_answer_to_the_question_is_believed():
    assert believe(receipt().signed(LEDGER), QUESTION, KEY) == receipt()


def test_what_the_server_had_already_needs_no_stored_digest():
    asked = replace(QUESTION, sent=[(content, None) for content, _stored in SENT])
    assert believe(receipt().signed(LEDGER), asked, KEY).files == receipt().files


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"dock": "d2"}, receipts.OtherDockReceiptError),
        ({"unload": "u2"}, receipts.OtherReceiptError),
        ({"nonce": "0" * 32}, receipts.OldReceiptError),
        ({"installation": "b" * 32}, receipts.ForeignReceiptError),
        ({"files": receipt().files[1:]}, receipts.IncompleteReceiptError),
        (
            {"files": (replace(receipt().files[0], stored=SENT[1][1]), *receipt().files[1:])},
            receipts.IncompleteReceiptError,
        ),
        ({"checkpoint": Checkpoint(NAME, 7, bytes(32)).signed(LEDGER)}, receipts.NotAReceiptError),
        ({"checkpoint": Checkpoint(NAME, 8, bytes(32)).signed(signer(octet=2))}, receipts.NotAReceiptError),
        ({"checkpoint": "no note"}, receipts.NotAReceiptError),
    ],
)
def test_the_answer_to_another_question_is_refused(changes, refusal):
    with pytest.raises(refusal):
        believe(receipt(**changes).signed(LEDGER), QUESTION, KEY)


def test_another_key_is_refused_even_under_the_same_name():
    for other in (signer(octet=2), Ed25519Signer("x", Ed25519PrivateKey.from_private_bytes(b"\1" * 32))):
        with pytest.raises(receipts.ForeignReceiptError):
            believe(receipt().signed(other), QUESTION, KEY)
    with pytest.raises(receipts.ForeignReceiptError):
        believe(receipt().signed(LEDGER), QUESTION, VerifierKey.of(signer(octet=2)))


def test_a_question_about_nothing_is_answered_by_nothing():
    with pytest.raises(receipts.NotAReceiptError):
        believe(receipt().signed(LEDGER), replace(QUESTION, sent=()), KEY)


@pytest.mark.parametrize("changes", [{"files": ()}, {"nonce": "short"}, {"files": receipt().files * 1000}])
def test_one_that_nobody_could_believe_is_not_made(changes):
    with pytest.raises(receipts.NotAReceiptError):
        receipt(**changes).signed(LEDGER)


def test_every_changed_octet_is_noticed():
    octets = receipt().signed(LEDGER)
    for place in range(len(octets)):
        changed = octets[:place] + bytes([octets[place] ^ 1]) + octets[place + 1 :]
        with pytest.raises(receipts.ReceiptError):
            believe(changed, QUESTION, KEY)


@pytest.mark.parametrize(
    "octets",
    [b"", b"{}", b"null", b"[" * 100_000, b"\xff", b'{"body":{},"key":"","signature":""}', b" " * (1 << 21)],
)
def test_anything_else_is_no_receipt(octets):
    with pytest.raises(receipts.ReceiptError):
        believe(octets, QUESTION, KEY)


def forged(body) -> bytes:
    """Signed with the true key, whatever it says."""
    told = json.loads(receipt().signed(LEDGER))
    return receipts.sealed(body, told["key"], LEDGER.sign)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("format", "aigaq-receipt/2"),
        ("issued_at", "2026-03-01"),
        ("files", None),
        ("files", [{}]),
        ("files", [{"content": "AB" * 32, "stored": "cd" * 32, "seq": 1, "leaf": "ab" * 32}]),
        ("files", [{"content": "ab" * 32, "stored": "cd" * 32, "seq": True, "leaf": "ab" * 32}]),
        ("files", [{"content": "ab" * 32, "stored": "cd" * 32, "seq": -1, "leaf": "ab" * 32}]),
        ("dock", 1),
        ("more", 1),
    ],
)
def test_a_signed_body_of_another_form_is_refused(name, value):
    body = {**receipt().body, name: value}
    with pytest.raises(receipts.NotAReceiptError):
        believe(forged(body), QUESTION, KEY)


def test_no_other_document_that_the_ledger_signs_is_a_receipt():
    note = Checkpoint(NAME, 8, bytes(32)).signed(LEDGER)
    with pytest.raises(receipts.NotAReceiptError):
        believe(note.encode(), QUESTION, KEY)
    body = {"format": "aigaq-card/1", "card": "ЖК-0001"}
    with pytest.raises(receipts.NotAReceiptError):
        believe(forged(body), QUESTION, KEY)


def test_nonces_are_new_each_time():
    assert len({receipts.new_nonce() for _ in range(100)}) == 100


def test_the_spelling_is_canonical():
    octets = receipt().signed(LEDGER)
    assert canonical.encode(canonical.decode(octets)) == octets
