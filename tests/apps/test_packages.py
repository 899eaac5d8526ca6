"""Packages: entered before anything is read, the same whenever they are built, and sound by the checker in them."""

import json
import os
import subprocess
import sys
import tarfile
from hashlib import sha256
from io import BufferedReader
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import override_settings

from aigaq import wiring
from aigaq.cli.building import CapacityError
from aigaq.cli.main import program
from aigaq.cli.output import Console
from aigaq.disclosure import building
from aigaq.disclosure.errors import BuiltOtherwiseError, NotApprovedError
from aigaq.disclosure.models import Building, Built, Chosen, Segment
from aigaq.disclosure.receipts import code_of_entry, receipt_with, spelt
from aigaq.errors import AigaqError
from aigaq.ingest.services import unload
from aigaq.ledger.installation import Installation
from aigaq.ledger.models import LedgerEntry
from aigaq.package import papers, verify
from aigaq.recordings import judging
from aigaq.recordings.models import RecordingFile
from aigaq.tlog.checkpoint import VerifierKey, open_checkpoint
from aigaq.tlog.entry import Entry
from aigaq.tlog.merkle import verify_inclusion
from aigaq.vault.age import FileSource, SealedReader
from tests.support.cards import fill, pipeline, take, takes
from tests.support.databases import whatever_the_engine
from tests.support.disclosure import Registrar, every_recording
from tests.support.duty import on_duty
from tests.support.films import film
from tests.support.office import give_the_key, password_of, vault_password_of
from tests.support.vaults import IDENTITY

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def approved(office, tmp_path, monkeypatch):
    """Two files and a film of a duty, unloaded, on a demand that the head approved, with a stretch of the film."""
    duty, line = on_duty(office), pipeline(office, tmp_path / "vault")
    row = duty.issue()
    duty.passes(minutes=30)
    unload(line, fill(tmp_path / "card", {**takes(2), take(9, ending="MP4", second=9): film(seconds=4)}))
    duty.give_back(row)
    judging.catch_up(office.ledger)
    monkeypatch.setattr(wiring, "ledger", lambda: office.ledger)
    monkeypatch.setattr(wiring, "clock", lambda: office.clock)
    monkeypatch.setattr(wiring, "vault", lambda: line.vault)
    key = VerifierKey.of(office.ledger.signer)
    monkeypatch.setattr(wiring, "installation", lambda: Installation("x", key, office.clock.now()))
    for person in (office.head, office.custodian):
        give_the_key(person, IDENTITY)
    shown = RecordingFile.objects.get(path=take(9, ending="MP4", second=9))
    chosen = [each for each in every_recording() if each.recording != shown.recording_id]
    chosen.append(Chosen(shown.recording_id, (Segment(shown.pk, 1000, 3000),)))
    registrar = Registrar(office)
    with override_settings(SPOOL=tmp_path / "spool"):
        yield registrar.approves(registrar.registers(*chosen))


@pytest.fixture
def build(office, approved, tmp_path):
    (tmp_path / "password").write_text(vault_password_of("daniyar"))

    def build(into, *options):
        into.mkdir()
        return invoke(
            "package",
            "build",
            "1",
            "--into",
            into,
            "--as",
            "daniyar",
            "--vault-password-file",
            tmp_path / "password",
            *options,
        )

    return build


def invoke(*arguments):
    """What a command answered; what it raised, if it did."""
    result = CliRunner().invoke(
        program, [*map(str, arguments), "--json"], obj=Console(as_json=True), standalone_mode=False
    )
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return json.loads(result.stdout)


def entries(*kinds):
    found = LedgerEntry.objects.filter(kind__in=kinds).order_by("seq")
    return [Entry.parse(each.entry.encode()) for each in found]


@whatever_the_engine
def test_a_package_is_sound_by_its_checker_and_the_same_a_day_later(office, build, tmp_path):
    first = build(tmp_path / "first")
    (folder,) = (tmp_path / "first").iterdir()
    result = verify.check([str(folder)], verify.compare_with(None, None, first["package_digest"]))
    assert [str(fault) for fault in result.faults] == []
    assert (result.originals, first["originals"]) == (3, 3)
    assert [path.name for path in (folder / "data/cuts").iterdir()] == ["003-1.mp4"]
    office.clock.instant = office.clock.instant.replace(day=27)
    second = build(tmp_path / "second")
    assert (first["package_digest"], first["bags"]) == (second["package_digest"], second["bags"])
    assert tree(tmp_path / "first") == tree(tmp_path / "second")


def test_a_newer_checker_in_it_keeps_no_package_from_being_built_once_more(build, tmp_path, monkeypatch):
    """The program was renewed in between: what lies beside the data is another, and the data are not."""
    first = build(tmp_path / "first")
    newer = papers.checker() + b"# of a later version\n"
    monkeypatch.setattr(papers, "checker", lambda: newer)
    second = build(tmp_path / "second")
    assert first["package_digest"] == second["package_digest"]
    assert first["bags"] != second["bags"]
    assert [each.bags for each in Built.objects.order_by("seq")] == [first["bags"], second["bags"]]


def test_newer_libraries_keep_no_package_from_being_built_once_more(office, build, tmp_path, monkeypatch):
    """They set papers otherwise, and cut films otherwise; what is evidence is the same."""
    first = build(tmp_path / "first")
    monkeypatch.setattr(building, "print_letter", lambda letter, profile: b"%PDF-1.7 of a later version")
    monkeypatch.setattr(building, "PROGRAM", "aigaq of a later version")
    second = build(tmp_path / "second")
    assert first["package_digest"] != second["package_digest"]
    built = entries("disclosure.package-built")
    assert built[0].body["evidence_digest"] == built[1].body["evidence_digest"]
    (folder,) = (tmp_path / "second").iterdir()
    assert verify.check([str(folder)]).is_sound


def test_a_package_that_came_out_otherwise_is_not_entered_as_built(office, approved):
    registrar = Registrar(office)
    registrar.builds(approved, digest="sha256:" + "a" * 64)
    with pytest.raises(BuiltOtherwiseError):
        registrar.builds(approved, digest="sha256:" + "b" * 64, evidence="sha256:" + "f" * 64)
    assert Built.objects.count() == 1


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): (sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


BUILDER = """
import os, sys, time
from datetime import timedelta
from pathlib import Path
database, vault, identity, key, into, days = sys.argv[1:]
os.umask(0o077 if int(days) else 0o022)
from aigaq.core import clock
now, seconds = clock.SystemClock.now, time.time
clock.SystemClock.now = lambda self: now(self) + timedelta(days=int(days))
time.time = lambda: seconds() + 86_400 * int(days)
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = database
from aigaq.disclosure.building import contents_of, tools
from aigaq.disclosure.gathering import gather
from aigaq.disclosure.models import Approval
from aigaq.media.making.maker import Maker
from aigaq.package.writer import write
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.vault.age import Identity
from tests.support.vaults import again
target = Path(into)
(target / "spool").mkdir(parents=True)
gathered = gather(Approval.objects.get(), VerifierKey.parse(key))
maker = lambda: Maker(target / "spool")
with contents_of(gathered, again(Path(vault)), Identity.parse(identity), maker) as contents:
    print(write(contents, target, tools=tools).package_digest)
"""
"""From the ledger and the vault to the last PDF, in a process of its own: so many days later."""


def test_two_machines_build_the_same_octets(office, approved, tmp_path):
    """Another time zone, language, umask and hash seed; and on the one it is four hundred days later."""
    machines = [
        ({"TZ": "Asia/Almaty", "LC_ALL": "C.UTF-8", "AIGAQ_LANG": "kk", "PYTHONHASHSEED": "1"}, "0"),
        ({"TZ": "America/St_Johns", "LC_ALL": "C", "AIGAQ_LANG": "ru", "PYTHONHASHSEED": "2"}, "400"),
    ]
    database, key = str(connection.settings_dict["NAME"]), str(VerifierKey.of(office.ledger.signer))
    given = [sys.executable, "-c", BUILDER, database, str(tmp_path / "vault"), str(IDENTITY), key]
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    building = [
        subprocess.Popen(
            [*given, str(tmp_path / days), days],
            env={**os.environ, "PYTHONPATH": path, **environment},
            stdout=subprocess.PIPE,
        )
        for environment, days in machines
    ]
    one, other = (each.communicate(timeout=120)[0] for each in building)
    assert one.startswith(b"sha256:")
    assert one == other
    (folder,) = (tmp_path / "0").glob("aigaq-*")
    assert tree(folder) == tree(tmp_path / "400" / folder.name)
    assert verify.check([str(folder)]).faults == []


def test_what_the_first_version_built_is_built_for_another_carrier_too(office, approved):
    """Divided otherwise it has another digest, as it has to, and of its evidence that version entered none."""
    registrar, on_discs = Registrar(office), 4_700_000_000
    registrar.built_by_the_first_version(approved, digest="sha256:" + "a" * 64, capacity=on_discs)
    with pytest.raises(BuiltOtherwiseError):
        registrar.builds(approved, digest="sha256:" + "b" * 64, capacity=on_discs)
    registrar.builds(approved, digest="sha256:" + "c" * 64, capacity=None)
    with pytest.raises(BuiltOtherwiseError):
        registrar.builds(approved, digest="sha256:" + "d" * 64, evidence="sha256:" + "f" * 64)
    assert Built.objects.count() == 2


def test_building_is_entered_with_each_recording_before_anything_is_read(
    office, approved, build, tmp_path, monkeypatch
):
    def no_reader(*_):
        kinds = [entry.kind for entry in entries("disclosure.package-begun", "access.downloaded")]
        assert kinds == ["disclosure.package-begun", *["access.downloaded"] * 3]
        raise BrokenOffError

    monkeypatch.setattr("aigaq.disclosure.building.reader_of", no_reader)
    with pytest.raises(BrokenOffError):
        build(tmp_path / "out")
    assert (Building.objects.count(), Built.objects.count()) == (1, 0)
    assert list((tmp_path / "out").iterdir()) == []


class BrokenOffError(AigaqError):
    code = "test.broken-off"


@whatever_the_engine
def test_an_archive_has_the_same_octets_as_the_folder(build, tmp_path):
    folder = build(tmp_path / "folder")
    archive = build(tmp_path / "archive", "--encrypt-to", IDENTITY.recipient)
    assert archive["package_digest"] == folder["package_digest"]
    (sealed,) = (tmp_path / "archive").iterdir()
    with (
        sealed.open("rb") as file,
        tarfile.open(fileobj=BufferedReader(SealedReader(FileSource(file), IDENTITY))) as tar,
    ):
        tar.extractall(tmp_path / "opened", filter="data")
    assert {path: one[0] for path, one in tree(tmp_path / "opened").items()} == {
        path: one[0] for path, one in tree(tmp_path / "folder").items()
    }


def test_what_is_not_approved_is_not_built(office, approved, build, tmp_path):
    Registrar(office).registers()
    (tmp_path / "out").mkdir()
    with pytest.raises(NotApprovedError) as refused:
        invoke(
            "package", "build", "2", "--into", tmp_path / "out", "--as", "daniyar",
            "--vault-password-file", tmp_path / "password",
        )  # fmt: skip
    assert refused.value.paragraph == "15"


@pytest.mark.parametrize("number", ["0", "10000000", "9" * 400])
def test_a_carrier_holds_something_and_no_more_than_can_be_kept(build, tmp_path, number):
    with pytest.raises(CapacityError):
        build(tmp_path / "out", "--capacity", f"{number}TB")
    assert not Building.objects.exists()


def test_the_receipts_code_is_of_its_entry_and_tells_of_no_person(office, approved, build, tmp_path):
    built = build(tmp_path / "out")
    (tmp_path / "own").write_text(password_of("daniyar"))
    handed = invoke(
        "demand", "hand-over", "1", "--receiver", "Омаров Нұрлан", "--position", "Сот хатшысы",
        "--basis", "Сенімхат № 5", "--carrier", "disc", "--as", "daniyar", "--password-file", tmp_path / "own",
    )  # fmt: skip
    code = handed["code"]
    assert code == code_of_entry(handed["seq"])
    assert spelt(code.lower().replace("-", " ")) == code
    key = VerifierKey.of(office.ledger.signer)
    receipt = receipt_with(code, key)
    assert receipt.package_digest == built["package_digest"]
    checkpoint = open_checkpoint(receipt.checkpoint, key)
    verify_inclusion(receipt.leaf, receipt.seq, checkpoint.size, receipt.path, checkpoint.root)
    assert "Омаров" not in repr(receipt)
    assert receipt_with("0" * 20, key) is None
    assert receipt_with("?", key) is None
