"""The coverage of a duty: the cases of `docs/lifecycles/coverage.md`, each worked out by hand, and what always holds."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigaq.core.intervals import Interval, Intervals
from aigaq.recordings.coverage import (
    Announced,
    Duty,
    Notice,
    Reason,
    Take,
    TakeState,
    coverage,
)
from aigaq.recordings.duty_coverage import tolerances
from aigaq.recordings.offsets import ClockRead, Known, Offset, offset_of
from aigaq.regulation import profile

PAGE = (Path(__file__).parents[2] / "docs/lifecycles/coverage.md").read_text(encoding="utf-8")
BUILT_IN = tolerances(profile.load().coverage)
MINUTE = 60_000


def table(heading: str) -> list[list[str]]:
    """The rows of the first table of that section that begins with a column `case`."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = section.partition("\n| case |")[2].partition("\n\n")[0].splitlines()[2:]
    found = [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]
    assert found
    return found


def ms(text: str) -> int:
    """``09:00``, ``10:00:05`` or ``+00:30`` of the day after."""
    day, clock = (1, text[1:]) if text.startswith("+") else (0, text)
    hours, minutes, *seconds = map(int, clock.split(":"))
    return ((day * 24 + hours) * 3600 + minutes * 60 + sum(seconds)) * 1000


def listed(cell: str) -> list[str]:
    return [each for each in cell.split(", ") if each]


def id_of(number: int) -> UUID:
    return UUID(int=number)


def take_of(number: int, text: str) -> Take:
    found = re.fullmatch(r"([A-Z]) (\S+)–(\S+?)(!?)(?: @([+-]\d+))?", text)
    assert found, text
    recording, start, end, damaged, offset = found.groups()
    return Take(
        file=id_of(number),
        recording=id_of(ord(recording)),
        row=id_of(0),
        camera=ms(start),
        length=None if end == "?" else ms(end) - ms(start),
        state=TakeState.DAMAGED if damaged else TakeState.WHOLE,
        offset=Offset(int(offset) * 1000, Known.EXACT) if offset else Offset(),
    )


def duty_of(span: str, told: str) -> Duty:
    start, end = span.split("–")
    announced, awaited = [], []
    for number, each in enumerate(listed(told)):
        what, when = each.split(" ")
        since, until = when.split("–")
        if what == "awaited":
            awaited.append((ms(since), ms(until)))
        else:
            announced.append(Announced(Notice(what), id_of(number), ms(since), ms(until) if until else None))
    return Duty(
        start=ms(start),
        end=ms(end.strip("()")),
        is_open=end.startswith("("),
        announced=tuple(announced),
        awaited=Intervals.of(*awaited),
    )


CASES = table("Cases worked out by hand")


@pytest.mark.parametrize(
    ("span", "takes", "told", "parts", "gaps"), [row[1:] for row in CASES], ids=[row[0] for row in CASES]
)
def test_a_case_of_the_page_comes_out_as_worked_out(span, takes, told, parts, gaps):
    found = coverage(
        duty_of(span, told), [take_of(number, each) for number, each in enumerate(listed(takes))], BUILT_IN
    )

    assert [(part.start, part.reason.value) for part in found.parts] == [
        (ms(each.split(" ")[0]), each.split(" ")[1]) for each in listed(parts)
    ]
    assert [part.start for part in found.gaps] == [ms(each) for each in listed(gaps)]


OFFSETS = table("Which offset")
UNLOADS = {"A": (id_of(1), ms("18:30")), "B": (id_of(2), ms("19:30")), "C": (id_of(3), ms("+19:30"))}


def reading_of(number: int, text: str) -> ClockRead:
    found = re.fullmatch(r"(\S+) of ([ABC]) ([+-][\d.]+) at (\S+)", text)
    assert found, text
    way, unload, offset, camera = found.groups()
    return ClockRead(
        id=number,
        way=way,
        unload=UNLOADS[unload][0],
        camera=ms(camera),
        read=UNLOADS[unload][1],
        offset=round(float(offset) * 1000),
        precision=1000,
    )


@pytest.mark.parametrize(
    ("take", "readings", "applies"), [row[1:] for row in OFFSETS], ids=[row[0] for row in OFFSETS]
)
def test_the_reading_of_the_page_applies(take, readings, applies):
    begins, unload = take.split(" of ") if " of unload " not in take else take.split(" of unload ")
    reads = [reading_of(number, each) for number, each in enumerate(listed(readings))]
    known, offset = applies.split(" ")

    found = offset_of(ms(begins), *UNLOADS[unload], reads)

    assert (found.known.value, found.ms) == (known, round(float(offset) * 1000))


TIMES = st.integers(-30 * MINUTE, 150 * MINUTE)
LENGTHS = st.integers(0, 90 * MINUTE)
OFFSET = st.integers(-(10**12), 10**12)


@st.composite
def some_takes(draw) -> list[Take]:
    drawn = draw(
        st.lists(
            st.tuples(st.integers(1, 4), st.none() | TIMES, st.none() | LENGTHS, st.sampled_from(TakeState)),
            max_size=8,
        )
    )
    return [
        Take(file=id_of(n), recording=id_of(of), row=id_of(0), camera=begins, length=length, state=state)
        for n, (of, begins, length, state) in enumerate(drawn)
    ]


@st.composite
def duties(draw) -> Duty:
    told = draw(st.lists(st.tuples(st.sampled_from(Notice), TIMES, st.none() | LENGTHS), max_size=4))
    awaited = draw(st.lists(st.tuples(TIMES, LENGTHS), max_size=2))
    return Duty(
        start=0,
        end=draw(st.integers(0, 120 * MINUTE)),
        is_open=draw(st.booleans()),
        announced=tuple(
            Announced(notice, id_of(n), at, None if length is None else at + length)
            for n, (notice, at, length) in enumerate(told)
        ),
        awaited=Intervals.of(*((at, at + length) for at, length in awaited)),
    )


def unexplained(found) -> Intervals:
    return Intervals(Interval(p.start, p.end) for p in found.parts if p.reason is Reason.UNEXPLAINED)


@given(duties(), some_takes())
def test_every_millisecond_of_a_duty_has_exactly_one_reason(duty, takes):
    found = coverage(duty, takes, BUILT_IN)

    at = duty.start
    for part in found.parts:
        assert part.start == at < part.end
        at = part.end
    assert at == duty.end
    assert sum(found.totals.values()) == duty.end - duty.start
    assert set(found.totals) == set(Reason)


@given(duties(), some_takes(), some_takes())
def test_another_recording_never_adds_to_what_is_unexplained(duty, takes, more):
    before = coverage(duty, takes, BUILT_IN)
    after = coverage(duty, [*takes, *more], BUILT_IN)

    assert unexplained(after) <= unexplained(before)


@given(duties(), some_takes(), OFFSET)
def test_clocks_that_are_wrong_by_what_is_known_change_nothing(duty, takes, off):
    unload, taken_in = id_of(9), 200 * MINUTE
    right = coverage(duty, takes, BUILT_IN)
    wrong = []
    for take in takes:
        camera = None if take.camera is None else take.camera + off
        read = ClockRead(
            id=1,
            way="time-file",
            unload=unload,
            camera=taken_in + off,
            read=taken_in,
            offset=off,
            precision=1000,
        )
        wrong.append(
            Take(
                file=take.file,
                recording=take.recording,
                row=take.row,
                camera=camera,
                length=take.length,
                state=take.state,
                offset=offset_of(camera, unload, taken_in, [read]),
            )
        )

    assert coverage(duty, wrong, BUILT_IN).parts == right.parts


@given(duties(), some_takes())
def test_the_order_in_which_takes_are_found_changes_nothing(duty, takes):
    assert coverage(duty, takes, BUILT_IN).parts == coverage(duty, takes[::-1], BUILT_IN).parts
