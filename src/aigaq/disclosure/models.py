"""The register of demands, and what became of each. Insert-only: what is said later stands beside it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from aigaq.core.canonical import Json
from aigaq.journal.models import SignedAct
from aigaq.recordings.models import Blob
from aigaq.registry.models import Division, Person
from aigaq.retention.models import Hold

NAME_LIMIT = 300
NUMBER_LIMIT = 64
TEXT_LIMIT = 1000
REASON_LIMIT = 300
"""All in characters."""


class Kind(models.TextChoices):
    """On what recordings are handed over (paragraph 15). Published codes, those of the profile's bases."""

    REQUEST = "request", _("Request")
    DETERMINATION = "determination", _("Determination")
    RESOLUTION = "resolution", _("Resolution")


class MediaType(models.TextChoices):
    """Of the scanned paper: told by its first octets alone."""

    PDF = "application/pdf", "PDF"
    JPEG = "image/jpeg", "JPEG"
    PNG = "image/png", "PNG"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a file, of which a cut without loss goes into the package beside the original."""

    file: UUID
    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A recording: all its files go into the package."""

    recording: UUID
    segments: tuple[Segment, ...] = ()

    @classmethod
    def parse(cls, document: Any) -> Self:  # noqa: ANN401 - any JSON
        """Raises ``KeyError`` and the like for anything that `document` did not give."""
        segments = [
            Segment(UUID(each["file"]), each["from_ms"], each["until_ms"]) for each in document["segments"]
        ]
        return cls(UUID(document["recording"]), tuple(segments))

    def document(self) -> dict[str, Json]:
        return {
            "recording": str(self.recording),
            "segments": [
                {"file": str(each.file), "from_ms": each.from_ms, "until_ms": each.until_ms}
                for each in self.segments
            ],
        }


class Demand(models.Model):
    """A paper that asks for recordings, in the division's own register."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="demands")
    number = models.PositiveIntegerField()
    """1, 2, 3 … of the division, without a hole."""
    kind = models.CharField(max_length=16, choices=Kind)
    authority = models.CharField(max_length=NAME_LIMIT)
    official = models.CharField(max_length=NAME_LIMIT, blank=True)
    """Who signed it."""
    their_number = models.CharField(max_length=NUMBER_LIMIT)
    dated_on = models.DateField()
    received_on = models.DateField()
    due_on = models.DateField(null=True)
    """The last day; null where it names none."""
    basis = models.CharField(max_length=TEXT_LIMIT)
    """The case, and the article of the law."""
    covers = models.CharField(max_length=TEXT_LIMIT)
    """What it asks for, in its words."""
    document = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True, related_name="+")
    """The scanned paper, sealed like any recording. Nothing of ours ever decodes it."""
    media_type = models.CharField(max_length=16, choices=MediaType, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "number"], name="demands_numbered_once")]
        indexes = [models.Index(fields=["division", "due_on"], name="demands_by_due_day")]


class Selection(models.Model):
    """What of the recordings it is about. Chosen anew, it is a further version; the newest counts."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="selections")
    version = models.PositiveIntegerField()
    """1, 2, 3 … of the demand."""
    chosen = models.JSONField()
    """As `Chosen.document` gives each."""
    reason = models.CharField(max_length=REASON_LIMIT, blank=True)
    """Why it was chosen anew; the first has none."""
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, null=True, related_name="+")
    """On what no version before named; null where there is nothing new in it."""
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["demand", "version"], name="chosen_in_turn")]

    @property
    def items(self) -> Sequence[Chosen]:
        return [Chosen.parse(each) for each in self.chosen]


class Approval(SignedAct):
    """The head's, signed: from it follows the package, octet for octet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    """Of the package, too."""
    demand = models.OneToOneField(Demand, on_delete=models.PROTECT, related_name="approval")
    selection = models.ForeignKey(Selection, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)


class Refused(models.Model):
    """The head does not hand over, and says why."""

    demand = models.OneToOneField(Demand, on_delete=models.PROTECT, related_name="refused")
    reason = models.CharField(max_length=TEXT_LIMIT)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    refused_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)


class BuildingWay(models.TextChoices):
    COMMAND_LINE = "command-line", _("at the command line")
    WEB = "web", _("from this page")


class Sealing(models.TextChoices):
    """How the package is kept from others on its way."""

    NONE = "no", _("Open")
    RECIPIENT = "recipient", _("To the recipient's age key")
    PASSPHRASE = "passphrase", _("By a passphrase")


class Building(models.Model):
    """That somebody set out to build the package: entered before the first octet leaves the vault."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="buildings")
    way = models.CharField(max_length=16, choices=BuildingWay)
    capacity = models.PositiveBigIntegerField(null=True)
    """Octets of one volume; null: it is not split."""
    sealing = models.CharField(max_length=16, choices=Sealing)
    is_image = models.BooleanField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)


class Built(models.Model):
    """What came of a building: of one approval and one capacity always the same."""

    building = models.OneToOneField(Building, on_delete=models.PROTECT, related_name="built")
    package_digest = models.CharField(max_length=71)
    """Of `package.json`."""
    bags = models.JSONField()
    """Of each volume its `name`, its `octets`, and `tagmanifest_sha256`."""
    built_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)


class Carrier(models.TextChoices):
    """Published codes: they never change."""

    STICK = "stick", _("Memory stick or external disk")
    DISC = "disc", _("Disc")
    SENT = "sent", _("Sent over the network")


class ReceiptWay(models.TextChoices):
    ON_SCREEN = "on-screen", _("by name, on our screen")
    ON_PAPER = "on-paper", _("on the printed receipt")


class HandOver(models.Model):
    """Who was given the package, on what basis, on what. There may be several of one package."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="handed_over")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="handed_over")
    receiver = models.CharField(max_length=NAME_LIMIT)
    position = models.CharField(max_length=NAME_LIMIT)
    basis = models.CharField(max_length=TEXT_LIMIT)
    """The power of attorney, service certificate or letter by which they may receive it."""
    carrier = models.CharField(max_length=16, choices=Carrier)
    way = models.CharField(max_length=16, choices=ReceiptWay)
    signed_name = models.CharField(max_length=NAME_LIMIT, blank=True)
    """What the receiver typed themself; empty where they sign on paper."""
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    handed_over_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)


class FileDigest(models.Model):
    """The second digest that a package states of a file, kept so that each is read for it once.

    No evidence: it follows from the octets, and whoever checks a package reckons it anew.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    sha512 = models.CharField(max_length=128)
    size = models.PositiveBigIntegerField()
