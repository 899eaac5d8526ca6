"""The small files of a package: ``package.json`` and what it lists, from the contents and the listing."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from aigaq.core import canonical
from aigaq.core.canonical import Json
from aigaq.package import proofs, verify
from aigaq.package.bag import Fixity
from aigaq.package.contents import FORMAT, Contents, ListedFile, Listing
from aigaq.package.errors import LimitError, NoOriginalsError, UnusableContentsError
from aigaq.package.names import numbered
from aigaq.tlog.checkpoint import Checkpoint, VerifierKey, open_checkpoint
from aigaq.tlog.errors import TlogError

PACKAGE: Final = "data/package.json"
_EXTRACT: Final = "aigaq-extract/1"
_CLOCKS: Final = "aigaq-clocks/1"
_CUSTODY: Final = "aigaq-custody/1"
_LARGEST_TIME: Final = 1 << 32


def require_sound(contents: Contents) -> None:
    """Raise `NoOriginalsError` or `UnusableContentsError`: what the checker would refuse is not written."""
    if not contents.originals or not contents.entries:
        raise NoOriginalsError
    seqs = [each.seq for each in contents.entries]
    if seqs != sorted(set(seqs)):
        raise UnusableContentsError(reason="the entries do not ascend")
    if len(contents.custody) != len(contents.originals):
        raise UnusableContentsError(reason="there is not one history for each original")
    if any(sign in text for sign in "\n\r" for text in told_by_bag(contents)):
        raise UnusableContentsError(reason="a text of bag-info.txt has several lines")
    if contents.made_at.tzinfo is None or not 0 <= contents.made_at.timestamp() < _LARGEST_TIME:
        raise UnusableContentsError(reason="the time of the approval is none that a disk can keep")
    try:
        checkpoint = _checkpoint(contents)
        for each in contents.entries:
            proofs.require_proven(each, checkpoint)
    except TlogError as error:
        raise UnusableContentsError(reason=str(error)) from error


def told_by_bag(contents: Contents) -> tuple[str, str]:
    """Whose the package is and what it is of, as ``bag-info.txt`` has it."""
    return str(contents.division["name"]), verify.described(dict(contents.demand))


def small_files(contents: Contents, listing: Listing) -> dict[str, bytes]:
    """All files under ``data/`` but originals and derivatives, by path from the bag's root."""
    found = {**_json(contents, listing), **_of_ledger(contents), **contents.papers(listing)}
    found |= {f"keys/{number}.pem": pem for number, pem in enumerate(contents.keys, start=1)}
    package = canonical.encode(_package(contents, listing, found))
    return {PACKAGE: package, **{f"data/{path}": octets for path, octets in sorted(found.items())}}


def evidence_digest(package: bytes) -> str:
    """Of ``package.json`` but for what programs make from the evidence, and newer ones make otherwise.

    These are the PDFs, what is in a cut, and which volumes all that fills.
    """
    told: Any = canonical.decode(package)
    del told["volumes"]
    told["files"] = [_evidence(each) for each in told["files"]]
    told["papers"] = [each for each in told["papers"] if not each["path"].endswith(".pdf")]
    return f"sha256:{sha256(canonical.encode(told)).hexdigest()}"


def _evidence(file: Mapping[str, Any]) -> dict[str, Any]:
    made = {"volume", *(("path", "size", "sha256", "sha512") if file["cut"] else ())}
    kept = {name: value for name, value in file.items() if name not in made}
    asked = file["cut"] and {name: file["cut"][name] for name in ("asked_from_ms", "asked_until_ms")}
    return {**kept, "cut": asked}


def require_readable(small: Mapping[str, bytes], all_small: Mapping[str, bytes]) -> None:
    """Raise `LimitError` where a checker that keeps the format's limits would stop before the end."""
    entries = sum(len(octets) for path, octets in small.items() if _is_entry(path))
    found = [("ledger/entries", entries, verify.MAX_ENTRIES), ("files", len(all_small), verify.MAX_FILES)]
    for path, octets in small.items():
        if path.endswith(".json") and not _is_entry(path):
            found.append((path, len(octets), verify.MAX_PACKAGE if path == PACKAGE else verify.MAX_PAPER))
            found.append((path, verify.values_in(octets), verify.MAX_VALUES))
    for what, number, most in found:
        if number > most:
            raise LimitError(what=what, found=number, most=most)


def _is_entry(path: str) -> bool:
    return path.startswith("data/ledger/entries/") and path.endswith(".json")


@lru_cache(maxsize=1)
def checker() -> bytes:
    """The one file that checks a package, as it is put into each."""
    return Path(__file__).with_name("verify.py").read_bytes()


def _json(contents: Contents, listing: Listing) -> dict[str, bytes]:
    found: dict[str, Json] = {
        "journal/extract.json": _with_format(contents.extract, _EXTRACT),
        "clocks.json": _with_format(contents.clocks, _CLOCKS),
    }
    for original, steps in zip(listing.files, contents.custody, strict=False):
        found[f"custody/{numbered(original.number)}.json"] = {
            "format": _CUSTODY,
            "file": original.number,
            "sha256": original.sha256,
            "steps": [dict(each) for each in steps],
        }
    return {path: canonical.encode(value) for path, value in found.items()}


def _of_ledger(contents: Contents) -> dict[str, bytes]:
    key = VerifierKey.parse(contents.ledger_key)
    found = {
        "ledger/checkpoint.txt": contents.checkpoint.encode(),
        "ledger/key.txt": f"{key}\n".encode(),
        "ledger/key.pem": proofs.ledger_key_pem(key),
    }
    for each in contents.entries:
        found[f"ledger/entries/{each.seq}.json"] = each.octets
        proof = proofs.tlog_proof(each.seq, each.path, contents.checkpoint)
        found[f"ledger/entries/{each.seq}.tlog-proof"] = proof
    return found


def _package(contents: Contents, listing: Listing, others: Mapping[str, bytes]) -> Json:
    checkpoint = _checkpoint(contents)
    papers: list[Json] = [{"path": path, **asdict(Fixity.of(others[path]))} for path in sorted(others)]
    return {
        "format": FORMAT,
        "package": str(contents.package),
        "profile": contents.profile,
        "division": dict(contents.division),
        "demand": dict(contents.demand),
        "approval": dict(contents.approval),
        "ledger": {
            "origin": checkpoint.origin,
            "key": contents.ledger_key,
            "size": checkpoint.size,
            "root": checkpoint.text.split("\n")[2],
        },
        "volumes": listing.volumes,
        "files": [_file(each) for each in listing.files],
        "papers": papers,
        "entries": [each.seq for each in contents.entries],
    }


def _file(listed: ListedFile) -> Json:
    return {each.name: _plain(getattr(listed, each.name)) for each in fields(listed)}


def _checkpoint(contents: Contents) -> Checkpoint:
    return open_checkpoint(contents.checkpoint, VerifierKey.parse(contents.ledger_key))


def _with_format(value: Json, name: str) -> Json:
    if not isinstance(value, dict):
        raise UnusableContentsError(reason=f"{name} is no object")
    return {**value, "format": name}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value
