"""Where what goes into a bucket lies on this computer until it is there."""

from pathlib import Path

from aigaq.vault.backends.local import LocalBackend, Places, writing


class Staging(LocalBackend):
    """Of a local vault's tree what a bucket can't have: unfinished parts, and locks. No blob lies here."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, immutable=False)

    def make(self) -> None:
        with writing():
            self._make_folders()

    def _open_places(self) -> Places:
        self._make_folders()
        return super()._open_places()
