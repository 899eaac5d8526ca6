"""The overview in a real browser: of a head, and of the authorised body over several divisions."""

from datetime import timedelta

import pytest
from django.urls import reverse

from aigaq.accounts.services import create_user
from aigaq.incidents.models import Incident, Kind
from aigaq.incidents.services import attend
from aigaq.ingest.services import Pipeline
from aigaq.ledger.services import MACHINE
from aigaq.media.probe import Verdict
from aigaq.recordings import judging
from aigaq.registry import services as registry
from aigaq.registry.models import Role
from aigaq.unloading.run import Tools
from tests.support.browsing import shown_at, sign_in
from tests.support.filmed import Film, unload_films
from tests.support.office import SINCE, password_of

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def play(room, folder):
    """A week of duties: Monday whole, Tuesday with a gap and a pause, Wednesday damaged, Friday out."""
    duty, clock, line = room.duty, room.office.clock, Pipeline(room.office.ledger, Tools(room.vault))
    clock.instant -= timedelta(days=4)
    whole, damaged = Verdict.PLAYABLE, Verdict.DAMAGED
    for number, takes in enumerate(
        ([(0, 180, whole)], [(5, 55, whole), (120, 60, whole)], [(0, 90, whole), (90, 90, damaged)])
    ):
        began = clock.now()
        row = duty.issue()
        if number == 1:
            duty.passes(minutes=60)
            pause = duty.pause(row)
            duty.passes(minutes=30)
            duty.resume(row, pause)
        clock.instant = began + timedelta(hours=3)
        duty.give_back(row)
        films = [
            Film(began + timedelta(minutes=at), timedelta(minutes=length), verdict)
            for at, length, verdict in takes
        ]
        unload_films(line, folder / str(number), *films)
        judging.catch_up(room.office.ledger)
        clock.instant = began + timedelta(days=1)
    clock.instant += timedelta(days=1)
    duty.issue()
    duty.passes(hours=2)
    attend(room.office.ledger)


def body(office):
    by = {"ledger": office.ledger, "by": MACHINE}
    user = create_user(**by, username="sultan", password=password_of("sultan"))
    person = registry.add_person(
        **by, full_name="Сұлтанов Қ.", post="", staff_number="900", division=office.region, user=user
    )
    terms = {"from_on": SINCE, "until_on": None, "order_number": "1"}
    registry.appoint(**by, person=person, division=office.region, role=Role.AUTHORITY, **terms)
    return person


def test_a_head_and_the_authorised_body_look_at_the_week(room, page, address, tmp_path, settings):
    settings.VAULT = room.vault_folder
    play(room, tmp_path)
    sign_in(page, address, room.office.head)
    page.goto(address + reverse("overview:page"))
    page.wait_for_selector(".week-picture svg")
    shown_at(page, "overview-head")
    incident = Incident.objects.get(kind=Kind.NOT_RECORDED)
    page.goto(address + reverse("incidents:incident", args=[incident.pk]))
    shown_at(page, "overview-incident")
    page.click(".whoami button")
    sign_in(page, address, body(room.office))
    page.wait_for_selector(".week-small svg")
    assert page.locator("#menu a").count() == 2, "the overview, and their own password"
    shown_at(page, "overview-body")
