"""Reading a file of a failing card around what can't be read: each block that can be read is kept.

As ``ddrescue`` does it, but in the order of the file, since it is encrypted as it is read: a read that fails
is repeated in stripes, a stripe that fails block by block, a block that fails a few times more. What is
left are holes, and zeros stand in their place (`docs/lifecycles/unload.md`, "What can't be read").
"""

import errno
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from aigaq.core.direct import PAGE, aligned_buffer
from aigaq.unloading.facts import Hole, Reading
from aigaq.vault.source import SourceFile, SourceUnreadableError

STRIPE: Final = 64 << 10
TRIES: Final = 3
"""Of a block, until it counts as lost."""
PATIENCE: Final = 20 * 60.0
"""Seconds that reads which fail may take on one card, all together. A failing card answers within seconds."""
HOLES: Final = 4_096
"""Of one file. One with more is a wreck: from there on it is a single hole, so that its entry has room."""

_FLAWS: Final = frozenset(
    {errno.EIO, errno.ENODATA, errno.EBADMSG, errno.EREMOTEIO, errno.EILSEQ, errno.ETIMEDOUT}
)
"""What the kernel says of a block that can't be read. Of a card that is gone it says other things too."""
_BLOCK: Final = 512


class Patience:
    """What is left of the time for reads that fail. Shared by the threads that read one card."""

    def __init__(self, seconds: float = PATIENCE) -> None:
        self._lock = threading.Lock()
        self._left = seconds

    def spend(self, seconds: float) -> None:
        with self._lock:
            self._left -= seconds

    @property
    def is_spent(self) -> bool:
        with self._lock:
            return self._left <= 0


class Salvage:
    """Reads like `source`, and goes on behind what can't be read. Used once.

    `asks` is called before each call into the card, of which a bad stretch takes thousands; what it raises
    passes through. Raise what `source` raises where it is no matter of blocks; where nothing of the file
    could be read; and where what was read before can't be read any more, for then the card is gone and no
    block is bad.
    """

    def __init__(
        self,
        source: SourceFile,
        patience: Patience | None = None,
        *,
        asks: Callable[[], object] = bool,
        block: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._asks = asks
        self._patience = patience or Patience()
        self._block = block or logical_block(source.device)
        self._clock = clock
        self._errors = 0
        self._holes: list[Hole] = []
        self._known_good: tuple[int, int] | None = None
        """Where how many octets were read without fault, at most a page: the block beside may be bad."""
        self._gave_up = False
        self._is_present = False
        """That was asked in this call."""
        self._failure: SourceUnreadableError | None = None

    @property
    def reading(self) -> Reading:
        """How it went, once it has come to its end."""
        return Reading(self._errors, tuple(self._holes))

    def readinto(self, buffer: memoryview, /) -> int:
        source = self._source
        left = source.size - source.position
        if left == 0:
            self._require_something()
            return source.readinto(buffer)
        if self._gave_up:
            return self._hole(buffer)
        self._is_present = False
        count = self._tried(buffer)
        return self._gather(buffer, STRIPE) if count is None else count

    def _gather(self, buffer: memoryview, step: int) -> int:
        """Fill `buffer`, in parts of `step` that lie as they do on the disk, with what there is, else zeros.

        Less only at the end of the file, where parts are still asked for whole: so they pass the page cache.
        """
        done = 0
        while done < len(buffer) and self._source.position < self._source.size:
            room = step - self._source.position % step
            done += self._part(buffer[done : done + room], step)
        return done

    def _part(self, part: memoryview, step: int) -> int:
        """Octets of `part` that are read or given up by now: at least one."""
        is_block = step <= self._smallest
        for _ in range(TRIES if is_block else 1):
            count = None if self._gave_up else self._tried(part)
            if count is not None:
                return count
        return self._hole(part) if is_block or self._gave_up else self._gather(part, self._smallest)

    def _tried(self, part: memoryview) -> int | None:
        """Octets read; None if it failed as a bad block does."""
        self._asks()
        at, began = self._source.position, self._clock()
        try:
            count = self._source.readinto(part)
        except SourceUnreadableError as error:
            if not isinstance(error.__cause__, OSError) or error.__cause__.errno not in _FLAWS:
                raise
            self._errors += 1
            self._failure = error
            self._patience.spend(self._clock() - began)
            self._gave_up = self._patience.is_spent
            return None
        whole = min(count, PAGE) // self._smallest * self._smallest
        if self._known_good is None and whole and at % self._smallest == 0:
            self._known_good = at, whole
        return count

    @property
    def _smallest(self) -> int:
        """Through the page cache no less than a page can be told good from bad."""
        return self._block if self._source.is_direct else max(self._block, PAGE)

    def _hole(self, part: memoryview) -> int:
        self._require_presence()
        at = self._source.position
        length = min(len(part), self._source.size - at)
        part[:length] = bytes(length)
        self._source.pass_over(length)
        last = self._holes[-1] if self._holes else None
        if last is not None and last.offset + last.length == at:
            self._holes[-1] = Hole(last.offset, last.length + length)
        else:
            self._holes.append(Hole(at, length))
            self._gave_up = self._gave_up or len(self._holes) >= HOLES
        return length

    def _require_presence(self) -> None:
        """Pulled out, or with a reader that died, each read fails: that is no hole."""
        if self._is_present or self._known_good is None or self._failure is None:
            return
        offset, length = self._known_good
        self._asks()
        if not self._source.can_read(aligned_buffer(PAGE)[:length], offset):
            raise self._failure
        self._is_present = True

    def _require_something(self) -> None:
        if self._failure is not None and self.reading.missing >= self._source.size > 0:
            raise self._failure


def logical_block(device: int) -> int:
    """Octets of the smallest block that the device behind a file system is read by."""
    name = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")
    for folder in (name, name / ".."):
        try:
            return int((folder / "queue/logical_block_size").read_text(encoding="ascii"))
        except (OSError, ValueError):
            continue
    return _BLOCK
