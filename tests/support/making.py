"""Making derivatives in tests, and looking at the octets."""

import io

from aigaq.media.judge import Judge
from aigaq.media.making import recipes
from aigaq.media.making.maker import Input, Made, Maker
from aigaq.media.making.recipes import Found


def made_of(judge: Judge, maker: Maker, octets: bytes, name: str = "file", *, sibling: bytes = b"") -> Made:
    judgement = judge.judge(io.BytesIO(octets), name, len(octets))
    plan = recipes.plan(Found.of(judgement))
    assert plan is not None, f"nothing has to be made of it: {judgement}"
    beside = Input(io.BytesIO(sibling), "sibling", len(sibling)) if sibling else None
    given = Input(io.BytesIO(octets), name, len(octets), judgement.duration)
    return maker.make(plan, given, sibling=beside)


def octets_of(made: Made) -> bytes:
    source, whole = made.source(), bytearray()
    room = memoryview(bytearray(1 << 16))
    while count := source.readinto(room):
        whole += room[:count]
    assert len(whole) == made.size
    return bytes(whole)
