"""Who is told of what: once, whatever was killed in between, and nobody of another division."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from aigaq import minding
from aigaq.core.clock import rfc3339
from aigaq.incidents.models import Incident
from aigaq.journal.models import SealFound
from aigaq.ledger.models import Follower
from aigaq.notices import rules, selectors, services, wording
from aigaq.notices.errors import UnknownNoticeError
from aigaq.notices.models import Kind, Letter, Notice
from aigaq.registry import services as registry
from aigaq.registry.models import Role
from aigaq.registry.succession import KeyLater
from tests.apps.test_journal_race import at_once
from tests.support.duty import on_duty
from tests.support.told import (
    begins_a_pause,
    ends_the_pause,
    failure,
    gives_address,
    letters,
    notices,
)

pytestmark = pytest.mark.django_db

HEAD, CUSTODIAN, INSPECTOR = "101", "102", "103"


@pytest.fixture
def duty(office):
    """Everybody has seen their appointment."""
    duty = on_duty(office)
    services.catch_up(office.ledger)
    Notice.objects.all().delete()
    return duty


def catch_up(duty, *ways):
    return services.catch_up(duty.office.ledger, ways)


def last_of(person):
    return Notice.objects.filter(person=person).latest("created_at")


def test_everybody_is_told_of_their_appointment(office):
    services.catch_up(office.ledger)
    assert notices() == [(number, "appointed") for number in ("101", "102", "103", "104", "201", "202")]
    facts = last_of(office.inspector).facts
    assert (facts["role"], facts["from_on"], facts["order"]) == ("inspector", "2026-01-12", "12-103")


def test_who_is_relieved_is_told_of_it(duty):
    office = duty.office
    appointment = office.inspector.appointments.get()
    registry.relieve(office.ledger, office.by(office.head), appointment, date(2026, 12, 31))
    catch_up(duty)
    assert notices() == [(INSPECTOR, "appointed")]
    with translation.override("en"):
        assert "You are relieved: State inspector" in wording.sentence(last_of(office.inspector))
        assert "31.12.2026" in wording.sentence(last_of(office.inspector))


def test_who_appoints_themself_knows_it(duty):
    office = duty.office
    registry.appoint(
        office.ledger,
        office.by(office.head),
        person=office.head,
        division=office.division,
        role=Role.INSPECTOR,
        from_on=date(2026, 11, 20),
        until_on=date(2026, 11, 27),
        order_number="18",
    )
    catch_up(duty)
    assert notices() == []


def test_of_a_failure_head_and_custodian_are_told_at_once(duty):
    row = duty.issue()
    reported = failure(duty, row, words="Түсіп кетті.")
    catch_up(duty)
    assert notices() == [(HEAD, "failed"), (CUSTODIAN, "failed")]
    facts = last_of(duty.office.custodian).facts
    assert facts == {
        "row": str(row.pk),
        "number": 1,
        "book": "01-12/4",
        "recorder": "БТ-0001",
        "inspector": "Өтегенов Ерлан Сәкенұлы",
        "at": rfc3339(reported.occurred_at),
        "cause": "no-power",
        "words": "Түсіп кетті.",
    }


def test_who_enters_what_was_told_by_voice_knows_it(duty):
    failure(duty, duty.issue(), by=duty.office.custodian)
    catch_up(duty)
    assert notices() == [(HEAD, "failed")]


def test_of_a_pause_and_its_end_the_custodian_is_told(duty):
    row = duty.issue()
    ends_the_pause(duty, row, begins_a_pause(duty, row))
    catch_up(duty)
    assert sorted(notices()) == [(CUSTODIAN, "paused"), (CUSTODIAN, "resumed")]


def test_of_an_incident_the_head_is_told_in_the_same_round(duty):
    row = duty.issue()
    duty.give_back(row, seal_found=SealFound.BROKEN, condition="Көлікте үзілген")
    minding.follow_up(duty.office.ledger)
    assert notices() == [(HEAD, "incident")]
    notice = last_of(duty.office.head)
    assert notice.facts["incident"] == str(Incident.objects.get().pk)
    with translation.override("en"):
        assert "The seal was broken. Recorder БТ-0001, row 1. Close it" in wording.sentence(notice)


def test_a_book_that_opened_itself_is_told_to_the_head(office):
    duty = on_duty(office, sheets=1, rows_per_sheet=1)
    services.catch_up(office.ledger)
    Notice.objects.all().delete()
    duty.issue()
    catch_up(duty)
    assert notices() == [(HEAD, "book-opened")]
    assert last_of(office.head).facts["previous"] == "01-12/4"
    assert last_of(office.head).facts["book"] == "01-12/4 (2-том)"


def test_the_first_book_and_one_opened_by_a_person_are_told_to_nobody(office):
    services.catch_up(office.ledger)
    Notice.objects.all().delete()
    on_duty(office)
    services.catch_up(office.ledger)
    assert notices() == []


def test_an_entry_is_told_of_once(duty):
    failure(duty, duty.issue())
    assert catch_up(duty) == 1
    assert catch_up(duty) == 0
    Follower.objects.filter(name=services.FOLLOWER).update(seq=0)
    catch_up(duty)
    assert [one for one in notices() if one[1] == "failed"] == [(HEAD, "failed"), (CUSTODIAN, "failed")]


def test_what_is_old_is_no_news(office):
    office.clock.instant += rules.NEWS + timedelta(minutes=1)
    services.catch_up(office.ledger)
    assert notices() == []


def test_an_entry_nobody_can_read_keeps_nobody_from_being_told_of_the_others(duty, caplog):
    from django.db import transaction

    office, row = duty.office, duty.issue()
    with transaction.atomic():
        for body in ({}, {"row": None}, {"row": {"id": "x"}}, {"row": {"id": str(office.head.pk)}}):
            office.ledger.append("journal.failure-reported", office.by(office.inspector), body)
    failure(duty, row)
    catch_up(duty)
    assert notices() == [(HEAD, "failed"), (CUSTODIAN, "failed")]
    assert len([record for record in caplog.records if "could be told" in record.message]) == 4


def test_who_was_relieved_is_told_no_more_and_who_follows_is(duty):
    office, row = duty.office, duty.issue()
    registry.hand_over(
        office.ledger,
        office.by(office.head),
        office.custodian.appointments.get(),
        to=office.second_inspector,
        last_on=date(2026, 11, 20),
        until_on=None,
        order_number="18",
        key=KeyLater(),
    )
    catch_up(duty)
    assert notices() == [(CUSTODIAN, "appointed"), ("104", "appointed")]
    duty.passes(days=1)
    failure(duty, row)
    catch_up(duty)
    assert [one for one in notices() if one[1] == "failed"] == [(HEAD, "failed"), ("104", "failed")]


def test_while_a_deputy_stands_in_the_deputy_is_told(duty):
    office, row = duty.office, duty.issue()
    registry.appoint(
        office.ledger,
        office.by(office.head),
        person=office.second_inspector,
        division=office.division,
        role=Role.CUSTODIAN,
        from_on=date(2026, 11, 20),
        until_on=date(2026, 11, 20),
        order_number="18",
        stands_in_for=office.custodian.appointments.get(),
        key=KeyLater(),
    )
    failure(duty, row)
    catch_up(duty)
    assert [one for one in notices() if one[1] == "failed"] == [(HEAD, "failed"), ("104", "failed")]


def test_what_is_overdue_is_reminded_of_once_a_day(duty):
    office = duty.office
    duty.issue()
    ledger = office.ledger
    assert services.remind_overdue(ledger, office.clock.now()) == 0
    duty.passes(hours=12)
    assert services.remind_overdue(ledger, office.clock.now()) == 2
    assert services.remind_overdue(ledger, office.clock.now()) == 0
    assert notices() == [(CUSTODIAN, "overdue"), (INSPECTOR, "overdue")]
    duty.passes(hours=12)
    assert services.remind_overdue(ledger, office.clock.now()) == 2
    with translation.override("en"):
        assert wording.sentence(last_of(office.inspector)).startswith("Hand back the recorder БТ-0001")
        assert wording.sentence(last_of(office.custodian)).startswith("Өтегенов Ерлан Сәкенұлы has not")


def test_what_came_back_is_not_reminded_of(duty):
    row = duty.issue()
    duty.passes(hours=12)
    duty.give_back(row)
    assert services.remind_overdue(duty.office.ledger, duty.office.clock.now()) == 0


def test_who_has_an_address_gets_a_letter_by_each_way(duty):
    gives_address(duty, duty.office.custodian)
    failure(duty, duty.issue())
    catch_up(duty, "command", "smtp")
    assert letters() == [("daniyar@example.kz", "command"), ("daniyar@example.kz", "smtp")]
    assert set(Letter.objects.values_list("next_at", flat=True)) == {duty.office.clock.now()}


def test_without_a_way_nobody_gets_a_letter(duty):
    gives_address(duty, duty.office.custodian)
    failure(duty, duty.issue())
    catch_up(duty)
    assert notices() != []
    assert letters() == []


def test_a_letter_that_waits_goes_to_the_new_address(duty):
    office = duty.office
    gives_address(duty, office.custodian, "wrong@example.kz")
    failure(duty, duty.issue())
    catch_up(duty, "smtp")
    Letter.objects.update(next_at=None, attempts=3, last_error="550 no such mailbox")
    gives_address(duty, office.custodian, "right@example.kz")
    catch_up(duty, "smtp")
    letter = Letter.objects.get()
    assert (letter.address, letter.attempts, letter.next_at) == ("right@example.kz", 0, office.clock.now())


def test_where_the_address_is_taken_away_nothing_is_sent(duty):
    office = duty.office
    gives_address(duty, office.custodian)
    failure(duty, duty.issue())
    catch_up(duty, "smtp")
    registry.set_email(office.ledger, office.by(office.head), office.custodian, "")
    catch_up(duty, "smtp")
    assert letters() == []


def test_what_was_seen_needs_no_letter_any_more(duty):
    office = duty.office
    gives_address(duty, office.custodian)
    failure(duty, duty.issue())
    catch_up(duty, "smtp")
    notice = last_of(office.custodian)
    services.seen(office.custodian, notice.pk, office.clock.now())
    assert Letter.objects.get().next_at is None
    notice.refresh_from_db()
    assert notice.seen_at == office.clock.now()
    duty.passes(minutes=5)
    services.seen(office.custodian, notice.pk, office.clock.now())
    assert Notice.objects.get(pk=notice.pk).seen_at == notice.seen_at


def test_nobody_marks_anothers_notice(duty):
    office = duty.office
    failure(duty, duty.issue())
    catch_up(duty)
    notice = last_of(office.custodian)
    for stranger in (office.head, office.sister_custodian, office.inspector):
        with pytest.raises(UnknownNoticeError):
            services.seen(stranger, notice.pk, office.clock.now())
        services.seen_all(stranger, office.clock.now(), office.clock.now())
    assert Notice.objects.get(pk=notice.pk).seen_at is None


def test_all_that_were_shown_are_marked_and_none_that_came_since(duty):
    office, row = duty.office, duty.issue()
    begun = begins_a_pause(duty, row)
    catch_up(duty)
    shown = last_of(office.custodian).created_at
    ends_the_pause(duty, row, begun)
    catch_up(duty)
    services.seen_all(office.custodian, shown, office.clock.now())
    unseen = Notice.objects.filter(person=office.custodian, seen_at=None)
    assert [notice.kind for notice in unseen] == [Kind.RESUMED]


def test_the_list_goes_page_by_page_and_shows_each_once(duty):
    office, row = duty.office, duty.issue()
    for _ in range(4):
        ends_the_pause(duty, row, begins_a_pause(duty, row))
    catch_up(duty)
    found, before = [], None
    while True:
        page = selectors.notices_of(office.custodian, before=before, limit=3)
        found += page.notices
        if page.older is None:
            break
        before = page.older
    assert len(found) == len({notice.pk for notice in found}) == 8
    assert found == sorted(found, key=lambda notice: (notice.created_at, notice.pk), reverse=True)


def test_the_bell_costs_one_query_and_another_for_who_keeps_a_division(duty, django_assert_num_queries):
    office, row = duty.office, duty.issue()
    failure(duty, row)
    catch_up(duty)
    with django_assert_num_queries(1):
        selectors.bell_of(office.inspector, None)
    with django_assert_num_queries(2):
        bell = selectors.bell_of(office.custodian, office.division)
    assert (bell.unseen, len(bell.urgent), bell.undelivered) == (1, 1, 0)


def test_nothing_new_costs_no_writing(duty, django_assert_num_queries):
    catch_up(duty)
    with django_assert_num_queries(2):
        assert catch_up(duty) == 0


def test_old_notices_are_forgotten_with_their_letters(duty):
    office, row = duty.office, duty.issue()
    gives_address(duty, office.custodian)
    failure(duty, row)
    catch_up(duty, "smtp")
    services.seen(office.custodian, last_of(office.custodian).pk, office.clock.now())
    duty.passes(days=89)
    assert services.forget_old(office.clock.now()) == 0
    duty.passes(days=2)
    assert services.forget_old(office.clock.now()) == 1
    assert notices() == [(HEAD, "failed")]
    assert letters() == []
    duty.passes(days=300)
    services.forget_old(office.clock.now())
    assert notices() == []


def test_however_many_are_old_they_are_forgotten_in_one_round(duty):
    office, now = duty.office, duty.office.clock.now()
    of = {"person": office.custodian, "division": office.division, "kind": Kind.OVERDUE, "facts": {}}
    Notice.objects.bulk_create(
        Notice(**of, key=str(number), created_at=now - rules.KEEP_UNSEEN - timedelta(days=1))
        for number in range(1_201)
    )
    assert services.forget_old(now) == 1_201
    assert notices() == []


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_notice_is_a_sentence_in_every_language(duty, language):
    office, row = duty.office, duty.issue()
    gives_address(duty, office.custodian)
    ends_the_pause(duty, row, begins_a_pause(duty, row))
    failure(duty, row, words="Түсіп кетті.")
    catch_up(duty)
    duty.passes(days=1)
    services.remind_overdue(office.ledger, office.clock.now())
    facts = {"incident": "7", "what": "damage", "at": rfc3339(office.clock.now())}
    many = [
        *Notice.objects.all(),
        Notice(kind=Kind.INCIDENT, facts=facts),
        Notice(kind=Kind.INCIDENT, facts={**facts, "row": "1", "number": 4, "recorder": "БТ-0001"}),
        Notice(kind=Kind.BOOK_OPENED, facts={"previous": "01-12/4", "book": "01-12/5"}),
        Notice(kind=Kind.APPOINTED, facts={"role": "head", "from_on": "2026-11-20", "until_on": None}),
        Notice(
            kind=Kind.APPOINTED, facts={"role": "head", "from_on": "2026-11-20", "until_on": "2026-12-20"}
        ),
        Notice(kind=Kind.APPOINTED, facts={"role": "head", "until_on": "2026-12-20", "relieved": True}),
        Notice(kind=Kind.FAILED, facts={"cause": "of a later version", "at": "soon"}),
        Notice(kind=Kind.PAUSED, facts={}),
    ]
    assert len(many) >= 12
    with translation.override(language):
        for notice in many:
            said = wording.sentence(notice)
            assert "{" not in said
            assert said.endswith(".")


def test_a_letter_names_no_person_and_has_a_part_in_each_language(duty):
    office, row = duty.office, duty.issue()
    failure(duty, row, words="Әкім Болатұлы көрді")
    catch_up(duty)
    notice, page = last_of(office.custodian), "https://office.example.kz/notices/"
    text = wording.text(notice, page)
    assert text.count("БТ-0001") == text.count(page) == 2
    for secret in ("Өтегенов", "Болатұлы", "Жүнісов", str(row.pk)):
        assert secret not in text
    assert "\n" not in wording.subject(notice)
    with translation.override("ru"):
        assert wording.text(notice, page) == text


@pytest.mark.django_db(transaction=True)
def test_two_who_follow_at_once_tell_each_once(office):
    duty = on_duty(office)
    gives_address(duty, office.custodian)
    row = duty.issue()
    for _ in range(10):
        ends_the_pause(duty, row, begins_a_pause(duty, row))
        at_once(*[lambda: services.catch_up(office.ledger, ["smtp"])] * 3)
    told = [one for one in notices() if one[1] in ("paused", "resumed")]
    assert len(told) == 20
    assert Letter.objects.filter(notice__kind__in=("paused", "resumed")).count() == 20


@pytest.mark.django_db(transaction=True)
def test_two_who_remind_at_once_remind_once(office):
    duty = on_duty(office)
    duty.issue()
    for days in range(1, 6):
        duty.passes(days=1)
        done = at_once(*[lambda: services.remind_overdue(office.ledger, office.clock.now())] * 3)
        assert sorted(done) == [0, 0, 2]
        assert Notice.objects.filter(kind=Kind.OVERDUE).count() == 2 * days
