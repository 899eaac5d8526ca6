"""Real recordings, whole and damaged, through the confined child."""

import io
import os
import signal
import threading
from datetime import UTC, datetime

import pytest
from PIL import Image

from aigaq.media.judge import Judge
from aigaq.media.kinds import Kind
from aigaq.media.limits import Limits
from aigaq.media.probe import STILL_SIDE, STILL_SIZE, Flaw, Verdict
from tests.support.films import HEIGHT, WIDTH, film, heic, photo


@pytest.fixture(scope="module")
def judge():
    with Judge() as one:
        yield one


def judged(judge, octets, name="file"):
    return judge.judge(io.BytesIO(octets), name, len(octets))


@pytest.mark.parametrize(
    ("container", "video", "audio", "codecs"),
    [
        ("mp4", "libx264", "aac", ("h264", "aac")),
        ("mp4", "libx265", "aac", ("hevc", "aac")),
        ("mov", "libx264", "pcm_s16le", ("h264", "pcm_s16le")),
        ("mov", "mjpeg", "pcm_alaw", ("mjpeg", "pcm_alaw")),
        ("3gp", "mpeg4", "libopencore_amrnb", ("mpeg4", "amr_nb")),
        ("avi", "mjpeg", "pcm_s16le", ("mjpeg", "pcm_s16le")),
        ("avi", "mpeg4", "libmp3lame", ("mpeg4", "mp3")),
        ("matroska", "libx264", "aac", ("h264", "aac")),
        ("mpegts", "libx264", "aac", ("h264", "aac")),
        ("mpegts", "libx265", "aac", ("hevc", "aac")),
        ("mp4", "libx264", None, ("h264", None)),
    ],
)
def test_a_whole_video_is_playable_with_its_facts_and_a_still(judge, container, video, audio, codecs):
    found = judged(judge, film(container, video, audio))
    assert (found.kind, found.verdict, found.detail) == (Kind.VIDEO, Verdict.PLAYABLE, "")
    assert found.duration == pytest.approx(2.0, abs=0.15)
    assert (found.video.codec, found.audio and found.audio.codec) == codecs
    assert (found.video.width, found.video.height, found.video.fps) == (WIDTH, HEIGHT, 25.0)
    assert found.audio is None or (found.audio.channels, found.audio.rate in {8000, 16000, 44100}) == (
        1,
        True,
    )
    assert Image.open(io.BytesIO(found.still)).size == (WIDTH, HEIGHT)


@pytest.mark.parametrize(
    ("container", "codec", "name"),
    [
        ("wav", "pcm_s16le", "pcm_s16le"),
        ("ipod", "aac", "aac"),
        ("mp3", "libmp3lame", "mp3"),
        ("adts", "aac", "aac"),
        ("amr", "libopencore_amrnb", "amr_nb"),
        ("flac", "flac", "flac"),
        ("ogg", "libopus", "opus"),
    ],
)
def test_a_whole_sound_recording_is_playable(judge, container, codec, name):
    found = judged(judge, film(container, None, codec))
    assert (found.kind, found.verdict, found.video, found.still) == (Kind.AUDIO, Verdict.PLAYABLE, None, None)
    assert found.audio.codec == name
    assert found.duration == pytest.approx(2.0, abs=0.25)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "BMP", "GIF"])
def test_a_whole_photo_is_playable_with_a_small_still(judge, form):
    found = judged(judge, photo(form))
    assert (found.kind, found.verdict) == (Kind.PHOTO, Verdict.PLAYABLE)
    assert (found.video.codec, found.video.width, found.video.height) == (form.lower(), 1600, 1200)
    still = Image.open(io.BytesIO(found.still))
    assert max(still.size) <= STILL_SIDE
    assert len(found.still) <= STILL_SIZE


def test_a_photo_in_heic_is_read_through_the_video_reader(judge):
    found = judged(judge, heic())
    assert (found.kind, found.verdict, found.video.codec) == (Kind.PHOTO, Verdict.PLAYABLE, "hevc")
    assert found.still


def test_a_photo_is_shown_as_it_was_held(judge):
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", (400, 200), "red").save(out, "JPEG", exif=exif)
    found = judged(judge, out.getvalue())
    assert Image.open(io.BytesIO(found.still)).size == (200, 400)
    assert (found.video.width, found.video.height) == (400, 200)


def test_a_video_tells_when_it_says_it_was_taken(judge):
    found = judged(judge, film("mp4"))
    assert found.embedded_text.startswith("2026-05-04T03:02:01")
    assert found.embedded_at == datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("taken", "offset", "instant"),
    [
        ("2026:05:04 08:02:01", None, datetime(2026, 5, 4, 8, 2, 1)),
        ("2026:05:04 08:02:01", "+05:00", datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)),
        ("0000:00:00 00:00:00", None, None),
        (None, None, None),
    ],
)
def test_a_photo_s_time_stays_local_unless_a_zone_is_written(judge, taken, offset, instant):
    found = judged(judge, photo("JPEG", taken, offset))
    assert found.verdict is Verdict.PLAYABLE
    assert found.embedded_at == instant
    assert (found.embedded_text is None) == (taken is None)
    assert instant is None or (found.embedded_at.tzinfo is None) == (offset is None)


@pytest.mark.parametrize(
    ("octets", "flaw"),
    [
        (film("mp4")[: len(film("mp4")) * 2 // 3], Flaw.NO_INDEX),
        (film("mp4", movflags="faststart")[: len(film("mp4")) * 2 // 3], Flaw.CUT_SHORT),
        (film("avi", "mjpeg", "pcm_s16le")[:60_000], Flaw.CUT_SHORT),
        (film("matroska")[:60_000], Flaw.CUT_SHORT),
        (film("mpegts")[:60_001], Flaw.CUT_SHORT),
        (film("wav", None, "pcm_s16le")[:30_000], Flaw.CUT_SHORT),
        (photo("JPEG")[:100_000], Flaw.CUT_SHORT),
        (photo("PNG")[:100_000], Flaw.CUT_SHORT),
    ],
)
def test_a_recording_that_breaks_off_is_damaged_and_says_how(judge, octets, flaw):
    found = judged(judge, octets)
    assert (found.verdict, found.flaw) == (Verdict.DAMAGED, flaw)
    assert found.detail
    assert found.still or found.kind is Kind.AUDIO or flaw is Flaw.NO_INDEX


def test_an_avi_whose_lengths_were_never_filled_in_has_no_index(judge):
    whole = film("avi", "mjpeg", "pcm_s16le")
    found = judged(judge, whole[:4] + bytes(4) + whole[8:60_000])
    assert (found.verdict, found.flaw) == (Verdict.DAMAGED, Flaw.NO_INDEX)


def test_a_video_whose_pictures_are_noise_is_damaged(judge):
    whole = film("mp4", movflags="faststart")
    start = whole.index(b"mdat") + 4
    found = judged(judge, whole[:start] + os.urandom(len(whole) - start))
    assert found.verdict is Verdict.DAMAGED
    assert found.duration == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_four_changed_octets_in_a_picture_are_noticed(judge, codec):
    """The decoder conceals them; its own note that it did is what tells."""
    whole = film("mov", codec, None, movflags="faststart")
    at = whole.index(b"mdat") + 20_000
    changed = bytes(octet ^ 0x5A for octet in whole[at : at + 4])
    found = judged(judge, whole[:at] + changed + whole[at + 4 :])
    assert (found.verdict, found.flaw) == (Verdict.DAMAGED, Flaw.BAD_FRAMES)
    assert found.still


@pytest.mark.parametrize("name", ["a.mp4", "a.jpg", "a.wav", "a.mkv", "a.heic"])
def test_random_octets_are_unreadable_and_not_an_error(judge, name):
    found = judged(judge, os.urandom(300_000), name)
    assert (found.verdict, found.flaw) == (Verdict.UNREADABLE, Flaw.NOT_AS_NAMED)


def test_an_empty_file_is_unreadable_if_its_name_says_media():
    with Judge() as judge:
        assert judged(judge, b"", "a.mp4").flaw is Flaw.EMPTY
        assert judged(judge, b"", "a.txt").verdict is Verdict.NOT_MEDIA
        assert judge.worker_id is None


def test_files_that_are_not_media_cost_no_process():
    with Judge() as judge:
        for number in range(2000):
            assert judged(judge, b"gps log\n", f"{number}.log").verdict is Verdict.NOT_MEDIA
        assert judge.worker_id is None


def test_one_child_serves_many_files_and_is_then_replaced():
    with Judge(Limits(files_per_worker=3)) as judge:
        serving = []
        for _ in range(7):
            assert judged(judge, photo()).verdict is Verdict.PLAYABLE
            serving.append(judge.worker_id)
    assert serving[0:3] == serving[0:1] * 3
    assert serving[3:6] == serving[3:4] * 3
    assert len(set(serving)) == 3


def test_a_child_that_died_between_files_is_replaced(judge):
    judged(judge, photo())
    os.kill(judge.worker_id, signal.SIGKILL)
    assert judged(judge, photo()).verdict is Verdict.PLAYABLE


def test_a_judge_outlives_the_thread_that_used_it_first():
    """The parent-death signal of Linux follows the thread, not the process."""
    with Judge() as judge:
        starter = threading.Thread(target=judged, args=(judge, photo()))
        starter.start()
        starter.join()
        for _ in range(3):
            assert judged(judge, film()).verdict is Verdict.PLAYABLE


def test_threads_may_share_a_judge(judge):
    found = []
    threads = [threading.Thread(target=lambda: found.append(judged(judge, film()))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.verdict for one in found] == [Verdict.PLAYABLE] * 6


class FailingReader(io.BytesIO):
    def seek(self, offset, whence=0):
        if offset > 1024:
            raise OSError(5, "the disk failed")
        return super().seek(offset, whence)


def test_a_fault_of_the_store_is_not_blamed_on_the_recording(judge):
    with pytest.raises(OSError, match="the disk failed"):
        judge.judge(FailingReader(film()), "a.mp4", len(film()))
    assert judged(judge, film()).verdict is Verdict.PLAYABLE


def test_a_judgement_goes_into_json_without_its_still(judge):
    facts = judged(judge, film()).to_dict()
    assert facts["video"] == {
        "codec": "h264",
        "width": WIDTH,
        "height": HEIGHT,
        "fps": 25.0,
        "pixels": "yuv420p",
    }
    assert (facts["kind"], facts["verdict"], facts["embedded_at"]) == (
        "video",
        "playable",
        "2026-05-04T03:02:01+00:00",
    )
    assert "still" not in facts


def test_a_judge_leaves_no_process_behind():
    with Judge() as judge:
        judged(judge, photo())
        child = judge.worker_id
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
