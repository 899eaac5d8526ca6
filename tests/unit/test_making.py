"""What a browser can't play is made playable: each container and codec, damaged films, photos, sound."""

import io
import socket
import struct
from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import ExifTags, Image

from aigaq.media.judge import Judge
from aigaq.media.kinds import Kind
from aigaq.media.making import recipes
from aigaq.media.making.files import PERMILLE, Progress
from aigaq.media.making.maker import Input, Maker
from aigaq.media.making.recipes import Found, Plan, Product, Way
from aigaq.media.making.terms import Lack, NotMadeError, Obstacle
from aigaq.media.making.waveform_file import read as read_waveform
from aigaq.media.probe import Flaw, Place, Verdict
from aigaq.media.wire import Channel, Tag
from tests.support.counting import counting, numbered, shown
from tests.support.films import film, heic, photo, tiled_heic
from tests.support.making import made_of, octets_of


@pytest.fixture(scope="module")
def judge():
    with Judge() as one:
        yield one


@pytest.fixture(scope="module")
def maker(tmp_path_factory):
    with Maker(tmp_path_factory.mktemp("spool")) as one:
        yield one


def found(judge, octets, name="file"):
    return Found.of(judge.judge(io.BytesIO(octets), name, len(octets)))


def test_what_every_browser_plays_is_left_as_it_is(judge):
    for octets in (film("mp4"), film("mp4", "libx264", None), film("mov", "libx264", "aac")):
        assert recipes.plays(found(judge, octets))
        assert recipes.plan(found(judge, octets)) is None
    for container, codec in (
        ("wav", "pcm_s16le"),
        ("mp3", "libmp3lame"),
        ("ogg", "libopus"),
        ("ipod", "aac"),
    ):
        assert recipes.plays(found(judge, film(container, None, codec))), container
    assert recipes.plays(found(judge, photo("JPEG")))


def test_a_film_with_holes_is_not_given_to_a_browser_as_it_is():
    whole = Found(Kind.VIDEO, Verdict.PLAYABLE, container=frozenset({"mp4"}), video="h264", audio="aac")
    assert recipes.plays(whole)
    holed = Found(Kind.VIDEO, Verdict.PLAYABLE, None, whole.container, "h264", None, "aac", missing=512)
    assert recipes.plan(holed) == Plan(Product.PROXY, Way.TRANSCODE)


@pytest.mark.parametrize("flaw", [Flaw.EMPTY, Flaw.NO_STREAMS, Flaw.NO_READER, Flaw.TOO_LARGE])
def test_of_what_is_hopeless_nothing_is_planned(flaw):
    assert recipes.plan(Found(Kind.VIDEO, Verdict.UNREADABLE, flaw)) is None


CASES = [
    ("mp4", "libx265", "aac", Way.TRANSCODE),
    ("mov", "libx264", "pcm_s16le", Way.SOUND),
    ("mov", "mjpeg", "pcm_alaw", Way.TRANSCODE),
    ("avi", "mpeg4", "libmp3lame", Way.TRANSCODE),
    ("avi", "libx264", "pcm_mulaw", Way.SOUND),
    ("3gp", "mpeg4", "libopencore_amrnb", Way.TRANSCODE),
    ("matroska", "libx264", "aac", Way.REMUX),
    ("mpegts", "libx264", "aac", Way.REMUX),
    ("mpegts", "libx265", "aac", Way.TRANSCODE),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(case[:3]))
def test_each_becomes_h264_and_aac_with_the_index_in_front(judge, maker, case):
    *codecs, way = case
    original = counting(*codecs)
    made = made_of(judge, maker, original)
    octets = octets_of(made)
    assert (made.plan.way, made.work.lacks) == (way, ())
    assert octets.index(b"moov") < octets.index(b"mdat") == octets.rindex(b"mdat")
    with av.open(io.BytesIO(octets)) as copy:
        assert {stream.codec_context.name for stream in copy.streams} == {"h264", "aac"}
        assert float(copy.duration) / 1e6 == pytest.approx(1.0, abs=0.12)
        assert sum(frame.samples for frame in copy.decode(audio=0)) > 0
    assert list(shown(octets)) == list(shown(original))


UNEVEN = tuple(sorted({number * 3000 + number * number * 377 % 2500 for number in range(25)}))
"""In 1/90000 of a second: no two pictures are as far apart as any others."""


@pytest.mark.parametrize(
    "case",
    [
        ("mpegts", "libx265", 126_000, 126_000, 90_000),
        ("mpegts", "libx264", 146_000, 126_000, 90_000),
        ("matroska", "libx264", 5_000, 5_000, 1_000),
        ("matroska", "mjpeg", 700, 0, 1_000),
        ("mp4", "libx265", -9_000, 0, 90_000),
        ("mp4", "libx265", 36_000, 0, 90_000),
    ],
)
def test_a_place_in_the_copy_is_the_place_in_the_original(judge, maker, case):
    container, video, start, sound, base = case
    pts = tuple(start + at * base // 90_000 for at in UNEVEN)
    original = counting(
        container,
        video,
        "pcm_s16le" if video == "mjpeg" else "aac",
        pts=pts,
        base=Fraction(1, base),
        sound_from=Fraction(sound, base),
    )
    places, copied = dict(shown(original)), dict(shown(octets_of(made_of(judge, maker, original))))
    assert places.keys() == copied.keys()
    assert max(abs(places[number] - copied[number]) for number in places) < Fraction(1, 1000)


def test_a_film_held_upright_is_shown_upright(judge, maker):
    turned = bytearray(film("mov", "libx265", None, 1))
    at = turned.index(b"tkhd") + 4 + 40
    turned[at : at + 36] = struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30)
    made = made_of(judge, maker, bytes(turned))
    assert (made.work.width, made.work.height) == (240, 320)


def test_a_silence_in_the_middle_stays_where_it_is(judge, maker):
    """Ten pictures, two seconds without any, ten more: the copy waits as long, and says so."""
    pts = (*range(10), *range(60, 70))
    original = counting("matroska", "mjpeg", "pcm_s16le", pts=pts, sound_seconds=Fraction(14, 5))
    made = made_of(judge, maker, original)
    assert made.work.gaps == ((400, 2400),)
    assert Lack.GAPS in made.work.lacks
    assert dict(shown(octets_of(made))) == dict(shown(original))


CUT = [
    ("mp4", "libx264", "aac", "frag_keyframe+empty_moov", Way.REMUX),
    ("mp4", "libx264", "aac", "faststart", Way.REMUX),
    ("avi", "mjpeg", "pcm_s16le", "", Way.TRANSCODE),
    ("matroska", "libx264", "aac", "", Way.REMUX),
    ("mpegts", "libx265", "aac", "", Way.TRANSCODE),
]


@pytest.mark.parametrize("case", CUT, ids=lambda case: "-".join(case[:4]))
def test_of_a_film_that_is_cut_off_what_there_is_plays(judge, maker, case):
    container, video, audio, flags, way = case
    whole = film(container, video, audio, 2, flags)
    made = made_of(judge, maker, whole[: len(whole) * 2 // 3 + 1])
    assert made.plan.way is way
    assert Lack.END in made.work.lacks
    assert 700 < made.work.duration_ms < 1900
    with av.open(io.BytesIO(octets_of(made))) as copy:
        assert sum(1 for _ in copy.decode(video=0)) > 20


@pytest.mark.parametrize(
    "case",
    [
        ("mp4", "libx264", "aac", True),
        ("mp4", "libx265", "aac", True),
        ("mov", "libx264", "pcm_s16le", True),
        ("mov", "mjpeg", "pcm_alaw", False),
        ("3gp", "mpeg4", "libopencore_amrnb", False),
    ],
)
def test_a_film_that_was_never_closed_is_put_together_with_a_sibling_s_help(judge, maker, case):
    container, video, audio, has_sound = case
    whole = counting(container, video, audio, pts=tuple(range(50)), sound_seconds=Fraction(2))
    unclosed = whole[: whole.index(b"moov") - 4][: len(whole) * 4 // 5]
    sibling = film(container, video, audio, 1) if video == "mjpeg" else counting(container, video, audio)
    others = [film("mp4", "libx265", "aac", 1), film("mp4", "libx264", "aac", 1)]
    made = made_of(judge, maker, unclosed, siblings=[*others, sibling])
    numbers = [number for number, _ in shown(octets_of(made))]
    assert made.plan.way is Way.REBUILD
    assert numbers == list(range(len(numbers)))
    assert len(numbers) > 30
    assert {Lack.END, Lack.TIMES} <= set(made.work.lacks)
    assert (Lack.SOUND not in made.work.lacks) == has_sound
    assert made.work.rate == "25"


def test_without_a_sibling_it_is_said_what_is_needed(judge, maker):
    whole = counting("mp4", "libx264", "aac", pts=tuple(range(50)), sound_seconds=Fraction(2))
    with pytest.raises(NotMadeError) as refused:
        made_of(judge, maker, whole[: whole.index(b"moov") - 4])
    assert refused.value.obstacle is Obstacle.NO_PARAMETERS


def test_a_film_whose_first_sector_is_gone_is_read_by_its_index(judge, maker):
    whole = counting("mp4", "libx264", "aac", pts=tuple(range(50)), sound_seconds=Fraction(2))
    made = made_of(judge, maker, bytes(512) + whole[512:], "a.mp4")
    assert len(list(shown(octets_of(made)))) > 30


def test_zeros_in_the_middle_of_a_film_are_lived_through(judge, maker):
    octets = bytearray(counting("mpegts", "libx264", "aac", pts=tuple(range(50)), sound_seconds=Fraction(2)))
    middle = len(octets) // 2
    octets[middle : middle + 4096] = bytes(4096)
    plan = Plan(Product.PROXY, Way.TRANSCODE)
    made = maker.make(plan, Input(io.BytesIO(octets), "a.ts", len(octets)))
    assert Lack.PICTURES in made.work.lacks or made.work.gaps
    assert made.work.duration_ms == pytest.approx(2000, abs=150)


def test_octets_at_random_are_nothing(judge, maker):
    junk = np.random.default_rng(5).integers(0, 256, 300_000, np.uint8).tobytes()
    with pytest.raises(NotMadeError) as refused:
        made_of(judge, maker, junk, "a.mp4")
    assert refused.value.obstacle in {Obstacle.NOTHING_FOUND, Obstacle.NO_PARAMETERS}


@pytest.mark.parametrize(("container", "codec"), [("wav", "pcm_alaw"), ("amr", "libopencore_amrnb")])
def test_sound_that_no_browser_knows_becomes_aac(judge, maker, container, codec):
    made = made_of(judge, maker, film(container, None, codec))
    with av.open(io.BytesIO(octets_of(made))) as copy:
        assert [stream.codec_context.name for stream in copy.streams] == ["aac"]
    assert made.work.duration_ms == pytest.approx(2000, abs=60)


def test_a_waveform_tells_loud_from_silent(maker):
    rate = 8000
    tone = np.sin(np.arange(rate) / 3) * 20_000
    samples = np.concatenate((np.zeros(rate), tone, np.zeros(rate))).astype("<i2").tobytes()
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16, b"data", len(samples))  # fmt: skip
    made = maker.make(Plan(Product.WAVEFORM), Input(io.BytesIO(head + samples), "a.wav", len(head + samples)))
    waveform = read_waveform(octets_of(made))
    third = len(waveform.peaks) // 3
    assert waveform.duration_ms == 3000
    assert max(waveform.peaks[: third - 1]) == max(waveform.peaks[2 * third + 1 :]) == 0
    assert min(waveform.peaks[third + 1 : 2 * third - 1]) > 200


@pytest.mark.parametrize("octets", [b"", b"\n", b"{}\nxx", b'{"format":1}\n' + bytes(9), b"[" * 300 + b"\nx"])
def test_what_is_no_waveform_is_not_drawn(octets):
    with pytest.raises(ValueError):
        read_waveform(octets)


def test_a_film_of_which_a_thousandth_takes_long_is_known_to_be_at_work(monkeypatch):
    monkeypatch.setattr("aigaq.media.making.files._EVERY", 0.0)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        progress = Progress(Channel(theirs))
        for share in (0.5, 0.5001, 0.4):
            progress.tell(share)
        heard = [Channel(ours).receive({Tag.PROGRESS: PERMILLE.size})[1] for _ in range(3)]
    assert [PERMILLE.unpack(each)[0] for each in heard] == [500, 500, 500]


def test_a_heic_becomes_a_jpeg(judge, maker):
    picture = Image.open(io.BytesIO(octets_of(made_of(judge, maker, heic(), "a.heic"))))
    assert (picture.format, picture.size) == ("JPEG", (320, 240))


def test_tiles_are_put_together_and_turned(judge, maker):
    """Four tiles with the numbers 1 to 4, of which the last column is cut, turned by a quarter."""
    octets = tiled_heic([numbered(number) for number in (1, 2, 3, 4)], columns=2, size=(300, 240), quarters=1)
    told = judge.judge(io.BytesIO(octets), "a.heic", len(octets))
    assert (told.verdict, told.video.width, told.video.height) == (Verdict.PLAYABLE, 240, 300)
    picture = Image.open(io.BytesIO(octets_of(made_of(judge, maker, octets, "a.heic"))))
    assert picture.size == (240, 300)
    upright = picture.rotate(-90, expand=True).convert("L")
    for number, corner in ((1, (0, 0)), (2, (160, 0)), (3, (0, 120))):
        tile = np.asarray(upright)[corner[1] + 30, corner[0] : corner[0] + 140]
        assert sum((tile[bit * 20 + 10] > 125) << bit for bit in range(7)) == number


def test_time_and_place_of_photos_are_told(judge):
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:05:04 08:02:01"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (43.0, 51.0, 54.0)
    gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", (77.0, 3.0, 45.0)
    out = io.BytesIO()
    Image.new("RGB", (64, 48)).save(out, "JPEG", exif=exif)
    by_tiles = tiled_heic([numbered(1)], columns=1, size=(160, 120), exif=exif.tobytes())
    for octets in (out.getvalue(), by_tiles):
        told = judge.judge(io.BytesIO(octets), "a", len(octets))
        assert told.place == Place(43.865, 77.0625)
        assert told.embedded_text == "2026:05:04 08:02:01"
        assert told.to_dict()["place"] == {"latitude": 43.865, "longitude": 77.0625}
