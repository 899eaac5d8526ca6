"""Cards in ports, from putting in to taking out: loop devices for sticks, real file systems, the real pipeline."""

import os
import signal
import threading
import time

import pytest

from aigaq.dock.attend import TRY_AGAIN, Attendant
from aigaq.ingest.docking import OfficeServer, attend_docks
from aigaq.ingest.models import Port, PortState, Unload, UnloadState
from aigaq.ingest.ports import PortBoard
from aigaq.ingest.services import Pipeline
from aigaq.recordings.models import RecordingFile
from aigaq.unloading.run import Tools
from aigaq.vault.backends.local import LocalBackend
from tests.faults.test_dock_mounting import behind
from tests.support import images, loops
from tests.support.cards import in_vault, left_on, octets, pipeline, take
from tests.support.duty import on_duty
from tests.support.hashing import QUICKLY
from tests.support.office import open_office

pytestmark = [
    pytest.mark.cards,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(bool(loops.missing()), reason=loops.missing()),
]


@pytest.fixture
def sticks(tmp_path):
    with loops.sticks(tmp_path) as found:
        yield found


@pytest.fixture
def line(clock, settings, tmp_path):
    settings.PASSWORD_HASHERS = QUICKLY
    office = open_office(clock)
    on_duty(office).issue()
    return pipeline(office, tmp_path / "vault")


class Seconds:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def docks(line, sticks):
    """`docks(names)` is attended as `serve` does it, but for who calls `look`."""
    opened = []

    def of(*names):
        media = sticks.media(*names)
        docks = Attendant(media, OfficeServer(line), PortBoard(line.ledger.clock), clock=Seconds())
        opened.append((docks, media))
        return docks

    yield of
    for docks, media in opened:
        docks.end()
        media.close()


def looks(docks, times=2):
    for _ in range(times):
        docks.look()
    docks.join()


def shown(name):
    port = Port.objects.get(name=name)
    return port.state, port.code


def content_of(number, count=3, size=4000):
    return {take(number * 10 + n, second=n): octets(number * 10 + n, size) for n in range(1, count + 1)}


def test_a_stick_is_unloaded_cleared_and_let_go_and_the_port_is_free_when_it_is_out(
    docks, line, sticks, tmp_path
):
    content = content_of(1)
    name = sticks.put_in(loops.ext4_image(tmp_path, content))
    here = docks(name)
    here.look()
    assert shown(name) == ("found", "")
    looks(here)
    assert shown(name) == ("ready", "")
    port = Port.objects.get()
    assert (port.unload.state, port.unload.cleared, port.unload.port) == (UnloadState.READY, 3, name)
    assert loops.mounted_under(tmp_path) == []
    looks(here, 3)
    assert Unload.objects.count() == 1, "what is done is not done again"
    sticks.pull(name)
    looks(here, 1)
    assert shown(name) == ("empty", "")
    assert loops.files_in(tmp_path / "ext4.img", tmp_path) == {}
    assert all(in_vault(line.vault, data) for data in content.values())


def test_an_exfat_card_through_fuse_too(docks, line, sticks, tmp_path):
    content = content_of(1)
    image = loops.exfat_card(tmp_path, content)
    name = sticks.put_in(image)
    looks(docks(name))
    assert shown(name) == ("ready", "")
    assert all(in_vault(line.vault, data) for data in content.values())
    sticks.pull(name)
    with images.exfat_mounted(image, tmp_path / "looking") as card:
        assert left_on(card) == {}
        assert (card / "AIGAQ" / "cleared.txt").exists()


@pytest.mark.parametrize("count", [4, 8])
def test_many_at_once(docks, line, sticks, tmp_path, count):
    content = {}
    for number in range(1, count + 1):
        kind = loops.exfat_card if number % 4 == 0 else loops.ext4_image
        mine = content_of(number)
        content |= mine
        sticks.put_in(kind(tmp_path, mine, f"{number}.img"))
    looks(docks(*sticks.names))
    assert [shown(name) for name in sticks.names] == [("ready", "")] * count
    assert RecordingFile.objects.count() == len(content)
    assert all(in_vault(line.vault, data) for data in content.values())
    assert loops.mounted_under(tmp_path) == []


def test_a_write_protected_card_says_so_and_is_cleared_when_it_is_not(docks, line, sticks, tmp_path):
    content = content_of(1)
    image = loops.ext4_image(tmp_path, content)
    name = sticks.put_in(image, "-r")
    here = docks(name)
    looks(here)
    assert shown(name) == ("kept", "card.write-protected")
    sticks.pull(name)
    looks(here, 1)
    assert loops.files_in(image, tmp_path) == content
    sticks.put_in_again(name, image)
    looks(here)
    assert shown(name) == ("ready", "")
    assert loops.files_in(image, tmp_path) == {}


def test_a_damaged_card_is_unreadable_and_no_other_waits_for_it(docks, sticks, tmp_path):
    damaged = loops.ext4_image(tmp_path, content_of(1), "damaged.img")
    with damaged.open("r+b") as file:
        file.seek(1024 + 0x18)
        file.write(b"\xff" * 8)
    bad, good = sticks.put_in(damaged), sticks.put_in(loops.ext4_image(tmp_path, content_of(2)))
    looks(docks(bad, good), 4)
    assert shown(bad) == ("unreadable", "dock.unreadable")
    assert shown(good) == ("ready", "")


def test_a_hostile_card_gives_nothing_of_this_computer(docks, line, sticks, tmp_path):
    name = sticks.put_in(loops.hostile_ext4(tmp_path))
    looks(docks(name))
    assert shown(name)[0] in ("kept", "tray")
    assert sorted(RecordingFile.objects.values_list("path", flat=True)) == ["DCIM/a.DAT", "program"]
    with open("/etc/hostname", "rb") as file:
        assert not in_vault(line.vault, file.read())


def test_a_card_that_a_desktop_has_opened_is_left_alone_until_it_is_not(docks, sticks, tmp_path):
    name = sticks.put_in(loops.ext4_image(tmp_path, content_of(1)))
    (tmp_path / "desktop").mkdir()
    images.run("mount", f"/dev/{name}", tmp_path / "desktop")
    here = docks(name)
    looks(here, 3)
    assert shown(name) == ("failed", "dock.taken")
    images.run("umount", tmp_path / "desktop")
    here._clock.now += TRY_AGAIN
    looks(here)
    assert shown(name) == ("ready", "")


class Pulled(LocalBackend):
    """When the fourth file begins, the program behind the card is killed: what a pulled-out stick comes to."""

    drafts = 0
    mounts = None

    def draft(self):
        Pulled.drafts += 1
        if Pulled.drafts == 4:
            (at,) = Pulled.mounts.iterdir()
            os.kill(behind(at), signal.SIGKILL)
        return super().draft()


def test_a_card_pulled_out_midway_loses_nothing_and_goes_on_when_it_is_put_in_again(
    docks, line, sticks, tmp_path
):
    content = content_of(1, count=6, size=2 << 20)
    image = loops.exfat_card(tmp_path, content, megabytes=64)
    true = line.vault._backend
    Pulled.drafts, Pulled.mounts = 0, tmp_path / "mounts"
    line.vault._backend = Pulled(line.vault.backend.directory, immutable=False)
    slowly = Pipeline(line.ledger, Tools(line.vault, line.tools.judge_factory, threads=1))
    name = sticks.put_in(image)
    media = sticks.media(name)
    here = Attendant(media, OfficeServer(slowly), PortBoard(line.ledger.clock), clock=Seconds())
    looks(here)
    assert Pulled.drafts >= 4, "it was not pulled out"
    assert shown(name) == ("failed", "card.gone")
    unload = Unload.objects.get()
    assert (unload.state, unload.reason, unload.cleared) == (UnloadState.FAILED, "card.gone", 0)
    assert 0 < unload.stored < 6
    assert loops.mounted_under(tmp_path) == []
    sticks.pull(name)
    looks(here, 1)
    assert shown(name) == ("failed", "card.gone"), "the port still says what to do"
    line.vault._backend = true
    sticks.put_in_again(name, image)
    looks(here)
    assert shown(name) == ("ready", "")
    assert RecordingFile.objects.count() == 6
    assert all(in_vault(line.vault, data) for data in content.values())
    here.end()
    media.close()


def test_a_run_that_is_stopped_lets_go_of_everything(line, sticks, tmp_path):
    """The whole daemon, as `serve` starts and ends it; it wakes by the kernel's word or within a second."""
    name = sticks.put_in(loops.ext4_image(tmp_path, content_of(1)))
    media, stop = sticks.media(name), threading.Event()
    thread = threading.Thread(target=attend_docks, args=(line, media, stop))
    thread.start()
    until = time.monotonic() + 30
    while not Port.objects.filter(state=PortState.READY).exists():
        assert time.monotonic() < until
        thread.join(0.05)
    stop.set()
    thread.join()
    assert loops.mounted_under(tmp_path) == []
    sticks.media(name).close()
