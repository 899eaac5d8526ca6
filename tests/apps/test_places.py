"""Places as the settings name them: what is built, what `aigaq check` says of them, and the command line."""

import hashlib
import shutil
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from aigaq import wiring
from aigaq.cli import soundness_places
from aigaq.cli.output import Console
from aigaq.cli.vault import vault as vault_commands
from aigaq.copies.errors import CopyNameTakenError
from aigaq.copies.models import BlobCopy, Finding
from aigaq.core.digests import ContentDigest
from aigaq.docks import uploads
from aigaq.docks.models import UploadState
from aigaq.docks.uploads import Intake
from aigaq.ingest.services import Pipeline, unload
from aigaq.unloading.run import Tools
from aigaq.vault.backends.s3 import S3Backend
from aigaq.vault.errors import StoreWriteError, WrongPlaceError
from aigaq.vault.receiving import Receiver
from aigaq.vault.store import Vault
from tests.support.buckets import KEYS, common_bucket, store
from tests.support.cards import fill, takes
from tests.support.copies import Shelf
from tests.support.docks import enrolled, hand_over, sealed, send
from tests.support.vaults import IDENTITY, MADE_AT, flip

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(office, tmp_path, settings, monkeypatch):
    """The office's own settings name a second disk, which nobody has made ready yet."""
    settings.DATA = tmp_path
    settings.VAULT = tmp_path / "vault"
    settings.VAULT_COPIES = f"disk={tmp_path / 'disk'}"
    monkeypatch.setattr(wiring, "ledger", lambda: office.ledger)
    monkeypatch.setattr(wiring, "clock", lambda: office.clock)
    # There is a vault in this folder and no installation: the ledger's copy is tried in test_papers.
    monkeypatch.setattr(wiring, "papers", None)
    shelf = Shelf(office, tmp_path, names=())
    shelf.unload()
    return shelf


@pytest.fixture
def bucket(tmp_path, settings):
    """Settings that put the vault into a bucket."""
    settings.VAULT_PLACE = f"s3://{common_bucket()}/places-{tmp_path.name}?endpoint={store().endpoint}"
    settings.VAULT = tmp_path / "staging"
    settings.S3_ACCESS_KEY, settings.S3_SECRET_KEY = KEYS.access, KEYS.secret


def told():
    return {code: message.format(**details) for code, message, details in soundness_places.problems()}


def command(*arguments: str):
    console = Console(as_json=True, language="en")
    result = CliRunner().invoke(vault_commands, list(arguments), obj=console, standalone_mode=False)
    return SimpleNamespace(status=result.return_value or 0, error=result.exception, out=result.output)


def test_a_disk_is_made_ready_filled_read_through_and_healed_from_the_command_line(shelf):
    assert "copies prepare disk" in told()["copies.away"]
    assert command("copies", "bring").status == 1
    assert command("copies", "prepare", "tape").error is not None
    assert command("copies", "prepare", "disk").error is None
    assert command("copies", "bring").status == 0
    assert BlobCopy.objects.filter(place="disk").count() == 3
    flip(shelf.blob(0), 300)
    assert command("copies", "read").status == 3
    assert Finding.objects.get().healing.source == "disk"
    assert '"lacking": 0' in command("copies").out


def test_an_empty_disk_is_not_taken_for_the_one_that_had_the_copies(shelf):
    """Or all that it lacks would be said to stand there, until everything is read through again."""
    command("copies", "prepare", "disk")
    command("copies", "bring")
    assert command("copies", "prepare", "disk").error is None
    shutil.rmtree(shelf.folder / "disk")
    refused = command("copies", "prepare", "disk").error
    assert isinstance(refused, CopyNameTakenError)
    assert not (shelf.folder / "disk").exists()


def test_a_copy_on_the_vaults_own_disk_is_a_problem(shelf):
    command("copies", "prepare", "disk")
    assert set(told()) == {"copies.same-disk"}


def test_what_lacks_its_copy_or_was_not_read_for_too_long_is_a_problem(shelf, office):
    command("copies", "prepare", "disk")
    office.clock.instant += timedelta(days=31)
    found = told()
    assert "3 stored recordings have fewer copies" in found["copies.lacking"]
    assert "30 days" in found["scrub.late"]


def test_settings_that_can_not_be_followed_are_said_in_one_sentence(shelf, settings):
    settings.COPIES_REQUIRED = "tape"
    assert set(told()) == {"copies.setting"}
    settings.VAULT_COPIES = "site=s3://bucket"
    settings.COPIES_REQUIRED = ""
    assert set(told()) == {"vault.place"}


def test_an_office_whose_vault_is_a_bucket_unloads_cards_and_reads_them(office, bucket, tmp_path):
    backend = wiring.backend()
    assert isinstance(backend, S3Backend)
    vault = Vault.create(backend, IDENTITY.recipient, created_at=MADE_AT)
    card = fill(tmp_path / "card", content := takes(2))
    outcome = unload(Pipeline(office.ledger, Tools(vault, clock=office.clock)), card)
    assert (outcome.unload.stored, outcome.problems) == (2, ())
    for octets in content.values():
        (name,) = vault.find(ContentDigest(hashlib.sha256(octets).digest()))
        with vault.open(name.content, IDENTITY) as reader:
            assert reader.readall() == octets
        assert backend.locked_until(name) > datetime.now(UTC) + timedelta(days=3 * 365 + 31)
    assert list((tmp_path / "staging" / "incoming").iterdir()) == []
    assert set(told()) == set()


def test_a_docking_pc_hands_over_into_a_bucket(office, bucket):
    backend = wiring.backend()
    Vault.create(backend, IDENTITY.recipient, created_at=MADE_AT)
    dock, _pc = enrolled(office)
    blob = sealed(b"from far away" * 1000)
    hand_over(Intake(office.ledger, Receiver(backend)), dock, blob)
    with backend.open(blob.name) as stored:
        assert stored.pread(stored.size, 0) == blob.octets
    assert Receiver(backend).uploads.parts() == []


def test_a_store_that_fails_costs_a_dock_its_last_part_and_not_all_it_has_sent(office, bucket, monkeypatch):
    backend = wiring.backend()
    Vault.create(backend, IDENTITY.recipient, created_at=MADE_AT)
    line = Intake(office.ledger, Receiver(backend))
    dock, _pc = enrolled(office)
    blob = sealed(b"what a dock hands over" * 1000)
    upload = uploads.begin(line, dock, name=blob.name, length=len(blob.octets))
    upload = send(line, upload, blob.octets[:20_000])

    def away(*_args):
        raise StoreWriteError(place=backend.place, reason="EndpointConnectionError")

    with monkeypatch.context() as store:
        store.setattr(S3Backend, "keep", away)
        without_store = Intake(office.ledger, Receiver(backend))
        with pytest.raises(StoreWriteError):
            send(without_store, upload, blob.octets[20_000:])
    upload = uploads.upload_of(dock, upload.pk)
    assert (upload.state, upload.offset) == (UploadState.RECEIVING, 20_000)
    assert send(line, upload, blob.octets[20_000:]).state == UploadState.COMPLETE
    with backend.open(blob.name) as kept:
        assert kept.pread(kept.size, 0) == blob.octets


def test_keys_in_a_file_that_is_not_theirs_are_said(settings, tmp_path):
    (tmp_path / "keys").write_text("only one")
    settings.VAULT_PLACE = f"s3://bucket/x?endpoint=http://127.0.0.1:1&keys={tmp_path / 'keys'}"
    with pytest.raises(WrongPlaceError, match="two lines"):
        wiring.backend()


def test_an_object_that_nobody_locks_is_a_problem(office, bucket, settings):
    name = store().bucket(locks=False)
    settings.VAULT_PLACE = f"s3://{name}/x?endpoint={store().endpoint}"
    assert "store.lock" in told()
