"""The command line as somebody at a terminal has it: a program of its own, in a folder of its own."""

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support import databases

HEADS = "төрт бөлек сөз жеткілікті"
CUSTODIANS = "бес бөлек сөз де жетеді"


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@dataclass(frozen=True)
class Shell:
    data: Path
    database_url: str = ""
    language: str = "en"
    drill_database_url: str = ""

    def environment(self) -> dict[str, str]:
        own = {
            "AIGAQ_DATA": str(self.data),
            "AIGAQ_DATABASE_URL": self.database_url,
            "AIGAQ_LANG": self.language,
            "AIGAQ_DRILL_DATABASE_URL": self.drill_database_url,
            "AIGAQ_IMMUTABLE": "no",
            # What is plugged into the machine of the tests is none of theirs.
            "AIGAQ_USB": "no",
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AIGAQ")}
        return {**kept, **own, "DJANGO_SETTINGS_MODULE": "aigaq.settings"}

    def run(self, *arguments: str, program: tuple[str, ...] = ("-m", "aigaq"), **options) -> Ran:
        done = subprocess.run(
            [sys.executable, *program, *map(str, arguments)],
            env=self.environment(),
            capture_output=True,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=int(os.environ.get("AIGAQ_TEST_PATIENCE", "300")),
            **options,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    def problems(self) -> list[str]:
        """What `aigaq check` finds, but for the server of the tests, which rightly is told to be unsafe."""
        told = [problem["code"] for problem in self.run("check", "--json").json["problems"]]
        if databases.server and self.database_url:
            told.remove("database.setting")  # fsync=off
        return told

    def password_file(self) -> Path:
        path = self.data.parent / "vault-passwords"
        path.write_text(f"{HEADS}\n{CUSTODIANS}\n", encoding="utf-8")
        return path

    def installed(self) -> None:
        """As `init` leaves it: made once, and copied from then on. Each `init` takes four times what protects a key."""
        made = _made()
        self.password_file()
        shutil.copytree(made.data, self.data)
        if databases.server and self.database_url:
            databases.server.copy(made.database_url, self.database_url)

    def init(self, *arguments: str, **options) -> Ran:
        file = str(self.password_file())
        return self.run("init", "--non-interactive", "--vault-password-file", file, *arguments, **options)


@cache
def _made() -> Shell:
    """An installation that nobody changes."""
    folder = Path(tempfile.mkdtemp(prefix="aigaq-installed-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    url = databases.server.create("installed") if databases.server else ""
    shell = Shell(folder / "data", url)
    done = shell.init()
    assert done.status == 0, done.err
    return shell
