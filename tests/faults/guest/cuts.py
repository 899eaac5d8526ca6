"""A computer with a dock, until its power is cut: a card is filled and unloaded, again and again.

    python -m tests.faults.guest.cuts FIRST ROUNDS SEED [MUTANT]

/dev/ubdb: the data folder without the vault; /dev/ubdc: the vault; /dev/ubdd: the card.
"""

import os
import random
import sys
from pathlib import Path

from tests.faults.guest import begin

DATA, CARD = Path("/run/data"), "/dev/ubdd"


def content_of(number: int, seed: int) -> dict[str, bytes]:
    """What is recorded before round `number`: one to three files, none of them ever again."""
    from tests.support.cards import octets, take

    chance = random.Random(f"{seed}/{number}")
    return {
        take(number * 10 + n, second=n): octets(number * 10 + n, chance.randrange(1, 120_000))
        for n in range(chance.randint(1, 3))
    }


def main(first: int, rounds: int, seed: int, mutant: str = "") -> None:
    begin()
    from aigaq import wiring
    from aigaq.unloading.sources.listing import list_card, open_card
    from tests.support import guest, mutants

    guest.command("mount", "/dev/ubdb", DATA)
    guest.command("mount", "/dev/ubdc", DATA / "vault")
    mutants.ALL.get(mutant, bool)()
    line = wiring.pipeline()

    def unload() -> None:
        with guest.volume(CARD).mounted() as medium:
            desk, ended = guest.unload(line, medium)
            root = open_card(medium.path)
            try:
                left = [each.path for each in list_card(root).files]
            finally:
                os.close(root)
        guest.say(ended_as=desk.unload.state, left=left, problems=[str(each) for each in ended.problems])

    guest.say(booted=True)
    unload()
    for number in range(first, first + rounds):
        content = content_of(number, seed)
        with guest.writable(CARD, Path("/run/recorder")) as card:
            guest.record(card, content)
        guest.say(recorded=number, files={path: guest.sha256(octets) for path, octets in content.items()})
        unload()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
