"""One showing: the codes of some seconds in a row, and the tree over them; its root is entered beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from aigaq.timecode.code import Code, Purpose, secret_of, unproven
from aigaq.tlog import merkle

LONGEST: Final = 600
"""Seconds of one showing, at most."""
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What is said of all its codes alike. `began_at` is a whole second."""

    ledger: str
    number: int
    """Its own count, of the installation."""
    purpose: Purpose
    row: int
    began_at: datetime
    seconds: int

    @property
    def ends_at(self) -> datetime:
        return self.began_at + self.seconds * _SECOND

    def index_of(self, at: datetime) -> int | None:
        """Which of its seconds `at` falls into; None outside of it."""
        index = (at - self.began_at) // _SECOND
        return index if 0 <= index < self.seconds else None

    def code(self, key: bytes, index: int) -> Code:
        at = self.began_at + index * _SECOND
        said = unproven(self.ledger, self.number, self.purpose, self.row, at)
        return Code(
            ledger=self.ledger,
            showing=self.number,
            purpose=self.purpose,
            row=self.row,
            at=at,
            secret=secret_of(key, said),
        )

    def root(self, key: bytes) -> bytes:
        """What is entered before the first is shown: RFC 6962's root over the texts, in their order."""
        return merkle.root(_leaves(self, key))

    def proof(self, key: bytes, index: int) -> Sequence[bytes]:
        """From the text of the second `index` up to the root."""
        return merkle.inclusion_proof(merkle.subtrees_of(_leaves(self, key)), index, self.seconds)

    def is_ours(self, key: bytes, code: Code) -> bool:
        """Whether exactly this code was made for one of its seconds."""
        index = self.index_of(code.at)
        return index is not None and self.code(key, index) == code


def require_proven(text: str, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raise `tlog.errors.InclusionError` unless the root entered beforehand was over this text.

    All that a third party needs: no key, and nothing of ours but two entries of the ledger.
    """
    merkle.verify_inclusion(merkle.leaf_hash(text.encode("ascii")), index, size, proof, root)


@lru_cache(maxsize=8)
def _leaves(showing: Showing, key: bytes) -> tuple[bytes, ...]:
    return tuple(
        merkle.leaf_hash(showing.code(key, index).text.encode("ascii")) for index in range(showing.seconds)
    )
