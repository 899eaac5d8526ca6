"""Looks are entered before anything goes out, found again by who, what and when, and checked against the ledger."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module
from threading import Barrier
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from aigaq.access import checks as access_checks
from aigaq.access.looks import Grants, Octets, look
from aigaq.access.models import EnteredLook
from aigaq.access.stretches import LASTS, Scale
from aigaq.ledger import comparison
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE
from tests.support.forgery import make_ledger_unwritable, unguarded, write

HOUR = Scale(size=1_800_000_000, seconds=3600)
DIGEST = "sha256:" + "a" * 64
FILE = uuid4()
ABOUT = {"recording": str(uuid4()), "path": "DCIM/1.MP4", "content_digest": DIGEST}


def octets(scale=HOUR, viewing=None, digest=DIGEST, file=FILE):
    return Octets(digest=digest, scale=scale, viewing=viewing or uuid4(), file=file, about=ABOUT)


def grants(office, person, what):
    return Grants(office.ledger, office.by(person), "played", what)


def played():
    return [
        json.loads(entry.entry)["body"]
        for entry in LedgerEntry.objects.filter(kind="access.played").order_by("seq")
    ]


@pytest.mark.django_db
def test_a_second_request_of_the_same_viewing_finds_what_the_first_entered(office):
    what = octets()
    end = grants(office, office.head, what).covered(10)
    assert grants(office, office.head, what).covered(end) == end
    (body,) = played()
    assert (body["first"], body["last"], body["size"]) == (0, end, HOUR.size)
    assert (body["from_ms"], body["to_ms"]) == (0, 30_000)
    assert body["viewing"] == str(what.viewing)
    assert body["path"] == "DCIM/1.MP4"


@pytest.mark.django_db
def test_another_viewing_person_file_and_other_octets_are_entered_anew(office):
    what = octets()
    grants(office, office.head, what).covered(10)
    grants(office, office.head, octets()).covered(10)
    grants(office, office.custodian, octets(viewing=what.viewing)).covered(10)
    grants(office, office.head, octets(viewing=what.viewing, digest="sha256:" + "b" * 64)).covered(10)
    grants(office, office.head, octets(viewing=what.viewing, file=uuid4())).covered(10)
    assert len(played()) == 5
    assert "sent_digest" not in played()[0]
    assert (played()[3]["content_digest"], played()[3]["sent_digest"][-1]) == (DIGEST, "b")


@pytest.mark.django_db
def test_after_a_quarter_of_an_hour_the_same_octets_are_entered_again_even_in_one_answer(office):
    seen = grants(office, office.head, octets())
    seen.covered(10)
    office.clock.instant += LASTS - timedelta(microseconds=1)
    seen.covered(10)
    assert len(played()) == 1
    office.clock.instant += timedelta(microseconds=1)
    seen.covered(10)
    assert len(played()) == 2


@pytest.mark.django_db
def test_an_hour_is_watched_on_sixteen_entries(office):
    seen, offset = grants(office, office.head, octets()), 0
    while offset < HOUR.size:
        offset = seen.covered(offset) + 1
    assert len(played()) == 16


@pytest.mark.django_db
def test_what_can_not_be_entered_is_not_covered(office):
    seen = grants(office, office.head, octets())
    end = seen.covered(0)
    make_ledger_unwritable()
    assert seen.covered(end) == end
    with pytest.raises(DatabaseError):
        seen.covered(end + 1)
    assert len(played()) == 1


@pytest.mark.django_db(transaction=True)
def test_requests_that_race_for_one_stretch_enter_it_once(office):
    what, start = octets(), Barrier(4)

    def ask():
        try:
            start.wait(timeout=30)
            return grants(office, office.head, what).covered(10)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        ends = {each.result() for each in [pool.submit(ask) for _ in range(4)]}
    assert len(ends) == 1
    assert len(played()) == 1


def findings():
    return [(fault.kind.value, fault.column) for fault in comparison.compare([access_checks.STATEMENT])]


@pytest.mark.django_db
def test_each_look_is_indexed_as_its_entry_says_and_a_changed_index_is_found(office):
    grants(office, office.head, octets()).covered(10)
    look(office.ledger, office.by(office.custodian), "listed", {"recordings": [], "day": None})
    look(office.ledger, office.by(office.custodian), "recovery-key", {"recipient": "age1…"})
    first = EnteredLook.objects.earliest("seq")
    assert (first.kind, first.person, first.file) == ("played", office.head.pk, FILE)
    assert findings() == []
    with unguarded() as cursor:
        write(cursor, first, EnteredLook._meta.get_field("person"), office.custodian.pk)
        assert findings() == [("row-changed", "person")]


@pytest.mark.django_db
def test_the_index_can_not_be_changed(office):
    grants(office, office.head, octets()).covered(10)
    refused = IntegrityError if connection.vendor == "sqlite" else DatabaseError
    with pytest.raises(refused, match="insert-only"), transaction.atomic():
        EnteredLook.objects.update(kind="viewed")


@pytest.mark.django_db
def test_looks_that_were_entered_before_there_was_an_index_are_indexed_by_the_migration(office):
    migration = import_module("aigaq.access.migrations.0002_entered_looks")
    old = {**ABOUT, "file": str(FILE), "first": 0, "last": 9, "size": 10}
    told = [
        ("access.unlocked", {"user": "1", "address": "::1", "until": "2026-11-20T04:15:00.000000Z"}),
        ("access.listed", {"day": None, "inspector": None, "recorder": None, "recordings": []}),
        ("access.viewed", {**ABOUT, "file": str(FILE)}),
        ("access.played", old),
        ("access.downloaded", {"content_digest": DIGEST, "way": "command-line"}),
        ("access.locked", {"reason": "asked"}),
    ]
    with transaction.atomic():
        for kind, body in told:
            office.ledger.append(kind, office.by(office.head), body)
        office.ledger.append("access.recovery-key", MACHINE, {"recipient": "age1…"})
    assert {kind for kind, _column in findings()} == {"row-missing"}
    migration.index_what_was_entered(apps, SimpleNamespace(connection=connection))
    assert findings() == []
    assert EnteredLook.objects.count() == 6
