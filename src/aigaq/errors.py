"""What can go wrong, as types: a stable code, a sentence a person can act on, an exit status.

Every error of ours is an `AigaqError`. Its `message` is the English sentence and the key of its
translations; `{names}` in it are filled from the keyword arguments given when it is raised. The
floors below Django raise; the edges (web, command line, daemon) translate.
"""

from typing import ClassVar

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_FAULTS = 3
EXIT_REFUSED = 4


def N_(message: str) -> str:  # noqa: N802 - the name that message extraction looks for
    """Mark a sentence for translation without translating it yet."""
    return message


class AigaqError(Exception):
    """The root. `code` never changes once published; `message` may be reworded."""

    code: ClassVar[str] = "aigaq.error"
    message: ClassVar[str] = N_("Something went wrong.")
    exit_status: ClassVar[int] = EXIT_FAILED
    paragraph: str | None = None
    """The paragraph of order No. 236 that refuses the act, where one does. Mostly the class's own."""

    def __init__(self, **details: object) -> None:
        super().__init__(details)
        self.details = details

    def __str__(self) -> str:
        return self.message.format(**self.details)


class RefusedError(AigaqError):
    """An act that a rule of the order forbids. `paragraph` names the rule (say, ``"8"``)."""

    code = "order.refused"
    exit_status = EXIT_REFUSED


class BadInputError(AigaqError):
    """What was typed, sent or passed in can't be used as it is."""

    code = "input.bad"
    exit_status = EXIT_USAGE
