"""What code that took over a parser would try; run as a program of its own, it prints what became of it.

``python -m tests.support.escapes LAYER``: ``confine`` for the whole confinement (or ``confine without the filter``), ``landlock``, ``seccomp``,
``limits`` for one layer by itself, ``none`` for the control.
"""

import ctypes
import errno
import json
import mmap
import os
import resource
import signal
import socket
import sys
import threading
from pathlib import Path

from aigaq.media import confinement, landlock, seccomp

LIBC = ctypes.CDLL(None, use_errno=True)
SCRATCH = Path(sys.argv[2]) if len(sys.argv) > 2 else Path("/nowhere")
PORT = int(sys.argv[3]) if len(sys.argv) > 3 else 0
MEMORY = 1 << 30


def read_a_file():
    os.close(os.open("/etc/passwd", os.O_RDONLY))


def write_a_file():
    with open(SCRATCH / "planted", "wb", buffering=0) as file:
        if not file.write(b"x"):
            raise OSError(errno.EIO, "short")


def list_a_directory():
    os.listdir("/")


def look_at_a_name():
    os.stat("/etc/passwd")


def remove_a_file():
    os.unlink(SCRATCH / "victim")


def connect_by_tcp():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as one:
        one.connect(("127.0.0.1", PORT))


def send_by_udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"plaintext", ("127.0.0.1", 9))


def open_a_unix_socket():
    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close()


def fork():
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def start_a_thread():
    try:
        thread = threading.Thread(target=lambda: None)
        thread.start()
        thread.join()
    except RuntimeError as error:
        raise OSError(errno.EAGAIN, "thread") from error


def run_a_program():
    os.posix_spawn("/bin/true", ["true"], {})


def signal_the_parent():
    os.kill(os.getppid(), 0)


def raise_the_parent_s_limit():
    resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE)


def trace_the_parent():
    if LIBC.ptrace(0x4206, os.getppid(), None, None) != 0:  # PTRACE_SEIZE
        raise OSError(ctypes.get_errno(), "ptrace")


def use_io_uring():
    parameters = ctypes.create_string_buffer(120)
    ring = LIBC.syscall(425, 2, parameters)
    if ring < 0:
        raise OSError(ctypes.get_errno(), "io_uring")
    os.close(ring)


def take_four_gibibytes():
    try:
        mmap.mmap(-1, 4 << 30).close()
    except OSError as error:
        raise OSError(errno.ENOMEM, "mmap") from error


def become_root():
    os.setresuid(0, 0, 0)


ATTEMPTS = (
    read_a_file,
    write_a_file,
    list_a_directory,
    look_at_a_name,
    remove_a_file,
    connect_by_tcp,
    send_by_udp,
    open_a_unix_socket,
    fork,
    start_a_thread,
    run_a_program,
    signal_the_parent,
    raise_the_parent_s_limit,
    trace_the_parent,
    use_io_uring,
    take_four_gibibytes,
    become_root,
)


def outcome(attempt):
    try:
        attempt()
    except OSError as error:
        return errno.errorcode.get(error.errno, "?")
    return "done"


def apply(layer):
    no_new_privileges = 38
    if layer == "confine":
        return confinement.confine(memory=MEMORY, parent=os.getppid()).to_dict()
    if layer == "confine without the filter":
        seccomp.restrict = lambda _libc: False
        return confinement.confine(memory=MEMORY, parent=os.getppid()).to_dict()
    if layer == "landlock":
        LIBC.prctl(no_new_privileges, 1, 0, 0, 0)
        return landlock.deny_everything(LIBC)
    if layer == "seccomp":
        LIBC.prctl(no_new_privileges, 1, 0, 0, 0)
        return seccomp.restrict(LIBC)
    if layer == "limits":
        confinement._become_nobody()
        return confinement._set_limits(MEMORY)
    return None


def main():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    report = {"layer": apply(sys.argv[1])}
    report |= {attempt.__name__: outcome(attempt) for attempt in ATTEMPTS}
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main()
