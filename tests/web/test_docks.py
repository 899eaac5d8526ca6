"""The pages of docking PCs: a code shown once, a list of who is let in, and a way to shut one out."""

import re

import pytest
from django.urls import reverse

from aigaq import wiring
from aigaq.docks import services
from aigaq.docks.models import Dock, EnrolmentCode
from aigaq.ledger.models import LedgerEntry
from tests.support.docks import DockPC
from tests.support.visitors import text_of

CODE = re.compile(r"\b[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}\b")


def let_in(office, name="Док 1"):
    code = services.make_code(office.ledger, office.by(office.custodian), division=office.division).code
    return services.enrol(office.ledger, DockPC().enrolment(code, wiring.clock().now(), name=name))


def test_the_custodian_has_a_code_made_that_is_shown_once(office, visit):
    browser = visit(office.custodian)
    assert not CODE.search(text_of(browser.get(reverse("docks:add"))))
    assert not EnrolmentCode.objects.exists()
    page = text_of(browser.submit(reverse("docks:add"), {"stage": "make"}))
    (code,) = CODE.findall(page)
    assert "aigaq dock enrol http://127.0.0.1:8000" in page
    dock = services.enrol(office.ledger, DockPC().enrolment(code, wiring.clock().now()))
    assert (dock.division, dock.enrolled_by) == (office.division, office.custodian)
    assert code not in text_of(browser.get(reverse("docks:list")))


def test_the_list_says_who_is_let_in(office, visit):
    let_in(office, "Док-А")
    page = text_of(visit(office.head).get(reverse("docks:list")))
    for words in ("Док-А", "let in", "0.2.0", office.custodian.full_name, "not compared yet"):
        assert words in page


def test_a_dock_is_revoked_with_a_reason(office, visit):
    dock = let_in(office)
    browser = visit(office.head)
    place = reverse("docks:revoke", args=[dock.pk])
    assert "enrolled anew" in text_of(browser.get(place))
    assert browser.submit(place, {"reason": ""}).status_code == 422
    assert not hasattr(Dock.objects.get(), "revocation")
    page = text_of(browser.submit(place, {"reason": "Ұрланды"}, follow=True))
    assert "Ұрланды" in page
    assert "revoked" in page
    assert LedgerEntry.objects.filter(kind="dock.revoked").count() == 1
    assert "revoked already" in text_of(browser.submit(place, {"reason": "Ұрланды"}))


@pytest.mark.parametrize("who", ["sister_head", "sister_custodian"])
def test_the_docks_of_the_division_next_door_are_not_there(office, visit, who):
    dock = let_in(office, "Док-Құпия")
    browser = visit(getattr(office, who))
    assert "Док-Құпия" not in text_of(browser.get(reverse("docks:list")))
    place = reverse("docks:revoke", args=[dock.pk])
    assert browser.get(place).status_code == 404
    assert browser.submit(place, {"reason": "x"}).status_code == 404
    assert not hasattr(Dock.objects.get(), "revocation")


def test_a_name_from_a_dock_is_data(office, visit):
    let_in(office, "<script>alert(1)</script>")
    page = visit(office.custodian).get(reverse("docks:list")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
