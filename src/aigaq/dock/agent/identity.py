"""Who this dock is: its key, and what it was told when it was enrolled (`docs/formats/dock-api.md`)."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Self

from aigaq import __version__
from aigaq.core import files
from aigaq.core.clock import Clock
from aigaq.dock.agent.errors import (
    BrokenEnrolmentError,
    EnrolledAlreadyError,
    NotEnrolledError,
    ServerRefusedError,
    StrangeAnswerError,
)
from aigaq.dock.agent.line import Line
from aigaq.errors import AigaqError
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.errors import MalformedKeyError
from aigaq.tlog.signing import Ed25519Signer
from aigaq.unloading.statements import EnrolmentStatement
from aigaq.vault.age import AgeError, Recipient

ENROLMENT = "dock.json"
KEY = "dock.key"
KEY_NAME = "dock"
LIMIT = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What the server answered, and what was believed from then on. No secret but for the key beside it."""

    server: str
    ca: str
    """File of certificates that stand for the server; empty: the system's."""
    dock: str
    name: str
    division: str
    installation: str
    """The vault's id."""
    recipient: str
    """To whom everything is encrypted."""
    ledger_key: str
    """Whose receipts are believed, and no other's."""

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey.parse(self.ledger_key)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Raise `NotEnrolledError` or `BrokenEnrolmentError`."""
        path = folder / ENROLMENT
        try:
            with path.open("rb") as file:
                told = json.loads(file.read(LIMIT))
            enrolment = cls(**told)
            if not all(isinstance(getattr(enrolment, each.name), str) for each in fields(cls)):
                raise BrokenEnrolmentError(path=path, reason="a value is no text")
            enrolment.verifier  # noqa: B018 - raises if it is none
        except FileNotFoundError as error:
            raise NotEnrolledError(path=folder) from error
        except (OSError, ValueError, TypeError) as error:
            raise BrokenEnrolmentError(path=path, reason=str(error)) from error
        except AigaqError as error:
            raise BrokenEnrolmentError(path=path, reason=str(error)) from error
        return enrolment


def key_of(folder: Path) -> Ed25519Signer:
    """Raise ``KeyFileError``."""
    return Ed25519Signer.load(folder / KEY, KEY_NAME)


def enrol(folder: Path, line: Line, clock: Clock, *, code: str, name: str, ca: Path | None) -> Enrolment:
    """Make a key, show it with the code to the server, and keep what it answers.

    Raise `EnrolledAlreadyError` or what `Line.ask` raises. A key whose enrolment failed is used again, unless
    the server has it by now.
    """
    if (folder / ENROLMENT).exists():
        raise EnrolledAlreadyError(server=Enrolment.read(folder).server, path=folder)
    folder.mkdir(files.PRIVATE_DIRECTORY, parents=True, exist_ok=True)
    key = key_of(folder) if (folder / KEY).exists() else _new_key(folder)
    try:
        enrolment = _asked(line, clock, key, code=code, name=name, ca=ca)
    except ServerRefusedError as error:
        if error.details["answer"] != "dock.key-taken":
            raise
        # Enrolled before, and the answer was lost: which dock it is there, nobody here knows.
        (folder / KEY).unlink()
        key = _new_key(folder)
        enrolment = _asked(line, clock, key, code=code, name=name, ca=ca)
    files.write_once(folder / ENROLMENT, json.dumps(asdict(enrolment), ensure_ascii=False, indent=1).encode())
    return enrolment


def _new_key(folder: Path) -> Ed25519Signer:
    Ed25519Signer.generate(KEY_NAME).save(folder / KEY)
    return key_of(folder)


def _asked(
    line: Line, clock: Clock, key: Ed25519Signer, *, code: str, name: str, ca: Path | None
) -> Enrolment:
    statement = EnrolmentStatement(
        code=code, name=name, public_key=key.public_key, agent=__version__, at=clock.now()
    )
    told = line.tell("/api/docks/enrol/", statement.signed(key)).json(line.server)
    try:
        return Enrolment(
            server=line.server,
            ca=str(ca.resolve()) if ca else "",
            dock=str(told["dock"]),
            name=str(told["name"]),
            division=str(told["division"]["name"]),
            installation=str(told["installation"]),
            recipient=str(Recipient.parse(str(told["recipient"]))),
            ledger_key=str(VerifierKey.parse(str(told["ledger_key"]))),
        )
    except (KeyError, TypeError, AgeError, MalformedKeyError) as error:
        raise StrangeAnswerError(server=line.server, reason=str(error)) from error
