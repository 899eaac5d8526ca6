"""The docks: what is plugged into a port is unloaded; a bad port never stops another."""

import errno
import os
import shutil
import threading
import time
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from aigaq import minding
from aigaq.dock.folders import FolderMedia
from aigaq.ingest import watch as watching
from aigaq.ingest.models import Port, Unload, UnloadState
from aigaq.ingest.services import Pipeline, assign
from aigaq.ingest.watch import Watch, watch
from aigaq.unloading.run import Tools
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.errors import VaultFullError
from tests.support.cards import fill, left_on, pipeline, takes
from tests.support.duty import on_duty
from tests.support.office import open_office
from tests.support.recorders import own_profiles, profile_text

pytestmark = pytest.mark.django_db(transaction=True)

TIME_FILE = '[time-file]\npath = "timeset.txt"\ntext = "%Y-%m-%d %H:%M:%S"'


@pytest.fixture
def office(clock):
    return open_office(clock)


@pytest.fixture
def row(office):
    return on_duty(office).issue()


@pytest.fixture
def docks(tmp_path):
    (tmp_path / "docks" / "port-1").mkdir(parents=True)
    (tmp_path / "docks" / "port-2").mkdir()
    return tmp_path / "docks"


class Seconds:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def line(office, tmp_path):
    return pipeline(office, tmp_path / "vault")


@pytest.fixture
def eyes(line, docks, seconds):
    return Watch(line, docks, clock=seconds)


def looks(eyes, times=2):
    for _ in range(times):
        eyes.look()
    eyes.join()


def states():
    """In no order: the clock stands."""
    return sorted(each.state for each in Unload.objects.all())


def test_what_is_plugged_in_is_unloaded_once_it_has_been_seen_twice_alike(row, eyes, docks):
    fill(docks / "port-1", takes(2))
    looks(eyes, 1)
    assert states() == []
    looks(eyes, 1)
    assert states() == [UnloadState.READY]
    assert left_on(docks / "port-1") == {}
    assert Unload.objects.get().port == "port-1"


def test_a_card_that_is_still_being_written_is_waited_for(row, eyes, docks):
    for number in range(1, 4):
        fill(docks / "port-1", takes(number))
        looks(eyes, 1)
    assert states() == []
    looks(eyes, 1)
    assert states() == [UnloadState.READY]


def test_a_port_that_is_finished_is_left_alone_until_something_new_comes(row, eyes, docks):
    fill(docks / "port-1", takes(1))
    looks(eyes, 8)
    assert states() == [UnloadState.READY]
    fill(docks / "port-1", {"DCIM/БТ-0001_20261120_100000_0009.DAT": b"later"})
    looks(eyes)
    assert states() == [UnloadState.READY] * 2


@pytest.mark.parametrize("content", [takes(1), {"timeset.txt": b"2026-11-20 09:00:00\r\n"}])
def test_a_port_with_nothing_but_the_time_left_on_its_card_is_left_alone(row, line, docks, tmp_path, content):
    library, asked = own_profiles(tmp_path / "own", own=profile_text(TIME_FILE)), []
    tools = replace(line.tools, recorders=lambda: asked.append(1) or library)
    eyes = Watch(replace(line, tools=tools), docks)
    fill(docks / "port-1", content)
    looks(eyes)
    assert set(left_on(docks)) == {"port-1/timeset.txt"}
    so_far = len(asked)
    looks(eyes, 6)
    assert len(asked) == so_far


def test_empty_ports_leave_no_trace(row, eyes):
    looks(eyes, 5)
    assert states() == []


def test_two_ports_are_unloaded_at_once(row, eyes, docks):
    fill(docks / "port-1", takes(3))
    fill(docks / "port-2", {path + "2": data + b"2" for path, data in takes(3).items()})
    looks(eyes)
    assert states() == [UnloadState.READY] * 2
    assert left_on(docks) == {}


def test_a_bad_port_does_not_stop_the_others_and_is_tried_again_later(row, line, docks, seconds, caplog):
    class Broken(LocalBackend):
        is_full = True

        def draft(self):
            if Broken.is_full and threading.current_thread().name != "elsewhere":
                raise VaultFullError(reason="no space")
            return super().draft()

    line.vault._backend = Broken(line.vault.backend.directory, immutable=False)
    eyes = Watch(line, docks, clock=seconds)
    fill(docks / "port-1", takes(1))
    looks(eyes, 6)
    assert states() == [UnloadState.FAILED]
    assert "vault.full" in caplog.text
    Broken.is_full = False
    fill(docks / "port-2", {"DCIM/БТ-0001_20261120_100000_0009.DAT": b"later"})
    looks(eyes)
    assert states() == [UnloadState.FAILED, UnloadState.READY]
    seconds.now += watching.TRY_AGAIN
    looks(eyes, 1)
    assert states() == [UnloadState.FAILED, UnloadState.READY, UnloadState.READY]
    assert left_on(docks) == {}


def test_an_unforeseen_error_is_logged_and_the_other_port_goes_on(row, line, docks, caplog):
    def judge():
        raise ZeroDivisionError

    eyes = Watch(Pipeline(line.ledger, Tools(line.vault, judge)), docks)
    fill(docks / "port-1", takes(1))
    looks(eyes)
    assert "ZeroDivisionError" in caplog.text
    assert len(left_on(docks / "port-1")) == 1


def test_a_port_that_is_pulled_out_and_put_in_again_is_a_new_one(row, eyes, docks):
    fill(docks / "port-1", takes(1))
    looks(eyes, 1)
    shutil.rmtree(docks / "port-1")
    looks(eyes, 3)
    assert states() == []
    fill(docks / "port-1", takes(1))
    looks(eyes)
    assert states() == [UnloadState.READY]


def test_a_port_without_a_card_reader_behind_it_is_fine(row, eyes, docks):
    (docks / "port-3").symlink_to("/nowhere")
    (docks / "file").write_bytes(b"")
    (docks / ".coming").mkdir()
    fill(docks / ".coming", takes(1))
    looks(eyes, 3)
    assert states() == []


@pytest.fixture
def shut(docks, monkeypatch):
    """Whoever mounted the card there lets nobody else into it."""
    shut, opened = {docks / "port-1"}, os.open

    def refused(path, *args, **kwargs):
        if path in shut:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return opened(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", refused)
    return shut


def test_a_port_that_we_may_not_look_into_is_not_said_to_be_free(row, eyes, docks, shut):
    fill(docks / "port-1", takes(1))
    looks(eyes, 1)
    assert Port.objects.get(name="port-1").state == "empty", "it may be on its way in or out"
    looks(eyes, 3)
    found = Port.objects.get(name="port-1")
    assert (found.state, found.code, found.facts["reason"]) == ("failed", "card.none", "Permission denied")
    shut.clear()
    looks(eyes)
    assert Port.objects.get(name="port-1").state == "ready"
    assert left_on(docks) == {}


def test_a_folder_of_a_dock_that_we_may_not_look_into_is_not_said_to_be_free(docks, shut):
    fill(docks / "port-1", takes(1))
    media = FolderMedia(docks)
    refused, other = media.look()
    assert (refused.key != "", refused.volumes, refused.problem.code) == (True, (), "card.none")
    assert (other.key, other.problem) == ("", None)
    shut.clear()
    assert media.look()[0].problem is None


def test_ports_of_long_names_are_shown_and_told_apart(row, eyes, docks):
    """A database takes 200 characters of a name, and so does the server of a dock."""
    names = [f"{'x' * 250}-{number}" for number in (1, 2)]
    for name in names:
        (docks / name).mkdir()
    slots = FolderMedia(docks).look()
    assert len({slot.port for slot in slots}) == 4
    fill(docks / names[0], takes(1))
    looks(eyes)
    assert left_on(docks / names[0]) == {}
    states = dict(Port.objects.values_list("name", "state"))
    assert states.keys() == {slot.port for slot in slots}
    assert Unload.objects.get().port in states
    assert max(map(len, states)) <= Port._meta.get_field("name").max_length


def test_what_waits_in_the_tray_is_cleared_when_the_custodian_has_assigned_it(office, row, eyes, docks):
    fill(docks / "port-1", {"a.DAT": b"x"})
    looks(eyes, 5)
    (waiting,) = Unload.objects.all()
    assert waiting.state == UnloadState.TRAY
    assign(office.ledger, office.by(office.custodian), unload=waiting, row=row, custodian=office.custodian)
    looks(eyes)
    assert left_on(docks) == {}
    assert states() == [UnloadState.KEPT, UnloadState.READY]


def test_the_loop_ends_when_it_is_told_to_and_finishes_what_it_began(row, line, docks):
    fill(docks / "port-1", takes(2))
    stop = threading.Event()
    rounds = iter([False, False, True])
    watch(line, docks, stop=stop, wait=lambda _: next(rounds))
    assert states() == [UnloadState.READY]


def test_a_run_that_a_power_cut_ended_is_said_to_be_cut_off_when_the_docks_are_watched_again(
    row, line, docks
):
    now = line.ledger.clock.now()
    for minutes in (1, 60):
        Unload.objects.create(
            port=f"{minutes}",
            source="x",
            division=row.division,
            started_at=now - timedelta(hours=2),
            beat_at=now - timedelta(minutes=minutes),
        )
    watch(line, docks, stop=threading.Event(), wait=lambda _: True)
    assert Unload.objects.get(port="60").reason == "unload.interrupted"
    assert Unload.objects.get(port="1").state == UnloadState.RUNNING


def test_a_dock_has_its_time_from_when_the_office_is_up_again(row, line, monkeypatch):
    """While it was down, no dock could give it a sign of life. Whoever does its chores sees to it."""
    clock, silence = line.ledger.clock, watching.SILENCE.total_seconds()
    (chore,) = (each for each in minding.CHORES if each.name == "silent unloadings")
    for port in ("alive", "silent"):
        Unload.objects.create(
            port=port,
            source="x",
            dock=uuid4(),
            division=row.division,
            started_at=clock.now() - timedelta(hours=2),
            beat_at=clock.now() - timedelta(hours=1),
        )
    monkeypatch.setattr(minding, "_BEGAN", time.monotonic() - silence + 60)
    chore.act(line.ledger, lambda: False)
    assert states() == [UnloadState.RUNNING] * 2
    clock.instant += watching.SILENCE
    monkeypatch.setattr(minding, "_BEGAN", time.monotonic() - silence)
    Unload.objects.filter(port="alive").update(beat_at=clock.now() - timedelta(minutes=9))
    chore.act(line.ledger, lambda: False)
    assert Unload.objects.get(port="alive").state == UnloadState.RUNNING
    assert Unload.objects.get(port="silent").reason == "unload.interrupted"
    clock.instant += watching.SILENCE
    monkeypatch.setattr(minding, "_BEGAN", time.monotonic() - 2 * silence)
    chore.act(line.ledger, lambda: False)
    assert Unload.objects.get(port="alive").state == UnloadState.RUNNING, "its line may be down for hours"


def test_the_docks_are_made_if_they_are_not_there(row, line, tmp_path):
    watch(line, tmp_path / "new" / "docks", stop=threading.Event(), wait=lambda _: True)
    assert (tmp_path / "new" / "docks").is_dir()
