"""A whole unloading, stopped at every call it makes to the operating system and to the database.

Each recording is on the card or proven in the vault, none twice, none half; and the next run ends in the
same state. `make test` tries a sample of the points, `make faults` all of them.
"""

import errno
import os
import random
import select
import signal

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from aigaq.core import files
from aigaq.ingest import emptying
from aigaq.unloading import run, storing
from aigaq.vault.backends.local import LocalBackend
from tests.support import amount, databases
from tests.support.apart import Place, Template
from tests.support.cards import take, takes
from tests.support.films import photo
from tests.support.killpoints import CALLS, After, Fault, once, sweep, undurable

pytestmark = pytest.mark.faults

FULL = amount.FULL
STRIDE = 1 if FULL else 61 if databases.server else 41
"""Primes, so that the sample is not all of one kind of call."""
KILLS = 200 if FULL else 20

CONTENT = {**takes(3), "DCIM/100AIGAQ/empty.DAT": b"", "notes.txt": b"two\nlines"}
DATABASE = ((CursorWrapper, "execute"), (CursorWrapper, "executemany"), (BaseDatabaseWrapper, "commit"))
"""What is done in the database, numbered as calls too."""

DONE = {
    "files": None,
    "recordings": 5,
    "judged": 5,
    "placed": 5,
    "in column 6": 5,
    "octets in column 6": 3009,
    "ingested": 5,
    "cleared": 5,
    "note": True,
    "left": [],
    "blobs": 5,
}


@pytest.fixture
def template(tmp_path, clock, django_db_blocker):
    with django_db_blocker.unblock():
        yield Template(tmp_path, clock, CONTENT)


def unload(place: Place) -> None:
    """Each file in a transaction of its own, so that there is more between them to be killed at."""
    storing.GATHERING = 0
    place.unload()


def is_done(place: Place) -> None:
    facts = place.facts()
    assert [path for path, _, _ in facts.pop("files")] == sorted(CONTENT)
    assert facts == {name: value for name, value in DONE.items() if name != "files"}


def check_and_mend(place: Place, after: After) -> None:
    place.is_sound(CONTENT)
    cleared_only_when_durable(place, after)
    if after.met is not None:
        again = once(unload, place)
        assert again.how == "finished", again.report
    is_done(place)
    place.template.throw_away(place)


def cleared_only_when_durable(place: Place, after: After) -> None:
    """A power cut at the moment of each removal from the card would have taken nothing of the vault back."""
    for end, call in enumerate(after.trace):
        if call.name == "unlink" and (call.path or "").startswith(str(place.card / "DCIM")):
            assert not [name for name in undurable(after.trace[:end]) if "/blobs" in name]


@pytest.fixture
def tell(capsys):
    """How many points a whole sweep had: "all K of K" says more than "0 of N"."""

    def say(points: int) -> None:
        if FULL:
            with capsys.disabled():
                print(f" all {points} of {points} points ", end="", flush=True)

    return say


def first(kind: str) -> int:
    """Another part of the sample in each test."""
    return 1 if FULL else random.Random(kind).randrange(1, STRIDE)


def test_killed_at_any_call_the_next_run_ends_in_the_same_state(template, tell, killed):
    points = sweep(
        unload,
        prepare=template.place,
        check=check_and_mend,
        fault=Fault("kill"),
        start=first("kill"),
        stride=STRIDE,
        extra=DATABASE,
    )
    assert points > (300 if FULL else 5)
    tell(points)
    killed(points)


FILLING = ("open", "pwrite", "write", "fsync", "link", "mkdir")
"""The calls that a full disk refuses."""


@pytest.mark.parametrize("kind", ["error", "errors"])
@pytest.mark.parametrize(("number", "calls"), [(errno.EIO, CALLS), (errno.ENOSPC, FILLING)])
def test_any_call_may_fail_once_or_from_then_on(template, tell, kind, number, calls):
    points = sweep(
        unload,
        prepare=template.place,
        check=check_and_mend,
        fault=Fault(kind, number, calls),
        start=first(f"{kind}{number}"),
        stride=STRIDE,
    )
    assert points > (50 if FULL else 0)
    tell(points)


def test_any_write_may_be_short(template):
    points = sweep(
        unload,
        prepare=template.place,
        check=check_and_mend,
        fault=Fault("short", calls=("write", "pwrite", "read", "pread", "preadv")),
        start=1,
        stride=1 if FULL else 7,
    )
    assert points > 3


def killed_after(place: Place, seconds: float) -> bool:
    """Run as a program would, and SIGKILL it after so long; False if it was quicker."""
    pid = os.fork()
    if pid == 0:
        try:
            os.setpgid(0, 0)
            place.unload(threads=3)
        finally:
            os._exit(0)
    watch = os.pidfd_open(pid)
    ended, _, _ = select.select([watch], [], [], seconds)
    os.close(watch)
    if not ended:
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return not ended


def test_killed_at_random_moments_again_and_again_nothing_is_lost(tmp_path, clock, django_db_blocker, killed):
    content = {**CONTENT, take(9, ending="JPG"): photo(), **(takes(40, size=100_000) if FULL else {})}
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    met = 0
    with django_db_blocker.unblock():
        template = Template(tmp_path, clock, content)
        place = template.place()
        for _ in range(KILLS):
            if killed_after(place, chance.uniform(0, 0.6)):
                met += 1
                place.is_sound(content)
            else:
                assert place.facts()["left"] == [], f"seed {seed}"
                template.throw_away(place)
                place = template.place()
        place.unload()
        facts = place.facts()
    assert met > KILLS // 4, f"only {met} of {KILLS} met a running program (seed {seed})"
    assert facts["recordings"] == facts["placed"] == facts["in column 6"] == facts["cleared"] == len(content)
    assert facts["left"] == []
    killed(met)


def unlinked(place: Place) -> None:
    for path in (place.card / "DCIM").rglob("*.DAT"):
        path.unlink()


def clears_before_the_row(place: Place) -> None:
    """A mutant: it clears the card as soon as the blobs are durable."""
    enter = run._Run._enter

    def too_early(one, batch):
        unlinked(place)
        enter(one, batch)

    run._Run._enter = too_early
    place.unload()


def clears_before_the_blob(place: Place) -> None:
    """A mutant: it clears the card before the blob has its name."""
    publish = files.publish

    def too_early(part, name, *, from_fd, to_fd):
        unlinked(place)
        publish(part, name, from_fd=from_fd, to_fd=to_fd)

    files.publish = too_early
    place.unload()


def forgets_that_it_cleared(place: Place) -> None:
    """A mutant: it does not look for what a run before it has cleared and not said."""
    emptying.gone = lambda *_: []
    place.unload()


def forgets_the_directory(place: Place) -> None:
    """A mutant: it leaves a blob's name to the page cache."""
    LocalBackend.make_durable = lambda *_: None
    place.unload()


def test_a_program_that_trusts_a_name_without_an_fsync_of_its_directory_is_caught(template):
    def check(place: Place, after: After) -> None:
        cleared_only_when_durable(place, after)

    with pytest.raises(AssertionError):
        sweep(forgets_the_directory, prepare=template.place, check=check, fault=Fault("kill", calls=()))


@pytest.mark.parametrize(
    ("mutant", "calls", "extra"),
    [
        (clears_before_the_row, (), DATABASE),
        (clears_before_the_blob, ("link",), ()),
        (forgets_that_it_cleared, ("unlink",), ()),
    ],
)
def test_a_program_that_clears_too_early_is_caught(template, mutant, calls, extra):
    def check(place: Place, after: After) -> None:
        place.is_sound(CONTENT)
        if after.met is not None:
            once(mutant, place)
        is_done(place)

    fault = Fault("kill", calls=calls)
    with pytest.raises(AssertionError):
        sweep(mutant, prepare=template.place, check=check, fault=fault, extra=extra, limit=200)
