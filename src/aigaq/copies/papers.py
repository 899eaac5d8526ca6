"""Reading what lies beside the blobs through: the ledger's copy and the wrapped keys; and putting it right.

What a file should be its name says, or the signature beside it; who writes them knows that (`Papers`). A
name is never given twice, so what went bad stays, and what it had is written once more under another: from
the database, which has every entry; of earlier keys, which it has not, from a sound copy.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from aigaq.copies.models import VAULT, FindingKind
from aigaq.copies.places import Papers, Places
from aigaq.copies.rules import HEALABLE, sources_for
from aigaq.copies.services import Cure
from aigaq.core.files import displayed
from aigaq.vault import copying
from aigaq.vault.backends.base import Shelf
from aigaq.vault.errors import BesideMissingError, StoreAwayError, VaultReadError
from aigaq.vault.layout import KEYS, LEDGER, SUFFIX
from aigaq.vault.pace import Pace

DATABASE: Final = "#database"
"""From where it was written anew; no place has such a name."""
_ROOTS: Final = (f"{KEYS}/", f"{LEDGER}/")
_GAP: Final = re.compile(rf"{LEDGER}/([0-9]{{12}})-([0-9]{{12}})", re.ASCII)
_NUMBERS: Final = range(2, 10)


@dataclass(frozen=True, slots=True)
class Seen:
    """One file, or a stretch of entries that no file has. `kind`: what is wrong with it, if anything is.

    `path` is fit to be shown; of what has a name of ours it is the name.
    """

    place: str
    path: str
    kind: FindingKind | None


def is_paper(path: str) -> bool:
    return path.startswith(_ROOTS)


def read(places: Places, papers: Papers, place: str, after: str, pace: Pace) -> Iterator[Seen]:
    """Everything beside the blobs of a place, past the page cache, in the order of the names.

    Of the vault it is seen, too, which entries no file has; of a copy, what it has and the vault has not.
    Raise `StoreAwayError`, ``VaultReadError`` of a whole folder, or `CutOffError`.
    """
    shelf = places[place]
    assert isinstance(shelf, Shelf)
    vault, reached, before = _Vault(places), 0, ""
    # Asked before anything is listed: what is written meanwhile is not missing.
    stop = papers.reaches() if place == VAULT else 0
    for path in _names(shelf):
        span = papers.span_of(before, path)
        before = path
        if place == VAULT and span is not None:
            if span[0] > reached:
                yield _gap(reached, span[0])
            reached = max(reached, span[1])
        if path > after:
            kind = _look(shelf, papers, path, pace)
            yield Seen(place, displayed(path), kind)
            if kind is None and place != VAULT and not vault.has(path):
                yield Seen(VAULT, path, FindingKind.MISSING)
    if stop > reached:
        yield _gap(reached, stop)


def cure_for(places: Places, papers: Papers, seen: Seen) -> Cure | None:
    """Have it stand there again, under its name or another; None where that can't be.

    Raise a ``VaultError`` of the place.
    """
    target = places[seen.place]
    if seen.kind not in HEALABLE or not isinstance(target, Shelf):
        return None
    if seen.kind == FindingKind.MISSING:
        return _put_back(places, papers, seen, target) or _written_anew(places, papers, seen, target)
    return _written_anew(places, papers, seen, target) or _put_beside(places, papers, seen, target)


def _put_back(places: Places, papers: Papers, seen: Seen, target: Shelf) -> Cure | None:
    """Under its own name, which is free."""
    for source, octets in _sound_ones(places, papers, seen):
        target.put_beside(seen.path, octets)
        return Cure(source, 1)
    return None


def _put_beside(places: Places, papers: Papers, seen: Seen, target: Shelf) -> Cure | None:
    """Under its name with a number: only of earlier keys is one known."""
    stem = seen.path.removesuffix(SUFFIX)
    taken = set(target.beside(seen.path.rpartition("/")[0]))
    for source, octets in _sound_ones(places, papers, seen):
        for number in _NUMBERS:
            path = f"{stem}.{number}{SUFFIX}"
            if path.rpartition("/")[2] not in taken and papers.is_sound(path, octets):
                target.put_beside(path, octets)
                return Cure(source, number)
    return None


def _written_anew(places: Places, papers: Papers, seen: Seen, target: Shelf) -> Cure | None:
    gap = _GAP.fullmatch(seen.path)
    written = papers.renew_entries(int(gap[1]), int(gap[2])) if gap else papers.renew(seen.path)
    vault = places.vault
    if seen.place != VAULT and isinstance(vault, Shelf):
        for path in written:
            target.put_beside(path, vault.read_beside(path))
    return Cure(DATABASE, 1) if written else None


def _sound_ones(places: Places, papers: Papers, seen: Seen) -> Iterator[tuple[str, bytes]]:
    described = places[seen.place].description()
    for name in sources_for(seen.place, places.names):
        source = places[name]
        if isinstance(source, Shelf) and copying.is_there(source, described):
            with suppress(ValueError, BesideMissingError, VaultReadError):
                octets = source.read_beside(seen.path)
                if papers.is_sound(seen.path, octets):
                    yield name, octets


def _look(shelf: Shelf, papers: Papers, path: str, pace: Pace) -> FindingKind | None:
    try:
        octets = shelf.read_beside(path, fresh=True)
    except StoreAwayError:
        raise
    except ValueError:
        return FindingKind.UNEXPECTED
    except (BesideMissingError, VaultReadError):
        return FindingKind.UNREADABLE
    pace.spend(len(octets))
    match papers.is_sound(path, octets):
        case True:
            return None
        case False:
            return FindingKind.DAMAGED
    return FindingKind.UNEXPECTED


def _names(shelf: Shelf) -> Iterator[str]:
    """Files have a point in their names, folders none."""
    for root in (KEYS, LEDGER):
        for name in shelf.beside(root):
            path = f"{root}/{name}"
            if "." in name:
                yield path
            else:
                yield from (f"{path}/{each}" for each in shelf.beside(path))


def _gap(start: int, stop: int) -> Seen:
    return Seen(VAULT, f"{LEDGER}/{start:012}-{stop:012}", FindingKind.MISSING)


class _Vault:
    """What the vault lists, a folder at a time."""

    def __init__(self, places: Places) -> None:
        self._vault = places.vault
        self._folder = ""
        self._names: frozenset[str] = frozenset()

    def has(self, path: str) -> bool:
        folder, _stroke, name = path.rpartition("/")
        if not isinstance(self._vault, Shelf):
            return True
        if folder != self._folder:
            self._folder, self._names = folder, frozenset(self._vault.beside(folder))
        return name in self._names
