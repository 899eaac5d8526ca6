"""Searching recordings: what a plain look through everything would give, on either database, along indexes alone."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aigaq.core.clock import KAZAKHSTAN
from aigaq.incidents.models import Incident, Kind, Outcome
from aigaq.incidents.services import DecisionRequest, attend, decide
from aigaq.ingest.services import unload
from aigaq.journal.models import Issue, JournalRow, Remark, SealFound
from aigaq.journal.services.remark import remark
from aigaq.recordings.errors import NotAReaderError
from aigaq.recordings.models import Placement, Recording
from aigaq.recordings.selectors import Place
from aigaq.registry.selectors import standing_of
from aigaq.review import indexing
from aigaq.review import search as searching
from aigaq.review.models import Indexed, Posting, SearchTerm
from aigaq.review.search import Wanted, nearest, search
from aigaq.review.terms import Of
from aigaq.review.words import folded
from tests.support.cards import fill, pipeline, takes
from tests.support.command import Shell
from tests.support.duty import on_duty, own_password, spare_of
from tests.support.reviews import Reviewer

BEGUN = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SUBJECTS = ("«Нұр-Құрылыс» ЖШС", "ТОО «Ёлка»", "Қонаев мектебі № 12", "«Құрылысшы» ЖК", "ӘКІМДІК")
REMARKS = ("Үзіліс: тамақтану", "Есік ЖАБЫҚ болды", "Двери закрыты, ёлка горит", "")
WORDS = ("құрыл", "ЕЛКА", "ҮЗІЛІС", "12", "жабық", "двери", "әкімдік", "ж", "шс", "құрылыс")


@pytest.fixture
def duty(office):
    return on_duty(office)


def reader(office):
    return standing_of(office.custodian, office.clock.now())


def ids(office, *, before=None, limit=50, **wanted):
    found = search(reader(office), office.division, Wanted(**wanted), before=before, limit=limit)
    return [each.pk for each in found.page.recordings]


class Archive:
    """Duties and recordings put straight into the tables, and found by looking through all of them."""

    def __init__(self, duty, dice, duties=60):
        self.office, self.dice = duty.office, dice
        spare = spare_of(self.office)
        things = [(self.office.recorder, self.office.card), (spare.recorder, spare.card)]
        people = [self.office.inspector, self.office.second_inspector]
        self.facts = {}
        for number in range(1, duties + 1):
            recorder, card = dice.choice(things)
            at = BEGUN + timedelta(hours=dice.randrange(24 * 40))
            row = JournalRow.objects.create(
                book=duty.book,
                number=number,
                division=self.office.division,
                first_recorder=recorder,
                first_card=card,
                first_inspector=dice.choice(people),
                entered_at=at,
                seq=1_000_000 + number,
            )
            issue = Issue.objects.create(
                row=row,
                control=dice.choice(["preventive-visit", "unscheduled-inspection"]),
                subject=dice.choice(SUBJECTS),
                object=dice.choice(SUBJECTS),
                act_number=f"№ {number}",
                checks={},
                occurred_at=at,
                entered_at=at,
                by=self.office.custodian,
                seq=row.seq,
            )
            text = dice.choice(REMARKS)
            if text:
                Remark.objects.create(
                    row=row, text=text, occurred_at=at, entered_at=at, by=self.office.custodian, seq=row.seq
                )
            is_open = dice.random() < 0.2
            if is_open:
                Incident.objects.create(
                    kind=Kind.DAMAGE, division=self.office.division, row=row, key=f"x{number}", facts={},
                    evidence=[], occurred_at=at, opened_at=at, seq=2_000_000 + number,
                )  # fmt: skip
            for _ in range(dice.randrange(1, 5)):
                self._record(row, issue, text, is_open=is_open)

    def _record(self, row, issue, text, *, is_open):
        listed_at = row.entered_at + timedelta(minutes=self.dice.randrange(300))
        recording = Recording.objects.create(
            division=self.office.division, recorder=row.first_recorder, recorded_at=listed_at,
            ingested_at=listed_at, listed_at=listed_at, unload=uuid4(),
        )  # fmt: skip
        Placement.objects.create(recording=recording, row=row, placed_at=listed_at, seq=row.seq)
        self.facts[recording.pk] = (listed_at, row, issue, text, is_open)

    def plainly(self, wanted):
        found = [pk for pk, facts in self.facts.items() if self._fits(wanted, *facts)]
        return sorted(found, key=lambda pk: (self.facts[pk][0], pk), reverse=True)

    def _fits(self, wanted, listed_at, row, issue, *said):
        text, is_open = said
        day = listed_at.astimezone(KAZAKHSTAN).date()
        texts = {"subject": [issue.subject], "object": [issue.object]}
        texts["text"] = [issue.subject, issue.object, issue.act_number, text]
        return (
            (wanted.since is None or day >= wanted.since)
            and (wanted.until is None or day <= wanted.until)
            and wanted.inspector in (None, row.first_inspector_id)
            and wanted.recorder in (None, row.first_recorder_id)
            and wanted.category in (None, (Of.CONTROL, issue.control))
            and (is_open or not wanted.open_incidents)
            and all(self._has(texts[name], getattr(wanted, name)) for name in texts)
        )

    @staticmethod
    def _has(texts, asked):
        words = {word for text in texts for word in folded(text)}
        return all(
            any(
                word == each or (len(each) >= 3 and not each.isdecimal() and word.startswith(each))
                for word in words
            )
            for each in folded(asked)
        )

    def any_question(self):
        dice, maybe = self.dice, lambda value: value if self.dice.random() < 0.35 else None
        since = maybe(BEGUN.date() + timedelta(days=dice.randrange(40)))
        return Wanted(
            since=since,
            until=maybe((since or BEGUN.date()) + timedelta(days=dice.randrange(20))),
            inspector=maybe(dice.choice([self.office.inspector.pk, self.office.second_inspector.pk])),
            recorder=maybe(self.office.recorder.pk),
            subject=maybe(dice.choice(WORDS)) or "",
            object=maybe(dice.choice(WORDS)) or "",
            text=maybe(" ".join(dice.choices(WORDS, k=dice.randrange(1, 3)))) or "",
            category=maybe((Of.CONTROL, "preventive-visit")),
            open_incidents=bool(maybe(True)),
        )


def paged(office, wanted, limit):
    seen, before = [], None
    for _ in range(500):
        found = search(reader(office), office.division, wanted, before=before, limit=limit)
        seen += [each.pk for each in found.page.recordings]
        if found.page.older is None:
            return seen
        before = Place.parse(str(found.page.older))
    raise AssertionError("it never ends")


def test_every_question_is_answered_as_by_looking_through_everything(duty, monkeypatch):
    archive = Archive(duty, random.Random(236))
    indexing.index(archive.facts)
    answered = 0
    for number in range(60):
        if number == 30:
            # A page walks no further than this: it may come back with less, and goes on from there.
            monkeypatch.setattr(searching, "_WALKED", 20)
        wanted = archive.any_question()
        plainly = archive.plainly(wanted)
        assert paged(duty.office, wanted, limit=20) == plainly, wanted
        answered += bool(plainly)
        (earlier, later), days = nearest(duty.office.division, wanted), (wanted.since, wanted.until)
        if plainly and not any(days):
            assert (earlier, later) == (None, None)
    assert answered > 20


def test_the_index_follows_what_is_done(office, duty, tmp_path):
    row = duty.issue()
    files = unload(pipeline(office, tmp_path / "vault"), fill(tmp_path / "card", takes(3))).files
    indexing.catch_up(office.ledger)
    assert len(ids(office, inspector=office.inspector.pk)) == 3
    assert len(ids(office, text="нұр құрыл жамбыл")) == 3
    remark(office.ledger, office.by(office.custodian), row=row, text="Ёлка өртенді", author=office.custodian)
    marked = Reviewer(office).marks(files[0], position_ms=0, note="Эвакуация жолы ЖАБЫҚ")
    assert ids(office, text="елка") == []
    indexing.catch_up(office.ledger)
    assert len(ids(office, text="ЕЛКА өрт")) == 3
    assert ids(office, text="жабық") == ids(office, category=(Of.MARKED, "violation"))
    assert ids(office, category=(Of.EVIDENCE, "1")) == [files[0].recording_id]
    Reviewer(office).withdraws(marked)
    Reviewer(office).reviews(row, result="unusable", note="Дыбысы жоқ")
    duty.correct(row, "inspector", str(office.second_inspector.pk))
    duty.correct(row, "subject", "«Шаңырақ» ЖШС")
    duty.give_back(row, seal_found=SealFound.BROKEN, condition="Үзілген")
    attend(office.ledger)
    indexing.catch_up(office.ledger)
    assert ids(office, category=(Of.MARKED, "violation")) == []
    assert len(ids(office, text="эвакуация")) == 1, "what was withdrawn is there to be read"
    assert len(ids(office, category=(Of.RESULT, "unusable"))) == 3
    assert ids(office, inspector=office.inspector.pk) == []
    assert len(ids(office, inspector=office.second_inspector.pk, subject="шаңырақ")) == 3
    assert len(ids(office, subject="құрылыс")) == 3, "what was struck is there to be read"
    assert len(ids(office, open_incidents=True)) == 3
    for incident in Incident.objects.all():
        request = DecisionRequest(
            head=office.head, incident=incident, outcome=Outcome.EXPLAINED, reason="Көлік апаты"
        )
        decide(office.ledger, office.by(office.head), request, own_password(office.head))
    indexing.catch_up(office.ledger)
    assert ids(office, open_incidents=True) == []


def kept():
    """The whole index, by what the terms say and not by their numbers."""
    terms = {each.pk: (each.division_id, bytes(each.text)) for each in SearchTerm.objects.all()}
    rows = Posting.objects.values_list("term", "at", "recording")
    indexed = {
        (each.pk, tuple(sorted(terms[n] for n in indexing.unpacked(each.terms))))
        for each in Indexed.objects.all()
    }
    return {(terms[term], at, UUID(bytes=bytes(recording))) for term, at, recording in rows}, indexed


def test_made_anew_it_is_what_following_had_made(office, duty, tmp_path):
    row = duty.issue()
    line = pipeline(office, tmp_path / "vault")
    files = unload(line, fill(tmp_path / "card", takes(3))).files
    unload(line, fill(tmp_path / "tray", takes(2, recorder="БТ-0009")))
    indexing.catch_up(office.ledger)
    Reviewer(office).withdraws(Reviewer(office).marks(files[0], position_ms=0, note="Қате"))
    duty.correct(row, "inspector", str(office.second_inspector.pk))
    duty.give_back(row, handed_back_by=office.second_inspector)
    indexing.catch_up(office.ledger)
    followed = kept()
    assert len(followed[1]) == 5
    assert indexing.rebuild(office.ledger) == 5
    assert kept() == followed
    assert indexing.catch_up(office.ledger) == 0
    assert indexing.behind() == 0


def test_words_with_too_many_beginnings_are_taken_as_they_are_and_that_is_said(
    office, duty, tmp_path, monkeypatch
):
    duty.issue()
    unload(pipeline(office, tmp_path / "vault"), fill(tmp_path / "card", takes(1)))
    indexing.catch_up(office.ledger)
    SearchTerm.objects.bulk_create(
        SearchTerm(division=office.division, text=f"t:жамбыл{number}".encode()) for number in range(120)
    )
    found = search(reader(office), office.division, Wanted(text="Жамбыл құр"))
    assert (len(found.page.recordings), found.too_common) == (1, ("жамбыл",))
    assert len(ids(office, text="жам")) == 0


def test_who_may_not_read_the_recordings_finds_none(office, duty):
    for name in ("inspector", "administrator", "sister_head", "sister_custodian"):
        standing = standing_of(getattr(office, name), office.clock.now())
        for wanted in (Wanted(), Wanted(text="құрылыс")):
            with pytest.raises(NotAReaderError):
                search(standing, office.division, wanted)


QUESTIONS = {
    "everything": Wanted(),
    "days": Wanted(since=date(2026, 3, 3), until=date(2026, 3, 20)),
    "inspector": Wanted(inspector=UUID(int=1)),
    "inspector and days": Wanted(inspector=UUID(int=1), since=date(2026, 3, 3), until=date(2026, 3, 20)),
    "recorder": Wanted(recorder=UUID(int=1)),
    "open incidents": Wanted(open_incidents=True),
    "words": Wanted(text="құрыл"),
    "words, inspector, days": Wanted(text="құр елк", inspector=UUID(int=1), since=date(2026, 3, 3)),
    "category and recorder": Wanted(category=(Of.CONTROL, "preventive-visit"), recorder=UUID(int=1)),
    "subject and object": Wanted(subject="құрылыс", object="елка", open_incidents=True),
}


def test_no_question_reads_a_table_from_end_to_end(duty):
    archive = Archive(duty, random.Random(7), duties=40)
    office = archive.office
    indexing.index(archive.facts)
    as_if_there_were_millions()
    known = {"inspector": office.inspector.pk, "recorder": office.recorder.pk}
    place = Place(BEGUN + timedelta(days=39), uuid4())
    for name, question in QUESTIONS.items():
        wanted = replace(question, **{each: pk for each, pk in known.items() if getattr(question, each)})
        with CaptureQueriesContext(connection) as asked:
            for before in (None, place):
                search(reader(office), office.division, wanted, before=before, limit=3)
            nearest(office.division, replace(wanted, since=date(2026, 3, 9)))
        statements = [query["sql"] for query in asked.captured_queries if "EXPLAIN" not in query["sql"]]
        assert sum(LARGE[0] in each or LARGE[1] in each for each in statements) >= 3, name
        for statement in statements:
            assert read_whole(statement) == [], (name, statement)


def as_if_there_were_millions():
    """What SQLite plans by, as it is in an archive of one division: its planner goes other ways then."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            for index, stat in STATISTICS.items():
                cursor.execute("UPDATE sqlite_stat1 SET stat = %s WHERE idx LIKE %s", [stat, f"{index}%"])
            cursor.execute("ANALYZE sqlite_schema")


STATISTICS = {
    "sqlite_autoindex_registry_division": "1 1",
    "registry_division_parent": "1 1",
    "recordings_recording_recorder": "1000000 16667",
    "recordings_recording_division": "1000000 1000000",
    "recordings_recording_card": "1000000 1000000",
    "recordings_recording_unload": "1000000 1000000",
    "recordings_recording_ingested": "1000000 1",
    "recordings_recording_recorded": "1000000 1",
    "recordings_by_recorder": "1000000 16667 1 1",
    "recordings_by_day": "1000000 1000000 1 1",
    "sqlite_autoindex_recordings_recording": "1000000 1",
    "sqlite_autoindex_review_posting": "15000000 100000 1 1",
}
LARGE = ("review_posting", "recordings_recording", "review_searchterm", "recordings_placement", "journal_")
ALIASES = ("p", "q", "posting")


def read_whole(sql):
    """The lines of the plan by which a large table is read from end to end."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Tables as small as these are read whole all the same, unless there is another way.
            cursor.execute("SET enable_seqscan = off")
            cursor.execute("EXPLAIN " + sql)
            lines = [line for (line,) in cursor.fetchall()]
            cursor.execute("SET enable_seqscan = on")
            return [line for line in lines if "Seq Scan" in line and any(name in line for name in LARGE)]
        cursor.execute("EXPLAIN QUERY PLAN " + sql)
        scans = [row[-1].split() for row in cursor.fetchall() if row[-1].startswith("SCAN ")]
    return [scan for scan in scans if scan[1] in ALIASES or scan[1].startswith(LARGE)]


def test_the_command_makes_the_index_anew(tmp_path, database_url):
    shell = Shell(tmp_path / "data", database_url)
    shell.installed()
    ran = shell.run("search", "rebuild", "--json")
    assert (ran.status, ran.json["recordings"]) == (0, 0), ran.err
