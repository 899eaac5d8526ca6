"""Which disks are attended: what hangs on USB or in an SD slot, never one that the system lives on; and its name."""

import errno
import os
import resource
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from aigaq.dock import linux, mounting
from aigaq.dock.errors import MediumTakenError, NoFileSystemError, PortsFileError, UnreadableMediumError
from aigaq.dock.filesystems import EXFAT, EXT, NTFS, VFAT, tell
from aigaq.dock.linux import LinuxMedia
from aigaq.dock.mounted import BlockVolume
from aigaq.dock.mounting import Flag, Mount, mounts
from aigaq.dock.ports import Ports, read_ports
from aigaq.dock.uevents import Uevents
from aigaq.unloading.errors import MediumGoneError
from tests.support import loops
from tests.support.sysfs import Computer

MANY = 1100
"""Descriptors: more than select(2) can name."""


@pytest.fixture
def computer(tmp_path):
    return Computer(tmp_path)


class Deaf:
    def close(self):
        pass


@pytest.fixture
def look(computer, tmp_path, monkeypatch):
    """`look(ports, mounted=…)` gives what is attended, by name; no real mount or swap of this machine counts."""
    monkeypatch.setattr(linux, "Uevents", Deaf)

    def of(ports=None, mounted=(), swaps=()):
        monkeypatch.setattr(mounting, "mounts", lambda: list(mounted))
        monkeypatch.setattr(linux, "_swaps", lambda: frozenset(swaps))
        media = LinuxMedia(tmp_path / "mounts", ports or Ports(), sys=computer.sys, dev=tmp_path / "dev")
        try:
            return {slot.port: slot for slot in media.look()}
        finally:
            media.close()

    return of


def mounted(number="8:0", at="/", source="/dev/x"):
    return Mount(number, Path(at), frozenset(), "ext4", source)


def test_a_stick_is_called_by_the_port_it_hangs_on(computer, look):
    computer.stick("sdb", "1-2.3")
    (slot,) = look().values()
    assert (slot.port, slot.key) == ("usb 1-2.3", "7")
    assert [volume.device.name for volume in slot.volumes] == ["sdb"]


def test_a_reader_has_a_port_for_each_slot_even_while_it_is_empty(computer, look):
    computer.stick("sdb", "1-4", lun=0, megabytes=0)
    computer.stick("sdc", "1-4", lun=1)
    found = look()
    assert list(found) == ["usb 1-4, slot 1", "usb 1-4, slot 2"]
    assert [slot.key for slot in found.values()] == ["", "7"]


def test_of_a_partitioned_card_every_part_is_unloaded_the_largest_first_and_none_that_is_tiny(computer, look):
    disk = computer.stick("sdb", "1-1", megabytes=200)
    for number, megabytes in ((1, 40), (2, 100), (3, 0)):
        computer.partition(disk, number, megabytes=megabytes)
    (slot,) = look().values()
    assert [volume.device.name for volume in slot.volumes] == ["sdb2", "sdb1"]


def test_an_sd_card_in_the_computers_own_slot_is_one_and_what_is_soldered_in_is_not(computer, look):
    computer.disk("mmcblk0", "devices/platform/mmc_host/mmc0/mmc0:0001", device="MMC")
    computer.disk("mmcblk1", "devices/platform/mmc_host/mmc1/mmc1:aaaa", device="SD")
    assert list(look()) == ["sd mmc1"]


@pytest.mark.parametrize(
    ("name", "way", "device"),
    [
        ("sda", "devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0", "0"),
        ("nvme0n1", "devices/pci0000:00/0000:00:1d.0/nvme/nvme0", None),
        ("vda", "devices/pci0000:00/0000:00:02.0/virtio1", None),
        ("sr0", "devices/pci0000:00/0000:00:14.0/usb1/1-3/1-3:1.0/host5/target5:0:0/5:0:0:0", "5"),
        ("loop0", "devices/virtual", None),
    ],
)
def test_no_other_disk_is_attended(computer, look, name, way, device):
    computer.disk(name, way, device=device)
    assert look() == {}


def test_a_device_that_the_office_names_is(computer, look):
    computer.disk("loop0", "devices/virtual", device=None)
    computer.disk("loop1", "devices/virtual", device=None)
    assert list(look(Ports(also=frozenset({"loop1"})))) == ["loop1"]


def test_a_port_that_the_office_leaves_alone_is_not(computer, look):
    computer.stick("sdb", "1-4", lun=0)
    computer.stick("sdc", "1-4", lun=1)
    computer.stick("sdd", "1-5")
    assert list(look(Ports(ignore=frozenset({"usb 1-4, slot 1", "usb 1-5"})))) == ["usb 1-4, slot 2"]
    assert list(look(Ports(ignore=frozenset({"usb 1-4"})))) == ["usb 1-5"]


def test_a_port_has_the_name_that_the_office_gave_it(computer, look):
    computer.stick("sdb", "1-2.3")
    assert list(look(Ports(names={"usb 1-2.3": "Сол жақ"}))) == ["Сол жақ"]


def test_a_usb_disk_on_which_the_system_lives_is_not_touched(computer, look):
    disk = computer.stick("sdb", "1-1", dev="8:16")
    computer.partition(disk, 1, megabytes=50)
    for in_use in (mounted("8:16"), mounted("8:1", "/srv")):
        (slot,) = look(mounted=[in_use]).values()
        assert isinstance(slot.problem, MediumTakenError)
        assert slot.volumes == ()
    # A file system on several disks has a number of its own.
    (slot,) = look(mounted=[mounted("0:31", "/data", "/dev/sdb1")]).values()
    assert slot.problem.details["by"] == "/data"
    (slot,) = look(swaps={"sdb1"}).values()
    assert slot.problem.details["by"] == "swap"
    (slot,) = look(mounted=[mounted("8:99")]).values()
    assert slot.problem is None


def test_where_a_desktop_mounts_a_card_of_a_strange_name_can_be_shown_and_kept(computer, look):
    """The label is the card's: octets of an old code page, a line break, whatever."""
    computer.stick("sdb", "1-1", dev="8:16")
    at = os.fsdecode(b"/media/\x8a\x80\x90\x92\x80\nx")
    (slot,) = look(mounted=[mounted("8:16", at)]).values()
    assert slot.problem.details["by"] == r"/media/\x8a\x80\x90\x92\x80\nx"


@pytest.mark.parametrize(
    ("is_there", "device", "said"),
    [
        (False, "none", MediumGoneError),
        (False, "empty", MediumGoneError),
        (True, "none", UnreadableMediumError),
        (True, "empty", NoFileSystemError),
    ],
)
def test_a_card_that_was_pulled_out_before_it_was_opened_is_not_said_to_be_damaged(
    tmp_path, is_there, device, said
):
    """Its device has no medium any more (ENOMEDIUM), is not there itself (ENOENT), or gives nothing."""
    (tmp_path / "empty").touch()
    volume = BlockVolume(tmp_path / device, tmp_path, lambda: is_there, lambda: False)
    with pytest.raises(said), volume.mounted():
        pass


def test_a_disk_on_which_a_raid_is_built_is_not_touched(computer, look):
    disk = computer.stick("sdb", "1-1")
    computer.partition(disk, 1, megabytes=50)
    (disk / "sdb1" / "holders" / "dm-0").mkdir()
    (slot,) = look().values()
    assert slot.problem.details["by"] == "dm-0"


def test_a_reader_is_asked_for_new_cards_where_nobody_else_does(computer, look):
    disk = computer.stick("sdb", "1-4", megabytes=0, events_poll_msecs="-1")
    default = computer.sys / "module" / "block" / "parameters" / "events_dfl_poll_msecs"
    default.parent.mkdir(parents=True)
    for asked, left in (("2000", "-1"), ("0", "2000")):
        default.write_text(asked)
        look()
        assert (disk / "events_poll_msecs").read_text().strip() == left


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = 1", "unknown: x"),
        ('also = "loop1"', "no list"),
        ("ignore = [1]", "no list"),
        ('[names]\n"usb 1-1" = ""', "1 to 60"),
        ('[names]\n"usb 1-1" = "a"\n"usb 1-2" = "a"', "two ports have one name"),
        ("names = 3", "no table"),
        ("also = [", "Invalid|Unclosed|end of"),
        (b"\xff", "utf-8"),
    ],
)
def test_a_wrong_file_of_ports_is_refused(tmp_path, text, reason):
    path = tmp_path / "ports.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(PortsFileError, match=reason):
        read_ports(path)


def test_a_right_one_is_read_and_none_is_fine(tmp_path):
    path = tmp_path / "ports.toml"
    assert read_ports(path) == Ports()
    path.write_text(
        'also = ["loop1"]\nignore = ["usb 2-1"]\n[names]\n"usb 1-2, slot 2" = "Оң жақ"\n', "utf-8"
    )
    ports = read_ports(path)
    assert (ports.also, ports.ignore) == ({"loop1"}, {"usb 2-1"})
    assert [ports.name_of(place) for place in ("usb 1-2, slot 2", "usb 1-3")] == ["Оң жақ", "usb 1-3"]


def boot(**octets):
    head = bytearray(2048)
    for at, value in octets.items():
        head[int(at[1:]) : int(at[1:]) + len(value)] = value
    return bytes(head)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (boot(_3=b"EXFAT   "), EXFAT),
        (boot(_3=b"NTFS    "), NTFS),
        (boot(_82=b"FAT32   ", _510=b"\x55\xaa"), VFAT),
        (boot(_54=b"FAT16", _510=b"\x55\xaa"), VFAT),
        (boot(_1080=b"\x53\xef"), EXT),
        (boot(_510=b"\x55\xaa"), None),
        (boot(_82=b"FAT32   "), None),
        (b"", None),
    ],
)
def test_a_file_system_is_told_by_its_first_octets(head, kind):
    assert tell(head) is kind


def test_a_mount_point_with_strange_characters_is_read_as_it_is(monkeypatch, tmp_path):
    table = tmp_path / "mountinfo"
    table.write_text(
        r"42 27 7:0 / /tmp/a\040b\134c ro,nosuid,noexec shared:1 - fuseblk /dev/loop\0400 rw" "\n"
    )
    monkeypatch.setattr(mounting, "TABLE", table)
    (found,) = mounts()
    assert (found.at, found.source, found.number) == (Path("/tmp/a b\\c"), "/dev/loop 0", "7:0")
    assert found.lacks(Flag.RDONLY | Flag.NOSUID) == []
    assert found.lacks(mounting.SAFE) == ["nodev", "nosymfollow"]


@pytest.mark.enable_socket
@pytest.mark.cards
@pytest.mark.skipif(bool(loops.missing()), reason=loops.missing())
def test_the_kernel_says_at_once_that_a_stick_was_put_in(tmp_path):
    image = tmp_path / "x.img"
    image.write_bytes(bytes(1 << 20))
    listening, told = threading.Event(), []

    def listen():
        uevents = Uevents()
        listening.set()
        told.append(uevents.wait(30.0))
        uevents.close()

    with loops.sticks(tmp_path) as sticks:
        thread = threading.Thread(target=listen)
        thread.start()
        listening.wait()
        sticks.put_in(image)
        thread.join()
    assert told == [True]


@pytest.mark.enable_socket
def test_a_process_with_a_thousand_files_open_still_listens():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft <= MANY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, MANY + 100), hard))
    with ExitStack() as opened:
        opened.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        while opened.enter_context(open(os.devnull, "rb")).fileno() < MANY:
            pass
        uevents = Uevents()
        opened.callback(uevents.close)
        assert uevents.wait(0.01) is False


def test_where_the_kernel_has_no_such_socket_the_look_comes_in_time(monkeypatch):
    def refuse(*_):
        raise OSError(errno.EAFNOSUPPORT, "no")

    monkeypatch.setattr("aigaq.dock.uevents.socket.socket", refuse)
    uevents = Uevents()
    assert uevents.wait(0.01) is False
    uevents.close()
