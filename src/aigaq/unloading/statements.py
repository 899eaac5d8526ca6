"""What a dock says of itself, signed with its own key: `docs/formats/dock-api.md`, "Enrolment" and "Session".

Made by the dock and read by the server, so both keep to one form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from aigaq.core.canonical import Json
from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.errors import N_, BadInputError, RefusedError
from aigaq.tlog.checkpoint import PUBLIC_KEY_SIZE, Signer, VerifierKey
from aigaq.unloading.envelope import (
    Envelope,
    MalformedEnvelopeError,
    base64_of,
    octets_of,
    sealed,
    unsealed,
)

ENROLMENT = "aigaq-dock-enrolment/1"
SESSION = "aigaq-dock-session/1"
LIMIT = 8 * 1024
"""Octets. A longer statement is not read."""
NAME_LIMIT = 64
CODE_LIMIT = 64
CHALLENGE_LIMIT = 512
AGENT_LIMIT = 32
"""Characters, all three."""


class MalformedStatementError(BadInputError):
    code = "dock.malformed"
    message = N_(
        "What the dock sent can't be read ({reason}). Server and dock may be of different versions: "
        "update the older one."
    )


class NotSignedError(RefusedError):
    code = "dock.not-signed"
    message = N_("The signature is not by this dock's key. If the dock was set up anew, enrol it again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentStatement:
    """A dock says: I hold this key, and somebody of the division gave me this code."""

    code: str
    name: str
    """Of the computer, for people."""
    public_key: bytes
    agent: str
    """The version of the program."""
    at: datetime
    """By the dock's clock, as all times here."""

    @property
    def body(self) -> dict[str, Json]:
        return {
            "format": ENROLMENT,
            "code": self.code,
            "name": self.name,
            "public_key": base64_of(self.public_key),
            "agent": self.agent,
            "at": rfc3339(self.at),
        }

    def signed(self, signer: Signer) -> bytes:
        return sealed(self.body, base64_of(signer.public_key), signer.sign)

    @classmethod
    def believe(cls, octets: bytes) -> Self:
        """Raise `MalformedStatementError`, or `NotSignedError` where the sender has not the key it names."""
        try:
            envelope = unsealed(octets, LIMIT)
            body = envelope.body
            statement = cls(
                code=_text(body, "code", CODE_LIMIT),
                name=_text(body, "name", NAME_LIMIT),
                public_key=octets_of(body.get("public_key")),
                agent=_text(body, "agent", AGENT_LIMIT),
                at=parse_rfc3339(_text(body, "at", 32)),
            )
        except ValueError as error:
            raise MalformedStatementError(reason=str(error)) from error
        _require_exact(statement.body, envelope)
        if not statement.name.strip() or not statement.name.isprintable():
            raise MalformedStatementError(reason="it has no name that can be shown")
        require_signed(envelope, statement.public_key)
        return statement


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStatement:
    """A dock says: it is me, now. Good for one challenge, once."""

    dock: str
    installation: str
    """The id of the vault that the dock was enrolled for: another server can't pass the statement on."""
    challenge: str
    agent: str
    at: datetime

    @property
    def body(self) -> dict[str, Json]:
        return {
            "format": SESSION,
            "dock": self.dock,
            "installation": self.installation,
            "challenge": self.challenge,
            "agent": self.agent,
            "at": rfc3339(self.at),
        }

    def signed(self, signer: Signer) -> bytes:
        return sealed(self.body, base64_of(signer.public_key), signer.sign)

    @classmethod
    def read(cls, octets: bytes) -> "tuple[Self, Envelope]":
        """What it says, not believed yet: whose key it must be signed with stands in it.

        Raise `MalformedStatementError`.
        """
        try:
            envelope = unsealed(octets, LIMIT)
            body = envelope.body
            statement = cls(
                dock=_text(body, "dock", 64),
                installation=_text(body, "installation", 64),
                challenge=_text(body, "challenge", CHALLENGE_LIMIT),
                agent=_text(body, "agent", AGENT_LIMIT),
                at=parse_rfc3339(_text(body, "at", 32)),
            )
        except ValueError as error:
            raise MalformedStatementError(reason=str(error)) from error
        _require_exact(statement.body, envelope)
        return statement, envelope


def require_signed(envelope: Envelope, public_key: bytes) -> None:
    """Raise `NotSignedError` unless it is signed with exactly that key."""
    if len(public_key) != PUBLIC_KEY_SIZE:
        raise MalformedStatementError(reason=f"its key is not {PUBLIC_KEY_SIZE} octets long")
    if envelope.key != base64_of(public_key):
        raise NotSignedError
    if not VerifierKey("dock", public_key).holds(envelope.signature, envelope.signed_octets):
        raise NotSignedError


def _require_exact(body: Mapping[str, Json], envelope: Envelope) -> None:
    if envelope.body != body:
        raise MalformedStatementError(reason="it has other names or spellings")


def _text(body: Mapping[str, Any], name: str, limit: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or len(value) > limit:
        raise MalformedEnvelopeError(f"“{name}” is no text, or too long")
    return value
