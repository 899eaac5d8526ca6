"""Small ledgers for tests of the transparency log: made from a seed, so that a failure can be replayed."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from aigaq.tlog.checkpoint import Checkpoint, Signer, VerifierKey
from aigaq.tlog.entry import Actor, ActorKind, Entry
from aigaq.tlog.merkle import Frontier, leaf_hash
from aigaq.tlog.signing import Ed25519Signer
from aigaq.tlog.verify import Report, Signatures, verify

NAME = "ledger.example.kz/almaty"
BEGINNING = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
ALIYA = Actor(ActorKind.PERSON, "person-7", "Әлия Қасымқызы")
DOCK = Actor(ActorKind.SYSTEM, "dock-1", "док 1")
KINDS = ("journal.issue", "journal.return", "recordings.ingest", "access.playback-start", "ledger.begin")


def signer(name: str = NAME, octet: int = 1) -> Ed25519Signer:
    """A key that is the same in every run, and therefore worthless."""
    return Ed25519Signer(name, Ed25519PrivateKey.from_private_bytes(bytes([octet]) * 32))


def entry(seq: int, random: Random, at: datetime | None = None) -> Entry:
    return Entry(
        seq=seq,
        kind=random.choice(KINDS),
        at=at or BEGINNING + timedelta(seconds=seq, microseconds=random.randrange(10**6)),
        actor=random.choice((ALIYA, DOCK)),
        division=random.choice((None, "almaty", "Ақтөбе")),
        right=random.choice((None, {"role": "custodian", "order": "№ 12"})),
        body={
            "recorder": f"R-{random.randrange(100)}",
            "octets": random.randrange(2**40),
            "seal": random.choice(("A-1", 'кавычка " и \\', "тік\nжол", "📹")),
            "files": [{"name": f"ВИДЕО{random.randrange(9999):04}.MP4"}] * random.randrange(3),
        },
    )


@dataclass
class Log:
    """What a database holds. The lists are free to be tampered with."""

    rows: list[tuple[int, bytes, bytes]] = field(default_factory=list)
    checkpoints: list[tuple[int, str]] = field(default_factory=list)

    def copy(self) -> "Log":
        return Log(list(self.rows), list(self.checkpoints))

    def verify(self, key: VerifierKey, **options: object) -> Report:
        return verify(iter(self.rows), iter(self.checkpoints), key, **options)  # type: ignore[arg-type]


def checkpoint(rows: list[tuple[int, bytes, bytes]], signer: Signer) -> str:
    frontier = Frontier()
    frontier.extend(leaf_hash(row[1]) for row in rows)
    return Checkpoint(signer.name, frontier.size, frontier.root()).signed(signer)


def log(size: int, random: Random, signer: Signer, largest_batch: int = 10) -> Log:
    sizes = [min(size, random.randint(1, largest_batch))]
    while sizes[-1] < size:
        sizes.append(min(size, sizes[-1] + random.randint(1, largest_batch)))
    return resigned([entry(seq, random).octets for seq in range(size)], sizes, signer)


def resigned(entries: list[bytes], sizes: list[int], signer: Signer) -> Log:
    """The log that somebody with the key would write instead: sound in itself."""
    made, frontier = Log(), Frontier()
    for start, stop in zip([0, *sizes], sizes, strict=False):
        made.rows += [(seq, entries[seq], leaf_hash(entries[seq])) for seq in range(start, stop)]
        frontier.extend(row[2] for row in made.rows[start:stop])
        made.checkpoints.append((stop, Checkpoint(signer.name, stop, frontier.root()).signed(signer)))
    return made


def kinds(report: Report) -> set[str]:
    return {str(fault.kind) for fault in report.faults}


__all__ = ["Log", "Signatures", "checkpoint", "entry", "kinds", "log", "resigned", "signer"]
