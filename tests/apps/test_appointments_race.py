"""Two who appoint at the same instant, and who is relieved while unlocking."""

from datetime import date, timedelta

import pytest
from django.db import connection

from aigaq.access import services as access
from aigaq.access.errors import NotAReaderError
from aigaq.access.models import KeyWrap
from aigaq.access.services import Unlocked
from aigaq.ledger.services import MACHINE
from aigaq.registry import services
from aigaq.registry.errors import (
    AlreadyDeputisedError,
    AlreadyEndsError,
    ChangedMeanwhileError,
    RightEndedError,
    RoleTakenError,
)
from aigaq.registry.models import Appointment, Role
from aigaq.registry.selectors import people_with, staffing_of, standing_of
from aigaq.registry.terms import in_force
from tests.apps.test_appointments import held, reader_of
from tests.apps.test_journal_race import at_once
from tests.support import amount
from tests.support.office import ADDRESS, give_the_key, vault_password_of
from tests.support.vaults import IDENTITY

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = date(2026, 11, 20)
ROUNDS = amount.times(15, 6)


@pytest.fixture
def above(office):
    """Both divisions' readers have the key; Saule is head of the region too, above Aigerim."""
    for person in (office.head, office.custodian, office.sister_head, office.sister_custodian):
        give_the_key(person, IDENTITY)
    services.appoint(
        office.ledger,
        MACHINE,
        person=office.sister_head,
        division=office.region,
        role=Role.HEAD,
        from_on=TODAY,
        until_on=None,
        order_number="1",
    )
    return office


def by_region(office):
    appointment = Appointment.objects.get(division=office.region)
    return standing_of(office.sister_head, office.clock.now()).by(appointment)


def handing_over(office, by, to, appointment):
    return lambda: services.hand_over(
        office.ledger,
        by,
        appointment,
        to=to,
        last_on=TODAY,
        until_on=None,
        order_number="7",
        key=services.KeyLater(),
    )


def test_of_two_heads_who_hand_over_at_once_one_wins(above):
    office = above
    first, second = office.by(office.head), by_region(office)
    for _ in range(ROUNDS):
        current = Appointment.objects.filter(
            division=office.division, role=Role.CUSTODIAN, until_on=None
        ).get()
        outcomes = at_once(
            handing_over(office, first, office.inspector, Appointment.objects.get(pk=current.pk)),
            handing_over(office, second, office.second_inspector, Appointment.objects.get(pk=current.pk)),
        )
        made = [each for each in outcomes if isinstance(each, Appointment)]
        (lost,) = [each for each in outcomes if not isinstance(each, Appointment)]
        assert len(made) == 1
        assert isinstance(lost, RoleTakenError | ChangedMeanwhileError | AlreadyEndsError), lost
        staffing = staffing_of(office.division, office.clock.now())
        for number in range(-2, 5):
            held_then = in_force(staffing.terms, TODAY + timedelta(days=number))
            assert len([each for each in held_then if each.role == Role.CUSTODIAN]) == 1
        made[0].delete()
        Appointment.objects.filter(pk=current.pk).update(until_on=None)


def test_of_two_deputies_appointed_at_once_one_is(above):
    office, absent = above, held(above.custodian)

    def deputising(by, person):
        return lambda: services.appoint(
            office.ledger,
            by,
            person=person,
            division=office.division,
            role=Role.CUSTODIAN,
            from_on=TODAY,
            until_on=None,
            order_number="7",
            stands_in_for=absent,
            key=services.KeyLater(),
        )

    first, second = office.by(office.head), by_region(office)
    for _ in range(ROUNDS):
        outcomes = at_once(deputising(first, office.inspector), deputising(second, office.second_inspector))
        assert sorted(type(each) for each in outcomes if not isinstance(each, Appointment)) == [
            AlreadyDeputisedError
        ]
        assert len(people_with(office.division, Role.CUSTODIAN, office.clock.now())) == 1
        Appointment.objects.filter(stands_in_for=absent).delete()


def test_a_head_relieved_at_the_same_instant_appoints_before_it_or_not_at_all(above):
    office = above
    by, from_above = office.by(office.head), by_region(office)
    give_the_key(office.second_inspector, IDENTITY)
    replaced, appointed = at_once(
        lambda: services.hand_over(
            office.ledger,
            from_above,
            held(office.head),
            to=office.second_inspector,
            last_on=TODAY - timedelta(days=1),
            until_on=None,
            order_number="7",
            key=services.KeyLater(),
        ),
        handing_over(office, by, office.inspector, held(office.custodian)),
    )
    assert isinstance(replaced, Appointment)
    assert isinstance(appointed, Appointment | RightEndedError)
    if isinstance(appointed, Appointment):
        assert appointed.pk < replaced.pk


def test_who_is_relieved_while_unlocking_opens_it_before_or_not_at_all(above):
    office = above
    for _ in range(ROUNDS):
        appointment, by = held(office.custodian), reader_of(office, office.custodian)
        opened, relieved = at_once(
            lambda by=by: access.unlock(
                office.ledger,
                by,
                office.custodian.user,
                vault_password_of("daniyar"),
                process_secret=b"p" * 32,
                session_id="x",
                address=ADDRESS,
            ),
            lambda appointment=appointment: services.relieve(
                office.ledger, MACHINE, appointment, TODAY - timedelta(days=1)
            ),
        )
        assert isinstance(relieved, Appointment), relieved
        assert isinstance(opened, Unlocked | NotAReaderError), opened
        if isinstance(opened, Unlocked):
            assert not access.still_reads(office.custodian.user, opened.mark), "and it is locked by now"
        assert not KeyWrap.objects.filter(reader=office.custodian.user).exists()
        Appointment.objects.filter(pk=appointment.pk).update(until_on=None)
        give_the_key(office.custodian, IDENTITY)


def test_swept_by_two_at_once_a_wrap_goes_once(above):
    office = above
    Appointment.objects.filter(person=office.custodian).update(until_on=TODAY - timedelta(days=1))
    outcomes = at_once(*[lambda: services.attend(office.ledger)] * 4)
    assert sorted(outcomes) == [0, 0, 0, 1]
    assert connection.in_atomic_block is False
