"""An office that loses things, at its command line: each is a program of its own, in a folder of its own."""

import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from aigaq.cli.drill import _environment
from aigaq.vault.age import Identity
from tests.support.cards import fill, takes
from tests.support.command import CUSTODIANS, HEADS, Shell
from tests.support.databases import whatever_the_engine
from tests.support.recovery import elsewhere, empty_database, installed, unloaded


@pytest.fixture
def shell(tmp_path, database_url):
    return installed(tmp_path, database_url)


def test_a_lost_server_comes_back_from_the_vault_and_the_heads_password(shell):
    unloaded(shell)
    entries = shell.run("ledger", "verify", "--json").json["entries"]
    other = elsewhere(shell)
    done = other.run("vault", "rebuild", "--vault-password-file", shell.password_file(), "--json")
    assert done.status == 0, done.err
    assert (done.json["recordings"], done.json["missing"], done.json["unentered"]) == (2, 0, 0)
    assert done.json["entries"] == entries
    assert list(done.json["sign_in_passwords"]) == ["head"]
    verified = other.run("ledger", "verify", "--json")
    assert (verified.status, verified.json["faults"]) == (0, [])
    # The same ledger goes on under the same key, and the next card is taken in.
    assert unloaded(other, "card-2", takes(3, size=1100))["stored"] == 3
    assert other.problems() == shell.problems()


def test_a_backup_has_the_database_whatever_signs_are_in_the_name_of_its_folder(tmp_path, database_url):
    place = tmp_path / "кеңсе #1, 100%41?"
    place.mkdir()
    shell = installed(place, database_url)
    made = shell.run("backup", tmp_path / "backup", "--json")
    assert made.status == 0, made.err
    password = shell.password_file()
    done = elsewhere(shell).run("restore", tmp_path / "backup", "--vault-password-file", password, "--json")
    assert done.status == 0, done.err


PUBLIC = """
import django
django.setup()
from aigaq import wiring
print(wiring.vault().id, wiring.vault().recipient)
"""
FORGER = """
import sys, django
django.setup()
from pathlib import Path
from django.conf import settings
from aigaq import wiring
from aigaq.ledger.services import MACHINE
from aigaq.recovery.backup import Settings, Whole, back_up
from aigaq.vault.age import Recipient
vault, recipient, into = sys.argv[1:]
whole = Whole(
    installation=wiring.installation(),
    vault=vault,
    recipient=Recipient.parse(recipient),
    settings=Settings(environment={}, files={}),
    workspace=settings.DATA,
)
back_up(wiring.ledger(), MACHINE, whole, Path(into))
"""
"""A backup of one's own ledger, that says it is of another's vault."""


def test_a_backup_of_a_ledger_of_somebody_elses_is_not_brought_back_beside_the_vault(shell, tmp_path):
    vault, recipient = shell.run(program=("-c", PUBLIC)).out.split()
    assert shell.run("backup", tmp_path / "own").status == 0
    forger = Shell(tmp_path / "forger" / "data", empty_database())
    forger.data.parent.mkdir()
    assert forger.init().status == 0
    done = forger.run(vault, recipient, tmp_path / "forged", program=("-c", FORGER))
    assert done.status == 0, done.err
    other = elsewhere(shell)
    told = other.run("restore", tmp_path / "forged", "--vault-password-file", shell.password_file(), "--json")
    assert told.json["error"]["code"] == "recovery.other-ledger", told.err


def test_a_backup_comes_back_and_the_newest_hour_comes_from_the_vault(shell):
    unloaded(shell)
    made = shell.run("backup", shell.data.parent / "backup", "--json")
    assert made.status == 0, made.err
    assert (
        shell.run("backup", shell.data.parent / "backup", "--json").json["error"]["code"]
        == "recovery.not-empty"
    )
    # The hour that no backup has.
    unloaded(shell, "card-2", takes(3, size=1100))
    entries = shell.run("ledger", "verify", "--json").json["entries"]
    report = shell.data.parent / "report.pdf"
    drilled = replace(shell, drill_database_url=empty_database()).run(
        "restore",
        shell.data.parent / "backup",
        "--drill",
        "-o",
        report,
        "--vault-password-file",
        shell.password_file(),
        "--json",
    )
    assert (drilled.status, drilled.json["opened"], drilled.json["damaged"]) == (0, 5, []), drilled.err
    assert report.read_bytes().startswith(b"%PDF-")
    other = elsewhere(shell)
    done = other.run(
        "restore", shell.data.parent / "backup", "--vault-password-file", shell.password_file(), "--json"
    )
    assert done.status == 0, done.err
    assert done.json["in_backup"] < entries < done.json["entries"]
    assert (done.json["recordings"], done.json["missing"]) == (5, 0)
    assert done.json["sign_in_passwords"] == {}
    verified = other.run("ledger", "verify", "--json")
    assert (verified.status, verified.json["faults"]) == (0, [])


@whatever_the_engine
def test_a_drill_looks_into_the_vault_where_it_is_a_bucket_too(tmp_path, settings):
    settings.VAULT_PLACE = "s3://recordings/office?endpoint=https://s3.example.kz"
    settings.VAULT = settings.DATA / "staging"
    assert _environment(str(tmp_path))["AIGAQ_VAULT"] == settings.VAULT_PLACE
    settings.VAULT_PLACE, settings.VAULT = "vault", tmp_path / "vault"
    assert _environment(str(tmp_path))["AIGAQ_VAULT"] == str(tmp_path / "vault")


@whatever_the_engine
def test_the_address_of_the_drills_database_is_a_secret_that_may_stand_in_a_file(tmp_path):
    address = "postgresql://aigaq:secret@127.0.0.1/drill"
    file = tmp_path / "drill"
    file.write_text(f"{address}\n", encoding="utf-8")
    shell = Shell(tmp_path / "data", "postgresql://aigaq@127.0.0.1/aigaq")
    code = (
        "import django; django.setup(); from aigaq.cli.drill import _environment\n"
        "print(_environment('place')['AIGAQ_DATABASE_URL'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**shell.environment(), "AIGAQ_DRILL_DATABASE_URL_FILE": str(file)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == address, done.stderr


def test_a_database_that_was_put_back_is_refused_until_it_has_caught_up(shell):
    unloaded(shell)
    old = shell.data.parent / "old.sqlite3"
    if shell.database_url:
        pytest.skip("a file can be put back by hand; with PostgreSQL it is the same check")
    shutil.copy(shell.data / "aigaq.sqlite3", old)
    unloaded(shell, "card-2", takes(3, size=1100))
    shutil.copy(old, shell.data / "aigaq.sqlite3")
    for command in (("unload", fill(shell.data.parent / "card-3", takes(1, size=1200))), ("serve",)):
        refused = shell.run(*command, "--json")
        assert (refused.status, refused.json["error"]["code"]) == (1, "recovery.older-database")
    web = shell.run(program=("-c", "import aigaq.web.wsgi"))
    assert (web.status, "OlderDatabaseError" in web.err) == (1, True)
    assert "recovery.older-database" in shell.problems()
    done = shell.run("vault", "rebuild", "--vault-password-file", shell.password_file(), "--json")
    assert (done.status, done.json["recordings"]) == (0, 5), done.err
    assert shell.run("ledger", "verify", "--json").json["faults"] == []
    assert unloaded(shell, "card-3")["stored"] == 2


@whatever_the_engine
def test_the_key_is_changed_and_everything_stays_readable(shell, tmp_path):
    first = unloaded(shell)["recordings"][0]["content_digest"]
    passwords = tmp_path / "both"
    # Whom nobody knows can't be left out unheard: they would read nothing that is stored from then on.
    passwords.write_text(f"{HEADS}\ncustodain: {CUSTODIANS}\n", encoding="utf-8")
    refused = shell.run("vault", "rotate", "--vault-password-file", passwords, "--json")
    assert (refused.status, refused.json["error"]["code"]) == (2, "vault.password-line")
    # Capitals make no other name, as where it is typed.
    passwords.write_text(f"{HEADS}\nCustodian: {CUSTODIANS}\n", encoding="utf-8")
    rotated = shell.run("vault", "rotate", "--vault-password-file", passwords, "--json")
    assert (rotated.status, rotated.json["waiting"]) == (0, []), rotated.err
    second = unloaded(shell, "card-2", takes(3, size=1100))["recordings"][0]["content_digest"]
    custodians = tmp_path / "custodians"
    custodians.write_text(CUSTODIANS, encoding="utf-8")
    other = elsewhere(shell)
    done = other.run("vault", "rebuild", "--vault-password-file", custodians, "--json")
    assert (done.status, done.json["recordings"]) == (0, 5), done.err
    for number, digest in enumerate((first, second)):
        given = ("--as", "custodian", "--vault-password-file", custodians)
        out = other.run("vault", "cat", digest, "-o", tmp_path / f"{number}.dat", *given, "--json")
        assert (out.status, out.json["content_digest"]) == (0, digest), out.err


@whatever_the_engine
def test_a_lost_signing_key_comes_back_from_the_vault(shell):
    unloaded(shell)
    key = shell.data / "keys" / "ledger.key"
    octets = key.read_bytes()
    key.unlink()
    assert shell.run("vault", "rebuild", "--vault-password-file", shell.password_file()).status == 0
    assert (key.read_bytes(), key.stat().st_mode & 0o777) == (octets, 0o600)


@whatever_the_engine
def test_the_recovery_key_is_rehearsed_and_brings_a_server_back(shell, tmp_path):
    unloaded(shell)
    shown = shell.run("vault", "recovery-key", "--vault-password-file", shell.password_file(), "--json").json
    paper = tmp_path / "paper"
    typed = shown["identity"].lower()
    paper.write_text(
        " ".join(typed[start : start + 4] for start in range(0, len(typed), 4)), encoding="utf-8"
    )
    assert shell.run("vault", "recovery-key", "--rehearse", "--recovery-key-file", paper).status == 0
    foreign = tmp_path / "foreign"
    foreign.write_text(str(Identity.generate()), encoding="utf-8")
    refused = shell.run("vault", "recovery-key", "--rehearse", "--recovery-key-file", foreign, "--json")
    assert refused.json["error"]["code"] == "vault.not-this-vaults-key"
    other = elsewhere(shell)
    assert other.run("vault", "rebuild", "--recovery-key-file", foreign, "--json").json["error"]["code"] == (
        "recovery.no-key"
    )
    done = other.run("vault", "rebuild", "--recovery-key-file", paper, "--json")
    assert (done.status, done.json["recordings"]) == (0, 2), done.err


@whatever_the_engine
def test_a_changed_backup_is_refused_before_anything_is_made(shell):
    backup = shell.data.parent / "backup"
    assert shell.run("backup", backup).status == 0
    private = backup / "private.age"
    octets = bytearray(private.read_bytes())
    octets[-20] ^= 1
    private.write_bytes(octets)
    other = elsewhere(shell)
    refused = other.run("restore", backup, "--vault-password-file", shell.password_file(), "--json")
    assert (refused.status, refused.json["error"]["code"]) == (3, "recovery.backup-damaged")
    assert [path.name for path in other.data.iterdir()] == ["vault"]
