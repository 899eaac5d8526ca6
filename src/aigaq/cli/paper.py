"""What every command that prints does alike: a new file, for its owner alone."""

import os
from gettext import gettext as _
from pathlib import Path

import click

from aigaq.cli.options import CommandT
from aigaq.cli.output import Console, octets
from aigaq.errors import N_, AigaqError, BadInputError


class PaperExistsError(BadInputError):
    code = "journal.paper-exists"
    message = N_("“{path}” is there already and is not written over. Give another name with -o.")


class NotPrintedError(AigaqError):
    code = "journal.not-printed"
    message = N_("“{path}” could not be written ({reason}). Check the folder and its free space.")


def to_file(command: CommandT) -> CommandT:
    """Give a command -o."""
    return click.option(
        "-o", "--output", required=True, type=click.Path(path_type=Path), help=_("The PDF to make.")
    )(command)


def require_free(path: Path) -> None:
    """Before the work is done. `write` makes sure."""
    if os.path.lexists(path):
        raise PaperExistsError(path=path)


def write(console: Console, path: Path, pdf: bytes) -> None:
    """A new file for its owner alone: names stand in it."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise PaperExistsError(path=path) from None
    except OSError as error:
        raise NotPrintedError(path=path, reason=error.strerror) from error
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(pdf)
    except OSError as error:
        path.unlink()
        raise NotPrintedError(path=path, reason=error.strerror) from error
    console.answer({"path": path, "bytes": len(pdf)})
    console.say(_("Written to {path}: {size}.").format(path=path, size=octets(len(pdf))))
