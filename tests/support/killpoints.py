"""Stop a program at every call it makes to the operating system, one after another, and look what is left.

After SQLite ("How SQLite is tested"): the calls of a run are numbered 1, 2, 3 …; run number k is made in a forked child
in which call k meets a fault; when a run ends without having met its fault, every point has been tried, so
"covered" means something. Some 3 ms a point.

    def prepare():            # in the parent, before each point: a fresh place; returns what run and check need
    def run(place):           # in the child: the program under test, returns or raises
    def check(place, after):  # in the parent, once the child is dead: assert what must hold now

    points = sweep(run, prepare=prepare, check=check, fault=Fault("kill"))

`check` is also called for the last run, in which nothing was met (`after.met is None`). To see that
a second run mends what a killed one left, call `once(run, place)` in `check`.

Faults: ``kill`` (SIGKILL before the call is made), ``error`` (the call fails once with `errno`, nothing
having been done), ``errors`` (this call and every later one fails), ``short`` (a write or a read
does half of what it was asked).

What is seen: calls made through the modules `os`, `fcntl` and the built-in `open`, which is all that our own
code uses (`os.open`, not ``from os import open``). Not seen: what C code does by itself (SQLite, ffmpeg, a file
object's own writes): number such things with `extra`, or use ``strace -e inject``.

A kill loses nothing that the kernel has; only a power cut does. For that, `undurable` says which names and contents of a
trace would not have survived one, so that a missing fsync, of a directory too, is found without cutting any power.
"""

import builtins
import errno as numbers
import fcntl
import io
import json
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

CALLS = (
    *("open", "read", "readv", "pread", "preadv", "write", "writev", "pwrite", "pwritev", "sendfile"),
    *("copy_file_range", "fsync", "fdatasync", "sync", "syncfs", "posix_fadvise", "posix_fallocate"),
    *("link", "symlink", "rename", "replace", "unlink", "remove", "mkdir", "rmdir", "truncate", "ftruncate"),
    *("chmod", "fchmod", "chown", "fchown", "utime", "stat", "lstat", "fstat", "listdir", "scandir"),
    *("flock", "ioctl", "fcntl"),
)
"""Every call that is numbered unless `calls` says otherwise. Closing is not: it must always be possible."""

WRITES = ("write", "pwrite", "writev", "pwritev")
READS = ("read", "pread", "readv", "preadv")

_MODULES: tuple[Any, ...] = (os, fcntl)
_OPENERS = ((builtins, "open"), (io, "open"))
_REAL = {name: getattr(module, name) for module in _MODULES for name in CALLS if hasattr(module, name)}
_TWO_PATHS = frozenset({"link", "symlink", "rename", "replace"})

Place = TypeVar("Place")


@dataclass(frozen=True)
class Fault:
    kind: Literal["kill", "error", "errors", "short"]
    errno: int = numbers.EIO
    calls: Sequence[str] = CALLS
    """The calls that are numbered and can meet the fault; the others pass and are only traced."""


@dataclass(frozen=True)
class Call:
    """A call that was made (or was about to be): `path` is what it acted on, `to` a second path, `extra` a label."""

    name: str
    path: str | None = None
    to: str | None = None

    def __str__(self) -> str:
        return " ".join(part for part in (self.name, self.path, self.to) if part)


@dataclass(frozen=True)
class After:
    """How a run ended."""

    point: int
    met: Call | None
    """The call that met the fault; None if the run made fewer calls than that."""
    how: Literal["killed", "raised", "finished"]
    error: str | None = None
    """The name of the exception's class."""
    report: str = ""
    """Its traceback."""
    trace: tuple[Call, ...] = field(default=(), repr=False)
    """The calls that succeeded, in their order."""


def sweep(
    run: Callable[[Place], object],
    *,
    prepare: Callable[[], Place],
    check: Callable[[Place, After], object],
    fault: Fault,
    start: int = 1,
    stride: int = 1,
    limit: int = 20_000,
    extra: Iterable[tuple[Any, str]] = (),
) -> int:
    """Try every point (from `start`, each `stride`-th); return how many met the fault.

    `extra` names further functions to number, as (owner, attribute). Fails if the run that meets no fault raises, or if
    `limit` is passed.
    """
    extra = tuple(extra)
    for met, point in enumerate(range(start, limit + 1, stride)):
        place = prepare()
        after = _in_child(lambda place=place: run(place), point, fault, extra)
        try:
            check(place, after)
        except AssertionError as error:
            error.add_note(f"at point {point}, {fault.kind} at: {after.met}\n{after.report}")
            raise
        if after.met is None:
            assert after.how == "finished", f"the run without a fault failed:\n{after.report}"
            return met
    raise AssertionError(f"still meeting faults after {limit} points")


def at(
    point: int,
    run: Callable[[Place], object],
    place: Place,
    *,
    fault: Fault,
    extra: Iterable[tuple[Any, str]] = (),
) -> After:
    """Run in a child in which this one point meets the fault, for who chooses points by a trace."""
    return _in_child(lambda: run(place), point, fault, tuple(extra))


def once(run: Callable[[Place], object], place: Place, *, extra: Iterable[tuple[Any, str]] = ()) -> After:
    """Run in a child with no fault, traced."""
    return _in_child(lambda: run(place), 0, Fault("kill"), tuple(extra))


def undurable(trace: Iterable[Call]) -> list[str]:
    """What a power cut right after `trace` could take back: names and contents not yet followed by their fsync.

    The model is the strictest that POSIX allows: an fsync of a file keeps its octets and of a directory its names, and nothing
    else keeps anything. Whatever was removed again, or renamed away, isn't counted.
    """
    names: set[str] = set()
    contents: set[str] = set()
    for call in trace:
        path, to = call.path or "", call.to or ""
        if call.name in ("open+", "mkdir", "symlink"):
            names.add(to or path)
        elif call.name in (
            *WRITES,
            "ftruncate",
            "truncate",
            "posix_fallocate",
            "copy_file_range",
            "sendfile",
        ):
            contents.add(path)
        elif call.name in ("fsync", "fdatasync"):
            contents.discard(path)
            names = {name for name in names if os.path.dirname(name) != path}
        elif call.name in ("link", "rename", "replace"):
            names.add(to)
            if path in contents:
                contents.add(to)
        if call.name in ("unlink", "remove", "rmdir", "rename", "replace"):
            names.discard(path)
            contents.discard(path)
    return sorted(names | contents)


def _in_child(
    run: Callable[[], object], point: int, fault: Fault, extra: tuple[tuple[Any, str], ...]
) -> After:
    notes = os.memfd_create("killpoints")
    # The position of a memfd is not locked: without this two threads write their notes over each other.
    fcntl.fcntl(notes, fcntl.F_SETFL, os.O_APPEND)
    try:
        pid = os.fork()
        if pid == 0:
            _be_the_child(run, point, fault, extra, notes)
        _, status = os.waitpid(pid, 0)
        return _read_notes(notes, point, status)
    finally:
        os.close(notes)


def _be_the_child(
    run: Callable[[], object], point: int, fault: Fault, extra: tuple[tuple[Any, str], ...], notes: int
) -> None:
    status = 70
    try:
        recorder = _Recorder(point, fault, notes)
        recorder.arm(extra)
        try:
            run()
            recorder.note("finished")
        except BaseException as error:  # noqa: BLE001 - whatever it is, the parent is told
            recorder.note("raised", type(error).__name__, traceback.format_exc())
        status = 0
    finally:
        os._exit(status)


def _read_notes(notes: int, point: int, status: int) -> After:
    with open(os.dup(notes), "rb") as file:
        file.seek(0)
        lines = [json.loads(line) for line in file]
    trace = tuple(Call(*rest) for kind, *rest in lines if kind == "made")
    met = next((Call(*rest) for kind, *rest in lines if kind == "met"), None)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL, f"the child died of signal {os.WTERMSIG(status)}"
        return After(point, met, "killed", trace=trace)
    assert status == 0, f"the child could not tell how it ended: {status}"
    how, *rest = lines[-1]
    return After(point, met, how, *rest, trace=trace)


class _Recorder:
    def __init__(self, point: int, fault: Fault, notes: int) -> None:
        self._point = point
        self._fault = fault
        self._notes = notes
        self._count = 0
        self._lock = threading.Lock()

    def arm(self, extra: tuple[tuple[Any, str], ...]) -> None:
        for module in _MODULES:
            for name in CALLS:
                if hasattr(module, name):
                    setattr(module, name, self._wrapped(name, _REAL[name], _target))
        for module, name in _OPENERS:
            setattr(module, name, self._wrapped("open", getattr(module, name), _target))
        for owner, name in extra:
            label = f"{getattr(owner, '__name__', owner)}.{name}"
            setattr(owner, name, self._wrapped(label, getattr(owner, name), _nothing, always=True))

    def note(self, *what: object) -> None:
        _REAL["write"](self._notes, json.dumps(what).encode() + b"\n")

    def _wrapped(self, name: str, real: Any, target: Any, *, always: bool = False) -> Any:
        numbered = always or name in self._fault.calls

        def call(*args: Any, **named: Any) -> Any:
            path, to = target(name, args, named)
            if numbered:
                with self._lock:
                    self._count += 1
                    here = self._count
                args = self._meet(here, name, path, to, args)
            result = real(*args, **named)
            made = "open+" if name == "open" and _creates(args) else name
            self.note("made", made, path, to)
            return result

        return call

    def _meet(self, here: int, name: str, path: str | None, to: str | None, args: tuple[Any, ...]) -> Any:
        fault = self._fault
        again = fault.kind == "errors" and self._point and here > self._point
        if here != self._point and not again:
            return args
        if not again:
            self.note("met", name, path, to)
        if fault.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if fault.kind == "short":
            return _halved(name, args)
        raise OSError(fault.errno, os.strerror(fault.errno), path)


def _halved(name: str, args: tuple[Any, ...]) -> tuple[Any, ...]:
    where, what, *rest = args
    if name in ("read", "pread"):
        return (where, max(1, what // 2), *rest)
    if name in ("write", "pwrite"):
        return (where, memoryview(what)[: max(1, len(what) // 2)], *rest)
    first = memoryview(what[0])
    return (where, [first[: max(1, len(first) // 2)]], *rest)


def _creates(args: tuple[Any, ...]) -> bool:
    flags = args[1] if len(args) > 1 else 0
    return bool(flags & os.O_CREAT) if isinstance(flags, int) else flags[0] in "wxa"


def _target(name: str, args: tuple[Any, ...], named: dict[str, Any]) -> tuple[str | None, str | None]:
    """The paths that a call acts on, absolute, as far as they can be told."""
    if not args:
        return None, None
    first = _path(args[0], named.get("dir_fd", named.get("src_dir_fd")))
    if name in _TWO_PATHS and len(args) > 1:
        return first, _path(args[1], named.get("dst_dir_fd", named.get("dir_fd")))
    return first, None


def _path(what: object, dir_fd: int | None) -> str | None:
    if isinstance(what, int):
        try:
            return os.readlink(f"/proc/self/fd/{what}")
        except OSError:
            return None
    if isinstance(what, str | bytes | os.PathLike):
        above = os.getcwd() if dir_fd is None else os.readlink(f"/proc/self/fd/{dir_fd}")
        return os.path.normpath(os.path.join(above, os.fsdecode(what)))
    return None


def _nothing(*_: object) -> tuple[None, None]:
    return None, None
