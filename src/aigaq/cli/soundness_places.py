"""What can be wrong with where recordings are kept: the vault, its copies, locks, how far all was read."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from aigaq import wiring
from aigaq.copies import rules
from aigaq.copies.models import VAULT
from aigaq.copies.places import Places
from aigaq.copies.selectors import PlaceFacts, facts_of, read_since, short_of_copies
from aigaq.errors import N_, AigaqError
from aigaq.ingest import space
from aigaq.ingest.forecast import level
from aigaq.vault import copying
from aigaq.vault.backends.base import Backend
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.backends.s3 import S3Backend
from aigaq.vault.backends.s3.conformance import conformance
from aigaq.vault.errors import NoVaultError, VaultError

Told = tuple[str, str, dict[str, object]]
"""Code, message, details."""

_BROKEN: Final = N_(
    "The store “{place}” does not keep its word: {fault}. Nothing in it is safe from being deleted; "
    "give a bucket of another store, or have this one put right."
)
UNTRIED: Final = N_(
    "It was tried from outside that the store “{place}” keeps what it locks. What becomes of locked "
    "recordings when somebody reaches its own disks or its administration can't be tried from here."
)


def problems() -> Iterator[Told]:
    try:
        places = wiring.places()
    except AigaqError as error:
        yield _of(error)
        return
    now = wiring.clock().now()
    for name in places.names:
        yield from _of_a_store(places[name])
        if name != VAULT:
            yield from _of_a_copy(places, name)
    for facts in facts_of(places.names):
        yield from _of_reading(places, facts, now)
        if not facts.is_vault:
            yield from _of_room(places[facts.name], facts, now)
    yield from _of_the_policy(places, now)


def remarks() -> Iterator[Told]:
    """What is no fault, and good to know."""
    try:
        places = wiring.places()
    except AigaqError:
        return
    if not places.copies:
        message = N_("Recordings stand in one place alone. Name a second one in AIGAQ_VAULT_COPIES.")
        yield "copies.none", message, {}
    for name in places.names:
        if isinstance(places[name], S3Backend):
            yield "store.untried", UNTRIED, {"place": places[name].place}


def _of_a_store(backend: Backend) -> Iterator[Told]:
    if not isinstance(backend, S3Backend):
        return
    try:
        failed = conformance(backend)
    except VaultError as error:
        yield _of(error)
        return
    for each in failed:
        # The part of the sentence is translated on its own, as everything in a problem is.
        yield f"store.{each.tried}", _BROKEN, {"place": backend.place, "fault": each.message}


def _of_a_copy(places: Places, name: str) -> Iterator[Told]:
    copy = places[name]
    try:
        copying.require_copy(places.vault, copy)
    except NoVaultError:
        message = N_(
            "The copy “{name}” is away: nothing of this vault is at “{place}”. Plug it in; if it is new, "
            "make it ready once with “aigaq vault copies prepare {name}”."
        )
        yield "copies.away", message, {"name": name, "place": copy.place}
        return
    except VaultError as error:
        yield _of(error)
        return
    vault = places.vault
    if not (isinstance(copy, LocalBackend) and isinstance(vault, LocalBackend)):
        return
    if _disk(copy.directory) == _disk(vault.directory):
        message = N_(
            "The copy “{name}” is on the same disk as the vault: one fault takes both. Give another."
        )
        yield "copies.same-disk", message, {"name": name}


def _of_reading(places: Places, facts: PlaceFacts, now: datetime) -> Iterator[Told]:
    if facts.open_findings:
        message = N_(
            "In “{name}” {number} stored recordings are bad or missing, and no sound copy of them was found. "
            "Plug in every copy that there is."
        )
        yield "scrub.findings", message, {"name": facts.name, "number": facts.open_findings}
    if rules.is_late(read_since(facts.name), now, places.days):
        message = N_(
            "Not everything in “{name}” was read through within {days} days. Have “aigaq serve” run, or "
            "raise AIGAQ_SCRUB_RATE."
        )
        yield "scrub.late", message, {"name": facts.name, "days": places.days}


def _of_room(backend: Backend, facts: PlaceFacts, now: datetime) -> Iterator[Told]:
    try:
        found = space.outlook(backend, now, owed=facts.lacking_octets)
    except VaultError:
        return  # said above
    if found is not None and level(found.days):
        message = N_(
            "The disk of the copy “{name}” will be full in about {days} days at the present pace. Add space "
            "before then."
        )
        yield "copies.days", message, {"name": facts.name, "days": found.days}


def _of_the_policy(places: Places, now: datetime) -> Iterator[Told]:
    if not places.policy.number:
        return
    short = short_of_copies(places.policy, places.copies, before=now - rules.LATE_AFTER).count()
    if short:
        message = N_(
            "{number} stored recordings have fewer copies than they have to, for more than a day. See "
            "“aigaq vault copies”."
        )
        yield "copies.lacking", message, {"number": short}


def _of(error: AigaqError) -> Told:
    return error.code, error.message, error.details


def _disk(folder: Path) -> int:
    return folder.stat().st_dev
