"""README.txt of a package: how to check it with stock tools, step by step, in Kazakh, Russian and English.

The texts and the commands lie in `readme/`; a line “$ step” of a text stands for that step's commands.
"""

from functools import cache
from importlib import resources
from typing import Final

LANGUAGES: Final = ("kk", "ru", "en")
_INDENT: Final = "    "
_RULE: Final = "\n" + "=" * 78 + "\n\n"
_VOLUMES: Final = ("#VOLUMES", "#END")


def readme(name: str, others: tuple[str, ...] = ()) -> bytes:
    """For the folder `name`, one of several where `others` names the rest of them."""
    told = _RULE.join(_told(language, others) for language in LANGUAGES)
    return told.replace("@NAME@", name).replace("@OTHER@", " ../".join(others)).encode("utf-8")


def _told(language: str, others: tuple[str, ...]) -> str:
    lines, is_left_out = [], False
    for line in _read(f"{language}.txt").splitlines():
        if line in _VOLUMES:
            is_left_out = line == _VOLUMES[0] and not others
            lines.append("")
        elif line.startswith("$ "):
            if not is_left_out:
                lines += [_INDENT + command for command in _commands()[line.removeprefix("$ ")]]
        elif not is_left_out:
            lines.append(line)
    return "\n".join(lines) + "\n"


@cache
def _commands() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in _read("commands.txt").splitlines():
        if line.startswith("[") and line.endswith("]"):
            step = found.setdefault(line[1:-1], [])
        else:
            step.append(line)
    return found


def _read(name: str) -> str:
    return resources.files("aigaq.package").joinpath("readme", name).read_text(encoding="utf-8")
