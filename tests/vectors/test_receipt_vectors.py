"""The frozen receipt is believed by every later version, and made again octet for octet."""

import json
from pathlib import Path

from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.unloading.receipt import Question, believe
from tests.support.logs import signer

FROZEN = json.loads((Path(__file__).parent / "receipt.json").read_text(encoding="utf-8"))
QUESTION = Question(
    installation="0123456789abcdef0123456789abcdef",
    dock="0f4b0000-0000-4000-8000-0000000000d1",
    unload="0f4b0000-0000-4000-8000-0000000000a1",
    nonce="00112233445566778899aabbccddeeff",
    sent=[(ContentDigest(bytes([n]) * 32), StoredDigest(bytes([n + 100]) * 32)) for n in range(2)],
)


def test_the_frozen_receipt_is_believed_and_made_again():
    octets = FROZEN["receipt"].encode()
    receipt = believe(octets, QUESTION, VerifierKey.parse(FROZEN["ledger_key"]))
    assert [each.seq for each in receipt.files] == [5, 6]
    assert receipt.signed(signer()) == octets
