"""Checkpoints: C2SP tlog-checkpoint texts inside C2SP signed notes, signed with Ed25519.

Sources: c2sp.org/signed-note v1.0.0 and c2sp.org/tlog-checkpoint v1.0.0.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from aigaq.tlog.errors import (
    MalformedCheckpointError,
    MalformedKeyError,
    MalformedNoteError,
    SignatureError,
)
from aigaq.tlog.merkle import DIGEST_SIZE

ED25519 = b"\x01"
"""Signature type identifier of signed-note, section “Signature types”."""
KEY_ID_SIZE = 4
PUBLIC_KEY_SIZE = 32
MAX_NOTE_OCTETS = 1_000_000
MAX_SIGNATURES = 100
"""signed-note demands at least 16; both bounds are those of golang.org/x/mod/sumdb/note."""
MAX_SIZE = 2**63 - 1

_SIGNATURE_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]+={0,2})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_FORBIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
"""ASCII control characters but the newline, and what is not UTF-8."""
_KEY_ID = re.compile(r"[0-9a-f]{8}")
_BODY_LINES = 3


class Signer(Protocol):
    """What signs checkpoints. The private key may be in a file, a token or another machine."""

    @property
    def name(self) -> str:
        """The key name that stands in the signature line."""

    @property
    def public_key(self) -> bytes:
        """The 32 octets of the Ed25519 public key (RFC 8032)."""

    def sign(self, message: bytes) -> bytes:
        """The 64 octets of the Ed25519 signature over `message`."""


@dataclass(frozen=True)
class VerifierKey:
    """Who is believed: a key name and an Ed25519 public key; as text, a C2SP verifier key (vkey)."""

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        if (
            not self.name
            or _FORBIDDEN.search(self.name)
            or "+" in self.name
            or self.name.split() != [self.name]
        ):
            raise MalformedKeyError(reason="its name is empty or has a space or a plus in it")
        if len(self.public_key) != PUBLIC_KEY_SIZE:
            raise MalformedKeyError(reason=f"its public key is not {PUBLIC_KEY_SIZE} octets long")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``name+hex(key id)+base64(type || public key)``; `MalformedKeyError` if it is not that."""
        name, _, rest = text.partition("+")
        key_id, _, encoded = rest.partition("+")
        octets = _unbase64(encoded)
        if octets is None or octets[:1] != ED25519:
            raise MalformedKeyError(reason="it is not a verifier key of type Ed25519")
        key = cls(name, octets[1:])
        if not _KEY_ID.fullmatch(key_id) or bytes.fromhex(key_id) != key.key_id:
            raise MalformedKeyError(reason="its key id does not belong to its name and public key")
        return key

    @classmethod
    def of(cls, signer: Signer) -> Self:
        return cls(signer.name, signer.public_key)

    @cached_property
    def key_id(self) -> bytes:
        """The first four octets of SHA-256(name || 0x0A || 0x01 || public key)."""
        hashed = hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public_key)
        return hashed.digest()[:KEY_ID_SIZE]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(ED25519 + self.public_key)}"

    def holds(self, signature: bytes, message: bytes) -> bool:
        """Say whether `signature` is this key's over `message`."""
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    @cached_property
    def _key(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.public_key)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line, of a known key or of any other kind."""

    name: str
    key_id: bytes
    octets: bytes

    def __str__(self) -> str:
        return f"— {self.name} {_base64(self.key_id + self.octets)}"


@dataclass(frozen=True, slots=True)
class Note:
    """A signed note. `text` ends in a newline. Nothing in it may be believed before `require`."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, note: str) -> Self:
        """Read a note strictly; `MalformedNoteError`. No signature is verified here."""
        if len(note) > MAX_NOTE_OCTETS or len(note.encode("utf-8", "replace")) > MAX_NOTE_OCTETS:
            raise MalformedNoteError(reason=f"it is longer than {MAX_NOTE_OCTETS} octets")
        if _FORBIDDEN.search(note):
            raise MalformedNoteError(reason="it has a control character in it, or is not valid UTF-8")
        text, blank, block = note.rpartition("\n\n")
        if not blank or not block.endswith("\n"):
            raise MalformedNoteError(reason="it is not a text, a blank line and signature lines")
        lines = block.removesuffix("\n").split("\n")
        if len(lines) > MAX_SIGNATURES:
            raise MalformedNoteError(reason=f"it has more than {MAX_SIGNATURES} signatures")
        return cls(text + "\n", tuple(_signature(line) for line in lines))

    def __str__(self) -> str:
        return self.text + "\n" + "".join(f"{signature}\n" for signature in self.signatures)

    def require(self, key: VerifierKey) -> None:
        """Raise `SignatureError` unless `key` signed the text.

        As signed-note has it: lines of other keys are passed over, sharing the name or the id alone
        changes nothing; where the name and the id are the key's, every such line must hold.
        """
        own = [line for line in self.signatures if (line.name, line.key_id) == (key.name, key.key_id)]
        if not own:
            raise SignatureError(note=str(self), key=str(key), reason=f"there is none of the key {key.name}")
        message = self.text.encode()
        if not all(key.holds(line.octets, message) for line in own):
            reason = f"the text is not what the key {key.name} signed"
            raise SignatureError(note=str(self), key=str(key), reason=reason)

    def signed(self, signer: Signer) -> Self:
        """This note with one more signature, as a co-signer adds it."""
        key_id = VerifierKey.of(signer).key_id
        line = Signature(signer.name, key_id, signer.sign(self.text.encode()))
        return type(self)(self.text, (*self.signatures, line))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The claim of a log: at this size it had this root. `origin` is the log's key name."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lines = (self.origin, *self.extensions)
        if not all(lines) or any("\n" in line or _FORBIDDEN.search(line) for line in lines):
            raise MalformedCheckpointError(reason="a line of it is empty or has a control character in it")
        if not 0 <= self.size <= MAX_SIZE:
            raise MalformedCheckpointError(reason="its size is out of bounds")
        if len(self.root) != DIGEST_SIZE:
            raise MalformedCheckpointError(reason=f"its root is not {DIGEST_SIZE} octets long")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a note strictly; `MalformedCheckpointError`."""
        lines = text.removesuffix("\n").split("\n")
        if not text.endswith("\n") or len(lines) < _BODY_LINES:
            raise MalformedCheckpointError(reason="it has fewer than three lines")
        origin, size, encoded, *extensions = lines
        root = _unbase64(encoded)
        if not _SIZE.fullmatch(size):
            raise MalformedCheckpointError(reason="its size is not a decimal number")
        if root is None:
            raise MalformedCheckpointError(reason="its root is not base64")
        return cls(origin, int(size), root, tuple(extensions))

    @property
    def text(self) -> str:
        lines = (self.origin, str(self.size), _base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    def require_origin(self, key: VerifierKey) -> None:
        """Raise `MalformedCheckpointError` unless the origin is the name of `key`."""
        if self.origin != key.name:
            reason = f"its origin is {self.origin}, the ledger is {key.name}"
            raise MalformedCheckpointError(reason=reason)

    def signed(self, signer: Signer) -> str:
        """The signed note of this checkpoint, as it is stored, published and printed."""
        return str(Note(self.text, ()).signed(signer))


def open_checkpoint(note: str, key: VerifierKey) -> Checkpoint:
    """The checkpoint in `note`, once it is the log's own.

    Raises `MalformedNoteError`, `SignatureError`, or `MalformedCheckpointError`; the last also where
    the origin is not the key's name, for in this format a log and its key have one name.
    """
    parsed = Note.parse(note)
    parsed.require(key)
    checkpoint = Checkpoint.parse(parsed.text)
    checkpoint.require_origin(key)
    return checkpoint


def _signature(line: str) -> Signature:
    match = _SIGNATURE_LINE.fullmatch(line)
    octets = _unbase64(match["signature"]) if match else None
    if match is None or octets is None or len(octets) <= KEY_ID_SIZE:
        raise MalformedNoteError(reason="a signature line is not “— name base64”")
    return Signature(match["name"], octets[:KEY_ID_SIZE], octets[KEY_ID_SIZE:])


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")


def _unbase64(text: str) -> bytes | None:
    """The octets, or None unless `text` is their one spelling (RFC 4648 sections 3.5 and 4)."""
    try:
        octets = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return octets if _base64(octets) == text else None
