"""A whole succession in a real browser: the deputy during the absence, then the next custodian, each with a key."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from aigaq.core.clock import rfc3339
from aigaq.registry.models import Appointment
from tests.support.browsing import page_at, picture, shown_at, sign_in, until
from tests.support.films import film
from tests.support.office import vault_password_of
from tests.support.viewing import served

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

DEPUTYS, SUCCESSORS = "төрт бөлек сөз жеткілікті", "бес бөлек сөз де жетеді"


def goes_to(room, number, hour=9):
    room.office.clock.instant = datetime(2026, 11, 19, 19, tzinfo=UTC) + timedelta(days=number, hours=hour)


def held(person) -> Appointment:
    return person.appointments.order_by("-pk").first()


def types_the_key(page, head, new):
    page.fill("#id_vault_password", vault_password_of(head.user.username))
    page.fill("#id_new_vault_password", new)
    page.fill("#id_new_vault_password_again", new)


def plays(page, address, file, person, password):
    """Signs in, opens the vault with that password and plays; False if they are not let in."""
    sign_in(page, address, person)
    if page.goto(address + reverse("recordings:recording", args=[file.pk])).status != 200:
        return False
    page.fill("#id_vault_password", password)
    page.press("#id_vault_password", "Enter")
    page.wait_for_selector(".vault.open, .field.wrong")
    if page.query_selector(".field.wrong"):
        return False
    until(page, "m && m.readyState >= 2")
    return True


def test_a_succession_from_absence_to_hand_over(browser, room, tmp_path):
    office = room.office
    file = room.enter(film(seconds=2), container="mov,mp4,m4a,3gp,3g2,mj2")
    with served() as address:
        with page_at(browser, address) as page:
            sign_in(page, address, office.head)
            page.goto(address + reverse("registry:appoint", args=[office.second_inspector.pk]))
            page.check("input[name=role][value=inspector]")
            assert not page.is_visible("#id_new_vault_password"), "an inspector has no key"
            page.check(f"input[name=role][value=for-{held(office.custodian).pk}]")
            page.check("input[name=key][value=later]")
            assert not page.is_visible("#id_new_vault_password")
            page.check("input[name=key][value=now]")
            page.fill("#id_order_number", "№ 55-Ө")
            page.fill("#id_from_on", "2026-11-23")
            page.fill("#id_until_on", "2026-12-04")
            types_the_key(page, office.head, DEPUTYS)
            shown_at(page, "appoint-deputy")
            page.fill("#id_new_vault_password_again", "another")
            page.click("main button.primary")
            page.wait_for_selector(".refusal")
            picture(page, "appoint-refused")
            types_the_key(page, office.head, DEPUTYS)
            page.click("main button.primary")
            page.wait_for_selector(".notice.success")
            shown_at(page, "person-with-appointments")
            page.goto(address + reverse("registry:hand-over", args=[held(office.custodian).pk]))
            page.select_option("#id_to", str(office.inspector.pk))
            page.fill("#id_order_number", "№ 56-Ө")
            page.fill("#id_last_on", "2026-12-31")
            types_the_key(page, office.head, SUCCESSORS)
            shown_at(page, "hand-over")
            page.click("main button.primary")
            page.wait_for_selector(".notice.success")
            shown_at(page, "head-and-custodian")
            page.goto(address + reverse("registry:hand-key", args=[held(office.inspector).pk]))
            shown_at(page, "hand-key")
            page.goto(address + reverse("registry:relieve", args=[held(office.custodian).pk]))
            shown_at(page, "relieve")
            page.check("input[name=when][value=at-once]")
            assert not page.is_visible("#id_until_on")
        for day, who, password, may in (
            (0, office.custodian, vault_password_of("daniyar"), True),
            (3, office.second_inspector, DEPUTYS, True),
            (3, office.custodian, vault_password_of("daniyar"), False),
            (15, office.custodian, vault_password_of("daniyar"), True),
            (15, office.second_inspector, DEPUTYS, False),
            (41, office.custodian, vault_password_of("daniyar"), True),
            (42, office.inspector, SUCCESSORS, True),
            (42, office.custodian, vault_password_of("daniyar"), False),
        ):
            goes_to(room, day)
            with page_at(browser, address) as page:
                assert plays(page, address, file, who, password) is may, (day, who.user.username)
                if day == 42 and may:
                    page.goto(address + reverse("registry:posts"))
                    shown_at(page, "after-the-hand-over")
                    page.goto(address + reverse("registry:holdings"))
                    shown_at(page, "what-the-custodian-holds")
                    page.goto(address + reverse("registry:people"))
                    shown_at(page, "staff-list")


def test_at_midnight_an_open_player_stops(browser, room):
    office = room.office
    file = room.enter(film(seconds=2), container="mov,mp4,m4a,3gp,3g2,mj2")
    goes_to(room, 0, hour=23)
    Appointment.objects.filter(pk=held(office.custodian).pk).update(until_on="2026-11-20")
    with served() as address, page_at(browser, address) as page:
        assert plays(page, address, file, office.custodian, vault_password_of("daniyar"))
        goes_to(room, 1, hour=0)
        assert rfc3339(office.clock.now()) == "2026-11-20T19:00:00.000000Z"
        assert page.request.get(address + reverse("recordings:media", args=[file.pk])).status == 403
        assert page.request.get(address + reverse("vault:state")).status == 403
