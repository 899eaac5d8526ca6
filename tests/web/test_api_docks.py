"""Enrolment and sessions over HTTP: what a docking PC is told, and what anybody else is not."""

import json
import os
from datetime import timedelta

import pytest
from django.test import Client

from aigaq import wiring
from aigaq.docks import rules, services
from aigaq.docks.models import Dock
from aigaq.ledger.models import LedgerEntry
from aigaq.tlog.checkpoint import VerifierKey
from tests.support.docks import ApiClient, DockPC, open_dock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dock():
    return ApiClient(Client(), DockPC())


def new_code(office):
    return services.make_code(office.ledger, office.by(office.custodian), division=office.division).code


def told(response):
    return json.loads(response.content)


def test_a_dock_is_told_what_it_has_to_pin(office, dock):
    response = dock.enrol(new_code(office), wiring.clock().now())
    assert response.status_code == 201
    answer = told(response)
    assert answer["recipient"] == str(wiring.vault().recipient)
    assert answer["installation"] == wiring.vault().id
    assert VerifierKey.parse(answer["ledger_key"]) == VerifierKey.of(wiring.ledger().signer)
    assert answer["division"] == {"id": str(office.division.pk), "name": office.division.name}


def test_a_spent_code_lets_in_nobody(office, dock):
    code = new_code(office)
    assert dock.enrol(code, wiring.clock().now()).status_code == 201
    again = ApiClient(Client(), DockPC()).enrol(code, wiring.clock().now())
    assert (again.status_code, told(again)["code"]) == (403, "dock.code-used")
    unknown = ApiClient(Client(), DockPC()).enrol("K7QF-2M9T-XB4H-8WRC", wiring.clock().now())
    assert (unknown.status_code, told(unknown)["code"]) == (403, "dock.code-unknown")
    assert Dock.objects.count() == 1


def test_the_key_of_another_is_not_enrolled(office, dock):
    statement = dock.pc.enrolment(new_code(office), wiring.clock().now()).signed(DockPC().signer)
    response = dock.post("/api/docks/enrol/", statement)
    assert (response.status_code, told(response)["code"]) == (403, "dock.not-signed")


def test_a_statement_is_good_once(office):
    dock = open_dock(Client(), office)
    statement = dock.pc.answer(dock.challenge(), wiring.clock().now())
    assert dock.post("/api/sessions/", statement).status_code == 201
    replayed = dock.post("/api/sessions/", statement)
    assert (replayed.status_code, told(replayed)["code"]) == (403, "dock.stale-challenge")


def test_a_session_is_for_a_quarter_of_an_hour_and_compares_the_clocks(office):
    dock = open_dock(Client(), office)
    now = wiring.clock().now()
    answer = told(dock.open_session(now + timedelta(hours=2)))
    assert abs(answer["clock_offset_ms"] - 7_200_000) < 10_000
    assert answer["is_clock_off"]
    assert timedelta(minutes=15) == rules.SESSION_LIFE
    assert LedgerEntry.objects.filter(kind="dock.clock-off").count() == 1


def test_a_clock_of_another_century_is_told_of_and_refuses_nothing(office):
    dock = open_dock(Client(), office)
    for year in (1970, 1980, 2107, 9999):
        assert dock.open_session(wiring.clock().now().replace(year=year, day=1)).status_code == 201


BODIES = [
    b"",
    b"{}",
    b"[]",
    b"null",
    b"\xff\xfe",
    b"{" * 1000,
    b'{"dock": 1}',
    b'{"dock": "../.."}',
    b"x" * 300_000,
]


PATHS = ["/api/docks/enrol/", "/api/sessions/", "/api/sessions/challenge/"]


def test_what_is_no_statement_is_refused_with_a_sentence(office, dock):
    for path in PATHS:
        for body in BODIES:
            response = dock.post(path, body)
            # Django's client sends no type without a body.
            assert response.status_code == (400 if body else 415), (path, body[:20])
            assert response["Content-Type"] == "application/problem+json"


def test_a_form_of_a_browser_is_not_read(office):
    for path in PATHS:
        assert Client().post(path, {"code": "x"}).status_code == 415
        assert Client().get(path).status_code == 405


def test_noise_does_no_harm(office, dock):
    before = LedgerEntry.objects.count()
    for _ in range(50):
        assert dock.post("/api/sessions/", os.urandom(200)).status_code == 400
    assert LedgerEntry.objects.count() == before
