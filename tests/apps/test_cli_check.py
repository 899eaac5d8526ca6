"""`aigaq check`: each thing that can be wrong is told, and a sound installation has none."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from aigaq import wiring
from aigaq.access.models import KeyWrap
from aigaq.cli import soundness
from aigaq.core.clock import FixedClock
from aigaq.ledger.services import MACHINE
from aigaq.registry import services as registry
from aigaq.registry.models import Appointment, Role
from tests.support.installation import install
from tests.support.office import give_the_key
from tests.support.recorders import profile_text
from tests.support.vaults import IDENTITY

pytestmark = pytest.mark.django_db

LATE = {"copy.behind", "backup.none"}


@pytest.fixture
def sound(office, tmp_path, settings):
    """An office of one division whose head and custodian can open the vault."""
    data = tmp_path / "data"
    install(data)
    settings.DATA, settings.VAULT = data, data / "vault"
    for person in (office.head, office.custodian, office.sister_head, office.sister_custodian):
        give_the_key(person, IDENTITY)
    return data


def codes(data, *, deploy=False):
    """What is found, but for the tests' own PostgreSQL, which runs without fsync and is always told.

    And but for what is late by the clock of this computer: the office's own stands still, days ago.
    """
    found = [problem.code for problem in soundness.problems(data, deploy=deploy) if problem.code not in LATE]
    if connection.vendor == "postgresql":
        found.remove("database.setting")
    return found


def test_a_sound_installation_has_no_problem(sound):
    assert codes(sound) == []


def test_every_problem_is_a_sentence(sound, office, monkeypatch):
    KeyWrap.objects.all().delete()
    monkeypatch.setattr(soundness, "LEAST_FREE", 2**70)
    (sound / "keys" / "ledger.key").chmod(0o644)
    problems = soundness.problems(sound, deploy=True)
    assert len(problems) >= 5
    for problem in problems:
        sentence = problem.sentence(str)
        assert "{" not in sentence
        assert sentence.endswith((".", "/ledger.key"))


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_key_that_others_reach_is_told(sound, mode):
    (sound / "keys" / "ledger.key").chmod(mode)
    assert "keys.exposed" in codes(sound)


def test_a_folder_that_others_reach_is_told(sound):
    sound.chmod(0o755)
    assert codes(sound) == ["keys.exposed"]


def test_a_key_behind_a_link_is_told(sound):
    key = sound / "keys" / "ledger.key"
    key.rename(sound / "moved.key")
    key.symlink_to(sound / "moved.key")
    assert "keys.owner" in codes(sound)


def test_another_installations_key_is_told(sound, tmp_path):
    other = tmp_path / "other"
    install(other)
    (sound / "keys" / "ledger.key").write_bytes((other / "keys" / "ledger.key").read_bytes())
    assert codes(sound) == ["ledger.foreign-key"]


def test_a_missing_vault_is_told(sound):
    (sound / "vault" / "aigaq-vault.json").unlink()
    assert "vault.none" in codes(sound)


def test_a_full_disk_is_told(sound, monkeypatch):
    monkeypatch.setattr(soundness, "LEAST_FREE", 2**70)
    assert set(codes(sound)) == {"disk"}


def test_a_clock_before_the_newest_entry_is_told(sound, office, monkeypatch):
    with transaction.atomic():
        office.ledger.append("test.written", MACHINE, {})
    for hours, found in ((0, []), (-2, ["clock"]), (-24 * 400, ["clock"])):
        clock = FixedClock(office.clock.now() + timedelta(hours=hours))
        monkeypatch.setattr(wiring, "clock", lambda clock=clock: clock)
        assert [code for code in codes(sound) if code == "clock"] == found


def test_one_reader_alone_is_told(sound, office):
    KeyWrap.objects.exclude(reader=office.head.user).delete()
    assert codes(sound) == ["readers.few", "readers.none"]


def test_a_damaged_wrap_is_told(sound, office):
    wrap = KeyWrap.objects.get(reader=office.head.user)
    wrap.wrapped = wrap.wrapped.replace('"sealed":"', '"sealed":"0')
    wrap.save()
    assert codes(sound) == ["readers.damaged"]


@pytest.mark.parametrize("table", ["ledger_ledgerentry", "journal_journalrow", "recordings_blob"])
def test_a_dropped_trigger_is_told(sound, table):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_change")
        else:
            cursor.execute(f"DROP TRIGGER {table}_no_delete")
    assert codes(sound) == ["triggers"]


def test_a_missing_migration_is_told(sound):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'ingest'")
    assert codes(sound) == ["migrations"]


def test_deployment_wants_https_and_named_hosts(sound, settings):
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "http://10.0.0.1:8000", ["*"]
    found = codes(sound, deploy=True)
    assert {"deploy.https", "deploy.hosts"} <= set(found)
    assert not {"deploy.https", "deploy.hosts"} & set(codes(sound))


def test_a_database_that_may_lose_a_commit_is_told(sound, monkeypatch):
    if connection.vendor == "postgresql":
        told = [problem.sentence(str) for problem in soundness.problems(sound, deploy=False)]
        assert told == ["The database runs with fsync = off; it must be on to be safe."]
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers=OFF")
        try:
            assert codes(sound) == ["database.setting"]
        finally:
            cursor.execute("PRAGMA recursive_triggers=ON")


def ends(person, day):
    Appointment.objects.filter(person=person).update(until_on=day)


def test_a_key_whose_appointment_is_over_is_told_until_it_is_swept(sound, office, monkeypatch):
    monkeypatch.setattr(wiring, "clock", lambda: office.clock)
    ends(office.sister_custodian, date(2026, 11, 19))
    assert codes(sound) == ["readers.ended"]
    registry.attend(office.ledger)
    assert codes(sound) == []


def test_a_day_to_come_without_a_reader_is_told(sound, office, monkeypatch):
    monkeypatch.setattr(wiring, "clock", lambda: office.clock)
    ends(office.custodian, date(2026, 12, 31))
    assert codes(sound) == []
    ends(office.head, date(2026, 11, 30))
    assert codes(sound) == ["appointments.gap"]
    (problem,) = [each for each in soundness.problems(sound, deploy=False) if each.code == "appointments.gap"]
    assert "from 2027-01-01 on nobody" in problem.sentence(str)


def test_two_custodians_that_somebody_wrote_into_the_database_are_told(sound, office):
    Appointment.objects.create(
        person=office.sister_custodian,
        division=office.division,
        role=Role.CUSTODIAN,
        from_on=date(2026, 1, 12),
        order_number="x",
        entered_at=office.clock.now(),
    )
    assert codes(sound) == ["appointments.two"]


def test_that_no_card_can_be_mounted_is_a_remark_unless_it_was_asked_for(sound, settings, monkeypatch):
    monkeypatch.setattr(wiring, "may_mount", lambda: False)
    for setting, problems, remarks in (
        ("no", [], []),
        ("auto", [], ["dock.rights"]),
        ("yes", ["dock.rights"], []),
    ):
        settings.USB = setting
        assert codes(sound) == problems
        told = [remark.code for remark in soundness.remarks() if remark.code != "copies.none"]
        assert told == remarks
    settings.USB = "perhaps"
    assert codes(sound) == ["usb.setting"]


def test_a_wrong_file_of_ports_is_told(sound, settings, tmp_path):
    settings.PORTS = tmp_path / "ports.toml"
    settings.PORTS.write_text("names = 3")
    assert codes(sound) == ["dock.ports-file"]


def test_a_recorder_profile_that_is_broken_is_told_with_what_to_write(sound, settings):
    settings.RECORDERS = sound / "recorders"
    settings.RECORDERS.mkdir()
    (settings.RECORDERS / "ours.toml").write_text(profile_text('colour = "red"'), encoding="utf-8")
    (problem,) = soundness.problems(sound, deploy=False)[:1]
    assert problem.code == "recorders.broken-profile"
    assert "ours.toml can't be used: colour: there is no such key" in problem.sentence(str)
    (settings.RECORDERS / "ours.toml").write_text(profile_text(), encoding="utf-8")
    assert codes(sound) == []


def test_what_is_not_copied_and_not_backed_up_for_long_is_told(sound, monkeypatch):
    def late():
        return [
            each.code for each in soundness.problems(sound, deploy=False) if each.code != "database.setting"
        ]

    assert late() == ["copy.behind", "backup.none"]
    wiring.copy_ledger()
    assert late() == ["backup.none"]
    with transaction.atomic():
        wiring.ledger().append("backup.made", MACHINE, {})
    assert late() == []
    later = FixedClock(wiring.clock().now() + timedelta(days=3))
    monkeypatch.setattr(wiring, "clock", lambda: later)
    assert {"copy.behind", "backup.old"} <= set(late())
