"""The payload of an age file: chunks of 64 KiB, each sealed on its own, so any of them can be opened alone.

Source: C2SP age, "Payload". The cipher releases the interpreter lock, so several files at once use
several cores.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import constant_time
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from aigaq.vault.age import header as grammar
from aigaq.vault.age.errors import (
    AgeHeaderError,
    AgeHeaderMacError,
    AgeNoMatchError,
    AgePayloadError,
    AgeTruncatedError,
    AgeUnsupportedError,
)
from aigaq.vault.age.passphrase import STANZA_TYPE as PASSPHRASE_TYPE
from aigaq.vault.age.passphrase import Passphrase
from aigaq.vault.age.x25519 import FILE_KEY_SIZE, Identity, Recipient, hkdf_sha256

Opener: TypeAlias = Identity | Passphrase
"""What may open a file."""
Addressee: TypeAlias = Recipient | Passphrase
"""Who a file is encrypted to."""

CHUNK = 65536
"""Octets of plaintext in every chunk but the last."""
TAG = 16
"""Octets that sealing adds to a chunk."""
SEALED_CHUNK = CHUNK + TAG
NONCE = 16
"""Octets of the payload's nonce, between header and first chunk."""

_LAST, _NOT_LAST = b"\x01", b"\x00"


class PayloadKey:
    """What opens the payload of one file, and of no other."""

    __slots__ = ("cipher",)

    def __init__(self, file_key: bytes, nonce: bytes) -> None:
        self.cipher = ChaCha20Poly1305(hkdf_sha256(file_key, nonce, b"payload"))


@dataclass(frozen=True, slots=True)
class Header:
    """`length` is where the first chunk stands: textual header and payload nonce together, in octets."""

    length: int
    payload_key: PayloadKey


def open_header(read: grammar.PositionalRead, identity: Opener | Sequence[Opener]) -> Header:
    """Read, unwrap and authenticate the header at the start of what `read` reads.

    `read(length, offset)` returns up to `length` octets, none only at the end. Raises `AgeHeaderError`,
    `AgeNoMatchError`, `AgeHeaderMacError` or `AgeUnsupportedError`.
    """
    parsed = grammar.parse(read)
    openers = [identity] if isinstance(identity, Identity | Passphrase) else identity
    _refuse_passphrases(parsed.stanzas, openers)
    file_key = _unwrapped(parsed.stanzas, openers)
    if not constant_time.bytes_eq(_header_mac(file_key, parsed.covered), parsed.mac):
        raise AgeHeaderMacError
    nonce = b""
    while len(nonce) < NONCE:
        piece = read(NONCE - len(nonce), parsed.length + len(nonce))
        if not piece:
            raise AgeHeaderError(reason="the file ends before its nonce")
        nonce += piece
    return Header(parsed.length + NONCE, PayloadKey(file_key, nonce))


def _refuse_passphrases(stanzas: Sequence[grammar.Stanza], openers: Sequence[Opener]) -> None:
    """One beside another way in, and any where nobody has told a passphrase."""
    if any(stanza.arguments[0] == PASSPHRASE_TYPE for stanza in stanzas):
        if len(stanzas) > 1:
            raise AgeHeaderError(reason="a passphrase must be the only way to open a file")
        if not any(isinstance(opener, Passphrase) for opener in openers):
            raise AgeUnsupportedError(feature="encrypted with a passphrase")


def _unwrapped(stanzas: Sequence[grammar.Stanza], identities: Sequence[Opener]) -> bytes:
    for identity in identities:
        for stanza in stanzas:
            file_key = identity.unwrap(stanza)
            if file_key is not None:
                return file_key
    raise AgeNoMatchError


def _header_mac(file_key: bytes, covered: bytes) -> bytes:
    mac = HMAC(hkdf_sha256(file_key, b"", b"header"), SHA256())
    mac.update(covered)
    return mac.finalize()


def chunks_in(length: int, size: int = CHUNK) -> int:
    """How many chunks hold `length` octets at `size` each; nothing at all still takes one."""
    return max(1, -(-length // size))


def sealed_size(plaintext_size: int) -> int:
    """Octets of the payload's chunks for `plaintext_size` octets; header and nonce come on top."""
    return plaintext_size + TAG * chunks_in(plaintext_size)


def plaintext_size(sealed: int) -> int:
    """The inverse of `sealed_size`; `AgeTruncatedError` where no payload has `sealed` octets.

    A claim of the size alone: true only once the last chunk has been opened as the last.
    """
    chunks = chunks_in(sealed, SEALED_CHUNK)
    last = sealed - (chunks - 1) * SEALED_CHUNK
    if last < TAG or (last == TAG and chunks > 1):
        raise AgeTruncatedError(chunk=chunks - 1)
    return sealed - chunks * TAG


class Sealer:
    """Encrypts one file. Write `header`, then what each `seal_into` gives, in order.

    Make a new one for every attempt: the same chunk is never sealed twice under one key.
    """

    def __init__(self, recipients: Addressee | Sequence[Addressee]) -> None:
        chosen = [recipients] if isinstance(recipients, Recipient | Passphrase) else recipients
        if not chosen:
            raise ValueError("a file must be encrypted to somebody")
        if len(chosen) > 1 and any(isinstance(each, Passphrase) for each in chosen):
            raise ValueError("a passphrase must be the only way to open a file")
        file_key, nonce = os.urandom(FILE_KEY_SIZE), os.urandom(NONCE)
        covered = grammar.covered_octets(recipient.wrap(file_key) for recipient in chosen)
        self.header = grammar.finished(covered, _header_mac(file_key, covered)) + nonce
        """All that stands before the first chunk."""
        self._key = PayloadKey(file_key, nonce)
        self._chunk = 0
        self._finished = False

    def seal_into(self, plaintext: memoryview, out: memoryview, *, last: bool) -> int:
        """Seal the next run of chunks into the start of `out`; the octets written.

        `plaintext` is a whole number of chunks unless `last`. An empty last run is only for an empty
        file: whoever does not know the size beforehand reads ahead before giving a full chunk.
        Misuse is a ``ValueError``, and nothing is sealed.
        """
        length = len(plaintext)
        self._refuse_misuse(length, len(out), last=last)
        chunks = chunks_in(length) if last else length // CHUNK
        written = 0
        for place in range(chunks):
            final = last and place == chunks - 1
            piece = plaintext[place * CHUNK : (place + 1) * CHUNK]
            target = out[written : written + len(piece) + TAG]
            written += self._key.cipher.encrypt_into(_nonce(self._chunk, last=final), piece, None, target)
            self._chunk += 1
        self._finished = last
        return written

    def _refuse_misuse(self, length: int, room: int, *, last: bool) -> None:
        if self._finished:
            raise ValueError("the last chunk of this file is already sealed")
        if not last and length % CHUNK:
            raise ValueError("only the last run may end within a chunk")
        if last and not length and self._chunk:
            raise ValueError("the last chunk of a file that is not empty can't be empty")
        if room < (sealed_size(length) if last else length // CHUNK * SEALED_CHUNK):
            raise ValueError("the output buffer is too small")

    def opener(self) -> PayloadKey:
        """The key that reads back what was sealed, with no identity at hand."""
        return self._key


def chunk_open_into(key: PayloadKey, sealed: memoryview, out: memoryview, *, first: int, last: bool) -> int:
    """Open a run of consecutive chunks into the start of `out`; the octets written.

    `first` is the number, from zero, of the run's first chunk in the file; `last` says that the run
    ends with the file's last chunk, otherwise it must be whole chunks. `AgePayloadError` names the
    first chunk that the key does not vouch for: the chunks of the run before it stand in `out`, and
    its own place is blanked, so no plaintext of an unproven chunk is left anywhere.
    """
    size = len(sealed)
    if not last and size % SEALED_CHUNK:
        raise AgeTruncatedError(chunk=first + size // SEALED_CHUNK)
    chunks = chunks_in(size, SEALED_CHUNK) if last else size // SEALED_CHUNK
    written = 0
    for place in range(chunks):
        number, final = first + place, last and place == chunks - 1
        piece = sealed[place * SEALED_CHUNK : (place + 1) * SEALED_CHUNK]
        if len(piece) < TAG or (len(piece) == TAG and number > 0):
            raise AgeTruncatedError(chunk=number)
        target = out[written : written + len(piece) - TAG]
        try:
            written += key.cipher.decrypt_into(_nonce(number, last=final), piece, None, target)
        except InvalidTag:
            # The cipher writes before it has checked.
            target[:] = bytes(len(target))
            raise AgePayloadError(chunk=number) from None
    return written


def _nonce(chunk: int, *, last: bool) -> bytes:
    return chunk.to_bytes(11, "big") + (_LAST if last else _NOT_LAST)
