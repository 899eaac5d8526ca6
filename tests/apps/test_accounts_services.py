"""Signing in, proving who one is, and what ends a session."""

import json
import statistics
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import override_settings

from aigaq.accounts import services
from aigaq.accounts.errors import (
    BadUsernameError,
    TooManyAttemptsError,
    UsernameTakenError,
    WeakPasswordError,
    WrongCredentialsError,
    WrongPasswordError,
)
from aigaq.accounts.models import FailedAttempt, User
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE

PASSWORD = "төрт сөзден тұратын құпия"
HERE, THERE = "10.0.0.7", "10.0.0.8"

pytestmark = pytest.mark.django_db


@pytest.fixture
def aigerim(ledger, db):
    return services.create_user(ledger, MACHINE, username="Aigerim", password=PASSWORD)


def entries(kind):
    return [
        json.loads(text)
        for text in LedgerEntry.objects.filter(kind=kind).order_by("seq").values_list("entry", flat=True)
    ]


def sign_in(ledger, username="aigerim", password=PASSWORD, address=HERE):
    return services.sign_in(ledger, username=username, password=password, address=address)


def fail(ledger, times, username="aigerim", address=HERE):
    """Wrong passwords, each as soon as it is heard."""
    for _ in range(times):
        while True:
            try:
                sign_in(ledger, username, "wrong", address)
            except TooManyAttemptsError as error:
                ledger.clock.instant += timedelta(seconds=error.details["seconds"])
            except WrongCredentialsError:
                break


def test_the_right_password_signs_in_and_is_entered(ledger, aigerim):
    assert sign_in(ledger) == aigerim
    (entry,) = entries("account.signed-in")
    assert entry["actor"] == {"kind": "person", "id": str(aigerim.pk), "name": "aigerim"}
    assert entry["body"]["address"] == HERE


@pytest.mark.parametrize("typed", ["AIGERIM", " aigerim ", "ａｉｇｅｒｉｍ"])
def test_the_login_name_is_the_same_however_it_is_typed(ledger, aigerim, typed):
    assert sign_in(ledger, typed) == aigerim


@pytest.mark.parametrize("typed", ["Әлия", "ӘЛИЯ", "әлия"])
def test_kazakh_letters_have_no_case_in_a_login_name(ledger, typed):
    user = services.create_user(ledger, MACHINE, username="әЛИЯ", password=PASSWORD)
    assert sign_in(ledger, typed) == user


def test_signing_out_is_entered(ledger, aigerim):
    services.signed_out(ledger, services.by_user(aigerim))
    (entry,) = entries("account.signed-out")
    assert entry["actor"]["name"] == "aigerim"


def test_a_wrong_password_and_an_unknown_name_are_told_the_same(ledger, aigerim):
    with pytest.raises(WrongCredentialsError) as wrong:
        sign_in(ledger, password="wrong")
    with pytest.raises(WrongCredentialsError) as unknown:
        sign_in(ledger, "nobody", "wrong")
    assert (str(wrong.value), wrong.value.details) == (str(unknown.value), unknown.value.details)
    assert wrong.value.code == unknown.value.code


def test_refusals_are_entered_without_what_was_typed(ledger, aigerim):
    for name in ("aigerim", "Қауіпсіз-құпия-2026"):
        with pytest.raises(WrongCredentialsError):
            sign_in(ledger, name, "wrong")
    known, unknown = entries("account.sign-in-refused")
    assert known["body"]["user"] == str(aigerim.pk)
    assert unknown["body"]["user"] is None
    assert known["actor"]["kind"] == unknown["actor"]["kind"] == "unknown"
    written = "".join(LedgerEntry.objects.values_list("entry", flat=True)) + "".join(
        FailedAttempt.objects.values_list("subject", flat=True)
    )
    assert "құпия" not in written.casefold()


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"])
def test_an_unknown_name_takes_as_long_as_a_wrong_password(ledger):
    services.create_user(ledger, MACHINE, username="aigerim", password=PASSWORD)

    def seconds(username, n):
        begun = time.perf_counter()
        with pytest.raises(WrongCredentialsError):
            sign_in(ledger, username, "wrong", address=f"10.1.{len(username)}.{n}")
        ledger.clock.instant += timedelta(hours=1)
        return time.perf_counter() - begun

    known, unknown = ([seconds(name, n) for n in range(5)] for name in ("aigerim", "nobody"))
    assert 0.6 < statistics.median(known) / statistics.median(unknown) < 1.6, (known, unknown)


def test_ten_wrong_passwords_lock_the_name_for_a_quarter_of_an_hour_right_password_or_not(ledger, aigerim):
    fail(ledger, 10)
    with pytest.raises(TooManyAttemptsError) as locked:
        sign_in(ledger)
    assert locked.value.details["seconds"] == 15 * 60
    ledger.clock.instant += timedelta(minutes=15, seconds=-1)
    with pytest.raises(TooManyAttemptsError):
        sign_in(ledger)
    ledger.clock.instant += timedelta(seconds=1)
    assert sign_in(ledger) == aigerim


def test_an_unknown_name_is_slowed_and_locked_alike(ledger, aigerim):
    fail(ledger, 10, username="nobody")
    with pytest.raises(TooManyAttemptsError) as locked:
        sign_in(ledger, "nobody", address=THERE)
    assert locked.value.details["seconds"] == 15 * 60


def test_the_name_is_locked_from_every_address(ledger, aigerim):
    for n in range(10):
        fail(ledger, 1, address=f"10.2.0.{n}")
    with pytest.raises(TooManyAttemptsError):
        sign_in(ledger, address=THERE)


def test_one_address_that_guesses_at_many_names_is_locked(ledger, aigerim):
    for n in range(10):
        fail(ledger, 1, username=f"guess{n}")
    with pytest.raises(TooManyAttemptsError):
        sign_in(ledger)
    assert sign_in(ledger, address=THERE) == aigerim


def test_one_customer_with_a_network_of_addresses_is_locked_as_one(ledger, aigerim):
    for n in range(10):
        fail(ledger, 1, username=f"guess{n}", address=f"2001:db8:1:2:{n}::{n}")
    with pytest.raises(TooManyAttemptsError):
        sign_in(ledger, address="2001:db8:1:2:ffff::1")
    assert sign_in(ledger, address="2001:db8:1:3::1") == aigerim
    assert entries("account.sign-in-refused")[9]["body"]["address"] == "2001:db8:1:2:9::9", "told as it was"


def test_the_right_password_forgives_its_own_name_only(ledger, aigerim):
    services.create_user(ledger, MACHINE, username="daniyar", password=PASSWORD)
    fail(ledger, 2)
    fail(ledger, 2, username="daniyar", address=THERE)
    sign_in(ledger)
    assert FailedAttempt.objects.count() == 2


def test_a_signature_counts_with_the_sign_in_of_the_same_person(ledger, aigerim):
    fail(ledger, 9)
    ledger.clock.instant += timedelta(seconds=128)
    with pytest.raises(WrongPasswordError):
        services.prove_identity(ledger, aigerim, "wrong", purpose="signature", address=THERE)
    with pytest.raises(TooManyAttemptsError):
        services.prove_identity(ledger, aigerim, PASSWORD, purpose="signature", address="10.0.0.9")
    (entry,) = entries("account.proof-refused")
    assert entry["body"]["purpose"] == "signature"


def test_ones_own_password_proves_who_one_is(ledger, aigerim):
    services.prove_identity(ledger, aigerim, PASSWORD, purpose="signature", address=HERE)
    assert not FailedAttempt.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_proof_inside_the_act_is_refused_lest_its_failure_be_forgotten(ledger):
    user = services.create_user(ledger, MACHINE, username="aigerim", password=PASSWORD)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        services.prove_identity(ledger, user, "wrong", purpose="signature", address=HERE)


@pytest.mark.django_db(transaction=True)
def test_many_attempts_at_once_are_not_heard_at_once(ledger):
    services.create_user(ledger, MACHINE, username="aigerim", password=PASSWORD)
    heard = []

    def guess():
        try:
            sign_in(ledger, password="wrong")
        except (WrongCredentialsError, TooManyAttemptsError) as error:
            heard.append(type(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard.count(WrongCredentialsError) == 3
    assert heard.count(TooManyAttemptsError) == 9


def test_old_attempts_are_pruned(ledger, aigerim):
    fail(ledger, 3)
    ledger.clock.instant += timedelta(minutes=31)
    fail(ledger, 1, username="nobody")
    assert FailedAttempt.objects.count() == 1


def test_disabling_ends_the_sessions_and_the_sign_in(ledger, aigerim):
    before = aigerim.get_session_auth_hash()
    services.disable(ledger, MACHINE, aigerim)
    services.disable(ledger, MACHINE, aigerim)
    assert not aigerim.is_active
    assert aigerim.get_session_auth_hash() != before
    with pytest.raises(WrongCredentialsError):
        sign_in(ledger)
    with pytest.raises(WrongPasswordError):
        services.prove_identity(ledger, aigerim, PASSWORD, purpose="signature", address=HERE)
    assert len(entries("account.disabled")) == 1


def test_a_session_from_before_does_not_come_back_with_the_login(ledger, aigerim):
    before = aigerim.get_session_auth_hash()
    services.disable(ledger, MACHINE, aigerim)
    services.enable(ledger, MACHINE, aigerim)
    assert sign_in(ledger) == aigerim
    assert User.objects.get().get_session_auth_hash() != before


def test_a_new_password_ends_the_sessions(ledger, aigerim):
    before = aigerim.get_session_auth_hash()
    services.set_password(ledger, MACHINE, aigerim, PASSWORD)
    assert User.objects.get().get_session_auth_hash() != before
    assert len(entries("account.password-set")) == 1


@pytest.mark.parametrize("password", ["short", "password1234", "qwertyuiopas", ""])
def test_weak_passwords_are_refused_with_the_reasons(ledger, aigerim, password):
    if password == "qwertyuiopas":
        password = "1q2w3e4r5t6y"
    with pytest.raises(WeakPasswordError) as refused:
        services.set_password(ledger, MACHINE, aigerim, password)
    assert refused.value.details["reasons"]
    assert sign_in(ledger) == aigerim


def test_a_login_name_is_given_once(ledger, aigerim):
    with pytest.raises(UsernameTakenError):
        services.create_user(ledger, MACHINE, username="AIGERIM", password=PASSWORD)


def test_a_login_name_is_a_name(ledger):
    with pytest.raises(BadUsernameError):
        services.create_user(ledger, MACHINE, username="-rf", password=PASSWORD)
