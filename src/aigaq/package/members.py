"""A file of a package as whoever carries it away gets it: read once, when its turn comes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from aigaq.errors import N_, AigaqError

_PIECE: Final = 1 << 20


class MemberChangedError(AigaqError):
    code = "package.member-changed"
    message = N_(
        "“{path}” is no longer as long as it was when the package was put together. Build the package again."
    )


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a package, to be read once, when its turn comes."""

    path: str
    """From the carrier's root, with ``/`` between."""
    size: int
    open: Callable[[], BinaryIO]

    def pieces(self) -> Iterator[bytes]:
        """Its octets; `MemberChangedError` unless there are `size` of them."""
        left = self.size
        with self.open() as file:
            while left:
                piece = file.read(min(left, _PIECE))
                if not piece:
                    raise MemberChangedError(path=self.path)
                left -= len(piece)
                yield piece
            if file.read(1):
                raise MemberChangedError(path=self.path)
