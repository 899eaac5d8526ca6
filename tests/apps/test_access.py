"""The vault opens for its readers, for a while, for one session of one process; every look is entered first."""

import base64
import json
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction

from aigaq.access import looks, services
from aigaq.access.errors import LastReaderError, NotAReaderError, VaultExpiredError, VaultLockedError
from aigaq.access.models import KeyWrap
from aigaq.accounts.errors import TooManyAttemptsError
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE
from aigaq.vault.age import Identity
from aigaq.vault.keys import ShortVaultPasswordError, WrongVaultPasswordError
from tests.support.databases import whatever_the_engine
from tests.support.office import ADDRESS, give_the_key, vault_password_of

PROCESS = b"p" * 32
SESSION = "session-of-the-custodian"

pytestmark = pytest.mark.django_db


@pytest.fixture
def identity():
    return Identity.generate()


@pytest.fixture
def reading(office, identity):
    for person in (office.head, office.custodian):
        give_the_key(person, identity)
    return office


def unlock(office, person=None, password=None, process_secret=PROCESS, session_id=SESSION):
    person = person or office.custodian
    password = password or vault_password_of(person.user.username)
    return services.unlock(
        office.ledger,
        office.by(person),
        person.user,
        password,
        process_secret=process_secret,
        session_id=session_id,
        address=ADDRESS,
    )


def opened(office, unlocked, **other):
    parts = {
        "unlocked_sealed": unlocked.sealed,
        "cookie_secret": unlocked.cookie_secret,
        "process_secret": PROCESS,
        "session_id": SESSION,
        "now": office.clock.now(),
    }
    return services.opened(**{**parts, **other})


def kinds():
    return list(
        LedgerEntry.objects.filter(kind__startswith="access.").order_by("seq").values_list("kind", flat=True)
    )


def test_head_and_custodian_open_it_each_with_their_own_password(reading, identity):
    for person in (reading.head, reading.custodian):
        assert opened(reading, unlock(reading, person)) == identity
    with pytest.raises(WrongVaultPasswordError):
        unlock(reading, reading.head, vault_password_of(reading.custodian.user.username))


def test_it_is_open_for_a_quarter_of_an_hour(reading, identity):
    unlocked = unlock(reading)
    assert unlocked.expires_at == reading.clock.now() + timedelta(minutes=15)
    reading.clock.instant += timedelta(minutes=15, seconds=-1)
    assert opened(reading, unlocked) == identity
    reading.clock.instant += timedelta(seconds=1)
    with pytest.raises(VaultExpiredError):
        opened(reading, unlocked)


def test_the_database_with_the_session_store_does_not_open_it(reading, identity):
    unlocked = unlock(reading)
    store = SessionStore()
    store["vault"] = unlocked.sealed
    store.save()
    dump = everything_in_the_database()
    assert (
        unlocked.sealed in dump
        or base64.b64encode(unlocked.sealed.encode()).decode() in dump
        or store.session_key in dump
    )
    for secret in ("", unlocked.sealed, unlocked.sealed[:43], "A" * 43):
        with pytest.raises(VaultLockedError):
            opened(reading, unlocked, cookie_secret=secret)
    assert unlocked.cookie_secret not in dump
    assert str(identity) not in dump
    assert identity.octets.hex() not in dump
    assert identity.octets not in base64.urlsafe_b64decode(unlocked.sealed + "==")


@whatever_the_engine
def test_the_cookie_does_not_open_it(reading):
    unlocked = unlock(reading)
    for sealed in ("", unlocked.cookie_secret, "A" * len(unlocked.sealed)):
        with pytest.raises(VaultLockedError):
            opened(reading, unlocked, unlocked_sealed=sealed)


def test_a_restart_locks_it(reading):
    unlocked = unlock(reading)
    with pytest.raises(VaultLockedError):
        opened(reading, unlocked, process_secret=b"q" * 32)


def test_another_session_does_not_open_it(reading):
    unlocked = unlock(reading)
    with pytest.raises(VaultLockedError):
        opened(reading, unlocked, session_id="session-of-somebody")


def test_the_expiry_can_not_be_moved(reading):
    unlocked = unlock(reading)
    octets = bytearray(base64.urlsafe_b64decode(unlocked.sealed + "=="))
    octets[18] += 1
    with pytest.raises(VaultLockedError) as refused:
        opened(reading, unlocked, unlocked_sealed=base64.urlsafe_b64encode(octets).decode().rstrip("="))
    assert not isinstance(refused.value, VaultExpiredError)


@whatever_the_engine
def test_every_flipped_bit_of_the_three_parts_locks_it(reading):
    unlocked = unlock(reading)
    for part in ("sealed", "cookie_secret"):
        octets = base64.urlsafe_b64decode(getattr(unlocked, part) + "==")
        name = {"sealed": "unlocked_sealed", "cookie_secret": "cookie_secret"}[part]
        for bit in range(8 * len(octets)):
            flipped = bytearray(octets)
            flipped[bit // 8] ^= 1 << bit % 8
            with pytest.raises(VaultLockedError):
                opened(reading, unlocked, **{name: base64.urlsafe_b64encode(flipped).decode().rstrip("=")})


@whatever_the_engine
@pytest.mark.parametrize("rubbish", ["ә", "a b", "=", "%%%%", "\n"])
def test_rubbish_in_the_cookie_or_the_session_locks_it(reading, rubbish):
    unlocked = unlock(reading)
    for name in ("unlocked_sealed", "cookie_secret"):
        with pytest.raises(VaultLockedError):
            opened(reading, unlocked, **{name: rubbish})


def test_two_unlocks_share_nothing(reading):
    first, second = unlock(reading), unlock(reading)
    assert first.sealed != second.sealed
    assert first.cookie_secret != second.cookie_secret
    with pytest.raises(VaultLockedError):
        opened(reading, first, cookie_secret=second.cookie_secret)


def test_inspector_and_administrator_are_refused_by_paragraph_14(reading, identity):
    for person in (reading.inspector, reading.administrator):
        with pytest.raises(NotAReaderError) as refused:
            unlock(reading, person)
        assert refused.value.paragraph == "14"
    assert kinds()[-2:] == ["access.unlock-refused"] * 2


def test_who_was_relieved_keeps_the_password_and_not_the_right(reading):
    reading.clock.instant += timedelta(days=30)
    appointment = reading.custodian.appointments.get()
    appointment.until_on = reading.clock.now().date() - timedelta(days=1)
    appointment.save()
    with pytest.raises(NotAReaderError):
        unlock(reading)


def test_guessing_the_vault_password_is_slowed_and_entered(reading):
    for _ in range(3):
        with pytest.raises(WrongVaultPasswordError):
            unlock(reading, password="not the vault password")
    with pytest.raises(TooManyAttemptsError) as refused:
        unlock(reading)
    assert refused.value.details["seconds"] == 2
    assert kinds()[-3:] == ["access.unlock-refused"] * 3
    reading.clock.instant += timedelta(seconds=2)
    unlock(reading)
    assert kinds()[-1] == "access.unlocked"


def test_a_reader_is_added_with_a_password_of_their_own(office, identity):
    services.add_reader(office.ledger, MACHINE, office.head.user, identity, "төрт бөлек сөз жеткілікті")
    wrapped = KeyWrap.objects.get().wrapped
    assert json.loads(wrapped)["kdf"]["memory_kib"] == 64 * 1024
    assert opened(office, unlock(office, office.head, "төрт бөлек сөз жеткілікті")) == identity
    assert kinds() == ["access.reader-added", "access.unlocked"]


@whatever_the_engine
def test_a_weak_vault_password_is_refused(office, identity):
    with pytest.raises(ShortVaultPasswordError):
        services.add_reader(office.ledger, MACHINE, office.head.user, identity, "short")
    assert not KeyWrap.objects.exists()


def test_another_wrap_takes_the_place_of_the_first(reading, identity):
    user = reading.custodian.user
    services.add_reader(reading.ledger, reading.by(reading.head), user, identity, "another four words here")
    assert KeyWrap.objects.count() == 2
    assert opened(reading, unlock(reading, password="another four words here")) == identity
    with pytest.raises(WrongVaultPasswordError):
        unlock(reading)


def test_the_last_reader_stays(reading):
    by = reading.by(reading.head)
    services.remove_reader(reading.ledger, by, reading.custodian.user)
    services.remove_reader(reading.ledger, by, reading.custodian.user)
    with pytest.raises(NotAReaderError):
        unlock(reading)
    with pytest.raises(LastReaderError):
        services.remove_reader(reading.ledger, by, reading.head.user)
    assert kinds().count("access.reader-removed") == 1


def test_locking_is_entered(reading):
    services.locked(reading.ledger, reading.by(reading.custodian), "asked")
    assert kinds()[-1] == "access.locked"


def test_a_look_is_entered_under_the_right_of_who_looks(reading):
    by = reading.by(reading.custodian)
    row = looks.look(reading.ledger, by, "played", {"content_digest": "sha256:" + "0" * 64})
    entry = json.loads(row.entry)
    assert entry["kind"] == "access.played"
    assert entry["actor"]["name"] == reading.custodian.full_name
    assert entry["right"]["role"] == "custodian"
    assert entry["division"] == str(reading.division.pk)


@pytest.mark.django_db(transaction=True)
def test_a_look_is_not_entered_where_it_could_be_taken_back(ledger):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        looks.look(ledger, MACHINE, "played", {})


def everything_in_the_database():
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)
