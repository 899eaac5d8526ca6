"""Papers on their way: one at a time each, entered once whoever sets them, forgotten after a while, never too many."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aigaq.jobs.taking import Job, Taker
from aigaq.paperwork import labels
from aigaq.prints import making, rules, services
from aigaq.prints.errors import AlreadyPrintingError, PressBusyError
from aigaq.prints.models import Print, State
from aigaq.prints.rules import percent
from aigaq.registry.labels import things_to_label
from aigaq.regulation import profile
from tests.support.duty import entries

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asks(duty):
    """Somebody asks for the sheets of the book that are written on."""

    def ask(person=None, *, what=None):
        office, person = duty.office, person or duty.office.custodian
        return services.ask(
            office.ledger,
            office.by(office.custodian),
            owner=person.user,
            division=office.division,
            title="Журнал",
            what=what or making.of_book(duty.book, None),
        )

    return ask


@pytest.fixture
def sets(duty):
    def set_(id_):
        services.set_paper(duty.office.ledger, profile.load(), id_)

    return set_


def ready(print_, at, size=10):
    Print.objects.filter(pk=print_.pk).update(state=State.READY, over_at=at, pdf=b"%PDF", size=size)
    return print_


def listed(duty, person=None):
    person = person or duty.office.custodian
    found = services.prints_of(person.user, duty.office.division, duty.office.clock.now())
    return [print_.pk for print_ in found]


def test_a_book_is_set_and_entered(asks, sets, duty):
    print_ = asks()
    sets(print_.pk)
    print_.refresh_from_db()
    assert (print_.state, bytes(print_.pdf[:4]), print_.size) == (State.READY, b"%PDF", len(print_.pdf))
    (entry,) = entries("journal.print")
    assert (entry.kind, entry.actor.id) == ("journal.printed", str(duty.office.custodian.pk))
    assert entry.body["pdf"]["octets"] == print_.size
    assert services.printed_of(print_).part.last == 1


def test_set_twice_it_is_entered_once(asks, sets, monkeypatch):
    """As by a process that was stopped in the middle, and goes on when another has done it."""
    print_ = asks()
    made = services.made

    def slowly(*given):
        paper = made(*given)
        monkeypatch.setattr(services, "made", made)
        sets(print_.pk)
        return replace(paper, pdf=b"another")

    monkeypatch.setattr(services, "made", slowly)
    sets(print_.pk)
    sets(print_.pk)
    print_.refresh_from_db()
    assert bytes(print_.pdf[:4]) == b"%PDF"
    assert [entry.kind for entry in entries("journal.print")] == ["journal.printed"]


def test_what_is_stopped_meanwhile_is_neither_kept_nor_entered(asks, sets, monkeypatch):
    print_ = asks()
    made = services.made

    def stopped(*given):
        services.stop(print_)
        return made(*given)

    monkeypatch.setattr(services, "made", stopped)
    sets(print_.pk)
    assert not Print.objects.exists()
    assert entries("journal.print") == []


def test_labels_are_no_matter_of_the_ledger(asks, sets, duty):
    things = things_to_label(division=duty.office.division)
    print_ = asks(what=making.of_labels(things, labels.Paper.ROLL))
    sets(print_.pk)
    print_.refresh_from_db()
    assert (print_.state, print_.name) == (State.READY, "labels-roll.pdf")
    assert services.printed_of(print_) is None
    assert entries("journal.print") == []


def test_somebody_prints_one_paper_at_a_time(asks, duty):
    first = asks()
    with pytest.raises(AlreadyPrintingError):
        asks()
    asks(duty.office.head)
    ready(first, duty.office.clock.now())
    asks()


def test_too_many_at_once_are_told_to_wait(asks, duty, monkeypatch):
    monkeypatch.setattr(rules, "WAITING", 1)
    asks()
    with pytest.raises(PressBusyError):
        asks(duty.office.head)


def test_it_is_forgotten_after_a_while(asks, duty):
    print_, clock = ready(asks(), duty.office.clock.now()), duty.office.clock
    clock.instant += rules.KEPT - timedelta(seconds=1)
    assert listed(duty) == [print_.pk]
    clock.instant += timedelta(seconds=1)
    assert listed(duty) == []
    services.forget(clock.now())
    assert not Print.objects.exists()


def test_what_nobody_ever_set_is_forgotten_too(asks, duty):
    asks()
    duty.office.clock.instant += rules.LOST
    services.forget(duty.office.clock.now())
    assert not Print.objects.exists()


def test_somebody_keeps_the_newest_few_and_all_together_so_many_octets(asks, duty, monkeypatch):
    clock, prints = duty.office.clock, []
    for _ in range(rules.KEPT_EACH + 1):
        clock.instant += timedelta(seconds=1)
        prints.append(ready(asks(), clock.now()).pk)
    theirs = ready(asks(duty.office.head), clock.now()).pk
    services.forget(clock.now())
    assert listed(duty) == prints[:0:-1]
    assert listed(duty, duty.office.head) == [theirs]
    monkeypatch.setattr(services, "KEPT_OCTETS", 20)
    services.forget(clock.now())
    assert len(listed(duty)) == 1


def test_an_error_is_kept_with_its_sentence(asks, sets, duty):
    print_ = asks(what={**making.of_book(duty.book, None), "part": [48, 49]})
    sets(print_.pk)
    print_.refresh_from_db()
    assert print_.state == State.FAILED
    assert print_.fault.format(**print_.fault_details) == (
        "The book 01-12/4 has the sheets 1 to 48; 48–49 was asked for."
    )


def test_what_nobody_can_set_is_told_after_a_few_attempts(asks, monkeypatch, duty):
    print_, tried = asks(), []

    def dies(id_):
        tried.append(id_)
        raise ZeroDivisionError

    jobs = {services.JOB: Job(dies, lambda id_: services.give_up(duty.office.ledger, id_))}
    taker = Taker(jobs)
    monkeypatch.setattr("aigaq.jobs.taking._AGAIN_AFTER", 0)
    taker.run_waiting()
    print_.refresh_from_db()
    assert (len(tried), print_.state) == (3, State.FAILED)
    assert "could not be prepared" in print_.fault


def test_how_far_it_is_only_ever_grows(duty):
    now = duty.office.clock.now()
    shown = [percent(Print(state=State.WAITING), now)]
    shown += [percent(Print(state=State.READING, done=done, of=10), now) for done in range(11)]
    shown += [percent(Print(state=State.DRAWING, done=done, of=10), now) for done in range(11)]
    setting = Print(state=State.SETTING, drawing_since=now - timedelta(seconds=2), setting_since=now)
    shown += [percent(setting, now + timedelta(seconds=tenths / 10)) for tenths in range(100)]
    assert shown == sorted(shown)
    assert (shown[0], shown[-1]) == (0, 98)
    assert percent(Print(state=State.READY), now) == 100
