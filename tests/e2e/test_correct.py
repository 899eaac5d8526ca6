"""A correction in a real browser: the form, the row and the book fit both screens, and axe finds nothing."""

import pytest
from django.urls import reverse

from aigaq.journal.services.remark import remark
from tests.support.browsing import page_at, shown_at, sign_in
from tests.support.duty import PURPOSE, spare_of
from tests.support.office import password_of
from tests.support.viewing import served

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_remark_and_a_subject_are_corrected(browser, room):
    row = room.duty.issue()
    written = remark(
        room.office.ledger,
        room.office.by(room.office.custodian),
        row=row,
        text="Түскі үзіліс 13:00",
        author=room.office.custodian,
    )
    room.duty.correct(row, f"remark:{written.seq}", "Түскі үзіліс 14:00")
    with served() as address, page_at(browser, address) as page:
        sign_in(page, address, room.office.custodian)
        page.goto(address + reverse("journal:correct", args=[row.pk, "subject"]))
        shown_at(page, "correct")
        page.fill("#id_new", "«Жаңа Құрылыс» ЖШС")
        page.fill("#id_reason", "Атауы қате жазылған")
        page.click("main button.primary")
        page.wait_for_selector("#id_password")
        shown_at(page, "correct-sign")
        page.fill("#id_password", password_of("daniyar"))
        page.click("main button.primary")
        page.wait_for_selector("dd del")
        assert PURPOSE.subject in page.inner_text("dd del")
        line = page.evaluate("getComputedStyle(document.querySelector('dd del')).textDecorationLine")
        assert line == "line-through"
        shown_at(page, "corrected-row")
        page.goto(address + reverse("journal:list"))
        shown_at(page, "corrected-book")


def test_the_wrong_recorder_is_set_right_by_keyboard_alone(browser, room):
    row, spare = room.duty.issue(), spare_of(room.office)
    with served() as address, page_at(browser, address) as page:
        sign_in(page, address, room.office.custodian)
        page.goto(address + reverse("journal:correct", args=[row.pk, "recorder"]))
        shown_at(page, "correct-recorder")
        assert page.evaluate("document.activeElement.id") == "id_new"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.type("Басқасы басылған")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("#id_password")
        shown_at(page, "correct-recorder-sign")
        page.focus("#id_password")
        page.keyboard.type(password_of("daniyar"))
        page.keyboard.press("Enter")
        page.wait_for_selector("td.c2 del")
        assert "БТ-0001" in page.inner_text("td.c2 del")
        assert page.inner_text("td.c2 ins") == "БТ-0002"
        room.duty.correct(row, "card", str(spare.card.pk))
        room.duty.correct(row, "inspector", str(room.office.second_inspector.pk))
        page.reload()
        line = page.evaluate("getComputedStyle(document.querySelector('td.c3 del')).textDecorationLine")
        assert line == "line-through"
        shown_at(page, "corrected-receipt-row")
        page.goto(address + reverse("journal:list"))
        shown_at(page, "corrected-receipt-book")
        sign_in_again(page, address, room.office.head)
        page.goto(address + reverse("incidents:list"))
        shown_at(page, "corrected-receipt-incidents")
        sign_in_again(page, address, room.office.second_inspector)
        page.goto(address + reverse("notices:list"))
        shown_at(page, "corrected-receipt-notices")


def sign_in_again(page, address, person):
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": address}])
    sign_in(page, address, person)
