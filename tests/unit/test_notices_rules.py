"""Who is told of what, and how long a letter is tried: pure rules, by hand."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from aigaq.core.addresses import spelt
from aigaq.notices.models import Kind
from aigaq.notices.rules import (
    GIVE_UP_AFTER,
    KINDS,
    LEASE,
    About,
    RowFacts,
    next_attempt,
    reminders,
    subject_of,
    tellings,
)
from aigaq.notices.ways import command, smtp
from aigaq.registry.models import Role
from aigaq.tlog.entry import Actor, ActorKind, Entry

NINE = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
DIVISION, OTHER = UUID(int=1), UUID(int=2)
HEAD, CUSTODIAN, DEPUTY, INSPECTOR = (UUID(int=10 + number) for number in range(4))
ROW = RowFacts(UUID(int=5), DIVISION, 7, "01-12/4", "БТ-0001", INSPECTOR, "Өтегенов Ерлан Сәкенұлы")
HOLDERS = {Role.HEAD: [HEAD], Role.CUSTODIAN: [CUSTODIAN, DEPUTY]}
SYSTEM = Actor(ActorKind.SYSTEM, "aigaq", "Aigaq")
DUTY = {"row": {"id": str(ROW.id)}, "occurred_at": "2026-11-20T03:59:00.000000Z"}


def person(id_):
    return Actor(ActorKind.PERSON, str(id_), "Somebody")


def entry(kind, body, actor=SYSTEM):
    return Entry(seq=41, kind=kind, at=NINE, actor=actor, division=str(DIVISION), body=body)


def about(row=ROW, previous="", holders=HOLDERS):
    return About(DIVISION, "Қонаев", holders, row, previous)


def whom(found):
    return [(telling.person, telling.kind) for telling in found]


def test_of_a_failure_the_head_and_every_custodian():
    failed = entry("journal.failure-reported", {**DUTY, "cause": "no-power", "words": ""}, person(INSPECTOR))
    assert whom(tellings(failed, about())) == [(each, Kind.FAILED) for each in (HEAD, CUSTODIAN, DEPUTY)]
    assert subject_of(failed).row == str(ROW.id)


def test_who_holds_two_roles_is_told_once():
    failed = entry("journal.failure-reported", {**DUTY, "cause": "no-power", "words": ""})
    both = {Role.HEAD: [HEAD], Role.CUSTODIAN: [HEAD, CUSTODIAN]}
    assert [telling.person for telling in tellings(failed, about(holders=both))] == [HEAD, CUSTODIAN]


def test_of_a_pause_the_custodians_but_not_who_entered_it():
    paused = entry("journal.paused", {**DUTY, "reason": "meal"}, person(CUSTODIAN))
    assert whom(tellings(paused, about())) == [(DEPUTY, Kind.PAUSED)]


@pytest.mark.parametrize("row", [ROW, None])
def test_of_an_incident_the_head(row):
    body = {
        "incident": str(UUID(int=9)),
        "kind": "damage",
        "division": str(DIVISION),
        "row": str(ROW.id) if row else None,
        "occurred_at": "2026-11-20T03:59:00.000000Z",
    }
    opened = entry("incidents.opened", body)
    (told,) = tellings(opened, about(row))
    assert (told.person, told.kind, told.key) == (HEAD, Kind.INCIDENT, "41")
    assert told.facts["what"] == "damage"
    assert told.facts.get("recorder") == ("БТ-0001" if row else None)
    assert (subject_of(opened).row, subject_of(opened).division) == (body["row"], str(DIVISION))


def test_where_nobody_holds_a_role_nobody_is_told():
    failed = entry("journal.failure-reported", {**DUTY, "cause": "no-power", "words": ""})
    assert tellings(failed, about(holders={})) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_without_its_facts_is_a_lookup_error(kind):
    with pytest.raises((KeyError, TypeError)):
        subject_of(entry(kind, {}))


def test_reminders_go_to_the_inspector_and_the_custodians_once_a_day():
    evening = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)
    found = reminders(ROW, evening, evening + timedelta(hours=1), [CUSTODIAN, INSPECTOR])
    assert [(told.person, told.facts["own"]) for told in found] == [(INSPECTOR, True), (CUSTODIAN, False)]
    keys = {
        reminders(ROW, evening, evening + timedelta(hours=hours), [])[0].key for hours in (1, 5, 6, 20, 29)
    }
    assert len(keys) == 2, "midnight is Kazakhstan's"


def test_a_letter_is_tried_less_and_less_and_never_after_a_day():
    now, attempts, times = NINE, 0, []
    while now is not None:
        attempts += 1
        times.append((now - NINE) // timedelta(minutes=1))
        now = next_attempt(NINE, attempts, now)
    assert times[:9] == [0, 1, 3, 8, 18, 38, 68, 128, 188]
    assert times[-1] <= GIVE_UP_AFTER // timedelta(minutes=1)
    assert times[-1] > 22 * 60


def test_no_way_may_take_as_long_as_a_lease():
    assert max(smtp.DEADLINE + 4 * smtp.TIMEOUT, command.TIMEOUT) < LEASE.total_seconds()


@pytest.mark.parametrize(
    ("address", "ascii_"),
    [
        ("a@b", "a@b"),
        ("First.Last+tag@Example.KZ", "First.Last+tag@Example.KZ"),
        ("a@пошта.қаз", "a@xn--80a1acn3a.xn--80ao21a"),
    ],
)
def test_addresses_are_spelt_as_the_network_does(address, ascii_):
    assert spelt(address) == ascii_


@pytest.mark.parametrize(
    "address",
    [
        "", "a", "@b", "a@", "a@@b", "a b@c", ".a@b", "a.@b", "a..b@c", "a@b..c", "a@-b", "a@b-", "a@[127.0.0.1]",
        '"a"@b', "<a@b>", "a@b\n", "a\r\n@b", "a@b,c@d", "қ@b", f"{'a' * 65}@b", f"a@{'b.' * 130}c", f"a@{'b' * 64}",
    ],
)  # fmt: skip
def test_what_needs_quoting_is_no_address(address):
    with pytest.raises(ValueError, match=r"."):
        spelt(address)
