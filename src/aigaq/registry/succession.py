"""Appointing, relieving and handing over, with the vault's key (`docs/lifecycles/appointments.md`)."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeAlias
from uuid import UUID

from django.db import transaction

from aigaq.access import services as access
from aigaq.access.services import NewWrap
from aigaq.accounts.models import User
from aigaq.core.canonical import Json
from aigaq.ledger.services import MACHINE, By, Ledger
from aigaq.registry import appointment_rules, rules
from aigaq.registry.acting import about_person, line_of, require
from aigaq.registry.errors import (
    ChangedMeanwhileError,
    HeadAboveError,
    NoLoginForKeyError,
    NotAppointedToReadError,
    RightEndedError,
)
from aigaq.registry.models import Appointment, Division, Person, Role
from aigaq.registry.selectors import (
    READERS,
    has_key,
    right_of,
    staffing_of,
    standing_of,
    term_of,
    wraps_to_end,
)
from aigaq.registry.terms import Term, day_of
from aigaq.tlog.entry import ActorKind
from aigaq.vault.age import Identity

ORDER_LIMIT = 64
"""Characters of an order's number."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """The vault's key, opened by whoever acts, for a password that the new person has just typed twice."""

    identity: Identity = field(repr=False)
    vault_password: str = field(repr=False)
    way: str = ""
    """``recovery-key`` where it was opened by no vault password; the entry tells it."""


@dataclass(frozen=True, slots=True)
class KeyLater:
    """The new person is not here: the key is still to be handed over."""


Key: TypeAlias = NewKey | KeyLater | None
"""None: none is needed, as they have one, or read nothing; or the installation itself acts."""


def appoint(
    ledger: Ledger,
    by: By,
    *,
    person: Person,
    division: Division,
    role: Role,
    from_on: date,
    until_on: date | None,
    order_number: str,
    stands_in_for: Appointment | None = None,
    key: Key = None,
) -> Appointment:
    """Give a person a role in a division by an order, from a day until a day, both included (R6.1).

    `stands_in_for`: as the deputy of that one, which rests meanwhile. A reading role comes with a `key`.
    """
    new = Appointment(
        person=person,
        division=division,
        role=role,
        from_on=from_on,
        until_on=until_on,
        order_number=_order(order_number),
        stands_in_for=stands_in_for,
    )
    require(appointment_rules.refusal_of_period(from_on, until_on))
    wrapped = _wrapped(ledger, person, key)
    with transaction.atomic():
        ledger.take_turn("registry.appointed")
        _require_right(ledger, by, division)
        known, actor = staffing_of(division, ledger.clock.now()), _actor(by)
        require(
            appointment_rules.refusal_to_appoint(
                known, term_of(new), actor=actor, with_key=_will_have_key(person, wrapped)
            )
        )
        state = _saved(ledger, by, new, key, wrapped)
        _tell_appointed(ledger, by, new, state, wrapped)
    return new


def relieve(ledger: Ledger, by: By, appointment: Appointment, until_on: date) -> Appointment:
    """End an appointment with a day, its last one; what has an end can only be ended sooner.

    Who stands in for it goes with it. Of whom no appointment lasts any more, the wrap of the key goes too.
    """
    with transaction.atomic():
        ledger.take_turn("registry.relieved")
        division = appointment.division
        _require_right(ledger, by, division)
        known = staffing_of(division, ledger.clock.now())
        require(appointment_rules.refusal_to_relieve(known, term_of(appointment), until_on))
        ended = _end(ledger, appointment, until_on)
        going = _going(ledger, ended, coming=False)
        _tell_ends(ledger, by, ended, going)
        _end_wraps(ledger, by, "relieved", only=going)
    return appointment


def hand_over(
    ledger: Ledger,
    by: By,
    appointment: Appointment,
    *,
    to: Person,
    last_on: date,
    until_on: date | None,
    order_number: str,
    key: Key = None,
) -> Appointment:
    """Relieve one and appoint the next from the day after: in one act, so no day has neither or both."""
    require(appointment_rules.refusal_of_period(last_on, None))
    from_on = last_on + timedelta(days=1)
    new = Appointment(
        person=to,
        division=appointment.division,
        role=appointment.role,
        from_on=from_on,
        until_on=until_on,
        order_number=_order(order_number),
        stands_in_for=appointment.stands_in_for,
    )
    require(appointment_rules.refusal_of_period(from_on, until_on))
    wrapped = _wrapped(ledger, to, key)
    with transaction.atomic():
        ledger.take_turn("registry.relieved")
        _require_right(ledger, by, appointment.division)
        known = staffing_of(appointment.division, ledger.clock.now())
        require(
            appointment_rules.refusal_to_hand_over(
                known,
                term_of(appointment),
                last_on,
                term_of(new),
                actor=_actor(by),
                with_key=_will_have_key(to, wrapped),
            )
        )
        ended = _end(ledger, appointment, last_on)
        state = _saved(ledger, by, new, key, wrapped)
        going = _going(ledger, ended, coming=wrapped is not None)
        # The predecessor's end right before the successor's beginning: the act for paper is made from both.
        _tell_ends(ledger, by, ended, going)
        _tell_appointed(ledger, by, new, state, wrapped)
        _end_wraps(ledger, by, "relieved", only=going)
    return new


def install_head(
    ledger: Ledger, division: Division, *, to: Person, order_number: str, key: NewKey
) -> Appointment:
    """By the installation itself: the head from today on, where the one there was can appoint nobody (R6.1).

    Only at the top, for below it the head above appoints. Raises `HeadAboveError`.
    """
    if division.parent is not None:
        raise HeadAboveError(division=division.name, above=division.parent.name)
    today = day_of(ledger.clock.now())
    held = division.appointments.filter(role=Role.HEAD, stands_in_for=None).select_related("division")
    before = next((each for each in held if term_of(each).covers(today)), None)
    if before is None:
        return appoint(
            ledger,
            MACHINE,
            person=to,
            division=division,
            role=Role.HEAD,
            from_on=today,
            until_on=None,
            order_number=order_number,
            key=key,
        )
    return hand_over(
        ledger,
        MACHINE,
        before,
        to=to,
        last_on=today - timedelta(days=1),
        until_on=None,
        order_number=order_number,
        key=key,
    )


def hand_over_key(ledger: Ledger, by: By, *, to: Person, division: Division, key: NewKey) -> None:
    """Wrap the vault's key for `to`, who has none yet, forgot theirs, or wants another password.

    By a reader of the division or a head above it; by the installation with the recovery key. Raises
    `NoRightToHandKeyError`, `NotAppointedToReadError`, `NoLoginForKeyError` or a `WeakVaultPasswordError`.
    """
    wrapped = _wrap(ledger, to, key)
    with transaction.atomic():
        ledger.take_turn("access.reader-added")
        now = ledger.clock.now()
        require(rules.refusal_to_hand_key(by, division.name, line_of(division)))
        _require_in_force(ledger, by, division)
        terms = staffing_of(division, now).terms
        if not any(term.reads and term.person == str(to.pk) and term.lasts(day_of(now)) for term in terms):
            raise NotAppointedToReadError(person=to.full_name, division=division.name)
        access.enter_reader(ledger, by, wrapped)


def attend(ledger: Ledger) -> int:
    """Remove the wraps of whoever's last appointment to a reading role is over; how many these were.

    Cheap where there is nothing to do, and done once however often it is called. Not within a transaction.
    """
    if not wraps_to_end(ledger.clock.now()):
        return 0
    with transaction.atomic():
        ledger.take_turn("access.reader-removed")
        return len(_end_wraps(ledger, MACHINE, "ended"))


def _order(number: str) -> str:
    number = rules.one_line(number)
    require(rules.refusal_of_text("order_number", number, ORDER_LIMIT))
    return number


def _actor(by: By) -> str | None:
    return None if by.actor.kind is ActorKind.SYSTEM else by.actor.id


def _require_right(ledger: Ledger, by: By, division: Division) -> None:
    require(rules.refusal_to_keep_staff(by, division.name, line_of(division)))
    _require_in_force(ledger, by, division)


def _require_in_force(ledger: Ledger, by: By, division: Division) -> None:
    """The right that is acted under holds now: it may have ended while a page was open."""
    if by.actor.kind is ActorKind.SYSTEM:
        return
    person = Person.objects.filter(pk=by.actor.id).first()
    held = standing_of(person, ledger.clock.now()).appointments if person else ()
    if by.right is None or dict(by.right) not in [right_of(each) for each in held]:
        raise RightEndedError(division=division.name)


def _login(person: Person) -> User:
    if person.user is None:
        raise NoLoginForKeyError(person=person.full_name)
    return person.user


def _wrapped(ledger: Ledger, person: Person, key: Key) -> NewWrap | None:
    return _wrap(ledger, person, key) if isinstance(key, NewKey) else None


def _wrap(ledger: Ledger, person: Person, key: NewKey) -> NewWrap:
    return access.wrapped_for(ledger, _login(person), key.identity, key.vault_password, way=key.way)


def _will_have_key(person: Person, wrapped: NewWrap | None) -> bool:
    return person.user is not None and person.user.is_active and (wrapped is not None or has_key(person))


def _saved(ledger: Ledger, by: By, new: Appointment, key: Key, wrapped: NewWrap | None) -> str | None:
    """Write the appointment; what becomes of the new person's key, as its entry tells it."""
    has_wrap = has_key(new.person)
    require(
        appointment_rules.refusal_of_key(
            term_of(new),
            actor=_actor(by),
            has_wrap=has_wrap,
            with_key=wrapped is not None,
            later=isinstance(key, KeyLater),
        )
    )
    new.entered_at = ledger.clock.now()
    new.save(force_insert=True)
    if new.role not in READERS:
        return None
    return "wrapped" if wrapped else "present" if has_wrap else "awaited"


def _tell_appointed(
    ledger: Ledger, by: By, new: Appointment, state: str | None, wrapped: NewWrap | None
) -> None:
    """The entry, and the new person's wrap with its own."""
    ledger.append("registry.appointed", by, {**_about(new), "key": state})
    if wrapped is not None and state == "wrapped":
        access.enter_reader(ledger, by, wrapped)


def _end(ledger: Ledger, appointment: Appointment, until_on: date) -> list[Appointment]:
    """Set the last day of an appointment, and of who stands in for it; as they are then, it last."""
    term = term_of(appointment)
    known = staffing_of(appointment.division, ledger.clock.now())
    ends = [*appointment_rules.deputies_ended(known, term, until_on), replace(term, until_on=until_on)]
    deputies = {each.pk: each for each in appointment.deputies.select_related("person", "division")}
    before = {appointment.pk: appointment, **deputies}
    return [_ended(before, each) for each in ends]


def _ended(before: dict[int, Appointment], end: Term) -> Appointment:
    assert end.id is not None
    found = before[end.id]
    if not Appointment.objects.filter(pk=found.pk, until_on=found.until_on).update(until_on=end.until_on):
        raise ChangedMeanwhileError
    found.until_on = end.until_on
    return found


def _going(ledger: Ledger, ended: list[Appointment], *, coming: bool) -> set[UUID]:
    """Of whom the wrap goes with these ends; `coming`: another one is about to be there."""
    people = {each.person_id for each in ended}
    over = wraps_to_end(ledger.clock.now(), coming=coming)
    return {last.person_id for _wrap, last in over if last is not None and last.person_id in people}


def _tell_ends(ledger: Ledger, by: By, ended: list[Appointment], going: set[UUID]) -> None:
    for each in ended:
        key = None
        if each.role in READERS and has_key(each.person):
            key = "removed" if each.person_id in going else "stays"
        ledger.append("registry.relieved", by, {**_about(each), "key": key})


def _end_wraps(ledger: Ledger, by: By, reason: str, only: set[UUID] | None = None) -> list[str]:
    removed = []
    for key_wrap, last in wraps_to_end(ledger.clock.now()):
        if only is not None and (last is None or last.person_id not in only):
            continue
        why: dict[str, Json] = {"reason": reason, "appointment": str(last.pk) if last else None}
        if access.remove_reader(ledger, by, key_wrap.reader, why):
            removed.append(key_wrap.reader.username)
    return removed


def _about(appointment: Appointment) -> dict[str, Json]:
    stands_in_for = appointment.stands_in_for_id
    return {
        **about_person(appointment.person),
        "appointment": str(appointment.pk),
        "division": str(appointment.division_id),
        "role": appointment.role,
        "from_on": appointment.from_on.isoformat(),
        "until_on": appointment.until_on.isoformat() if appointment.until_on else None,
        "order": appointment.order_number,
        "stands_in_for": str(stands_in_for) if stands_in_for else None,
    }
