"""Opening the vault for a while, and the entry of every look into it."""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from aigaq.access import looks
from aigaq.access.errors import ChangedKeyError, NotAReaderError, VaultExpiredError, VaultLockedError
from aigaq.access.models import KeyWrap
from aigaq.access.rules import refusal_to_read, refusal_to_remove
from aigaq.accounts.models import User
from aigaq.accounts.services import admit, forgive, refuse, secret_digest
from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import By, Ledger
from aigaq.tlog.entry import Entry
from aigaq.vault.age import Identity, Recipient
from aigaq.vault.keys import (
    SECRET_SIZE,
    UnlockExpiredError,
    UnlockInvalidError,
    WrappedKey,
    WrongVaultPasswordError,
    open_for_session,
    seal_for_session,
    unwrap,
    wrap,
)

ROTATED: Final = "vault.rotated"


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The open vault in three parts: `sealed` for the session store, the secret for the cookie.

    The third is the secret of the process. None opens anything without the other two. `mark` tells the
    wrap that it was opened with (`still_reads`). `viewing` names this opening in the entry of every look
    through it.
    """

    sealed: str
    cookie_secret: str
    expires_at: datetime
    mark: str
    viewing: UUID


@dataclass(frozen=True, slots=True)
class NewWrap:
    """The vault's key wrapped for `user`, not stored yet."""

    user: User
    wrapped: str
    recipient: str
    way: str = ""
    """What its entry tells: ``recovery-key``, ``rotated``; empty: it came by a reader's vault password."""


def wrapped_for(
    ledger: Ledger, user: User, identity: Identity, vault_password: str, *, way: str = ""
) -> NewWrap:
    """Takes its time, so not within a transaction. Raises a `WeakVaultPasswordError`."""
    document = wrap(identity, vault_password, str(user.pk), ledger.clock.now()).to_json().decode()
    return NewWrap(user, document, str(identity.recipient), way)


def enter_reader(ledger: Ledger, by: By, new: NewWrap) -> KeyWrap:
    """Store the wrap, in the place of an earlier one of theirs, within the caller's transaction."""
    ledger.take_turn("access.reader-added")
    key_wrap, is_new = KeyWrap.objects.update_or_create(
        reader=new.user, defaults={"wrapped": new.wrapped, "created_at": ledger.clock.now()}
    )
    about: dict[str, Json] = {**_about(new.user), "recipient": new.recipient, "replaced": not is_new}
    if new.way:
        about["way"] = new.way
    ledger.append("access.reader-added", by, about)
    return key_wrap


def add_reader(ledger: Ledger, by: By, user: User, identity: Identity, vault_password: str) -> KeyWrap:
    """Wrap the vault's key for `user`'s own vault password, in the place of an earlier wrap of theirs.

    Raises a `WeakVaultPasswordError`. Whoever calls has the identity, so has opened the vault already.
    """
    new = wrapped_for(ledger, user, identity, vault_password)
    with transaction.atomic():
        return enter_reader(ledger, by, new)


def remove_reader(ledger: Ledger, by: By, user: User, why: Mapping[str, Json] | None = None) -> bool:
    """Throw the user's wrap away; whether there was one. The entry tells `why`. Raises `LastReaderError`."""
    with transaction.atomic():
        ledger.take_turn("access.reader-removed")
        others = KeyWrap.objects.exclude(reader=user).count()
        refusal = refusal_to_remove(user.username, others=others)
        if refusal is not None:
            raise refusal
        removed, _ = KeyWrap.objects.filter(reader=user).delete()
        if removed:
            ledger.append("access.reader-removed", by, {**_about(user), **(why or {})})
    return bool(removed)


def rotate(
    ledger: Ledger, by: By, previous: Recipient, recipient: Recipient, wraps: Sequence[NewWrap]
) -> None:
    """Another key of the vault from now on, wrapped anew for those readers who are here.

    Who is not keeps the earlier key, and with it the recordings that were stored until now. The earlier key
    is in the vault by then, sealed to the new one. Raises `ChangedKeyError` where it was changed meanwhile.
    """
    with transaction.atomic(durable=True):
        ledger.take_turn(ROTATED)
        present = newest_recipient()
        if present not in (None, str(previous)):
            raise ChangedKeyError
        here = {new.user.pk for new in wraps}
        waiting = KeyWrap.objects.exclude(reader__in=here).order_by("reader__username")
        about: dict[str, Json] = {
            "previous": str(previous),
            "recipient": str(recipient),
            "waiting": list(waiting.values_list("reader__username", flat=True)),
        }
        ledger.append(ROTATED, by, about)
        for new in wraps:
            enter_reader(ledger, by, replace(new, way="rotated"))


def newest_recipient() -> str | None:
    """The recipient of the vault's newest key; None while it has the one that it was made with."""
    # Asked for often, and they are a handful: without order and limit, for which a database may rather go
    # through all entries from the newest one down.
    rotated = LedgerEntry.objects.filter(kind=ROTATED)
    newest = max(rotated, key=lambda entry: entry.seq, default=None)
    return str(Entry.parse(newest.entry.encode()).body["recipient"]) if newest else None


def still_reads(user: User, mark: str) -> bool:
    """The wrap that a vault was opened with is there yet, and its reader may sign in."""
    wrapped = KeyWrap.objects.filter(reader=user, reader__is_active=True).values_list("wrapped", flat=True)
    return any(_mark(one) == mark for one in wrapped)


def unlock(
    ledger: Ledger,
    by: By,
    user: User,
    vault_password: str,
    *,
    process_secret: bytes,
    session_id: str,
    address: str,
) -> Unlocked:
    """Open the vault for one browser session and `UNLOCK_SECONDS`. Raises as `identify`."""
    identity, key_wrap = _identified(ledger, by, user, vault_password, address=address)
    expires_at = ledger.clock.now() + timedelta(seconds=settings.UNLOCK_SECONDS)
    secret = token_bytes(SECRET_SIZE)
    sealed = seal_for_session(identity, secret, process_secret, session_id, expires_at)
    with transaction.atomic(durable=True):
        ledger.take_turn("access.unlocked")
        # The password took its time; meanwhile this wrap may have been taken away.
        if not KeyWrap.objects.filter(pk=key_wrap.pk, wrapped=key_wrap.wrapped).exists():
            raise NotAReaderError
        viewing = uuid4()
        about: dict[str, Json] = {
            **_about(user),
            "address": address,
            "until": rfc3339(expires_at),
            "viewing": str(viewing),
        }
        looks.enter(ledger, by, "unlocked", about)
    return Unlocked(_encoded(sealed), _encoded(secret), expires_at, _mark(key_wrap.wrapped), viewing)


def identify(ledger: Ledger, by: By, user: User, vault_password: str, *, address: str) -> Identity:
    """The vault's key for a reader who says their vault password; the caller enters what it is used for.

    Raises `NotAReaderError`, `WrongVaultPasswordError`, `TooManyAttemptsError` or `WrapDamagedError`. Not
    to be called inside a transaction: a wrong password must be remembered whatever becomes of the caller.
    """
    return _identified(ledger, by, user, vault_password, address=address)[0]


def _identified(
    ledger: Ledger, by: By, user: User, vault_password: str, *, address: str
) -> tuple[Identity, KeyWrap]:
    key_wrap = KeyWrap.objects.filter(reader=user).first()
    refusal = refusal_to_read(by, is_active=user.is_active, has_wrap=key_wrap is not None)
    about = {**_about(user), "address": address}
    if refusal is not None:
        refuse(ledger, "access.unlock-refused", by, {**about, "reason": "no right"})
        raise refusal
    assert key_wrap is not None
    subject = secret_digest("vault", str(user.pk))
    attempt = admit(ledger, subject=subject, purpose="vault", address=address)
    try:
        identity = unwrap(WrappedKey.from_json(key_wrap.wrapped.encode()), vault_password)
    except WrongVaultPasswordError:
        refuse(ledger, "access.unlock-refused", by, {**about, "reason": "wrong password"})
        raise
    with transaction.atomic():
        forgive(attempt)
    return identity, key_wrap


def opened(
    unlocked_sealed: str, cookie_secret: str, *, process_secret: bytes, session_id: str, now: datetime
) -> Identity:
    """The vault's key, if all three parts belong together and to this session. Raises `VaultLockedError`."""
    try:
        sealed, secret = _decoded(unlocked_sealed), _decoded(cookie_secret)
        return open_for_session(sealed, secret, process_secret, session_id, now)
    except UnlockExpiredError:
        raise VaultExpiredError(reason="expired") from None
    except (UnlockInvalidError, ValueError):
        raise VaultLockedError(reason="locked") from None


def locked(ledger: Ledger, by: By, reason: str) -> None:
    """The vault was locked again before its time: `reason` is a word, ``asked`` or ``signed-out``."""
    with transaction.atomic():
        ledger.append("access.locked", by, {"reason": reason})


def _mark(wrapped: str) -> str:
    return hashlib.sha256(wrapped.encode()).hexdigest()


def _about(user: User) -> dict[str, Json]:
    return {"user": str(user.pk), "username": user.username}


def _encoded(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode("ascii").rstrip("=")


def _decoded(text: str) -> bytes:
    """Raises ``ValueError``; base64url without padding (RFC 4648 section 5)."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
