"""A broken seal in a real browser: taken back, told to the head, decided, closed."""

import pytest
from django.urls import reverse

from aigaq.incidents.models import Decision, Incident
from aigaq.incidents.services import attend
from aigaq.journal.models import SealFound, ThingFound
from aigaq.journal.rules import Found
from aigaq.registry.models import State
from aigaq.registry.services import set_state
from tests.support.browsing import page_at, picture, shown_at, sign_in
from tests.support.office import password_of
from tests.support.viewing import served

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_broken_seal_is_told_to_the_head_who_decides(browser, room):
    office, row = room.office, room.duty.issue()
    room.duty.passes(hours=8)
    with served() as address:
        with page_at(browser, address) as page:
            sign_in(page, address, office.custodian)
            page.goto(address + reverse("desk:return", args=[row.pk]))
            page.check("input[name=seal_found][value=broken]")
            page.fill("#id_condition", "Көлікте үзілген, қозғалтқыш тоқтағанда байқалды")
            page.click("main button.primary")
            page.fill("#id_password", password_of("yerlan"))
            page.click("button[value=sign]")
            page.wait_for_selector(".notice.success")
            shown_at(page, "incident-row")
            page.goto(address + reverse("incidents:list"))
            page.click("th a")
            page.wait_for_selector(".said")
            assert page.locator("form button.primary").count() == 0, "the custodian reads only"
            shown_at(page, "incident-custodian")
        with page_at(browser, address) as page:
            sign_in(page, address, office.head)
            assert page.inner_text("#menu a[href='/incidents/'] .count") == "1"
            page.click("#menu a[href='/incidents/']")
            page.wait_for_selector(".table")
            shown_at(page, "incidents")
            page.click("th a")
            page.wait_for_selector("#id_reason")
            page.click("main form button.primary")
            page.wait_for_selector("#errors")
            shown_at(page, "incident-refused")
            page.check("input[name=outcome][value=explained]")
            page.fill("#id_reason", "Көлік апаты болған, жол полициясының актісі № 77 қоса тіркелді")
            page.click("main form button.primary")
            page.wait_for_selector("#id_password")
            assert page.evaluate("document.activeElement.id") == "id_password"
            shown_at(page, "incident-sign")
            page.keyboard.type(password_of("aigerim"))
            page.keyboard.press("Enter")
            page.wait_for_selector(".notice.success")
            shown_at(page, "incident-decided")
            page.emulate_media(media="print")
            picture(page, "incident-print")
            page.emulate_media(media="screen")
            page.goto(address + reverse("incidents:list"))
            shown_at(page, "incidents-none-open")
            page.goto(address + reverse("incidents:list") + "?state=decided")
            shown_at(page, "incidents-decided")
    assert Decision.objects.get().incident == Incident.objects.get()


def test_many_kinds_read_well_in_every_language(browser, room):
    office = room.office
    room.duty.give_back(
        room.duty.issue(),
        handed_back_by=office.second_inspector,
        seal_found=SealFound.DIFFERENT,
        seal_number_found="Қ-9999",
        condition="Ауыстырып алған",
        recorder=Found(ThingFound.DAMAGED, "Экраны сынған"),
    )
    room.duty.issue(card=None, seal_number="")
    room.duty.passes(days=4)
    set_state(office.ledger, office.by(office.custodian), office.card, State.LOST, "Сейфте жоқ")
    attend(office.ledger)
    with served() as address:
        for language in ("kk", "ru"):
            with page_at(browser, address) as page:
                page.context.add_cookies([{"name": "django_language", "value": language, "url": address}])
                sign_in(page, address, office.head)
                page.goto(address + reverse("incidents:list"))
                shown_at(page, f"incidents-{language}")
                page.click("tr:last-child th a")
                page.wait_for_selector(".said")
                shown_at(page, f"incident-{language}")
