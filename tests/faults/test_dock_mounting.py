"""Real file systems on loop devices: mounted so that nothing of them can reach out, written only while cleared."""

import hashlib
import os
import signal
import subprocess
from pathlib import Path

import pytest

from aigaq.dock import errors, mounted, mounting
from aigaq.dock.mounting import Flag
from aigaq.unloading.errors import MediumGoneError, WriteProtectedError
from tests.support import images, loops

pytestmark = [
    pytest.mark.cards,
    pytest.mark.skipif(bool(loops.missing()), reason=loops.missing()),
]

CONTENT = {"DCIM/100/a.DAT": b"first", "DCIM/100/Қ Ғ Ү.DAT": b"second"}
SAFE = {"ro", "nosuid", "nodev", "noexec", "nosymfollow", "noatime"}
CARDS = {"ext4": loops.ext4_image, "exfat": loops.exfat_card}


@pytest.fixture
def sticks(tmp_path):
    with loops.sticks(tmp_path) as found:
        yield found


@pytest.fixture
def mounting_of(sticks):
    """`mounting_of(image)`: the volume of the image, once put in."""
    opened = []

    def of(image, *options):
        name = sticks.put_in(image, *options)
        media = sticks.media(name)
        opened.append(media)
        return sticks.volume(name, media)

    yield of
    for media in opened:
        media.close()


def digest(image):
    return hashlib.sha256(image.read_bytes()).hexdigest()


def opened(medium):
    return os.open(medium.path, os.O_RDONLY | os.O_DIRECTORY)


def names(root):
    return sorted(os.listdir(root))


@pytest.mark.parametrize("kind", CARDS)
def test_a_card_is_read_with_every_safe_option_and_nothing_of_it_changes(mounting_of, tmp_path, kind):
    image = CARDS[kind](tmp_path, CONTENT)
    before = digest(image)
    with mounting_of(image).mounted() as medium:
        assert loops.options_of(medium.path) >= SAFE
        assert (medium.path / "DCIM/100/Қ Ғ Ү.DAT").read_bytes() == b"second"
        with pytest.raises(OSError, match="Read-only"):
            (medium.path / "new").write_bytes(b"x")
        assert medium.path.parent.stat().st_mode & 0o777 == 0o700
    assert not medium.path.exists()
    assert digest(image) == before


@pytest.mark.parametrize("kind", CARDS)
def test_it_can_be_written_while_it_is_cleared_and_not_before_or_after(mounting_of, tmp_path, kind):
    image = CARDS[kind](tmp_path, CONTENT)
    volume = mounting_of(image)
    with volume.mounted() as medium:
        root = opened(medium)
        try:
            with medium.writable(root):
                assert "ro" not in loops.options_of(medium.path)
                assert loops.options_of(medium.path) >= SAFE - {"ro"}
                os.unlink("DCIM/100/a.DAT", dir_fd=root)
            assert loops.options_of(medium.path) >= SAFE
            with pytest.raises(OSError, match="Read-only"):
                os.unlink("DCIM/100/Қ Ғ Ү.DAT", dir_fd=root)
            assert os.stat("DCIM/100", dir_fd=root)
        finally:
            os.close(root)
    with volume.mounted() as medium:
        assert [each.name for each in (medium.path / "DCIM/100").iterdir()] == ["Қ Ғ Ү.DAT"]


@pytest.mark.parametrize("kind", CARDS)
def test_a_write_protected_card_is_read_and_says_so_when_it_is_to_be_cleared(mounting_of, tmp_path, kind):
    image = CARDS[kind](tmp_path, CONTENT)
    with mounting_of(image, "-r").mounted() as medium:
        root = opened(medium)
        try:
            with pytest.raises(WriteProtectedError), medium.writable(root):
                pass
            assert "DCIM" in names(root)
        finally:
            os.close(root)


def test_a_write_protected_card_that_was_pulled_out_while_written_is_read_all_the_same(mounting_of, tmp_path):
    """Its journal can't be replayed."""
    image = loops.ext4_image(tmp_path, CONTENT)
    make_dirty(image, tmp_path)
    with mounting_of(image, "-r").mounted() as medium:
        assert (medium.path / "DCIM/100/a.DAT").read_bytes() == b"first"


def make_dirty(image, folder):
    """As if pulled out: copied while it is mounted for writing, with something in the journal."""
    at = folder / "dirty"
    at.mkdir()
    images.run("mount", "-o", "loop", image, at)
    try:
        with (at / "more").open("wb") as file:
            file.write(b"x" * 5000)
            os.fsync(file.fileno())
        octets = image.read_bytes()
    finally:
        images.run("umount", at)
    image.write_bytes(octets)
    flags = subprocess.run(["dumpe2fs", "-h", image], capture_output=True, text=True, check=True).stdout
    assert "needs_recovery" in flags


# What a hostile card can do, and the option without which it could.
ESCAPES = {
    Flag.NOSYMFOLLOW: lambda at: (at / "link").read_bytes(),
    Flag.NODEV: lambda at: os.close(os.open(at / "node", os.O_RDONLY)),
    Flag.NOEXEC: lambda at: subprocess.run([at / "program"], check=True),
}


def without(monkeypatch, flag, *, verified):
    """The mutant: one option less; and nobody who looks whether the kernel took them."""
    monkeypatch.setattr(mounted, "READING", mounted.READING & ~flag)
    if not verified:
        monkeypatch.setattr(mounting.Mount, "lacks", lambda *_: [])


@pytest.mark.parametrize("flag", ESCAPES, ids=lambda flag: flag.name)
def test_nothing_reaches_out_of_a_hostile_card(mounting_of, tmp_path, flag):
    with mounting_of(loops.hostile_ext4(tmp_path)).mounted() as medium, pytest.raises(OSError):
        ESCAPES[flag](medium.path)


@pytest.mark.parametrize("flag", ESCAPES, ids=lambda flag: flag.name)
def test_without_the_option_it_would(mounting_of, tmp_path, monkeypatch, flag):
    without(monkeypatch, flag, verified=False)
    with mounting_of(loops.hostile_ext4(tmp_path)).mounted() as medium:
        ESCAPES[flag](medium.path)


def test_without_ro_it_could_be_written(mounting_of, tmp_path, monkeypatch):
    without(monkeypatch, Flag.RDONLY, verified=False)
    with mounting_of(loops.ext4_image(tmp_path, CONTENT)).mounted() as medium:
        (medium.path / "new").write_bytes(b"x")


@pytest.mark.parametrize("flag", [*ESCAPES, Flag.RDONLY, Flag.NOSUID], ids=lambda flag: flag.name)
def test_a_kernel_that_passes_over_an_option_is_found_out(mounting_of, tmp_path, monkeypatch, flag):
    volume = mounting_of(loops.ext4_image(tmp_path, CONTENT))
    for name in ("mount", "restrict"):
        true = getattr(mounting, name)

        def old_kernel(*arguments, true=true):
            return true(*(each & ~flag if isinstance(each, Flag) else each for each in arguments))

        monkeypatch.setattr(mounting, name, old_kernel)
    with pytest.raises(errors.NotSafelyMountedError, match="without"), volume.mounted():
        pass


@pytest.mark.parametrize("kind", CARDS)
def test_a_damaged_file_system_is_refused_with_a_sentence_and_not_changed(mounting_of, tmp_path, kind):
    image = CARDS[kind](tmp_path, CONTENT)
    with image.open("r+b") as file:
        if kind == "ext4":
            file.seek(1024 + 0x18)
            file.write(b"\xff" * 8)
        else:
            file.seek(96)
            file.write(b"\xff" * 16)
    before = digest(image)
    with pytest.raises(errors.UnreadableMediumError, match="damaged"), mounting_of(image).mounted():
        pass
    assert digest(image) == before


def test_a_card_without_a_file_system_is_told(mounting_of, tmp_path):
    image = tmp_path / "blank.img"
    image.write_bytes(bytes(4 << 20))
    with pytest.raises(errors.NoFileSystemError), mounting_of(image).mounted():
        pass


def test_a_kind_that_neither_the_kernel_nor_a_program_reads_is_named(mounting_of, tmp_path):
    (tmp_path / "fat").mkdir()
    image = images.fat_image(tmp_path / "fat", CONTENT)
    with pytest.raises(errors.UnknownFileSystemError, match="vfat"), mounting_of(image).mounted():
        pass


def test_a_card_whose_program_dies_is_gone_and_let_go_all_the_same(mounting_of, tmp_path):
    """As if pulled out: every call on it fails from then on."""
    volume = mounting_of(loops.exfat_card(tmp_path, CONTENT))
    with volume.mounted() as medium:
        medium.require()
        os.kill(behind(medium.path), signal.SIGKILL)
        with pytest.raises(MediumGoneError):
            medium.require()
    assert loops.mounted_under(tmp_path) == []


def behind(path):
    """The FUSE program of a mount, by its arguments."""
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            arguments = (process / "cmdline").read_bytes().split(b"\0")
            if arguments[0].endswith(b"exfat-fuse") and os.fsencode(path) in arguments:
                return int(process.name)
    raise AssertionError(path)


def test_what_something_else_holds_open_is_said_to_be_held_and_let_go_as_soon_as_it_can(
    mounting_of, tmp_path, monkeypatch
):
    monkeypatch.setattr(mounted, "BUSY_SECONDS", 0.3)
    volume = mounting_of(loops.ext4_image(tmp_path, CONTENT))
    with pytest.raises(errors.StillHeldError), volume.mounted() as medium:
        held = (medium.path / "DCIM/100/a.DAT").open("rb")
    assert loops.mounted_under(tmp_path) == []
    assert held.read() == b"first"
    held.close()


def test_what_a_killed_program_left_mounted_is_swept(sticks, tmp_path):
    name = sticks.put_in(loops.ext4_image(tmp_path, CONTENT))
    (tmp_path / "mounts" / name).mkdir(parents=True)
    images.run("mount", "-o", "ro", f"/dev/{name}", tmp_path / "mounts" / name)
    sticks.media(name).close()
    assert loops.mounted_under(tmp_path) == []
    assert list((tmp_path / "mounts").iterdir()) == []


def test_two_programs_do_not_attend_one_computer(sticks):
    first = sticks.media("loop0")
    with pytest.raises(errors.AttendedElsewhereError):
        sticks.media("loop0")
    first.close()
    sticks.media("loop0").close()


def test_a_stick_that_something_else_has_mounted_is_not_touched(sticks, tmp_path):
    name = sticks.put_in(loops.ext4_image(tmp_path, CONTENT))
    desktop = tmp_path / "desktop"
    desktop.mkdir()
    images.run("mount", f"/dev/{name}", desktop)
    media = sticks.media(name)
    (slot,) = media.look()
    assert isinstance(slot.problem, errors.MediumTakenError)
    assert slot.problem.details["by"] == str(desktop)
    images.run("umount", desktop)
    (slot,) = media.look()
    assert (slot.problem, len(slot.volumes)) == (None, 1)
    media.close()


def test_each_time_it_is_put_in_it_has_another_key_and_none_when_it_is_out(sticks, tmp_path):
    image = loops.ext4_image(tmp_path, CONTENT)
    name = sticks.put_in(image)
    media = sticks.media(name)
    keys = []
    for _ in range(3):
        (slot,) = media.look()
        keys.append(slot.key)
        volume = slot.volumes[0]
        sticks.pull(name)
        (slot,) = media.look()
        assert (slot.key, slot.volumes) == ("", ())
        assert not volume.is_there()
        sticks.put_in_again(name, image)
    assert len(set(keys)) == 3
    media.close()


def test_a_card_that_can_not_be_let_go_is_told_and_holds_up_nobody(mounting_of, tmp_path, monkeypatch):
    """Another file system was mounted over the folder in which cards are mounted."""
    monkeypatch.setattr(mounted, "BUSY_SECONDS", 0.3)
    volume = mounting_of(loops.ext4_image(tmp_path, CONTENT))
    try:
        with pytest.raises(errors.StillHeldError), volume.mounted():
            images.run("mount", "-t", "tmpfs", "none", volume.directory)
    finally:
        images.run("umount", volume.directory)
    assert mounting.sweep(volume.directory) == 1
