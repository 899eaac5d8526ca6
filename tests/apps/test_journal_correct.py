"""Corrections: the old text stays struck beside the new one, and the custodian signs for it (R10.2)."""

import json
from dataclasses import replace
from functools import partial

import pytest
from django.db import DatabaseError, transaction

from aigaq.journal import errors
from aigaq.journal.evidence import FaultKind, check_entries, check_entry
from aigaq.journal.models import Correction, Issue, JournalRow, Remark, SealFound, ThingFound, ThingKind
from aigaq.journal.rules import Check, Found
from aigaq.journal.selectors import row_view, seal_set
from aigaq.journal.services.remark import remark
from aigaq.journal.services.sign import OwnPassword
from aigaq.journal.signed import RECEIVED, digest_of
from aigaq.ledger.models import LedgerEntry
from aigaq.regulation import profile
from tests.apps.test_journal_race import at_once
from tests.support.duty import CHECKS, PURPOSE, SEAL, entries, on_duty
from tests.support.office import ADDRESS, password_of

pytestmark = pytest.mark.django_db

FIRST = next(iter(CHECKS))


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def row(duty):
    """Returned by another person with a broken seal, a failed check and a remark: every cell is there."""
    office = duty.office
    row = duty.issue(checks={**CHECKS, FIRST: Check(passed=False, remark="Сызат бар")})
    remark(
        office.ledger,
        office.by(office.custodian),
        row=row,
        text="Түскі үзіліс 13:00",
        author=office.custodian,
    )
    return duty.give_back(
        row, handed_back_by=office.second_inspector, seal_found=SealFound.BROKEN, condition="Көлікте үзілген"
    )


def cell(row, name):
    return row_view(row).cells[name]


def test_every_cell_that_a_person_wrote_can_be_corrected(duty, row):
    written = Remark.objects.get(text="Түскі үзіліс 13:00")
    new = {
        "control": "inspection-check",
        "subject": "«Жаңа» ЖШС",
        "object": "Талғар қ.",
        "act_number": "№ 119",
        "seal_number": "Қ-0413",
        f"check:{FIRST}": "Сызат ескі",
        "seal_found": "missing",
        "seal_number_found": "Қ-0500",
        "condition": "Жолда үзілген",
        f"remark:{written.seq}": "Түскі үзіліс 14:00",
    }
    before = row_view(row).cells
    assert before.keys() == {*new, *RECEIVED}
    controls = [control.key for control in profile.load().controls if control.key != PURPOSE.control]
    new["control"] = controls[0]
    for name, value in new.items():
        duty.passes(minutes=1)
        duty.correct(row, name, value)
        now = cell(row, name)
        assert (now.struck, now.present) == ((before[name].first,), value)
    assert row_view(row).cells.keys() == before.keys(), "what was composed by the journal is no cell"
    assert check_entries(entries()) == []


def test_what_was_written_first_is_never_touched(duty, row):
    before = list(Issue.objects.values())
    duty.correct(row, "subject", "«Жаңа» ЖШС")
    assert list(Issue.objects.values()) == before


def test_a_chain_of_corrections_is_kept_and_seen(duty, row):
    for new in ("А", "Б", "В"):
        duty.correct(row, "subject", new)
    now = cell(row, "subject")
    assert (now.struck, now.present) == ((PURPOSE.subject, "А", "Б"), "В")
    assert [each.number for each in now.corrections] == [1, 2, 3]
    documents = [entry.body["document"] for entry in entries("journal.corrected")]
    seqs = [entry.seq for entry in entries("journal.corrected")]
    assert [document["corrects"] for document in documents] == [row.issue.seq, *seqs[:-1]]
    assert [(document["old"], document["new"]) for document in documents] == [
        (PURPOSE.subject, "А"),
        ("А", "Б"),
        ("Б", "В"),
    ]


def test_column_7_tells_it_over_the_custodian_s_name(duty, row):
    correction = duty.correct(row, "act_number", "№ 119", reason="Нөмірі шатасқан")
    told = Remark.objects.get(seq=correction.seq)
    assert (
        told.text
        == f"Түзету, актінің нөмірі: «{PURPOSE.act_number}» сызылды, дұрысы – «№ 119». Себебі: Нөмірі шатасқан"
    )
    assert told.by == duty.office.custodian


def test_the_remark_speaks_of_choices_in_words(duty, row):
    correction = duty.correct(row, "seal_found", "missing")
    assert "«бүлінген» сызылды, дұрысы – «жоқ»" in Remark.objects.get(seq=correction.seq).text


def test_the_custodian_s_signature_is_on_the_whole_document(duty, row):
    correction = duty.correct(row, "subject", "«Жаңа» ЖШС")
    (entry,) = entries("journal.corrected")
    document, (signature,) = entry.body["document"], entry.body["signatures"]
    assert signature["signed_digest"] == str(digest_of(document)) == correction.signed_digest
    assert signature["signer"]["id"] == str(duty.office.custodian.pk)
    assert (document["cell"], document["reason"]) == ("subject", "Қате жазылған")
    body = json.loads(json.dumps(entry.body))
    body["document"]["new"] = "«Басқа» ЖШС"
    assert [fault.kind for fault in check_entry(replace(entry, body=body))] == [FaultKind.DIGEST]


@pytest.mark.parametrize(
    ("name", "error", "paragraph"),
    [
        ("issued_at", errors.TimeFixedError, "14"),
        ("returned_at", errors.TimeFixedError, "14"),
        ("unloaded_at", errors.TimeFixedError, "14"),
        ("number", errors.SignedForError, "8"),
        ("custodian", errors.SignedForError, "8"),
        ("handed_back_by", errors.SignedForError, "8"),
    ],
)
def test_times_and_what_was_signed_for_stay(duty, row, name, error, paragraph):
    with pytest.raises(error) as refused:
        duty.correct(row, name, "x")
    assert refused.value.paragraph == paragraph
    assert profile.load().paragraph(paragraph) is not None
    assert nothing_was_written()


@pytest.mark.parametrize(
    ("name", "new", "error"),
    [
        ("colour", "x", errors.UnknownCellError),
        ("check:nosuch", "x", errors.UnknownCellError),
        ("remark:0", "x", errors.UnknownCellError),
        ("subject", PURPOSE.subject, errors.NothingCorrectedError),
        ("subject", f"  {PURPOSE.subject} ", errors.NothingCorrectedError),
        ("subject", " ", errors.NoSubjectError),
        ("object", "", errors.NoObjectError),
        ("act_number", "", errors.NoActNumberError),
        ("seal_number", "", errors.NoSealNumberError),
        ("control", "nosuch", errors.NoPurposeError),
        ("seal_found", "eaten", errors.UnknownSealError),
        ("seal_found", "not-sealed", errors.UnknownSealError),
        (f"check:{FIRST}", "", errors.CheckFailedError),
        ("condition", "", errors.SealUnexplainedError),
        ("subject", "Ұ" * 301, errors.TooLongError),
        ("seal_number", "7" * 65, errors.TooLongError),
    ],
)
def test_what_can_not_stand_there_is_refused(duty, row, name, new, error):
    with pytest.raises(error):
        duty.correct(row, name, new)
    assert nothing_was_written()


def nothing_was_written():
    return (
        not Correction.objects.exists() and not LedgerEntry.objects.filter(kind="journal.corrected").exists()
    )


def test_a_correction_has_a_reason(duty, row):
    with pytest.raises(errors.NoReasonError):
        duty.correct(row, "subject", "А", reason="  ")
    with pytest.raises(errors.TooLongError):
        duty.correct(row, "subject", "А", reason="Ұ" * 301)
    assert nothing_was_written()


def test_only_the_custodian_of_the_division_corrects_and_as_themself(duty, row):
    office = duty.office
    for person in (office.head, office.inspector, office.sister_custodian, office.administrator):
        with pytest.raises(errors.NotCustodianError):
            duty.correct(row, "subject", "А", custodian=person)
    with pytest.raises(errors.NotCustodianError):
        duty.correct(row, "subject", "А", by=office.by(office.head))
    assert nothing_was_written()


def test_with_a_wrong_password_nothing_is_corrected(duty, row):
    with pytest.raises(errors.WrongSignatureError):
        duty.correct(row, "subject", "А", means=OwnPassword(password_of("yerlan"), ADDRESS))
    with pytest.raises(errors.NoSignatureError):
        duty.correct(row, "subject", "А", means=OwnPassword("", ADDRESS))
    assert nothing_was_written()


def test_who_read_an_older_text_is_told_so(duty, row):
    duty.correct(row, "subject", "А")
    with pytest.raises(errors.ChangedMeanwhileError):
        duty.correct(row, "subject", "Б", read=0)
    assert cell(row, "subject").present == "А"


def test_the_seal_is_compared_with_the_corrected_number(duty):
    row = duty.issue()
    duty.correct(row, "seal_number", "Қ-0413")
    assert seal_set(row) == "Қ-0413"
    returned = duty.give_back(row, seal_number_found="Қ-0413").returned
    assert returned.seal_found == SealFound.INTACT
    assert entries("journal.returned")[0].body["document"]["seal"]["set"] == "Қ-0413"
    assert row.issue.seal_number == SEAL


def test_a_correction_is_not_changed_or_deleted(duty, row):
    duty.correct(row, "subject", "А")
    for act in (lambda: Correction.objects.update(new="Б"), lambda: Correction.objects.all().delete()):
        with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
            act()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_correct_the_same_cell_at_once_one_is_told(duty):
    row = duty.issue()
    for turn in range(10):
        outcomes = at_once(
            *(partial(duty.correct, row, "subject", f"{who} {turn}", read=turn) for who in "АБ")
        )
        kinds = sorted(type(outcome).__name__ for outcome in outcomes)
        assert kinds == ["ChangedMeanwhileError", "Correction"], outcomes
    assert JournalRow.objects.get().corrections.count() == 10
    assert [each.number for each in cell(row, "subject").corrections] == list(range(1, 11))


@pytest.fixture
def eventful(duty):
    """A pause, a failure put right, a lost card and a damaged recorder: all that can be said of a duty."""
    row = duty.issue()
    duty.resume(row, duty.pause(row))
    duty.repair(duty.fail(row, words="Экраны қараңғы"))
    duty.lose(row, thing=ThingKind.CARD, words="Көлікте қалды")
    return duty.give_back(
        row,
        recorder=Found(ThingFound.DAMAGED, "Экраны сынған"),
        card=Found(ThingFound.MISSING, "Табылмады"),
    )


def named(row, prefix):
    """The one cell whose name begins so."""
    (name,) = [name for name in row_view(row).cells if name.startswith(prefix)]
    return name


def test_what_people_said_of_a_duty_can_be_corrected_too(duty, eventful):
    new = {
        named(eventful, "pause:"): "sanitary",
        named(eventful, "cause:"): "clock",
        named(eventful, "failure:"): "2 сағат артта",
        named(eventful, "repair:"): "Уақыты түзетілді",
        "loss:card": "Нысанда қалды",
        "damage:recorder": "Линзасы сынған",
        "damage:card": "Іздестірілуде",
    }
    before = row_view(eventful).cells
    for name, value in new.items():
        duty.passes(minutes=1)
        correction = duty.correct(eventful, name, value)
        now = cell(eventful, name)
        assert (now.struck, now.present) == ((before[name].first,), value)
        assert Remark.objects.get(seq=correction.seq).text.startswith("Түзету, ")
    assert row_view(eventful).cells.keys() == before.keys(), "what was composed by the journal is no cell"
    assert check_entries(entries("")) == []


def test_choices_are_struck_in_words(duty, eventful):
    correction = duty.correct(eventful, named(eventful, "cause:"), "clock")
    text = Remark.objects.get(seq=correction.seq).text
    assert "істен шығу себебі: «бейне сапасыз немесе жоқ» сызылды" in text
    correction = duty.correct(eventful, named(eventful, "pause:"), "sanitary")
    text = Remark.objects.get(seq=correction.seq).text
    assert "үзіліс себебі: «тамақ ішу» сызылды, дұрысы – «санитариялық торапқа бару»" in text


@pytest.mark.parametrize(
    ("prefix", "new", "error"),
    [
        ("pause:", "smoking", errors.UnknownReasonError),
        ("cause:", "gremlins", errors.UnknownCauseError),
        ("repair:", "", errors.RepairUnexplainedError),
        ("loss:", " ", errors.NoTextError),
        ("damage:recorder", "", errors.NoTextError),
        ("damage:card", "Ұ" * 301, errors.TooLongError),
    ],
)
def test_what_was_told_stays_told(duty, eventful, prefix, new, error):
    with pytest.raises(error):
        duty.correct(eventful, named(eventful, prefix), new)
    assert nothing_was_written()


def test_a_cause_that_is_none_of_the_list_has_words(duty, eventful):
    cause, words = named(eventful, "cause:"), named(eventful, "failure:")
    duty.correct(eventful, words, "")
    with pytest.raises(errors.NoTextError):
        duty.correct(eventful, cause, "other")
    duty.correct(eventful, words, "Суға түсті")
    duty.correct(eventful, cause, "other")
    with pytest.raises(errors.NoTextError):
        duty.correct(eventful, words, "")
