"""Correcting a cell on the screen: the old text struck beside the new one, for eyes and for screen readers."""

import pytest
from django.urls import reverse

from aigaq.journal.models import Correction, Remark
from tests.support.duty import PURPOSE, on_duty
from tests.support.office import password_of
from tests.support.visitors import text_of


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def row(duty):
    return duty.give_back(duty.issue(), condition="Таза")


@pytest.fixture
def desk(duty, visit):
    return visit(duty.office.custodian)


def address(row, cell):
    return reverse("journal:correct", args=[row.pk, cell])


def typed(**changes):
    usual = {"stage": "sign", "read": "0", "new": "«Жаңа» ЖШС", "reason": "Атауы қате"}
    usual["password"] = password_of("daniyar")
    return usual | changes


def test_a_cell_is_corrected_and_the_row_shows_both_texts(row, desk):
    form = desk.get(address(row, "subject"))
    assert PURPOSE.subject in text_of(form)
    assert desk.submit(address(row, "subject"), typed()).url == reverse("journal:row", args=[row.pk])
    html = desk.get(reverse("journal:row", args=[row.pk])).content.decode()
    assert (
        f'<del><span class="quietly">struck out: </span>{PURPOSE.subject}</del> <ins>«Жаңа» ЖШС</ins>' in html
    )
    assert "Түзету, бақылау субъектісі" in html


def test_a_remark_is_struck_in_the_book_itself(duty, row, desk):
    desk.submit(reverse("journal:remark", args=[row.pk]), {"text": "Түскі үзіліс 13:00"})
    written = Remark.objects.get(text="Түскі үзіліс 13:00")
    desk.submit(address(row, f"remark:{written.seq}"), typed(new="Түскі үзіліс 14:00"))
    book = desk.get("/journal/").content.decode()
    assert "Түскі үзіліс 13:00</del> <ins>Түскі үзіліс 14:00</ins>" in book


def test_what_is_chosen_is_shown_in_words(row, desk):
    assert "<select" in desk.get(address(row, "seal_found")).content.decode()
    desk.submit(address(row, "seal_found"), typed(new="missing"))
    html = desk.get(reverse("journal:row", args=[row.pk])).content.decode()
    assert "Whole, the same number</del> <ins>Missing</ins>" in html


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"password": password_of("yerlan")}, "That is not the password of"),
        ({"password": ""}, "signs with their own passkey or password"),
        ({"reason": ""}, "Say in a few words what was wrong"),
        ({"new": ""}, "An issue names the controlled subject"),
        ({"new": PURPOSE.subject}, "That is what stands there already"),
        ({"read": "7"}, "Load the page again and look"),
    ],
)
def test_a_refusal_says_what_to_do_and_changes_nothing(row, desk, change, says):
    page = desk.submit(address(row, "subject"), typed(**change))
    assert page.status_code == 422
    assert says in text_of(page)
    assert not Correction.objects.exists()


def test_there_is_no_page_to_correct_a_time_or_a_signature(row, desk):
    for cell in ("issued_at", "custodian", "handed_back_by", "nosuch"):
        assert desk.get(address(row, cell)).status_code == 404


def test_only_the_custodian_is_offered_a_correction(duty, row, desk, visit):
    page = reverse("journal:row", args=[row.pk])
    assert "Correct…" in text_of(desk.get(page))
    head = visit(duty.office.head)
    assert "Correct…" not in text_of(head.get(page))
    assert head.get(address(row, "subject")).status_code == 403
    assert visit(duty.office.sister_custodian).get(address(row, "subject")).status_code == 404


def test_what_is_struck_is_never_markup(row, desk):
    for read, new in enumerate(("<script>alert(1)</script>", "Б")):
        desk.submit(address(row, "subject"), typed(new=new, read=str(read)))
    assert b"<script>alert" not in desk.get(reverse("journal:row", args=[row.pk])).content
