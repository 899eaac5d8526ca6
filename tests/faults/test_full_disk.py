"""A vault whose disk is full to the brim: no card is begun, what is stored is played, and the ledger goes on."""

import contextlib
import os
import subprocess

import pytest
from django.db import transaction

from aigaq.ingest.models import Unload, UnloadState
from aigaq.ingest.services import unload
from aigaq.ledger.services import MACHINE
from aigaq.unloading.errors import NoRoomError
from tests.support.cards import fill, in_vault, left_on, octets, pipeline, take
from tests.support.duty import entries, on_duty
from tests.support.hashing import QUICKLY
from tests.support.office import open_office

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db,
    pytest.mark.skipif(os.getuid() != 0, reason="needs root, to mount a small disk"),
]

SIZE = "80m"


@pytest.fixture
def disk(tmp_path):
    (tmp_path / "disk").mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", tmp_path / "disk"], check=False, timeout=30
    )
    if made.returncode:
        pytest.skip("no tmpfs can be mounted here")
    yield tmp_path / "disk"
    subprocess.run(["umount", "-l", tmp_path / "disk"], check=True, timeout=30)


def fill_up(disk):
    """To the last page."""
    with (disk / "filler").open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            with contextlib.suppress(OSError):
                while file.write(bytes(size)) == size:
                    pass


def test_a_full_disk_refuses_cards_and_nothing_else(clock, settings, disk, tmp_path):
    settings.PASSWORD_HASHERS = QUICKLY
    office = open_office(clock)
    on_duty(office).issue()
    line = pipeline(office, disk / "vault")
    unload(line, fill(tmp_path / "first", {take(1): octets(1)}))
    fill_up(disk)
    assert line.vault.backend.free() == 0, "no fault fired"

    card = fill(tmp_path / "card", {take(8, second=8): octets(8)})
    with pytest.raises(NoRoomError):
        unload(line, card)
    assert left_on(card) == {take(8, second=8): octets(8)}
    assert Unload.objects.latest("started_at").state == UnloadState.FAILED
    assert in_vault(line.vault, octets(1)), "what is stored is played"
    with transaction.atomic():
        office.ledger.append("access.played", MACHINE, {"path": "x"})
    assert entries("access.played")

    (disk / "filler").unlink()
    unload(line, card)
    assert left_on(card) == {}
