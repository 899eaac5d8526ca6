"""The tree and the notes against other people's vectors, and our own format against its frozen ledger."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aigaq.tlog.checkpoint import Checkpoint, Note, VerifierKey, open_checkpoint
from aigaq.tlog.entry import Actor, ActorKind, Entry
from aigaq.tlog.errors import ConsistencyError, InclusionError, SignatureError
from aigaq.tlog.merkle import (
    DIGEST_SIZE,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    subtrees_of,
    verify_consistency,
    verify_inclusion,
)
from aigaq.tlog.verify import verify
from tests.support import logs

HERE = Path(__file__).parent / "tlog"
MERKLE = json.loads((HERE / "transparency-dev-merkle.json").read_text())
LOG_1 = HERE / "log-1.json"

# The inputs and roots of the reference trees of RFC 6962 implementations (certificate-transparency).
RFC_6962_LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
RFC_6962_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def unbase64(text):
    return base64.b64decode(text, validate=True)


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_of_the_reference_trees(size):
    leaves = [leaf_hash(bytes.fromhex(octets)) for octets in RFC_6962_LEAVES[:size]]
    frontier = Frontier()
    frontier.extend(leaves)
    assert root(leaves).hex() == frontier.root().hex() == RFC_6962_ROOTS[size]


@pytest.mark.parametrize("name", MERKLE["inclusion"])
def test_inclusion_is_judged_as_transparency_dev_judges_it(name):
    vector = MERKLE["inclusion"][name]
    proof = [unbase64(digest) for digest in vector["proof"] or []]
    facts = (
        unbase64(vector["leafHash"]),
        vector["leafIdx"],
        vector["treeSize"],
        proof,
        unbase64(vector["root"]),
    )
    if vector["wantErr"]:
        with pytest.raises(InclusionError):
            verify_inclusion(*facts)
    else:
        verify_inclusion(*facts)


@pytest.mark.parametrize("name", MERKLE["consistency"])
def test_consistency_is_judged_as_transparency_dev_judges_it(name):
    vector = MERKLE["consistency"][name]
    proof = [unbase64(digest) for digest in vector["proof"] or []]
    roots = unbase64(vector["root1"]), unbase64(vector["root2"])
    # Some of theirs have the root “don't care 1”; what is no digest is never accepted here.
    if vector["wantErr"] or any(len(digest) != DIGEST_SIZE for digest in roots):
        with pytest.raises(ConsistencyError):
            verify_consistency(vector["size1"], vector["size2"], *roots, proof)
    else:
        verify_consistency(vector["size1"], vector["size2"], *roots, proof)


def test_the_vectors_of_transparency_dev_are_all_there_and_of_both_kinds():
    assert (len(MERKLE["inclusion"]), len(MERKLE["consistency"])) == (98, 98)
    for vectors in MERKLE.values():
        assert {vector["wantErr"] for vector in vectors.values()} == {True, False}


SIGNED_NOTE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SIGNED_NOTE = """\
This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""
POEM = """\
Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
"""
BEHIND_THE_SOFA = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""


def test_the_signed_note_of_the_c2sp_specification_holds():
    key = VerifierKey.parse(SIGNED_NOTE_KEY)
    note = Note.parse(SIGNED_NOTE)
    note.require(key)
    assert str(note) == SIGNED_NOTE
    assert str(key) == SIGNED_NOTE_KEY
    assert key.key_id.hex() == "530d903a"
    with pytest.raises(SignatureError):
        Note.parse(SIGNED_NOTE.replace("example message", "Example message")).require(key)


def test_a_note_with_empty_lines_in_its_text_is_parted_at_the_last_one():
    note = Note.parse(POEM)
    assert note.text.endswith("\n\ned è subito sera.\n")
    assert [signature.name for signature in note.signatures] == ["quasimodo.example/salvatore"]
    assert str(note) == POEM


def test_the_checkpoint_of_the_c2sp_specification_is_read():
    note = Note.parse(BEHIND_THE_SOFA)
    checkpoint = Checkpoint.parse(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.text == note.text
    assert str(note) == BEHIND_THE_SOFA


def rebuilt():
    """log-1.json as this program would write it today."""
    signer = logs.signer("ledger.example.kz/log-1")
    aliya = Actor(ActorKind.PERSON, "person-7", "Әлия Қасымқызы")
    acts = [
        ("ledger.begin", Actor(ActorKind.SYSTEM, "aigaq", "aigaq"), None, None, {}),
        ("registry.recorder-register", aliya, {"role": "head"}, "almaty", {"recorder": "R-1", "note": 'a "b" \\ c'}),
        ("journal.issue", aliya, {"role": "custodian"}, "almaty", {"row": 1, "seal": "А-001", "remark": None}),
        ("access.sign-in-refused", Actor(ActorKind.UNKNOWN, "", ""), None, None, {"address": "192.0.2.1"}),
        ("recordings.ingest", Actor(ActorKind.SYSTEM, "dock-1", "док 1"), None, "almaty", {
            "files": [{"content_digest": "sha256:" + "ab" * 32, "name": "ВИДЕО📹.MP4", "octets": 2**53 - 1}],
            "seconds": 0.5,
        }),
        ("journal.return", aliya, {"order": "№ 12", "role": "custodian"}, "Ақтөбе", {"\U0001f4f9": 1, "\uff21": True}),
        ("access.playback-start", aliya, {}, "almaty", {"text": "жол\nжол\ttab\u0001\u007f\u2028"}),
    ]  # fmt: skip
    entries = [
        Entry(
            seq=seq,
            kind=kind,
            at=datetime(2026, 3, 1, 4, 0, seq, 1000 * seq + 1, tzinfo=UTC),
            actor=actor,
            right=right,
            division=division,
            body=body,
        ).octets
        for seq, (kind, actor, right, division, body) in enumerate(acts)
    ]
    leaves = [leaf_hash(octets) for octets in entries]
    size, subtree = len(leaves), subtrees_of(leaves)
    roots = [root(leaves[:some]) for some in range(size + 1)]
    return {
        "about": "A frozen ledger: docs/formats/ledger.md. The seed of the key is 32 octets of 0x01.",
        "key": str(signer.verifier),
        "entries": [octets.decode() for octets in entries],
        "leaf_hashes": [leaf.hex() for leaf in leaves],
        "roots": [digest.hex() for digest in roots],
        "checkpoints": [
            {"size": some, "note": Checkpoint(signer.name, some, roots[some]).signed(signer)}
            for some in (1, 4, size)
        ],
        "inclusion": [
            {"index": index, "size": size, "proof": [d.hex() for d in inclusion_proof(subtree, index, size)]}
            for index in range(size)
        ],
        "consistency": [
            {
                "old_size": old,
                "new_size": size,
                "proof": [d.hex() for d in consistency_proof(subtree, old, size)],
            }
            for old in range(1, size + 1)
        ],
    }


def test_the_frozen_ledger_is_what_would_be_written_today():
    assert json.loads(LOG_1.read_text()) == rebuilt()


def test_the_frozen_ledger_verifies():
    frozen = json.loads(LOG_1.read_text())
    key = VerifierKey.parse(frozen["key"])
    entries = [text.encode() for text in frozen["entries"]]
    digests = [bytes.fromhex(digest) for digest in frozen["leaf_hashes"]]
    roots = [bytes.fromhex(digest) for digest in frozen["roots"]]
    notes = [(each["size"], each["note"]) for each in frozen["checkpoints"]]
    rows = list(zip(range(len(entries)), entries, digests, strict=True))
    report = verify(rows, notes, key, since=[notes[1][1]])
    assert report.is_sound
    assert report.root == roots[-1] == open_checkpoint(notes[-1][1], key).root
    for each in frozen["inclusion"]:
        proof = [bytes.fromhex(digest) for digest in each["proof"]]
        verify_inclusion(digests[each["index"]], each["index"], each["size"], proof, roots[each["size"]])
    for each in frozen["consistency"]:
        old, new = each["old_size"], each["new_size"]
        proof = [bytes.fromhex(digest) for digest in each["proof"]]
        verify_consistency(old, new, roots[old], roots[new], proof)
