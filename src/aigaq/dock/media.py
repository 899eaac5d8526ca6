"""What a computer's docks are to whoever attends them. One module per system says it: `linux` does now."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from aigaq.errors import AigaqError
from aigaq.unloading.medium import Medium


class Volume(Protocol):
    """One file system of something plugged in."""

    def mounted(self) -> AbstractContextManager[Medium]:
        """Readable inside, and nothing of it changes but within `Medium.writable`; let go on leaving.

        Raise a ``DockError`` where it can't be mounted, or, on leaving, can't be let go (`StillHeldError`).
        """
        ...


@dataclass(frozen=True, slots=True)
class Slot:
    """One port as it is at this moment."""

    port: str
    """A name that the port keeps, whatever is plugged into it."""
    key: str = ""
    """Of what is in it: another one each time something is plugged in; empty if nothing is."""
    volumes: tuple[Volume, ...] = ()
    problem: AigaqError | None = None
    """Why what is in it is not touched."""


class Media(Protocol):
    """Everything that may be plugged into this computer, and nothing that belongs to it."""

    def look(self) -> Sequence[Slot]: ...

    def wait(self, seconds: float) -> None:
        """Return after so many seconds, or sooner if something was plugged in or pulled out."""
        ...

    def close(self) -> None:
        """Nothing of it is mounted any more, and another program may attend."""
        ...
