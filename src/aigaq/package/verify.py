"""Checks an evidence package of Aigaq: ``python3 verify.py FOLDER... [--key KEY] [--checkpoint FILE]``.

One file for whoever trusts nobody: Python 3.9 or later, its standard library, no network, nothing written.
The format is `docs/formats/package.md` of Aigaq, with `ledger.md`, `signature.md` and `time-code.md`.

What is proven, in this order; each step goes on after a fault, and rests on those before it:

  1. The files here are those that were packed, all of them and no others.           `Bag`
  2. ``package.json`` lists the same files, under the names that the format has.      `Volume`
  3. One key signed one checkpoint, and each entry is proven to be under it.          `Volume._ledger`
  4. Who signed the acts in these entries, and that their signatures hold.            `Signatures`
  5. Originals, demand, approval, extract, clocks and histories say what the entries  `Story`, `Papers`
     say: nothing is left out of them, and nothing is added.

How to read it: `Volume.check` (section 9) is the whole in twenty lines. Whoever wants to believe the files
and the entries alone reads sections 1, 2, 5 and 9; the rest is how the papers follow from the entries.
A fault is told by the name of its sentence; the sentences stand at the end.

  1  Limits, and how faults are told            6  Signatures in the entries
  2  Files, and the manifests                   7  What the entries say, as the papers have it
  3  JSON, and the forms of the papers          8  The papers, held against that
  4  Arithmetic: three kinds of signatures      9  One volume: lists, files, ledger
  5  Keys, checkpoints, entries and proofs     10  Several volumes, the command; the sentences

Exit status: 0 sound, 3 faults found, 2 called wrongly.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import os
import re
import stat
import sys
import unicodedata
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Callable, Iterable, NamedTuple

# --- 1  Limits, and how faults are told --------------------------------------------------------------------

EXIT_USAGE, EXIT_FAULTS = 2, 3
MAX_FILES = 50_000
"""Files in a folder, folders in it included."""
MAX_PATH = 1024
MAX_PACKAGE, MAX_PAPER, MAX_ENTRY, MAX_NOTE = 6 << 20, 4 << 20, 256 << 10, 1_000_000
"""Octets of ``package.json``, of another JSON paper, of an entry (`ledger.md`), of a signed note."""
MAX_ENTRIES = 24 << 20
"""Octets of all entries together."""
MAX_VALUES = 200_000
"""Values in one JSON file: small ones take much more memory than they have octets."""
MAX_DEPTH = 32
MAX_LISTED = 1000
"""Faults told one by one; more are counted."""
PIECE = 1 << 20
LISTS, CHECKPOINT = "data/package.json", "data/ledger/checkpoint.txt"


def path_of(seq: int, kind: str = "json") -> str:
    """Where an entry lies, or its ``tlog-proof``."""
    return f"data/ledger/entries/{seq}.{kind}"


class Malformed(ValueError):  # noqa: N818 - it becomes a fault
    """Something is not of its form; the text says why."""


def refuse(is_wrong: Any, reason: str) -> None:
    if is_wrong:
        raise Malformed(reason)


class Fault(NamedTuple):
    """One thing that is wrong: a published code, the sentence, where, and the evidence that fills it."""

    kind: str
    message: str
    path: str
    seq: int | None
    evidence: dict[str, Any]

    def __str__(self) -> str:
        return self.message.format(**self.evidence)


class Report:
    """What was checked, and every fault in the order in which it was found. Notes are no faults."""

    def __init__(self, on_progress: Callable[[int, int], None] | None = None) -> None:
        self.package = self.digest = ""
        self.originals = self.entries = 0
        """So many that are here and unchanged, and that were proven."""
        self.faults: list[Fault] = []
        self.notes: list[Fault] = []
        self.unlisted = 0
        self.within = ""
        """The volume that is being checked, where there are several."""
        self.on_progress = on_progress or (lambda _done, _total: None)
        self._kinds: set[str] = set()
        """Of each kind at least one is told."""

    @property
    def is_sound(self) -> bool:
        return not self.faults

    def add(self, kind: str, sentence: str, path: str = "", seq: int | None = None, **evidence: Any) -> None:
        """`sentence` is its name in `SENTENCES`."""
        if len(self.faults) >= MAX_LISTED and kind in self._kinds:
            self.unlisted += 1
        else:
            self._kinds.add(kind)
            self.faults.append(self._told(kind, sentence, path, seq, evidence))

    def when(self, is_wrong: Any, kind: str, sentence: str, path: str = "", seq: int | None = None) -> None:
        if is_wrong:
            self.add(kind, sentence, path, seq)

    def attempt(self, where: tuple[Any, ...], do: Callable[..., Any], *given: Any) -> Any:
        """What `do` gives; None if that is `Malformed`, which is told. `where`: kind, sentence, path, seq."""
        try:
            return do(*given)
        except Malformed as error:
            return self.add(*where, reason=str(error))

    def note(self, sentence: str, **evidence: Any) -> None:
        self.notes.append(self._told(sentence, sentence, "", None, evidence))

    def _told(self, kind: str, sentence: str, path: str, seq: int | None, evidence: dict[str, Any]) -> Fault:
        where = shown(self.within + path)
        told = {each: shown(value) if type(value) is str else value for each, value in evidence.items()}
        return Fault(kind, SENTENCES[sentence], where, seq, {**told, "path": where, "seq": seq})


def shown(text: str) -> str:
    """Fit for a screen whoever chose it: what is not printable is spelt as an escape; long texts are cut."""
    text = text if len(text) <= 400 else text[:400] + "…"
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


# --- 2  Files, read without being led astray, and the manifests --------------------------------------------

_MARKS = "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
"""What turns the direction of writing, or breaks lines."""
_UNFIT = re.compile(f'["*:<>?\\\\|%\x00-\x1f\x7f-\x9f\ud800-\udfff{_MARKS}]')
_RESERVED = {"CON", "PRN", "AUX", "NUL"} | {f"{port}{n}" for port in ("COM", "LPT") for n in "123456789¹²³"}
_JUNCTION = 0xA0000003
"""How Windows tags a folder that leads elsewhere."""


def safe_name(card_path: str) -> str:
    """The name under which an original lies in its folder, from its path on the card ("The folder")."""
    name = _UNFIT.sub("_", unicodedata.normalize("NFC", card_path.rpartition("/")[2]))
    dot = name.rfind(".")
    stem, suffix = (name[:dot], name[dot:]) if dot > 0 and len(name[dot:].encode()) <= 16 else (name, "")
    name = stem.encode()[:120].decode("utf-8", "ignore") + suffix
    name = re.sub(r"[. ]+\Z", lambda found: "_" * len(found[0]), name) or "_"
    return f"_{name}" if name.partition(".")[0].rstrip(" ").upper() in _RESERVED else name


def is_safe(path: str) -> bool:
    """Whether a path names something inside the folder, and on every system the same."""
    parts = path.split("/")
    return len(path) <= MAX_PATH and not _UNFIT.search(path) and not any(p in ("", ".", "..") for p in parts)


class Folder:
    """The files in a folder. Links, pipes and devices are reported and never opened."""

    def __init__(self, root: str, report: Report) -> None:
        self.root = root
        self.report = report
        self.sizes: dict[str, int] = {}
        self._list()

    def _list(self) -> None:
        waiting, count = [""], 0
        while waiting:
            within = waiting.pop()
            try:
                with os.scandir(os.path.join(self.root, within)) as found:
                    for each in found:
                        count += 1
                        if count > MAX_FILES:
                            return self.report.add("bag-malformed", "too-many", most=MAX_FILES)
                        if self._take(f"{within}{each.name}", each):
                            waiting.append(f"{within}{each.name}/")
            except OSError as error:
                if not within:
                    raise
                self.report.add("file-missing", "unread", within, reason=error.strerror)
        return None

    def _take(self, path: str, found: os.DirEntry[str]) -> bool:
        """Note a file; whether it is a folder to look into."""
        status = found.stat(follow_symlinks=False)
        is_link = found.is_symlink() or getattr(status, "st_reparse_tag", 0) == _JUNCTION
        if stat.S_ISREG(status.st_mode) and not is_link:
            self.sizes[path] = status.st_size
        elif not stat.S_ISDIR(status.st_mode) or is_link:
            self.report.add("unsafe-path", "link", path)
        elif path.count("/") < 8 and is_safe(path):
            return True
        else:
            self.report.add("file-added", "added-folder", path)
        return False

    def open(self, path: str) -> BinaryIO:
        """For reading, following no link in any part of `path`. Raises ``OSError``."""
        flags = os.O_RDONLY
        for each in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):
            flags |= getattr(os, each, 0)
        if path not in self.sizes:
            raise FileNotFoundError(path)
        if os.open not in os.supports_dir_fd:
            fd = os.open(os.path.join(self.root, path), flags)
        else:
            *folders, name = path.split("/")
            within = os.open(self.root, os.O_RDONLY)
            try:
                for each in folders:
                    inner = os.open(each, flags | os.O_DIRECTORY, dir_fd=within)
                    os.close(within)
                    within = inner
                fd = os.open(name, flags, dir_fd=within)
            finally:
                os.close(within)
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            os.close(fd)
            raise FileNotFoundError(path)
        return os.fdopen(fd, "rb")

    def octets_of(self, path: str, most: int) -> bytes:
        """Of a small file. Raises `Malformed` where it is missing, not to be read, or longer than `most`."""
        try:
            with self.open(path) as file:
                octets = file.read(most + 1)
        except OSError as error:
            raise Malformed(error.strerror or "it is not there") from error
        refuse(len(octets) > most, f"it is longer than {most} octets")
        return octets


_ALGORITHMS = ("sha256", "sha512")
_BAG_INFO = ("Source-Organization", "External-Identifier", "External-Description",
             "Bagging-Date", "Payload-Oxum")  # fmt: skip
_GROUP = ("Bag-Group-Identifier", "Bag-Count")


class Bag(Folder):
    """The files against the manifests (RFC 8493)."""

    def __init__(self, root: str, report: Report) -> None:
        super().__init__(root, report)
        self.listed: dict[str, dict[str, bytes]] = {}
        """By path: what the manifests say, by algorithm."""
        self.changed: set[str] = set()
        self.info: dict[str, str] = {}

    def check_bag(self) -> None:
        self._manifests()
        self._fixity()
        self._bag_info()

    def _manifests(self) -> None:
        for prefix in ("", "tag"):
            names: list[set[str]] = []
            for algorithm in _ALGORITHMS:
                found = self._manifest(f"{prefix}manifest-{algorithm}.txt", algorithm, is_payload=not prefix)
                for path, digest in found.items():
                    self.listed.setdefault(path, {})[algorithm] = digest
                names.append(set(found))
            for path in sorted(names[0] ^ names[1])[:1]:
                self.report.add("bag-malformed", "in-one-manifest", path)
        declaration = self.read("bagit.txt", 4096, "bag-malformed")
        if declaration not in (None, b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"):
            self.report.add("bag-malformed", "not-bagit", "bagit.txt")

    def _manifest(self, name: str, algorithm: str, *, is_payload: bool) -> dict[str, bytes]:
        """Read line by line (RFC 8493, 2.1.3), in this format's one spelling."""
        form = re.compile(rb"([0-9a-f]{%d})  (.+)\n" % (64 if algorithm == "sha256" else 128))
        found: dict[str, bytes] = {}
        last, count = "", 0
        try:
            with self.open(name) as file:
                for line in iter(lambda: file.readline(4 * MAX_PATH + 200), b""):
                    count += 1
                    match = form.fullmatch(line)
                    path = match[2].decode("utf-8") if match else ""
                    if not match or path <= last or path.startswith("data/") is not is_payload:
                        raise Malformed(f"line {count} is no digest with a path, or not in its order")
                    refuse(count > MAX_FILES, f"it names more than {MAX_FILES} files")
                    last = path
                    if is_safe(path):
                        found[path] = bytes.fromhex(match[1].decode())
                    else:
                        self.report.add("unsafe-path", "manifest-leads-out", path)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            self.report.add("bag-malformed", "no-manifest", name, reason=reason)
        return found

    def _fixity(self) -> None:
        """Every file against the manifests, read once for both digests."""
        done, total = 0, sum(self.sizes.values())
        tagmanifests = {f"tagmanifest-{each}.txt" for each in _ALGORITHMS}
        for path in sorted({*self.sizes, *self.listed} - tagmanifests):
            if path not in self.sizes:
                self.report.add("file-missing", "missing", path)
            elif path not in self.listed:
                self.report.add("file-added", "added", path)
            else:
                self._hash(path, done, total)
            done += self.sizes.get(path, 0)

    def _hash(self, path: str, done: int, total: int) -> None:
        hashes, octets = {name: hashlib.new(name) for name in _ALGORITHMS}, 0
        try:
            with self.open(path) as file:
                for piece in iter(lambda: file.read(PIECE), b""):
                    for each in hashes.values():
                        each.update(piece)
                    octets += len(piece)
                    self.report.on_progress(done + octets, total)
        except OSError as error:
            self.changed.add(path)
            self.report.add("file-missing", "unread", path, reason=error.strerror)
            return
        self.sizes[path] = octets
        for name, stated in self.listed[path].items():
            if hashes[name].digest() != stated:
                self.changed.add(path)
                digests = {"found": hashes[name].hexdigest(), "stated": stated.hex()}
                self.report.add("file-changed", "changed", path, None, algorithm=name, **digests)

    def _bag_info(self) -> None:
        octets = self.read("bag-info.txt", 64 << 10, "bag-malformed") or b""
        try:
            lines = [line.partition(": ") for line in octets.decode("utf-8").split("\n")]
        except UnicodeDecodeError:
            lines = []
        names = tuple(name for name, _colon, _value in lines)
        self.info = {name: value for name, _colon, value in lines}
        payload = [size for path, size in self.sizes.items() if path.startswith("data/")]
        oxum = {"stated": self.info.get("Payload-Oxum"), "found": f"{sum(payload)}.{len(payload)}"}
        if octets and names not in ((*_BAG_INFO, ""), (*_BAG_INFO, *_GROUP, "")):
            self.report.add("bag-malformed", "bag-info", "bag-info.txt")
        elif octets and oxum["stated"] != oxum["found"]:
            self.report.add("bag-malformed", "oxum", "bag-info.txt", None, **oxum)

    def read(self, path: str, most: int, kind: str = "package-malformed") -> bytes | None:
        octets: bytes | None = self.report.attempt((kind, "unread", path), self.octets_of, path, most)
        return octets


# --- 3  JSON, and the forms of the papers ------------------------------------------------------------------

SAFE_INTEGER = 2**53 - 1


def values_in(octets: bytes) -> int:
    """At most so many values can be in this JSON, and so many empty ones fill the memory."""
    return octets.count(b",") + octets.count(b"[") + octets.count(b"{")


def parse(octets: bytes) -> Any:
    """The value of canonical JSON (RFC 8785). Raises `Malformed` if another octet would spell the same."""
    refuse(values_in(octets) > MAX_VALUES, f"it has more than {MAX_VALUES} values")
    try:
        value = json.loads(octets.decode("utf-8"), parse_int=_integer, parse_constant=_refuse)
        if canonical(value) == octets:
            return value
    except (ValueError, RecursionError) as error:
        raise Malformed(f"it is not canonical JSON: {str(error)[:100]}") from error
    raise Malformed("it is not in the canonical form of RFC 8785")


def canonical(value: Any) -> bytes:
    """Raises ``ValueError`` for what has no canonical form."""
    return _spell(value, MAX_DEPTH).encode("utf-8")


def _spell(value: Any, depth: int) -> str:
    kind = type(value)
    if kind is str:
        return _quoted(value)
    if kind is float:
        return _number(value)
    if kind is not dict and kind is not list:
        return "null" if value is None else str(value).lower()
    if not depth:
        raise ValueError(f"it is nested deeper than {MAX_DEPTH}")
    if kind is list:
        return f"[{','.join([_spell(each, depth - 1) for each in value])}]"
    # Names in the order of their UTF-16 code units (3.2.3).
    names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join([f"{_quoted(name)}:{_spell(value[name], depth - 1)}" for name in names]) + "}"


_quoted = json.JSONEncoder(ensure_ascii=False).encode


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > SAFE_INTEGER:
        raise ValueError("an integer is beyond 2^53 - 1")
    return int(digits)


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _number(value: float) -> str:
    """As ECMAScript spells it (RFC 8785, 3.2.2.3)."""
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number is out of bounds")
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    text, point = "".join(map(str, digits)), len(digits) + int(exponent)
    if text == "0":
        return "0"
    if 0 < point <= 21:
        text = text.ljust(point, "0")
        text = text[:point] + ("." + text[point:] if text[point:] else "")
    elif -6 < point <= 0:
        text = "0." + "0" * -point + text
    else:
        text = text[0] + ("." + text[1:] if text[1:] else "") + f"e{point - 1:+d}"
    return ("-" if sign else "") + text


# What a value must be: a type, a text itself, a pattern, a range of integers, a list [of], an object of
# exactly these names, or one of several (in a tuple).
HEX256, HEX512 = re.compile("[0-9a-f]{64}"), re.compile("[0-9a-f]{128}")
UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SEQ, COUNT = range(SAFE_INTEGER + 1), range(1, SAFE_INTEGER + 1)
_FIXITY = {"size": SEQ, "sha256": HEX256, "sha512": HEX512}
_PERSON = {"id": UUID, "full_name": str, "staff_number": str}
_CUT = dict.fromkeys(("asked_from_ms", "asked_until_ms", "from_ms", "until_ms"), SEQ)
_FACTS: dict[str, Any] = {
    "kind": re.compile("video|audio|photo|other"), "recording": UUID, "file": UUID, "card_path": str,
    "row": (UUID, None), "seq": SEQ, "recorded_at": (TIME, None), "duration_ms": (SEQ, None),
    "clock": {
        "known": re.compile("exact|at-least|unknown"), "offset_ms": int, "precision_ms": SEQ,
        "seq": (SEQ, None),
    },
}  # fmt: skip
PACKAGE: Any = {
    "format": "aigaq-package/1", "package": UUID, "profile": str, "division": {"id": UUID, "name": str},
    "demand": {
        "id": UUID, "number": COUNT, "kind": re.compile("request|determination|resolution"), "authority": str,
        "official": str, "their_number": str, "dated_on": DAY, "received_on": DAY, "due_on": (DAY, None),
        "basis": str, "covers": str, "seq": SEQ, "document": ({"sha256": HEX256, "size": SEQ}, None),
    },
    "approval": {"seq": SEQ, "at": TIME, "head": _PERSON},
    "ledger": {"origin": str, "key": str, "size": COUNT, "root": str},
    "volumes": COUNT,
    "files": [{
        "number": COUNT, "what": re.compile("original|cut|playable"), "of": (COUNT, None), "path": str,
        **_FIXITY, "volume": COUNT, **_FACTS, "cut": ({**_CUT, "recipe": (str, dict)}, None),
    }],
    "papers": [{"path": str, **_FIXITY}],
    "entries": [SEQ],
}  # fmt: skip
EXTRACT: Any = {"format": "aigaq-extract/1", "rows": [dict]}
CLOCKS: Any = {
    "format": "aigaq-clocks/1",
    "readings": [dict],
    "time_codes": [{
        "seq": SEQ, "file": COUNT, "text": str, "place_ms": SEQ, "row": (str, None),
        "proof": {"root_seq": SEQ, "index": SEQ, "size": COUNT, "path": [HEX256]},
    }],
}  # fmt: skip
CUSTODY: Any = {
    "format": "aigaq-custody/1", "file": COUNT, "sha256": HEX256,
    "steps": [{
        "seq": SEQ, "kind": str, "at": TIME, "actor": str, "words": {"kk": str, "ru": str, "en": str},
    }],
}  # fmt: skip
ENTRY: Any = {
    "v": range(1, 2), "seq": SEQ, "kind": re.compile(r"[a-z]+(\.[a-z-]+)+"), "at": TIME,
    "actor": {"kind": re.compile("person|system|unknown"), "id": str, "name": str},
    "right": (dict, None), "division": (str, None), "body": dict,
}  # fmt: skip


def require_shape(value: Any, shape: Any, where: str = "it") -> None:
    """Raise `Malformed` unless `value` is what `shape` says."""
    if isinstance(shape, dict):
        if type(value) is not dict or value.keys() != shape.keys():
            raise Malformed(f"{where} has not exactly the names {', '.join(sorted(shape))}")
        for name, inner in shape.items():
            require_shape(value[name], inner, name)
    elif isinstance(shape, list):
        refuse(type(value) is not list, f"{where} is not a list")
        for each in value:
            require_shape(each, shape[0], where)
    elif isinstance(shape, tuple):  # of something, and something simple
        if value != shape[1] and not (isinstance(shape[1], type) and type(value) is shape[1]):
            require_shape(value, shape[0], where)
    else:
        if isinstance(shape, re.Pattern):
            fits = type(value) is str and shape.fullmatch(value) is not None
        elif isinstance(shape, range):
            fits = type(value) is int and value in shape
        else:
            fits = type(value) is shape if isinstance(shape, type) else value == shape
        if not fits:
            raise Malformed(f"{where} is {str(value)[:80]!r}")
        if shape is TIME or shape is DAY:
            instant(value if shape is TIME else f"{value}T00:00:00.000000Z")


def shaped(octets: bytes, shape: Any) -> Any:
    value = parse(octets)
    require_shape(value, shape)
    return value


def instant(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")  # noqa: DTZ007 - all are in UTC
    except ValueError as error:
        raise Malformed(f"{text} is no instant") from error


def get(value: Any, *names: str) -> Any:
    """What stands under these names, one in the other; None where there is no such thing."""
    for name in names:
        value = value.get(name) if type(value) is dict else None
    return value


def text(value: Any) -> str | None:
    """None for what is no text."""
    return value if type(value) is str else None


def items(value: Any) -> list[Any]:
    """None of them for what is no list."""
    return value if type(value) is list else []


# --- 4  Arithmetic: Ed25519 (RFC 8032), ECDSA P-256 (FIPS 186-5), RSA PKCS #1 v1.5 (RFC 8017) --------------

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P


def _sum(add: Callable[[Any, Any], Any], nought: Any, first: tuple[int, Any], second: tuple[int, Any]) -> Any:
    """``s·one + h·other``, bit by bit, on either curve."""
    (s, one), (h, other) = first, second
    terms, found = (nought, one, other, add(one, other)), nought
    for bit in range(255, -1, -1):
        found = add(add(found, found), terms[(s >> bit & 1) + 2 * (h >> bit & 1)])
    return found


def _ed_point(octets: bytes) -> tuple[int, int, int, int]:
    """A point in extended coordinates (RFC 8032, 5.1.3). Raises `Malformed`."""
    y, sign = int.from_bytes(octets, "little") & (1 << 255) - 1, octets[31] >> 7
    xx = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(xx, (_P + 3) // 8, _P)
    x = x if x * x % _P == xx else x * pow(2, (_P - 1) // 4, _P) % _P
    refuse(y >= _P or x * x % _P != xx or (not x and sign), "the key or signature is no point of the curve")
    x = x if x & 1 == sign else _P - x
    return x, y, 1, x * y % _P


def _ed_add(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, int, int, int]:
    """RFC 8032, 5.1.4; it holds for all points, the same twice included."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c, d = 2 * one[3] * other[3] * _D % _P, 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


_BASE = _ed_point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))


def ed25519_holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """RFC 8032, 5.1.7, in the form in which R is compared with s·B - h·A."""
    s = int.from_bytes(signature[32:], "little")
    if len(key) != 32 or len(signature) != 64 or s >= _L:
        return False
    try:
        x, y, _one, t = _ed_point(key)
    except Malformed:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % _L
    found = _sum(_ed_add, (0, 1, 1, 0), (s, _BASE), (h, (_P - x, y, 1, _P - t)))
    inverse = pow(found[2], -1, _P)
    x, y = found[0] * inverse % _P, found[1] * inverse % _P
    return bool(signature[:32] == (y | (x & 1) << 255).to_bytes(32, "little"))


_Q = 2**256 - 2**224 + 2**192 + 2**96 - 1
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def _ec_add(one: tuple[int, int] | None, other: tuple[int, int] | None) -> tuple[int, int] | None:
    """On P-256 (SEC 1, 2.2.1); None is the point at infinity."""
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % _Q == 0:
        return None
    rise, run = (3 * x1 * x1 - 3, 2 * y1) if one == other else (y2 - y1, x2 - x1)
    slope = rise * pow(run, -1, _Q) % _Q
    x = (slope * slope - x1 - x2) % _Q
    return x, (slope * (x1 - x) - y1) % _Q


def p256_holds(x: int, y: int, message: bytes, signature: bytes) -> bool:
    """ECDSA with SHA-256 (FIPS 186-5, 6.4.2); the signature in DER (WebAuthn, 6.5.5), in its one spelling."""
    r, s = _der_pair(signature)
    on_curve = max(x, y) < _Q and (y * y - (x * x * x - 3 * x + _B)) % _Q == 0
    if not on_curve or not (0 < r < _N and 0 < s < _N):
        return False
    w = pow(s, -1, _N)
    digest = int.from_bytes(hashlib.sha256(message).digest(), "big")
    found = _sum(_ec_add, None, (digest * w % _N, _G), (r * w % _N, (x, y)))
    return found is not None and found[0] % _N == r


def rsa_holds(n: int, message: bytes, signature: bytes) -> bool:
    """RSASSA-PKCS1-v1_5 with SHA-256 and the exponent 65537 (RFC 8017, 8.2.2)."""
    size = (n.bit_length() + 7) // 8
    info = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(message).digest()
    wanted = b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info
    value = int.from_bytes(signature, "big")
    return len(signature) == size and value < n and pow(value, 65537, n) == int.from_bytes(wanted, "big")


def _der(tag: int, octets: bytes) -> bytes:
    size = len(octets)
    more = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, *([size] if size < 128 else [0x80 | len(more), *more])]) + octets


def _der_integer(value: int) -> bytes:
    return _der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _der_pair(octets: bytes) -> tuple[int, int]:
    """Two integers, as ECDSA signatures are; (0, 0) for what is not the one spelling of two."""
    if len(octets) < 8 or len(octets) > 72 or octets[3] > 33 or len(octets) < 6 + octets[3]:
        return 0, 0
    end = 4 + octets[3]
    r, s = int.from_bytes(octets[4:end], "big"), int.from_bytes(octets[end + 2 :], "big")
    return (r, s) if _der(0x30, _der_integer(r) + _der_integer(s)) == octets else (0, 0)


# --- 5  Keys, checkpoints, entries and proofs --------------------------------------------------------------


def unbase64(text: Any, *, url: bool = False) -> bytes:
    """The octets of their one spelling (RFC 4648; section 5 without padding if `url`). Raises `Malformed`."""
    try:
        if url:
            octets = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            again = base64.urlsafe_b64encode(octets).rstrip(b"=")
        else:
            octets = base64.b64decode(text, validate=True)
            again = base64.b64encode(octets)
        if again == text.encode():
            return octets
    except (binascii.Error, ValueError, TypeError, AttributeError):
        pass
    raise Malformed("octets are not in base64, or not in its one spelling")


def _pem(algorithm: str, key: bytes) -> bytes:
    """A SubjectPublicKeyInfo (RFC 5280, 4.1) as ``openssl`` writes it."""
    info = base64.b64encode(_der(0x30, bytes.fromhex(algorithm) + _der(3, b"\x00" + key))).decode()
    lines = [info[start : start + 64] for start in range(0, len(info), 64)]
    return "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""]).encode()


def pem_of_ed25519(key: bytes) -> bytes:
    return _pem("300506032b6570", key)


class PublicKey(NamedTuple):
    """A passkey's (a COSE_Key, RFC 9052, section 7): how to check with it, and its numbers or octets."""

    check: Callable[..., bool]
    parts: tuple[Any, ...]
    pem: bytes

    @classmethod
    def of_cose(cls, octets: bytes) -> PublicKey:
        """`signature.md`, "An assertion", 8. Raises `Malformed`."""
        key, end = _cbor(octets, 0)
        refuse(type(key) is not dict or end != len(octets), "the key is no COSE_Key")
        kind, algorithm, *parts = (key.get(name) for name in (1, 3, -1, -2, -3))
        a, b, c = (each if type(each) is bytes else b"" for each in parts)
        if (kind, algorithm, parts[0], len(b)) == (1, -8, 6, 32):
            return cls(ed25519_holds, (b,), pem_of_ed25519(b))
        if (kind, algorithm, parts[0], len(b), len(c)) == (2, -7, 1, 32, 32):
            numbers = int.from_bytes(b, "big"), int.from_bytes(c, "big")
            head = "301306072a8648ce3d020106082a8648ce3d030107"
            return cls(p256_holds, numbers, _pem(head, b"\x04" + b + c))
        n, e = int.from_bytes(a, "big"), int.from_bytes(b, "big")
        if (kind, algorithm, e) == (3, -257, 65537) and 2048 <= n.bit_length() <= 4096:
            both = _der(0x30, _der_integer(n) + _der_integer(e))
            return cls(rsa_holds, (n,), _pem("300d06092a864886f70d0101010500", both))
        raise Malformed("its algorithm and its kind of key are none that are taken here")

    def holds(self, message: bytes, signature: bytes) -> bool:
        return self.check(*self.parts, message, signature)


def _cbor(octets: bytes, at: int, depth: int = 4) -> tuple[Any, int]:
    """One item of CBOR (RFC 8949, 3) of definite length, and where it ends. Raises `Malformed`."""
    kind, short = (octets[at] >> 5, octets[at] & 31) if at < len(octets) else (7, 31)
    more = {24: 1, 25: 2, 26: 4, 27: 8}.get(short, 0)
    head, at = octets[at + 1 : at + 1 + more], at + 1 + more
    refuse(len(head) < more or short > 27 or not depth, "it is not CBOR")
    value = int.from_bytes(head, "big") if more else short
    if kind in (0, 1):
        return (value if kind == 0 else -1 - value), at
    if kind in (2, 3) and at + value <= len(octets):
        found = octets[at : at + value]
        return (found if kind == 2 else found.decode("utf-8", "replace")), at + value
    if kind in (4, 5):
        inner: list[Any] = []
        while len(inner) < value * (kind - 3):
            item, at = _cbor(octets, at, depth - 1)
            inner.append(item)
        names = inner[::2]
        if kind == 4:
            return inner, at
        if all(type(name) in (int, str) for name in names) and len(set(names)) == len(names):
            return dict(zip(names, inner[1::2])), at
    if kind == 7 and short in (20, 21, 22):
        return {20: False, 21: True, 22: None}[short], at
    raise Malformed("it is not CBOR of this kind, or a name stands twice")


class LedgerKey(NamedTuple):
    """A C2SP verifier key (c2sp.org/signed-note), of Ed25519."""

    name: str
    octets: bytes

    @classmethod
    def parse(cls, text: str) -> LedgerKey:
        """``name+key id+base64``. Raises `Malformed`."""
        name, *rest = text.split("+", 2)
        octets = unbase64(rest[1]) if len(rest) == 2 else b""
        if not re.fullmatch(r"[^\s+\x00-\x1f]+", name) or len(octets) != 33 or octets[:1] != b"\x01":
            raise Malformed("it is not a verifier key of type Ed25519")
        key = cls(name, octets[1:])
        refuse(rest[0] != key.id.hex(), "its key id does not belong to its name and key")
        return key

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n\x01" + self.octets).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(b'%c' % 1 + self.octets).decode()}"


class Checkpoint(NamedTuple):
    """`ledger.md`, "A checkpoint"."""

    origin: str
    size: int
    root: bytes
    signed: bytes
    signatures: tuple[tuple[str, bytes], ...]

    @classmethod
    def parse(cls, octets: bytes) -> Checkpoint:
        """Raises `Malformed`. No signature is checked here."""
        try:
            text, blank, block = octets.decode("utf-8").rpartition("\n\n")
        except UnicodeDecodeError as error:
            raise Malformed("it is not text in UTF-8") from error
        origin, size, root = [*text.split("\n", 3), "", "", ""][:3]
        lines = block.split("\n")
        if not blank or lines.pop() or len(lines) > 100 or not re.fullmatch("0|[1-9][0-9]{0,18}", size):
            raise Malformed("it is not a text with its size, a blank line and signature lines")
        if not origin or re.search("[\x00-\x09\x0b-\x1f]", text) or len(unbase64(root)) != 32:
            raise Malformed("its origin or its root is none")
        found = [re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})", line) for line in lines]
        refuse(not all(found), "a signature line is not “— name base64”")
        signatures = tuple((line[1], unbase64(line[2])) for line in found if line)
        return cls(origin, int(size), unbase64(root), f"{text}\n".encode(), signatures)

    @classmethod
    def signed_by(cls, octets: bytes, key: LedgerKey | None) -> Checkpoint:
        """Raises `Malformed`, too, if it is not."""
        found = cls.parse(octets)
        refuse(key is None or not found.holds(key), "it is not signed by the ledger's key")
        return found

    def holds(self, key: LedgerKey) -> bool:
        """There is a signature by this key's name and id, and every such holds. Others are passed over."""
        own = [octets[4:] for name, octets in self.signatures if (name, octets[:4]) == (key.name, key.id)]
        holding = [ed25519_holds(key.octets, self.signed, each) for each in own]
        return self.origin == key.name and bool(own) and all(holding)


class Entry(NamedTuple):
    """`ledger.md`, "An entry"."""

    seq: int
    kind: str
    at: str
    actor: dict[str, str]
    right: dict[str, Any] | None
    division: str | None
    body: dict[str, Any]

    @classmethod
    def parse(cls, octets: bytes, seq: int | None = None) -> Entry:
        """Raises `Malformed`, also if it is another entry than `seq`."""
        value = shaped(octets, ENTRY)
        refuse(seq not in (None, value["seq"]), f"it is the entry {value['seq']}")
        return cls(*(value[name] for name in cls._fields))

    @property
    def who(self) -> str:
        """As the papers name who acted: nobody for the machine."""
        return self.actor["name"] if self.actor["kind"] == "person" else ""


def leads_to(leaf: bytes, index: int, size: int, path: Iterable[bytes]) -> bytes | None:
    """The root to which a proof of inclusion leads (RFC 9162, 2.1.3.2); None if it is of another length."""
    if not 0 <= index < size:
        return None
    node, last = hashlib.sha256(b"\x00" + leaf).digest(), size - 1
    for other in path:
        if not last:
            return None
        if index & 1 or index == last:
            node = hashlib.sha256(b"\x01" + other + node).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + other).digest()
        index, last = index >> 1, last >> 1
    return None if last else node


def is_proven(proof: bytes, entry: bytes, seq: int, checkpoint: bytes | None) -> bool:
    """By a proof file (c2sp.org/tlog-proof@v1) under that very checkpoint. Else raises `Malformed`."""
    if checkpoint is None:
        raise Malformed("no checkpoint holds")
    head, blank, note = proof.partition(b"\n\n")
    lines = head.decode("utf-8", "replace").split("\n")
    form = ["c2sp.org/tlog-proof@v1", f"index {seq}"]
    refuse(not blank or lines[:2] != form or len(lines) > 66, "it is no proof of this entry")
    refuse(note != checkpoint, "it is a proof under another checkpoint")
    path, stated = [unbase64(line) for line in lines[2:]], Checkpoint.parse(checkpoint)
    refuse(any(len(each) != 32 for each in path), "a hash in it is not 32 octets long")
    root = leads_to(entry, seq, stated.size, path)
    refuse(root != stated.root, "it does not lead to the root of the checkpoint")
    return True


# --- 6  Signatures in the entries --------------------------------------------------------------------------

ACTS = {
    "journal.issued": ("issue", "inspector", "custodian"),
    "journal.returned": ("return", "handed_back_by", "custodian"),
    "journal.corrected": ("correction", "custodian", "custodian"),
    "journal.inscribed": ("inscription", "head", "head"),
    "incidents.decided": ("decision", "head", "head"),
    "disclosure.approved": ("approval", "head", "head"),
}
"""By the kind of entry: what its document says it is, who signs, who acts ("Which entries are signed")."""
RECEIVED = ("recorder", "card", "inspector")
_SIGNATURE = {"signer", "way", "signed_digest", "at"}
_WAYS = {"own-password": _SIGNATURE, "passkey": _SIGNATURE | {"assertion"}}
_ASSERTION = {"credential_id", "authenticator_data", "client_data_json", "signature"}


class Signatures:
    """Reads the entries in their order, and knows whose which key is by then. `signature.md`, "Checking".

    What takes all rows of a book to tell can't be told from a package: of each row being the next one, it is
    checked that they rise.
    """

    def __init__(self, report: Report) -> None:
        self.report = report
        self.used: dict[str | None, str] = {}
        """Of each credential id that signed the file of its key, in the order of their first use."""
        self.keys: dict[str, tuple[str, str, PublicKey] | None] = {}
        """By credential id: login, host, key; None once it is revoked."""
        self.pems: dict[str, bytes] = {}
        self._login_of: dict[str, str] = {}
        self._person_of: dict[str, str] = {}
        self._issued: dict[str, dict[str, Any]] = {}
        self._rows: dict[str, int] = {}
        self._signed: set[str] = set()

    def read(self, entry: Entry) -> None:
        body, kind = entry.body, entry.kind
        if kind == "registry.person-added":
            person, login = text(body.get("person")), text(body.get("user"))
            if person is not None and login and login not in self._person_of:
                self._login_of.setdefault(person, login)
                self._person_of[login] = person
        elif kind == "account.passkey-enrolled":
            self._enrol(entry)
        elif kind == "account.passkey-revoked":
            credential = text(body.get("credential_id"))
            if credential in self.keys:
                self.keys[str(credential)] = None
        elif kind in ACTS:
            self._check(entry)

    def _fault(self, name: str, entry: Entry, **evidence: Any) -> None:
        self.report.add(f"signature-{name}", name, path_of(entry.seq), entry.seq, **evidence)

    def _enrol(self, entry: Entry) -> None:
        credential, login, host = (text(entry.body.get(name)) for name in ("credential_id", "user", "rp_id"))
        if credential is None or login is None or host is None:
            return
        if credential in self.keys:
            self._fault("passkey-enrolled-again", entry, found=credential)
            return
        try:
            key = PublicKey.of_cose(unbase64(entry.body.get("public_key"), url=True))
        except Malformed:
            return  # what rests on it is found not to be enrolled
        self.keys[credential], self.pems[credential] = (login, host, key), key.pem
        is_own = entry.actor["kind"] != "person" or entry.actor["id"] == self._person_of.get(login)
        if is_own or get(entry.right, "role") not in ("custodian", "head"):
            self._fault("passkey-enrolled-without-right", entry, found=credential)

    def _check(self, entry: Entry) -> None:
        act, signer, actor = ACTS[entry.kind]
        document, signatures = entry.body.get("document"), items(entry.body.get("signatures"))
        if type(document) is not dict or not _is_document(document, act, signer, actor):
            self._fault("no-document", entry)
            return
        digest = hashlib.sha256(canonical(document)).digest()
        self._in_order(entry, document, f"sha256:{digest.hex()}")
        if not signatures:
            self._fault("not-signed", entry)
            return
        acted, named = entry.actor["id"], document[actor]["id"]
        if (acted, entry.division or "") != (named, document["division"]["id"]):
            self._fault("not-the-actors", entry, found=acted, stated=named)
        for each in signatures:
            self._signature(entry, document, document[signer], each, digest)

    def _signature(self, entry: Entry, document: Any, person: Any, given: Any, digest: bytes) -> None:
        way = text(get(given, "way"))
        if way is not None and way not in _WAYS:
            return self._fault("unknown-way", entry, found=way)
        if way is None or given.keys() != _WAYS[way] or text(get(given, "signer", "id")) is None:
            return self._fault("malformed-signature", entry)
        computed, signed = f"sha256:{digest.hex()}", given["signed_digest"]
        if signed != computed:
            self._fault("digest-mismatch", entry, found=computed, stated=str(signed))
        if given["signer"] != person:
            self._fault("wrong-signer", entry, found=given["signer"]["id"], stated=person["id"])
        if given["at"] != document["occurred_at"]:
            at = {"found": str(given["at"]), "stated": document["occurred_at"]}
            self._fault("signed-at-another-time", entry, **at)
        if way == "passkey":
            self._passkey(entry, given["assertion"], person["id"], digest)
        return None

    def _passkey(self, entry: Entry, assertion: Any, person: str, digest: bytes) -> None:
        credential = text(get(assertion, "credential_id")) or ""
        enrolled = self.keys.get(credential)
        try:
            if type(assertion) is not dict or assertion.keys() != _ASSERTION:
                raise Malformed("it has not the names of an assertion")
            unbase64(assertion["credential_id"], url=True)
            if enrolled is None or enrolled[0] != self._login_of.get(person):
                return self._fault("passkey-not-enrolled", entry, found=credential, stated=person)
            self.used.setdefault(credential, f"keys/{len(self.used) + 1}.pem")
            require_assertion(assertion, enrolled[1], enrolled[2], digest)
        except Malformed as error:
            self._fault("passkey-does-not-hold", entry, found=str(error))
        return None

    def _in_order(self, entry: Entry, document: Any, digest: str) -> None:
        """Rows of a book rise, what was issued is handed back once, and nothing is signed twice."""
        if entry.kind == "journal.issued":
            book, number = document["book"]["id"], document["row"]["number"]
            if number <= self._rows.get(book, 0):
                self._fault("not-the-next-row", entry, found=number)
            self._rows[book] = number
            self._issued[document["row"]["id"]] = {"seq": entry.seq, "signed_digest": digest}
        elif entry.kind == "journal.returned":
            issued = self._issued.pop(document["row"]["id"], None)
            if issued is None or document.get("issued") != issued:
                self._fault("not-of-this-issue", entry)
        elif digest in self._signed:
            self._fault("signed-before", entry, found=digest)
        else:
            self._signed.add(digest)


def _is_document(document: dict[str, Any], act: str, signer: str, actor: str) -> bool:
    """Whether it has what signing rests on ("The document")."""
    named = ["division", signer, actor] + ["row"] * (actor == "custodian") + ["book"] * (act == "issue")
    cell, received = document.get("cell"), document.get("received")
    return (
        document.get("format") in ("aigaq-journal/1", "aigaq-journal/2")
        and document.get("act") == act
        and type(document.get("occurred_at")) is str
        and all(type(get(document, name, "id")) is str for name in named)
        and (act != "issue" or type(get(document, "row", "number")) is int)
        and (act != "correction" or (_is_receipt(cell, received) if cell in RECEIVED else received is None))
    )


def _is_receipt(cell: str, received: Any) -> bool:
    """A correction of columns 2 and 3 says all that the row stood for and stands for; only `cell` differs."""
    both = [get(received, "was"), get(received, "now")]
    if not all(type(each) is dict and each.keys() == set(RECEIVED) for each in both) or len(received) != 2:
        return False
    ids_or_no_card = all(
        type(get(each, name, "id")) is str or (name == "card" and each[name] is None)
        for each in both
        for name in RECEIVED
    )
    return ids_or_no_card and all((both[0][name] == both[1][name]) == (name != cell) for name in RECEIVED)


def require_assertion(assertion: Any, host: str, key: PublicKey, digest: bytes) -> None:
    """`signature.md`, "An assertion", steps 2 to 9. Raises `Malformed` with the reason."""
    names = ("authenticator_data", "client_data_json", "signature")
    data, client, signature = (unbase64(assertion[name], url=True) for name in names)
    try:
        said = json.loads(client.decode("utf-8"), object_pairs_hook=_each_once, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        raise Malformed("what the browser states is not JSON, or a name stands twice") from error
    refuse(get(said, "type") != "webauthn.get", "it is not of the ceremony webauthn.get")
    refuse(unbase64(get(said, "challenge"), url=True) != digest, "it signs another document")
    origin = re.fullmatch(r"(https?)://([a-z0-9.-]+)(:[0-9]{1,5})?", str(said.get("origin")))
    if not origin or origin[2] != host or (origin[1] == "http" and host != "localhost"):
        raise Malformed("it is of another site")
    if said.get("crossOrigin", False) is not False or "topOrigin" in said:
        raise Malformed("the page was framed by another site's")
    if len(data) < 37 or data[:32] != hashlib.sha256(host.encode()).digest():
        raise Malformed("the authenticator states another site")
    flags, at = data[32], 37
    refuse(not flags & 0x01 or not flags & 0x04, "the person was not verified")
    refuse(flags & 0x10 and not flags & 0x08, "it is backed up, and may not be")
    if flags & 0x40:  # an attested credential: 16 octets, an id with its length, a key
        at = _cbor(data, at + 18 + int.from_bytes(data[53:55], "big"))[1]
    if flags & 0x80:  # extensions
        at = _cbor(data, at)[1]
    refuse(at != len(data), "the flags announce something else than what is there")
    if not key.holds(data + hashlib.sha256(client).digest(), signature):
        raise Malformed("the signature is not this key's")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _value in pairs}) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


# --- 7  What the entries say, as the papers have it --------------------------------------------------------

_CELLS = {"control", "subject", "object", "act_number"}
_EXACT_WAYS = ("time-code", "time-file")
_CHOOSING = ("disclosure.demand-registered", "disclosure.demand-amended")
_INGESTED = {"file": "file", "recording": "recording", "kind": "kind", "size": "size", "card_path": "path"}
"""Of an original in ``package.json``: how the entry calls it."""
_READING = {"way": "way", "recorder": "recorder", "camera_at": "device_at", "true_at": "server_at",
            "offset_ms": "offset_ms", "precision_ms": "precision_ms"}  # fmt: skip
"""The same of a reading in ``clocks.json``."""


class Row:
    """A row of the journal as its entries give it. All values are canonical octets."""

    def __init__(self) -> None:
        self.facts: dict[str, bytes] = {"returned": b"null"}
        self.issued = SAFE_INTEGER
        """The entry that issued it; what is of no row comes after all rows."""
        self.place: tuple[Any, Any] = (None, None)
        """Its book and its number there."""
        self.lists: dict[str, list[bytes]] = {
            name: [] for name in ("unloaded", "remarks", "corrections", "signatures")
        }
        self.pauses: dict[str, dict[str, bytes]] = {}
        self.replaces: str | None = None
        """The row in whose place it was issued."""

    def expected(self, coverage: int | None) -> dict[str, bytes]:
        """Of each name of the extract's row what must stand there."""
        facts = {name: octets for name, octets in self.facts.items() if name not in _CELLS}
        lists = {**self.lists, "pauses": [_object(each) for each in self.pauses.values()]}
        purpose = _object({name: self.facts[name] for name in _CELLS if name in self.facts})
        told = {name: b"[" + b",".join(each) + b"]" for name, each in lists.items()}
        return {**facts, **told, "purpose": purpose, "coverage": canonical(coverage)}


def _object(values: dict[str, bytes]) -> bytes:
    """Canonical, of values that are."""
    return b"{" + b",".join(canonical(name) + b":" + values[name] for name in sorted(values)) + b"}"


class Story:
    """Reads the entries in their order and keeps what the papers must agree with.

    It keeps octets rather than values: small values take much more memory than they have octets.
    """

    def __init__(self, signatures: Signatures, kept: Iterable[int]) -> None:
        self.signatures = signatures
        self.kept: dict[int, Entry | None] = dict.fromkeys(kept)
        self.steps: dict[int, bytes] = {}
        """Of each entry the digest of its kind, time and actor."""
        self.naming: dict[tuple[str, str], list[int]] = {}
        """The entries that name a file, or its recording as a whole: of which its history must tell."""
        self.disclosing: list[int] = []
        """Those of the demand and its approval: every history tells of them."""
        self.named: dict[tuple[str, str], int] = {}
        """Appointments by whose right something was done, and who signed: the first entry that says so."""
        self.known: set[tuple[str, str]] = set()
        """Those of them of which an entry tells."""
        self.ingested: dict[int, dict[str, bytes]] = {}
        self.row_of: dict[str, str | None] = {}
        self.duration_of: dict[str, bytes] = {}
        self.rows: dict[str, Row] = {}
        self.judged: dict[str | None, int] = {}
        """Of each duty the newest judgement."""
        self.judgements: dict[int, tuple[str | None, bytes]] = {}
        """Of each of these the book, and the numbers of the rows."""
        self.covered: dict[tuple[Any, Any], int] | None = None
        """Of a row in a book the newest of these, once it was asked for."""
        self.readings: dict[int, bytes] = {}
        self.clocks: dict[int, bytes] = {}
        """Of each reading what `package.json` says of a clock that was read so."""
        self.codes: dict[int, bytes] = {}
        self.showings: dict[str, tuple[int, str | None, Any]] = {}
        self.chosen: dict[int, tuple[str | None, bytes]] = {}
        """Of each entry that says what a demand covers: the demand, and what was chosen."""
        self.derived: dict[str, set[tuple[str | None, str | None]]] = {}
        """Of each file: digests of what it was made from, and of what was made."""

    def read(self, entry: Entry) -> None:
        seq, kind, body = entry.seq, entry.kind, entry.body
        if seq in self.kept:
            self.kept[seq] = entry
        self.steps[seq] = step_of(kind, entry.at, entry.who)
        self._named(seq, kind, body)
        self._by_right(entry)
        file = str(body.get("file"))
        if kind == "recording.ingested":
            self._ingested(seq, file, body)
        elif kind == "recording.derived":
            made = (text(body.get("source_digest")), text(body.get("content_digest")))
            self.derived.setdefault(file, set()).add(made)
        elif kind == "recording.judged":
            self.duration_of[file] = canonical(get(body, "judgement", "duration_ms"))
        elif kind == "recording.time-code-read":
            self.codes[seq] = canonical(body)
        elif kind == "recorder.time-shown":
            seconds = body["seconds"] if type(body.get("seconds")) is int else None
            self.showings[str(body.get("showing"))] = (seq, text(body.get("root")), seconds)
        elif kind == "recorder.clock-read":
            read = {name: body.get(said) for name, said in _READING.items()}
            self.readings[seq] = canonical({"seq": seq, **read})
            clock = {name: read[name] for name in ("offset_ms", "precision_ms")}
            known = "exact" if read["way"] in _EXACT_WAYS else "at-least"
            self.clocks[seq] = canonical({"known": known, "seq": seq, **clock})
        elif kind == "coverage.judged":
            self.judged[text(get(body, "row", "id"))] = seq
            self.judgements[seq] = (text(get(body, "book", "id")), canonical(items(body.get("rows"))))
        elif kind in _CHOOSING:
            self.chosen[seq] = (text(body.get("demand")), canonical(body.get("chosen")))
        elif kind.startswith("journal."):
            self._journal(entry)

    def _named(self, seq: int, kind: str, body: dict[str, Any]) -> None:
        file, recording = text(body.get("file")), text(body.get("recording"))
        if kind.startswith("disclosure."):
            self.disclosing.append(seq)
        elif file is not None:
            self.naming.setdefault(("file", file), []).append(seq)
        elif recording is not None:
            self.naming.setdefault(("recording", recording), []).append(seq)
        for each in items(body.get("recordings")) if kind == "recording.placed" else ():
            if type(each) is str:
                self.naming.setdefault(("recording", each), []).append(seq)
                self.row_of[each] = text(body.get("row"))

    def _by_right(self, entry: Entry) -> None:
        named = [("appointment", get(entry.right, name)) for name in ("appointment", "stands_in_for")]
        signatures = items(entry.body.get("signatures")) if entry.kind in ACTS else []
        named += [("person", get(each, "signer", "id")) for each in signatures]
        for what, name in named:
            if type(name) is str:
                self.named.setdefault((what, name), entry.seq)
        telling = {"registry.appointed": "appointment", "registry.person-added": "person"}.get(entry.kind)
        if telling is not None:
            self.known.add((telling, str(entry.body.get(telling))))

    def _ingested(self, seq: int, file: str, body: dict[str, Any]) -> None:
        """The first file of a recording began when that did."""
        began = body.get("recorded_at") if body.get("ordinal", 1) == 1 else None
        said = {name: body.get(called) for name, called in _INGESTED.items()}
        said["recorded_at"] = body.get("file_recorded_at") or began
        said["sha256"] = _bare(body.get("content_digest"))
        self.ingested[seq] = {name: canonical(value) for name, value in said.items()}
        self.duration_of.setdefault(file, canonical(get(body, "judgement", "duration_ms")))
        if type(body.get("row")) is str:
            self.row_of[str(body.get("recording"))] = body["row"]

    def _journal(self, entry: Entry) -> None:
        seq, kind, body = entry.seq, entry.kind, entry.body
        document = body.get("document") if kind in ACTS else body
        row_id, at = get(document, "row", "id"), get(document, "occurred_at")
        if type(row_id) is not str:
            return
        row, then = self._row(row_id), {"seq": seq, "at": at}
        if kind == "journal.issued":
            self._issued(row, then, document)
        elif kind == "journal.returned":
            row.facts["returned"] = canonical(then)
        elif kind == "journal.corrected":
            self._corrected(row, then, document)
        elif kind == "journal.unloaded":
            row.lists["unloaded"].append(canonical({**then, "files": body.get("files")}))
        elif kind == "journal.paused":
            pause = {"from_seq": seq, "from_at": at, "until_seq": None, "until_at": None}
            told = {**pause, "reason": body.get("reason")}
            row.pauses[str(body.get("pause"))] = {name: canonical(each) for name, each in told.items()}
        elif kind == "journal.resumed" and str(body.get("pause")) in row.pauses:
            row.pauses[str(body.get("pause"))].update(until_seq=canonical(seq), until_at=canonical(at))
        texts = [body.get("text")] if kind == "journal.remarked" else items(get(document, "remarks"))
        self._remark(row, entry, at, texts)
        replaced = text(get(document, "replaces", "row", "id"))
        if kind == "journal.issued" and replaced is not None:
            row.replaces = replaced
            self._remark(self._row(replaced), entry, at, [get(document, "replaces", "remark")])
        if kind in ACTS:
            self._signed(row, seq, document, items(body.get("signatures")))

    def _row(self, row_id: str) -> Row:
        return self.rows.setdefault(row_id, Row())

    def _issued(self, row: Row, then: dict[str, Any], document: Any) -> None:
        number = get(document, "row", "number")
        row.issued = then["seq"]
        row.place = (text(get(document, "book", "id")), number if type(number) is int else None)
        said = {
            "row": ("row", "id"), "book": ("book", "registration_number"), "sheet": ("row", "sheet"),
            "number": ("row", "number"), "division": ("division", "name"), "seal_number": ("seal_number",),
            **{name: (name, _called(name)) for name in RECEIVED},
            **{name: ("purpose", name) for name in _CELLS},
        }  # fmt: skip
        row.facts.update({name: canonical(get(document, *where)) for name, where in said.items()})
        row.facts["issued"] = canonical(then)

    def _corrected(self, row: Row, then: dict[str, Any], document: Any) -> None:
        told = {name: get(document, name) for name in ("cell", "old", "new", "reason")}
        row.lists["corrections"].append(canonical({**then, **told}))
        cell = text(told["cell"])
        if cell in RECEIVED:
            row.facts[cell] = canonical(get(document, "received", "now", cell, _called(cell)))
        elif cell is not None and cell in {"seal_number", *_CELLS}:
            row.facts[cell] = canonical(told["new"])

    def _remark(self, row: Row, entry: Entry, at: Any, texts: list[Any]) -> None:
        for each in texts:
            remark = {"seq": entry.seq, "at": at, "author": entry.who, "text": each}
            row.lists["remarks"].append(canonical(remark))

    def _signed(self, row: Row, seq: int, document: Any, signatures: list[Any]) -> None:
        for each in signatures:
            credential = text(get(each, "assertion", "credential_id"))
            told = {
                "seq": seq, "act": get(document, "act"), "signer": get(each, "signer", "full_name"),
                **{name: get(each, name) for name in ("way", "at", "signed_digest")},
                "key": self.signatures.used.get(credential),
            }  # fmt: skip
            row.lists["signatures"].append(canonical(told))

    def coverage_of(self, row_id: str, given: Any) -> int | None:
        """The newest judgement of the duty to which the row belongs; `given` where a duty spans two books."""
        place = self.rows[row_id].place
        if self.covered is None:
            known, self.covered = {each.place for each in self.rows.values()}, {}
            for seq in sorted(self.judged.values()):
                book, rows = self.judgements[seq]
                numbers = {each for each in json.loads(rows) if type(each) is int}
                self.covered.update({(book, each): seq for each in numbers if (book, each) in known})
            self.judgements = {seq: self.judgements[seq] for seq in self.judged.values()}
        own = {self.judged.get(row_id, -1), self.covered.get(place, -1)}
        if type(given) is int and given in self.judgements:
            own |= {given} if place[1] in json.loads(self.judgements[given][1]) else set()
        return None if max(own) < 0 else max(own)


def step_of(kind: str, at: str, who: str) -> bytes:
    return hashlib.sha256(canonical([kind, at, who])).digest()


def _bare(digest: Any) -> str:
    return str(digest)[len("sha256:") :]


def _called(cell: str) -> str:
    return "full_name" if cell == "inspector" else "inventory_number"


# --- 8  The papers, held against that ----------------------------------------------------------------------

_APPROVED = ("id", "number", "kind", "authority", "their_number", "seq")
"""What an approval says of its demand."""


class Papers:
    """What the papers say, held against the entries ("What each paper is held against")."""

    def __init__(self, volume: Volume, story: Story) -> None:
        self.volume = volume
        self.report = volume.report
        self.package = volume.package
        self.story = story
        self.originals = [each for each in self.package["files"] if each["what"] == "original"]

    def check(self) -> None:
        for what, name in sorted(self.story.named.keys() - self.story.known):
            seq = self.story.named[what, name]
            self.report.add("entry-missing", f"no-{what}", path_of(seq), seq, found=name)
        self._demand()
        for each in self.package["files"]:
            if each["what"] == "original":
                self._original(each)
            elif each["what"] == "playable":
                self._playable(each)
        self._order()
        self._extract(self._paper("journal/extract.json", EXTRACT))
        self._clocks(self._paper("clocks.json", CLOCKS))
        for each in self.originals:
            self._custody(each, self._paper(f"custody/{each['number']:03d}.json", CUSTODY))

    def _paper(self, path: str, shape: Any) -> Any:
        octets = self.volume.read(f"data/{path}", MAX_PAPER)
        return None if octets is None else self.volume.json(f"data/{path}", octets, shape)

    def _there(self, seq: int, path: str) -> bool:
        self.report.when(seq not in self.story.steps, "entry-missing", "entry-missing", path, seq)
        return seq in self.story.steps

    # The demand and its approval: `package.json` says what their entries say

    def _demand(self) -> None:
        package, demand = self.package, self.package["demand"]
        entry = self._act("demand", "disclosure.demand-registered")
        if entry is not None:
            paper, says = entry.body.get("document"), {**entry.body, "seq": entry.seq}
            digest = {"sha256": _bare(get(paper, "content_digest")), "size": get(paper, "size")}
            says.update(id=entry.body.get("demand"), document=None if paper is None else digest)
            self._agree(entry.seq, {**demand, "division": package["division"]}, says)
        entry = self._act("approval", "disclosure.approved")
        if entry is not None:
            document = entry.body.get("document")
            files = canonical(sorted(each["file"] for each in self.originals))
            stated = {
                **{name: package[name] for name in ("package", "profile", "division")},
                **{name: package["approval"][name] for name in ("head", "at")},
                "files": len(self.originals), "files_digest": f"sha256:{hashlib.sha256(files).hexdigest()}",
                "demand": {name: demand[name] for name in _APPROVED},
            }  # fmt: skip
            self._agree(entry.seq, stated, {**{name: get(document, name) for name in stated}, "at": entry.at})
            self._chosen(entry.seq, document)

    def _act(self, name: str, kind: str) -> Entry | None:
        seq = self.package[name]["seq"]
        entry = self.story.kept[seq] if self._there(seq, LISTS) else None
        if entry is not None and (entry.kind, entry.division) != (kind, self.package["division"]["id"]):
            self.volume.demand_mismatch("no-such-act", seq, found=entry.kind)
            return None
        return entry

    def _agree(self, seq: int, stated: dict[str, Any], says: dict[str, Any]) -> None:
        for name, value in stated.items():
            if canonical(value) != canonical(says.get(name)):
                both = {"found": str(value), "stated": str(says.get(name))}
                self.volume.demand_mismatch("demand-says", seq, name=name, **both)

    def _chosen(self, seq: int, document: Any) -> None:
        """What was approved is what was chosen last; and it is what is here."""
        last = max(self.story.chosen, default=-1)
        chosen = (self.package["demand"]["id"], canonical(get(document, "chosen")))
        if get(document, "selection", "seq") != last or self.story.chosen.get(last) != chosen:
            self.volume.demand_mismatch("not-chosen-last", seq)
        named = items(get(document, "chosen"))
        parts = [part for each in named for part in items(get(each, "segments"))]
        asked = [canonical([get(part, name) for name in ("file", "from_ms", "until_ms")]) for part in parts]
        files = self.package["files"]
        cuts = [(each["file"], each["cut"]) for each in files if each["cut"]]
        made = [canonical([file, cut["asked_from_ms"], cut["asked_until_ms"]]) for file, cut in cuts]
        recordings = {str(get(each, "recording")) for each in named}
        if {each["recording"] for each in files} != recordings or sorted(asked) != sorted(made):
            self.volume.demand_mismatch("not-what-is-here", seq)

    # Originals and what was made of them

    def _original(self, stated: Any) -> None:
        """The ledger says of it what `package.json` says."""
        seq, path, story = stated["seq"], f"data/{stated['path']}", self.story
        if not self._there(seq, LISTS):
            return
        body = story.ingested.get(seq)
        if body is None:
            self.report.add("not-in-ledger", "takes-in-nothing", path, seq)
            return
        said = {
            **body, "row": canonical(story.row_of.get(stated["recording"])),
            "duration_ms": story.duration_of.get(stated["file"], b"null"),
        }  # fmt: skip
        for name, value in said.items():
            if value != canonical(stated[name]):
                both = {"found": str(stated[name]), "stated": str(json.loads(value))}
                self.report.add("not-in-ledger", "ledger-says", path, seq, name=name, **both)
        self._clock(stated)

    def _clock(self, stated: Any) -> None:
        clock = stated["clock"]
        expected = canonical({"known": "unknown", "offset_ms": 0, "precision_ms": 0, "seq": None})
        if clock["seq"] is not None:
            if not self._there(clock["seq"], LISTS):
                return
            expected = self.story.clocks.get(clock["seq"], b"")
        if canonical(clock) != expected:
            self.report.add("clocks-mismatch", "clock-says", f"data/{stated['path']}", clock["seq"])

    def _playable(self, stated: Any) -> None:
        """An entry says that it was made, and of which octets; of a cut there is none."""
        made = self.story.derived.get(stated["file"], set())
        of = [f"sha256:{each['sha256']}" for each in self.originals if each["number"] == stated["of"]]
        if not any((each, f"sha256:{stated['sha256']}") in made for each in of):
            self.report.add("derivative-of-nothing", "not-made-of-it", f"data/{stated['path']}")

    def _order(self) -> None:
        """Originals by their rows as these were issued, then by the camera's clock, then by path."""
        nowhere = Row()
        order = [
            (self.story.rows.get(each["row"], nowhere).issued, each["recorded_at"] is None,
             each["recorded_at"] or "", each["card_path"], each["seq"])
            for each in self.originals
        ]  # fmt: skip
        self.report.when(order != sorted(order), "list-mismatch", "originals-order", LISTS)

    # The extract of the journal

    def _extract(self, extract: Any) -> None:
        if extract is None:
            return
        path, story = "data/journal/extract.json", self.story
        given = {row.get("row"): row for row in extract["rows"] if type(row.get("row")) is str}
        # A row that was issued in place of one that is asked for is told in a remark there.
        expected = {
            row_id
            for row_id, row in story.rows.items()
            if "row" in row.facts and (row_id in given or row.replaces not in given)
        }
        asked = {each["row"] for each in self.package["files"]} - {None}
        if len(given) < len(extract["rows"]) or not asked <= given.keys():
            self.report.add("extract-mismatch", "not-every-row", path)
        for row_id in sorted(given.keys() ^ expected):
            self.report.add("extract-mismatch", "row-alone", path, row=row_id)
        order = [(str(row.get("book")), str(row.get("number")).zfill(9)) for row in extract["rows"]]
        self.report.when(order != sorted(order), "extract-mismatch", "rows-order", path)
        for row_id in sorted(given.keys() & expected):
            row = given[row_id]
            says = story.rows[row_id].expected(story.coverage_of(row_id, row.get("coverage")))
            for name in sorted(row.keys() | says.keys()):
                stated = canonical(row[name]) if name in row else b"nothing"
                wanted = says.get(name, b"nothing")
                if stated != wanted:
                    both = {"found": stated.decode(), "stated": wanted.decode()}
                    self.report.add("extract-mismatch", "row-says", path, None, row=row_id, name=name, **both)

    # Clocks and time codes

    def _clocks(self, clocks: Any) -> None:
        if clocks is None:
            return
        path, story, codes = "data/clocks.json", self.story, clocks["time_codes"]
        if [canonical(each) for each in clocks["readings"]] != list(story.readings.values()):
            self.report.add("clocks-mismatch", "readings-say", path)
        order = [tuple(each[name] for name in ("file", "seq", "place_ms", "text")) for each in codes]
        told: dict[int, list[Any]] = {seq: [] for seq in story.codes}
        for each in codes:
            told.setdefault(each["seq"], []).append(each)
        files = [each["file"] for each in self.originals]
        are_whole = order == sorted(set(order))
        for seq, own in told.items():
            body = json.loads(story.codes.get(seq, b"{}"))
            seen = {canonical(items(each)[:2]) for each in items(body.get("seen"))}
            given = [{name: each["proof"][name] for name in ("index", "path")} for each in own]
            proven = body.get("proofs") if body.get("file") in files else None
            are_whole = are_whole and given == (proven or [])
            for each in own if self._there(seq, path) else ():
                flaw = self._flaw_of_code(each, body, seen, files)
                if flaw:
                    about = {"text": each["text"], "reason": flaw}
                    self.report.add("clocks-mismatch", "code-not-proven", path, seq, **about)
        self.report.when(not are_whole, "clocks-mismatch", "codes-order", path)

    def _flaw_of_code(self, code: Any, body: Any, seen: set[bytes], files: list[str]) -> str | None:
        """`time-code.md`, "Checking it without us"."""
        proof, number = code["proof"], code["file"]
        if number > len(files) or body.get("file") != files[number - 1]:
            return "the entry is of another recording"
        if canonical([code["text"], code["place_ms"]]) not in seen:
            return "it was not seen there"
        if code["row"] != get(body, "named", "id"):
            return "it is of another row"
        seq, shown_root, seconds = self.story.showings.get(str(body.get("showing")), (-1, None, None))
        if (seq, seconds) != (proof["root_seq"], proof["size"]):
            return "the showing is another"
        path = [bytes.fromhex(each) for each in proof["path"]]
        root = leads_to(code["text"].encode(), proof["index"], proof["size"], path)
        if root is None or root.hex() != shown_root:
            return "it does not lead to the root that was entered"
        return None

    # Histories

    def _custody(self, original: Any, custody: Any) -> None:
        """Its steps: the entries here that name the file or all its recording, and those of the demand."""
        if custody is None:
            return
        path, story = f"data/custody/{original['number']:03d}.json", self.story
        if (custody["file"], custody["sha256"]) != (original["number"], original["sha256"]):
            self.report.add("custody-mismatch", "of-another-file", path)
        told = [each["seq"] for each in custody["steps"]]
        self.report.when(told != sorted(set(told)), "custody-mismatch", "steps-order", path)
        own = [("file", original["file"]), ("recording", original["recording"])]
        must = {*story.disclosing, *(seq for each in own for seq in story.naming.get(each, ()))}
        for seq in sorted(must - set(told)):
            self.report.add("custody-mismatch", "step-untold", path, seq)
        for each in custody["steps"]:
            seq = each["seq"]
            if not self._there(seq, path):
                continue
            self.report.when(seq not in must, "custody-mismatch", "step-of-another", path, seq)
            if step_of(each["kind"], each["at"], each["actor"]) != story.steps[seq]:
                self.report.add("custody-mismatch", "step-says", path, seq)
            if not all(each["words"].values()):
                self.report.add("custody-mismatch", "step-without-words", path, seq)


# --- 9  One volume: lists, files, ledger -------------------------------------------------------------------

_BESIDE = {
    "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "manifest-sha512.txt",
    "README.txt", "index.html", "verify.py",
}  # fmt: skip
_ALWAYS = {
    "letter.pdf", "contents.pdf", "journal/extract.json", "journal/extract.pdf", "clocks.json",
    "ledger/checkpoint.txt", "ledger/key.txt", "ledger/key.pem",
}  # fmt: skip
"""Of the papers under ``data/`` those that every package has."""


class Compare(NamedTuple):
    """What was kept elsewhere, to be held against the package."""

    key: str = ""
    checkpoint: bytes = b""
    digest: str = ""


class Volume(Bag):
    """One bag, which holds one package or a part of it. Every check goes on after a fault."""

    def __init__(self, root: str, report: Report, compare: Compare) -> None:
        super().__init__(root, report)
        self.compare = compare
        self.number = 1
        self.package: Any = None
        self.digest = ""
        self.entries = self.originals = 0
        """So many that were proven, and that are here and unchanged."""

    def check(self) -> None:
        self.check_bag()
        octets = self.read(LISTS, MAX_PACKAGE)
        if octets is not None:
            self.digest = hashlib.sha256(octets).hexdigest()
            self.package = self.json(LISTS, octets, PACKAGE)
        if self.package is not None:
            self._lists()
            self._names()
            self._files()
            self._ledger()
        self.report.when(not self.originals or not self.entries, "nothing-to-check", "nothing-to-check")
        if self.compare.digest and self.compare.digest != self.digest:
            digests = {"stated": self.compare.digest, "found": self.digest}
            self.report.add("digest-mismatch", "another-digest", "", None, **digests)

    def json(self, path: str, octets: bytes, shape: Any) -> Any:
        """None where it is not of its form."""
        return self.report.attempt(("package-malformed", "misshapen", path), shaped, octets, shape)

    def _when(self, is_wrong: Any, sentence: str, path: str = "") -> None:
        self.report.when(is_wrong, "list-mismatch", sentence, path)

    def demand_mismatch(self, sentence: str, seq: int | None = None, **evidence: Any) -> None:
        self.report.add("demand-mismatch", sentence, LISTS, seq, **evidence)

    # What package.json lists

    def _lists(self) -> None:
        """It names the files that the manifests name, with their sizes and digests."""
        package, info = self.package, self.info
        count = re.fullmatch("([1-9][0-9]{0,5}) of ([1-9][0-9]{0,5})", info.get("Bag-Count", "1 of 1"))
        self.number = int(count[1]) if count else 0
        is_counted = count and int(count[2]) == package["volumes"] and 0 < self.number <= package["volumes"]
        self._when(not is_counted, "bag-count", "bag-info.txt")
        told = [info.get(name) for name in _BAG_INFO[:4]]
        told.append(info.get("Bag-Group-Identifier", package["package"]))
        expected = [package["division"]["name"], package["package"], described(package["demand"]),
                    _day(package["approval"]["at"]), package["package"]]  # fmt: skip
        self._when(told != expected, "bag-says", "bag-info.txt")
        here = [each for each in package["files"] if each["volume"] == self.number]
        stated = {f"data/{each['path']}": each for each in [*here, *package["papers"]]}
        self._when(len(stated) < len(here) + len(package["papers"]), "twice")
        payload = {path for path in self.listed if path.startswith("data/")} - {LISTS}
        for path in sorted(payload ^ stated.keys()):
            self._when(is_safe(path), "in-one-list", path)
            self.report.when(not is_safe(path), "unsafe-path", "list-leads-out", path)
        for path in sorted(payload & stated.keys()):
            each = stated[path]
            same = all(self.listed[path].get(name, b"").hex() == each[name] for name in _ALGORITHMS)
            size = each["size"] if path in self.changed else self.sizes.get(path, each["size"])
            self._when(not same or size != each["size"], "another-fixity", path)

    def _names(self) -> None:
        """The papers are those of the format, all of them and no others; in their order."""
        package = self.package
        papers, entries = [each["path"] for each in package["papers"]], package["entries"]
        originals = [each["number"] for each in package["files"] if each["what"] == "original"]
        expected = _ALWAYS | {f"custody/{number:03d}.json" for number in originals}
        expected |= {f"ledger/entries/{seq}.{kind}" for seq in entries for kind in ("json", "tlog-proof")}
        expected |= {path for path in papers if re.fullmatch(r"keys/[1-9][0-9]*\.pem", path)}
        for path in sorted(set(papers) ^ expected):
            self._when(True, "not-of-format", f"data/{path}")
        self._when(papers != sorted(papers) or entries != sorted(set(entries)), "lists-order")
        for path in sorted(set(self.listed) - _BESIDE):
            self._when(not path.startswith("data/"), "no-part", path)

    def _files(self) -> None:
        """Numbers, names and volumes of originals and of what was made of them."""
        files = self.package["files"]
        originals = [each for each in files if each["what"] == "original"]
        cuts: dict[int, int] = {}
        for index, each in enumerate(files, start=1):
            number, of, what, path = each["number"], each["of"], each["what"], f"data/{each['path']}"
            self._when(number != index or (index > len(originals)) != (what != "original"), "numbers", path)
            if what == "original":
                named = f"recordings/{number:03d}/{safe_name(each['card_path'])}"
                is_so = each["path"] == named and of is None and each["cut"] is None
                self._when(not is_so, "not-its-name", path)
                self.originals += path in self.sizes and path in self.listed and path not in self.changed
                continue
            original = originals[of - 1] if of and of <= len(originals) else None
            if original is None or any(each[name] != original[name] for name in (*_FACTS, "volume")):
                self.report.add("derivative-of-nothing", "made-of-nothing", path)
                continue
            cuts[of] = cuts.get(of, 0) + (what == "cut")
            stem = f"cuts/{of:03d}-{cuts[of]}" if what == "cut" else f"playable/{of:03d}"
            is_named = re.fullmatch(re.escape(stem) + r"\.[a-z0-9]{1,8}", each["path"])
            self._when(not is_named, "no-derivative-name", path)
            is_stretch = _is_stretch(each["cut"]) if what == "cut" else each["cut"] is None
            self._when(not is_stretch, "no-stretch", path)
        volumes = [each["volume"] for each in originals]
        are_all = volumes == sorted(volumes) and set(volumes) == set(range(1, self.package["volumes"] + 1))
        self._when(not are_all, "volumes-order")

    # The ledger

    def _ledger(self) -> None:
        """The key, the checkpoint that it signed, the entries under it; then what follows from these."""
        package, ledger = self.package, self.package["ledger"]
        note = self.read(CHECKPOINT, MAX_NOTE, "checkpoint-signature") or b""
        key = self._key()
        stated = self._checkpoint(note, key)
        if stated is not None:
            root = base64.b64encode(stated.root).decode()
            if (stated.origin, stated.size, root) != (ledger["origin"], ledger["size"], ledger["root"]):
                self.report.add("key-mismatch", "another-checkpoint", CHECKPOINT)
            if package["approval"]["seq"] >= stated.size:
                self.demand_mismatch("not-covered")
        signatures = Signatures(self.report)
        story = Story(signatures, [package["demand"]["seq"], package["approval"]["seq"]])
        self._entries(note, story, proven=stated is not None)
        self._keys(signatures)
        Papers(self, story).check()

    def _key(self) -> LedgerKey | None:
        """One key in key.txt, key.pem and package.json; and the one that was given."""
        there = {each: self.read(f"data/ledger/key.{each}", 4096, "key-mismatch") for each in ("txt", "pem")}
        stated = self.package["ledger"]["key"]
        key: LedgerKey | None = self.report.attempt(("key-mismatch", "no-key"), LedgerKey.parse, stated)
        if key is None:
            return None
        pem = pem_of_ed25519(key.octets)
        for name, wanted in (("txt", f"{key}\n".encode()), ("pem", pem)):
            if there[name] not in (None, wanted):
                self.report.add("key-mismatch", "another-key", f"data/ledger/key.{name}")
        given = self.compare.key.strip().replace("\r\n", "\n")
        if given and given not in (str(key), pem.decode().strip()):
            self.report.add("key-mismatch", "not-the-key-given", found=str(key))
        return key

    def _checkpoint(self, note: bytes, key: LedgerKey | None) -> Checkpoint | None:
        """The package's, if it holds; and that which was given, beside it."""
        where = ("checkpoint-signature", "checkpoint-broken", CHECKPOINT)
        stated: Checkpoint | None = self.report.attempt(where, Checkpoint.signed_by, note, key)
        if stated is not None and self.compare.checkpoint:
            self._compare_checkpoint(stated, key)
        return stated

    def _compare_checkpoint(self, stated: Checkpoint, key: LedgerKey | None) -> None:
        given, where = self.compare.checkpoint, ("key-mismatch", "given-broken")
        other: Checkpoint | None = self.report.attempt(where, Checkpoint.signed_by, given, key)
        if other is None:
            return
        if other.size != stated.size:
            self.report.note("other-size", given=other.size, size=stated.size)
        elif other.root == stated.root:
            self.report.note("same-checkpoint")
        else:
            told = {"size": stated.size, "found": stated.root.hex(), "stated": other.root.hex()}
            self.report.add("checkpoint-mismatch", "two-histories", CHECKPOINT, None, **told)

    def _entries(self, note: bytes, story: Story, *, proven: bool) -> None:
        """Each entry and its proof; in the order of the ledger, and one at a time in memory."""
        octets_left = MAX_ENTRIES
        for seq in self.package["entries"]:
            path = path_of(seq)
            octets = self.read(path, MAX_ENTRY, "entry-missing")
            proof = self.read(path_of(seq, "tlog-proof"), MAX_NOTE + 8192, "entry-not-proven")
            octets_left -= len(octets or b"")
            if octets_left < 0:
                return self.report.add("package-malformed", "entries-too-long", most=MAX_ENTRIES)
            if octets is None:
                continue
            if proof is not None:
                where = ("entry-not-proven", "not-proven", path, seq)
                checkpoint = note if proven else None
                self.entries += bool(self.report.attempt(where, is_proven, proof, octets, seq, checkpoint))
            where = ("entry-malformed", "no-entry", path, seq)
            entry: Entry | None = self.report.attempt(where, Entry.parse, octets, seq)
            if entry is None:
                continue
            story.signatures.read(entry)
            story.read(entry)
        return None

    def _keys(self, signatures: Signatures) -> None:
        """``keys/``: of each passkey that signed, in the order of their first use."""
        there = {path for path in self.listed if path.startswith("data/keys/")}
        expected = {f"data/{path}": signatures.pems[each] for each, path in signatures.used.items() if each}
        for path in sorted(there | expected.keys()):
            octets = self.read(path, 4096, "list-mismatch") if path in there else b""
            if octets is not None and octets != expected.get(path):
                self.report.add("key-mismatch", "no-passkey-of-these", path)


def described(demand: dict[str, Any]) -> str:
    """Of a demand in ``package.json``: what ``bag-info.txt`` says of the package ("The bag")."""
    return f"{demand['authority']}, № {demand['their_number']}, {demand['dated_on']}"


def _day(at: str) -> str:
    """In Kazakhstan, which is five hours before UTC."""
    try:
        return (instant(at) + timedelta(hours=5)).date().isoformat()
    except OverflowError:
        return ""


def _is_stretch(cut: Any) -> bool:
    """It begins where it was asked for, or before: at a picture from which a player can start."""
    if cut is None or cut["from_ms"] > cut["until_ms"]:
        return False
    return bool(cut["from_ms"] <= cut["asked_from_ms"] <= cut["asked_until_ms"])


# --- 10  Several volumes, and the command ------------------------------------------------------------------


def check(
    folders: Iterable[str],
    compare: Compare | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Check one package, given as the folders of its volumes. Raises ``OSError`` where one is no folder."""
    roots, report, volumes = list(folders), Report(on_progress), []
    for root in roots:
        report.within = f"{os.path.basename(os.path.abspath(root))}/" if len(roots) > 1 else ""
        volumes.append(Volume(root, report, compare or Compare()))
        volumes[-1].check()
    report.within, first = "", volumes[0]
    _together(volumes, report)
    report.package = first.package["package"] if first.package else ""
    report.digest, report.entries = first.digest, first.entries
    report.originals = sum(each.originals for each in volumes)
    return report


def _together(volumes: list[Volume], report: Report) -> None:
    """One package, no volume twice; and all there, where there are several."""
    if len({each.digest for each in volumes}) > 1:
        return report.add("volume-mismatch", "of-several")
    package, numbers = volumes[0].package, [each.number for each in volumes]
    count = package["volumes"] if package else 1
    missing = sorted(set(range(1, min(count, MAX_FILES) + 1)) - set(numbers))
    listed = ", ".join(map(str, missing[:20]))
    if len(set(numbers)) < len(numbers):
        report.add("volume-mismatch", "volume-twice")
    elif len(volumes) > 1 and missing:
        report.add("volume-mismatch", "volumes-missing", missing=listed)
    elif missing:
        report.note("elsewhere", missing=listed)
    return None


def read_given(path: str, most: int = MAX_NOTE) -> bytes:
    """A file that the caller names. Raises ``OSError``, or `Malformed` if it is too long."""
    with Path(path).open("rb") as file:
        octets = file.read(most + 1)
    refuse(len(octets) > most, f"{path} is too long")
    return octets


def compare_with(key: str | None, checkpoint: str | None, digest: str | None) -> Compare:
    """What the options say. A key is a text or the name of a file. Raises as `read_given`."""
    if key and Path(key).is_file():
        key = read_given(key, 4096).decode("utf-8", "replace")
    plain = (digest or "").replace("sha256:", "").lower()
    refuse(plain and not HEX256.fullmatch(plain), "--digest takes 64 hexadecimal digits")
    return Compare(key or "", read_given(checkpoint) if checkpoint else b"", plain)


def as_json(result: Report) -> dict[str, Any]:
    def told(fault: Fault) -> dict[str, Any]:
        where = {"kind": fault.kind, "path": fault.path, "seq": fault.seq, "message": str(fault)}
        return {**where, "evidence": {n: v for n, v in fault.evidence.items() if n not in ("path", "seq")}}

    return {
        "package": result.package, "package_digest": f"sha256:{result.digest}" if result.digest else None,
        "originals": result.originals, "entries": result.entries,
        "faults": [told(each) for each in result.faults], "unlisted": result.unlisted,
        "notes": [told(each) for each in result.notes],
    }  # fmt: skip


def _draw(done: int, total: int) -> None:
    if sys.stderr.isatty():
        percent = done * 100 // (total or 1)
        sys.stderr.write(f"\r{percent:3d} % " + ("\r      \r" if percent == 100 else ""))
        sys.stderr.flush()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    option = parser.add_argument
    option("folders", nargs="+", metavar="FOLDER", help="the package; of several volumes all of them")
    option("--key", help="the ledger's key as it is known from elsewhere: its text, or a file")
    option("--checkpoint", metavar="FILE", help="a checkpoint of the ledger kept elsewhere")
    option("--digest", help="the digest of the package, as the receipt of its hand-over states it")
    option("--json", action="store_true", help="answer with one JSON object")
    given = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        result = check(given.folders, compare_with(given.key, given.checkpoint, given.digest), _draw)
    except (OSError, Malformed) as error:
        print(f"{error}", file=sys.stderr)
        return EXIT_USAGE
    if given.json:
        print(json.dumps(as_json(result), ensure_ascii=False, indent=2))
    else:
        for fault in result.faults:
            print(f"✗ {fault.kind}: {fault}")
        for note in result.notes:
            print(f"• {note}")
        if result.unlisted:
            print(f"… and {result.unlisted} more.")
        print(f"Package {result.package or '?'}, sha256:{result.digest or '?'} (package.json)")
        print(f"{result.originals} originals, {result.entries} entries of the ledger proven.")
        print("SOUND: no fault was found." if result.is_sound else "NOT SOUND: see the faults above.")
    return 0 if result.is_sound else EXIT_FAULTS


def N_(sentence: str) -> str:  # noqa: N802 - the name that translators' tools look for
    """Mark a sentence for translation."""
    return sentence


SENTENCES = {
    # Files and manifests
    "too-many": N_("There are more than {most} files."),
    "link": N_("“{path}” is a link or a device. It is not opened."),
    "added-folder": N_("The folder “{path}” does not belong to it."),
    "unread": N_("“{path}” can't be read: {reason}."),
    "in-one-manifest": N_("The two manifests name different files: “{path}” is in one alone."),
    "not-bagit": N_("“{path}” is not that of BagIt 1.0."),
    "manifest-leads-out": N_("A manifest names “{path}”, which is outside or no name."),
    "no-manifest": N_("“{path}” is not a manifest: {reason}."),
    "missing": N_("“{path}” is missing."),
    "added": N_("“{path}” does not belong to it: no manifest names it."),
    "changed": N_("“{path}” was changed: its {algorithm} is {found}, and not {stated}."),
    "bag-info": N_("“{path}” has not the lines of a package."),
    "oxum": N_("“{path}” speaks of {stated} octets and files, and here are {found}."),
    "misshapen": N_("“{path}” is not of its format: {reason}."),
    # What package.json lists
    "bag-count": N_("“{path}” counts the volumes otherwise than package.json."),
    "bag-says": N_("“{path}” says another thing of the package than package.json."),
    "twice": N_("package.json names a file twice."),
    "in-one-list": N_("“{path}” stands in one of package.json and the manifests alone."),
    "list-leads-out": N_("package.json names “{path}”, which is outside or no name."),
    "another-fixity": N_("package.json states another size or digest of “{path}” than the manifests."),
    "not-of-format": N_("package.json lists “{path}” where the format has it not, or lacks it."),
    "lists-order": N_("The lists in package.json are not in their order."),
    "no-part": N_("“{path}” is no part of this format."),
    "numbers": N_("The numbers of the files do not follow one another."),
    "not-its-name": N_("“{path}” has not the name of its path on the card."),
    "made-of-nothing": N_("“{path}” is made of no original of this package, or says another thing of it."),
    "no-derivative-name": N_("“{path}” has not the name of a derivative."),
    "no-stretch": N_("What “{path}” has of its original is no stretch of it."),
    "volumes-order": N_("The originals do not go to the volumes in their order."),
    # Key, checkpoint, entries
    "another-checkpoint": N_("package.json names another checkpoint than “{path}”."),
    "not-covered": N_("The checkpoint does not cover the approval."),
    "no-key": N_("The key in package.json is none: {reason}."),
    "another-key": N_("“{path}” is another key than the one in package.json."),
    "not-the-key-given": N_("The package is of the key {found}, and not of the one that was given."),
    "checkpoint-broken": N_("The checkpoint “{path}” does not hold: {reason}."),
    "given-broken": N_("The checkpoint that was given does not hold here: {reason}."),
    "two-histories": N_(
        "The ledger has two histories: of {size} entries one checkpoint has the root {found},"
        " the other {stated}."
    ),
    "same-checkpoint": N_("The checkpoint that was given is the one of this package."),
    "other-size": N_(
        "The checkpoint that was given is of the same key, for {given} entries; this is for {size}."
    ),
    "entries-too-long": N_("The entries take more than {most} octets. The rest is not read."),
    "not-proven": N_("Entry {seq} is not proven to be in the ledger: {reason}."),
    "no-entry": N_("“{path}” is not the entry {seq}: {reason}."),
    "entry-missing": N_("“{path}” speaks of the entry {seq}, which is not in the package."),
    "no-appointment": N_("Entry {seq} was made by an appointment of which no entry here tells: {found}."),
    "no-person": N_("Entry {seq} is signed by somebody of whom no entry here tells: {found}."),
    "no-passkey-of-these": N_("“{path}” is not the key of a passkey with which these entries are signed."),
    # Signatures: each is the fault of this name
    "passkey-enrolled-again": N_("Entry {seq} enrols the passkey {found}, which was enrolled before."),
    "passkey-enrolled-without-right": N_(
        "Entry {seq} enrols the passkey {found} without a head or custodian who saw its owner."
    ),
    "no-document": N_("Entry {seq} carries no document that could be signed."),
    "not-signed": N_("Entry {seq} is not signed, though this act needs a signature."),
    "not-the-actors": N_("Entry {seq} was made by {found}, its document names {stated}."),
    "unknown-way": N_("Entry {seq} is signed in a way not known: {found}."),
    "malformed-signature": N_("A signature in entry {seq} can't be read."),
    "digest-mismatch": N_("What stands in entry {seq} is not what was signed: {found}, signed {stated}."),
    "wrong-signer": N_("Entry {seq} is signed by {found}, not by {stated}."),
    "signed-at-another-time": N_("The signature in entry {seq} is of {found}, the act of {stated}."),
    "passkey-not-enrolled": N_(
        "Entry {seq} is signed with the passkey {found}, not enrolled for {stated} by then."
    ),
    "passkey-does-not-hold": N_("The passkey's signature in entry {seq} does not hold: {found}."),
    "not-the-next-row": N_("Entry {seq} writes row {found}, which is not after the one before it."),
    "not-of-this-issue": N_("Entry {seq} takes back what was not issued so, or was taken back before."),
    "signed-before": N_("What entry {seq} carries was signed in an entry before it: {found}."),
    # Papers
    "no-such-act": N_("Entry {seq} is no such act of this division: {found}."),
    "demand-says": N_("{name} is {found} by package.json, and in entry {seq} {stated}."),
    "not-chosen-last": N_("What entry {seq} approves is not what was chosen last."),
    "not-what-is-here": N_(
        "The recordings and stretches that entry {seq} approves are not those in the package."
    ),
    "takes-in-nothing": N_("Entry {seq} takes in no recording, and “{path}” is said to be of it."),
    "ledger-says": N_("“{path}”: its {name} is {found} by package.json, and {stated} by the ledger."),
    "clock-says": N_("What package.json says of the clock of “{path}” is not what was read of it."),
    "not-made-of-it": N_("No entry says that “{path}” was made of its original."),
    "originals-order": N_("The originals in package.json are not in their order."),
    "not-every-row": N_("“{path}” has not every row once."),
    "row-alone": N_("The row {row} stands in one of “{path}” and the entries alone."),
    "rows-order": N_("The rows in “{path}” are not in their order."),
    "row-says": N_("Row {row}: {name} in “{path}” is {found}, and in the entries {stated}."),
    "readings-say": N_("The readings in “{path}” are not those of the entries."),
    "codes-order": N_("“{path}” has not every proof of a time code once, in their order."),
    "code-not-proven": N_("The time code {text} in “{path}” is not proven: {reason}."),
    "of-another-file": N_("“{path}” is the history of another file."),
    "steps-order": N_("The steps in “{path}” are not in the ledger's order."),
    "step-untold": N_("“{path}” says nothing of entry {seq}, which is of this file."),
    "step-of-another": N_("“{path}” tells of entry {seq}, which is not of this file."),
    "step-says": N_("“{path}” says another kind, time or actor of entry {seq} than the entry."),
    "step-without-words": N_("A step in “{path}” has no words."),
    # The whole
    "nothing-to-check": N_("No original, or no entry of the ledger, could be checked."),
    "another-digest": N_("This is not the package with the digest {stated}, but one with {found}."),
    "of-several": N_("These folders are not of one package."),
    "volume-twice": N_("A volume was given twice."),
    "volumes-missing": N_("These volumes of the package are missing: {missing}."),
    "elsewhere": N_("Volumes that lie elsewhere were not checked: {missing}."),
}


if __name__ == "__main__":
    sys.exit(main())
