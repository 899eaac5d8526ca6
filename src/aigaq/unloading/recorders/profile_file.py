"""A profile's file, read strictly: `docs/formats/recorder-profile.md`.

What is not understood is refused, since a key that is spelt wrongly would otherwise be left out silently.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, timedelta, tzinfo
from enum import StrEnum
from typing import Any, Final, TypeVar

from aigaq.core.clock import KAZAKHSTAN
from aigaq.unloading.recorders.errors import BrokenProfileError
from aigaq.unloading.recorders.profile import (
    Counts,
    DeviceFile,
    Join,
    Named,
    Newline,
    Profile,
    Sequence,
    Takes,
    TimeFile,
)
from aigaq.unloading.recorders.template import BadTemplateError, Template

FORMAT: Final = "aigaq-recorder/1"
LARGEST: Final = 65_536
"""Octets of a profile's file."""
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}", re.ASCII)
_ENDING: Final = re.compile(r"[a-z0-9]{1,10}", re.ASCII)
_LONGEST_TEXT: Final = 1_000
_MOST: Final = 32
_A_DAY: Final = 86_400

_Choice = TypeVar("_Choice", bound=StrEnum)


def parse(octets: bytes, *, file: str, built_in: bool = False) -> Profile:
    """Read a profile. `file` names it in what is raised: `BrokenProfileError`."""
    if len(octets) > LARGEST:
        raise BrokenProfileError(file=file, key="–", reason=f"it has more than {LARGEST} octets")
    try:
        found = tomllib.loads(octets.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BrokenProfileError(file=file, key="–", reason=f"it is no TOML in UTF-8 ({error})") from error
    return _profile(_Table(found, file, ""), built_in=built_in)


class _Table:
    """A table of the file, from which every key is taken once; what is left over is a mistake."""

    def __init__(self, found: Mapping[str, Any], file: str, where: str) -> None:
        self._left = dict(found)
        self._file = file
        self._where = where

    def broken(self, key: str, reason: str) -> BrokenProfileError:
        return BrokenProfileError(file=self._file, key=f"{self._where}{key}", reason=reason)

    def end(self) -> None:
        for key in self._left:
            raise self.broken(str(key)[:100], "there is no such key; look for its spelling")

    def text(self, key: str, default: str | None = None) -> str:
        value = self._left.pop(key, default)
        if value is None:
            raise self.broken(key, "it is missing; write a text in quotation marks")
        if not isinstance(value, str) or len(value) > _LONGEST_TEXT or "\0" in value:
            raise self.broken(key, f"write a text of at most {_LONGEST_TEXT} characters in quotation marks")
        return value

    def choice(self, key: str, kind: type[_Choice], default: _Choice) -> _Choice:
        value = self.text(key, default)
        if value not in list(kind):
            raise self.broken(key, f"write one of {', '.join(f'“{each}”' for each in kind)}")
        return kind(value)

    def number(self, key: str, default: int, most: int) -> int:
        value = self._left.pop(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            raise self.broken(key, f"write a whole number from 0 to {most}")
        return value

    def seconds(self, key: str, default: timedelta) -> timedelta:
        return timedelta(seconds=self.number(key, int(default.total_seconds()), _A_DAY))

    def length(self, key: str) -> timedelta | None:
        if key not in self._left:
            return None
        value = self.number(key, 0, _A_DAY)
        if not value:
            raise self.broken(key, "write how many seconds a file lasts, from 1 on; or leave it out")
        return timedelta(seconds=value)

    def endings(self, key: str) -> frozenset[str]:
        values = self._left.pop(key, [])
        if not isinstance(values, list) or len(values) > _MOST:
            raise self.broken(key, 'write a list such as ["mp4", "jpg"]')
        found = [str(each).lower().removeprefix(".") for each in values]
        for each in found:
            if not _ENDING.fullmatch(each):
                raise self.broken(key, f"“{each[:20]}” is no ending; write one such as “mp4”")
        return frozenset(found)

    def table(self, key: str) -> "_Table":
        return self.optional(key) or _Table({}, self._file, f"{self._where}{key}.")

    def optional(self, key: str) -> "_Table | None":
        value = self._left.pop(key, None)
        if value is not None and not isinstance(value, dict):
            raise self.broken(key, f"write it as a table, [{self._where}{key}]")
        return None if value is None else _Table(value, self._file, f"{self._where}{key}.")

    def tables(self, key: str) -> "list[_Table]":
        values = self._left.pop(key, None)
        if not isinstance(values, list) or not 1 <= len(values) <= _MOST or not all(map(_is_table, values)):
            raise self.broken(key, f"write from 1 to {_MOST} tables [[{key}]]")
        return [_Table(each, self._file, f"{key}[{number}].") for number, each in enumerate(values, 1)]

    def template(self, key: str) -> Template:
        return self.as_template(key, self.text(key))

    def as_template(self, key: str, text: str) -> Template:
        try:
            return Template.parse(text)
        except BadTemplateError as error:
            raise self.broken(key, f"“{text[:100]}”: {error}") from error

    def path(self, key: str) -> tuple[str, ...]:
        """Of a file, from the card's root. No way leads out of it."""
        parts = tuple(self.text(key).split("/"))
        if any(part in ("", ".", "..") for part in parts) or len(parts) > _MOST:
            raise self.broken(key, "write a path from the card's root such as “DCIM/device.txt”")
        return parts


def _profile(table: _Table, *, built_in: bool) -> Profile:
    if table.text("format") != FORMAT:
        raise table.broken("format", f"write “{FORMAT}”")
    name = table.text("name")
    if not _NAME.fullmatch(name):
        raise table.broken("name", "write small Latin letters, digits and hyphens, at most 32")
    profile = Profile(
        name=name,
        title=table.text("title"),
        source=table.text("source", ""),
        built_in=built_in,
        zone=_zone(table),
        files=tuple(_named(each) for each in table.tables("files")),
        sidecars=_ended(table.table("sidecars"), "endings"),
        takes=_takes(table.table("takes")),
        sequence=_sequence(table.table("sequence")),
        identity=_device_file(table.optional("identity"), "device"),
        clock=_device_file(table.optional("clock"), "year"),
        time_file=_time_file(table.optional("time-file")),
    )
    table.end()
    if profile.clock is not None and "minute" not in profile.clock.line.fields:
        raise table.broken("clock.line", "it has to say “{hour}” and “{minute}” too")
    if profile.takes.join is Join.PART and not any("part" in each.name.fields for each in profile.files):
        raise table.broken("takes.join", "with “part” a name of [[files]] needs “{part}”")
    if profile.takes.join is Join.NEXT and not any("second" in each.name.fields for each in profile.files):
        raise table.broken("takes.join", "with “next” a name of [[files]] needs a time with seconds")
    if profile.sequence.counts is Counts.DAY and not any(
        "day" in each.name.fields or any("day" in part.fields for part in each.folder)
        for each in profile.files
    ):
        raise table.broken("sequence.counts", "with “day” the names need a date")
    return profile


def _zone(table: _Table) -> tzinfo:
    said = table.text("time", "local")
    if said not in ("local", "utc"):
        raise table.broken("time", "write “local” for Kazakhstan's time or “utc”")
    return UTC if said == "utc" else KAZAKHSTAN


def _named(table: _Table) -> Named:
    folder = table.text("folder", "")
    named = Named(
        name=table.template("name"),
        endings=table.endings("endings"),
        folder=tuple(table.as_template("folder", part) for part in folder.split("/")) if folder else (),
    )
    table.end()
    if "/" in named.name.text:
        raise table.broken("name", "a name has no “/”; write the folders into “folder”")
    if not named.name.fields:
        raise table.broken("name", "it says nothing; write at least one field such as “{sequence:4}”")
    if any({"sequence", "part"} & part.fields for part in named.folder):
        raise table.broken("folder", "of a folder only device, user and time are read")
    return named


def _ended(table: _Table, key: str) -> frozenset[str]:
    found = table.endings(key)
    table.end()
    return found


def _takes(table: _Table) -> Takes:
    usual = Takes()
    found = Takes(
        join=table.choice("join", Join, usual.join),
        tolerance=table.seconds("tolerance", usual.tolerance),
        length=table.length("length"),
        endings=table.endings("endings") or usual.endings,
    )
    table.end()
    return found


def _sequence(table: _Table) -> Sequence:
    found = Sequence(
        counts=table.choice("counts", Counts, Sequence().counts), first=table.number("first", 1, 1)
    )
    table.end()
    return found


def _device_file(table: _Table | None, needed: str) -> DeviceFile | None:
    if table is None:
        return None
    found = DeviceFile(table.path("path"), table.template("line"))
    table.end()
    if needed not in found.line.fields:
        field = "{device}" if needed == "device" else "{date}"
        raise table.broken("line", f"it has to say “{field}”")
    return found


_STRFTIME: Final = re.compile(r"(?:[^%\0\r\n]|%[YymdHMS%])+")
_FIELD: Final = re.compile(r"%%|%([YymdHMS])")


def _time_file(table: _Table | None) -> TimeFile | None:
    if table is None:
        return None
    found = TimeFile(
        path=table.path("path"),
        text=table.text("text").replace("\r\n", "\n"),
        newline=table.choice("newline", Newline, Newline.CRLF),
        ahead=table.seconds("ahead", timedelta()),
    )
    table.end()
    if not all(_STRFTIME.fullmatch(line) for line in found.text.split("\n")) or "%" not in found.text:
        raise table.broken("text", "write a time such as “%Y-%m-%d %H:%M:%S”; only Y y m d H M S follow a %")
    fields = [*filter(None, _FIELD.findall(found.text))]
    if len(set(fields)) < len(fields):
        raise table.broken("text", "write each part of the time once")
    if found.path[0].lower() == "aigaq":
        raise table.broken("path", "the folder AIGAQ is Aigaq's own; choose where the recorder looks")
    return found


def _is_table(value: object) -> bool:
    return isinstance(value, dict)
