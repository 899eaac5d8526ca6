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
