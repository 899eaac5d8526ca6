"""`aigaq`, started and set up, but not yet told what to do: forked for each run, so that Python starts only once.

The fork waits before it does anything, so that a tracer can be put on it.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

ROOT = Path(__file__).parents[2]
GO = signal.SIGUSR1


class Forked(AbstractContextManager["Forked"]):
    """One command of `aigaq`, in one installation, which may be another one under the same name each time."""

    def __init__(self, command: str, environment: Mapping[str, str], mutant: str = "") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, command, mutant],
            cwd=ROOT,
            env={**environment, "PYTHONPATH": f"{ROOT}/src:{ROOT}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: object, tracer: Callable[[int], object] = lambda _pid: None) -> int:
        """`tracer` is called with the number of the process before that begins; what is returned is its status."""
        self._process.stdin.write(json.dumps([str(argument) for argument in arguments]) + "\n")
        self._process.stdin.flush()
        pid = self._told()
        tracer(pid)
        os.kill(pid, GO)
        return self._told()

    def _told(self) -> int:
        line = self._process.stdout.readline()
        assert line, f"the program that is forked has ended: {self._process.wait()}"
        return int(line)

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


def _main(command: str, mutant: str) -> None:
    from aigaq.cli.options import set_up

    set_up("en", None)
    program = importlib.import_module("aigaq.cli.main")
    importlib.import_module(f"aigaq.cli.{command}")
    if mutant:
        getattr(importlib.import_module("tests.support.mutants"), mutant)()
    signal.pthread_sigmask(signal.SIG_BLOCK, {GO})
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _be_quiet()
            signal.sigwait({GO})
            sys.argv = ["aigaq", command, *json.loads(line)]
            program.main()
            return
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _be_quiet() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)


if __name__ == "__main__":
    _main(*sys.argv[1:])
