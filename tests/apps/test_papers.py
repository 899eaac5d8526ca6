"""What lies beside the blobs is read through, too: the ledger's copy and the wrapped keys, in every place."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import translation

from aigaq.copies import checks
from aigaq.copies.models import VAULT, Finding, Round
from aigaq.copies.papers import DATABASE
from aigaq.incidents import services as incidents
from aigaq.incidents.models import Incident
from aigaq.ingest.models import Unload
from aigaq.ledger import comparison
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE
from aigaq.recovery import gathering
from aigaq.recovery.copying import Copier
from aigaq.recovery.papers import LedgerPapers
from aigaq.recovery.segments import SegmentName
from aigaq.recovery.shelf import Chain, LedgerCopy
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.vault import copying
from aigaq.vault.age import Identity
from aigaq.vault.rotation import put_earlier, with_earlier
from aigaq.web.incidents.words import sentence
from tests.support.copies import Shelf, lose
from tests.support.office import give_the_key
from tests.support.vaults import IDENTITY, flip

pytestmark = pytest.mark.django_db(transaction=True)


class Papered(Shelf):
    """With the ledger's copy in the vault, in several segments, and in the copy."""

    def __post_init__(self):
        super().__post_init__()
        self.key = VerifierKey.of(self.office.ledger.signer)
        self.copier = Copier(
            self.office.ledger,
            self.vault.backend,
            vault=self.vault.id,
            recipient=self.vault.recipient,
        )
        give_the_key(self.office.head, IDENTITY)
        for _ in range(3):
            self.copier.write()
            with transaction.atomic():
                self.office.ledger.append("vault.checked", MACHINE, {})
        self.copier.write()

    @property
    def places(self):
        found = super().places
        object.__setattr__(found, "papers", lambda: LedgerPapers(self.copier, self.key))
        return found

    def papers(self, kind, name="vault"):
        return sorted((self.folder / name).glob(f"[lk]*/**/{kind}"))

    def reads_all(self, name="vault"):
        """Every entry, from the segments of a place."""
        chain, at = Chain(LedgerCopy(self.disk(name)), self.key), 0
        while link := next((each for each in chain.at(at) if self._opens(each, name)), None):
            at = link.name.stop
        return at

    def _opens(self, link, name):
        try:
            return LedgerCopy(self.disk(name)).read(link.name, [IDENTITY])
        except Exception:  # noqa: BLE001 - whatever is wrong with it
            return None


@pytest.fixture
def shelf(office, tmp_path):
    shelf = Papered(office, tmp_path)
    shelf.unload(1)
    shelf.copier.write()
    shelf.copies()
    return shelf


def found(shelf):
    return [
        (each.place, each.kind, getattr(getattr(each, "healing", None), "source", None))
        for each in Finding.objects.order_by("seq")
    ]


def test_what_is_whole_is_found_to_be(shelf):
    shelf.scrubs()
    assert found(shelf) == []
    assert Round.objects.filter(ended_at=None).count() == 0


@pytest.mark.parametrize("kind", ["*-*.age", "*.checkpoint", "*.json"])
@pytest.mark.parametrize("place", ["vault", "disk"])
def test_what_went_bad_is_written_anew_beside_it(shelf, kind, place):
    bad = shelf.papers(kind, place)[0]
    flip(bad, 40)
    octets, end = bad.read_bytes(), shelf.reads_all("vault" if place == "disk" else "disk")
    shelf.scrubs()
    assert found(shelf) == [(place, "damaged", DATABASE)]
    assert bad.read_bytes() == octets, "it stays as it was found"
    assert shelf.reads_all(place) >= end
    shelf.scrubs()
    assert len(found(shelf)) == 1
    assert list(comparison.compare([checks.STATEMENT])) == []


def test_what_is_missing_in_the_vault_comes_back_from_a_copy_and_the_head_is_told(shelf, office):
    for path in shelf.papers("*-*.age")[:1] + shelf.papers("*.checkpoint")[:1]:
        lose(path)
    shelf.scrubs()
    assert {each[0] for each in found(shelf)} == {VAULT}
    assert shelf.reads_all() >= shelf.reads_all("disk")
    incidents.catch_up(office.ledger)
    with translation.override("en"):
        told = [sentence(each) for each in Incident.objects.filter(kind="store-fault")]
    assert told
    assert all("a part of the ledger's copy" in each for each in told)


def test_what_no_copy_has_comes_from_the_database(shelf):
    """The whole of the ledger's copy is gone, in the vault and on the disk, while the office goes on."""
    end = shelf.copier.known
    for name in ("vault", "disk"):
        for path in shelf.papers("*-*.age", name) + shelf.papers("*.checkpoint", name):
            lose(path)
    shelf.scrubs()
    assert found(shelf) == [(VAULT, "missing", DATABASE)]
    assert shelf.reads_all() >= end


def test_an_old_part_written_anew_has_the_unloads_of_its_own_time_alone(shelf, office, monkeypatch):
    before = LedgerEntry.objects.count()
    for number in range(3):
        office.clock.instant += timedelta(days=30)
        with transaction.atomic():
            office.ledger.append("vault.checked", MACHINE, {})
        office.clock.instant += timedelta(minutes=1)
        shelf.unload(1, size=2000 + number, name=f"card-{number}")
    monkeypatch.setattr(gathering, "MOST_ENTRIES", before)
    copy = LedgerCopy(shelf.vault.backend)
    names = [SegmentName.parse(name.rpartition("/")[2]) for name in shelf.copier.renew(0, before)]
    rows = [row.table for row in copy.read(names[0], [IDENTITY]).rows]
    assert (len(names), rows.count("ingest.unload"), rows.count("ingest.sighting")) == (2, 1, 1)
    shelf.copier.write()
    told = {row.values["id"] for row in rows_of_all(copy, shelf.key) if row.table == "ingest.unload"}
    assert told == {str(pk) for pk in Unload.objects.values_list("pk", flat=True)}


def rows_of_all(copy, key):
    chain, at = Chain(copy, key), 0
    while link := next(chain.at(at), None):
        yield from copy.read(link.name, [IDENTITY]).rows
        at = link.name.stop


def test_what_was_put_there_is_named_and_left(shelf):
    folder = shelf.papers("*.checkpoint")[0].parent
    folder.chmod(0o750)
    (folder / "notes.txt").write_text("x")
    shelf.scrubs()
    assert [each[:2] for each in found(shelf)] == [(VAULT, "unexpected")]
    assert (folder / "notes.txt").exists()


def test_a_name_that_is_no_text_stops_nobody(shelf):
    folder = os.fsencode(shelf.papers("*.checkpoint")[0].parent)
    for name in (b"\xff.txt", b"a\nb.age"):
        Path(os.fsdecode(folder + b"/" + name)).write_text("x")
    shelf.scrubs()
    assert {each.path.rpartition("/")[2] for each in Finding.objects.all()} == {"\\xff.txt", "a\\nb.age"}
    assert Round.objects.filter(ended_at=None).count() == 0


def test_a_bad_part_is_not_passed_on_to_a_copy(shelf, tmp_path):
    flip(shelf.papers("*-*.age")[0], 40)
    shelf.names = ("disk", "new")
    copying.begin(shelf.vault.backend, shelf.disk("new"))
    shelf.copies()
    bad = shelf.papers("*-*.age")[0].name
    assert bad not in [path.name for path in shelf.papers("*.age", "new")]
    shelf.scrubs()
    shelf.copies()
    assert shelf.reads_all("new") == shelf.copier.known


def test_an_earlier_key_that_went_bad_is_put_beside_from_a_sound_copy(shelf):
    newer = Identity.generate()
    name = put_earlier(shelf.vault.backend, IDENTITY, newer.recipient)
    shelf.office.clock.instant = shelf.office.clock.instant.replace(year=2027)
    shelf.copies()
    flip(shelf.folder / "vault" / name, 40)
    assert with_earlier(shelf.vault.backend, [newer]) == [newer]
    shelf.scrubs()
    assert (VAULT, "damaged", "disk") in found(shelf)
    assert with_earlier(shelf.vault.backend, [newer]) == [newer, IDENTITY]


def test_a_copy_in_a_drawer_keeps_no_other_from_putting_a_part_back(shelf):
    shelf.names = ("disk", "site")
    copying.begin(shelf.vault.backend, shelf.disk("site"))
    newer = Identity.generate()
    name = put_earlier(shelf.vault.backend, IDENTITY, newer.recipient)
    shelf.copies()
    shelf.pulls_out("disk")
    flip(shelf.folder / "vault" / name, 40)
    shelf.scrubs()
    assert found(shelf) == [(VAULT, "damaged", "site")]
    assert with_earlier(shelf.vault.backend, [newer]) == [newer, IDENTITY]
