"""The progress of unloading, as seen on the screen. Evidence is in vault, catalogue and ledger."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from aigaq.journal.models import JournalRow
from aigaq.recordings.models import RecordingFile
from aigaq.registry.models import Card, Division, Recorder

PROBLEMS_KEPT = 200
"""A hostile card has as many as it has names."""


class UnloadState(models.TextChoices):
    RUNNING = "running", _("Unloading")
    READY = "ready", _("Ready, the card is empty")
    KEPT = "kept", _("Stored, the card was left as it is")
    TRAY = "tray", _("Stored, waits for the custodian")
    TAKEN_UP = "taken-up", _("Taken up by a later unloading")
    FAILED = "failed", _("Stopped")


class Unload(models.Model):
    """One card, once plugged in. A run that was cut off is taken up by the next one under a new number."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    port = models.CharField(max_length=200)
    source = models.CharField(max_length=120)
    container = models.CharField(max_length=120, blank=True, db_index=True)
    """The volume or the folder itself, whatever lies on it: an emptied card has no other name left."""
    sources = models.JSONField(default=list)
    """All names that this card has or had (`ingest.whose`); the first is `source`."""
    dock = models.UUIDField(null=True, db_index=True)
    """The dock away from the office that runs it; null: this computer."""
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="unloads")
    recorder = models.ForeignKey(Recorder, on_delete=models.PROTECT, null=True, related_name="unloads")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, null=True, related_name="unloads")
    row = models.ForeignKey(JournalRow, on_delete=models.PROTECT, null=True, related_name="unloads")
    state = models.CharField(max_length=8, choices=UnloadState, default=UnloadState.RUNNING)
    reason = models.CharField(max_length=64, blank=True)
    """Code of why it went to the tray, stopped, or left something on the card."""
    reason_facts = models.JSONField(default=dict)
    """What fills the sentence of `reason` (`ingest.errors.by_code`)."""
    doubt = models.CharField(max_length=64, blank=True)
    doubt_facts = models.JSONField(default=dict)
    """Why it can't be said whose the card is: becomes the `reason` of what goes to the tray."""
    started_at = models.DateTimeField(db_index=True)
    beat_at = models.DateTimeField()
    """Last sign of life."""
    finished_at = models.DateTimeField(null=True)
    files_total = models.PositiveIntegerField(default=0)
    files_done = models.PositiveIntegerField(default=0)
    octets_total = models.PositiveBigIntegerField(default=0)
    octets_done = models.PositiveBigIntegerField(default=0)
    stored = models.PositiveIntegerField(default=0)
    already_stored = models.PositiveIntegerField(default=0)
    damaged = models.PositiveIntegerField(default=0)
    foreign = models.PositiveIntegerField(default=0)
    cleared = models.PositiveIntegerField(default=0)
    current = models.CharField(max_length=300, blank=True)
    problems = models.JSONField(default=list)
    """For each thing that was left a code and the facts of its sentence; the first `PROBLEMS_KEPT`."""
    problem_count = models.PositiveIntegerField(default=0)

    class Meta:
        # Every page counts those that run, and those that wait in the tray.
        indexes = [
            models.Index(fields=["division", "state"], name="unloads_by_state"),
            models.Index(
                fields=["beat_at"], name="unloads_running", condition=models.Q(state=UnloadState.RUNNING)
            ),
        ]


class Sighting(models.Model):
    """That a catalogued file lay on the card in an unloading, and how far its clearing came.

    `clearing_at` is set before the file is deleted from the card, `cleared_seq` and `noted` after, so that a
    run that was cut off in between is finished by the next.
    """

    unload = models.ForeignKey(Unload, on_delete=models.PROTECT, related_name="sightings")
    file = models.ForeignKey(RecordingFile, on_delete=models.PROTECT, related_name="sightings")
    clearing_at = models.DateTimeField(null=True)
    cleared_seq = models.PositiveBigIntegerField(null=True)
    """The ledger entry that says the file is gone from the card."""
    noted = models.BooleanField(default=False)
    """The note on the card says so too."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unload", "file"], name="seen_once_in_an_unloading")]
        indexes = [
            models.Index(
                fields=["clearing_at"],
                name="clearing_begun",
                condition=models.Q(clearing_at__isnull=False, noted=False),
            )
        ]


class PortState(models.TextChoices):
    """As `dock.attend.State`, in words."""

    EMPTY = "empty", _("Free")
    FOUND = "found", _("Found")
    MOUNTING = "mounting", _("Opening")
    UNLOADING = "unloading", _("Unloading")
    CLEARING = "clearing", _("Clearing")
    READY = "ready", _("Ready")
    TRAY = "tray", _("For the custodian")
    KEPT = "kept", _("Stored, not cleared")
    FAILED = "failed", _("Stopped")
    UNREADABLE = "unreadable", _("Can't be read")


class Port(models.Model):
    """A place where something is plugged in, as it is now: for the screen, and no evidence of anything."""

    dock = models.CharField(max_length=64, blank=True)
    """Number of the dock that has it; empty: this computer."""
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=PortState, default=PortState.EMPTY)
    code = models.CharField(max_length=64, blank=True)
    """Of what went wrong; empty if nothing did."""
    facts = models.JSONField(default=dict)
    """What fills its sentence (`unloading.errors.by_code`)."""
    unload = models.ForeignKey(Unload, on_delete=models.SET_NULL, null=True, related_name="ports")
    marks = models.JSONField(default=list)
    """Of the last minute: pairs of seconds since 1970 and octets done, the oldest first."""
    changed_at = models.DateTimeField()
    """When it came into this state."""
    seen_at = models.DateTimeField()
    """When somebody last looked at it."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dock", "name"], name="one_port_of_a_name_in_a_dock")]


class WallScreen(models.Model):
    """A browser that may show the ports of one division, and nothing else, until it is shut."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="wall_screens")
    name = models.CharField(max_length=60)
    """Where it hangs."""
    token_digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of what its browser keeps; the token itself is nowhere else."""
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    shut_at = models.DateTimeField(null=True)
