"""Appointing, deputising, handing over and relieving, with the vault's key in the same act."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from aigaq.access import services as access
from aigaq.access.errors import NotAReaderError, NoVaultPasswordYetError
from aigaq.access.models import KeyWrap
from aigaq.accounts import services as accounts
from aigaq.journal.errors import NotCustodianError
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE
from aigaq.registry import services
from aigaq.registry.errors import (
    ChangedMeanwhileError,
    NoHeadLeftError,
    NoKeyError,
    NoLoginForKeyError,
    NoReaderLeftError,
    NoRightError,
    NoRightToHandKeyError,
    NotAppointedToReadError,
    OwnAppointmentError,
    RightEndedError,
    RoleTakenError,
)
from aigaq.registry.models import Appointment, Role
from aigaq.registry.selectors import people_with, standing_of
from aigaq.registry.services import KeyLater, NewKey
from aigaq.vault.keys import ShortVaultPasswordError, WrongVaultPasswordError
from tests.support.duty import entries, on_duty
from tests.support.office import ADDRESS, Office, give_the_key, vault_password_of
from tests.support.vaults import IDENTITY

TODAY = date(2026, 11, 20)
NEW_PASSWORD = "төрт бөлек сөз жеткілікті"

pytestmark = pytest.mark.django_db


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


@pytest.fixture
def reading(office: Office) -> Office:
    """Head and custodian can open the vault, here and next door."""
    for person in (office.head, office.custodian, office.sister_head, office.sister_custodian):
        give_the_key(person, IDENTITY)
    return office


def held(person) -> Appointment:
    return person.appointments.order_by("-pk").first()


def appoint(office, person, role=Role.CUSTODIAN, *, by=None, key=None, begins=0, ends=None, **more):
    return services.appoint(
        office.ledger,
        by or office.by(office.head),
        person=person,
        division=more.pop("division", office.division),
        role=role,
        from_on=days(begins),
        until_on=None if ends is None else days(ends),
        order_number="17",
        key=key,
        **more,
    )


def deputise(office, *, key=None, begins=0, ends=4, by=None):
    """Madina for Daniyar."""
    return appoint(
        office,
        office.second_inspector,
        key=key or NewKey(IDENTITY, NEW_PASSWORD),
        begins=begins,
        ends=ends,
        stands_in_for=held(office.custodian),
        by=by,
    )


def hand_over(office, *, last=4, key=None, by=None, to=None, of=None, ends=None):
    return services.hand_over(
        office.ledger,
        by or office.by(office.head),
        of or held(office.custodian),
        to=to or office.second_inspector,
        last_on=days(last),
        until_on=None if ends is None else days(ends),
        order_number="18",
        key=key or NewKey(IDENTITY, NEW_PASSWORD),
    )


def unlock(office, person, password=None):
    return access.unlock(
        office.ledger,
        reader_of(office, person),
        person.user,
        password or vault_password_of(person.user.username),
        process_secret=b"p" * 32,
        session_id="a session",
        address=ADDRESS,
    )


def reader_of(office, person):
    standing = standing_of(person, office.clock.now())
    reading = [each for each in standing.appointments if each.role in {"head", "custodian"}]
    return standing.by(reading[0] if reading else None)


def goes_to(office, number: int, hour: int = 9) -> None:
    """That many days after the first, at that hour in Kazakhstan."""
    office.clock.instant = datetime(2026, 11, 19, 19, tzinfo=UTC) + timedelta(days=number, hours=hour)


def custodians(office) -> list[str]:
    return [each.user.username for each in people_with(office.division, Role.CUSTODIAN, office.clock.now())]


def keys() -> set[str]:
    return set(KeyWrap.objects.values_list("reader__username", flat=True)) - {"saule", "olzhas"}


def last_of(kind: str):
    return entries(kind)[-1]


# The key in the same act


def test_who_is_appointed_gets_the_key_for_a_password_of_their_own_in_the_same_act(reading):
    before = LedgerEntry.objects.count()
    deputise(reading)
    assert [entry.kind for entry in entries("")][before:] == ["registry.appointed", "access.reader-added"]
    assert last_of("registry.appointed").body["key"] == "wrapped"
    assert unlock(reading, reading.second_inspector, NEW_PASSWORD)
    with pytest.raises(WrongVaultPasswordError):
        unlock(reading, reading.second_inspector, vault_password_of("daniyar"))


def test_who_has_a_vault_password_keeps_it(reading):
    appoint(reading, reading.custodian, Role.ADMINISTRATOR)
    services.relieve(
        reading.ledger, MACHINE, Appointment.objects.get(person=reading.sister_custodian), days(-1)
    )
    give_the_key(reading.sister_custodian, IDENTITY)
    wrapped = KeyWrap.objects.get(reader=reading.custodian.user).wrapped
    appoint(reading, reading.custodian, by=MACHINE, division=reading.sister, begins=1)
    assert last_of("registry.appointed").body["key"] == "present"
    assert KeyWrap.objects.get(reader=reading.custodian.user).wrapped == wrapped


def test_without_the_key_and_without_a_word_nobody_is_appointed_by_a_person(reading):
    services.relieve(reading.ledger, reading.by(reading.head), held(reading.custodian), days(-1))
    with pytest.raises(NoKeyError) as refused:
        appoint(reading, reading.second_inspector)
    assert refused.value.paragraph == "6"
    appoint(reading, reading.second_inspector, by=MACHINE)
    assert last_of("registry.appointed").body["key"] == "awaited"


def test_a_weak_vault_password_appoints_nobody(reading):
    before = LedgerEntry.objects.count()
    with pytest.raises(ShortVaultPasswordError):
        deputise(reading, key=NewKey(IDENTITY, "short"))
    assert LedgerEntry.objects.count() == before
    assert keys() == {"aigerim", "daniyar"}


def test_a_refused_appointment_leaves_no_key_behind(reading):
    with pytest.raises(RoleTakenError):
        appoint(reading, reading.second_inspector, key=NewKey(IDENTITY, NEW_PASSWORD))
    assert keys() == {"aigerim", "daniyar"}


def test_who_has_no_login_gets_no_key(reading):
    person = services.add_person(
        reading.ledger, MACHINE, full_name="Х", post="", staff_number="9", division=reading.division
    )
    with pytest.raises(NoLoginForKeyError):
        appoint(
            reading, person, key=NewKey(IDENTITY, NEW_PASSWORD), stands_in_for=held(reading.custodian), ends=1
        )


def test_a_key_made_ahead_opens_nothing_before_the_day(reading):
    deputise(reading, begins=3)
    assert keys() == {"aigerim", "daniyar", "madina"}
    with pytest.raises(NotAReaderError):
        unlock(reading, reading.second_inspector, NEW_PASSWORD)
    goes_to(reading, 2, hour=23)
    with pytest.raises(NotAReaderError):
        unlock(reading, reading.second_inspector, NEW_PASSWORD)
    goes_to(reading, 3, hour=0)
    assert unlock(reading, reading.second_inspector, NEW_PASSWORD)


def test_a_key_that_is_still_to_be_handed_over_lets_work_and_not_read(reading):
    duty = on_duty(reading)
    deputise(reading, key=KeyLater())
    assert last_of("registry.appointed").body["key"] == "awaited"
    deputy = reading.second_inspector
    with pytest.raises(NoVaultPasswordYetError):
        unlock(reading, deputy, NEW_PASSWORD)
    duty.issue(by=reader_of(reading, deputy), custodian=deputy)
    services.hand_over_key(
        reading.ledger,
        reading.by(reading.head),
        to=deputy,
        division=reading.division,
        key=NewKey(IDENTITY, NEW_PASSWORD),
    )
    assert unlock(reading, deputy, NEW_PASSWORD)


# Deputies


def test_while_a_deputy_holds_the_role_the_other_one_neither_issues_nor_reads(reading):
    duty = on_duty(reading)
    deputise(reading, begins=1, ends=2)
    assert custodians(reading) == ["daniyar"]
    goes_to(reading, 1)
    assert custodians(reading) == ["madina"]
    with pytest.raises(NotAReaderError):
        unlock(reading, reading.custodian)
    with pytest.raises(NotCustodianError):
        duty.issue()
    deputy = reading.second_inspector
    row = duty.issue(by=reader_of(reading, deputy), custodian=deputy)
    goes_to(reading, 3)
    assert custodians(reading) == ["daniyar"]
    assert unlock(reading, reading.custodian)
    duty.give_back(row)


def test_every_act_of_a_deputy_says_for_whom(reading):
    appointment = deputise(reading)
    unlock(reading, reading.second_inspector, NEW_PASSWORD)
    right = last_of("access.unlocked").right
    assert right["stands_in_for"] == str(held(reading.custodian).pk)
    assert right["appointment"] == str(appointment.pk)
    goes_to(reading, 5)
    unlock(reading, reading.custodian)
    assert "stands_in_for" not in last_of("access.unlocked").right
    body = last_of("registry.appointed").body
    assert body["stands_in_for"] == str(held(reading.custodian).pk)


def test_a_deputys_key_goes_at_the_end_and_the_other_ones_stays(reading):
    deputise(reading, ends=4)
    goes_to(reading, 4, hour=23)
    assert services.attend(reading.ledger) == 0
    goes_to(reading, 5, hour=0)
    assert services.attend(reading.ledger) == 1
    assert keys() == {"aigerim", "daniyar"}
    body = last_of("access.reader-removed").body
    assert (body["username"], body["reason"]) == ("madina", "ended")
    assert last_of("access.reader-removed").actor.id == "aigaq"
    assert services.attend(reading.ledger) == 0, "once, however often it is called"


def test_a_deputy_goes_with_the_one_they_stand_in_for(reading):
    deputy = deputise(reading, ends=20)
    services.relieve(reading.ledger, reading.by(reading.head), held(reading.custodian), days(3))
    deputy.refresh_from_db()
    assert deputy.until_on == days(3)
    told = [entry.body["full_name"] for entry in entries("registry.relieved")]
    assert told == [reading.second_inspector.full_name, reading.custodian.full_name]


# The end


def test_relieved_at_once_the_key_goes_in_the_same_act(reading):
    before = LedgerEntry.objects.count()
    services.relieve(reading.ledger, reading.by(reading.head), held(reading.custodian), days(-1))
    assert [entry.kind for entry in entries("")][before:] == ["registry.relieved", "access.reader-removed"]
    assert last_of("registry.relieved").body["key"] == "removed"
    body = last_of("access.reader-removed").body
    assert (body["reason"], body["appointment"]) == ("relieved", str(held(reading.custodian).pk))
    assert last_of("access.reader-removed").actor.name == reading.head.full_name
    assert keys() == {"aigerim"}


def test_relieved_with_today_as_the_last_day_the_key_goes_at_midnight_of_kazakhstan(reading):
    services.relieve(reading.ledger, reading.by(reading.head), held(reading.custodian), TODAY)
    assert last_of("registry.relieved").body["key"] == "stays"
    reading.clock.instant = datetime(2026, 11, 20, 18, 59, 59, tzinfo=UTC)
    assert services.attend(reading.ledger) == 0
    assert unlock(reading, reading.custodian)
    reading.clock.instant = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
    with pytest.raises(NotAReaderError):
        unlock(reading, reading.custodian)
    assert services.attend(reading.ledger) == 1
    assert keys() == {"aigerim"}


def test_who_is_still_appointed_elsewhere_keeps_the_key(reading):
    services.relieve(reading.ledger, MACHINE, held(reading.sister_custodian), days(-1))
    appoint(reading, reading.custodian, by=MACHINE, division=reading.sister)
    services.relieve(
        reading.ledger, reading.by(reading.head), reading.custodian.appointments.first(), days(-1)
    )
    assert last_of("registry.relieved").body["key"] == "stays"
    assert keys() == {"aigerim", "daniyar"}


def test_the_last_that_can_open_the_vault_are_never_thrown_away(office):
    give_the_key(office.custodian, IDENTITY)
    Appointment.objects.filter(person=office.custodian).update(until_on=days(-5))
    assert services.attend(office.ledger) == 0
    assert keys() == {"daniyar"}
    give_the_key(office.head, IDENTITY)
    assert services.attend(office.ledger) == 1
    assert keys() == {"aigerim"}


def test_what_was_revoked_before_it_began_takes_its_key_along(reading):
    deputy = deputise(reading, begins=5, ends=9)
    services.relieve(reading.ledger, reading.by(reading.head), deputy, days(4))
    assert keys() == {"aigerim", "daniyar"}
    goes_to(reading, 6)
    assert custodians(reading) == ["daniyar"]


# Handing over


def test_hand_over_leaves_no_day_with_none_or_two(reading):
    made = hand_over(reading, last=4)
    assert (made.from_on, made.until_on) == (days(5), None)
    for number, who in ((0, "daniyar"), (4, "daniyar"), (5, "madina"), (400, "madina")):
        goes_to(reading, number)
        assert custodians(reading) == [who]
    assert [entry.kind for entry in entries("registry.")[-2:]] == ["registry.relieved", "registry.appointed"]


def test_after_the_hand_over_the_new_one_reads_and_the_old_one_does_not(reading):
    hand_over(reading, last=0)
    assert unlock(reading, reading.custodian)
    goes_to(reading, 1, hour=0)
    assert unlock(reading, reading.second_inspector, NEW_PASSWORD)
    with pytest.raises(NotAReaderError):
        unlock(reading, reading.custodian)
    services.attend(reading.ledger)
    assert keys() == {"aigerim", "madina"}


def test_handed_over_at_once_both_keys_change_in_one_act(reading):
    before = LedgerEntry.objects.count()
    hand_over(reading, last=-1)
    assert [entry.kind for entry in entries("")][before:] == [
        "registry.relieved",
        "registry.appointed",
        "access.reader-added",
        "access.reader-removed",
    ]
    assert keys() == {"aigerim", "madina"}


def test_a_deputy_hands_over_to_another_deputy(reading):
    deputy = deputise(reading, ends=9)
    made = hand_over(reading, of=deputy, last=3, to=reading.inspector, ends=9)
    assert made.stands_in_for_id == held(reading.custodian).pk
    for number, who in ((3, "madina"), (4, "yerlan"), (9, "yerlan"), (10, "daniyar")):
        goes_to(reading, number)
        assert custodians(reading) == [who]


def test_a_head_hands_over_to_the_next_and_is_not_simply_relieved(reading):
    with pytest.raises(NoHeadLeftError):
        services.relieve(reading.ledger, reading.by(reading.head), held(reading.head), days(3))
    hand_over(reading, of=held(reading.head), last=3)
    goes_to(reading, 4)
    assert [each.user.username for each in people_with(reading.division, Role.HEAD, reading.clock.now())] == [
        "madina"
    ]
    with pytest.raises(NoRightError):
        appoint(reading, reading.inspector, Role.ADMINISTRATOR)


# Who may


def test_nobody_appoints_themself(reading):
    services.relieve(reading.ledger, reading.by(reading.head), held(reading.custodian), days(-1))
    with pytest.raises(OwnAppointmentError):
        appoint(reading, reading.head, key=NewKey(IDENTITY, NEW_PASSWORD))


def test_the_last_reader_of_a_division_is_not_relieved(office):
    give_the_key(office.custodian, IDENTITY)
    with pytest.raises(NoReaderLeftError):
        services.relieve(office.ledger, office.by(office.head), held(office.custodian), days(3))
    give_the_key(office.head, IDENTITY)
    services.relieve(office.ledger, office.by(office.head), held(office.custodian), days(3))


def test_a_shut_login_reads_nothing_and_does_not_count(reading):
    accounts.disable(reading.ledger, reading.by(reading.head), reading.head.user)
    with pytest.raises(NoReaderLeftError):
        services.relieve(reading.ledger, MACHINE, held(reading.custodian), days(3))


def test_a_right_that_ended_while_the_page_was_open_appoints_nobody(reading):
    by = reading.by(reading.head)
    services.hand_over(
        reading.ledger,
        MACHINE,
        held(reading.head),
        to=reading.second_inspector,
        last_on=days(-1),
        until_on=None,
        order_number="1",
    )
    for act in (
        lambda: deputise(reading, by=by),
        lambda: services.relieve(reading.ledger, by, held(reading.custodian), days(3)),
        lambda: hand_over(reading, by=by, to=reading.inspector),
    ):
        with pytest.raises(RightEndedError):
            act()


@pytest.mark.parametrize(
    "who", ["custodian", "inspector", "administrator", "sister_head", "sister_custodian"]
)
def test_only_the_head_appoints_deputies_and_hands_over(reading, who):
    by = reading.by(getattr(reading, who))
    for act in (lambda: deputise(reading, by=by), lambda: hand_over(reading, by=by)):
        with pytest.raises(NoRightError):
            act()


def test_two_who_hand_over_at_once_do_not_undo_each_other(reading):
    stale = held(reading.custodian)
    hand_over(reading, last=3)
    with pytest.raises((RoleTakenError, ChangedMeanwhileError)):
        hand_over(reading, of=stale, last=5, to=reading.inspector)
    assert custodians(reading) == ["daniyar"]


# The key alone


def give_key(office, by, to, password=NEW_PASSWORD):
    key = NewKey(IDENTITY, password)
    services.hand_over_key(office.ledger, by, to=to, division=office.division, key=key)


@pytest.mark.parametrize(("giver", "forgetful"), [("head", "custodian"), ("custodian", "head")])
def test_a_forgotten_vault_password_is_replaced_by_the_other_one(reading, giver, forgetful):
    person = getattr(reading, forgetful)
    give_key(reading, reading.by(getattr(reading, giver)), person)
    assert unlock(reading, person, NEW_PASSWORD)
    with pytest.raises(WrongVaultPasswordError):
        unlock(reading, person)
    assert last_of("access.reader-added").body["replaced"] is True


def test_one_gives_oneself_another_password(reading):
    give_key(reading, reading.by(reading.custodian), reading.custodian)
    assert unlock(reading, reading.custodian, NEW_PASSWORD)


def test_only_who_is_appointed_to_read_gets_the_key(reading):
    for person in (reading.inspector, reading.administrator, reading.sister_custodian):
        with pytest.raises(NotAppointedToReadError) as refused:
            give_key(reading, reading.by(reading.head), person)
        assert refused.value.paragraph == "14"


def test_who_reads_next_door_hands_no_key_over_here(reading):
    for person in (reading.sister_head, reading.sister_custodian, reading.inspector):
        with pytest.raises(NoRightToHandKeyError):
            give_key(reading, reading.by(person), reading.custodian)


def test_no_vault_password_is_in_the_ledger_or_told_by_a_repr(reading):
    deputise(reading)
    give_key(reading, reading.by(reading.head), reading.custodian, "бес бөлек сөз де жетеді")
    dump = "".join(LedgerEntry.objects.values_list("entry", flat=True)) + json.dumps(
        list(KeyWrap.objects.values_list("wrapped", flat=True))
    )
    told = repr(NewKey(IDENTITY, NEW_PASSWORD))
    for secret in (NEW_PASSWORD, "бес бөлек сөз де жетеді", str(IDENTITY)):
        assert secret not in dump
        assert secret not in told
