"""The division's own book on paper, and the paper held against the database it was printed from."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aigaq.journal import printing
from aigaq.journal.paper_check import check_printed
from aigaq.journal.printing import NoLedgerError, NoSuchSheetError, Part, TooManySheetsError, UnknownBookError
from aigaq.journal.services.books import close_book
from aigaq.journal.services.inscribe import InscriptionRequest, inscribe
from aigaq.journal.services.remark import remark
from aigaq.journal.services.unload import record_unloading
from aigaq.ledger import checks, selectors
from aigaq.ledger.models import Checkpoint, LedgerEntry
from aigaq.ledger.services import MACHINE
from aigaq.paperwork.last_page import LastPageCode
from aigaq.paperwork.sheet import SheetCode
from aigaq.regulation import profile
from aigaq.tlog.checkpoint import VerifierKey
from tests.support.databases import whatever_the_engine
from tests.support.duty import Duty, on_duty, own_password, spare_of
from tests.support.forgery import triggers_dropped
from tests.support.paper import FORM, Pdf, dark_line_through, needs_poppler

pytestmark = pytest.mark.django_db

ORDER = profile.load()
FIRST_SHEET = 3
LAST_DAY = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)
UNLOAD = "8a3c0c1e-9d0b-4f6a-8a67-{:012}"


@pytest.fixture
def duty(office):
    return on_duty(office, rows_per_sheet=2)


def a_day(duty: Duty, number=0):
    """Issued at nine, handed back, unloaded, remarked."""
    office = duty.office
    row = duty.issue()
    duty.passes(hours=9)
    duty.give_back(row)
    duty.passes(minutes=20)
    unloaded_at = office.clock.now()
    record_unloading(
        office.ledger,
        MACHINE,
        row=row,
        unload_id=UNLOAD.format(number),
        files=12,
        octets=3_200_000,
        occurred_at=unloaded_at,
    )
    by = office.by(office.custodian)
    remark(office.ledger, by, row=row, text=f"Үзіліс {number}", author=office.custodian)
    duty.passes(hours=14, minutes=40)
    return row


def pdf_of(duty, **options):
    return Pdf(book_pdf(printing.book_with("01-12/4"), ORDER, **options))


def book_pdf(book, profile, **options):
    return printing.print_sheets(book, profile, **options).pdf


def size_now():
    return Checkpoint.objects.order_by("-size").first().size


def code_of(sheet=1):
    """What stands on the sheet if it is printed now."""
    book = printing.book_with("01-12/4")
    (whole,) = printing.sheets(book, size_now(), Part(sheet, sheet))
    return SheetCode("01-12/4", sheet, whole.digest, selectors.newest_checkpoint())


@needs_poppler
def test_a_day_of_duty_stands_in_the_seven_columns(duty):
    a_day(duty, 5)
    told = pdf_of(duty).told(FIRST_SHEET)
    for part in (
        "1-парақ",
        "БТ-0001",
        "ЖК-0001",
        "Өтегенов Ерлан Сәкенұлы",
        "20.11.2026 09:00",
        "20.11.2026 18:00",
        "20.11.2026 18:20",
        "12 файл",
        "Үзіліс 5",
        "(Жүнісов Данияр Ғалымұлы, 20.11.2026 18:20)",
        "жеке құпиясөзбен",
    ):
        assert part in told, part


@needs_poppler
@whatever_the_engine
def test_each_row_gets_what_was_written_on_it_and_no_other(duty):
    first = a_day(duty)
    for number in range(1, 5):
        a_day(duty, number)
    office = duty.office
    remark(office.ledger, office.by(office.custodian), row=first, text="Кейін", author=office.custodian)
    sheets = list(printing.sheets(duty.book, size_now(), Part(1, 4)))
    assert [[row.number for row in sheet.rows] for sheet in sheets] == [[1, 2], [3, 4], [5], []]
    for sheet in sheets:
        for row in sheet.rows:
            late = ["Кейін"] if row.number == 1 else []
            assert [each.text[0].text for each in row.remarks] == [f"Үзіліс {row.number - 1}", *late]
            assert len(row.unloaded) == 1
            assert row.issued.mark.at == row.issued.at
            assert row.returned.mark.at == row.returned.at
            assert row.issued.mark.signed_digest != row.returned.mark.signed_digest


@needs_poppler
@whatever_the_engine
def test_a_corrected_remark_is_struck_with_the_new_one_beside_it_and_the_custodians_mark(duty):
    office = duty.office
    row = a_day(duty)
    first = remark(office.ledger, office.by(office.custodian), row=row, text="Қате", author=office.custodian)
    before = code_of()
    duty.correct(row, f"remark:{first.seq}", "Түзу")
    correction = duty.correct(row, f"remark:{first.seq}", "Дұрыс")
    duty.correct(row, "subject", "Басқа субъект")
    (sheet,) = printing.sheets(duty.book, size_now(), Part(1, 1))
    remarks = sheet.rows[0].remarks
    runs = [[(run.text, run.struck) for run in each.text] for each in remarks]
    assert runs[1] == [("Қате", True), ("Түзу", True), ("Дұрыс", False)]
    assert [each.mark is not None for each in remarks] == [False, False, True, True, True]
    assert remarks[3].mark.signed_digest == correction.signed_digest
    assert remarks[3].mark.name == office.custodian.full_name
    told = pdf_of(duty).told(FIRST_SHEET)
    assert "Қате Түзу Дұрыс" in told
    assert correction.signed_digest.removeprefix("sha256:")[:12] in told
    assert check_printed(before) == []


def test_the_number_of_queries_does_not_grow_with_the_rows(duty):
    a_day(duty, 0)
    with CaptureQueriesContext(connection) as few:
        book_pdf(printing.book_with("01-12/4"), ORDER)
    for number in range(1, 6):
        a_day(duty, number)
    with CaptureQueriesContext(connection) as many:
        book_pdf(printing.book_with("01-12/4"), ORDER)
    assert len(many) == len(few) <= 11


def inscribed(duty, ended_on=None):
    office = duty.office
    office.clock.instant = LAST_DAY
    request = InscriptionRequest(head=office.head, book=duty.book, ended_on=ended_on)
    return inscribe(office.ledger, office.by(office.head), request, own_password(office.head))


def last_page_code(duty):
    """What stands on the last page if it is printed now."""
    book = printing.book_with("01-12/4")
    page = printing.last_page(book, size_now())
    return LastPageCode("01-12/4", page.sheets, page.digest, selectors.newest_checkpoint())


@needs_poppler
@whatever_the_engine
def test_a_closed_book_has_its_dates_and_no_inscription_before_it_is_signed(duty):
    for number in range(3):
        a_day(duty, number)
    office = duty.office
    office.clock.instant = LAST_DAY
    close_book(office.ledger, office.by(office.head), book=duty.book, ended_on=LAST_DAY.date())
    pdf = pdf_of(duty)
    assert '"01" желтоқсан 2026 жылы аяқталды' in pdf.told(1)
    last = pdf.told(pdf.pages)
    assert FORM.last_page.kk in last
    assert office.head.full_name not in last
    assert pdf.codes(pdf.pages) == []


@needs_poppler
def test_an_inscribed_book_is_printed_whole_with_the_heads_mark_and_a_code(duty):
    a_day(duty)
    page = inscribed(duty, LAST_DAY.date())
    pdf = pdf_of(duty)
    assert pdf.pages == 2 + 48 + 1
    last = pdf.told(pdf.pages)
    for part in (
        "Осы журналда 48 (қырық сегіз) парақ нөмірленген, тігілген және мөрмен бекітілген",
        "Бөлімше басшысы",
        duty.office.head.full_name,
        "09:00:00 жеке құпиясөзбен",
        page.signed_digest.removeprefix("sha256:")[:12],
        "Жауапты тұлға",
        "М.О.",
    ):
        assert part in last, part
    (text,) = pdf.codes(pdf.pages)
    assert LastPageCode.parse(text) == last_page_code(duty)


@needs_poppler
@whatever_the_engine
def test_under_a_checkpoint_before_the_inscription_there_is_none(duty):
    a_day(duty)
    note = selectors.newest_checkpoint()
    before = book_pdf(printing.book_with("01-12/4"), ORDER)
    inscribed(duty, LAST_DAY.date())
    assert book_pdf(printing.book_with("01-12/4"), ORDER, checkpoint=note) == before
    assert "48" not in Pdf(before).told(Pdf(before).pages)


@needs_poppler
@whatever_the_engine
def test_a_part_of_an_inscribed_book_tells_the_sheets_of_all_of_it(duty):
    inscribed(duty, LAST_DAY.date())
    pdf = pdf_of(duty, part=Part(2, 3))
    assert pdf.pages == 5
    assert "48 (қырық сегіз)" in pdf.told(5)


def test_from_the_scanned_last_page_ledger_and_book_are_proven_later(duty):
    inscribed(duty, LAST_DAY.date())
    code = last_page_code(duty)
    duty.office.clock.instant += timedelta(days=400)
    key = VerifierKey.of(duty.office.ledger.signer)
    assert checks.verify(key, since=[code.checkpoint]).is_sound
    assert check_printed(code) == []


LAST_PAGE_TAMPERINGS = {
    "fewer sheets": "UPDATE journal_inscription SET sheets = 47",
    "another head": (
        "UPDATE journal_inscription SET by_id = (SELECT id FROM registry_person WHERE staff_number = '201')"
    ),
    "a signature on something else": "UPDATE journal_inscription SET signed_digest = 'sha256:"
    + "0" * 64
    + "'",
    "signed in another way": "UPDATE journal_inscription SET way = 'passkey'",
    "another first day": "UPDATE journal_journalbook SET started_on = '2026-11-19'",
    "another last day": "UPDATE journal_bookend SET ended_on = '2026-12-02'",
}


@whatever_the_engine
@pytest.mark.parametrize("tampering", LAST_PAGE_TAMPERINGS)
def test_an_inscription_changed_behind_the_ledger_contradicts_the_paper(duty, tampering):
    inscribed(duty, LAST_DAY.date())
    code = last_page_code(duty)
    with triggers_dropped() as cursor:
        cursor.execute(LAST_PAGE_TAMPERINGS[tampering])
        assert cursor.rowcount == 1
    (fault,) = check_printed(code)
    assert fault.kind == "last-page-mismatch"
    assert "01-12/4" in fault.message.format(**fault.evidence)


@whatever_the_engine
@pytest.mark.parametrize("rest", ["{}", "not an entry", '{"body":{"document":7}}'])
def test_an_entry_of_the_last_page_that_was_rewritten_contradicts_the_paper_too(duty, rest):
    page = inscribed(duty, LAST_DAY.date())
    code = last_page_code(duty)
    with triggers_dropped() as cursor:
        cursor.execute("UPDATE ledger_ledgerentry SET entry = %s WHERE seq = %s", [rest, page.seq])
    assert [fault.kind for fault in check_printed(code)] == ["last-page-mismatch"]


@whatever_the_engine
def test_an_inscription_that_is_gone_contradicts_the_paper(duty):
    inscribed(duty, LAST_DAY.date())
    code = last_page_code(duty)
    with triggers_dropped() as cursor:
        cursor.execute("DELETE FROM journal_inscription")
    (fault,) = check_printed(code)
    assert fault.kind == "last-page-not-inscribed"
    assert "48" in fault.message.format(**fault.evidence)


@needs_poppler
@whatever_the_engine
def test_a_new_book_prints_its_first_sheet_empty(duty):
    pdf = pdf_of(duty)
    assert pdf.pages == 4
    assert "1-парақ" in pdf.told(FIRST_SHEET)
    assert FORM.last_page.kk in pdf.told(pdf.pages)


@needs_poppler
@whatever_the_engine
def test_a_part_has_the_sheets_that_were_asked_for_empty_ones_too(duty):
    a_day(duty)
    pdf = pdf_of(duty, part=Part(2, 4))
    assert [f"{number}-парақ" in pdf.told(number + 1) for number in (2, 3, 4)] == [True] * 3


@whatever_the_engine
@pytest.mark.parametrize("part", [Part(0, 1), Part(2, 1), Part(48, 49)])
def test_sheets_that_the_book_does_not_have_are_refused(duty, part):
    with pytest.raises(NoSuchSheetError):
        book_pdf(duty.book, ORDER, part=part)


@whatever_the_engine
def test_more_than_memory_should_hold_is_refused(duty, monkeypatch):
    monkeypatch.setattr(printing, "MOST_ROWS", 7)
    with pytest.raises(TooManySheetsError):
        book_pdf(duty.book, ORDER, part=Part(1, 4))
    book_pdf(duty.book, ORDER, part=Part(1, 3))


@whatever_the_engine
def test_an_unknown_book_is_named(duty):
    with pytest.raises(UnknownBookError):
        printing.book_with("01-12/5")


@whatever_the_engine
def test_without_a_ledger_nothing_is_printed(duty):
    with triggers_dropped() as cursor:
        cursor.execute("DELETE FROM ledger_checkpoint")
    with pytest.raises(NoLedgerError):
        book_pdf(duty.book, ORDER)


@whatever_the_engine
def test_a_checkpoint_beyond_the_ledger_is_not_printed(duty):
    note = selectors.newest_checkpoint()
    with triggers_dropped() as cursor:
        cursor.execute("DELETE FROM ledger_ledgerentry WHERE seq = (SELECT max(seq) FROM ledger_ledgerentry)")
    with pytest.raises(NoLedgerError):
        book_pdf(duty.book, ORDER, checkpoint=note)


@whatever_the_engine
def test_progress_is_told_sheet_by_sheet(duty):
    for number in range(3):
        a_day(duty, number)
    told = []
    book_pdf(duty.book, ORDER, on_progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


@whatever_the_engine
def test_printed_again_under_the_same_checkpoint_it_is_the_same_file_whatever_came_after(duty):
    open_row = None
    for number in range(2):
        open_row = a_day(duty, number)
    out = duty.issue()
    note = selectors.newest_checkpoint()
    before = book_pdf(printing.book_with("01-12/4"), ORDER)
    office = duty.office
    duty.passes(hours=9)
    duty.give_back(out)
    record_unloading(
        office.ledger,
        MACHINE,
        row=open_row,
        unload_id=UNLOAD.format(77),
        files=1,
        octets=1,
        occurred_at=office.clock.now(),
    )
    remark(office.ledger, office.by(office.custodian), row=open_row, text="Кейін", author=office.custodian)
    duty.passes(hours=15)
    a_day(duty, 9)
    office.clock.instant = LAST_DAY
    close_book(office.ledger, office.by(office.head), book=duty.book, ended_on=LAST_DAY.date())
    assert book_pdf(printing.book_with("01-12/4"), ORDER, checkpoint=note) == before
    assert book_pdf(printing.book_with("01-12/4"), ORDER) != before


@needs_poppler
def test_from_the_scanned_paper_ledger_and_book_are_proven_later(duty):
    for number in range(3):
        a_day(duty, number)
    pdf = pdf_of(duty)
    codes = [SheetCode.parse(text) for page in (FIRST_SHEET, FIRST_SHEET + 1) for text in pdf.codes(page)]
    assert [code.sheet for code in codes] == [1, 2]
    a_day(duty, 3)
    key = VerifierKey.of(duty.office.ledger.signer)
    assert checks.verify(key, since=[code.checkpoint for code in codes]).is_sound
    assert [check_printed(code) for code in codes] == [[], []]


@whatever_the_engine
def test_what_is_written_on_a_printed_row_later_is_no_contradiction(duty):
    row = duty.issue()
    code = code_of()
    duty.passes(hours=9)
    duty.give_back(row)
    office = duty.office
    remark(office.ledger, office.by(office.custodian), row=row, text="Кейін", author=office.custodian)
    assert check_printed(code) == []


TAMPERINGS = {
    "a remark reworded": "UPDATE journal_remark SET text = 'Басқа' WHERE text = 'Үзіліс 0'",
    "a remark deleted": "DELETE FROM journal_remark WHERE text = 'Үзіліс 0'",
    "an unloading deleted": "DELETE FROM journal_unloading WHERE row_id = (SELECT id FROM journal_journalrow WHERE number = 1)",
    "fewer files unloaded": "UPDATE journal_unloading SET files = 11",
    "another inspector": (
        "UPDATE journal_journalrow SET inspector_id = (SELECT id FROM registry_person WHERE staff_number = '104')"
        " WHERE number = 1"
    ),
    "without the card": "UPDATE journal_journalrow SET card_id = NULL WHERE number = 2",
    "a signature on something else": "UPDATE journal_signature SET signed_digest = 'sha256:" + "0" * 64 + "'",
    "a signature deleted": "DELETE FROM journal_signature WHERE act = 'return'",
    "issued at another time": "UPDATE journal_issue SET occurred_at = '2026-11-20 05:00:00'",
    "a return deleted": "DELETE FROM journal_return",
    "rows exchanged": "UPDATE journal_journalrow SET number = CASE number WHEN 1 THEN 12 ELSE number END",
    "a renamed recorder": "UPDATE registry_recorder SET inventory_number = 'БТ-0009'",
    "a renamed inspector": "UPDATE registry_person SET full_name = 'Басқа' WHERE staff_number = '103'",
}


@whatever_the_engine
@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_a_row_changed_behind_the_ledger_contradicts_the_paper(duty, tampering):
    for number in range(2):
        a_day(duty, number)
    code = code_of()
    assert check_printed(code) == []
    with triggers_dropped() as cursor:
        cursor.execute(TAMPERINGS[tampering])
        assert cursor.rowcount > 0
    (fault,) = check_printed(code)
    assert fault.kind == "sheet-mismatch"
    assert fault.evidence["stated"] == str(code.digest)
    assert fault.evidence["recomputed"] != fault.evidence["stated"]
    assert "01-12/4" in fault.message.format(**fault.evidence)


@whatever_the_engine
def test_a_book_that_is_gone_contradicts_the_paper(duty):
    code = code_of()
    gone = SheetCode("01-12/9", code.sheet, code.digest, code.checkpoint)
    assert [fault.kind for fault in check_printed(gone)] == ["sheet-of-no-book"]


@whatever_the_engine
def test_a_code_without_a_checkpoint_is_left_to_the_verification_of_the_ledger(duty):
    code = code_of()
    broken = SheetCode(code.book, code.sheet, code.digest, "no note\n")
    assert check_printed(broken) == []
    report = checks.verify(VerifierKey.of(duty.office.ledger.signer), since=[broken.checkpoint])
    assert [fault.kind.value for fault in report.faults] == ["since-malformed"]


@whatever_the_engine
def test_the_papers_date_is_that_of_the_last_entry_it_covers(duty):
    duty.passes(hours=5)
    duty.issue()
    last = LedgerEntry.objects.order_by("-seq").first().at
    assert f"{last:%Y-%m-%dT%H:%M:%SZ}".encode() in book_pdf(duty.book, ORDER)


@needs_poppler
@whatever_the_engine
def test_the_wrong_recorder_and_user_stand_struck_in_columns_2_and_3_with_the_right_ones_beside_them(duty):
    office, spare = duty.office, spare_of(duty.office)
    row = a_day(duty)
    duty.passes(minutes=1)
    before = code_of()
    duty.correct(row, "recorder", str(spare.recorder.pk))
    duty.correct(row, "card", "")
    duty.correct(row, "inspector", str(office.second_inspector.pk))
    (sheet,) = printing.sheets(duty.book, size_now(), Part(1, 1))
    things = [[(run.text, run.struck) for run in thing] for thing in sheet.rows[0].things]
    assert things == [[("БТ-0001", True), ("БТ-0002", False)], [("ЖК-0001", True), ("–", False)]]
    assert [(run.text, run.struck) for run in sheet.rows[0].user] == [
        (office.inspector.full_name, True),
        (office.second_inspector.full_name, False),
    ]
    pdf = pdf_of(duty)
    words = {word.text: word for word in reversed(pdf.words()) if word.page == FIRST_SHEET}
    for text in ("БТ-0001", "ЖК-0001", "Өтегенов"):
        assert dark_line_through(pdf, words[text]), text
    for text in ("БТ-0002", "Ықыласова"):
        assert not dark_line_through(pdf, words[text]), text
    told = pdf.told(FIRST_SHEET)
    assert "Түзету, пайдаланушы" in told
    assert check_printed(before) == [], "paper printed before it is still true of its checkpoint"
    assert check_printed(code_of()) == []


@whatever_the_engine
def test_a_card_that_was_none_first_is_written_beside_a_struck_dash(duty):
    row = duty.issue(card=None, seal_number="")
    (sheet,) = printing.sheets(duty.book, size_now(), Part(1, 1))
    assert len(sheet.rows[0].things) == 1
    duty.correct(row, "card", str(duty.office.card.pk))
    (sheet,) = printing.sheets(duty.book, size_now(), Part(1, 1))
    assert [(run.text, run.struck) for run in sheet.rows[0].things[1]] == [("–", True), ("ЖК-0001", False)]
