"""How many blobs stand in the vault and in each copy, without counting all of them each time.

What is there is insert-only: rows are counted once, and then only those that came since. What was disposed
of is counted by itself and taken off. The office keeps the sums every few minutes (`keep`); in between a page
counts what is new.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum

from aigaq.copies.models import VAULT, BlobCopy, KeptSum
from aigaq.recordings.models import Blob


@dataclass(frozen=True, slots=True)
class Amount:
    count: int
    octets: int

    def less(self, other: "Amount") -> "Amount":
        return Amount(self.count - other.count, self.octets - other.octets)


@dataclass(frozen=True, slots=True)
class _Counted:
    """Rows of `rows` by the key `by`, with the octets in the column `size`."""

    name: str
    rows: QuerySet[Any]
    by: str
    size: str


def amounts(places: Sequence[str], *, keep: bool = False) -> dict[str, Amount]:
    """What is to stand in each place."""
    found = {}
    for place in places:
        there, gone = (_amount(each, keep=keep) for each in _of(place))
        found[place] = there.less(gone)
    return found


def _of(place: str) -> tuple[_Counted, _Counted]:
    """All there ever was, and what of it was disposed of."""
    if place == VAULT:
        blobs = Blob.objects.all()
        gone = blobs.filter(destroyed__isnull=False)
        return (
            _Counted("blobs", blobs, "pk", "stored_size"),
            _Counted("destroyed", gone, "destroyed__pk", "stored_size"),
        )
    copies = BlobCopy.objects.filter(place=place)
    gone_there = copies.filter(blob__destroyed__isnull=False)
    return (
        _Counted(f"copied:{place}", copies, "pk", "blob__stored_size"),
        _Counted(f"destroyed:{place}", gone_there, "blob__destroyed__pk", "blob__stored_size"),
    )


def _amount(what: _Counted, *, keep: bool) -> Amount:
    known = KeptSum.objects.filter(pk=what.name).first()
    after = known.upto if known else 0
    since = what.rows.filter(**{f"{what.by}__gt": after}).aggregate(
        count=Count("pk"), octets=Sum(what.size), upto=Max(what.by)
    )
    count = since["count"] + (known.count if known else 0)
    octets = (since["octets"] or 0) + (known.octets if known else 0)
    if keep and since["count"]:
        _keep(what.name, known, {"upto": since["upto"], "count": count, "octets": octets})
    return Amount(count, octets)


def _keep(name: str, known: KeptSum | None, values: dict[str, int]) -> None:
    """Whoever was quicker has counted the same rows, or more."""
    if known is None:
        KeptSum.objects.get_or_create(name=name, defaults=values)
    else:
        KeptSum.objects.filter(pk=name, upto=known.upto).update(**values)
