"""The unlocked vault key for one browser session, sealed so that no single place can open it.

The session store keeps the sealed octets, the browser's cookie one secret, the server process another
that it makes at its start and never writes down. All three are needed; so a copy of the database, a
stolen cookie, or both together, open nothing, and a restart of the server locks the vault.
"""

import os
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from aigaq.errors import N_, AigaqError
from aigaq.vault.age import Identity
from aigaq.vault.age.x25519 import hkdf_sha256

SECRET_SIZE = 32
"""Octets of the cookie's secret, and of the process's."""
_VERSION = b"\x01"
_SALT = 16
_EXPIRY = 8
_HEAD = len(_VERSION) + _SALT + _EXPIRY
_SEALED = 32 + 16
_INFO = b"aigaq-session-unlock/1\x00"
_ZERO_NONCE = bytes(12)
"""Safe: every sealing has a fresh salt, so no derived key ever seals twice."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class UnlockInvalidError(AigaqError):
    """Not what this process sealed for this session and cookie."""

    code = "vault.locked"
    message = N_("The vault is locked. Enter the vault password to open it.")


class UnlockExpiredError(AigaqError):
    code = "vault.unlock-expired"
    message = N_("The vault has locked itself because its time ran out. Enter the vault password to go on.")


def seal_for_session(
    identity: Identity, cookie_secret: bytes, process_secret: bytes, session_id: str, expires_at: datetime
) -> bytes:
    """`identity` until `expires_at`, for the session store. Both secrets are `SECRET_SIZE` random octets."""
    expiry = (expires_at - _EPOCH) // _MICROSECOND
    head = _VERSION + os.urandom(_SALT) + expiry.to_bytes(_EXPIRY, "big")
    cipher = _cipher(cookie_secret, process_secret, session_id, head)
    return head + cipher.encrypt(_ZERO_NONCE, identity.octets, head)


def open_for_session(
    sealed: bytes, cookie_secret: bytes, process_secret: bytes, session_id: str, now: datetime
) -> Identity:
    """What `seal_for_session` sealed.

    Raises `UnlockInvalidError` unless it is unchanged and all else is the same, then
    `UnlockExpiredError` from `expires_at` on.
    """
    if len(sealed) != _HEAD + _SEALED or not sealed.startswith(_VERSION):
        raise UnlockInvalidError
    head = sealed[:_HEAD]
    try:
        cipher = _cipher(cookie_secret, process_secret, session_id, head)
        octets = cipher.decrypt(_ZERO_NONCE, sealed[_HEAD:], head)
    except (InvalidTag, ValueError):
        raise UnlockInvalidError from None
    if (now - _EPOCH) // _MICROSECOND >= int.from_bytes(head[-_EXPIRY:], "big"):
        raise UnlockExpiredError
    return Identity(octets)


def _cipher(cookie_secret: bytes, process_secret: bytes, session_id: str, head: bytes) -> ChaCha20Poly1305:
    # Of fixed length, so that the two put together have one meaning.
    if len(cookie_secret) != SECRET_SIZE or len(process_secret) != SECRET_SIZE or not session_id:
        raise ValueError("both secrets have 32 octets, and a session has a name")
    salt = head[len(_VERSION) : -_EXPIRY]
    return ChaCha20Poly1305(hkdf_sha256(cookie_secret + process_secret, salt, _INFO + session_id.encode()))
