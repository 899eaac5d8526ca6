"""Time codes read back from films as body cameras make them, and what looking for them costs."""

import io
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import av
import numpy as np
import zxingcpp

from aigaq.media.clockcode import codes_of
from aigaq.timecode.code import Purpose
from aigaq.timecode.film import STEADY, Verdict, read
from aigaq.timecode.showing import Showing
from tests.support.screens import Lens, code_film

NINE = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
SHOWING = Showing(ledger="BENCH", number=48_213, purpose=Purpose.ISSUE, row=57, began_at=NINE, seconds=300)
KEY = bytes(32)
TEXTS = [SHOWING.code(KEY, index).text for index in range(SHOWING.seconds)]
FILMS = 4
"""Of each kind and round: each begins at another part of a second."""
SECONDS, SINCE, UNTIL = 8, 2.0, 4.5
"""Of a film, and within it of the two and a half that the screen is in the picture."""
AWAY = 74.0
"""Pixels of a code that is 20 cm large, half a metre before 640 pixels that see 120 degrees."""

NEAR = Lens(width=640, height=480, code=AWAY)
KINDS: dict[str, Lens] = {
    "1080p, half a metre": Lens(width=1920, height=1080, code=3 * AWAY, blur=1.2),
    "480p, half a metre": NEAR,
    "480p, two thirds of a metre": replace(NEAR, code=56),
    "480p, a metre": replace(NEAR, code=37),
    "480p, 10 frames a second": replace(NEAR, rate=10, gop=10),
    "480p, a key frame in 10 s": replace(NEAR, gop=250),
    "480p, slightly out of focus": replace(NEAR, blur=0.9),
    "480p, out of focus": replace(NEAR, blur=1.2),
    "480p, tilted by 30°, turned by 20°": replace(NEAR, tilt=30, turn=20),
    "480p, a hand that shakes": replace(NEAR, moves=3),
    "480p, a dark room (noise 20)": replace(NEAR, noise=20),
    "480p, a grey, bright screen": replace(NEAR, contrast=0.3),
    "480p, H.264 at 400 kbit/s": replace(NEAR, bit_rate=400_000, moves=1),
    "480p, H.264 at 150 kbit/s": replace(NEAR, bit_rate=150_000, moves=1),
    "480p, Motion JPEG in AVI": replace(NEAR, codec="mjpeg", container="avi", bit_rate=4_000_000),
    "480p, MPEG-4 in 3GP": replace(NEAR, codec="mpeg4", container="3gp", bit_rate=800_000),
    "480p, tilted, shaken, noisy, 400 kbit/s": replace(
        NEAR, tilt=20, turn=10, moves=2, noise=10, blur=0.8, bit_rate=400_000
    ),
}


@dataclass
class Tally:
    films: int = 0
    read: int = 0
    """By our search, with the change of a second in it."""
    possible: int = 0
    """By the same reader over every frame of the film."""
    worst_ms: float = 0.0
    """Error of the time that follows."""
    seconds: float = 0.0
    every_frame: float = 0.0


def measure(rounds: int) -> dict[str, object]:
    table = []
    for name, lens in KINDS.items():
        tally = Tally()
        for number in range(rounds * FILMS):
            _try(replace(lens, seed=number + 1), 20 + (number * 0.37) % 1, tally)
        table.append({"kind": name, **tally.__dict__})
        print(f"  {name}: {tally.read} of {tally.films}", flush=True)
    return {"rounds": rounds, "table": table, "cost": _cost(rounds)}


def _try(lens: Lens, begins: float, tally: Tally) -> None:
    film = code_film(lambda at: TEXTS[int(begins + at)] if SINCE <= at < UNTIL else None, SECONDS, lens)
    tally.films += 1
    started = time.process_time()
    seen = codes_of(io.BytesIO(film))
    tally.seconds += time.process_time() - started
    reads = read(seen, ledger="BENCH", ours=lambda code: STEADY if SHOWING.is_ours(KEY, code) else None)
    for told in reads:
        if told.verdict is Verdict.LIVE and told.began_at:
            tally.read += 1
            error = abs(told.began_at - NINE - timedelta(seconds=begins))
            tally.worst_ms = max(tally.worst_ms, error / timedelta(milliseconds=1))
        elif told.verdict is not Verdict.BRIEF:
            raise SystemExit(f"a genuine film was told to be {told.verdict}")
    started = time.process_time()
    tally.possible += len(_every_frame(film)) > 1
    tally.every_frame += time.process_time() - started


def _every_frame(film: bytes) -> set[str]:
    """Texts in all frames, as anybody would read them."""
    found = set()
    with av.open(io.BytesIO(film)) as container:
        for frame in container.decode(video=0):
            picture = np.ascontiguousarray(frame.to_ndarray(format="gray"))
            found |= {each.text for each in zxingcpp.read_barcodes(picture) if each.text in TEXTS}
    return found


def _cost(rounds: int) -> list[dict[str, object]]:
    """Of looking through a film in which there is no code: what every recording of a day costs."""
    table = []
    for name, lens in {
        "720p, a key frame a second": Lens(width=1280, height=720),
        "720p, a key frame in 10 s": Lens(width=1280, height=720, gop=250),
        "480p, a key frame a second": NEAR,
    }.items():
        film = code_film(lambda _at: None, 60, lens)
        spent, whole = [], []
        for _ in range(rounds):
            started = time.process_time()
            assert codes_of(io.BytesIO(film)) == ()
            spent.append(time.process_time() - started)
            started = time.process_time()
            with av.open(io.BytesIO(film)) as container:
                for _frame in container.decode(video=0):
                    pass
            whole.append(time.process_time() - started)
        table.append({"kind": name, "seconds": min(spent), "to_decoding": min(spent) / min(whole)})
    return table
