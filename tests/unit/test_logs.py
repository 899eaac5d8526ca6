"""The technical log writes what is on its list, and nothing else."""

import ast
import json
import logging
from datetime import UTC, datetime, timedelta
from enum import Enum, IntEnum
from pathlib import Path
from uuid import UUID

import pytest

import aigaq
from aigaq.core import logs
from aigaq.core.digests import Digest, MalformedDigestError
from aigaq.core.logs import HIDDEN, JsonLines, PlainLines, Word
from aigaq.vault.errors import VaultWriteError

SECRET = "Өтегенов Ерлан"
SOURCE = Path(aigaq.__file__).parent


@pytest.fixture(autouse=True)
def _outside_of_a_request():
    token = logs.request_id.set("")
    yield
    logs.request_id.reset(token)


def line(message, *args, name="aigaq.somewhere", error=None, **extra):
    exc_info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(name, logging.WARNING, __file__, 1, message, args, exc_info, "here")
    vars(record).update(extra)
    written = JsonLines().format(record), PlainLines().format(record)
    assert all(SECRET not in each for each in written), written
    assert "\n" not in written[0]
    return json.loads(written[0])


class Colour(Enum):
    RED = SECRET


class Size(IntEnum):
    LARGE = 3


class Shouting(str):
    __slots__ = ()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (3, "3"),
        (2.5, "2.5"),
        (True, "True"),
        (None, "None"),
        (UUID(int=7), str(UUID(int=7))),
        (datetime(2026, 11, 20, tzinfo=UTC), "2026-11-20 00:00:00+00:00"),
        (timedelta(minutes=1), "60.0"),
        (Word("vault.full"), "vault.full"),
        (SECRET, HIDDEN),
        (Shouting(SECRET), HIDDEN),
        (SECRET.encode(), HIDDEN),
        ([SECRET], HIDDEN),
        ({"name": SECRET}, HIDDEN),
        (Path(SECRET), HIDDEN),
        (Colour.RED, HIDDEN),
        (Size.LARGE, HIDDEN),
        (ValueError(SECRET), HIDDEN),
    ],
)
def test_what_fills_a_message(value, written):
    assert line("%s came", value)["event"] == f"{written} came"


def test_more_or_fewer_values_than_places_do_no_harm():
    assert line("%s and %5.1f", 1)["event"] == f"1 and {HIDDEN}"
    assert line("only %d", 1, SECRET)["event"] == "only 1"
    assert line("%(who)s came", {"who": SECRET})["event"] == f"{HIDDEN} came"


def test_only_what_is_on_the_list_is_taken_besides():
    found = line("x", code=Word("a.b"), seq=4, name_of_person=SECRET, place=SECRET)
    assert found["code"] == "a.b"
    assert found["seq"] == 4
    assert found["place"] == HIDDEN
    assert set(found) == {"ts", "level", "logger", "event", "code", "seq", "place"}


@pytest.mark.parametrize("message", [f"signed in: {SECRET}", SECRET, ValueError(SECRET)])
def test_a_message_of_others_that_may_be_filled_in_already_is_not_told(message):
    assert line(message, name="django.request")["event"] == "test_logs.here:1"


def test_a_message_of_others_is_told_without_what_fills_it():
    found = line("Not Found: %s", f"/{SECRET}", name="django.request")
    assert found["event"] == f"Not Found: {HIDDEN} (test_logs.here:1)"


def test_of_an_error_its_type_code_and_way_are_told_and_its_causes():
    def cause():
        raise OSError(28, SECRET, SECRET)

    def effect():
        try:
            cause()
        except OSError as error:
            raise VaultWriteError(reason=SECRET) from error

    with pytest.raises(VaultWriteError) as raised:
        effect()
    found = line("It failed: %s", raised.value, error=raised.value)
    first, second = found["errors"]
    assert found["code"] == first["code"] == VaultWriteError.code
    assert first["type"] == "aigaq.vault.errors.VaultWriteError"
    assert (second["type"], second["errno"]) == ("builtins.OSError", "ENOSPC")
    assert all(each["at"] for each in found["errors"])


def test_a_code_that_an_instance_was_given_is_not_believed():
    error = VaultWriteError(reason="x")
    error.code = SECRET
    assert line("x", error=error)["code"] == VaultWriteError.code

    class OthersError(Exception):
        code = "abc"

    assert "code" not in line("x", error=OthersError(SECRET))


def test_frames_of_ours_are_named_from_the_house():
    try:
        Digest.parse(SECRET)
    except MalformedDigestError as error:
        found = line("x", error=error)
    (place, *_rest) = found["errors"][0]["at"]
    assert place.startswith("aigaq/core/digests.py:")
    assert place.endswith(" parse")


def test_the_request_has_its_number():
    token = logs.request_id.set("ab12")
    try:
        assert line("x")["request"] == "ab12"
    finally:
        logs.request_id.reset(token)


def calls():
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "getLogger" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "log"
            ):
                yield path, node


def test_every_message_of_ours_stands_in_the_source_and_every_word_is_a_code_of_ours():
    found = list(calls())
    assert len(found) > 20
    allowed = {"code", "name", "kind"}
    for path, node in found:
        at = 1 if node.func.attr == "log" else 0
        message = node.args[at]
        assert isinstance(message, ast.Constant), f"{path}:{node.lineno}"
        for value in node.args[at + 1 :]:
            if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "Word":
                (given,) = value.args
                told = given.attr if isinstance(given, ast.Attribute) else given.id
                assert told in allowed, f"{path}:{node.lineno}"
