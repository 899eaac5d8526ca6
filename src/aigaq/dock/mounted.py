"""One volume, mounted read-only for as long as it is unloaded, writable for as long as it is cleared."""

import contextlib
import errno
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aigaq.core.files import displayed, lock_at_once
from aigaq.dock import errors, mounting
from aigaq.dock.filesystems import HEAD, FileSystem, tell
from aigaq.dock.mounting import SAFE, Flag
from aigaq.unloading.errors import MediumGoneError, NotWritableError, WriteProtectedError
from aigaq.unloading.medium import Medium

READING = SAFE | Flag.RDONLY
HELPER_SECONDS = 60.0
BUSY_SECONDS = 10.0
"""How long something else may look at a card that is to be let go: whatever indexes what is mounted, say."""
_AGAIN = 0.2
_PROTECTED = frozenset({errno.EROFS, errno.EACCES})
_HELPERS_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True, slots=True)
class BlockVolume:
    """A partition, or a whole disk that has none."""

    device: Path
    directory: Path
    """Our own, mode 0700: whatever is mounted lies in it."""
    is_there: Callable[[], bool]
    """Whether the same thing is still plugged in."""
    is_protected: Callable[[], bool]

    @contextmanager
    def mounted(self) -> Iterator[Medium]:
        kind = self._kind()
        at = self.directory / self.device.name
        mounted = Mounted(self, kind, at)
        mounted.mount(READING)
        try:
            yield mounted
        finally:
            mounted.let_go()

    def _kind(self) -> FileSystem:
        try:
            with self.device.open("rb", buffering=0) as file:
                head = file.read(HEAD)
        except OSError as error:
            raise _said(error, self) from error
        kind = tell(head)
        if kind is None:
            raise errors.NoFileSystemError if self.is_there() else MediumGoneError
        return kind


class Mounted:
    """A `Medium`. Used by one thread; `let_go` may be called again."""

    def __init__(self, volume: BlockVolume, kind: FileSystem, at: Path) -> None:
        self._volume = volume
        self._kind = kind
        self.path = at
        self._by_helper = False
        self._data = ""

    def mount(self, flags: Flag) -> None:
        """Raise a ``DockError``: nothing is mounted then."""
        try:
            self.path.mkdir(mode=0o700, exist_ok=True)
            self._mount(flags)
            mounting.restrict(self.path, flags)
            # An old kernel passes over a flag that it doesn't know; FUSE programs have options of their own.
            found = mounting.mount_at(self.path)
            missing = found.lacks(flags) if found else ["mount"]
        except OSError as error:
            self._detach()
            raise _said(error, self._volume) from error
        except errors.DockError:
            self._detach()
            raise
        if missing:
            self._detach()
            raise errors.NotSafelyMountedError(missing=", ".join(missing))

    def require(self) -> None:
        try:
            is_there = self._volume.is_there()
            os.statvfs(self.path)
        except OSError:
            is_there = False
        if not is_there:
            raise MediumGoneError

    @contextmanager
    def writable(self, root: int) -> Iterator[None]:
        if self._volume.is_protected():
            raise WriteProtectedError
        with self._anew(root) if self._by_helper else self._remounted():
            yield

    def let_go(self) -> None:
        """Flushed, and then nothing is mounted any more. Raise `StillHeldError`; what is stored is stored."""
        until = time.monotonic() + BUSY_SECONDS
        while mounting.mount_at(self.path) is not None:
            try:
                mounting.unmount(self.path)
            except OSError as error:
                is_late = time.monotonic() >= until
                if error.errno != errno.EBUSY or is_late:
                    self._detach()
                if is_late:
                    raise errors.StillHeldError(reason=error.strerror or str(error)) from error
                time.sleep(_AGAIN)
        with contextlib.suppress(OSError):
            self.path.rmdir()

    def _mount(self, flags: Flag) -> None:
        """The kernel's own way where it has one, else the helper's."""
        self._by_helper = False
        refused = OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        for kind in self._kind.kernel.types:
            for data in self._kind.kernel.data:
                try:
                    mounting.mount(str(self._volume.device), self.path, kind, flags, data)
                except OSError as error:
                    refused = error
                    if error.errno == errno.ENODEV:
                        break
                    continue
                self._data = data
                return
        if refused.errno != errno.ENODEV or not self._volume.is_there():
            raise refused
        self._help(flags)

    def _help(self, flags: Flag) -> None:
        options = ",".join(["ro" if Flag.RDONLY in flags else "rw", "nosuid", "nodev", "noexec", "noatime"])
        if not self._kind.helper:
            raise errors.UnknownFileSystemError(kind=self._kind.name)
        command = [self._kind.helper, "-o", options, str(self._volume.device), str(self.path)]
        try:
            done = subprocess.run(  # noqa: S603 - a program of the system's, by an argument list
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=HELPER_SECONDS,
                check=False,
                env={"PATH": _HELPERS_PATH, "LC_ALL": "C.UTF-8", "TZ": "Asia/Almaty"},
            )
        except FileNotFoundError:
            raise errors.UnknownFileSystemError(kind=self._kind.name) from None
        except subprocess.TimeoutExpired as error:
            raise OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT)) from error
        if done.returncode:
            if not self._volume.is_there():
                raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
            said = displayed((done.stderr or done.stdout).strip().rpartition(b"\n")[2])
            raise errors.UnreadableMediumError(reason=said or self._kind.helper)
        self._by_helper = True

    @contextmanager
    def _remounted(self) -> Iterator[None]:
        try:
            mounting.remount(self.path, SAFE, self._data)
            mounting.restrict(self.path, SAFE)
        except OSError as error:
            self.require()
            raise _not_writable(error) from error
        try:
            yield
        finally:
            # Flushes. What can't be made read-only again is unmounted in a moment.
            with contextlib.suppress(OSError):
                mounting.remount(self.path, READING, self._data)

    @contextmanager
    def _anew(self, root: int) -> Iterator[None]:
        """FUSE programs open the device once, for reading or for writing: so unmounted and mounted again."""
        try:
            self._change(root, SAFE)
        except errors.DockError as error:
            self._change_back(root)
            raise NotWritableError(reason=str(error)) from error
        try:
            yield
        finally:
            with contextlib.suppress(errors.DockError, MediumGoneError):
                self._change(root, READING)

    def _change_back(self, root: int) -> None:
        try:
            self._change(root, READING)
        except errors.DockError as error:
            raise MediumGoneError from error

    def _change(self, root: int, flags: Flag) -> None:
        """Mount with other flags under the same descriptor. Raise a ``DockError`` or `MediumGoneError`."""
        nowhere = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.dup2(nowhere, root, inheritable=False)
        finally:
            os.close(nowhere)
        self.let_go()
        self.mount(flags)
        try:
            new = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise MediumGoneError from error
        try:
            os.dup2(new, root, inheritable=False)
        finally:
            os.close(new)
        lock_at_once(root)

    def _detach(self) -> None:
        with contextlib.suppress(OSError):
            mounting.unmount(self.path, at_once=False)
        with contextlib.suppress(OSError):
            self.path.rmdir()


def _said(error: OSError, volume: BlockVolume) -> Exception:
    """What a refused mount means."""
    reason = error.strerror or str(error)
    if not volume.is_there():
        return MediumGoneError()
    if error.errno in (errno.EPERM, errno.EACCES):
        return errors.NoRightsError(reason=reason)
    if error.errno == errno.EBUSY:
        return errors.MediumTakenError(by=volume.device.name)
    return errors.UnreadableMediumError(reason=reason)


def _not_writable(error: OSError) -> WriteProtectedError | NotWritableError:
    if error.errno in _PROTECTED:
        return WriteProtectedError()
    return NotWritableError(reason=error.strerror or str(error))
