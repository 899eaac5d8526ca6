"""Cards that fail, are copied or come to another division: each has its end, and who answers for it is told."""

from datetime import timedelta
from uuid import uuid4

import pytest

from aigaq.incidents.models import Incident
from aigaq.incidents.services import catch_up
from aigaq.ingest import space
from aigaq.ingest.desk import OfficeDesk, bury
from aigaq.ingest.health import Limits, Reason, health_of, history_of, to_retire
from aigaq.ingest.identity import write_identity
from aigaq.ingest.models import Unload, UnloadState
from aigaq.ingest.services import unload
from aigaq.notices import services as notices
from aigaq.notices.models import Kind, Notice
from aigaq.unloading import errors
from aigaq.unloading.desk import Beat
from aigaq.unloading.looking import look
from aigaq.unloading.medium import FolderMedium
from aigaq.unloading.room import RESERVE
from aigaq.unloading.run import unload as run
from aigaq.unloading.sources.listing import list_card, open_card
from tests.support.badcards import bad_card
from tests.support.cards import Meanwhile, fill, left_on, octets, pipeline, take, takes
from tests.support.duty import entries, on_duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(office, tmp_path):
    on_duty(office).issue()
    return pipeline(office, tmp_path / "vault")


def registered(office, line, folder, content):
    fill(folder, content)
    by = office.by(office.custodian)
    write_identity(office.ledger, by, folder, card=office.card, installation=line.vault.id)
    return folder


def seen(folder, port):
    root = open_card(folder)
    return look(root, list_card(root), port)


ALIVE = Beat(0, "", 0, ())


def test_two_cards_that_say_they_are_the_same_wait_in_the_tray(office, line, tmp_path):
    one = registered(office, line, tmp_path / "one", takes(1))
    two = registered(office, line, tmp_path / "two", {take(2, second=2): octets(2)})
    first = OfficeDesk(line.office, division=office.division)
    first.begin(seen(one, "port 1"), keep=False)
    meanwhile = Meanwhile(office.clock, lambda _seconds: first.beat(ALIVE))
    outcome = unload(line, two, port="port 2", stop=meanwhile)
    assert outcome.unload.state == UnloadState.TRAY
    assert outcome.doubt.code == "card.twice"
    assert set(left_on(two)) == {take(2, second=2)}
    first.unload.refresh_from_db()
    assert first.unload.state == UnloadState.RUNNING, "the other one goes on"
    catch_up(office.ledger)
    assert "card-doubted" in Incident.objects.values_list("kind", flat=True)


@pytest.mark.parametrize("dock", [None, uuid4()])
def test_a_card_that_was_moved_while_its_unloading_still_ends_is_no_copy(office, line, tmp_path, dock):
    card = registered(office, line, tmp_path / "card", takes(1))
    first = OfficeDesk(line.office, division=office.division, dock=dock)
    first.begin(seen(card, "port 1"), keep=False)

    def happens(seconds):
        first.beat(ALIVE) if seconds < 30 else first.fail(errors.MediumGoneError(), [])

    meanwhile = Meanwhile(office.clock, happens)
    outcome = unload(line, card, port="port 2", stop=meanwhile)
    assert (outcome.unload.state, meanwhile.seconds) == (UnloadState.READY, 30)
    assert left_on(card) == {}


def test_a_copy_is_one_though_the_other_card_has_been_unloaded_to_its_end_meanwhile(office, line, tmp_path):
    """That one was in its port to the last: so this is another card."""
    one = registered(office, line, tmp_path / "one", takes(1))
    two = registered(office, line, tmp_path / "two", {take(2, second=2): octets(2)})
    first = OfficeDesk(line.office, division=office.division)
    first.begin(seen(one, "port 1"), keep=False)

    def happens(seconds):
        first.beat(ALIVE) if seconds < 30 else first.finish([], keep=False)

    meanwhile = Meanwhile(office.clock, happens)
    first.unload.files_total = 0
    outcome = unload(line, two, port="port 2", stop=meanwhile)
    assert (outcome.unload.state, outcome.doubt.code) == (UnloadState.TRAY, "card.twice")
    assert set(left_on(two)) == {take(2, second=2)}
    assert meanwhile.seconds == 30


@pytest.mark.parametrize("dock", [None, uuid4()])
def test_a_card_that_was_moved_when_its_unloading_was_killed_is_no_copy(office, line, tmp_path, dock):
    """And nobody is asked any more to plug it in where it was."""
    card = registered(office, line, tmp_path / "card", takes(1))
    first = OfficeDesk(line.office, division=office.division, dock=dock)
    first.begin(seen(card, "port 1"), keep=False)
    outcome = unload(line, card, port="port 2", stop=Meanwhile(office.clock, lambda _seconds: None))
    assert outcome.unload.state == UnloadState.READY
    first.unload.refresh_from_db()
    assert first.unload.reason == "unload.interrupted"


def test_a_card_that_is_pulled_out_while_its_copy_is_waited_for_is_not_begun(office, line, tmp_path):
    card = registered(office, line, tmp_path / "card", takes(1))
    first = OfficeDesk(line.office, division=office.division)
    first.begin(seen(card, "port 1"), keep=False)
    meanwhile = Meanwhile(office.clock, lambda _seconds: meanwhile.set())
    with pytest.raises(errors.UnloadStoppedError):
        unload(line, card, port="port 2", stop=meanwhile)
    assert Unload.objects.count() == 1


def test_a_card_of_another_division_goes_into_its_own_book_and_both_are_told(office, line, tmp_path):
    card = registered(office, line, tmp_path / "card", takes(1))
    notices.catch_up(office.ledger)
    Notice.objects.all().delete()
    desk = OfficeDesk(line.office, division=office.sister, dock=uuid4())
    run(desk, line.tools, FolderMedium(card), port="dock of the sister")
    assert desk.unload.division == office.division
    assert desk.unload.state == UnloadState.READY
    notices.catch_up(office.ledger)
    told = {(each.person, each.facts["own"]) for each in Notice.objects.filter(kind=Kind.ELSEWHERE)}
    assert told == {
        (office.head, True),
        (office.custodian, True),
        (office.sister_head, False),
        (office.sister_custodian, False),
    }


def test_a_card_of_the_dock_s_own_division_is_no_news(office, line, tmp_path):
    card = registered(office, line, tmp_path / "card", takes(1))
    run(OfficeDesk(line.office, division=office.division, dock=uuid4()), line.tools, FolderMedium(card))
    assert not entries("unload.elsewhere")


def test_what_is_evidence_is_entered_once_however_often_the_end_is_told(office, line, tmp_path):
    card = registered(office, line, tmp_path / "card", takes(1))
    desk = OfficeDesk(line.office, division=office.division)
    desk.begin(seen(card, "port"), keep=False)
    problems = [errors.ReadsDisagreeError(path="a", reason="other octets")]
    desk.finish(problems, keep=False)
    desk.finish(problems, keep=False)
    assert len(entries("unload.flawed")) == 1


def test_what_is_evidence_is_entered_once_where_the_end_is_told_again_before_the_first_telling_is_over(
    office, line, tmp_path
):
    card = registered(office, line, tmp_path / "card", takes(1))
    desk = OfficeDesk(line.office, division=office.division)
    desk.begin(seen(card, "port"), keep=False)
    problems = [errors.ReadsDisagreeError(path="a", reason="other octets")]
    rows = [Unload.objects.get(pk=desk.unload.pk) for _ in range(2)]
    for row in rows:
        OfficeDesk(line.office, division=office.division, unload=row).finish(problems, keep=False)
    assert len(entries("unload.flawed")) == 1


def test_what_is_evidence_is_entered_also_where_the_unloading_was_thought_dead(office, line, tmp_path):
    card = registered(office, line, tmp_path / "card", takes(1))
    desk = OfficeDesk(line.office, division=office.division)
    desk.begin(seen(card, "port"), keep=False)
    assert bury(Unload.objects.filter(pk=desk.unload.pk), office.ledger) == 1
    desk.finish([errors.ReadsDisagreeError(path="a", reason="other octets")], keep=False)
    assert len(entries("unload.flawed")) == 1


def test_more_evidence_than_an_entry_holds_does_not_keep_an_unloading_from_its_end(office, line, tmp_path):
    card = registered(office, line, tmp_path / "card", takes(1))
    desk = OfficeDesk(line.office, division=office.division)
    desk.begin(seen(card, "port"), keep=False)
    deep = "/".join(["Ә" * 255] * 32)
    desk.finish([errors.FileAppearedError(path=f"{deep}/{number}") for number in range(300)], keep=False)
    assert desk.unload.finished_at is not None
    (entry,) = entries("unload.flawed")
    assert entry.body["count"] == 300
    assert entry.body["problems"][0]["facts"] == {"path": f"{deep}/0"}


def test_a_failing_card_is_to_be_retired_and_says_why(office, line, tmp_path, monkeypatch):
    card = registered(office, line, tmp_path / "card", {take(1): octets(1, 50_000), **takes(3)})
    now = office.clock.now()
    assert to_retire(office.division, Limits(), now) == []
    with bad_card(monkeypatch) as bad:
        bad.breaks(card / take(2, second=2), 0, times=1)
        fill(card, {take(5, second=5): octets(5, 40_000)})
        bad.breaks(card / take(5, second=5), 20)
        unload(line, card)
    ((health, reasons),) = to_retire(office.division, Limits(), now)
    assert health.card == office.card
    assert reasons == (Reason.PARTIAL,)
    assert (health.unloads, health.faulty, health.partial, health.missing, health.cycles) == (1, 1, 1, 512, 1)
    assert health.read_errors >= 2
    assert health.written > 40_000


def test_a_card_that_did_its_service_is_named_by_age_clearings_and_fillings(office, line, tmp_path):
    type(office.card).objects.filter(pk=office.card.pk).update(capacity=1000)
    office.card.refresh_from_db()
    unload(line, registered(office, line, tmp_path / "card", takes(3)))
    later = office.clock.now() + timedelta(days=6 * 366)
    (health,) = health_of([office.card], later)
    assert health.reasons(Limits(fillings=3, cycles=1)) == (Reason.FILLINGS, Reason.CYCLES, Reason.YEARS)
    assert health.reasons(Limits(0, 0, 0, 0, 0, 0)) == ()


class PulledOut(FolderMedium):
    def require(self):
        raise errors.MediumGoneError


def test_a_card_that_was_pulled_out_now_and_then_is_not_worn_out(office, line, tmp_path, monkeypatch):
    card = registered(office, line, tmp_path / "card", takes(3))
    for _ in range(4):
        with bad_card(monkeypatch) as bad:
            for path in takes(3):
                bad.breaks(card / path, 0, 1)
            with pytest.raises(errors.MediumGoneError):
                unload(line, PulledOut(card))
    assert to_retire(office.division, Limits(), office.clock.now()) == []
    assert [moment.faults for moment in history_of(office.card, limit=9)] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    "ended",
    [
        errors.CardNotAnsweringError(path="x", seconds=300),
        errors.DockStoppedError(cause="card.no-answer", reason="Карта не отвечает"),
    ],
)
def test_a_card_that_does_not_answer_is_counted_and_drawn_alike_wherever_it_was(
    office, line, tmp_path, ended
):
    card = registered(office, line, tmp_path / "card", takes(1))
    for port in ("1", "2", "3"):
        desk = OfficeDesk(line.office, division=office.division)
        desk.begin(seen(card, port), keep=False)
        desk.fail(ended, [])
    ((health, reasons),) = to_retire(office.division, Limits(), office.clock.now())
    assert (health.faulty, reasons) == (3, (Reason.ERRORS,))
    assert [moment.faults for moment in history_of(office.card, limit=9)] == [1, 1, 1]


def test_seeing_the_same_files_again_writes_nothing_on_the_card(office, line, tmp_path):
    card = registered(office, line, tmp_path / "card", takes(3))
    for _ in range(3):
        unload(line, card, keep=True)
    (health,) = health_of([office.card], office.clock.now())
    assert health.written == 3000


class Nearly:
    """A vault's disk with so much room."""

    def __init__(self, backend, free):
        self._backend = backend
        self._free = free

    def free(self):
        return self._free


def test_the_first_card_after_a_quiet_month_is_no_alarm(office, line, tmp_path):
    unload(line, fill(tmp_path / "card", takes(1)))
    office.clock.instant += timedelta(days=60)
    unload(line, fill(tmp_path / "card", {take(2, second=2): octets(2, 700_000)}))
    office.clock.instant += timedelta(days=1)
    found = space.outlook(Nearly(line.vault.backend, RESERVE + 10**9), office.clock.now())
    came = sum(space.intake(office.clock.now()).values())
    assert (found.per_day, found.days_seen) == (came / 7, 30)


def test_a_disk_that_fills_is_told_of_once_at_each_threshold(office, line, tmp_path):
    unload(line, fill(tmp_path / "card", takes(2, size=1_000_000)))
    a_day = sum(space.intake(office.clock.now()).values())
    told = [
        space.attend(office.ledger, Nearly(line.vault.backend, RESERVE + days * a_day))
        for days in (60, 25, 24, 10, 9, 3, 2, 60, 60)
    ]
    assert told == [None, 30, None, 14, None, 7, None, 0, None]
    notices.catch_up(office.ledger)
    days = {
        each.facts["threshold"] for each in Notice.objects.filter(kind=Kind.DISK_FILLING, person=office.head)
    }
    assert days == {30, 14, 7}
    assert Notice.objects.filter(kind=Kind.DISK_FILLING, person=office.custodian).count() == 3
