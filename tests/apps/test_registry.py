"""The staff list and the inventory: what is refused, in which words, and what stands in the ledger."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE
from aigaq.registry import selectors, services
from aigaq.registry.errors import (
    AlreadyAppointedError,
    AlreadyEndsError,
    ChangedMeanwhileError,
    EndsBeforeItBeginsError,
    ForeignRecorderError,
    InventoryNumberTakenError,
    LoginTakenError,
    MissingError,
    NoEmailError,
    NoInventoryNumberError,
    NoReasonError,
    NoRightError,
    NoRightOverThingsError,
    NotYourEmailError,
    StaffNumberTakenError,
    StillIssuedError,
    UnknownDivisionError,
    UnknownThingError,
)
from aigaq.registry.models import Appointment, Card, Division, Person, Recorder, Role, State

TODAY = date(2026, 11, 20)

pytestmark = pytest.mark.django_db


def last_entry():
    return json.loads(LedgerEntry.objects.order_by("-seq").first().entry)


def appoint(
    office, by=None, *, person=None, role=Role.INSPECTOR, from_on=TODAY, until_on=None, division=None
):
    return services.appoint(
        office.ledger,
        by or office.by(office.head),
        person=person or office.administrator,
        division=division or office.division,
        role=role,
        from_on=from_on,
        until_on=until_on,
        order_number="17",
    )


def add_recorder(office, number="БТ-0002", by=None, division=None, **facts):
    return services.add_recorder(
        office.ledger,
        by or office.by(office.custodian),
        inventory_number=number,
        division=division or office.division,
        **facts,
    )


def add_card(office, number="ЖК-0002", by=None, **facts):
    by = by or office.by(office.custodian)
    return services.add_card(
        office.ledger, by, inventory_number=number, **{"division": office.division, **facts}
    )


def add_person(office, by=None, **facts):
    defaults = {
        "full_name": "Сейітқали Нұргүл",
        "post": "инспектор",
        "staff_number": "900",
        "division": office.division,
    }
    return services.add_person(office.ledger, by or office.by(office.head), **{**defaults, **facts})


# Rights


@pytest.mark.parametrize(
    "who", ["custodian", "inspector", "administrator", "sister_head", "sister_custodian"]
)
def test_only_the_head_of_the_division_keeps_its_staff_list(office, who):
    by = office.by(getattr(office, who))
    for act in (lambda: add_person(office, by), lambda: appoint(office, by)):
        with pytest.raises(NoRightError) as refused:
            act()
        assert refused.value.paragraph == "6"
    with pytest.raises(NoRightError):
        services.relieve(office.ledger, by, office.inspector.appointments.get(), TODAY)


def test_the_head_above_keeps_it_too(office):
    appointment = services.appoint(
        office.ledger,
        MACHINE,
        person=add_person(office, staff_number="1"),
        division=office.region,
        role=Role.HEAD,
        from_on=TODAY,
        until_on=None,
        order_number="1",
    )
    by = selectors.standing_of(appointment.person, office.clock.now()).by(appointment)
    assert appoint(office, by).division == office.division
    assert add_person(office, by, division=office.sister).division == office.sister


@pytest.mark.parametrize("who", ["inspector", "administrator", "sister_head", "sister_custodian"])
def test_only_custodian_and_head_keep_the_inventory(office, who):
    by = office.by(getattr(office, who))
    for act in (
        lambda: add_recorder(office, by=by),
        lambda: add_card(office, by=by),
        lambda: services.set_state(office.ledger, by, office.recorder, State.LOST, "жоғалды"),
    ):
        with pytest.raises(NoRightOverThingsError):
            act()
    assert Recorder.objects.count() == Card.objects.count() == 1


def test_the_head_keeps_the_inventory_as_the_custodian_does(office):
    assert add_recorder(office, by=office.by(office.head)).state == State.IN_SERVICE


# Divisions


def test_a_division_is_made_under_another_by_its_head(office):
    made = services.add_division(
        office.ledger, office.by(office.head), name=" Бекет ", parent=office.division
    )
    assert made.name == "Бекет"
    assert last_entry()["body"] == {
        "division": str(made.pk),
        "name": "Бекет",
        "parent": str(office.division.pk),
    }
    assert selectors.above(made) == [office.division, office.region]


def test_a_division_at_the_top_is_the_installations_alone(office):
    with pytest.raises(NoRightError):
        services.add_division(office.ledger, office.by(office.head), name="Тағы бірі", parent=None)


def test_a_division_has_a_name(office):
    with pytest.raises(MissingError):
        services.add_division(office.ledger, MACHINE, name="  ", parent=None)


def test_names_are_one_line_that_can_be_printed(office):
    """A package says the division's name in a line of its own; a form that somebody made up has any signs."""
    named = services.add_division(
        office.ledger, MACHINE, name="Бекет\r\n  \x1bбөлімі\u2028\udcff", parent=None
    )
    assert named.name == "Бекет бөлімі"
    with pytest.raises(MissingError):
        services.add_division(office.ledger, MACHINE, name="\x01\u202e", parent=None)
    person = add_person(
        office, MACHINE, full_name="Абаев\nҒабит", post="аға\tинспектор\x7f", staff_number="7\x018"
    )
    assert (person.full_name, person.post, person.staff_number) == ("Абаев Ғабит", "аға инспектор", "7 8")
    recorder = add_recorder(office, model="X\n1", serial_number="\x022")
    assert (recorder.model, recorder.serial_number) == ("X 1", "2")
    services.set_state(office.ledger, office.by(office.custodian), recorder, State.LOST, "акт\n№ 5")
    assert last_entry()["body"]["reason"] == "акт № 5"


def test_an_unknown_division_is_refused(office):
    nowhere = Division(name="Еш жер", created_at=office.clock.now())
    for act in (
        lambda: add_recorder(office, by=MACHINE, division=nowhere),
        lambda: add_person(office, MACHINE, division=nowhere),
        lambda: services.add_division(office.ledger, MACHINE, name="x", parent=nowhere),
    ):
        with pytest.raises(UnknownDivisionError):
            act()


def test_the_tree_lists_each_division_before_those_under_it(office):
    assert selectors.tree() == [(0, office.region), (1, office.division), (1, office.sister)]
    assert selectors.tree(office.sister) == [(0, office.sister)]


def test_a_division_is_found_by_id_and_by_a_name_of_its_own(office):
    assert selectors.division_of(str(office.division.pk)) == office.division
    assert selectors.division_of(office.division.name) == office.division
    services.add_division(office.ledger, MACHINE, name=office.division.name, parent=office.sister)
    with pytest.raises(UnknownDivisionError):
        selectors.division_of(office.division.name)


# People


def test_people_are_listed_in_the_order_of_the_kazakh_alphabet(office):
    names = [
        "Ким Анна",
        "Қалиев Ән",
        "Лесов Қуат",
        "Әбенов Тас",
        "Бекенов Ұлан",
        "Ыбраев Іңкәр",
        "Абаев Ғабит",
        "Іскер Ә",
    ]
    nowhere = services.add_division(office.ledger, MACHINE, name="Тізім", parent=None)
    for n, name in enumerate(names):
        add_person(office, MACHINE, full_name=name, staff_number=f"л{n}", division=nowhere)
    assert [person.full_name for person in selectors.staff_of(nowhere)] == [
        "Абаев Ғабит",
        "Әбенов Тас",
        "Бекенов Ұлан",
        "Ким Анна",
        "Қалиев Ән",
        "Лесов Қуат",
        "Ыбраев Іңкәр",
        "Іскер Ә",
    ]


def test_a_person_is_on_the_staff_list_with_their_entry(office):
    person = add_person(office)
    assert person in selectors.staff_of(office.division)
    entry = last_entry()
    assert entry["kind"] == "registry.person-added"
    assert entry["body"]["full_name"] == "Сейітқали Нұргүл"
    assert entry["actor"]["name"] == office.head.full_name


def test_a_staff_number_and_a_login_are_one_persons(office):
    with pytest.raises(StaffNumberTakenError) as refused:
        add_person(office, staff_number="103")
    assert office.inspector.full_name in str(refused.value)
    with pytest.raises(LoginTakenError):
        add_person(office, user=office.inspector.user)
    assert Person.objects.count() == 7


def test_a_person_has_a_name_and_a_staff_number(office):
    for field in ("full_name", "staff_number"):
        with pytest.raises(MissingError):
            add_person(office, **{field: " "})


# Appointments


def test_an_appointment_holds_from_its_first_to_its_last_day_in_kazakhstan(office):
    person = add_person(office)
    appoint(office, person=person, from_on=date(2026, 12, 1), until_on=date(2026, 12, 2))
    midnight = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)  # in Kazakhstan 1 December begins
    for at, holds in (
        (midnight - timedelta(microseconds=1), False),
        (midnight, True),
        (midnight + timedelta(days=2, microseconds=-1), True),
        (midnight + timedelta(days=2), False),
    ):
        assert selectors.standing_of(person, at).holds(Role.INSPECTOR) is holds
        assert (person in selectors.people_with(office.division, Role.INSPECTOR, at)) is holds


@pytest.mark.parametrize(
    ("from_day", "until_day"), [(0, None), (5, 6), (-9, 0), (-9, None), (10, 20), (-20, 40)]
)
def test_the_same_role_is_not_given_twice_for_the_same_days(office, from_day, until_day):
    appoint(office, from_on=TODAY, until_on=TODAY + timedelta(days=10))
    until_on = None if until_day is None else TODAY + timedelta(days=until_day)
    with pytest.raises(AlreadyAppointedError) as refused:
        appoint(office, from_on=TODAY + timedelta(days=from_day), until_on=until_on)
    assert "17" in str(refused.value)
    assert refused.value.paragraph == "6"


def test_the_same_role_may_follow_and_precede(office):
    appoint(office, from_on=TODAY, until_on=TODAY)
    appoint(office, from_on=TODAY + timedelta(days=1))
    appoint(office, from_on=TODAY - timedelta(days=2), until_on=TODAY - timedelta(days=1))
    assert Appointment.objects.filter(person=office.administrator).count() == 3


def test_another_role_or_division_is_no_duplicate(office):
    appoint(office, person=office.custodian)
    appoint(office, MACHINE, person=office.custodian, division=office.sister)
    appoint(office, person=office.custodian, role=Role.ADMINISTRATOR)


def test_an_appointment_does_not_end_before_it_begins(office):
    with pytest.raises(EndsBeforeItBeginsError):
        appoint(office, until_on=TODAY - timedelta(days=1))


def test_an_appointment_names_its_order(office):
    with pytest.raises(MissingError):
        services.appoint(
            office.ledger,
            MACHINE,
            person=office.inspector,
            division=office.division,
            role=Role.HEAD,
            from_on=TODAY,
            until_on=None,
            order_number=" ",
        )


def test_who_is_relieved_holds_the_role_to_the_day(office):
    appointment = office.inspector.appointments.get()
    services.relieve(office.ledger, office.by(office.head), appointment, TODAY)
    assert selectors.standing_of(office.inspector, office.clock.now()).holds(Role.INSPECTOR)
    assert not selectors.standing_of(office.inspector, office.clock.now() + timedelta(days=1)).holds(
        Role.INSPECTOR
    )
    assert last_entry()["body"]["until_on"] == "2026-11-20"


def test_an_end_can_be_moved_forward_only(office):
    appointment = appoint(office, until_on=TODAY + timedelta(days=10))
    by = office.by(office.head)
    with pytest.raises(AlreadyEndsError):
        services.relieve(office.ledger, by, appointment, TODAY + timedelta(days=10))
    services.relieve(office.ledger, by, appointment, TODAY + timedelta(days=3))
    with pytest.raises(EndsBeforeItBeginsError):
        services.relieve(office.ledger, by, appointment, TODAY - timedelta(days=2))


def test_two_who_relieve_at_once_do_not_undo_each_other(office):
    appointment = office.inspector.appointments.get()
    stale = Appointment.objects.get(pk=appointment.pk)
    services.relieve(office.ledger, office.by(office.head), appointment, TODAY)
    with pytest.raises(ChangedMeanwhileError):
        services.relieve(office.ledger, office.by(office.head), stale, TODAY + timedelta(days=9))


# Things


def test_a_recorder_and_its_card_are_entered(office):
    recorder = add_recorder(office)
    assert last_entry()["body"]["inventory_number"] == "БТ-0002"
    card = add_card(office, recorder=recorder, volume_id="AB-CD", capacity=2**40)
    assert last_entry()["body"]["recorder"] == str(recorder.pk)
    assert selectors.recorders_of(office.division) == [office.recorder, recorder]
    assert selectors.cards_of(office.division) == [office.card, card]


@pytest.mark.parametrize("number", ["БТ-0001", "ЖК-0001", " БТ-0001 "])
def test_an_inventory_number_is_one_things_whatever_it_is(office, number):
    for add in (add_recorder, add_card):
        with pytest.raises(InventoryNumberTakenError) as refused:
            add(office, number)
        assert refused.value.paragraph == "7"
    with pytest.raises(InventoryNumberTakenError):
        add_recorder(office, number, by=office.by(office.sister_head), division=office.sister)


@pytest.mark.parametrize("number", ["", "   ", "x" * 33, "a\nb", "a\u202eb"])
def test_an_inventory_number_can_be_printed_on_a_label(office, number):
    with pytest.raises(NoInventoryNumberError):
        add_recorder(office, number)


def test_a_card_does_not_sit_in_another_divisions_recorder(office):
    foreign = add_recorder(office, by=MACHINE, division=office.sister)
    with pytest.raises(ForeignRecorderError):
        add_card(office, recorder=foreign)


def test_a_thing_is_found_by_its_inventory_number(office):
    assert selectors.thing_with(" БТ-0001") == office.recorder
    assert selectors.thing_with("ЖК-0001") == office.card
    with pytest.raises(UnknownThingError):
        selectors.thing_with("БТ-9999")


def test_a_state_changes_with_a_reason(office):
    by = office.by(office.custodian)
    with pytest.raises(NoReasonError):
        services.set_state(office.ledger, by, office.recorder, State.IN_REPAIR, "  ")
    services.set_state(office.ledger, by, office.recorder, State.IN_REPAIR, "акт № 4")
    assert Recorder.objects.get().state == State.IN_REPAIR
    body = last_entry()["body"]
    assert (body["from"], body["to"], body["reason"]) == ("in-service", "in-repair", "акт № 4")


def test_what_is_issued_can_be_lost_but_not_repaired(office):
    by, row = office.by(office.custodian), "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
    Recorder.objects.update(out_on=row)
    recorder = Recorder.objects.get()
    with pytest.raises(StillIssuedError) as refused:
        services.set_state(office.ledger, by, recorder, State.IN_REPAIR, "сынды")
    assert refused.value.paragraph == "8"
    services.set_state(office.ledger, by, recorder, State.LOST, "жоғалды")


def test_two_who_set_a_state_at_once_do_not_undo_each_other(office):
    by, stale = office.by(office.custodian), Recorder.objects.get()
    services.set_state(office.ledger, by, office.recorder, State.LOST, "жоғалды")
    with pytest.raises(ChangedMeanwhileError):
        services.set_state(office.ledger, by, stale, State.RETIRED, "акт")


def test_a_refusal_leaves_nothing_behind(office):
    before = LedgerEntry.objects.count()
    with pytest.raises(InventoryNumberTakenError):
        add_card(office, "БТ-0001")
    assert LedgerEntry.objects.count() == before
    assert Card.objects.count() == 1


def test_a_login_leads_to_its_person(office):
    assert selectors.person_of(office.head.user) == office.head


def test_an_address_is_entered_with_who_entered_it(office):
    for by in (office.inspector, office.custodian, office.head):
        email = f"{by.staff_number}@example.kz"
        services.set_email(office.ledger, office.by(by), office.inspector, f" {email} ")
        assert Person.objects.get(pk=office.inspector.pk).email == email
        entry = last_entry()
        assert (entry["kind"], entry["actor"]["id"]) == ("registry.email-set", str(by.pk))
        assert entry["body"]["email"] == email
    services.set_email(office.ledger, office.by(office.head), office.inspector, "")
    assert Person.objects.get(pk=office.inspector.pk).email == ""


def test_the_same_address_again_is_no_act(office):
    by = office.by(office.inspector)
    services.set_email(office.ledger, by, office.inspector, "yerlan@example.kz")
    before = LedgerEntry.objects.count()
    services.set_email(office.ledger, by, office.inspector, "yerlan@example.kz")
    assert LedgerEntry.objects.count() == before


@pytest.mark.parametrize("who", ["second_inspector", "administrator", "sister_head", "sister_custodian"])
def test_others_do_not_set_ones_address(office, who):
    with pytest.raises(NotYourEmailError):
        services.set_email(office.ledger, office.by(getattr(office, who)), office.inspector, "x@example.kz")
    assert Person.objects.get(pk=office.inspector.pk).email == ""


def test_an_address_that_another_changed_meanwhile_is_left(office):
    as_read = Person.objects.get(pk=office.inspector.pk)
    services.set_email(office.ledger, office.by(office.custodian), office.inspector, "first@example.kz")
    with pytest.raises(ChangedMeanwhileError):
        services.set_email(office.ledger, office.by(office.head), as_read, "second@example.kz")
    assert Person.objects.get(pk=office.inspector.pk).email == "first@example.kz"


@pytest.mark.parametrize("email", ["yerlan", "a b@example.kz", "a@b\nBcc: c@d", "a" * 250 + "@example.kz"])
def test_what_is_no_address_is_not_entered(office, email):
    with pytest.raises(NoEmailError):
        services.set_email(office.ledger, office.by(office.inspector), office.inspector, email)


def test_of_divisions_made_at_one_moment_the_first_to_have_a_custodian_takes_what_is_nobodys(office):
    assert office.sister.created_at == office.division.created_at
    assert selectors.first_keeping() == office.division
