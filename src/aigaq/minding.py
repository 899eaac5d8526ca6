"""What the office does by itself, again and again: follow the ledger, remind, send letters.

Every chore has a thread of its own, so that one which fails, or waits for somebody's mail server, holds up no
other. Of several processes one does a chore at a time, whichever comes first. What follows from an act is
done right after the act as well (`follow_up`), by whoever did it.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.contrib.sessions.backends.db import SessionStore
from django.db import connections

from aigaq import wiring
from aigaq.copies import mirroring, scrubbing
from aigaq.copies.selectors import facts_of
from aigaq.core.logs import Word
from aigaq.docks import sessions as dock_sessions
from aigaq.docks import uploads
from aigaq.incidents import services as incidents
from aigaq.ingest import space, watch
from aigaq.jobs import taking, troubles
from aigaq.jobs.alone import alone
from aigaq.ledger.errors import NoInstallationError
from aigaq.ledger.services import Ledger
from aigaq.notices import services as notices
from aigaq.notices.sending import send_due
from aigaq.prints import services as prints
from aigaq.recordings import judging
from aigaq.registry import services as registry
from aigaq.retention import mirroring_holds, remainders, terms
from aigaq.review import indexing, samples
from aigaq.schema import weighing
from aigaq.tallies import services as tallies
from aigaq.vault.errors import NoVaultError, VaultError

log = logging.getLogger(__name__)

PATIENCE: Final = 5.0
"""Seconds that a chore has for coming to its end; a letter cut off is taken up at the next start."""

_BLINK: Final = 0.2
"""Seconds after which a chore that waits looks whether it is to stop."""

_BEGAN: Final = time.monotonic()
"""When this process was started."""

Stopped = Callable[[], bool]


def _tell(ledger: Ledger) -> object:
    return notices.catch_up(ledger, wiring.ways())


FOLLOWERS: Final[Sequence[tuple[str, Callable[[Ledger], object]]]] = (
    # In this order: what one of them enters, the next ones read.
    ("coverage", judging.catch_up),
    ("incidents", incidents.catch_up),
    ("retention", terms.catch_up),
    ("search", indexing.catch_up),
    ("notices", _tell),
)
"""Who acts upon entries of the ledger, and is called whenever there may be new ones."""


@dataclass(frozen=True, slots=True)
class Chore:
    name: str
    every: float
    """Seconds between two rounds."""
    act: Callable[[Ledger, Stopped], object]
    is_everywhere: bool = False
    """Each process does it, at the same time as others or not: it is about what lies on this very host."""


def _remind(ledger: Ledger, _stopped: Stopped) -> object:
    now, ways = ledger.clock.now(), wiring.ways()
    return sum(
        remind(ledger, now, ways)
        for remind in (notices.remind_overdue, notices.remind_samples, notices.remind_demands)
    )


def _send(ledger: Ledger, stopped: Stopped) -> object:
    return send_due(ledger, wiring.ways(), wiring.notices_page(), is_over=stopped)


def _mind_the_room(ledger: Ledger, _stopped: Stopped) -> object:
    places = wiring.places()
    for facts in facts_of(places.names, keep=True):
        # Whoever unloads, plays or runs “aigaq check” is told of what fails; there is nothing to foretell.
        with suppress(VaultError):
            owed = 0 if facts.is_vault else facts.lacking_octets
            space.attend(ledger, places[facts.name], place=facts.name, owed=owed)
    return None


def _bring(ledger: Ledger, stopped: Stopped) -> object:
    return mirroring.attend(ledger, wiring.places(), _until(stopped))


def _scrub(ledger: Ledger, stopped: Stopped) -> object:
    return scrubbing.attend(ledger, wiring.places(), _until(stopped))


def _heal(ledger: Ledger, stopped: Stopped) -> object:
    return scrubbing.heal_open(ledger, wiring.places(), _until(stopped))


def _take_out_the_rest(ledger: Ledger, stopped: Stopped) -> object:
    places = wiring.places()
    return remainders.attend(ledger, places.vault, places.copies, wiring.is_sound, _until(stopped))


def _mirror_holds(ledger: Ledger, stopped: Stopped) -> object:
    places = wiring.places()
    return mirroring_holds.attend(ledger, {name: places[name] for name in places.names}, _until(stopped))


def _until(stopped: Stopped) -> Callable[[float], bool]:
    """Waits, and says whether it is time to stop."""

    def wait(seconds: float) -> bool:
        ends_at = time.monotonic() + seconds
        while not stopped() and (left := ends_at - time.monotonic()) > 0:
            time.sleep(min(left, _BLINK))
        return stopped()

    return wait


def _draw(ledger: Ledger, _stopped: Stopped) -> object:
    return samples.draw_due(ledger, wiring.sample_rule())


def _forget(ledger: Ledger, _stopped: Stopped) -> object:
    taking.forget_old(ledger.clock.now())
    return notices.forget_old(ledger.clock.now())


def _forget_sessions(_ledger: Ledger, _stopped: Stopped) -> object:
    # A session that its browser was closed on is signed out of by nobody.
    return SessionStore.clear_expired()


def _forget_papers(ledger: Ledger, _stopped: Stopped) -> object:
    return prints.forget(ledger.clock.now())


def _copy(ledger: Ledger, _stopped: Stopped) -> object:
    try:
        return wiring.copier().attend(ledger.clock.now())
    except (NoInstallationError, NoVaultError):
        # There is nowhere to copy to; “aigaq check” and whoever unloads are told of it.
        return None


def _uploads(ledger: Ledger, _stopped: Stopped) -> object:
    dock_sessions.forget_over(ledger.clock.now())
    return uploads.attend(uploads.Intake(ledger, wiring.receiver()))


def _bury_the_silent(ledger: Ledger, _stopped: Stopped) -> None:
    watch.bury_the_silent(ledger, timedelta(seconds=time.monotonic() - _BEGAN))


def _alone(act: Callable[[Ledger], object]) -> Callable[[Ledger, Stopped], object]:
    """A chore that is too short to be stopped."""
    return lambda ledger, _stopped: act(ledger)


CHORES: Final[Sequence[Chore]] = (
    # What has to be done now and then is added here, one line each.
    *(Chore(name, 3.0, _alone(act)) for name, act in FOLLOWERS),
    Chore("tallies", 5.0, _alone(tallies.catch_up)),
    Chore("cards that never came", 60.0, _alone(judging.judge_abandoned)),
    Chore("incidents of time", 60.0, _alone(incidents.attend)),
    Chore("keys of who was relieved", 20.0, _alone(registry.attend)),
    Chore("reminders", 30.0, _remind),
    Chore("letters", 2.0, _send),
    Chore("room in the vault", 600.0, _mind_the_room),
    Chore("copies", 60.0, _bring),
    Chore("scrubbing", 60.0, _scrub),
    Chore("healing", 3600.0, _heal),
    Chore("holds in buckets", 120.0, _mirror_holds),
    Chore("what is left of disposals", 600.0, _take_out_the_rest),
    Chore("samples", 60.0, _draw),
    Chore("old notices", 3600.0, _forget),
    Chore("old sessions", 3600.0, _forget_sessions),
    Chore("weighing of tables", 86_400.0, lambda _ledger, _stopped: weighing.weigh()),
    Chore("old papers", 60.0, _forget_papers),
    Chore("silent unloadings", 60.0, _bury_the_silent),
    Chore("abandoned uploads", 300.0, _uploads, is_everywhere=True),
    Chore("the ledger's copy in the vault", 3.0, _copy),
)


def follow_up(ledger: Ledger) -> None:
    """After an act: let every follower read what it entered. Nothing that fails here touches the act.

    Not to be called inside a transaction.
    """
    for name, act in FOLLOWERS:
        try:
            act(ledger)
        except Exception:
            # The edge of a request whose act is done: it must not end in a page that says it was not.
            log.exception("%s: not done now; it is tried again", Word(name))


@contextmanager
def minding(chores: Sequence[Chore] = CHORES) -> Iterator[Sequence[threading.Thread]]:
    """Do them all in the background, and give the threads that do.

    At the end they stop, or are left behind if they wait too long.
    """
    ledger, stop = wiring.ledger(), threading.Event()
    threads = [
        # Left behind, one must not keep the program from ending: each chore may be cut off anywhere.
        threading.Thread(target=mind, args=(chore, ledger, stop), name=chore.name, daemon=True)
        for chore in chores
    ]
    for thread in threads:
        thread.start()
    try:
        yield threads
    finally:
        stop.set()
        for thread in threads:
            thread.join(PATIENCE)


def mind(chore: Chore, ledger: Ledger, stop: threading.Event) -> None:
    """One chore, round after round, until `stop`. What goes wrong is logged once, and again if it changes."""
    told, is_first = "", True
    while not stop.is_set():
        failed = _round(chore, ledger, stop)
        if failed is None and told:
            log.warning("%s: goes on", Word(chore.name))
        before, told = told, _tell_once(chore, failed, told)
        # The first time, too: what an earlier process of this host told of may be over.
        if told or before or is_first:
            _note(chore, ledger, told)
        is_first = False
        stop.wait(chore.every)


def _round(chore: Chore, ledger: Ledger, stop: threading.Event) -> Exception | None:
    try:
        with alone(chore.name, everywhere=chore.is_everywhere) as is_ours:
            if is_ours:
                chore.act(ledger, stop.is_set)
    except Exception as error:  # noqa: BLE001 - the edge of the daemon: the next round may well go through
        return error
    finally:
        connections.close_all()
    return None


def _note(chore: Chore, ledger: Ledger, said: str) -> None:
    """So that `aigaq check` knows, on whichever host it is asked; nowhere to where the database is away."""
    try:
        if said:
            troubles.tell(chore.name, said, ledger.clock.now())
        else:
            troubles.over(chore.name)
    except Exception:
        # The edge of the daemon, as in a round: whatever it is, the chore goes on.
        log.debug("%s: could not be noted", Word(chore.name), exc_info=True)
    finally:
        connections.close_all()


def _tell_once(chore: Chore, failed: Exception | None, told: str) -> str:
    """What was told by now."""
    said = "" if failed is None else f"{type(failed).__name__}: {failed}"
    if failed is not None and said != told:
        log.error("%s: failed", Word(chore.name), exc_info=failed)
    return said
