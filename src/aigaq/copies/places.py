"""The places that the settings name, as services work with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aigaq.copies.models import VAULT
from aigaq.copies.rules import Policy
from aigaq.vault.backends.base import Backend


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
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", (VAULT, *self.copies))

    def __getitem__(self, name: str) -> Backend:
        return self.vault if name == VAULT else self.copies[name]
