"""Cutting a stretch out of a recording without loss, as a package asks for it. The parent's side."""

import io
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from types import TracebackType
from typing import BinaryIO, Final, Self, cast

from aigaq.core.canonical import Json
from aigaq.media.making.maker import Input, Made, Maker, Watcher
from aigaq.media.making.recipes import Plan, Product
from aigaq.media.making.spool import Parts
from aigaq.media.making.terms import Cut, NotMadeError, Obstacle, recipe

_PIECE: Final = 1 << 20


@dataclass(slots=True)
class CutFile:
    """A cut, sealed on the disk with a key that only this process has. A context manager that forgets it."""

    stretch: Cut
    recipe: Mapping[str, Json]
    facts: Mapping[str, Json]
    size: int
    sha256: str
    _made: Made
    _kept: ExitStack

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self) -> BinaryIO:
        """Its octets from the beginning, as often as wanted. Not for two readers at once."""
        return cast("BinaryIO", io.BufferedReader(_File(self._made.source()), _PIECE))

    def close(self) -> None:
        self._kept.close()


def cut(
    maker: Maker, main: Input, from_ms: int, until_ms: int, *, program: str, watcher: Watcher | None = None
) -> CutFile:
    """Cut `main` from `from_ms` until `until_ms`, both in milliseconds from its beginning.

    What comes out begins at the picture that stands by itself at or before, and ends with the packet that
    holds the end: `CutFile.stretch` says where. The same file and libraries give the same octets. Raises
    `NotMadeError`, with `Obstacle.NOT_CUT` where it can't be done without loss and `Obstacle.OUTSIDE` where
    there is nothing, and what the reader raises.
    """
    if not 0 <= from_ms < until_ms:
        raise NotMadeError(Obstacle.OUTSIDE)
    made = maker.make(Plan(Product.CUT, stretch=(from_ms, until_ms)), main, watcher=watcher)
    spool = maker.let_go()
    with ExitStack() as kept:
        if spool is not None:
            kept.push(spool)
        if made.work.cut is None:
            raise NotMadeError(Obstacle.CRASHED)
        told = recipe(made.plan, made.libraries, program, made.work)
        facts = made.work.to_dict()
        return CutFile(
            stretch=made.work.cut,
            recipe=told,
            facts={name: facts[name] for name in facts if name not in told and name != "cut"},
            size=made.size,
            sha256=_digest(made),
            _made=made,
            _kept=kept.pop_all(),
        )


def _digest(made: Made) -> str:
    whole, source, room = sha256(), made.source(), memoryview(bytearray(_PIECE))
    while count := source.readinto(room):
        whole.update(room[:count])
    return whole.hexdigest()


class _File(io.RawIOBase):
    def __init__(self, source: Parts) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        return self._source.readinto(memoryview(buffer).cast("B"))
