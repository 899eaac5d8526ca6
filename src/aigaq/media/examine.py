"""From a claim to a judgement: structure first, then the reader that fits. Run in the child."""

import io
from dataclasses import replace
from typing import Final

from aigaq.media import clockcode, films, photos, tiles
from aigaq.media.heif import Heif, NotHeifError
from aigaq.media.kinds import Claim, Family, Kind
from aigaq.media.probe import Flaw, Judgement, Verdict, Video, parse_time, presentable
from aigaq.media.stills import still_of
from aigaq.media.structure import Source, flaw_of
from aigaq.media.wire import RANGE_SIZE

_UNKNOWN_TO_US: Final = {Family.HEIF, Family.STREAM}
"""Formats with a known beginning of which no reader here takes every kind."""


def prepare() -> None:
    """Load all that is loaded on demand: after confinement no file can be opened."""
    photos.prepare()
    films.prepare()
    tiles.prepare()
    clockcode.prepare()
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
    if judgement is None and claim.family is Family.HEIF:
        judgement = _of_heif(source, size)
    if judgement is None and claim.family is not Family.PICTURE:
        source.seek(0)
        judgement = films.examine(source, claim.kind)
    if judgement is None:
        return _unread(claim, flaw)
    if judgement.kind is Kind.VIDEO and judgement.verdict is not Verdict.UNREADABLE:
        source.seek(0)
        judgement = replace(judgement, codes=clockcode.codes_of(source))
    return _with_flaw(judgement, flaw)


def _unread(claim: Claim, flaw: Flaw | None) -> Judgement:
    """No reader made anything of the file: what remains is what its structure says."""
    if flaw is not None:
        return Judgement(claim.kind, Verdict.DAMAGED, flaw)
    if claim.family is Family.UNKNOWN:
        return Judgement(claim.kind, Verdict.UNREADABLE, Flaw.NOT_AS_NAMED)
    reason = Flaw.NO_READER if claim.family in _UNKNOWN_TO_US else Flaw.CUT_SHORT
    return Judgement(claim.kind, Verdict.UNREADABLE, reason)


def _of_heif(source: Source, size: int) -> Judgement | None:
    """A photo in tiles, which the reader of films would take for many; ``None`` if it is none."""
    text, place = photos.of_heif(source, size)
    told = Judgement(Kind.PHOTO, Verdict.PLAYABLE, container="heic", embedded_text=text, place=place)
    try:
        whole, is_complete = tiles.put_together(Heif(source, size).photo())
    except tiles.TooLargeError:
        return replace(told, verdict=Verdict.UNREADABLE, flaw=Flaw.TOO_LARGE)
    except NotHeifError:
        return None
    told = replace(told, video=Video("hevc", *whole.size, fps=None), still=still_of(whole))
    return told if is_complete else replace(told, verdict=Verdict.DAMAGED, flaw=Flaw.BAD_FRAMES)


def _with_flaw(judgement: Judgement, flaw: Flaw | None) -> Judgement:
    """A flaw of the structure says more than a frame that could not be decoded because of it."""
    if flaw is None:
        return judgement
    return replace(judgement, verdict=Verdict.DAMAGED, flaw=flaw)
