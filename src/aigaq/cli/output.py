"""What a command says: people's text, one JSON object, progress, and errors as one sentence."""

import gettext as catalogues
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from gettext import gettext as _
from pathlib import Path
from typing import TextIO

from aigaq.core.canonical import Json
from aigaq.core.clock import KAZAKHSTAN
from aigaq.errors import EXIT_FAILED, EXIT_REFUSED, AigaqError
from aigaq.regulation import profile as regulation

LANGUAGES = ("kk", "ru", "en")
_LOCALE = Path(__file__).parent.parent / "locale"
_DOMAIN = "django"
_BEAT = 0.2
"""Seconds between two drawings of a progress line."""
_WIDTH = 78


def choose_language() -> str:
    """Kazakh, unless AIGAQ_LANG or the system's LANG says Russian or English; click's own words follow."""
    asked = os.environ.get("AIGAQ_LANG") or os.environ.get("LANG") or ""
    language = asked[:2] if asked[:2] in LANGUAGES else "kk"
    os.environ["LANGUAGE"] = language
    catalogues.bindtextdomain(_DOMAIN, _LOCALE)
    catalogues.textdomain(_DOMAIN)
    return language


@dataclass
class Console:
    """Where a command speaks. With `as_json` stdout carries one object, and people are told on stderr."""

    as_json: bool = False
    language: str = "kk"
    _answered: bool = field(default=False, init=False)

    @property
    def people(self) -> TextIO:
        return sys.stderr if self.as_json else sys.stdout

    def say(self, text: str = "") -> None:
        """A line for people."""
        print(text, file=self.people)

    def answer(self, result: Mapping[str, object]) -> None:
        """The result as JSON, where that is asked for; once in a run."""
        assert not self._answered, "one JSON object on stdout"
        self._answered = True
        if self.as_json:
            print(json.dumps(_plain(dict(result)), ensure_ascii=False, indent=2), file=sys.stdout)

    def fail(self, error: AigaqError) -> int:
        """Say in one sentence what happened and what to do; the exit status."""
        return self.tell_failure(error.code, self.sentence(error), error.exit_status, self._paragraph(error))

    def tell_failure(self, code: str, sentence: str, status: int = EXIT_FAILED, paragraph: str = "") -> int:
        told = f"{sentence} ({paragraph})" if paragraph else sentence
        print(told, file=sys.stderr)
        if self.as_json and not self._answered:
            error = {"code": code, "message": sentence}
            self.answer({"error": {**error, "paragraph": paragraph} if paragraph else error})
        return status

    def sentence(self, error: AigaqError) -> str:
        return _(error.message).format(**{name: readable(value) for name, value in error.details.items()})

    def _paragraph(self, error: AigaqError) -> str:
        if error.exit_status != EXIT_REFUSED or error.paragraph is None:
            return ""
        paragraph = regulation.load().paragraph(error.paragraph)
        return paragraph.label(self.language) if paragraph else error.paragraph

    @contextmanager
    def progress(self, label: str, total: int | None = None) -> "Iterator[Progress]":
        """A line on stderr that moves while something long is done; nothing where stderr is no terminal."""
        line = Progress(label, total, shown=sys.stderr.isatty())
        try:
            yield line
        finally:
            line.close()


class Progress:
    """Call `to` with what is done so far, in any unit, and with more words if there are any."""

    def __init__(self, label: str, total: int | None, *, shown: bool) -> None:
        self.label = label
        self.total = total
        self._shown = shown
        self._next = time.monotonic() + _BEAT
        self._drawn = False

    def to(self, done: int, note: str = "") -> None:
        if not self._shown or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _BEAT
        amount = f"{done * 100 // self.total:3d} %" if self.total else f"{done:,}".replace(",", "\u202f")
        text = f"{self.label}  {amount}  {note}"[:_WIDTH]
        sys.stderr.write(f"\r{text:<{_WIDTH}}")
        sys.stderr.flush()
        self._drawn = True

    def close(self) -> None:
        if self._drawn:
            sys.stderr.write(f"\r{'':<{_WIDTH}}\r")
            sys.stderr.flush()


def octets(number: int) -> str:
    """A number of octets for people: ``3.2 GB``, in powers of ten as disks are sold."""
    amount, unit = float(number), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if amount < 1000:  # noqa: PLR2004 - a step of the units
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"


def readable(value: object) -> object:
    """Instants in Kazakhstan's time, as they are written in the book."""
    if isinstance(value, datetime):
        return value.astimezone(KAZAKHSTAN).strftime("%d.%m.%Y %H:%M")
    return value.strftime("%d.%m.%Y") if isinstance(value, date) else value


def _plain(value: object) -> Json:
    """Times as RFC 3339 with Kazakhstan's offset; digests, paths and names as text."""
    if isinstance(value, datetime):
        return value.astimezone(KAZAKHSTAN).isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)
