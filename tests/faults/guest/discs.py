"""In the guest: a disc is put in, and read as Linux reads it."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

AT = Path("/run/disc")


def say(**facts: Any) -> None:
    """To the test, at once and whole."""
    os.write(1, f"\n@@ {json.dumps(facts)}\n".encode())


def command(*words: object) -> str:
    done = subprocess.run(list(map(str, words)), capture_output=True, check=False)
    assert done.returncode == 0, f"{words}: {done.stderr.decode(errors='replace')}"
    return done.stdout.decode(errors="replace")


def main(name: str) -> None:
    AT.mkdir()
    command("mount", "-t", "udf", "-o", "ro,iocharset=utf8", "/dev/ubdb", AT)
    folder = AT / name
    for path in sorted(folder.rglob("*")):
        found = path.stat()
        told = {
            "path": str(path.relative_to(folder)),
            "mode": found.st_mode & 0o7777,
            "at": int(found.st_mtime),
        }
        if path.is_file():
            told |= {"size": found.st_size, **_octets(path, found.st_size)}
        say(**told)
    if (folder / "manifest-sha256.txt").exists():
        say(checked=command("sh", "-c", f"cd {folder} && sha256sum -c manifest-sha256.txt"))
    say(
        free=os.statvfs(AT).f_bfree, label=command("blkid", "-s", "LABEL", "-o", "value", "/dev/ubdb").strip()
    )


def _octets(path: Path, size: int) -> dict[str, str]:
    """The digest of a small file; of a large one what stands around each GiB, and at its end."""
    with path.open("rb") as file:
        if size < 1 << 26:
            return {"digest": hashlib.sha256(file.read()).hexdigest()}
        looked = hashlib.sha256()
        for offset in (*range(0, size, 1 << 30), size - 4096):
            file.seek(max(0, offset - 4096))
            looked.update(file.read(8192))
        return {"looked": looked.hexdigest()}


if __name__ == "__main__":
    main(*sys.argv[1:])
