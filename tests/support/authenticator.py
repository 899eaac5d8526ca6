"""An authenticator of software, with a browser before it: makes keys and signs as W3C WebAuthn level 3 says.

Or as it does not: each thing that a test wants wrong is said by name, and all else stays right.
"""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url

SITE, ORIGIN = "aigaq.example", "https://aigaq.example"
UP, UV, BE, BS, AT = 0x01, 0x04, 0x08, 0x10, 0x40
KINDS = ("ES256", "EdDSA", "RS256")


def spelt(octets: bytes) -> str:
    return bytes_to_base64url(octets)


@dataclass
class Authenticator:
    """One credential. `counts` is off for those whose count stays at nought, as phones have it."""

    kind: str = "ES256"
    counts: bool = True
    flags: int = UP | UV
    count: int = 0
    credential_id: bytes = field(default_factory=lambda: token_bytes(24))

    def __post_init__(self) -> None:
        self.key: Any = {
            "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
            "EdDSA": ed25519.Ed25519PrivateKey.generate,
            "RS256": lambda: rsa.generate_private_key(65537, 2048),
        }[self.kind]()

    @property
    def id(self) -> str:
        return spelt(self.credential_id)

    @property
    def cose(self) -> bytes:
        return cbor2.dumps(self.cose_map)

    @property
    def cose_map(self) -> dict[int, Any]:
        public = self.key.public_key()
        if self.kind == "EdDSA":
            return {1: 1, 3: -8, -1: 6, -2: public.public_bytes_raw()}
        numbers = public.public_numbers()
        if self.kind == "RS256":
            return {1: 3, 3: -257, -1: numbers.n.to_bytes(256, "big"), -2: b"\x01\x00\x01"}
        return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}

    def create(self, options: str, *, origin: str = ORIGIN, **wrong: Any) -> str:
        """What ``navigator.credentials.create`` gives for `options`, as JSON."""
        asked = json.loads(options)
        client = self._client("webauthn.create", asked["challenge"], origin, wrong)
        cose = wrong.get("cose", self.cose)
        attested = b"\0" * 16 + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cose
        data = (
            self._data(wrong.get("rp_id", asked["rp"]["id"]), wrong.get("flags", self.flags) | AT) + attested
        )
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        response = {
            "clientDataJSON": spelt(client),
            "attestationObject": spelt(cbor2.dumps(attestation)),
            "transports": ["usb", "nfc"],
        }
        return self._answer(response)

    def get(self, options: str, *, origin: str = ORIGIN, **wrong: Any) -> str:
        """What ``navigator.credentials.get`` gives for `options`, as JSON."""
        asked = json.loads(options)
        return self.signed(
            base64url_to_bytes(asked["challenge"]), rp_id=asked["rpId"], origin=origin, **wrong
        )

    def signed(self, challenge: bytes, *, rp_id: str = SITE, origin: str = ORIGIN, **wrong: Any) -> str:
        self.count += self.counts
        client = self._client("webauthn.get", spelt(challenge), origin, wrong)
        data = self._data(wrong.get("rp_id_signed", rp_id), wrong.get("flags", self.flags))
        signature = self.sign(data + sha256(client).digest())
        parts = {"authenticatorData": data, "clientDataJSON": client, "signature": signature}
        return self._answer({name: spelt(part) for name, part in parts.items()})

    def sign(self, octets: bytes) -> bytes:
        if self.kind == "ES256":
            return self.key.sign(octets, ec.ECDSA(SHA256()))
        if self.kind == "RS256":
            return self.key.sign(octets, padding.PKCS1v15(), SHA256())
        return self.key.sign(octets)

    def _client(self, ceremony: str, challenge: str, origin: str, wrong: dict[str, Any]) -> bytes:
        """As a browser spells it (section 5.8.1.1)."""
        said = {"type": ceremony, "challenge": challenge, "origin": origin, "crossOrigin": False}
        said |= wrong.get("client", {})
        return json.dumps(said, separators=(",", ":")).encode() + wrong.get("after_client", b"")

    def _data(self, rp_id: str, flags: int) -> bytes:
        count = self.count if self.counts else 0
        return sha256(rp_id.encode()).digest() + bytes([flags]) + count.to_bytes(4, "big")

    def _answer(self, response: dict[str, Any]) -> str:
        return json.dumps({"id": self.id, "rawId": self.id, "type": "public-key", "response": response})
