"""The identity on a card, the note of what was cleared, and the serial number of a volume."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aigaq.core import canonical
from aigaq.core.digests import ContentDigest
from aigaq.core.files import ForeignFileError
from aigaq.tlog.checkpoint import Note, VerifierKey
from aigaq.tlog.errors import SignatureError
from aigaq.tlog.signing import Ed25519Signer
from aigaq.unloading import errors
from aigaq.unloading.sources import folder, identity
from aigaq.unloading.sources.identity import CardIdentity, believe
from aigaq.unloading.sources.listing import IDENTITY, NOTE, open_card
from aigaq.unloading.sources.note import LINES, ClearedFile, cleared_note
from aigaq.unloading.sources.volume import folder_id, serial_number, volume_id

HERE = "0123456789abcdef0123456789abcdef"
AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
SIGNER = Ed25519Signer.generate("aigaq.example/0123")
ABOUT = CardIdentity(HERE, "К-0012", "ПБ-0007", AT)


def read(octets, *, installation=HERE, key=SIGNER.verifier):
    return believe(octets, installation=installation, key=key)


@pytest.mark.parametrize("about", [ABOUT, CardIdentity(HERE, "К-0012", None, AT)])
def test_what_was_written_is_believed(about):
    assert read(about.signed(SIGNER)) == about


def test_the_form_is_that_of_the_document():
    value = canonical.decode(ABOUT.signed(SIGNER))
    assert value["body"] == {
        "card": "К-0012",
        "format": "aigaq-card/1",
        "installation": HERE,
        "recorder": "ПБ-0007",
        "written_at": "2026-11-20T04:00:00.000000Z",
    }
    assert value["key"] == f"{SIGNER.name}+{SIGNER.verifier.key_id.hex()}"


def changed(**body):
    value = canonical.decode(ABOUT.signed(SIGNER))
    value["body"].update(body)
    return canonical.encode(value)


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff",
        changed(card="К-0013"),
        changed(recorder=None),
        changed(recorder=7),
        changed(format="aigaq-card/2"),
        changed(extra="x"),
        changed(written_at="2026-11-20"),
        ABOUT.signed(SIGNER) + b"\n",
        canonical.encode({**canonical.decode(ABOUT.signed(SIGNER)), "extra": 1}),
        canonical.encode({**canonical.decode(ABOUT.signed(SIGNER)), "signature": "AAAA"}),
        canonical.encode({**canonical.decode(ABOUT.signed(SIGNER)), "signature": "***"}),
        ABOUT.signed(Ed25519Signer.generate("aigaq.example/0123")),
        b"[" * 100_000,
        b" " * (identity.LIMIT + 1),
    ],
)
def test_an_identity_that_was_altered_is_not_believed(octets):
    with pytest.raises(errors.IdentityAlteredError):
        read(octets)


def test_any_flipped_bit_is_noticed():
    octets = ABOUT.signed(SIGNER)
    for position in range(len(octets) * 8):
        flipped = bytearray(octets)
        flipped[position // 8] ^= 1 << position % 8
        with pytest.raises((errors.IdentityAlteredError, errors.IdentityForeignError)):
            read(bytes(flipped))


def test_the_card_of_another_installation_is_told_from_a_forged_one():
    with pytest.raises(errors.IdentityForeignError):
        read(ABOUT.signed(SIGNER), installation="f" * 32)


def test_what_anybody_may_have_written_for_another_installation_is_told_in_signs_that_can_be_shown():
    with pytest.raises(errors.IdentityForeignError) as told:
        read(changed(card="К\0\u202e12", installation="\0" * 32))
    assert str(told.value).isprintable()
    assert str(told.value.details["card"]) == r"К\x00\u202e12"


@pytest.fixture
def root(tmp_path):
    fd = open_card(tmp_path)
    yield fd
    os.close(fd)


def test_our_file_is_written_whole_and_replaced_whole(root, tmp_path):
    folder.write(root, IDENTITY, b"one")
    folder.write(root, IDENTITY, b"two")
    assert folder.read(root, IDENTITY, 100) == b"two"
    assert [path.name for path in (tmp_path / "AIGAQ").iterdir()] == ["identity.json"]


def test_a_half_written_one_of_before_is_no_obstacle(root, tmp_path):
    folder.write(root, NOTE, b"old")
    (tmp_path / "AIGAQ" / "cleared.txt.part").write_bytes(b"half")
    folder.write(root, NOTE, b"new")
    assert folder.read(root, NOTE, 100) == b"new"


def test_a_card_without_our_file_has_none(root, tmp_path):
    assert folder.read(root, IDENTITY, 100) is None
    (tmp_path / "AIGAQ").mkdir()
    assert folder.read(root, IDENTITY, 100) is None


@pytest.mark.parametrize("what", ["folder", "file", "plain file"])
def test_a_link_in_the_place_of_ours_is_not_followed(root, tmp_path, what):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "identity.json").write_bytes(b"secret")
    if what == "folder":
        (tmp_path / "AIGAQ").symlink_to(outside)
    elif what == "file":
        (tmp_path / "AIGAQ").mkdir()
        (tmp_path / "AIGAQ" / "identity.json").symlink_to(outside / "identity.json")
    else:
        (tmp_path / "AIGAQ").write_bytes(b"")
    with pytest.raises(ForeignFileError):
        folder.read(root, IDENTITY, 100)


def test_a_link_in_the_place_of_our_folder_is_not_written_through(root, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "AIGAQ").symlink_to(outside)
    with pytest.raises(OSError):
        folder.write(root, NOTE, b"x")
    assert list(outside.iterdir()) == []


def test_a_link_in_the_place_of_the_part_is_not_written_through(root, tmp_path):
    (tmp_path / "AIGAQ").mkdir()
    (tmp_path / "victim").write_bytes(b"whole")
    (tmp_path / "AIGAQ" / "cleared.txt.part").symlink_to(tmp_path / "victim")
    folder.write(root, NOTE, b"x")
    assert (tmp_path / "victim").read_bytes() == b"whole"


def note(files):
    return cleared_note(SIGNER, files, installation=HERE, card="К-0012", unload="u-1", at=AT)


def test_the_note_is_a_signed_note_that_lists_what_was_cleared():
    digest = ContentDigest(bytes(range(32)))
    text = note([ClearedFile("DCIM/б.MP4", digest, 7), ClearedFile("DCIM/a.MP4", digest, 5)])
    parsed = Note.parse(text)
    parsed.require(VerifierKey.of(SIGNER))
    assert "cleared 2026-11-20T09:00:00+05:00\nfiles 2\n" in text
    assert f"\n{digest} 5 DCIM/a.MP4\n{digest} 7 DCIM/б.MP4\n" in text


def test_a_name_cannot_add_a_line_to_the_note():
    text = note([ClearedFile("a\n\n— evil AAAA\n\u202e", ContentDigest(bytes(32)), 1)])
    Note.parse(text).require(VerifierKey.of(SIGNER))
    assert r"a\n\n— evil AAAA\n\u202e" in text


def test_a_changed_note_is_noticed():
    text = note([ClearedFile("a", ContentDigest(bytes(32)), 1)])
    with pytest.raises(SignatureError):
        Note.parse(text.replace("files 1", "files 2")).require(VerifierKey.of(SIGNER))


def test_a_note_of_a_hundred_thousand_long_names_is_still_a_note():
    text = note([ClearedFile("ә" * 500 + str(n), ContentDigest(bytes(32)), 1) for n in range(20_000)])
    Note.parse(text).require(VerifierKey.of(SIGNER))
    assert f"and {20_000 - LINES} more\n" in text


def boot(**fields):
    head = bytearray(2048)
    for offset, octets in fields.values():
        head[offset : offset + len(octets)] = octets
    return bytes(head)


@pytest.mark.parametrize(
    ("head", "serial"),
    [
        (boot(a=(82, b"FAT32   "), b=(67, b"\x4d\x3c\x2b\x1a")), "1A2B-3C4D"),
        (boot(a=(54, b"FAT16   "), b=(39, b"\x4d\x3c\x2b\x1a")), "1A2B-3C4D"),
        (boot(a=(3, b"EXFAT   "), b=(100, b"\x4d\x3c\x2b\x1a")), "1A2B-3C4D"),
        (boot(a=(3, b"NTFS    "), b=(72, bytes(range(8)))), "0706050403020100"),
        (boot(a=(1080, b"\x53\xef"), b=(1128, bytes(range(16)))), "00010203-0405-0607-0809-0a0b0c0d0e0f"),
        (boot(a=(82, b"FAT32   ")), ""),
        (bytes(2048), ""),
        (b"", ""),
    ],
)
def test_the_serial_number_is_read_from_the_boot_sector(head, serial):
    assert serial_number(head) == serial


def test_a_folder_of_a_larger_disk_has_no_volume_of_its_own(root):
    assert volume_id(root) == ""
    assert folder_id(root) != ""


def test_a_mounted_volume_is_no_folder():
    fd = open_card(Path("/proc"))
    try:
        assert folder_id(fd) == ""
        assert volume_id(fd) == ""
    finally:
        os.close(fd)
