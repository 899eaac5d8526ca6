"""A vault in a bucket of an S3 store that locks what it is given: `docs/formats/vault.md`, "In a bucket"."""

from aigaq.vault.backends.s3.backend import S3Backend
from aigaq.vault.backends.s3.place import Keys, Place

__all__ = ["Keys", "Place", "S3Backend"]
