from django.db import models


class Tally(models.Model):
    """A figure, as of the entry up to which `tallies.services` has read. Derived; no evidence of anything."""

    name = models.CharField(max_length=16)
    """Published in `tallies.services.Name`."""
    label = models.CharField(max_length=32, blank=True)
    """Of which day, or of which place; empty: of all."""
    value = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "label"], name="one_tally_of_a_name")]
