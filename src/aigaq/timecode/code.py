"""The text of one code: for one second, of one showing, on one row."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, Self

from aigaq.errors import N_, BadInputError
from aigaq.tlog.checkpoint import Signer, VerifierKey

PREFIX: Final = "AIGAQ-T"
"""What every code begins with, of this format and of later ones."""
NAME_LENGTH: Final = 5
"""Characters of base32 that stand for the ledger: 25 bits tell installations apart, and prove nothing."""
SECRET_SIZE: Final = 10
"""Octets. Nobody can try guesses without all the other leaves; `docs/decisions/0020-time-code.md`."""
LONGEST: Final = 64
"""Characters of the longest text there is."""

_FORM = re.compile(
    r"AIGAQ-T1/(?P<ledger>[A-Z2-7]{5})/(?P<showing>[1-9][0-9]{0,8})/(?P<purpose>[IR])(?P<row>[1-9][0-9]{0,5})"
    r"/(?P<at>[0-9]{6}T[0-9]{6}Z)/(?P<secret>[A-Z2-7]{16})",
    re.ASCII,
)
_AT = "%y%m%dT%H%M%SZ"
_KEY_MESSAGE = b"aigaq-time-code-key/1\n"


class Purpose(StrEnum):
    """At which act of the row it is shown. Published codes: they never change."""

    ISSUE = "issue"
    RETURN = "return"


_LETTERS = {Purpose.ISSUE: "I", Purpose.RETURN: "R"}
_PURPOSES = {letter: purpose for purpose, letter in _LETTERS.items()}


class MalformedCodeError(BadInputError):
    code = "timecode.malformed"
    message = N_("“{text}” begins like a time code of Aigaq and is none.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What a code says. Nothing of it is believed before it was compared with what was made."""

    ledger: str
    showing: int
    purpose: Purpose
    row: int
    """The row's number in its book."""
    at: datetime
    """The beginning of its second, by the server's clock."""
    secret: str

    @property
    def text(self) -> str:
        return unproven(self.ledger, self.showing, self.purpose, self.row, self.at) + self.secret

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raise `MalformedCodeError` on anything that `text` would not give."""
        found = _FORM.fullmatch(text) if len(text) <= LONGEST else None
        try:
            at = datetime.strptime(found["at"], _AT).replace(tzinfo=UTC) if found else None
        except ValueError:
            at = None
        if found is None or at is None:
            raise MalformedCodeError(text=text[:LONGEST])
        code = cls(
            ledger=found["ledger"],
            showing=int(found["showing"]),
            purpose=_PURPOSES[found["purpose"]],
            row=int(found["row"]),
            at=at,
            secret=found["secret"],
        )
        if code.text != text:
            raise MalformedCodeError(text=text)
        return code


def unproven(ledger: str, showing: int, purpose: Purpose, row: int, at: datetime) -> str:
    """The text up to its secret. Years are of this century."""
    return f"AIGAQ-T1/{ledger}/{showing}/{_LETTERS[purpose]}{row}/{at.astimezone(UTC).strftime(_AT)}/"


def secret_of(key: bytes, said: str) -> str:
    """What only the holder of `key` can put behind the text `said`."""
    digest = hmac.new(key, said.encode("ascii"), hashlib.sha256).digest()
    return base64.b32encode(digest[:SECRET_SIZE]).decode("ascii")


def key_of(signer: Signer) -> bytes:
    """The key of all codes of a ledger, from the ledger's own: an Ed25519 signature is the same each time.

    (RFC 8032, 5.1.6.) So there is no second key to keep, and every process has the same.
    """
    return hashlib.sha256(signer.sign(_KEY_MESSAGE)).digest()


def name_of(key: VerifierKey) -> str:
    """How codes call the ledger whose key this is."""
    return base64.b32encode(key.key_id).decode("ascii")[:NAME_LENGTH]
