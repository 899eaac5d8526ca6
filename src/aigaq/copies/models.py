"""Where each blob stands besides the vault, what was found bad, what was healed. Evidence is insert-only."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from aigaq.recordings.models import Blob

VAULT = "vault"
"""The place where blobs are put first; every other place has a name of the settings."""


class BlobCopy(models.Model):
    """The ciphertext of a blob was proven to stand in another place too: read back and hashed."""

    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="copies")
    place = models.CharField(max_length=32, db_index=True)
    number = models.PositiveSmallIntegerField()
    """Of its name there (`docs/formats/vault.md`)."""
    proven_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["blob", "place"], name="copied_once_to_each_place")]


class FindingKind(models.TextChoices):
    """Published codes, those of `vault.scrub.Kind`."""

    DAMAGED = "damaged", _("Is not what its name says")
    MISSING = "missing", _("Is missing")
    UNREADABLE = "unreadable", _("Can't be read")
    MISNAMED = "misnamed", _("Has a wrong name")
    UNEXPECTED = "unexpected", _("Does not belong there")


class Finding(models.Model):
    """Something in a place is not as it should be. What was found bad is never removed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.CharField(max_length=32)
    kind = models.CharField(max_length=16, choices=FindingKind)
    path = models.TextField()
    """In the place, fit to be shown."""
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True, related_name="findings")
    occasion = models.PositiveIntegerField()
    """1, 2, 3 …: what is missing, was put back and is missing again is another finding."""
    found_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)

    class Meta:
        indexes = [models.Index(fields=["place", "kind"], name="findings_of_a_place")]


class Healing(models.Model):
    """A sound blob, taken from another place, stands beside the bad one now."""

    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="healing")
    source = models.CharField(max_length=32)
    """The place it was taken from."""
    number = models.PositiveSmallIntegerField()
    """Of its name."""
    healed_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)


class Trouble(models.TextChoices):
    """Why nothing can be copied to a place."""

    NONE = "", ""
    AWAY = "away", _("Away")
    FULL = "full", _("Full")
    FOREIGN = "foreign", _("Another vault")
    FAILING = "failing", _("Fails")


class PlaceState(models.Model):
    """How a place does. No evidence, so it changes."""

    place = models.CharField(max_length=32, primary_key=True)
    seen_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=8, choices=Trouble, blank=True, default="")
    since = models.DateTimeField(null=True)
    """Of the trouble."""
    reason = models.CharField(max_length=300, blank=True)
    told_at = models.DateTimeField(null=True)
    """When people were told of it."""
    seen_to = models.BigIntegerField(default=0)
    """Key of the blob up to which nothing is lacking there, but for what was bad in the vault."""
    complete_to = models.BigIntegerField(default=0)
    """Key of the blob up to which nothing was lacking when that was last looked through to its end."""
    whole_at = models.DateTimeField(null=True)
    """When all of them were last looked through from the first on."""


class KeptSum(models.Model):
    """How much there is up to a row, so that nobody counts millions for a page. No evidence.

    What is counted is insert-only, and rows get their keys in the order in which they are committed.
    """

    name = models.CharField(max_length=64, primary_key=True)
    upto = models.BigIntegerField()
    """Key of the last row that was counted."""
    count = models.PositiveBigIntegerField()
    octets = models.PositiveBigIntegerField()


class Round(models.Model):
    """One reading of everything in a place, and how far it has come. No evidence: its end has an entry."""

    place = models.CharField(max_length=32, db_index=True)
    began_at = models.DateTimeField()
    position = models.TextField(blank=True)
    """Path of the last blob that was read; the next run goes on behind it."""
    checked = models.PositiveBigIntegerField(default=0)
    octets = models.PositiveBigIntegerField(default=0)
    findings = models.PositiveIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    """Octets that the catalogue knew there when it began."""
    touched_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=models.Q(ended_at=None), name="one_round_at_a_time"
            )
        ]
