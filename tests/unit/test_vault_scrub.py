import hashlib
import os
import random
import shutil
from pathlib import Path

import pytest

from aigaq.core.digests import ContentDigest
from aigaq.vault.errors import BlobDamagedError
from aigaq.vault.layout import BlobName
from aigaq.vault.scrub import Finding, scrub
from tests.support import vaults


@pytest.fixture
def place(tmp_path):
    return tmp_path / "vault"


def fill(place: Path, count: int) -> list[Path]:
    vault = vaults.local_vault(place)
    source = place.parent / "source"
    for _ in range(count):
        source.write_bytes(os.urandom(random.Random(count).randrange(1, 200_000)))
        vaults.put_file(vault, source)
    return vaults.blobs(place)


def findings(place: Path, known=None) -> set[tuple[str, str]]:
    return {(finding.kind, finding.blob) for finding in scrub(vaults.again(place), known).findings}


def test_a_sound_vault_has_no_findings(place):
    blobs = fill(place, 5)
    report = scrub(vaults.again(place))
    assert report.findings == ()
    assert report.checked == 5
    assert report.bytes == sum(blob.stat().st_size for blob in blobs)


def test_one_flipped_bit_in_each_of_many_blobs_is_found_and_refused(place):
    chance = random.Random(236)
    blobs = fill(place, 25)
    for blob in blobs:
        vaults.flip(blob, chance.randrange(blob.stat().st_size), 1 << chance.randrange(8))
    assert findings(place) == {("damaged", str(blob.relative_to(place))) for blob in blobs}
    vault = vaults.again(place)
    for blob in blobs:
        content = ContentDigest.parse(blob.name[:64])
        with pytest.raises(BlobDamagedError), vault.open(content, vaults.IDENTITY) as reader:
            reader.readall()


@pytest.mark.parametrize("change", ["cut", "grown", "emptied", "another's octets"])
def test_whatever_else_happened_to_the_octets_is_damage(place, change):
    first, second = fill(place, 2)
    first.chmod(0o600)
    match change:
        case "cut":
            os.truncate(first, first.stat().st_size - 1)
        case "grown":
            first.write_bytes(first.read_bytes() + b"\0")
        case "emptied":
            os.truncate(first, 0)
        case _:
            first.write_bytes(second.read_bytes())
    assert findings(place) == {("damaged", str(first.relative_to(place)))}


def test_everything_foreign_is_named_and_nothing_of_it_is_followed(place, tmp_path):
    first, second, third = fill(place, 3)
    outside = tmp_path / "outside"
    outside.mkdir()
    shutil.copy(first, outside / first.name)
    shard = first.parent
    (shard / "notes.txt").touch()
    (shard / "line\nbreak\u202e.age").touch()
    (shard / os.fsdecode(b"\xff\xfe")).touch()
    (shard / "folder.age").mkdir()
    os.mkfifo(shard / "pipe.age")
    (shard / second.name).write_bytes(second.read_bytes())
    (place / "blobs" / "zz").mkdir()
    (place / "blobs" / "README").touch()
    link = next(f"{n:02x}" for n in range(256) if not (place / "blobs" / f"{n:02x}").exists())
    (place / "blobs" / link).symlink_to(outside)
    third.unlink()
    third.symlink_to(outside / first.name)
    here = str(shard.relative_to(place))
    assert findings(place, [tuple_of(first), tuple_of(third)]) == {
        ("unexpected", f"{here}/notes.txt"),
        ("misnamed", f"{here}/line\\nbreak\\u202e.age"),
        ("unexpected", f"{here}/\\xff\\xfe"),
        ("unexpected", f"{here}/folder.age"),
        ("unexpected", f"{here}/pipe.age"),
        ("misnamed", f"{here}/{second.name}"),
        ("unexpected", "blobs/zz"),
        ("unexpected", "blobs/README"),
        ("unexpected", f"blobs/{link}"),
        ("unexpected", str(third.relative_to(place))),
        ("missing", str(third.relative_to(place))),
    }


def tuple_of(path: Path):
    name = BlobName.from_file(path.name)
    return name.content, name.stored


def test_a_link_in_the_place_of_a_blob_is_not_read(place, tmp_path):
    (blob,) = fill(place, 1)
    blob.rename(tmp_path / "moved")
    blob.symlink_to(tmp_path / "moved")
    vault = vaults.again(place)
    assert vault.find(ContentDigest.parse(blob.name[:64])) == []


def test_what_the_disk_does_not_give_back_is_unreadable_and_the_rest_is_checked(place, monkeypatch):
    blobs = fill(place, 3)
    bad = os.stat(blobs[1]).st_ino
    real = os.preadv

    def failing(fd, buffers, offset):
        if os.fstat(fd).st_ino == bad:
            raise OSError(5, "Input/output error")
        return real(fd, buffers, offset)

    monkeypatch.setattr(os, "preadv", failing)
    report = scrub(vaults.again(place))
    assert report.findings == (Finding("unreadable", str(blobs[1].relative_to(place))),)
    assert report.checked == 2


def test_findings_come_in_the_order_of_the_names(place):
    blobs = fill(place, 12)
    for blob in blobs:
        vaults.flip(blob, 0)
    report = scrub(vaults.again(place))
    assert [finding.blob for finding in report.findings] == [str(blob.relative_to(place)) for blob in blobs]


def test_digests_are_of_the_whole_file_whatever_its_size(place):
    vault = vaults.local_vault(place)
    source = place.parent / "source"
    for size in (0, 1 << 20, (1 << 20) - 456, 3 << 20):
        source.write_bytes(os.urandom(size))
        stored = vaults.put_file(vault, source)
        octets = (place / stored.name).read_bytes()
        assert stored.stored_digest.value == hashlib.sha256(octets).digest()
        vault.verify(stored.content_digest)
