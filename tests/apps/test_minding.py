"""What the office does by itself: each chore goes on whatever the others do, and all stop when they are told to."""

import threading
import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connections
from django.utils import timezone

from aigaq import minding, wiring
from aigaq.access.models import KeyWrap
from aigaq.core.clock import KAZAKHSTAN
from aigaq.jobs.models import Trouble
from aigaq.minding import CHORES, Chore, follow_up, mind
from aigaq.notices.models import Letter, Notice
from aigaq.registry.services import relieve
from aigaq.vault.errors import BlobDamagedError
from tests.support.duty import on_duty
from tests.support.office import give_the_key
from tests.support.postbox import certificate, postbox
from tests.support.told import failure, gives_address, notices
from tests.support.vaults import IDENTITY

PROMPTLY = 3.0
"""Seconds, on a machine that has other work."""


class Rounds:
    """A chore that a test steers: what each round does, and an end after the last."""

    def __init__(self, *rounds):
        self.rounds, self.stop, self.done = list(rounds), threading.Event(), 0

    def act(self, _ledger, _stopped):
        self.done += 1
        happens = self.rounds.pop(0)
        if not self.rounds:
            self.stop.set()
        if callable(happens):
            happens()
        elif happens is not None:
            raise happens

    def go(self, ledger):
        mind(Chore("trial", 0.0, self.act), ledger, self.stop)
        return self.done


def logged(caplog):
    return [
        (record.levelname, record.message, record.exc_info and record.exc_info[1])
        for record in caplog.records
        if record.name == minding.__name__
    ]


@pytest.mark.django_db(transaction=True)
def test_what_goes_wrong_is_logged_once_not_every_round(ledger, caplog):
    away, full = OSError("the database is away"), OSError("the disk is full")
    rounds = Rounds(None, away, away, away, full, full, None, None, away)
    assert rounds.go(ledger) == 9
    assert logged(caplog) == [
        ("ERROR", "trial: failed", away),
        ("ERROR", "trial: failed", full),
        ("WARNING", "trial: goes on", None),
        ("ERROR", "trial: failed", away),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_defect_does_not_end_a_chore(ledger, caplog):
    assert Rounds(KeyError("x"), ZeroDivisionError(), None).go(ledger) == 3


@pytest.mark.django_db(transaction=True)
def test_an_error_whose_words_no_database_takes_does_not_end_a_chore(ledger, monkeypatch):
    # What a test logs is told to pytest's main process, which takes no half of a character either.
    monkeypatch.setattr(minding.log, "disabled", True)
    odd = BlobDamagedError(content="1", blob="caf\udce9\0.age", reason="no")
    said = []

    def looks():
        said.extend(Trouble.objects.values_list("said", flat=True))
        raise odd

    rounds = Rounds(odd, looks, None)
    assert rounds.go(ledger) == 3
    assert "caf\\udce9\\x00.age" in said[0]


@pytest.mark.django_db(transaction=True)
def test_one_that_fails_and_one_that_waits_hold_up_no_other(monkeypatch, ledger):
    monkeypatch.setattr(wiring, "ledger", lambda: ledger)
    lets_go, works, failed = threading.Event(), threading.Event(), threading.Event()

    def fails(_ledger, _stopped):
        failed.set()
        raise OSError("no")

    def goes(_ledger, _stopped):
        if failed.wait(PROMPTLY):
            works.set()

    chores = [
        Chore("waits", 0.01, lambda _ledger, _stopped: lets_go.wait()),
        Chore("fails", 0.01, fails),
        Chore("works", 0.01, goes),
    ]
    monkeypatch.setattr(minding, "PATIENCE", 0.2)
    with minding.minding(chores):
        assert works.wait(PROMPTLY)
        began = time.monotonic()
    assert time.monotonic() - began < PROMPTLY
    (left,) = (each for each in threading.enumerate() if each.name == "waits")
    lets_go.set()
    left.join(PROMPTLY)
    assert not left.is_alive(), "it would ask the next test's database"


@pytest.mark.django_db(transaction=True)
def test_a_chore_leaves_no_connection_open(monkeypatch, ledger):
    monkeypatch.setattr(wiring, "ledger", lambda: ledger)
    seen = []

    def looks(_ledger, _stopped):
        Notice.objects.count()
        seen.append(connections["default"].connection)

    stop = threading.Event()

    def once(given, stopped):
        looks(given, stopped)
        stop.set()

    def run():
        mind(Chore("looks", 0.0, once), ledger, stop)
        seen.append(connections["default"].connection)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen[0] is not None
    assert seen[1] is None


def test_every_chore_has_its_own_name_and_none_hurries():
    assert len({chore.name for chore in CHORES}) == len(CHORES)
    assert all(chore.every >= 1 for chore in CHORES)
    assert [name for name, _act in minding.FOLLOWERS][-1] == "notices", "it tells of what the others enter"


@pytest.mark.django_db
def test_sqlite_learns_how_its_tables_have_grown(office):
    if connections["default"].vendor != "sqlite":
        pytest.skip("PostgreSQL sees to that by itself")
    on_duty(office).issue()
    next(chore for chore in CHORES if chore.name == "weighing of tables").act(office.ledger, lambda: False)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'journal_journalrow'")
        assert cursor.fetchone()[0] > 0


@pytest.mark.django_db
def test_the_day_after_an_appointment_nobody_keeps_its_key(office):
    for person in (office.head, office.custodian):
        give_the_key(person, IDENTITY)
    last = office.clock.now().astimezone(KAZAKHSTAN).date()
    relieve(office.ledger, office.by(office.head), office.custodian.appointments.get(), last)
    for readers in ({"aigerim", "daniyar"}, {"aigerim"}):
        for chore in CHORES:
            chore.act(office.ledger, lambda: False)
        assert set(KeyWrap.objects.values_list("reader__username", flat=True)) == readers
        office.clock.instant += timedelta(days=1)


@pytest.mark.django_db
def test_sessions_that_are_over_are_not_kept(ledger):
    for name, hours in (("over", -1), ("lasts", 1)):
        ends = timezone.now() + timedelta(hours=hours)
        Session.objects.create(session_key=name, session_data="", expire_date=ends)
    for chore in CHORES:
        if chore.name == "old sessions":
            chore.act(ledger, lambda: False)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["lasts"]


@pytest.mark.django_db(transaction=True)
def test_a_failure_comes_to_the_screen_and_by_mail_by_itself(office, monkeypatch, settings, tmp_path):
    monkeypatch.setattr(wiring, "ledger", lambda: office.ledger)
    shown = certificate(tmp_path / "certificate")
    duty = on_duty(office)
    gives_address(duty, office.custodian)
    settings.MAIL_FROM, settings.SMTP_CA = "aigaq@example.kz", str(shown.ca)
    with postbox(shown) as box:
        settings.SMTP_URL = box.url
        failure(duty, duty.issue())
        arrived = threading.Event()
        quick = [Chore(chore.name, 0.05, chore.act) for chore in CHORES]

        def look(_ledger, _stopped):
            if Letter.objects.filter(notice__kind="failed", sent_at__isnull=False).exists():
                arrived.set()

        with minding.minding([*quick, Chore("looks", 0.05, look)]):
            assert arrived.wait(20)
    assert ("102", "failed") in notices(office.custodian)
    assert {letter["To"] for letter in box.letters} == {"daniyar@example.kz"}


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_hangs_delays_no_notice_and_no_stop(office, monkeypatch, settings, tmp_path):
    monkeypatch.setattr(wiring, "ledger", lambda: office.ledger)
    monkeypatch.setattr(minding, "PATIENCE", 0.3)
    shown = certificate(tmp_path / "certificate")
    duty = on_duty(office)
    gives_address(duty, office.custodian)
    settings.MAIL_FROM, settings.SMTP_CA = "aigaq@example.kz", str(shown.ca)
    row, told = duty.issue(), threading.Event()
    with postbox(shown, hangs_at="EHLO") as box:
        settings.SMTP_URL = box.url
        quick = [Chore(chore.name, 0.05, chore.act) for chore in CHORES]

        def look(_ledger, _stopped):
            if Notice.objects.filter(kind="failed", person=office.custodian).exists():
                told.set()

        with minding.minding([*quick, Chore("looks", 0.05, look)]):
            while not box.said("EHLO"):
                box.over.wait(0.01)
            failure(duty, row)
            assert told.wait(10)
            began = time.monotonic()
        assert time.monotonic() - began < PROMPTLY
    for thread in threading.enumerate():
        if thread.name == "letters":
            thread.join()


@pytest.mark.django_db
def test_a_follower_that_fails_touches_neither_the_act_nor_the_other_followers(ledger, monkeypatch, caplog):
    done = []

    def away(_ledger):
        raise OperationalError("the database is locked")

    def defect(_ledger):
        raise KeyError("body")

    followers = (("first", away), ("second", defect), ("third", done.append))
    monkeypatch.setattr(minding, "FOLLOWERS", followers)
    follow_up(ledger)
    assert done == [ledger]
    assert [level for level, _, _ in logged(caplog)] == ["ERROR", "ERROR"]
