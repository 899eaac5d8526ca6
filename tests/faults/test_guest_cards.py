"""Cards that are pulled out at a random sector, and cards with bad blocks: the kernel's own faults, in a guest.

`make faults` pulls out a thousand and wears out a hundred.
"""

import os
import random

import pytest

from tests.support import amount, uml, vaults

pytestmark = [
    pytest.mark.faults,
    pytest.mark.cards,
    pytest.mark.skipif(bool(uml.missing()), reason=uml.missing()),
]

FULL = amount.FULL
YANKS = int(os.environ.get("AIGAQ_FAULTS_YANKS", "1000" if FULL else "2"))
WORN = int(os.environ.get("AIGAQ_FAULTS_WORN", "100" if FULL else "1"))
IN_A_ROW = 100
"""Cards of one installation; then it is another one, so that its disk has room and each card is as quick."""


@pytest.fixture
def dock(installed):
    """`dock(what, count, seed)` starts the guest."""
    with uml.workshop() as folder:
        installed(folder / "data")

        def start(*what: object) -> uml.Guest:
            data = uml.ext4_disk(folder / "data.img", megabytes=2048, content=folder / "data")
            card = uml.fat_disk(folder / "card.img")
            return uml.Guest(
                folder,
                "cards",
                *what,
                disks=(data, card),
                environment={"AIGAQ_DATA": "/run/data", "AIGAQ_TEST_IDENTITY": str(vaults.IDENTITY)},
            )

        yield start


def in_rows(dock, what: str, total: int, seed: int) -> list[dict]:
    """What the guests told of each card."""
    told = []
    for done in range(0, total, IN_A_ROW):
        with dock(what, min(IN_A_ROW, total - done), seed + done) as guest:
            guest.end()
        assert {"sound": True} in guest.told, f"seed {seed + done}"
        told += guest.told
    return told


def test_a_card_may_be_pulled_out_at_any_octet(dock, say):
    seed = random.randrange(1 << 32)
    yanks = [message for message in in_rows(dock, "yanks", YANKS, seed) if "yanked" in message]
    assert len(yanks) == YANKS, f"seed {seed}"
    clearing = sum(message["where"] == "clearing" for message in yanks)
    assert clearing == (YANKS + 3) // 5
    say(f"all {YANKS} of {YANKS} cards pulled out, {clearing} of them while they were cleared: 0 lost")


def test_of_a_card_with_bad_blocks_what_can_be_read_is_kept(dock, say):
    seed = random.randrange(1 << 32)
    worn = [message for message in in_rows(dock, "blocks", WORN, seed) if "worn" in message]
    assert len(worn) == WORN, f"seed {seed}"
    bad, damaged = (sum(message[what] for message in worn) for what in ("bad", "damaged"))
    assert bad >= WORN
    say(f"all {WORN} of {WORN} cards with {bad} bad blocks in {damaged} files: all readable kept")


@pytest.mark.parametrize("what", amount.of(["yanks", "blocks"], every=2))
def test_a_program_that_takes_an_error_for_the_end_of_a_file_is_caught(dock, what):
    with dock(what, 9, 3, "seals_what_it_got") as guest:
        message = guest.wait_for("ended")
    assert message["ended"] != 0
    assert "sealed as if it were whole" in guest.noise, guest.noise
