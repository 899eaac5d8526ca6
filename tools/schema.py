"""The schema of a new database, kept as SQL in src/aigaq/schema. After each new migration it is made anew.

schema.py make     run the migrations on an empty SQLite and an empty PostgreSQL; write down what they made
schema.py check    fail unless the files are of the migrations that there are
"""

import os
import sys
import tempfile
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "aigaq.settings"
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django

from tests.support import databases

django.setup()

from aigaq.schema.loading import FOLDER  # noqa: E402 - as above
from tests.support import schema  # noqa: E402 - as above


def make() -> int:
    """Both or none; and what was written does make the same."""
    with tempfile.TemporaryDirectory() as folder:
        ends = [("", f"{folder}/{{}}.sqlite3"), (databases.postgres().url("{}"), "")]
        texts, made = {}, []
        for url, file in ends:
            if url:
                databases.postgres().create("by_migrations")
            with schema.opened(url.format("by_migrations"), file.format("by_migrations")) as wrapper:
                found = schema.files_of(schema.migrated(wrapper))
                made.append(schema.everything(wrapper))
            if any(texts.get(name, text) != text for name, text in found.items()):
                print("The migrations leave other rows on SQLite than on PostgreSQL.", file=sys.stderr)
                return 1
            texts |= found
        for name, text in texts.items():
            (FOLDER / name).write_text(text, encoding="utf-8")
        for (url, file), by_migrations in zip(ends, made, strict=True):
            if url:
                databases.postgres().create("by_files")
            with schema.opened(url.format("by_files"), file.format("by_files")) as wrapper:
                told = schema.differing(by_migrations, schema.everything(schema.loaded(wrapper)))
            if told:
                print(told, file=sys.stderr)
                return 1
    return 0


def check() -> int:
    told = schema.behind()
    if told:
        print(told, file=sys.stderr)
    return 1 if told else 0


ACTIONS = {"make": make, "check": check}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ACTIONS:  # noqa: PLR2004 - the program and one word
        sys.exit(__doc__)
    sys.exit(ACTIONS[sys.argv[1]]())
