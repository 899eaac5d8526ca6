"""Folders as ports: for recorders that something else mounts, and where nothing may be mounted."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from aigaq.dock.media import Slot
from aigaq.unloading.errors import NotACardError
from aigaq.unloading.looking import port_name
from aigaq.unloading.medium import FolderMedium, Medium
from aigaq.unloading.sources.listing import list_card, open_card

_SHUT = "shut"
"""Key of what we may not look into."""


class FolderMedia:
    """A `dock.media.Media`: each folder in `folder` is a port, what lies in it is plugged in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, str] = {}
        """Key by name of what is being unloaded: it changes with every file that is cleared."""
        self._over = Event()
        folder.mkdir(parents=True, exist_ok=True)

    def look(self) -> Sequence[Slot]:
        return [self._slot(name) for name in self._names()]

    def wait(self, seconds: float) -> None:
        self._over.wait(seconds)

    def close(self) -> None:
        self._over.set()

    @contextmanager
    def holding(self, name: str, key: str) -> Iterator[Medium]:
        self._held[name] = key
        try:
            yield FolderMedium(self._folder / name)
        finally:
            del self._held[name]

    def _names(self) -> list[str]:
        try:
            with os.scandir(self._folder) as entries:
                names = [each.name for each in entries if each.is_dir()]
        except OSError:
            return []
        return sorted(name for name in names if not name.startswith("."))

    def _slot(self, name: str) -> Slot:
        try:
            key = self._held.get(name) or _key(self._folder / name)
        except NotACardError as error:
            return Slot(port_name(name), _SHUT, problem=error)
        return Slot(port_name(name), key, (_Folder(self, name, key),) if key else ())


class _Folder:
    """A `dock.media.Volume`."""

    def __init__(self, media: FolderMedia, name: str, key: str) -> None:
        self._media = media
        self._name = name
        self._key = key

    @contextmanager
    def mounted(self) -> Iterator[Medium]:
        with self._media.holding(self._name, self._key) as medium:
            yield medium


def _key(path: Path) -> str:
    """Of what lies there; empty if nothing does but what we wrote, or it is gone. Raise `NotACardError`."""
    root = open_card(path)
    try:
        listing = list_card(root)
    except OSError:
        return ""
    finally:
        os.close(root)
    return listing.fingerprint if listing.files or listing.problems else ""
