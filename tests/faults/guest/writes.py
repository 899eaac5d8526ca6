"""One unloading into a vault whose disk writes down every write (dm-log-writes), with a mark for all that is said.

    python -m tests.faults.guest.writes FILES [MUTANT]

/dev/ubdb: the data folder without the vault; /dev/ubdc: the vault; /dev/ubdd: the log.
"""

import sys
from pathlib import Path

from tests.faults.guest import begin

DATA = Path("/run/data")


def main(files: int, mutant: str = "") -> None:
    begin()
    from aigaq import wiring
    from aigaq.unloading.medium import FolderMedium
    from tests.support import guest, mutants
    from tests.support.cards import fill, takes

    sectors = guest.command("blockdev", "--getsz", "/dev/ubdc").strip()
    guest.command("dmsetup", "create", "vault", "--table", f"0 {sectors} log-writes /dev/ubdc /dev/ubdd")
    guest.command("dmsetup", "mknodes")
    guest.command("mount", "/dev/ubdb", DATA)
    guest.command("mount", "/dev/mapper/vault", DATA / "vault")
    said = 0

    def mark(**facts: object) -> None:
        """In the log first: what is said must be true of every write before it."""
        nonlocal said
        guest.command("dmsetup", "message", "vault", "0", "mark", f"said-{said}")
        guest.say(mark=f"said-{said}", **facts)
        said += 1

    guest.TellingDesk.tell = staticmethod(mark)
    mutants.ALL.get(mutant, bool)()
    content = takes(files, size=30_000)
    card = fill(Path("/run/recorder"), content)
    guest.say(recorded={path: guest.sha256(octets) for path, octets in content.items()})
    line = wiring.pipeline()
    desk, ended = guest.unload(line, FolderMedium(card))
    mark(ended_as=desk.unload.state, problems=[str(each) for each in ended.problems])
    line.vault.backend.close()
    wiring.forget_vault()  # and with it who keeps the ledger's copy there
    guest.command("umount", DATA / "vault")
    guest.command("dmsetup", "remove", "--retry", "vault")


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
