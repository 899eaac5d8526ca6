"""Reading back what was printed, with tools that are not ours: poppler and a QR reader."""

import io
import shutil
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
import zxingcpp
from PIL import Image

from aigaq.paperwork.book import Book, print_book
from aigaq.paperwork.last_page import LastPage
from aigaq.paperwork.sheet import Handed, Mark, Remarked, Row, Sheet, Unloaded, plain
from aigaq.regulation import profile
from aigaq.regulation.numerals import in_words
from aigaq.regulation.profile import BLANK
from aigaq.tlog.checkpoint import Checkpoint
from aigaq.tlog.signing import Ed25519Signer

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")

MORNING = datetime(2026, 11, 20, 4, 0, 12, tzinfo=UTC)
FORM = profile.load().form
_SIGNER = Ed25519Signer.generate("aigaq/3f0b9d9e-0f5a-4c6e-8f0e-5f7f0c1a2b3c")
NOTE = Checkpoint(_SIGNER.name, 12_345, b"\x05" * 32).signed(_SIGNER)


def a_mark(**changes):
    usual = {
        "name": "Өтегенов Ерлан Сәкенұлы",
        "at": MORNING,
        "way": "own-password",
        "signed_digest": "sha256:" + "3fa291bc0d5e7788" * 4,
    }
    return Mark(**(usual | changes))


def a_row(number=1, **changes):
    """One duty day: issued, handed back, unloaded."""
    evening = MORNING + timedelta(hours=9)
    usual = {
        "number": number,
        "things": (plain("БТ-0001"), plain("ЖК-0001")),
        "user": plain("Өтегенов Ерлан Сәкенұлы"),
        "issued": Handed(MORNING, a_mark()),
        "returned": Handed(evening, a_mark(at=evening)),
        "unloaded": (Unloaded(evening + timedelta(minutes=20), 12),),
    }
    return Row(**(usual | changes))


def a_remark(text, author="Жүнісов Данияр Ғалымұлы"):
    return Remarked(MORNING, author, text if isinstance(text, tuple) else plain(text))


def sheets_of(rows, rows_per_sheet=10):
    pieces = [rows[start : start + rows_per_sheet] for start in range(0, len(rows), rows_per_sheet)]
    return [Sheet("01-12/4", number, tuple(piece)) for number, piece in enumerate(pieces or [[]], 1)]


def a_book(**changes):
    usual = {
        "division": "Қонаев қаласының бөлімшесі",
        "registration_number": "01-12/4",
        "started_on": date(2026, 11, 20),
        "ended_on": date(2027, 3, 1),
        "rows_per_sheet": 10,
        "checkpoint": NOTE,
        "dated": MORNING,
    }
    return Book(**(usual | changes))


def a_last_page(**changes):
    """The head has closed and inscribed the book of three sheets."""
    sheets = changes.get("sheets", 3)
    usual = {
        "book": "01-12/4",
        "division": "Қонаев қаласының бөлімшесі",
        "started_on": date(2026, 11, 20),
        "ended_on": date(2027, 3, 1),
        "sheets": 3,
        "rows": 25,
        "wording": FORM.last_page.kk.replace(BLANK, f"{sheets} ({in_words(sheets)})"),
        "mark": a_mark(name="Ахметова Әйгерім Қуанышқызы", way="passkey", at=MORNING + timedelta(days=101)),
    }
    return LastPage(**(usual | changes))


@dataclass(frozen=True)
class Word:
    text: str
    page: int
    box: tuple[float, float, float, float]
    """Left, top, right, bottom, in points."""


@dataclass(frozen=True)
class Pdf:
    octets: bytes

    def text(self, page=None, *options):
        pages = () if page is None else ("-f", str(page), "-l", str(page))
        return self._told("pdftotext", *pages, *options, "-", "-")

    def told(self, page=None):
        """The text in one line, blanks made one."""
        return " ".join(self.text(page).split())

    def info(self):
        lines = self._told("pdfinfo", "-isodates", "-").splitlines()
        return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def metadata(self):
        return self._told("pdfinfo", "-meta", "-")

    @property
    def pages(self):
        return int(self.info()["Pages"])

    def fonts(self):
        """Name and whether it is embedded."""
        lines = self._told("pdffonts", "-").splitlines()[2:]
        return [(line.split()[0], line.split()[-5]) for line in lines]

    def words(self):
        root = ET.fromstring(self.text(None, "-bbox"))
        kin = "{http://www.w3.org/1999/xhtml}"
        return [
            Word(word.text, page, tuple(float(word.get(side)) for side in ("xMin", "yMin", "xMax", "yMax")))
            for page, leaf in enumerate(root.iter(f"{kin}page"), 1)
            for word in leaf.iter(f"{kin}word")
        ]

    def picture(self, page, dpi=200):
        options = ("-r", str(dpi), "-gray", "-png", "-singlefile", "-f", str(page), "-l", str(page))
        with Image.open(io.BytesIO(self._run("pdftoppm", *options, "-"))) as picture:
            return picture.convert("L")

    def codes(self, page, dpi=200):
        """What a scanner reads on the page; among the modules of a code it may take some for a bar code of digits."""
        found = zxingcpp.read_barcodes(self.picture(page, dpi), formats=zxingcpp.BarcodeFormat.QRCode)
        return [each.text for each in found]

    def _told(self, program, *arguments):
        return self._run(program, *arguments).decode()

    def _run(self, program, *arguments):
        done = subprocess.run(
            [program, *arguments], input=self.octets, capture_output=True, check=True, timeout=60
        )
        return done.stdout


def printed(rows, **changes):
    """The book of these rows, on paper."""
    book = a_book(**changes)
    return Pdf(print_book(book, sheets_of(rows, book.rows_per_sheet), FORM))


def dark_line_through(pdf, word):
    """Some row of pixels is dark over the whole width of the word, gaps between letters included."""
    scale = 300 / 72
    left, top, right, bottom = (round(side * scale) for side in word.box)
    picture = pdf.picture(word.page, 300).crop((left + 3, top, right - 3, bottom))
    octets = picture.tobytes()
    rows = [octets[start : start + picture.width] for start in range(0, len(octets), picture.width)]
    return any(all(pixel < 140 for pixel in row) for row in rows)
