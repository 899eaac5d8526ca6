"""The vault's identity under one reader's password: a small document, safe to store and to back up."""

import hashlib
import os
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from aigaq.core import canonical
from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.errors import N_, AigaqError
from aigaq.vault.age import AgeKeyError, Identity, Recipient
from aigaq.vault.keys.passwords import WeakVaultPasswordError, check_vault_password, password_octets

FORMAT = "aigaq-wrapped-key/1"
MAX_DOCUMENT = 4096
"""Octets of a wrapped key as JSON; ours have about 600."""
MAX_READER = 200
"""Characters of a reader's id."""
MAX_ITERATIONS = 16
MAX_LANES = 16
MAX_MEMORY_KIB = 1 << 20
"""1 GiB. A document that asks for more is refused before any of it is taken."""
SALT = 16
_KEY = 32
_SEALED = _KEY + 16
_ZERO_NONCE = bytes(12)
"""Safe: every wrap has a fresh salt, so no derived key ever seals twice."""


class WrongVaultPasswordError(AigaqError):
    code = "vault.wrong-password"
    message = N_("The vault password is wrong. Check the keyboard language and Caps Lock, and try again.")


class WrapDamagedError(AigaqError):
    code = "vault.wrap-damaged"
    message = N_(
        "The stored vault key of this reader is damaged ({reason}). Restore it from a backup, "
        "or have the other reader give this one access again."
    )


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess at a password costs (Argon2id, RFC 9106 section 3.1)."""

    iterations: int
    lanes: int
    memory_kib: int

    def is_bounded(self) -> bool:
        """Neither below what Argon2id allows, nor so much that a forged document could stop the server."""
        return (
            1 <= self.iterations <= MAX_ITERATIONS
            and 1 <= self.lanes <= MAX_LANES
            and 8 * self.lanes <= self.memory_kib <= MAX_MEMORY_KIB
        )


RECOMMENDED = Cost(iterations=3, lanes=4, memory_kib=65536)
"""RFC 9106 section 4, the second recommended option: 64 MiB, three passes; above OWASP's minimum."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """Public, but for what is `sealed`. All else is bound to it: a change of any of it opens nothing."""

    recipient: Recipient
    """Of the vault: which key this is."""
    reader_id: str
    created_at: datetime
    cost: Cost
    salt: bytes
    sealed: bytes

    def to_json(self) -> bytes:
        """Canonical JSON, ending in a checksum that tells damage from a wrong password."""
        facts = self._facts() | {"sealed": self.sealed.hex()}
        return canonical.encode(facts | {"checksum": _checksum(facts)})

    @classmethod
    def from_json(cls, octets: bytes) -> Self:
        """The inverse of `to_json`; `WrapDamagedError` on anything that it would not have written."""
        if len(octets) > MAX_DOCUMENT:
            raise WrapDamagedError(reason="it is too long")
        try:
            document = canonical.decode(octets)
        except canonical.NotCanonicalError:
            raise WrapDamagedError(reason="it is not canonical JSON") from None
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise WrapDamagedError(reason="it is of another format")
        if document.pop("checksum", None) != _checksum(document):
            raise WrapDamagedError(reason="its checksum does not match")
        try:
            wrapped = cls._from_document(document)
        except (AgeKeyError, KeyError, TypeError, ValueError):
            raise WrapDamagedError(reason="a value is malformed") from None
        if wrapped.to_json() != octets or not wrapped.is_sound():
            raise WrapDamagedError(reason="a value is out of bounds")
        return wrapped

    @classmethod
    def _from_document(cls, document: dict[str, canonical.Json]) -> Self:
        kdf = document["kdf"]
        if not isinstance(kdf, dict):
            raise TypeError
        return cls(
            Recipient.parse(_text(document["recipient"])),
            _text(document["reader"]),
            parse_rfc3339(_text(document["created_at"])),
            Cost(_count(kdf["iterations"]), _count(kdf["lanes"]), _count(kdf["memory_kib"])),
            bytes.fromhex(_text(kdf["salt"])),
            bytes.fromhex(_text(document["sealed"])),
        )

    def is_sound(self) -> bool:
        return (
            self.cost.is_bounded()
            and len(self.salt) == SALT
            and len(self.sealed) == _SEALED
            and 1 <= len(self.reader_id) <= MAX_READER
            and self.created_at.tzinfo is not None
        )

    def bound(self) -> bytes:
        """The associated data: everything public."""
        return canonical.encode(self._facts())

    def _facts(self) -> dict[str, canonical.Json]:
        return {
            "created_at": rfc3339(self.created_at),
            "format": FORMAT,
            "kdf": {
                "iterations": self.cost.iterations,
                "lanes": self.cost.lanes,
                "memory_kib": self.cost.memory_kib,
                "name": "argon2id",
                "salt": self.salt.hex(),
            },
            "reader": self.reader_id,
            "recipient": str(self.recipient),
        }


def wrap(
    identity: Identity, password: str, reader_id: str, created_at: datetime, cost: Cost = RECOMMENDED
) -> WrappedKey:
    """`identity` for the reader `reader_id` alone, under `password`.

    Raises a `WeakVaultPasswordError` if the password may not guard the vault; ``ValueError`` if a
    fact or `cost` is out of bounds.
    """
    check_vault_password(password)
    facts = WrappedKey(identity.recipient, reader_id, created_at, cost, os.urandom(SALT), bytes(_SEALED))
    return filled(facts, identity, password)


def filled(facts: WrappedKey, identity: Identity, password: str) -> WrappedKey:
    """`facts` with `identity` sealed in. Apart from `wrap` for the frozen vectors; never use a salt twice."""
    if not facts.is_sound():
        raise ValueError("a fact of the wrap is out of bounds")
    cipher = ChaCha20Poly1305(_derived(password, facts))
    return replace(facts, sealed=cipher.encrypt(_ZERO_NONCE, identity.octets, facts.bound()))


def unwrap(wrapped: WrappedKey, password: str) -> Identity:
    """The vault's identity; takes as long as `wrapped.cost` asks.

    Raises `WrongVaultPasswordError` (also where the document was changed and its checksum with it),
    or `WrapDamagedError`.
    """
    if not wrapped.is_sound():
        raise WrapDamagedError(reason="a value is out of bounds")
    try:
        cipher = ChaCha20Poly1305(_derived(password, wrapped))
        identity = Identity(cipher.decrypt(_ZERO_NONCE, wrapped.sealed, wrapped.bound()))
    except (InvalidTag, WeakVaultPasswordError):
        # Not chained: a trace that is logged must not hold what was typed.
        raise WrongVaultPasswordError from None
    if identity.recipient != wrapped.recipient:
        raise WrapDamagedError(reason="it holds the key of another vault")
    return identity


def _derived(password: str, wrapped: WrappedKey) -> bytes:
    cost = wrapped.cost
    return Argon2id(
        salt=wrapped.salt,
        length=_KEY,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    ).derive(password_octets(password))


def _checksum(facts: dict[str, canonical.Json]) -> str:
    return hashlib.sha256(canonical.encode(facts)).hexdigest()


def _text(value: canonical.Json) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _count(value: canonical.Json) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value
