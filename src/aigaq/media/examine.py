"""From a claim to a judgement: structure first, then the reader that fits. Run in the child."""

import io
from dataclasses import replace
from typing import Final

from aigaq.media import films, photos
from aigaq.media.kinds import Claim, Family, Kind
from aigaq.media.probe import Flaw, Judgement, Verdict, parse_time, presentable
from aigaq.media.structure import flaw_of
from aigaq.media.wire import RANGE_SIZE

_UNKNOWN_TO_US: Final = {Family.HEIF, Family.STREAM}
"""Formats with a known beginning of which no reader here takes every kind."""


def prepare() -> None:
    """Load all that is loaded on demand: after confinement no file can be opened."""
    photos.prepare()
    films.prepare()
    parse_time("")


def examine(raw: io.RawIOBase, size: int, claim: Claim) -> Judgement:
    """Judge a file of `size` octets. Running out of memory is a judgement; other accidents end the child."""
    try:
        return presentable(_examine(raw, size, claim))
    except MemoryError:
        return Judgement(claim.kind, Verdict.UNREADABLE, Flaw.MEMORY)


def _examine(raw: io.RawIOBase, size: int, claim: Claim) -> Judgement:
    flaw = flaw_of(raw, size, claim.family)
    raw.seek(0)
    source = io.BufferedReader(raw, RANGE_SIZE)
    judgement = photos.examine(source) if claim.kind is Kind.PHOTO else None
    if judgement is None and claim.family is not Family.PICTURE:
        source.seek(0)
        judgement = films.examine(source, claim.kind)
    if judgement is None:
        return _unread(claim, flaw)
    return _with_flaw(judgement, flaw)


def _unread(claim: Claim, flaw: Flaw | None) -> Judgement:
    """No reader made anything of the file: what remains is what its structure says."""
    if flaw is not None:
        return Judgement(claim.kind, Verdict.DAMAGED, flaw)
    if claim.family is Family.UNKNOWN:
        return Judgement(claim.kind, Verdict.UNREADABLE, Flaw.NOT_AS_NAMED)
    reason = Flaw.NO_READER if claim.family in _UNKNOWN_TO_US else Flaw.CUT_SHORT
    return Judgement(claim.kind, Verdict.UNREADABLE, reason)


def _with_flaw(judgement: Judgement, flaw: Flaw | None) -> Judgement:
    """A flaw of the structure says more than a frame that could not be decoded because of it."""
    if flaw is None:
        return judgement
    return replace(judgement, verdict=Verdict.DAMAGED, flaw=flaw)
