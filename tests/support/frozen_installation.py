"""Makes the installation that is frozen in `tests/vectors/installation`: ``python -m tests.support.frozen_installation``.

Run once for each version that is released. What lies there is never made anew: every later version must still open it.
"""

import hashlib
import io
import json
import sys
import tarfile
import tempfile
from pathlib import Path

from PIL import Image

from aigaq import __version__
from tests.support.command import Shell

FOLDER = Path(__file__).parent.parent / "vectors" / "installation"

CAST = """
import sys
sys.path.insert(0, {tests!r})
import django
django.setup()
from aigaq import wiring
from aigaq.accounts.services import create_user
from aigaq.ledger.services import MACHINE
from aigaq.core.clock import KAZAKHSTAN
from aigaq.registry.models import Card, Division, Person, Recorder, Role
from aigaq.registry.services import add_card, add_person, add_recorder, appoint
from tests.support.duty import Duty, on_duty
from tests.support.office import Office, password_of
ledger, division = wiring.ledger(), Division.objects.get()
head, custodian = (Person.objects.get(user__username=name) for name in ("head", "custodian"))
def office(inspector, recorder, card):
    return Office(ledger, ledger.clock, division, division, division, head, custodian, inspector, inspector, None, None, None, recorder, card)
"""
ISSUE = """
user = create_user(ledger, MACHINE, username="yerlan", password=password_of("yerlan"))
inspector = add_person(ledger, MACHINE, full_name="Өтегенов Ерлан Сәкенұлы", post="", staff_number="103", division=division, user=user)
today = ledger.clock.now().astimezone(KAZAKHSTAN).date()
appoint(ledger, MACHINE, person=inspector, division=division, role=Role.INSPECTOR, from_on=today, until_on=None, order_number="12-103")
recorder = add_recorder(ledger, MACHINE, inventory_number="БТ-0001", division=division, model="DVR-7", serial_number="SN7-1")
card = add_card(ledger, MACHINE, inventory_number="ЖК-0001", division=division, recorder=recorder)
on_duty(office(inspector, recorder, card)).issue()
"""
RETURN = """
from aigaq.journal.models import JournalBook, JournalRow
row = JournalRow.objects.get()
inspector = Person.objects.get(user__username="yerlan")
Duty(office(inspector, Recorder.objects.get(), Card.objects.get()), JournalBook.objects.get()).give_back(row)
"""


def photo() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((64, 48)).save(out, "JPEG")
    return out.getvalue()


def content() -> dict[str, bytes]:
    """What lay on the card: by names of its own, so that it is the same whatever becomes of other tests."""
    name = "DCIM/100AIGAQ/БТ-0001_20261120_09120{0}_000{0}.{1}"
    block = hashlib.sha256(b"Aigaq").digest()
    return {name.format(1, "DAT"): block, name.format(2, "DAT"): block * 2200, name.format(3, "JPG"): photo()}


def card(folder: Path) -> Path:
    for path, octets in content().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(octets)
    return folder


def make(folder: Path) -> None:
    """An office that has had one duty day; under `folder`/data."""
    shell = Shell(folder / "data")
    assert shell.init("--division", "Қонаев қаласының бөлімшесі").status == 0
    tests = str(Path(__file__).parents[2])
    for code in (ISSUE, None, RETURN):
        if code is None:
            done = shell.run("unload", str(card(folder / "card")), "--json")
        else:
            done = shell.run(program=("-c", CAST.format(tests=tests) + code))
        assert done.status == 0, done.err
    assert shell.run("backup", str(folder / "backup")).status == 0
    verified = shell.run("ledger", "verify", "--json")
    assert verified.json["faults"] == [], verified.err


def pack(folder: Path, target: Path) -> None:
    """The data, sorted and without owners."""

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        return member

    with tarfile.open(target, "w:xz") as archive:
        for path in sorted((folder / "data").rglob("*")):
            archive.add(path, str(path.relative_to(folder)), recursive=False, filter=plain)


def main() -> None:
    target = FOLDER / f"{__version__}.tar.xz"
    if target.exists():
        sys.exit(f"{target} is there: what is frozen stays as it is.")
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder))
        FOLDER.mkdir(exist_ok=True)
        pack(Path(folder), target)
        said = {path: len(data) for path, data in content().items()}
    print(json.dumps(said, ensure_ascii=False), target.stat().st_size, file=sys.stderr)


if __name__ == "__main__":
    main()
