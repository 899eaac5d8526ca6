"""The secret of several processes: made once, in memory alone, for nobody else's eyes."""

import os
import shutil
import tempfile
import threading
from pathlib import Path

import pytest

from aigaq.vault.keys import SECRET_SIZE, SecretFileError, SecretOnDiskError, shared_secret

MEMORY = Path("/dev/shm")

pytestmark = pytest.mark.skipif(not MEMORY.is_dir(), reason="there is no file system in memory here")


@pytest.fixture
def folder():
    made = Path(tempfile.mkdtemp(dir=MEMORY))
    yield made
    shutil.rmtree(made)


def test_the_first_makes_it_and_the_others_read_it(folder):
    made = shared_secret(folder / "secret")
    assert len(made) == SECRET_SIZE
    assert shared_secret(folder / "secret") == made
    assert (folder / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret"]


def test_of_many_at_once_one_makes_it(folder):
    found, together = [], threading.Barrier(8)

    def ask():
        together.wait()
        found.append(shared_secret(folder / "secret"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_taken_away_with_its_folder_it_is_another_one(folder):
    earlier = shared_secret(folder / "secret")
    (folder / "secret").unlink()
    assert shared_secret(folder / "secret") != earlier


def test_never_on_a_disk():
    with tempfile.TemporaryDirectory(dir=Path(__file__).parent) as on_disk:
        path = Path(on_disk) / "secret"
        with pytest.raises(SecretOnDiskError, match="copy of the disk"):
            shared_secret(path)
        assert not path.exists()


def test_nor_through_a_link_to_one(folder, tmp_path):
    (tmp_path / "secret").write_bytes(bytes(SECRET_SIZE))
    (folder / "secret").symlink_to(tmp_path / "secret")
    with pytest.raises(SecretFileError):
        shared_secret(folder / "secret")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_not_where_others_can_read_it(folder, mode):
    shared_secret(folder / "secret")
    (folder / "secret").chmod(mode)
    with pytest.raises(SecretFileError, match="its own user alone"):
        shared_secret(folder / "secret")


@pytest.mark.parametrize("size", [0, SECRET_SIZE - 1, SECRET_SIZE + 1])
def test_not_if_it_has_another_size(folder, size):
    (folder / "secret").write_bytes(bytes(size))
    (folder / "secret").chmod(0o600)
    with pytest.raises(SecretFileError, match="32 octets"):
        shared_secret(folder / "secret")


def test_not_what_is_no_file(folder):
    os.mkfifo(folder / "secret", 0o600)
    with pytest.raises(SecretFileError):
        shared_secret(folder / "secret")
    with pytest.raises(SecretFileError):
        shared_secret(folder / "nowhere" / "secret")
