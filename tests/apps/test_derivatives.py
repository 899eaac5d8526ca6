"""What is made of recordings: entered before it is shown, by one process, cancelled, lost, asked for anew."""

import json
import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from aigaq.ingest.forecast import forecast
from aigaq.ingest.services import Pipeline, unload
from aigaq.ingest.space import intake
from aigaq.ledger import comparison
from aigaq.ledger.models import LedgerEntry
from aigaq.media.judge import Judge
from aigaq.media.making.maker import Maker, MakingLimits
from aigaq.media.making.recipes import Plan, Way
from aigaq.media.making.recipes import Product as Wanted
from aigaq.recordings import checks, makings
from aigaq.recordings.derivatives import choice_of, choices_of, waveform_of
from aigaq.recordings.models import Derivative, Making, MakingState, Product, RecordingFile
from aigaq.recordings.selectors import file_for
from aigaq.recordings.siblings import siblings_of
from aigaq.recordings.workshop import TooManyWaitingError, Workshop
from aigaq.registry.selectors import standing_of
from aigaq.retention import plans
from aigaq.retention.errors import NothingLeftError, UnloadingError
from aigaq.retention.models import DestroyedBlob
from aigaq.retention.planning import drop
from aigaq.unloading import deriving
from aigaq.unloading.deriving import AtOnce
from aigaq.unloading.run import Tools
from aigaq.vault import proof
from aigaq.vault.store import Vault
from tests.support.cards import fill, take
from tests.support.counting import counting, shown
from tests.support.databases import whatever_the_engine
from tests.support.disposals import Keeper
from tests.support.duty import on_duty
from tests.support.films import film
from tests.support.making import content_of, entered
from tests.support.vaults import IDENTITY, blobs, local_vault

pytestmark = pytest.mark.django_db

TS = counting("mpegts", "libx264", "aac")
HEVC = counting("mp4", "libx265", "aac")
PROMPTLY = 20.0
"""Seconds within which a thread does what it is there for."""


@pytest.fixture(scope="module")
def judge():
    with Judge() as one:
        yield one


@pytest.fixture
def vault(tmp_path):
    return local_vault(tmp_path / "vault")


@pytest.fixture
def workshop(office, vault, tmp_path):
    return Workshop(office.ledger, lambda: vault, tmp_path / "spool")


@pytest.fixture
def enter(office, vault, judge):
    def enter(octets, path="DCIM/A.TS", **more):
        file = entered(office, vault, octets, path, judge, **more)
        return file_for(standing_of(office.custodian, office.clock.now()), file.pk)

    return enter


def asked(workshop, office, file):
    return workshop.ask(office.by(office.custodian), file, choice_of(file).plan, IDENTITY)


def test_a_transport_stream_is_made_playable_and_entered(office, vault, workshop, enter):
    file = enter(TS)
    before = choice_of(file)
    assert (before.must_be_made, before.blob, before.plan.way) == (True, None, Way.REMUX)
    assert asked(workshop, office, file)
    assert workshop.run_waiting() == 1
    choice = choice_of(file)
    derivative = choice.derivative
    assert (choice.content_type, choice.is_original, choice.must_be_made) == ("video/mp4", False, False)
    assert choice.blob == derivative.blob != file.blob
    assert list(shown(content_of(vault, choice.blob))) == list(shown(TS))
    assert derivative.source == file.blob.content_digest
    assert derivative.recipe["way"] == "remux"
    assert derivative.recipe["libraries"]["libavformat"]
    assert not Making.objects.exists()
    entry = LedgerEntry.objects.get(kind="recording.derived", seq=derivative.seq)
    body = json.loads(entry.entry)
    assert body["actor"]["name"] == office.custodian.full_name
    assert body["body"]["content_digest"] == f"sha256:{choice.blob.content_digest}"
    assert body["body"]["source_digest"] == f"sha256:{file.blob.content_digest}"
    assert list(comparison.compare([checks.STATEMENT])) == []
    assert content_of(vault, file.blob) == TS, "the original is what it was"


def test_what_plays_is_its_own_choice(enter):
    choice = choice_of(enter(counting("mp4", "libx264", "aac"), "DCIM/A.MP4"))
    assert choice.is_original
    assert (choice.content_type, choice.plan) == ("video/mp4", None)


def test_many_choices_cost_one_query(office, enter, django_assert_num_queries):
    files = [enter(TS, f"DCIM/{number}.TS") for number in range(3)]
    ready = RecordingFile.objects.select_related("blob", "judgement", "reading")
    ready = list(ready.filter(pk__in=[file.pk for file in files]))
    with django_assert_num_queries(1):
        assert all(choice.must_be_made for choice in choices_of(ready))


def test_a_second_wish_waits_for_the_first(office, workshop, enter):
    file = enter(TS)
    assert asked(workshop, office, file)
    assert not asked(workshop, office, file), "somebody makes it already"
    assert workshop.run_waiting() == 1
    assert not workshop.ask(office.by(office.head), file, Plan(Wanted.PROXY, Way.REMUX), IDENTITY)
    assert workshop.run_waiting() == 0
    assert Derivative.objects.count() == 1


def test_of_two_processes_one_makes_it(office, vault, tmp_path, enter):
    file = enter(TS)
    one, other = (Workshop(office.ledger, lambda: vault, tmp_path / name) for name in ("one", "other"))
    assert [asked(one, office, file), asked(other, office, file)] == [True, False]
    assert [other.run_waiting(), one.run_waiting()] == [0, 1]


def test_one_whose_process_died_is_asked_for_anew(office, vault, tmp_path, workshop, enter):
    file = enter(TS)
    dead = Workshop(office.ledger, lambda: vault, tmp_path / "dead")
    assert asked(dead, office, file)
    office.clock.instant += makings.STALE + timedelta(seconds=1)
    status = makings.status_of(office.clock, file, Product.PROXY)
    assert (status.state, status.obstacle) == (MakingState.FAILED, "lost")
    assert asked(workshop, office, file)
    assert workshop.run_waiting() == 1
    assert dead.run_waiting() == 1, "it comes to itself, and finds that it is another's"
    assert Derivative.objects.count() == 1


def test_what_is_cancelled_is_not_made_and_can_be_asked_for_again(office, workshop, enter):
    file = enter(HEVC, "DCIM/A.MP4")
    assert asked(workshop, office, file)
    assert workshop.cancel(file, Product.PROXY)
    assert not workshop.cancel(file, Product.PROXY)
    assert workshop.run_waiting() == 0
    assert makings.status_of(office.clock, file, Product.PROXY).state == MakingState.CANCELLED
    assert asked(workshop, office, file)
    assert workshop.run_waiting() == 1
    assert choice_of(file).derivative.recipe["way"] == "transcode"


def test_it_can_be_cancelled_while_it_is_made(office, vault, tmp_path, enter, monkeypatch):
    file = enter(film("avi", "mjpeg", "pcm_s16le"), "DCIM/A.AVI")
    workshop = Workshop(office.ledger, lambda: vault, tmp_path / "spool")
    make = Maker.make

    def cancelled_halfway(self, plan, main, **more):
        class Reader:
            def seek(self, offset):
                if offset > main.size // 2:
                    workshop.cancel(file, Product.PROXY)
                return main.reader.seek(offset)

            def read(self, size):
                return main.reader.read(size)

        return make(self, plan, main.__class__(Reader(), main.name, main.size, main.duration), **more)

    monkeypatch.setattr(Maker, "make", cancelled_halfway)
    asked(workshop, office, file)
    workshop.run_waiting()
    assert makings.status_of(office.clock, file, Product.PROXY).state == MakingState.CANCELLED
    assert not Derivative.objects.exists()


def test_what_was_cancelled_takes_no_room_while_the_next_is_made(
    office, workshop, tmp_path, enter, monkeypatch
):
    first, second = enter(TS), enter(TS + bytes(188), "DCIM/B.TS")
    make, left = Maker.make, []

    def made_or_cancelled(self, plan, main, **more):
        left.append(kept_in(tmp_path / "spool"))
        made = make(self, plan, main, **more)
        if main.size == len(TS):
            assert kept_in(tmp_path / "spool") == 1
            workshop.cancel(first, Product.PROXY)
        return made

    monkeypatch.setattr(Maker, "make", made_or_cancelled)
    for file in (first, second):
        assert asked(workshop, office, file)
    assert workshop.run_waiting() == 2
    assert left == [0, 0]
    assert [choice_of(file).derivative is None for file in (first, second)] == [True, False]


def kept_in(folder):
    """How many files without a name this process has there."""
    links = Path("/proc/self/fd").iterdir()
    return sum(os.path.realpath(link).startswith(f"{folder}/") for link in links)


@whatever_the_engine
def test_too_many_wishes_are_refused_with_a_sentence(office, workshop, enter, monkeypatch):
    monkeypatch.setattr("aigaq.recordings.workshop.MOST_WAITING", 2)
    for number in range(2):
        assert asked(workshop, office, enter(TS + bytes(188) * number, f"DCIM/{number}.TS"))
    with pytest.raises(TooManyWaitingError):
        asked(workshop, office, enter(TS, "DCIM/LAST.TS"))


@whatever_the_engine
def test_without_room_on_the_disk_nothing_is_made(office, vault, workshop, enter, monkeypatch):
    file = enter(TS)
    asked(workshop, office, file)
    monkeypatch.setattr(type(vault.backend), "free", lambda _: deriving.RESERVE)
    workshop.run_waiting()
    status = makings.status_of(office.clock, file, Product.PROXY)
    assert (status.state, status.obstacle) == (MakingState.FAILED, "no-room")


@whatever_the_engine
def test_a_film_that_takes_too_long_is_given_up(office, vault, tmp_path, enter):
    file = enter(HEVC, "DCIM/A.MP4")
    limits = MakingLimits(processor_base=1, processor_share=0, slowness=0.01)
    workshop = Workshop(office.ledger, lambda: vault, tmp_path / "spool", limits)
    asked(workshop, office, file)
    workshop.run_waiting()
    assert makings.status_of(office.clock, file, Product.PROXY).obstacle == "time"


@whatever_the_engine
def test_a_film_that_was_never_closed_gets_a_sibling(office, workshop, vault, enter):
    row = on_duty(office).issue()
    whole = counting("mp4", "libx264", "aac", pts=tuple(range(50)))
    sound = enter(counting("mp4", "libx264", "aac"), "DCIM/A.MP4", row=row)
    unclosed = enter(whole[: whole.index(b"moov") - 4], "DCIM/B.MP4", row=row)
    assert siblings_of(unclosed) == [sound]
    asked(workshop, office, unclosed)
    workshop.run_waiting()
    derivative = choice_of(unclosed).derivative
    assert derivative.recipe["way"] == "rebuild"
    assert {"end", "parameters", "times"} <= set(derivative.facts["lacks"])
    assert list(comparison.compare([checks.STATEMENT])) == []


@pytest.fixture
def line(office, vault, tmp_path):
    at_once = lambda: AtOnce(vault, lambda: Maker(tmp_path / "spool"))  # noqa: E731 - a factory
    return Pipeline(office.ledger, Tools(vault, clock=office.clock, at_once=at_once))


@whatever_the_engine
def test_what_is_cheap_is_made_while_the_card_is_unloaded(office, line, tmp_path):
    on_duty(office).issue()
    content = {
        take(1, ending="TS"): TS,
        take(2, ending="MP4", second=2): HEVC,
        take(3, ending="WAV", second=3): film("wav", None, "pcm_s16le"),
    }
    outcome = unload(line, fill(tmp_path / "card", content), keep=True)
    assert outcome.unload.files_done == 3
    by_ending = {file.path[-3:]: file for file in RecordingFile.objects.select_related("blob", "judgement")}
    assert choice_of(by_ending[".TS"]).derivative.recipe["way"] == "remux"
    assert choice_of(by_ending["MP4"]).must_be_made, "encoding anew takes long, and waits until it is wanted"
    assert waveform_of(by_ending["WAV"]) is not None
    derived = LedgerEntry.objects.filter(kind="recording.derived")
    assert {json.loads(entry.entry)["actor"]["kind"] for entry in derived} == {"system"}
    assert list(comparison.compare([checks.STATEMENT])) == []
    entries = LedgerEntry.objects.count()
    unload(line, tmp_path / "card", keep=True)
    assert not LedgerEntry.objects.filter(seq__gte=entries, kind="recording.derived").exists()


@whatever_the_engine
def test_a_disk_that_fills_keeps_its_room_for_recordings(office, line, vault, tmp_path, monkeypatch):
    on_duty(office).issue()
    monkeypatch.setattr(type(vault.backend), "free", lambda _: 4 << 30)
    outcome = unload(line, fill(tmp_path / "card", {take(1, ending="TS"): TS}), keep=True)
    assert outcome.unload.files_done == 1
    assert not Derivative.objects.exists()


def test_what_is_made_takes_room_and_so_counts_in_the_forecast(office, workshop, enter):
    file = enter(TS)
    asked(workshop, office, file)
    before = sum(intake(office.clock.now()).values())
    workshop.run_waiting()
    after = sum(intake(office.clock.now()).values())
    assert after - before == choice_of(file).blob.stored_size
    assert forecast(10**12, intake(office.clock.now()), office.clock.now().date()).days is not None


@pytest.mark.django_db(transaction=True)
@whatever_the_engine
def test_a_copy_that_takes_long_to_store_and_to_read_back_is_not_said_to_be_lost(
    office, workshop, enter, monkeypatch
):
    file = enter(TS)
    asked(workshop, office, file)
    beat, recovered, alive, states = makings.beat, proof.recovered_digest, threading.Event(), []
    late = office.clock.now() + makings.STALE

    def beats(clock, attempts):
        is_late = clock.now() >= late
        wanted = beat(clock, attempts)
        if is_late:
            alive.set()
        return wanted

    def slowly(*given):
        office.clock.instant = late
        alive.wait(PROMPTLY)
        states.append(makings.status_of(office.clock, file, Product.PROXY).state)
        return recovered(*given)

    monkeypatch.setattr(makings, "beat", beats)
    monkeypatch.setattr(proof, "recovered_digest", slowly)
    monkeypatch.setattr("aigaq.recordings.workshop._BEAT", 0.01)
    workshop.run_waiting()
    assert states == [MakingState.RUNNING]
    assert choice_of(file).derivative is not None


@pytest.mark.django_db(transaction=True)
@whatever_the_engine
def test_what_is_cancelled_while_it_is_stored_is_not_stored_to_its_end(office, workshop, enter, monkeypatch):
    file, proven = enter(TS), []
    asked(workshop, office, file)
    put = Vault.put

    def cancelled(self, source, **more):
        workshop.cancel(file, Product.PROXY)
        monkeypatch.setattr(proof, "recovered_digest", lambda *given: proven.append(given))
        return put(self, source, **more)

    monkeypatch.setattr(Vault, "put", cancelled)
    monkeypatch.setattr("aigaq.recordings.workshop._BEAT", 0.001)
    workshop.run_waiting()
    assert proven == []
    assert makings.status_of(office.clock, file, Product.PROXY).state == MakingState.CANCELLED


@whatever_the_engine
def test_nothing_is_written_of_a_making_that_is_no_further(
    office, workshop, enter, monkeypatch, django_assert_num_queries
):
    file = enter(TS)
    asked(workshop, office, file)
    make = Maker.make

    def made(self, plan, main, *, watcher, **more):
        watcher.progress(300)
        with django_assert_num_queries(0):
            for _ in range(5):
                watcher.progress(300)
        watcher.progress(301)
        assert Making.objects.get(file=file).permille == 301
        return make(self, plan, main, watcher=watcher, **more)

    monkeypatch.setattr(Maker, "make", made)
    monkeypatch.setattr("aigaq.recordings.workshop._TOLD", 0.0)
    workshop.run_waiting()
    assert choice_of(file).derivative is not None


@pytest.fixture
def keeper(office, vault):
    return Keeper(office, vault)


@whatever_the_engine
def test_the_small_picture_and_the_playable_copy_are_destroyed_with_the_recording(
    office, vault, workshop, keeper, enter
):
    duty = on_duty(office)
    row = duty.issue()
    file = enter(TS, row=row)
    duty.give_back(row)
    assert asked(workshop, office, file)
    workshop.run_waiting()
    kept = [file.blob, file.judgement.still, choice_of(file).blob]
    result = keeper.disposes(keeper.approved())
    assert result.objects == len(kept)
    assert blobs(vault.backend.directory) == []
    gone = DestroyedBlob.objects.values_list("blob__content_digest", flat=True)
    assert set(gone) == {blob.content_digest for blob in kept}
    assert keeper.faults() == []


@pytest.fixture
def due(office, keeper, enter):
    """A recording that waits for being destroyed, and the plan."""
    duty = on_duty(office)
    row = duty.issue()
    file = enter(TS, row=row)
    duty.give_back(row)
    return file, keeper.approved()


@whatever_the_engine
def test_of_a_recording_that_is_destroyed_meanwhile_nothing_is_made(office, vault, workshop, keeper, due):
    file, plan = due
    assert asked(workshop, office, file)
    keeper.disposes(plan)
    workshop.run_waiting()
    assert not Derivative.objects.exists()
    assert blobs(vault.backend.directory) == []
    assert keeper.faults() == []


class KilledError(BaseException):
    """What ends a process ends whatever it was about."""


@whatever_the_engine
def test_of_a_recording_that_is_destroyed_while_its_copy_is_proven_nothing_is_left(
    workshop, keeper, due, monkeypatch
):
    file, plan = due
    assert asked(workshop, keeper.office, file)
    recovered = proof.recovered_digest

    def proven(*given):
        digest = recovered(*given)
        keeper.disposes(plan)
        return digest

    monkeypatch.setattr(proof, "recovered_digest", proven)
    workshop.run_waiting()
    assert makings.status_of(keeper.office.clock, file, Product.PROXY).state == MakingState.CANCELLED
    assert blobs(keeper.vault.backend.directory) == []
    assert keeper.faults() == []


@whatever_the_engine
def test_what_was_stored_when_its_maker_was_killed_is_destroyed_with_the_recording(
    workshop, keeper, enter, monkeypatch
):
    duty = on_duty(keeper.office)
    row = duty.issue()
    file = enter(TS, row=row)
    duty.give_back(row)
    asked(workshop, keeper.office, file)
    before = len(blobs(keeper.vault.backend.directory))

    def killed(*given, **more):
        deriving.keep(*given, **more)
        raise KilledError

    monkeypatch.setattr("aigaq.recordings.workshop.keep", killed)
    with pytest.raises(KilledError):
        workshop.run_waiting()
    assert len(blobs(keeper.vault.backend.directory)) == before + 1
    assert not Derivative.objects.exists()
    keeper.disposes(keeper.approved())
    assert blobs(keeper.vault.backend.directory) == []
    assert keeper.faults() == []


@whatever_the_engine
def test_what_has_been_stored_since_the_plan_was_proposed_keeps_the_recording_until_the_next(
    workshop, keeper, due, monkeypatch
):
    file, plan = due
    assert asked(workshop, keeper.office, file)

    def kept(vault, made, **more):
        derived = deriving.keep(vault, made, **more)
        with pytest.raises(NothingLeftError):
            keeper.disposes(plan)
        return derived

    monkeypatch.setattr("aigaq.recordings.workshop.keep", kept)
    workshop.run_waiting()
    assert choice_of(file).derivative is not None
    office = keeper.office
    by = office.by(office.custodian)
    about = {"division": office.division, "plan": plan.pk, "person": office.custodian, "reason": "Өзгерді"}
    drop(office.ledger, by, **about)
    keeper.disposes(keeper.approved())
    assert blobs(keeper.vault.backend.directory) == []


@whatever_the_engine
def test_what_is_stopped_while_it_is_stored_is_not_entered(office, workshop, enter, monkeypatch):
    file = enter(TS)
    asked(workshop, office, file)

    def kept(vault, made, **more):
        derived = deriving.keep(vault, made, **more)
        makings.stop([file.recording_id])
        return derived

    monkeypatch.setattr("aigaq.recordings.workshop.keep", kept)
    workshop.run_waiting()
    assert not Derivative.objects.exists()
    assert makings.status_of(office.clock, file, Product.PROXY).state == MakingState.CANCELLED


@whatever_the_engine
def test_of_a_recording_that_is_being_destroyed_nothing_is_asked_for(office, vault, tmp_path, keeper, due):
    file, plan = due
    workshop = Workshop(office.ledger, lambda: vault, tmp_path / "spool", is_going=plans.is_going)
    with pytest.raises(UnloadingError):
        keeper.disposes(plan, is_unloading=lambda: True)
    assert not asked(workshop, office, file)
    assert makings.status_of(office.clock, file, Product.PROXY).state == MakingState.CANCELLED
    keeper.disposes(plan)
    assert workshop.run_waiting() == 0
