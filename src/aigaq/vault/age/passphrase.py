"""The scrypt recipient of age: a file for whoever knows a passphrase, on its way out of the office.

Source: C2SP age, "The scrypt recipient type".
"""

import os
import re
import secrets
from dataclasses import dataclass, field
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from aigaq.vault.age.errors import AgeHeaderError, AgePassphraseError, WeakPassphraseError
from aigaq.vault.age.header import Stanza, base64_decoded, base64_encoded

STANZA_TYPE = "scrypt"
WORK_FACTOR: Final = 18
"""Of what we write: 256 MiB and about a second for each guess, as the age program has it."""
MOST_WORK: Final = 20
"""Of what we read: 1 GiB. The file says how much is to be done, and whoever wrote it may mean harm."""
LEAST_LENGTH: Final = 16
"""Characters. A file that is out of the house can be guessed at for years, by many machines."""

_SALT_SIZE: Final = 16
_KEY_SIZE: Final = 32
_WRAPPED_SIZE: Final = 16 + 16
_LABEL: Final = b"age-encryption.org/v1/scrypt"
_ZERO_NONCE: Final = bytes(12)
_WORK: Final = re.compile(r"[1-9][0-9]?")
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base32: nothing in it is taken for something else when it is read out or copied from paper."""
_GROUPS: Final = 5
_GROUP: Final = 5


@dataclass(frozen=True, slots=True)
class Passphrase:
    """Both who a file is encrypted to and who opens it. ``repr()`` does not show it."""

    text: str = field(repr=False)
    work_factor: int = WORK_FACTOR
    """Of what is written with it: the binary logarithm of scrypt's N."""

    @classmethod
    def generate(cls) -> Self:
        """One that nobody guesses (125 bits), in groups that can be told by telephone."""
        groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
        return cls("-".join(groups))

    @classmethod
    def chosen(cls, text: str) -> Self:
        """One that a person thought of; `WeakPassphraseError` if it is short or can't be typed anywhere."""
        if len(text) < LEAST_LENGTH or text != text.strip() or not text.isprintable():
            raise WeakPassphraseError(least=LEAST_LENGTH)
        return cls(text)

    def wrap(self, file_key: bytes) -> Stanza:
        """`file_key` wrapped under a fresh salt. It has to be the only stanza of its header."""
        salt = os.urandom(_SALT_SIZE)
        body = ChaCha20Poly1305(self._key(salt, self.work_factor)).encrypt(_ZERO_NONCE, file_key, None)
        return Stanza((STANZA_TYPE, base64_encoded(salt), str(self.work_factor)), body)

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, or ``None`` if `stanza` is none of a passphrase.

        `AgeHeaderError` if it is malformed or asks for too much, `AgePassphraseError` if it is another's.
        """
        if stanza.arguments[0] != STANZA_TYPE:
            return None
        salt, work = _told(stanza)
        try:
            return ChaCha20Poly1305(self._key(salt, work)).decrypt(_ZERO_NONCE, stanza.body, None)
        except InvalidTag:
            raise AgePassphraseError from None

    def _key(self, salt: bytes, work: int) -> bytes:
        return Scrypt(_LABEL + salt, _KEY_SIZE, n=1 << work, r=8, p=1).derive(self.text.encode("utf-8"))


def _told(stanza: Stanza) -> tuple[bytes, int]:
    """Salt and work factor."""
    if len(stanza.arguments) != 3:  # noqa: PLR2004 - the type, the salt, the work
        raise AgeHeaderError(reason="a scrypt stanza has the wrong number of arguments")
    salt = base64_decoded(stanza.arguments[1])
    if len(salt) != _SALT_SIZE:
        raise AgeHeaderError(reason="a scrypt salt is not 16 bytes long")
    if not _WORK.fullmatch(stanza.arguments[2]):
        raise AgeHeaderError(reason="a scrypt work factor is no number from 1 on")
    work = int(stanza.arguments[2])
    if work > MOST_WORK:
        raise AgeHeaderError(reason="its passphrase takes more memory to try than is allowed")
    # Before decrypting, as of the other type: a body of another length would be a partitioning oracle.
    if len(stanza.body) != _WRAPPED_SIZE:
        raise AgeHeaderError(reason="a scrypt stanza does not hold a key of 16 bytes")
    return salt, work
