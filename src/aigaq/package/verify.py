"""Checks an evidence package of Aigaq: ``python3 verify.py FOLDER... [--key KEY] [--checkpoint FILE]``.

One file for whoever trusts nobody: Python 3.9 or later, its standard library, no network, nothing written.
The format is `docs/formats/package.md` of Aigaq, with `ledger.md`, `signature.md` and `time-code.md`.

  1  what is reported, and the limits                      6  signatures in the entries
  2  reading files without being led astray                7  what the entries say, in the words of the papers
  3  canonical JSON (RFC 8785), and the form of papers     8  one folder: bag, lists, ledger
  4  keys and signatures                                   9  what the papers say, held against the entries
  5  an entry of the ledger and its proof (RFC 6962)       10  several volumes, and the command

That the files are those that were packed, and the entries those of the ledger, is sections 1 to 5 and 8. What
follows from the entries (who signed, what was done with each file) is 6, 7 and 9.

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

# --- 1  What is reported, and the limits -------------------------------------------------------------------

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


def N_(sentence: str) -> str:  # noqa: N802 - the name that translators' tools look for
    """Mark a sentence for translation."""
    return sentence


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
    """Every fault, in the order in which it was found; notes are no faults."""

    def __init__(self, on_progress: Callable[[int, int], None] | None = None) -> None:
        self.faults: list[Fault] = []
        self.unlisted = 0
        self._kinds: set[str] = set()
        """Of each kind at least one is told."""
        self.notes: list[Fault] = []
        self.within = ""
        """The volume that is being checked, where there are several."""
        self.on_progress = on_progress or (lambda _done, _total: None)

    def add(self, kind: str, message: str, path: str = "", seq: int | None = None, **evidence: Any) -> None:
        if len(self.faults) >= MAX_LISTED and kind in self._kinds:
            self.unlisted += 1
        else:
            self._kinds.add(kind)
            self.faults.append(self._told(kind, message, path, seq, evidence))

    def note(self, kind: str, message: str, **evidence: Any) -> None:
        self.notes.append(self._told(kind, message, "", None, evidence))

    def _told(self, kind: str, message: str, path: str, seq: int | None, evidence: dict[str, Any]) -> Fault:
        where = shown(self.within + path)
        told = {name: shown(value) if type(value) is str else value for name, value in evidence.items()}
        return Fault(kind, message, where, seq, {**told, "path": where, "seq": seq})


def shown(text: str) -> str:
    """Fit for a screen whoever chose it: what is not printable is spelt as an escape; long texts are cut."""
    text = text if len(text) <= 400 else text[:400] + "…"
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


class Malformed(ValueError):  # noqa: N818 - it becomes a fault
    """Something is not of its form; the text says why."""


# --- 2  Reading files without being led astray -------------------------------------------------------------

_MARKS = "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
"""What turns the direction of writing, or breaks lines."""
_UNFIT = re.compile(f'["*:<>?\\\\|%\x00-\x1f\x7f-\x9f\ud800-\udfff{_MARKS}]')
_RESERVED = {"CON", "PRN", "AUX", "NUL"} | {f"{port}{n}" for port in ("COM", "LPT") for n in "123456789¹²³"}


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


_JUNCTION = 0xA0000003
"""How Windows tags a folder that leads elsewhere."""


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
                            many = N_("There are more than {most} files.")
                            self.report.add("bag-malformed", many, most=MAX_FILES)
                            return
                        if self._take(f"{within}{each.name}", each):
                            waiting.append(f"{within}{each.name}/")
            except OSError as error:
                if not within:
                    raise
                unread = N_("“{path}” can't be read: {reason}.")
                self.report.add("file-missing", unread, within, reason=error.strerror)

    def _take(self, path: str, found: os.DirEntry[str]) -> bool:
        """Note a file; whether it is a folder to look into."""
        status = found.stat(follow_symlinks=False)
        is_link = found.is_symlink() or getattr(status, "st_reparse_tag", 0) == _JUNCTION
        if stat.S_ISREG(status.st_mode) and not is_link:
            self.sizes[path] = status.st_size
        elif not stat.S_ISDIR(status.st_mode) or is_link:
            self.report.add("unsafe-path", N_("“{path}” is a link or a device. It is not opened."), path)
        elif path.count("/") < 8 and is_safe(path):
            return True
        else:
            self.report.add("file-added", N_("The folder “{path}” does not belong to it."), path)
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

    def read(self, path: str, most: int) -> bytes:
        """A small file. Raises `Malformed` where it is missing, can't be read, or is longer than `most`."""
        try:
            with self.open(path) as file:
                octets = file.read(most + 1)
        except OSError as error:
            raise Malformed(error.strerror or "it is not there") from error
        if len(octets) > most:
            raise Malformed(f"it is longer than {most} octets")
        return octets


# --- 3  Canonical JSON (RFC 8785), and what a paper must be ------------------------------------------------

SAFE_INTEGER = 2**53 - 1


def values_in(octets: bytes) -> int:
    """At most so many values can be in this JSON, and so many empty ones fill the memory."""
    return octets.count(b",") + octets.count(b"[") + octets.count(b"{")


def parse(octets: bytes) -> Any:
    """The value of canonical JSON. Raises `Malformed` if another octet would spell the same."""
    if values_in(octets) > MAX_VALUES:
        raise Malformed(f"it has more than {MAX_VALUES} values")
    try:
        value = json.loads(
            octets.decode("utf-8"), parse_int=_integer, parse_float=float, parse_constant=_refuse
        )
        if canonical(value) == octets:
            return value
    except (ValueError, RecursionError) as error:
        raise Malformed(f"it is not canonical JSON: {str(error)[:100]}") from error
    raise Malformed("it is not in the canonical form of RFC 8785")


def canonical(value: Any) -> bytes:
    """Raises ``ValueError`` for what has no canonical form."""
    parts: list[str] = []
    _spell(value, parts, MAX_DEPTH)
    return "".join(parts).encode("utf-8")


def _spell(value: Any, parts: list[str], depth: int) -> None:
    kind = type(value)
    if kind is str:
        parts.append(_quoted(value))
    elif kind is dict or kind is list:
        if not depth:
            raise ValueError(f"it is nested deeper than {MAX_DEPTH}")
        parts.append("{" if kind is dict else "[")
        # Names in the order of their UTF-16 code units (3.2.3).
        for index, each in enumerate(sorted(value, key=_units) if kind is dict else value):
            parts.append("," if index else "")
            if kind is dict:
                parts.append(_quoted(each) + ":")
            _spell(value[each] if kind is dict else each, parts, depth - 1)
        parts.append("}" if kind is dict else "]")
    elif kind is float:
        parts.append(_number(value))
    else:
        parts.append("null" if value is None else str(value).lower())


_quoted = json.JSONEncoder(ensure_ascii=False).encode


def _units(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")


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
        if type(value) is not list:
            raise Malformed(f"{where} is not a list")
        for each in value:
            require_shape(each, shape[0], where)
    elif isinstance(shape, tuple):
        for option in shape:
            try:
                return require_shape(value, option, where)
            except Malformed as error:
                flaw = error
        raise flaw
    else:
        if isinstance(shape, re.Pattern):
            fits = type(value) is str and shape.fullmatch(value) is not None
        elif isinstance(shape, range):
            fits = type(value) is int and value in shape
        else:
            fits = type(value) is shape if isinstance(shape, type) else value == shape
        if not fits:
            raise Malformed(f"{where} is {str(value)[:80]!r}")
    return None


def text(value: Any) -> str | None:
    """None for what is no text."""
    return value if type(value) is str else None


def get(value: Any, *names: str) -> Any:
    """What stands under these names, one in the other; None where there is no such thing."""
    for name in names:
        value = value.get(name) if type(value) is dict else None
    return value


# --- 4  Keys and signatures: Ed25519 (RFC 8032), ECDSA P-256 (FIPS 186-5), RSA PKCS #1 v1.5 (RFC 8017) -----

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
Point = "tuple[int, int, int, int]"


def _ed_decode(octets: bytes) -> tuple[int, int, int, int]:
    """A point (RFC 8032, 5.1.3)."""
    y, sign = int.from_bytes(octets, "little") & (1 << 255) - 1, octets[31] >> 7
    if y >= _P:
        raise Malformed("the key or signature is no point of the curve")
    xx = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(xx, (_P + 3) // 8, _P)
    x = x if x * x % _P == xx else x * pow(2, (_P - 1) // 4, _P) % _P
    if x * x % _P != xx or (not x and sign):
        raise Malformed("the key or signature is no point of the curve")
    x = x if x & 1 == sign else _P - x
    return x, y, 1, x * y % _P


def _ed_add(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, int, int, int]:
    """RFC 8032, 5.1.4; it holds for all points, the same twice included."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c, d = 2 * one[3] * other[3] * _D % _P, 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


_BASE = _ed_decode((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))


def ed25519_holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """RFC 8032, 5.1.7, in the form in which R is compared with s·B - h·A."""
    if len(key) != 32 or len(signature) != 64 or int.from_bytes(signature[32:], "little") >= _L:
        return False
    try:
        x, y, _one, t = _ed_decode(key)
    except Malformed:
        return False
    minus = (_P - x, y, 1, _P - t)
    s = int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % _L
    choice = (None, _BASE, minus, _ed_add(_BASE, minus))
    found: tuple[int, int, int, int] = (0, 1, 1, 0)
    for bit in range(252, -1, -1):
        found = _ed_add(found, found)
        term = choice[(s >> bit & 1) + 2 * (h >> bit & 1)]
        found = _ed_add(found, term) if term else found
    inverse = pow(found[2], -1, _P)
    x, y = found[0] * inverse % _P, found[1] * inverse % _P
    return signature[:32] == (y | (x & 1) << 255).to_bytes(32, "little")


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
    u, v = int.from_bytes(hashlib.sha256(message).digest(), "big") * w % _N, r * w % _N
    choice = (None, _G, (x, y), _ec_add(_G, (x, y)))
    found: tuple[int, int] | None = None
    for bit in range(255, -1, -1):
        found = _ec_add(found, found)
        found = _ec_add(found, choice[(u >> bit & 1) + 2 * (v >> bit & 1)])
    return found is not None and found[0] % _N == r


def rsa_holds(n: int, message: bytes, signature: bytes) -> bool:
    """RSASSA-PKCS1-v1_5 with SHA-256 and the exponent 65537 (RFC 8017, 8.2.2)."""
    size = (n.bit_length() + 7) // 8
    info = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(message).digest()
    wanted = b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info
    value = int.from_bytes(signature, "big")
    return len(signature) == size and value < n and pow(value, 65537, n) == int.from_bytes(wanted, "big")


def der(tag: int, octets: bytes) -> bytes:
    size = len(octets)
    head = (
        bytes([size])
        if size < 128
        else bytes([0x81, size])
        if size < 256
        else b"\x82" + size.to_bytes(2, "big")
    )
    return bytes([tag]) + head + octets


def _der_integer(value: int) -> bytes:
    return der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _der_pair(octets: bytes) -> tuple[int, int]:
    """Two integers, as ECDSA signatures are; (0, 0) for what is not the one spelling of two."""
    if len(octets) < 8 or len(octets) > 72 or octets[3] > 33 or len(octets) < 6 + octets[3]:
        return 0, 0
    end = 4 + octets[3]
    r, s = int.from_bytes(octets[4:end], "big"), int.from_bytes(octets[end + 2 :], "big")
    return (r, s) if der(0x30, _der_integer(r) + _der_integer(s)) == octets else (0, 0)


class PublicKey(NamedTuple):
    """A passkey's (a COSE_Key, RFC 9052, section 7): its algorithm, and its numbers or octets."""

    algorithm: int
    parts: tuple[Any, ...]

    @classmethod
    def of_cose(cls, octets: bytes) -> PublicKey:
        """`signature.md`, "An assertion", 8. Raises `Malformed`."""
        key, end = _cbor(octets, 0)
        if type(key) is not dict or end != len(octets):
            raise Malformed("the key is no COSE_Key")
        parts: list[Any] = [key.get(name) for name in (1, 3, -1, -2, -3)]
        kind, algorithm, curve, x, y = parts
        if (kind, algorithm, curve) == (1, -8, 6) and _is_octets(x, 32):
            return cls(-8, (x,))
        if (kind, algorithm, curve) == (2, -7, 1) and _is_octets(x, 32) and _is_octets(y, 32):
            return cls(-7, (int.from_bytes(x, "big"), int.from_bytes(y, "big")))
        if (kind, algorithm) == (3, -257) and type(curve) is bytes and type(x) is bytes:
            n, e = int.from_bytes(curve, "big"), int.from_bytes(x, "big")
            if 2048 <= n.bit_length() <= 4096 and e == 65537:
                return cls(-257, (n,))
        raise Malformed("its algorithm and its kind of key are none that are taken here")

    def holds(self, message: bytes, signature: bytes) -> bool:
        check: Any = {-8: ed25519_holds, -7: p256_holds, -257: rsa_holds}[self.algorithm]
        return bool(check(*self.parts, message, signature))

    @property
    def pem(self) -> bytes:
        """A SubjectPublicKeyInfo (RFC 5280, 4.1) as ``openssl`` writes it."""
        if self.algorithm == -8:
            return pem_of_ed25519(self.parts[0])
        if self.algorithm == -7:
            head = bytes.fromhex("301306072a8648ce3d020106082a8648ce3d030107")
            return _pem(head, b"\x04" + b"".join(each.to_bytes(32, "big") for each in self.parts))
        numbers = der(0x30, _der_integer(self.parts[0]) + _der_integer(65537))
        return _pem(bytes.fromhex("300d06092a864886f70d0101010500"), numbers)


def pem_of_ed25519(key: bytes) -> bytes:
    return _pem(bytes.fromhex("300506032b6570"), key)


def _pem(algorithm: bytes, key: bytes) -> bytes:
    text = base64.b64encode(der(0x30, algorithm + der(3, b"\x00" + key))).decode()
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""]).encode()


def _is_octets(value: Any, size: int) -> bool:
    return type(value) is bytes and len(value) == size


def _cbor(octets: bytes, at: int, depth: int = 4) -> tuple[Any, int]:
    """One item of CBOR (RFC 8949, 3) of definite length, and where it ends. Raises `Malformed`."""
    kind, short = (octets[at] >> 5, octets[at] & 31) if at < len(octets) else (7, 31)
    more = {24: 1, 25: 2, 26: 4, 27: 8}.get(short, 0)
    head, at = octets[at + 1 : at + 1 + more], at + 1 + more
    if len(head) < more or short > 27 or not depth:
        raise Malformed("it is not CBOR")
    value = int.from_bytes(head, "big") if more else short
    if kind in (2, 3):
        if at + value > len(octets):
            raise Malformed("it is not CBOR")
        found = octets[at : at + value]
        return (found if kind == 2 else found.decode("utf-8", "replace")), at + value
    if kind in (4, 5):
        items: list[Any] = []
        while len(items) < value * (kind - 3):
            item, at = _cbor(octets, at, depth - 1)
            items.append(item)
        names = items[::2]
        if kind == 4:
            return items, at
        if not all(type(name) in (int, str) for name in names) or len(set(names)) != len(names):
            raise Malformed("it is not CBOR with names that stand once")
        return dict(zip(names, items[1::2])), at
    if kind in (0, 1):
        return (value if kind == 0 else -1 - value), at
    if kind == 7 and short in (20, 21, 22):
        return {20: False, 21: True, 22: None}[short], at
    raise Malformed("it is not CBOR of this kind")


def unbase64(text: Any, *, url: bool = False) -> bytes:
    """The octets of their one spelling (RFC 4648; section 5 without padding if `url`). Raises `Malformed`."""
    if type(text) is not str:
        raise Malformed("octets are not in base64")
    try:
        if url:
            octets = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            again = base64.urlsafe_b64encode(octets).rstrip(b"=")
        else:
            octets = base64.b64decode(text, validate=True)
            again = base64.b64encode(octets)
        if again == text.encode():
            return octets
    except (binascii.Error, ValueError):
        pass
    raise Malformed("octets are not in base64, or not in its one spelling")


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
        if rest[0] != key.id.hex():
            raise Malformed("its key id does not belong to its name and key")
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
        if not all(found):
            raise Malformed("a signature line is not “— name base64”")
        signatures = tuple((line[1], unbase64(line[2])) for line in found if line)
        return cls(origin, int(size), unbase64(root), f"{text}\n".encode(), signatures)

    def holds(self, key: LedgerKey) -> bool:
        """There is a signature by this key's name and id, and every such holds. Others are passed over."""
        own = [octets[4:] for name, octets in self.signatures if (name, octets[:4]) == (key.name, key.id)]
        return self.origin == key.name and bool(own) and all(
            ed25519_holds(key.octets, self.signed, each) for each in own
        )  # fmt: skip


# --- 5  An entry of the ledger and its proof ---------------------------------------------------------------


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
    def parse(cls, octets: bytes) -> Entry:
        """Raises `Malformed`."""
        value = parse(octets)
        require_shape(value, ENTRY)
        instant(value["at"])
        return cls(*(value[name] for name in cls._fields))

    @property
    def who(self) -> str:
        """As the papers name who acted: nobody for the machine."""
        return self.actor["name"] if self.actor["kind"] == "person" else ""


def instant(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")  # noqa: DTZ007 - all are in UTC
    except ValueError as error:
        raise Malformed(f"{text} is no instant") from error


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


def require_proof(proof: bytes, entry: bytes, seq: int, checkpoint: bytes) -> None:
    """A proof file (c2sp.org/tlog-proof@v1) of that entry under that very checkpoint. Raises `Malformed`."""
    head, blank, note = proof.partition(b"\n\n")
    lines = head.decode("utf-8", "replace").split("\n")
    if not blank or lines[:2] != ["c2sp.org/tlog-proof@v1", f"index {seq}"] or len(lines) > 66:
        raise Malformed("it is no proof of this entry")
    if note != checkpoint:
        raise Malformed("it is a proof under another checkpoint")
    path, stated = [unbase64(line) for line in lines[2:]], Checkpoint.parse(checkpoint)
    if any(len(each) != 32 for each in path):
        raise Malformed("a hash in it is not 32 octets long")
    if leads_to(entry, seq, stated.size, path) != stated.root:
        raise Malformed("it does not lead to the root of the checkpoint")


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
_ASSERTION = {"credential_id", "authenticator_data", "client_data_json", "signature"}


class Signatures:
    """Reads the entries in their order, and knows whose which key is by then. `signature.md`, "Checking".

    What takes all rows of a book to tell can't be told from a package: of each row being the next one, it is
    checked that they rise.
    """

    def __init__(self, report: Report) -> None:
        self.report = report
        self.used: list[str] = []
        """Credential ids that signed, in the order of their first use."""
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
            person, login = body.get("person"), body.get("user")
            if type(person) is str and type(login) is str and login and login not in self._person_of:
                self._login_of.setdefault(person, login)
                self._person_of[login] = person
        elif kind == "account.passkey-enrolled":
            self._enrol(entry)
        elif kind == "account.passkey-revoked":
            credential = body.get("credential_id")
            if type(credential) is str and credential in self.keys:
                self.keys[credential] = None
        elif kind in ACTS:
            self._check(entry)

    def _fault(self, kind: str, message: str, entry: Entry, **evidence: Any) -> None:
        path = f"data/ledger/entries/{entry.seq}.json"
        self.report.add(f"signature-{kind}", message, path, entry.seq, **evidence)

    def _enrol(self, entry: Entry) -> None:
        credential, login, host = (text(entry.body.get(name)) for name in ("credential_id", "user", "rp_id"))
        if credential is None or login is None or host is None:
            return
        if credential in self.keys:
            again = N_("Entry {seq} enrols the passkey {found}, which was enrolled before.")
            self._fault("passkey-enrolled-again", again, entry, found=credential)
            return
        try:
            key = PublicKey.of_cose(unbase64(entry.body.get("public_key"), url=True))
        except Malformed:
            return  # what rests on it is found not to be enrolled
        self.keys[credential], self.pems[credential] = (login, host, key), key.pem
        is_own = entry.actor["kind"] != "person" or entry.actor["id"] == self._person_of.get(login)
        if is_own or get(entry.right, "role") not in ("custodian", "head"):
            alone = N_(
                "Entry {seq} enrols the passkey {found} without a head or custodian who saw its owner."
            )
            self._fault("passkey-enrolled-without-right", alone, entry, found=credential)

    def _check(self, entry: Entry) -> None:
        act, signer, actor = ACTS[entry.kind]
        document: Any = entry.body.get("document")
        signatures: Any = entry.body.get("signatures")
        if not _is_document(document, act, signer, actor):
            self._fault("no-document", N_("Entry {seq} carries no document that could be signed."), entry)
            return
        digest = hashlib.sha256(canonical(document)).digest()
        self._in_order(entry, document, f"sha256:{digest.hex()}")
        if type(signatures) is not list or not signatures:
            self._fault(
                "not-signed", N_("Entry {seq} is not signed, though this act needs a signature."), entry
            )
            return
        made_by = (entry.actor["id"], entry.division or "")
        if made_by != (document[actor]["id"], document["division"]["id"]):
            other = N_("Entry {seq} was made by {found}, its document names {stated}.")
            self._fault("not-the-actors", other, entry, found=made_by[0], stated=document[actor]["id"])
        for signature in signatures:
            self._signature(entry, document, document[signer], signature, digest)

    def _signature(self, entry: Entry, document: Any, person: Any, given: Any, digest: bytes) -> None:
        way = get(given, "way")
        names = {"own-password": _SIGNATURE, "passkey": _SIGNATURE | {"assertion"}}.get(str(way))
        if type(way) is str and names is None:
            self._fault(
                "unknown-way", N_("Entry {seq} is signed in a way not known: {found}."), entry, found=way
            )
            return
        if names is None or given.keys() != names or type(get(given, "signer", "id")) is not str:
            self._fault("malformed-signature", N_("A signature in entry {seq} can't be read."), entry)
            return
        computed, signed = f"sha256:{digest.hex()}", str(given["signed_digest"])
        if given["signed_digest"] != computed:
            other = N_("What stands in entry {seq} is not what was signed: {found}, signed {stated}.")
            self._fault("digest-mismatch", other, entry, found=computed, stated=signed)
        if given["signer"] != person:
            other = N_("Entry {seq} is signed by {found}, not by {stated}.")
            self._fault("wrong-signer", other, entry, found=given["signer"]["id"], stated=person["id"])
        if given["at"] != document["occurred_at"]:
            other = N_("The signature in entry {seq} is of {found}, the act of {stated}.")
            at: dict[str, Any] = {"found": str(given["at"]), "stated": document["occurred_at"]}
            self._fault("signed-at-another-time", other, entry, **at)
        if way == "passkey":
            self._passkey(entry, given["assertion"], person["id"], digest)

    def _passkey(self, entry: Entry, assertion: Any, person: str, digest: bytes) -> None:
        credential = get(assertion, "credential_id")
        enrolled = self.keys.get(credential) if type(credential) is str else None
        try:
            if type(assertion) is not dict or assertion.keys() != _ASSERTION:
                raise Malformed("it has not the names of an assertion")
            unbase64(credential, url=True)
            if enrolled is None or enrolled[0] != self._login_of.get(person):
                missing = N_(
                    "Entry {seq} is signed with the passkey {found}, not enrolled for {stated} by then."
                )
                self._fault("passkey-not-enrolled", missing, entry, found=credential, stated=person)
                return
            if credential not in self.used:
                self.used.append(credential)
            require_assertion(assertion, enrolled[1], enrolled[2], digest)
        except Malformed as error:
            broken = N_("The passkey's signature in entry {seq} does not hold: {found}.")
            self._fault("passkey-does-not-hold", broken, entry, found=str(error))

    def _in_order(self, entry: Entry, document: Any, digest: str) -> None:
        if entry.kind == "journal.issued":
            book, number = document["book"]["id"], document["row"]["number"]
            if number <= self._rows.get(book, 0):
                late = N_("Entry {seq} writes row {found}, which is not after the one before it.")
                self._fault("not-the-next-row", late, entry, found=number)
            self._rows[book] = number
            self._issued[document["row"]["id"]] = {"seq": entry.seq, "signed_digest": digest}
        elif entry.kind == "journal.returned":
            issued = self._issued.pop(document["row"]["id"], None)
            if issued is None or document.get("issued") != issued:
                other = N_("Entry {seq} takes back what was not issued so, or was taken back before.")
                self._fault("not-of-this-issue", other, entry)
        elif digest in self._signed:
            again = N_("What entry {seq} carries was signed in an entry before it: {found}.")
            self._fault("signed-before", again, entry, found=digest)
        else:
            self._signed.add(digest)


def _is_document(document: Any, act: str, signer: str, actor: str) -> bool:
    """Whether it has what signing rests on ("The document")."""
    named = [
        "division",
        signer,
        actor,
        *(["row"] if actor == "custodian" else []),
        *(["book"] if act == "issue" else []),
    ]
    cell, received = get(document, "cell"), get(document, "received")
    return (
        get(document, "format") in ("aigaq-journal/1", "aigaq-journal/2")
        and get(document, "act") == act
        and type(get(document, "occurred_at")) is str
        and all(type(get(document, name, "id")) is str for name in named)
        and (act != "issue" or type(get(document, "row", "number")) is int)
        and (act != "correction" or (_is_receipt(cell, received) if cell in RECEIVED else received is None))
    )


def _is_receipt(cell: str, received: Any) -> bool:
    """A correction of columns 2 and 3 says all that the row stood for and stands for; only `cell` differs."""
    was, now = get(received, "was"), get(received, "now")
    return (
        all(type(each) is dict and each.keys() == set(RECEIVED) for each in (was, now))
        and received.keys() == {"was", "now"}
        and all(
            type(get(each, name, "id")) is str or (name == "card" and each[name] is None)
            for each in (was, now)
            for name in RECEIVED
        )
        and all((was[name] == now[name]) == (name != cell) for name in RECEIVED)
    )


def require_assertion(assertion: Any, host: str, key: PublicKey, digest: bytes) -> None:
    """`signature.md`, "An assertion", steps 2 to 9. Raises `Malformed` with the reason."""
    data, client, signature = (
        unbase64(assertion[name], url=True)
        for name in ("authenticator_data", "client_data_json", "signature")
    )
    try:
        said = json.loads(client.decode("utf-8"), object_pairs_hook=_each_once, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        raise Malformed("what the browser states is not JSON, or a name stands twice") from error
    if get(said, "type") != "webauthn.get":
        raise Malformed("it is not of the ceremony webauthn.get")
    if unbase64(get(said, "challenge"), url=True) != digest:
        raise Malformed("it signs another document")
    origin = re.fullmatch(r"(https?)://([a-z0-9.-]+)(:[0-9]{1,5})?", str(said.get("origin")))
    if not origin or origin[2] != host or (origin[1] == "http" and host != "localhost"):
        raise Malformed("it is of another site")
    if said.get("crossOrigin", False) is not False or "topOrigin" in said:
        raise Malformed("the page was framed by another site's")
    if len(data) < 37 or data[:32] != hashlib.sha256(host.encode()).digest():
        raise Malformed("the authenticator states another site")
    flags, at = data[32], 37
    if not flags & 0x01 or not flags & 0x04:
        raise Malformed("the person was not verified")
    if flags & 0x10 and not flags & 0x08:
        raise Malformed("it is backed up, and may not be")
    if flags & 0x40:  # an attested credential: 16 octets, an id with its length, a key
        at += 18 + int.from_bytes(data[53:55], "big")
        at = _cbor(data, at)[1]
    if flags & 0x80:
        at = _cbor(data, at)[1]
    if at != len(data):
        raise Malformed("the flags announce something else than what is there")
    if not key.holds(data + hashlib.sha256(client).digest(), signature):
        raise Malformed("the signature is not this key's")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


# --- 7  What the entries say, in the words of the papers ---------------------------------------------------

_CELLS = {"control", "subject", "object", "act_number"}
_EXACT_WAYS = ("time-code", "time-file")
_APPROVED = ("id", "number", "kind", "authority", "their_number", "seq")
"""What an approval says of its demand."""
_CHOOSING = ("disclosure.demand-registered", "disclosure.demand-amended")


class Row:
    """A row of the journal as its entries give it; values are kept in their canonical octets."""

    def __init__(self) -> None:
        self.facts: dict[str, bytes] = {}
        self.issued = SAFE_INTEGER
        """The entry that issued it; what is of no row comes after all rows."""
        self.book_id: Any = None
        self.number: Any = None
        self.lists: dict[str, list[bytes]] = {
            name: [] for name in ("unloaded", "remarks", "corrections", "signatures")
        }
        self.pauses: dict[str, dict[str, Any]] = {}
        self.replaces: str | None = None
        """The row in whose place it was issued."""

    def expected(self, coverage: int | None) -> dict[str, bytes]:
        """Of each name of the extract's row what must stand there."""
        facts = {name: octets for name, octets in self.facts.items() if name not in _CELLS}
        purpose = {name: json.loads(self.facts[name]) for name in _CELLS if name in self.facts}
        lists = {name: b"[" + b",".join(items) + b"]" for name, items in self.lists.items()}
        composed = {"purpose": purpose, "pauses": list(self.pauses.values()), "coverage": coverage}
        return {
            "returned": b"null",
            **facts,
            **lists,
            **{name: canonical(each) for name, each in composed.items()},
        }


class Story:
    """Reads the entries in their order and keeps what the papers must agree with."""

    def __init__(self, signatures: Signatures, kept: Iterable[int]) -> None:
        self.signatures = signatures
        self.kept: dict[int, Entry | None] = dict.fromkeys(kept)
        self.steps: dict[int, bytes] = {}
        """Of each entry the digest of its kind, time and actor."""
        self.naming: dict[str, list[int]] = {}
        """By the id of a file or recording: the entries of which its history must tell."""
        self.ingested: dict[int, dict[str, Any]] = {}
        self.row_of: dict[str, str | None] = {}
        self.duration_of: dict[str, Any] = {}
        self.rows: dict[str, Row] = {}
        self.judged: list[tuple[int, Any, Any, list[Any]]] = []
        self.readings: dict[int, dict[str, Any]] = {}
        self.codes: dict[int, dict[str, Any]] = {}
        self.showings: dict[Any, tuple[int, Any, Any]] = {}
        self.chosen: dict[int, tuple[Any, bytes]] = {}
        """Of each entry that says what a demand covers: the demand, and what was chosen."""
        self.derived: dict[str, set[tuple[str | None, str | None]]] = {}
        """Of each file: digests of what it was made from, and of what was made."""

    def read(self, entry: Entry) -> None:
        seq, kind, body = entry.seq, entry.kind, entry.body
        if seq in self.kept:
            self.kept[seq] = entry
        self.steps[seq] = step_of(kind, entry.at, entry.who)
        if type(body.get("file")) is str:
            self.naming.setdefault(body["file"], []).append(seq)
        if kind == "recording.ingested":
            self._ingested(seq, body)
        elif kind == "recording.placed":
            for recording in body["recordings"] if type(body.get("recordings")) is list else ():
                if type(recording) is str:
                    self.naming.setdefault(recording, []).append(seq)
                    self.row_of[recording] = text(body.get("row"))
        elif kind == "recording.derived":
            made = (text(body.get("source_digest")), text(body.get("content_digest")))
            self.derived.setdefault(str(body.get("file")), set()).add(made)
        elif kind in _CHOOSING:
            self.chosen[seq] = (body.get("demand"), canonical(body.get("chosen")))
        elif kind == "recording.judged":
            self.duration_of[str(body.get("file"))] = get(body, "judgement", "duration_ms")
        elif kind == "recorder.clock-read":
            of = {"way": "way", "recorder": "recorder", "camera_at": "device_at", "true_at": "server_at",
                  "offset_ms": "offset_ms", "precision_ms": "precision_ms"}  # fmt: skip
            self.readings[seq] = {"seq": seq, **{name: body.get(source) for name, source in of.items()}}
        elif kind == "recorder.time-shown":
            self.showings[str(body.get("showing"))] = (seq, body.get("root"), body.get("seconds"))
        elif kind == "recording.time-code-read":
            self.codes[seq] = body
        elif kind == "coverage.judged":
            rows = body["rows"] if type(body.get("rows")) is list else []
            self.judged.append((seq, text(get(body, "row", "id")), text(get(body, "book", "id")), rows))
        elif kind.startswith("journal."):
            self._journal(entry)

    def _ingested(self, seq: int, body: dict[str, Any]) -> None:
        began = body.get("file_recorded_at") or (
            body.get("recorded_at") if body.get("ordinal", 1) == 1 else None
        )
        same = ("file", "recording", "path", "kind", "size", "content_digest")
        self.ingested[seq] = {**{name: body.get(name) for name in same}, "recorded_at": began}
        self.duration_of.setdefault(str(body.get("file")), get(body, "judgement", "duration_ms"))
        if type(body.get("row")) is str:
            self.row_of[str(body.get("recording"))] = body["row"]

    def _journal(self, entry: Entry) -> None:
        seq, kind, body = entry.seq, entry.kind, entry.body
        document = body.get("document") if kind in ACTS else body
        row_id = get(document, "row", "id")
        if type(row_id) is not str:
            return
        row, at = self._row(row_id), get(document, "occurred_at")
        if kind == "journal.issued":
            self._issued(row, seq, document)
        elif kind == "journal.returned":
            row.facts["returned"] = canonical({"seq": seq, "at": at})
        elif kind == "journal.corrected":
            self._corrected(row, seq, document)
        elif kind == "journal.unloaded":
            row.lists["unloaded"].append(canonical({"seq": seq, "at": at, "files": body.get("files")}))
        elif kind == "journal.paused":
            row.pauses[str(body.get("pause"))] = {
                "from_seq": seq, "from_at": at, "until_seq": None, "until_at": None,
                "reason": body.get("reason"),
            }  # fmt: skip
        elif kind == "journal.resumed" and str(body.get("pause")) in row.pauses:
            row.pauses[str(body.get("pause"))].update(until_seq=seq, until_at=at)
        texts = [body.get("text")] if kind == "journal.remarked" else get(document, "remarks")
        self._remark(row, entry, at, texts)
        replaced = text(get(document, "replaces", "row", "id"))
        if kind == "journal.issued" and replaced is not None:
            row.replaces = replaced
            self._remark(self._row(replaced), entry, at, [get(document, "replaces", "remark")])
        if kind in ACTS:
            self._signed(row, seq, document, body.get("signatures"))

    def _row(self, row_id: str) -> Row:
        return self.rows.setdefault(row_id, Row())

    def _issued(self, row: Row, seq: int, document: Any) -> None:
        row.issued = seq
        row.book_id, row.number = get(document, "book", "id"), get(document, "row", "number")
        says = {
            "row": get(document, "row", "id"), "book": get(document, "book", "registration_number"),
            "sheet": get(document, "row", "sheet"), "number": row.number,
            "division": get(document, "division", "name"),
            "recorder": get(document, "recorder", "inventory_number"),
            "card": get(document, "card", "inventory_number"),
            "inspector": get(document, "inspector", "full_name"),
            "seal_number": get(document, "seal_number"),
            "issued": {"seq": seq, "at": get(document, "occurred_at")},
            **{name: get(document, "purpose", name) for name in _CELLS},
        }  # fmt: skip
        row.facts.update({name: canonical(value) for name, value in says.items()})

    def _corrected(self, row: Row, seq: int, document: Any) -> None:
        told = {name: get(document, name) for name in ("cell", "old", "new", "reason")}
        row.lists["corrections"].append(canonical({"seq": seq, "at": get(document, "occurred_at"), **told}))
        cell = told["cell"]
        if cell in RECEIVED:
            name = "full_name" if cell == "inspector" else "inventory_number"
            row.facts[cell] = canonical(get(document, "received", "now", cell, name))
        elif cell == "seal_number" or cell in _CELLS:
            row.facts[cell] = canonical(told["new"])

    def _remark(self, row: Row, entry: Entry, at: Any, texts: Any) -> None:
        for text in texts if type(texts) is list else ():
            row.lists["remarks"].append(
                canonical({"seq": entry.seq, "at": at, "author": entry.who, "text": text})
            )

    def _signed(self, row: Row, seq: int, document: Any, signatures: Any) -> None:
        for each in signatures if type(signatures) is list else ():
            credential = get(each, "assertion", "credential_id")
            used = self.signatures.used
            told = {
                "seq": seq, "act": get(document, "act"), "signer": get(each, "signer", "full_name"),
                **{name: get(each, name) for name in ("way", "at", "signed_digest")},
                "key": f"keys/{used.index(credential) + 1}.pem" if credential in used else None,
            }  # fmt: skip
            row.lists["signatures"].append(canonical(told))

    def coverage_of(self, row_id: str, given: Any) -> int | None:
        """The newest judgement of the duty to which the row belongs; `given` where a duty spans two books."""
        row = self.rows[row_id]
        newest = {duty: (seq, book, rows) for seq, duty, book, rows in self.judged}
        own = [
            seq
            for duty, (seq, book, rows) in newest.items()
            if duty == row_id or (row.number in rows and (book == row.book_id or seq == given))
        ]
        return max(own, default=None)


def step_of(kind: str, at: str, who: str) -> bytes:
    return hashlib.sha256(canonical([kind, at, who])).digest()


# --- 8  One folder: bag, lists, ledger ---------------------------------------------------------------------

_BAG_INFO = (
    "Source-Organization",
    "External-Identifier",
    "External-Description",
    "Bagging-Date",
    "Payload-Oxum",
)
_GROUP = ("Bag-Group-Identifier", "Bag-Count")
_TAGS = {"bagit.txt", "bag-info.txt", "manifest-sha256.txt", "manifest-sha512.txt"}
_TOOLS = {"README.txt", "index.html", "verify.py"}
_ALWAYS = {
    "letter.pdf", "contents.pdf", "journal/extract.json", "journal/extract.pdf", "clocks.json",
    "ledger/checkpoint.txt", "ledger/key.txt", "ledger/key.pem",
}  # fmt: skip
_ALGORITHMS = ("sha256", "sha512")


class Compare(NamedTuple):
    """What was kept elsewhere, to be held against the package."""

    key: str = ""
    checkpoint: bytes = b""
    digest: str = ""


class Volume:
    """One bag. Every check goes on after a fault; `report` gets them all."""

    def __init__(self, root: str, report: Report, compare: Compare) -> None:
        self.report = report
        self.compare = compare
        self.folder = Folder(root, report)
        self.listed: dict[str, dict[str, bytes]] = {}
        """By path: what the manifests say, by algorithm."""
        self.changed: set[str] = set()
        self.info: dict[str, str] = {}
        self.number = 1
        self.package: Any = None
        self.digest = ""
        self.entries = self.originals = 0
        """So many that were proven, and that are here and unchanged."""

    def check(self) -> None:
        self._manifests()
        self._fixity()
        self._bag_info()
        octets = self.read("data/package.json", MAX_PACKAGE)
        if octets is not None:
            self.digest = hashlib.sha256(octets).hexdigest()
            self.package = self.json("data/package.json", octets, PACKAGE)
        if self.package is not None:
            self._lists()
            self._files()
            self._ledger()
        if not self.originals or not self.entries:
            self.report.add(
                "nothing-to-check", N_("No original, or no entry of the ledger, could be checked.")
            )
        if self.compare.digest and self.compare.digest != self.digest:
            other = N_("This is not the package with the digest {stated}, but one with {found}.")
            self.report.add("digest-mismatch", other, stated=self.compare.digest, found=self.digest)

    # The bag (RFC 8493)

    def _manifests(self) -> None:
        for prefix in ("", "tag"):
            names: list[set[str]] = []
            for algorithm in _ALGORITHMS:
                found = self._manifest(f"{prefix}manifest-{algorithm}.txt", algorithm, is_payload=not prefix)
                for path, digest in found.items():
                    self.listed.setdefault(path, {})[algorithm] = digest
                names.append(set(found))
            for path in sorted(names[0] ^ names[1])[:1]:
                other = N_("The two manifests name different files: “{path}” is in one alone.")
                self.report.add("bag-malformed", other, path)
        declaration = self.read("bagit.txt", 4096, "bag-malformed")
        if declaration not in (None, b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"):
            self.report.add("bag-malformed", N_("“{path}” is not that of BagIt 1.0."), "bagit.txt")

    def _manifest(self, name: str, algorithm: str, *, is_payload: bool) -> dict[str, bytes]:
        """Read line by line (RFC 8493, 2.1.3), in this format's one spelling."""
        form = re.compile(rb"([0-9a-f]{%d})  (.+)\n" % (64 if algorithm == "sha256" else 128))
        found: dict[str, bytes] = {}
        last = ""
        try:
            with self.folder.open(name) as file:
                for line in iter(lambda: file.readline(4 * MAX_PATH + 200), b""):
                    match = form.fullmatch(line)
                    path = match[2].decode("utf-8") if match else ""
                    if not match or path <= last or path.startswith("data/") is not is_payload:
                        raise Malformed(
                            f"line {len(found) + 1} is no digest with a path, or not in its order"
                        )
                    last = path
                    if len(found) >= MAX_FILES:
                        raise Malformed(f"it names more than {MAX_FILES} files")
                    if is_safe(path):
                        found[path] = bytes.fromhex(match[1].decode())
                    else:
                        self.report.add(
                            "unsafe-path", N_("A manifest names “{path}”, which is outside or no name."), path
                        )
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            self.report.add("bag-malformed", N_("“{path}” is not a manifest: {reason}."), name, reason=reason)
        return found

    def _fixity(self) -> None:
        """Every file against the manifests, read once for both digests."""
        sizes, done, total = self.folder.sizes, 0, sum(self.folder.sizes.values())
        tagmanifests = {f"tagmanifest-{each}.txt" for each in _ALGORITHMS}
        for path in sorted({*sizes, *self.listed} - tagmanifests):
            if path not in sizes:
                self.report.add("file-missing", N_("“{path}” is missing."), path)
            elif path not in self.listed:
                self.report.add(
                    "file-added", N_("“{path}” does not belong to it: no manifest names it."), path
                )
            else:
                self._hash(path, lambda octets, before=done: self.report.on_progress(before + octets, total))  # type: ignore[misc]
            done += sizes.get(path, 0)

    def _hash(self, path: str, told: Callable[[int], None]) -> None:
        hashes, octets = {name: hashlib.new(name) for name in _ALGORITHMS}, 0
        try:
            with self.folder.open(path) as file:
                for piece in iter(lambda: file.read(PIECE), b""):
                    for each in hashes.values():
                        each.update(piece)
                    octets += len(piece)
                    told(octets)
        except OSError as error:
            self.changed.add(path)
            self.report.add(
                "file-missing", N_("“{path}” can't be read: {reason}."), path, reason=error.strerror
            )
            return
        self.folder.sizes[path] = octets
        for name, stated in self.listed[path].items():
            if hashes[name].digest() != stated:
                self.changed.add(path)
                other = N_("“{path}” was changed: its {algorithm} is {found}, and not {stated}.")
                found = hashes[name].hexdigest()
                self.report.add("file-changed", other, path, algorithm=name, found=found, stated=stated.hex())

    def _bag_info(self) -> None:
        octets = self.read("bag-info.txt", 64 << 10, "bag-malformed") or b""
        lines = [line.partition(": ") for line in octets.decode("utf-8", "replace").split("\n")]
        names = tuple(name for name, _colon, _value in lines)
        self.info = {name: value for name, _colon, value in lines}
        payload = [size for path, size in self.folder.sizes.items() if path.startswith("data/")]
        oxum = f"{sum(payload)}.{len(payload)}"
        if octets and names not in ((*_BAG_INFO, ""), (*_BAG_INFO, *_GROUP, "")):
            self.report.add("bag-malformed", N_("“{path}” has not the lines of a package."), "bag-info.txt")
        elif octets and self.info["Payload-Oxum"] != oxum:
            other = N_("“{path}” speaks of {stated} octets and files, and here are {found}.")
            self.report.add(
                "bag-malformed", other, "bag-info.txt", stated=self.info["Payload-Oxum"], found=oxum
            )

    def read(self, path: str, most: int, kind: str = "package-malformed") -> bytes | None:
        try:
            return self.folder.read(path, most)
        except Malformed as error:
            self.report.add(kind, N_("“{path}” can't be read: {reason}."), path, reason=str(error))
        return None

    def json(self, path: str, octets: bytes | None, shape: Any) -> Any:
        try:
            value = parse(octets) if octets is not None else None
            if value is not None or octets is not None:
                require_shape(value, shape)
        except Malformed as error:
            self.report.add(
                "package-malformed", N_("“{path}” is not of its format: {reason}."), path, reason=str(error)
            )
            return None
        return value

    # What package.json lists

    def _mismatch(self, message: str, path: str = "", **evidence: Any) -> None:
        self.report.add("list-mismatch", message, path, **evidence)

    def _lists(self) -> None:
        package, info = self.package, self.info
        day = (instant(package["approval"]["at"]) + timedelta(hours=5)).date().isoformat()
        count = re.fullmatch("([1-9][0-9]{0,5}) of ([1-9][0-9]{0,5})", info.get("Bag-Count", "1 of 1"))
        self.number = int(count[1]) if count else 0
        if not count or int(count[2]) != package["volumes"] or not 0 < self.number <= package["volumes"]:
            self._mismatch(N_("“{path}” counts the volumes otherwise than package.json."), "bag-info.txt")
        if (info.get("External-Identifier"), info.get("Bagging-Date")) != (
            package["package"],
            day,
        ) or info.get("Bag-Group-Identifier", package["package"]) != package["package"]:
            self._mismatch(N_("“{path}” is of another package than package.json."), "bag-info.txt")
        here = [each for each in package["files"] if each["volume"] == self.number]
        stated = {f"data/{each['path']}": each for each in [*here, *package["papers"]]}
        if len(stated) < len(here) + len(package["papers"]):
            self._mismatch(N_("package.json names a file twice."))
        payload = {path for path in self.listed if path.startswith("data/")} - {"data/package.json"}
        for path in sorted(payload ^ stated.keys()):
            if is_safe(path):
                self._mismatch(N_("“{path}” stands in one of package.json and the manifests alone."), path)
            else:
                self.report.add(
                    "unsafe-path", N_("package.json names “{path}”, which is outside or no name."), path
                )
        for path in sorted(payload & stated.keys()):
            each, listed = stated[path], self.listed[path]
            same = all(listed.get(name, b"").hex() == each[name] for name in _ALGORITHMS)
            if not same or (
                path not in self.changed and self.folder.sizes.get(path, each["size"]) != each["size"]
            ):
                self._mismatch(
                    N_("package.json states another size or digest of “{path}” than the manifests."), path
                )
        self._names()

    def _names(self) -> None:
        """The papers are those of the format, all of them and no others; in their order."""
        package = self.package
        papers, entries = [each["path"] for each in package["papers"]], package["entries"]
        expected = set(_ALWAYS)
        expected |= {
            f"custody/{each['number']:03d}.json" for each in package["files"] if each["what"] == "original"
        }
        expected |= {f"ledger/entries/{seq}.{kind}" for seq in entries for kind in ("json", "tlog-proof")}
        keys = {path for path in papers if re.fullmatch(r"keys/[1-9][0-9]*\.pem", path)}
        for path in sorted(set(papers) ^ (expected | keys)):
            self._mismatch(
                N_("package.json lists “{path}” where the format has it not, or lacks it."), f"data/{path}"
            )
        if papers != sorted(papers) or entries != sorted(set(entries)):
            self._mismatch(N_("The lists in package.json are not in their order."))
        for path in sorted(set(self.listed) - _TAGS - _TOOLS):
            if not path.startswith("data/"):
                self._mismatch(N_("“{path}” is no part of this format."), path)

    def _files(self) -> None:
        """Numbers, names and volumes of originals and of what was made of them."""
        files = self.package["files"]
        originals = [each for each in files if each["what"] == "original"]
        cuts: dict[int, int] = {}
        for index, each in enumerate(files, start=1):
            number, of, path = each["number"], each["of"], f"data/{each['path']}"
            original = originals[of - 1] if of and of <= len(originals) else None
            if number != index or (index > len(originals)) != (each["what"] != "original"):
                self._mismatch(N_("The numbers of the files do not follow one another."), path)
            if each["what"] == "original":
                named = f"recordings/{number:03d}/{safe_name(each['card_path'])}"
                if each["path"] != named or of is not None or each["cut"] is not None:
                    self._mismatch(N_("“{path}” has not the name of its path on the card."), path)
                here = path in self.folder.sizes and path in self.listed and path not in self.changed
                self.originals += here
                continue
            if original is None or any(each[name] != original[name] for name in (*_FACTS, "volume")):
                nothing = N_("“{path}” is made of no original of this package, or says another thing of it.")
                self.report.add("derivative-of-nothing", nothing, path)
                continue
            cuts[of] = cuts.get(of, 0) + (each["what"] == "cut")
            stem = f"cuts/{of:03d}-{cuts[of]}" if each["what"] == "cut" else f"playable/{of:03d}"
            if not re.fullmatch(re.escape(stem) + r"\.[a-z0-9]{1,8}", each["path"]):
                self._mismatch(N_("“{path}” has not the name of a derivative."), path)
            if (each["cut"] is not None) != (each["what"] == "cut") or not _is_stretch(each["cut"]):
                self._mismatch(N_("What “{path}” has of its original is no stretch of it."), path)
        volumes = [each["volume"] for each in originals]
        if volumes != sorted(volumes) or set(volumes) != set(range(1, self.package["volumes"] + 1)):
            self._mismatch(N_("The originals do not go to the volumes in their order."))

    # The ledger

    def _ledger(self) -> None:
        note = self.read("data/ledger/checkpoint.txt", MAX_NOTE, "checkpoint-signature") or b""
        key = self._key()
        stated, ledger = self._checkpoint(note, key), self.package["ledger"]
        if stated is not None:
            root = base64.b64encode(stated.root).decode()
            if (stated.origin, stated.size, root) != (ledger["origin"], ledger["size"], ledger["root"]):
                other = N_("package.json names another checkpoint than “{path}”.")
                self.report.add("key-mismatch", other, "data/ledger/checkpoint.txt")
            if self.package["approval"]["seq"] >= stated.size:
                self.demand_mismatch(N_("The checkpoint does not cover the approval."))
        signatures = Signatures(self.report)
        story = Story(signatures, [self.package["demand"]["seq"], self.package["approval"]["seq"]])
        self._entries(note, story, proven=stated is not None)
        self._keys(signatures)
        Papers(self, story).check()

    def _key(self) -> LedgerKey | None:
        """One key in key.txt, key.pem and package.json; and the one that was given."""
        texts = [self.read(f"data/ledger/key.{each}", 4096, "key-mismatch") for each in ("txt", "pem")]
        try:
            key = LedgerKey.parse(self.package["ledger"]["key"])
        except Malformed as error:
            self.report.add(
                "key-mismatch", N_("The key in package.json is none: {reason}."), reason=str(error)
            )
            return None
        for name, octets, wanted in zip(
            ("txt", "pem"), texts, (f"{key}\n".encode(), pem_of_ed25519(key.octets))
        ):
            if octets is not None and octets != wanted:
                other = N_("“{path}” is another key than the one in package.json.")
                self.report.add("key-mismatch", other, f"data/ledger/key.{name}")
        given = self.compare.key.strip()
        pem = pem_of_ed25519(key.octets).decode().strip()
        if given and given not in (str(key), pem, pem.replace("\n", "\r\n")):
            other = N_("The package is of the key {found}, and not of the one that was given.")
            self.report.add("key-mismatch", other, found=str(key))
        return key

    def _checkpoint(self, note: bytes, key: LedgerKey | None) -> Checkpoint | None:
        """The package's, if it holds; and that which was given, beside it."""
        path = "data/ledger/checkpoint.txt"
        try:
            stated = Checkpoint.parse(note)
            if key is None or not stated.holds(key):
                raise Malformed("it is not signed by the ledger's key")
        except Malformed as error:
            broken = N_("The checkpoint “{path}” does not hold: {reason}.")
            self.report.add("checkpoint-signature", broken, path, reason=str(error))
            return None
        if self.compare.checkpoint:
            self._compare_checkpoint(stated, key)
        return stated

    def _compare_checkpoint(self, stated: Checkpoint, key: LedgerKey) -> None:
        try:
            other = Checkpoint.parse(self.compare.checkpoint)
            if not other.holds(key):
                raise Malformed("it is not signed by the key of this package")
        except Malformed as error:
            message = N_("The checkpoint that was given does not hold here: {reason}.")
            self.report.add("key-mismatch", message, reason=str(error))
            return
        if other.size == stated.size and other.root != stated.root:
            message = N_(
                "The ledger has two histories: of {size} entries one checkpoint has the root {found},"
                " the other {stated}."
            )
            roots: dict[str, Any] = {"found": stated.root.hex(), "stated": other.root.hex()}
            self.report.add(
                "checkpoint-mismatch", message, "data/ledger/checkpoint.txt", size=stated.size, **roots
            )
        elif other.size == stated.size:
            self.report.note(
                "same-checkpoint", N_("The checkpoint that was given is the one of this package.")
            )
        else:
            message = N_(
                "The checkpoint that was given is of the same key, for {given} entries; this is for {size}."
            )
            self.report.note("other-size", message, given=other.size, size=stated.size)

    def _entries(self, note: bytes, story: Story, *, proven: bool) -> None:
        """Each entry and its proof; in the order of the ledger, and one at a time in memory."""
        octets_left = MAX_ENTRIES
        for seq in self.package["entries"]:
            path = f"data/ledger/entries/{seq}.json"
            octets = self.read(path, MAX_ENTRY, "entry-missing")
            proof = self.read(path.replace(".json", ".tlog-proof"), MAX_NOTE + 8192, "entry-not-proven")
            octets_left -= len(octets or b"")
            if octets_left < 0:
                most = N_("The entries take more than {most} octets. The rest is not read.")
                self.report.add("package-malformed", most, most=MAX_ENTRIES)
                return
            if octets is None:
                continue
            try:
                if not proven:
                    raise Malformed("no checkpoint holds")
                if proof is not None:
                    require_proof(proof, octets, seq, note)
                    self.entries += 1
            except Malformed as error:
                unproven = N_("Entry {seq} is not proven to be in the ledger: {reason}.")
                self.report.add("entry-not-proven", unproven, path, seq, reason=str(error))
            try:
                entry = Entry.parse(octets)
                if entry.seq != seq:
                    raise Malformed(f"it is the entry {entry.seq}")
            except Malformed as error:
                broken = N_("“{path}” is not the entry {seq}: {reason}.")
                self.report.add("entry-malformed", broken, path, seq, reason=str(error))
                continue
            story.signatures.read(entry)
            story.read(entry)

    def _keys(self, signatures: Signatures) -> None:
        """``keys/``: of each passkey that signed, in the order of their first use."""
        there = {path for path in self.listed if path.startswith("data/keys/")}
        expected = {
            f"data/keys/{n}.pem": signatures.pems[each] for n, each in enumerate(signatures.used, start=1)
        }
        for path in sorted(there | expected.keys()):
            octets = self.read(path, 4096, "list-mismatch") if path in there else b""
            if octets is not None and octets != expected.get(path):
                other = N_("“{path}” is not the key of a passkey with which these entries are signed.")
                self.report.add("key-mismatch", other, path)

    def demand_mismatch(self, message: str, seq: int | None = None, **evidence: Any) -> None:
        self.report.add("demand-mismatch", message, "data/package.json", seq, **evidence)


def _is_stretch(cut: Any) -> bool:
    return cut is None or (
        cut["asked_from_ms"] <= cut["asked_until_ms"]
        and cut["from_ms"] <= cut["until_ms"]
        and cut["from_ms"] <= cut["asked_from_ms"]
    )


# --- 9  What the papers say, held against the entries ------------------------------------------------------


class Papers:
    """What the papers say, held against the entries ("What each paper is held against")."""

    def __init__(self, volume: Volume, story: Story) -> None:
        self.volume = volume
        self.report = volume.report
        self.package = volume.package
        self.story = story

    def check(self) -> None:
        self._demand()
        for each in self.package["files"]:
            if each["what"] == "original":
                self._original(each)
            elif each["what"] == "playable":
                self._playable(each)
        self._order()
        self._extract(self._paper("journal/extract.json", EXTRACT))
        self._clocks(self._paper("clocks.json", CLOCKS))
        for each in self.package["files"]:
            if each["what"] == "original":
                self._custody(each)

    def _paper(self, path: str, shape: Any) -> Any:
        octets = self.volume.read(f"data/{path}", MAX_PAPER)
        return None if octets is None else self.volume.json(f"data/{path}", octets, shape)

    def _there(self, seq: int, path: str) -> bool:
        if seq in self.story.steps:
            return True
        missing = N_("“{path}” speaks of the entry {seq}, which is not in the package.")
        self.report.add("entry-missing", missing, f"data/{path}", seq)
        return False

    def _demand(self) -> None:
        """The entries that registered the demand and approved it say what package.json says."""
        package = self.package
        division, demand = package["division"], package["demand"]
        entry = self._act("demand", "disclosure.demand-registered")
        if entry is not None:
            paper = get(entry.body, "document")
            says = {name: entry.body.get(name) for name in demand}
            digest = str(get(paper, "content_digest"))[len("sha256:") :]
            document = {"sha256": digest, "size": get(paper, "size")} if paper is not None else None
            says.update(
                id=entry.body.get("demand"),
                seq=entry.seq,
                document=document,
                division=entry.body.get("division"),
            )
            self._agree(entry.seq, {**demand, "division": division}, says)
        entry = self._act("approval", "disclosure.approved")
        if entry is not None:
            document = get(entry.body, "document")
            files = [each for each in package["files"] if each["what"] == "original"]
            digest = hashlib.sha256(canonical(sorted(each["file"] for each in files))).hexdigest()
            stated = {
                "package": package["package"], "profile": package["profile"], "division": division,
                "head": package["approval"]["head"], "at": package["approval"]["at"],
                "files": len(files), "files_digest": f"sha256:{digest}",
                "demand": {name: demand[name] for name in _APPROVED},
            }  # fmt: skip
            self._agree(entry.seq, stated, {**{name: get(document, name) for name in stated}, "at": entry.at})
            self._chosen(entry.seq, document)

    def _act(self, name: str, kind: str) -> Entry | None:
        seq = self.package[name]["seq"]
        entry = self.story.kept[seq] if self._there(seq, "package.json") else None
        if entry is not None and (entry.kind != kind or entry.division != self.package["division"]["id"]):
            other = N_("Entry {seq} is no such act of this division: {found}.")
            self.volume.demand_mismatch(other, seq, found=entry.kind)
            return None
        return entry

    def _agree(self, seq: int, stated: dict[str, Any], says: dict[str, Any]) -> None:
        for name, value in stated.items():
            if value != says.get(name):
                other = N_("{name} is {found} by package.json, and in entry {seq} {stated}.")
                found = {"found": str(value), "stated": str(says.get(name))}
                self.volume.demand_mismatch(other, seq, name=name, **found)

    def _chosen(self, seq: int, document: Any) -> None:
        """What was approved is what was chosen last; and it is what is here."""
        last = max(self.story.chosen, default=-1)
        chosen = (self.package["demand"]["id"], canonical(get(document, "chosen")))
        if get(document, "selection", "seq") != last or self.story.chosen.get(last) != chosen:
            other = N_("What entry {seq} approves is not what was chosen last.")
            self.volume.demand_mismatch(other, seq)
        items = get(document, "chosen")
        items = items if type(items) is list else []
        recordings = {str(get(each, "recording")) for each in items}
        asked = [
            canonical([get(part, name) for name in ("file", "from_ms", "until_ms")])
            for each in items
            for part in (get(each, "segments") if type(get(each, "segments")) is list else ())
        ]
        files = self.package["files"]
        cuts = [
            canonical([f["file"], f["cut"]["asked_from_ms"], f["cut"]["asked_until_ms"]])
            for f in files
            if f["cut"]
        ]
        if {each["recording"] for each in files} != recordings or sorted(asked) != sorted(cuts):
            other = N_("The recordings and stretches that entry {seq} approves are not those in the package.")
            self.volume.demand_mismatch(other, seq)

    def _original(self, stated: Any) -> None:
        """The ledger says of it what package.json says."""
        seq, path, story = stated["seq"], f"data/{stated['path']}", self.story
        if not self._there(seq, "package.json"):
            return
        entry = story.ingested.get(seq)
        if entry is None:
            nothing = N_("Entry {seq} takes in no recording, and “{path}” is said to be of it.")
            self.report.add("not-in-ledger", nothing, path, seq)
            return
        says = {
            **{name: entry[name] for name in ("file", "recording", "kind", "size", "recorded_at")},
            "card_path": entry["path"], "sha256": str(entry["content_digest"])[len("sha256:") :],
            "row": story.row_of.get(stated["recording"]),
            "duration_ms": story.duration_of.get(stated["file"]),
        }  # fmt: skip
        for name, value in says.items():
            if value != stated[name]:
                other = N_("“{path}”: its {name} is {found} by package.json, and {stated} by the ledger.")
                found = {"found": str(stated[name]), "stated": str(value)}
                self.report.add("not-in-ledger", other, path, seq, name=name, **found)
        self._clock(stated)

    def _order(self) -> None:
        """Originals by their rows as these were issued, then by the camera's clock, then by path."""
        nowhere = Row()
        order = [
            (
                self.story.rows.get(each["row"], nowhere).issued,
                each["recorded_at"] is None,
                each["recorded_at"] or "",
                each["card_path"],
                each["seq"],
            )
            for each in self.package["files"]
            if each["what"] == "original"
        ]
        if order != sorted(order):
            other = N_("The originals in package.json are not in their order.")
            self.report.add("list-mismatch", other, "data/package.json")

    def _playable(self, stated: Any) -> None:
        """An entry says that it was made, and of which octets; of a cut there is none."""
        originals = [each for each in self.package["files"] if each["number"] == stated["of"]]
        made = self.story.derived.get(stated["file"], set())
        if not any((f"sha256:{each['sha256']}", f"sha256:{stated['sha256']}") in made for each in originals):
            nothing = N_("No entry says that “{path}” was made of its original.")
            self.report.add("derivative-of-nothing", nothing, f"data/{stated['path']}")

    def _clock(self, stated: Any) -> None:
        clock = stated["clock"]
        expected = {"known": "unknown", "offset_ms": 0, "precision_ms": 0, "seq": None}
        if clock["seq"] is not None:
            if not self._there(clock["seq"], "package.json"):
                return
            reading = self.story.readings.get(clock["seq"], {})
            known = "exact" if reading.get("way") in _EXACT_WAYS else "at-least"
            offsets = {name: reading.get(name) for name in ("offset_ms", "precision_ms")}
            expected = {"known": known, **offsets, "seq": clock["seq"]}
        if clock != expected:
            other = N_("What package.json says of the clock of “{path}” is not what was read of it.")
            self.report.add("clocks-mismatch", other, f"data/{stated['path']}", clock["seq"])

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
            self.report.add("extract-mismatch", N_("“{path}” has not every row once."), path)
        for row_id in sorted(given.keys() ^ expected):
            alone = N_("The row {row} stands in one of “{path}” and the entries alone.")
            self.report.add("extract-mismatch", alone, path, row=row_id)
        order = [(str(row.get("book")), str(row.get("number")).zfill(9)) for row in extract["rows"]]
        if order != sorted(order):
            self.report.add("extract-mismatch", N_("The rows in “{path}” are not in their order."), path)
        for row_id in sorted(given.keys() & expected):
            row, says = (
                given[row_id],
                story.rows[row_id].expected(story.coverage_of(row_id, given[row_id].get("coverage"))),
            )
            for name in sorted(row.keys() | says.keys()):
                stated = canonical(row[name]) if name in row else b"nothing"
                if stated != says.get(name):
                    other = N_("Row {row}: {name} in “{path}” is {found}, and in the entries {stated}.")
                    found: dict[str, Any] = {
                        "found": stated.decode(),
                        "stated": says.get(name, b"nothing").decode(),
                    }
                    self.report.add("extract-mismatch", other, path, row=row_id, name=name, **found)

    def _clocks(self, clocks: Any) -> None:
        if clocks is None:
            return
        path, story = "data/clocks.json", self.story
        if clocks["readings"] != [story.readings[seq] for seq in sorted(story.readings)]:
            other = N_("The readings in “{path}” are not those of the entries.")
            self.report.add("clocks-mismatch", other, path)
        originals = [each["file"] for each in self.package["files"] if each["what"] == "original"]
        order = [
            tuple(each[name] for name in ("file", "seq", "place_ms", "text")) for each in clocks["time_codes"]
        ]
        proofs: dict[int, list[Any]] = {}
        for each in clocks["time_codes"]:
            proof = {name: each["proof"][name] for name in ("index", "path")}
            proofs.setdefault(each["seq"], []).append(proof)
        proven = {
            seq: body["proofs"]
            for seq, body in story.codes.items()
            if body.get("proofs") and body.get("file") in originals
        }
        if order != sorted(set(order)) or proofs != proven:
            other = N_("“{path}” has not every proof of a time code once, in their order.")
            self.report.add("clocks-mismatch", other, path)
        for each in clocks["time_codes"]:
            flaw = self._flaw_of_code(each, originals) if self._there(each["seq"], "clocks.json") else None
            if flaw:
                other = N_("The time code {text} in “{path}” is not proven: {reason}.")
                self.report.add("clocks-mismatch", other, path, each["seq"], text=each["text"], reason=flaw)

    def _flaw_of_code(self, code: Any, originals: list[str]) -> str | None:
        """`time-code.md`, "Checking it without us"."""
        body, proof = self.story.codes.get(code["seq"], {}), code["proof"]
        number = code["file"]
        if not 0 < number <= len(originals) or body.get("file") != originals[number - 1]:
            return "the entry is of another recording"
        seen = body["seen"] if type(body.get("seen")) is list else []
        if [code["text"], code["place_ms"]] not in [each[:2] for each in seen if type(each) is list]:
            return "it was not seen there"
        if code["row"] != get(body, "named", "id"):
            return "it is of another row"
        shown_by = self.story.showings.get(str(body.get("showing")))
        if shown_by is None or shown_by != (proof["root_seq"], shown_by[1], proof["size"]):
            return "the showing is another"
        path = [bytes.fromhex(each) for each in proof["path"]]
        root = leads_to(code["text"].encode(), proof["index"], proof["size"], path)
        return (
            None
            if root is not None and root.hex() == shown_by[1]
            else "it does not lead to the root that was entered"
        )

    def _custody(self, original: Any) -> None:
        name = f"custody/{original['number']:03d}.json"
        custody, path = self._paper(name, CUSTODY), f"data/{name}"
        if custody is None:
            return
        if (custody["file"], custody["sha256"]) != (original["number"], original["sha256"]):
            self.report.add("custody-mismatch", N_("“{path}” is the history of another file."), path)
        seqs = [each["seq"] for each in custody["steps"]]
        if seqs != sorted(set(seqs)):
            self.report.add(
                "custody-mismatch", N_("The steps in “{path}” are not in the ledger's order."), path
            )
        must = {
            *self.story.naming.get(original["file"], ()),
            *self.story.naming.get(original["recording"], ()),
        }
        for seq in sorted(must - set(seqs)):
            self.report.add(
                "custody-mismatch",
                N_("“{path}” says nothing of entry {seq}, which is of this file."),
                path,
                seq,
            )
        for each in custody["steps"]:
            if not self._there(each["seq"], name):
                continue
            if step_of(each["kind"], each["at"], each["actor"]) != self.story.steps[each["seq"]]:
                other = N_("“{path}” says another kind, time or actor of entry {seq} than the entry.")
                self.report.add("custody-mismatch", other, path, each["seq"])
            if not all(each["words"].values()):
                self.report.add("custody-mismatch", N_("A step in “{path}” has no words."), path, each["seq"])


# --- 10  Several volumes, and the command ------------------------------------------------------------------


class Result(NamedTuple):
    """What was checked. Sound only if `is_sound`."""

    package: str
    digest: str
    originals: int
    entries: int
    faults: list[Fault]
    unlisted: int
    notes: list[Fault]

    @property
    def is_sound(self) -> bool:
        return not self.faults


def check(
    folders: Iterable[str],
    compare: Compare | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Check one package, given as the folders of its volumes. Raises ``OSError`` where one is no folder."""
    roots, report = list(folders), Report(on_progress)
    volumes = []
    for root in roots:
        if len(roots) > 1:
            report.within = f"{os.path.basename(os.path.abspath(root))}/"
        volume = Volume(root, report, compare or Compare())
        volume.check()
        volumes.append(volume)
    report.within = ""
    _together(volumes, report)
    first = volumes[0]
    package = first.package["package"] if first.package else ""
    originals = sum(each.originals for each in volumes)
    return Result(
        package, first.digest, originals, first.entries, report.faults, report.unlisted, report.notes
    )


def _together(volumes: list[Volume], report: Report) -> None:
    """One package, no volume twice; and all there, where there are several."""
    if len({each.digest for each in volumes}) > 1:
        report.add("volume-mismatch", N_("These folders are not of one package."))
        return
    package, numbers = volumes[0].package, [each.number for each in volumes]
    count = package["volumes"] if package else 1
    missing = sorted(set(range(1, min(count, MAX_FILES) + 1)) - set(numbers))
    listed = ", ".join(map(str, missing[:20]))
    if len(set(numbers)) < len(numbers):
        report.add("volume-mismatch", N_("A volume was given twice."))
    elif len(volumes) > 1 and missing:
        report.add(
            "volume-mismatch", N_("These volumes of the package are missing: {missing}."), missing=listed
        )
    elif missing:
        report.note(
            "elsewhere", N_("Volumes that lie elsewhere were not checked: {missing}."), missing=listed
        )


def read_given(path: str, most: int = MAX_NOTE) -> bytes:
    """A file that the caller names. Raises ``OSError``, or `Malformed` if it is too long."""
    with Path(path).open("rb") as file:
        octets = file.read(most + 1)
    if len(octets) > most:
        raise Malformed(f"{path} is too long")
    return octets


def compare_with(key: str | None, checkpoint: str | None, digest: str | None) -> Compare:
    """What the options say. A key is a text or the name of a file. Raises as `read_given`."""
    if key and Path(key).is_file():
        key = read_given(key, 4096).decode("utf-8", "replace")
    plain = (digest or "").replace("sha256:", "").lower()
    if plain and not HEX256.fullmatch(plain):
        raise Malformed("--digest takes 64 hexadecimal digits")
    return Compare(key or "", read_given(checkpoint) if checkpoint else b"", plain)


def as_json(result: Result) -> dict[str, Any]:
    def told(fault: Fault) -> dict[str, Any]:
        where = {"kind": fault.kind, "path": fault.path, "seq": fault.seq, "message": str(fault)}
        return {**where, "evidence": {n: v for n, v in fault.evidence.items() if n not in ("path", "seq")}}

    return {
        "package": result.package, "package_digest": f"sha256:{result.digest}" if result.digest else None,
        "originals": result.originals, "entries": result.entries,
        "faults": [told(each) for each in result.faults], "unlisted": result.unlisted,
        "notes": [told(each) for each in result.notes],
    }  # fmt: skip


def _progress() -> Callable[[int, int], None] | None:
    if not sys.stderr.isatty():
        return None
    last = [-1]

    def draw(done: int, total: int) -> None:
        percent = done * 100 // (total or 1)
        if percent != last[0]:
            last[0] = percent
            sys.stderr.write(f"\r{percent:3d} % " + ("\r      \r" if percent == 100 else ""))
            sys.stderr.flush()

    return draw


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "folders", nargs="+", metavar="FOLDER", help="the package; of several volumes all of them"
    )
    parser.add_argument("--key", help="the ledger's key as it is known from elsewhere: its text, or a file")
    parser.add_argument("--checkpoint", metavar="FILE", help="a checkpoint of the ledger kept elsewhere")
    parser.add_argument(
        "--digest", help="the digest of the package, as the receipt of its hand-over states it"
    )
    parser.add_argument("--json", action="store_true", help="answer with one JSON object")
    given = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        result = check(given.folders, compare_with(given.key, given.checkpoint, given.digest), _progress())
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


if __name__ == "__main__":
    sys.exit(main())
