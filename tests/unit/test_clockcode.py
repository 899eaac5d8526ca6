"""Time codes found in real films, by the child's own code; through the confined child once."""

import io
from dataclasses import replace

import numpy as np
import pytest

from aigaq.media import clockcode
from aigaq.media.judge import Judge
from aigaq.media.probe import MOST_CODES, CodeSeen, UntrustworthyAnswerError, Verdict, believe
from aigaq.timecode.code import PREFIX
from tests.support.screens import Lens, code_film, seen

SMALL = Lens(width=320, height=240, code=100, blur=0.4, noise=0, rate=10, gop=10)


def text(second):
    return f"AIGAQ-T1/K7Q2M/48/I57/260714T09{second // 60:02}{second % 60:02}Z/ABCDEFGHIJKLMN{chr(65 + second % 20)}P"


def running(since, until, begins=0.33):
    """A code that changes each second of a clock that the film begins `begins` into."""
    return lambda at: text(int(begins + at)) if since <= at < until else None


def found(film):
    return {each.text: (each.first_ms, each.last_ms) for each in clockcode.codes_of(io.BytesIO(film))}


@pytest.mark.parametrize(
    ("container", "codec"),
    [("mp4", "libx264"), ("mov", "mjpeg"), ("avi", "mpeg4"), ("3gp", "mpeg4"), ("mpegts", "libx264")],
)
def test_the_change_of_the_second_is_found_to_a_frame_in_what_cameras_write(container, codec):
    told = found(code_film(running(0.5, 2.6), 3, replace(SMALL, container=container, codec=codec)))
    assert list(told) == [text(0), text(1), text(2)]
    assert told[text(1)] == (pytest.approx(700, abs=101), pytest.approx(1600, abs=101))
    assert 0 < told[text(1)][0] - told[text(0)][1] <= 101


def test_the_usual_camera_of_480_lines_half_a_metre_away_is_read():
    """Wide, tilted, noisy, compressed to 400 kbit/s, a hand that shakes."""
    usual = Lens(code=74, tilt=15, turn=8, noise=8, moves=1, rate=12, gop=12, bit_rate=400_000)
    told = found(code_film(running(0.5, 2.5), 3, usual))
    assert {text(0), text(1)} <= set(told)


def test_a_code_between_two_key_frames_that_are_far_apart_is_found():
    told = found(code_film(running(3, 5), 8, replace(SMALL, gop=250)))
    assert {text(3), text(4)} <= set(told)


def test_the_first_minute_and_the_last_are_looked_through_and_nothing_between():
    slow = replace(SMALL, rate=1, gop=1)
    film = code_film(
        lambda at: next((running(a, a + 3)(at) for a in (40, 100, 190) if a <= at < a + 3), None), 200, slow
    )
    assert set(found(film)) == {text(second) for second in (40, 41, 42, 190, 191, 192)}


def test_other_codes_before_the_lens_are_nobodys_business():
    others = ["https://example.org/", "AIGAQ-PERSON 103", "БТ-0001", "aigaq-t1/lower", "AIGAQ-T" + "A" * 58]
    for other in others:
        assert found(code_film(lambda _at, other=other: other, 1, SMALL)) == {}
    assert list(found(code_film(lambda _at: "AIGAQ-T1/NONSENSE", 1, SMALL))) == ["AIGAQ-T1/NONSENSE"]
    assert text(0).startswith(PREFIX)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9, 0.99])
def test_what_is_cut_off_gives_what_came_before(share):
    film = code_film(running(0.2, 2.8), 3, replace(SMALL, container="mpegts"))
    told = found(film[: int(len(film) * share)])
    assert set(told) <= {text(0), text(1), text(2), text(3)}
    assert (len(told) >= 2) == (share >= 0.5)


def test_noise_and_other_files_give_nothing():
    assert clockcode.codes_of(io.BytesIO(b"")) == ()
    assert clockcode.codes_of(io.BytesIO(np.random.default_rng(1).bytes(50_000))) == ()


def test_a_film_of_ever_new_codes_is_told_up_to_a_bound():
    def flood(at):
        return f"AIGAQ-T1/FLOOD/{round(at * 10)}"

    told = found(code_film(flood, 6, replace(SMALL, width=160, height=128)))
    assert 10 < len(told) <= MOST_CODES


def test_the_search_ends_when_its_time_is_used_up(monkeypatch):
    film = code_film(running(0.5, 2.6), 3, SMALL)
    monkeypatch.setattr(clockcode, "PROCESSOR_SECONDS", 0.0)
    assert clockcode.codes_of(io.BytesIO(film)) == ()


def test_a_picture_of_a_code_is_read_with_rows_that_are_longer_than_the_picture():
    picture = seen(text(5), SMALL, np.random.default_rng(1))
    padded = np.zeros((240, 352), np.uint8)
    padded[:, :320] = picture
    assert clockcode.codes_in(memoryview(padded.tobytes()), 320, 240, 352) == [text(5)]


def test_the_confined_child_tells_them_with_its_judgement():
    film = code_film(running(0.5, 2.6), 3, SMALL)
    with Judge() as judge:
        judgement = judge.judge(io.BytesIO(film), "CLIP0001.MP4", len(film))
    assert judgement.verdict is Verdict.PLAYABLE
    assert [each.text for each in judgement.codes] == [text(0), text(1), text(2)]
    assert believe(judgement.to_dict(), None).codes == judgement.codes


@pytest.mark.parametrize(
    "codes",
    [
        "AIGAQ-T1",
        [["AIGAQ-T1/A", 5]],
        [["AIGAQ-T1/A", 5, 4]],
        [["AIGAQ-T1/A", -1, 4]],
        [["AIGAQ-T1/A", True, 4]],
        [["AIGAQ-T1/a<script>", 0, 4]],
        [["AIGAQ-T1/A", 0, 10**15]],
        [["AIGAQ-T1/A", 0, 1]] * (MOST_CODES + 1),
    ],
)
def test_codes_that_no_child_of_ours_would_tell_are_not_believed(codes):
    with pytest.raises(UntrustworthyAnswerError):
        believe({"kind": "video", "verdict": "playable", "codes": codes}, None)


def test_an_answer_of_before_there_were_codes_is_believed():
    assert believe({"kind": "video", "verdict": "playable"}, None).codes == ()
    assert believe({"kind": "video", "verdict": "playable", "codes": [["AIGAQ-T1/A", 0, 1]]}, None).codes == (
        CodeSeen("AIGAQ-T1/A", 0, 1),
    )
