"""What keeps recordings whatever their day: holds. Insert-only; a hold ends by a row of its own."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from aigaq.recordings.models import Recording
from aigaq.registry.models import Division, Person

REASON_LIMIT = 300
"""Characters."""


class Cause(models.TextChoices):
    """Published codes: they never change."""

    DEMAND = "demand", _("Demand of an authority or a court")
    INCIDENT = "incident", _("Incident")
    ORDER = "order", _("Order of the head")


class Hold(models.Model):
    """From `placed_at` on its recordings are not disposed of, until it is released."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="holds")
    cause = models.CharField(max_length=16, choices=Cause)
    because = models.UUIDField(null=True, db_index=True)
    """Id of the demand or of the incident; null where the head ordered it."""
    reason = models.CharField(max_length=REASON_LIMIT)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)

    class Meta:
        indexes = [models.Index(fields=["division", "-seq"], name="holds_newest")]

    @property
    def is_released(self) -> bool:
        return hasattr(self, "release")


class HeldRecording(models.Model):
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="held")
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="holds")
    seq = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hold", "recording"], name="held_once_by_a_hold")]


class HoldRelease(models.Model):
    """The end of a hold, by the head: what else holds its recordings holds them still."""

    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="release")
    reason = models.CharField(max_length=REASON_LIMIT)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField()
    seq = models.PositiveBigIntegerField(unique=True)
