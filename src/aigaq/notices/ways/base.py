"""What every way can do, and what it is given."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from aigaq.notices.errors import UnreachableError

REASON_LIMIT: Final = 300
"""Characters that are kept of why a letter was not sent."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter as a way is given it."""

    id: str
    """The same at every attempt, so that who carries it can tell a second copy."""
    at: datetime
    """When what it tells of was noticed."""
    address: str
    subject: str
    """One line."""
    text: str


class Way(Protocol):
    @property
    def name(self) -> str:
        """Kept with each letter; never changes."""

    def send(self, letter: Outgoing) -> None:
        """Return when the letter was taken over; raises `NotSentError`. Takes well under `rules.LEASE`."""

    def reach(self) -> None:
        """Find out whether it would work, sending nothing; raises `NotSentError`."""


@dataclass(frozen=True, slots=True)
class BrokenWay:
    """A way that can't be used as it is set up: its letters wait until somebody puts that right."""

    name: str
    reason: str

    def send(self, letter: Outgoing) -> None:  # noqa: ARG002 - a way's signature
        self.reach()

    def reach(self) -> None:
        raise UnreachableError(reason=self.reason)


def one_line(text: str, limit: int = REASON_LIMIT) -> str:
    """Foreign words, as they may be kept and shown: no line ends, nothing that does not print."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:limit].rstrip(".")
