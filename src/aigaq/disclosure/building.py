"""From what was gathered and an open vault: the contents of a package, ready to be written or streamed."""

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

from aigaq.core import canonical
from aigaq.core.canonical import Json
from aigaq.core.clock import KAZAKHSTAN
from aigaq.core.digests import ContentDigest
from aigaq.disclosure.errors import NotCutError
from aigaq.disclosure.gathering import Gathered
from aigaq.disclosure.gathering.files import FileThen
from aigaq.disclosure.models import Segment
from aigaq.disclosure.rules import clock
from aigaq.media.making.cutting import CutFile, cut
from aigaq.media.making.maker import Input, Maker
from aigaq.media.making.terms import NotMadeError, Obstacle
from aigaq.package.contents import Contents, Derivative, ListedFile, Listing, Original
from aigaq.package.page.page import page
from aigaq.package.readme import readme
from aigaq.paperwork.contents_list import ContentsList, print_contents
from aigaq.paperwork.demanded import Demanded
from aigaq.paperwork.extract import Extract, print_extract
from aigaq.paperwork.letter import Letter, print_letter
from aigaq.recordings.models import Blob, Product
from aigaq.recordings.playback import reader_of
from aigaq.regulation import profile as regulation
from aigaq.unloading.deriving import PROGRAM
from aigaq.vault.age import Identity
from aigaq.vault.errors import BlobDamagedError
from aigaq.vault.store import BlobReader, Vault

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_NO_CUT: Final = frozenset({Obstacle.NOT_CUT, Obstacle.OUTSIDE})
_PLAYABLE: Final[Mapping[tuple[str, str], str]] = {
    (Product.PROXY, "video"): ".mp4",
    (Product.PROXY, "audio"): ".m4a",
    (Product.PICTURE, "photo"): ".jpg",
}

OnProgress = Callable[[int, int], None]


@contextmanager
def contents_of(
    gathered: Gathered,
    vault: Vault,
    identity: Identity,
    maker: Callable[[], Maker],
) -> Iterator[Contents]:
    """Good until it ends: then the cuts, which lie sealed on the disk, are forgotten.

    `maker` is asked where something has to be cut. Raises ``VaultError``, `NotCutError` or `NotMadeError`.
    """
    with ExitStack() as until_it_ends:
        cutter = _Cutter(vault, identity, maker, until_it_ends)
        originals = tuple(
            _original(each, gathered.clocks_of_files[each.file.pk], cutter) for each in gathered.files
        )
        yield Contents(
            package=gathered.package,
            profile=gathered.profile,
            division=gathered.division,
            demand=gathered.demand,
            approval=gathered.approval,
            ledger_key=gathered.ledger_key,
            checkpoint=gathered.checkpoint,
            originals=originals,
            entries=gathered.entries,
            keys=gathered.keys,
            extract=gathered.extract,
            clocks=gathered.clocks,
            custody=gathered.custody,
            papers=partial(_papers, gathered),
            made_at=gathered.made_at,
        )


def tools(small: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """What lies beside the data for people."""
    package: Any = canonical.decode(small["data/package.json"])
    name, others = _names(package, small["bag-info.txt"].decode())
    return {"index.html": page(small), "README.txt": readme(name, others)}


class _Cutter:
    """Opens what goes in, and cuts what has to be cut: one after another, each once."""

    def __init__(
        self, vault: Vault, identity: Identity, maker: Callable[[], Maker], until_it_ends: ExitStack
    ) -> None:
        self._vault = vault
        self._identity = identity
        self._maker = maker
        self._until_it_ends = until_it_ends
        self._made: Maker | None = None

    def opener(self, blob: Blob) -> "Opener":
        return Opener(self._vault, self._identity, blob)

    def cut(self, file: FileThen, segment: Segment) -> CutFile:
        """Raises `NotCutError` for what can't be cut without loss, and `NotMadeError`."""
        if self._made is None:
            self._made = self._until_it_ends.enter_context(self._maker())
        length = file.duration_ms
        with reader_of(self._vault, self._identity, file.file.blob) as reader:
            given = Input(
                cast(BinaryIO, reader), file.file.name, reader.size, None if length is None else length / 1000
            )
            try:
                made = cut(self._made, given, segment.from_ms, segment.until_ms, program=PROGRAM)
            except NotMadeError as error:
                if error.obstacle in _NO_CUT:
                    name, begin, end = file.file.shown, clock(segment.from_ms), clock(segment.until_ms)
                    raise NotCutError(file=name, from_time=begin, until_time=end) from error
                raise
        return self._until_it_ends.enter_context(made)


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens a stored file, as often as it is asked: of each octet that it gives, age vouches for the key."""

    vault: Vault
    identity: Identity = field(repr=False)
    blob: Blob

    @property
    def content_digest(self) -> str:
        return self.blob.content_digest

    def __call__(self) -> BinaryIO:
        reader = reader_of(self.vault, self.identity, self.blob)
        return cast(BinaryIO, Checked(reader, ContentDigest.parse(self.content_digest), self.blob.name))


class Checked(io.RawIOBase):
    """Read to its end, it has the digest that it must have, or the last read raises `BlobDamagedError`."""

    def __init__(self, source: BlobReader, content: ContentDigest, name: str) -> None:
        self._source = source
        self._content = content
        self._name = name
        self._digest = sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer).cast("B")
        count = self._source.readinto(view)
        self._digest.update(view[:count])
        if not count and view.nbytes and self._digest.digest() != self._content.value:
            reason = "its content has another digest"
            raise BlobDamagedError(content=self._content, blob=self._name, reason=reason)
        return count

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()


def _original(file: FileThen, known: Mapping[str, Json], cutter: _Cutter) -> Original:
    body = file.body
    derivatives = [_cut(each, cutter.cut(file, each)) for each in file.segments]
    if file.playable is not None:
        suffix = _PLAYABLE[file.playable.product, file.file.kind]
        opener = cutter.opener(file.playable.blob)
        derivatives.append(Derivative(what="playable", suffix=suffix, cut=None, open=opener))
    return Original(
        card_path=body["path"],
        kind=body["kind"],
        size=body["size"],
        sha256=file.sha256,
        recording=body["recording"],
        file=body["file"],
        row=str(file.row) if file.row else None,
        seq=file.ingested.seq,
        recorded_at=file.recorded_at,
        duration_ms=file.duration_ms,
        clock=known,
        open=cutter.opener(file.file.blob),
        derivatives=tuple(derivatives),
    )


def _cut(segment: Segment, made: CutFile) -> Derivative:
    about: dict[str, Json] = {
        "asked_from_ms": segment.from_ms,
        "asked_until_ms": segment.until_ms,
        "from_ms": made.stretch.from_ms,
        "until_ms": made.stretch.until_ms,
        "recipe": dict(made.recipe),
    }
    return Derivative(what="cut", suffix=f".{made.stretch.suffix}", cut=about, open=made.open)


def _papers(gathered: Gathered, listing: Listing) -> Mapping[str, bytes]:
    profile, demanded = regulation.load(gathered.profile), _demanded(gathered.demand)
    head: Any = gathered.approval["head"]
    rows: Any = gathered.extract["rows"]
    division = str(gathered.division["name"])
    common: dict[str, Any] = {
        "division": division,
        "demanded": demanded,
        "package": str(gathered.package),
        "checkpoint": gathered.checkpoint,
        "dated": gathered.made_at,
    }
    originals = [each for each in listing.files if each.what == "original"]
    letter = Letter(
        **common,
        number="",
        on=gathered.made_at.astimezone(KAZAKHSTAN).date(),
        kinds=tuple(each.kind for each in originals),
        size=sum(each.size for each in originals),
        cuts=sum(each.what == "cut" for each in listing.files),
        playable=sum(each.what == "playable" for each in listing.files),
        rows=len(rows),
        entries=len(gathered.entries),
        volumes=listing.volumes,
        files_digest=sha256(canonical.encode([_listed(each) for each in listing.files])).hexdigest(),
        key=gathered.ledger_key,
        head=head["full_name"],
    )
    listed = ContentsList(**common, volumes=listing.volumes, files=listing.files)
    extract = Extract(**common, rows=rows, head=head["full_name"])
    return {
        "letter.pdf": print_letter(letter, profile),
        "contents.pdf": print_contents(listed, profile),
        "journal/extract.pdf": print_extract(extract, profile),
    }


def _listed(file: ListedFile) -> dict[str, Json]:
    """As `files` of `package.json` has it."""
    return {
        "number": file.number,
        "what": file.what,
        "of": file.of,
        "path": file.path,
        "size": file.size,
        "sha256": file.sha256,
        "sha512": file.sha512,
        "volume": file.volume,
        "kind": file.kind,
        "recording": file.recording,
        "file": file.file,
        "card_path": file.card_path,
        "row": file.row,
        "seq": file.seq,
        "recorded_at": file.recorded_at,
        "duration_ms": file.duration_ms,
        "clock": dict(file.clock),
        "cut": None if file.cut is None else dict(file.cut),
    }


def _demanded(demand: Mapping[str, Any]) -> Demanded:
    return Demanded(
        kind=demand["kind"],
        authority=demand["authority"],
        official=demand["official"],
        their_number=demand["their_number"],
        dated_on=date.fromisoformat(demand["dated_on"]),
        number=demand["number"],
    )


def _names(package: Mapping[str, Any], bag_info: str) -> tuple[str, tuple[str, ...]]:
    """Of the volume that `bag_info` is of, and of the others."""
    stem, count = f"aigaq-{package['package'][:8]}", package["volumes"]
    if count == 1:
        return stem, ()
    line = next(each for each in bag_info.splitlines() if each.startswith("Bag-Count: "))
    own = int(line.removeprefix("Bag-Count: ").partition(" ")[0])
    return f"{stem}-{own}-of-{count}", tuple(
        f"{stem}-{number}-of-{count}" for number in range(1, count + 1) if number != own
    )
