"""Docks, told by their keys.

What was enrolled, revoked and received is insert-only and stands in the ledger; codes, sessions, unfinished
uploads and when a dock was last seen are no evidence.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from aigaq.registry.models import Division, Person


class Dock(models.Model):
    """A docking PC, enrolled with a key of its own (Ed25519) that never leaves it. Insert-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=64)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="docks")
    public_key = models.CharField(max_length=44, unique=True)
    """Base64 of its 32 octets. A key that was enrolled once is never enrolled again."""
    enrolled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    """Who made the code that it was enrolled with."""
    enrolled_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)

    def __str__(self) -> str:
        return self.name


class Revocation(models.Model):
    """That a dock is let in no more. Insert-only; a dock that comes back is enrolled anew, with a new key."""

    dock = models.OneToOneField(Dock, on_delete=models.PROTECT, related_name="revocation")
    reason = models.CharField(max_length=300)
    revoked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)


class Received(models.Model):
    """A blob that a dock handed over whole and that was proven on the vault's disk. Insert-only.

    Its stored digest was computed here; its content digest is the dock's word.
    """

    dock = models.ForeignKey(Dock, on_delete=models.PROTECT, related_name="received")
    content_digest = models.CharField(max_length=64, db_index=True)
    stored_digest = models.CharField(max_length=64)
    stored_size = models.PositiveBigIntegerField()
    received_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dock", "stored_digest"], name="received_once")]


class DockState(models.Model):
    """What is known of a dock at this moment; what its clock said stands in the ledger, each session."""

    dock = models.OneToOneField(Dock, on_delete=models.CASCADE, primary_key=True, related_name="state")
    agent = models.CharField(max_length=32, blank=True)
    """Version of its program."""
    seen_at = models.DateTimeField()
    clock_offset_ms = models.BigIntegerField(null=True)
    """Its clock less ours, in milliseconds; give or take `clock_doubt_ms`."""
    clock_doubt_ms = models.PositiveBigIntegerField(default=0)
    clock_at = models.DateTimeField(null=True)
    clock_told_at = models.DateTimeField(null=True)
    """When it was last entered that the clock is off; null while it is not."""
    refusal_told_at = models.DateTimeField(null=True)
    """When it was last entered that it was not let in."""
    quota_told_at = models.DateTimeField(null=True)
    """When it was last entered that it had come to the end of its share."""


class EnrolmentCode(models.Model):
    """A code that lets one dock in, once. Only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    """When somebody first came with it in vain."""


class DockSession(models.Model):
    """A dock that proved who it is, for a quarter of an hour. Only the token's digest is kept."""

    dock = models.ForeignKey(Dock, on_delete=models.CASCADE, related_name="sessions")
    digest = models.CharField(max_length=64, unique=True)
    challenge = models.CharField(max_length=64, unique=True)
    """Digest of the challenge that was answered, so that no answer is good twice."""
    opened_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField(db_index=True)


class UploadState(models.TextChoices):
    RECEIVING = "receiving", _("Being received")
    COMPLETE = "complete", _("Received and proven")
    TERMINATED = "terminated", _("Given up by the dock")
    EXPIRED = "expired", _("Abandoned")
    REFUSED = "refused", _("Refused")


class Upload(models.Model):
    """A blob on its way, by the tus protocol; `offset` is `length` once it is proven and has its name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dock = models.ForeignKey(Dock, on_delete=models.CASCADE, related_name="uploads")
    content_digest = models.CharField(max_length=64)
    stored_digest = models.CharField(max_length=64)
    length = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    """Octets that are durable on the vault's disk."""
    state = models.CharField(max_length=12, choices=UploadState, default=UploadState.RECEIVING)
    kept_as = models.CharField(max_length=64, blank=True)
    """Stored digest of the blob that holds the content, once complete."""
    reason = models.CharField(max_length=64, blank=True)
    """Code of why it was refused."""
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField(db_index=True)
    """When it last came further, or ended."""

    class Meta:
        indexes = [models.Index(fields=["dock", "state"], name="uploads_of_a_dock")]
