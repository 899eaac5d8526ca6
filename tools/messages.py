"""Message catalogues: every sentence of the program, complete in Kazakh and Russian (English is the key).

messages.py update    bring the sentences of the code into the catalogues
messages.py check     fail unless each catalogue is complete and its placeholders agree
messages.py compile   write the binary catalogues that the program reads
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parent.parent / "src" / "aigaq"
LANGUAGES = ("kk", "ru")
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)[^{}]*\}|%(%)")

_NOISE = re.compile(
    r"^(#|# (Copyright|This|FIRST|.*translations for).*"
    r'|"(POT|PO|Last|Language-T|Gen|Project|Report).*)\n',
    flags=re.MULTILINE,
)
"""Lines of a header that say nothing, or another thing each day."""


def _catalogue_path(language: str) -> Path:
    return SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"


def _template_messages(path: Path) -> Iterator[tuple[object, str | None]]:
    from django.utils.translation.template import templatize

    template = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    # How its lines are indented means something to Python's tokenizer alone.
    python_like = "\n".join(line.strip() for line in template.splitlines())
    for _line, function, messages, _comments in extract_python(
        io.BytesIO(python_like.encode()), KEYWORDS, [], {}
    ):
        yield from _as_written(function, messages)


def _as_written(function: str, messages: object) -> Iterator[tuple[object, str | None]]:
    parts = messages if isinstance(messages, tuple) else (messages,)
    strings = [part for part in parts if isinstance(part, str)]
    if function.startswith("np"):
        yield (tuple(strings[1:3]), strings[0])
    elif function.startswith("p"):
        yield (strings[1], strings[0])
    elif function.startswith("n"):
        yield (tuple(strings[:2]), None)
    elif strings:
        yield (strings[0], None)


def collect() -> dict[tuple[object, str | None], list[str]]:
    """Every (message or plural pair, context) of the code, with the files it stands in."""
    found: dict[tuple[object, str | None], list[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for _line, message, _comments, context in extract_from_file("python", path, keywords=KEYWORDS):
            found.setdefault((message, context), []).append(str(path.relative_to(SOURCE)))
    for path in sorted([*SOURCE.rglob("templates/**/*.html"), *SOURCE.rglob("templates/**/*.txt")]):
        for key in _template_messages(path):
            found.setdefault(key, []).append(str(path.relative_to(SOURCE)))
    found.pop(("", None), None)
    return found


def _read(language: str) -> Catalog:
    path = _catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, domain="django", project="aigaq", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def update() -> int:
    found = collect()
    for language in LANGUAGES:
        old = _read(language)
        new = Catalog(locale=language, domain="django", project="aigaq", charset="utf-8", fuzzy=False)
        for (message, context), files in sorted(found.items(), key=lambda item: (item[1][0], str(item[0]))):
            known = old.get(message if isinstance(message, str) else message[0], context)
            empty: object = "" if isinstance(message, str) else ("",) * new.num_plurals
            usable = known is not None and isinstance(known.id, str) == isinstance(message, str)
            new.add(
                message,
                known.string if usable else empty,
                locations=[(file, None) for file in sorted(set(files))],
                context=context,
            )
        path = _catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, new, width=110, omit_header=False, include_lineno=False, ignore_obsolete=True)
        path.write_text(_NOISE.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def _strings(value: object) -> list[str]:
    return [value] if isinstance(value, str) else [str(part) for part in value or ()]  # type: ignore[union-attr]


def _placeholders(text: str) -> set[str]:
    return {a or b for a, b, _percent in _PLACEHOLDER.findall(text)} - {""}


def _faults(message: Message) -> Iterator[str]:
    counted = set() if isinstance(message.id, str) else {"count"}  # "one day" may go without its figure
    forms = [_placeholders(text) for text in _strings(message.id)]
    known, wanted = set().union(*forms), set.intersection(*forms)
    for text in _strings(message.string):
        if not text.strip():
            yield "has no translation"
        elif extra := _placeholders(text) - known:
            yield f"names {sorted(extra)} that the sentence does not have"
        elif missing := wanted - _placeholders(text) - counted:
            yield f"lacks {sorted(missing)}"
    if not _strings(message.string):
        yield "has no translation"


def check() -> int:
    found = collect()
    faults: list[str] = []
    for language in LANGUAGES:
        catalogue = _read(language)
        known = {(m.id if isinstance(m.id, str) else tuple(m.id), m.context): m for m in catalogue if m.id}
        faults += [
            f"{language}: “{key[0]}” is not in the catalogue ({found[key][0]}); run update"
            for key in found.keys() - known.keys()
        ]
        faults += [
            f"{language}: “{key[0]}” is no longer in the code; run update"
            for key in known.keys() - found.keys()
        ]
        faults += [f"{language}: “{m.id}” {fault}" for m in known.values() for fault in _faults(m)]
        faults += [f"{language}: “{m.id}” is marked fuzzy" for m in known.values() if m.fuzzy]
    print("\n".join(sorted(faults)) or f"{len(found)} sentences, complete in {', '.join(LANGUAGES)}")
    return 1 if faults else 0


def compile_() -> int:
    for language in LANGUAGES:
        target = _catalogue_path(language).with_suffix(".mo")
        if _catalogue_path(language).exists():
            with target.open("wb") as file:
                write_mo(file, _read(language))
    return 0


if __name__ == "__main__":
    verbs = {"update": update, "check": check, "compile": compile_}
    if len(sys.argv) != 2 or sys.argv[1] not in verbs:  # noqa: PLR2004 - the program and one verb
        sys.exit(__doc__)
    sys.exit(verbs[sys.argv[1]]())
