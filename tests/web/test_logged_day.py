"""A whole day, with what goes wrong in it, logged at its finest: nothing of anybody is in the log."""

import io
import json
import logging
import re
import threading
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import path, reverse

from aigaq import minding
from aigaq.core.logs import JsonLines, PlainLines
from aigaq.ingest.services import Pipeline
from aigaq.ingest.watch import Watch
from aigaq.minding import Chore, follow_up, mind
from aigaq.notices.sending import send_due
from aigaq.notices.ways.smtp import SmtpWay
from aigaq.recordings.models import RecordingFile
from aigaq.registry.models import Card, Division, Person, Recorder
from aigaq.unloading.run import Tools
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.errors import VaultFullError
from aigaq.web.security import open_to_everyone
from aigaq.web.urls import urlpatterns
from tests.support.cards import fill, pipeline, takes
from tests.support.duty import PURPOSE, SEAL
from tests.support.office import password_of, vault_password_of
from tests.support.told import gives_address
from tests.support.viewing import open_room, streamed, unlock
from tests.support.whole_duty import whole_duty

pytestmark = pytest.mark.django_db(transaction=True)

SEARCHED = "эвакуация жолы"
REMARK = "Көлікте ұмытылған еді"


@pytest.fixture
def room(clock, tmp_path, monkeypatch, settings):
    return open_room(clock, tmp_path, monkeypatch, settings)


@contextmanager
def written(formatter):
    """All that is logged meanwhile."""
    out, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(out), root.level
    handler.setFormatter(formatter)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield out
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


def secrets_of(tmp_path):
    """Every name, number, password, subject, address and file of the cast."""
    found = {PURPOSE.subject, PURPOSE.object, PURPOSE.act_number, SEAL, SEARCHED, REMARK, tmp_path.name}
    for person in Person.objects.select_related("user"):
        found.update(person.full_name.split())
        if person.user:
            name = person.user.username
            found |= {name, person.email, password_of(name), vault_password_of(name)}
    for thing in (*Recorder.objects.all(), *Card.objects.all()):
        found |= {
            thing.inventory_number,
            getattr(thing, "serial_number", ""),
            getattr(thing, "volume_id", ""),
        }
    found.update(word for each in Division.objects.all() for word in each.name.split() if len(word) > 5)
    for file in RecordingFile.objects.all():
        found |= {file.name, file.source}
    found.update(takes(3))
    return {each for each in found if each}


def leaks(log, secrets):
    told = log.casefold()
    return sorted(each for each in secrets if each.casefold() in told)


@open_to_everyone
def defective(_request):
    raise ValueError(f"{PURPOSE.subject}: {SEAL}")


class WithDefects:
    urlpatterns = [*urlpatterns, path("defective/", defective, name="defective")]
    handler500 = "aigaq.web.errors.server_error"


def a_day(room, tmp_path, settings):
    office = room.office
    gives_address(room.duty, office.custodian)
    row = whole_duty(room, b"what the lens saw" * 1000)
    pages(room, row)
    docks(room, tmp_path)
    what_fails(room, settings)


def pages(room, row):
    custodian = room.office.custodian
    refused = Client()
    for username, password in (("daniyar", "wrong"), ("Жүнісов", password_of("daniyar"))):
        refused.post(reverse("login"), {"username": username, "password": password})
    browser = room.browser(custodian)
    unlock(browser, custodian, password=f"not {vault_password_of('daniyar')}")
    assert unlock(browser, custodian).status_code == 302
    file = RecordingFile.objects.filter(path__contains="MP4").earliest("recorded_at")
    for name, key in (("recording", file.pk), ("media", file.pk), ("still", file.pk)):
        streamed(browser.get(reverse(f"recordings:{name}", args=[key])))
    streamed(browser.post(reverse("recordings:download", args=[file.pk])))
    streamed(browser.get(reverse("recordings:list"), {"words": SEARCHED}))
    for address in ("journal:list", "incidents:list", "ledger:list", "registry:people", "notices:list"):
        assert browser.get(reverse(address)).status_code == 200, address
    browser.post(reverse("journal:remark", args=[row.pk]), {"text": REMARK})
    assert browser.get(f"/{PURPOSE.subject}/{SEAL}").status_code == 404
    assert browser.get("/", headers={"host": "өтегенов.example"}).status_code == 400
    browser.post(reverse("logout"))


def docks(room, tmp_path):
    """A vault that is full, and a defect in the middle of a card."""

    class Full(LocalBackend):
        def draft(self):
            raise VaultFullError(reason=f"{SEAL} {PURPOSE.subject}")

    def judge():
        raise ZeroDivisionError(PURPOSE.subject)

    line = pipeline(room.office, tmp_path / "other")
    broken = pipeline(room.office, tmp_path / "full")
    broken.vault._backend = Full(broken.vault.backend.directory, immutable=False)
    for number, office in enumerate((line, broken, Pipeline(line.ledger, Tools(line.vault, judge)))):
        folder = tmp_path / f"docks-{number}" / PURPOSE.object
        fill(folder, takes(1 + number))
        eyes = Watch(office, folder.parent, clock=lambda: 0.0)
        for _ in range(4):
            eyes.look()
        eyes.join()


def what_fails(room, settings):
    ledger = room.office.ledger
    send_due(ledger, {"smtp": SmtpWay.of("smtp://127.0.0.1:9", "aigaq@example.kz", "")}, "http://127.0.0.1/")
    stop = threading.Event()

    def fails(_ledger, _stopped):
        stop.set()
        raise OperationalError(f"the row of {PURPOSE.subject} is locked")

    mind(Chore("trial", 0.0, fails), ledger, stop)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_follower RENAME TO ledger_gone")
    try:
        follow_up(ledger)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE ledger_gone RENAME TO ledger_follower")
    settings.ROOT_URLCONF = WithDefects
    response = Client(raise_request_exception=False).get("/defective/", {"who": SEAL})
    assert response.status_code == 500
    logging.getLogger(minding.__name__).error("request %s", response["X-Request-Id"])


def test_a_whole_day_leaves_nothing_of_anybody_in_the_log(room, tmp_path, settings):
    with written(JsonLines()) as log, written(logging.Formatter()) as careless:
        a_day(room, tmp_path, settings)
    secrets = secrets_of(tmp_path)
    assert len(leaks(careless.getvalue(), secrets)) >= 3, "the day has to come to what could leak"
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert leaks(log.getvalue(), secrets) == []
    events = {line["event"] for line in lines}
    # And it is of use: what failed is there, with its code and where it was.
    assert {"trial: failed", "A port stopped: vault.full", "The unloading at a port failed"} <= events
    (defect,) = [line for line in lines if line.get("view") == "defective"]
    assert defect["level"] == "ERROR"
    assert re.fullmatch("[0-9a-f]{16}", defect["request"])
    assert defect["errors"][0]["type"] == "builtins.ValueError"
    assert any(
        "minding" in place for line in lines for each in line.get("errors", ()) for place in each["at"]
    )


def test_a_leak_would_be_seen(room, tmp_path):
    secrets = secrets_of(tmp_path)
    for formatter, found in ((PlainLines(), False), (JsonLines(), False), (logging.Formatter(), True)):
        with written(formatter) as log:
            logging.getLogger("aigaq.planted").warning(
                "The seal %s of %s", SEAL, room.office.custodian.full_name
            )
        assert bool(leaks(log.getvalue(), secrets)) is found
    for planted in ("daniyar", "ЖҮНІСОВ", "бт-0001"):
        assert leaks(f"... {planted} ...", secrets)
