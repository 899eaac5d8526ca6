"""The ledger's copy in the vault, octet by octet: `docs/formats/ledger-copy.md`. No database here.

A segment is an age file of consecutive entries and of what they do not carry themselves; the checkpoint
beside it, in clear, says without any key how far it goes, and signs the segment's own octets.
"""

import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from aigaq.core import canonical
from aigaq.core.canonical import Json, NotCanonicalError
from aigaq.core.digests import StoredDigest
from aigaq.recovery.errors import CopyForgedError
from aigaq.tlog.checkpoint import Checkpoint, Signer, VerifierKey, open_checkpoint
from aigaq.tlog.errors import TlogError
from aigaq.vault import age
from aigaq.vault.age import AgeError, Identity, Recipient
from aigaq.vault.layout import KEYS, LEDGER

FORMAT: Final = "aigaq-ledger-copy/1"
WRAPS_FORMAT: Final = "aigaq-wrapped-keys/1"
SEALED: Final = ".age"
SIGNED: Final = ".checkpoint"
EXTENSION: Final = "aigaq-ledger-copy/1 "
"""What begins the line of the checkpoint that binds it to its segment; the digest follows."""
FOLDER_ENTRIES: Final = 1_000_000
"""Entries whose segments lie in one folder."""
_NAME = re.compile(r"([0-9]{12})-([0-9]{12})\.([0-9a-f]{64})(\.age|\.checkpoint)", re.ASCII)
_FOLDER = re.compile(r"[0-9]{6}", re.ASCII)
_MAX_NOTE: Final = 10_000


@dataclass(frozen=True, slots=True, order=True)
class SegmentName:
    """Entries from `start` up to, not including, `stop`; and the digest of the sealed file."""

    stop: int
    start: int
    stored: StoredDigest

    @classmethod
    def parse(cls, file: str) -> Self | None:
        """Of a file's name, with either ending; None for anything else."""
        match = _NAME.fullmatch(file)
        if match is None or int(match[1]) >= int(match[2]):
            return None
        return cls(int(match[2]), int(match[1]), StoredDigest.parse(match[3]))

    @property
    def _stem(self) -> str:
        folder = f"{self.start // FOLDER_ENTRIES:06}"
        return f"{LEDGER}/{folder}/{self.start:012}-{self.stop:012}.{self.stored.hex}"

    @property
    def sealed(self) -> str:
        """Path of the age file, from the vault's root."""
        return self._stem + SEALED

    @property
    def signed(self) -> str:
        """Path of its checkpoint."""
        return self._stem + SIGNED


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stood when the segment was written: values by column, spelt as `ledger.tables` spells."""

    table: str
    values: Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    start: int
    vault: str
    ledger_key: str
    """The verifier key of the ledger."""
    entries: Sequence[bytes]
    """Octets of each."""
    checkpoints: Sequence[tuple[int, str]] = ()
    """Size and note of those that the database had in this stretch."""
    facts: Sequence[Json] = ()
    """JSON of which the entries state only the digest."""
    rows: Sequence[Row] = ()
    """What no entry carries whole."""
    whole: Sequence[str] = ()
    """Tables of which `rows` has every row: what is not among them is gone."""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def stop(self) -> int:
        return self.start + len(self.entries)

    def encode(self) -> bytes:
        """The plaintext: lines, each ended by a newline."""
        head: dict[str, Json] = {
            "format": FORMAT,
            "vault": self.vault,
            "ledger_key": self.ledger_key,
            "from": self.start,
            "to": self.stop,
            "checkpoints": len(self.checkpoints),
            "facts": len(self.facts),
            "rows": len(self.rows),
            "whole": list(self.whole),
            "secrets": dict(self.secrets),
        }
        lines = [
            canonical.encode(head),
            *self.entries,
            *(canonical.encode({"size": size, "note": note}) for size, note in self.checkpoints),
            *map(canonical.encode, self.facts),
            *(canonical.encode({"table": row.table, "values": dict(row.values)}) for row in self.rows),
        ]
        return b"".join(line + b"\n" for line in lines)

    @classmethod
    def decode(cls, octets: bytes) -> Self:
        """Raise ``ValueError`` for anything that `encode` would not write; entries are not looked into."""
        if not octets.endswith(b"\n"):
            raise ValueError("it has no end")
        lines = iter(octets[:-1].split(b"\n"))
        try:
            head: Any = canonical.decode(next(lines))
            if head["format"] != FORMAT:
                raise ValueError(f"format {head['format']}")
            entries = _taken(lines, head["to"] - head["from"])
            checkpoints = [canonical.decode(line) for line in _taken(lines, head["checkpoints"])]
            facts = [canonical.decode(line) for line in _taken(lines, head["facts"])]
            rows = [canonical.decode(line) for line in _taken(lines, head["rows"])]
            segment = cls(
                start=head["from"],
                vault=_text(head["vault"]),
                ledger_key=_text(head["ledger_key"]),
                entries=entries,
                checkpoints=[(each["size"], each["note"]) for each in _objects(checkpoints)],
                facts=facts,
                rows=[Row(each["table"], each["values"]) for each in _objects(rows)],
                whole=head["whole"],
                secrets=head["secrets"],
            )
        except (NotCanonicalError, KeyError, TypeError, StopIteration) as error:
            raise ValueError("it is malformed") from error
        if next(lines, None) is not None or not segment.entries:
            raise ValueError("it has more or fewer lines than it says")
        return segment


def sealed(segment: Segment, recipient: Recipient) -> bytes:
    """The segment as it lies in the vault."""
    return sealed_octets(segment.encode(), recipient)


def sealed_octets(octets: bytes, recipient: Recipient) -> bytes:
    """An age file of something small."""
    into = io.BytesIO()
    age.encrypt(recipient, io.BytesIO(octets), into)
    return into.getvalue()


def name_of(segment: Segment, octets: bytes) -> SegmentName:
    """`octets` are the sealed ones."""
    return SegmentName(segment.stop, segment.start, StoredDigest(hashlib.sha256(octets).digest()))


def signed(name: SegmentName, root: bytes, signer: Signer) -> bytes:
    """The checkpoint beside it: at its end the ledger had this root, and this is the segment."""
    checkpoint = Checkpoint(signer.name, name.stop, root, (f"{EXTENSION}{name.stored}",))
    return checkpoint.signed(signer).encode()


def stated(name: SegmentName, octets: bytes, key: VerifierKey) -> Checkpoint:
    """What the checkpoint beside a segment says; `CopyForgedError` unless `key` signed it for this one."""
    try:
        checkpoint = open_checkpoint(octets[:_MAX_NOTE].decode(), key)
    except (TlogError, UnicodeDecodeError) as error:
        raise CopyForgedError(name=name.signed, reason=str(error)) from error
    if checkpoint.size != name.stop or checkpoint.extensions != (f"{EXTENSION}{name.stored}",):
        raise CopyForgedError(name=name.signed, reason="it is the checkpoint of another file")
    return checkpoint


def opened(name: SegmentName, octets: bytes, identities: Sequence[Identity]) -> Segment:
    """The segment in its sealed octets. Raise `CopyForgedError`, or what is wrong with the key."""
    if hashlib.sha256(octets).digest() != name.stored.value:
        raise CopyForgedError(name=name.sealed, reason="its digest is not the one in its name")
    into = io.BytesIO()
    try:
        age.decrypt(identities, io.BytesIO(octets), into)
        segment = Segment.decode(into.getvalue())
    except (AgeError, ValueError) as error:
        if isinstance(error, age.AgeNoMatchError):
            raise
        raise CopyForgedError(name=name.sealed, reason=str(error)) from error
    if (segment.start, segment.stop) != (name.start, name.stop):
        raise CopyForgedError(name=name.sealed, reason="it holds other entries than its name says")
    return segment


def folders(names: Iterable[str]) -> list[str]:
    """Of what lies under ``ledger/`` the folders of segments, the newest last."""
    return sorted(name for name in names if _FOLDER.fullmatch(name))


def wraps_document(size: int, wraps: Sequence[str]) -> tuple[str, bytes]:
    """Name and octets of the key's wraps, as they are after `size` entries: readable by anybody."""
    document: Json = {
        "format": WRAPS_FORMAT,
        "size": size,
        "wraps": [*sorted(wraps)],
    }
    octets = canonical.encode(document)
    return f"{KEYS}/{size:012}.{hashlib.sha256(octets).hexdigest()}.json", octets


def wraps_in(octets: bytes) -> list[bytes]:
    """The wrapped keys in such a document; none in anything else."""
    try:
        document: Any = canonical.decode(octets)
        if document["format"] != WRAPS_FORMAT:
            return []
        return [each.encode() for each in document["wraps"]]
    except (NotCanonicalError, KeyError, TypeError, AttributeError):
        return []


def _taken(lines: Iterator[bytes], count: int) -> list[bytes]:
    if type(count) is not int or count < 0:
        raise TypeError
    return [next(lines) for _ in range(count)]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _objects(values: Iterable[Json]) -> Iterator[Mapping[str, Any]]:
    for value in values:
        if not isinstance(value, dict):
            raise TypeError
        yield value
