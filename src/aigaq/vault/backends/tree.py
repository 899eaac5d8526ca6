"""Walking ``blobs/`` of a vault on a disk, whatever anybody has put there."""

import errno
import os
import stat
from collections.abc import Iterator

from aigaq.core import files
from aigaq.vault import layout
from aigaq.vault.backends.base import Entry
from aigaq.vault.layout import BlobName

_DEPTH = 3
"""``blobs``, and the two directories of a shard."""


def walk(directory: int, above: tuple[str, ...] = (layout.BLOBS,), *, after: str = "") -> Iterator[Entry]:
    """What lies below the open `directory`, in the order of the names. Follows no link, raises nothing.

    `after`: what comes behind this path alone.
    """
    passed = after.split("/")
    try:
        names = sorted(os.listdir(directory))
    except OSError:
        yield _problem("unreadable", *above)
        return
    for name in names:
        if [*above, name] < passed[: len(above) + 1]:
            continue
        if [*above, name] == passed:
            continue
        if len(above) == _DEPTH:
            yield _leaf(directory, above, name)
        elif layout.SHARD.fullmatch(name):
            yield from _descend(directory, above, name, after)
        else:
            yield _problem("unexpected", *above, name)


def _descend(directory: int, above: tuple[str, ...], name: str, after: str) -> Iterator[Entry]:
    try:
        inner = files.open_directory(name, dir_fd=directory)
    except OSError as error:
        foreign = error.errno in (errno.ENOTDIR, errno.ELOOP)
        yield _problem("unexpected" if foreign else "unreadable", *above, name)
        return
    try:
        yield from walk(inner, (*above, name), after=after)
    finally:
        os.close(inner)


def _leaf(directory: int, above: tuple[str, ...], name: str) -> Entry:
    try:
        facts = os.stat(name, dir_fd=directory, follow_symlinks=False)
    except OSError:
        return _problem("unreadable", *above, name)
    if not stat.S_ISREG(facts.st_mode) or not name.endswith(layout.SUFFIX):
        return _problem("unexpected", *above, name)
    blob = BlobName.from_file(name)
    path = "/".join((*above, name))
    if blob is None or blob.path != path:
        return _problem("misnamed", *above, name)
    return Entry(path, blob)


def _problem(problem: str, *parts: str) -> Entry:
    return Entry("/".join(files.displayed(part) for part in parts), None, problem)
