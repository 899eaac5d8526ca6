"""The open vault of one browser session: what the session keeps, what the cookie keeps (R6.2).

The session store has the sealed part, the cookie one secret, the process the other. Signing out flushes
the session; the cookie goes when the browser is closed; a restart makes a new secret of the process. Who
holds no reading role any more, or whose wrap of the key was taken away or replaced, finds it locked at once.

What is being sent ends with each of these too (`Watch`), but not with the quarter of an hour: a large copy
takes longer on a slow line.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare

from aigaq import wiring
from aigaq.access.errors import VaultExpiredError, VaultLockedError
from aigaq.access.services import Unlocked, opened, still_reads
from aigaq.accounts.models import User
from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.registry.models import Division
from aigaq.registry.selectors import READERS, standing_of
from aigaq.vault.age import Identity
from aigaq.web.duty import Duty, OfficeRequest

VAULT_OPEN_UNTIL_KEY = "vault_open_until"
"""Session: until when the vault stays open, RFC 3339. Shown, never relied on."""
_SEALED_KEY = "vault_sealed"
_MARK_KEY = "vault_wrap"
"""Session: which wrap of the key it was opened with."""
_VIEWING_KEY = "viewing"
"""Session: which opening of the vault it is, as its entry and those of all looks through it have it."""
_OPENS = (_SEALED_KEY, _MARK_KEY, VAULT_OPEN_UNTIL_KEY)
_ALL = (*_OPENS, _VIEWING_KEY)
_ASKED_EVERY = timedelta(seconds=1)


def keep(request: HttpRequest, response: HttpResponseBase, unlocked: Unlocked) -> None:
    request.session[_SEALED_KEY] = unlocked.sealed
    request.session[_MARK_KEY] = unlocked.mark
    request.session[_VIEWING_KEY] = str(unlocked.viewing)
    request.session[VAULT_OPEN_UNTIL_KEY] = rfc3339(unlocked.expires_at)
    response.set_cookie(
        settings.UNLOCK_COOKIE_NAME,
        unlocked.cookie_secret,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
    )


def forget(request: HttpRequest, response: HttpResponseBase) -> None:
    _throw_away(request)
    response.delete_cookie(settings.UNLOCK_COOKIE_NAME, samesite="Strict")


def identity_of(request: HttpRequest) -> Identity:
    """The vault's key, as long as it is open in this session. Raises `VaultLockedError`.

    What opens nothing any more is thrown away, so that the bar on top says so too.
    """
    sealed = request.session.get(_SEALED_KEY)
    if sealed is None:
        raise VaultLockedError(reason="locked")
    try:
        _require_right(request)
        return opened(
            sealed,
            request.COOKIES.get(settings.UNLOCK_COOKIE_NAME, ""),
            process_secret=wiring.process_secret(),
            session_id=session_id_of(request),
            now=wiring.clock().now(),
        )
    except VaultExpiredError:
        # Of which opening what is being sent is, stays (`Watch`).
        _throw_away(request, _OPENS)
        raise
    except VaultLockedError:
        _throw_away(request)
        raise


def viewing_of(request: HttpRequest) -> UUID:
    """Which opening of the vault this is. Raises `VaultLockedError` where it was never opened."""
    viewing = request.session.get(_VIEWING_KEY)
    if viewing is None:
        raise VaultLockedError(reason="locked")
    return UUID(viewing)


def is_open(request: HttpRequest) -> bool:
    return lock_of(request) is None


def lock_of(request: HttpRequest) -> VaultLockedError | None:
    """Why recordings can't be opened now; None if they can."""
    try:
        identity_of(request)
    except VaultLockedError as error:
        return error
    return None


def open_until(request: HttpRequest) -> datetime | None:
    """When the vault will lock itself; None if nothing opens it now, for whatever reason."""
    if not hasattr(request, "session") or VAULT_OPEN_UNTIL_KEY not in request.session:
        return None
    return parse_rfc3339(request.session[VAULT_OPEN_UNTIL_KEY]) if is_open(request) else None


def seconds_left(request: HttpRequest) -> int:
    """Until the vault locks itself, by the server's clock: a browser's may be wrong. 0 if it is locked."""
    until = request.session.get(VAULT_OPEN_UNTIL_KEY)
    if until is None:
        return 0
    return max(0, int((parse_rfc3339(until) - wiring.clock().now()).total_seconds()))


class Watch:
    """While a recording of `division` is sent: may it be sent on? Asks anew once a second."""

    def __init__(self, request: OfficeRequest, division: Division) -> None:
        self._request = request
        self._division = division
        self._asked_at = wiring.clock().now()

    def __call__(self) -> None:
        """Raises `VaultLockedError` once the session or its lock, the appointment or the wrap says no."""
        now = wiring.clock().now()
        if timedelta() <= now - self._asked_at < _ASKED_EVERY:
            return
        self._asked_at = now
        standing = standing_of(self._request.duty.person, now)
        may_read = standing.appointment(self._division, *READERS) is not None
        if not (may_read and _has_wrap(self._request) and _lasts(self._request)):
            raise VaultLockedError(reason="locked")


def _require_right(request: HttpRequest) -> None:
    duty: Duty | None = getattr(request, "duty", None)
    if duty is None or duty.standing.reading is None or not _has_wrap(request):
        raise VaultLockedError(reason="locked")


def _has_wrap(request: HttpRequest) -> bool:
    """The wrap that this session was opened with is there yet."""
    return isinstance(request.user, User) and still_reads(request.user, request.session.get(_MARK_KEY, ""))


def _lasts(request: OfficeRequest) -> bool:
    """The session as it is stored now: not signed out, not locked, and no other password since."""
    stored = type(request.session)(request.session.session_key)
    user = User.objects.filter(pk=request.user.pk).first()
    if user is None or _VIEWING_KEY not in stored:
        return False
    return constant_time_compare(stored.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())


def _throw_away(request: HttpRequest, keys: Iterable[str] = _ALL) -> None:
    for key in keys:
        request.session.pop(key, None)


def session_id_of(request: HttpRequest) -> str:
    """The name of a saved session; a session that has none yet gets one."""
    if not request.session.session_key:
        request.session.save()
    return str(request.session.session_key)
