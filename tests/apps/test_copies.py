"""Copies of the vault: written, proven, kept up, read through, healed; and nothing ever lost by it."""

import errno
import fcntl
import os
import random
import stat
from dataclasses import replace
from datetime import timedelta

import pytest

from aigaq import wiring
from aigaq.copies import checks, mirroring, rules, scrubbing, services
from aigaq.copies.errors import WrongCopiesError
from aigaq.copies.models import VAULT, BlobCopy, Finding, FindingKind, Healing, PlaceState, Round, Trouble
from aigaq.copies.places import Places
from aigaq.copies.rules import Policy, places_of, policy_of
from aigaq.copies.selectors import facts_of, short_of_copies
from aigaq.core import files
from aigaq.incidents import services as incidents
from aigaq.incidents.models import Incident
from aigaq.ingest import space
from aigaq.ledger import comparison
from aigaq.ledger.models import LedgerEntry
from aigaq.notices import services as notices
from aigaq.notices.models import Kind, Notice
from aigaq.notices.wording import sentence
from aigaq.recordings.models import Blob
from aigaq.recovery.rebuild import looked_over
from aigaq.unloading.room import RESERVE
from aigaq.vault import copying
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.backends.s3 import versions
from aigaq.vault.backends.s3.calls import PAUSES, Calls
from aigaq.vault.errors import VaultFullError, VaultWriteError
from aigaq.vault.scrub import scrub
from aigaq.vault.store import Vault
from aigaq.web.incidents.words import sentence as told
from tests.support.badstores import CUT, bad_store, times
from tests.support.buckets import KEYS, common_bucket, s3_backend, store
from tests.support.copies import Shelf, lose, never, wipe
from tests.support.vaults import IDENTITY, flip

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(office, tmp_path):
    shelf = Shelf(office, tmp_path)
    shelf.unload()
    return shelf


def sound(shelf) -> bool:
    return list(comparison.compare([checks.STATEMENT])) == []


def faults():
    return Incident.objects.filter(kind="store-fault").order_by("seq")


def entries(kind: str) -> int:
    return LedgerEntry.objects.filter(kind=kind).count()


def test_a_copy_is_the_same_octets_proven_and_entered_once(shelf):
    assert shelf.copies() == 3
    assert shelf.files("disk") == shelf.files()
    assert BlobCopy.objects.filter(place="disk").count() == 3
    assert entries("vault.copied") == 1
    assert shelf.copies() == 0
    assert entries("vault.copied") == 1
    assert sound(shelf)


def test_no_key_is_needed_and_stock_tools_check_a_copy(shelf):
    shelf.copies()
    copy = Vault.at(shelf.disk("disk"))
    assert scrub(copy).findings == ()
    blob = Blob.objects.first()
    with copy.open(
        copy.backend.find(next(iter(copy.backend.walk())).blob.content)[0].content, IDENTITY
    ) as one:
        assert one.readall()
    assert blob.stored_digest in "".join(shelf.files("disk"))


def test_the_ledgers_copy_and_the_wrapped_keys_go_along(shelf):
    papers = {
        "ledger/000000/000000000000-000000000003.a.age": b"the first entries",
        "ledger/000001/000001000000-000001000009.b.age": b"later ones",
        "keys/wraps.a.json": b"wrapped",
    }
    for name, octets in papers.items():
        shelf.vault.backend.put_beside(name, octets)
    shelf.copies()
    shelf.vault.backend.put_beside("ledger/000001/000001000010-000001000011.c.age", b"the newest")
    shelf.copies()
    disk = shelf.disk("disk")
    assert {name: disk.read_beside(name) for name in papers} == papers
    assert disk.read_beside("ledger/000001/000001000010-000001000011.c.age") == b"the newest"


def test_what_was_copied_before_a_kill_is_found_and_only_entered(shelf):
    class Killed(BaseException):
        pass

    def dies(*_):
        raise Killed

    enter = services.enter_copied
    services.enter_copied = dies
    try:
        with pytest.raises(Killed):
            shelf.copies()
    finally:
        services.enter_copied = enter
    assert BlobCopy.objects.count() == 0
    before = {path: (shelf.folder / "disk" / path).stat().st_ino for path in shelf.files("disk")}
    assert len(before) == 3
    assert shelf.copies() == 3
    assert before == {path: (shelf.folder / "disk" / path).stat().st_ino for path in shelf.files("disk")}


def test_a_copy_whose_folder_once_failed_to_be_synced_takes_nothing_until_a_restart(
    shelf, monkeypatch, settings
):
    """The kernel may have dropped what it could not write, and would say yes the next time: each round asks anew."""
    settings.VAULT, settings.IMMUTABLE = shelf.folder / "vault", False
    settings.VAULT_COPIES = f"disk={shelf.folder / 'disk'}"
    fsync = os.fsync

    def failing(fd):
        if stat.S_ISDIR(os.fstat(fd).st_mode) and str(shelf.folder / "disk" / "blobs") in named(fd):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        fsync(fd)

    def round_():
        return mirroring.attend(shelf.office.ledger, replace(wiring.places(), papers=None), never)

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", failing)
        assert round_() == 0
    assert round_() == 0
    assert not BlobCopy.objects.exists()
    assert PlaceState.objects.get(place="disk").trouble == Trouble.FAILING
    with pytest.raises(VaultWriteError):
        wiring.places().copies["disk"].put_beside("keys/a.b", b"")
    wiring.places().vault.draft().__exit__()


def named(fd):
    return os.readlink(f"/proc/self/fd/{fd}")


def test_stopped_in_between_it_goes_on_later(shelf):
    asked = iter([False] * 6)
    shelf.copies(lambda _seconds: next(asked, True))
    there = BlobCopy.objects.count()
    assert there < 3
    assert shelf.copies() == 3 - there
    assert shelf.files("disk") == shelf.files()


def test_a_disk_that_is_pulled_out_is_told_of_after_a_day_and_caught_up(shelf, office):
    shelf.pulls_out("disk")
    assert shelf.copies() == 0
    state = PlaceState.objects.get(place="disk")
    assert (state.trouble, state.told_at) == (Trouble.AWAY, None)
    assert list((shelf.folder / "disk").iterdir()) == [], "nothing is written under its mount point"
    office.clock.instant += timedelta(hours=25)
    shelf.copies()
    shelf.copies()
    notices.catch_up(office.ledger)
    assert {each.person for each in Notice.objects.filter(kind=Kind.PLACE_TROUBLE)} == {
        office.head,
        office.custodian,
        office.sister_head,
        office.sister_custodian,
    }
    assert "away" in Notice.objects.filter(kind=Kind.PLACE_TROUBLE).first().facts["trouble"]
    shelf.plugs_in("disk")
    assert shelf.copies() == 3
    assert PlaceState.objects.get(place="disk").trouble == Trouble.NONE


def test_a_vault_that_is_away_is_said_of_no_copy(shelf):
    shelf.pulls_out("vault")
    assert (shelf.copies(), shelf.scrubs()) == (0, 0)
    troubled = PlaceState.objects.exclude(trouble=Trouble.NONE)
    assert [(each.place, each.trouble) for each in troubled] == [(VAULT, Trouble.AWAY)]
    shelf.plugs_in("vault")
    assert shelf.copies() == 3
    assert not PlaceState.objects.exclude(trouble=Trouble.NONE).exists()


def test_another_vaults_disk_is_left_alone(shelf, tmp_path, office):
    wipe(shelf.folder / "disk")
    other = Vault.create(shelf.disk("disk"), IDENTITY.recipient, created_at=office.clock.now())
    assert shelf.copies() == 0
    assert PlaceState.objects.get(place="disk").trouble == Trouble.FOREIGN
    assert list(other.backend.walk()) == []


def test_one_place_that_fails_holds_up_no_other(office, tmp_path, monkeypatch):
    shelf = Shelf(office, tmp_path, names=("full", "disk"))
    shelf.unload()
    draft = LocalBackend.draft

    def refuses(self):
        if self.directory.name == "full":
            raise VaultFullError(reason="No space left on device")
        return draft(self)

    monkeypatch.setattr(LocalBackend, "draft", refuses)
    assert shelf.copies() == 3
    assert PlaceState.objects.get(place="full").trouble == Trouble.FULL
    assert entries("vault.place-troubled") > 0
    assert shelf.files("full") == {}


def test_a_full_copy_has_the_ledgers_copy_and_the_keys_all_the_same(shelf, monkeypatch):
    """A few octets, without which nothing is made anew of all the recordings there."""
    shelf.vault.backend.put_beside("ledger/000000/000000000000-000000000003.a.age", b"the first entries")

    def refuses(_self):
        raise VaultFullError(reason="No space left on device")

    monkeypatch.setattr(LocalBackend, "draft", refuses)
    assert shelf.copies() == 0
    assert PlaceState.objects.get(place="disk").trouble == Trouble.FULL
    assert shelf.disk("disk").beside("ledger/000000") == ["000000000000-000000000003.a.age"]


def test_one_recording_that_the_vault_can_not_open_holds_up_no_other(shelf, monkeypatch):
    bad = os.stat(shelf.blob(0)).st_ino
    opened = files.open_regular

    def fails(name, *, dir_fd, **how):
        fd, direct = opened(name, dir_fd=dir_fd, **how)
        if os.fstat(fd).st_ino == bad:
            os.close(fd)
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return fd, direct

    monkeypatch.setattr(files, "open_regular", fails)
    assert shelf.copies() == 2
    assert [each.place for each in Finding.objects.all()] == [VAULT]
    assert PlaceState.objects.get(place="disk").trouble == Trouble.NONE


def test_bit_rot_in_a_copy_is_healed_from_the_vault(shelf, office):
    shelf.copies()
    bad = shelf.blob(1, "disk")
    flip(bad, 400)
    spoilt = bad.read_bytes()
    shelf.scrubs()
    (finding,) = Finding.objects.all()
    assert (finding.place, finding.kind, finding.healing.source) == ("disk", FindingKind.DAMAGED, VAULT)
    assert bad.read_bytes() == spoilt, "the bad one stays as it was found"
    healed = bad.with_name(bad.name.replace(".age", ".2.age"))
    assert (
        healed.read_bytes() == (shelf.folder / "vault" / bad.relative_to(shelf.folder / "disk")).read_bytes()
    )
    incidents.attend(office.ledger)
    notices.catch_up(office.ledger)
    assert not faults()
    assert "“disk”" in sentence(Notice.objects.get(kind=Kind.HEALED, person=office.head))
    shelf.scrubs()
    assert Finding.objects.count() == 1, "what is known is not told again"
    assert sound(shelf)


def test_bit_rot_in_the_vault_is_healed_from_a_copy_and_read_from_then_on(shelf):
    shelf.copies()
    bad = shelf.blob(0)
    flip(bad, bad.stat().st_size - 3)
    shelf.scrubs()
    assert Healing.objects.get().source == "disk"
    for blob in Blob.objects.all():
        name = next(
            each for each in shelf.vault.backend.walk() if each.blob.stored.hex == blob.stored_digest
        ).blob
        with shelf.vault.open(name.content, IDENTITY, entered=name.stored) as reader:
            assert len(reader.readall()) == blob.size


def test_what_healed_a_bad_one_is_missed_when_it_vanishes(shelf):
    shelf.copies()
    bad = shelf.blob(0)
    octets = bad.read_bytes()
    flip(bad, 400)
    shelf.scrubs()
    healed = bad.with_name(bad.name.replace(".age", ".2.age"))
    lose(healed)
    shelf.scrubs()
    assert healed.read_bytes() == octets
    found = Finding.objects.order_by("seq")
    assert [(each.kind, each.path.endswith(healed.name), each.healing.source) for each in found] == [
        (FindingKind.DAMAGED, False, "disk"),
        (FindingKind.MISSING, True, "disk"),
    ]
    shelf.scrubs()
    assert Finding.objects.count() == 2
    assert sound(shelf)


def test_a_bad_one_that_somebody_took_away_is_not_missed_beside_the_sound_one(shelf):
    shelf.copies()
    bad = shelf.blob(0)
    second, third = (bad.with_name(bad.name.replace(".age", f".{number}.age")) for number in (2, 3))
    flip(bad, 400)
    shelf.scrubs()
    flip(second, 400)
    shelf.scrubs()
    assert third.exists()
    lose(second)
    found = Finding.objects.count()
    shelf.scrubs()
    shelf.scrubs()
    assert Finding.objects.count() == found


def test_what_was_healed_is_neither_missing_nor_too_much_for_who_rebuilds(shelf):
    shelf.copies()
    flip(shelf.blob(1), 400)
    shelf.scrubs()
    seen = looked_over(shelf.vault, 0, 0)
    assert (seen.missing, seen.unentered) == ((), ())


def test_a_copy_in_a_drawer_keeps_no_other_from_healing_the_vault(office, tmp_path):
    shelf = Shelf(office, tmp_path, names=("disk", "site"))
    shelf.unload()
    shelf.copies()
    shelf.pulls_out("disk")
    flip(shelf.blob(0), 400)
    shelf.scrubs()
    assert Healing.objects.get().source == "site"
    assert not PlaceState.objects.filter(place=VAULT).exclude(trouble=Trouble.NONE).exists()


def test_bad_in_both_is_told_and_nothing_is_destroyed(shelf, office):
    shelf.copies()
    name = shelf.blob(2).relative_to(shelf.folder / "vault")
    for place in ("vault", "disk"):
        flip(shelf.folder / place / name, 300)
    before = shelf.files(), shelf.files("disk")
    shelf.scrubs()
    assert before == (shelf.files(), shelf.files("disk"))
    assert {each.place for each in Finding.objects.filter(healing=None)} == {"vault", "disk"}
    incidents.attend(office.ledger)
    assert len(faults()) == 2
    assert all(str(name) in told(each) for each in faults())
    assert shelf.heals() == 0
    flip(shelf.folder / "disk" / name, 300)
    assert shelf.heals() == 2, "a sound one came back: the other is put right, and so is what was told of it"
    assert Finding.objects.filter(healing=None).count() == 0


def test_what_vanished_from_the_vault_comes_back_and_is_an_incident_all_the_same(shelf, office):
    shelf.copies()
    gone = shelf.blob(0)
    octets = gone.read_bytes()
    lose(gone)
    shelf.scrubs()
    assert gone.read_bytes() == octets
    incidents.attend(office.ledger)
    assert faults().get().facts["fault"] == "missing"
    lose(gone)
    shelf.scrubs()
    assert gone.read_bytes() == octets
    assert [each.occasion for each in Finding.objects.order_by("seq")] == [1, 2]
    assert sound(shelf)


def test_what_lies_in_a_vault_and_does_not_belong_there_is_told(shelf, office):
    (shelf.blob(0).parent / "readme.txt").write_text("pay")
    shelf.scrubs()
    incidents.attend(office.ledger)
    assert faults().get().facts["fault"] == "unexpected"
    assert (shelf.blob(0).parent / "readme.txt").exists()


def test_a_disk_pulled_out_while_it_is_read_has_nothing_missing(shelf):
    shelf.copies()
    looked = copying.look_at

    def pulls(backend, name, pace):
        if backend.place.endswith("disk") and (shelf.folder / "disk" / "blobs").exists():
            shelf.pulls_out("disk")
        return looked(backend, name, pace)

    scrubbing.copying.look_at = pulls
    try:
        shelf.scrubs()
    finally:
        scrubbing.copying.look_at = looked
    assert Finding.objects.count() == 0


def test_a_disk_that_fails_while_it_is_listed_and_is_gone_has_nothing_unreadable(shelf, monkeypatch):
    shelf.copies()
    listed = os.listdir

    def fails(folder):
        if isinstance(folder, int) and f"{shelf.folder}/disk/blobs/" in os.readlink(
            f"/proc/self/fd/{folder}"
        ):
            shelf.pulls_out("disk")
        if isinstance(folder, int) and "in a drawer" in os.readlink(f"/proc/self/fd/{folder}"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return listed(folder)

    monkeypatch.setattr(os, "listdir", fails)
    shelf.scrubs()
    assert Finding.objects.count() == 0
    assert PlaceState.objects.get(place="disk").trouble == Trouble.AWAY
    assert Round.objects.filter(place="disk", ended_at=None).exists()


def test_a_dead_disk_that_only_memory_still_knows_has_nothing_unreadable(shelf, monkeypatch):
    """Its cable was pulled, and it stays mounted: what was read before still comes, from the page cache."""
    shelf.copies()
    listed, read = os.listdir, os.preadv

    def is_dead(fd):
        return isinstance(fd, int) and f"{shelf.folder}/disk" in os.readlink(f"/proc/self/fd/{fd}")

    def lists(folder):
        if is_dead(folder):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return listed(folder)

    def reads(fd, buffers, offset):
        if is_dead(fd) and fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_DIRECT:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return read(fd, buffers, offset)

    monkeypatch.setattr(os, "listdir", lists)
    monkeypatch.setattr(os, "preadv", reads)
    shelf.scrubs()
    assert Finding.objects.count() == 0
    assert PlaceState.objects.get(place="disk").trouble == Trouble.FAILING


def test_a_bucket_that_is_away_amid_its_list_was_not_read_to_its_end(shelf, office, tmp_path, monkeypatch):
    monkeypatch.setattr(versions, "_AT_ONCE", 2)
    with bad_store() as bad:
        place = store().place(common_bucket(), "broken-off/", bad.endpoint)
        calls = Calls(place, KEYS, wait=lambda _seconds: None)
        bucket = s3_backend(tmp_path, prefix=place.prefix, calls=calls)
        copying.begin(shelf.vault.backend, bucket)
        places = Places(
            vault=shelf.vault.backend, copies={"site": bucket}, policy=policy_of("", ("site",)), days=30
        )
        assert mirroring.attend(office.ledger, places, never) == 3
        bad.before = times(len(PAUSES) + 1, CUT, lambda asked: "key-marker" in asked.query)
        scrubbing.attend(office.ledger, places, never, at_once=True)
        assert Round.objects.get(place="site").ended_at is None
        scrubbing.attend(office.ledger, places, never, at_once=True)
    read = Round.objects.get(place="site")
    assert (read.checked, read.ended_at is None, Finding.objects.count()) == (3, False, 0)


def test_a_round_goes_on_where_it_was_and_ends_with_an_entry(shelf, office):
    shelf.copies()
    office.clock.instant += timedelta(days=15)
    seen = []
    looked = copying.look_at

    def counts(backend, name, pace):
        seen.append((backend.place, name))
        return looked(backend, name, pace)

    scrubbing.copying.look_at = counts
    try:
        for _ in range(12):
            asked = iter([False] * 3)
            shelf.scrubs(lambda _seconds, asked=asked: next(asked, True), at_once=False)
    finally:
        scrubbing.copying.look_at = looked
    assert {each.checked for each in Round.objects.exclude(ended_at=None)} == {3}
    assert entries("vault.scrubbed") == Round.objects.exclude(ended_at=None).count() == 2


def test_reading_at_once_reads_everything_however_far_a_round_had_come(shelf, office):
    shelf.copies()
    office.clock.instant += timedelta(days=15)
    asked = iter([False] * 3)
    shelf.scrubs(lambda _seconds: next(asked, True), at_once=False)
    assert Round.objects.get(place=VAULT, ended_at=None).checked == 2
    assert shelf.scrubs() == 6
    assert {each.checked for each in Round.objects.exclude(ended_at=None)} == {3}


def test_a_new_round_begins_when_half_its_days_are_over(shelf, office):
    shelf.copies()
    assert shelf.scrubs(at_once=False) == 0, "all of it was read back just now"
    office.clock.instant += timedelta(days=15)
    assert shelf.scrubs(at_once=False) == 6
    assert shelf.scrubs(at_once=False) == 0
    office.clock.instant += timedelta(days=15)
    assert shelf.scrubs(at_once=False) == 6


def test_every_flip_in_any_place_is_found_and_healed(office, tmp_path):
    shelf = Shelf(office, tmp_path, names=("disk", "site"))
    shelf.unload(6, size=70_000)
    shelf.copies()
    chance, spoilt = random.Random(20261126), []
    for number in range(6):
        place = chance.choice(["vault", "disk", "site"])
        path = shelf.blob(number, place)
        flip(path, chance.randrange(path.stat().st_size), 1 << chance.randrange(8))
        spoilt.append((place, str(path.relative_to(shelf.folder / place))))
    shelf.scrubs()
    assert sorted((each.place, each.path) for each in Finding.objects.all()) == sorted(spoilt)
    assert Healing.objects.count() == 6
    assert sound(shelf)


@pytest.mark.parametrize(
    ("text", "present", "lacking"),
    [
        ("", {"disk", "site"}, 0),
        ("", {"disk"}, 1),
        ("1", {"site"}, 0),
        ("1", set(), 1),
        ("site", {"disk"}, 1),
        ("site,1", {"site"}, 0),
        ("site,2", {"site"}, 1),
        ("2", {VAULT, "disk"}, 1),
    ],
)
def test_the_policy_says_how_many_copies_are_lacking_and_where(text, present, lacking):
    assert policy_of(text, ("disk", "site")).lacking(present) == lacking


@pytest.mark.parametrize("text", ["tape", "3", "vault"])
def test_a_policy_that_can_not_be_kept_is_refused(text):
    with pytest.raises(WrongCopiesError):
        policy_of(text, ("disk", "site"))


@pytest.mark.parametrize("text", ["disk", "Disk=/mnt", "vault=/mnt", "a=/x,a=/y", "a="])
def test_names_of_copies_are_strict(text):
    with pytest.raises(WrongCopiesError):
        places_of(text)


def test_places_are_read():
    found = places_of("disk=/mnt/disk/aigaq, site=s3://b/p?endpoint=https://s3.example.kz")
    assert found == {"disk": "/mnt/disk/aigaq", "site": "s3://b/p?endpoint=https://s3.example.kz"}


def test_what_lacks_a_copy_by_the_policy_is_counted(office, tmp_path):
    shelf = Shelf(office, tmp_path, names=("disk", "site"), required="site,1")
    shelf.unload()
    later = office.clock.now() + timedelta(days=2)
    policy: Policy = shelf.places.policy
    assert short_of_copies(policy, shelf.names, before=later).count() == 3
    shelf.pulls_out("site")
    shelf.copies()
    assert short_of_copies(policy, shelf.names, before=later).count() == 3, "the disk is not the site"
    shelf.plugs_in("site")
    shelf.copies()
    assert short_of_copies(policy, shelf.names, before=later).count() == 0
    vault, disk, _site = facts_of(shelf.places.names)
    assert (vault.blobs, disk.blobs, disk.lacking) == (3, 3, 0)


def test_reading_is_slow_by_the_setting_and_faster_where_it_would_come_too_late(office):
    now = office.clock.now()
    ends = rules.round_ends_by(now, 30)
    assert rules.rate(0, 10**15, ends, now) == 0
    assert rules.rate(20, 10**9, ends, now) == 20 << 20
    assert rules.rate(20, 100 * 10**12, ends, now) > 77 * 10**6


def test_the_room_of_a_copy_is_told_apart_from_the_vaults(shelf, office):
    a_day = sum(space.intake(office.clock.now()).values())

    class Nearly:
        def free(self):
            return RESERVE + 10 * a_day

    assert space.attend(office.ledger, Nearly(), place="disk", owed=5 * a_day) == 7
    assert space.attend(office.ledger, Nearly()) == 14
    assert space.attend(office.ledger, Nearly(), place="disk", owed=5 * a_day) is None
    notices.catch_up(office.ledger)
    said = [sentence(each) for each in Notice.objects.filter(kind=Kind.DISK_FILLING, person=office.head)]
    assert sum("“disk”" in each for each in said) == 1


def test_a_bucket_is_a_copy_like_any_other(shelf, office, tmp_path):
    bucket = s3_backend(tmp_path)
    copying.begin(shelf.vault.backend, bucket)
    places = shelf.places
    with_bucket = type(places)(
        vault=places.vault, copies={"site": bucket}, policy=policy_of("", ("site",)), days=30
    )
    assert mirroring.attend(office.ledger, with_bucket, never) == 3
    flip(shelf.blob(0), 333)
    scrubbing.attend(office.ledger, with_bucket, never, at_once=True)
    assert Healing.objects.get().source == "site"
