"""Setting paper in a process of its own: a book takes hundreds of megabytes for some seconds.

The server neither keeps that memory nor waits with its other work meanwhile, and a print can be stopped.
What goes in is one JSON object; what comes out are lines of JSON that tell how far it is, the last one with
the length of the PDF that follows.
"""

import contextlib
import json
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Final

import aigaq
from aigaq.core.canonical import Json
from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.errors import N_, AigaqError
from aigaq.paperwork.typesetting import typeset

SECONDS: Final = 300
"""For one paper; the largest book takes ten on an idle core."""
_MEMORY: Final = 3 << 30
"""Address space of the child, in octets. Setting 2,000 rows takes half a gigabyte of it."""
_START: Final = "import sys; sys.path.insert(0, sys.argv[1]); from aigaq.paperwork.apart import main; main()"
"""Our own code, wherever this process has it from."""

OnCode = Callable[[int, int], None]


class NotSetError(AigaqError):
    """The child was stopped, died, or ran out of memory or time."""

    code = "paperwork.not-set"
    message = N_("The paper could not be prepared. Try again with fewer sheets.")


class Apart:
    """A `Typesetter` for one paper. `on_code` is told how many codes are drawn, and of how many."""

    def __init__(self, on_code: OnCode | None = None, *, seconds: float = SECONDS) -> None:
        self._on_code = on_code
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._is_stopped = False

    def __call__(self, template: str, data: Mapping[str, Json], *, dated: datetime) -> bytes:
        """Raises `NotSetError`."""
        job = json.dumps({"template": template, "data": dict(data), "dated": rfc3339(dated)}).encode()
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no text from outside
            [sys.executable, "-I", "-c", _START, str(Path(aigaq.__file__).parents[1])],
            env={},
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._child = child
        if self._is_stopped:
            child.kill()
        ends = threading.Timer(self._seconds, child.kill)
        ends.daemon = True
        ends.start()
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            with contextlib.suppress(BrokenPipeError), child.stdin:
                child.stdin.write(job)
            return self._received(child.stdout)
        finally:
            ends.cancel()
            child.kill()
            child.wait()
            assert child.stdout is not None
            child.stdout.close()

    def stop(self) -> None:
        """From another thread: the paper is not wanted any more."""
        self._is_stopped = True
        if self._child is not None:
            self._child.kill()

    def _received(self, answers: IO[bytes]) -> bytes:
        for line in answers:
            told = json.loads(line)
            if "octets" in told:
                pdf = answers.read(told["octets"])
                if len(pdf) == told["octets"]:
                    return pdf
                break
            if self._on_code is not None:
                self._on_code(told["done"], told["of"])
        raise NotSetError


def main() -> None:
    """The child."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    job = json.load(sys.stdin.buffer)
    out = sys.stdout.buffer

    def told(**facts: int) -> None:
        out.write(json.dumps(facts).encode() + b"\n")
        out.flush()

    pdf = typeset(
        job["template"],
        job["data"],
        dated=parse_rfc3339(job["dated"]),
        on_code=lambda done, of: told(done=done, of=of),
    )
    told(octets=len(pdf))
    out.write(pdf)
    out.flush()
