"""What an unloading reads from and clears: a folder, or something mounted for as long as it takes."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol


class Medium(Protocol):
    """Something plugged in, readable under `path`."""

    @property
    def path(self) -> Path: ...

    def writable(self, root: int) -> AbstractContextManager[None]:
        """For the clearing alone: inside, what is open as `root` (the folder at `path`) may be changed.

        The number `root` stays good, before, inside and after. What it stands for may be another mount, so
        nothing else of the medium may be open when this is entered, and inode numbers may be others.

        Raise a ``FileProblemError`` where it can't be written (`WriteProtectedError`, `NotWritableError`):
        nothing was changed and `root` can be read as before. Raise a ``MediumGoneError`` where it is not
        there any more.
        """
        ...

    def require(self) -> None:
        """Raise a ``MediumGoneError`` if it was pulled out: whatever could not be read means nothing then."""
        ...


class FolderMedium:
    """A plain folder: whoever put it there looks after it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def writable(self, root: int) -> Iterator[None]:  # noqa: ARG002 - the protocol's
        yield

    def require(self) -> None:
        """A folder is not pulled out; what is missing from it is told file by file."""
