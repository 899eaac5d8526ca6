"""What lacks a copy, how far all was read, what was found: for pages, `aigaq check` and the minding."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from aigaq.copies import rules
from aigaq.copies.models import VAULT, BlobCopy, Finding, PlaceState, Round, Trouble
from aigaq.copies.places import Places
from aigaq.copies.rules import Policy
from aigaq.copies.sums import amounts
from aigaq.recordings.models import Blob, Derivative, Judgement, RecordingFile
from aigaq.registry.models import Division, Role
from aigaq.registry.selectors import first_keeping
from aigaq.vault.layout import BlobName


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFacts:
    """How one place does."""

    name: str
    blobs: int
    """Known to stand there."""
    octets: int
    lacking: int
    """Blobs of the vault that are not proven to stand there."""
    lacking_octets: int
    state: PlaceState | None
    running: Round | None
    last: Round | None
    """The last round that came to its end."""
    open_findings: int

    @property
    def is_vault(self) -> bool:
        return self.name == VAULT

    @property
    def trouble(self) -> str:
        return self.state.trouble if self.state else ""

    @property
    def percent(self) -> int | None:
        """Of the running round, by octets."""
        if self.running is None or not self.running.total:
            return None
        return min(100, self.running.octets * 100 // self.running.total)


def standing() -> QuerySet[Blob]:
    """Those that were not disposed of: of the others nothing is missing, and none is brought back."""
    return Blob.objects.filter(destroyed__blob=None)


def is_wanted(places: Places, name: BlobName) -> bool:
    """Whether the ciphertext of this name is to be there: neither disposed of nor about to be."""
    if name.content.hex in places.going():
        return False
    return standing().filter(stored_digest=name.stored.hex).exists()


def facts_of(names: Sequence[str], *, keep: bool = False) -> list[PlaceFacts]:
    """However many blobs there are, a few queries. `keep`: so that the next one counts from here on."""
    here = amounts([VAULT, *(name for name in names if name != VAULT)], keep=keep)
    everything = here[VAULT]
    states = PlaceState.objects.in_bulk(list(names))
    running = {each.place: each for each in Round.objects.filter(ended_at=None)}
    found = dict(open_findings().values_list("place").annotate(Count("pk")))
    return [
        PlaceFacts(
            name=name,
            blobs=here[name].count,
            octets=here[name].octets,
            lacking=everything.less(here[name]).count,
            lacking_octets=everything.less(here[name]).octets,
            state=states.get(name),
            running=running.get(name),
            last=last_round(name),
            open_findings=found.get(name, 0),
        )
        for name in names
    ]


def read_since(place: str) -> datetime | None:
    """As of when all that is there was read: by the last round that ended, or by the first proof."""
    last = last_round(place)
    if last is not None:
        return last.began_at
    # By their keys, which follow the time: nobody sorts millions by it.
    first = (
        standing().order_by("pk").values_list("ingested_at", flat=True)
        if place == VAULT
        else BlobCopy.objects.filter(place=place).order_by("pk").values_list("proven_at", flat=True)
    )
    return first.first()


def last_round(place: str) -> Round | None:
    return Round.objects.filter(place=place).exclude(ended_at=None).order_by("-began_at").first()


def open_findings() -> QuerySet[Finding]:
    """Those that can be healed, and are not."""
    return Finding.objects.filter(healing=None, kind__in=rules.HEALABLE, blob__destroyed__blob=None)


def uncopied(place: str, *, after: int = 0, limit: int = 100) -> list[Blob]:
    """Blobs that are not proven to stand there, the oldest first; `after`: behind the one of this key.

    What is known to be bad in the vault, and nowhere else, is left out: nothing can be copied of it.
    """
    bad = open_findings().filter(place=VAULT, blob=OuterRef("pk"))
    there = BlobCopy.objects.filter(place=place, blob=OuterRef("pk"))
    found = standing().filter(~Exists(there), ~Exists(bad), pk__gt=after)
    return list(found.order_by("pk")[:limit])


def short_of_copies(
    policy: Policy, names: Iterable[str], *, before: datetime, after: int = 0
) -> QuerySet[Blob]:
    """Blobs of before that instant which have fewer copies than they have to, by the policy.

    `after`: those behind the one of this key alone.
    """
    names = list(names)
    copied = Count("copies", filter=Q(copies__place__in=names), distinct=True)
    found = standing().filter(ingested_at__lt=before, pk__gt=after).annotate(copied=copied)
    short = Q(copied__lt=policy.number)
    for name in policy.named:
        short |= ~Q(pk__in=BlobCopy.objects.filter(place=name).values("blob"))
    return found.filter(short)


def count_short(policy: Policy, names: Sequence[str], now: datetime, *, most: int) -> int:
    """How many are short of copies, as far as a page needs it: no further than `most` and one.

    Up to what every copy is known to have nothing is looked at. Of what is bad in the vault, findings tell.
    """
    states = PlaceState.objects.in_bulk(names)
    after = min((states[name].complete_to if name in states else 0 for name in names), default=0)
    short = short_of_copies(policy, names, before=now, after=after)
    return len(short.order_by("pk").values_list("pk", flat=True)[: most + 1])


def division_of(blob: Blob | None) -> Division | None:
    """Whose recording it is, or what it was made of; of what is nobody's, the division that keeps first."""
    if blob is not None:
        owners: tuple[QuerySet[Any, Any], ...] = (
            RecordingFile.objects.filter(blob=blob).values("recording__division"),
            Judgement.objects.filter(still=blob).values("file__recording__division"),
            Derivative.objects.filter(blob=blob).values("file__recording__division"),
        )
        for of_blob in owners:
            found = Division.objects.filter(pk__in=of_blob).order_by("created_at", "pk").first()
            if found is not None:
                return found
    return first_keeping() or Division.objects.order_by("created_at", "pk").first()


def in_trouble(names: Iterable[str]) -> list[PlaceState]:
    return list(
        PlaceState.objects.filter(place__in=list(names)).exclude(trouble=Trouble.NONE).order_by("place")
    )


def keepers() -> Iterator[Division]:
    """Divisions of which somebody is told of what concerns all: a disk is everybody's."""
    yield from (
        Division.objects.filter(appointments__role=Role.CUSTODIAN).distinct().order_by("created_at", "pk")
    )
