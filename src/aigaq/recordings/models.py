"""The catalogue: what was recorded, in which files, and where in the vault they lie. Insert-only."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from aigaq.core.files import displayed
from aigaq.journal.models import JournalRow
from aigaq.registry.models import Card, Division, Person, Recorder
from aigaq.timecode import code, film


class Blob(models.Model):
    """One stored object of the vault (`docs/formats/vault.md`)."""

    content_digest = models.CharField(max_length=64, db_index=True)
    stored_digest = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    stored_size = models.PositiveBigIntegerField()
    name = models.CharField(max_length=300)
    """Path in the vault, from its root."""
    ingested_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField()

    class Meta:
        # With the size in it: how much came day by day is read off the index alone.
        indexes = [models.Index(fields=["ingested_at", "stored_size"], name="blobs_by_intake")]


class Kind(models.TextChoices):
    VIDEO = "video", _("Video")
    AUDIO = "audio", _("Sound")
    PHOTO = "photo", _("Photo")
    OTHER = "other", _("Other file")


class Recording(models.Model):
    """One continuous take, or one photo, as a recorder made it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="recordings")
    recorder = models.ForeignKey(Recorder, on_delete=models.PROTECT, null=True, related_name="recordings")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, null=True, related_name="recordings")
    recorded_at = models.DateTimeField(null=True, db_index=True)
    """The recorder's own clock, as found; its error is noted beside, never here (R14.1)."""
    ingested_at = models.DateTimeField(db_index=True)
    listed_at = models.DateTimeField()
    """`recorded_at`, or where the recorder gave none `ingested_at`: the order of every list."""
    unload = models.UUIDField(db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["division", "-listed_at", "-id"], name="recordings_by_day"),
            models.Index(fields=["recorder", "-listed_at", "-id"], name="recordings_by_recorder"),
            models.Index(fields=["division", "ingested_at", "id"], name="recordings_by_intake"),
        ]


class Role(models.TextChoices):
    """What a file is in its recording."""

    MAIN = "main", _("The recording itself")
    SIDECAR = "sidecar", _("Written beside it")


class RecordingFile(models.Model):
    """A file as it lay on the card."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="files")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="files")
    path = models.TextField()
    """From the card's root, spelt as `docs/formats/card.md` says. Show `shown`."""
    source = models.CharField(max_length=120, db_index=True)
    """Which card or volume it came from; with path and content what makes a second run find it again."""
    source_key = models.CharField(max_length=64, unique=True)
    """SHA-256 over source, path and content digest."""
    modified_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=8, choices=Kind)
    role = models.CharField(max_length=8, choices=Role, default=Role.MAIN)
    ordinal = models.PositiveIntegerField(default=1)
    """Its place in the recording: segments first, in their order."""
    recorded_at = models.DateTimeField(null=True)
    """Where the recorder's clock stood when this file began. Null also for what older versions entered."""

    @property
    def shown(self) -> str:
        """The path, fit for a screen: marks that turn the direction of writing and the like are escapes."""
        return displayed(self.path)

    @property
    def name(self) -> str:
        """The last part of `shown`."""
        return self.shown.rpartition("/")[2]


class Verdict(models.TextChoices):
    PLAYABLE = "playable", _("Plays")
    DAMAGED = "damaged", _("Damaged, plays in part")
    UNREADABLE = "unreadable", _("Can't be played")
    NOT_MEDIA = "not-media", _("Not a picture, video or sound")
    TIMED_OUT = "timed-out", _("Took too long to examine")


class Judgement(models.Model):
    """What the prober found in a file after it was stored. It never decides whether a file is kept."""

    file = models.OneToOneField(RecordingFile, on_delete=models.PROTECT, related_name="judgement")
    verdict = models.CharField(max_length=16, choices=Verdict)
    duration = models.FloatField(null=True)
    """Seconds."""
    facts = models.JSONField()
    """Container, codecs, sizes, embedded time: as reported by the sandboxed prober."""
    still = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField()


class ReadingWay(models.TextChoices):
    """Published codes, those of `unloading.recorders.clocks.Way`."""

    TIME_FILE = "time-file", _("The recorder wrote down its own time")
    TIME_CODE = "time-code", _("The recorder filmed a time code")
    FUTURE_FILE = "future-file", _("A file begins in the future")
    PAST_FILE = "past-file", _("A file begins before the card was empty")


class ClockReading(models.Model):
    """How far a recorder's clock was off when its card was unloaded, kept as evidence (R6.1, R17.1)."""

    recorder = models.ForeignKey(Recorder, on_delete=models.PROTECT, related_name="clock_readings")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, null=True, related_name="+")
    way = models.CharField(max_length=16, choices=ReadingWay)
    device_at = models.DateTimeField()
    server_at = models.DateTimeField()
    """With what it is compared: when it was read, or when the card was last empty."""
    offset_ms = models.BigIntegerField()
    """The recorder's clock less the server's; of ways that only prove a bound, at least so far that way."""
    precision_ms = models.PositiveIntegerField()
    path = models.TextField()
    """The file that tells, spelt as in `RecordingFile`."""
    allowed_ms = models.PositiveBigIntegerField()
    """The drift that was allowed then."""
    excursion = models.PositiveIntegerField(default=0)
    """Nought while the clock is right enough; else which excursion of this recorder's clock this is of."""
    unload = models.UUIDField()
    read_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["recorder", "-seq"], name="clock_readings_newest"),
            models.Index(fields=["recorder", "read_at"], name="clock_readings_by_time"),
        ]

    @property
    def is_exact(self) -> bool:
        """Otherwise the clock is at least so far off."""
        return self.way in {ReadingWay.TIME_FILE, ReadingWay.TIME_CODE}

    @property
    def shown(self) -> str:
        """The path, fit for a screen."""
        return displayed(self.path)


class SequenceReading(models.Model):
    """Which numbers of a recorder's count came with one unloading, and which were missing (R20.1)."""

    recorder = models.ForeignKey(Recorder, on_delete=models.PROTECT, related_name="sequence_readings")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=120)
    """Under which the card's files are entered: where no card is registered, it tells one from another."""
    profile = models.CharField(max_length=32)
    runs = models.JSONField()
    """Of each count its scope, where it begins and ends, and whether it began anew."""
    gaps = models.JSONField()
    """The missing numbers, with the files before and after."""
    unload = models.UUIDField(db_index=True)
    read_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)

    class Meta:
        indexes = [models.Index(fields=["recorder", "-seq"], name="sequence_readings_newest")]


class Placement(models.Model):
    """Ties a recording to the row it was made on: by the machine, or by the custodian from the tray."""

    recording = models.OneToOneField(Recording, on_delete=models.PROTECT, related_name="placement")
    row = models.ForeignKey(JournalRow, on_delete=models.PROTECT, related_name="placements")
    placed_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField()


class FlawedReading(models.Model):
    """A file that its card did not give without fault: what is missing of it, where, and what was tried."""

    file = models.OneToOneField(RecordingFile, on_delete=models.PROTECT, related_name="reading")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, null=True, related_name="flawed_readings")
    unload = models.UUIDField(db_index=True)
    errors = models.PositiveIntegerField()
    """Reads that failed."""
    missing = models.PositiveBigIntegerField()
    """Octets that could not be read: zeros are stored in their place. 0: all came, if not at once."""
    holes = models.JSONField()
    """Where: pairs of offset and length, in octets."""
    read_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)


class CoverageJudgement(models.Model):
    """What became of a duty that is over, by all that was known then (`docs/lifecycles/coverage.md`).

    One more is added whenever something that was learnt later leads elsewhere; none is ever taken back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="coverage_judgements")
    row = models.ForeignKey(JournalRow, on_delete=models.PROTECT, related_name="coverage_judgements")
    """The first row of the duty."""
    number = models.PositiveIntegerField()
    """1, 2, 3 … of this duty."""
    because = models.PositiveBigIntegerField(null=True)
    """Number of the entry that gave cause for it; null: that nothing came for too long."""
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    tolerances = models.JSONField()
    """In milliseconds."""
    parts = models.JSONField()
    """Each with its beginning and end in milliseconds since 1970, its reason and its cause."""
    takes = models.JSONField()
    """Each with its file, beginning by the camera, length, state and offset, and how that is known."""
    offsets = models.JSONField()
    """Those that were applied, each with the entry of its reading and to how many takes."""
    totals = models.JSONField()
    """Milliseconds by reason."""
    days = models.JSONField()
    """The same, by the days of Kazakhstan's calendar."""
    gaps = models.JSONField()
    """What is unexplained for longer than is borne: pairs of milliseconds since 1970, the first of them."""
    judged_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["row", "number"], name="coverage_judged_in_turn"),
        ]
        indexes = [models.Index(fields=["division", "ended_at"], name="coverage_by_day")]


class Product(models.TextChoices):
    """Published codes, those of `media.making.recipes.Product`."""

    PROXY = "proxy", _("Playable copy")
    PICTURE = "picture", _("Copy of the photo as JPEG")
    WAVEFORM = "waveform", _("Picture of the sound")


class Derivative(models.Model):
    """Made of a file so that it can be watched; never evidence itself (`docs/formats/derivative.md`)."""

    file = models.ForeignKey(RecordingFile, on_delete=models.PROTECT, related_name="derivatives")
    product = models.CharField(max_length=16, choices=Product)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=64)
    """Content digest of the original that it was made of."""
    recipe = models.JSONField()
    """Version, way and settings, and the programs with which it was made."""
    facts = models.JSONField()
    """What came of it, and what is missing, as the confined program tells."""
    made_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["file", "product", "-seq"], name="derivatives_newest")]

    @property
    def duration(self) -> float | None:
        """Seconds."""
        milliseconds = self.facts.get("duration_ms")
        return milliseconds / 1000 if milliseconds else None


class MakingState(models.TextChoices):
    WAITING = "waiting", _("Waits for its turn")
    RUNNING = "running", _("Is being made")
    FAILED = "failed", _("Was not made")
    CANCELLED = "cancelled", _("Cancelled")


class Making(models.Model):
    """A derivative that is being made, or was not made: of a file at most one of a kind, by one process.

    No evidence, so it changes and goes; what was made is a `Derivative`.
    """

    file = models.ForeignKey(RecordingFile, on_delete=models.PROTECT, related_name="makings")
    product = models.CharField(max_length=16, choices=Product)
    state = models.CharField(max_length=16, choices=MakingState)
    permille = models.PositiveSmallIntegerField(default=0)
    obstacle = models.CharField(max_length=32, blank=True)
    holder = models.UUIDField()
    """The attempt that has it."""
    beat_at = models.DateTimeField()
    """The last sign of life."""
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "product"], name="one_making_of_a_kind")]


class Unentered(models.Model):
    """What is about to stand in the vault for a file, until it is entered as a `Derivative`.

    Written before it gets its name there, so that it is destroyed with the recording even where whoever made
    it was killed or stopped in between. It may be there or not.
    """

    file = models.ForeignKey(RecordingFile, on_delete=models.PROTECT, related_name="unentered")
    content_digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "content_digest"], name="unentered_once")]


class Purpose(models.TextChoices):
    """Published codes, those of `timecode.code.Purpose`."""

    ISSUE = code.Purpose.ISSUE.value, _("Issue")
    RETURN = code.Purpose.RETURN.value, _("Return")


class Pace(models.TextChoices):
    """How well a page kept the second. Published codes."""

    STEADY = "steady", _("Changed at each second")
    LOADED_ANEW = "loaded-anew", _("Loaded anew for each code")


class TimeCodeShowing(models.Model):
    """That the time code of a row was put on a screen: written before its first second."""

    number = models.PositiveBigIntegerField(primary_key=True)
    """The installation's own count: stands in every code."""
    row = models.ForeignKey(JournalRow, on_delete=models.PROTECT, related_name="time_code_showings")
    purpose = models.CharField(max_length=8, choices=Purpose)
    began_at = models.DateTimeField()
    """A whole second."""
    seconds = models.PositiveIntegerField()
    """How many there are codes for. The screen may be left before."""
    root = models.CharField(max_length=64)
    """Of the tree over all its codes."""
    pace = models.CharField(max_length=16, choices=Pace)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveBigIntegerField(unique=True)


class TimeCodeVerdict(models.TextChoices):
    """Published codes, those of `timecode.film.Verdict`."""

    LIVE = film.Verdict.LIVE.value, _("Genuine, and running while it was filmed")
    BRIEF = film.Verdict.BRIEF.value, _("Genuine, but seen too briefly")
    NOT_LIVE = film.Verdict.NOT_LIVE.value, _("Standing still, or of another pace")
    FORGED = film.Verdict.FORGED.value, _("Never made by this office")
    FOREIGN = film.Verdict.FOREIGN.value, _("Of another installation")
    OTHER_ROW = film.Verdict.OTHER_ROW.value, _("Of another row")
    CONTRADICTS = film.Verdict.CONTRADICTS.value, _("Contradicts another time code")


class TimeCodeReading(models.Model):
    """Time codes that were found in a film, and what is to be thought of them."""

    file = models.ForeignKey(RecordingFile, on_delete=models.PROTECT, related_name="time_codes")
    showing = models.ForeignKey(TimeCodeShowing, on_delete=models.PROTECT, null=True, related_name="readings")
    """Null where they are of none of ours."""
    verdict = models.CharField(max_length=16, choices=TimeCodeVerdict)
    seen = models.JSONField()
    """Text, first and last position in milliseconds, of each."""
    proofs = models.JSONField()
    """Of the first and the last: its place among the showing's codes, and the hashes up to the root."""
    film_began_at = models.DateTimeField(null=True)
    """When the film was at its beginning, by the server's clock; null where that does not follow."""
    precision_ms = models.PositiveIntegerField(null=True)
    """How far that may be off, either way."""
    unload = models.UUIDField(db_index=True)
    read_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)
