"""The simulated card is one that a recorder could have written."""

import io
import itertools
import time
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image

from aigaq import simulate
from aigaq.media.judge import Judge
from aigaq.media.kinds import Kind
from aigaq.media.probe import Verdict
from aigaq.simulate import scene

STARTED = datetime(2026, 5, 4, 4, 2, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("card")
    told = []
    files = simulate.card(
        folder,
        files=2,
        seconds=2,
        recorder="ДПҚ-007",
        started_at=STARTED,
        photos=1,
        audio=1,
        identity=b"this card",
        progress=lambda *told_now: told.append(told_now),
    )
    return folder, files, told


def test_the_files_are_named_by_recorder_local_time_and_number(written):
    folder, files, _ = written
    assert [str(path.relative_to(folder)) for path in files] == [
        "DCIM/100AIGAQ/ДПҚ-007_20260504_090201_0001.MP4",
        "DCIM/100AIGAQ/ДПҚ-007_20260504_090203_0002.MP4",
        "DCIM/100AIGAQ/ДПҚ-007_20260504_090203_0003.JPG",
        "DCIM/100AIGAQ/ДПҚ-007_20260504_090205_0004.WAV",
    ]
    assert (folder / simulate.IDENTITY_NAME).read_bytes() == b"this card"


def test_a_number_that_no_file_system_takes_becomes_a_name(tmp_path):
    files = simulate.card(tmp_path, files=0, recorder="../A:7 *", started_at=STARTED, photos=1, audio=0)
    assert [path.name for path in files] == ["-A-7-_20260504_090201_0001.JPG"]
    assert not (tmp_path / simulate.IDENTITY_NAME).exists()


def test_progress_is_told_file_by_file(written):
    _, files, told = written
    assert told == [(number, len(files), path) for number, path in enumerate(files, 1)]


def test_every_file_is_judged_playable_and_carries_its_time(written):
    _, files, _ = written
    with Judge() as judge:
        found = []
        for path in files:
            with path.open("rb") as reader:
                found.append(judge.judge(reader, path.name, path.stat().st_size))
    assert [one.verdict for one in found] == [Verdict.PLAYABLE] * 4
    assert [one.kind for one in found] == [Kind.VIDEO, Kind.VIDEO, Kind.PHOTO, Kind.AUDIO]
    assert [one.embedded_at for one in found] == [
        STARTED,
        STARTED + timedelta(seconds=2),
        datetime(2026, 5, 4, 9, 2, 3),
        None,
    ]
    assert [one.duration for one in found] == [2.0, 2.0, None, 5.0]
    assert [one.audio and one.audio.codec for one in found] == ["aac", "aac", None, "pcm_s16le"]


def test_the_modification_time_is_that_of_the_recording(written):
    _, files, _ = written
    assert [path.stat().st_mtime - STARTED.timestamp() for path in files] == [0, 2, 2, 4]


def test_the_index_stands_behind_the_recording_as_cameras_write_it(written):
    octets = written[1][0].read_bytes()
    assert octets.index(b"mdat") < octets.index(b"moov")


def test_a_player_can_start_at_every_second(written):
    with av.open(str(written[1][0])) as file:
        stream = file.streams.video[0]
        keys = [packet.pts * packet.time_base for packet in file.demux(stream) if packet.is_keyframe]
    assert {Fraction(0), Fraction(1)} <= set(keys)


def test_segments_follow_each_other_without_a_gap(written):
    """The last picture of one and the first of the next are as alike as two pictures in a row."""
    first, second = (_pictures(path) for path in written[1][:2])
    assert (len(first), len(second)) == (50, 50)
    in_a_row = max(_difference(a, b) for a, b in itertools.pairwise(first))
    assert _difference(first[-1], second[0]) <= in_a_row * 1.1
    assert _difference(first[12], second[0]) > in_a_row * 1.1


def _pictures(path):
    with av.open(str(path)) as file:
        return [frame.to_ndarray(format="gray")[60:] for frame in file.decode(video=0)]


def _difference(one, other):
    return np.abs(one.astype(int) - other).mean()


def test_the_picture_moves_and_the_sound_is_heard(written):
    path = written[1][0]
    pictures = _pictures(path)
    assert all(_difference(a, b) > 0.1 for a, b in zip(pictures, pictures[5:], strict=False))
    with av.open(str(path)) as file:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])
    assert 0.05 < np.abs(sound[2048:]).max() < 0.5
    assert len(sound) == pytest.approx(32_000, abs=1024)


def test_the_burnt_in_time_changes_each_second_and_never_within_one(written):
    with av.open(str(written[1][0])) as file:
        strips = [frame.to_ndarray(format="gray")[:40] for frame in file.decode(video=0)]
    within = max(_difference(strips[0], strip) for strip in strips[1:25])
    assert _difference(strips[0], strips[25]) > 2 * within


def test_the_time_is_burnt_in_on_a_machine_without_fonts(monkeypatch):
    scene._font.cache_clear()
    monkeypatch.setattr(scene, "_FONT", "no-such-font.ttf")
    try:
        assert scene.caption("AIGAQ-7").y.max() > 200
        assert _difference(scene.caption("09:02:01").y, scene.caption("09:02:02").y) > 0
    finally:
        scene._font.cache_clear()


def test_a_start_in_another_zone_is_the_same_instant(tmp_path):
    started = STARTED.astimezone(timezone(timedelta(hours=-3)))
    files = simulate.card(tmp_path, files=0, recorder="7", started_at=started, photos=1, audio=0)
    assert files[0].name == "7_20260504_090201_0001.JPG"
    assert Image.open(io.BytesIO(files[0].read_bytes())).getexif()[306] == "2026:05:04 09:02:01"


def test_a_start_without_a_zone_is_refused(tmp_path):
    with pytest.raises(simulate.NaiveStartError, match="2026-05-04"):
        simulate.card(tmp_path, recorder="7", started_at=datetime(2026, 5, 4))
    assert list(tmp_path.iterdir()) == []


def test_ten_seconds_are_made_faster_than_they_play(tmp_path):
    """The aim is under two seconds of processor time on one core of the build machine; five is the alarm."""
    began = time.process_time()
    simulate.card(tmp_path, files=1, seconds=10, recorder="7", started_at=STARTED, photos=0, audio=0)
    assert time.process_time() - began < 5
