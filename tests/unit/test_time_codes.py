"""What stands in a code, how it is proven, and what a film of codes proves: values in, values out."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import segno

from aigaq.media.probe import is_code_text
from aigaq.recordings.time_code_rules import belongs, contradiction, is_of_duty
from aigaq.timecode.code import LONGEST, Code, MalformedCodeError, Purpose, key_of, name_of
from aigaq.timecode.film import LOADED_ANEW, STEADY, Read, Verdict, read
from aigaq.timecode.showing import Showing, require_proven
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.errors import InclusionError
from tests.support.logs import signer

KEY = key_of(signer())
OURS = name_of(VerifierKey.of(signer()))
NINE = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
SHOWING = Showing(ledger=OURS, number=12, purpose=Purpose.ISSUE, row=57, began_at=NINE, seconds=300)


@dataclass(frozen=True)
class Seen:
    text: str
    first_ms: int
    last_ms: int


def shown(index, showing=SHOWING):
    return showing.code(KEY, index).text


def filmed(*seconds, begins=0.25, rate=25, showing=SHOWING):
    """Of each of these seconds its code, as a camera sees it whose film began `begins` into the showing."""
    seen = []
    for second in seconds:
        first = max(0, second - begins)
        frames = [n / rate for n in range(100 * rate) if first <= n / rate < second + 1 - begins]
        seen.append(Seen(shown(second, showing), round(frames[0] * 1000), round(frames[-1] * 1000)))
    return seen


def said(seen, pace=STEADY, ledger=OURS, *others):
    known = {each.number: each for each in (SHOWING, *others)}

    def ours(code):
        mine = known.get(code.showing)
        return pace if mine and mine.is_ours(KEY, code) else None

    return read(seen, ledger=ledger, ours=ours)


def test_a_code_is_short_enough_for_29_modules_and_reads_as_it_was_written():
    text = shown(7)
    assert (len(text), segno.make(text, error="m", micro=False).version) == (53, 3)
    assert Code.parse(text).at == NINE + timedelta(seconds=7)
    assert Code.parse(text).text == text
    assert is_code_text(text)


def test_even_the_longest_code_there_can_be_is_of_the_same_letters():
    long = replace(SHOWING, number=999_999_999, row=999_999)
    text = shown(299, long)
    assert len(text) <= LONGEST
    assert is_code_text(text)
    assert segno.make(text, error="m", micro=False).mode == "alphanumeric"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.lower(),
        lambda text: text[:-1],
        lambda text: text + "A",
        lambda text: text.replace("AIGAQ-T1", "AIGAQ-T2"),
        lambda text: text.replace("/I57/", "/X57/"),
        lambda text: text.replace("/I57/", "/I057/"),
        lambda text: text.replace("261120T", "261320T"),
        lambda text: text.replace("/12/", "/1２/"),
        lambda text: text + "\n",
        lambda _text: "",
        lambda text: text * 20,
    ],
)
def test_what_is_spelt_otherwise_is_no_code(change):
    with pytest.raises(MalformedCodeError):
        Code.parse(change(shown(7)))


def test_the_secret_is_of_this_very_second_row_act_and_ledger():
    mine = shown(7).rpartition("/")[2]
    others = [
        shown(8),
        shown(7, replace(SHOWING, row=58)),
        shown(7, replace(SHOWING, purpose=Purpose.RETURN)),
        shown(7, replace(SHOWING, number=13)),
        shown(7, replace(SHOWING, ledger="AAAAA")),
        SHOWING.code(b"another key", 7).text,
    ]
    assert mine not in {each.rpartition("/")[2] for each in others}


def test_two_entries_of_the_ledger_prove_a_code_without_any_key():
    root, proof = SHOWING.root(KEY), SHOWING.proof(KEY, 7)
    require_proven(shown(7), 7, 300, proof, root)
    for text, index in ((shown(8), 7), (shown(7), 8), (shown(7).replace("/I57/", "/I58/"), 7)):
        with pytest.raises(InclusionError):
            require_proven(text, index, 300, proof, root)


def test_two_seconds_of_a_film_tell_to_a_frame_when_it_began():
    (told,) = said(filmed(10, 11, 12, begins=10.25))
    assert told.verdict is Verdict.LIVE
    began = NINE + timedelta(seconds=10.25)
    assert abs(told.began_at - began) <= timedelta(milliseconds=20)
    assert told.precision <= timedelta(milliseconds=121)


@pytest.mark.parametrize("begins", [0.0, 0.013, 0.5, 0.98, 3.71])
@pytest.mark.parametrize("rate", [10, 12, 25, 30, 60])
def test_the_truth_is_within_the_precision_that_is_told(begins, rate):
    seconds = [second for second in range(1, 7) if second >= begins]
    (told,) = said(filmed(*seconds, begins=begins, rate=rate))
    error = abs(told.began_at - (NINE + timedelta(seconds=begins)))
    assert error <= told.precision - STEADY.late + timedelta(milliseconds=2)


def test_a_photograph_is_exposed_after_a_second_and_a_quarter():
    still = [Seen(shown(20), 1000, 3000)]
    assert [each.verdict for each in said(still)] == [Verdict.NOT_LIVE]
    short = [Seen(shown(20), 1000, 2240)]
    assert [each.verdict for each in said(short)] == [Verdict.BRIEF]


@pytest.mark.parametrize(
    "seen",
    [
        [Seen(shown(20), 0, 1980), Seen(shown(21), 2000, 3980)],  # half as fast
        [Seen(shown(20), 0, 480), Seen(shown(21), 500, 980), Seen(shown(22), 1000, 1480)],  # twice
        [Seen(shown(20), 0, 960), Seen(shown(25), 1000, 1960)],  # seconds left out
        [Seen(shown(21), 0, 960), Seen(shown(20), 1000, 1960)],  # backwards
        [Seen(shown(20), 0, 2960), Seen(shown(21), 1000, 1960)],  # from the beginning again
    ],
)
def test_codes_that_do_not_advance_as_the_film_does_are_exposed(seen):
    assert [each.verdict for each in said(seen)] == [Verdict.NOT_LIVE]


def test_a_page_without_scripts_shows_late_and_says_how_late():
    late = [Seen(shown(20), 900, 2300), Seen(shown(22), 2400, 3700)]
    (told,) = said(late, LOADED_ANEW)
    assert told.verdict is Verdict.LIVE
    assert told.precision >= timedelta(seconds=2)


def test_altered_made_up_and_foreign_codes_are_told_apart():
    altered = shown(7).replace("/I57/", "/I58/")
    of_no_showing = shown(7, replace(SHOWING, number=99))
    outside = shown(300)
    foreign = SHOWING.code(KEY, 7).text.replace(OURS, "ZZZZZ")
    reads = said([Seen(each, 0, 0) for each in (altered, of_no_showing, outside, foreign, "AIGAQ-T9/X")])
    assert [(each.verdict, len(each.seen)) for each in reads] == [
        (Verdict.FORGED, 4),
        (Verdict.FOREIGN, 1),
    ]
    assert all(each.began_at is None for each in reads)


def test_two_showings_in_one_film_are_each_told():
    second = replace(SHOWING, number=13, purpose=Purpose.RETURN, began_at=NINE + timedelta(minutes=9))
    seen = filmed(10, 11, 12) + [
        replace(each, first_ms=each.first_ms + 540_000, last_ms=each.last_ms + 540_000)
        for each in filmed(10, 11, 12, showing=second)
    ]
    reads = said(seen, STEADY, OURS, second)
    assert [(each.verdict, each.showing) for each in reads] == [(Verdict.LIVE, 12), (Verdict.LIVE, 13)]
    assert reads[0].began_at == reads[1].began_at


def of_rows(*showings, own=None, was_on=(), may_bind=True):
    reads = [Read(Verdict.LIVE, each, (Seen("…", 0, 0),), NINE) for each in showings]
    rows = {1: "row 1", 2: "row 2", 3: "row 3"}
    return belongs(reads, rows, own=own, was_out_on=lambda row: row in was_on, may_bind=may_bind)


def test_a_recording_belongs_to_the_row_that_its_code_names():
    known = of_rows(1, own="row 1")
    assert (known.decides, known.reads[0].verdict) == (False, Verdict.LIVE)
    nobody = of_rows(1)
    assert (nobody.decides, nobody.row) == (True, "row 1")
    earlier = of_rows(1, own="row 2", was_on={"row 1"})
    assert (earlier.decides, earlier.row) == (True, "row 1")


def test_what_contradicts_itself_is_left_to_people():
    another = of_rows(1, own="row 2")
    assert (another.decides, another.row, another.reads[0].verdict) == (True, None, Verdict.OTHER_ROW)
    two = of_rows(1, 2)
    assert (two.decides, two.row, {each.verdict for each in two.reads}) == (True, None, {Verdict.OTHER_ROW})
    tampered = of_rows(1, may_bind=False)
    assert (tampered.decides, tampered.reads[0].verdict) == (False, Verdict.LIVE)


def test_codes_that_are_not_live_say_nothing_of_a_row():
    for verdict in set(Verdict) - {Verdict.LIVE}:
        reads = [Read(verdict, 1, (Seen("…", 0, 0),))]
        told = belongs(reads, {1: "row 1"}, own=None, was_out_on=lambda _row: True, may_bind=True)
        assert (told.decides, told.reads) == (False, tuple(reads))


def test_readings_that_are_far_apart_contradict_each_other():
    day, near = timedelta(days=-9000), timedelta(days=-9000, seconds=9)
    assert contradiction(day, []) is None
    assert contradiction(day, [near]) is None
    assert contradiction(day, [near, timedelta(0)]) == timedelta(days=9000)


def test_only_what_began_on_the_duty_goes_with_it():
    end = NINE + timedelta(hours=8)

    def goes(**after):
        began = NINE + timedelta(**after)
        return is_of_duty(began, issued_at=NINE, ended_at=end, allowed=timedelta(minutes=1))

    assert [goes(minutes=-16), goes(minutes=-14), goes(hours=8), goes(hours=8, minutes=2)] == [
        False,
        True,
        True,
        False,
    ]
