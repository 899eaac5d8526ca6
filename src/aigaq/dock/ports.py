"""The file of ports: what the office calls them, what is attended besides USB, what is left alone.

also = ["loop3"]                # devices that hang on no USB, by their kernel names
ignore = ["usb 2-1"]            # ports that are not touched: a backup disk, say

[names]
"usb 1-2.3, slot 2" = "Sol jaq, 2"
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aigaq.dock.errors import PortsFileError

NAME_LIMIT = 60
"""Characters: a name is read from across the room."""
_KEYS = frozenset({"also", "ignore", "names"})


@dataclass(frozen=True, slots=True)
class Ports:
    also: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)

    def name_of(self, place: str) -> str:
        return self.names.get(place, place)


def read_ports(path: Path) -> Ports:
    """Of a file that is not there: the default. Raise `PortsFileError`."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Ports()
    except (OSError, ValueError) as error:
        raise PortsFileError(path=path, reason=str(error)) from error
    unknown = sorted(found.keys() - _KEYS)
    if unknown:
        raise PortsFileError(path=path, reason=f"unknown: {', '.join(unknown)}")
    names = found.get("names", {})
    if not isinstance(names, dict):
        raise PortsFileError(path=path, reason="names is no table")
    _require_texts(path, "names", list(names.values()))
    if len(set(names.values())) < len(names):
        raise PortsFileError(path=path, reason="two ports have one name")
    return Ports(
        frozenset(_texts(path, "also", found)), frozenset(_texts(path, "ignore", found)), names=names
    )


def _texts(path: Path, key: str, found: Mapping[str, object]) -> list[str]:
    return _require_texts(path, key, found.get(key, []))


def _require_texts(path: Path, key: str, found: object) -> list[str]:
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise PortsFileError(path=path, reason=f"{key} is no list of texts")
    if not all(0 < len(each.strip()) <= NAME_LIMIT for each in found):
        raise PortsFileError(path=path, reason=f"{key}: 1 to {NAME_LIMIT} characters each")
    return found
