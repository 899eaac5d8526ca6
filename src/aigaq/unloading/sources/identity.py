"""The card's identity file: `docs/formats/card.md`, "identity.json"."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime

from aigaq.core import canonical
from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.core.files import displayed
from aigaq.tlog.checkpoint import Signer, VerifierKey
from aigaq.unloading import errors

FORMAT = "aigaq-card/1"
_NAMES = ("body", "key", "signature")
LIMIT = 16 * 1024
"""Octets. A longer file is not ours."""


@dataclass(frozen=True, slots=True)
class CardIdentity:
    """What the card says of itself, believed."""

    installation: str
    card: str
    recorder: str | None
    written_at: datetime

    @property
    def body(self) -> dict[str, canonical.Json]:
        return {
            "format": FORMAT,
            "installation": self.installation,
            "card": self.card,
            "recorder": self.recorder,
            "written_at": rfc3339(self.written_at),
        }

    def signed(self, signer: Signer) -> bytes:
        """The octets of the file."""
        return canonical.encode(
            {
                "body": self.body,
                "key": _name(VerifierKey.of(signer)),
                "signature": base64.b64encode(signer.sign(canonical.encode(self.body))).decode("ascii"),
            }
        )


def believe(octets: bytes, *, installation: str, key: VerifierKey) -> CardIdentity:
    """Read the identity file of a card of this installation, signed by `key`.

    Raise `IdentityAlteredError`, or `IdentityForeignError` for the card of another installation.
    """
    identity, name, signature = _parse(octets)
    if identity.installation != installation:
        # Nothing of it is proven: anybody may have written it.
        raise errors.IdentityForeignError(
            card=displayed(identity.card), installation=displayed(identity.installation)
        )
    if name != _name(key) or not key.holds(signature, canonical.encode(identity.body)):
        raise errors.IdentityAlteredError(reason="its signature does not hold")
    return identity


def _parse(octets: bytes) -> tuple[CardIdentity, str, bytes]:
    if len(octets) > LIMIT:
        raise errors.IdentityAlteredError(reason="it is too long")
    try:
        match canonical.decode(octets):
            case {
                "body": {
                    "format": "aigaq-card/1",
                    "installation": str(installation),
                    "card": str(card),
                    "recorder": (str() | None) as recorder,
                    "written_at": str(written_at),
                } as body,
                "key": str(name),
                "signature": str(signature),
            } as whole:
                identity = CardIdentity(installation, card, recorder, parse_rfc3339(written_at))
                octets_of_signature = base64.b64decode(signature, validate=True)
                if base64.b64encode(octets_of_signature).decode("ascii") != signature:
                    raise errors.IdentityAlteredError(reason="its signature is not spelt as base64 is")
            case _:
                raise errors.IdentityAlteredError(reason="it has another form")
    except (canonical.NotCanonicalError, ValueError, binascii.Error) as error:
        raise errors.IdentityAlteredError(reason=str(error)) from error
    exact = isinstance(whole, dict) and len(whole) == len(_NAMES) and body == identity.body
    if not exact:
        raise errors.IdentityAlteredError(reason="it has other names")
    return identity, name, octets_of_signature


def _name(key: VerifierKey) -> str:
    return f"{key.name}+{key.key_id.hex()}"
