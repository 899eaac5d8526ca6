"""The kill sweep of `test_unload_kill` over cards of other shapes: how many files, how large, in which folders.

A sweep of one card visits every point of that card. `make faults` does so for many, so that with the other sweeps
more than ten thousand points are tried; `make test` tries a few points of one.
"""

import os
import random

import pytest

from aigaq.unloading import storing
from tests.faults.test_unload_kill import DATABASE, cleared_only_when_durable
from tests.support import amount, databases
from tests.support.apart import Place, Template
from tests.support.cards import octets, take
from tests.support.killpoints import After, Fault, once, sweep

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(databases.server is not None, reason="tried with SQLite, whose calls are our own"),
]

FULL = amount.FULL
CARDS = int(os.environ.get("AIGAQ_FAULTS_CARDS", "24" if FULL else "1"))
STRIDE = 1 if FULL else 131
FOLDERS = ("DCIM/100AIGAQ", "DCIM/101AIGAQ", "Қосымша", "PRIVATE/AVCHD")


def card_of(seed: int) -> dict[str, bytes]:
    """Three to eight files, some empty, some alike, some beside the folder of the recordings."""
    chance = random.Random(seed)
    content = {}
    for number in range(chance.randint(3, 8)):
        name = take(number, second=number).rpartition("/")[2]
        size = chance.choice((0, 1, 4096, chance.randrange(1, 3000), chance.randrange(1, 200_000)))
        content[f"{chance.choice(FOLDERS)}/{name}"] = octets(chance.choice((number, 1)), size)
    return content


def unload(place: Place) -> None:
    storing.GATHERING = 0
    place.unload()


@pytest.mark.parametrize("card", range(CARDS))
def test_killed_at_any_call_of_any_card_nothing_is_lost(
    tmp_path, clock, django_db_blocker, *, killed, say, card
):
    seed = card if FULL else random.randrange(1 << 32)
    content = card_of(seed)

    def check(place: Place, after: After) -> None:
        try:
            place.is_sound(content)
            cleared_only_when_durable(place, after)
            if after.met is not None:
                again = once(unload, place)
                assert again.how == "finished", again.report
            facts = place.facts()
            assert [path for path, _, _ in facts["files"]] == sorted(content)
            assert facts["left"] == []
            sums = {facts[what] for what in ("recordings", "judged", "placed", "in column 6", "cleared")}
            assert sums == {len(content)}
        except AssertionError as error:
            error.add_note(f"card of seed {seed}")
            raise
        place.template.throw_away(place)

    with django_db_blocker.unblock():
        template = Template(tmp_path, clock, content)
        points = sweep(
            unload,
            prepare=template.place,
            check=check,
            fault=Fault("kill"),
            start=1 if FULL else random.Random(seed).randrange(1, STRIDE),
            stride=STRIDE,
            extra=DATABASE,
        )
    assert points > (200 if FULL else 0)
    killed(points)
    if FULL:
        say(f"all {points} of {points} points")
