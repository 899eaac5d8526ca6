"""Finding recordings by what is written of them: the same on both databases, at a cost that stays small.

Each condition is a group of terms, of which a recording must have one; all groups must hold. The rarest
group is walked along its postings, from the newest on, and the others are looked up for each recording on
the way. How far one page walks is bounded: where little is found among much, it says how far it has come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection

from aigaq.core.clock import KAZAKHSTAN
from aigaq.recordings.models import Recording
from aigaq.recordings.selectors import PAGE, Page, Place, loaded, recordings_for, require_reader
from aigaq.registry.models import Division
from aigaq.registry.selectors import Standing
from aigaq.review.describing import instant, microseconds
from aigaq.review.models import SearchTerm
from aigaq.review.terms import EVERYWHERE, YES, Of, beginning_with, term
from aigaq.review.words import PREFIX_FROM, folded

LONGER_WORDS: Final = 100
"""If more words than these begin so, only the word itself is looked for."""
WORDS: Final = 8
"""Of a search that count."""
_WALKED: Final = 20_000
"""Postings looked at for one page, divided by how many terms are looked up for each."""
_COUNTED: Final = 1_000
"""Postings of a group that are counted to tell which group is the rarest."""

Key = tuple[int, bytes]
"""Where a posting stands among those of its term."""
_FIRST: Final[Key] = (microseconds(datetime.min.replace(tzinfo=UTC)), b"")
_LAST: Final[Key] = (microseconds(datetime.max.replace(tzinfo=UTC)), b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; what is None or empty is not asked. Days are of Kazakhstan, both included."""

    since: date | None = None
    until: date | None = None
    inspector: UUID | None = None
    recorder: UUID | None = None
    subject: str = ""
    object: str = ""
    text: str = ""
    """Words anywhere: subject, object, remarks, marks, reviews."""
    category: tuple[Of, str] | None = None
    """Of control, of a mark, of a result; or that something is marked as evidence."""
    open_incidents: bool = False

    @property
    def is_everything(self) -> bool:
        """Nothing is asked but the days."""
        return not any(
            (
                self.inspector,
                self.recorder,
                self.subject,
                self.object,
                self.text,
                self.category,
                self.open_incidents,
            )
        )


@dataclass(frozen=True, slots=True)
class Found:
    """`walked_to`: where the page ended without having been filled, if there is more behind it."""

    page: Page
    too_common: tuple[str, ...] = ()
    """Words with which too many others begin: only they themselves were looked for."""
    walked_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """`groups` of numbers of terms; None: there is a condition that nothing of the division meets."""

    groups: tuple[tuple[int, ...], ...] | None
    too_common: tuple[str, ...]


def search(
    standing: Standing,
    division: Division,
    wanted: Wanted,
    *,
    before: Place | None = None,
    limit: int = PAGE,
) -> Found:
    """The newest first. Raises `NotAReaderError`."""
    require_reader(standing, division)
    if wanted.is_everything:
        return Found(
            recordings_for(
                standing, division, since=wanted.since, until=wanted.until, before=before, limit=limit
            )
        )
    query = query_for(division, wanted)
    low, high = window(wanted)
    if before is not None:
        high = min(high, (microseconds(before.listed_at), before.id.bytes))
    if query.groups is None or low >= high:
        return Found(Page([], None), query.too_common)
    keys, walked = walk(query.groups, low, high, limit)
    ids = [UUID(bytes=recording) for _at, recording in keys[:limit]]
    last = keys[limit - 1] if len(keys) > limit else walked
    older = Place(instant(last[0]), UUID(bytes=last[1])) if last else None
    walked_to = older.listed_at if older and len(keys) <= limit else None
    return Found(Page(loaded(division, ids), older), query.too_common, walked_to)


def nearest(division: Division, wanted: Wanted) -> tuple[datetime | None, datetime | None]:
    """When something was recorded that fits but for the days: last before them, and first after them.

    Whoever may not read the recordings is not to be told. Bounded like a page: where little is found among
    much, either may be None, or not quite the nearest.
    """
    low, high = window(wanted)
    if wanted.is_everything:
        found = Recording.objects.filter(division=division)
        earlier = found.filter(listed_at__lt=instant(low[0])).order_by("-listed_at", "-id")
        later = found.filter(listed_at__gte=instant(high[0])).order_by("listed_at", "id")
        first = [one.values_list("listed_at", flat=True).first() for one in (earlier, later)]
        return first[0], first[1]
    groups = query_for(division, wanted).groups
    if groups is None:
        return None, None
    before, _ = walk(groups, _FIRST, low, 1)
    after, _ = walk(groups, high, _LAST, 1, newest_first=False)
    return (instant(before[0][0]) if before else None), (instant(after[0][0]) if after else None)


def window(wanted: Wanted) -> tuple[Key, Key]:
    """From the first inclusive to the second exclusive."""
    low = _start(wanted.since) if wanted.since else _FIRST
    high = _start(wanted.until + timedelta(days=1)) if wanted.until else _LAST
    return low, high


def query_for(division: Division, wanted: Wanted) -> Query:
    groups: list[tuple[int, ...]] = []
    too_common: list[str] = []
    exact = [
        *([term(Of.INSPECTOR, wanted.inspector)] if wanted.inspector else []),
        *([term(Of.RECORDER, wanted.recorder)] if wanted.recorder else []),
        *([term(*wanted.category)] if wanted.category else []),
        *([term(Of.INCIDENT, YES)] if wanted.open_incidents else []),
    ]
    groups += [tuple(_numbers(division, [each])) for each in exact]
    for fields, text in (
        ((Of.SUBJECT,), wanted.subject),
        ((Of.OBJECT,), wanted.object),
        (EVERYWHERE, wanted.text),
    ):
        asked = folded(text)
        if text and not asked:
            return Query(None, ())
        for word in asked[:WORDS]:
            numbers, is_cut = _of_word(division, fields, word)
            groups.append(numbers)
            if is_cut:
                too_common.append(word)
    told = tuple(dict.fromkeys(too_common))
    return Query(None if not all(groups) else tuple(dict.fromkeys(groups)), told)


def walk(
    groups: Sequence[tuple[int, ...]], low: Key, high: Key, limit: int, *, newest_first: bool = True
) -> tuple[list[Key], Key | None]:
    """Up to one more than `limit`, and where it stopped if that was before the end of the window."""
    groups = sorted(groups, key=lambda group: (_count(group, low, high), len(group)))
    driver, others = groups[0], groups[1:]
    if not others:
        return _run(_candidates(driver, low, high, limit + 1, newest_first), limit + 1, newest_first), None
    looked_up = sum(len(group) for group in others)
    each = max(limit + 1, _WALKED // looked_up // len(driver))
    floor = _floor(driver, low, high, each) if newest_first else None
    sql, values = _candidates(driver, floor or low, high, each, newest_first)
    conditions = " AND ".join(_has_one_of(group) for group in others)
    both = f"SELECT at, recording FROM ({sql}) AS c WHERE {conditions}"  # noqa: S608 - no value in it
    keys = _run((both, values), limit + 1, newest_first)
    return keys, None if len(keys) > limit else floor


def _candidates(
    terms: Sequence[int],
    low: Key,
    high: Key,
    each: int,
    newest_first: bool,  # noqa: FBT001 - of our own
) -> tuple[str, list[Any]]:
    """Of every term the first `each` in the window; a recording that has several terms only once."""
    order = _order("p", newest_first)
    branch = (
        "SELECT at, recording FROM (SELECT p.at, p.recording FROM review_posting p WHERE p.term = %s"  # noqa: S608 - no value in it
        " AND (p.at, p.recording) >= (%s, %s) AND (p.at, p.recording) < (%s, %s)"
        f" ORDER BY {order} LIMIT %s) AS b"
    )
    values: list[Any] = []
    for number in terms:
        values += [number, *low, *high, each]
    return " UNION ".join([branch] * len(terms)), values


def _has_one_of(group: Sequence[int]) -> str:
    # An OFFSET keeps PostgreSQL from turning it into a join, which would read all postings of the term.
    return (
        f"EXISTS (SELECT 1 FROM review_posting q WHERE q.term IN ({', '.join(map(str, group))})"  # noqa: S608 - numbers
        " AND q.at = c.at AND q.recording = c.recording LIMIT 1 OFFSET 0)"
    )


def _floor(terms: Sequence[int], low: Key, high: Key, each: int) -> Key | None:
    """The newest of the places where a term has had its `each` postings: down to there all are known."""
    branch = (
        "SELECT at, recording FROM (SELECT at, recording FROM review_posting WHERE term = %s"
        " AND (at, recording) >= (%s, %s) AND (at, recording) < (%s, %s)"
        " ORDER BY at DESC, recording DESC LIMIT 1 OFFSET %s) AS b"
    )
    values: list[Any] = []
    for number in terms:
        values += [number, *low, *high, each - 1]
    found = _run((" UNION ALL ".join([branch] * len(terms)), values), 1, newest_first=True)
    return found[0] if found else None


def _count(group: Sequence[int], low: Key, high: Key) -> int:
    """How many postings, up to a bound."""
    sql = (
        f"SELECT count(*) FROM (SELECT 1 FROM review_posting WHERE term IN ({', '.join(map(str, group))})"  # noqa: S608 - numbers
        " AND (at, recording) >= (%s, %s) AND (at, recording) < (%s, %s) LIMIT %s) AS counted"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*low, *high, _COUNTED])
        return int(cursor.fetchone()[0])


def _run(statement: tuple[str, list[Any]], limit: int, newest_first: bool) -> list[Key]:  # noqa: FBT001 - of our own
    sql, values = statement
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT at, recording FROM ({sql}) AS f ORDER BY {_order('f', newest_first)} LIMIT %s",  # noqa: S608 - no value in it
            [*values, limit],
        )
        return [(at, bytes(recording)) for at, recording in cursor.fetchall()]


def _order(table: str, newest_first: bool) -> str:  # noqa: FBT001 - of our own
    way = "DESC" if newest_first else "ASC"
    return f"{table}.at {way}, {table}.recording {way}"


def _of_word(division: Division, fields: Sequence[Of], word: str) -> tuple[tuple[int, ...], bool]:
    """The terms with this word, or one that begins so; and whether these were too many."""
    exact = _numbers(division, [term(of, word) for of in fields])
    if len(word) < PREFIX_FROM or word.isdecimal():
        return tuple(exact), False
    longer: list[int] = []
    for of in fields:
        first, end = beginning_with(of, word)
        found = SearchTerm.objects.filter(division=division, text__gte=first, text__lt=end)
        longer += found.order_by("text").values_list("pk", flat=True)[: LONGER_WORDS + 1 - len(longer)]
        if len(longer) > LONGER_WORDS:
            return tuple(exact), True
    return tuple(longer), False


def _numbers(division: Division, texts: Sequence[bytes]) -> list[int]:
    found = SearchTerm.objects.filter(division=division, text__in=texts)
    return sorted(found.values_list("pk", flat=True))


def _start(day: date) -> Key:
    return microseconds(datetime.combine(day, time.min, KAZAKHSTAN)), b""
