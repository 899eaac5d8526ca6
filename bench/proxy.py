"""Playable copies beside `ffmpeg` itself, with the same settings; and how long a reader waits for one.

Ours reads the recording from the vault and puts the copy into it, sealed and proven, by a confined child on
one core; `ffmpeg` reads and writes plain files.
"""

import json
import statistics
import subprocess
import sys
from pathlib import Path

from bench.measure import in_turn, run, scratch

SECONDS = (3, 30, 300)
"""1, 10 and 100 times the work."""
PICTURE = "640x360"
RATE = 25

SOURCES = {
    "transcode": ("mp4", ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"]),
    "remux": ("ts", ["-c:v", "libx264", "-preset", "ultrafast"]),
}
"""What a recorder writes: H.265 in MP4, which has to be encoded anew; H.264 in a transport stream."""


def measure(rounds: int) -> dict[str, object]:
    table = []
    with scratch() as folder:
        for way, (ending, encoder) in SOURCES.items():
            for seconds in SECONDS:
                source = folder / f"{way}-{seconds}.{ending}"
                film(source, seconds, encoder)
                table.append(figures(folder, way, seconds, source, rounds))
                source.unlink()
    return {"table": table, "rounds": rounds, "picture": PICTURE, "rate": RATE}


def figures(folder: Path, way: str, seconds: int, source: Path, rounds: int) -> dict[str, object]:
    out = folder / "out.mp4"
    waits: list[dict[str, float]] = []

    def ours() -> tuple[float, float]:
        told = folder / "told.json"
        command = [sys.executable, str(Path(__file__).with_name("making.py")), str(source), way, str(told)]
        cost = run(command)
        waits.append(json.loads(told.read_text()))
        return cost

    def ffmpeg(*threads: str) -> tuple[float, float]:
        arguments = ["-c", "copy"] if way == "remux" else encoded()
        command = ["ffmpeg", "-v", "error", "-y", *threads, "-i", str(source), *arguments, *threads]
        return run([*command, "-movflags", "+faststart", str(out)])

    costs = in_turn(
        rounds,
        {"ours": ours, "one": lambda: ffmpeg("-threads", "1"), "all": ffmpeg},
    )
    first = statistics.median(each["first_octet"] for each in waits)
    return {
        "way": way,
        "seconds": seconds,
        "octets": source.stat().st_size,
        "wall": costs["ours"].seconds,
        "cpu": costs["ours"].cpu_seconds,
        "times_as_fast_as_watching": seconds / first,
        "wall_to_one": costs["ours"].seconds / costs["one"].seconds,
        "cpu_to_one": costs["ours"].cpu_seconds / costs["one"].cpu_seconds,
        "wall_to_all": costs["ours"].seconds / costs["all"].seconds,
        "first_octet_s": first,
        "again_ms": statistics.median(each["again"] for each in waits) * 1000,
    }


def encoded() -> list[str]:
    """As the recipe has it (`media.making.pictures`, `sounds`)."""
    film = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "25", "-tune", "fastdecode", "-bf", "0"]
    return [*film, "-g", str(2 * RATE), "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "48k"]


def film(path: Path, seconds: int, encoder: list[str]) -> None:
    """A moving test picture with noise, as a lens in the dusk gives it, and a tone."""
    picture = f"testsrc2=s={PICTURE}:r={RATE}:d={seconds},noise=alls=8:allf=t"
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", picture]
    command += ["-f", "lavfi", "-i", f"sine=440:r=16000:d={seconds}"]
    subprocess.run([*command, *encoder, "-pix_fmt", "yuv420p", "-c:a", "aac", str(path)], check=True)
