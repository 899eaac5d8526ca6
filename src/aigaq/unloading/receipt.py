"""The receipt on which a dock clears a card: `docs/formats/receipt.md`.

The server makes one after the recordings are durable, proven and entered; a dock believes one only with the
ledger's key that it pinned when it was enrolled, and only as the answer to its own question.
"""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from aigaq.core.canonical import Json
from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.core.digests import ContentDigest, MalformedDigestError, StoredDigest
from aigaq.errors import N_, AigaqError
from aigaq.tlog.checkpoint import Signer, VerifierKey, open_checkpoint
from aigaq.tlog.errors import TlogError
from aigaq.unloading.envelope import MalformedEnvelopeError, sealed, unsealed

FORMAT = "aigaq-receipt/1"
MAX_FILES = 2000
"""Files of one receipt: an unloading with more asks for several."""
LIMIT = 1024 * 1024
"""Octets. A longer one is not ours: `MAX_FILES` files take some 600 KiB."""

_BODY = frozenset({"format", "installation", "dock", "unload", "nonce", "issued_at", "files", "checkpoint"})
_FILE = frozenset({"content", "stored", "seq", "leaf"})
_NONCE = re.compile(r"[0-9a-f]{32}", re.ASCII)
_LEAF = re.compile(r"[0-9a-f]{64}", re.ASCII)


class ReceiptError(AigaqError):
    """The root: whatever it is, the card is left as it is."""

    code = "receipt.refused"
    message = N_("The server's receipt is not believed, so the card is left as it is.")


class NotAReceiptError(ReceiptError):
    code = "receipt.malformed"
    message = N_(
        "What the server sent is no receipt ({reason}), so the card is left as it is. "
        "Server and dock may be of different versions: update the older one."
    )


class ForeignReceiptError(ReceiptError):
    """Signed by another key than the pinned one, or for another installation."""

    code = "receipt.foreign"
    message = N_(
        "The receipt is not signed by the ledger that this dock was enrolled with ({key}), so the card is "
        "left as it is. Find out who answers under the server's name; enrol the dock again only if it is "
        "the office."
    )


class OtherReceiptError(ReceiptError):
    """`value` is the number of the unloading that it is for."""

    code = "receipt.other"
    message = N_(
        "The receipt is for another unloading ({value}), so the card is left as it is. "
        "Plug the card in again."
    )


class OtherDockReceiptError(ReceiptError):
    """`value` is the number of the dock that it is for."""

    code = "receipt.other-dock"
    message = N_(
        "The receipt is for another dock ({value}), so the card is left as it is. Plug the card in again; "
        "if it says so again, enrol this dock anew."
    )


class OldReceiptError(ReceiptError):
    code = "receipt.old"
    message = N_("The receipt answers an older question, so the card is left as it is. Plug it in again.")


class IncompleteReceiptError(ReceiptError):
    code = "receipt.incomplete"
    message = N_(
        "The receipt does not name the recording {content} as it was sent, so the card is left as it is. "
        "Plug it in again."
    )


@dataclass(frozen=True, slots=True)
class Entered:
    """A recording that is durable, proven, and entered under entry `seq`, whose leaf has the hash `leaf`."""

    content: ContentDigest
    stored: StoredDigest
    seq: int
    leaf: str

    @property
    def body(self) -> dict[str, Json]:
        return {
            "content": self.content.hex,
            "stored": self.stored.hex,
            "seq": self.seq,
            "leaf": self.leaf,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    installation: str
    """The vault's id."""
    dock: str
    unload: str
    nonce: str
    """32 hexadecimal digits, made anew by the dock for each receipt it asks for (`new_nonce`)."""
    issued_at: datetime
    """By the server's clock."""
    files: tuple[Entered, ...]
    checkpoint: str
    """A signed note over a tree that has all these entries."""

    @property
    def body(self) -> dict[str, Json]:
        return {
            "format": FORMAT,
            "installation": self.installation,
            "dock": self.dock,
            "unload": self.unload,
            "nonce": self.nonce,
            "issued_at": rfc3339(self.issued_at),
            "files": [each.body for each in self.files],
            "checkpoint": self.checkpoint,
        }

    def signed(self, signer: Signer) -> bytes:
        """The octets that are sent. Raise `NotAReceiptError` for one that nobody could believe."""
        reason = _flaw(self)
        octets = sealed(self.body, _name(VerifierKey.of(signer)), signer.sign)
        if reason is None and len(octets) > LIMIT:
            reason = f"it is longer than {LIMIT} octets"
        if reason is not None:
            raise NotAReceiptError(reason=reason)
        return octets

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> Self:
        """Raise `NotAReceiptError` unless `body` is exactly one that `Receipt.body` gives."""
        try:
            if body.keys() != _BODY or body["format"] != FORMAT:
                raise NotAReceiptError(reason="it has another form")
            files = [_entered(each) for each in body["files"]]
            receipt = cls(
                installation=str(body["installation"]),
                dock=str(body["dock"]),
                unload=str(body["unload"]),
                nonce=str(body["nonce"]),
                issued_at=parse_rfc3339(body["issued_at"]),
                files=tuple(files),
                checkpoint=str(body["checkpoint"]),
            )
        except (TypeError, ValueError, AttributeError, MalformedDigestError) as error:
            raise NotAReceiptError(reason="a value in it is of another kind") from error
        reason = "a value in it is spelt otherwise" if receipt.body != body else _flaw(receipt)
        if reason is not None:
            raise NotAReceiptError(reason=reason)
        return receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a dock asked for, and so what alone it believes."""

    installation: str
    dock: str
    unload: str
    nonce: str
    sent: Sequence[tuple[ContentDigest, StoredDigest | None]]
    """What it wants to clear; no stored digest where the server said that it has it from this dock."""


def new_nonce() -> str:
    return secrets.token_hex(16)


def believe(octets: bytes, question: Question, key: VerifierKey) -> Receipt:
    """The receipt, if it is signed by `key` and answers `question` and no other.

    Raise a `ReceiptError`; fails closed: a question about nothing is answered by nothing.
    """
    try:
        envelope = unsealed(octets, LIMIT)
    except MalformedEnvelopeError as error:
        raise NotAReceiptError(reason=str(error)) from error
    if envelope.key != _name(key) or not key.holds(envelope.signature, envelope.signed_octets):
        raise ForeignReceiptError(key=_name(key))
    receipt = Receipt.parse(envelope.body)
    if receipt.installation != question.installation:
        raise ForeignReceiptError(key=_name(key))
    if receipt.dock != question.dock:
        raise OtherDockReceiptError(value=receipt.dock)
    if receipt.unload != question.unload:
        raise OtherReceiptError(value=receipt.unload)
    if receipt.nonce != question.nonce:
        raise OldReceiptError
    _require_all(receipt.files, question.sent)
    _require_covered(receipt, key)
    return receipt


def _require_all(files: Iterable[Entered], sent: Sequence[tuple[ContentDigest, StoredDigest | None]]) -> None:
    if not sent:
        raise NotAReceiptError(reason="nothing was asked")
    entered = {(each.content, each.stored) for each in files}
    contents = {content for content, _stored in entered}
    for content, stored in sent:
        if content not in contents or (stored is not None and (content, stored) not in entered):
            raise IncompleteReceiptError(content=content)


def _require_covered(receipt: Receipt, key: VerifierKey) -> None:
    """The checkpoint is of the same ledger, and its tree has every entry that is named."""
    try:
        size = open_checkpoint(receipt.checkpoint, key).size
    except TlogError as error:
        raise NotAReceiptError(reason="its checkpoint does not hold") from error
    if any(each.seq >= size for each in receipt.files):
        raise NotAReceiptError(reason="its checkpoint does not cover its entries")


def _entered(value: Any) -> Entered:  # noqa: ANN401 - any JSON
    if type(value) is not dict or value.keys() != _FILE or type(value["seq"]) is not int:
        raise NotAReceiptError(reason="a file in it has another form")
    return Entered(
        ContentDigest.parse(value["content"]),
        StoredDigest.parse(value["stored"]),
        value["seq"],
        str(value["leaf"]),
    )


def _flaw(receipt: Receipt) -> str | None:
    if not _NONCE.fullmatch(receipt.nonce):
        return "its nonce is not 32 hexadecimal digits"
    if not 0 < len(receipt.files) <= MAX_FILES:
        return f"it names no file, or more than {MAX_FILES}"
    if any(each.seq < 0 or not _LEAF.fullmatch(each.leaf) for each in receipt.files):
        return "an entry in it has no number or no hash"
    return None


def _name(key: VerifierKey) -> str:
    return f"{key.name}+{key.key_id.hex()}"
