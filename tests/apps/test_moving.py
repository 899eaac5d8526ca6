"""From SQLite to a real PostgreSQL: equal in every row, or nothing at all; and never two that live."""

import shutil
import sqlite3
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction

from aigaq.accounts.models import FailedAttempt
from aigaq.cli.move import _address, _database
from aigaq.ingest.services import unload
from aigaq.journal.models import JournalBook
from aigaq.ledger import checks
from aigaq.ledger.guards import insert_only_tables
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.tables import Table
from aigaq.moving import engines, marks, proof, transfer
from aigaq.moving.errors import (
    MovedAwayError,
    MovedWithFaultsError,
    NoTargetError,
    NotCountingError,
    NotEqualError,
    NotPostgresError,
    OtherVersionError,
    PasswordShownError,
    RowRefusedError,
    SourceInUseError,
    TargetNotEmptyError,
    TargetStaleError,
    UnfinishedMoveError,
    UnguardedError,
    UnknownTablesError,
)
from aigaq.recordings.models import Placement
from aigaq.recovery.reviving import faults_of
from aigaq.registry.selectors import standing_of
from aigaq.review import indexing
from aigaq.review.search import Wanted, search
from aigaq.settings import database_of
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.entry import Entry
from tests.support import amount, databases
from tests.support.cards import fill, pipeline, takes
from tests.support.command import Shell
from tests.support.duty import Duty, spare_of
from tests.support.forgery import other_values
from tests.support.moving import another, at, barred, empty, lives, opened
from tests.support.moving import fill as fill_office
from tests.support.recovery import unloaded

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(databases.server is not None, reason="a move begins on SQLite"),
]


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        return fill_office(tmp_path_factory.mktemp("filled"))


@pytest.fixture(scope="module")
def half_way(filled, django_db_blocker, tmp_path_factory):
    """The address of a database that a move had made when it was cut off: copied, proven, barred."""
    with django_db_blocker.unblock():
        return barred(filled, tmp_path_factory.mktemp("half-way"))


@pytest.fixture
def file(filled, tmp_path):
    return filled.again(tmp_path)


@pytest.fixture
def ends(file, half_way):
    with opened(file, half_way) as both:
        yield both


@contextmanager
def on_sqlite(file):
    """The office works with the old file, or somebody does something to it."""
    with engines.source({**database_of(""), "NAME": file}) as source, engines.speaking_to(source):
        yield source


def found(office, text):
    reader = standing_of(office.custodian, office.clock.now())
    return [each.pk for each in search(reader, office.division, Wanted(text=text)).page.recordings]


def test_what_was_cut_off_goes_on_and_the_office_works_in_the_new_database(
    filled, file, half_way, tmp_path, clock
):
    office, url = filled.office, another(half_way)
    words = ("құрыл", "ҚҰРЫЛЫС", "эвакуация ЖОЛЫ")
    with on_sqlite(file):
        before = {word: found(office, word) for word in words}
        entries = LedgerEntry.objects.count()
        # One more was made, and deleted.
        attempt = FailedAttempt.objects.latest("pk").pk + 2
    assert all(before.values())
    with at(url), pytest.raises(UnfinishedMoveError):
        marks.require_live(connection)
    moved = filled.move(file, url)
    assert (moved.went_on, moved.entries, moved.seq) == (True, entries, entries)
    assert not [name for name in insert_only_tables() if not moved.tables[name].rows]
    with at(url):
        marks.require_live(connection)
        last = Entry.parse(LedgerEntry.objects.latest("seq").entry.encode())
        assert (last.kind, last.body["root"]) == ("installation.moved", moved.root)
        assert last.body["tables"]["ledger_ledgerentry"] == {
            "rows": entries,
            "digest": moved.tables["ledger_ledgerentry"].digest,
        }
        assert {word: found(office, word) for word in words} == before
        tried = FailedAttempt.objects.create(subject="b", purpose="login", attempted_at=clock.now())
        assert tried.pk == attempt
        # A day of duty there.
        office.clock.instant = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
        duty, spare = Duty(office, JournalBook.objects.get(end=None)), spare_of(office, "0077")
        row = duty.issue(recorder=spare.recorder, card=spare.card)
        duty.passes(minutes=30)
        names = {name.replace("20261120", "20261123"): data for name, data in takes(2).items()}
        names = {name.replace("БТ-0001", spare.recorder.inventory_number): names[name] for name in names}
        unload(pipeline(office, tmp_path / "vault"), fill(tmp_path / "card", names))
        duty.give_back(row)
        duty.correct(row, "subject", "«ІРІ ҒИМАРАТ» ЖШС")
        indexing.catch_up(office.ledger)
        recordings = set(Placement.objects.filter(row=row).values_list("recording", flat=True))
        assert len(recordings) == 2
        assert set(found(office, "ірі ғим")) == recordings
        assert faults_of(VerifierKey.of(office.ledger.signer)) == ([], 0)
        with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
            LedgerEntry.objects.filter(seq=0).update(kind="x")
    is_closed(filled, file, url)


def is_closed(filled, file, url):
    with on_sqlite(file) as source:
        with pytest.raises(MovedAwayError):
            marks.require_live(source)
        for act in (
            lambda: FailedAttempt.objects.create(
                subject="b", purpose="x", attempted_at=filled.office.clock.now()
            ),
            lambda: FailedAttempt.objects.update(purpose="x"),
            lambda: FailedAttempt.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError, match="moved: this database is closed"), transaction.atomic():
                act()
        assert checks.verify(VerifierKey.of(filled.office.ledger.signer)).faults == []
    with pytest.raises(MovedAwayError):
        filled.move(file, url)


def test_a_row_left_out_on_the_way_is_seen_and_the_new_database_is_empty_again(filled, file, monkeypatch):
    """With two tables alone: to make all of them takes most of a move's time."""
    url, copy, few = empty(), transfer._copy, [Session, FailedAttempt]

    def build(target):
        with target.schema_editor() as editor:
            for model in few:
                editor.create_model(model)

    monkeypatch.setattr(transfer, "build", build)
    monkeypatch.setattr(transfer, "models", lambda: few)
    monkeypatch.setattr(transfer, "require_whole", lambda _source: None)
    monkeypatch.setattr(transfer, "_copy", lambda target, model, rows: copy(target, model, rows[1:]))
    with pytest.raises(NotEqualError) as caught:
        filled.move(file, url)
    assert (caught.value.details["table"], caught.value.details["column"]) == ("django_session", proof.ROW)
    with opened(file, url) as (source, target):
        assert target.introspection.table_names() == []
        assert lives(source)


def test_a_change_of_any_value_is_seen(ends):
    source, target = ends
    tried = 0
    with transaction.atomic(using=engines.SOURCE):
        without_triggers(source)
        for model in transfer.models():
            table = Table(model, is_carried=False)
            columns = [each for each in model._meta.concrete_fields if each not in model._meta.pk_fields]
            row = model._base_manager.using(engines.SOURCE).order_by("pk").last()
            for field in amount.of(columns, every=4) if row else ():
                value = other_value(field, row)
                with transaction.atomic(using=engines.SOURCE):
                    change(source, row, field, value)
                    with pytest.raises(NotEqualError) as caught:
                        proof._compared(table, source, target, lambda _rows: None)
                    assert caught.value.details["column"] == field.column
                    transaction.set_rollback(True, using=engines.SOURCE)
                tried += 1
        transaction.set_rollback(True, using=engines.SOURCE)
    assert tried > 100


def other_value(field, row):
    if field.get_internal_type() == "BinaryField":
        return bytes(getattr(row, field.attname)) + b"\0"
    return other_values(field, getattr(row, field.attname))[0]


def without_triggers(source):
    with source.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys=ON")
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


def change(source, row, field, value):
    stored = field.get_db_prep_save(value, connection=source)
    keys = row._meta.pk_fields
    where = " AND ".join(f'"{each.column}" = %s' for each in keys)
    given = [each.get_db_prep_save(getattr(row, each.attname), connection=source) for each in keys]
    with source.cursor() as cursor:
        cursor.execute(
            f'UPDATE {row._meta.db_table} SET "{field.column}" = %s WHERE {where}', [stored, *given]
        )


def test_a_number_that_would_be_given_twice_is_seen(ends):
    source, target = ends
    proof.require_counting(source, target)
    with source.cursor() as cursor:
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'accounts_failedattempt'")
    with pytest.raises(NotCountingError):
        proof.require_counting(source, target)


def test_a_table_that_could_be_changed_is_seen(ends):
    _source, target = ends
    proof.require_guarded(target)
    with transaction.atomic(using=engines.TARGET), target.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_remark DISABLE TRIGGER journal_remark_no_change")
        with pytest.raises(UnguardedError):
            proof.require_guarded(target)
        transaction.set_rollback(True, using=engines.TARGET)


def test_a_copy_is_stale_when_the_office_went_on(filled, file, half_way):
    with on_sqlite(file):
        spare_of(filled.office, "0088")
    url = another(half_way)
    with pytest.raises(TargetStaleError):
        filled.move(file, url)
    with opened(file, url) as (source, target):
        assert (lives(source), lives(target)) == (True, False)


def test_what_is_refused_before_anything_is_begun(filled, file, tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "_PATIENCE", 0)
    url = empty()
    other = filled.again(tmp_path)
    with on_sqlite(other) as source, source.cursor() as cursor:
        cursor.execute("CREATE TABLE theirs (id integer)")
    with pytest.raises(UnknownTablesError):
        filled.move(other, url)
    with on_sqlite(other) as source, source.cursor() as cursor:
        cursor.execute("DROP TABLE theirs")
        cursor.execute("DELETE FROM django_migrations WHERE name = '0004_finished_samples'")
    with pytest.raises(OtherVersionError):
        filled.move(other, url)
    with at(url) as target, target.cursor() as cursor:
        cursor.execute("CREATE TABLE theirs (id integer)")
    with pytest.raises(TargetNotEmptyError):
        filled.move(file, url)
    idle = sqlite3.connect(file)
    idle.execute("SELECT count(*) FROM ledger_ledgerentry").fetchone()
    with pytest.raises(SourceInUseError):
        filled.move(file, url)
    idle.close()


def test_a_ledger_with_a_fault_is_not_moved(filled, file):
    url = empty()
    with on_sqlite(file) as source, source.cursor() as cursor:
        cursor.execute("DROP TRIGGER ledger_ledgerentry_no_update")
        cursor.execute("UPDATE ledger_ledgerentry SET leaf_hash = '00' WHERE seq = 7")
    with pytest.raises(MovedWithFaultsError):
        filled.move(file, url)


def test_what_only_sqlite_takes_is_refused_with_its_table(file, half_way, monkeypatch):
    url = another(half_way)
    monkeypatch.setattr(transfer, "models", lambda: [FailedAttempt])
    with opened(file, url) as (source, target):
        with source.cursor() as cursor:
            cursor.execute("UPDATE accounts_failedattempt SET purpose = %s", ["ұ" * 40])
        with pytest.raises(RowRefusedError) as caught, transaction.atomic(using=engines.TARGET):
            transfer.fill(target, lambda *_told: None)
    assert caught.value.details["table"] == "accounts_failedattempt"


def test_a_password_is_not_taken_from_the_command_line(tmp_path):
    with pytest.raises(PasswordShownError):
        _address("postgresql://aigaq:secret@127.0.0.1/aigaq", None)
    with pytest.raises(PasswordShownError):
        _address("postgresql://aigaq:sec/ret@127.0.0.1/aigaq", None)
    assert _address("postgresql://aigaq@/aigaq", None) == "postgresql://aigaq@/aigaq"
    secret = tmp_path / "database"
    secret.write_text("postgresql://aigaq:secret@127.0.0.1/aigaq\n", encoding="utf-8")
    assert _address(None, secret) == "postgresql://aigaq:secret@127.0.0.1/aigaq"
    with pytest.raises(NoTargetError):
        _address(None, None)


@pytest.mark.parametrize("url", ["", "sqlite:///a", "postgresql://aigaq@db:port/a", "postgresql://[::1/a"])
def test_an_address_that_is_none_is_refused_and_not_shown(url):
    with pytest.raises(NotPostgresError) as refused:
        _database(url)
    assert refused.value.details == {}
    # Nothing of what it was found by is told either, wherever it is shown with its causes.
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_at_the_command_line_an_office_moves(tmp_path):
    old = Shell(tmp_path / "data")
    old.installed()
    url, secret = empty(), tmp_path / "database"
    secret.write_text(f"{url}\n", encoding="utf-8")
    done = old.run("move", "--to-file", secret, "--json")
    assert (done.status, done.json["went_on"], done.json["copied"]) == (0, False, True), done.err
    refused = old.run("serve", "--json")
    assert (refused.status, refused.json["error"]["code"]) == (1, "move.moved-away")
    assert unloaded(replace(old, database_url=url))["stored"] == 2


@pytest.mark.skipif(not amount.FULL, reason="takes its time")
def test_an_office_that_has_moved_finds_its_way_back(tmp_path):
    old = Shell(tmp_path / "data")
    old.installed()
    unloaded(old)
    assert old.run("backup", tmp_path / "backup").status == 0
    url = empty()
    assert old.run("move", "--to", url).status == 0
    new = replace(old, database_url=url)
    for command in (
        ("ledger", "verify"),
        ("check",),
        ("vault", "rebuild"),
        ("migrate",),
        ("move", "--to", url),
    ):
        refused = old.run(*command, "--json")
        assert (refused.status, refused.json["error"]["code"]) == (1, "move.moved-away"), command
    assert new.run("move", "--to", url, "--json").json["error"]["code"] == "move.backwards"
    assert unloaded(new, "card-2", takes(3, size=1100))["stored"] == 3
    verified = new.run("ledger", "verify", "--json")
    assert (verified.status, verified.json["faults"]) == (0, [])
    # Back on SQLite, with what the office did since.
    back = Shell(tmp_path / "back")
    shutil.copytree(old.data / "vault", back.data / "vault")
    given = ("--vault-password-file", old.password_file())
    restored = back.run("restore", tmp_path / "backup", *given, "--json")
    assert (restored.status, restored.json["recordings"]) == (0, 5), restored.err
    assert back.run("ledger", "verify").status == 0
