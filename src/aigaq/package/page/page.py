"""Builds the page: the sources beside this module, and the papers that it shows, in one file.

The same papers give the same octets. Nothing in it comes from a network, and its own policy forbids one:
scripts and style are named by their digests there.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from aigaq.core import canonical
from aigaq.core.canonical import Json
from aigaq.package.page.errors import UnusablePapersError
from aigaq.regulation import profile as regulation
from aigaq.regulation.profile import Text

LANGUAGES: Final = ("kk", "ru", "en")
PACKAGE: Final = "data/package.json"
_CHECKPOINT: Final = "data/ledger/checkpoint.txt"
_BAG_INFO: Final = "bag-info.txt"
_ENTRY: Final = re.compile(r"data/ledger/entries/[0-9]+\.json")
_SHOWN: Final = re.compile(
    r"data/(package|clocks|journal/extract|custody/[0-9]{3,})\.json|data/ledger/(checkpoint|key)\.txt"
)
_SHOWN_KINDS: Final = frozenset({"coverage.judged", "journal.failure-reported"})
"""Of the entries those that the time line is drawn from; all others are only checked, from the folder."""
_SCRIPTS: Final = (
    *("octets", "times", "canonical", "curves", "ledger", "passkeys", "signatures"),
    *("report", "digesting", "bag", "shapes", "lists", "contents", "rows", "papers"),
    *("saying", "checking", "model", "head", "timeline", "player", "duties", "journal", "files", "results"),
    "main",
)
"""In this order they are one script."""
_POLICY: Final = (
    "default-src 'none'; script-src {scripts}; style-src {style}; "
    "img-src 'self' file: blob:; media-src 'self' file: blob:; worker-src blob:; "
    "base-uri 'none'; form-action 'none'"
)
_PLACE: Final = re.compile(r"@@([A-Z]+)@@")
_VOLUME: Final = re.compile(r"^Bag-Count: ([0-9]+) of [0-9]+$", re.MULTILINE)


def page(papers: Mapping[str, bytes]) -> bytes:
    """The page of the package whose small files these are, by their path from the bag's root.

    Raises `UnusablePapersError` where one that it shows is missing or can't be read.
    """
    shown = _shown(papers)
    hashing, script, style = _source("scripts/hashing.js"), _script(), _source("page.css")
    policy = _POLICY.format(scripts=f"{_digest(hashing)} {_digest(script)}", style=_digest(style))
    parts = {
        "POLICY": policy,
        "STYLE": style,
        "HASHING": hashing,
        "SCRIPT": script,
        "WORDS": _embedded({language: {**words(language)} for language in LANGUAGES}),
        "TERMS": _embedded(_terms(shown)),
        "SHOWN": _embedded(shown),
    }
    # In one pass: what is put in is not looked through again.
    return _PLACE.sub(lambda place: parts[place[1]], _source("index.html")).encode()


def words(language: str) -> dict[str, str]:
    """The sentences of the page, by their names."""
    told: dict[str, str] = json.loads(_source(f"words/{language}.json"))
    return told


def _shown(papers: Mapping[str, bytes]) -> dict[str, Json]:
    shown: dict[str, Json] = {}
    for path in sorted(papers):
        if _SHOWN.fullmatch(path):
            shown[path] = _value(path, papers[path])
        elif _ENTRY.fullmatch(path):
            entry: Any = _value(path, papers[path])
            if isinstance(entry, dict) and entry.get("kind") in _SHOWN_KINDS:
                shown[path] = entry
    for path in (PACKAGE, "data/journal/extract.json", "data/clocks.json"):
        if path not in shown:
            raise UnusablePapersError(path=path, reason="it is missing")
    info = _text(_BAG_INFO, papers.get(_BAG_INFO, b""))
    volume = _VOLUME.search(info)
    return {**shown, "volume": int(volume[1]) if volume else 1}


def _value(path: str, octets: bytes) -> Json:
    if not path.endswith(".json"):
        return _text(path, octets)
    try:
        return canonical.decode(octets)
    except canonical.NotCanonicalError as error:
        raise UnusablePapersError(path=path, reason=error.details["reason"]) from error


def _text(path: str, octets: bytes) -> str:
    try:
        return octets.decode()
    except UnicodeDecodeError as error:
        raise UnusablePapersError(path=path, reason=str(error)) from error


def _terms(shown: Mapping[str, Any]) -> Json:
    """What the order calls things, in its own words."""
    profile = regulation.load(shown[PACKAGE]["profile"])
    return {
        "reference": _in_all(profile.reference),
        "title": _in_all(profile.form.title),
        "columns": [_in_all(column.head) for column in profile.form.columns],
        "controls": {each.key: _in_all(each.text) for each in profile.controls},
        "bases": {each.key: _in_all(each.text) for each in profile.bases},
    }


def _in_all(text: Text) -> Json:
    return {language: text.in_(language) for language in LANGUAGES}


def _embedded(value: Json) -> str:
    """JSON that no HTML can end: an element ends at ``</script``, and in it ``<!--`` begins a comment."""
    return canonical.encode(value).decode().replace("<", r"\u003c")


def _digest(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


@cache
def _script() -> str:
    return "".join(_source(f"scripts/{name}.js") for name in _SCRIPTS)


@cache
def _source(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
