"""What was seen in recordings, each once and for all: what is said later stands beside it. Insert-only."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from aigaq.journal.models import JournalRow
from aigaq.recordings.models import Recording, RecordingFile
from aigaq.registry.models import Division, Person
from aigaq.review.words import WORD_LIMIT

NOTE_LIMIT = 2000
REASON_LIMIT = 300
"""Both in characters."""
CATEGORY_LIMIT = 32


@dataclass(frozen=True, slots=True)
class Saying:
    """What a mark says: where in its file, what is to be seen there, and whether it is evidence (R15.1)."""

    position_ms: int
    until_ms: int | None
    """Where the stretch ends; None: a single moment."""
    category: str
    """Key of a mark in the regulation profile."""
    is_evidence: bool
    note: str


class Said(models.Model):
    position_ms = models.PositiveBigIntegerField()
    until_ms = models.PositiveBigIntegerField(null=True)
    category = models.CharField(max_length=CATEGORY_LIMIT)
    is_evidence = models.BooleanField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)

    class Meta:
        abstract = True

    @property
    def saying(self) -> Saying:
        return Saying(self.position_ms, self.until_ms, self.category, self.is_evidence, self.note)


class Mark(Said):
    """At one moment of a file, or over a stretch of it. As it was first made; `present` is as it stands."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(RecordingFile, on_delete=models.PROTECT, related_name="marks")
    camera_at = models.DateTimeField(null=True)
    """What the recorder's clock said at `position_ms`; null where the file does not tell its time."""

    @property
    def history(self) -> "list[MarkChange]":
        """Oldest first."""
        return sorted(self.changes.all(), key=lambda each: each.number)

    @property
    def present(self) -> Saying:
        changes = self.history
        return changes[-1].saying if changes else self.saying

    @property
    def is_withdrawn(self) -> bool:
        changes = self.history
        return bool(changes) and changes[-1].kind == MarkChangeKind.WITHDRAWN

    @property
    def present_camera_at(self) -> datetime | None:
        """By the recorder's clock, where the mark stands now."""
        return self.on_camera(self.present.position_ms)

    @property
    def present_camera_until(self) -> datetime | None:
        until = self.present.until_ms
        return None if until is None else self.on_camera(until)

    def on_camera(self, position_ms: int) -> datetime | None:
        if self.camera_at is None:
            return None
        return self.camera_at + timedelta(milliseconds=position_ms - self.position_ms)


class MarkChangeKind(models.TextChoices):
    AMENDED = "amended", _("Amended")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class MarkChange(Said):
    """A further word on a mark: what it says from then on, or that it is withdrawn. Both stay visible."""

    mark = models.ForeignKey(Mark, on_delete=models.PROTECT, related_name="changes")
    number = models.PositiveIntegerField()
    """1, 2, 3 … of this mark."""
    kind = models.CharField(max_length=16, choices=MarkChangeKind)
    reason = models.CharField(max_length=REASON_LIMIT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mark", "number"], name="mark_changed_in_turn")]


class Result(models.TextChoices):
    """Published codes: they never change."""

    NOTHING = "nothing", _("Viewed, nothing to remark on")
    VIOLATION = "violation", _("A violation by the controlled subject is to be seen")
    INSPECTOR = "inspector", _("The inspector acted against the rules")
    INCOMPLETE = "incomplete", _("Recorded only in part, or not at all")
    UNUSABLE = "unusable", _("Picture or sound can't be used")
    OTHER = "other", _("Something else, as the note says")


class Review(models.Model):
    """What the review of one recording, or of a whole duty, came to. A later one stands beside it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, null=True, related_name="reviews")
    row = models.ForeignKey(JournalRow, on_delete=models.PROTECT, null=True, related_name="reviews")
    """One of both: what was reviewed."""
    result = models.CharField(max_length=16, choices=Result)
    note = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)


class Sample(models.Model):
    """Which duties of a month are looked through, drawn by lot (`docs/lifecycles/sample-review.md`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="samples")
    month = models.DateField()
    """Its first day."""
    size = models.PositiveBigIntegerField()
    """Of the ledger whose root gave the seed."""
    root = models.CharField(max_length=64)
    seed = models.CharField(max_length=64)
    percent = models.PositiveSmallIntegerField()
    least = models.PositiveIntegerField()
    days = models.PositiveSmallIntegerField()
    population = models.PositiveIntegerField()
    """Duties of the month."""
    population_digest = models.CharField(max_length=71)
    due_on = models.DateField()
    """The last day for having looked."""
    drawn_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "month"], name="sample_drawn_once")]


class SampleItem(models.Model):
    """A duty that was drawn."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="items")
    ordinal = models.PositiveIntegerField()
    """1, 2, 3 … by rank."""
    row = models.ForeignKey(JournalRow, on_delete=models.PROTECT, related_name="drawn")
    """Where the duty begins."""
    inspector = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    """Whose share it counts to: by the book as it stood then."""
    seq = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sample", "ordinal"], name="sample_in_order")]


class SampleFinished(models.Model):
    """Every duty of it has been looked through since, which nothing takes back. Derived.

    Who counts what is left need not look through all that was ever drawn.
    """

    sample = models.OneToOneField(Sample, on_delete=models.PROTECT, primary_key=True, related_name="finished")


class SampleNote(models.Model):
    """What the head has to say of what was found."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)


class SearchTerm(models.Model):
    """A term under which recordings of a division are found (`review.terms`). Derived; made anew at will."""

    id = models.AutoField(primary_key=True)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.BinaryField(max_length=2 + 4 * WORD_LIMIT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "text"], name="search_terms_once")]


class Posting(models.Model):
    """One recording under one term. Derived; its primary key is all there is of it, and its only index."""

    pk = models.CompositePrimaryKey("term", "at", "recording")
    term = models.IntegerField()
    """Number of a `SearchTerm`."""
    at = models.BigIntegerField()
    """`Recording.listed_at`, in microseconds since 1970."""
    recording = models.BinaryField(max_length=16)
    """The octets of its id: half of what SQLite takes for a UUID."""


class Indexed(models.Model):
    """Under which terms a recording stands in `Posting` now. Derived."""

    recording = models.OneToOneField(
        Recording, on_delete=models.PROTECT, primary_key=True, related_name="indexed"
    )
    terms = models.BinaryField()
    """Their numbers in ascending order, four octets each, the highest first."""
