"""The recordings of `recorded`, with files, on duties: all that a duty's page and a list of recordings read.

Ten recordings a duty, the last of them a photo; a duty begins every five minutes. What is told of few duties
in life is told of few here: a duty whose number ends in 00 has all of it, but for a second recorder.
"""

from uuid import UUID

from django.db import connection
from django.db.models import Model

from aigaq.access.models import EnteredLook
from aigaq.incidents.models import Decision, Incident, Undecided
from aigaq.incidents.models import Kind as IncidentKind
from aigaq.ingest.models import Unload, UnloadState
from aigaq.journal.models import (
    Act,
    Correction,
    Damage,
    Failure,
    FailureCause,
    Issue,
    JournalBook,
    JournalRow,
    Loss,
    Pause,
    PauseReason,
    Remark,
    Repair,
    Replacement,
    Resume,
    Return,
    SealFound,
    Signature,
    SigningWay,
    ThingFound,
    ThingKind,
    Told,
    Unloading,
)
from aigaq.notices.models import Kind as NoticeKind
from aigaq.notices.models import Letter, Notice
from aigaq.recordings.models import (
    Blob,
    ClockReading,
    Derivative,
    FlawedReading,
    Judgement,
    Kind,
    Placement,
    Product,
    ReadingWay,
    RecordingFile,
    Verdict,
)
from aigaq.registry.models import Person
from aigaq.review.models import (
    Mark,
    MarkChange,
    MarkChangeKind,
    Result,
    Review,
    Sample,
    SampleFinished,
    SampleItem,
)
from bench.recorded import A_DUTY, APART, RECORDERS, SQLITE, Recorded, instant, stored, uid
from bench.rows import INSPECTOR, RECORDER, after, as_json, day, digest, pk_of, put, text

BOOK = 960
"""Rows of a book."""
MONTH = 30 * 24 * 60 * 60 // (A_DUTY * APART)
"""Duties of a month."""
_LOOKS = 10**12
"""Numbers of entries from here on, which the ledger has none of."""


def _film(codec: str) -> dict[str, object]:
    return {
        "container": "mov,mp4,m4a,3gp,3g2,mj2",
        "video": {"codec": codec, "width": 1920, "height": 1080, "fps": 25.0, "pixels": "yuv420p"},
        "audio": {"codec": "aac", "rate": 16000, "channels": 1},
    }


_PHOTO = {"container": "jpeg", "video": {"codec": "jpeg", "width": 1920, "height": 1080, "fps": None}}
_SIGNED = {"way": text(SigningWay.OWN_PASSWORD), "signed_digest": text("sha256:" + "3f" * 32)}


def _every(many: int, but: int = 0) -> str:
    return f"(s.n %% {many} = {but})"


def _written(at: int) -> dict[str, str]:
    return {"occurred_at": after(at), "entered_at": after(at), "seq": "s.n + 1"}


class OnDuty(Recorded):
    def __init__(self) -> None:
        super().__init__()
        self.head = Person.objects.get(appointments__role="head")
        self._division, self._head = (pk_of(one.pk) for one in (self.division, self.head))
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE bench_inspector (n integer PRIMARY KEY, pk text)")
            inspectors = [(n, stored(each.pk)) for n, each in enumerate(self.inspectors)]
            cursor.executemany("INSERT INTO bench_inspector VALUES (%s, %s)", inspectors)

    def up_to(self, rows: int) -> None:
        """Without having it checked of each row that what it names is there, which takes long."""
        off, on = (
            ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON")
            if SQLITE
            else ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT")
        )
        with connection.cursor() as cursor:
            cursor.execute(off)
            super().up_to(rows)
            cursor.execute(on)
            if not SQLITE:
                cursor.execute("VACUUM")

    def row(self, share: float) -> JournalRow:
        """Of the duty so far from the newest of which everything is told."""
        number = int((self._rows // A_DUTY - 100) * (1 - share)) // 100 * 100
        return JournalRow.objects.get(pk=UUID(int=number))

    def _describe(self, start: int, stop: int) -> None:
        self._book(start // A_DUTY, stop // A_DUTY)
        self._happen(start // A_DUTY, stop // A_DUTY)
        self._review(start // A_DUTY, stop // A_DUTY)
        self._look(start // A_DUTY, stop // A_DUTY)
        self._file(start, stop)

    def _book(self, start: int, stop: int) -> None:
        def tell(model: type[Model], at: int, where: str = "", **values: str) -> None:
            put(model, (start, stop), where=where, row=uid("s.n"), **_written(at), **values)

        put(
            JournalBook,
            (-(-start // BOOK), -(-stop // BOOK)),
            id=uid("s.n"),
            division=self._division,
            registration_number="'bench-' || s.n",
            started_on=day(f"s.n * {BOOK * A_DUTY * APART}"),
            sheets=f"{BOOK // 10}",
            rows_per_sheet="10",
            entered_at=instant(f"s.n * {BOOK * A_DUTY * APART}"),
            seq="s.n + 1",
        )
        put(
            JournalRow,
            (start, stop),
            id=uid("s.n"),
            book=uid(f"s.n / {BOOK}"),
            number=f"s.n %% {BOOK} + 1",
            division=self._division,
            first_recorder=RECORDER,
            first_inspector=INSPECTOR,
            entered_at=after(-10),
            seq="s.n + 1",
        )
        tell(
            Issue,
            -10,
            control=text("preventive-visit"),
            subject=text("«Нұр-Құрылыс» ЖШС"),
            object=text("Сауда үйі, Қонаев қ., Жамбыл к-сі 12"),
            act_number="'№ ' || s.n",
            seal_number=text("Қ-0412"),
            checks=as_json({}),
        )
        tell(Return, 360, handed_back_by=INSPECTOR, seal_found=text(SealFound.INTACT))
        tell(Unloading, 420, unload=uid("s.n"), files=f"{A_DUTY}", octets="32000000")
        tell(Remark, 360, _every(5), text=text("Үзіліс: тамақтану, 13:00–13:42."))
        recorder, damaged = text(ThingKind.RECORDER), text(ThingFound.DAMAGED)
        tell(Damage, 360, _every(100), thing=recorder, found=damaged, words=text("Шыны"))
        tell(Loss, 200, _every(1000, 13), thing=recorder, words=text("Базарда"))
        tell(
            Correction,
            400,
            _every(20),
            cell=text("subject"),
            number="1",
            old=text("«Нұр-Құрылыс» ЖШС"),
            new=text("«Нұр Құрылыс» ЖШС"),
            reason=text("Атауы"),
            **_SIGNED,
        )
        for act, at in ((Act.ISSUE, -10), (Act.RETURN, 360)):
            signed = {"signed_at": after(at), "seq": "s.n + 1", "signer": INSPECTOR, **_SIGNED}
            put(Signature, (start, stop), row=uid("s.n"), act=text(act), **signed)

    def _happen(self, start: int, stop: int) -> None:
        def tell(model: type[Model], at: int, where: str, **values: str) -> None:
            put(model, (start, stop), where=where, **_written(at), **values)

        this, told = uid("s.n"), text(Told.PHONE_PAGE)
        tell(Pause, 275, _every(2), id=this, row=this, reason=text(PauseReason.MEAL), told=told)
        tell(Resume, 355, _every(2), id=this, pause=this, told=told)
        failed = {"row": this, "cause": text(FailureCause.PICTURE), "told": told}
        tell(Failure, 100, f"{_every(50)} OR {_every(100, 37)}", id=this, **failed)
        tell(Repair, 110, _every(50), failure=this, words=text("Тазартылды"))
        tell(Replacement, 280, _every(100, 37), failure=this, new_row=uid("s.n + 1"))
        put(
            ClockReading,
            (start, stop),
            recorder=RECORDER,
            way=text(ReadingWay.TIME_FILE),
            device_at=after(421),
            server_at=after(420),
            offset_ms="1000",
            precision_ms="1000",
            path=text("TIME.TXT"),
            allowed_ms="60000",
            unload=this,
            read_at=after(420),
            seq="s.n + 1",
        )
        put(
            Unload,
            (start, stop),
            id=this,
            port=text("1"),
            source=text("card:bench"),
            division=self._division,
            recorder=RECORDER,
            row=this,
            state=text(UnloadState.READY),
            started_at=after(400),
            beat_at=after(420),
            finished_at=after(420),
        )

    def _review(self, start: int, stop: int) -> None:
        """Incidents, all but one in fifty decided; reviews; marks; samples, all looked through."""
        this, by = uid("s.n"), {"by": self._head, "seq": "s.n + 1"}
        put(
            Incident,
            (start, stop),
            where=_every(20),
            id=this,
            kind=text(IncidentKind.NOT_RECORDED),
            division=self._division,
            row=this,
            key="'bench:' || s.n",
            facts=as_json({}),
            evidence=as_json([]),
            occurred_at=after(400),
            opened_at=after(500),
            seq="s.n + 1",
        )
        decided = {"outcome": text("explained"), "reason": text("Түсіндірілді"), "decided_at": after(9000)}
        put(Undecided, (start, stop), where=_every(1000, 940), incident=this, division=self._division)
        left = f"{_every(20)} AND NOT {_every(1000, 940)}"
        put(Decision, (start, stop), where=left, incident=this, **decided, **by, **_SIGNED)
        put(
            Sample,
            (-(-start // MONTH), -(-stop // MONTH)),
            id=this,
            division=self._division,
            month=day(f"s.n * {MONTH * A_DUTY * APART}"),
            size="1",
            root=text("0" * 64),
            seed=text("0" * 64),
            percent="10",
            least="3",
            days="10",
            population=f"{MONTH}",
            population_digest=text("sha256:" + "0" * 64),
            due_on=day(f"(s.n + 2) * {MONTH * A_DUTY * APART}"),
            drawn_at=instant(f"(s.n + 1) * {MONTH * A_DUTY * APART}"),
            seq="s.n + 1",
        )
        put(SampleFinished, (start // MONTH, stop // MONTH), sample=this)
        item = {"ordinal": f"s.n %% {MONTH} / 10 + 1", "row": this, "inspector": INSPECTOR, "seq": "s.n + 1"}
        put(SampleItem, (start, stop), where=_every(10), sample=uid(f"s.n / {MONTH}"), **item)
        for what, every, odd in (
            ({"row": this}, 10, 0),
            ({"recording": uid(f"s.n * {A_DUTY} + 1")}, 25, 1),
        ):
            own = {"id": uid(f"s.n * 2 + {odd}"), "by": self._head, "seq": f"s.n * 2 + {2 + odd}"}
            said = {"result": text(Result.NOTHING), "entered_at": after(90000)}
            put(Review, (start, stop), where=_every(every), **what, **own, **said)
        says = {
            "position_ms": "5000",
            "category": text("violation"),
            "is_evidence": "(s.n %% 20) = 0",
            "note": text("Есік жабық"),
            "entered_at": after(90000),
            **by,
        }
        put(Mark, (start, stop), where=_every(10), id=this, file=uid(f"s.n * {A_DUTY} + 2"), **says)
        amended = {"number": "1", "kind": text(MarkChangeKind.AMENDED), "reason": text("Анықталды")}
        put(MarkChange, (start, stop), where=_every(100), mark=this, **amended, **says)

    def _look(self, start: int, stop: int) -> None:
        """Everything has been watched once; and of every pause the head has been told."""
        look = {"at": after(90000), "division": self._division, "person": self._head}
        put(
            EnteredLook,
            (start, stop),
            seq=f"{_LOOKS} + s.n * 2",
            kind=text("duty-viewed"),
            row=uid("s.n"),
            **look,
        )
        played = {
            "recording": uid("s.n"),
            "file": uid("s.n"),
            "viewing": uid(f"s.n / {A_DUTY}"),
            "digest": f"'sha256:' || {digest('s.n')}",
            "from_ms": "0",
            "to_ms": "20000",
        }
        numbers = (start * A_DUTY, stop * A_DUTY)
        of_duty = {"at": after(90000, f"s.n / {A_DUTY}"), "seq": f"{_LOOKS} + s.n * 2 + 1"}
        put(EnteredLook, numbers, kind=text("played"), **{**look, **of_duty}, **played)
        put(
            Notice,
            (start, stop),
            where=_every(2),
            id=uid("s.n"),
            person=self._head,
            division=self._division,
            kind=text(NoticeKind.PAUSED),
            key="'bench-' || s.n",
            facts=as_json({}),
            created_at=after(275),
            seen_at=after(9000),
        )
        sent = {"notice": uid("s.n"), "way": text("smtp"), "address": text("head@example.kz")}
        put(Letter, (start, stop), where=_every(2), sent_at=after(300), **sent)

    def _file(self, start: int, stop: int) -> None:
        numbers, this = (start, stop), uid("s.n")
        at, in_vault = instant(f"s.n * {APART}"), after(430, f"s.n / {A_DUTY}")
        is_photo = f"s.n %% {A_DUTY} = {A_DUTY - 1}"
        put(
            Blob,
            numbers,
            id="s.n + 1",
            content_digest=digest("s.n"),
            stored_digest=digest("s.n"),
            size="3200000",
            stored_size="3200800",
            name=f"'blobs/' || {digest('s.n')}",
            ingested_at=in_vault,
            seq="s.n + 1",
        )
        put(
            RecordingFile,
            numbers,
            id=this,
            recording=this,
            blob="s.n + 1",
            path="'DCIM/100AIGAQ/BT_' || s.n || '.MP4'",
            source=f"'card:' || (s.n / {A_DUTY} %% {RECORDERS})",
            source_key=digest("s.n"),
            kind=f"CASE WHEN {is_photo} THEN {text(Kind.PHOTO)} ELSE {text(Kind.VIDEO)} END",
            role=text("main"),
            ordinal="1",
            recorded_at=at,
        )
        needs_a_copy = f"(s.n / {A_DUTY}) %% 5 = 0"
        put(
            Judgement,
            numbers,
            file=this,
            verdict=text(Verdict.PLAYABLE),
            duration=f"CASE WHEN {is_photo} THEN NULL ELSE {APART}.0 END",
            facts=f"CASE WHEN {is_photo} THEN {as_json(_PHOTO)}"
            f" WHEN {needs_a_copy} THEN {as_json(_film('hevc'))} ELSE {as_json(_film('h264'))} END",
            still="s.n + 1",
            judged_at=in_vault,
            seq="s.n + 1",
        )
        on_row = {"row": uid(f"s.n / {A_DUTY}"), "placed_at": in_vault, "seq": "s.n + 1"}
        put(Placement, numbers, recording=this, **on_row)
        put(
            Derivative,
            numbers,
            where=f"{needs_a_copy} AND NOT ({is_photo})",
            file=this,
            product=text(Product.PROXY),
            blob="s.n + 1",
            source=digest("s.n"),
            recipe=as_json({"version": 1, "way": "transcode"}),
            facts=as_json({"duration_ms": 1000 * APART}),
            made_at=in_vault,
            seq="s.n + 1",
        )
        put(
            FlawedReading,
            numbers,
            where=_every(100 * A_DUTY, 3),
            file=this,
            unload=uid(f"s.n / {A_DUTY}"),
            errors="1",
            missing="0",
            holes=as_json([]),
            read_at=in_vault,
            seq="s.n + 1",
        )
