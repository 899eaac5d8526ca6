"""Carrying out an approved plan: everything is judged again, entered, removed, and entered again.

Cut off anywhere it is called again and goes on: what was entered as going goes, and nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.core.clock import KAZAKHSTAN, rfc3339
from aigaq.core.digests import ContentDigest
from aigaq.journal.services.acting import require
from aigaq.journal.signed import digest_of as digest_of_document
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import Act, By, Ledger
from aigaq.ledger.tables import digest_of_json
from aigaq.recordings import makings
from aigaq.recordings.models import Blob
from aigaq.registry.models import Division, Person
from aigaq.registry.selectors import standing_of
from aigaq.regulation.profile import Profile
from aigaq.retention import clock_rules, disposal_rules
from aigaq.retention.clock import clock_of
from aigaq.retention.documents import about_plan
from aigaq.retention.errors import (
    HeldInStoreError,
    LockedError,
    NothingLeftError,
    PlanChangedError,
    UnloadingError,
)
from aigaq.retention.facts import keeps_of
from aigaq.retention.models import (
    DestroyedBlob,
    DisposalApproval,
    DisposalPlan,
    Disposed,
    Disposing,
    Remainder,
)
from aigaq.retention.objects import blobs_with, contents_of, digest_of, wanted_elsewhere
from aigaq.retention.planning import require_unchanged
from aigaq.retention.plans import plan_with, state_of
from aigaq.tlog.entry import Entry
from aigaq.vault.backends.base import Backend
from aigaq.vault.disposal import locked_until, remove
from aigaq.vault.errors import HeldThereError, StillLockedError, VaultError

BEGUN = "retention.disposing"
PART = "retention.objects-destroyed"
DONE = "retention.disposed"
IN_ONE_ENTRY: Final = 1_000
"""Objects. Of a plan that has more, entries `PART` just before `DONE` tell the first ones."""


@dataclass(frozen=True, kw_only=True)
class DisposalRequest:
    person: Person
    division: Division
    plan: UUID
    profile: Profile


@dataclass(frozen=True, kw_only=True)
class Stores:
    """Where recordings lie. `vault` has to let go; of a copy it is told where it stands still."""

    vault: Backend
    copies: Mapping[str, Backend]
    is_unloading: Callable[[], bool]
    """Somebody may have found there a moment ago that a content is stored already."""
    is_sound: Callable[[], bool]
    """Ledger and tables agree: nothing goes by rows that somebody changed."""


@dataclass(frozen=True)
class Result:
    seq: int
    """Number of the entry: of the act of destruction."""
    recordings: int
    objects: int
    spared: Sequence[Sequence[str]]
    standing: Mapping[str, datetime | None]
    """Copies that are still there, by their name; until when they are locked, where that is known."""


def dispose(ledger: Ledger, by: By, request: DisposalRequest, stores: Stores) -> Result:
    """Not to be called inside a transaction. May be called again after whatever cut it off.

    Raises `UnknownPlanError`, `PlanChangedError`, `NothingLeftError`, `UnloadingError`, `LockedError`,
    `HeldInStoreError`, the refusals of `disposal_rules.refusal_to_carry_out` and `refusal_to_begin`, of the
    clock, or the vault's errors.
    """
    plan = _judged(ledger, by, request)
    if not stores.is_sound():
        raise PlanChangedError(number=plan.number)
    begun = Disposing.objects.filter(plan=plan).first()
    if begun is None:
        _require_unlocked(plan, stores.vault)
        begun = _begin(ledger, by, request)
    return _finish(ledger, by, begun, _remove(begun, stores))


def _judged(ledger: Ledger, by: By, request: DisposalRequest) -> DisposalPlan:
    """As it stands now; raises the refusal, if there is one."""
    now, profile = ledger.clock.now(), request.profile
    plan = plan_with(request.plan, request.division)
    standing = standing_of(request.person, now)
    require(disposal_rules.refusal_to_carry_out(by, standing, request.division))
    require(disposal_rules.refusal_to_begin(state_of(plan), now, profile.retention.wait_days))
    require(clock_rules.obstacle(clock_of(now, profile), profile.retention.gap_days))
    require_unchanged(plan)
    _require_signed(plan)
    return plan


def _require_signed(plan: DisposalPlan) -> None:
    """That what the head signed is this list. Raises `PlanChangedError`."""
    approval = DisposalApproval.objects.select_related("by").get(plan=plan)
    entry = LedgerEntry.objects.filter(seq=approval.seq).first()
    body = Entry.parse(entry.entry.encode()).body if entry else {}
    document = body.get("document")
    stated = {"plan": str(plan.pk), "items": digest_of_json(plan.items)}
    if (
        not isinstance(document, dict)
        or document.get("act") != "disposal"
        or document.get("items_digest") != stated["items"]
        or document.get("plan") != {"id": stated["plan"], "number": plan.number, "seq": plan.seq}
        or str(digest_of_document(document)) != approval.signed_digest
    ):
        raise PlanChangedError(number=plan.number)


def _begin(ledger: Ledger, by: By, request: DisposalRequest) -> Disposing:
    """What goes is entered before the first octet does; every rule is asked again for every recording."""
    with transaction.atomic(durable=True):
        ledger.take_turn(BEGUN)
        plan, now = _judged(ledger, by, request), ledger.clock.now()
        quicker = Disposing.objects.filter(plan=plan).first()
        if quicker is not None:
            return quicker
        going, spared = _sorted(plan, now, request.profile)
        if not going:
            raise NothingLeftError(number=plan.number)
        held = contents_of(going)
        contents = set().union(*(held[each] for each in going))
        gone = sorted(contents - wanted_elsewhere(contents, going))
        # What is entered of them later would be in no plan, and stand for ever.
        makings.stop(going)
        recordings = [str(each) for each in going]
        body: dict[str, Json] = {
            **about_plan(plan),
            "recordings": list(recordings),
            "contents": list(gone),
            "spared": [list(each) for each in spared],
            "begun_at": rfc3339(now),
        }
        return Disposing.objects.create(
            plan=plan,
            recordings=recordings,
            contents=gone,
            spared=spared,
            by=request.person,
            begun_at=now,
            seq=ledger.append(BEGUN, by, body).seq,
        )


def _sorted(plan: DisposalPlan, now: datetime, profile: Profile) -> tuple[list[UUID], list[list[str]]]:
    """Those that go, and those that are kept by now, each with why."""
    asked = [UUID(item[0]) for item in plan.items]
    keeps, held = keeps_of(asked, profile), contents_of(asked)
    going, spared = [], []
    for item, pk in zip(plan.items, asked, strict=True):
        keep = keeps[pk]
        if not keep.is_due(now):
            spared.append([item[0], (*keep.held, *keep.reasons)[0].why.value])
        elif digest_of(held[pk]) != item[2]:
            # Something came to it since it was proposed: nobody has seen that.
            spared.append([item[0], "changed"])
        else:
            going.append(pk)
    return going, spared


@dataclass(frozen=True)
class _Removed:
    """What came of taking it out of every place."""

    blobs: frozenset[int]
    """Keys of all that the catalogue knew of each content when it went."""
    standing: Mapping[str, datetime | None]
    """Copies that keep something, by name; until when, where the copy itself says so."""


def _require_unlocked(plan: DisposalPlan, vault: Backend) -> None:
    """Nothing is entered as going that the vault's own store keeps. Raises `LockedError`."""
    contents = contents_of([UUID(item[0]) for item in plan.items])
    for content in sorted(set().union(*contents.values())):
        try:
            until = locked_until(vault, ContentDigest.parse(content))
        except HeldThereError as error:
            raise HeldInStoreError(number=plan.number) from error
        if until is not None:
            raise LockedError(number=plan.number, at=until.astimezone(KAZAKHSTAN).strftime("%d.%m.%Y %H:%M"))


def _remove(begun: Disposing, stores: Stores) -> _Removed:
    """Take out of every store what was entered as going: `plans.going`, by which it is missed nowhere."""
    going = [UUID(each) for each in begun.recordings]
    blobs: set[int] = set()
    standing: dict[str, datetime | None] = {}
    for content in begun.contents:
        digest = ContentDigest.parse(content)
        with stores.vault.exclusive(digest):
            if stores.is_unloading():
                raise UnloadingError
            if wanted_elsewhere([content], going):
                continue
            blobs.update(each.pk for each in blobs_with([content]))
            remove(stores.vault, digest)
        for name, copy in stores.copies.items():
            try:
                with copy.exclusive(digest):
                    remove(copy, digest)
            except StillLockedError as error:
                standing[name] = _later(standing.get(name), error.until)
            except VaultError:
                standing.setdefault(name, None)
    return _Removed(frozenset(blobs), standing)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((each for each in (one, other) if each is not None), default=None)


def _finish(ledger: Ledger, by: By, begun: Disposing, removed: _Removed) -> Result:
    with transaction.atomic(durable=True):
        ledger.take_turn(DONE)
        now, going = ledger.clock.now(), [UUID(each) for each in begun.recordings]
        require(disposal_rules.refusal_to_finish(state_of(begun.plan)))
        # What another recording came to need meanwhile was left where it is.
        gone = set(begun.contents) - wanted_elsewhere(begun.contents, going)
        blobs = blobs_with(gone)
        if not {each.pk for each in blobs} <= removed.blobs:
            # A card gave it once more since it was taken out: nothing is said to be gone that stands there.
            raise UnloadingError
        about: dict[str, Json] = {**about_plan(begun.plan), "begun": begun.seq, "disposed_at": rfc3339(now)}
        *parts, last = _portions(blobs)
        told = ledger.append_all(
            Act(PART, by, {**about, "objects": [_about(each) for each in part]}) for part in parts
        )
        body: dict[str, Json] = {
            **about,
            "recordings": list(begun.recordings),
            "objects": [_about(each) for each in last],
            **({"parts": [entry.seq for entry in told]} if told else {}),
            "standing": [*sorted(removed.standing)],
            "standing_until": {
                name: rfc3339(until) for name, until in removed.standing.items() if until is not None
            },
        }
        seq = ledger.append(DONE, by, body).seq
        Disposed.objects.bulk_create(
            Disposed(recording_id=each, plan=begun.plan, disposed_at=now, seq=seq) for each in going
        )
        DestroyedBlob.objects.bulk_create(
            DestroyedBlob(blob=each, plan=begun.plan, destroyed_at=now, seq=entry)
            for entry, part in zip((*(entry.seq for entry in told), seq), (*parts, last), strict=True)
            for each in part
        )
        Remainder.objects.bulk_create(
            Remainder(plan=begun.plan, place=name, until=until, seq=seq)
            for name, until in sorted(removed.standing.items())
        )
    return Result(seq, len(going), len(blobs), begun.spared, dict(sorted(removed.standing.items())))


def objects_of(seq: int) -> list[Any]:
    """What was destroyed by the entry `DONE` of this number and its parts, each as `_about` tells it.

    Raises ``LedgerEntry.DoesNotExist``.
    """
    done: Any = Entry.parse(LedgerEntry.objects.get(seq=seq, kind=DONE).entry.encode()).body
    parts = LedgerEntry.objects.filter(seq__in=done.get("parts", ()), kind=PART).order_by("seq")
    told: list[Any] = [Entry.parse(each.entry.encode()).body for each in parts]
    return [each for body in (*told, done) for each in body["objects"]]


def _portions(blobs: Sequence[Blob]) -> list[Sequence[Blob]]:
    """At least one, if it is an empty one."""
    return [blobs[at : at + IN_ONE_ENTRY] for at in range(0, len(blobs) or 1, IN_ONE_ENTRY)]


def _about(blob: Blob) -> Json:
    """Content, ciphertext, octets of both, and the entry that proves that it was there."""
    return [blob.content_digest, blob.stored_digest, blob.size, blob.stored_size, blob.seq]
