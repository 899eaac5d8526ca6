"""Earlier keys of the vault, each sealed to the next: the newest opens all (`docs/formats/keys.md`)."""

import hashlib
import io
import re
from collections.abc import Iterable, Sequence

from aigaq.vault import age
from aigaq.vault.age import AgeError, AgeKeyError, Identity, Recipient
from aigaq.vault.backends.base import Shelf
from aigaq.vault.errors import BesideMissingError, StoreReadError, VaultReadError
from aigaq.vault.layout import KEYS

_FILE = re.compile(r"(age1[0-9a-z]{58})\.([0-9a-f]{64})(?:\.[2-9])?\.age", re.ASCII)
"""With a number where the same was put beside one that went bad."""


def put_earlier(shelf: Shelf, earlier: Identity, newer: Recipient) -> str:
    """Keep `earlier` in the vault for whoever has the key of `newer`; durable when this returns."""
    into = io.BytesIO()
    age.encrypt(newer, io.BytesIO(f"{earlier}\n".encode("ascii")), into)
    octets = into.getvalue()
    name = f"{KEYS}/{earlier.recipient}.{hashlib.sha256(octets).hexdigest()}.age"
    shelf.put_beside(name, octets)
    return name


def with_earlier(shelf: Shelf, given: Iterable[Identity]) -> list[Identity]:
    """The keys given, and all earlier ones that they lead to."""
    found = {str(each.recipient): each for each in given}
    closed = [match for file in shelf.beside(KEYS) if (match := _FILE.fullmatch(file))]
    is_growing = True
    while is_growing:
        is_growing = False
        for match in closed:
            if match[1] not in found:
                earlier = _opened(read_if_ours(shelf, f"{KEYS}/{match[0]}"), list(found.values()))
                # The name is no proof; the key itself is.
                if earlier is not None and str(earlier.recipient) == match[1]:
                    found[match[1]] = earlier
                    is_growing = True
    return list(found.values())


def read_if_ours(shelf: Shelf, name: str) -> bytes:
    """Nothing where it is no file of ours, or can't be read: whatever lies there stops nobody.

    Raise ``StoreReadError`` of a store.
    """
    try:
        return shelf.read_beside(name)
    except StoreReadError:
        raise
    except (ValueError, BesideMissingError, VaultReadError):
        return b""


def _opened(octets: bytes, identities: Sequence[Identity]) -> Identity | None:
    into = io.BytesIO()
    try:
        age.decrypt(identities, io.BytesIO(octets), into)
        return Identity.parse(into.getvalue().decode("ascii").strip())
    except (AgeError, AgeKeyError, UnicodeDecodeError):
        return None
