"""What verification can find: stable kinds, a sentence for each, and the evidence of each finding."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from aigaq.errors import N_

Evidence: TypeAlias = dict[str, str | int]
"""Digests as ``sha256:<hex>``, notes as they stand, sizes and sequence numbers as integers."""


class FaultKind(StrEnum):
    """Published codes: they never change."""

    LOG_EMPTY = "log-empty"
    ROW_MALFORMED = "row-malformed"
    ENTRY_MALFORMED = "entry-malformed"
    ENTRY_SEQ_MISMATCH = "entry-seq-mismatch"
    SEQ_GAP = "seq-gap"
    SEQ_DUPLICATE = "seq-duplicate"
    ORDER = "order"
    LEAF_HASH_MISMATCH = "leaf-hash-mismatch"
    CHECKPOINT_MALFORMED = "checkpoint-malformed"
    CHECKPOINT_SIZE_MISMATCH = "checkpoint-size-mismatch"
    CHECKPOINT_SIGNATURE = "checkpoint-signature"
    CHECKPOINT_ORDER = "checkpoint-order"
    CHECKPOINT_ROOT_MISMATCH = "checkpoint-root-mismatch"
    CHECKPOINT_BEYOND_LOG = "checkpoint-size-beyond-log"
    ENTRY_NOT_COVERED = "entry-not-covered"
    SINCE_MALFORMED = "since-malformed"
    SINCE_SIGNATURE = "since-signature"
    SINCE_EMPTY = "since-empty"
    SINCE_ROOT_MISMATCH = "since-root-mismatch"
    SINCE_BEYOND_LOG = "since-size-beyond-log"
    TIME_GOES_BACK = "time-goes-back"
    """Only ever a remark: clocks are set back for honest reasons."""


MESSAGES: dict[FaultKind, str] = {
    FaultKind.LOG_EMPTY: N_(
        "There is nothing to verify: the ledger has no entries. A ledger is never empty once it is set up."
    ),
    FaultKind.ROW_MALFORMED: N_("Row {position} of the ledger is damaged: {reason}."),
    FaultKind.ENTRY_MALFORMED: N_("Entry {seq} can't be read: {reason}."),
    FaultKind.ENTRY_SEQ_MISMATCH: N_("Row {seq} holds the entry that says it is number {stated}."),
    FaultKind.SEQ_GAP: N_("Entries {first} to {last} are missing."),
    FaultKind.SEQ_DUPLICATE: N_("Number {seq} stands in the ledger twice."),
    FaultKind.ORDER: N_("Entry {seq} stands after entry {after}."),
    FaultKind.LEAF_HASH_MISMATCH: N_(
        "Entry {seq} was changed, or the digest stored beside it was: they do not belong together."
    ),
    FaultKind.CHECKPOINT_MALFORMED: N_(
        "The checkpoint stored for {stored_size} entries can't be read: {reason}."
    ),
    FaultKind.CHECKPOINT_SIZE_MISMATCH: N_(
        "The checkpoint stored for {stored_size} entries speaks of {size} entries."
    ),
    FaultKind.CHECKPOINT_SIGNATURE: N_(
        "The checkpoint stored for {stored_size} entries was not signed by this ledger's key: {reason}."
    ),
    FaultKind.CHECKPOINT_ORDER: N_(
        "The checkpoint for {size} entries stands after the one for {after} entries."
    ),
    FaultKind.CHECKPOINT_ROOT_MISMATCH: N_(
        "The entries are not those that were signed: from the checkpoint for {size} entries to that for"
        " {last_size} entries, {checkpoints} do not fit. The first {fits_before} entries do:"
        " look for the change after them."
    ),
    FaultKind.CHECKPOINT_BEYOND_LOG: N_(
        "{entries} entries are there, but a checkpoint for {size} entries was signed:"
        " the last ones were deleted."
    ),
    FaultKind.ENTRY_NOT_COVERED: N_(
        "No checkpoint of this ledger vouches for entries {first} to {last} as they stand here."
    ),
    FaultKind.SINCE_MALFORMED: N_("The older checkpoint you gave can't be read: {reason}."),
    FaultKind.SINCE_SIGNATURE: N_("The older checkpoint you gave is not from this ledger: {reason}."),
    FaultKind.SINCE_EMPTY: N_("The older checkpoint you gave is of an empty ledger and proves nothing."),
    FaultKind.SINCE_ROOT_MISMATCH: N_(
        "The first {size} entries are not those of the older checkpoint you gave: history was rewritten."
    ),
    FaultKind.SINCE_BEYOND_LOG: N_(
        "{entries} entries are there, but the older checkpoint you gave is for {size} entries:"
        " the ledger was put back to an earlier state."
    ),
    FaultKind.TIME_GOES_BACK: N_("Entry {seq} is dated {at}, before the entry ahead of it, dated {after}."),
}
"""English, and the key of the translations; ``{names}`` are filled from the evidence."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding. `seq` is the first entry concerned where entries are concerned."""

    kind: FaultKind
    seq: int | None
    evidence: Evidence

    @property
    def message(self) -> str:
        return MESSAGES[self.kind]

    @property
    def sentence(self) -> str:
        """In English; a translation is ``gettext(fault.message).format(**fault.evidence)``."""
        return self.message.format(**self.evidence)


@dataclass(slots=True)
class Findings:
    """A list that stays within memory: beyond `limit` findings are counted, no longer kept."""

    limit: int
    kept: list[Fault] = field(default_factory=list)
    unlisted: int = 0

    def add(self, kind: FaultKind, evidence: Evidence, seq: int | None = None) -> None:
        self.extend([Fault(kind, seq, evidence)])

    def extend(self, faults: list[Fault]) -> None:
        room = max(0, self.limit - len(self.kept))
        self.kept += faults[:room]
        self.unlisted += len(faults[room:])
