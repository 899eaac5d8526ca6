"""Files made to break whoever opens them: judged, in bounded time, and the next file is judged as ever."""

import io
import os
import random
import signal
import struct
import sys
import time
import zlib

import pytest
from PIL import Image

from aigaq.media.judge import Judge
from aigaq.media.limits import MEBIBYTE, Limits
from aigaq.media.probe import Flaw, Verdict
from tests.support.films import film, heic, patched, photo


@pytest.fixture(scope="module")
def judge():
    with Judge(Limits(seconds=20, processor_seconds=10)) as one:
        yield one


def judged(judge, octets, name="file.mp4"):
    return judge.judge(io.BytesIO(octets), name, len(octets))


def png(width, height, lines=0):
    """A PNG of white in one bit a pixel, of which `lines` lines are there; a few kilobytes whatever its size."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    packer = zlib.compressobj(9)
    line = b"\0" + b"\xff" * ((width * 3) if lines else 0)
    body = b"".join(packer.compress(line) for _ in range(lines)) + packer.flush()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def huge_jpeg():
    """A real JPEG whose frame header declares 65,500 × 65,500."""
    octets = photo("JPEG")
    at = octets.index(b"\xff\xc0")
    return octets[: at + 5] + struct.pack(">HH", 65500, 65500) + octets[at + 9 :]


def huge_motion_jpeg():
    """An AVI whose every JPEG declares 60,000 × 60,000."""
    octets = bytearray(film("avi", "mjpeg", "pcm_s16le"))
    at = octets.find(b"\xff\xc0")
    while at >= 0:
        octets[at + 5 : at + 9] = struct.pack(">HH", 60000, 60000)
        at = octets.find(b"\xff\xc0", at + 2)
    return bytes(octets)


@pytest.mark.parametrize("octets", [huge_jpeg(), png(60_000, 60_000)], ids=["jpeg", "png"])
def test_a_photo_said_to_be_larger_than_any_camera_makes_is_not_opened(judge, octets):
    found = judged(judge, octets, "a.jpg")
    assert (found.verdict, found.flaw, found.still) == (Verdict.UNREADABLE, Flaw.TOO_LARGE, None)


def test_a_video_of_sixty_thousand_pixels_a_side_is_bounded(judge):
    found = judged(judge, huge_motion_jpeg())
    assert found.verdict in {Verdict.DAMAGED, Verdict.UNREADABLE}
    assert found.still is None


MP4 = film("mp4")
HUGE = b"\xff\xff\xff\xf0"
HOSTILE = {
    "stts that counts 4 thousand million entries": patched(MP4, b"stts", 4, HUGE),
    "stts whose one entry stands for 4 thousand million samples": patched(MP4, b"stts", 8, HUGE),
    "stsz that counts 4 thousand million samples": patched(MP4, b"stsz", 8, HUGE),
    "stsc that counts 4 thousand million chunks": patched(MP4, b"stsc", 4, HUGE),
    "stco that counts 4 thousand million chunks": patched(MP4, b"stco", 4, HUGE),
    "a box in the index that is 4 GiB long": patched(MP4, b"trak", -8, HUGE),
    "avcC that is shorter than it says": patched(MP4, b"avcC", 5, b"\xff\xff\xff"),
    "time scale of 0": patched(MP4, b"mvhd", 12, bytes(4)),
    "a million boxes of no content": MP4[:32] + struct.pack(">I4s", 8, b"free") * 100_000 + MP4[32:],
    "boxes that go back to the start": MP4[:32] + struct.pack(">I4sQ", 1, b"free", 2**64 - 32) + MP4[32:],
    "boxes nested a thousand deep": b"".join(
        struct.pack(">I4s", 8 * (10_000 - depth), b"moov") for depth in range(10_000)
    ),
    "EBML header of 2^56 octets": b"\x1a\x45\xdf\xa3\x01\xff\xff\xff\xff\xff\xff\xfe" + bytes(4096),
    "EBML element without an end": film("matroska").replace(
        b"\x16\x54\xae\x6b", b"\x16\x54\xae\x6b\x01\xff\xff", 1
    ),
    "AVI with a header list of 4 GiB": patched(film("avi", "mjpeg", "pcm_s16le"), b"RIFF", 8 - 4 + 8, HUGE),
    "WAVE with 65,535 channels": patched(film("wav", None, "pcm_s16le"), b"fmt ", 6, b"\xff\xff"),
    "WAVE of 0 samples a second": patched(film("wav", None, "pcm_s16le"), b"fmt ", 8, bytes(4)),
    "GIF of 65,535 by 65,535": b"GIF89a\xff\xff\xff\xff\x80\0\0"
    + bytes(6)
    + b",\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x4c\x01\0;",
    "HEIC whose place is far outside": patched(heic(), b"iloc", 12, HUGE),
    "a playlist called video": b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "a list of files called video": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "a transport stream of empty packets": (b"\x47\x1f\xff\x10" + bytes(184)) * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_lying_header_costs_bounded_time_and_the_next_file_is_judged(judge, name):
    began = time.monotonic()
    found = judged(judge, HOSTILE[name])
    assert time.monotonic() - began < 15
    assert found.verdict in set(Verdict) - {Verdict.NOT_MEDIA}
    assert judged(judge, MP4).verdict is Verdict.PLAYABLE


def test_neither_a_playlist_nor_a_list_of_files_is_followed(judge):
    for name in ("a playlist called video", "a list of files called video"):
        assert judged(judge, HOSTILE[name]).flaw is Flaw.NOT_AS_NAMED


def test_a_format_that_no_recorder_writes_is_not_even_tried(judge):
    """Its reader is in the library, and is one of the hundreds that nobody here needs."""
    for container, codec in (("aiff", "pcm_s16be"), ("au", "pcm_s16be"), ("voc", "pcm_u8")):
        assert judged(judge, film(container, None, codec), "a.wav").flaw is Flaw.NOT_AS_NAMED
    assert judged(judge, film("mov", "prores", None)).flaw is Flaw.NO_READER


SEEDS = [
    film("mp4"),
    film("avi", "mjpeg", "pcm_s16le"),
    film("matroska"),
    film("mpegts"),
    film("wav", None, "pcm_s16le"),
    film("mp3", None, "libmp3lame"),
    photo("JPEG"),
    photo("PNG"),
    heic(),
]


@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_changed_octets_anywhere_are_judged_and_never_an_error(judge, seed):
    chance = random.Random(seed)
    for _ in range(25):
        octets = bytearray(SEEDS[seed])
        reach = chance.choice((512, 4096, len(octets)))
        for _ in range(chance.choice((1, 8, 64))):
            octets[chance.randrange(min(reach, len(octets)))] = chance.randrange(256)
        assert judged(judge, bytes(octets[: chance.choice((None, len(octets) // 2))])).verdict in set(Verdict)
    assert judged(judge, MP4).verdict is Verdict.PLAYABLE


class Endless(io.RawIOBase):
    """The same octets again and again, for as long as anybody reads."""

    def __init__(self, octets):
        self.octets = octets
        self.at = 0

    def seek(self, offset, whence=0):
        self.at = offset
        return offset

    def read(self, size=-1):
        start = self.at % len(self.octets)
        repeated = self.octets * (size // len(self.octets) + 2)
        self.at += size
        return repeated[start : start + size]


@pytest.mark.parametrize(
    "octets",
    [film("mpegts")[: 188 * 400], bytes(8) + b"\0" * 8, struct.pack(">I4s", 8, b"free"), film("matroska")],
    ids=["transport stream", "zeros", "boxes", "matroska"],
)
def test_a_file_without_an_end_is_judged_in_bounded_time(octets):
    with Judge(Limits(seconds=3, processor_seconds=2)) as judge:
        began = time.monotonic()
        found = judge.judge(Endless(octets), "a.mp4", 2**62 // 188 * 188)
        assert time.monotonic() - began < 10
        assert found.verdict in set(Verdict) - {Verdict.NOT_MEDIA}
        assert judged(judge, MP4).verdict is Verdict.PLAYABLE


class Stopping(io.BytesIO):
    """Stops the child dead when it first reads in the file's middle."""

    def __init__(self, octets, judge):
        super().__init__(octets)
        self.judge = judge
        self.stopped = False

    def seek(self, offset, whence=0):
        if self.judge.worker_id and not self.stopped and offset:
            self.stopped = True
            os.kill(self.judge.worker_id, signal.SIGSTOP)
        return super().seek(offset, whence)


def test_a_child_that_hangs_is_ended_and_the_file_called_timed_out():
    with Judge(Limits(seconds=0.7)) as judge:
        assert judged(judge, photo()).verdict is Verdict.PLAYABLE
        hung = judge.worker_id
        reader = Stopping(MP4, judge)
        began = time.monotonic()
        found = judge.judge(reader, "a.mp4", len(MP4))
        assert reader.stopped
        assert time.monotonic() - began < 5
        assert (found.verdict, found.flaw) == (Verdict.TIMED_OUT, Flaw.TIME)
        with pytest.raises(ProcessLookupError):
            os.kill(hung, 0)
        assert judged(judge, photo()).verdict is Verdict.PLAYABLE


def jpeg_of_many_scans(times):
    """A progressive JPEG of 36 megapixels whose last scan is repeated: 46 octets for 20 ms of work each."""
    out = io.BytesIO()
    Image.new("RGB", (6000, 6000), "white").save(out, "JPEG", progressive=True, quality=50)
    octets = out.getvalue()
    scan = octets[octets.rindex(b"\xff\xda") : -2]
    return octets[:-2] + scan * times + octets[-2:]


def test_a_file_that_computes_for_ever_is_ended_by_its_processor_time():
    with Judge(Limits(seconds=120, processor_seconds=1)) as judge:
        assert judged(judge, photo()).verdict is Verdict.PLAYABLE
        began = time.monotonic()
        found = judged(judge, jpeg_of_many_scans(2000))
        assert (found.verdict, found.flaw) == (Verdict.TIMED_OUT, Flaw.TIME)
        assert time.monotonic() - began < 30
        assert judged(judge, photo()).verdict is Verdict.PLAYABLE
        assert judged(judge, jpeg_of_many_scans(5)).verdict is Verdict.PLAYABLE


def test_a_file_that_eats_memory_is_unreadable_and_not_the_end_of_anything():
    heavy = png(12_000, 12_000, lines=10)
    with Judge(Limits(memory=400 * MEBIBYTE)) as judge:
        found = judged(judge, heavy, "a.png")
        assert (found.verdict, found.flaw) == (Verdict.UNREADABLE, Flaw.MEMORY)
        assert judged(judge, photo()).verdict is Verdict.PLAYABLE
    with Judge() as judge:
        assert judged(judge, heavy, "a.png").verdict is Verdict.PLAYABLE, "the limit was not what stopped it"


@pytest.mark.parametrize("interpreter", ["/bin/false", "/nowhere/python"])
def test_a_child_that_can_not_even_start_is_said_so_and_nothing_is_raised(monkeypatch, interpreter):
    monkeypatch.setattr(sys, "executable", interpreter)
    with Judge() as judge:
        found = judged(judge, MP4)
        assert (found.verdict, found.flaw) == (Verdict.TIMED_OUT, Flaw.NOT_STARTED)
        assert judge.confinement is None


class Killing(io.BytesIO):
    """Kills the child on every read of the file's middle, as a hole in a parser would."""

    def __init__(self, octets, judge):
        super().__init__(octets)
        self.judge = judge
        self.deaths = 0

    def seek(self, offset, whence=0):
        if self.judge.worker_id and offset:
            self.deaths += 1
            os.kill(self.judge.worker_id, signal.SIGSEGV)
        return super().seek(offset, whence)


def test_a_file_that_kills_its_child_twice_is_unreadable():
    with Judge() as judge:
        reader = Killing(MP4, judge)
        found = judge.judge(reader, "a.mp4", len(MP4))
        assert (found.verdict, found.flaw, reader.deaths) == (Verdict.UNREADABLE, Flaw.CRASHED, 2)
        assert judged(judge, MP4).verdict is Verdict.PLAYABLE
