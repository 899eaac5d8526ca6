"""How much of a sweep is tried: `make test` takes a fair sample of it, `make faults` the whole."""

import os
from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

Case = TypeVar("Case")

FULL = os.environ.get("AIGAQ_FAULTS") == "full"


def of(cases: Iterable[Case], *, every: int) -> list[Case]:
    """All cases, or else each so-manieth, the first among them."""
    return list(islice(cases, 0, None, 1 if FULL else every))


def times(whole: int, sample: int) -> int:
    return whole if FULL else sample
