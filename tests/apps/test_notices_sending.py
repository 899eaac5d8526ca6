"""Letters leave the office: at least once each, once where nothing breaks, and never in the way of anybody."""

import json
import multiprocessing
import os
import signal
import sys
from datetime import timedelta

import pytest
from django.db import connection

from aigaq import wiring
from aigaq.cli import soundness
from aigaq.notices import rules, selectors, services
from aigaq.notices.errors import RefusedForGoodError
from aigaq.notices.models import Letter, Notice
from aigaq.notices.sending import CLOSED_FOR, send_due
from aigaq.notices.ways.command import CommandWay
from tests.apps.test_journal_race import at_once
from tests.support.duty import on_duty
from tests.support.postbox import certificate, postbox
from tests.support.told import begins_a_pause, ends_the_pause, failure, gives_address

pytestmark = pytest.mark.django_db

PAGE = "https://office.example.kz/notices/"


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def duty(office):
    duty = on_duty(office)
    gives_address(duty, office.custodian)
    services.catch_up(office.ledger)
    Notice.objects.all().delete()
    return duty


@pytest.fixture
def mail(shown, settings):
    """Set the office up to send by that server."""

    def set_up(box):
        settings.SMTP_URL, settings.SMTP_CA = box.url, str(shown.ca)
        settings.MAIL_FROM = "Aigaq <aigaq@example.kz>"
        return box

    return set_up


def fails(duty):
    """A recorder fails, and a letter to the custodian waits."""
    failure(duty, duty.issue())
    services.catch_up(duty.office.ledger, ["smtp"])
    return Letter.objects.get()


def send(duty):
    return send_due(duty.office.ledger, wiring.ways(), PAGE)


def again(letter):
    letter.refresh_from_db()
    return letter


def test_a_failure_reaches_the_custodian_by_mail(duty, mail, shown):
    with postbox(shown) as box:
        mail(box)
        letter = fails(duty)
        assert send(duty) == 1
        assert send(duty) == 0
    (arrived,) = box.letters
    assert arrived["To"] == "daniyar@example.kz"
    text = arrived.get_content()
    assert f"{PAGE}#n-{letter.notice_id}" in text
    assert "БТ-0001" in text
    letter.refresh_from_db()
    assert (letter.sent_at, letter.next_at, letter.attempts) == (duty.office.clock.now(), None, 1)


def test_greylisting_puts_it_off_and_then_it_goes(duty, mail, shown):
    with postbox(shown, answers={"RCPT": ["450 4.2.0 later", "451 later", "250 ok"]}) as box:
        mail(box)
        letter = fails(duty)
        for minutes in (1, 2):
            assert send(duty) == 0
            assert again(letter).next_at == duty.office.clock.now() + timedelta(minutes=minutes)
            assert "later" in letter.last_error
            duty.passes(seconds=minutes * 60 - 1)
            assert send(duty) == 0
            duty.passes(seconds=1)
        assert send(duty) == 1
    assert len(box.letters) == 1
    assert again(letter).last_error == ""


def test_refused_for_good_is_given_up_at_once_and_said_on_the_screen(duty, mail, shown):
    office = duty.office
    with postbox(shown, answers={"RCPT": ["550 5.1.1 no such mailbox"]}) as box:
        mail(box)
        letter = fails(duty)
        send(duty)
        duty.passes(days=3)
        send(duty)
    assert len(box.said("RCPT")) == 1
    assert again(letter).next_at is None
    assert letter.last_error == "550 5.1.1 no such mailbox"
    assert list(selectors.undelivered(office.division)) == [letter]
    assert selectors.bell_of(office.head, office.division).undelivered == 1
    assert selectors.bell_of(office.sister_head, office.sister).undelivered == 0
    (problem,) = soundness._letters()
    assert problem.sentence(str) == (
        "Letters to daniyar@example.kz are not delivered: 550 5.1.1 no such mailbox. "
        "Correct the address on the person's page, or look at the mail server."
    )


def test_a_new_address_gets_what_was_given_up_within_the_week(duty, mail, shown):
    office = duty.office
    with postbox(shown, answers={"RCPT": ["550 5.1.1 no such mailbox", "250 ok"]}) as box:
        mail(box)
        letter = fails(duty)
        send(duty)
        duty.passes(days=3)
        gives_address(duty, office.custodian, "right@example.kz")
        services.catch_up(office.ledger, ["smtp"])
        assert send(duty) == 1
    assert [arrived["To"] for arrived in box.letters] == ["right@example.kz"]
    assert again(letter).sent_at == office.clock.now()


def test_whom_the_screen_told_needs_no_letter(duty, mail, shown):
    office = duty.office
    with postbox(shown, answers={"RCPT": ["450 later"]}) as box:
        mail(box)
        letter = fails(duty)
        send(duty)
        services.seen(office.custodian, letter.notice_id, office.clock.now())
        duty.passes(days=1)
        send(duty)
    assert len(box.said("RCPT")) == 1
    assert not selectors.undelivered(office.division).exists()


def test_a_server_that_is_down_is_asked_less_and_less_and_given_up_after_a_day(duty, mail):
    with postbox() as box:
        mail(box)
    letter, began, tried = fails(duty), duty.office.clock.now(), []
    while again(letter).next_at is not None:
        before = letter.attempts
        duty.office.clock.instant = letter.next_at
        send(duty)
        if again(letter).attempts > before:
            tried.append((duty.office.clock.now() - began) // timedelta(minutes=1))
        assert duty.office.clock.now() - began <= rules.GIVE_UP_AFTER + timedelta(hours=1)
    assert tried[:8] == [0, 1, 3, 8, 18, 38, 68, 128]
    assert tried == sorted(tried)
    assert len(tried) < 40
    assert letter.last_error == "Connection refused"
    assert letter.sent_at is None
    assert selectors.undelivered().count() == 1


def test_when_nobody_is_there_the_other_letters_wait_without_being_tried(duty, mail, shown):
    office = duty.office
    gives_address(duty, office.head)
    with postbox() as box:
        mail(box)
    failure(duty, duty.issue())
    services.catch_up(office.ledger, ["smtp"])
    send(duty)
    assert sorted(Letter.objects.values_list("attempts", flat=True)) == [0, 1]
    assert Letter.objects.get(attempts=0).next_at == office.clock.now() + CLOSED_FOR
    duty.passes(minutes=1)
    with postbox(shown) as box:
        mail(box)
        assert send(duty) == 2


def test_a_way_that_is_set_up_wrongly_keeps_its_letters_until_it_is_put_right(duty, mail, settings, shown):
    settings.SMTP_URL = "smtps://"
    letter = fails(duty)
    send(duty)
    assert "AIGAQ_SMTP_URL" in again(letter).last_error
    duty.passes(minutes=2)
    with postbox(shown) as box:
        mail(box)
        assert send(duty) == 1
    assert len(box.letters) == 1


def test_letters_of_a_way_that_is_no_longer_there_are_given_up_in_the_end(duty):
    letter = fails(duty)
    send(duty)
    assert "not set up" in again(letter).last_error
    duty.passes(hours=25)
    send(duty)
    assert again(letter).next_at is None
    assert selectors.undelivered().count() == 1


def test_a_sender_that_was_killed_loses_no_letter(duty, mail, shown):
    """Its lease ends, and the next one takes the letter up."""
    with postbox(shown) as box:
        mail(box)
        letter = fails(duty)
        Letter.objects.filter(pk=letter.pk).update(
            attempts=1, next_at=duty.office.clock.now() + rules.LEASE
        )  # as a sender leaves it that dies here
        assert send(duty) == 0
        duty.passes(seconds=rules.LEASE.total_seconds())
        assert send(duty) == 1
    assert len(box.letters) == 1


def test_who_was_too_slow_does_not_undo_what_the_next_one_did(duty, shown, mail):
    """The lease ended while it waited; then another sent the letter; then the slow one fails."""
    office = duty.office
    letter = fails(duty)

    class Slow:
        name = "smtp"

        def send(self, outgoing):
            duty.passes(seconds=rules.LEASE.total_seconds() + 1)
            with postbox(shown) as box:
                mail(box)
                assert send(duty) == 1
            raise RefusedForGoodError(reason="too late")

        def reach(self):
            pass

    send_due(office.ledger, {"smtp": Slow()}, PAGE)
    assert again(letter).sent_at is not None
    assert letter.last_error == ""


def test_it_stops_between_two_letters_when_it_is_told_to(duty, mail, shown):
    office, row = duty.office, duty.issue()
    for _ in range(2):
        ends_the_pause(duty, row, begins_a_pause(duty, row))
    services.catch_up(office.ledger, ["smtp"])
    with postbox(shown) as box:
        mail(box)
        sent = send_due(office.ledger, wiring.ways(), PAGE, is_over=lambda: len(box.letters) >= 3)
    assert sent == len(box.letters) == 3


def test_a_program_of_the_office_carries_letters_too(duty, tmp_path, settings):
    path = tmp_path / "given"
    program = tmp_path / "sms"
    program.write_text(f"#!{sys.executable}\nimport sys; open({str(path)!r}, 'a').write(sys.stdin.read())\n")
    program.chmod(0o700)
    settings.NOTICE_COMMAND = str(program)
    failure(duty, duty.issue())
    services.catch_up(duty.office.ledger, wiring.ways())
    assert send(duty) == 1
    given = json.loads(path.read_text(encoding="utf-8"))
    assert given["address"] == "daniyar@example.kz"
    assert "БТ-0001" in given["text"]


def test_the_settings_choose_the_ways(settings):
    assert dict(wiring.ways()) == {}
    settings.SMTP_URL, settings.MAIL_FROM = "smtps://mail.example.kz", "aigaq@example.kz"
    settings.NOTICE_COMMAND = "/usr/bin/sms --quick"
    ways = wiring.ways()
    assert list(ways) == ["smtp", "command"]
    assert [way.name for way in ways.values()] == ["smtp", "command"]
    assert ways["command"] == CommandWay(("/usr/bin/sms", "--quick"))


def test_a_way_that_can_not_be_reached_is_told_before_others_rely_on_it(settings, mail, shown):
    assert list(soundness._ways()) == []
    with postbox(shown) as box:
        mail(box)
        assert list(soundness._ways()) == []
    settings.NOTICE_COMMAND = "/no/such/program"
    told = [(problem.code, problem.details["way"]) for problem in soundness._ways()]
    assert told == [("letters.way", "smtp"), ("letters.way", "command")]
    for problem in soundness._ways():
        assert "{" not in problem.sentence(str)


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_letter_once(office, mail, shown):
    duty = on_duty(office)
    gives_address(duty, office.custodian)
    row = duty.issue()
    for _ in range(8):
        ends_the_pause(duty, row, begins_a_pause(duty, row))
    services.catch_up(office.ledger, ["smtp"])
    waiting = Letter.objects.count()
    assert waiting >= 16
    with postbox(shown) as box:
        mail(box)
        done = at_once(*[lambda: send(duty)] * 3)
    assert sum(done) == waiting
    told = [letter["Message-ID"] for letter in box.letters]
    assert len(told) == len(set(told)) == waiting


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", ["greeting", "DATA", "final"])
def test_a_sender_killed_in_the_middle_of_a_letter_loses_none(office, mail, shown, point):
    """A process of its own is killed for good while the mail server keeps it waiting at that point."""
    duty = on_duty(office)
    gives_address(duty, office.custodian)
    services.catch_up(office.ledger)
    Notice.objects.all().delete()
    letter = fails(duty)
    with postbox(shown, hangs_at=point) as box:
        mail(box)
        connection.close()
        sender = multiprocessing.get_context("fork").Process(target=send, args=(duty,))
        sender.start()
        while not (again(letter).attempts if point == "greeting" else box.said("DATA")):
            assert sender.is_alive()
            box.over.wait(0.01)
        os.kill(sender.pid, signal.SIGKILL)
        sender.join()
    assert again(letter).sent_at is None
    with postbox(shown) as box:
        mail(box)
        assert send(duty) == 0
        duty.passes(seconds=rules.LEASE.total_seconds())
        assert send(duty) == 1
    assert len(box.letters) == 1
