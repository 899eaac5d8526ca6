"""Makes the package that is frozen in `tests/vectors/package`: ``python -m tests.support.frozen_package``.

Run once for each format. What lies there is never made anew: every later version must still accept it.
"""

import io
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

from aigaq.package import writer
from tests.support import packages
from tests.support.packages import Recorded

FOLDER = Path(__file__).parent.parent / "vectors" / "package"
NAME = "aigaq-1a2b3c4d"


def recorded() -> Recorded:
    """Real ones: a film that no browser plays, what was made of it, and a photo."""
    photo = io.BytesIO()
    Image.linear_gradient("L").resize((160, 120)).save(photo, "JPEG")
    return Recorded(
        film=_film("avi", "mpeg4", 2),
        photo=photo.getvalue(),
        cut=_film("mp4", "libx264", 1),
        playable=_film("mp4", "libx264", 2),
    )


def _film(container: str, codec: str, seconds: int) -> bytes:
    """A bar that moves over a grey ground: a few kilobytes."""
    with tempfile.NamedTemporaryFile() as out:
        options = {"movflags": "faststart"} if container == "mp4" else {}
        with av.open(out.name, "w", format=container, options=options) as file:
            stream = file.add_stream(codec, rate=25)
            stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
            for number in range(25 * seconds):
                pixels = np.full((120, 160, 3), 90, np.uint8)
                pixels[:, number * 2 : number * 2 + 16] = (30, 160, 90)
                frame = av.VideoFrame.from_ndarray(pixels, "rgb24").reformat(format="yuv420p")
                frame.pts, frame.time_base = number, Fraction(1, 25)
                file.mux(stream.encode(frame))
            file.mux(stream.encode())
        return Path(out.name).read_bytes()


def frozen() -> Recorded:
    """What lies there."""
    data = FOLDER / NAME / "data"
    (film,), (photo,) = (list((data / "recordings" / each).iterdir()) for each in ("001", "002"))
    return Recorded(
        film.read_bytes(),
        photo.read_bytes(),
        (data / "cuts" / "001-1.mp4").read_bytes(),
        (data / "playable" / "001.mp4").read_bytes(),
    )


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    written = writer.write(packages.contents(recorded()), FOLDER)
    sys.stdout.write(f"{written}\n")
