"""Media files that are broken at random, through the prober and the maker: none reaches this process or is lost.

Some 100 in `make test`, 10,000 under ``AIGAQ_FAULTS=full``.
"""

import hashlib
import io
import os
import random
import resource
import threading
import time
from collections import Counter
from contextlib import ExitStack
from fractions import Fraction

import pytest

from aigaq.core.digests import ContentDigest
from aigaq.media.judge import Judge
from aigaq.media.limits import Limits
from aigaq.media.making import recipes
from aigaq.media.making.maker import Input, Maker, MakingLimits
from aigaq.media.making.recipes import Found, Plan, Product, Way
from aigaq.media.making.terms import NotMadeError
from aigaq.unloading.deriving import AtOnce
from aigaq.unloading.sources.listing import list_card, open_card
from aigaq.unloading.storing import Kept, Storing
from tests.support import amount
from tests.support.counting import counting
from tests.support.films import film, heic, photo
from tests.support.making import octets_of
from tests.support.vaults import IDENTITY, local_vault

pytestmark = pytest.mark.faults

IS_FULL = amount.FULL
PARTS, COUNT = (20, 500) if IS_FULL else (2, 50)
"""So many tests, and so many files in each."""
BATCH = 50
PLANS = [*(Plan(Product.PROXY, way) for way in Way), Plan(Product.PICTURE), Plan(Product.WAVEFORM)]
LIMITS = MakingLimits(memory=1 << 30, processor_base=10, processor_share=1, processor_most=20, slowness=6)
LONGEST = 2 * (20 * 6 + 5)
"""Seconds by the clock that a file may take, the second try of one that kills its child included."""


def seeds():
    whole = counting("mp4", "libx264", "aac", pts=tuple(range(50)), sound_seconds=Fraction(2))
    return {
        "MP4": [
            counting("mp4", "libx264", "aac"),
            counting("mp4", "libx265", "aac"),
            film("mp4", "libx264", "aac", 1, "frag_keyframe+empty_moov"),
            whole[: whole.index(b"moov") - 4],
        ],
        "MOV": [counting("mov", "mjpeg", "pcm_alaw"), counting("mov", "libx264", "pcm_s16le")],
        "AVI": [counting("avi", "mjpeg", "pcm_s16le"), counting("avi", "mpeg4", "libmp3lame")],
        "MKV": [counting("matroska", "libx264", "aac"), counting("matroska", "libx265", "aac")],
        "TS": [counting("mpegts", "libx264", "aac"), counting("mpegts", "libx265", "aac")],
        "3GP": [counting("3gp", "mpeg4", "libopencore_amrnb")],
        "WAV": [film("wav", None, "pcm_s16le", 1), film("wav", None, "pcm_alaw", 1)],
        "AMR": [film("amr", None, "libopencore_amrnb", 1)],
        "MP3": [film("mp3", None, "libmp3lame", 1)],
        "HEIC": [heic()],
        "JPG": [photo("JPEG")[:60_000]],
    }


def broken(chance, octets):
    """One or more of what befalls files: bits, stretches of zeros or noise, parts lost, doubled or moved; or cut off."""
    octets = bytearray(octets)
    for _ in range(chance.choice((1, 1, 2, 5))):
        size = len(octets)
        at = chance.randrange(max(1, min(size, chance.choice((64, 1024, size)))))
        length = min(chance.choice((1, 4, 16, 512, 4096)), max(1, size - at))
        match chance.randrange(8):
            case 0:
                for _ in range(chance.choice((1, 10, 100))):
                    octets[chance.randrange(size)] = chance.randrange(256)
            case 1:
                octets[at : at + length] = bytes(length)
            case 2:
                octets[at : at + length] = chance.randbytes(length)
            case 3:
                del octets[at : at + length]
            case 4:
                octets[at:at] = octets[at : at + length]
            case 5:
                octets[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\1"))
            case 6:
                del octets[max(1, at) :]
            case 7:
                piece = bytes(octets[at : at + length])
                del octets[at : at + length]
                other = chance.randrange(len(octets) + 1)
                octets[other:other] = piece
        octets = octets or bytearray(b"\0")
    return bytes(octets)


def card(folder, chance, originals):
    """A card of broken files; what is on it, by name."""
    found = {}
    for number in range(BATCH):
        ending = chance.choice(sorted(originals))
        found[f"F{number:04}.{ending}"] = broken(chance, chance.choice(originals[ending]))
    folder.mkdir()
    for name, octets in found.items():
        (folder / name).write_bytes(octets)
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_no_broken_file_gets_through_or_gets_lost(tmp_path, capsys, part):
    originals, tally, slowest = seeds(), Counter(), 0.0
    with ExitStack() as stack:
        vault = local_vault(tmp_path / "vault")
        judge = stack.enter_context(Judge(Limits(seconds=60, processor_seconds=10)))
        at_once = stack.enter_context(AtOnce(vault, lambda: Maker(tmp_path / "spool", LIMITS)))
        maker = stack.enter_context(Maker(tmp_path / "asked", LIMITS))
        for batch in range(COUNT // BATCH):
            chance = random.Random(1000 * part + batch)
            content = card(tmp_path / f"card-{batch}", chance, originals)
            for name, judgement in stored(tmp_path / f"card-{batch}", vault, judge, at_once, content):
                tally[f"judged {judgement.verdict.value}"] += 1
                tally["children of the prober that died"] += judgement.flaw == "crashed"
                began = time.monotonic()
                made = tried(maker, chance, content[name], name, judgement)
                slowest = max(slowest, time.monotonic() - began)
                tally[made] += 1
        assert slowest < LONGEST
        whole = counting("mpegts", "libx264", "aac")
        sound = maker.make(Plan(Product.PROXY, Way.REMUX), Input(io.BytesIO(whole), "a.ts", len(whole)))
        assert sound.work.frames == 25, "after all that the next one is made as ever"
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1 << 20, (
        "KiB: no child was larger than a GiB"
    )
    if IS_FULL:
        with capsys.disabled():
            print(f"\n{COUNT} files, the slowest took {slowest:.1f} s: {dict(sorted(tally.items()))}")


def stored(folder, vault, judge, at_once, content):
    """Unload the card; each original must be in the vault then, octet for octet. Gives the judgements."""
    root = open_card(folder)
    try:
        listing = list_card(root)
        with Storing(root, vault, judge, threads=2, stop=threading.Event(), at_once=at_once) as storing:
            jobs = [(file, True) for file in listing.files]
            found = [each for some in storing.run(jobs, patience=1.0) for each in some]
    finally:
        os.close(root)
    assert len(found) == len(content)
    for each in found:
        assert isinstance(each, Kept)
        octets = content[each.file.path]
        assert each.found.stored.content_digest == ContentDigest(hashlib.sha256(octets).digest())
        with vault.open(each.found.stored.content_digest, IDENTITY) as reader:
            assert reader.read() == octets
        assert each.found.judged is not None
        yield each.file.path, each.found.judged.judgement


def tried(maker, chance, octets, name, judgement):
    """What the page would ask for, and now and then anything at all: it is made, or it is said why not."""
    found = Found.of(judgement)
    plan = chance.choice(PLANS) if chance.random() < 0.3 else recipes.plan(found)
    if plan is None:
        return "nothing to make"
    sibling = counting("mp4", "libx264", "aac")
    beside = [Input(io.BytesIO(sibling), "b.mp4", len(sibling))] if plan.way is Way.REBUILD else []
    try:
        made = maker.make(
            plan, Input(io.BytesIO(octets), name, len(octets), judgement.duration), siblings=beside
        )
    except NotMadeError as error:
        return f"not made: {error.obstacle.value}"
    assert 0 < len(octets_of(made)) == made.size
    return f"made: {made.plan.way.value if made.plan.way else made.plan.product.value}"
