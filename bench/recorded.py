"""Recordings by the million, put straight into a throw-away database by the database itself.

Run inside an installation's own process, never against a real one: no entry of the ledger knows of any of it.
Ten recordings a duty; every duty with words of its subject, object and remarks, as they are spread in life:
some in every tenth, some in every thousandth. Of terms a recording has seven, half of what it has in life.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import connection

from aigaq.recordings.selectors import Place
from aigaq.registry.models import Division, Person, Recorder
from aigaq.review.models import SearchTerm
from aigaq.review.search import Wanted
from aigaq.review.terms import YES, Of, term
from aigaq.schema.weighing import weigh

BEGUN = datetime(2016, 1, 12, 4, 0, tzinfo=UTC)
A_DUTY = 10
APART = 30
"""Seconds from one recording to the next: ten million are nine and a half years."""
INSPECTORS, RECORDERS, _OWN = 40, 60, 20_000

_EVERY = {
    # Every so many-th duty has it.
    (Of.CONTROL, "preventive-visit"): 2,
    (Of.CONTROL, "unscheduled-inspection"): 3,
    (Of.SUBJECT, "құрылыс"): 10,
    (Of.SUBJECT, "шаңырақ"): 13,
    (Of.SUBJECT, "жшс"): 1,
    (Of.OBJECT, "қонаев"): 1,
    (Of.OBJECT, "жамбыл"): 17,
    (Of.TEXT, "үзіліс"): 2,
    (Of.TEXT, "тамақтану"): 3,
    (Of.TEXT, "жабық"): 1000,
    (Of.INCIDENT, YES): 5003,
    (Of.MARKED, "violation"): 211,
}


class Recorded:
    def __init__(self) -> None:
        self.division = Division.objects.get()
        self._rows = 0
        self.recorders = [self._recorder(number) for number in range(RECORDERS)]
        self.inspectors = [self._person(number) for number in range(INSPECTORS)]
        if SQLITE:
            connection.ensure_connection()
            connection.connection.create_function("octets", 1, lambda n: n.to_bytes(16, "big"))
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA cache_size = -1000000")

    def _recorder(self, number: int) -> Recorder:
        return Recorder.objects.get_or_create(
            inventory_number=f"БТ-{number:04}", defaults={"division": self.division, "created_at": BEGUN}
        )[0]

    def _person(self, number: int) -> Person:
        return Person.objects.get_or_create(
            staff_number=f"B{number}",
            defaults={
                "full_name": f"Инспектор {number}",
                "post": "",
                "division": self.division,
                "created_at": BEGUN,
            },
        )[0]

    def up_to(self, rows: int) -> None:
        """Recordings; the database is put in order afterwards, as one in use keeps itself."""
        step = 1_000_000
        while self._rows < rows:
            until = min(rows, self._rows + step)
            self._record(self._rows, until)
            self._describe(self._rows, until)
            self._rows = until
        if SQLITE:
            weigh()
        else:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")

    def place(self, share: float) -> Place:
        """So far from the newest."""
        return Place(BEGUN + timedelta(seconds=APART * int(self._rows * (1 - share))), UUID(int=0))

    def days(self, share: float, many: int) -> tuple[date, date]:
        first = self.place(share).listed_at.date()
        return first, first + timedelta(days=many)

    def octets(self) -> int:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
            else:
                cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])

    def index_octets(self) -> int | None:
        """Of the search alone; SQLite does not tell."""
        if connection.vendor == "sqlite":
            return None
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_total_relation_size('review_posting')")
            return int(cursor.fetchone()[0])

    def _record(self, start: int, stop: int) -> None:
        recorders = [(n, stored(each.pk)) for n, each in enumerate(self.recorders)]
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS bench_recorder (n integer, pk text)")
            cursor.execute("DELETE FROM bench_recorder")
            cursor.executemany("INSERT INTO bench_recorder VALUES (%s, %s)", recorders)
            here, at = "%s" if SQLITE else "%s::uuid", instant(f"s.n * {APART}")
            pk = "r.pk" if SQLITE else "r.pk::uuid"
            cursor.execute(
                "INSERT INTO recordings_recording (id, division_id, recorder_id, card_id, recorded_at,"  # noqa: S608 - of our own
                f" ingested_at, listed_at, unload)"
                f" SELECT {uid('s.n')}, {here}, {pk}, NULL, {at}, {at}, {at}, {uid(f's.n / {A_DUTY}')}"
                f" FROM {series()} JOIN bench_recorder r ON r.n = (s.n / {A_DUTY}) %% {RECORDERS}",
                [stored(self.division.pk), start, stop - 1],
            )

    def _describe(self, start: int, stop: int) -> None:
        """Of each kind a recording has at most one."""
        for (of, value), every in _EVERY.items():
            self._post(f"{of}{value}", [(of, value)], every, start, stop)
        self._post("inspectors", [(Of.INSPECTOR, each.pk) for each in self.inspectors], 0, start, stop)
        self._post("recorders", [(Of.RECORDER, each.pk) for each in self.recorders], 0, start, stop)
        self._post("own", [(Of.SUBJECT, f"өндіріс{number}") for number in range(_OWN)], 0, start, stop)

    def _post(
        self, kind: str, values: Sequence[tuple[Of, str | UUID]], every: int, start: int, stop: int
    ) -> None:
        """With `every` the one value for every so many-th duty; else of all values the next for each."""
        turn = f"(s.n / {A_DUTY}) %% {every or len(values)}"
        with connection.cursor() as cursor:
            self._learn(cursor, kind, values)
            cursor.execute(
                f"INSERT INTO review_posting (term, at, recording) SELECT t.id, {_micros()}, {_octets()}"  # noqa: S608 - of our own
                f" FROM {series()} JOIN bench_term t ON t.kind = %s AND t.n = {turn} ORDER BY t.id, s.n",
                [start, stop - 1, kind],
            )

    def _learn(self, cursor: object, kind: str, values: Sequence[tuple[Of, str | UUID]]) -> None:
        cursor.execute(
            "CREATE TEMPORARY TABLE IF NOT EXISTS bench_term"
            " (kind text, n integer, id integer, PRIMARY KEY (kind, n))"
        )
        cursor.execute("SELECT count(*) FROM bench_term WHERE kind = %s", [kind])
        if cursor.fetchone()[0]:
            return
        made = SearchTerm.objects.bulk_create(
            [SearchTerm(division=self.division, text=term(*each)) for each in values], batch_size=500
        )
        cursor.executemany(
            "INSERT INTO bench_term VALUES (%s, %s, %s)", [(kind, n, each.pk) for n, each in enumerate(made)]
        )


SQLITE = connection.vendor == "sqlite"


def series() -> str:
    """The numbers from one to another, as `s.n`; both are parameters."""
    if SQLITE:
        numbers = "WITH RECURSIVE c(n) AS (SELECT %s UNION ALL SELECT n + 1 FROM c WHERE n < %s)"
        return f"({numbers} SELECT n FROM c) s"  # noqa: S608 - of our own
    return "(SELECT generate_series(%s::bigint, %s::bigint) AS n) s"


def uid(number: str) -> str:
    """The id that has this number."""
    return f"printf('%%032x', {number})" if SQLITE else f"lpad(to_hex({number}), 32, '0')::uuid"


def instant(seconds: str) -> str:
    """So long after the beginning."""
    at = f"{int(BEGUN.timestamp())} + {seconds}"
    return f"datetime({at}, 'unixepoch')" if SQLITE else f"to_timestamp({at})"


def stored(pk: UUID) -> str:
    return pk.hex if SQLITE else str(pk)


def _octets() -> str:
    return "octets(s.n)" if SQLITE else "decode(lpad(to_hex(s.n), 32, '0'), 'hex')"


def _micros() -> str:
    return f"({int(BEGUN.timestamp())} + s.n * {APART}) * 1000000"


def _month(recorded: Recorded, share: float) -> dict:
    since, until = recorded.days(share, 30)
    return {"since": since, "until": until}


SEARCHES = {
    "newest": lambda _: (Wanted(), None),
    "a day, halfway back": lambda r: (Wanted(since=r.days(0.5, 0)[0], until=r.days(0.5, 0)[1]), None),
    "all, halfway back": lambda r: (Wanted(), r.place(0.5)),
    "an inspector": lambda r: (Wanted(inspector=r.inspectors[7].pk), None),
    "an inspector, halfway back": lambda r: (Wanted(inspector=r.inspectors[7].pk), r.place(0.5)),
    "an inspector in a month": lambda r: (Wanted(inspector=r.inspectors[7].pk, **_month(r, 0.5)), None),
    "a recorder": lambda r: (Wanted(recorder=r.recorders[11].pk), None),
    "open incidents": lambda _: (Wanted(open_incidents=True), None),
    "a frequent word": lambda _: (Wanted(text="құрылыс"), None),
    "a rare word": lambda _: (Wanted(text="өндіріс1237"), None),
    "the beginning of a word": lambda _: (Wanted(text="шаңыр"), None),
    "three words": lambda _: (Wanted(text="құрылыс жамбыл жшс"), None),
    "words, inspector, month": lambda r: (
        Wanted(text="үзіліс қонаев", inspector=r.inspectors[8].pk, **_month(r, 0.3)),
        None,
    ),
    "much of which nothing fits": lambda r: (
        Wanted(inspector=r.inspectors[7].pk, recorder=r.recorders[8].pk),
        None,
    ),
}
