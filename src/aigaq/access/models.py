"""Who can open the vault. What they opened is in the ledger."""

from django.conf import settings
from django.db import models


class KeyWrap(models.Model):
    """The vault key, wrapped for one reader's vault password (`docs/formats/keys.md`)."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="key_wraps")
    wrapped = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader"], name="one_wrap_for_each_reader")]


class EnteredLook(models.Model):
    """An entry of the ledger about looking, by what it is found: an index of the ledger. Insert-only.

    What it says is `access.looks.indexed` of its entry and no more. People, recordings and rows are above
    this floor, so by their ids.
    """

    seq = models.PositiveBigIntegerField(unique=True)
    kind = models.CharField(max_length=64)
    """Without `access.`."""
    at = models.DateTimeField()
    division = models.UUIDField(null=True)
    person = models.UUIDField(null=True)
    """Who looked; null where nobody signed in did."""
    row = models.UUIDField(null=True)
    recording = models.UUIDField(null=True)
    file = models.UUIDField(null=True)
    viewing = models.UUIDField(null=True)
    """Which opening of the vault it was through."""
    digest = models.CharField(max_length=71, blank=True)
    """Of the octets let out: `sent_digest` of the entry, or `content_digest` where that is the same."""
    first = models.PositiveBigIntegerField(null=True)
    last = models.BigIntegerField(null=True)
    """Octets that the entry lets out, both included; the last of none is -1."""
    from_ms = models.PositiveBigIntegerField(null=True)
    to_ms = models.PositiveBigIntegerField(null=True)
    """Of the file, reckoned by its octets."""
    until = models.DateTimeField(null=True)
    """As long as they may be sent again without another entry."""

    class Meta:
        indexes = [
            models.Index(fields=["division", "-at", "-seq"], name="looks_of_a_division"),
            models.Index(fields=["division", "person", "-at", "-seq"], name="looks_of_a_person"),
            models.Index(fields=["recording", "-at", "-seq"], name="looks_at_a_recording"),
            models.Index(fields=["row", "-at", "-seq"], name="looks_at_a_duty"),
            models.Index(fields=["viewing", "digest"], name="looks_of_a_viewing"),
        ]
