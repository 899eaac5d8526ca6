"""Docking PCs in a browser: a code in large letters, the list, and shutting one out."""

from datetime import timedelta

import pytest
from django.urls import reverse

from aigaq.docks import services
from aigaq.docks.models import Dock, DockState
from aigaq.unloading.statements import EnrolmentStatement
from tests.support.browsing import page_at, shown_at, sign_in
from tests.support.docks import DockPC
from tests.support.viewing import open_room, served

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def type_on_the_docking_pc(office, code: str, name: str) -> None:
    pc, now = DockPC(), office.clock.now()
    statement = EnrolmentStatement.believe(pc.enrolment(code, now, name=name).signed(pc.signer))
    dock = services.enrol(office.ledger, statement)
    DockState.objects.filter(dock=dock).update(
        clock_offset_ms=-3_723_000 if name.endswith("2") else 200,
        clock_at=now,
        clock_told_at=now if name.endswith("2") else None,
        seen_at=now - timedelta(minutes=3),
    )


@pytest.fixture
def office(transactional_db, clock, tmp_path, monkeypatch, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    return open_room(clock, tmp_path, monkeypatch, settings).office


def test_a_docking_pc_comes_and_goes(browser, office):
    with served() as address, page_at(browser, address) as page:
        sign_in(page, address, office.custodian)
        page.goto(address + reverse("docks:list"))
        shown_at(page, "docks-none")
        for name in ("Қонаев, қабылдау 1", "Қонаев, қабылдау 2"):
            page.goto(address + reverse("docks:list"))
            page.click("a.primary")
            shown_at(page, "docks-add")
            page.click("main button.primary")
            page.wait_for_selector(".code-shown")
            shown_at(page, "docks-code")
            type_on_the_docking_pc(office, page.inner_text(".code-shown").split()[-1], name)
            page.click("main a.primary")
        shown_at(page, "docks-list")
        page.click(f"a[href$='{Dock.objects.get(name__endswith='2').pk}/revoke/']")
        shown_at(page, "docks-revoke")
        page.fill("#id_reason", "Ұрланды")
        page.press("#id_reason", "Enter")
        page.wait_for_selector("text=Ұрланды")
        shown_at(page, "docks-revoked")
