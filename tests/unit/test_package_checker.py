"""The parts of the checker that needs nothing but Python, each beside the library that it does without."""

import ast
import json
import random
import subprocess
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import cbor2
import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from aigaq.core import canonical
from aigaq.core.canonical import NotCanonicalError
from aigaq.journal import evidence
from aigaq.package import verify
from aigaq.tlog import merkle, spelling
from aigaq.tlog.checkpoint import Checkpoint, VerifierKey
from aigaq.tlog.entry import Entry
from aigaq.tlog.errors import MalformedEntryError
from tests.support import amount, packages
from tests.support.logs import signer

SOURCE = Path(verify.__file__)
VECTORS = Path(__file__).parent.parent / "vectors"
ENTRIES = packages.contents().entries
MESSAGE = "не осы хабар".encode()


def cose(key) -> bytes:
    public = key.public_key()
    if isinstance(public, ed25519.Ed25519PublicKey):
        return cbor2.dumps({1: 1, 3: -8, -1: 6, -2: public.public_bytes_raw()})
    numbers = public.public_numbers()
    if isinstance(public, rsa.RSAPublicKey):
        size = (numbers.n.bit_length() + 7) // 8
        return cbor2.dumps({1: 3, 3: -257, -1: numbers.n.to_bytes(size, "big"), -2: b"\x01\x00\x01"})
    x, y = (each.to_bytes(32, "big") for each in (numbers.x, numbers.y))
    return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})


def signed(key, message: bytes) -> bytes:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(message)
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(message, padding.PKCS1v15(), SHA256())
    return key.sign(message, ec.ECDSA(SHA256()))


KEYS = {
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "RS256": rsa.generate_private_key(65537, 2048),
}


@pytest.mark.parametrize("kind", KEYS)
def test_a_signature_holds_for_its_message_and_key_alone(kind):
    key = verify.PublicKey.of_cose(cose(KEYS[kind]))
    for number in range(10):
        message = MESSAGE * number
        signature = signed(KEYS[kind], message)
        assert key.holds(message, signature)
        assert not key.holds(message + b"!", signature)
    flipping = random.Random(kind)
    for _ in range(20):
        place = flipping.randrange(len(signature) * 8)
        other = bytearray(signature)
        other[place // 8] ^= 1 << place % 8
        assert not key.holds(message, bytes(other))
    assert not key.holds(message, signature[:-1])
    assert not key.holds(message, signature + b"\0")
    assert not key.holds(message, b"")


def test_an_ed25519_signature_has_one_spelling():
    key = KEYS["EdDSA"]
    signature, public = key.sign(MESSAGE), key.public_key().public_bytes_raw()
    order = 2**252 + 27742317777372353535851937790883648493
    larger = (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
    assert verify.ed25519_holds(public, MESSAGE, signature)
    assert not verify.ed25519_holds(public, MESSAGE, signature[:32] + larger)
    assert not verify.ed25519_holds((2**255 - 19 + 1).to_bytes(32, "little"), MESSAGE, signature)
    assert not verify.ed25519_holds(b"\x02" + b"\0" * 31, MESSAGE, signature)


def test_an_ecdsa_signature_of_nought_or_of_a_point_beside_the_curve_holds_nothing():
    numbers = KEYS["ES256"].public_key().public_numbers()
    nought = bytes.fromhex("3006020100020100")
    assert not verify.p256_holds(numbers.x, numbers.y, MESSAGE, nought)
    good = signed(KEYS["ES256"], MESSAGE)
    assert not verify.p256_holds(numbers.x, numbers.y + 1, MESSAGE, good)
    assert not verify.p256_holds(0, 0, MESSAGE, good)


@pytest.mark.parametrize("kind", KEYS)
def test_a_key_is_written_as_openssl_writes_it(kind):
    pem = KEYS[kind].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert verify.PublicKey.of_cose(cose(KEYS[kind])).pem == pem


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\xa1",
        cbor2.dumps([1]),
        cbor2.dumps({1: 1, 3: -8, -1: 6, -2: b"short"}),
        cbor2.dumps({1: 1, 3: -7, -1: 6, -2: b"x" * 32}),
        cbor2.dumps({1: 3, 3: -257, -1: b"\xff" * 128, -2: b"\x01\x00\x01"}),
        cbor2.dumps({1: 3, 3: -257, -1: b"\xff" * 256, -2: b"\x03"}),
        cbor2.dumps({1: 1, 3: -8, -1: 6, -2: b"x" * 32}) + b"\0",
        b"\xbf\xff",
        b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x81" * 100,
    ],
)
def test_what_is_no_key_of_the_three_kinds_is_none(octets):
    with pytest.raises(verify.Malformed):
        verify.PublicKey.of_cose(octets)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@settings(deadline=None)
@given(VALUES)
def test_canonical_json_is_that_of_rfc_8785(value):
    octets = rfc8785.dumps(value)
    assert verify.canonical(value) == octets
    assert _accepted(verify.parse, verify.Malformed, octets) == _accepted(
        canonical.decode, NotCanonicalError, octets
    )


@pytest.mark.parametrize(
    "number", [1e21, 1e-7, 5e-324, 1.7976931348623157e308, 333333333.3333333, 1e-6, 4.5, -0.5, 0.1]
)
def test_fractions_are_spelt_as_ecmascript_does(number):
    assert verify.canonical(number) == rfc8785.dumps(number)


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b"1.0",
        b"-0",
        b"NaN",
        b"Infinity",
        b"9007199254740992",
        b"9" * 100_000,
        b'"\\u0041"',
        b'"\\ud800"',
        b'"\xff"',
        b"[" * 100_000,
        b"[" * 40 + b"]" * 40,
        b'{"a":1}\n',
        b"\xef\xbb\xbf{}",
        b"[" + b"0," * 300_000 + b"0]",
    ],
    ids=lambda octets: repr(octets[:12]),
)
def test_what_another_reader_could_read_otherwise_is_refused(octets):
    with pytest.raises(verify.Malformed):
        verify.parse(octets)


def test_proofs_lead_where_the_ledgers_do():
    for size in range(1, 34):
        leaves = [merkle.leaf_hash(bytes([number])) for number in range(size)]
        root = merkle.root(leaves)
        for index in range(size):
            path = merkle.inclusion_proof(merkle.subtrees_of(leaves), index, size)
            assert verify.leads_to(bytes([index]), index, size, path) == root
            assert verify.leads_to(bytes([index]), index, size, [*path, root]) is None
            assert not path or verify.leads_to(bytes([index]), index, size, path[:-1]) is None
            assert verify.leads_to(bytes([index + 1]), index, size, path) != root
    assert verify.leads_to(b"", 1, 1, []) is None
    assert verify.leads_to(b"", 0, 0, []) is None


def test_a_checkpoint_holds_under_its_key_alone():
    note = Checkpoint("ledger.example.kz/almaty", 7, b"\5" * 32).signed(signer())
    key = verify.LedgerKey.parse(str(VerifierKey.of(signer())))
    assert str(key) == str(VerifierKey.of(signer()))
    assert verify.Checkpoint.parse(note.encode()).holds(key)
    other = verify.LedgerKey.parse(str(VerifierKey.of(signer(octet=2))))
    assert not verify.Checkpoint.parse(note.encode()).holds(other)
    for place in range(0, len(note.encode()) * 8, 13):
        octets = bytearray(note.encode())
        octets[place // 8] ^= 1 << place % 8
        with suppress(verify.Malformed):
            assert not verify.Checkpoint.parse(bytes(octets)).holds(key)


FROZEN = ["signature.json", "signature-2.json", "signature-2-receipt.json"]


def _frozen(name: str) -> list[bytes]:
    return [each.encode() for each in json.loads((VECTORS / name).read_text(encoding="utf-8"))["entries"]]


def _kinds(entries: list[bytes]) -> list[tuple[str, int]]:
    report = verify.Report()
    signatures = verify.Signatures(report)
    for each in entries:
        signatures.read(verify.Entry.parse(each))
    return sorted((fault.kind.removeprefix("signature-"), fault.seq) for fault in report.faults)


@pytest.mark.parametrize("name", FROZEN)
def test_the_frozen_signatures_hold(name):
    entries = _frozen(name)
    expected = [(fault.kind.value, fault.seq) for fault in evidence.check_entries(map(Entry.parse, entries))]
    assert _kinds(entries) == sorted(expected)


@pytest.mark.parametrize("name", FROZEN)
def test_an_altered_entry_has_the_faults_that_the_ledger_finds_in_it(name):
    """Every value in it is taken for another in turn; rows of a book have gaps in a package, so that one differs."""
    entries, compared = _frozen(name), 0
    altered = (
        (index, other) for index, octets in enumerate(entries) for other in _altered(json.loads(octets))
    )
    for index, other in amount.of(altered, every=11):
        changed = [*entries[:index], rfc8785.dumps(other), *entries[index + 1 :]]
        try:
            read = [Entry.parse(each) for each in changed]
        except MalformedEntryError:
            continue
        expected = [(fault.kind.value, fault.seq) for fault in evidence.check_entries(read)]
        assert _without_rows(_kinds(changed)) == _without_rows(sorted(expected)), other
        compared += 1
    assert compared > 5


def _without_rows(faults):
    return [each for each in faults if each[0] != "not-the-next-row"]


def _altered(value):
    """The entry with one text or number in it another."""
    for path in list(_paths(value["body"])):
        if path == ("public_key",):
            continue  # base64 is read strictly here
        again = json.loads(json.dumps(value))
        inner = again["body"]
        for step in path[:-1]:
            inner = inner[step]
        old = inner[path[-1]]
        inner[path[-1]] = old + "x" if isinstance(old, str) else old + 1
        yield again


def _paths(value, path=()):
    if isinstance(value, dict | list):
        for step in value if isinstance(value, dict) else range(len(value)):
            yield from _paths(value[step], (*path, step))
    elif isinstance(value, str | int) and not isinstance(value, bool):
        yield path


@pytest.mark.parametrize("octets", [each for name in FROZEN for each in _frozen(name)][:20], ids=lambda _: "")
def test_entries_are_read_as_the_ledger_reads_them(octets):
    entry = verify.Entry.parse(octets)
    known = Entry.parse(octets)
    assert (entry.seq, entry.kind, entry.body) == (known.seq, known.kind, dict(known.body))


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_nothing_but_malformed_comes_of_octets(octets):
    for read in (verify.Entry.parse, verify.Checkpoint.parse, verify.PublicKey.of_cose, verify.parse):
        with suppress(verify.Malformed):
            read(octets)
    accepted = _accepted(spelling.decode, NotCanonicalError, octets)
    assert _accepted(verify.parse, verify.Malformed, octets) == accepted


def _accepted(read, error, octets) -> bool:
    try:
        read(octets)
    except error:
        return False
    return True


def test_it_is_one_file_of_the_standard_library_for_python_3_9():
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 9))
    names = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
        )
    }
    assert names <= set(sys.stdlib_module_names)
    assert not any(isinstance(node, ast.Assert) for node in ast.walk(tree))


@pytest.mark.parametrize("options", [["-I"], ["-I", "-O"], ["-I", "-OO"]])
def test_it_runs_by_itself(options):
    frozen = next((VECTORS / "package").iterdir())
    done = subprocess.run(
        [sys.executable, *options, str(SOURCE), "--json", str(frozen)],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["faults"] == []
    assert (
        json.loads(done.stdout)["package_digest"]
        == f"sha256:{sha256((frozen / 'data/package.json').read_bytes()).hexdigest()}"
    )


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_entries_with_any_body_are_read_without_a_crash(data):
    """Whoever has a ledger of their own can prove any entry."""
    told = [json.loads(each.octets) for each in ENTRIES]
    entry = data.draw(st.sampled_from(told))
    again = json.loads(json.dumps(entry))
    path = data.draw(st.sampled_from(list(_paths(again["body"]))))
    depth = data.draw(st.integers(1, len(path)))
    inner = again["body"]
    for step in path[: depth - 1]:
        inner = inner[step]
    inner[path[depth - 1]] = data.draw(
        st.sampled_from([None, 1, "x", [], [[]], {}, {"id": []}, True, ["x", {"y": 1}]])
    )
    report = verify.Report()
    signatures = verify.Signatures(report)
    story = verify.Story(signatures, [entry["seq"]])
    for each in told:
        read = verify.Entry.parse(verify.canonical(again if each["seq"] == entry["seq"] else each))
        signatures.read(read)
        story.read(read)
    for row_id, row in story.rows.items():
        row.expected(story.coverage_of(row_id, None))
