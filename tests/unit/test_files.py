import errno
import fcntl
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from aigaq.core import files
from aigaq.core.direct import PAGE, DirectReader, DirectWriter, aligned, aligned_buffer, open_direct
from tests.support.killpoints import Fault, once, sweep, undurable


@pytest.fixture
def folder(tmp_path):
    fd = files.open_directory(tmp_path)
    yield fd
    os.close(fd)


def immutable_here(path: Path) -> bool:
    probe = path / "probe"
    probe.touch()
    made = subprocess.run(["chattr", "+i", str(probe)], capture_output=True, check=False).returncode == 0
    subprocess.run(["chattr", "-i", str(probe)], capture_output=True, check=False)
    probe.unlink()
    return made


def test_a_file_is_written_once_and_read_only(tmp_path):
    path = tmp_path / "note.json"
    files.write_once(path, b"for ever")
    assert path.read_bytes() == b"for ever"
    assert path.stat().st_mode & 0o777 == 0o440
    with pytest.raises(files.AlreadyWrittenError, match=r"note\.json"):
        files.write_once(path, b"something else")
    assert path.read_bytes() == b"for ever"
    assert os.listdir(tmp_path) == ["note.json"]


def test_writing_where_there_is_no_folder_is_told(tmp_path):
    with pytest.raises(files.NotWrittenError, match="No such file"):
        files.write_once(tmp_path / "nowhere" / "note", b"")


def test_a_link_planted_under_the_name_is_not_written_through(tmp_path):
    (tmp_path / "note").symlink_to(tmp_path / "victim")
    with pytest.raises(files.AlreadyWrittenError):
        files.write_once(tmp_path / "note", b"x")
    assert not (tmp_path / "victim").exists()


@pytest.mark.parametrize(
    "fault", [Fault("kill"), Fault("error", errno.ENOSPC), Fault("errors"), Fault("short", calls=("write",))]
)
def test_a_file_written_once_is_whole_or_not_there(tmp_path, fault):
    numbers = iter(range(1000))

    def prepare():
        place = tmp_path / str(next(numbers))
        place.mkdir()
        return place

    def check(place, after):
        if (place / "note").exists():
            assert (place / "note").read_bytes() == b"whole" * 1000
        if after.how == "finished":
            assert undurable(after.trace) == []
            assert (place / "note").exists()
        if after.how == "raised":
            assert after.error == "NotWrittenError"

    def run(place):
        files.write_once(place / "note", b"whole" * 1000)

    assert sweep(run, prepare=prepare, check=check, fault=fault) > 0


def test_what_the_disk_did_not_keep_is_not_called_written(tmp_path, monkeypatch):
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, octets: real(fd, bytes(len(octets))))
    with pytest.raises(files.NotWrittenError):
        files.write_once(tmp_path / "note", b"not zeros")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("kind", ["link", "fifo", "folder", "socket", "device"])
def test_only_regular_files_are_opened(tmp_path, folder, kind):
    path = tmp_path / "thing"
    match kind:
        case "link":
            path.symlink_to("/etc/passwd")
        case "fifo":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "socket":
            # A relative name, because the path of a socket may have 107 octets only.
            code = "import socket; socket.socket(socket.AF_UNIX).bind('thing')"
            subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
        case "device":
            if os.getuid():
                pytest.skip("only root makes devices")
            os.mknod(path, 0o20600, os.makedev(1, 3))
    for direct in (False, True):
        with pytest.raises(files.ForeignFileError, match="thing"):
            files.open_regular("thing", dir_fd=folder, direct=direct)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Қызылорда видео.mp4", "Қызылорда видео.mp4"),
        ("-rf", "-rf"),
        ("two\nlines", r"two\nlines"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("gpj\u202eexe", r"gpj\u202eexe"),
        (b"\xff\xfe.mp4", r"\xff\xfe.mp4"),
        (os.fsdecode(b"a\x80b"), r"a\x80b"),
    ],
)
def test_names_are_shown_without_their_tricks(name, shown):
    assert files.displayed(name) == shown


def test_publishing_never_replaces(tmp_path, folder):
    (tmp_path / "part").write_bytes(b"new")
    (tmp_path / "final").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        files.publish("part", "final", from_fd=folder, to_fd=folder)
    assert (tmp_path / "final").read_bytes() == b"old"
    files.publish("part", "other", from_fd=folder, to_fd=folder)
    assert sorted(os.listdir(tmp_path)) == ["final", "other"]


def test_the_sweep_takes_what_nobody_holds_and_nothing_else(tmp_path, folder):
    living, fd, _ = files.create_part(dir_fd=folder)
    dead, gone, _ = files.create_part(dir_fd=folder)
    os.close(gone)
    (tmp_path / "readme.txt").touch()
    (tmp_path / "link.part").symlink_to(tmp_path / "readme.txt")
    (tmp_path / "folder.part").mkdir()
    assert files.sweep_parts(dir_fd=folder) == 1
    assert sorted(os.listdir(tmp_path)) == sorted([living, "readme.txt", "link.part", "folder.part"])
    os.close(fd)
    assert files.sweep_parts(dir_fd=folder) == 1
    assert dead not in os.listdir(tmp_path)


def test_a_writer_whose_new_file_was_swept_starts_another(tmp_path, folder, monkeypatch):
    real, calls = fcntl.flock, []

    def swept_before_the_lock(fd, how):
        if not calls:
            calls.append(fd)
            (only,) = os.listdir(tmp_path)
            os.unlink(tmp_path / only)
        real(fd, how)

    monkeypatch.setattr(fcntl, "flock", swept_before_the_lock)
    name, fd, _ = files.create_part(dir_fd=folder)
    assert os.listdir(tmp_path) == [name]
    assert os.fstat(fd).st_nlink == 1
    os.close(fd)


def test_sweeping_while_others_write_harms_no_living_file(tmp_path, folder):
    done = threading.Event()

    def sweep_on():
        while not done.is_set():
            files.sweep_parts(dir_fd=folder)

    sweeper = threading.Thread(target=sweep_on)
    sweeper.start()
    try:
        for _ in range(300):
            name, fd, _ = files.create_part(dir_fd=folder)
            assert os.fstat(fd).st_nlink == 1
            os.unlink(name, dir_fd=folder)
            os.close(fd)
    finally:
        done.set()
        sweeper.join()


def test_an_immutable_file_can_be_neither_changed_nor_removed(tmp_path):
    if os.getuid() or not immutable_here(tmp_path):
        pytest.skip("needs root and a file system with the immutable attribute")
    path = tmp_path / "sealed"
    path.write_bytes(b"evidence")
    with path.open("rb") as file:
        assert files.make_immutable(file.fileno())
        assert files.make_immutable(file.fileno())
    try:
        with pytest.raises(PermissionError):
            path.unlink()
        with pytest.raises(PermissionError):
            path.open("r+b")
    finally:
        subprocess.run(["chattr", "-i", str(path)], check=True)


def test_without_the_right_a_file_is_left_mutable_and_it_is_said():
    with open("/proc/self/status", "rb") as file:
        assert not files.make_immutable(file.fileno())


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("size", [0, 1, PAGE, PAGE + 1, 10 * PAGE, 300_001])
def test_direct_writing_and_reading_agree_with_plain_ones(tmp_path, asked, size):
    octets = os.urandom(size)
    path = tmp_path / "file"
    flags = os.O_RDWR | os.O_CREAT
    fd, direct = open_direct(str(path), flags) if asked else (os.open(path, flags, 0o600), False)
    writer = DirectWriter(fd, direct=direct, window=70_000)
    for start in range(0, size, 50_001):
        part = octets[start : start + 50_001]
        writer.window()[: len(part)] = part
        writer.advance(len(part))
    assert writer.size == size
    writer.finish()
    os.fsync(fd)
    assert path.read_bytes() == octets
    os.close(fd)
    fd, direct = open_direct(str(path), os.O_RDONLY) if asked else (os.open(path, os.O_RDONLY), False)
    with DirectReader(fd, direct=direct) as reader:
        assert reader.way == ("direct" if direct else "dropped")
        buffer = aligned_buffer(aligned(size) or PAGE)
        assert bytes(buffer[: reader.readinto_at(buffer, 0)]) == octets
        assert reader.pread(100, size // 2) == octets[size // 2 :][:100]
        assert reader.pread(100, size + 5) == b""


def test_a_reader_given_an_unaligned_buffer_goes_on_through_the_cache(tmp_path):
    octets = os.urandom(3 * PAGE)
    (tmp_path / "file").write_bytes(octets)
    fd, direct = open_direct(str(tmp_path / "file"), os.O_RDONLY)
    with DirectReader(fd, direct=direct) as reader:
        buffer = bytearray(1001)
        assert reader.readinto_at(memoryview(buffer), 7) == 1001
        assert bytes(buffer) == octets[7:1008]
        assert reader.way == "dropped"


def test_a_writer_on_a_disk_that_takes_the_flag_but_no_direct_write_goes_on(tmp_path, monkeypatch):
    real = os.pwrite

    def refusing(fd, octets, offset):
        if fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_DIRECT:
            raise OSError(errno.EINVAL, "refused")
        return real(fd, octets, offset)

    monkeypatch.setattr(os, "pwrite", refusing)
    fd, direct = open_direct(str(tmp_path / "file"), os.O_RDWR | os.O_CREAT)
    writer = DirectWriter(fd, direct=direct, window=PAGE)
    writer.window()[:PAGE] = b"x" * PAGE
    writer.advance(PAGE)
    writer.finish()
    os.close(fd)
    assert (tmp_path / "file").read_bytes() == b"x" * PAGE


def test_a_disk_without_direct_access_is_written_plainly(tmp_path, monkeypatch):
    real = os.open

    def refusing(name, flags, *args, **named):
        fd = real(name, flags & ~os.O_DIRECT, *args, **named)
        if flags & os.O_DIRECT:
            os.close(fd)
            raise OSError(errno.EINVAL, "no direct access here")
        return fd

    monkeypatch.setattr(os, "open", refusing)
    folder = files.open_directory(tmp_path)
    name, fd, direct = files.create_part(dir_fd=folder)
    assert not direct
    os.close(fd)
    files.write_once(tmp_path / "note", b"plain")
    assert (tmp_path / "note").read_bytes() == b"plain"
    assert sorted(os.listdir(tmp_path)) == sorted([name, "note"])
    os.close(folder)


def test_write_once_makes_its_name_durable(tmp_path):
    after = once(lambda place: files.write_once(place / "note", b"kept"), tmp_path)
    assert undurable(after.trace) == []
    names = [call.name for call in after.trace]
    assert names.index("link") > names.index("fsync")
    assert names[-1] == "fsync"
