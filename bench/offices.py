"""A real installation to measure: made by `aigaq init`, used by the commands."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.measure import run

AIGAQ = str(Path(sys.executable).with_name("aigaq"))


@dataclass(frozen=True)
class Installation:
    data: Path

    def aigaq(self, *words: str) -> tuple[float, float]:
        """Run one command of ours on this installation; (wall, processor) seconds, start-up included."""
        return run([AIGAQ, *words, "--data", str(self.data)])


def new_installation(folder: Path) -> Installation:
    passwords = folder / "passwords"
    passwords.write_text(f"{os.urandom(12).hex()}\n{os.urandom(12).hex()}\n", encoding="ascii")
    passwords.chmod(0o600)
    installation = Installation(folder / "data")
    installation.aigaq("init", "--non-interactive", "--vault-password-file", str(passwords))
    return installation
