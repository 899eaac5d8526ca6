"""Cards unloaded into a database by the services themselves; of their files there are only the facts.

What is timed is the office's side of an unloading, from the card that was plugged in to the card that is
empty: whose it is, the files entered with their ledger entries, column 6, and the clearing of the card.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from os import urandom

from aigaq.core.clock import KAZAKHSTAN
from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.ingest.desk import Office, OfficeDesk
from aigaq.ingest.models import UnloadState
from aigaq.media.kinds import Kind
from aigaq.media.probe import Audio, Judgement, Verdict, Video
from aigaq.registry.models import Card
from aigaq.unloading.desk import SeenCard, SeenFile
from aigaq.unloading.facts import FoundFile, Judged
from aigaq.vault.layout import BlobName
from aigaq.vault.store import Stored

A_CARD, TOGETHER = 12, 3
"""Files of a card, and how many are entered in one transaction: as many as are read at the same time."""
SIZE, SEALED, STILL = 400_000_000, 400_097_904, 60_000
_JUDGED = Judgement(
    kind=Kind.VIDEO,
    verdict=Verdict.PLAYABLE,
    container="mov,mp4,m4a,3gp,3g2,mj2",
    duration=1795.2,
    video=Video("h264", 1920, 1080, 25.0, "yuv420p"),
    audio=Audio("aac", 16000, 1),
    embedded_text="2026-11-20T04:00:00.000000Z",
)


@dataclass
class Entered:
    files: int = 0
    begin: float = 0
    enter: float = 0
    rest: float = 0
    unloads: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return self.begin + self.enter + self.rest


def enter_cards(
    office: Office,
    cards: list[Card],
    now: datetime,
    *,
    many: int = A_CARD,
    together: int = TOGETHER,
    keep: bool = False,
) -> Entered:
    """One unloading of each; with `keep` the cards are not cleared: their recordings wait in the tray."""
    told = Entered()
    for card in cards:
        files = [_file(card, now - timedelta(minutes=30 * n, seconds=urandom(1)[0])) for n in range(many)]
        _unload(office, card, files, together, told, keep=keep)
    return told


def _unload(
    office: Office, card: Card, files: list[FoundFile], together: int, told: Entered, *, keep: bool
) -> None:
    desk = OfficeDesk(office, division=card.division)
    began = time.perf_counter()
    ticket = desk.begin(_seen(card, files), keep=False)
    assert ticket is not None
    begun = time.perf_counter()
    for start in range(0, len(files), together):
        desk.enter(files[start : start + together])
    entered = time.perf_counter()
    assert desk.settle([]).waits is keep
    if not keep:
        desk.intend([each.path for each in files])
        desk.say_cleared([], desk.note([]))
    desk.finish([], keep=keep)
    ended = time.perf_counter()
    assert desk.unload.state == (UnloadState.TRAY if keep else UnloadState.READY), desk.unload.state
    told.files += len(files)
    told.begin += begun - began
    told.enter += entered - begun
    told.rest += ended - entered
    told.unloads.append(ended - began)


def _seen(card: Card, files: list[FoundFile]) -> SeenCard:
    return SeenCard(
        port="1-1.2",
        identity=None,
        identity_doubt="",
        volume=card.volume_id,
        folder="",
        files=tuple(SeenFile(each.path, SIZE, 0) for each in files),
        problems=(),
    )


def _file(card: Card, at: datetime) -> FoundFile:
    assert card.recorder is not None
    taken = at.astimezone(KAZAKHSTAN).strftime("%Y%m%d_%H%M%S")
    return FoundFile(
        path=f"DCIM/100MEDIA/{card.recorder.inventory_number}_{taken}.MP4",
        modified_at=at,
        recorded_at=at,
        kind=Kind.VIDEO,
        stored=_stored(SIZE, SEALED),
        judged=Judged(_JUDGED, _stored(STILL, STILL + 200)),
    )


def _stored(size: int, sealed: int) -> Stored:
    name = BlobName(ContentDigest(urandom(32)), StoredDigest(urandom(32)))
    return Stored(
        content_digest=name.content,
        stored_digest=name.stored,
        size=size,
        stored_size=sealed,
        name=name.path,
        already=False,
        healed=False,
        read_back="direct",
    )
