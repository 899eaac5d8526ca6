"""The one place that knows typst: a template of ours and data become a PDF/A-2b.

Data reach the template as JSON and are set as text: nothing that somebody typed is ever read as markup.
"""

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Final, Protocol

import typst

from aigaq.core.canonical import Json
from aigaq.paperwork import codes

QR: Final = "qr"
"""Under this name data have the text of a code."""
STANDARD: Final = "a-2b"
"""ISO 19005-2: what archives take; with tags, so that a reader for the blind finds its way."""
_FAMILIES: Final = ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono")
"""Embedded in typst's wheel, asked in this order. Between them they have all letters of Kazakh, № and ₸."""
_CERTAIN: Final = frozenset(
    chr(code)
    for first, last in ((0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0xFF), (0x400, 0x482), (0x48A, 0x4FF))
    for code in range(first, last + 1)
) | frozenset("\n№₸–—‘’“”„…•✓")
"""Known to be in the fonts; a test sets each of them. Any other character is tried before it is used."""
_NOT_TRIED: Final = 0x2E80
"""From here on Unicode is Chinese characters and pictures, which none of the fonts has."""


class Typesetter(Protocol):
    """`typeset`, or what has it done elsewhere."""

    def __call__(self, template: str, data: Mapping[str, Json], *, dated: datetime) -> bytes: ...


def typeset(
    template: str,
    data: Mapping[str, Json],
    *,
    dated: datetime,
    on_code: Callable[[int, int], None] | None = None,
) -> bytes:
    """Set `templates/<template>.typ` with `data`; `dated` is the document's date, never the clock's.

    The text under each name ``qr`` is drawn as a code; `on_code` is told how many are, and of how many.
    The same arguments give the same octets, on any machine with this version of typst.
    """
    source = resources.files(__package__).joinpath("templates", f"{template}.typ").read_bytes()
    moment = dated.astimezone(UTC).replace(microsecond=0)
    drawn = _Drawn(_codes_in(dict(data)), on_code)
    whole: dict[str, Json] = {**drawn.of(dict(data)), "families": list(_FAMILIES), "dated": _parts(moment)}
    text = json.dumps(whole, ensure_ascii=False)
    printed = _compiler().compile(
        source,
        format="pdf",
        sys_inputs={"data": text},
        pdf_standards=STANDARD,
        timestamp=moment,
    )
    assert isinstance(printed, bytes)
    return printed


@cache
def _compiler() -> typst.Compiler:
    # The system's fonts differ from machine to machine, and so would the paper.
    return typst.Compiler(ignore_system_fonts=True)


def _parts(moment: datetime) -> dict[str, Json]:
    return {
        "year": moment.year,
        "month": moment.month,
        "day": moment.day,
        "hour": moment.hour,
        "minute": moment.minute,
        "second": moment.second,
    }


def _codes_in(value: Json) -> int:
    match value:
        case list():
            return sum(map(_codes_in, value))
        case dict():
            return sum(_codes_in(each) for each in value.values()) + (QR in value)
        case _:
            return 0


@dataclass
class _Drawn:
    """Data with their codes drawn, and all other text made printable."""

    codes: int
    on_code: Callable[[int, int], None] | None
    done: int = 0

    def of(self, value: dict[str, Json]) -> dict[str, Json]:
        return {name: self._code(each) if name == QR else self._any(each) for name, each in value.items()}

    def _any(self, value: Json) -> Json:
        match value:
            case str():
                return printable(value)
            case list():
                return [self._any(each) for each in value]
            case dict():
                return self.of(value)
            case _:
                return value

    def _code(self, text: Json) -> str:
        assert isinstance(text, str)
        drawn = codes.qr(text)
        self.done += 1
        if self.on_code is not None:
            self.on_code(self.done, self.codes)
        return drawn


def printable(text: str) -> str:
    """`text` with what no font can show, or what shows as nothing, spelt out: ``[U+1F600]``.

    PDF/A allows no character without a glyph, and one odd character must not keep a book from printing.
    """
    if _CERTAIN.issuperset(text):
        return text
    return "".join(each if each in _CERTAIN or _has_glyph(each) else f"[U+{ord(each):04X}]" for each in text)


@cache
def _present() -> frozenset[str]:
    return frozenset(typst.Fonts(include_system_fonts=False).families())


@cache
def _has_glyph(character: str) -> bool:
    if ord(character) >= _NOT_TRIED or unicodedata.category(character)[0] in "CZM":
        return False
    return can_set(character)


def can_set(text: str) -> bool:
    """Whether the fonts that papers are set in are there, and have a glyph for each character of it."""
    # Of a family that is not there typst only warns, and leaves the place empty.
    if not _present().issuperset(_FAMILIES):
        return False
    families = ", ".join(f'"{family}"' for family in _FAMILIES)
    spelt = "".join(f"\\u{{{ord(each):x}}}" for each in text)
    source = f'#set text(font: ({families}), fallback: false)\n#"{spelt}"'
    try:
        _compiler().compile(source.encode(), format="pdf", pdf_standards=STANDARD, timestamp=0)
    except typst.TypstError:
        return False
    return True
