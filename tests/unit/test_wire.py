"""What a dock and its server say to each other comes back as it was said, and nothing else is taken for it."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.core.files import displayed
from aigaq.media.kinds import Kind
from aigaq.media.probe import Flaw, Judgement, Verdict, Video
from aigaq.unloading import errors, wire
from aigaq.unloading.desk import Beat, SeenCard, SeenClock, SeenFile, Ticket
from aigaq.unloading.facts import EnteredFile, FoundFile, Judged
from aigaq.unloading.recorders.plan import Plan
from aigaq.unloading.recorders.takes import Role, Segment, Sibling, read_names
from aigaq.unloading.sources.listing import MAX_DEPTH, MAX_ENTRIES
from aigaq.unloading.sources.names import path_text
from aigaq.vault.store import Stored
from tests.support.recorders import kind, listed

AT = datetime(2026, 11, 20, 4, 12, 30, 250_000, tzinfo=UTC)
CONTENT, STORED = ContentDigest(b"c" * 32), StoredDigest(b"s" * 32)


def stored(content=CONTENT, digest=STORED):
    return Stored(content, digest, 10, 250, "blobs/x", already=False, healed=False, read_back="direct")


CARD = SeenCard(
    port="ұя 1",
    identity=b'{"body":{}}',
    identity_doubt="",
    volume="1A2B-3C4D",
    folder="",
    files=(SeenFile("DCIM/Ә.MP4", 3, -1), SeenFile("a\\xff", 0, 2**62)),
    problems=(errors.NotAFileError(path="сілтеме", kind="link"),),
    devices=("БТ-0001",),
    clock=SeenClock(AT, "TIME.TXT"),
)
FOUND = FoundFile(
    path="DCIM/Ә.MP4",
    modified_at=AT,
    recorded_at=None,
    kind=Kind.VIDEO,
    stored=stored(),
    judged=Judged(
        Judgement(
            Kind.VIDEO, Verdict.DAMAGED, Flaw.CUT_SHORT, "mov,mp4", 12.5, Video("h264", 640, 360, 25.0)
        ),
        stored(),
    ),
    segment=Segment("t", AT, 2, Role.SIDECAR, None, 7, "dcf", (Sibling("DCIM/Ә.THM", 9, 5),)),
)


def over_the_line(value):
    return json.loads(json.dumps(value))


def test_a_card_comes_back_as_it_was_seen():
    back = wire.card_in(over_the_line(wire.card_out(CARD)))
    assert (back.files, back.identity, back.devices, back.clock) == (
        CARD.files, CARD.identity, CARD.devices, CARD.clock,
    )  # fmt: skip
    assert [str(each) for each in back.problems] == [str(each) for each in CARD.problems]


def test_the_worst_that_a_card_can_show_comes_back_too():
    files = [listed(f"DCIM/X{number:03}_20261120_091200_0001.MP4") for number in range(500)]
    devices = Plan(None, tuple(read_names(files, kind("aigaq")))).devices
    octets = tuple([b"\xff" * 255] * (MAX_DEPTH + 1))
    shown = displayed("/".join(["\u202e" * 255] * (MAX_DEPTH + 1)))
    card = replace(
        CARD,
        devices=devices,
        files=(SeenFile(path_text(octets), 1, 0),),
        problems=(errors.NotAFileError(path=shown, kind="link"),),
    )
    back = wire.card_in(over_the_line(wire.card_out(card)))
    assert (back.devices, back.files, back.problems[0].details["path"]) == (devices, card.files, shown)


def test_the_list_of_the_largest_card_is_not_too_long():
    """As many files as are looked at on one card, in folders within folders, by names in Cyrillic."""
    name = "DCIM/100_1120/Іле ауданы, 2-рота/БТ-0001_20261120_100000_{:06}_әкімдік алаңы.MP4"
    files = tuple(SeenFile(name.format(n), 1 << 37, 1_763_632_800_123_456_789) for n in range(MAX_ENTRIES))
    assert len(files[0].path.encode()) > 100
    card = replace(CARD, files=files)
    assert len(json.dumps({"card": wire.card_out(card)}, ensure_ascii=False).encode()) < wire.CARD_LIMIT


def test_a_found_file_comes_back_with_what_the_vault_has_and_not_what_the_dock_says():
    told = over_the_line(wire.found_out(FOUND, lambda _content: STORED))
    assert "size" not in json.dumps(told["blob"]), "sizes and names are not the dock's to say"
    assert wire.found_in(told, stored) == FOUND


def test_the_smaller_messages_come_back():
    ticket = Ticket("u", "ЖК-0001", "0" * 32, {("a", 3): True, ("b", 0): False})
    assert wire.ticket_in(over_the_line(wire.ticket_out(ticket))) == ticket
    entered = EnteredFile("a", CONTENT, judged=True)
    assert wire.entered_in(over_the_line(wire.entered_out(entered))) == entered
    beat = Beat(5, "a", 1, ())
    assert wire.beat_in(over_the_line(wire.beat_out(beat))) == beat


def changed(value, path, new):
    copy = over_the_line(value)
    inner = copy
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = new
    return copy


@pytest.mark.parametrize(
    ("path", "new"),
    [
        (("files",), {"0": 1}), (("files", 0), ["a", -1, 0]), (("files", 0), ["a", True, 0, 1]), (("port",), 7),
        (("files", 0), ["a" * (wire.PATH_LIMIT + 1), 1, 0]), (("identity",), "***"), (("identity",), "A" * 90_000),
        (("port",), "a\0b"), (("port",), "x" * 201), (("problems",), [7]), (("volume",), None),
        (("problems", 0, "facts"), {"path": ["list"]}), (("devices",), ["x"] * 101), (("clock",), {"path": "x"}),
        (("clock", "device_at"), "yesterday"), (("files", 0), ["a", 2**60, 0]),
        (("clock", "device_at"), "9999-12-31T23:59:59.000000Z"), (("port",), "a\ud800b"), (("volume",), "x" * 65),
        (("files", 0), ["a\0b", 1, 0]), (("files", 0), ["a\udfffb", 1, 0]), (("devices",), ["\ud800"]),
        (("files",), [["a", 2**53 - 1, 0], ["b", 2**53 - 1, 0]]),
        (("problems", 0, "facts"), {"path": "a\0b"}), (("problems", 0, "facts"), {"\ud800": "a"}),
        (("problems", 0, "facts"), {"x" * 201: "a"}), (("problems", 0, "facts"), {"missing": 2**53}),
    ],
)  # fmt: skip
def test_another_form_of_a_card_is_refused(path, new):
    with pytest.raises(wire.MalformedMessageError):
        wire.card_in(changed(wire.card_out(CARD), path, new))


@pytest.mark.parametrize(
    ("path", "new"),
    [
        (("kind",), "film"), (("blob",), None), (("blob", "content"), "ff"), (("judgement",), {"kind": "video"}),
        (("judgement", "duration"), -1), (("segment", "role"), "lead"), (("segment", "ordinal"), 0),
        (("modified_at",), "2026-11-20"), (("recorded_at",), "9999-12-31T23:59:59.000000Z"),
        (("modified_at",), "0001-01-01T00:00:00.000000Z"), (("path",), "a\ud800b"), (("path",), 5), (("segment", "siblings"), [["a", 1]]),
    ],
)  # fmt: skip
def test_another_form_of_a_found_file_is_refused(path, new):
    with pytest.raises(wire.MalformedMessageError):
        wire.found_in(changed(wire.found_out(FOUND, lambda _content: STORED), path, new), stored)


def test_why_a_dock_stopped_is_taken_however_long_the_path_in_it_is():
    path = path_text(tuple([b"\xff" * 255] * (MAX_DEPTH + 1)))
    sentence = str(errors.CardNotAnsweringError(path=path, seconds=300))
    told = wire.error_in(over_the_line({"code": "card.no-answer", "sentence": sentence}))
    assert (told.details["cause"], told.details["reason"]) == ("card.no-answer", sentence)


def test_a_problem_that_this_version_does_not_know_is_told_as_left_on_the_card():
    told = [{"code": "file.of-tomorrow", "facts": {"path": "x.mp4", "why": "?"}}]
    (problem,) = wire.problems_in(told)
    assert str(problem) == "“x.mp4” was left on the card."


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("file.unreadable", {"self": "x", "path": "a"}),
        ("vault.still-locked", {}),
        ("vault.still-locked", {"place": "x", "until": 7}),
        ("file.unreadable", {}),
    ],
)
def test_an_error_whose_sentence_can_not_be_made_of_its_facts_is_none(code, facts):
    told = {
        "ports": [{"port": "1", "state": "failed", "code": code, "facts": facts, "unload": "", "there": True}]
    }
    assert [each.error for each in wire.ports_in(told)] == [None]


def test_a_beat_counts_no_more_files_than_a_card_has():
    beat = wire.beat_out(Beat(5, "a", 1, ()))
    with pytest.raises(wire.MalformedMessageError):
        wire.beat_in({**beat, "unread": 2**31})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_no_json_at_all_raises_anything_but_the_sentence(value):
    for read in (
        wire.card_in,
        wire.ticket_in,
        wire.entered_in,
        wire.beat_in,
        wire.problems_in,
        wire.ports_in,
    ):
        try:
            read(value)
        except wire.MalformedMessageError:
            continue
