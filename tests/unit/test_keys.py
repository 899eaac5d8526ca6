"""The vault's key: wrapped for a password, bound to its facts; unlocked for one session, one cookie, one process."""

import hashlib
import json
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigaq.core import canonical
from aigaq.vault.age import Identity
from aigaq.vault.keys import (
    RECOMMENDED,
    CommonVaultPasswordError,
    Cost,
    LongVaultPasswordError,
    ShortVaultPasswordError,
    UnlockExpiredError,
    UnlockInvalidError,
    UnusableVaultPasswordError,
    WeakVaultPasswordError,
    WrapDamagedError,
    WrappedKey,
    WrongVaultPasswordError,
    check_vault_password,
    open_for_session,
    seal_for_session,
    unwrap,
    wrap,
)
from aigaq.vault.keys.wrapping import MAX_DOCUMENT, filled

CHEAP = Cost(iterations=1, lanes=1, memory_kib=8)
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
IDENTITY = Identity.parse("AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX")
OTHER = Identity(bytes(range(32)))
PASSWORD = "төрт сөз осы жерде"


def cheap(password: str = PASSWORD, reader: str = "custodian-7") -> WrappedKey:
    return wrap(IDENTITY, password, reader, NOW, CHEAP)


def rechecked(document: dict) -> bytes:
    """`document` as a forger would write it: with a checksum that matches."""
    document.pop("checksum", None)
    return canonical.encode(document | {"checksum": sha256(canonical.encode(document))})


def sha256(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


# Wrapping


def test_the_password_opens_the_wrap():
    assert unwrap(cheap(), PASSWORD) == IDENTITY


def test_at_the_real_cost_it_opens_too_and_the_cost_is_the_recommended_one():
    wrapped = wrap(IDENTITY, PASSWORD, "head-1", NOW)
    assert wrapped.cost == RECOMMENDED == Cost(iterations=3, lanes=4, memory_kib=65536)
    assert unwrap(WrappedKey.from_json(wrapped.to_json()), PASSWORD) == IDENTITY


@pytest.mark.parametrize(
    "guess", ["", PASSWORD + "!", PASSWORD.upper(), PASSWORD[:-1], "\x00", "x" * 5000, "\ud800"]
)
def test_another_password_does_not_open_it(guess):
    with pytest.raises(WrongVaultPasswordError) as refused:
        unwrap(cheap(), guess)
    assert refused.value.code == "vault.wrong-password"
    assert refused.value.__suppress_context__, "a logged trace would tell what was typed"


def test_a_weak_password_wraps_nothing():
    with pytest.raises(WeakVaultPasswordError):
        cheap("short")


def test_two_wraps_of_one_key_share_nothing():
    first, second = cheap(), cheap()
    assert first.salt != second.salt
    assert first.sealed != second.sealed


def test_the_wrap_shows_neither_key_nor_password():
    text = cheap().to_json() + repr(cheap()).encode()
    assert IDENTITY.octets not in text
    assert IDENTITY.octets.hex().encode() not in text
    assert str(IDENTITY).encode() not in text
    assert PASSWORD.encode() not in text


@pytest.mark.parametrize(
    "change",
    [
        {"recipient": OTHER.recipient},
        {"reader_id": "custodian-8"},
        {"created_at": NOW + timedelta(microseconds=1)},
        {"cost": Cost(iterations=2, lanes=1, memory_kib=8)},
        {"cost": Cost(iterations=1, lanes=1, memory_kib=9)},
        {"salt": bytes(16)},
        {"sealed": bytes(48)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_wrap_with_any_fact_exchanged_opens_nothing(change):
    with pytest.raises(WrongVaultPasswordError):
        unwrap(replace(cheap(), **change), PASSWORD)


def test_a_wrap_that_holds_the_key_of_another_vault_is_not_trusted():
    forged = filled(replace(cheap(), recipient=OTHER.recipient), IDENTITY, PASSWORD)
    with pytest.raises(WrapDamagedError, match="another vault"):
        unwrap(forged, PASSWORD)


# The document


@given(st.text(min_size=1, max_size=200))
def test_a_wrap_reads_back_from_its_document(reader):
    try:
        canonical.encode(reader)
    except canonical.NotCanonicalError:
        return
    wrapped = cheap(reader=reader)
    assert WrappedKey.from_json(wrapped.to_json()) == wrapped


def test_any_bit_of_the_document_flipped_is_told_as_damage_and_not_as_a_wrong_password():
    document = cheap().to_json()
    for place in range(len(document) * 8):
        changed = bytearray(document)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(WrapDamagedError):
            WrappedKey.from_json(bytes(changed))


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "aigaq-wrapped-key/2"},
        {"extra": 1},
        {"reader": ""},
        {"reader": "x" * 201},
        {"reader": 7},
        {"recipient": "age1"},
        {"created_at": "2026-11-20T09:00:00+05:00"},
        {"created_at": "2026-11-20T04:00:00Z"},
        {"sealed": "00"},
        {"sealed": "zz" * 48},
        {"sealed": "AA" * 48},
        {"sealed": " " + "00" * 48},
        {"kdf": None},
        {"kdf": {}},
        {"kdf": {"name": "scrypt"}},
        {"kdf": {"iterations": 0}},
        {"kdf": {"iterations": 17}},
        {"kdf": {"iterations": True}},
        {"kdf": {"iterations": 1.5}},
        {"kdf": {"iterations": "1"}},
        {"kdf": {"lanes": 0}},
        {"kdf": {"lanes": 17, "memory_kib": 1000}},
        {"kdf": {"lanes": 2}},
        {"kdf": {"memory_kib": 7}},
        {"kdf": {"memory_kib": (1 << 20) + 1}},
        {"kdf": {"memory_kib": 100 << 20}},
        {"kdf": {"salt": "00" * 15}},
        {"kdf": {"secret": "x"}},
    ],
    ids=str,
)
def test_a_forged_document_is_refused_before_anything_is_derived(changes):
    document = json.loads(cheap().to_json())
    kdf = changes.get("kdf")
    document |= changes | ({"kdf": {**document["kdf"], **kdf} if kdf else kdf} if "kdf" in changes else {})
    with pytest.raises(WrapDamagedError):
        WrappedKey.from_json(rechecked(document))


def test_a_document_with_nothing_changed_passes_the_same_forgery():
    document = json.loads(cheap().to_json())
    assert unwrap(WrappedKey.from_json(rechecked(document)), PASSWORD) == IDENTITY


@pytest.mark.parametrize(
    "octets",
    [b"", b"null", b"[]", b"{}", b"7", b"\xff", b" " * (MAX_DOCUMENT + 1), b"[" * 3000, b'"\\ud800"'],
)
def test_what_is_no_document_is_refused(octets):
    with pytest.raises(WrapDamagedError):
        WrappedKey.from_json(octets)


def test_a_document_spelled_otherwise_is_refused():
    with pytest.raises(WrapDamagedError):
        WrappedKey.from_json(json.dumps(json.loads(cheap().to_json()), indent=1).encode())


@pytest.mark.parametrize(
    "cost",
    [Cost(0, 1, 8), Cost(1, 1, 7), Cost(1, 4, 31), Cost(1, 1, 100 << 20), Cost(99, 1, 8), Cost(1, 99, 9999)],
)
def test_a_cost_out_of_bounds_is_neither_written_nor_paid(cost):
    with pytest.raises(ValueError, match="out of bounds"):
        wrap(IDENTITY, PASSWORD, "head-1", NOW, cost)
    with pytest.raises(WrapDamagedError):
        unwrap(replace(cheap(), cost=cost), PASSWORD)


def test_an_instant_without_its_zone_is_refused():
    with pytest.raises(ValueError, match="out of bounds"):
        wrap(IDENTITY, PASSWORD, "head-1", NOW.replace(tzinfo=None), CHEAP)


# Passwords


@pytest.mark.parametrize(
    "password",
    [
        "төрт сөз осы жерде",
        "почта гвоздь облако",
        "Tr0ub4dor&3-and-on",
        "жаңбыр жауды ма?",
        "🔥 fire station 9 🔥",
    ],
)
def test_a_long_password_of_ones_own_is_accepted(password):
    check_vault_password(password)


@pytest.mark.parametrize(
    ("password", "error"),
    [
        ("", ShortVaultPasswordError),
        ("он бір таңба", None),
        ("он бір таңб", ShortVaultPasswordError),
        ("и\u0306" * 6 + "abcde", ShortVaultPasswordError),  # composed: eleven characters
        ("x" * 1025, LongVaultPasswordError),
        ("қазақ " * 94, LongVaultPasswordError),  # 1034 octets
        ("қазақ облысы" + "x" * 900, None),
        ("aaaaaaaaaaaaaaaa", CommonVaultPasswordError),
        ("abababababababab", CommonVaultPasswordError),
        ("abcdeabcdeabcde", CommonVaultPasswordError),
        ("123456789012", CommonVaultPasswordError),
        ("0987654321098765", CommonVaultPasswordError),
        ("qwertyuiop[]", CommonVaultPasswordError),
        ("ЙЦУКЕНГШЩЗХЪ", CommonVaultPasswordError),
        ("Password1234", CommonVaultPasswordError),
        ("ПарольПароль", CommonVaultPasswordError),
        ("  passwordpassword  ", CommonVaultPasswordError),
        ("line\nbreak in it", UnusableVaultPasswordError),
        ("zero\u200bwidth in it", UnusableVaultPasswordError),
        ("right\u202eto left in it", UnusableVaultPasswordError),
        ("half a pair \ud800 in it", UnusableVaultPasswordError),
        ("unassigned \u0378 in it", UnusableVaultPasswordError),
        ("private \ue000 in it", UnusableVaultPasswordError),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password, error):
    if error is None:
        check_vault_password(password)
        return
    with pytest.raises(error) as refused:
        check_vault_password(password)
    assert isinstance(refused.value, WeakVaultPasswordError)
    assert not password or password not in str(refused.value)


def test_letters_composed_or_not_and_any_kind_of_space_are_the_same_password():
    typed = "ёлка йод\u00a0сарай\u3000июнь"
    wrapped = cheap(unicodedata.normalize("NFD", typed))
    assert unwrap(wrapped, unicodedata.normalize("NFC", typed.replace("\u00a0", " "))) == IDENTITY


# The session

COOKIE, PROCESS = b"c" * 32, b"p" * 32
EXPIRES = NOW + timedelta(minutes=15)


def unlocked() -> bytes:
    return seal_for_session(IDENTITY, COOKIE, PROCESS, "session-a", EXPIRES)


def test_session_cookie_and_process_together_open_the_vault():
    assert open_for_session(unlocked(), COOKIE, PROCESS, "session-a", NOW) == IDENTITY


@pytest.mark.parametrize(
    ("cookie", "process", "session"),
    [
        (b"x" * 32, PROCESS, "session-a"),  # the session store, and somebody's cookie
        (COOKIE, b"x" * 32, "session-a"),  # the server was started again
        (COOKIE, PROCESS, "session-b"),  # copied into another session
        (PROCESS, COOKIE, "session-a"),
        (COOKIE[:31], PROCESS, "session-a"),
        (COOKIE + PROCESS[:1], PROCESS[1:], "session-a"),  # the same octets, cut elsewhere
        (b"", COOKIE + PROCESS, "session-a"),
        (COOKIE, b"", "session-a"),
        (COOKIE, PROCESS, ""),
    ],
)
def test_two_of_the_three_open_nothing(cookie, process, session):
    with pytest.raises(UnlockInvalidError):
        open_for_session(unlocked(), cookie, process, session, NOW)


def test_the_stored_octets_show_nothing_of_the_key():
    sealed = unlocked()
    assert IDENTITY.octets not in sealed
    assert COOKIE not in sealed
    assert PROCESS not in sealed
    assert sealed != unlocked()


def test_from_its_expiry_on_it_does_not_open():
    sealed, moment = unlocked(), timedelta(microseconds=1)
    assert open_for_session(sealed, COOKIE, PROCESS, "session-a", EXPIRES - moment) == IDENTITY
    for late in (EXPIRES, EXPIRES + moment, EXPIRES + timedelta(days=400)):
        with pytest.raises(UnlockExpiredError):
            open_for_session(sealed, COOKIE, PROCESS, "session-a", late)


def test_an_expiry_put_off_by_hand_does_not_open():
    sealed = bytearray(unlocked())
    sealed[17:25] = (1 << 62).to_bytes(8, "big")
    with pytest.raises(UnlockInvalidError):
        open_for_session(bytes(sealed), COOKIE, PROCESS, "session-a", NOW)


def test_any_bit_of_the_stored_octets_flipped_opens_nothing():
    for place in range(len(unlocked()) * 8):
        changed = bytearray(unlocked())
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(UnlockInvalidError):
            open_for_session(bytes(changed), COOKIE, PROCESS, "session-a", NOW)


@given(st.binary(max_size=100))
def test_octets_of_any_kind_open_nothing(sealed):
    with pytest.raises(UnlockInvalidError):
        open_for_session(sealed, COOKIE, PROCESS, "session-a", NOW)


@pytest.mark.parametrize("secrets", [(b"", PROCESS), (COOKIE, b"p" * 31), (COOKIE + b"x", PROCESS)])
def test_nothing_is_sealed_under_a_secret_of_the_wrong_length(secrets):
    with pytest.raises(ValueError, match="32 octets"):
        seal_for_session(IDENTITY, *secrets, "session-a", EXPIRES)
