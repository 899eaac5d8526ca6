"""When the copy is due, what a segment may hold, and what is missing on either side."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.recovery import segments
from aigaq.recovery.errors import CopyForgedError
from aigaq.recovery.rebuild import compared
from aigaq.recovery.rules import MOST, PATIENCE, Lag, is_due
from aigaq.recovery.segments import Row, Segment, SegmentName
from aigaq.recovery.shelf import Chain, LedgerCopy
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.signing import Ed25519Signer
from aigaq.vault.age import Identity
from aigaq.vault.backends.memory import MemoryBackend
from aigaq.vault.layout import BlobName

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
SIGNER = Ed25519Signer.generate("aigaq.example/tests")
KEY = VerifierKey.of(SIGNER)
IDENTITY = Identity.generate()
SEGMENT = Segment(
    start=3,
    vault="0" * 32,
    ledger_key=str(KEY),
    entries=[b'{"a":1}', b'{"a":"\xd3\x98"}'],
    checkpoints=[(4, "note\n"), (5, "note 2\n")],
    facts=[{"b": [1.5, None]}],
    rows=[Row("registry.person", {"id": "1", "email": None})],
    whole=["access.keywrap"],
    secrets={"ledger_key": "secret"},
)


@pytest.mark.parametrize(
    ("entries", "waited", "kinds", "due"),
    [
        (0, None, set(), False),
        (1, timedelta(0), set(), False),
        (1, PATIENCE - timedelta(seconds=1), {"account.signed-in"}, False),
        (1, PATIENCE, set(), True),
        (1, timedelta(seconds=-1), set(), True),
        (MOST, timedelta(0), set(), True),
        (1, timedelta(0), {"card.cleared"}, True),
    ],
)
def test_the_copy_is_due_when_something_waited_or_a_card_was_cleared(entries, waited, kinds, due):
    oldest = None if waited is None else NOW - waited
    assert is_due(Lag(entries, oldest, frozenset(kinds)), NOW) is due


def test_a_segment_comes_back_as_it_was_written():
    octets = segments.sealed(SEGMENT, IDENTITY.recipient)
    name = segments.name_of(SEGMENT, octets)
    assert segments.opened(name, octets, [IDENTITY]) == SEGMENT
    assert SegmentName.parse(name.sealed.rpartition("/")[2]) == name
    assert SegmentName.parse(name.signed.rpartition("/")[2]) == name
    note = segments.signed(name, bytes(32), SIGNER)
    assert segments.stated(name, note, KEY).size == 5


def test_a_segment_under_another_name_is_refused():
    octets = segments.sealed(SEGMENT, IDENTITY.recipient)
    name = segments.name_of(SEGMENT, octets)
    note = segments.signed(name, bytes(32), SIGNER)
    for other in (
        replace(name, stop=6),
        replace(name, start=2),
        replace(name, stored=StoredDigest(bytes(32))),
    ):
        with pytest.raises(CopyForgedError):
            segments.opened(other, octets, [IDENTITY])
    for other in (replace(name, stop=6), replace(name, stored=StoredDigest(bytes(32)))):
        with pytest.raises(CopyForgedError):
            segments.stated(other, note, KEY)


@pytest.mark.parametrize("cut", [1, 40, 400])
def test_a_segment_with_lines_missing_or_added_is_refused(cut):
    octets = SEGMENT.encode()
    assert Segment.decode(octets) == SEGMENT
    for changed in (octets[:-cut], octets + b"{}\n", b"{}\n" + octets, b"", b"\n"):
        with pytest.raises(ValueError):
            Segment.decode(changed)


def test_what_is_missing_on_either_side_is_named():
    names = sorted(
        BlobName(ContentDigest(digest), StoredDigest(digest))
        for digest in (hashlib.sha256(b"%d" % number).digest() for number in range(9))
    )
    assert compared(names, names) == ([], [])
    assert compared(names, names[2:5] + names[6:]) == ([*names[:2], names[5]], [])
    assert compared(names[1:3], names) == ([], [names[0], *names[3:]])
    assert compared([], names) == ([], names)
    assert compared(names, []) == (names, [])


def test_a_long_segment_is_found_among_a_thousand_short_ones():
    """What was written anew has as many entries as fit into one, amid those that were copied each minute."""
    shelf, stored = MemoryBackend(), StoredDigest(bytes(32))
    short = [SegmentName(start + 2, start, stored) for start in range(0, 3000, 2)]
    long = SegmentName(3000, 8, stored)
    for name in (*short, long):
        shelf.put_beside(name.signed, segments.signed(name, bytes(32), SIGNER))
    chain = Chain(LedgerCopy(shelf), KEY)
    assert [link.name for link in chain.at(3)] == [short[1]]
    assert [link.name for link in chain.at(9)] == [long, short[4]]
    assert [link.name for link in chain.at(2998)] == [short[-1]]
