"""Verification of a whole ledger: rebuilt from the entries' octets, trusting nothing stored beside them.

It goes on after a fault and lists every one. It needs no database and no server: two streams and the
log's public key. What it can and can't find is in docs/formats/ledger.md.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from heapq import merge
from typing import TypeAlias

from aigaq.tlog.checkpoint import Checkpoint, Note, VerifierKey, open_checkpoint
from aigaq.tlog.errors import MalformedCheckpointError, MalformedNoteError, SignatureError, TlogError
from aigaq.tlog.faults import Evidence, Fault, FaultKind, Findings
from aigaq.tlog.merkle import Frontier
from aigaq.tlog.rows import Judged, RawRow, judged

RawCheckpoint: TypeAlias = tuple[object, object]
"""``(size, note)`` as a database gives it, with whatever type somebody has put there."""

_EXCERPT = 8192
"""Characters of a note kept as evidence: any honest one whole, and a planted giant can't fill the memory."""
MAX_LISTED = 10_000
"""Faults kept with their evidence; the rest is counted in `Report.unlisted`."""


class Signatures(Enum):
    """Which stored checkpoints have their signature verified. Roots are recomputed for all, always."""

    EVERY = "every"
    NEWEST = "newest"
    """Sound for the entries, and much sooner done where each entry has a checkpoint of its own: see
    docs/decisions/0003-ledger-tree-and-checkpoints.md."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was verified and what was found. The ledger is sound only if `is_sound`."""

    entries: int
    root: bytes
    """Recomputed, of all entries."""
    checkpoints: int
    """How many stored checkpoints fit the recomputed tree."""
    covered: int
    """The first so many entries are vouched for by a checkpoint with a verified signature."""
    faults: list[Fault]
    unlisted: int
    """Further faults, beyond the limit, not listed."""
    remarks: list[Fault]
    """Worth a look, no proof of anything: a clock that was set back."""

    @property
    def is_sound(self) -> bool:
        return not self.faults and not self.unlisted


def verify(
    rows: Iterable[RawRow],
    checkpoints: Iterable[RawCheckpoint],
    key: VerifierKey,
    *,
    since: Sequence[str] = (),
    signatures: Signatures = Signatures.EVERY,
    processes: int = 1,
    limit: int = MAX_LISTED,
    on_progress: Callable[[int], None] | None = None,
) -> Report:
    """Verify the rows ``(seq, octets, leaf_hash)`` and checkpoints ``(size, note)`` of one ledger.

    Both come in ascending order, as ``ORDER BY`` gives them, and are read once, in flat memory. `since`
    holds notes that were kept elsewhere: each has to be this log's and to fit its first entries.
    `processes` more than one judges rows in so many processes. `on_progress` is told the number of
    entries done. A ledger without entries is a fault. Nothing that the streams yield raises.
    """
    verification = _Verification(key, signatures, limit)
    verification.begin(checkpoints, since)
    for batch in judged(rows, processes):
        verification.take(batch)
        if on_progress is not None:
            on_progress(verification.size)
    return verification.end()


@dataclass(slots=True)
class _Claim:
    """Somebody states the root at a size: a stored checkpoint, or one that was kept elsewhere."""

    note: Note
    checkpoint: Checkpoint
    is_since: bool


@dataclass(slots=True)
class _Misfits:
    """Stored checkpoints in a row that do not fit: one change early on makes all later ones misfits."""

    first: _Claim
    recomputed: bytes
    fits_before: int
    last_size: int
    count: int = 1


class _Verification:
    def __init__(self, key: VerifierKey, signatures: Signatures, limit: int) -> None:
        self._key = key
        self._signatures = signatures
        self._frontier = Frontier()
        self._faults = Findings(limit)
        self._remarks = Findings(limit)
        self._claims: Iterator[_Claim] = iter(())
        self._next: _Claim | None = None
        self._newest: _Claim | None = None
        self._misfits: _Misfits | None = None
        self._last_time: tuple[int, str] | None = None
        self._fitting = 0
        self._fits_before = 0
        self._covered = 0

    @property
    def size(self) -> int:
        return self._frontier.size

    def begin(self, checkpoints: Iterable[RawCheckpoint], since: Sequence[str]) -> None:
        kept = sorted(self._since(since), key=_size)
        self._claims = merge(kept, self._stored(checkpoints), key=_size)
        self._next = next(self._claims, None)
        self._judge_claims()

    def take(self, batch: Judged) -> None:
        self._faults.extend(batch.faults)
        self._remark_times(batch.times)
        done = 0
        while done < len(batch.leaves):
            stop = len(batch.leaves)
            if self._next is not None:
                stop = min(stop, done + self._next.checkpoint.size - self.size)
            self._frontier.extend(batch.leaves[done:stop])
            done = stop
            self._judge_claims()

    def end(self) -> Report:
        while self._next is not None:
            self._judge_claim_beyond(self._next)
            self._next = next(self._claims, None)
        self._report_misfits()
        self._judge_newest()
        if self.size == 0:
            self._faults.add(FaultKind.LOG_EMPTY, {})
        elif self._covered < self.size:
            evidence: Evidence = {"first": self._covered, "last": self.size - 1}
            self._faults.add(FaultKind.ENTRY_NOT_COVERED, evidence, self._covered)
        return Report(
            entries=self.size,
            root=self._frontier.root(),
            checkpoints=self._fitting,
            covered=self._covered,
            faults=self._faults.kept,
            unlisted=self._faults.unlisted,
            remarks=self._remarks.kept,
        )

    def _since(self, notes: Sequence[str]) -> Iterator[_Claim]:
        for note in notes:
            evidence: Evidence = {"note": _excerpt(note)}
            try:
                checkpoint = open_checkpoint(note, self._key)
            except SignatureError as error:
                self._faults.add(FaultKind.SINCE_SIGNATURE, evidence | _reason(error))
            except (MalformedNoteError, MalformedCheckpointError) as error:
                self._faults.add(FaultKind.SINCE_MALFORMED, evidence | _reason(error))
            else:
                if checkpoint.size == 0:
                    self._faults.add(FaultKind.SINCE_EMPTY, evidence)
                else:
                    yield _Claim(Note.parse(note), checkpoint, is_since=True)

    def _stored(self, checkpoints: Iterable[RawCheckpoint]) -> Iterator[_Claim]:
        """The stored checkpoints that state something; what is wrong with the others is a fault."""
        highest = -1
        for stored_size, note in checkpoints:
            claim = self._read(stored_size, note)
            if claim is None:
                continue
            size = claim.checkpoint.size
            if size <= highest:
                evidence: Evidence = {"size": size, "after": highest, "note": _excerpt(note)}
                self._faults.add(FaultKind.CHECKPOINT_ORDER, evidence)
                continue
            highest = size
            yield claim

    def _read(self, stored_size: object, note: object) -> _Claim | None:
        """The claim of a stored checkpoint. An unsigned claim is none, nor is one under another number."""
        evidence: Evidence = {"stored_size": _excerpt(stored_size), "note": _excerpt(note)}
        try:
            parsed = Note.parse(_text(note))
            if self._signatures is Signatures.EVERY:
                parsed.require(self._key)
            checkpoint = Checkpoint.parse(parsed.text)
            checkpoint.require_origin(self._key)
        except SignatureError as error:
            self._faults.add(FaultKind.CHECKPOINT_SIGNATURE, evidence | _reason(error))
            return None
        except (MalformedNoteError, MalformedCheckpointError) as error:
            self._faults.add(FaultKind.CHECKPOINT_MALFORMED, evidence | _reason(error))
            return None
        if type(stored_size) is not int or checkpoint.size != stored_size:
            self._faults.add(FaultKind.CHECKPOINT_SIZE_MISMATCH, evidence | {"size": checkpoint.size})
            return None
        return _Claim(parsed, checkpoint, is_since=False)

    def _judge_claims(self) -> None:
        while self._next is not None and self._next.checkpoint.size == self.size:
            self._judge_claim(self._next)
            self._next = next(self._claims, None)

    def _judge_claim(self, claim: _Claim) -> None:
        root = self._frontier.root()
        fits = claim.checkpoint.root == root
        if claim.is_since:
            if not fits:
                self._faults.add(FaultKind.SINCE_ROOT_MISMATCH, _disagreement(claim, root))
            return
        self._newest = claim
        if fits:
            self._report_misfits()
            self._fitting += 1
            self._fits_before = self.size
            if self._signatures is Signatures.EVERY:
                self._covered = self.size
        elif self._misfits is None:
            self._misfits = _Misfits(claim, root, self._fits_before, self.size)
        else:
            self._misfits.last_size = self.size
            self._misfits.count += 1

    def _judge_claim_beyond(self, claim: _Claim) -> None:
        kind = FaultKind.CHECKPOINT_BEYOND_LOG
        if claim.is_since:
            kind = FaultKind.SINCE_BEYOND_LOG
        else:
            self._newest = claim
        evidence: Evidence = {"entries": self.size, "size": claim.checkpoint.size}
        self._faults.add(kind, evidence | {"note": _excerpt(claim.note)}, self.size)

    def _report_misfits(self) -> None:
        misfits, self._misfits = self._misfits, None
        if misfits is None:
            return
        evidence = _disagreement(misfits.first, misfits.recomputed)
        evidence["last_size"] = misfits.last_size
        evidence["checkpoints"] = misfits.count
        evidence["fits_before"] = misfits.fits_before
        self._faults.add(FaultKind.CHECKPOINT_ROOT_MISMATCH, evidence, misfits.fits_before)

    def _judge_newest(self) -> None:
        newest = self._newest
        if self._signatures is Signatures.EVERY or newest is None:
            return
        try:
            newest.note.require(self._key)
        except SignatureError as error:
            evidence: Evidence = {"stored_size": newest.checkpoint.size, "note": _excerpt(newest.note)}
            self._faults.add(FaultKind.CHECKPOINT_SIGNATURE, evidence | _reason(error))
        else:
            if newest.checkpoint.size == self._fits_before:
                self._covered = self._fits_before

    def _remark_times(self, times: list[tuple[int, str]]) -> None:
        for seq, at in times:
            if self._last_time is not None and at < self._last_time[1]:
                evidence: Evidence = {"seq": seq, "at": at, "after": self._last_time[1]}
                self._remarks.add(FaultKind.TIME_GOES_BACK, evidence, seq)
            self._last_time = (seq, at)


def _size(claim: _Claim) -> int:
    return claim.checkpoint.size


def _disagreement(claim: _Claim, recomputed: bytes) -> Evidence:
    return {
        "size": claim.checkpoint.size,
        "stated": f"sha256:{claim.checkpoint.root.hex()}",
        "recomputed": f"sha256:{recomputed.hex()}",
        "note": _excerpt(claim.note),
    }


def _reason(error: TlogError) -> Evidence:
    return {"reason": str(error.details["reason"])[:_EXCERPT]}


def _text(note: object) -> str:
    if isinstance(note, str):
        return note
    raise MalformedNoteError(reason=f"it is no text but {type(note).__name__}")


def _excerpt(value: object) -> str:
    return str(value)[:_EXCERPT]
