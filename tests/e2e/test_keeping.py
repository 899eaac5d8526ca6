"""Keeping in a real browser, in Kazakh: held, doubted, proposed, approved, carried out, and what remains of it."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from aigaq import wiring
from aigaq.core.clock import KAZAKHSTAN
from aigaq.recordings.models import RecordingFile
from aigaq.retention.disposing import Stores
from aigaq.retention.models import DisposalPlan, Disposed, Hold
from tests.support.browsing import PICTURES, page_at, shown_at, sign_in, speak
from tests.support.disposals import Keeper, LockedPlace
from tests.support.office import password_of
from tests.support.viewing import RECORDED_AT

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def keeper(room, monkeypatch):
    row = room.duty.issue()
    for number in range(5):
        began = RECORDED_AT + timedelta(minutes=12 * number)
        path = f"DCIM/100AIGAQ/БТ-0001_20261120_09{number}000.MP4"
        room.enter(b"%d" % number * 900_000, row=row, recorded_at=began, duration=700.0, path=path)
    room.duty.give_back(row)
    keeper = Keeper(room.office, room.vault)
    site = LockedPlace(room.office.clock.now() + timedelta(days=3 * 366 + 40))
    stores = Stores(
        vault=room.vault.backend,
        copies={"site": site},
        is_unloading=lambda: False,
        is_sound=keeper.is_sound,
    )
    monkeypatch.setattr(wiring, "stores", lambda: stores)
    keeper.follows()
    return keeper


def test_from_a_hold_to_the_act_of_destruction(room, keeper, browser, address):
    office, clock = room.office, room.office.clock
    held = RecordingFile.objects.order_by("recorded_at").first()

    def open_page(person, name, *args, act=None, shown=""):
        """What one of them sees, and does, from signing in to the picture."""
        with page_at(browser, address) as page:
            speak(page.context, "kk", address)
            sign_in(page, address, person)
            page.goto(address + reverse(name, args=args))
            if act:
                act(page)
            shown_at(page, shown)

    def holds(page):
        shown_at(page, "keeping-hold")
        page.fill("#id_reason", "Қылмыстық іс № 26-1234, прокуратураның ауызша өтініші")
        page.click("main button.primary")
        page.wait_for_selector(".notice.success")

    open_page(office.head, "retention:hold", held.pk, act=holds, shown="keeping-recording-held")
    open_page(office.head, "retention:holds", shown="keeping-holds")
    open_page(office.custodian, "retention:list", shown="keeping-nothing-due")
    clock.instant += timedelta(days=3 * 366 + 2)

    def confirms(page):
        shown_at(page, "keeping-doubted")
        page.fill("#id_day", clock.now().astimezone(KAZAKHSTAN).date().isoformat())
        page.fill("#id_password", password_of("aigerim"))
        page.click("form[action$='/confirm-day/'] button")
        page.wait_for_selector(".notice.success")

    open_page(office.head, "retention:list", act=confirms, shown="keeping-due-head")

    def proposes(page):
        shown_at(page, "keeping-due")
        page.click("form[action$='/propose/'] button")
        page.wait_for_selector(".notice.success")

    open_page(office.custodian, "retention:list", act=proposes, shown="keeping-plan-proposed")
    plan = DisposalPlan.objects.get()

    def approves(page):
        page.click("main section.sign a.primary")
        page.wait_for_selector("#id_password")
        shown_at(page, "keeping-approve")
        page.fill("#id_password", password_of("aigerim"))
        page.keyboard.press("Enter")
        page.wait_for_selector(".notice.success")

    open_page(office.head, "retention:plan", plan.pk, act=approves, shown="keeping-plan-approved")
    clock.instant += timedelta(days=1)

    def carries_out(page):
        shown_at(page, "keeping-plan-ready")
        page.fill("form[action$='/carry-out/'] input[name=password]", password_of("daniyar"))
        page.click("form[action$='/carry-out/'] button.primary")
        page.wait_for_selector("form[action$='/act/']")

    open_page(office.custodian, "retention:plan", plan.pk, act=carries_out, shown="keeping-plan-done")
    assert (Disposed.objects.count(), Hold.objects.count()) == (4, 1)

    def prints(page):
        token = page.get_attribute("[name=csrfmiddlewaretoken] >> nth=0", "value")
        given = page.request.post(
            address + reverse("retention:act", args=[plan.pk]), form={"csrfmiddlewaretoken": token}
        )
        assert given.body().startswith(b"%PDF-")
        if PICTURES:
            (Path(PICTURES) / "keeping-act.pdf").write_bytes(given.body())

    open_page(office.head, "retention:plan", plan.pk, act=prints, shown="keeping-plan-done-head")
    destroyed = RecordingFile.objects.order_by("recorded_at").last()
    open_page(office.head, "recordings:recording", destroyed.pk, shown="keeping-recording-destroyed")
    open_page(office.custodian, "retention:list", shown="keeping-list-after")
