"""What is written down of copies, findings and healing: each in one transaction with its entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet

from aigaq.copies import rules
from aigaq.copies.errors import CopyNameTakenError, UnknownCopyError
from aigaq.copies.models import (
    VAULT,
    BlobCopy,
    Finding,
    FindingKind,
    Healing,
    PlaceState,
    Round,
    Trouble,
)
from aigaq.copies.places import Places
from aigaq.copies.selectors import division_of, keepers, standing
from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.errors import AigaqError
from aigaq.ledger.services import MACHINE, Act, By, Ledger
from aigaq.recordings.models import Blob
from aigaq.registry.models import Division
from aigaq.vault import copying
from aigaq.vault.errors import ForeignVaultError, NoVaultError, StoreAwayError, VaultError, VaultFullError

COPIED = "vault.copied"
FOUND = "vault.found-bad"
HEALED = "vault.healed"
TROUBLED = "vault.place-troubled"
SCRUBBED = "vault.scrubbed"


@dataclass(frozen=True, slots=True)
class Proven:
    """This blob stands in the place, under the name of this number."""

    blob: Blob
    number: int


@dataclass(frozen=True, slots=True)
class Bad:
    """What reading showed. `blob`: as the catalogue knows it."""

    place: str
    kind: FindingKind
    path: str
    blob: Blob | None


@dataclass(frozen=True, slots=True)
class Cure:
    source: str
    number: int


def enter_copied(ledger: Ledger, place: str, proven: Sequence[Proven]) -> int:
    """Write down where these blobs were proven to stand; what is entered already is passed over.

    And what was destroyed meanwhile: it was taken out there, too.
    """
    if not proven:
        return 0
    now = ledger.clock.now()
    with transaction.atomic():
        ledger.take_turn(COPIED)
        blobs = [each.blob.pk for each in proven]
        known = set(BlobCopy.objects.filter(place=place, blob__in=blobs).values_list("blob", flat=True))
        there = set(standing().filter(pk__in=blobs).values_list("pk", flat=True)) - known
        new = [each for each in proven if each.blob.pk in there]
        if not new:
            return 0
        body: dict[str, Json] = {
            "place": place,
            "proven_at": rfc3339(now),
            "blobs": [
                {"stored_digest": f"sha256:{each.blob.stored_digest}", "number": each.number} for each in new
            ],
        }
        seq = ledger.append(COPIED, MACHINE, body).seq
        BlobCopy.objects.bulk_create(
            BlobCopy(blob=each.blob, place=place, number=each.number, proven_at=now, seq=seq) for each in new
        )
    return len(new)


def enter_finding(ledger: Ledger, bad: Bad, cure: Cure | None) -> Finding | None:
    """Write down what was found, and with it what healed it; None where it is known already.

    What is missing once more after it was put back is found once more.
    """
    with transaction.atomic():
        ledger.take_turn(FOUND)
        same = Finding.objects.filter(place=bad.place, kind=bad.kind, path=bad.path)
        before = same.order_by("-occasion").first()
        is_again = bad.kind == FindingKind.MISSING and before is not None and hasattr(before, "healing")
        if before is not None and not is_again:
            return None
        now, division = ledger.clock.now(), division_of(bad.blob)
        finding = Finding(
            id=uuid4(),
            place=bad.place,
            kind=bad.kind,
            path=bad.path,
            blob=bad.blob,
            occasion=before.occasion + 1 if before else 1,
            found_at=now,
        )
        body: dict[str, Json] = {
            "finding": str(finding.pk),
            "place": bad.place,
            "kind": str(bad.kind),
            "path": bad.path,
            "stored_digest": f"sha256:{bad.blob.stored_digest}" if bad.blob else None,
            "occasion": finding.occasion,
            "found_at": rfc3339(now),
            "division": str(division.pk) if division else None,
            "serious": rules.is_serious(bad.place, bad.kind, healed=cure is not None),
        }
        finding.seq = ledger.append(FOUND, _within(division), body).seq
        finding.save(force_insert=True)
        if cure is not None:
            _heal(ledger, finding, cure)
    return finding


def enter_healing(ledger: Ledger, finding: Finding, cure: Cure) -> bool:
    """Of something found earlier, which could not be healed then. False where somebody was quicker."""
    with transaction.atomic():
        ledger.take_turn(HEALED)
        if Healing.objects.filter(finding=finding).exists():
            return False
        _heal(ledger, finding, cure)
        return True


def _heal(ledger: Ledger, finding: Finding, cure: Cure) -> None:
    now, division = ledger.clock.now(), division_of(finding.blob)
    body: dict[str, Json] = {
        "finding": str(finding.pk),
        "place": finding.place,
        "kind": str(finding.kind),
        "path": finding.path,
        "stored_digest": f"sha256:{finding.blob.stored_digest}" if finding.blob else None,
        "source": cure.source,
        "number": cure.number,
        "healed_at": rfc3339(now),
        "division": str(division.pk) if division else None,
    }
    seq = ledger.append(HEALED, _within(division), body).seq
    Healing.objects.create(finding=finding, source=cure.source, number=cure.number, healed_at=now, seq=seq)


def as_it_began(round_: Round) -> QuerySet[Round]:
    """The round, if it is under way still and nobody began it anew meanwhile."""
    return Round.objects.filter(pk=round_.pk, ended_at=None, began_at=round_.began_at)


def enter_round(ledger: Ledger, round_: Round) -> None:
    """Everything in the place was read to its end."""
    now = ledger.clock.now()
    with transaction.atomic():
        ledger.take_turn(SCRUBBED)
        if not as_it_began(round_).update(ended_at=now, touched_at=now):
            return
        body: dict[str, Json] = {
            "place": round_.place,
            "checked": round_.checked,
            "octets": str(round_.octets),
            "findings": round_.findings,
            "began_at": rfc3339(round_.began_at),
        }
        ledger.append(SCRUBBED, MACHINE, body)
    round_.ended_at = now


def prepare(places: Places, name: str) -> None:
    """Make the empty place a copy of the vault; one that is a copy already stays as it is.

    Raise `UnknownCopyError`; `CopyNameTakenError` where the name's recordings were proven on another disk:
    they would be said to stand on this one; ``VaultError``.
    """
    if name not in places.copies:
        raise UnknownCopyError(name=name, known=", ".join(places.copies) or "–")
    try:
        places[name].description()
    except NoVaultError:
        if BlobCopy.objects.filter(place=name).exists():
            raise CopyNameTakenError(name=name, place=places[name].place) from None
    copying.begin(places.vault, places[name])


def reach(ledger: Ledger, places: Places, name: str) -> bool:
    """Whether the place is there and is a copy of this vault; what is wrong with it is written down.

    Without the vault nobody can say; that is then the vault's.
    """
    try:
        places.vault.description()
    except VaultError as error:
        note_trouble(ledger, VAULT, error)
        return False
    # A copy is well once something could be written to it; the vault itself, once it is there.
    over = list(Trouble) if name == VAULT else [Trouble.AWAY]
    if PlaceState.objects.filter(place=VAULT, trouble__in=over).exclude(trouble=Trouble.NONE).exists():
        note_well(ledger, VAULT)
    if name == VAULT:
        return True
    try:
        copying.require_copy(places.vault, places[name])
    except VaultError as error:
        note_trouble(ledger, name, error)
        return False
    return True


def note_well(ledger: Ledger, name: str) -> None:
    now = ledger.clock.now()
    PlaceState.objects.update_or_create(
        place=name, defaults={"seen_at": now, "trouble": "", "since": None, "reason": "", "told_at": None}
    )


def note_trouble(ledger: Ledger, name: str, error: AigaqError) -> None:
    """What is wrong with a place; people are told of it when it is time."""
    now, trouble = ledger.clock.now(), _trouble(error)
    state, _new = PlaceState.objects.get_or_create(place=name)
    reason = error.message.format(**error.details)[:300]
    if state.trouble != trouble or state.since is None:
        state.since, state.told_at = now, None
    if (state.trouble, state.reason) != (trouble, reason) or state.since == now:
        state.trouble, state.reason = trouble, reason
        state.save()
    if rules.is_to_be_told(state.trouble, state.since, state.told_at, now):
        _tell(ledger, state, now)


def _tell(ledger: Ledger, state: PlaceState, now: datetime) -> None:
    with transaction.atomic():
        ledger.take_turn(TROUBLED)
        mine = PlaceState.objects.filter(pk=state.pk, told_at=state.told_at)
        if not mine.update(told_at=now):
            return
        assert state.since is not None
        about: dict[str, Json] = {
            "place": state.place,
            "trouble": state.trouble,
            "since": rfc3339(state.since),
        }
        ledger.append_all([Act(TROUBLED, MACHINE, {"division": str(each.pk), **about}) for each in keepers()])
    state.told_at = now


def _trouble(error: AigaqError) -> Trouble:
    match error:
        case NoVaultError() | StoreAwayError():
            return Trouble.AWAY
        case VaultFullError():
            return Trouble.FULL
        case ForeignVaultError():
            return Trouble.FOREIGN
    return Trouble.FAILING


def _within(division: Division | None) -> By:
    return By(MACHINE.actor, MACHINE.right, str(division.pk) if division else None)
