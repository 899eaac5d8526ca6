"""What still stood somewhere when a plan was carried out: taken out there as soon as that can be.

A disk that lay in a drawer, a bucket whose lock was not over. It goes by the entry of the disposal and by
nothing else: what the ledger has as destroyed, once the ledger and all tables were found to agree.
"""

import logging
from collections.abc import Callable, Mapping

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.ledger.services import MACHINE, Ledger
from aigaq.recordings.models import Blob
from aigaq.retention.disposing import objects_of
from aigaq.retention.documents import about_plan
from aigaq.retention.models import DisposalPlan, Remainder, RemainderRemoved
from aigaq.vault import copying
from aigaq.vault.backends.base import Backend
from aigaq.vault.disposal import remove
from aigaq.vault.errors import StillLockedError, VaultError

log = logging.getLogger(__name__)

REMOVED: str = "retention.remainder-removed"


def remaining(plan: DisposalPlan | None = None) -> QuerySet[Remainder]:
    """Those that stand still, of one plan or of all."""
    gone = RemainderRemoved.objects.filter(plan=OuterRef("plan"), place=OuterRef("place"))
    found = Remainder.objects.filter(~Exists(gone)).select_related("plan__division")
    return (found if plan is None else found.filter(plan=plan)).order_by("pk")


def attend(
    ledger: Ledger,
    vault: Backend,
    copies: Mapping[str, Backend],
    is_sound: Callable[[], bool],
    wait: Callable[[float], bool],
) -> int:
    """Take out what can be by now; of how many places nothing is left. May be cut off anywhere.

    Whether a lock is over the store's own clock says, whatever ours does. `is_sound` takes long, so it is
    asked only where there is something to take out.
    """
    now, done, sound = ledger.clock.now(), 0, None
    for each in remaining():
        if wait(0):
            break
        if each.place not in copies or (each.until is not None and now < each.until):
            continue
        try:
            copying.require_copy(vault, copies[each.place])
            sound = is_sound() if sound is None else sound
            if not sound:
                log.error("Nothing is taken out of the copies: ledger and tables do not agree")
                break
            count = _taken_out(each, copies[each.place], wait)
        except StillLockedError:
            continue
        except VaultError as error:
            log.info("The copy %s: %s", each.place, error)
            continue
        if count is not None:
            done += _enter(ledger, each, count)
    return done


def _taken_out(remainder: Remainder, copy: Backend, wait: Callable[[float], bool]) -> int | None:
    """How many objects of the plan went, those of an earlier run left out; None where it was cut off."""
    count = 0
    for content in _destroyed(remainder):
        if wait(0):
            return None
        digest = ContentDigest.parse(content)
        with copy.exclusive(digest):
            # The same may have been recorded, or have come on a card, once more: that stands on its own.
            stays = Blob.objects.filter(content_digest=content, destroyed__blob=None)
            keep = [StoredDigest.parse(each) for each in stays.values_list("stored_digest", flat=True)]
            count += len(remove(copy, digest, keep=keep))
    return count


def _destroyed(remainder: Remainder) -> list[str]:
    """The contents that the entries of the disposal name, not the rows."""
    return sorted({each[0] for each in objects_of(remainder.seq)})


def _enter(ledger: Ledger, remainder: Remainder, count: int) -> bool:
    """False where another process was quicker."""
    plan = remainder.plan
    with transaction.atomic():
        ledger.take_turn(REMOVED)
        if RemainderRemoved.objects.filter(plan=plan, place=remainder.place).exists():
            return False
        now = ledger.clock.now()
        body: dict[str, Json] = {
            **about_plan(plan),
            "place": remainder.place,
            "objects": count,
            "removed_at": rfc3339(now),
        }
        seq = ledger.append(REMOVED, MACHINE, body).seq
        RemainderRemoved.objects.create(
            plan=plan, place=remainder.place, objects_removed=count, removed_at=now, seq=seq
        )
    return True
