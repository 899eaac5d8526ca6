"""`aigaq check`: each thing that can be wrong is told, and a sound installation has none."""

import ast
import subprocess
import sys
import threading
from datetime import date, timedelta

import pytest
from django.core.servers.basehttp import get_internal_wsgi_application
from django.db import connection, transaction
from django.utils import translation

from aigaq import wiring
from aigaq.access.models import KeyWrap
from aigaq.cli import soundness, soundness_deploy
from aigaq.cli.listening import Server, Tls
from aigaq.core.clock import FixedClock, is_synchronised
from aigaq.ledger.services import MACHINE
from aigaq.media.confinement import Confinement
from aigaq.paperwork import typesetting
from aigaq.paperwork.typesetting import can_set
from aigaq.registry import services as registry
from aigaq.registry.models import Appointment, Role
from tests.support.command import Shell
from tests.support.databases import whatever_the_engine
from tests.support.installation import install
from tests.support.office import give_the_key
from tests.support.recorders import profile_text
from tests.support.tls import self_signed
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


@whatever_the_engine
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_key_that_others_reach_is_told(sound, mode):
    (sound / "keys" / "ledger.key").chmod(mode)
    assert "keys.exposed" in codes(sound)


@whatever_the_engine
def test_a_folder_that_others_reach_is_told(sound):
    sound.chmod(0o755)
    assert codes(sound) == ["keys.exposed"]


@whatever_the_engine
def test_a_key_behind_a_link_is_told(sound):
    key = sound / "keys" / "ledger.key"
    key.rename(sound / "moved.key")
    key.symlink_to(sound / "moved.key")
    assert "keys.owner" in codes(sound)


@whatever_the_engine
def test_another_installations_key_is_told(sound, tmp_path):
    other = tmp_path / "other"
    install(other)
    (sound / "keys" / "ledger.key").write_bytes((other / "keys" / "ledger.key").read_bytes())
    assert codes(sound) == ["ledger.foreign-key"]


@whatever_the_engine
def test_a_missing_vault_is_told(sound):
    (sound / "vault" / "aigaq-vault.json").unlink()
    assert "vault.none" in codes(sound)


@whatever_the_engine
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


@whatever_the_engine
def test_deployment_wants_https_and_named_hosts(sound, settings):
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "http://10.0.0.1:8000", ["*"]
    found = codes(sound, deploy=True)
    assert {"deploy.https", "deploy.hosts"} <= set(found)
    assert not {"deploy.https", "deploy.hosts"} & set(codes(sound))


def test_a_database_that_may_lose_a_commit_is_told(sound, monkeypatch):
    if connection.vendor == "postgresql":
        found = [each for each in soundness.problems(sound, deploy=False) if each.code not in LATE]
        assert [each.sentence(str) for each in found] == [
            "The database runs with fsync = off; it must be on to be safe."
        ]
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
    (problem,) = (each for each in soundness.problems(sound, deploy=False) if each.code == "appointments.two")
    with translation.override("kk"):
        assert "«Жауапты тұлға» міндеті" in problem.sentence(translation.gettext)


@whatever_the_engine
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


@whatever_the_engine
def test_a_wrong_file_of_ports_is_told(sound, settings, tmp_path):
    settings.PORTS = tmp_path / "ports.toml"
    settings.PORTS.write_text("names = 3")
    assert codes(sound) == ["dock.ports-file"]


@whatever_the_engine
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


@pytest.fixture
def deployed(sound, settings, monkeypatch):
    """Nothing to find but what a test makes wrong: not root, a clock that is kept right."""
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "http://localhost:8000", ["localhost"]
    settings.SECRET_FILES, settings.PLAIN_SECRETS, settings.METRICS_TOKEN = {}, [], ""
    settings.TLS_CERT = settings.TLS_KEY = ""
    monkeypatch.setattr("aigaq.cli.soundness_deploy.is_synchronised", lambda: True)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    # Asked for real in one test: it starts a program.
    monkeypatch.setattr(wiring, "confinement", lambda: Confinement(landlock=1, system_calls=True))
    return sound


def told():
    return [
        code for code, _message, _details in soundness_deploy.problems() if not code.startswith("django.")
    ]


def sentences():
    found = [soundness.Problem(*each).sentence(str) for each in soundness_deploy.problems()]
    assert all("{" not in sentence for sentence in found)
    return "\n".join(found)


def test_a_deployment_has_but_what_is_wrong(deployed, settings):
    assert told() == ["deploy.https"]
    settings.ALLOWED_HOSTS = ["aigaq.example.kz"]
    assert told() == ["deploy.public-host", "deploy.https"]
    settings.ALLOWED_HOSTS = ["localhost.example.kz", ".localhost"]
    assert told() == ["deploy.https"]


@whatever_the_engine
def test_a_clock_that_nothing_keeps_right_is_told(deployed, monkeypatch):
    for state, found in ((False, ["clock.free"]), (None, []), (True, [])):
        monkeypatch.setattr("aigaq.cli.soundness_deploy.is_synchronised", lambda state=state: state)
        assert [code for code in told() if code != "deploy.https"] == found
    assert is_synchronised() in {True, False, None}


@whatever_the_engine
def test_secrets_that_others_can_read_are_told(deployed, settings, tmp_path):
    secret = tmp_path / "token"
    settings.SECRET_FILES = {"AIGAQ_METRICS_TOKEN": secret}
    assert "secrets.file" in told()
    secret.write_text("x")
    for mode, found in ((0o600, False), (0o400, False), (0o640, True), (0o604, True)):
        secret.chmod(mode)
        assert ("secrets.exposed" in told()) is found, oct(mode)
    settings.PLAIN_SECRETS = ["AIGAQ_SMTP_URL"]
    assert "AIGAQ_SMTP_URL_FILE" in sentences()
    settings.METRICS_TOKEN = "short"
    assert "secrets.token" in told()


def test_settings_remember_which_secrets_stand_in_the_environment(tmp_path):
    shell = Shell(tmp_path / "data")
    code = "from aigaq import settings; print(settings.PLAIN_SECRETS, list(settings.SECRET_FILES))"
    (tmp_path / "token").write_text("a token")
    given = {
        "AIGAQ_SMTP_URL": "smtps://post.example.kz:465",
        "AIGAQ_S3_SECRET_KEY": "secret",
        "AIGAQ_METRICS_TOKEN_FILE": str(tmp_path / "token"),
        "AIGAQ_DATABASE_URL": "postgresql://aigaq:pass@127.0.0.1/aigaq",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**shell.environment(), **given},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "['AIGAQ_S3_SECRET_KEY', 'AIGAQ_DATABASE_URL'] ['AIGAQ_METRICS_TOKEN']", (
        done.stderr
    )


def setting(tmp_path, name, **given):
    """What becomes of a setting in a program that is given these."""
    environment = Shell(tmp_path / "data").environment()
    del environment["AIGAQ_IMMUTABLE"]
    done = subprocess.run(
        [sys.executable, "-c", f"from aigaq import settings; print(repr(settings.{name}))"],
        env={**environment, **given},
        capture_output=True,
        text=True,
        check=True,
    )
    return ast.literal_eval(done.stdout)


@pytest.mark.parametrize(
    ("given", "is_asked"), [(None, True), ("yes", True), ("true", True), ("Yes", True), ("no", False)]
)
def test_recordings_are_sealed_unless_that_is_refused_in_so_many_letters(tmp_path, given, is_asked):
    asked = {} if given is None else {"AIGAQ_IMMUTABLE": given}
    assert setting(tmp_path, "IMMUTABLE", **asked) is is_asked


def test_a_blank_after_a_comma_makes_no_other_host(tmp_path):
    hosts = setting(tmp_path, "ALLOWED_HOSTS", AIGAQ_HOSTS="aigaq.example.kz, 10.0.0.5,")
    assert hosts == ["aigaq.example.kz", "10.0.0.5"]


@pytest.mark.parametrize("name", ["SESSION", "CSRF", "UNLOCK"])
def test_under_https_no_neighbour_below_the_same_domain_can_set_our_cookies(tmp_path, name):
    over_https = {"AIGAQ_PUBLIC_URL": "https://aigaq.example.kz"}
    assert setting(tmp_path, f"{name}_COOKIE_NAME", **over_https).startswith("__Host-")
    assert not setting(tmp_path, f"{name}_COOKIE_NAME").startswith("__")


@pytest.mark.parametrize("url", ["https://aigaq.example.kz/", "https://Aigaq.Example.kz:443"])
def test_forms_are_taken_from_the_public_address_as_a_browser_spells_it(tmp_path, url):
    assert setting(tmp_path, "CSRF_TRUSTED_ORIGINS", AIGAQ_PUBLIC_URL=url) == ["https://aigaq.example.kz"]


@whatever_the_engine
def test_settings_of_the_log_that_are_wrong_are_told(deployed, settings):
    settings.LOG, settings.LOG_LEVEL = "xml", "LOUD"
    assert told() == ["log.setting", "log.setting", "deploy.https"]


def test_the_sandbox_of_this_computer_is_looked_at():
    assert wiring.confinement().limits


@whatever_the_engine
@pytest.mark.parametrize(
    ("confinement", "found"),
    [
        (None, ["media.none"]),
        (Confinement(), ["media.open"]),
        (Confinement(landlock=1), []),
        (Confinement(system_calls=True), []),
    ],
)
def test_a_sandbox_that_does_not_hold_is_told(deployed, monkeypatch, confinement, found):
    monkeypatch.setattr(wiring, "confinement", lambda: confinement)
    assert [code for code in told() if code != "deploy.https"] == found
    remarks = [code for code, _message, _details in soundness_deploy.remarks()]
    assert set(remarks) == ({"media.weak"} if confinement else set())


@whatever_the_engine
def test_fonts_without_kazakh_are_told(deployed, monkeypatch):
    assert can_set("ӘәҒғҚқҢңӨөҰұҮүҺһІі№₸")
    assert not can_set("\N{GRINNING FACE}")
    monkeypatch.setattr(typesetting, "_FAMILIES", ("No Such Serif",))
    assert "paper.fonts" in told()


@pytest.fixture
def https(deployed, settings, tmp_path):
    """The office speaks HTTPS by itself, with a certificate for a day."""
    pair = self_signed(tmp_path)
    pair.key.chmod(0o600)
    settings.TLS_CERT, settings.TLS_KEY = str(pair.cert), str(pair.key)
    server = Server(("127.0.0.1", 0), get_internal_wsgi_application(), Tls(pair.cert, pair.key))
    server.prepare()
    serving = threading.Thread(target=server.serve)
    serving.start()
    settings.PUBLIC_URL = f"https://localhost:{server.bind_addr[1]}"
    yield pair
    server.stop()
    serving.join()


@whatever_the_engine
def test_a_certificate_that_ends_soon_is_told_and_what_answers_is_asked(https, settings, monkeypatch):
    assert told() == ["tls.ends"]
    assert "ends in 0 days" in sentences()
    monkeypatch.setattr(soundness_deploy, "EXPIRES", timedelta())
    assert told() == []
    settings.PUBLIC_URL += "/behind"
    assert told() == ["deploy.proxy"]


@whatever_the_engine
def test_a_certificate_of_another_name_key_or_form_is_told(https, settings, tmp_path):
    port = settings.PUBLIC_URL.rpartition(":")[2]
    settings.PUBLIC_URL = f"https://127.0.0.1:{port}"
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    assert told() == ["tls.ends"]
    settings.PUBLIC_URL = f"https://[::1]:{port}"
    settings.ALLOWED_HOSTS = ["[::1]"]
    assert told() == ["tls.host", "tls.ends", "deploy.unreachable"]
    (tmp_path / "other").mkdir()
    other = self_signed(tmp_path / "other")
    other.key.chmod(0o600)
    settings.TLS_KEY = str(other.key)
    assert told()[0] == "tls.key"
    other.key.write_text("no key")
    assert told()[0] == "tls.files"


@whatever_the_engine
def test_an_office_that_nobody_reaches_is_told(deployed, settings):
    settings.PUBLIC_URL = "https://localhost:1"
    assert told() == ["deploy.unreachable"]
