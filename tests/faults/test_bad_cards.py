"""A failing card through the whole unloading: every block that can be read is kept, nothing doubtful is deleted.

Each fault is a double of the operating system's reads, which counts; one is a real file system that lost its end.
"""

import os
import random
import shutil
import subprocess
import threading
from dataclasses import replace

import pytest

from aigaq.incidents.models import Incident, Kind
from aigaq.incidents.services import catch_up
from aigaq.ingest.identity import write_identity
from aigaq.ingest.models import UnloadState
from aigaq.ingest.services import unload
from aigaq.ledger import comparison
from aigaq.recordings import checks
from aigaq.recordings.models import FlawedReading, RecordingFile
from aigaq.recordings.readings import better_of
from aigaq.unloading import run, storing
from aigaq.unloading.errors import CardNotAnsweringError
from aigaq.unloading.sources.rereading import ReadTwice
from tests.support import amount, images
from tests.support.badcards import BLOCK, bad_card
from tests.support.cards import fill, in_vault, left_on, octets, pipeline, take
from tests.support.duty import on_duty
from tests.support.hashing import QUICKLY
from tests.support.office import open_office

pytestmark = [pytest.mark.faults, pytest.mark.django_db]

FULL = amount.FULL
CARDS = 50 if FULL else 4
LIARS = 1000 if FULL else 20
SIZE = 400_000
BAD, SOUND = take(1), take(2, second=1)


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
def card(office, line, tmp_path):
    """Registered, so that it may be cleared in part."""
    folder = fill(tmp_path / "card", {BAD: octets(1, SIZE), SOUND: octets(2, SIZE)})
    by = office.by(office.custodian)
    write_identity(office.ledger, by, folder, card=office.card, installation=line.vault.id)
    return folder


@pytest.fixture
def bad(monkeypatch):
    with bad_card(monkeypatch) as found:
        yield found


def with_tools(line, **changes):
    return replace(line, tools=replace(line.tools, **changes))


def codes(outcome):
    return sorted(problem.code for problem in outcome.problems)


def sound():
    return list(comparison.compare([checks.STATEMENT])) == []


def incidents(office):
    catch_up(office.ledger)
    of_cards = Incident.objects.exclude(kind=Kind.CLOCK_WRONG)  # the names are of a quarter past nine
    return sorted(of_cards.values_list("kind", flat=True))


def test_what_can_be_read_is_stored_with_a_map_and_the_file_stays(office, line, card, bad):
    bad.breaks(card / BAD, 10, 11, 500)
    expected = bad.expected(card / BAD)
    outcome = unload(line, card)
    assert in_vault(line.vault, expected)
    assert codes(outcome) == ["file.partial"]
    assert outcome.unload.state == UnloadState.KEPT
    assert set(left_on(card)) == {BAD}
    reading = FlawedReading.objects.get()
    assert reading.holes == [[10 * BLOCK, 2 * BLOCK], [500 * BLOCK, BLOCK]]
    assert (reading.missing, reading.file.path, reading.card) == (3 * BLOCK, BAD, office.card)
    assert incidents(office) == ["read-in-part"]
    assert sound()


def test_plugged_in_again_it_tries_again_and_keeps_both(office, line, card, bad):
    bad.breaks(card / BAD, 10)
    whole = (card / BAD).read_bytes()
    unload(line, card)
    unload(line, card)
    assert (RecordingFile.objects.filter(path=BAD).count(), incidents(office)) == (1, ["read-in-part"])
    bad.heals(card / BAD)
    unload(line, card)
    assert left_on(card) == {}
    assert in_vault(line.vault, whole)
    partial = FlawedReading.objects.get().file
    assert better_of(partial).blob.content_digest != partial.blob.content_digest
    assert RecordingFile.objects.filter(path=BAD).count() == 2
    assert sound()


@pytest.mark.parametrize("seed", range(CARDS))
def test_every_block_that_can_be_read_is_kept(line, card, bad, seed):
    chance = random.Random(seed)
    bad.breaks(card / BAD, *chance.sample(range(SIZE // BLOCK + 1), chance.randint(1, 100)))
    unload(line, card)
    assert in_vault(line.vault, bad.expected(card / BAD)), f"seed {seed}"
    assert [tuple(each) for each in FlawedReading.objects.get().holes] == bad.holes(card / BAD), (
        f"seed {seed}"
    )
    assert (card / BAD).exists()


def test_a_file_of_which_nothing_comes_is_left_as_it_is(line, card, bad):
    bad.breaks(card / BAD, *range(SIZE // BLOCK + 1))
    outcome = unload(line, card)
    assert codes(outcome) == ["file.unreadable"]
    assert set(left_on(card)) == {BAD}


def test_a_card_that_was_sound_again_when_asked_again_is_cleared_once_it_says_the_same_twice(line, card, bad):
    bad.breaks(card / BAD, 7, times=1)
    outcome = unload(line, card)
    assert (codes(outcome), left_on(card)) == ([], {})
    assert FlawedReading.objects.get().missing == 0


def liar(line, tmp_path, bad, number, **tools):
    """Whether a card that answers otherwise the second time was emptied."""
    card = fill(tmp_path / f"liar{number}", {take(number % 9000, second=number % 60): octets(number, 600)})
    (path,) = (card / name for name in left_on(card))
    bad.lies(path)
    outcome = unload(with_tools(line, **tools), card)
    return left_on(card) == {}, codes(outcome)


def test_two_readings_that_disagree_are_never_sealed_in_silence(office, line, tmp_path, bad):
    sealed = 0
    for number in range(1, LIARS + 1):
        emptied, told = liar(line, tmp_path, bad, number, read_twice=ReadTwice.ALWAYS)
        sealed += emptied or "file.reads-disagree" not in told
    assert bad.fired >= LIARS
    assert sealed == 0, f"{sealed} of {LIARS}"
    assert "reads-disagree" in incidents(office)


def test_the_mutant_that_reads_once_seals_them(line, tmp_path, bad):
    """It detects: without doubt such a card is emptied, which is why `always` is there."""
    emptied, told = liar(line, tmp_path, bad, 1, read_twice=ReadTwice.DOUBT)
    assert (emptied, told) == (True, [])
    bad.fired += 1


def test_a_file_that_is_read_again_to_be_judged_and_comes_otherwise_stays(office, line, card, bad):
    unload(line, card, keep=True)
    (card / BAD).write_bytes(octets(3, SIZE))
    bad.lies(card / BAD)
    assert codes(unload(line, card)) == ["file.reads-disagree"]
    assert set(left_on(card)) == {BAD}
    assert in_vault(line.vault, octets(3, SIZE))
    assert incidents(office) == ["reads-disagree"]


def test_in_doubt_every_file_of_the_card_is_read_twice(line, card, bad):
    bad.breaks(card / BAD, 10)
    bad.lies(card / SOUND)
    outcome = unload(line, card)
    assert codes(outcome) == ["file.partial", "file.reads-disagree"]
    assert set(left_on(card)) == {BAD, SOUND}


def test_a_card_that_was_in_doubt_is_in_doubt_the_next_time(office, line, card, bad):
    bad.breaks(card / BAD, 10)
    unload(line, card)
    bad.heals(card / BAD)
    fill(card, {take(3, second=3): octets(3, SIZE)})
    bad.lies(card / take(3, second=3))
    assert codes(unload(line, card)) == ["file.reads-disagree"]


def is_told_that_it_hangs(line, card):
    try:
        unload(with_tools(line, stall=0.3), card)
    except CardNotAnsweringError:
        return True
    return False


def let_go(bad):
    bad.let_go.set()
    for thread in threading.enumerate():
        if thread.name.startswith("storing"):
            thread.join(10)


def test_a_read_that_hangs_ends_it_and_holds_up_nobody(line, card, bad, monkeypatch):
    monkeypatch.setattr(storing, "LEFT_BEHIND", 0.2)
    bad.hangs(card / BAD)
    assert is_told_that_it_hangs(line, card)
    assert set(left_on(card)) == {BAD, SOUND}
    bad.hanging.clear()
    let_go(bad)
    assert left_on(card)
    unload(line, card)
    assert left_on(card) == {}


def test_a_card_whose_every_bad_block_takes_its_time_does_not_hang(line, card, bad):
    """A hundred and twenty reads that fail after a while each: longer, all together, than one may hang."""
    bad.breaks(card / BAD, *range(100, 140))
    bad.hangs(card / BAD)
    bad.hangs_for = 0.02
    outcome = unload(with_tools(line, stall=1.0), card)
    assert codes(outcome) == ["file.partial"]
    assert in_vault(line.vault, bad.expected(card / BAD))
    assert set(left_on(card)) == {BAD}


def test_a_file_that_hangs_when_it_is_opened_ends_it_too(line, card, bad, monkeypatch):
    monkeypatch.setattr(storing, "LEFT_BEHIND", 0.2)
    real = os.open

    def hanging(name, *args, **kwargs):
        if name == BAD.rpartition("/")[2].encode():
            bad.fired += 1
            bad.let_go.wait(10)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(os, "open", hanging)
    assert is_told_that_it_hangs(line, card)
    let_go(bad)
    assert set(left_on(card)) == {BAD, SOUND}


def test_a_mutant_that_waits_for_a_card_as_long_as_it_likes_is_caught(line, card, bad, monkeypatch):
    monkeypatch.setattr(storing.Storing, "_require_answers", lambda _self: None)
    bad.hangs(card / BAD)
    bad.hangs_for = 1.0
    assert not is_told_that_it_hangs(line, card)


NEW = take(77, second=7)


@pytest.fixture
def meanwhile(card, monkeypatch):
    """A recorder that still writes: as soon as a file of the card is deleted there is another one."""
    real, came = os.unlink, []

    def unlink(name, *, dir_fd=None):
        real(name, dir_fd=dir_fd)
        if not came and name == SOUND.rpartition("/")[2].encode():
            came.append(fill(card, {NEW: b"new"}))

    monkeypatch.setattr(os, "unlink", unlink)
    yield
    assert came, "no fault fired: the test proves nothing"


@pytest.mark.usefixtures("meanwhile")
def test_a_file_that_comes_upon_the_card_meanwhile_is_told(office, line, card):
    assert codes(unload(line, card)) == ["file.appeared"]
    assert set(left_on(card)) == {NEW}
    assert incidents(office) == ["files-appeared"]


@pytest.mark.usefixtures("meanwhile")
def test_a_mutant_that_does_not_look_at_a_cleared_card_again_is_caught(office, line, card, monkeypatch):
    monkeypatch.setattr(run._Run, "_look_again", lambda _self: None)
    assert codes(unload(line, card)) == []
    assert set(left_on(card)) == {NEW}, "and it was told to be empty"
    assert incidents(office) == []


@pytest.mark.skipif(bool(images.missing()), reason=images.missing())
@pytest.mark.skipif(shutil.which("ddrescue") is None, reason="needs ddrescue, the yardstick")
def test_a_real_card_that_lost_its_end_gives_what_ddrescue_gets_of_it(line, tmp_path):
    image = images.exfat_image(tmp_path, megabytes=16)
    with images.exfat_mounted(image, tmp_path / "mounted") as mounted:
        for number in (1, 2):
            fill(mounted, {take(number, second=number): octets(number, 1 << 20)})
    with images.exfat_mounted(image, tmp_path / "mounted") as mounted:
        os.truncate(image, (4 << 20) + 300 * 1024)
        saved = {}
        for path in sorted((mounted / "DCIM/100AIGAQ").iterdir()):
            out = tmp_path / path.name
            subprocess.run(
                ["ddrescue", "-q", "-d", "-b", "512", "-S", "-r", "1", path, out, f"{out}.map"],
                check=False,
                timeout=60,
            )
            saved[path.name] = out.read_bytes() if out.exists() else b""
        outcome = unload(line, mounted, keep=True)
        assert "file.partial" in codes(outcome) or "file.unreadable" in codes(outcome), "no fault fired"
        for reading in FlawedReading.objects.filter(missing__gt=0).select_related("file"):
            got = saved[reading.file.name].ljust(1 << 20, b"\0")
            assert in_vault(line.vault, got), f"{reading.file.name}: {reading.holes}"
