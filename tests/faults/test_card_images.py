"""Real FAT32 and exFAT cards, with Kazakh names on them, in and out."""

import os
import shutil
import subprocess

import pytest

from aigaq.ingest.desk import OfficeDesk
from aigaq.ingest.identity import write_identity
from aigaq.ingest.models import UnloadState
from aigaq.ingest.services import Pipeline, unload
from aigaq.recordings.models import RecordingFile
from aigaq.registry.models import Card
from aigaq.unloading.desk import Beat
from aigaq.unloading.looking import look
from aigaq.unloading.run import Tools
from aigaq.unloading.sources.listing import list_card, open_card
from aigaq.unloading.sources.volume import folder_id, volume_id
from aigaq.vault.backends.local import LocalBackend
from tests.support import images
from tests.support.cards import Meanwhile, fill, in_vault, left_on, pipeline, take
from tests.support.duty import on_duty
from tests.support.hashing import QUICKLY
from tests.support.office import open_office

pytestmark = [
    pytest.mark.cards,
    pytest.mark.django_db,
    pytest.mark.skipif(bool(images.missing()), reason=images.missing()),
]

CONTENT = {
    take(1, ending="DAT"): os.urandom(300_000),
    take(2, ending="DAT"): b"",
    "DCIM/Тәртіп бұзушылық Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі.dat": b"kazakh",
    "Қосымша/өрт қауіпсіздігі.txt": b"a note",
    "PRIVATE/" + "ә" * 100 + ".DAT": b"long",
}


@pytest.fixture
def office(clock, settings):
    settings.PASSWORD_HASHERS = QUICKLY
    office = open_office(clock)
    on_duty(office).issue()
    return office


@pytest.fixture
def line(office, tmp_path):
    return pipeline(office, tmp_path / "vault")


def serial_of(card):
    root = open_card(card)
    try:
        assert folder_id(root) == ""
        return volume_id(root)
    finally:
        os.close(root)


def taken_whole(line, card, content):
    outcome = unload(line, card)
    assert outcome.problems == ()
    assert outcome.unload.state == UnloadState.READY
    assert sorted(RecordingFile.objects.values_list("path", flat=True)) == sorted(content)
    assert all(in_vault(line.vault, data) for data in content.values())
    assert left_on(card) == {}
    assert "files 5\n" in (card / "AIGAQ" / "cleared.txt").read_text(encoding="utf-8")
    return outcome


def test_an_exfat_card_with_kazakh_names_is_unloaded_and_cleared(office, line, tmp_path):
    image = images.exfat_image(tmp_path)
    with images.exfat_mounted(image, tmp_path / "card") as card:
        serial = serial_of(card)
        assert len(serial) == 9
        write_identity(
            office.ledger, office.by(office.custodian), card, card=office.card, installation=line.vault.id
        )
        assert Card.objects.get(pk=office.card.pk).volume_id == serial
        fill(card, CONTENT)
        outcome = taken_whole(line, card, CONTENT)
        assert outcome.unload.source == f"card:{office.card.inventory_number}"
        assert outcome.unload.container == f"volume:{serial}"
    checked = subprocess.run(["fsck.exfat", "-n", image], capture_output=True, check=False, text=True)
    assert "clean" in checked.stdout
    with images.exfat_mounted(image, tmp_path / "card") as card:
        assert left_on(card) == {}
        assert (card / "AIGAQ" / "identity.json").exists()


def test_a_fat32_card_with_kazakh_names_is_unloaded_and_cleared(line, tmp_path):
    image = images.fat_image(tmp_path, CONTENT)
    with images.fat_mounted(image, tmp_path / "card") as card:
        taken_whole(line, card, CONTENT)
    listed = images.run("mdir", "-i", image, "-b", "-/", "::")
    assert "cleared.txt" in listed
    assert ".DAT" not in listed.upper()


def test_an_exfat_card_is_known_by_its_serial_number_alone(office, line, tmp_path):
    image = images.exfat_image(tmp_path)
    with images.exfat_mounted(image, tmp_path / "card") as card:
        Card.objects.filter(pk=office.card.pk).update(volume_id=serial_of(card))
        fill(card, {"MOV_1.DAT": b"x"})
        outcome = unload(line, card)
    assert (outcome.unload.card, outcome.unload.state) == (office.card, UnloadState.READY)


@pytest.fixture
def original(office, line, tmp_path):
    """A registered card with a recording on it."""
    (tmp_path / "original").mkdir()
    image = images.exfat_image(tmp_path / "original", megabytes=16)
    by = office.by(office.custodian)
    with images.exfat_mounted(image, tmp_path / "card") as card:
        write_identity(office.ledger, by, card, card=office.card, installation=line.vault.id)
        fill(card, {take(1): b"evidence"})
    return image


def waits(outcome, card, doubt):
    return (outcome.unload.state, outcome.doubt.code, set(left_on(card))) == (
        UnloadState.TRAY,
        doubt,
        {take(1)},
    )


def test_an_identity_that_was_copied_onto_another_volume_waits_in_the_tray(line, original, tmp_path):
    (tmp_path / "other").mkdir()
    other = images.exfat_image(tmp_path / "other", megabytes=16)
    with (
        images.exfat_mounted(original, tmp_path / "card") as card,
        images.exfat_mounted(other, tmp_path / "copy") as copy,
    ):
        assert serial_of(card) != serial_of(copy)
        shutil.copytree(card, copy, dirs_exist_ok=True)
        assert waits(unload(line, copy), copy, "card.disagrees")
        assert unload(line, card).unload.state == UnloadState.READY


def test_a_volume_that_was_copied_octet_for_octet_waits_while_the_other_is_being_unloaded(
    office, line, original, tmp_path
):
    twin = tmp_path / "twin.img"
    shutil.copyfile(original, twin)
    with (
        images.exfat_mounted(original, tmp_path / "card") as card,
        images.exfat_mounted(twin, tmp_path / "copy") as copy,
    ):
        assert serial_of(card) == serial_of(copy) != ""
        root = open_card(card)
        seen = look(root, list_card(root), "port 1")
        os.close(root)
        first = OfficeDesk(line.office, division=office.division)
        first.begin(seen, keep=False)
        meanwhile = Meanwhile(office.clock, lambda _seconds: first.beat(Beat(0, "", 0, ())))
        assert waits(unload(line, copy, port="port 2", stop=meanwhile), copy, "card.twice")


def test_a_write_protected_card_is_stored_and_said_to_be(office, line, tmp_path):
    image = images.exfat_image(tmp_path)
    with images.exfat_mounted(image, tmp_path / "card") as card:
        fill(card, CONTENT)
    with images.exfat_mounted(image, tmp_path / "card", "-o", "ro") as card:
        outcome = unload(line, card)
        assert outcome.unload.stored == 5
        assert (outcome.unload.state, outcome.unload.reason) == (UnloadState.KEPT, "card.write-protected")
        assert left_on(card) == CONTENT
    with images.exfat_mounted(image, tmp_path / "card") as card:
        outcome = unload(line, card)
        assert (outcome.unload.already_stored, outcome.unload.state) == (5, UnloadState.READY)
        assert left_on(card) == {}


def test_a_fat_directory_that_contains_itself_ends_and_the_card_is_left_as_it_is(line, tmp_path):
    content = {take(1): b"outside", "A/R.DAT": b"in the loop", "A/B/S.DAT": b"behind it"}
    image = images.fat_image(tmp_path, content)
    images.make_a_directory_contain_itself(image, b"A", b"B")
    with images.fat_mounted(image, tmp_path / "card") as card:
        root = open_card(card)
        listing = list_card(root)
        os.close(root)
        assert [each.path for each in listing.files] == ["A/R.DAT", take(1)]
        assert [problem.code for problem in listing.problems] == ["file.directory-loop"]
        outcome = unload(line, card)
        assert outcome.unload.stored == 2
        assert outcome.unload.state == UnloadState.KEPT
        assert (card / take(1)).exists()


def test_a_card_that_is_pulled_out_while_it_is_read_loses_nothing(line, tmp_path):
    """The program behind the card is killed: every call on it fails from then on, as with a stick pulled out."""
    image = images.exfat_image(tmp_path)
    content = {take(n, second=n): os.urandom(3 << 20) for n in range(6)}
    card = tmp_path / "card"
    with images.exfat_mounted(image, card):
        fill(card, content)
    device = images.run("losetup", "-f", "--show", image).strip()
    behind = subprocess.Popen(["mount.exfat-fuse", "-d", device, card], stderr=subprocess.DEVNULL)
    try:
        images.wait_for_mount(card)

        class Pulled(LocalBackend):
            drafts = 0

            def draft(self):
                Pulled.drafts += 1
                if Pulled.drafts == 4:
                    behind.kill()
                    behind.wait()
                return super().draft()

        line.vault._backend = Pulled(line.vault.backend.directory, immutable=False)
        outcome = unload(Pipeline(line.ledger, Tools(line.vault, threads=1)), card)
        assert outcome.unload.state in (UnloadState.KEPT, UnloadState.FAILED)
        assert 0 < outcome.unload.stored < 6
        assert outcome.unload.cleared == 0
    finally:
        behind.kill()
        behind.wait()
        images.run("umount", "-l", card)
        images.run("losetup", "-d", device)
    with images.exfat_mounted(image, card):
        assert left_on(card) == content
        line.vault._backend = LocalBackend(line.vault.backend.directory, immutable=False)
        outcome = unload(line, card)
        assert outcome.unload.state == UnloadState.READY
        assert RecordingFile.objects.count() == 6
