"""A paper on its way. No evidence: who had it set, and who took it, are entries of the ledger."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from aigaq.registry.models import Division


class State(models.TextChoices):
    WAITING = "waiting"
    READING = "reading"
    DRAWING = "drawing"
    SETTING = "setting"
    READY = "ready"
    FAILED = "failed"


OVER = (State.READY, State.FAILED)


class Print(models.Model):
    """Forgotten some minutes after it is over, and so is what is on it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    """Who asked; nobody else sees it."""
    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=200)
    """As the page calls it, in the language of who asked."""
    what = models.JSONField()
    """What is printed: `prints.making`."""
    by = models.JSONField()
    """Who acts, as the ledger is told."""
    asked_at = models.DateTimeField()

    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    holder = models.UUIDField(null=True)
    """The attempt that sets it; another one takes its place if its process is gone."""
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=1)
    drawing_since = models.DateTimeField(null=True)
    setting_since = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)

    fault = models.TextField(blank=True)
    """The sentence why it could not be set, untranslated, and what belongs into it."""
    fault_details = models.JSONField(default=dict)
    fault_paragraph = models.CharField(max_length=8, blank=True)

    name = models.CharField(max_length=200, blank=True)
    """Of the file."""
    pdf = models.BinaryField(null=True)
    size = models.PositiveIntegerField(default=0)
    printed = models.JSONField(null=True)
    """Of the book: which sheets, and how many entries its checkpoint covers."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner"], condition=Q(over_at__isnull=True), name="one_print_at_a_time"
            )
        ]

    @property
    def is_over(self) -> bool:
        return self.state in OVER
