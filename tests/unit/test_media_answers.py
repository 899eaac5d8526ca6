"""What the parent makes of a child that is no longer ours: nothing is believed that was not checked."""

import io
import json
import socket
import struct
import threading
import time

import pytest

from aigaq.media.judge import converse
from aigaq.media.kinds import Claim, Family, Kind
from aigaq.media.probe import STILL_SIZE, UntrustworthyAnswerError, Verdict, believe
from aigaq.media.wire import RANGE, RANGE_SIZE, BrokenDialogueError, Channel, Tag

FILE = bytes(1 << 20)
HONEST = {"kind": "video", "verdict": "playable"}
VIDEO = {"codec": "h264", "width": 1, "height": 1, "fps": None}
AUDIO = {"codec": "aac", "rate": 1, "channels": 1}


def conversation(say, seconds=5.0):
    """What `converse` makes of a child that, given a job, does `say(socket)` and then says no more."""
    ours, theirs = socket.socketpair()
    over = threading.Event()

    def child():
        theirs.recv(4096)
        try:
            say(theirs)
            theirs.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the parent has heard enough
        over.wait()

    thread = threading.Thread(target=child)
    thread.start()
    channel = Channel(ours)
    channel.deadline = time.monotonic() + seconds
    try:
        return converse(channel, io.BytesIO(FILE), len(FILE), Claim(Kind.VIDEO, Family.ISOBMFF), 1)
    finally:
        channel.close()
        over.set()
        thread.join()
        theirs.close()


def saying(*messages):
    return lambda end: end.sendall(b"".join(messages))


def message(tag, payload):
    return struct.pack(">cI", tag.value, len(payload)) + payload


def answer(**fields):
    return message(Tag.ANSWER, json.dumps(HONEST | fields).encode())


def test_an_honest_answer_is_taken():
    still = b"\xff\xd8\xff" + bytes(10) + b"\xff\xd9"
    found = conversation(saying(message(Tag.STILL, still), answer(video=VIDEO, audio=AUDIO, duration=1)))
    assert (found.verdict, found.still, found.duration) == (Verdict.PLAYABLE, still, 1.0)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "spaceship"},
        {"kind": ["video"]},
        {"verdict": None},
        {"flaw": "<script>"},
        {"container": "mp4<script>"},
        {"container": "a" * 65},
        {"container": 5},
        {"duration": -1},
        {"duration": float("nan")},
        {"duration": float("inf")},
        {"duration": 1e30},
        {"duration": 10**400},
        {"duration": True},
        {"duration": "1"},
        {"video": []},
        {"video": {}},
        {"video": VIDEO | {"width": 2**31}},
        {"video": VIDEO | {"width": -1}},
        {"video": VIDEO | {"width": 1.5}},
        {"video": VIDEO | {"height": True}},
        {"video": VIDEO | {"codec": "../../etc"}},
        {"video": VIDEO | {"fps": float("nan")}},
        {"video": VIDEO | {"fps": 10**400}},
        {"place": {"latitude": 10**400, "longitude": 0}},
        {"audio": AUDIO | {"rate": 10**9}},
        {"audio": AUDIO | {"channels": None}},
        {"embedded_text": "2026\u202e"},
        {"embedded_text": "1" * 41},
        {"embedded_text": 5},
    ],
)
def test_a_field_that_makes_no_sense_is_not_believed(fields):
    with pytest.raises(UntrustworthyAnswerError):
        conversation(saying(answer(**fields)))


@pytest.mark.parametrize("still", [b"", b"GIF89a", b"\xff\xd8\xff no end", b"<svg onload=x>"])
def test_a_still_that_is_no_jpeg_is_not_believed(still):
    with pytest.raises(UntrustworthyAnswerError):
        conversation(saying(message(Tag.STILL, still), answer()))


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"A\0\0",
        struct.pack(">cI", b"A", 2**32 - 1),
        message(Tag.STILL, bytes(STILL_SIZE + 1)) + answer(),
        message(Tag.HELLO, b"{}"),
        message(Tag.JOB, b"{}"),
        struct.pack(">cI", b"!", 0),
        message(Tag.READ, b"short"),
        message(Tag.READ, RANGE.pack(0, RANGE_SIZE + 1)),
        message(Tag.READ, RANGE.pack(len(FILE), 1)),
        message(Tag.READ, RANGE.pack(2**64 - 1, 1)),
        message(Tag.ANSWER, b"\xff\xfe"),
        message(Tag.ANSWER, b"[" * 8000),
        message(Tag.ANSWER, b'{"duration": ' + b"9" * 8000 + b"}"),
    ],
)
def test_words_out_of_turn_end_the_dialogue(octets):
    with pytest.raises(BrokenDialogueError):
        conversation(saying(octets))


def test_a_child_that_asks_without_end_meets_the_clock():
    def ask(end):
        while True:
            end.sendall(message(Tag.READ, RANGE.pack(0, 1)))
            end.recv(64)

    with pytest.raises(TimeoutError):
        conversation(ask, seconds=0.3)


def test_a_child_that_never_takes_its_octets_meets_the_clock():
    with pytest.raises(TimeoutError):
        conversation(saying(message(Tag.READ, RANGE.pack(0, 200_000)) * 200), seconds=0.5)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_at_the_edge_of_the_calendar_is_kept_as_text_alone(text):
    found = believe(HONEST | {"embedded_text": text}, None)
    assert (found.embedded_text, found.embedded_at) == (text, None)
