"""Entries, and the quick way of reading them, which may never say more than the slow one."""

import json
from datetime import UTC, datetime, timedelta, timezone
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigaq.core import canonical
from aigaq.core.canonical import NotCanonicalError
from aigaq.tlog import spelling
from aigaq.tlog.entry import MAX_DEPTH, MAX_OCTETS, Actor, ActorKind, Entry
from aigaq.tlog.errors import MalformedEntryError
from aigaq.tlog.merkle import leaf_hash
from aigaq.tlog.reading import Flaw, read, read_all
from tests.support import logs

VALUE = {
    "v": 1,
    "seq": 3,
    "kind": "journal.issue",
    "at": "2026-03-01T04:00:00.000001Z",
    "actor": {"kind": "person", "id": "7", "name": "Әлия"},
    "right": {"role": "custodian"},
    "division": "almaty",
    "body": {"recorder": "R-1"},
}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**54), 2**54) | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)


def spelt(**changes):
    return canonical.encode({**VALUE, **changes})


def without(name):
    return canonical.encode({key: value for key, value in VALUE.items() if key != name})


def nested(depth):
    value = {}
    for _ in range(depth - 1):
        value = {"a": value}
    return value


def test_an_entry_reads_back_as_it_was_written():
    for seq in range(100):
        entry = logs.entry(seq, Random(seq))
        again = Entry.parse(entry.octets)
        assert again == entry
        assert (again.seq, again.kind, again.at, again.actor) == (
            entry.seq,
            entry.kind,
            entry.at,
            entry.actor,
        )
        assert (again.right, again.division, again.body) == (entry.right, entry.division, entry.body)
        assert again.leaf_hash == leaf_hash(entry.octets)


def test_an_entry_is_spelt_in_one_way():
    entry = Entry(
        seq=3,
        kind="journal.issue",
        at=datetime(2026, 3, 1, 9, 0, 0, 1, tzinfo=timezone(timedelta(hours=5))),
        actor=Actor(ActorKind.PERSON, "7", "Әлия"),
        right={"role": "custodian"},
        division="almaty",
        body={"recorder": "R-1"},
    )
    assert entry.octets == spelt()
    assert entry.octets.decode() == (
        '{"actor":{"id":"7","kind":"person","name":"Әлия"},"at":"2026-03-01T04:00:00.000001Z",'
        '"body":{"recorder":"R-1"},"division":"almaty","kind":"journal.issue",'
        '"right":{"role":"custodian"},"seq":3,"v":1}'
    )


def test_changing_the_body_afterwards_does_not_change_the_entry():
    body = {"recorder": "R-1"}
    entry = Entry(seq=0, kind="a.b", at=datetime.now(UTC), actor=logs.DOCK, body=body)
    before = entry.octets
    body["recorder"] = "R-2"
    assert entry.octets == before


MALFORMED = [
    *(without(name) for name in VALUE),
    spelt(more=1),
    *(spelt(v=value) for value in (0, 2, "1", None, True)),
    *(spelt(seq=value) for value in (-1, "3", None, True, 1.5)),
    *(
        spelt(kind=value)
        for value in ("issue", "", "Journal.issue", "a.", ".a", "a b.c", "a.b\n", "a.é", 1, None)
    ),
    *(
        spelt(at=value)
        for value in (
            "2026-03-01T04:00:00Z",
            "2026-03-01T04:00:00.00001Z",
            "2026-03-01T04:00:00.000001+00:00",
            "2026-03-01 04:00:00.000001Z",
            "2026-02-30T04:00:00.000001Z",
            "2026-03-01T24:00:00.000001Z",
            "2026-03-01T04:00:60.000001Z",
            "0000-03-01T04:00:00.000001Z",
            "２026-03-01T04:00:00.000001Z",
            "2026-03-01T04:00:00.000001Z\n",
            0,
            None,
        )
    ),
    *(
        spelt(actor=value)
        for value in (
            None,
            "Әлия",
            {},
            {"kind": "person", "id": "7"},
            {"kind": "robot", "id": "7", "name": "x"},
            {"kind": [], "id": "7", "name": "x"},
            {"kind": "person", "id": 7, "name": "x"},
            {"kind": "person", "id": "7", "name": None},
            {"kind": "person", "id": "7", "name": "x", "more": 1},
        )
    ),
    *(spelt(right=value) for value in ([], "x", 1, False)),
    *(spelt(division=value) for value in ([], 1, {}, False)),
    *(spelt(body=value) for value in ([], None, "x", 1)),
    spelt(body=nested(MAX_DEPTH)),
    spelt(right=nested(MAX_DEPTH)),
    spelt(body={"x": "y" * MAX_OCTETS}),
    b"",
    b"null",
    b"[]",
    b"{}",
    b"[" * 100_000,
    b'{"a":' * 5000,
    spelt() + b"\n",
    b" " + spelt(),
    b"\xef\xbb\xbf" + spelt(),
    spelt().replace(b",", b", "),
    spelt().replace(b'"seq":3', b'"seq":3.0'),
    spelt().replace(b'"seq":3', b'"seq":03'),
    spelt().replace(b'"seq":3', b'"seq":-0'),
    spelt().replace(b'"seq":3', b'"seq":3e0'),
    spelt().replace(b'"seq":3', b'"seq":9007199254740992'),
    spelt().replace(b'"seq":3', b'"seq":NaN'),
    spelt().replace(b'"seq":3', b'"seq":3,"seq":3'),
    spelt().replace(b'"R-1"', b'"R-\\u0031"'),
    spelt().replace(b'"R-1"', b'"R-\x01"'),
    spelt().replace(b'"R-1"', b'"R-\xff"'),
    spelt().replace(b'"R-1"', b'"\\ud800"'),
    spelt().replace(b'"R-1"', b"1e400"),
    spelt().replace(b'"R-1"', b"Infinity"),
    spelt().replace(b'"R-1"', b"-0"),
    spelt().replace(b'"R-1"', b"1.0"),
    spelt().replace(b'"R-1"', b'"R-1","recorder":"R-2"'),
    spelt().replace(b'"7"', b'"\xff"'),
    json.dumps(VALUE, ensure_ascii=False, separators=(",", ":")).encode(),
    # Two that are whole only when joined by a comma.
    spelt().replace(b'"R-1"}', b'[{"a":1}'),
    b'{"a":2}]}' + spelt()[1:],
]


@pytest.mark.parametrize("octets", MALFORMED, ids=range(len(MALFORMED)))
def test_what_does_not_fit_the_format_is_refused(octets):
    with pytest.raises(MalformedEntryError):
        Entry.parse(octets)
    assert isinstance(read(octets), Flaw)
    assert read_all([octets]) == [read(octets)]
    assert read_all([spelt(), octets, spelt()]) == [read(spelt()), read(octets), read(spelt())]


def test_the_deepest_and_the_longest_that_fit_are_read():
    for octets in (
        spelt(body=nested(MAX_DEPTH - 1)),
        spelt(body={"x": "{[" * 50}),
        spelt(body={"x": "y" * (MAX_OCTETS - len(spelt(body={"x": ""})))}),
    ):
        assert Entry.parse(octets).octets == octets
        assert read_all([octets]) == [(3, VALUE["at"])]


@pytest.mark.parametrize(
    "change",
    [
        {"seq": -1},
        {"seq": True},
        {"kind": "Issue"},
        {"at": datetime(2026, 1, 1)},
        {"body": {"x": float("nan")}},
        {"body": {"x": 2**53}},
        {"body": {"x": "\ud800"}},
        {"body": {"x": "y" * MAX_OCTETS}},
        {"body": nested(MAX_DEPTH)},
        {"body": nested(5000)},
        {"division": 5},
        {"right": {"x": object()}},
    ],
    ids=range(12),
)
def test_an_entry_that_could_not_be_read_back_is_never_made(change):
    facts = {"seq": 0, "kind": "a.b", "at": datetime.now(UTC), "actor": logs.DOCK, "body": {}}
    with pytest.raises(MalformedEntryError):
        Entry(**{**facts, **change})


def test_joined_halves_are_not_taken_for_wholes():
    """Read together with a comma between them, the two are two entries' bodies; each alone is none."""
    for texts in (
        ['{"a":[{"b":1}', '{"c":1}]}', '{"p":1},{"q":1}'],
        ['{"a":1},{"b":2}'],
        ['{"a":1', '"b":2}'],
    ):
        assert not spelling.are_canonical_objects(texts)
    assert spelling.are_canonical_objects(['{"a":1}', '{"b":[{}]}'])


def outcome(reader, octets):
    try:
        return reader(octets)
    except NotCanonicalError:
        return NotCanonicalError


@given(JSON, st.sampled_from(["canonical", "plain", "ascii", "spaced"]))
def test_the_quick_reader_of_json_agrees_with_the_rule(value, style):
    if style == "canonical":
        try:
            octets = canonical.encode(value)
        except NotCanonicalError:
            return
    else:
        options = {
            "plain": {"ensure_ascii": False, "sort_keys": True, "separators": (",", ":")},
            "ascii": {"sort_keys": True, "separators": (",", ":")},
            "spaced": {},
        }
        octets = json.dumps(value, **options[style]).encode()
    assert repr(outcome(spelling.decode, octets)) == repr(outcome(canonical.decode, octets))


def test_names_beyond_the_first_plane_are_ordered_as_the_rfc_orders_them():
    right = canonical.encode({"\U0001f4f9": 1, "\uff21": 2})
    wrong = '{"Ａ":2,"📹":1}'.encode()
    assert right != wrong
    assert spelling.decode(right) == {"\U0001f4f9": 1, "\uff21": 2}
    with pytest.raises(NotCanonicalError):
        spelling.decode(wrong)
    for octets in (spelt().replace(b'{"recorder":"R-1"}', each) for each in (right, wrong)):
        assert read_all([octets]) == [read(octets)]


@given(st.integers(0, 2**32), st.data())
def test_the_quick_reader_of_entries_agrees_with_the_slow_one_on_damaged_entries(seed, data):
    random = Random(seed)
    entries = [bytearray(logs.entry(seq, random).octets) for seq in range(3)]
    for octets in entries:
        for _ in range(data.draw(st.integers(0, 2))):
            place = random.randrange(len(octets))
            octets[place : place + random.randrange(3)] = random.choice(
                [
                    b"",
                    b" ",
                    b'"',
                    b"}",
                    b"{",
                    b",",
                    b"\\",
                    b"0",
                    b'"},"division":null',
                    bytes([random.randrange(256)]),
                ]
            )
    batch = [bytes(octets) for octets in entries]
    assert read_all(batch) == [read(octets) for octets in batch]
    for octets in batch:
        try:
            entry = Entry.parse(octets)
        except MalformedEntryError:
            assert isinstance(read(octets), Flaw)
        else:
            assert entry.octets == octets
            assert read(octets)[0] == entry.seq
