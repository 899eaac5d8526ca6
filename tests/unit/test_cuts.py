"""A stretch is cut out without loss: which pictures are in it, that no octet of them differs, the same each time."""

import io
from fractions import Fraction

import av
import pytest

from aigaq.media.making.cutting import cut
from aigaq.media.making.maker import Input, Maker
from aigaq.media.making.terms import NotMadeError, Obstacle, believe
from aigaq.media.probe import UntrustworthyAnswerError
from tests.support.counting import counting, shown
from tests.support.films import film as recorded

SECOND = tuple(range(75))
"""Three seconds, a picture that stands by itself every ten."""


@pytest.fixture(scope="module")
def maker(tmp_path_factory):
    with Maker(tmp_path_factory.mktemp("spool")) as one:
        yield one


def film(container, video, audio, **more):
    return counting(container, video, audio, pts=SECOND, sound_seconds=Fraction(3), **more)


def cut_of(maker, octets, from_ms, until_ms):
    given = Input(io.BytesIO(octets), "film", len(octets), 3.0)
    with cut(maker, given, from_ms, until_ms, program="aigaq test") as made, made.open() as file:
        return made, file.read()


def packets(octets, kind):
    """Of the first stream of that kind, as they lie in the file; of pictures what is coded, without parameters."""
    with av.open(io.BytesIO(octets)) as file:
        stream = next(each for each in file.streams if each.type == kind)
        name = stream.codec_context.name
        found = [bytes(packet) for packet in file.demux(stream) if packet.size]
        if name not in {"h264", "hevc"}:
            return b"".join(each.removeprefix(each[:7] if each[:2] == b"\xff\xf1" else b"") for each in found)
        marked = stream.codec_context.extradata is None or stream.codec_context.extradata[:1] != b"\x01"
        return b"".join(unit for each in found for unit in _units(each, marked) if _is_picture(unit, name))


def _units(octets, marked):
    if marked:
        return [unit.rstrip(b"\0") for unit in octets.split(b"\0\0\1")[1:]]
    units = []
    while octets:
        size = int.from_bytes(octets[:4], "big")
        units.append(octets[4 : 4 + size].rstrip(b"\0"))
        octets = octets[4 + size :]
    return units


def _is_picture(unit, codec):
    return unit[0] & 31 in {1, 5} if codec == "h264" else unit[0] >> 1 < 32


CASES = [
    ("mp4", "libx264", "aac", "mp4"),
    ("mov", "libx265", "pcm_s16le", "mkv"),
    ("mov", "mjpeg", "pcm_alaw", "mov"),
    ("avi", "mpeg4", "libmp3lame", "mp4"),
    ("avi", "libx264", "pcm_mulaw", "mov"),
    ("3gp", "mpeg4", "libopencore_amrnb", "mov"),
    ("matroska", "libx264", "aac", "mp4"),
    ("matroska", "libx264", "libopus", "mkv"),
    ("mpegts", "libx264", "aac", "mp4"),
    ("mpegts", "libx265", "aac", "mp4"),
    ("avi", "mjpeg", "adpcm_ms", "avi"),
    ("mp4", "libx264", None, "mp4"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case[:3])))
def test_it_begins_at_the_picture_before_and_ends_with_the_one_that_holds_the_end(maker, case):
    container, video, audio, suffix = case
    whole = film(container, video, audio)
    made, octets = cut_of(maker, whole, 1000, 1700)

    assert made.stretch.suffix == suffix
    places = dict(shown(whole))
    stand_alone = [
        number for number, at in places.items() if at <= 1 and (video == "mjpeg" or number % 10 == 0)
    ]
    wanted = [number for number, at in places.items() if number >= max(stand_alone) and at < Fraction(17, 10)]
    assert [number for number, _ in shown(octets)] == wanted
    assert abs(made.stretch.from_ms - places[max(stand_alone)] * 1000) < 1
    assert 1700 <= made.stretch.until_ms <= 1700 + 1024 / 8
    with av.open(io.BytesIO(octets)) as file:
        assert {stream.type for stream in file.streams} == ({"video", "audio"} if audio else {"video"})


@pytest.mark.parametrize("case", CASES[:-1], ids=lambda case: "-".join(map(str, case[:3])))
def test_no_octet_of_picture_or_sound_differs(maker, case):
    container, video, audio, _ = case
    whole = film(container, video, audio)
    _, octets = cut_of(maker, whole, 1000, 1700)
    for kind in ("video", "audio"):
        taken, given = packets(octets, kind), packets(whole, kind)
        assert len(taken) > 500
        assert taken in given, kind


@pytest.mark.parametrize("container", ["mp4", "matroska", "mpegts"])
def test_the_same_recording_gives_the_same_octets(container, maker, tmp_path):
    octets = film(container, "libx264", "pcm_s16le" if container == "matroska" else "aac")
    first, one = cut_of(maker, octets, 1000, 1700)
    with Maker(tmp_path) as another:
        second, other = cut_of(another, octets, 1000, 1700)
    assert one == other
    assert (first.sha256, first.stretch, first.size) == (second.sha256, second.stretch, len(other))
    assert first.recipe["product"] == "cut"
    assert (first.recipe["video"], first.recipe["audio"], first.facts["duration_ms"]) == (
        "copy",
        "copy",
        first.stretch.until_ms - first.stretch.from_ms,
    )


OPEN = (
    ("preset", "fast"),
    ("bf", "2"),
    ("x264-params", "open-gop=1:keyint=10:min-keyint=10:scenecut=0:bframes=2:b-adapt=0"),
)
"""Pictures that are built upon later ones, also across those that stand by themselves."""


@pytest.mark.parametrize("container", ["mp4", "mpegts", "matroska"])
def test_pictures_that_wait_for_later_ones_are_all_there_and_none_that_can_not_be_built(maker, container):
    whole = film(container, "libx264", "aac", coding=OPEN)
    places = dict(shown(whole))
    made, octets = cut_of(maker, whole, 1000, 1700)

    numbers = [number for number, _ in shown(octets)]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    assert 11 <= numbers[0] <= 25
    assert places[numbers[0]] <= 1
    last = max(number for number, at in places.items() if at < Fraction(17, 10))
    assert last <= numbers[-1] <= last + 3
    assert made.stretch.until_ms >= 1700


@pytest.mark.parametrize(
    "case", [CASES[at] for at in (0, 2, 4, 6, 8, 9)], ids=lambda case: "-".join(map(str, case[:3]))
)
def test_far_into_a_recording_the_same_pictures_are_found(maker, case):
    """Where the reader seeks, as exactly as each container lets it."""
    container, video, audio, _ = case
    slow = tuple(range(0, 350, 2))
    whole = counting(container, video, audio, pts=slow, sound_seconds=Fraction(14))
    places = dict(shown(whole))
    stand_alone = [
        number for number, at in places.items() if at <= 9 and (video == "mjpeg" or number % 10 == 0)
    ]
    made, octets = cut_of(maker, whole, 9000, 11_500)
    wanted = [number for number, at in places.items() if number >= max(stand_alone) and at < Fraction(23, 2)]
    assert [number for number, _ in shown(octets)] == wanted
    assert abs(made.stretch.from_ms - places[max(stand_alone)] * 1000) < 1
    if audio:
        with av.open(io.BytesIO(octets)) as file:
            (sound,) = file.streams.audio
            heard = [packet.pts * sound.time_base for packet in file.demux(sound) if packet.size]
        assert heard[0] < Fraction(1, 8), "sound from the first picture on"
        assert heard[-1] > (made.stretch.until_ms - made.stretch.from_ms) / 1000 - 0.3


def test_what_is_said_to_end_later_than_the_recording_ends_with_it(maker):
    made, octets = cut_of(maker, film("mp4", "libx264", "aac"), 2500, 60_000)
    assert [number for number, _ in shown(octets)] == list(range(60, 75))
    assert 2960 <= made.stretch.until_ms <= 3100


def test_from_the_beginning_nothing_is_left_out(maker):
    made, octets = cut_of(maker, film("mpegts", "libx264", "aac"), 0, 60_000)
    assert [number for number, _ in shown(octets)] == list(range(75))
    assert made.stretch.from_ms == 0


def test_a_sound_recording_is_cut_too(maker):
    made, octets = cut_of(maker, recorded("ipod", None, "aac", 3), 1000, 1700)
    with av.open(io.BytesIO(octets)) as file:
        assert [stream.type for stream in file.streams] == ["audio"]
        assert float(file.duration) / 1e6 == pytest.approx(0.76, abs=0.1)
    assert made.stretch.from_ms <= 1000
    assert made.stretch.until_ms >= 1700


@pytest.mark.parametrize("stretch", [(5000, 6000), (700, 700), (900, 800), (-5, 10)])
def test_where_there_is_nothing_it_says_so(maker, stretch):
    with pytest.raises(NotMadeError) as refused:
        cut_of(maker, film("mp4", "libx264", "aac"), *stretch)
    assert refused.value.obstacle is Obstacle.OUTSIDE


@pytest.mark.parametrize("octets", [b"", b"no film at all" * 1000])
def test_what_has_no_index_can_not_be_cut_and_says_so(maker, octets):
    with pytest.raises(NotMadeError) as refused:
        cut_of(maker, octets, 0, 1000)
    assert refused.value.obstacle is Obstacle.NOT_CUT


def test_a_film_that_breaks_off_is_cut_as_far_as_it_goes(maker):
    whole = film("mpegts", "libx264", "aac")
    made, octets = cut_of(maker, whole[: len(whole) * 2 // 3], 500, 60_000)
    numbers = [number for number, _ in shown(octets)]
    assert numbers[0] == 10
    assert 20 < len(numbers) < 60
    assert made.stretch.until_ms < 3000


def test_a_later_cut_takes_nothing_from_an_earlier_one(maker):
    octets = film("mp4", "libx264", "aac")
    given = Input(io.BytesIO(octets), "film", len(octets), 3.0)
    with cut(maker, given, 0, 400, program="aigaq test") as first:
        with cut(maker, given, 2000, 2400, program="aigaq test") as second:
            assert second.open().read() != first.open().read()
        assert first.open().read() == first.open().read() != b""
        assert len(first.open().read()) == first.size


@pytest.mark.parametrize(
    "told",
    [
        {"from_ms": 5, "until_ms": 4, "suffix": "mp4"},
        {"from_ms": -1, "until_ms": 4, "suffix": "mp4"},
        {"from_ms": 0, "until_ms": 4, "suffix": "../mp4"},
        {"from_ms": 0, "until_ms": 4, "suffix": []},
        {"from_ms": 0, "until_ms": 4},
        [],
    ],
)
def test_the_word_of_the_child_is_believed_within_bounds_alone(told):
    work = {
        "width": 1,
        "height": 1,
        "duration_ms": 4,
        "frames": 1,
        "gaps": [],
        "gap_count": 0,
        "bad_packets": 0,
    }
    answer = work | {"lacks": [], "parts": [[0, 9]], "libraries": {}, "obstacle": None}
    assert believe(answer | {"cut": {"from_ms": 0, "until_ms": 4, "suffix": "mkv"}}, 9).work.cut is not None
    with pytest.raises(UntrustworthyAnswerError):
        believe(answer | {"cut": told}, 9)
