"""What a parser that was taken over can still do: nothing. Each layer is also tried by itself.

The control runs the same attempts unconfined, so an attempt that never could succeed proves nothing here.
"""

import io
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from aigaq.media.confinement import NOBODY, Confinement
from aigaq.media.judge import Judge
from aigaq.media.probe import UntrustworthyAnswerError
from tests.support.films import photo

ROOT = Path(__file__).resolve().parents[2]
AS_ROOT = os.geteuid() == 0
FILES = {"read_a_file", "write_a_file", "list_a_directory", "remove_a_file"}
NAMES = {"look_at_a_name"}
NETWORK = {"connect_by_tcp", "send_by_udp", "open_a_unix_socket"}
PROCESSES = {"fork", "start_a_thread", "run_a_program"}
OTHERS = {"signal_the_parent", "raise_the_parent_s_limit", "trace_the_parent"}
KERNEL = {"use_io_uring"}
MEMORY = {"take_four_gibibytes"}
IDENTITY = {"become_root"}


@pytest.fixture
def attempted(tmp_path):
    """Run all attempts behind one layer; the layer's own report stands under “layer”."""
    tmp_path.chmod(0o777)
    shared = Path(tempfile.gettempdir())
    for parent in tmp_path.parents:
        if parent == shared or not parent.is_relative_to(shared):
            break
        parent.chmod(0o755)  # or the child, which is nobody, would be refused for another reason
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run(layer):
            (tmp_path / "victim").write_bytes(b"")
            (tmp_path / "planted").unlink(missing_ok=True)
            command = [sys.executable, "-m", "tests.support.escapes", layer, str(tmp_path)]
            command.append(str(server.getsockname()[1]))
            done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=60)
            return json.loads(done.stdout)

        yield run


def succeeded(report):
    return {name for name, outcome in report.items() if outcome == "done"}


def test_unconfined_every_attempt_succeeds(attempted):
    expected = FILES | NAMES | NETWORK | PROCESSES | OTHERS | MEMORY | (IDENTITY if AS_ROOT else set())
    assert expected - {"trace_the_parent"} <= succeeded(attempted("none"))


def test_confined_no_attempt_succeeds(attempted, tmp_path):
    report = attempted("confine")
    assert succeeded(report) == set()
    assert (tmp_path / "victim").exists()
    assert not (tmp_path / "planted").exists()
    assert Confinement.believe(report["layer"]).weaknesses() == ()


def test_confined_on_a_machine_that_filters_no_system_calls_files_and_processes_stay_refused(attempted):
    report = attempted("confine without the filter")
    told = Confinement.believe(report["layer"])
    assert told.weaknesses() == ("System calls are not filtered on this machine.",)
    assert {report[name] for name in FILES - {"write_a_file"}} == {"EACCES"}
    assert not succeeded(report) & (
        FILES | PROCESSES | MEMORY | IDENTITY | OTHERS - {"raise_the_parent_s_limit"}
    )
    assert told.landlock < 4 or report["connect_by_tcp"] == "EACCES"


def test_landlock_alone_refuses_files_and_tcp(attempted):
    report = attempted("landlock")
    assert report["layer"] > 0
    assert {report[name] for name in FILES} == {"EACCES"}
    assert report["layer"] < 4 or report["connect_by_tcp"] == "EACCES"
    assert report["layer"] < 6 or report["signal_the_parent"] == "EPERM"
    assert report["trace_the_parent"] == "EPERM"


def test_the_filter_of_system_calls_alone_refuses_all_but_memory(attempted):
    report = attempted("seccomp")
    assert report["layer"] is True
    assert succeeded(report) == MEMORY
    assert {report[name] for name in FILES | NAMES | NETWORK | OTHERS | KERNEL} == {"EPERM"}


def test_the_limits_alone_refuse_memory_processes_and_octets_in_a_file(attempted):
    report = attempted("limits")
    assert report["layer"] is True
    assert report["take_four_gibibytes"] == "ENOMEM"
    assert {report[name] for name in PROCESSES} == {"EAGAIN"}
    assert report["write_a_file"] == "EFBIG"


def test_the_kernel_itself_says_that_the_child_is_confined():
    """Not from the child's own report: from /proc, while it waits for a file."""
    with Judge() as judge:
        judge.judge(io.BytesIO(photo()), "a.jpg", len(photo()))
        child = Path(f"/proc/{judge.worker_id}")
        status = dict(
            line.split(":\t", 1) for line in (child / "status").read_text().splitlines() if ":\t" in line
        )
        limits = (child / "limits").read_text()
        seen = _insides(child) if AS_ROOT else None
        confinement = judge.confinement
    assert (status["NoNewPrivs"], status["Seccomp"], status["Threads"]) == ("1", "2", "1")
    assert int(status["CapEff"], 16) == 0
    assert not AS_ROOT or status["Uid"].split() == [str(NOBODY)] * 4
    assert not AS_ROOT or status["Groups"].strip() == ""
    assert not AS_ROOT or seen == (4, {"/dev/null"}, b"", "/")
    for name in ("Max file size", "Max core file size", "Max processes"):
        line = next(line for line in limits.splitlines() if line.startswith(name))
        assert line.removeprefix(name).split()[:2] == ["0", "0"]
    assert confinement.weaknesses() == ()
    assert confinement.keeps_files_and_network_away


def _insides(child):
    """Open files, what the first three are, environment, folder. The kernel shows these to root alone."""
    held = sorted(int(fd.name) for fd in (child / "fd").iterdir())
    targets = {os.readlink(child / "fd" / str(fd)) for fd in held[:3]}
    return (len(held), targets, (child / "environ").read_bytes(), os.readlink(child / "cwd"))


def test_what_is_missing_on_a_machine_is_named():
    assert len(Confinement().weaknesses()) == 6
    assert not Confinement().keeps_files_and_network_away
    only = Confinement(limits=True, own_user=True, no_new_privileges=True, dies_with_parent=True, landlock=4)
    assert only.weaknesses() == ("System calls are not filtered on this machine.",)


@pytest.mark.parametrize(
    "hello",
    [
        None,
        [],
        {},
        {"landlock": 7},
        {**Confinement().to_dict(), "landlock": True},
        {**Confinement().to_dict(), "x": 1},
    ],
)
def test_a_report_of_another_shape_is_not_believed(hello):
    with pytest.raises(UntrustworthyAnswerError):
        Confinement.believe(hello)


def test_the_child_dies_with_its_parent():
    script = (
        "import io, os, signal, sys\n"
        "from aigaq.media.judge import Judge\n"
        "judge = Judge()\n"
        "assert judge.confinement\n"
        "sys.stdout.write(str(judge.worker_id)); sys.stdout.flush()\n"
        "os.kill(judge.worker_id, signal.SIGSTOP)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, timeout=60)
    try:
        child = os.pidfd_open(int(done.stdout))
    except ProcessLookupError:
        return
    try:
        assert select.select([child], [], [], 10)[0], "the child is living still"
    finally:
        os.close(child)
