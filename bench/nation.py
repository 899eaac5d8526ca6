"""A country: divisions with three years of duties and recordings, put in by PostgreSQL itself.

Run inside an installation's own process, never against a real one: no entry of the ledger knows of any of it.
Ten recordings a duty. Every id and digest is as random as in life, and what divisions did at the same time
lies side by side, as it came. Of each recording there are the rows that an unloading, the book, the term of
keeping and the search leave of it, but for its still picture, its copies and who looked at it.
"""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import md5
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import Max

from aigaq.accounts.models import User
from aigaq.incidents.models import Decision, Incident, Undecided
from aigaq.ingest.models import Sighting, Unload, UnloadState
from aigaq.journal.models import Issue, JournalBook, JournalRow, Return, SealFound, SigningWay, Unloading
from aigaq.recordings.models import (
    Blob,
    CoverageJudgement,
    Judgement,
    Kind,
    Placement,
    Recording,
    RecordingFile,
    Verdict,
)
from aigaq.recordings.models import (
    Role as FileRole,
)
from aigaq.recordings.selectors import Place
from aigaq.registry.models import Appointment, Card, Division, Person, Recorder, Role
from aigaq.retention.models import RetentionTerm
from aigaq.review.models import Posting, SearchTerm
from aigaq.review.search import Wanted
from aigaq.review.terms import Of, term
from bench.bare import bare
from bench.rows import as_json, pk_of, put, text

A_DUTY = 20
"""Recordings."""
INSPECTORS, RECORDERS, OWN = 20, 30, 400
"""Of a division: people who go on duty, recorders with a card each, subjects of control."""
YEARS = timedelta(days=3 * 365 + 31)
"""A month more than a recording is kept: so long it takes until the plan is approved."""
APART = 900
"""Seconds from one recording to the next."""
BOOK = 960
"""Rows of a book."""
_FACTS = {
    "kind": "video",
    "verdict": "playable",
    "flaw": None,
    "detail": "",
    "container": "mov,mp4,m4a,3gp,3g2,mj2",
    "duration": 1795.2,
    "video": {"codec": "h264", "width": 1920, "height": 1080, "fps": 25.0, "pixels": "yuv420p"},
    "audio": {"codec": "aac", "rate": 16000, "channels": 1},
    "embedded_text": "2026-11-20T04:00:00.000000Z",
    "embedded_at": "2026-11-20T04:00:00+00:00",
    "place": None,
    "codes": [],
}
_SEQS = 10**12
"""Numbers of entries from here on, which the ledger has none of."""
TABLES = (
    Blob, Recording, RecordingFile, Judgement, Placement, Sighting, RetentionTerm, Posting,
    SearchTerm, Unload, Unloading, Issue, Return, JournalRow, JournalBook, CoverageJudgement,
    Incident, Undecided, Decision,
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """Divisions that came together: the duties of all of them, the oldest first."""

    first: int
    """Number of the first of these divisions."""
    many: int
    duties: int
    """Of each division."""

    @property
    def numbers(self) -> tuple[int, int]:
        """Of the duties of all divisions, the second excluded."""
        return self.first * self.duties, (self.first + self.many) * self.duties

    def division(self, duty: str = "s.n") -> str:
        """The number of the division."""
        return f"({self.first} + ({duty} - {self.numbers[0]}) %% {self.many})"

    def turn(self, duty: str = "s.n") -> str:
        """The how manyth of the division it is, from 0."""
        return f"(({duty} - {self.numbers[0]}) / {self.many})"


class Nation:
    """`recordings` of each division."""

    def __init__(self, recordings: int) -> None:
        self.duties = recordings // A_DUTY
        self.divisions = 0
        self.root = Division.objects.get()
        self.now = datetime.now(UTC)
        self.begun = (self.now - YEARS).replace(microsecond=0)
        self._apart = int((YEARS - timedelta(hours=7)).total_seconds()) // self.duties

    def up_to(self, divisions: int) -> None:
        step = Step(self.divisions, divisions - self.divisions, self.duties)
        started = time.perf_counter()
        self._people(step)
        with bare(TABLES):
            self._journal(step)
            self._recordings(step)
            self._terms(step)
        self.divisions = divisions
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('recordings_blob', 'id'), max(id)) FROM recordings_blob"
            )
            cursor.execute("ANALYZE")
        self.seconds = time.perf_counter() - started

    @property
    def recordings(self) -> int:
        """Of each division: the last duty is out."""
        return (self.duties - 1) * A_DUTY

    def octets(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])

    def rows(self) -> dict[str, int]:
        """Octets of each table with its indexes, the largest first."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC LIMIT 20"
            )
            return dict(cursor.fetchall())

    def some_division(self) -> Division:
        """One of those that came last, in the middle of them."""
        return Division.objects.get(pk=_id("division", self.divisions - 1 - self.divisions // 3))

    def head_of(self, division: Division) -> Person:
        return Person.objects.get(appointments__division=division, appointments__role=Role.HEAD)

    def place(self, share: float) -> Place:
        """So far from the newest."""
        return Place(self.now - YEARS * share, UUID(int=0))

    def days(self, share: float, many: int) -> tuple[date, date]:
        first = self.place(share).listed_at.date()
        return first, first + timedelta(days=many)

    def _people(self, step: Step) -> None:
        made = {"created_at": self.begun}
        numbers = range(step.first, step.first + step.many)
        divisions = {
            n: Division(id=_id("division", n), name=f"{n + 1}-бөлім", parent=self.root, **made)
            for n in numbers
        }
        Division.objects.bulk_create(divisions.values())
        password = make_password(None)
        users = [
            User(username=f"{role}-{n}", password=password, **made)
            for n in numbers
            for role in ("head", "cust")
        ]
        found = {each.username: each for each in User.objects.bulk_create(users)}
        readers = [
            Person(
                full_name=f"Басшы {n}",
                staff_number=f"{role}-{n}",
                division=divisions[n],
                user=found[f"{role}-{n}"],
                **made,
            )
            for n in numbers
            for role in ("head", "cust")
        ]
        Person.objects.bulk_create(readers)
        Appointment.objects.bulk_create(
            Appointment(
                person=each,
                division=each.division,
                role=Role.HEAD if each.staff_number.startswith("head") else Role.CUSTODIAN,
                from_on=self.begun.date(),
                order_number="1",
                entered_at=self.begun,
            )
            for each in readers
        )
        Person.objects.bulk_create(
            Person(
                id=_id("person", n * INSPECTORS + k),
                full_name=f"Инспектор {n}-{k}",
                staff_number=f"I-{n}-{k}",
                division=divisions[n],
                **made,
            )
            for n in numbers
            for k in range(INSPECTORS)
        )
        things = [(n, k) for n in numbers for k in range(RECORDERS)]
        Recorder.objects.bulk_create(
            Recorder(
                id=_id("recorder", n * RECORDERS + k),
                inventory_number=f"БТ-{n}-{k}",
                serial_number=f"SN{n:04}{k:04}",
                division=divisions[n],
                # The last duty of each division is out.
                out_on=_id("duty", self._last(step, n)) if k == (self.duties - 1) % RECORDERS else None,
                **made,
            )
            for n, k in things
        )
        Card.objects.bulk_create(
            Card(
                id=_id("card", n * RECORDERS + k),
                inventory_number=f"ЖК-{n}-{k}",
                volume_id=f"V{n:04}-{k:04}",
                recorder_id=_id("recorder", n * RECORDERS + k),
                division=divisions[n],
                **made,
            )
            for n, k in things
        )

    def _last(self, step: Step, division: int) -> int:
        """Number of the last duty of a division."""
        return step.numbers[0] + (self.duties - 1) * step.many + division - step.first

    def _at(self, step: Step, seconds: str, duty: str = "s.n") -> str:
        """So long after a duty's issue; of other divisions it is another second."""
        began = (
            f"{int(self.begun.timestamp())} + {step.turn(duty)} * {self._apart} + {step.division(duty)} * 7"
        )
        return f"to_timestamp({began} + {seconds})"

    def _journal(self, step: Step) -> None:
        this, division = _uid("duty", "s.n"), _uid("division", step.division())
        recorder = _uid("recorder", f"{step.division()} * {RECORDERS} + {step.turn()} %% {RECORDERS}")
        card = _uid("card", f"{step.division()} * {RECORDERS} + {step.turn()} %% {RECORDERS}")
        inspector = _uid("person", f"{step.division()} * {INSPECTORS} + {step.turn()} %% {INSPECTORS}")
        book = f"({step.division()} * 1000 + {step.turn()} / {BOOK})"
        seq, end = f"{_SEQS} + s.n", APART * A_DUTY
        is_over = f"{step.turn()} < {self.duties - 1}"

        def tell(model: type, at: int, where: str = "", **values: str) -> None:
            said = {"occurred_at": self._at(step, f"{at}"), "entered_at": self._at(step, f"{at}"), "seq": seq}
            put(model, step.numbers, where=where, **{**said, **values})

        put(
            JournalBook,
            step.numbers,
            where=f"{step.turn()} %% {BOOK} = 0",
            id=_uid("book", book),
            division=division,
            registration_number=f"'bench-' || {book}",
            started_on=f"({self._at(step, '0')} AT TIME ZONE 'UTC')::date",
            sheets=f"{BOOK // 10}",
            rows_per_sheet="10",
            entered_at=self._at(step, "0"),
            seq=seq,
        )
        put(
            JournalRow,
            step.numbers,
            id=this,
            book=_uid("book", book),
            number=f"{step.turn()} %% {BOOK} + 1",
            division=division,
            first_recorder=recorder,
            first_card=card,
            first_inspector=inspector,
            entered_at=self._at(step, "0"),
            seq=seq,
        )
        tell(
            Issue,
            0,
            row=this,
            control=text("preventive-visit"),
            subject=f"'«Нұр-Құрылыс-' || {step.turn()} %% {OWN} || '» ЖШС'",
            object=text("Сауда үйі, Қонаев қ., Жамбыл к-сі 12"),
            act_number="'№ ' || s.n",
            seal_number="'Қ-' || s.n",
            checks=as_json({key: {"passed": True, "note": ""} for key in _CHECKS}),
        )
        tell(Return, end, is_over, row=this, handed_back_by=inspector, seal_found=text(SealFound.INTACT))
        tell(
            Unloading,
            end + 600,
            is_over,
            row=this,
            unload=_uid("unload", "s.n"),
            files=f"{A_DUTY}",
            octets="4000000000",
        )
        put(
            Unload,
            step.numbers,
            where=is_over,
            id=_uid("unload", "s.n"),
            port=text("1-1.2"),
            source=f"'card:ЖК-' || {step.division()} || '-' || {step.turn()} %% {RECORDERS}",
            container=f"'volume:V' || lpad({step.division()}::text, 4, '0') || '-' ||"
            f" lpad(({step.turn()} %% {RECORDERS})::text, 4, '0')",
            division=division,
            recorder=recorder,
            card=card,
            row=this,
            state=text(UnloadState.READY),
            started_at=self._at(step, f"{end + 400}"),
            beat_at=self._at(step, f"{end + 600}"),
            finished_at=self._at(step, f"{end + 600}"),
            files_total=f"{A_DUTY}",
            files_done=f"{A_DUTY}",
            stored=f"{A_DUTY}",
            cleared=f"{A_DUTY}",
        )
        self._judged(step, seq, is_over)

    def _judged(self, step: Step, seq: str, is_over: str) -> None:
        """Coverage of every duty; an incident of every twentieth, all but one in fifty of these decided."""
        this, division, end = _uid("duty", "s.n"), _uid("division", step.division()), APART * A_DUTY * 1000
        day = f"to_char({self._at(step, '0')} AT TIME ZONE 'Asia/Almaty', 'YYYY-MM-DD')"
        take = ["00000000-0000-0000-0000-000000000000", 1780000000000, 1795000, "whole", 1000, "measured"]
        put(
            CoverageJudgement,
            step.numbers,
            where=is_over,
            id=_uid("coverage", "s.n"),
            division=division,
            row=this,
            number="1",
            began_at=self._at(step, "0"),
            ended_at=self._at(step, f"{APART * A_DUTY}"),
            tolerances=as_json(
                dict.fromkeys(("start_grace", "end_grace", "join", "seam", "threshold"), 60000)
            ),
            parts=as_json([[1780000000000 + n, 1780001800000 + n, "recorded", None] for n in range(A_DUTY)]),
            takes=as_json([take] * A_DUTY),
            offsets=as_json([]),
            totals=as_json({"recorded": end - 60000, "unexplained": 60000}),
            days=f"jsonb_build_object({day}, "
            + as_json({"recorded": end - 60000, "unexplained": 60000})
            + ")",
            gaps=as_json([]),
            judged_at=self._at(step, f"{APART * A_DUTY + 700}"),
            seq=seq,
        )
        opened = f"s.n %% 20 = 0 AND {is_over}"
        is_open = f"{step.turn()} %% 50 = 0"
        put(
            Incident,
            step.numbers,
            where=opened,
            id=this,
            kind=text("not-recorded"),
            division=division,
            row=this,
            key="'bench:' || s.n",
            facts=as_json({"minutes": 12}),
            evidence=as_json([1, 2]),
            occurred_at=self._at(step, "400"),
            opened_at=self._at(step, "30000"),
            seq=seq,
        )
        put(Undecided, step.numbers, where=f"{opened} AND {is_open}", incident=this, division=division)
        put(
            Decision,
            step.numbers,
            where=f"{opened} AND NOT {is_open}",
            incident=this,
            outcome=text("explained"),
            reason=text("Түсіндірілді"),
            decided_at=self._at(step, "90000"),
            by=pk_of(Person.objects.filter(appointments__role=Role.HEAD, division=self.root).get().pk),
            way=text(SigningWay.OWN_PASSWORD),
            signed_digest=text("sha256:" + "3f" * 32),
            seq=seq,
        )

    def _recordings(self, step: Step) -> None:
        duty, (start, stop) = f"(s.n / {A_DUTY})", step.numbers
        numbers, this, seq = (start * A_DUTY, stop * A_DUTY), _uid("recording", "s.n"), f"{_SEQS} + s.n"
        where = f"{step.turn(duty)} < {self.duties - 1}"
        last = Blob.objects.aggregate(last=Max("pk"))["last"] or 0
        blob = f"s.n + {last + 1 - numbers[0]}"
        content, stored, key = (_digest(name, "s.n") for name in ("content", "stored", "key"))
        thing = f"{step.division(duty)} * {RECORDERS} + {step.turn(duty)} %% {RECORDERS}"
        at = self._at(step, f"(s.n %% {A_DUTY}) * {APART}", duty)
        taken_in = self._at(step, f"{APART * A_DUTY + 500}", duty)
        day = f"({taken_in} AT TIME ZONE 'Asia/Almaty')::date"

        def put_each(model: type, **values: str) -> None:
            put(model, numbers, where=where, **values)

        put_each(
            Recording,
            id=this,
            division=_uid("division", step.division(duty)),
            recorder=_uid("recorder", thing),
            card=_uid("card", thing),
            recorded_at=at,
            ingested_at=taken_in,
            listed_at=at,
            unload=_uid("unload", duty),
        )
        put_each(
            Blob,
            id=blob,
            content_digest=content,
            stored_digest=stored,
            size="400000000",
            stored_size="400097904",
            name=f"'blobs/' || left({content}, 2) || '/' || substr({content}, 3, 2) || '/'"
            f" || {content} || '.' || {stored} || '.age'",
            ingested_at=taken_in,
            seq=seq,
        )
        put_each(
            RecordingFile,
            id=_uid("file", "s.n"),
            recording=this,
            blob=blob,
            path=f"'DCIM/100MEDIA/BC-' || {thing} || '_20261120_' || lpad((s.n %% 1000000)::text, 6, '0')"
            " || '.MP4'",
            source=f"'card:ЖК-' || {step.division(duty)} || '-' || {step.turn(duty)} %% {RECORDERS}",
            source_key=key,
            modified_at=at,
            kind=text(Kind.VIDEO),
            role=text(FileRole.MAIN),
            ordinal="1",
            recorded_at=at,
        )
        put_each(
            Judgement,
            file=_uid("file", "s.n"),
            verdict=text(Verdict.PLAYABLE),
            duration="1795.2",
            facts=as_json(_FACTS),
            judged_at=taken_in,
            seq=seq,
        )
        put_each(Placement, recording=this, row=_uid("duty", duty), placed_at=taken_in, seq=seq)
        put_each(
            Sighting,
            unload=_uid("unload", duty),
            file=_uid("file", "s.n"),
            clearing_at=taken_in,
            cleared_seq=seq,
            noted="true",
        )
        put_each(
            RetentionTerm,
            recording=this,
            number="1",
            taken_in=taken_in,
            kept_until=f"({day} + interval '3 years')::date",
            profile=text("order-236"),
            reasons=as_json(
                [
                    {
                        "why": "control",
                        "until": "2029-11-20",
                        "details": {"control": "preventive-visit", "years": 3},
                    }
                ]
            ),
            set_at=taken_in,
            seq=seq,
        )
        self._post(step, numbers, where, at)

    def _terms(self, step: Step) -> None:
        """What `_post` says of them: numbers in the order of `words_of`."""
        each = self._words(0)
        many = len(each)
        SearchTerm.objects.bulk_create(
            (
                SearchTerm(id=n * many + k + 1, division_id=_id("division", n), text=words)
                for n in range(step.first, step.first + step.many)
                for k, words in enumerate(self._words(n))
            ),
            batch_size=2000,
        )

    def _words(self, division: int) -> list[bytes]:
        return [
            *(term(Of.INSPECTOR, _id("person", division * INSPECTORS + k)) for k in range(INSPECTORS)),
            *(term(Of.RECORDER, _id("recorder", division * RECORDERS + k)) for k in range(RECORDERS)),
            *(term(Of.SUBJECT, f"өндіріс{k}") for k in range(OWN)),
            term(Of.CONTROL, "preventive-visit"),
            term(Of.SUBJECT, "құрылыс"),
        ]

    def _post(self, step: Step, numbers: tuple[int, int], where: str, at: str) -> None:
        """Each recording under its inspector, recorder, subject and control; every fifth under a word."""
        duty, many = f"(s.n / {A_DUTY})", INSPECTORS + RECORDERS + OWN + 2
        turn = step.turn(duty)
        said = (
            (f"{turn} %% {INSPECTORS}", ""),
            (f"{INSPECTORS} + {turn} %% {RECORDERS}", ""),
            (f"{INSPECTORS + RECORDERS} + {turn} %% {OWN}", ""),
            (f"{many - 2}", ""),
            (f"{many - 1}", f" AND {turn} %% 5 = 0"),
        )
        for word, only in said:
            put(
                Posting,
                numbers,
                where=where + only,
                term=f"{step.division(duty)} * {many} + {word} + 1",
                at=f"(extract(epoch FROM {at}) * 1000000)::bigint",
                recording="decode(md5('recording' || s.n), 'hex')",
            )


def _id(what: str, number: int) -> UUID:
    """The same that `_uid` makes in the database."""
    return UUID(md5(f"{what}{number}".encode()).hexdigest())  # noqa: S324 - no secret


def _uid(what: str, number: str) -> str:
    return f"md5('{what}' || ({number}))::uuid"


def _digest(what: str, number: str) -> str:
    return f"encode(sha256(('{what}' || {number})::bytea), 'hex')"


_CHECKS = ("power", "picture", "sound", "clock", "memory")


def _month(nation: Nation, share: float) -> dict:
    since, until = nation.days(share, 30)
    return {"since": since, "until": until}


def _inspector(division: Division, number: int) -> UUID:
    return Person.objects.get(division=division, staff_number__endswith=f"-{number}", user=None).pk


SEARCHES = {
    "newest": lambda _n, _d: (Wanted(), None),
    "all, halfway back": lambda n, _d: (Wanted(), n.place(0.5)),
    "an inspector": lambda _n, d: (Wanted(inspector=_inspector(d, 7)), None),
    "an inspector in a month": lambda n, d: (Wanted(inspector=_inspector(d, 7), **_month(n, 0.5)), None),
    "a rare word": lambda _n, _d: (Wanted(text="өндіріс237"), None),
    "the beginning of a word": lambda _n, _d: (Wanted(text="құрыл"), None),
    "word, inspector, month": lambda n, d: (
        Wanted(text="құрылыс", inspector=_inspector(d, 5), **_month(n, 0.3)),
        None,
    ),
}
