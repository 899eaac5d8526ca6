"""The child that makes derivatives: ``python -m aigaq.media.making.worker FD MEMORY PARENT``.

As the one that examines: it imports, confines itself, says hello, and then makes one thing after another. It
never opens anything; what it reads and what it makes go through the parent.
"""

import contextlib
import os
import socket
import sys
from typing import Any, Final

import av

from aigaq.core.canonical import Json
from aigaq.media import examine
from aigaq.media.confinement import allow_processor_time, confine
from aigaq.media.making import cuts, films, photos, rebuild, waveforms
from aigaq.media.making.files import PlacedFile, Progress, Spooled
from aigaq.media.making.recipes import Plan, Product, Way
from aigaq.media.making.streams import UnfitError
from aigaq.media.making.terms import Obstacle, Work, plan_of
from aigaq.media.tiles import TooLargeError
from aigaq.media.wire import BrokenDialogueError, Channel, Tag, parse_json

JOB_SIZE: Final = 4096
_LIBRARIES: Final = {
    name: ".".join(map(str, version))
    for name, version in av.library_versions.items()
    if name in {"libavcodec", "libavformat", "libswscale", "libswresample"}
} | {"PyAV": av.__version__}
_NICE: Final = 10
"""Whoever unloads a card or turns a page goes first."""


def main(fd: int, memory: int, parent: int) -> None:
    channel = Channel(socket.socket(fileno=fd))
    examine.prepare()
    with contextlib.suppress(OSError):
        os.nice(_NICE)
    channel.send_json(Tag.HELLO, confine(memory=memory, parent=parent).to_dict())
    while True:
        try:
            _, payload = channel.receive({Tag.JOB: JOB_SIZE})
        except BrokenDialogueError:
            return  # the parent has no more for it, or is gone
        job = parse_json(payload)
        assert isinstance(job, dict)
        allow_processor_time(job["processor_seconds"])
        channel.send_json(Tag.ANSWER, _answer(channel, job))


def _answer(channel: Channel, job: dict[str, Any]) -> dict[str, Json]:
    """Running out of memory and files that make no sense are answers; other accidents end the child."""
    try:
        work, parts = _make(channel, job, plan_of(job))
    except MemoryError:
        return {"obstacle": Obstacle.MEMORY}
    except TooLargeError:
        return {"obstacle": Obstacle.TOO_LARGE}
    except rebuild.NoParametersError:
        return {"obstacle": Obstacle.NO_PARAMETERS}
    except cuts.OutsideError:
        return {"obstacle": Obstacle.OUTSIDE}
    except (UnfitError, av.error.FFmpegError, ValueError, OverflowError):
        return {"obstacle": Obstacle.UNFIT}
    return {**work.to_dict(), "parts": parts, "libraries": dict(_LIBRARIES), "obstacle": None}


def _make(channel: Channel, job: dict[str, Any], plan: Plan) -> tuple[Work, Any]:
    sources = [PlacedFile(channel, number, size) for number, size in enumerate(job["sizes"])]
    out, progress = Spooled(channel), Progress(channel)
    main_file, *siblings = sources
    if plan.product is Product.PICTURE:
        return photos.make(main_file, out)
    if plan.product is Product.WAVEFORM:
        return waveforms.make(main_file, out, progress)
    if plan.product is Product.CUT:
        assert plan.stretch is not None
        return cuts.make(main_file, plan.stretch, out, progress)
    assert plan.way is not None
    if plan.way is Way.REBUILD:
        return rebuild.make(main_file, siblings, out, progress)
    return films.make(main_file, plan.way, out, progress, size=main_file.size, cut=plan.cut)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:4]))
