"""The places that the settings name, as services work with them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from aigaq.copies.models import VAULT
from aigaq.copies.rules import Policy
from aigaq.vault.backends.base import Backend


class Papers(Protocol):
    """What is to be known of the small files beside the blobs, by who writes them: a floor above."""

    def is_sound(self, name: str, octets: bytes) -> bool | None:
        """Whether it is what its name and its signature say; None for what is none of ours."""

    def reaches(self) -> int:
        """How many entries the ledger's copy in the vault has to have by now."""

    def span_of(self, before: str, name: str) -> tuple[int, int] | None:
        """The entries that a segment has whose last file `name` is; `before` is listed right before it."""

    def renew(self, name: str) -> list[str]:
        """Have the vault hold, under other names, what this file had; those names. Empty: that can't be.

        Raise a ``VaultError``.
        """

    def renew_entries(self, start: int, stop: int) -> list[str]:
        """Have the vault hold these entries once more. Raise as `renew`."""


@dataclass(frozen=True)
class Places:
    """`copies` by name, each with its backend; none of them need be there at this moment."""

    vault: Backend
    copies: Mapping[str, Backend]
    policy: Policy
    days: int = 30
    """Within which everything is read; 0: never."""
    scrub_rate: int = 0
    copy_rate: int = 0
    """MiB a second; 0: as fast as it goes."""
    going: Callable[[], Collection[str]] = tuple
    """Contents, in hex, that are being disposed of at this moment: missed nowhere, brought nowhere."""
    papers: Callable[[], Papers] | None = None
    """None where nothing but blobs is looked at."""
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", (VAULT, *self.copies))

    def __getitem__(self, name: str) -> Backend:
        return self.vault if name == VAULT else self.copies[name]
