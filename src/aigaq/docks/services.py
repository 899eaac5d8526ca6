"""Letting docks in and shutting them out: `docs/lifecycles/docks.md`. One act, one entry."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.docks import errors, rules
from aigaq.docks.codes import digest_of, new_code
from aigaq.docks.models import Dock, DockState, EnrolmentCode, Revocation
from aigaq.errors import AigaqError
from aigaq.ledger.services import NOBODY, By, Ledger
from aigaq.registry.models import Division, Person
from aigaq.tlog.entry import Actor, ActorKind
from aigaq.unloading.envelope import base64_of
from aigaq.unloading.statements import EnrolmentStatement


@dataclass(frozen=True, slots=True)
class NewCode:
    """Shown once; only its digest is kept."""

    code: str
    expires_at: datetime


def by_dock(dock: Dock) -> By:
    """A dock as the ledger names it: a machine, with no right of its own, for its division."""
    actor = Actor(kind=ActorKind.SYSTEM, id=str(dock.pk), name=dock.name)
    return By(actor=actor, right=None, division=str(dock.division_id))


def make_code(ledger: Ledger, by: By, *, division: Division) -> NewCode:
    """A code for one dock of `division`. Raise `NotOverDocksError` or `TooManyCodesError`."""
    now, code = ledger.clock.now(), new_code()
    with transaction.atomic():
        ledger.take_turn("dock.code-made")
        _require(rules.refusal_to_keep_docks(by, division.name, str(division.pk)))
        waiting = EnrolmentCode.objects.filter(division=division, used_at=None, expires_at__gt=now)
        if waiting.count() >= rules.CODES_OPEN:
            raise errors.TooManyCodesError(limit=rules.CODES_OPEN)
        made = EnrolmentCode.objects.create(
            digest=digest_of(code),
            division=division,
            made_by=_person(by),
            made_at=now,
            expires_at=now + rules.CODE_LIFE,
        )
        about: dict[str, Json] = {
            "code": str(made.pk),
            "division": str(division.pk),
            "expires_at": rfc3339(made.expires_at),
        }
        ledger.append("dock.code-made", by, about)
    return NewCode(code, made.expires_at)


def enrol(ledger: Ledger, statement: EnrolmentStatement) -> Dock:
    """Let in the dock that holds the key and the code of `statement`, which is believed already.

    Asked again by the dock that the code let in, its answer having been lost, it is that dock.

    Raise `UnknownCodeError`, `CodeUsedError`, `CodeExpiredError` or `KeyTakenError`. Not to be called inside
    a transaction: that somebody came with a spent code is entered whatever becomes of the request.
    """
    now = ledger.clock.now()
    refusal: AigaqError | None = None
    with transaction.atomic():
        ledger.take_turn("dock.enrolled")
        code = EnrolmentCode.objects.filter(digest=digest_of(statement.code)).first()
        if code is None:
            # Nothing is entered: whoever guesses could fill the ledger.
            raise errors.UnknownCodeError
        again = _let_in_by(code, statement)
        if again is not None:
            return again
        refusal = rules.refusal_of_code(used=code.used_at is not None, expires_at=code.expires_at, now=now)
        if refusal is not None:
            _tell_refused(ledger, code, refusal)
        else:
            key = base64_of(statement.public_key)
            if Dock.objects.filter(public_key=key).exists():
                raise errors.KeyTakenError
            return _enrolled(ledger, code, statement, key)
    raise refusal


def revoke(ledger: Ledger, by: By, dock: Dock, reason: str) -> Revocation:
    """From the next request on it is let in no more; what it handed over stays.

    Raise `NotOverDocksError`, `NoReasonToRevokeError` or `AlreadyRevokedError`.
    """
    reason = " ".join(reason.split())
    _require(rules.refusal_of_reason(reason))
    with transaction.atomic():
        ledger.take_turn("dock.revoked")
        division = dock.division
        _require(rules.refusal_to_keep_docks(by, division.name, str(division.pk)))
        if Revocation.objects.filter(dock=dock).exists():
            raise errors.AlreadyRevokedError(name=dock.name)
        now, person = ledger.clock.now(), _person(by)
        about: dict[str, Json] = {
            **_about(dock),
            "reason": reason,
            "revoked_by": str(person.pk) if person else None,
            "revoked_at": rfc3339(now),
        }
        seq = ledger.append("dock.revoked", by, about).seq
        dock.sessions.all().delete()
        return Revocation.objects.create(dock=dock, reason=reason, revoked_by=person, revoked_at=now, seq=seq)


def _let_in_by(code: EnrolmentCode, statement: EnrolmentStatement) -> Dock | None:
    """The dock with this key that this very code let in, while it is not revoked."""
    if code.used_at is None:
        return None
    key = base64_of(statement.public_key)
    found = Dock.objects.filter(public_key=key, division=code.division, enrolled_at=code.used_at)
    return found.filter(revocation=None).first()


def _enrolled(ledger: Ledger, code: EnrolmentCode, statement: EnrolmentStatement, key: str) -> Dock:
    now = ledger.clock.now()
    EnrolmentCode.objects.filter(pk=code.pk).update(used_at=now)
    dock = Dock(
        name=" ".join(statement.name.split()),
        division=code.division,
        public_key=key,
        enrolled_by=code.made_by,
        enrolled_at=now,
    )
    about: dict[str, Json] = {
        **_about(dock),
        "public_key": key,
        "code": str(code.pk),
        "enrolled_by": str(code.made_by_id) if code.made_by_id else None,
        "enrolled_at": rfc3339(now),
        "agent": statement.agent,
    }
    dock.seq = ledger.append("dock.enrolled", by_dock(dock), about).seq
    dock.save(force_insert=True)
    DockState.objects.create(dock=dock, agent=statement.agent, seen_at=now)
    return dock


def _tell_refused(ledger: Ledger, code: EnrolmentCode, refusal: AigaqError) -> None:
    """Once for each code: a spent one that comes again may have been seen by somebody else."""
    if EnrolmentCode.objects.filter(pk=code.pk, refused_at=None).update(refused_at=ledger.clock.now()):
        about: dict[str, Json] = {
            "code": str(code.pk),
            "division": str(code.division_id),
            "refusal": refusal.code,
        }
        ledger.append("dock.enrolment-refused", NOBODY, about)


def _about(dock: Dock) -> dict[str, Json]:
    return {"dock": str(dock.pk), "name": dock.name, "division": str(dock.division_id)}


def _person(by: By) -> Person | None:
    """Who acts, where it is somebody of the staff list."""
    return Person.objects.filter(pk=by.actor.id).first() if by.actor.kind is ActorKind.PERSON else None


def _require(refusal: AigaqError | None) -> None:
    if refusal is not None:
        raise refusal
