"""A package as the image of a disc: UDF, in one pass from first to last block (`docs/formats/package.md`).

Everything that precedes the files is known from their names and sizes alone. So the image is made while it is
read, nothing of it lies on a disk here, and the same members give the same image.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Final

from aigaq.errors import N_
from aigaq.package import udf
from aigaq.package.archive import folders_of
from aigaq.package.errors import PackageError
from aigaq.package.members import Member
from aigaq.package.udf import BLOCK

_MAIN: Final = 32
_RESERVE: Final = 48
_INTEGRITY: Final = 64
_ANCHOR: Final = 256
_PARTITION: Final = 257
_ROUND: Final = 32
"""Blocks: the image fills what a drive writes at once, or it would add some behind the last anchor."""
_FIRST_UNIQUE: Final = 16
"""Ids below are kept for others (UDF 3.2.1.1)."""


class DiscFileTooLargeError(PackageError):
    code = "package.disc-file-too-large"
    message = N_("“{path}” is too large for a disc image. Take an archive instead.")


class DiscNameError(PackageError):
    code = "package.disc-name"
    message = N_("The name “{path}” is too long for a disc image. Take an archive instead.")


@dataclass(slots=True)
class _Node:
    """A folder or a file, and where it is to lie in the partition."""

    path: str
    member: Member | None = None
    children: "list[_Node]" = field(default_factory=list)
    entry: int = 0
    """Block of its file entry."""
    data: int = 0
    """First block of its octets."""
    size: int = 0
    unique: int = 0

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name

    @property
    def is_folder(self) -> bool:
        return self.member is None


class Disc:
    """The image of `members`, under the name that a system shows for the disc.

    Raises `DiscFileTooLargeError`, `DiscNameError`.
    """

    def __init__(self, members: Sequence[Member], *, name: str, at: datetime) -> None:
        self._at = at
        self._folders, self._files = _tree(members)
        blocks = self._placed()
        # One more block for the last anchor, in whole rounds.
        self._blocks = -(-(_PARTITION + blocks + 1) // _ROUND) * _ROUND
        self._volume = udf.Volume(
            name=name,
            unique=_unique(name, self._files),
            at=at,
            partition=_PARTITION,
            blocks=self._blocks - 1 - _PARTITION,
            integrity=_INTEGRITY,
            folders=len(self._folders),
            files=len(self._files),
        )

    @property
    def size(self) -> int:
        """Octets."""
        return self._blocks * BLOCK

    def pieces(self) -> Iterator[bytes]:
        """The image from its first octet to its last. Raises `MemberChangedError`, and what `open` raises."""
        written = 0
        for piece in (*self._front(), *self._entries()):
            yield piece
            written += len(piece)
        for node in self._files:
            if node.member is not None and node.size:
                yield from node.member.pieces()
                yield bytes(-node.size % BLOCK)
                written += node.size + -node.size % BLOCK
        yield bytes((self._blocks - 1) * BLOCK - written)
        yield udf.anchor(self._blocks - 1, _MAIN, _RESERVE)

    def _front(self) -> Iterator[bytes]:
        """What is outside the partition (ECMA-167 part 3)."""
        front = bytes(16 * BLOCK) + udf.recognition()
        front = front.ljust(_MAIN * BLOCK, b"\0") + self._volume.sequence(_MAIN)
        front = front.ljust(_RESERVE * BLOCK, b"\0") + self._volume.sequence(_RESERVE)
        front = front.ljust(_INTEGRITY * BLOCK, b"\0") + self._volume.closed()
        yield front.ljust(_ANCHOR * BLOCK, b"\0")
        yield udf.anchor(_ANCHOR, _MAIN, _RESERVE)

    def _entries(self) -> Iterator[bytes]:
        """The partition up to the files' octets (ECMA-167 part 4)."""
        yield self._volume.file_set(self._folders[0].entry)
        parents = {child.path: folder for folder in self._folders for child in folder.children}
        for folder in self._folders:
            below = sum(child.is_folder for child in folder.children)
            yield self._entry(folder, links=1 + below)
            yield udf.block(self._listing(folder, parents.get(folder.path, folder)))
        for node in self._files:
            yield self._entry(node, links=1)

    def _entry(self, node: _Node, *, links: int) -> bytes:
        return udf.file_entry(
            node.entry, node.data, node.size, node.unique, self._at, links=links, is_folder=node.is_folder
        )

    def _listing(self, folder: _Node, parent: _Node) -> bytes:
        """The folder's own octets: its parent, then what is in it."""
        listed = bytearray(udf.named("", parent.entry, parent.unique, folder.data, is_folder=True))
        for child in folder.children:
            location = folder.data + len(listed) // BLOCK
            listed += udf.named(child.name, child.entry, child.unique, location, is_folder=child.is_folder)
        return bytes(listed)

    def _placed(self) -> int:
        """Give everything its place in the partition; how many blocks are taken."""
        at, unique = 2, _FIRST_UNIQUE
        for folder in self._folders:
            folder.size = udf.named_size("") + sum(udf.named_size(child.name) for child in folder.children)
            folder.entry, folder.data = at, at + 1
            at += 1 + -(-folder.size // BLOCK)
        for node in self._files:
            node.entry, at = at, at + 1
        for node in self._files:
            node.data, at = at, at + -(-node.size // BLOCK)
        for node in (*self._folders[1:], *self._files):
            node.unique, unique = unique, unique + 1
        return at


def _tree(members: Sequence[Member]) -> tuple[list[_Node], list[_Node]]:
    """Folders, the root first, and files; each in the order of their paths."""
    folders = {path: _Node(path) for path in ("", *folders_of(members))}
    files = [_Node(each.path, each, size=each.size) for each in sorted(members, key=lambda each: each.path)]
    inside: dict[str, list[_Node]] = defaultdict(list)
    for node in (*folders.values(), *files):
        if node.size > udf.LARGEST:
            raise DiscFileTooLargeError(path=node.path)
        if len(udf.characters(node.name)) > udf.LONGEST_NAME:
            raise DiscNameError(path=node.path)
        if node.path:
            inside[node.path.rpartition("/")[0]].append(node)
    for path, folder in folders.items():
        folder.children = sorted(inside[path], key=lambda each: each.name)
    return list(folders.values()), files


def _unique(name: str, files: Sequence[_Node]) -> str:
    """Digits that another volume set hardly has, and this one always."""
    listed = "\n".join([name, *(f"{each.size} {each.path}" for each in files)])
    return sha256(listed.encode("utf-8")).hexdigest()[:16]
