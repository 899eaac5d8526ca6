"""`aigaq vault` and `aigaq ledger` on what is stored: right and password first, the entry, then the bytes."""

import hashlib
import json
import os
import stat
from dataclasses import replace
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.db import connection, transaction

from aigaq import wiring
from aigaq.accounts import services as accounts
from aigaq.accounts.models import User
from aigaq.cli.ledger import ledger as ledger_commands
from aigaq.cli.output import Console
from aigaq.cli.vault import vault as vault_commands
from aigaq.errors import AigaqError
from aigaq.ledger.installation import Installation
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE
from aigaq.recordings.models import Kind
from aigaq.recordings.origins import Origin
from aigaq.recordings.services import enter_files
from aigaq.registry.models import Division
from aigaq.registry.selectors import person_of
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.unloading.facts import FoundFile
from aigaq.vault.age import Identity
from tests.support.databases import whatever_the_engine
from tests.support.office import give_the_key, vault_password_of
from tests.support.vaults import IDENTITY, blobs, flip, local_vault, put_file

pytestmark = pytest.mark.django_db

CONTENT = os.urandom(3 * 2**20 + 17)
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def stored(office, tmp_path, monkeypatch):
    """Almaty's recording in a vault that both divisions' readers can open."""
    vault = local_vault(tmp_path / "vault")
    monkeypatch.setattr(wiring, "ledger", lambda: office.ledger)
    monkeypatch.setattr(wiring, "clock", lambda: office.clock)
    monkeypatch.setattr(wiring, "vault", lambda: vault)
    key = VerifierKey.of(office.ledger.signer)
    monkeypatch.setattr(wiring, "installation", lambda: Installation("x", key, office.clock.now()))
    for person in (office.head, office.custodian, office.sister_head):
        give_the_key(person, IDENTITY)
    source = tmp_path / "REC.MP4"
    source.write_bytes(CONTENT)
    catalogue(office, put_file(vault, source))
    return office


def catalogue(office, stored):
    """Entered as an unloading enters it, so that the catalogue and the ledger say the same."""
    now = office.clock.now()
    origin = Origin(
        unload=uuid4(),
        division=office.division,
        sources=("card",),
        card=None,
        recorder=office.recorder,
        row=None,
        issued_at=None,
    )
    found = FoundFile(
        path="DCIM/REC.MP4",
        modified_at=None,
        recorded_at=now,
        kind=Kind.VIDEO,
        stored=stored,
        judged=None,
    )
    enter_files(office.ledger, replace(MACHINE, division=str(office.division.pk)), origin, [found])


def invoke(commands, *arguments, as_json=True):
    """What a command answered; its error, where it raised one."""
    result = CliRunner().invoke(
        commands, [*map(str, arguments)], obj=Console(as_json=as_json), standalone_mode=False
    )
    if result.exception is not None:
        raise result.exception
    return result


def password_file(tmp_path, username):
    path = tmp_path / f"password of {username}"
    path.write_text(vault_password_of(username) + "\n", encoding="utf-8")
    return path


def cat(tmp_path, username="daniyar", output="out.mp4", digest=f"sha256:{DIGEST}", password_of=None):
    file = password_file(tmp_path, password_of or username)
    who = ("--as", username) if username else ()
    return invoke(vault_commands, "cat", digest, "-o", tmp_path / output, *who, "--vault-password-file", file)


def refusal(act, *arguments, **options):
    with pytest.raises(AigaqError) as refused:
        act(*arguments, **options)
    return refused.value.code


def entries(kind):
    return [
        json.loads(entry)
        for entry in LedgerEntry.objects.filter(kind=kind).order_by("seq").values_list("entry", flat=True)
    ]


def test_head_and_custodian_write_a_recording_out(stored, tmp_path):
    for username in ("aigerim", "daniyar"):
        answer = json.loads(cat(tmp_path, username, output=username).stdout)
        assert (tmp_path / username).read_bytes() == CONTENT
        assert answer["content_digest"] == f"sha256:{DIGEST}"
        assert answer["bytes"] == len(CONTENT)
        assert stat.S_IMODE((tmp_path / username).stat().st_mode) == 0o600
    first, second = entries("access.downloaded")
    assert first["right"]["role"] == "head"
    assert second["right"]["role"] == "custodian"
    assert second["body"]["content_digest"] == f"sha256:{DIGEST}"


def test_without_as_it_is_the_only_head_who_is_asked(stored, tmp_path):
    assert refusal(cat, tmp_path, username=None, password_of="aigerim") == "vault.who"
    stored.sister_head.user.key_wraps.all().delete()
    cat(tmp_path, username=None, password_of="aigerim")
    assert (tmp_path / "out.mp4").read_bytes() == CONTENT


def test_another_divisions_head_is_not_told_that_it_is_there(stored, tmp_path):
    assert refusal(cat, tmp_path, "saule") == "recordings.none"
    assert refusal(cat, tmp_path, "saule", digest="0" * 64) == "recordings.none"
    assert not (tmp_path / "out.mp4").exists()
    assert not entries("access.downloaded")


@whatever_the_engine
@pytest.mark.parametrize("username", ["yerlan", "bekzat", "nobody"])
def test_who_is_neither_head_nor_custodian_is_refused(stored, tmp_path, username):
    assert refusal(cat, tmp_path, username) == "access.not-a-reader"


def test_a_wrong_password_writes_nothing_and_is_entered(stored, tmp_path):
    assert refusal(cat, tmp_path, "daniyar", password_of="aigerim") == "vault.wrong-password"
    assert not (tmp_path / "out.mp4").exists()
    assert len(entries("access.unlock-refused")) == 1
    assert not entries("access.downloaded")


def test_a_disabled_head_is_refused(stored, tmp_path):
    user = stored.head.user
    user.is_active = False
    user.save()
    assert refusal(cat, tmp_path, "aigerim") == "access.not-a-reader"


@whatever_the_engine
def test_nothing_is_written_over(stored, tmp_path):
    (tmp_path / "out.mp4").write_text("precious")
    assert refusal(cat, tmp_path) == "vault.target-exists"
    assert (tmp_path / "out.mp4").read_text() == "precious"
    assert not entries("access.downloaded")


@whatever_the_engine
def test_a_link_is_not_followed(stored, tmp_path):
    (tmp_path / "out.mp4").symlink_to(tmp_path / "elsewhere")
    assert refusal(cat, tmp_path) == "vault.target-exists"
    assert not (tmp_path / "elsewhere").exists()


@whatever_the_engine
def test_where_nothing_can_be_written_nothing_is_entered(stored, tmp_path):
    assert refusal(cat, tmp_path, output="no/such/folder") == "vault.not-written-out"
    assert not entries("access.downloaded")


@whatever_the_engine
def test_a_damaged_recording_leaves_no_half_of_itself(stored, tmp_path):
    (blob,) = blobs(tmp_path / "vault")
    blob.chmod(0o600)
    flip(blob, 2**20)
    assert refusal(cat, tmp_path) == "vault.blob-damaged"
    assert not (tmp_path / "out.mp4").exists()


def test_scrub_needs_no_key_and_names_a_flipped_bit(stored, tmp_path):
    sound = invoke(vault_commands, "scrub")
    assert sound.return_value == 0
    assert json.loads(sound.stdout)["checked"] == 1
    (blob,) = blobs(tmp_path / "vault")
    blob.chmod(0o600)
    flip(blob, 2**20)
    found = invoke(vault_commands, "scrub")
    assert found.return_value == 3
    assert json.loads(found.stdout)["findings"] == [
        {"kind": "damaged", "blob": str(blob.relative_to(tmp_path))}
    ]
    assert [entry["body"]["findings"] for entry in entries("vault.scrubbed")] == [0, 1]


def test_scrub_names_what_the_catalogue_knows_and_the_vault_lacks(stored, tmp_path):
    (blob,) = blobs(tmp_path / "vault")
    blob.unlink()
    assert [
        finding["kind"] for finding in json.loads(invoke(vault_commands, "scrub").stdout)["findings"]
    ] == ["missing"]


def test_ledger_verify_lists_faults_and_exits_3(stored):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE ledger_ledgerentry DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER ledger_ledgerentry_no_update")
        cursor.execute("UPDATE ledger_ledgerentry SET kind = 'test.hidden' WHERE seq = 3")
        cursor.execute("UPDATE ledger_ledgerentry SET leaf_hash = %s WHERE seq = 2", ["00" * 32])
    ran = invoke(ledger_commands, "verify")
    answer = json.loads(ran.stdout)
    assert ran.return_value == 3
    assert [(fault["kind"], fault["seq"]) for fault in answer["faults"]] == [
        ("leaf-hash-mismatch", 2),
        ("column-mismatch", 3),
    ]


def test_a_checkpoint_printed_is_one_that_since_takes(stored, tmp_path):
    note = tmp_path / "checkpoint"
    note.write_text(invoke(ledger_commands, "checkpoint", as_json=False).stdout, encoding="utf-8")
    with transaction.atomic():
        stored.ledger.append("test.written", MACHINE, {})
    ran = invoke(ledger_commands, "verify", "--since", note)
    assert ran.return_value == 0
    assert json.loads(ran.stdout)["root"].startswith("sha256:")
    note.write_text(note.read_text(encoding="utf-8").replace("\n", "\n", 1)[:-4] + "AA=\n", encoding="utf-8")
    ran = invoke(ledger_commands, "verify", "--since", note)
    assert ran.return_value == 3
    assert json.loads(ran.stdout)["faults"][0]["kind"] in ("since-signature", "since-malformed")


def test_recovery_key_is_the_heads_and_is_entered_first(stored, tmp_path):
    file = password_file(tmp_path, "aigerim")
    ran = invoke(vault_commands, "recovery-key", "--as", "aigerim", "--vault-password-file", file)
    assert json.loads(ran.stdout)["identity"] == str(IDENTITY)
    assert len(entries("access.recovery-key")) == 1
    file = password_file(tmp_path, "daniyar")
    arguments = ("recovery-key", "--as", "daniyar", "--vault-password-file", file)
    assert refusal(invoke, vault_commands, *arguments) == "vault.head-only"
    written = "".join(LedgerEntry.objects.values_list("entry", flat=True))
    assert str(IDENTITY) not in written


NEW = "төрт бөлек сөз жеткілікті"


def hand_over(stored, tmp_path, to, *arguments, new=NEW):
    file = tmp_path / "new password"
    file.write_text(f"{new}\n", encoding="utf-8")
    return invoke(vault_commands, "hand-over", "--to", to, "--new-vault-password-file", file, *arguments)


def test_the_other_one_hands_the_key_over_at_the_console(stored, tmp_path):
    who = ("--as", "daniyar", "--vault-password-file", password_file(tmp_path, "daniyar"))
    hand_over(stored, tmp_path, "aigerim", *who)
    (entry,) = entries("access.reader-added")
    assert (entry["actor"]["name"], entry["body"]["username"]) == (stored.custodian.full_name, "aigerim")
    assert refusal(cat, tmp_path, "aigerim") == "vault.wrong-password"


def test_the_recovery_key_of_the_safe_gives_the_key_anew_where_all_is_forgotten(stored, tmp_path):
    paper = tmp_path / "paper"
    paper.write_text(f"{IDENTITY}\n", encoding="utf-8")
    hand_over(stored, tmp_path, "aigerim", "--recovery-key-file", paper)
    (entry,) = entries("access.reader-added")
    assert (entry["actor"]["kind"], entry["body"]["way"]) == ("system", "recovery-key")
    assert str(IDENTITY) not in json.dumps(entry)
    file = tmp_path / "hers"
    file.write_text(NEW, encoding="utf-8")
    invoke(
        vault_commands,
        "cat",
        f"sha256:{DIGEST}",
        "-o",
        tmp_path / "x",
        "--as",
        "aigerim",
        "--vault-password-file",
        file,
    )


@whatever_the_engine
@pytest.mark.parametrize("text", ["", "nonsense", "AGE-SECRET-KEY-1", "another's"])
def test_another_key_than_this_vaults_is_refused(stored, tmp_path, text):
    paper = tmp_path / "paper"
    other = Identity.generate() if text == "another's" else text or " "
    paper.write_text(f"{other}\n", encoding="utf-8")
    code = refusal(hand_over, stored, tmp_path, "aigerim", "--recovery-key-file", paper)
    assert code == "vault.not-this-vaults-key"
    assert entries("access.reader-added") == []


@whatever_the_engine
@pytest.mark.parametrize("username", ["yerlan", "bekzat", "nobody"])
def test_nobody_else_is_given_the_key_whatever_is_in_hand(stored, tmp_path, username):
    paper = tmp_path / "paper"
    paper.write_text(f"{IDENTITY}\n", encoding="utf-8")
    assert (
        refusal(hand_over, stored, tmp_path, username, "--recovery-key-file", paper) == "access.not-a-reader"
    )


def test_the_one_next_door_hands_no_key_over(stored, tmp_path):
    who = ("--as", "saule", "--vault-password-file", password_file(tmp_path, "saule"))
    assert refusal(hand_over, stored, tmp_path, "aigerim", *who) == "registry.no-right"


def next_head(stored, tmp_path, to, *arguments, paper=IDENTITY):
    password, safe = tmp_path / "new password", tmp_path / "paper"
    password.write_text(f"{NEW}\n", encoding="utf-8")
    safe.write_text(f"{paper}\n", encoding="utf-8")
    given = ("--to", to, "--order", "7-к", "--recovery-key-file", safe, "--new-vault-password-file", password)
    return invoke(vault_commands, "next-head", *given, *arguments)


@pytest.fixture
def on_their_own(stored):
    """Almaty's division, were it not a part of anything."""
    Division.objects.filter(pk=stored.division.pk).update(parent=None)
    return ("--division", stored.division.name)


def reads_with(tmp_path, username, password):
    file = tmp_path / "theirs"
    file.write_text(password, encoding="utf-8")
    arguments = ("cat", f"sha256:{DIGEST}", "-o", tmp_path / f"read by {username}")
    invoke(vault_commands, *arguments, "--as", username, "--vault-password-file", file)
    return (tmp_path / f"read by {username}").read_bytes() == CONTENT


def test_where_the_head_is_gone_the_paper_of_the_safe_makes_the_next_one(stored, tmp_path, on_their_own):
    """Without it nobody could ever appoint, approve or decide there again: the head alone appoints (R6.1)."""
    next_head(stored, tmp_path, "bekzat", *on_their_own)
    (relieved,), (appointed,) = entries("registry.relieved"), entries("registry.appointed")[-1:]
    assert (relieved["body"]["person"], relieved["body"]["until_on"]) == (str(stored.head.pk), "2026-11-19")
    assert (appointed["body"]["role"], appointed["body"]["from_on"]) == ("head", "2026-11-20")
    assert (appointed["actor"]["kind"], appointed["body"]["order"]) == ("system", "7-к")
    (added,) = entries("access.reader-added")
    assert (added["body"]["username"], added["body"]["way"]) == ("bekzat", "recovery-key")
    assert reads_with(tmp_path, "bekzat", NEW)
    assert refusal(cat, tmp_path, "aigerim") == "access.not-a-reader"


def test_the_next_head_may_be_somebody_whom_nobody_could_enter_before(stored, tmp_path, on_their_own):
    told = json.loads(
        next_head(
            stored, tmp_path, "nurlan", *on_their_own, "--name", "Нұрлан Сейітов", "--staff-number", "900"
        ).stdout
    )
    user = accounts.sign_in(
        stored.ledger, username="nurlan", password=told["sign_in_password"], address="::1"
    )
    assert person_of(user).staff_number == "900"
    assert told["sign_in_password"] not in "".join(LedgerEntry.objects.values_list("entry", flat=True))
    assert reads_with(tmp_path, "nurlan", NEW)


def test_a_division_that_has_none_yet_gets_its_first_head(stored, tmp_path):
    told = json.loads(next_head(stored, tmp_path, "bekzat").stdout)
    assert told["division"] == stored.region.name
    assert entries("registry.relieved") == []


@whatever_the_engine
def test_nobody_is_made_head_past_the_head_above_or_without_the_paper(stored, tmp_path, on_their_own):
    count = LedgerEntry.objects.count()
    sister = ("--division", stored.sister.name)
    assert refusal(next_head, stored, tmp_path, "bekzat", *sister) == "registry.head-above"
    assert refusal(next_head, stored, tmp_path, "bekzat") == "vault.which-division"
    another = {"paper": Identity.generate()}
    code = refusal(next_head, stored, tmp_path, "bekzat", *on_their_own, **another)
    assert code == "vault.not-this-vaults-key"
    assert refusal(next_head, stored, tmp_path, "nurlan", *on_their_own) == "vault.nobodys-login"
    new = ("--name", "Нұрлан Сейітов", "--staff-number", "101")
    code = refusal(next_head, stored, tmp_path, "nurlan", *on_their_own, *new)
    assert code == "registry.staff-number-taken"
    assert not User.objects.filter(username="nurlan").exists()
    assert LedgerEntry.objects.count() == count
