"""From the shelf to paper in a real browser: a book is closed and inscribed, printed, and the file taken."""

from pathlib import Path

import pytest
from django.urls import reverse

from aigaq.journal.models import Inscription, JournalBook
from aigaq.journal.services.books import close_book, open_book, register_next
from aigaq.journal.services.remark import remark
from aigaq.tasks import working
from tests.support.browsing import page_at, shown_at, sign_in
from tests.support.duty import entries
from tests.support.office import password_of
from tests.support.paper import Pdf, needs_poppler
from tests.support.viewing import served

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@needs_poppler
def test_a_book_is_closed_inscribed_and_printed(browser, room):
    office = room.office
    row = room.duty.issue()
    text = "Түскі үзіліс 13:00–13:40"
    remark(office.ledger, office.by(office.custodian), row=row, text=text, author=office.custodian)
    register_next(
        office.ledger,
        office.by(office.head),
        division=office.division,
        registration_number="01-12/5",
        sheets=96,
    )
    book = JournalBook.objects.get()
    with served() as address, working(), page_at(browser, address) as page:
        sign_in(page, address, office.head)
        page.goto(address + reverse("journal:list"))
        page.click(f"main a[href='{reverse('journal:shelf')}']")
        page.wait_for_selector(".spine.in-use")
        shown_at(page, "shelf-in-use")

        page.click(f"a[href='{reverse('journal:close-book', args=[book.pk])}']")
        page.wait_for_selector("#id_ended_on")
        shown_at(page, "close-book")
        page.click("main button.primary")
        page.wait_for_selector(".inscription")
        assert "48 (қырық сегіз) парақ" in page.inner_text(".inscription")
        shown_at(page, "last-page")
        page.fill("#id_password", password_of("aigerim"))
        page.press("#id_password", "Enter")
        page.wait_for_selector(".notice.success")
        shown_at(page, "shelf-inscribed")
        assert Inscription.objects.get().book == book

        page.click(f"a[href='{reverse('prints:book', args=[book.pk])}']")
        page.wait_for_selector("#id_sheets")
        shown_at(page, "print-book")
        page.click("main button.primary")
        page.wait_for_selector("#progress")
        page.wait_for_selector("#progress a.primary", timeout=120_000)
        shown_at(page, "print-ready")
        assert page.evaluate("document.activeElement.matches('#progress a.primary')")
        with page.expect_download() as started:
            page.keyboard.press("Enter")
        pdf = Pdf(Path(started.value.path()).read_bytes())
        assert started.value.suggested_filename == "01-12_4 1-48.pdf"
        assert text in pdf.told(3)
        assert office.head.full_name in pdf.told(pdf.pages)
        assert [entry.kind for entry in entries("journal.print")] == [
            "journal.printed",
            "journal.print-taken",
        ]

        page.goto(address + reverse("registry:things"))
        shown_at(page, "things-with-paper")
        page.click("text=Labels")
        page.wait_for_selector("input[name=numbers]")
        shown_at(page, "labels")


def test_a_book_that_closed_itself_waits_for_the_head_and_the_custodian_sees_it(browser, room):
    office, duty = room.office, room.duty
    today = office.clock.now().date()
    close_book(office.ledger, office.by(office.head), book=duty.book, ended_on=today)
    open_book(
        office.ledger,
        office.by(office.head),
        division=office.division,
        registration_number="01-12/5",
        started_on=today,
        sheets=1,
        rows_per_sheet=1,
    )
    duty.give_back(duty.issue())
    with served() as address, page_at(browser, address) as page:
        sign_in(page, address, office.custodian)
        page.goto(address + reverse("journal:shelf"))
        page.wait_for_selector(".spine.unfinished")
        assert "full, closed itself inscription missing" in page.inner_text(".spine.unfinished")
        assert page.query_selector("text=Write the last page") is None
        shown_at(page, "shelf-unfinished-custodian")
        page.goto(address + reverse("journal:register-next"))
        assert "not for you" in page.inner_text("main")
