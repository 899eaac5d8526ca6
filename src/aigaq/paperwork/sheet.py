"""A sheet of the book: its rows as facts, their digest, the text of its QR code (`docs/formats/sheet.md`)."""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final, Self

from aigaq.core import canonical
from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.core.digests import Digest, MalformedDigestError
from aigaq.errors import N_, BadInputError

FORMAT: Final = "aigaq-sheet/1"
"""Changes when a name of the document or its meaning does."""
HEADING: Final = "AIGAQ-SHEET 1"
_LINE: Final = re.compile(r"(?P<name>[a-z]+) (?P<value>\S.*)")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,5}")


class SheetTextError(BadInputError):
    code = "paperwork.sheet-text"
    message = N_("This is not the text of a sheet's QR code: {reason}. Scan it again, all of it.")


class SheetDigest(Digest):
    """Of the canonical document of a sheet's rows."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text; struck through where it was a mistake, the right entry following it (R10.2)."""

    text: str
    struck: bool = False


Text = tuple[Run, ...]


def plain(text: str) -> Text:
    return (Run(text),)


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands for a signature: who, when, in which way, and the digest of what was signed."""

    name: str
    at: datetime
    way: str
    """A key such as ``own-password``."""
    signed_digest: str
    """``sha256:`` and 64 hexadecimal digits."""

    def document(self) -> dict[str, Json]:
        return {
            "name": self.name,
            "at": rfc3339(self.at),
            "way": self.way,
            "signed_digest": self.signed_digest,
        }


@dataclass(frozen=True, slots=True)
class Handed:
    """Columns 4 and 5."""

    at: datetime
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Unloaded:
    """Column 6."""

    at: datetime
    files: int


@dataclass(frozen=True, slots=True)
class Remarked:
    """Column 7."""

    at: datetime
    author: str
    """Empty where the machine wrote it."""
    text: Text
    mark: Mark | None = None
    """Of the custodian, where the remark tells a correction (R10.2)."""


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    things: tuple[Text, ...]
    """Inventory numbers: the recorder's, then its card's."""
    user: Text
    issued: Handed
    returned: Handed | None = None
    unloaded: tuple[Unloaded, ...] = ()
    remarks: tuple[Remarked, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    book: str
    """Registration number."""
    number: int
    rows: tuple[Row, ...]

    def document(self) -> dict[str, Json]:
        """Everything of the rows that is printed."""
        return {
            "format": FORMAT,
            "book": self.book,
            "sheet": self.number,
            "rows": [_row(row) for row in self.rows],
        }

    @property
    def digest(self) -> SheetDigest:
        return SheetDigest(sha256(canonical.encode(self.document())).digest())


@dataclass(frozen=True, slots=True)
class SheetCode:
    """What the QR code of a sheet says. Nothing in it is proven before the ledger is verified with it."""

    book: str
    sheet: int
    digest: SheetDigest
    checkpoint: str
    """The signed note of the ledger, as it was published."""

    @property
    def text(self) -> str:
        rows = base64.b64encode(self.digest.value).decode("ascii")
        return f"{HEADING}\nbook {self.book}\nsheet {self.sheet}\nrows {rows}\n\n{self.checkpoint}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a QR code; `SheetTextError`.

        Scanners add or drop blanks at the ends and write line ends in their own way; that alone is forgiven.
        """
        (book, sheet, rows), checkpoint = read_code(text, HEADING, ("book", "sheet", "rows"))
        if not _NUMBER.fullmatch(sheet):
            raise SheetTextError(reason="its sheet is no number")
        return cls(book, int(sheet), SheetDigest(read_digest(rows)), checkpoint)


def read_code(text: str, heading: str, names: tuple[str, ...]) -> tuple[list[str], str]:
    """The values of the lines `names` under `heading`, and the checkpoint. Raises `SheetTextError`."""
    whole = "\n".join(text.replace("\ufeff", "").splitlines()).strip() + "\n"
    head, _blank, checkpoint = whole.partition("\n\n")
    first, *lines = head.split("\n")
    if first != heading:
        raise SheetTextError(reason=f"it does not begin with “{heading}”")
    found = [match for match in map(_LINE.fullmatch, lines) if match]
    if tuple(match["name"] for match in found) != names or len(lines) != len(found):
        raise SheetTextError(reason=f"its lines are not “{'”, “'.join(names)}”")
    if not checkpoint:
        raise SheetTextError(reason="it has no checkpoint")
    return [match["value"] for match in found], checkpoint


def read_digest(encoded: str) -> bytes:
    """Raises `SheetTextError`."""
    try:
        octets = base64.b64decode(encoded, validate=True)
        return SheetDigest(octets).value
    except (binascii.Error, ValueError, MalformedDigestError) as error:
        raise SheetTextError(reason="its digest is not 32 octets in base64") from error


def _row(row: Row) -> dict[str, Json]:
    return {
        "number": row.number,
        "things": [_text(thing) for thing in row.things],
        "user": _text(row.user),
        "issued": _handed(row.issued),
        "returned": _handed(row.returned) if row.returned else None,
        "unloaded": [{"at": rfc3339(each.at), "files": each.files} for each in row.unloaded],
        "remarks": [_remarked(each) for each in row.remarks],
    }


def _text(text: Text) -> list[Json]:
    return [{"text": run.text, "struck": run.struck} for run in text]


def _remarked(remarked: Remarked) -> dict[str, Json]:
    return {
        "at": rfc3339(remarked.at),
        "author": remarked.author,
        "text": _text(remarked.text),
        "mark": remarked.mark.document() if remarked.mark else None,
    }


def _handed(handed: Handed) -> dict[str, Json]:
    return {"at": rfc3339(handed.at), "mark": handed.mark.document() if handed.mark else None}
