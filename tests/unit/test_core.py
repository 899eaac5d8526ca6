"""Instants, digests and canonical JSON: one spelling each."""

from datetime import UTC, datetime

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from aigaq.core.canonical import NotCanonicalError, decode, encode
from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.core.digests import ContentDigest, MalformedDigestError, StoredDigest


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_is_read_back_as_it_was_written(instant):
    assert parse_rfc3339(rfc3339(instant)) == instant


@pytest.mark.parametrize(
    "text",
    [
        "2026-3-1T4:0:0.5Z",
        "2026-11-22T04:00:00Z",
        "2026-11-22T04:00:00.000000+00:00",
        "2026-11-22 04:00:00.000000Z",
        "2026-13-22T04:00:00.000000Z",
        "",
    ],
)
def test_another_spelling_of_an_instant_is_refused(text):
    with pytest.raises(ValueError):
        parse_rfc3339(text)


def test_an_instant_of_another_zone_is_written_in_utc():
    assert rfc3339(datetime.fromisoformat("2026-11-22T09:00:00+05:00")) == "2026-11-22T04:00:00.000000Z"


@pytest.mark.parametrize(
    "octets",
    [
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1,"a":1}',
        b"1.0",
        b'"\\u0061"',
        b"\xff",
        b"NaN",
        b"",
        b"[" * 100_000,
    ],
)
def test_json_in_another_spelling_is_refused(octets):
    with pytest.raises(NotCanonicalError):
        decode(octets)


def test_canonical_json_is_read_back_with_its_kazakh_letters():
    document = {"айғақ": ["ә", "і", 1, None, True], "b": {"c": "ң"}}
    assert decode(encode(document)) == document


ANY_TEXT = st.text(st.characters(codec=None), max_size=8)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**54), 2**54) | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
)


@given(ANY_JSON)
@example({"\U00010000": 1, "\uffff": 2})
@example({"a": "".join(map(chr, range(0x100))) + "\u2028\ud7ff\U0010ffff", "A": 2**53 - 1, "": [{}, []]})
@example([2**53])
@example({"a": ["\ud800"]})
@example({"\udfff": 0})
@example({1: 0})
def test_whatever_is_written_is_written_as_the_standards_encoder_does(value):
    assert written(encode, value) == written(rfc8785.dumps, value)


def written(by, value):
    """The octets, or why there are none."""
    try:
        return by(value)
    except NotCanonicalError as error:
        return error.details["reason"]
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        return str(error)


def test_digests_of_content_and_of_ciphertext_are_never_equal():
    assert ContentDigest(bytes(32)) != StoredDigest(bytes(32))
    assert str(ContentDigest.parse(f"sha256:{'0' * 64}")) == f"sha256:{'0' * 64}"


@pytest.mark.parametrize(
    "text", ["", "sha256:", "0" * 63, "0" * 65, "G" * 64, "sha512:" + "0" * 64, "A" * 64]
)
def test_what_is_no_digest_is_refused(text):
    with pytest.raises(MalformedDigestError):
        ContentDigest.parse(text)
