"""The secret that several server processes share: in memory, and nowhere else.

`keys.session` needs a part that no copy of a disk has, and that goes with a restart. One process keeps it to
itself. Several find it in a file of a file system that lies in memory; whoever comes first makes it.
"""

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from aigaq.errors import N_, AigaqError
from aigaq.vault.keys.session import SECRET_SIZE

IN_MEMORY: Final = frozenset({"tmpfs", "ramfs"})
_MOUNTS: Final = Path("/proc/self/mountinfo")
_OTHERS: Final = 0o077


class SecretOnDiskError(AigaqError):
    code = "hosts.secret-on-disk"
    message = N_(
        "AIGAQ_PROCESS_SECRET_FILE is {path}, and that is on {kind}: a copy of the disk would have a part of"
        " every opened vault. Give a path below /run, which is in memory."
    )


class SecretFileError(AigaqError):
    code = "hosts.secret-file"
    message = N_("The secret of the server's processes in {path} can't be used: {reason}.")


def shared_secret(path: Path) -> bytes:
    """What stands in `path`; made first where nothing does. Raise `SecretOnDiskError`, `SecretFileError`."""
    with _folder_of(path) as folder:
        with contextlib.suppress(FileNotFoundError):
            return _read(path, folder)
        _make(path, folder)
        return _read(path, folder)


def require_shareable(path: Path) -> None:
    """Raise as `shared_secret` would, and make nothing."""
    with _folder_of(path) as folder, contextlib.suppress(FileNotFoundError):
        _read(path, folder)


@contextlib.contextmanager
def _folder_of(path: Path) -> Iterator[int]:
    try:
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            _require_in_memory(path, folder)
            yield folder
        finally:
            os.close(folder)
    except OSError as error:
        raise SecretFileError(path=path, reason=error.strerror) from error


def _read(path: Path, folder: int) -> bytes:
    fd = os.open(path.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    try:
        _require_in_memory(path, fd)
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode) or status.st_mode & _OTHERS or status.st_uid != os.geteuid():
            raise SecretFileError(path=path, reason=N_("it must be a file that its own user alone may read"))
        octets = os.read(fd, SECRET_SIZE + 1)
    finally:
        os.close(fd)
    if len(octets) != SECRET_SIZE:
        raise SecretFileError(path=path, reason=N_("it must have 32 octets"))
    return octets


def _make(path: Path, folder: int) -> None:
    """Whole or not at all, and by the first alone."""
    draft = f".{path.name}.{secrets.token_hex(8)}"
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder)
    try:
        os.write(fd, secrets.token_bytes(SECRET_SIZE))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path.name, src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        os.close(fd)
        os.unlink(draft, dir_fd=folder)


def _require_in_memory(path: Path, fd: int) -> None:
    kind = _kind_of(os.fstat(fd).st_dev)
    if kind not in IN_MEMORY:
        raise SecretOnDiskError(path=path, kind=kind)


def _kind_of(device: int) -> str:
    """The kind of file system, as the kernel names it (proc(5), ``mountinfo``)."""
    number = f"{os.major(device)}:{os.minor(device)}"
    for line in _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        before, _dash, after = line.partition(" - ")
        if before.split()[2] == number:
            return after.split()[0]
    return "?"
