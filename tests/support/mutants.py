"""Unloadings that lose recordings: what the fault runs must catch, or they prove nothing."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping

from django.conf import settings

from aigaq.unloading import run
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.source import SourceFile, SourceUnreadableError


def no_directory_fsync() -> None:
    """It leaves a blob's name to the page cache."""
    LocalBackend.make_durable = lambda *_: None
    # An immutable blob comes with an fsync of the directory where it was made: ext4 then keeps all names.
    LocalBackend.protect = lambda *_: None
    # So does the ledger's copy, which is durable before a card is cleared. (Its models want Django set up.)
    from aigaq.recovery.copying import Copier

    Copier.write = lambda *_: 0


def relaxed_database() -> None:
    """SQLite with the setting that many recommend for its speed."""
    options = settings.DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=NORMAL")


def clears_before_entering(then: Callable[[], object] = bool) -> None:
    """It clears a card as soon as the blobs are durable, before the office has entered them."""
    enter = run._Run._enter

    def too_early(one: run._Run, batch: object) -> None:
        with contextlib.suppress(FileNotFoundError), one._medium.writable(one._root):
            shutil.rmtree(one._medium.path / "DCIM")
        subprocess.run(["sync", one._medium.path], check=True)
        then()
        enter(one, batch)

    run._Run._enter = too_early


def clears_early() -> None:
    """The same, and it waits there for the power to be cut."""

    def wait() -> None:
        os.write(1, b'\n@@ {"settled": false}\n')
        signal.pause()

    clears_before_entering(wait)


def seals_what_it_got() -> None:
    """It takes an error of the card for the end of the file."""
    readinto = SourceFile.readinto

    def lenient(source: SourceFile, buffer: memoryview, /) -> int:
        try:
            return readinto(source, buffer)
        except SourceUnreadableError:
            return 0

    SourceFile.readinto = lenient


ALL: Mapping[str, Callable[[], None]] = {
    each.__name__: each for each in (no_directory_fsync, relaxed_database, clears_early, seals_what_it_got)
}
