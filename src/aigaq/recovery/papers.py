"""What the files of the ledger's copy and of the keys have to be; writing anew what went bad or missing."""

import hashlib
import re
from typing import Final

from aigaq.recovery import segments
from aigaq.recovery.copying import Copier
from aigaq.recovery.errors import CopyForgedError
from aigaq.recovery.segments import SEALED, SIGNED, SegmentName
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.vault.layout import KEYS, LEDGER

_KEYS: Final = re.compile(
    rf"{KEYS}/(?:[0-9]{{12}}\.([0-9a-f]{{64}})\.json|age1[0-9a-z]{{58}}\.([0-9a-f]{{64}})(?:\.[2-9])?\.age)",
    re.ASCII,
)


class LedgerPapers:
    """As `copies.places.Papers` asks. `key` is the ledger's: it signs what stands beside each segment."""

    def __init__(self, copier: Copier, key: VerifierKey) -> None:
        self._copier = copier
        self._key = key

    def is_sound(self, name: str, octets: bytes) -> bool | None:
        match = _KEYS.fullmatch(name)
        if match is not None:
            return hashlib.sha256(octets).hexdigest() == (match[1] or match[2])
        segment = _segment(name)
        if segment is None:
            return None
        if name == segment.sealed:
            return hashlib.sha256(octets).digest() == segment.stored.value
        try:
            segments.stated(segment, octets, self._key)
        except CopyForgedError:
            return False
        return True

    def reaches(self) -> int:
        return self._copier.known

    def span_of(self, before: str, name: str) -> tuple[int, int] | None:
        """The segment's own file stands right before the one that signs it, in the order of the names."""
        segment = _segment(name)
        if segment is None or name != segment.signed or before != segment.sealed:
            return None
        return segment.start, segment.stop

    def renew(self, name: str) -> list[str]:
        segment = _segment(name)
        if segment is not None:
            return self._copier.renew(segment.start, segment.stop)
        match = _KEYS.fullmatch(name)
        return self._copier.renew_wraps() if match is not None and match[1] else []

    def renew_entries(self, start: int, stop: int) -> list[str]:
        return self._copier.renew(start, stop)


def _segment(path: str) -> SegmentName | None:
    """Of a path that is exactly where such a segment lies."""
    if not path.startswith(f"{LEDGER}/") or not path.endswith((SEALED, SIGNED)):
        return None
    name = SegmentName.parse(path.rpartition("/")[2])
    return name if name is not None and path in (name.sealed, name.signed) else None
