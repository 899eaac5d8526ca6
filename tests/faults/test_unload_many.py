"""Ten thousand small files, and one as large as FAT can hold."""

import resource
import struct
import time

import pytest

from aigaq.ingest.models import UnloadState
from aigaq.ingest.services import unload
from aigaq.journal.models import Unloading
from aigaq.ledger.models import Checkpoint
from aigaq.recordings.models import Judgement, RecordingFile, Verdict
from tests.support import amount
from tests.support.cards import fill, in_vault, left_on, octets, pipeline, sparse, take
from tests.support.duty import on_duty
from tests.support.films import photo
from tests.support.hashing import QUICKLY
from tests.support.office import open_office

FULL = amount.FULL
FILES = 10_000 if FULL else 1_000
PHOTOS = 50
MOST_MEMORY = 100 << 10
"""KiB above what the interpreter had."""

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def line(clock, settings, tmp_path):
    settings.PASSWORD_HASHERS = QUICKLY
    office = open_office(clock)
    on_duty(office).issue()
    return pipeline(office, tmp_path / "vault")


def small_files():
    """Notes of a recorder, and a photo among every fifty: sound ones, for a card in doubt is read twice."""
    start, rest = (picture := photo())[:2], picture[2:]
    for number in range(FILES):
        name = take(number, second=number % 60, ending="DAT" if number % PHOTOS else "JPG")
        # A comment of its own makes each photo another one (JPEG, ITU-T T.81, B.2.4.5).
        comment = b"\xff\xfe" + struct.pack(">H", 6) + struct.pack(">I", number)
        yield name, b"note %d\n%b" % (number, octets(number)) if number % PHOTOS else start + comment + rest


def test_ten_thousand_small_files_are_unloaded_in_a_minute_or_two_and_in_few_transactions(line, tmp_path):
    content = dict(small_files())
    card = fill(tmp_path / "card", content)
    checkpoints, before = Checkpoint.objects.count(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()

    outcome = unload(line, card)

    # Of the processor, not of the clock, and with room to spare: other tests may run beside this one, and how fast
    # it is `make bench` says. What grows with the square of the files is caught.
    assert time.process_time() - began < 150 * FILES / 10_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MEMORY
    assert (outcome.unload.state, outcome.unload.stored, outcome.unload.cleared) == (
        UnloadState.READY,
        FILES,
        FILES,
    )
    assert left_on(card) == {}
    assert Unloading.objects.get().files == RecordingFile.objects.count() == FILES
    assert all(in_vault(line.vault, each) for each in list(content.values())[:: FILES // 20])
    assert {each.verdict for each in Judgement.objects.all()} == {Verdict.PLAYABLE, Verdict.NOT_MEDIA}
    # One signature for a batch, not for a file.
    assert Checkpoint.objects.count() - checkpoints < FILES // 4


@pytest.mark.skipif(not FULL, reason="takes a minute; make faults runs it")
def test_a_file_of_4_gib_less_one_is_unloaded_in_flat_memory(line, tmp_path):
    (tmp_path / "card").mkdir()
    path = tmp_path / "card" / take(1).rpartition("/")[2]
    sparse(path, (4 << 30) - 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcome = unload(line, tmp_path / "card")
    assert outcome.unload.state == UnloadState.READY
    assert RecordingFile.objects.get().blob.size == (4 << 30) - 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MEMORY
