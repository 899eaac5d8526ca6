"""How a dock proves who it is: a challenge, an answer signed with its key, a token for a while."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from aigaq.core.canonical import Json
from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.docks import errors, rules
from aigaq.docks.models import Dock, DockSession, DockState, Revocation
from aigaq.docks.services import by_dock
from aigaq.ledger.services import NOBODY, Ledger
from aigaq.unloading.envelope import Envelope, octets_of
from aigaq.unloading.statements import NotSignedError, SessionStatement, require_signed

_SEEN_EVERY: Final = timedelta(seconds=30)
"""So often at the most it is written down that a dock was seen."""
_SALT: Final = "aigaq.docks.challenge"


@dataclass(frozen=True, slots=True)
class NewSession:
    token: str
    expires_at: datetime
    clock: rules.Reading


def challenge(dock: UUID, now: datetime) -> str:
    """For `dock`, whether there is one or not: nothing is kept, so asking for many costs nothing."""
    told = f"{dock}.{rfc3339(now)}.{secrets.token_hex(16)}"
    return f"{told}.{_seal(told)}"


def open_session(
    ledger: Ledger, statement: SessionStatement, envelope: Envelope, *, installation: str
) -> NewSession:
    """A session for the dock whose key signed the answer to a challenge of ours.

    Raise `UnknownDockError`, `OtherInstallationError`, `NotSignedError`, `StaleChallengeError`,
    `DockRevokedError` or `TooManySessionsError`. Not to be called inside a transaction: what was refused is
    entered whatever follows.
    """
    now = ledger.clock.now()
    dock = _dock(statement.dock)
    asked_at = _asked_at(statement, dock, now)
    if statement.installation != installation:
        raise errors.OtherInstallationError
    try:
        require_signed(envelope, octets_of(dock.public_key))
        # Only who holds the key is told that it is revoked.
        _require_not_revoked(dock)
    except (NotSignedError, errors.DockRevokedError) as error:
        _tell_refused(ledger, dock, error.code)
        raise
    clock = rules.reading(asked_at, statement.at, now)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        ledger.take_turn("dock.session-opened")
        _require_not_revoked(dock)
        _require_unanswered(statement.challenge)
        _require_few(dock, now)
        DockSession.objects.filter(dock=dock, expires_at__lt=now - rules.CHALLENGE_LIFE).delete()
        opened = DockSession.objects.create(
            dock=dock,
            digest=_digest(token),
            challenge=_digest(statement.challenge),
            opened_at=now,
            expires_at=now + rules.SESSION_LIFE,
        )
        about: dict[str, Json] = {
            "dock": str(dock.pk),
            "agent": statement.agent,
            "dock_time": rfc3339(statement.at),
            **_about(clock),
        }
        ledger.append("dock.session-opened", by_dock(dock), about)
        _note_clock(ledger, dock, statement, clock)
    return NewSession(token, opened.expires_at, clock)


def dock_of(token: str, now: datetime) -> Dock:
    """Whose token it is, now. Raise `NoSessionError` or `DockRevokedError`."""
    session = DockSession.objects.filter(digest=_digest(token)).select_related("dock__division").first()
    if session is None or not session.opened_at - rules.SESSION_LIFE <= now < session.expires_at:
        raise errors.NoSessionError
    _require_not_revoked(session.dock)
    unseen = Q(seen_at__lt=now - _SEEN_EVERY) | Q(seen_at__gt=now + _SEEN_EVERY)
    DockState.objects.filter(unseen, dock=session.dock).update(seen_at=now)
    return session.dock


def forget_over(now: datetime) -> int:
    """Sessions that are over; how many."""
    return DockSession.objects.filter(expires_at__lt=now - rules.CHALLENGE_LIFE).delete()[0]


def _dock(id_: str) -> Dock:
    try:
        dock = Dock.objects.select_related("division").filter(pk=UUID(id_)).first()
    except ValueError:
        dock = None
    if dock is None:
        raise errors.UnknownDockError
    return dock


def _asked_at(statement: SessionStatement, dock: Dock, now: datetime) -> datetime:
    """When the challenge was made, if it is one of ours, for this dock, and fresh."""
    told, _dot, seal = statement.challenge.rpartition(".")
    if not hmac.compare_digest(_seal(told).encode(), seal.encode()):
        raise errors.StaleChallengeError
    # The time has a dot of its own, before its fraction of a second.
    whom, _dot, rest = told.partition(".")
    asked_at = parse_rfc3339(rest.rpartition(".")[0])
    if whom != str(dock.pk) or not -rules.HOSTS_APART <= now - asked_at < rules.CHALLENGE_LIFE:
        raise errors.StaleChallengeError
    return asked_at


def _require_not_revoked(dock: Dock) -> None:
    if Revocation.objects.filter(dock=dock).exists():
        raise errors.DockRevokedError


def _require_unanswered(text: str) -> None:
    if DockSession.objects.filter(challenge=_digest(text)).exists():
        raise errors.StaleChallengeError


def _require_few(dock: Dock, now: datetime) -> None:
    opened = DockSession.objects.filter(dock=dock, opened_at__gt=now - timedelta(minutes=1))
    if opened.count() >= rules.SESSIONS_A_MINUTE:
        raise errors.TooManySessionsError(limit=rules.SESSIONS_A_MINUTE)


def _note_clock(ledger: Ledger, dock: Dock, statement: SessionStatement, clock: rules.Reading) -> None:
    now = ledger.clock.now()
    state = DockState.objects.get(dock=dock)
    told_at = state.clock_told_at if clock.is_off else None
    if rules.has_to_be_told(clock, told_at, now):
        told_at = now
        about: dict[str, Json] = {
            "dock": str(dock.pk),
            "name": dock.name,
            "division": str(dock.division_id),
            "dock_time": rfc3339(statement.at),
            **_about(clock),
        }
        ledger.append("dock.clock-off", by_dock(dock), about)
    DockState.objects.filter(dock=dock).update(
        agent=statement.agent,
        seen_at=now,
        clock_offset_ms=_ms(clock.offset),
        clock_doubt_ms=_ms(clock.doubt),
        clock_at=now,
        clock_told_at=told_at,
    )


def _tell_refused(ledger: Ledger, dock: Dock, code: str) -> None:
    """At most once in a while for each dock, so that nobody fills the ledger."""
    now = ledger.clock.now()
    with transaction.atomic():
        ledger.take_turn("dock.session-refused")
        quiet = Q(refusal_told_at=None) | Q(refusal_told_at__lt=now - rules.REFUSAL_AGAIN)
        if DockState.objects.filter(quiet, dock=dock).update(refusal_told_at=now):
            about: dict[str, Json] = {
                "dock": str(dock.pk),
                "name": dock.name,
                "division": str(dock.division_id),
                "refusal": code,
            }
            ledger.append("dock.session-refused", NOBODY, about)


def _about(clock: rules.Reading) -> dict[str, Json]:
    return {"clock_offset_ms": _ms(clock.offset), "clock_doubt_ms": _ms(clock.doubt)}


def _ms(span: timedelta) -> int:
    return round(span / timedelta(milliseconds=1))


def _seal(text: str) -> str:
    return salted_hmac(_SALT, text, algorithm="sha256").hexdigest()


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
