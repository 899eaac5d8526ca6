"""Paper from the web: asked for, watched, taken; each in the ledger before an octet goes out."""

from hashlib import sha256

import pytest
from django.conf import settings
from django.urls import reverse

from aigaq import wiring
from aigaq.core.clock import KAZAKHSTAN
from aigaq.jobs.taking import Taker
from aigaq.journal.services.inscribe import InscriptionRequest, inscribe
from aigaq.ledger.models import LedgerEntry
from aigaq.tasks import JOBS
from aigaq.web.prints import views
from tests.support.duty import entries, on_duty, own_password
from tests.support.paper import Pdf, needs_poppler
from tests.support.visitors import text_of


@pytest.fixture
def duty(office):
    found = on_duty(office)
    found.give_back(found.issue())
    return found


def settled():
    """Whoever takes jobs has done all there are."""
    Taker(JOBS).run_waiting()


def asked(browser, duty, **facts):
    """The page of the print that was asked for, when it is over."""
    response = browser.submit(reverse("prints:book", args=[duty.book.pk]), {"which": "written", **facts})
    assert response.status_code == 302, text_of(response)
    settled()
    return response.url


@needs_poppler
def test_the_custodian_prints_the_book_and_takes_it(duty, visit):
    browser = visit(duty.office.custodian)
    size = LedgerEntry.objects.count()
    page = asked(browser, duty)
    ready = browser.get(page)
    assert "It is ready." in text_of(ready)
    assert "Take the PDF" in text_of(ready)
    taken = browser.get(page + "paper.pdf")
    assert taken["Content-Type"] == "application/pdf"
    assert "attachment" in taken["Content-Disposition"]
    assert taken["Cache-Control"] == "no-store"
    assert "Өтегенов Ерлан Сәкенұлы" in Pdf(taken.content).told(3)

    printed, download = entries("journal.print")
    assert (printed.kind, download.kind) == ("journal.printed", "journal.print-taken")
    assert (
        printed.body
        == download.body
        == {
            "book": str(duty.book.pk),
            "registration_number": "01-12/4",
            "sheets": {"first": 1, "last": 1},
            "checkpoint": size,
            "pdf": {"digest": f"sha256:{sha256(taken.content).hexdigest()}", "octets": len(taken.content)},
        }
    )
    assert printed.actor.id == str(duty.office.custodian.pk)
    assert printed.right["role"] == "custodian"


def test_each_download_is_an_entry_of_its_own_and_a_look_at_its_head_is_none(duty, visit):
    browser = visit(duty.office.head)
    page = asked(browser, duty)
    for _ in range(2):
        assert browser.get(page + "paper.pdf").status_code == 200
    assert browser.head(page + "paper.pdf").status_code == 200
    assert len(entries("journal.print-taken")) == 2
    assert len(entries("journal.printed")) == 1


def test_without_an_entry_no_octet_goes_out(duty, visit, monkeypatch):
    browser = visit(duty.office.head)
    page = asked(browser, duty)

    def full(*_arguments):
        raise OSError

    monkeypatch.setattr(views, "enter_taken", full)
    browser.raise_request_exception = False
    response = browser.get(page + "paper.pdf")
    assert response.status_code == 500
    assert b"%PDF" not in response.content


@needs_poppler
def test_some_sheets_alone_empty_ones_too(duty, visit):
    browser = visit(duty.office.head)
    page = asked(browser, duty, which="some", sheets="2 – 3")
    assert Pdf(browser.get(page + "paper.pdf").content).pages == 5
    assert entries("journal.printed")[0].body["sheets"] == {"first": 2, "last": 3}


@pytest.mark.parametrize("sheets", ["", "x", "0-3", "3-", "1-2-3", "9999999"])
def test_sheets_that_are_none_are_said_beside_the_field(duty, visit, sheets):
    browser = visit(duty.office.head)
    page = browser.submit(reverse("prints:book", args=[duty.book.pk]), {"which": "some", "sheets": sheets})
    assert page.status_code == 422
    assert "are no sheets" in text_of(page)


def test_sheets_that_the_book_does_not_have_are_told_where_it_is_watched(duty, visit):
    browser = visit(duty.office.head)
    page = asked(browser, duty, which="some", sheets="48-49")
    said = text_of(browser.get(page))
    assert "The book 01-12/4 has the sheets 1 to 48" in said
    assert browser.get(page + "paper.pdf").status_code == 404
    assert entries("journal.print") == []


@needs_poppler
def test_an_inscribed_book_is_offered_whole(duty, visit):
    office, browser = duty.office, visit(duty.office.head)
    path = reverse("prints:book", args=[duty.book.pk])
    assert "its blanks stay blanks" in text_of(browser.get(path))
    request = InscriptionRequest(
        head=office.head,
        book=duty.book,
        ended_on=wiring.clock().now().astimezone(KAZAKHSTAN).date(),
    )
    inscribe(office.ledger, office.by(office.head), request, own_password(office.head))
    assert "All of the book, with its last page" in text_of(browser.get(path))
    pdf = Pdf(browser.get(asked(browser, duty) + "paper.pdf").content)
    assert pdf.pages == 51
    assert "48 (қырық сегіз)" in pdf.told(51)


def test_a_paper_is_its_owners_alone(duty, visit):
    page = asked(visit(duty.office.custodian), duty)
    for person in (duty.office.head, duty.office.sister_head, duty.office.sister_custodian):
        browser = visit(person)
        for path in (page, page + "paper.pdf"):
            assert browser.get(path).status_code == 404
        assert browser.submit(page + "stop/").status_code == 404
    assert visit(duty.office.custodian).get(page + "paper.pdf").status_code == 200


def test_the_book_next_door_is_not_there(duty, visit):
    browser = visit(duty.office.sister_head)
    path = reverse("prints:book", args=[duty.book.pk])
    assert browser.get(path).status_code == 404
    assert browser.submit(path, {"which": "written"}).status_code == 404
    assert entries("journal.print") == []


def test_what_is_stopped_is_gone(duty, visit):
    browser = visit(duty.office.head)
    page = asked(browser, duty)
    assert browser.submit(page + "stop/").url == "/journal/shelf/"
    assert "forgotten" in text_of(browser.get("/journal/shelf/"))
    assert browser.get(page).status_code == 404


def test_htmx_gets_the_part_that_changes_and_without_scripts_the_page_reloads(duty, visit):
    browser = visit(duty.office.head)
    book = reverse("prints:book", args=[duty.book.pk])
    path = browser.submit(book, {"which": "written"}).url
    whole = browser.get(path).content.decode()
    assert '<noscript><meta http-equiv="refresh"' in whole
    assert f'hx-get="{path}"' in whole
    assert "Stop it" in whole
    again = browser.submit(book, {"which": "written"})
    assert "A paper is being prepared for you already" in text_of(again)
    assert browser.get(path + "paper.pdf").status_code == 404
    settled()
    part = browser.get(path, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "hx-trigger" not in part
    assert "Take the PDF" in part
    assert "refresh" not in browser.get(path).content.decode()


def test_no_file_of_it_is_left_on_the_disk(duty, visit, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = {path for path in settings.DATA.rglob("*") if "sqlite3" not in path.name}
    browser = visit(duty.office.head)
    browser.get(asked(browser, duty) + "paper.pdf")
    assert {path for path in settings.DATA.rglob("*") if "sqlite3" not in path.name} == before
    assert list(tmp_path.iterdir()) == []


@needs_poppler
def test_labels_of_what_is_marked(duty, visit):
    browser = visit(duty.office.custodian)
    form = browser.get(reverse("prints:labels")).content.decode()
    assert form.count("checked") == 3  # the paper, the recorder, the card
    nothing = browser.submit(reverse("prints:labels"), {"paper": "roll"})
    assert "Mark at least one." in text_of(nothing)
    response = browser.submit(reverse("prints:labels"), {"paper": "a4", "numbers": ["ЖК-0001"]})
    settled()
    pdf = Pdf(browser.get(response.url + "paper.pdf").content)
    assert pdf.codes(1) == ["ЖК-0001"]
    assert pdf.info()["Page size"].startswith("595.")
    stranger = visit(duty.office.sister_custodian)
    theirs = stranger.submit(reverse("prints:labels"), {"paper": "a4", "numbers": ["ЖК-0001"]})
    assert theirs.url == reverse("registry:things")
    assert "no recorder or card to label" in text_of(stranger.get(theirs.url))


@needs_poppler
def test_the_badge_has_the_words_of_the_order(duty, visit):
    response = visit(duty.office.custodian).get(reverse("prints:badge"))
    assert "Назар аударыңыз! Фото- және бейнежазба жүргізілуде" in Pdf(response.content).told(1)
