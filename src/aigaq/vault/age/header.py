"""The header of an age file: its grammar, read strictly and within bounds, and written.

Source: C2SP age, "Header". What is read is authenticated as the very octets that were read, never as
a second spelling of them.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aigaq.vault.age.errors import AgeHeaderError, AgeHeaderTooLongError, AgeNotAgeError, AgeUnsupportedError

MAX_HEADER = 65536
"""Octets of header read before giving up. Ours has 200; one recipient costs 98, a post-quantum one 1,600.
It also bounds the work before anything is authenticated: 668 stanzas at most, some 100 ms an identity."""

VERSION_LINE = b"age-encryption.org/v1"
_VERSION_PREFIX = b"age-encryption.org/"
_ARMOR = b"-----BEGIN AGE ENCRYPTED FILE-----"
_PIECE = 4096
_COLUMNS = 64
_MAC_SIZE = 32
_ARGUMENTS = re.compile(rb"-> ([!-~]+(?: [!-~]+)*)")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*")

PositionalRead = Callable[[int, int], bytes]
"""``read(length, offset)``: up to `length` octets from `offset`; empty only at the end."""


@dataclass(frozen=True, slots=True)
class Stanza:
    """One wrapping of the file key. `arguments` has at least one, the type."""

    arguments: tuple[str, ...]
    body: bytes

    def __bytes__(self) -> bytes:
        text = base64_encoded(self.body)
        # The last line is always shorter than the full width, so it may have to be empty.
        lines = [text[start : start + _COLUMNS] for start in range(0, len(text) + 1, _COLUMNS)]
        return "\n".join(["-> " + " ".join(self.arguments), *lines, ""]).encode("ascii")


@dataclass(frozen=True, slots=True)
class ParsedHeader:
    """`covered` is what the MAC is over; the payload's nonce stands at `length`."""

    stanzas: tuple[Stanza, ...]
    covered: bytes
    mac: bytes
    length: int


def base64_encoded(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii").rstrip("=")


def base64_decoded(text: str) -> bytes:
    """Canonical base64 without padding (RFC 4648 section 3.5); `AgeHeaderError` on any other spelling."""
    if _BASE64.fullmatch(text):
        try:
            octets = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except binascii.Error:
            octets = b""
        if base64_encoded(octets) == text:
            return octets
    raise AgeHeaderError(reason="a value is not canonical base64")


def covered_octets(stanzas: Iterable[Stanza]) -> bytes:
    """The header up to and including ``---``: what its MAC is over."""
    return b"".join([VERSION_LINE, b"\n", *(bytes(stanza) for stanza in stanzas), b"---"])


def finished(covered: bytes, mac: bytes) -> bytes:
    """The whole textual header."""
    return b"".join([covered, b" ", base64_encoded(mac).encode("ascii"), b"\n"])


class _Lines:
    """The lines of the header, fetched as they are needed and never beyond `MAX_HEADER`."""

    def __init__(self, read: PositionalRead) -> None:
        self._read = read
        self.octets = bytearray()
        self.position = 0

    def take(self) -> bytes:
        while (end := self.octets.find(b"\n", self.position)) < 0:
            self.fetch()
        line = bytes(self.octets[self.position : end])
        self.position = end + 1
        return line

    def fetch(self) -> None:
        room = MAX_HEADER - len(self.octets)
        if not room:
            raise AgeHeaderTooLongError(limit=MAX_HEADER)
        piece = self._read(min(_PIECE, room), len(self.octets))
        if not piece:
            raise AgeHeaderError(reason="it ends too early")
        self.octets += piece


def parse(read: PositionalRead) -> ParsedHeader:
    """Read a header; `AgeHeaderError` unless it follows the grammar exactly.

    `AgeUnsupportedError` for the armored form and for other versions.
    """
    lines = _Lines(read)
    _check_version(lines)
    stanzas = []
    while True:
        start = lines.position
        line = lines.take()
        if line.startswith(b"---"):
            break
        stanzas.append(_stanza(line, lines))
    if not stanzas:
        raise AgeHeaderError(reason="it names no recipient")
    if not line.startswith(b"--- "):
        raise AgeHeaderError(reason="its last line is malformed")
    mac = base64_decoded(_ascii(line[4:]))
    if len(mac) != _MAC_SIZE:
        raise AgeHeaderError(reason="its authentication code is not 32 bytes long")
    return ParsedHeader(tuple(stanzas), bytes(lines.octets[: start + 3]), mac, lines.position)


def _check_version(lines: _Lines) -> None:
    lines.fetch()
    if lines.octets.lstrip().startswith(_ARMOR):
        raise AgeUnsupportedError(feature="ASCII armor")
    line = lines.take()
    if line == VERSION_LINE:
        return
    version = line.removeprefix(_VERSION_PREFIX)
    if version != line and re.fullmatch(rb"[!-~]+", version):
        raise AgeUnsupportedError(feature=f"version {version.decode('ascii')[:32]}")
    raise AgeNotAgeError


def _stanza(line: bytes, lines: _Lines) -> Stanza:
    found = _ARGUMENTS.fullmatch(line)
    if not found:
        raise AgeHeaderError(reason="a line is neither a recipient nor the last line")
    text = ""
    while True:
        row = _ascii(lines.take())
        if len(row) > _COLUMNS or not _BASE64.fullmatch(row):
            raise AgeHeaderError(reason="a wrapped key is malformed")
        text += row
        if len(row) < _COLUMNS:
            return Stanza(tuple(found[1].decode("ascii").split(" ")), base64_decoded(text))


def _ascii(line: bytes) -> str:
    try:
        return line.decode("ascii")
    except UnicodeDecodeError:
        raise AgeHeaderError(reason="a character is not allowed") from None
