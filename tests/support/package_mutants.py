"""Packages that somebody had a hand in: each a small change of a sound one, with a name that says which.

A *sealed* one has all manifests, sizes and lists made anew afterwards, as whoever forges evidence would; so what
finds it is the ledger alone.
"""

import hashlib
import json
import os
import random
import re
import shutil
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from aigaq.core import canonical
from aigaq.package.bag import Fixity, manifest
from tests.support import packages
from tests.support.logs import signer

Files = dict[str, bytes]
"""By path from the bag's root."""
Changes = Mapping[str, bytes | None]
"""None: it is taken away."""
_MANIFESTS = re.compile(r"(tag)?manifest-sha(256|512)\.txt")


@dataclass(frozen=True)
class Mutant:
    name: str
    make: Callable[[Path, Files], None]
    """In the folder, which holds these files."""


def read(folder: Path) -> Files:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def put_back(folder: Path, files: Mapping[str, bytes]) -> None:
    """The folder is to hold these and nothing else."""
    for each in sorted(folder.rglob("*"), key=lambda path: -len(path.parts)):
        path = str(each.relative_to(folder))
        if each.is_symlink() or not (each.is_dir() or each.is_file()):
            each.unlink()
        elif each.is_dir():
            if not any(name.startswith(f"{path}/") for name in files):
                each.rmdir()
        elif path not in files or each.read_bytes() != files[path]:
            each.unlink()
    for path, octets in files.items():
        target = folder / path
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(octets)


def sealed(files: Files) -> Files:
    """With manifests, Oxum and the list of papers made anew."""
    files = {path: octets for path, octets in files.items() if not _MANIFESTS.fullmatch(path)}
    try:
        package = json.loads(files["data/package.json"])
        for each in package["papers"]:
            if f"data/{each['path']}" in files:
                each.update(_fixity(files[f"data/{each['path']}"]))
        files["data/package.json"] = canonical.encode(package)
    except (ValueError, KeyError, TypeError, AttributeError):
        pass  # it is the list itself that was changed
    payload = {path: Fixity.of(octets) for path, octets in files.items() if path.startswith("data/")}
    oxum = f"{sum(each.size for each in payload.values())}.{len(payload)}"
    info = files["bag-info.txt"].decode("utf-8", "surrogateescape")
    files["bag-info.txt"] = re.sub(r"Payload-Oxum: \S+", f"Payload-Oxum: {oxum}", info).encode(
        "utf-8", "surrogateescape"
    )
    for name in ("sha256", "sha512"):
        files[f"manifest-{name}.txt"] = manifest(name, payload)
    tags = {path: Fixity.of(octets) for path, octets in files.items() if not path.startswith("data/")}
    for name in ("sha256", "sha512"):
        files[f"tagmanifest-{name}.txt"] = manifest(name, tags)
    return files


def _fixity(octets: bytes) -> dict[str, Any]:
    made = Fixity.of(octets)
    return {"size": made.size, "sha256": made.sha256, "sha512": made.sha512}


# Changes of files


def of_files(files: Files, seed: int, flips: int) -> Iterator[Mutant]:
    """Every file changed, cut, lengthened, removed, renamed; pairs exchanged; something added."""
    chance = random.Random(seed)
    for path in sorted(files):
        for _ in range(flips):
            place = chance.randrange(len(files[path]) * 8)
            yield _writes(f"bit {place} of {path} flipped", {path: _flipped(files[path], place)})
        length = chance.randrange(len(files[path]))
        yield _writes(f"{path} cut to {length}", {path: files[path][:length]})
        yield _writes(f"{path} one octet longer", {path: files[path] + b"\n"})
        yield _writes(f"{path} removed", {path: None})
        yield _writes(f"{path} renamed", {path: None, f"{path}~": files[path]})
        other = chance.choice(sorted(set(files) - {path}))
        if files[other] != files[path]:
            yield _writes(f"{path} and {other} exchanged", {path: files[other], other: files[path]})
    for path in (
        "added",
        "data/added",
        "data/recordings/001/added.mp4",
        "data/new/added",
        "data/ledger/entries/0.json",
    ):
        yield _writes(f"{path} added", {path: b"{}"})


def _writes(name: str, changes: Mapping[str, bytes | None]) -> Mutant:
    def make(folder: Path, _files: Files) -> None:
        for path, octets in changes.items():
            target = folder / path
            if octets is None:
                target.unlink()
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(octets)

    return Mutant(name, make)


def _flipped(octets: bytes, place: int) -> bytes:
    changed = bytearray(octets)
    changed[place // 8] ^= 1 << place % 8
    return bytes(changed)


# What stands where a file should


def of_kinds(files: Files, outside: Path) -> Iterator[Mutant]:
    """Links, pipes, sockets, devices and folders in the place of files. `outside` is a folder beside."""
    for path in (
        "data/package.json",
        "manifest-sha256.txt",
        "data/letter.pdf",
        "bagit.txt",
        "data/ledger/entries/7.json",
    ):
        kept = outside / path.replace("/", "_")
        kept.write_bytes(files[path])
        yield _instead(
            f"{path} is a link to a copy outside", path, lambda target, kept=kept: target.symlink_to(kept)
        )
        yield _instead(f"{path} is a pipe", path, os.mkfifo)
        yield _instead(f"{path} is a socket", path, _socket)
        yield _instead(f"{path} is a folder", path, Path.mkdir)
        yield _instead(f"{path} is a link to itself", path, lambda target: target.symlink_to(target.name))
        if os.geteuid() == 0:
            yield _instead(
                f"{path} is a device", path, lambda target: os.mknod(target, 0o20644, os.makedev(1, 5))
            )
    for path in ("data", "data/recordings", "data/ledger/entries"):

        def moved(folder: Path, _files: Files, path: str = path) -> None:
            elsewhere = outside / path.replace("/", "_")
            shutil.rmtree(elsewhere, ignore_errors=True)
            shutil.move(folder / path, elsewhere)
            (folder / path).symlink_to(elsewhere)

        yield Mutant(f"the folder {path} is a link", moved)
    yield _instead("a link is added", "data/link", lambda target: target.symlink_to("/etc/passwd"))
    yield _instead("a pipe is added", "data/pipe", os.mkfifo)


def _instead(name: str, path: str, put: Callable[[Path], object]) -> Mutant:
    def make(folder: Path, _files: Files) -> None:
        (folder / path).unlink(missing_ok=True)
        put(folder / path)

    return Mutant(name, make)


def _socket(target: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(target))


# Manifests that lead astray


def of_manifests(files: Files) -> Iterator[Mutant]:
    for name in (
        "manifest-sha256.txt",
        "manifest-sha512.txt",
        "tagmanifest-sha256.txt",
        "tagmanifest-sha512.txt",
    ):
        text = files[name]
        lines = text.splitlines(keepends=True)
        digest = lines[0].split(b" ")[0]
        inside = b"data/" if name.startswith("m") else b""
        for path in (
            b"/etc/passwd",
            b"../outside",
            b"data/../../outside",
            b"data//x",
            b"data\\x",
            b"C:/x",
            b"data/x%0Ay",
            b"\xff",
        ):
            yield _writes(
                f"{name} names {path!r}",
                {
                    name: b"".join(
                        sorted([*lines, digest + b"  " + path + b"\n"], key=lambda line: line.split(b"  ")[1])
                    )
                },
            )
        yield _writes(f"{name} is empty", {name: b""})
        yield _writes(f"{name} has a line twice", {name: lines[0] + text})
        yield _writes(f"{name} has two lines exchanged", {name: lines[1] + lines[0] + b"".join(lines[2:])})
        yield _writes(f"{name} lacks a line", {name: b"".join(lines[1:])})
        yield _writes(f"{name} has no last newline", {name: text[:-1]})
        yield _writes(f"{name} has upper-case digits", {name: digest.upper() + text[len(digest) :]})
        yield _writes(f"{name} ends its lines as Windows does", {name: text.replace(b"\n", b"\r\n")})
        yield _writes(f"{name} marks files as binary", {name: text.replace(b"  ", b" *")})
        yield _writes(
            f"{name} names a file that is not there", {name: text + digest + b"  " + inside + b"zzz\n"}
        )


# Sealed changes: what only the ledger can tell


def of_json(files: Files) -> Iterator[Mutant]:
    """Every value of every paper and entry another, every element of a list gone, doubled, or in another place."""
    for path in sorted(files):
        if path.endswith(".json"):
            value = json.loads(files[path])
            for what, changed in _changes(value, path, ()):
                yield _seals(f"{path}: {what}", partial(_encoded, path, changed))


def _encoded(path: str, value: Any) -> dict[str, bytes | None]:
    return {path: canonical.encode(value)}


def _changes(value: Any, path: str, at: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if not _is_free(path, (*at, name)):
                for what, changed in _changes(inner, path, (*at, name)):
                    yield what, {**value, name: changed}
        yield f"{_spelt(at)} has one name more", {**value, "zzz": None}
        for name in value:
            yield (
                f"{_spelt((*at, name))} is gone",
                {each: inner for each, inner in value.items() if each != name},
            )
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            for what, changed in _changes(inner, path, (*at, index)):
                yield what, [*value[:index], changed, *value[index + 1 :]]
            yield f"{_spelt((*at, index))} is gone", [*value[:index], *value[index + 1 :]]
            yield f"{_spelt((*at, index))} is doubled", [*value[: index + 1], *value[index:]]
        if len(value) > 1 and value[0] != value[-1]:
            yield f"{_spelt(at)} is reversed", value[::-1]
    else:
        for other in (each for each in _others(value) if each != value):
            yield f"{_spelt(at)} is {str(other)[:20]!r}", other


def _others(value: Any) -> Iterator[Any]:
    """One of the same form, which only what it says betrays; and one of another."""
    if isinstance(value, bool) or value is None:
        yield value is None
    elif isinstance(value, int):
        yield value + 1
        yield -value - 1
    else:
        last = value[-1:]
        yield value[:-1] + ("1" if last != "1" else "2") if re.fullmatch("[0-9a-f]", last) else f"{value}ә"
        yield (
            re.sub(r"([0-9])(\.[0-9]{6}Z|$)", lambda found: f"{(int(found[1]) + 1) % 10}{found[2]}", value)
            if value[-1:] == "Z"
            else ""
        )
        yield None


def _is_free(path: str, at: tuple[Any, ...]) -> bool:
    """What no entry says: composed words; what a cut has; the digests of what is made anew, which sealing repairs."""
    if path.startswith("data/custody/"):
        return len(at) == 4 and at[2] == "words"
    if path == "data/package.json":
        return at[0] == "papers" or (
            len(at) == 4 and at[2] == "cut" and at[3] in ("until_ms", "recipe", "from_ms")
        )
    return False


def _spelt(at: tuple[Any, ...]) -> str:
    return "/".join(map(str, at)) or "it"


def _seals(name: str, given: Changes | Callable[[], Changes]) -> Mutant:
    """What is costly to make is made when its turn comes."""

    def make(folder: Path, files: Files) -> None:
        changes = given() if callable(given) else given
        changed = {**files, **{path: octets for path, octets in changes.items() if octets is not None}}
        put_back(
            folder,
            sealed({path: each for path, each in changed.items() if changes.get(path, b"") is not None}),
        )

    return Mutant(f"sealed, {name}", make)


def of_bodies(ledger: Sequence[bytes], told: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """Entries with something of another form in each place of their bodies, and which each is."""
    for seq in sorted(told):
        entry = json.loads(ledger[seq])
        for body in _misshapen(entry["body"]):
            if isinstance(body, dict):
                yield seq, canonical.encode({**entry, "body": body})


def _misshapen(value: Any) -> Iterator[Any]:
    yield from (each for each in (None, 7, "x", [], [[7]], {}, {"id": {}}) if each != value)
    for name in value if isinstance(value, dict) else ():
        yield from ({**value, name: inner} for inner in _misshapen(value[name]))
    for index in range(len(value)) if isinstance(value, list) else ():
        yield from ([*value[:index], inner, *value[index + 1 :]] for inner in _misshapen(value[index]))


def of_bag_info(files: Files) -> Iterator[Mutant]:
    """Each line of ``bag-info.txt`` that nobody counts says another thing."""
    lines = files["bag-info.txt"].decode().splitlines(keepends=True)
    for index, line in enumerate(lines):
        name, _colon, value = line.rstrip("\n").partition(": ")
        for other in {f"{value}1", value[:-1], ""} if name != "Payload-Oxum" else ():
            changed = [*lines[:index], f"{name}: {other}\n", *lines[index + 1 :]]
            yield _seals(f"{name} is {other!r}", {"bag-info.txt": "".join(changed).encode()})
    octets = files["bag-info.txt"]
    yield _seals(
        "a line of it is not in UTF-8", {"bag-info.txt": octets.replace(b"\nExternal-D", b"\xff\nExternal-D")}
    )


def of_sealed_files(files: Files) -> Iterator[Mutant]:
    """Files exchanged, added and taken away by somebody who makes all lists anew."""
    film, photo = (
        next(path for path in files if path.startswith(f"data/recordings/{each}/")) for each in ("001", "002")
    )
    yield _relisted("another film", files, {film: files[film] + b"!"})
    yield _relisted("film and photo exchanged", files, {film: files[photo], photo: files[film]})
    yield _relisted("another playable copy", files, {"data/playable/001.mp4": b"another"})
    yield _relisted("the cut taken away", files, {"data/cuts/001-1.mp4": None})
    yield _relisted("the photo taken away", files, {photo: None, "data/custody/002.json": None})
    for path in ("data/letter.pdf", "data/clocks.json", "data/journal/extract.json", "data/custody/001.json", "data/keys/2.pem",
                 "data/ledger/key.pem", "data/ledger/checkpoint.txt"):  # fmt: skip
        yield _relisted(f"{path} taken away", files, {path: None})
    for path in ("data/more.pdf", "data/keys/3.pem", "data/custody/003.json", "data/recordings/003/x.mp4"):
        yield _relisted(f"{path} added", files, {path: b"{}"})
    yield _seals("a tag file added", {"more.txt": b"more"})
    yield from _foreign_steps(files)
    package = json.loads(files["data/package.json"])
    for at in ("2026-13-20T07:16:00.000000Z", "0000-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z"):
        other_time = {**package, "approval": {**package["approval"], "at": at}}
        yield _seals(f"approved at {at}", partial(_encoded, "data/package.json", other_time))
    other = packages.contents(signing=signer(octet=9))
    entries = {f"data/ledger/entries/{each.seq}": each for each in other.entries}
    theirs = written_by(other)
    for path in sorted(
        path for path in files if path.startswith("data/ledger/") and files[path] != theirs.get(path, b"")
    ):
        yield _seals(f"{path} of another ledger", {path: theirs.get(path, b"")})
    proofs = sorted(path for path in files if path.endswith(".tlog-proof"))
    for one, two in pairwise(proofs):
        yield _seals(f"{one} of the entry after it", {one: files[two]})
        yield _seals(f"{one} without its last hash", {one: _without_hash(files[one])})
    for seq in sorted(int(Path(path).name) for path in entries):
        gone = {f"data/ledger/entries/{seq}.{kind}": None for kind in ("json", "tlog-proof")}
        yield _relisted(f"entry {seq} taken away", files, gone)
    for one, two in (("1", "2"), ("2", "1")):
        yield _seals(f"key {one} is key {two}", {f"data/keys/{one}.pem": files[f"data/keys/{two}.pem"]})


def _foreign_steps(files: Files) -> Iterator[Mutant]:
    """A history tells, truly, of an entry that is of another file or of none."""
    entries = [
        json.loads(files[path]) for path in files if re.fullmatch(r"data/ledger/entries/\d+\.json", path)
    ]
    for path in sorted(path for path in files if path.startswith("data/custody/")):
        paper = json.loads(files[path])
        told = {each["seq"] for each in paper["steps"]}
        for entry in sorted(entries, key=lambda each: each["seq"]):
            if entry["seq"] in told:
                continue
            actor = entry["actor"]["name"] if entry["actor"]["kind"] == "person" else ""
            step = {
                **{name: entry[name] for name in ("seq", "kind", "at")},
                "actor": actor,
                "words": packages.WORDS,
            }
            steps = sorted([*paper["steps"], step], key=lambda each: each["seq"])
            yield _seals(
                f"{path} tells of entry {entry['seq']}, too",
                partial(_encoded, path, {**paper, "steps": steps}),
            )


def _without_hash(proof: bytes) -> bytes:
    head, _blank, note = proof.partition(b"\n\n")
    return head.rpartition(b"\n")[0] + b"\n\n" + note


def written_by(contents: Any) -> Files:
    """What a writer would put on the disk, in a moment: nothing is made durable."""
    from aigaq.package import layout

    laid = layout.laid_out(contents, layout.measured(contents))
    (members,) = laid.volumes
    return {each.path.partition("/")[2]: b"".join(each.pieces()) for each in members}


def _relisted(name: str, files: Files, changes: Changes) -> Mutant:
    return _seals(f"listed anew, {name}", partial(_listed_anew, files, changes))


def _listed_anew(files: Files, changes: Changes) -> Changes:
    """`package.json` says what is there now, and nothing else."""
    changed = {path: octets for path, octets in {**files, **changes}.items() if octets is not None}
    package = json.loads(files["data/package.json"])
    package["files"] = [each for each in package["files"] if f"data/{each['path']}" in changed]
    for each in package["files"]:
        each.update(_fixity(changed[f"data/{each['path']}"]))
    listed = {f"data/{each['path']}" for each in package["files"]} | {"data/package.json"}
    papers = sorted(path for path in changed if path.startswith("data/") and path not in listed)
    package["papers"] = [{"path": path.removeprefix("data/"), **_fixity(changed[path])} for path in papers]
    seqs = {int(Path(path).stem) for path in papers if path.startswith("data/ledger/entries/")}
    package["entries"] = sorted(seqs & set(package["entries"]))
    return {**changes, "data/package.json": canonical.encode(package)}


def digest(files: Mapping[str, bytes]) -> str:
    return hashlib.sha256(files["data/package.json"]).hexdigest()
