"""Which version of a key is the recording: the first. Whoever writes over a key, or deletes it, only adds.

A store that locks keeps each version as it came: what came later, and marks of deletion, hide nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from aigaq.vault.backends.s3.calls import Calls
from aigaq.vault.errors import StoreReadError

_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class Version:
    """One thing that a key has, or had. `size` is None for a mark of deletion."""

    key: str
    id: str
    size: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything under one key: its first version, and whatever was put over it."""

    key: str
    first: Version | None
    later: tuple[Version, ...]


def kept_under(calls: Calls, prefix: str, *, after: str = "") -> Iterator[Kept]:
    """All keys that begin with `prefix`, in their order; `after`: those behind this one.

    Raise ``StoreReadError``.
    """
    for key, versions in groupby(_listed(calls, prefix, after), key=lambda each: each.key):
        if key > after:
            yield _kept(key, versions)


def kept_at(calls: Calls, key: str) -> Kept:
    """What one key has. Raise ``StoreReadError``."""
    for kept in kept_under(calls, key):
        if kept.key == key:
            return kept
        break
    return Kept(key, None, ())


def _kept(key: str, versions: Iterable[Version]) -> Kept:
    """A store lists the newest of a key first, as S3 has it.

    Their times are not asked: one store counts a change of a lock or of a legal hold as one of the version.
    """
    oldest_first = list(versions)[::-1]
    first = next((each for each in oldest_first if each.size is not None), None)
    return Kept(key, first, tuple(each for each in oldest_first if each is not first))


def pages(calls: Calls, operation: str, asked: Mapping[str, Any], *, marker: str) -> Iterator[Any]:
    """A list to its end; `marker` is what goes with the key, of a page, to say where the next one begins.

    Raise `StoreReadError` also where a page says that there is more, and leads nowhere or back.
    """
    at = {name: asked[name] for name in ("KeyMarker", marker) if name in asked}
    walked = {tuple(at.items())}
    while True:
        page = calls.read(operation, **{**asked, **at})
        yield page
        if not page.get("IsTruncated"):
            return
        told = {name: page.get(f"Next{name}", "") for name in ("KeyMarker", marker)}
        # An empty one is none: a store may refuse it.
        at = {name: text for name, text in told.items() if text}
        if not at or tuple(at.items()) in walked:
            raise StoreReadError(place=calls.place, reason="its list does not go on")
        walked.add(tuple(at.items()))


def _listed(calls: Calls, prefix: str, after: str) -> Iterator[Version]:
    asked: dict[str, Any] = {"Prefix": prefix, "MaxKeys": _AT_ONCE}
    if after:
        asked["KeyMarker"] = after
    for page in pages(calls, "list_object_versions", asked, marker="VersionIdMarker"):
        yield from sorted(_on(page), key=lambda each: each.key)


def _on(page: Any) -> Iterator[Version]:  # noqa: ANN401 - as boto3 answers
    for each in page.get("Versions", ()):
        yield Version(each["Key"], each["VersionId"], int(each["Size"]), each["LastModified"])
    for each in page.get("DeleteMarkers", ()):
        yield Version(each["Key"], each["VersionId"], None, each["LastModified"])
