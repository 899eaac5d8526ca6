"""People who sign in. Who they are on the staff list, and what they may do, is the registry's."""

import unicodedata
import uuid
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac


def login_name(text: str) -> str:
    """The one spelling of a login name: capitals, and blanks around it, make no other name."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=login_name(username or ""))


class User(AbstractBaseUser):
    """A login name and a password of one's own. A new password, or disabling, ends the sessions there are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=64, unique=True)
    is_active = models.BooleanField(default=True)
    session_epoch = models.PositiveIntegerField(default=0)
    """Counted up to end the sessions begun before."""
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    objects = UserManager()

    def __str__(self) -> str:
        return self.username

    def get_session_auth_hash(self) -> str:
        """What a session must carry to be this user's still; asked by Django at each request."""
        return self._session_auth_hash(settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_auth_hash(secret)

    def _session_auth_hash(self, secret: str | bytes) -> str:
        value = f"{self.session_epoch}:{self.password}"
        return salted_hmac("aigaq.accounts.session", value, secret=secret, algorithm="sha256").hexdigest()


class Passkey(models.Model):
    """A key of the user's own (W3C Web Authentication, level 3), enrolled face to face; signs the journal.

    What was enrolled never changes and stands in the ledger; only `sign_count` moves, and `revoked_at` once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="passkeys")
    credential_id = models.CharField(max_length=1400, unique=True)
    """base64url without padding, as are all octets here."""
    public_key = models.TextField()
    """COSE_Key (RFC 9052 section 7)."""
    rp_id = models.CharField(max_length=253)
    """The host name it was made for: it signs for no other."""
    label = models.CharField(max_length=64)
    """What the person calls it."""
    transports = models.JSONField(default=list)
    is_backed_up = models.BooleanField()
    """It may be copied to other devices of its owner."""
    sign_count = models.PositiveBigIntegerField()
    enrolled_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.label


class FailedAttempt(models.Model):
    """One wrong password: for login, for a signature or for the vault. Slows guessing down, then locks it.

    `subject` is a digest of what was tried (login name, or user and purpose), so that a password
    typed into the wrong field is never kept. Rows are pruned once they no longer count.
    """

    subject = models.CharField(max_length=64)
    purpose = models.CharField(max_length=16)
    address = models.CharField(max_length=45, blank=True)
    """Or the network of it (`rules.source_of`)."""
    attempted_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "attempted_at"], name="attempts_on_a_subject"),
            models.Index(fields=["address", "attempted_at"], name="attempts_from_an_address"),
        ]


class Press(models.Model):
    """A form that was sent, so that the same is not done again. Pruned once it no longer counts."""

    digest = models.CharField(max_length=64, primary_key=True)
    """Keyed, of who sent it and of what it says but for passwords."""
    pressed_at = models.DateTimeField(db_index=True)
    location = models.TextField(null=True)  # noqa: DJ001 - empty is an address, too
    """Where it ended; null while it is being done."""
