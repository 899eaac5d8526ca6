"""What does not go well just now. No evidence: whoever tries next finds out anew."""

from django.db import models

SAID_LIMIT = 500


class Trouble(models.Model):
    """A chore that fails on a host, round after round."""

    name = models.CharField(max_length=64)
    host = models.CharField(max_length=255)
    said = models.CharField(max_length=SAID_LIMIT)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "host"], name="one_trouble_each")]
