"""The book of order No. 236. Nothing here is ever changed: each act is a row of its own, beside the others.

A `JournalRow` is one line of the book; `Issue`, `Return`, `Unloading` and `Remark` are what was
written on it, each with its signature and the ledger entry that carries it.
"""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from aigaq.journal.received import AsReceived
from aigaq.registry.models import Card, Division, Person, Recorder

SUBJECT_LIMIT = 300
ACT_NUMBER_LIMIT = 100
NUMBER_LIMIT = 64
"""Of a book's registration number and of a seal's number."""
NOTE_LIMIT = 300
"""Of what is said about a failed check, or about a return."""
CELL_LIMIT = 64
"""Of the name of a cell that can be corrected."""
REMARK_LIMIT = 2000
"""All limits in characters."""
LATE = timedelta(minutes=1)
"""What reached the server later than this after it was told is shown with both times."""


class JournalBook(models.Model):
    """A registered book of numbered sheets (R10.1)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="books")
    registration_number = models.CharField(max_length=NUMBER_LIMIT, unique=True)
    started_on = models.DateField()
    sheets = models.PositiveIntegerField()
    rows_per_sheet = models.PositiveSmallIntegerField()
    """Chosen when the book is laced; the annex leaves it open."""
    entered_at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    seq = models.PositiveBigIntegerField(unique=True)

    def __str__(self) -> str:
        return self.registration_number

    @property
    def capacity(self) -> int:
        """Rows it can hold."""
        return self.sheets * self.rows_per_sheet


class BookEnd(models.Model):
    """The second date on the cover: from then on nothing is issued on this book."""

    book = models.OneToOneField(JournalBook, on_delete=models.PROTECT, related_name="end")
    ended_on = models.DateField()
    entered_at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    seq = models.PositiveBigIntegerField(unique=True)


class NextBook(models.Model):
    """Registered at the office ahead of time: it opens by itself when the one before it is full."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="next_books")
    registration_number = models.CharField(max_length=NUMBER_LIMIT, unique=True)
    """The book that opens bears it."""
    sheets = models.PositiveIntegerField()
    rows_per_sheet = models.PositiveSmallIntegerField()
    entered_at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    seq = models.PositiveBigIntegerField(unique=True)


class JournalRow(AsReceived, models.Model):
    """Columns 1 to 3: number, recorder with its card, and its user.

    `first_…` is what was written and signed; `recorder`, `card` and `inspector` are as corrected.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    book = models.ForeignKey(JournalBook, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField()
    """1, 2, 3 … without a hole."""
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="journal_rows")
    first_recorder = models.ForeignKey(
        Recorder, on_delete=models.PROTECT, related_name="+", db_column="recorder_id"
    )
    first_card = models.ForeignKey(
        Card, on_delete=models.PROTECT, null=True, related_name="+", db_column="card_id"
    )
    first_inspector = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", db_column="inspector_id"
    )
    entered_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)
    """Number of the ledger entry of the issue: orders the rows of all books."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "number"], name="rows_numbered_once")]
        indexes = [
            models.Index(fields=["division", "-seq"], name="rows_of_a_division_newest"),
            models.Index(fields=["division", "first_inspector"], name="rows_of_an_inspector"),
        ]

    @property
    def sheet(self) -> int:
        """The sheet of the book that it stands on, from 1."""
        return (self.number - 1) // self.book.rows_per_sheet + 1


class Written(models.Model):
    """What is written on a row: when it happened, when it was entered, by whom, and under which entry."""

    occurred_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    """The custodian; null where the machine wrote it (unloading)."""
    seq = models.PositiveBigIntegerField()
    """Number of the ledger entry that carries the same facts."""

    class Meta:
        abstract = True


class Issue(Written):
    """Column 4. The purpose (R23.1), the five-point check (R17.1) and the seal (R9.1) stand behind it."""

    row = models.OneToOneField(JournalRow, on_delete=models.PROTECT, related_name="issue")
    control = models.CharField(max_length=32)
    """Key of the kind of control in the regulation profile."""
    subject = models.CharField(max_length=SUBJECT_LIMIT)
    object = models.CharField(max_length=SUBJECT_LIMIT)
    act_number = models.CharField(max_length=ACT_NUMBER_LIMIT)
    seal_number = models.CharField(max_length=NUMBER_LIMIT, blank=True)
    """Empty where no card was put in, and so no slot was sealed."""
    checks = models.JSONField()
    """For each point of R17.1 its result and, where it failed, the remark."""


class SealFound(models.TextChoices):
    INTACT = "intact", _("Whole, the same number")
    BROKEN = "broken", _("Broken")
    MISSING = "missing", _("Missing")
    DIFFERENT = "different", _("Another number")
    NOT_SEALED = "not-sealed", _("Was not sealed")


class Return(Written):
    """Column 5."""

    row = models.OneToOneField(JournalRow, on_delete=models.PROTECT, related_name="returned")
    handed_back_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    seal_found = models.CharField(max_length=16, choices=SealFound)
    seal_number_found = models.CharField(max_length=NUMBER_LIMIT, blank=True)
    condition = models.CharField(max_length=NOTE_LIMIT, blank=True)
    """What the custodian has to say about the return."""


class Unloading(Written):
    """Column 6: when what was recorded on this duty was taken into the vault."""

    row = models.ForeignKey(JournalRow, on_delete=models.PROTECT, related_name="unloadings")
    unload = models.UUIDField(unique=True)
    files = models.PositiveIntegerField()
    octets = models.PositiveBigIntegerField()


class Remark(Written):
    """Column 7."""

    row = models.ForeignKey(JournalRow, on_delete=models.PROTECT, related_name="remarks")
    text = models.TextField()


class Told(models.TextChoices):
    """How the custodian came to know (paragraphs 21 and 22)."""

    PHONE_PAGE = "phone-page", _("from the inspector's phone")
    BY_VOICE = "by-voice", _("by voice, entered by the custodian")


class PauseReason(models.TextChoices):
    """Paragraph 21."""

    MEAL = "meal", _("Meal")
    SANITARY = "sanitary", _("Sanitary needs")


class FromField:
    """What pauses, their ends and failures have in common: told at one time, in the book at another."""

    occurred_at: datetime
    entered_at: datetime
    told: str

    @property
    def told_at(self) -> datetime:
        """When the custodian knew: by voice at once, from a phone when it came."""
        return self.occurred_at if self.told == Told.BY_VOICE else self.entered_at

    @property
    def is_late(self) -> bool:
        """Both times are to be shown."""
        return self.entered_at - self.occurred_at > LATE


class Pause(FromField, Written):
    """Recording stops for a while, the custodian having been told (R21.1).

    `occurred_at` is when the inspector said so, by the clock they saw; `entered_at` when it reached the
    server; `by` who entered it: the inspector, or the custodian who was told.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    """Given by the phone, so that what is sent twice is entered once."""
    row = models.ForeignKey(JournalRow, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=16, choices=PauseReason)
    told = models.CharField(max_length=16, choices=Told)


class Resume(FromField, Written):
    """The end of a pause; times and hands as in `Pause`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pause = models.OneToOneField(Pause, on_delete=models.PROTECT, related_name="resumed")
    told = models.CharField(max_length=16, choices=Told)


class FailureCause(models.TextChoices):
    NO_POWER = "no-power", _("It does not switch on, or the battery is empty")
    NO_RECORDING = "no-recording", _("It does not record")
    PICTURE = "picture", _("The picture is bad or missing")
    SOUND = "sound", _("The sound is bad or missing")
    CARD = "card", _("The card is full or fails")
    CLOCK = "clock", _("Its date or time is wrong")
    BODY = "body", _("It is broken or came off")
    OTHER = "other", _("Something else")


class Failure(FromField, Written):
    """A recorder failed on duty (R22.1); times and hands as in `Pause`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    row = models.ForeignKey(JournalRow, on_delete=models.PROTECT, related_name="failures")
    cause = models.CharField(max_length=16, choices=FailureCause)
    words = models.CharField(max_length=NOTE_LIMIT, blank=True)
    """What the inspector adds; never empty where the cause is `OTHER`."""
    told = models.CharField(max_length=16, choices=Told)

    @property
    def is_settled(self) -> bool:
        """Repaired or replaced."""
        return hasattr(self, "repaired") or hasattr(self, "replaced")


class Repair(Written):
    """The custodian put the failed recorder right, and the duty goes on with it."""

    failure = models.OneToOneField(Failure, on_delete=models.PROTECT, related_name="repaired")
    words = models.CharField(max_length=NOTE_LIMIT)
    """What was done."""


class Replacement(Written):
    """The failed recorder was replaced: the duty goes on, on another row (R22.1)."""

    failure = models.OneToOneField(Failure, on_delete=models.PROTECT, related_name="replaced")
    new_row = models.OneToOneField(JournalRow, on_delete=models.PROTECT, related_name="replaces")


class ThingKind(models.TextChoices):
    RECORDER = "recorder", _("Recorder")
    CARD = "card", _("Card")


class ThingFound(models.TextChoices):
    """How a recorder or a card came back (R24.1)."""

    WHOLE = "whole", _("In order")
    DAMAGED = "damaged", _("Damaged")
    MISSING = "missing", _("Missing")


class Damage(Written):
    """What did not come back as it went out, on the row of its return (R24.1)."""

    row = models.ForeignKey(JournalRow, on_delete=models.PROTECT, related_name="damages")
    thing = models.CharField(max_length=16, choices=ThingKind)
    found = models.CharField(max_length=16, choices=ThingFound)
    """Never `WHOLE`."""
    words = models.CharField(max_length=NOTE_LIMIT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["row", "thing"], name="damaged_once")]


class Loss(Written):
    """A recorder or a card was lost while it was out: its row stays open (R24.1)."""

    row = models.ForeignKey(JournalRow, on_delete=models.PROTECT, related_name="losses")
    thing = models.CharField(max_length=16, choices=ThingKind)
    words = models.CharField(max_length=NOTE_LIMIT)
    """Where and how."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["row", "thing"], name="lost_once_on_a_row")]


class SigningWay(models.TextChoices):
    """From the weaker to the stronger (`docs/formats/signature.md`)."""

    OWN_PASSWORD = "own-password", _("own password")
    PASSKEY = "passkey", _("passkey")


class SignedAct(models.Model):
    """Columns of a row that one signature stands for: how its signer proved who they are, and on what."""

    way = models.CharField(max_length=16, choices=SigningWay)
    signed_digest = models.CharField(max_length=71)
    """Of the document that was signed: ``sha256:`` and 64 hexadecimal digits."""
    assertion = models.JSONField(null=True)
    """What the signer's passkey gave for the digest, so that it can be verified without us; else null."""

    class Meta:
        abstract = True


class Inscription(SignedAct):
    """The last page of a closed book: how many sheets it has, signed by the head (R10.1)."""

    book = models.OneToOneField(JournalBook, on_delete=models.PROTECT, related_name="inscription")
    sheets = models.PositiveIntegerField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)


class Correction(Written, SignedAct):
    """One cell written anew: nothing is erased, the old text stays struck beside it (R10.2).

    `by` signed it, at `occurred_at`.
    """

    row = models.ForeignKey(JournalRow, on_delete=models.PROTECT, related_name="corrections")
    cell = models.CharField(max_length=CELL_LIMIT)
    """As `aigaq.journal.cells` names it."""
    number = models.PositiveIntegerField()
    """1, 2, 3 … of this cell."""
    old = models.TextField()
    new = models.TextField()
    recorder = models.ForeignKey(Recorder, on_delete=models.PROTECT, null=True, related_name="+")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, null=True, related_name="+")
    inspector = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    """Where it corrects who received what: all of what the row stands for from here on (no card: none was
    in it). Else the three are null."""
    reason = models.CharField(max_length=NOTE_LIMIT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["row", "cell", "number"], name="corrected_in_turn")]


class Act(models.TextChoices):
    """What is signed (`docs/formats/signature.md`)."""

    ISSUE = "issue", _("Issue")
    RETURN = "return", _("Return")


class Signature(SignedAct):
    """The signer proved on the spot who they are; `signed_digest` is that of the document signed."""

    row = models.ForeignKey(JournalRow, on_delete=models.PROTECT, related_name="signatures")
    act = models.CharField(max_length=16, choices=Act)
    signer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="signatures")
    signed_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["row", "act", "signer"], name="signed_once")]
