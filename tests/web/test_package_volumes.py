"""A package larger than its carrier, taken away volume by volume from its page."""

import io
import tarfile
from datetime import timedelta

import pytest
from django.urls import reverse

from aigaq.package import verify
from aigaq.web.disclosure.forms import PackageForm
from tests.support.disclosure import Registrar, every_recording
from tests.support.viewing import RECORDED_AT, open_room, streamed

pytestmark = pytest.mark.django_db

LARGE, CARRIER = 2_000_000, 5_000_000
"""Octets: one recording fits, two do not."""


@pytest.fixture
def room(db, clock, tmp_path, monkeypatch, settings):
    settings.SPOOL = tmp_path / "spool"
    capacities = [("", "-"), (str(CARRIER), "a small one")]
    monkeypatch.setattr(PackageForm.base_fields["capacity"], "choices", capacities)
    return open_room(clock, tmp_path, monkeypatch, settings)


def test_its_volumes_check_alone_and_together(room, tmp_path):
    row = room.duty.issue()
    for number in range(2):
        began = RECORDED_AT + timedelta(minutes=10 * number)
        path = f"DCIM/100AIGAQ/БТ-0001_20261120_09{number}000.MP4"
        room.enter(bytes([number]) * LARGE, row=row, recorded_at=began, path=path)
    room.duty.passes(hours=8)
    room.duty.give_back(row)
    registrar = Registrar(room.office)
    demand = registrar.registers(*every_recording())
    registrar.approves(demand)
    browser = room.browser(room.office.custodian, unlocked=True)
    browser.post(reverse("disclosure:prepare", args=[demand.pk]))
    folders = [taken(browser, demand, volume, tmp_path / "opened") for volume in (1, 2)]
    assert [folder.name[-7:] for folder in folders] == ["-1-of-2", "-2-of-2"]
    alone = [verify.check([str(folder)]) for folder in folders]
    assert [(each.originals, each.faults) for each in alone] == [(1, []), (1, [])]
    assert [[str(note) for note in each.notes] for each in alone] == [
        ["Volumes that lie elsewhere were not checked: 2."],
        ["Volumes that lie elsewhere were not checked: 1."],
    ]
    together = verify.check(map(str, folders))
    assert (together.originals, together.faults, together.notes) == (2, [], [])


def taken(browser, demand, volume, into):
    """The folder of that volume, as it comes."""
    form = {"capacity": str(CARRIER), "sealing": "no", "volume": str(volume)}
    response = browser.post(reverse("disclosure:package", args=[demand.pk]), form)
    assert response.status_code == 200, response.content.decode()
    octets = streamed(response)
    assert len(octets) == int(response["Content-Length"]) <= CARRIER
    with tarfile.open(fileobj=io.BytesIO(octets)) as tar:
        names = {name.partition("/")[0] for name in tar.getnames()}
        tar.extractall(into, filter="data")
    (name,) = names
    return into / name
