import re
from datetime import timedelta

import pytest
from django.urls import reverse

from aigaq.accounts.models import User
from aigaq.ledger.models import LedgerEntry
from aigaq.registry.models import Appointment, Card, Division, Person, Recorder, Role, State
from aigaq.web.registry.people import new_password
from tests.support.duty import on_duty
from tests.support.office import password_of
from tests.support.visitors import text_of

NEW_PERSON = {
    "full_name": "Әбдіқадыров Нұрлан Ұлықбекұлы",
    "post": "Аға инспектор",
    "staff_number": "106",
    "username": "nurlan",
    "role": "inspector",
    "order_number": "12-106",
    "from_on": "2026-01-12",
    "until_on": "",
}


@pytest.fixture
def head(office, visit):
    return visit(office.head)


@pytest.fixture
def custodian(office, visit):
    return visit(office.custodian)


def test_the_head_enters_a_person_who_then_signs_in(head, visit):
    page = head.submit("/registry/people/add/", NEW_PERSON)
    password = re.search(r"handed-out\">([\w-]+)<", page.content.decode())[1]
    person = Person.objects.get(staff_number="106")
    assert person.user.check_password(password)
    assert person.appointments.get().role == Role.INSPECTOR
    newcomer = visit()
    assert newcomer.submit("/sign-in/", {"username": "nurlan", "password": password}).status_code == 302
    assert password not in "".join(LedgerEntry.objects.values_list("entry", flat=True))


def test_a_person_is_entered_whole_or_not_at_all(head, office):
    before = (User.objects.count(), Person.objects.count(), Appointment.objects.count())
    taken = head.submit("/registry/people/add/", NEW_PERSON | {"staff_number": "101"})
    assert "The staff number 101 belongs to Ахметова" in text_of(taken)
    backwards = head.submit("/registry/people/add/", NEW_PERSON | {"until_on": "2025-01-01"})
    assert "is before the first day" in text_of(backwards)
    assert (User.objects.count(), Person.objects.count(), Appointment.objects.count()) == before


def test_a_new_password_shuts_the_old_sessions(head, office, visit):
    theirs = visit(office.inspector)
    page = head.submit(reverse("registry:give-password", args=[office.inspector.pk]))
    password = re.search(r"handed-out\">([\w-]+)<", page.content.decode())[1]
    assert theirs.get("/").status_code == 302
    again = visit()
    assert again.submit("/sign-in/", {"username": "yerlan", "password": password}).status_code == 302


def test_a_shut_login_opens_nothing_until_it_is_opened_again(head, office, visit):
    name = {"username": "yerlan", "password": password_of("yerlan")}
    head.submit(reverse("registry:shut-login", args=[office.inspector.pk]))
    assert visit().submit("/sign-in/", name).status_code == 422
    head.submit(reverse("registry:open-login", args=[office.inspector.pk]))
    assert visit().submit("/sign-in/", name).status_code == 302


def test_passwords_made_here_are_long_readable_and_never_the_same():
    made = {new_password() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}", one) for one in made)


def test_the_head_appoints_somebody_and_relieves_them(head, office):
    path = reverse("registry:appoint", args=[office.administrator.pk])
    given = {"role": "inspector", "from_on": "2026-11-01", "until_on": "2026-12-01", "order_number": "55"}
    assert head.submit(path, given).url == reverse("registry:person", args=[office.administrator.pk])
    twice = head.submit(path, given)
    assert "holds this role" in text_of(twice)
    assert "Order No. 236, paragraph 6" in text_of(twice)
    made = Appointment.objects.get(person=office.administrator)
    late = head.submit(reverse("registry:relieve", args=[made.pk]), {"until_on": "2027-01-01"})
    assert "ends on 1 December 2026 already" in text_of(late)
    head.submit(reverse("registry:relieve", args=[made.pk]), {"until_on": "2026-11-05"})
    made.refresh_from_db()
    assert str(made.until_on) == "2026-11-05"


def test_a_person_is_entered_without_a_role_to_be_appointed_next(head):
    head.submit("/registry/people/add/", NEW_PERSON | {"role": "", "order_number": "", "from_on": ""})
    assert not Person.objects.get(staff_number="106").appointments.exists()
    asked = head.submit("/registry/people/add/", NEW_PERSON | {"staff_number": "107", "order_number": ""})
    assert asked.status_code == 422
    refused = head.submit("/registry/people/add/", NEW_PERSON | {"staff_number": "108", "role": "custodian"})
    assert refused.status_code == 422, "who reads is appointed with the key"


def test_the_head_reaches_down_the_tree_and_not_up(head, office, visit):
    below = Division.objects.create(
        name="Шеңгелді бекеті", parent=office.division, created_at=office.head.created_at
    )
    assert "Шеңгелді бекеті" in text_of(head.get("/registry/people/"))
    assert head.get("/registry/people/", {"division": below.pk}).status_code == 200
    for far in (office.region, office.sister):
        assert head.get("/registry/people/", {"division": far.pk}).status_code == 404
        assert head.submit(f"/registry/people/add/?division={far.pk}", NEW_PERSON).status_code == 404
    assert head.submit(f"/registry/divisions/add/?division={below.pk}", {"name": "Жаңа"}).status_code == 302
    assert Division.objects.get(name="Жаңа").parent == below


def test_the_custodian_registers_a_recorder_and_its_card(custodian, office):
    assert (
        custodian.submit("/registry/things/add-recorder/", {"inventory_number": "БТ-0002"}).status_code == 302
    )
    recorder = Recorder.objects.get(inventory_number="БТ-0002")
    custodian.submit(
        "/registry/things/add-card/", {"inventory_number": "ЖК-0002", "recorder": str(recorder.pk)}
    )
    assert Card.objects.get(inventory_number="ЖК-0002").recorder == recorder
    page = text_of(custodian.get("/registry/things/"))
    assert "БТ-0002" in page
    assert "ЖК-0002" in page


def test_an_inventory_number_is_given_once(custodian, office):
    page = custodian.submit("/registry/things/add-card/", {"inventory_number": "БТ-0001"})
    assert page.status_code == 422
    assert "belongs to another recorder or card" in text_of(page)
    assert "Order No. 236, paragraph 7" in text_of(page)


def test_a_card_is_not_tied_to_a_recorder_of_another_division(office, visit):
    stranger = visit(office.sister_custodian)
    page = stranger.submit(
        "/registry/things/add-card/", {"inventory_number": "ЖК-7", "recorder": str(office.recorder.pk)}
    )
    assert page.status_code == 422
    assert not Card.objects.filter(inventory_number="ЖК-7").exists()


def test_the_state_changes_with_a_reason(custodian, office):
    path = reverse("registry:recorder", args=[office.recorder.pk])
    assert custodian.submit(path, {"state": "in-repair", "reason": ""}).status_code == 422
    custodian.submit(path, {"state": "in-repair", "reason": "Акт № 4"})
    office.recorder.refresh_from_db()
    assert office.recorder.state == State.IN_REPAIR
    assert "In repair" in text_of(custodian.get(path))


def test_where_a_thing_is_stands_on_its_page(custodian, office):
    row = on_duty(office).issue()
    page = text_of(custodian.get(reverse("registry:card", args=[office.card.pk])))
    assert f"Өтегенов Ерлан Сәкенұлы, row {row.number}" in page
    refused = custodian.submit(
        reverse("registry:recorder", args=[office.recorder.pk]), {"state": "retired", "reason": "ескі"}
    )
    assert "is issued to an inspector" in text_of(refused)


def test_an_inspector_sees_what_is_in_their_own_hands(office, visit):
    on_duty(office).issue()
    assert "БТ-0001" in text_of(visit(office.inspector).get("/"))
    assert "БТ-0001" not in text_of(visit(office.second_inspector).get("/"))


def test_a_card_s_page_tells_how_it_fares_and_the_list_which_to_retire(custodian, office):
    Card.objects.filter(pk=office.card.pk).update(created_at=office.clock.now() - timedelta(days=6 * 366))
    page = text_of(custodian.get(reverse("registry:card", args=[office.card.pk])))
    assert "Retire this card." in page
    assert "has served for 6 years" in page
    listed = text_of(custodian.get(reverse("registry:retire")))
    assert office.card.inventory_number in listed
    assert "years of service: 5" in listed
    Card.objects.filter(pk=office.card.pk).update(state=State.RETIRED)
    assert "No card needs to be retired." in text_of(custodian.get(reverse("registry:retire")))
