"""The jobs of the office, by the names under which they stand in the queue; and a thread that does them."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from aigaq import wiring
from aigaq.jobs.taking import Job, Taker
from aigaq.prints import services as prints

PATIENCE: Final = 10.0
"""Seconds that a job has for coming to its end; one cut off is taken up by another, or at the next start."""


def _set_paper(id_: str) -> None:
    prints.set_paper(wiring.ledger(), wiring.profile(), UUID(id_))


def _give_up_paper(id_: str) -> None:
    prints.give_up(wiring.ledger(), UUID(id_))


JOBS: Final[Mapping[str, Job]] = {
    prints.JOB: Job(_set_paper, _give_up_paper),
}


@contextmanager
def working() -> Iterator[threading.Thread]:
    """Do what is in the queue, in the background, and give the thread that does.

    At the end it stops, or is left behind if it takes long.
    """
    stop = threading.Event()
    # Left behind, it must not keep the program from ending: a job may be cut off anywhere.
    thread = threading.Thread(target=Taker(JOBS).run, args=(stop,), name="jobs", daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(PATIENCE)
