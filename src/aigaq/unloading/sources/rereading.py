"""Reading a file of the card a second time, before it is deleted there: two readings that differ are told.

Decision 0017 says when, and at what price.
"""

import contextlib
import os
from collections.abc import Callable
from enum import StrEnum

from aigaq.core.files import ForeignFileError
from aigaq.unloading import errors
from aigaq.unloading.sources.clearing import Proven, digest_of
from aigaq.unloading.sources.listing import parent_of
from aigaq.unloading.sources.volume import device_behind
from aigaq.vault.source import SourceChangedError, SourceFile, SourceUnreadableError
from aigaq.vault.store import Source


class ReadTwice(StrEnum):
    """When files are read a second time before they are deleted from the card."""

    DOUBT = "doubt"
    """All of a card on which anything went wrong, now or before."""
    ALWAYS = "always"


def drop_cached(root: int) -> None:
    """Have the device asked for what is read next, where a file system in user space keeps blocks in memory.

    Such a one takes the flag for direct reads and reads the device through the cache itself.
    """
    device = device_behind(root)
    if device is None:
        return
    with contextlib.suppress(OSError):
        fd = os.open(device, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(fd)


def disagreement(
    root: int, proven: Proven, through: Callable[[SourceFile], Source] = lambda source: source
) -> errors.ReadsDisagreeError | None:
    """None if the card gives once more what is stored."""
    try:
        with parent_of(root, proven.file.parts) as folder:
            again = digest_of(proven.file.parts[-1], folder, through)
    except (SourceChangedError, SourceUnreadableError, ForeignFileError) as error:
        return _told(proven, str(error.details.get("reason", error)))
    except OSError as error:
        return _told(proven, error.strerror or str(error))
    return None if again == proven.content_digest else _told(proven, "other octets")


def _told(proven: Proven, reason: str) -> errors.ReadsDisagreeError:
    return errors.ReadsDisagreeError(path=proven.file.shown, reason=reason)
