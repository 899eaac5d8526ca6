"""Range arithmetic against slices: what a header asks for is what a slice of the same numbers has."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aigaq.web.recordings.ranges import UnsatisfiableRangeError, holds, part_of, whole

CONTENT = bytes(range(256))
sizes = st.integers(0, 256)
places = st.integers(0, 300)


def taken(part, size):
    return CONTENT[:size] if part is None else CONTENT[:size][part.first : part.last + 1]


@given(sizes, places, places)
def test_a_closed_range_is_a_slice(size, first, last):
    header = f"bytes={first}-{last}"
    if last < first:
        assert part_of(header, size) is None, "what can't be read is ignored"
    elif first >= size:
        with pytest.raises(UnsatisfiableRangeError):
            part_of(header, size)
    else:
        part = part_of(header, size)
        assert taken(part, size) == CONTENT[:size][first : last + 1]
        assert str(part) == f"bytes {first}-{min(last, size - 1)}/{size}"


@given(sizes, places)
def test_an_open_range_goes_to_the_end(size, first):
    if first >= size:
        with pytest.raises(UnsatisfiableRangeError):
            part_of(f"bytes={first}-", size)
    else:
        assert taken(part_of(f"bytes={first}-", size), size) == CONTENT[:size][first:]


@given(sizes, places)
@example(10, 10)
@example(10, 11)
@example(0, 5)
def test_a_suffix_is_the_end_of_it(size, length):
    if length == 0:
        with pytest.raises(UnsatisfiableRangeError):
            part_of("bytes=-0", size)
    else:
        assert taken(part_of(f"bytes=-{length}", size), size) == CONTENT[:size][-length:]


@given(st.text(alphabet="bytes=0123456789-, \tBYTESx", max_size=30), sizes)
def test_no_header_at_all_gives_more_than_there_is(header, size):
    try:
        part = part_of(header, size)
    except UnsatisfiableRangeError:
        return
    assert part is None or 0 <= part.first <= part.last < size
    assert part is None or part.length == part.last - part.first + 1


@pytest.mark.parametrize(
    "header",
    [None, "", "bytes", "bytes=", "bytes=-", "bytes=,", "items=0-1", "bytes=1-0", "bytes=a-b", "bytes=0-1,3-4",
     "bytes=0-1x", "bytes=--1", "bytes=+1-2", "bytes=0-1-2", "bytes=٠-١"],
)  # fmt: skip
def test_what_is_not_one_range_gives_the_whole(header):
    assert part_of(header, 100) is None


@pytest.mark.parametrize(
    "header", ["bytes=2-5", "BYTES=2-5", "bytes= 2-5 ", "bytes=,2-5", "bytes=2-5,", "bytes=02-0005"]
)
def test_spellings_that_the_grammar_allows(header):
    assert str(part_of(header, 100)) == "bytes 2-5/100"


def test_a_number_of_a_thousand_digits_is_only_large():
    assert str(part_of(f"bytes=0-{'9' * 5000}", 100)) == "bytes 0-99/100"
    with pytest.raises(UnsatisfiableRangeError):
        part_of(f"bytes={'9' * 5000}-", 100)


def test_of_an_empty_file_there_is_no_part():
    assert part_of("bytes=-5", 0) is None
    assert whole(0).length == 0


@given(st.text(max_size=20))
def test_a_part_is_given_for_the_very_tag_alone(text):
    assert holds(None, '"a1"')
    assert holds('"a1"', '"a1"')
    assert not holds('W/"a1"', '"a1"')
    assert not holds("Fri, 20 Nov 2026 04:00:00 GMT", '"a1"')
    if re.sub(r"\s", "", text) != '"a1"':
        assert not holds(text, '"a1"')
