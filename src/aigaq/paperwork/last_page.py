"""The last page of a book: what its head signed, its digest, its QR code (`docs/formats/sheet.md`)."""

import base64
import re
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final, Self, TypeAlias

from aigaq.core import canonical
from aigaq.core.canonical import Json
from aigaq.core.digests import Digest
from aigaq.paperwork import sheet
from aigaq.paperwork.sheet import Mark, SheetCode, SheetTextError

FORMAT: Final = "aigaq-last-page/1"
"""Changes when a name of the document or its meaning does."""
HEADING: Final = "AIGAQ-LAST-PAGE 1"
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,5}")


class LastPageDigest(Digest):
    """Of the canonical document of a last page."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class LastPage:
    """What the inscription says (R10.1). There is none before the head has signed it."""

    book: str
    """Registration number."""
    division: str
    started_on: date
    ended_on: date
    sheets: int
    rows: int
    """Written, when it was closed."""
    wording: str
    mark: Mark
    """Of the head."""

    def document(self) -> dict[str, Json]:
        """Everything that is printed of it."""
        return {
            "format": FORMAT,
            "book": self.book,
            "division": self.division,
            "started_on": self.started_on.isoformat(),
            "ended_on": self.ended_on.isoformat(),
            "sheets": self.sheets,
            "rows": self.rows,
            "wording": self.wording,
            "mark": self.mark.document(),
        }

    @property
    def digest(self) -> LastPageDigest:
        return LastPageDigest(sha256(canonical.encode(self.document())).digest())


@dataclass(frozen=True, slots=True)
class LastPageCode:
    """What the QR code of a last page says. Nothing in it is proven before the ledger is verified with it."""

    book: str
    sheets: int
    digest: LastPageDigest
    checkpoint: str
    """The signed note of the ledger, as it was published."""

    @property
    def text(self) -> str:
        page = base64.b64encode(self.digest.value).decode("ascii")
        return f"{HEADING}\nbook {self.book}\nsheets {self.sheets}\npage {page}\n\n{self.checkpoint}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a QR code; `SheetTextError`. What scanners do to blanks is forgiven."""
        (book, sheets, page), checkpoint = sheet.read_code(text, HEADING, ("book", "sheets", "page"))
        if not _NUMBER.fullmatch(sheets):
            raise SheetTextError(reason="its sheets are no number")
        return cls(book, int(sheets), LastPageDigest(sheet.read_digest(page)), checkpoint)


PrintedCode: TypeAlias = SheetCode | LastPageCode


def read_printed(text: str) -> PrintedCode:
    """Whichever of the two the scanned text is. Raises `SheetTextError`."""
    is_last = text.replace("\ufeff", "").lstrip().startswith(HEADING)
    return LastPageCode.parse(text) if is_last else SheetCode.parse(text)
