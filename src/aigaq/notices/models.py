"""Notices follow from entries of the ledger. Whether one was seen or sent is no evidence."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from aigaq.registry.models import Division, Person


class Kind(models.TextChoices):
    """What somebody is told of."""

    PAUSED = "paused", _("Pause")
    RESUMED = "resumed", _("End of a pause")
    FAILED = "failed", _("A recorder failed")
    OVERDUE = "overdue", _("Not handed back in time")
    INCIDENT = "incident", _("Incident")
    BOOK_OPENED = "book-opened", _("A new journal has opened itself")
    APPOINTED = "appointed", _("Appointment")
    DISK_FILLING = "disk-filling", _("The vault is filling up")
    ELSEWHERE = "elsewhere", _("A card was unloaded in another division")
    CORRECTED = "corrected", _("Correction of who received what")
    DOCK_CLOCK = "dock-clock", _("The clock of a docking PC is off")
    DOCK_QUOTA = "dock-quota", _("A docking PC has come to the end of its share")
    SAMPLE = "sample", _("The monthly review")
    DEMAND = "demand", _("A demand of an authority or a court")
    HEALED = "healed", _("A stored recording was put right")
    PLACE_TROUBLE = "place-trouble", _("A copy of the vault is in trouble")


class Notice(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=16, choices=Kind)
    key = models.CharField(max_length=100)
    """What it tells of: an entry's number, or a row and a day."""
    facts = models.JSONField()
    """Names, numbers and times for its sentence; `row`, `incident`: the id of what it leads to."""
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "key"], name="told_once")]
        indexes = [
            models.Index(fields=["person", "-created_at"], name="notices_newest"),
            models.Index(
                fields=["person", "-created_at", "-id"],
                name="notices_unseen",
                condition=models.Q(seen_at__isnull=True),
            ),
        ]


class Letter(models.Model):
    """A notice on its way out of the office, until it was taken over by who carries it."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="letters")
    way = models.CharField(max_length=32)
    """As `aigaq.notices.ways` names it."""
    address = models.CharField(max_length=254)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True, db_index=True)
    """When it is tried (again); null: it was sent, or given up."""
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "way"], name="sent_once_each_way")]
        indexes = [
            models.Index(
                fields=["sent_at"],
                name="letters_given_up",
                condition=models.Q(next_at__isnull=True, sent_at__isnull=True),
            )
        ]
