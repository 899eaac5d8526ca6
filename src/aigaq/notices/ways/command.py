"""A program of the office's own: it gets the letter as JSON on its standard input. A gateway for SMS, say."""

import json
import os
import shlex
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from tempfile import TemporaryFile
from typing import IO, Final, Self

from aigaq.core.clock import rfc3339
from aigaq.notices.errors import NotSentError, RefusedForGoodError, UnreachableError, WrongSettingError
from aigaq.notices.ways.base import Outgoing, one_line

COMMAND: Final = "AIGAQ_NOTICE_COMMAND"
TIMEOUT: Final = 60.0
"""Seconds."""
NO_SUCH_ADDRESS: Final = 67
"""EX_NOUSER of sysexits.h: no later attempt would end otherwise."""
ENVIRONMENT: Final[Mapping[str, str]] = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
"""All that it is given: no setting of ours, no password."""
_HEARD = 4096
"""Octets of what it says on its standard error."""


@dataclass(frozen=True)
class CommandWay:
    arguments: tuple[str, ...]
    timeout: float = TIMEOUT
    name: str = field(default="command", init=False)

    @classmethod
    def of(cls, command: str) -> Self:
        """Words as a shell would part them, but no shell reads them. Raises `WrongSettingError`."""
        try:
            arguments = tuple(shlex.split(command))
        except ValueError as error:
            raise WrongSettingError(name=COMMAND, reason=str(error)) from error
        if not arguments or not Path(arguments[0]).is_absolute():
            raise WrongSettingError(name=COMMAND, reason="/path/to/program")
        return cls(arguments)

    def send(self, letter: Outgoing) -> None:
        # Files, not pipes: a program that does not read, or does not stop talking, holds nobody up.
        with TemporaryFile() as given, TemporaryFile() as said:
            given.write(_as_json(letter))
            given.seek(0)
            status = self._run(given, said)
            if status == 0:
                return
            said.seek(0)
            words = one_line(said.read(_HEARD).decode(errors="replace"))
        kind = RefusedForGoodError if status == NO_SUCH_ADDRESS else NotSentError
        raise kind(reason=words or f"exit status {status}")

    def reach(self) -> None:
        program = self.arguments[0]
        if which(program) is None:
            raise UnreachableError(reason=one_line(program))

    def _run(self, given: IO[bytes], said: IO[bytes]) -> int:
        try:
            process = subprocess.Popen(  # noqa: S603 - the administrator's own program, and no shell
                self.arguments,
                stdin=given,
                stdout=subprocess.DEVNULL,
                stderr=said,
                env=dict(ENVIRONMENT),
                cwd="/",
                start_new_session=True,
            )
        except OSError as error:
            reason = one_line(f"{self.arguments[0]}: {error.strerror}")
            raise UnreachableError(reason=reason) from error
        try:
            return process.wait(self.timeout)
        except subprocess.TimeoutExpired as error:
            # Not waited for yet, so its number is nobody else's. What it started goes with it.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise NotSentError(reason=f"{self.timeout:g} s") from error


def _as_json(letter: Outgoing) -> bytes:
    value = {
        "id": letter.id,
        "at": rfc3339(letter.at),
        "address": letter.address,
        "subject": letter.subject,
        "text": letter.text,
    }
    return json.dumps(value, ensure_ascii=False).encode()
