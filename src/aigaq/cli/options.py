"""What every command has in common: --data and --json, and a program that is set up when it runs."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from typing import Any, TypeVar

import click

from aigaq.errors import N_, BadInputError

CommandT = TypeVar("CommandT", bound=Callable[..., Any])

DATA = ("-d", "--data")
JSON = "--json"


class PasswordFileError(BadInputError):
    code = "cli.password-file"
    message = N_("The password file “{path}” can't be used: {reason}.")


def common(command: CommandT) -> CommandT:
    """Give a command --data and --json. What they say is in effect before the command's module is loaded."""
    command = click.option(
        *DATA,
        type=click.Path(file_okay=False),
        envvar="AIGAQ_DATA",
        default="aigaq-data",
        show_default=True,
        expose_value=False,
        help=_("The folder of the installation."),
    )(command)
    return click.option(
        JSON, is_flag=True, expose_value=False, help=_("Answer with one JSON object on stdout.")
    )(command)


@dataclass(frozen=True)
class Common:
    """The common options as they stand in the arguments, before any command is looked for."""

    data: str | None
    as_json: bool

    @classmethod
    def found_in(cls, arguments: Sequence[str]) -> "Common":
        data, as_json = None, False
        waiting = iter(arguments)
        for argument in waiting:
            if argument == "--":
                break
            if argument in DATA:
                data = next(waiting, None)
            elif argument.startswith("--data="):
                data = argument.removeprefix("--data=")
            elif argument.startswith("-d") and not argument.startswith("--"):
                data = argument.removeprefix("-d")
            as_json = as_json or argument == JSON
        return cls(data, as_json)


def set_up(language: str, data: str | None) -> None:
    """Make the settings of the installation in `data` (else AIGAQ_DATA) those of this process.

    Once in a process, before anything that stands on Django is imported.
    """
    if data is not None:
        os.environ["AIGAQ_DATA"] = data
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aigaq.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate(language)


def password_lines(path: Path, least: int) -> list[str]:
    """The first `least` lines of a file of passwords, which are never given on the command line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or _("it is not text in UTF-8")
        raise PasswordFileError(path=path, reason=reason) from error
    if len(lines) < least or not all(lines[:least]):
        raise PasswordFileError(path=path, reason=_("it has fewer lines than passwords are needed"))
    return lines[:least]
