"""The lot: the same for everybody who draws it, fair to every duty, and of every inspector."""

import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigaq.regulation.profile import SampleRule, load
from aigaq.review.sampling import Duty, Month, draw, population_digest, rank, seed_of, share

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "sample.json").read_text(encoding="utf-8"))
RULE = SampleRule(percent=10, least=5, days=15)


def duties_of(numbers):
    """Inspector by inspector, so many duties each."""
    return [Duty(f"r{who}-{n}", f"p{who}") for who, many in enumerate(numbers) for n in range(many)]


def test_the_frozen_draws_are_drawn_again():
    for vector in VECTORS["draws"]:
        year, month = map(int, vector["month"].split("-"))
        seed = seed_of(vector["division"], Month(year, month), vector["size"], bytes.fromhex(vector["root"]))
        duties = [Duty(*each) for each in vector["duties"]]
        assert seed == vector["seed"]
        assert population_digest(duties) == vector["population_digest"]
        rule = SampleRule(percent=vector["percent"], least=vector["least"], days=15)
        assert [duty.row for duty in draw(seed, duties, rule)] == vector["drawn"]
        assert rank(seed, vector["drawn"][0]) == vector["lowest_rank"]


@given(st.lists(st.integers(0, 40), max_size=6), st.integers(1, 100), st.integers(0, 30), st.randoms())
def test_every_inspector_has_their_share_and_the_order_given_does_not_matter(numbers, percent, least, dice):
    rule, duties = SampleRule(percent=percent, least=least, days=15), duties_of(numbers)
    drawn = draw("seed", duties, rule)
    shuffled = duties[:]
    dice.shuffle(shuffled)
    assert draw("seed", shuffled, rule) == drawn
    assert len(set(drawn)) == len(drawn) >= min(least, len(duties))
    counts = Counter(duty.inspector for duty in drawn)
    for who, many in enumerate(numbers):
        assert share(many, percent) <= counts[f"p{who}"] <= many
        assert (counts[f"p{who}"] > 0) == (many > 0) or many == 0
    if sum(share(many, percent) for many in numbers) >= least:
        assert len(drawn) == sum(share(many, percent) for many in numbers)


def test_each_duty_of_an_inspector_is_drawn_as_often_as_the_others():
    """Chi-square over 3,000 fixed seeds; 29 degrees of freedom, and 58.3 is passed once in a thousand."""
    duties, rule = duties_of([30]), SampleRule(percent=10, least=1, days=15)
    drawn = Counter(duty.row for n in range(3000) for duty in draw(f"seed {n}", duties, rule))
    expected = 3000 * 3 / 30
    assert sum((drawn[duty.row] - expected) ** 2 / expected for duty in duties) < 58.3


def test_pairs_are_drawn_as_often_as_other_pairs():
    """Not only each by itself: 15 pairs of six, 14 degrees of freedom, 36.1 once in a thousand."""
    duties, rule = duties_of([6]), SampleRule(percent=30, least=1, days=15)
    pairs = Counter(frozenset(duty.row for duty in draw(f"{n}", duties, rule)) for n in range(3000))
    assert len(pairs) == 15
    assert sum((count - 200) ** 2 / 200 for count in pairs.values()) < 36.1


def test_another_root_division_month_or_size_is_another_lot():
    seeds = {
        seed_of(division, month, size, bytes([root]) * 32)
        for division in ("d1", "d2")
        for month in (Month(2026, 11), Month(2026, 12))
        for size in (7, 8)
        for root in (1, 2)
    }
    assert len(seeds) == 16


def test_months_are_those_of_kazakhstan():
    last = datetime(2026, 11, 30, 18, 59, 59, tzinfo=UTC)
    assert Month.of(last) == Month(2026, 11)
    assert Month.of(last + timedelta(seconds=1)) == Month(2026, 12)
    assert Month(2026, 12).ends == Month(2027, 1).begins == datetime(2026, 12, 31, 19, tzinfo=UTC)
    assert Month(2027, 1).previous == Month(2026, 12)
    assert str(Month(2027, 1)) == "2027-01"


def test_the_profile_names_a_rule():
    assert load().sample == RULE


@pytest.mark.parametrize(
    ("duties", "percent", "expected"), [(0, 10, 0), (1, 10, 1), (10, 10, 1), (11, 10, 2), (7, 100, 7)]
)
def test_shares_are_rounded_up(duties, percent, expected):
    assert share(duties, percent) == expected


def rebuilt():
    """The vectors, made by another program: the lines of the specification, and no code of ours."""
    import hashlib
    from uuid import UUID

    dice = random.Random(236)
    uuid = lambda: str(UUID(int=dice.getrandbits(128), version=4))  # noqa: E731
    draws = []
    for month, size, percent, least, numbers in (
        ("2026-11", 4711, 10, 5, [23, 4, 1]),
        ("2026-12", 5000, 25, 1, [9]),
        ("2027-01", 6012, 10, 5, [2, 1]),
    ):
        division, root = uuid(), dice.randbytes(32).hex()
        duties = [[uuid(), person] for many in numbers for person in [uuid()] for _ in range(many)]
        sha = lambda text: hashlib.sha256(text.encode()).hexdigest()  # noqa: E731
        seed = sha(f"aigaq sample 1\n{division}\n{month}\n{size}\n{root}\n")
        ranked = sorted(duties, key=lambda duty: sha(f"{seed}\n{duty[0]}\n"))
        taken = []
        for person in {person for _row, person in duties}:
            own = [row for row, whose in ranked if whose == person]
            taken += own[: (len(own) * percent + 99) // 100]
        taken += [row for row, _person in ranked if row not in taken][: max(0, least - len(taken))]
        drawn = [row for row, _person in ranked if row in taken]
        draws.append(
            {
                "division": division, "month": month, "size": size, "root": root, "percent": percent,
                "least": least, "duties": duties, "seed": seed, "drawn": drawn,
                "population_digest": "sha256:" + sha("".join(sorted(f"{row} {who}\n" for row, who in duties))),
                "lowest_rank": sha(f"{seed}\n{drawn[0]}\n"),
            }
        )  # fmt: skip
    return {"draws": draws}


def test_the_vectors_are_what_the_specification_gives():
    assert rebuilt() == VECTORS
