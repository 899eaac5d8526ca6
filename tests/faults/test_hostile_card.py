"""A card made to hurt: everything on it is stored or named with a reason, and nothing outside the vault is touched."""

import hashlib
import os
import socket
import stat
import threading
import time

import pytest

from aigaq.ingest.models import Unload, UnloadState
from aigaq.ingest.services import Pipeline, unload
from aigaq.ingest.watch import Watch
from aigaq.media.judge import Judge
from aigaq.media.limits import Limits
from aigaq.recordings.models import Judgement, RecordingFile
from aigaq.unloading.run import Tools
from aigaq.vault.backends.local import LocalBackend
from tests.support.cards import fill, in_vault, left_on, pipeline, take, takes
from tests.support.duty import on_duty
from tests.support.films import film
from tests.support.hashing import QUICKLY
from tests.support.office import open_office

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(clock, settings):
    settings.PASSWORD_HASHERS = QUICKLY
    office = open_office(clock)
    on_duty(office).issue()
    return office


@pytest.fixture
def line(office, tmp_path):
    return pipeline(office, tmp_path / "vault")


@pytest.fixture
def card(tmp_path):
    (tmp_path / "card").mkdir()
    return tmp_path / "card"


def outside(tmp_path):
    """Everything near the card and the vault, as it is."""
    return {
        str(path): (path.lstat().st_mode, path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in tmp_path.rglob("*")
        if not {"vault", "card"} & set(path.relative_to(tmp_path).parts)
    }


NAMES = [
    b"-rf", b"--help", b"*", b"$(reboot)", b"`reboot`", b"a\nb.mp4", b"a\r\nContent-Type: text.html", b" ", b".", b"~",
    "\u202e4pm.exe".encode(), "\u2066\u2069".encode(), "\ufeff".encode(), b"\x1b[2J\x1b[31m", b"\x07",
    b"\xff\xfe\xfd", b"\xc3\x28", b"\xed\xa0\x80", b"a" * 255, "ә".encode() * 127, b"\xff" * 255,
    rb"..\..\windows", b"con", b"NUL", b"a:b", b"a?b", b"'; DROP TABLE recordings_blob; --", b"<script>alert(1)<script>",
    "Тәртіп бұзушылық Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі.mp4".encode(), "é".encode(), "e\u0301".encode(), b"...", b"..a",
]  # fmt: skip


def test_no_name_reaches_anything_but_the_catalogue(line, card, tmp_path):
    content = {}
    fill(card, takes(1))
    for number, name in enumerate(name for name in NAMES if name != b"."):
        content[name] = b"octets %d" % number
        with open(os.fsencode(card) + b"/" + name, "wb") as file:
            file.write(content[name])
    before = outside(tmp_path)

    outcome = unload(line, card)

    assert outcome.unload.state == UnloadState.READY
    assert outcome.unload.stored == len(content) + 1
    assert all(in_vault(line.vault, data) for data in content.values())
    assert RecordingFile.objects.values("path").distinct().count() == len(content) + 1
    assert all(file.shown.isprintable() for file in RecordingFile.objects.all())
    assert (card / "AIGAQ" / "cleared.txt").read_bytes().count(b"\nsha256:") == len(content) + 1
    assert outside(tmp_path) == before
    assert left_on(card) == {}


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make device nodes")
def test_links_pipes_sockets_and_devices_are_named_and_not_opened(line, card, tmp_path):
    content = takes(2)
    fill(card, content)
    secret = tmp_path / "secret"
    secret.write_bytes(b"not of the card")
    (card / "shadow.mp4").symlink_to("/etc/shadow")
    (card / "up").symlink_to("..")
    (card / "DCIM" / "loop").symlink_to(card)
    os.mkfifo(card / "pipe.mp4")
    os.mknod(card / "zero.mp4", stat.S_IFCHR | 0o600, os.makedev(1, 5))
    os.mknod(card / "disk.mp4", stat.S_IFBLK | 0o600, os.makedev(7, 0))
    before = outside(tmp_path)
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(str(card / "socket"))
        outcome = unload(line, card)
    assert outcome.unload.stored == 2
    assert sorted(problem.code for problem in outcome.problems) == ["file.not-a-file"] * 7
    assert left_on(card) == {}
    assert outside(tmp_path) == before
    assert not in_vault(line.vault, b"not of the card")


def test_a_file_turned_into_a_link_while_the_card_is_read_is_not_followed(line, card, tmp_path):
    content = takes(3)
    fill(card, content)
    secret = tmp_path / "secret"
    secret.write_bytes(b"not of the card")
    victim = card / take(3, second=3)

    class Swapping(LocalBackend):
        def draft(self):
            if victim.exists() and not victim.is_symlink() and not (card / take(1, second=1)).is_symlink():
                victim.unlink()
                victim.symlink_to(secret)
            return super().draft()

    line.vault._backend = Swapping(line.vault.backend.directory, immutable=False)
    outcome = unload(Pipeline(line.ledger, Tools(line.vault, threads=1)), card)
    assert [problem.code for problem in outcome.problems] == ["file.changed"]
    assert not in_vault(line.vault, b"not of the card")
    assert secret.read_bytes() == b"not of the card"


@pytest.mark.parametrize("change", ["grows", "shrinks"])
def test_a_file_that_grows_or_shrinks_while_it_is_read_stays_on_the_card(line, card, change):
    fill(card, {take(1): os.urandom(8 << 20), take(2): b"other"})
    victim = card / take(1)

    class Meanwhile(LocalBackend):
        def draft(self):
            draft = super().draft()
            if victim.exists():
                if change == "grows":
                    with victim.open("ab") as file:
                        file.write(b"more")
                else:
                    os.truncate(victim, 4096)
            return draft

    line.vault._backend = Meanwhile(line.vault.backend.directory, immutable=False)
    outcome = unload(Pipeline(line.ledger, Tools(line.vault, threads=1)), card)
    assert (outcome.unload.state, outcome.unload.reason) == (UnloadState.KEPT, "file.changed")
    assert victim.exists()
    assert in_vault(line.vault, b"other")


def test_a_directory_that_contains_itself_ends(line, card):
    fill(card, takes(1))
    path = card
    for _ in range(20):
        path /= "LOOP"
        fill(path, {"A.DAT": b"once"})
    for folder in sorted(card.rglob("*"), reverse=True):
        os.utime(folder, (0, 0))
    outcome = unload(line, card)
    assert outcome.unload.stored == 2
    assert [problem.code for problem in outcome.problems] == ["file.directory-loop"]
    assert (card / take(1, second=1)).exists()


def test_hostile_media_is_stored_judged_in_bounds_and_the_other_card_goes_on(line, card, tmp_path):
    """A video with no index, one of random octets, and one that makes the prober wait for ever."""
    unindexed = film()
    cut = unindexed[: unindexed.rindex(b"moov") - 4]
    hostile = {
        take(1, ending="MP4"): cut,
        take(2, ending="MP4"): os.urandom(200_000),
        take(3, ending="MP4"): b"",
        take(4, ending="MP4"): unindexed[:32]
        + (0xFFFFFFF0).to_bytes(4, "big")
        + b"moov"
        + os.urandom(100_000),
        take(5, ending="JPG"): b"\xff\xd8\xff" + os.urandom(50_000),
    }
    docks = tmp_path / "docks"
    fill(docks / "port-1", hostile)
    fill(docks / "port-2", {take(90 + n, second=n): b"%d" % n for n in range(5)})
    limits = Limits(seconds=5.0, processor_seconds=4)
    eyes = Watch(Pipeline(line.ledger, Tools(line.vault, lambda: Judge(limits))), docks)
    began = time.monotonic()
    eyes.look()
    eyes.look()
    eyes.join()
    assert time.monotonic() - began < 60
    assert {each.state for each in Unload.objects.all()} == {UnloadState.READY}
    assert left_on(docks) == {}
    assert all(in_vault(line.vault, data) for data in hostile.values())
    assert not Judgement.objects.filter(file__path__endswith=".MP4", verdict="playable").exists()


def test_a_stalling_card_does_not_hold_up_the_other(line, tmp_path):
    docks = tmp_path / "docks"
    fill(docks / "port-1", {take(1): b"slow"})
    fill(docks / "port-2", {take(2): b"quick"})
    go_on, entered = threading.Event(), threading.Event()

    class Stalling(LocalBackend):
        """The first draft of all waits, as a read of a dying card does."""

        first = True
        lock = threading.Lock()

        def draft(self):
            with Stalling.lock:
                mine, Stalling.first = Stalling.first, False
            if mine:
                entered.set()
                assert go_on.wait(60)
            return super().draft()

    line.vault._backend = Stalling(line.vault.backend.directory, immutable=False)
    eyes = Watch(line, docks)
    eyes.look()
    (docks / "port-2").rename(tmp_path / "later")
    eyes.look()
    assert entered.wait(60)
    (tmp_path / "later").rename(docks / "port-2")
    eyes.look()
    eyes.look()
    eyes._ports["port-2"].work.join(60)
    assert left_on(docks / "port-2") == {}
    assert len(left_on(docks / "port-1")) == 1
    go_on.set()
    eyes.join()
    assert left_on(docks) == {}


def test_two_runs_over_one_card_at_once_take_it_once(line, card):
    content = takes(30)
    fill(card, content)
    errors = []

    def run():
        from django.db import connections

        try:
            unload(line, card)
        except Exception as error:  # noqa: BLE001 - told below
            errors.append(getattr(error, "code", repr(error)))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(errors) <= {"card.busy"}
    assert RecordingFile.objects.count() == 30
    assert left_on(card) == {}


def test_two_cards_at_once_with_the_same_octets_make_one_blob_each(line, tmp_path):
    docks = tmp_path / "docks"
    same = [hashlib.sha256(b"%d" % n).digest() * 100 for n in range(20)]
    fill(docks / "port-1", {take(n, second=n): data for n, data in enumerate(same)})
    fill(docks / "port-2", {take(n + 50, second=n): data for n, data in enumerate(same)})
    eyes = Watch(line, docks)
    eyes.look()
    eyes.look()
    eyes.join()
    assert RecordingFile.objects.count() == 40
    assert RecordingFile.objects.values("blob").distinct().count() == 20
    assert left_on(docks) == {}
