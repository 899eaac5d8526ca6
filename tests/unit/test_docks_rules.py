from datetime import UTC, datetime, timedelta

import pytest

from aigaq.docks import codes, errors, rules
from aigaq.docks.rules import MAX_UNFINISHED, MAX_UPLOAD, RESERVE, Unfinished
from aigaq.ledger.services import MACHINE, By
from aigaq.tlog.entry import Actor, ActorKind

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NOTHING = Unfinished((), 0)
ROOM = 1 << 50


def by(role: str | None, division: str = "here") -> By:
    right = {"role": role} if role else None
    return By(actor=Actor(ActorKind.PERSON, "p", "P"), right=right, division=division)


@pytest.mark.parametrize("role", ["head", "custodian"])
def test_head_and_custodian_let_docks_in_for_their_own_division_alone(role):
    assert rules.refusal_to_keep_docks(by(role), "Here", "here") is None
    assert isinstance(rules.refusal_to_keep_docks(by(role, "next"), "Here", "here"), errors.NotOverDocksError)


@pytest.mark.parametrize("role", ["inspector", "administrator", None])
def test_nobody_else_does(role):
    assert isinstance(rules.refusal_to_keep_docks(by(role), "Here", "here"), errors.NotOverDocksError)
    assert rules.refusal_to_keep_docks(MACHINE, "Here", "here") is None


def test_a_code_is_good_once_and_for_half_an_hour():
    until = NOW + rules.CODE_LIFE
    assert rules.refusal_of_code(used=False, expires_at=until, now=until - SECOND) is None
    assert isinstance(rules.refusal_of_code(used=False, expires_at=until, now=until), errors.CodeExpiredError)
    assert isinstance(rules.refusal_of_code(used=True, expires_at=until, now=NOW), errors.CodeUsedError)


def test_codes_differ_and_are_the_same_however_they_are_typed():
    made = {codes.new_code() for _ in range(200)}
    assert len(made) == 200
    for code in made:
        assert not set(code) & set("01OIL")
        typed = code.replace("-", " ").lower()
        assert codes.digest_of(code) == codes.digest_of(typed) == codes.digest_of(code.replace("-", ""))
    assert len({codes.digest_of(code) for code in made}) == 200


@pytest.mark.parametrize(
    ("told", "off"),
    [
        (NOW, False),
        (NOW + timedelta(seconds=30), False),
        (NOW + timedelta(seconds=33), True),
        (NOW - timedelta(hours=1), True),
        (datetime(1970, 1, 1, tzinfo=UTC), True),
        (datetime(1980, 1, 1, tzinfo=UTC), True),
        (datetime(2107, 12, 31, tzinfo=UTC), True),
        (datetime(9999, 12, 31, tzinfo=UTC), True),
        (datetime(1, 1, 1, tzinfo=UTC), True),
    ],
)
def test_a_clock_is_compared_with_the_middle_of_the_exchange(told, off):
    clock = rules.reading(NOW - 2 * SECOND, told, NOW + 2 * SECOND)
    assert (clock.offset, clock.doubt, clock.is_off) == (told - NOW, 2 * SECOND, off)


def test_a_slow_line_alone_is_no_wrong_clock():
    assert not rules.reading(NOW, NOW + timedelta(seconds=59), NOW + timedelta(seconds=59)).is_off


def test_a_wrong_clock_is_told_at_once_and_again_after_a_day():
    off = rules.reading(NOW, NOW + timedelta(hours=1), NOW)
    assert rules.has_to_be_told(off, None, NOW)
    assert not rules.has_to_be_told(off, NOW, NOW + timedelta(hours=23))
    assert rules.has_to_be_told(off, NOW, NOW + timedelta(hours=24))
    assert not rules.has_to_be_told(rules.reading(NOW, NOW, NOW), None, NOW)


@pytest.mark.parametrize(
    ("length", "dock", "free", "refusal"),
    [
        (1000, NOTHING, ROOM, None),
        (MAX_UPLOAD, NOTHING, ROOM, None),
        (0, NOTHING, ROOM, errors.BadLengthError),
        (199, NOTHING, ROOM, errors.BadLengthError),
        (MAX_UPLOAD + 1, NOTHING, ROOM, errors.UploadTooLargeError),
        (100 * 1000**3, NOTHING, ROOM, errors.UploadTooLargeError),
        (1000, Unfinished([(1000, 0)] * rules.UPLOADS_OPEN, 0), ROOM, errors.TooManyUploadsError),
        (1000, Unfinished([(1000, 0)] * (rules.UPLOADS_OPEN - 1), 0), ROOM, None),
        (1000, Unfinished([(MAX_UNFINISHED - 1000, 0)], 0), ROOM, None),
        (1001, Unfinished([(MAX_UNFINISHED - 1000, 0)], 0), ROOM, errors.TooMuchUnfinishedError),
        (1000, Unfinished((), rules.UPLOADS_AN_HOUR), ROOM, errors.TooManyBegunError),
        (1000, NOTHING, RESERVE + 1000, None),
        (1000, NOTHING, RESERVE + 999, errors.NoRoomForUploadError),
        # Of what is left, with what it has of it, a dock's unfinished uploads take half, be they ever so small.
        (1000, Unfinished([(5000, 2000)], 0), RESERVE + 9999, errors.TooMuchUnfinishedError),
        (1000, Unfinished([(5000, 2000)], 0), RESERVE + 10_000, None),
        (MAX_UPLOAD, NOTHING, RESERVE + MAX_UPLOAD, None),
        (1000, Unfinished([(MAX_UPLOAD, MAX_UPLOAD - 1)], 0), RESERVE + 1000, errors.TooMuchUnfinishedError),
    ],
)
def test_what_a_dock_may_begin_is_bounded(length, dock, free, refusal):
    found = rules.refusal_to_begin(length, dock, free=free)
    assert found is None if refusal is None else isinstance(found, refusal)


@pytest.mark.parametrize(
    ("given", "offset", "length", "part", "refusal"),
    [
        (0, 0, 1000, 1000, None),
        (500, 500, 1000, 1, None),
        (0, 500, 1000, 500, errors.WrongOffsetError),
        (501, 500, 1000, 499, errors.WrongOffsetError),
        (1000, 500, 1000, 1, errors.WrongOffsetError),
        (500, 500, 1000, 501, errors.BeyondLengthError),
        (500, 500, 1000, 0, errors.EmptyPartError),
        (0, 0, MAX_UPLOAD, rules.MAX_PART, None),
        (0, 0, MAX_UPLOAD, rules.MAX_PART + 1, errors.PartTooLargeError),
    ],
)
def test_a_part_goes_on_where_the_upload_stands_and_not_beyond_its_end(given, offset, length, part, refusal):
    found = rules.refusal_of_part(given, offset, length, part)
    assert found is None if refusal is None else isinstance(found, refusal)
