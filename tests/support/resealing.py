"""A package that somebody altered, and then made agree with itself again as far as that takes no key."""

import hashlib
import json
from pathlib import Path
from typing import Any

from aigaq.core import canonical


def read(folder: Path, path: str) -> Any:
    return json.loads((folder / path).read_bytes())


def write(folder: Path, path: str, value: Any) -> None:
    (folder / path).write_bytes(canonical.encode(value))


def reseal(folder: Path) -> None:
    """State anew what is there: sizes and digests in ``package.json``, ``bag-info.txt``, all manifests."""
    package = read(folder, "data/package.json")
    for each in (*package["files"], *package["papers"]):
        path = folder / "data" / each["path"]
        if path.is_file():
            octets = path.read_bytes()
            each |= {"size": len(octets), **{name: _digest(name, octets) for name in ("sha256", "sha512")}}
    write(folder, "data/package.json", package)
    payload = [path for path in folder.rglob("data/**/*") if path.is_file()]
    oxum = f"{sum(path.stat().st_size for path in payload)}.{len(payload)}"
    info = (folder / "bag-info.txt").read_text()
    lines = [
        f"Payload-Oxum: {oxum}" if line.startswith("Payload-Oxum") else line for line in info.split("\n")
    ]
    (folder / "bag-info.txt").write_text("\n".join(lines))
    for name in ("sha256", "sha512"):
        _manifest(folder, f"manifest-{name}.txt", name, payload)
    for name in ("sha256", "sha512"):
        tags = [
            path for path in folder.iterdir() if path.is_file() and not path.name.startswith("tagmanifest")
        ]
        _manifest(folder, f"tagmanifest-{name}.txt", name, tags)


def _manifest(folder: Path, name: str, algorithm: str, files: list[Path]) -> None:
    paths = sorted(path.relative_to(folder).as_posix() for path in files)
    lines = [f"{_digest(algorithm, (folder / path).read_bytes())}  {path}\n" for path in paths]
    (folder / name).write_text("".join(lines))


def _digest(algorithm: str, octets: bytes) -> str:
    return hashlib.new(algorithm, octets).hexdigest()
