"""People who sign in. Who they are on the staff list, and what they may do, is the registry's."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A login name and a password of one's own. Disabling it ends its sessions at the next request."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=64, unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    objects = UserManager()

    def __str__(self) -> str:
        return self.username


class FailedAttempt(models.Model):
    """One wrong password: for login, for a signature or for the vault. Slows guessing down, then locks it.

    `subject` is a digest of what was tried (login name, or user and purpose), so that a password
    typed into the wrong field is never kept.
    """

    subject = models.CharField(max_length=64, db_index=True)
    purpose = models.CharField(max_length=16)
    address = models.CharField(max_length=45, blank=True)
    attempted_at = models.DateTimeField(db_index=True)
