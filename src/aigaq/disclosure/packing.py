"""A package as streams: measured first, each file once in its life, then laid out and read as it is sent."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from aigaq.core.digests import ContentDigest
from aigaq.disclosure.building import Opener, contents_of, tools
from aigaq.disclosure.gathering import Gathered
from aigaq.disclosure.models import FileDigest
from aigaq.media.making.maker import Maker
from aigaq.package import bag, layout
from aigaq.package.archive import Archive, SealedArchive
from aigaq.package.bag import Fixity
from aigaq.package.contents import Contents
from aigaq.package.disc import Disc
from aigaq.package.layout import Item, Layout
from aigaq.package.members import Member
from aigaq.recordings.models import Blob
from aigaq.recordings.playback import reader_of
from aigaq.vault.age import Addressee, Identity
from aigaq.vault.errors import BlobDamagedError
from aigaq.vault.store import Vault

_PIECE: Final = 1 << 20

OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Packed:
    """Laid out, with everything open that is read while it is sent."""

    gathered: Gathered
    contents: Contents
    layout: Layout


@dataclass(frozen=True, slots=True)
class Progress:
    """Octets of files whose second digest is known, and of all."""

    done: int
    total: int

    @property
    def is_done(self) -> bool:
        return self.done == self.total


def blobs_of(gathered: Gathered) -> list[Blob]:
    """All that is read for the package, each content once."""
    found = [each.file.blob for each in gathered.files]
    found += [each.playable.blob for each in gathered.files if each.playable is not None]
    return list({each.content_digest: each for each in found}.values())


def progress_of(gathered: Gathered) -> Progress:
    blobs = blobs_of(gathered)
    known = _known(blobs)
    return Progress(
        sum(each.size for each in blobs if each.content_digest in known), sum(each.size for each in blobs)
    )


def measure_some(
    gathered: Gathered,
    vault: Vault,
    identity: Identity,
    *,
    seconds: float,
    on_progress: OnProgress | None = None,
) -> Progress:
    """Measure files for about so long, at least one whole: whoever comes again goes on where this ended.

    Raises ``VaultError``.
    """
    blobs = blobs_of(gathered)
    known = _known(blobs)
    total, done = sum(each.size for each in blobs), sum(known.values())
    until = time.monotonic() + seconds
    for blob in blobs:
        if blob.content_digest in known:
            continue
        _measure(vault, identity, blob)
        done += blob.size
        if on_progress is not None:
            on_progress(done, total)
        if time.monotonic() > until:
            break
    return Progress(done, total)


@contextmanager
def packed(
    gathered: Gathered,
    vault: Vault,
    identity: Identity,
    maker: Callable[[], Maker],
    *,
    capacity: int | None,
    on_progress: OnProgress | None = None,
) -> Iterator[Packed]:
    """Ready to be streamed; what was measured before is not read for it.

    Raises what `contents_of`, `layout.each_measured` and `layout.laid_out` raise.
    """
    with contents_of(gathered, vault, identity, maker) as contents:
        layout.refuse_what_never_fits(contents.originals, capacity)
        known = FileDigest.objects.in_bulk([each.content_digest for each in blobs_of(gathered)])

        def measure(item: Item, pool: Executor, told: Callable[[int], None]) -> Fixity:
            digest = known.get(item.open.content_digest) if isinstance(item.open, Opener) else None
            if digest is None:
                with item.open() as source:
                    return bag.measure(source, pool, told)
            told(digest.size)
            return Fixity(digest.size, digest.sha256, digest.sha512)

        found = layout.each_measured(contents, measure, on_progress)
        yield Packed(gathered, contents, layout.laid_out(contents, found, tools=tools, capacity=capacity))


@dataclass(frozen=True, slots=True)
class Stream:
    """One file to be handed out: its name, its size, its octets."""

    name: str
    size: int
    pieces: Callable[[], Iterator[bytes]]


def stream_of(packed: Packed, volume: int, addressee: Addressee | None, *, is_image: bool = False) -> Stream:
    """A volume (from 0) as tar, sealed or not, or as the image of a disc."""
    name = packed.layout.bags[volume].name
    members: Sequence[Member] = packed.layout.volumes[volume]
    at = packed.contents.made_at
    if is_image:
        disc = Disc(members, name=name, at=at)
        return Stream(f"{name}.iso", disc.size, disc.pieces)
    archive = Archive(members, at)
    if addressee is None:
        return Stream(f"{name}.tar", archive.size, archive.pieces)
    sealed = SealedArchive(archive, addressee)
    return Stream(f"{name}.tar.age", sealed.size, sealed.pieces)


def _known(blobs: Sequence[Blob]) -> dict[str, int]:
    found = FileDigest.objects.filter(sha256__in=[each.content_digest for each in blobs])
    return dict(found.values_list("sha256", "size"))


def _measure(vault: Vault, identity: Identity, blob: Blob) -> None:
    """Raises `BlobDamagedError` where the content is not what its name says."""
    first, second, size = hashlib.sha256(), hashlib.sha512(), 0
    with reader_of(vault, identity, blob) as reader:
        while piece := reader.read(_PIECE):
            first.update(piece)
            second.update(piece)
            size += len(piece)
    if first.hexdigest() != blob.content_digest:
        content = ContentDigest.parse(blob.content_digest)
        raise BlobDamagedError(content=content, blob=blob.name, reason="its content has another digest")
    FileDigest.objects.get_or_create(
        sha256=blob.content_digest, defaults={"sha512": second.hexdigest(), "size": size}
    )
