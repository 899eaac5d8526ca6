"""The book and the catalogue held against the ledger: with the triggers dropped, what was done by hand is named."""

import random
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import JSONField
from django.test.utils import CaptureQueriesContext

from aigaq.access import checks as access_checks
from aigaq.access.looks import Grants, Octets, look
from aigaq.access.stretches import Scale
from aigaq.copies import checks as copies_checks
from aigaq.copies import mirroring, scrubbing
from aigaq.copies.models import BlobCopy
from aigaq.copies.places import Places
from aigaq.copies.rules import policy_of
from aigaq.disclosure import checks as disclosure_checks
from aigaq.disclosure.models import Demand, Selection
from aigaq.disclosure.services.hand_over import HandOverRequest
from aigaq.disclosure.services.hand_over import hand_over as hand_over_package
from aigaq.disclosure.services.paper import store_paper
from aigaq.docks import checks as docks_checks
from aigaq.docks import services as docks
from aigaq.incidents import checks as incidents_checks
from aigaq.incidents.models import Decision, Incident, Outcome
from aigaq.incidents.services import DecisionRequest, attend, decide
from aigaq.ingest.services import unload
from aigaq.journal import checks as journal_checks
from aigaq.journal import evidence
from aigaq.journal.models import Correction, Issue, JournalRow, Remark, SealFound, ThingFound, ThingKind
from aigaq.journal.rules import Check, Found
from aigaq.journal.services.books import open_book, register_next
from aigaq.journal.services.inscribe import InscriptionRequest, inscribe
from aigaq.journal.services.remark import remark
from aigaq.ledger import comparison
from aigaq.ledger.guards import insert_only_tables
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE
from aigaq.ledger.tables import Table
from aigaq.media.making.recipes import Plan, Product, Way
from aigaq.recordings import checks as recordings_checks
from aigaq.recordings import judging
from aigaq.recordings.models import CoverageJudgement, Pace, Purpose, Recording, RecordingFile
from aigaq.recordings.services import place
from aigaq.recordings.showings import codes_at, show
from aigaq.recordings.workshop import Workshop
from aigaq.regulation.profile import SampleRule
from aigaq.retention import checks as retention_checks
from aigaq.retention import remainders
from aigaq.retention.models import DisposalPlan, HeldRecording, Remainder, RemainderRemoved, RetentionTerm
from aigaq.retention.planning import drop
from aigaq.retention.selectors import holds_in
from aigaq.retention.services import release_hold
from aigaq.review import checks as review_checks
from aigaq.review import samples
from aigaq.review.draws import Draws
from aigaq.review.models import MarkChange, Sample, SampleItem
from aigaq.vault import copying
from aigaq.vault.backends.local import LocalBackend
from tests.support import amount
from tests.support.badcards import bad_card
from tests.support.cards import fill, octets, pipeline, take, takes
from tests.support.disclosure import Registrar, every_recording
from tests.support.disposals import Keeper, LockedPlace
from tests.support.docks import enrolled, hand_over, intake, sealed
from tests.support.duty import CHECKS, on_duty, own_password, spare_of
from tests.support.films import film
from tests.support.forgery import delete, other_values, triggers_dropped, undone, unguarded, write
from tests.support.reviews import Reviewer
from tests.support.screens import Lens, code_film
from tests.support.snapshots import once
from tests.support.vaults import IDENTITY, blobs, flip

pytestmark = pytest.mark.django_db

many_tries = pytest.mark.django_db(transaction=True)
"""For `triggers_dropped`, once for all tries: within a transaction that dropped them, SQLite reads its whole schema
anew and prepares every statement again after each that is `undone`."""

NEXT_MONTH = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)

RULE = SampleRule(percent=60, least=1, days=15)

SHARE = 1 if amount.FULL else 8
"""Of the changed values every so-manieth is tried."""

TABLES: dict[str, Table] = {
    table.label: table
    for table in (
        *journal_checks.TABLES,
        *recordings_checks.TABLES,
        *incidents_checks.TABLES,
        *review_checks.TABLES,
        *retention_checks.TABLES,
        *disclosure_checks.TABLES,
        *docks_checks.TABLES,
        *access_checks.TABLES,
        *copies_checks.TABLES,
    )
}
STATEMENTS = (
    journal_checks.STATEMENT,
    recordings_checks.STATEMENT,
    incidents_checks.STATEMENT,
    review_checks.STATEMENT,
    retention_checks.STATEMENT,
    disclosure_checks.STATEMENT,
    docks_checks.STATEMENT,
    access_checks.STATEMENT,
    copies_checks.STATEMENT,
)


def of_app(table):
    """What all apps state, but held only against the tables of the app of `table`: for where many rows are tried."""
    return [
        comparison.Statement(each.tables if table in each.tables else (), each.carried_by)
        for each in STATEMENTS
    ]


def findings(table=None):
    """Of every table, or of those `of_app`."""
    statements = of_app(table) if table else STATEMENTS
    return list(comparison.compare(statements, also=[evidence.Reader().check, Draws(RULE).check]))


def told(table=None):
    """Kind, table and column of each finding."""
    return {
        (fault.kind.value, getattr(fault, "table", ""), getattr(fault, "column", ""))
        for fault in findings(table)
    }


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def line(office, tmp_path):
    return pipeline(office, tmp_path / "vault")


@pytest.fixture
def story(office, tmp_path, monkeypatch):
    """One of everything: a film unloaded and judged, a photo healed, the tray emptied, two books."""
    row, office.clock.instant = once("story", lambda: told_by(office, tmp_path, monkeypatch))
    return row


def told_by(office, tmp_path, monkeypatch):
    """The row, and when it is at the end."""
    duty, line = on_duty(office), pipeline(office, tmp_path / "vault")
    failed = {**CHECKS, next(iter(CHECKS)): Check(passed=False, remark="Сызат бар")}
    row = duty.issue(checks=failed)
    duty.passes(minutes=20)
    duty.resume(row, duty.pause(row))
    duty.repair(duty.fail(row, words="Экраны қараңғы"))
    duty.lose(row, thing=ThingKind.CARD, words="Көлікте қалды")
    duty.pause(row, **duty.by_voice(reason="sanitary"))
    duty.passes(minutes=10)
    shown = code_film(time_code_of(office, row), 3, Lens(width=320, height=240, noise=0, rate=10, gop=10))
    card = fill(
        tmp_path / "card", {**takes(2), take(9, ending="MP4"): film(seconds=1), take(8, ending="MP4"): shown}
    )
    unload(line, card, keep=True)
    fill(card, {take(7, second=7): octets(7, 9_000)})
    with bad_card(monkeypatch) as bad:
        bad.breaks(card / take(7, second=7), 3)
        unload(line, card, keep=True)
    shop = Workshop(office.ledger, lambda: line.vault, tmp_path / "spool")
    shown = RecordingFile.objects.get(path=take(9, ending="MP4"))
    assert shop.ask(office.by(office.custodian), shown, Plan(Product.PROXY, Way.REMUX), IDENTITY)
    assert shop.run_waiting() == 1
    flip(blobs(line.vault.backend.directory)[0], 300)
    duty.passes(minutes=1)
    unload(line, card)
    duty.give_back(row, seal_found=SealFound.BROKEN, condition="Көлікте үзілген")
    duty.passes(minutes=1)
    unload(line, fill(tmp_path / "late", takes(2, recorder="БТ-0009")))
    ahead = {name.replace("20261120", "20270101"): data for name, data in takes(2).items()}
    unload(line, fill(tmp_path / "ahead", ahead))
    duty.passes(minutes=1)
    spare = spare_of(office)
    second = duty.issue(recorder=spare.recorder, card=spare.card)
    third = duty.replace(duty.fail(second), spare_of(office, "0003"))
    duty.give_back(second, recorder=Found(ThingFound.DAMAGED, "Экраны сынған"))
    duty.give_back(third, seal_number_found="Қ-0777")
    duty.passes(minutes=1)
    free = Recording.objects.filter(placement=None)
    assert place(office.ledger, office.by(office.custodian), free, row) == 2
    remark(office.ledger, office.by(office.custodian), row=row, text="Түскі үзіліс", author=office.custodian)
    duty.correct(row, "subject", "«Жаңа Құрылыс» ЖШС")
    duty.correct(row, "inspector", str(office.second_inspector.pk))
    judging.catch_up(office.ledger)
    attend(office.ledger)
    decide_on(office, Incident.objects.earliest("seq"))
    reviewer = Reviewer(office)
    for file in RecordingFile.objects.order_by("recorded_at", "path")[:2]:
        marked = reviewer.marks(file, note="Эвакуация жолы жабық", until_ms=900)
        reviewer.amends(marked, is_evidence=False)
        reviewer.withdraws(marked)
    reviewer.reviews(row)
    reviewer.reviews(Recording.objects.earliest("ingested_at"))
    office.clock.instant, here = NEXT_MONTH, office.clock.instant
    reviewer.reviews(row)
    samples.draw_due(office.ledger, RULE)
    samples.note(office.ledger, office.by(office.head), Sample.objects.get(), head=office.head, text="Жақсы")
    office.clock.instant = here
    hand_over_on_demand(office, line.vault)
    watch(office, RecordingFile.objects.earliest("pk"), row)
    copied_and_healed(office, line, tmp_path / "disk")
    dock, _pc = enrolled(office)
    for number in range(2):
        hand_over(intake(office, tmp_path / f"docks-{number}"), dock, sealed(b"%d" % number))
    docks.revoke(office.ledger, office.by(office.head), dock, "Ауыстырылды")
    enrolled(office, name="Док 2")
    by_head, ended_on = office.by(office.head), date(2026, 11, 20)
    register_next(office.ledger, by_head, division=office.division, registration_number="01-12/5", sheets=48)
    last_page = InscriptionRequest(head=office.head, book=duty.book, ended_on=ended_on)
    inscribe(office.ledger, by_head, last_page, own_password(office.head))
    open_book(
        office.ledger,
        MACHINE,
        division=office.division,
        registration_number="01-12/5",
        started_on=date(2026, 11, 21),
        sheets=48,
    )
    dispose_years_later(office, line, tmp_path)
    return row, office.clock.instant


def dispose_years_later(office, line, tmp_path):
    """One plan is dropped; what came on a card of nobody's goes by another. Then it is that day again."""
    unload(line, fill(tmp_path / "nobody's", {take(77, recorder="БТ-0077"): octets(77)}))
    recording = RecordingFile.objects.get(path__contains="БТ-0077").recording_id
    keeper, here = Keeper(office, line.vault), office.clock.instant
    keeper.waits(here + timedelta(days=4 * 366))
    plan, by = keeper.proposes([recording]), office.by(office.custodian)
    asked = {"division": office.division, "person": office.custodian, "reason": "Ертерек"}
    drop(office.ledger, by, plan=plan.pk, **asked)
    plan = keeper.proposes([recording])
    keeper.approves(plan)
    office.clock.instant += timedelta(days=1)
    until = office.clock.now() + timedelta(days=1)
    keeper.disposes(plan, is_sound=lambda: True, copies={"disk": LockedPlace(until)})
    office.clock.instant = until
    disk = LocalBackend(tmp_path / "disk", immutable=False)
    remainders.attend(office.ledger, line.vault.backend, {"disk": disk}, lambda: True, lambda _seconds: False)
    office.clock.instant = here


def hand_over_on_demand(office, vault):
    """One demand goes all its way, another is refused, and what it held is let go."""
    registrar, by = Registrar(office), office.by(office.custodian)
    first, *others = every_recording()[:3]
    demand = registrar.registers(first, document=store_paper(vault, b"%PDF-1.7"))
    registrar.amends(demand, first, *others)
    approval = registrar.approves(demand, read=2)
    building = registrar.builds(approval)
    asked = HandOverRequest(
        person=office.custodian,
        division=office.division,
        demand=demand.pk,
        building=building.pk,
        receiver="Омаров Нұрлан",
        position="Сот хатшысы",
        basis="Сенімхат № 5",
        carrier="disc",
        way="on-screen",
        signed_name="омаров нұрлан",
    )
    hand_over_package(office.ledger, by, asked)
    refused = registrar.registers(first)
    registrar.refuses(refused)
    (hold,) = holds_in(office.division, because=refused.pk)
    release_hold(office.ledger, office.by(office.head), hold, head=office.head, reason="Бас тартылды")


def copied_and_healed(office, line, folder):
    """Every sound blob on a second disk, and one that went bad there."""
    disk = LocalBackend(folder, immutable=False)
    copying.begin(line.vault.backend, disk)
    places = Places(vault=line.vault.backend, copies={"disk": disk}, policy=policy_of("", ("disk",)))
    mirroring.attend(office.ledger, places, lambda _seconds: False)
    flip(blobs(folder)[0], 300)
    scrubbing.attend(office.ledger, places, lambda _seconds: False, at_once=True)


def watch(office, file, row):
    """The head looks at the duty, and into one of its files."""
    by = office.by(office.head)
    look(office.ledger, by, "duty-viewed", {"row": str(row.pk)})
    about = {"recording": str(file.recording_id), "row": str(row.pk)}
    digest = f"sha256:{file.blob.content_digest}"
    octets = Octets(
        digest=digest, scale=Scale(file.blob.size, 1.0), viewing=uuid4(), file=file.pk, about=about
    )
    Grants(office.ledger, by, "played", octets).covered(0)


def time_code_of(office, row):
    """What a lens sees of it, from its second second on."""
    by, asked = office.by(office.custodian), {"purpose": Purpose.ISSUE, "custodian": office.custodian}
    showing = show(office.ledger, by, row=row, pace=Pace.STEADY, **asked)
    codes = codes_at(office.ledger, showing, showing.began_at, timedelta(seconds=9))
    return lambda at: codes[int(1.25 + at)].text


def decide_on(office, incident):
    request = DecisionRequest(
        head=office.head, incident=incident, outcome=Outcome.EXPLAINED, reason="Көлік апаты, актісі бар"
    )
    return decide(office.ledger, office.by(office.head), request, own_password(office.head))


def test_every_insert_only_table_is_held_against_the_ledger():
    guarded = {name for name in insert_only_tables() if not name.startswith("ledger_")}
    assert guarded == {table.model._meta.db_table for table in TABLES.values()}


def test_every_column_is_stated_or_says_why_not():
    for table in TABLES.values():
        names = {field.column for field in table.model._meta.concrete_fields}
        assert names - {"seq"} == set(table.columns) | set(table.derived)
        assert all(len(reason.split()) > 5 for reason in table.derived.values())
        assert set(table.derived) <= {"id"}


def test_what_the_office_wrote_is_sound(story):
    assert findings() == []
    for statement in STATEMENTS:
        assert findings(statement.tables[0]) == []
    assert all(table.count() for table in TABLES.values()), "the story has to write in every table"


@many_tries
def test_a_change_of_any_value_is_found(story):
    tried = 0
    with triggers_dropped() as cursor:
        for table in TABLES.values():
            rows = list(table.model._default_manager.order_by("pk"))
            for field in table.model._meta.concrete_fields:
                if field.column in table.derived:
                    continue
                for row in {rows[0], rows[-1]}:
                    for value in other_values(field, getattr(row, field.attname)):
                        tried += 1
                        if tried % SHARE:
                            continue
                        with undone():
                            write(cursor, row, field, value)
                            assert findings(table), f"{table.label}.{field.column}: {value!r}"
    assert tried > 150
    assert findings() == []


def test_a_changed_value_is_named_with_its_column_and_both_spellings(story):
    issue = story.issue
    with unguarded() as cursor:
        write(cursor, issue, Issue._meta.get_field("subject"), "Басқа ЖШС")
        (fault,) = findings()
    assert (fault.kind, fault.seq, fault.table) == ("row-changed", issue.seq, "journal.issue")
    assert (fault.column, fault.stored, fault.stated) == ("subject", "Басқа ЖШС", issue.subject)
    assert fault.message.format(**fault.evidence) == (
        f"Row {issue.pk} of the table journal.issue says “Басқа ЖШС” in the column subject, "
        f"entry {issue.seq} says “{issue.subject}”: the row was changed."
    )


@many_tries
def test_a_deleted_row_of_any_table_is_missed(story):
    with triggers_dropped() as cursor:
        for table in TABLES.values():
            for row in amount.of(table.model._default_manager.order_by("pk"), every=5):
                with undone():
                    delete(cursor, row)
                    assert ("row-missing", table.label, "") in told(table), f"{table.label} {row.pk}"


@many_tries
def test_a_row_put_in_is_named_whether_it_claims_an_entry_or_not(story):
    with triggers_dropped():
        for table in TABLES.values():
            row = table.model._default_manager.order_by("pk").last()
            for seq in amount.of((row.seq, 0, 10**6), every=2) if table.has_seq else (None,):
                with undone():
                    write_copy(row, seq)
                    kinds = {kind for kind, label, _ in told(table) if label == table.label}
                    assert kinds & {"row-without-entry", "row-of-wrong-entry"}, f"{table.label} {seq}"


def write_copy(row, seq):
    """The same row once more, other in what has to be unique."""
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.get_internal_type() not in ("AutoField", "BigAutoField")
    }
    for field in row._meta.concrete_fields:
        if field.unique and field.attname in values and field.attname != "seq":
            (values[field.attname], *_) = other_values(field, values[field.attname])
    if seq is not None:
        while row._meta.get_field("seq").unique and type(row)._default_manager.filter(seq=seq).exists():
            seq += 1
        values["seq"] = seq
    if isinstance(
        row, JournalRow | Correction | CoverageJudgement | MarkChange | Demand | RetentionTerm | DisposalPlan
    ):
        values["number"] += 100
    if isinstance(row, BlobCopy | Remainder | RemainderRemoved):
        values["place"] = "forged"
    if row._meta.model_name == "received":
        values["stored_digest"] = "f" * 64
    if row._meta.model_name == "signature":
        values["act"] = "forged"
    if isinstance(row, SampleItem):
        values["ordinal"] += 100
    if isinstance(row, Selection):
        values["version"] += 100
    if isinstance(row, HeldRecording):
        values["recording_id"] = Recording.objects.exclude(holds__hold=row.hold).first().pk
    if isinstance(row, Sample):
        values["month"] = date(2026, 10, 1)
    if "thing" in values:
        values["thing"] = "forged"
    row._meta.model(**values).save(force_insert=True)


@many_tries
def test_a_row_that_points_at_another_entry_is_named(story):
    with triggers_dropped() as cursor:
        for table in TABLES.values():
            if not table.has_seq:
                continue
            row = table.model._default_manager.order_by("pk").first()
            for seq in amount.of((row.seq - 1, row.seq + 1, LedgerEntry.objects.count() + 5), every=2):
                with undone():
                    cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE seq = %s", [seq])
                    write(cursor, row, row._meta.get_field("seq"), seq)
                    kinds = {kind for kind, label, _ in told(table) if label == table.label}
                    assert kinds & {"row-of-wrong-entry", "row-without-entry", "row-changed"}, (
                        f"{table.label} {seq}"
                    )


def test_a_decision_turned_into_another_is_named_with_both(story):
    decision = Decision.objects.get()
    with unguarded() as cursor:
        write(cursor, decision, Decision._meta.get_field("outcome"), Outcome.DISCIPLINARY)
        (fault,) = findings()
    assert (fault.kind, fault.seq, fault.table) == ("row-changed", decision.seq, "incidents.decision")
    assert (fault.column, fault.stored, fault.stated) == ("outcome", "disciplinary", "explained")


def test_an_incident_made_to_vanish_is_missed_with_its_decision(story):
    with unguarded() as cursor:
        decision = Decision.objects.get()
        delete(cursor, decision)
        delete(cursor, decision.incident)
        assert told() == {
            ("row-missing", "incidents.incident", ""),
            ("row-missing", "incidents.decision", ""),
        }


def test_two_remarks_that_changed_places_are_noticed(story):
    first, second = Remark.objects.order_by("seq")[:2]
    with unguarded() as cursor:
        write(cursor, first, Remark._meta.get_field("text"), second.text)
        write(cursor, second, Remark._meta.get_field("text"), first.text)
        assert told() == {("row-changed", "journal.remark", "text")}


def test_a_recording_put_in_is_named_even_where_another_was_deleted(story):
    (deleted, copied) = Recording.objects.order_by("pk")[:2]
    with unguarded() as cursor:
        delete(cursor, deleted)
        write_copy(copied, None)
        assert {
            ("row-missing", "recordings.recording", ""),
            ("row-without-entry", "recordings.recording", ""),
        } <= told()


def test_a_recording_that_another_kind_of_entry_names_is_still_without_its_own(office, story):
    with unguarded():
        new = Recording.objects.all()[0]
        new.pk = uuid4()
        new.save(force_insert=True)
        with transaction.atomic():
            office.ledger.append("access.played", office.by(office.head), {"recording": str(new.pk)})
        assert ("row-without-entry", "recordings.recording", "") in told()


@many_tries
def test_what_no_column_can_hold_raises_nothing(story):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's columns hold only what they are for")
    with triggers_dropped() as cursor:
        for table in TABLES.values():
            row = table.model._default_manager.order_by("pk").first()
            key = row._meta.pk.get_db_prep_value(row.pk, connection)
            for field in amount.of(table.model._meta.concrete_fields, every=3):
                if field.primary_key or isinstance(field, JSONField) or field.column in table.derived:
                    continue  # SQLite itself refuses what is no JSON
                with undone():
                    cursor.execute(
                        f'UPDATE {row._meta.db_table} SET "{field.column}" = CAST(%s AS TEXT)'
                        f' WHERE "{row._meta.pk.column}" = %s',
                        [b"\xff\xfe", key],
                    )
                    assert findings(), f"{table.label}.{field.column}"


def test_an_entry_without_its_facts_is_named(story, office):
    with unguarded():
        with transaction.atomic():
            seq = office.ledger.append("journal.remarked", MACHINE, {"text": "…"}).seq
        (fault,) = findings()
        assert (fault.kind, fault.seq) == ("entry-says-no-row", seq)
        assert "journal.remarked" in fault.message.format(**fault.evidence)


def test_queries_grow_by_none_within_a_batch(office, duty):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert findings() == []
        return len(captured)

    duty.give_back(duty.issue())
    few = queries()
    for _ in range(30):
        duty.give_back(duty.issue())
    assert queries() <= few


def test_clean_runs_raise_no_alarm(office, duty, line, tmp_path):
    for seed in range(amount.times(50, 10)):
        play(random.Random(seed), office, duty, line, tmp_path / str(seed))
        assert findings() == [], f"seed {seed}"


def play(chance, office, duty, line, folder):
    by, out, last = office.by(office.custodian), None, None
    for step in range(chance.randint(2, 5)):
        duty.passes(seconds=chance.randint(0, 5000), microseconds=chance.randint(0, 999_999))
        act = chance.choice(("hands", "hands", "hands", "hands", "remark", "remark", "unload"))
        if act == "hands" and out is None:
            out = last = duty.issue(card=chance.choice((office.card, None)))
        elif act == "hands":
            duty.give_back(out, seal_found=chance.choice(list(SealFound)), condition="Байқалды")
            out = None
        elif act == "remark" and last:
            remark(office.ledger, by, row=last, text=f"№ {step}", author=office.custodian)
        elif act == "unload":
            card = fill(folder / str(step), {take(step, second=step): chance.randbytes(50)})
            unload(line, card, keep=chance.random() < 0.5)
    if out is not None:
        duty.give_back(out)
