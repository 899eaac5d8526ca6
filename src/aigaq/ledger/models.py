"""The entries and the signed checkpoints that cover them (`docs/formats/ledger.md`). Insert-only."""

from django.db import models


class LedgerEntry(models.Model):
    seq = models.PositiveBigIntegerField(primary_key=True)
    """0, 1, 2 … without a hole: its index in the Merkle tree."""
    entry = models.TextField()
    """Canonical JSON: the leaf."""
    leaf_hash = models.CharField(max_length=64)
    kind = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(db_index=True)
    """`kind` and `at` repeat what stands in `entry`, for searching."""


class Checkpoint(models.Model):
    """A signed root over the first `size` entries; each append leaves one, in the same transaction."""

    size = models.PositiveBigIntegerField(primary_key=True)
    note = models.TextField()
    frontier = models.TextField()
    """The size and the roots of the perfect subtrees, in hex: an append costs log n. `verify` trusts none."""


class Follower(models.Model):
    """How far somebody who acts upon entries has read: `seq` is the first entry not read yet."""

    name = models.CharField(max_length=32, primary_key=True)
    seq = models.PositiveBigIntegerField()
