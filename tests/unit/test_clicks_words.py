"""What click says by itself is said in our languages: it is in the catalogues, and is what click still says."""

from pathlib import Path

import click
import pytest
from babel.messages.extract import extract_from_file

from aigaq.cli.clicks_words import COUNTED, WORDS
from tests.support.command import Shell

SAYING = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
NEVER_SAID = {
    *("(dynamic)", "deprecated", "env var: {var}", "Positional arguments", "Choose from:\n\t{choices}"),
    *("%(prog)s, version %(version)s", "Try '{command} {option}' for help.", "Choice({choices})"),
    *("Do you want to continue?", "Confirm the action without prompting.", "Press any key to continue..."),
    *("Missing parameter", "Missing {param_type}", "Missing parameter: {param_name}"),
    *("{value!r} is not a valid UUID.", "{name} {filename!r} is not executable."),
    "{value!r} is not a valid boolean. Recognized values: {states}",
}
"""By what our commands ask of it."""
OF_A_PROGRAM_THAT_IS_WRONG = (
    "DeprecationWarning",
    "Invalid start",
    "Unknown color",
    "Value must be",
    "Name '",
)
ALSO = ("Boolean option", "Could not determine", "No options defined", "Arguments take exactly")


def said_by_click() -> set[str | tuple[str, ...]]:
    folder = Path(click.__file__).parent
    return {
        message
        for name in SAYING
        for _line, message, _comments, _context in extract_from_file(
            "python", folder / f"{name}.py", keywords={"_": None, "ngettext": (1, 2)}
        )
    }


def test_the_catalogues_have_what_click_says():
    single = {message for message in said_by_click() if isinstance(message, str)}
    ours = {message for message in single if not message.startswith((*OF_A_PROGRAM_THAT_IS_WRONG, *ALSO))}
    assert ours - NEVER_SAID - {"Commands"} == set(WORDS)
    counted = {message[0] for message in said_by_click() if isinstance(message, tuple)}
    assert set(COUNTED) <= counted


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", "«--hepl» деген параметр жоқ. Мүмкін, мынау шығар: '--help'?"),
        ("ru", "Параметра «--hepl» нет. Может быть, '--help'?"),
        ("en", "No such option '--hepl'. Did you mean '--help'?"),
    ],
)
def test_whoever_mistypes_is_told_in_their_language(tmp_path, language, words):
    ran = Shell(tmp_path, language=language).run("vault", "--hepl")
    assert ran.status == 2
    assert ran.err.startswith(words)


@pytest.mark.parametrize(("language", "words"), [("kk", "Қолданылуы: aigaq"), ("ru", "Вызов: aigaq")])
def test_the_help_is_in_one_language(tmp_path, language, words):
    told = Shell(tmp_path, language=language).run("vault", "scrub", "--help").out
    assert told.startswith(words)
    assert "Show this" not in told
    assert "Options" not in told
