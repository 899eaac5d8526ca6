"""Signing in and proving who one is; logins made, changed and disabled."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from aigaq.accounts.errors import (
    BadUsernameError,
    TooManyAttemptsError,
    UsernameTakenError,
    WeakPasswordError,
    WrongCredentialsError,
    WrongPasswordError,
)
from aigaq.accounts.models import FailedAttempt, User, login_name
from aigaq.accounts.rules import KEPT, is_login_name, source_of, wait_before_next
from aigaq.core.canonical import Json
from aigaq.ledger.services import NOBODY, By, Ledger
from aigaq.tlog.entry import Actor, ActorKind


@dataclass(frozen=True)
class Attempt:
    """A password that may now be tried. Until it is forgiven it counts as failed: a crash opens nothing."""

    subject: str
    purpose: str
    address: str


def by_user(user: User) -> By:
    """Somebody who acts as the holder of a login: signing in and out. For duties see `Standing.by`."""
    actor = Actor(kind=ActorKind.PERSON, id=str(user.pk), name=user.username)
    return By(actor=actor, right=None, division=None)


def check_new_login(username: str, password: str) -> None:
    """Raise `BadUsernameError` or `WeakPasswordError`, as `create_user` would, before anything is written."""
    name = login_name(username)
    if not is_login_name(name):
        raise BadUsernameError(username=username)
    _check_password(User(username=name), password)


def create_user(ledger: Ledger, by: By, *, username: str, password: str) -> User:
    """Raises `BadUsernameError`, `UsernameTakenError` or `WeakPasswordError`."""
    check_new_login(username, password)
    user = User(username=login_name(username), created_at=ledger.clock.now())
    user.set_password(password)
    with transaction.atomic():
        ledger.take_turn("account.created")
        if User.objects.filter(username=user.username).exists():
            raise UsernameTakenError(username=user.username)
        user.save(force_insert=True)
        ledger.append("account.created", by, _about(user))
    return user


def sign_in(ledger: Ledger, *, username: str, password: str, address: str) -> User:
    """The user, if that is their password and they are not disabled.

    Raises `WrongCredentialsError`, in the same words and after the same work whether the name or the
    password was wrong, or `TooManyAttemptsError`. Not to be called inside a transaction: a failure
    must be remembered whatever becomes of the caller.
    """
    name = login_name(username)
    attempt = admit(ledger, subject=_login_subject(name), purpose="sign-in", address=address)
    user = User.objects.filter(username=name).first()
    if not _is_password_of(user, password):
        # The name may be a password typed into the wrong field: only its keyed digest is kept.
        whom: dict[str, Json] = {"login": attempt.subject, "user": str(user.pk) if user else None}
        refuse(ledger, "account.sign-in-refused", NOBODY, {**whom, "address": address})
        raise WrongCredentialsError
    assert user is not None
    with transaction.atomic():
        forgive(attempt)
        ledger.append("account.signed-in", by_user(user), {**_about(user), "address": address})
    return user


def signed_out(ledger: Ledger, by: By) -> None:
    with transaction.atomic():
        ledger.append("account.signed-out", by, {})


def prove_identity(ledger: Ledger, user: User, password: str, *, purpose: str, address: str) -> None:
    """Return if `password` is the user's own and they are not disabled; for a signature on somebody's screen.

    Raises `WrongPasswordError` or `TooManyAttemptsError`; attempts count together with those at sign-in.
    Call it before the transaction of the act that is signed, for the reason given at `sign_in`.
    """
    attempt = admit(ledger, subject=_login_subject(user.username), purpose=purpose, address=address)
    if not _is_password_of(User.objects.filter(pk=user.pk).first(), password):
        about = {**_about(user), "purpose": purpose, "address": address}
        refuse(ledger, "account.proof-refused", NOBODY, about)
        raise WrongPasswordError
    with transaction.atomic():
        forgive(attempt)


def set_password(ledger: Ledger, by: By, user: User, new: str) -> None:
    """Give the user another password, which ends their sessions. Raises `WeakPasswordError`."""
    _check_password(user, new)
    user.set_password(new)
    with transaction.atomic():
        user.save(update_fields=["password"])
        ledger.append("account.password-set", by, _about(user))


def disable(ledger: Ledger, by: By, user: User) -> None:
    """Let the user sign in no more, and end their sessions at once. Doing it twice is done once."""
    _switch(ledger, by, user, "account.disabled", active=False)


def enable(ledger: Ledger, by: By, user: User) -> None:
    """Let a disabled user sign in again, in a new session."""
    _switch(ledger, by, user, "account.enabled", active=True)


def admit(ledger: Ledger, *, subject: str, purpose: str, address: str) -> Attempt:
    """Let one attempt through, or raise `TooManyAttemptsError`.

    `subject` is a digest of what is guessed at; where there is an address, what it is counted by counts too
    (`rules.source_of`). The attempt is written down before the password is looked at, so a hundred at once
    are not heard at once.
    """
    source = source_of(address)
    with transaction.atomic(durable=True):
        _wait_for_turn()
        now = ledger.clock.now()
        FailedAttempt.objects.filter(attempted_at__lte=now - KEPT).delete()
        seconds = wait_before_next(_times(subject=subject), now)
        if source:
            seconds = max(seconds, wait_before_next(_times(address=source), now))
        if not seconds:
            FailedAttempt.objects.create(subject=subject, purpose=purpose, address=source, attempted_at=now)
    if seconds:
        raise TooManyAttemptsError(seconds=seconds)
    return Attempt(subject, purpose, address)


def forgive(attempt: Attempt) -> None:
    """It was the right password: what failed on the same subject no longer counts."""
    FailedAttempt.objects.filter(subject=attempt.subject).delete()


def refuse(ledger: Ledger, kind: str, by: By, body: dict[str, Json]) -> None:
    """Enter a refusal, to stay whatever becomes of the caller: in a transaction of its own."""
    with transaction.atomic(durable=True):
        ledger.append(kind, by, body)


def secret_digest(purpose: str, text: str) -> str:
    """A digest that says nothing about `text` to whoever has the database without the installation's key."""
    return salted_hmac(f"aigaq.accounts.{purpose}", text, algorithm="sha256").hexdigest()


def _login_subject(name: str) -> str:
    return secret_digest("login", name)


def _times(**where: str) -> list[datetime]:
    return list(FailedAttempt.objects.filter(**where).values_list("attempted_at", flat=True))


def _is_password_of(user: User | None, password: str) -> bool:
    if user is None:
        make_password(password)  # as much work as a wrong password makes
        return False
    return user.check_password(password) and user.is_active


def _check_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPasswordError(reasons=" ".join(error.messages)) from error


def _switch(ledger: Ledger, by: By, user: User, kind: str, *, active: bool) -> None:
    with transaction.atomic():
        changed = User.objects.filter(pk=user.pk, is_active=not active).update(
            is_active=active, session_epoch=F("session_epoch") + 1
        )
        if changed:
            ledger.append(kind, by, _about(user))
    user.refresh_from_db()


def _about(user: User) -> dict[str, Json]:
    return {"user": str(user.pk), "username": user.username}


def _wait_for_turn() -> None:
    connection = transaction.get_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE accounts_failedattempt IN SHARE ROW EXCLUSIVE MODE")
