"""A card is plugged in, and all that the order asks for has happened."""

import pytest

from aigaq.ingest.models import Unload, UnloadState
from aigaq.ingest.services import unload
from aigaq.journal.models import Unloading
from aigaq.recordings.models import Blob, Placement, RecordingFile
from tests.support.cards import fill, in_vault, left_on, pipeline, take, takes
from tests.support.duty import entries, on_duty


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def line(office, tmp_path):
    return pipeline(office, tmp_path / "vault")


def test_a_card_of_an_issued_recorder_is_stored_placed_and_cleared(duty, line, tmp_path):
    row = duty.issue()
    content = takes(3)
    card = fill(tmp_path / "card", content)

    outcome = unload(line, card, port="port-1")

    assert outcome.unload.state == UnloadState.READY
    assert [file.path for file in outcome.files] == sorted(content)
    assert all(in_vault(line.vault, data) for data in content.values())
    assert left_on(card) == {}
    assert Placement.objects.filter(row=row).count() == 3
    assert (Unload.objects.get().stored, Unload.objects.get().cleared) == (3, 3)
    (column6,) = Unloading.objects.filter(row=row)
    assert (column6.files, column6.octets) == (3, 3000)
    assert [entry.kind for entry in entries("recording.")] == ["recording.ingested"] * 3
    assert len(entries("card.cleared")) == 1
