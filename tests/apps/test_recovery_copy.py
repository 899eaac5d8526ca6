"""The ledger's copy in the vault: how far it goes, what it refuses, and what somebody can do to it."""

import errno
import os
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

from aigaq.ingest.identity import write_identity
from aigaq.ledger.models import Checkpoint, LedgerEntry
from aigaq.ledger.services import MACHINE
from aigaq.recovery import rules, segments
from aigaq.recovery.copying import Copier, require_current
from aigaq.recovery.errors import (
    CopyIncompleteError,
    NoCopyError,
    OlderDatabaseError,
    OtherHistoryError,
    OtherLedgerError,
)
from aigaq.recovery.rebuild import first_words, rebuild, require_same_ledger
from aigaq.recovery.segments import SegmentName
from aigaq.recovery.shelf import LedgerCopy, by_password
from aigaq.registry.models import Card, Person
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.signing import Ed25519Signer
from aigaq.vault.age import AgeNoMatchError, Identity
from aigaq.vault.backends.memory import MemoryBackend
from aigaq.vault.errors import VaultReadError
from tests.support.office import give_the_key, vault_password_of
from tests.support.vaults import IDENTITY, local_vault

pytestmark = pytest.mark.django_db(transaction=True)

VAULT = "0" * 32


class Kept:
    """An office, the vault's shelf, and who copies the one to the other."""

    def __init__(self, office) -> None:
        self.office = office
        self.shelf = MemoryBackend()
        self.copy = LedgerCopy(self.shelf)
        self.key = VerifierKey.of(office.ledger.signer)

    @property
    def copier(self) -> Copier:
        """As a process has it that was just started."""
        return Copier(self.office.ledger, self.shelf, vault=VAULT, recipient=IDENTITY.recipient)

    def happens(self, count: int = 1) -> None:
        for _ in range(count):
            with transaction.atomic():
                self.office.ledger.append("vault.scrubbed", MACHINE, {"checked": 0})

    def names(self) -> list[SegmentName]:
        found = [name for name in self.shelf.papers if name.endswith(".checkpoint")]
        return sorted(SegmentName.parse(name.rpartition("/")[2]) for name in found)

    def rebuild(self) -> tuple[int, int]:
        return rebuild(self.copy, [IDENTITY], self.key)


@pytest.fixture
def kept(office):
    give_the_key(office.head, IDENTITY)
    kept = Kept(office)
    kept.copier.write()
    return kept


def lose_the_database():
    TransactionTestCase._fixture_teardown(None)


def put_back(rows):
    """A database as it was when `rows` were taken: entries and checkpoints are what counts here."""
    lose_the_database()
    entries, checkpoints = rows
    LedgerEntry.objects.bulk_create(entries)
    Checkpoint.objects.bulk_create(checkpoints)


def rows():
    return list(LedgerEntry.objects.order_by("seq")), list(Checkpoint.objects.order_by("size"))


def test_what_is_copied_once_is_not_copied_again(kept):
    assert kept.copier.write() == 0
    kept.happens(3)
    assert kept.copier.write() == 3
    assert [(name.start, name.stop) for name in kept.names()][1:] == [
        (kept.names()[0].stop, LedgerEntry.objects.count())
    ]


def test_nobody_reads_an_entry_without_the_key(kept):
    person = Person.objects.first().full_name.encode()
    assert all(person not in octets for octets in kept.shelf.papers.values())
    name = kept.names()[0]
    assert person in segments.opened(name, kept.shelf.papers[name.sealed], [IDENTITY]).encode()


def test_a_reader_opens_it_by_their_password_alone(kept):
    password = vault_password_of("aigerim")
    identity, reader = by_password(kept.copy.wraps(), password, IDENTITY.__eq__)
    assert (str(identity), reader) == (str(IDENTITY), str(kept.office.head.user_id))


def test_what_is_put_beside_the_keys_keeps_no_reader_out(office, tmp_path, monkeypatch):
    give_the_key(office.head, IDENTITY)
    vault = local_vault(tmp_path / "vault")
    Copier(office.ledger, vault.backend, vault=vault.id, recipient=IDENTITY.recipient).write()
    keys = tmp_path / "vault" / "keys"
    (keys / "Thumbs.db").write_bytes(b"of another system")
    (keys / "zz.json").mkdir()
    (keys / "z.json").symlink_to(keys / "Thumbs.db")
    (keys / "zzz.json").write_bytes(b"in a bad sector")
    bad, real = (keys / "zzz.json").stat().st_ino, os.preadv

    def fails(fd, buffers, offset):
        if os.fstat(fd).st_ino == bad:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(fd, buffers, offset)

    monkeypatch.setattr(os, "preadv", fails)
    wraps = LedgerCopy(vault.backend).wraps()
    assert by_password(wraps, vault_password_of("aigerim"), IDENTITY.__eq__)[0] == IDENTITY


def test_an_older_database_is_noticed_without_any_key(kept):
    before = rows()
    kept.happens(2)
    kept.copier.write()
    put_back(before)
    with pytest.raises(OlderDatabaseError) as refused:
        require_current(kept.copy, kept.key)
    assert refused.value.details == {"here": len(before[0]), "there": len(before[0]) + 2}
    with pytest.raises(OlderDatabaseError):
        kept.copier.write()


def test_an_older_database_that_was_written_to_is_another_history(kept):
    before = rows()
    kept.happens()
    kept.copier.write()
    put_back(before)
    with transaction.atomic():
        kept.office.ledger.append("vault.scrubbed", MACHINE, {"checked": 1})
    with pytest.raises(OtherHistoryError):
        kept.copier.write()
    with pytest.raises(OtherHistoryError):
        kept.rebuild()


def test_an_older_database_catches_up_and_loses_nothing(kept):
    before = rows()
    kept.happens(5)
    kept.copier.write()
    kept.happens(2)
    kept.copier.write()
    whole = [entry.entry for entry in rows()[0]]
    put_back(before)
    assert kept.rebuild() == (len(before[0]), len(whole))
    assert [entry.entry for entry in rows()[0]] == whole
    assert kept.rebuild() == (len(whole), len(whole))


def test_a_copy_with_a_file_missing_or_changed_stops_and_leaves_the_database_as_it_was(kept):
    kept.happens()
    kept.copier.write()
    first, last = kept.names()
    sealed = kept.shelf.papers[first.sealed]
    lose_the_database()
    for octets in (None, sealed[:-1], sealed[:300] + bytes([sealed[300] ^ 1]) + sealed[301:]):
        kept.shelf.papers.pop(first.sealed, None)
        if octets is not None:
            kept.shelf.papers[first.sealed] = octets
        with pytest.raises(CopyIncompleteError):
            kept.rebuild()
        assert not LedgerEntry.objects.exists()
    kept.shelf.papers[first.sealed] = sealed
    assert kept.rebuild() == (0, last.stop)


def test_a_card_that_was_registered_and_written_in_one_minute_comes_back_once(office, tmp_path):
    give_the_key(office.head, IDENTITY)
    kept = Kept(office)
    write_identity(office.ledger, office.by(office.custodian), tmp_path, card=office.card, installation=VAULT)
    kept.copier.write()
    stop = kept.names()[-1].stop
    lose_the_database()
    assert kept.rebuild() == (0, stop)
    assert Card.objects.get().inventory_number == office.card.inventory_number


class BadSector:
    """Files that a store does not give back, as a disk says it."""

    def __init__(self, monkeypatch) -> None:
        self.names: set[str] = set()
        read = MemoryBackend.read_beside

        def fails(shelf, name, *, fresh=False):
            if name in self.names:
                raise VaultReadError(reason="Input/output error")
            return read(shelf, name, fresh=fresh)

        monkeypatch.setattr(MemoryBackend, "read_beside", fails)


@pytest.fixture
def bad_sector(monkeypatch):
    return BadSector(monkeypatch)


@pytest.mark.parametrize("file", ["sealed", "signed"])
def test_a_part_that_the_disk_does_not_give_back_is_passed_over_for_one_written_anew(kept, bad_sector, file):
    stop = kept.names()[0].stop
    kept.copier.renew(0, stop)
    for bad in kept.names():
        bad_sector.names = {getattr(bad, file)}
        assert [each.ledger_key for each in first_words(kept.copy, [IDENTITY])] == [kept.key]
        lose_the_database()
        assert kept.rebuild() == (0, stop)


def test_a_beginning_that_the_disk_does_not_give_back_is_not_said_to_be_missing(kept, bad_sector):
    bad_sector.names = {kept.names()[0].sealed}
    with pytest.raises(VaultReadError):
        first_words(kept.copy, [IDENTITY])


def test_the_copy_is_not_taken_for_shorter_than_it_may_be(kept, bad_sector):
    """Whoever went on from there would write another history."""
    kept.happens()
    kept.copier.write()
    first, newest = kept.names()
    bad_sector.names = {newest.signed}
    with pytest.raises(VaultReadError):
        kept.copy.newest(kept.key)
    bad_sector.names = {first.signed}
    assert kept.copy.newest(kept.key).name == newest


def test_a_database_that_has_all_of_it_goes_on_though_the_disk_does_not_give_back_the_newest(
    kept, bad_sector
):
    bad_sector.names = {kept.names()[0].signed}
    stop = kept.names()[0].stop
    assert kept.copier.write() == stop
    assert require_current(kept.copy, kept.key) == stop


def test_two_processes_that_copy_at_the_same_time_do_no_harm(kept):
    begun = kept.names()[0].stop
    one, other = kept.copier, kept.copier
    one.write(), other.write()
    kept.happens()
    one.write()
    kept.happens()
    other.write()
    assert [(name.start, name.stop) for name in kept.names()[1:]] == [(begun, begun + 1), (begun, begun + 2)]
    lose_the_database()
    assert kept.rebuild() == (0, begun + 2)


def test_what_is_put_beside_it_unsigned_or_with_another_key_stops_nobody(kept):
    stop = kept.names()[0].stop
    other = Ed25519Signer.generate(kept.key.name)
    segment = segments.Segment(start=stop, vault=VAULT, ledger_key=str(kept.key), entries=[b"{}"] * 9)
    octets = segments.sealed(segment, IDENTITY.recipient)
    name = segments.name_of(segment, octets)
    kept.shelf.put_beside(name.sealed, octets)
    kept.shelf.put_beside(name.signed, segments.signed(name, bytes(32), other))
    moved = replace(kept.names()[0], stop=stop + 4)
    kept.shelf.put_beside(moved.signed, kept.shelf.papers[kept.names()[0].signed])
    assert require_current(kept.copy, kept.key) == stop
    lose_the_database()
    assert kept.rebuild() == (0, stop)


@pytest.mark.parametrize(
    ("ledger_key", "recipient"),
    [("of nobody", Identity.generate().recipient), (5, IDENTITY.recipient), ([], IDENTITY.recipient)],
)
def test_a_beginning_that_somebody_put_there_hides_the_offices_own_from_nobody(kept, ledger_key, recipient):
    forged = segments.Segment(start=0, vault=VAULT, ledger_key=ledger_key, entries=[b"{}"])
    octets = segments.sealed(forged, recipient)
    name = segments.name_of(forged, octets)
    kept.shelf.put_beside(name.sealed, octets)
    kept.shelf.put_beside(name.signed, b"of nobody")
    assert [each.ledger_key for each in first_words(kept.copy, [IDENTITY])] == [kept.key]


def test_a_backup_of_another_ledger_is_not_taken_for_the_one_that_the_vault_has_a_copy_of(kept):
    """Anybody can make a backup of a ledger of their own, sealed to this vault's public key."""
    require_same_ledger(kept.copy, [IDENTITY], kept.key)
    with pytest.raises(OtherLedgerError):
        require_same_ledger(kept.copy, [IDENTITY], VerifierKey.of(Ed25519Signer.generate("aigaq/forger")))


def test_a_vault_without_a_copy_speaks_for_no_ledger(office):
    empty = Kept(office)
    require_same_ledger(empty.copy, [IDENTITY], empty.key)
    forged = segments.Segment(start=0, vault=VAULT, ledger_key="of nobody", entries=[b"{}"])
    octets = segments.sealed(forged, Identity.generate().recipient)
    name = segments.name_of(forged, octets)
    empty.shelf.put_beside(name.sealed, octets)
    empty.shelf.put_beside(name.signed, b"of nobody")
    require_same_ledger(empty.copy, [IDENTITY], empty.key)


def test_with_another_vaults_key_no_beginning_is_read(kept):
    with pytest.raises(AgeNoMatchError):
        first_words(kept.copy, [Identity.generate()])


def test_without_a_copy_there_is_nothing_to_rebuild_from(office):
    with pytest.raises(NoCopyError):
        Kept(office).rebuild()


def test_the_copy_is_never_long_behind(kept):
    now = kept.office.clock.now()
    kept.happens()
    assert kept.copier.attend(now) == 0
    assert kept.copier.attend(now + rules.PATIENCE) == 1
    kept.office.clock.instant = now - timedelta(days=1)
    kept.happens()
    kept.office.clock.instant = now - timedelta(days=2)
    assert kept.copier.attend(kept.office.clock.now()) == 1


def test_the_counters_of_a_rebuilt_database_go_on(kept):
    lose_the_database()
    kept.rebuild()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('registry_appointment', 'id'))")
            (drawn,) = cursor.fetchone()
            cursor.execute("SELECT max(id) FROM registry_appointment")
            assert drawn > cursor.fetchone()[0]
    person = Person.objects.first()
    assert person.appointments.create(
        division=person.division,
        role="inspector",
        from_on="2026-01-01",
        order_number="1",
        entered_at=kept.office.clock.now(),
    ).pk
