"""What can be read of a failing card is kept to the block, in bounded time, and a card pulled out is no bad block."""

import errno
import os
import random

import pytest

from aigaq.core.direct import aligned_buffer
from aigaq.unloading.facts import Hole
from aigaq.unloading.sources import salvage
from aigaq.unloading.sources.salvage import Patience, Salvage
from aigaq.vault.source import SourceFile, SourceUnreadableError
from tests.support.badcards import BLOCK, bad_card

MIB = 1 << 20


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(random.Random(5).randbytes(3 * MIB + 777))
    return path


@pytest.fixture
def bad(monkeypatch):
    with bad_card(monkeypatch) as card:
        yield card


def salvaged(path, patience=None, **how):
    """What it reads, and how that went."""
    folder, octets = os.open(path.parent, os.O_RDONLY), bytearray()
    try:
        with SourceFile(path.name, dir_fd=folder) as source:
            reader, buffer = Salvage(source, patience, block=BLOCK, **how), aligned_buffer(MIB)
            while count := reader.readinto(buffer):
                octets += buffer[:count]
            return bytes(octets), reader.reading
    finally:
        os.close(folder)


def as_pairs(reading):
    return [(hole.offset, hole.length) for hole in reading.holes]


def test_one_bad_block_costs_one_block(file, bad):
    bad.breaks(file, 3000)
    octets, reading = salvaged(file)
    assert octets == bad.expected(file)
    assert reading.holes == (Hole(3000 * BLOCK, BLOCK),)
    assert reading.missing == BLOCK


@pytest.mark.parametrize("blocks", [[0], [0, 1, 2], [6144], [6145], [6144, 6145], [127, 128], [2047, 2048]])
def test_the_first_the_last_and_those_beside_a_boundary(file, bad, blocks):
    bad.breaks(file, *blocks)
    octets, reading = salvaged(file)
    assert octets == bad.expected(file)
    assert as_pairs(reading) == bad.holes(file)


@pytest.mark.parametrize("seed", range(12))
def test_a_hundred_bad_blocks_cost_a_hundred_blocks(file, bad, seed):
    chance = random.Random(seed)
    bad.breaks(file, *chance.sample(range(6145), chance.randint(1, 100)))
    octets, reading = salvaged(file)
    assert octets == bad.expected(file), f"seed {seed}"
    assert as_pairs(reading) == bad.holes(file), f"seed {seed}"


@pytest.mark.parametrize("blocks", [[6], [1, 9, 17], range(3, 6145, 4), range(0, 6145, 2)])
def test_a_bad_block_beside_the_first_that_was_good_is_no_card_pulled_out(file, bad, blocks):
    bad.all_or_nothing = True
    bad.breaks(file, *blocks)
    octets, reading = salvaged(file)
    assert octets == bad.expected(file)
    assert as_pairs(reading) == bad.holes(file)


def test_a_block_that_comes_when_asked_again_is_no_hole_and_is_told(file, bad):
    bad.breaks(file, 40, times=2)
    octets, reading = salvaged(file)
    assert octets == file.read_bytes()
    assert (reading.holes, reading.errors) == ((), 2)


def test_a_file_of_which_nothing_can_be_read_is_not_stored(file, bad):
    bad.breaks(file, *range(6146))
    with pytest.raises(SourceUnreadableError):
        salvaged(file)


def test_a_card_that_is_pulled_out_has_no_bad_blocks(file, bad):
    bad.breaks(file, 6000)
    bad.gone_after = 2
    with pytest.raises(SourceUnreadableError):
        salvaged(file)


def test_an_error_that_is_not_of_a_block_ends_it(file, monkeypatch):
    def gone(*_):
        raise OSError(errno.ENOTCONN, os.strerror(errno.ENOTCONN))

    monkeypatch.setattr(os, "preadv", gone)
    with pytest.raises(SourceUnreadableError):
        salvaged(file)


def test_the_time_for_reads_that_fail_has_an_end(file, bad):
    """Each takes five seconds here, and there are ten: what comes after that is one hole."""
    bad.breaks(file, *range(2048, 4096))
    ticks = iter(range(0, 10**9, 5))
    octets, reading = salvaged(file, Patience(10), clock=lambda: next(ticks))
    assert reading.errors <= 3
    assert octets[: 2048 * BLOCK] == file.read_bytes()[: 2048 * BLOCK]
    assert as_pairs(reading) == [(2048 * BLOCK, 2 * MIB + 777)]


def test_a_wreck_has_a_map_that_an_entry_has_room_for(file, bad, monkeypatch):
    monkeypatch.setattr(salvage, "HOLES", 20)
    bad.breaks(file, *range(0, 6144, 2))
    _, reading = salvaged(file)
    assert len(reading.holes) == 20
    assert reading.holes[-1].offset + reading.holes[-1].length == file.stat().st_size


def test_no_mutant_that_loses_a_stripe_for_a_block_gets_through(file, bad, monkeypatch):
    """The detector detects: without the second step, down to the block, the holes are too large."""
    bad.breaks(file, 3000)
    monkeypatch.setattr(Salvage, "_smallest", salvage.STRIPE)
    octets, reading = salvaged(file)
    assert octets != bad.expected(file)
    assert as_pairs(reading) != bad.holes(file)
