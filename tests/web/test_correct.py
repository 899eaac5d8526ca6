"""Correcting a cell on the screen: the old text struck beside the new one, for eyes and for screen readers."""

import pytest
from django.urls import reverse

from aigaq.journal.models import Correction, Remark
from aigaq.registry.models import State
from aigaq.registry.services import set_state
from tests.support.duty import PURPOSE, on_duty, spare_of
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


@pytest.fixture
def out(duty):
    """A row that is open."""
    return duty.issue()


def test_the_right_recorder_is_chosen_and_stands_beside_the_struck_one_in_the_book(duty, out, desk):
    spare = spare_of(duty.office)
    form = desk.get(address(out, "recorder"))
    html = form.content.decode()
    assert f'<option value="{duty.office.recorder.pk}" selected>БТ-0001</option>' in html
    assert f'<option value="{spare.recorder.pk}">БТ-0002</option>' in html
    assert "that signature stays" in text_of(form)
    signing = desk.submit(address(out, "recorder"), typed(stage="facts", new=str(spare.recorder.pk)))
    assert "struck out: БТ-0001 БТ-0002" in text_of(signing)
    assert desk.submit(address(out, "recorder"), typed(new=str(spare.recorder.pk))).status_code == 302
    struck = '<del><span class="quietly">struck out: </span>БТ-0001</del> <ins>БТ-0002</ins>'
    for page in (reverse("journal:row", args=[out.pk]), reverse("journal:list")):
        assert struck in desk.get(page).content.decode()
    assert "БТ-0002" in text_of(desk.get(reverse("desk:return", args=[out.pk])))
    assert "row 1" in text_of(desk.get(reverse("registry:recorder", args=[spare.recorder.pk]))).lower()


def test_what_is_out_or_not_in_service_is_not_offered_for_an_open_row(duty, out, desk):
    office = duty.office
    taken, broken = spare_of(office), spare_of(office, "0003")
    duty.issue(recorder=taken.recorder, card=taken.card, inspector=office.second_inspector)
    set_state(office.ledger, office.by(office.custodian), broken.recorder, State.IN_REPAIR, "Экраны")
    html = desk.get(address(out, "recorder")).content.decode()
    assert str(office.recorder.pk) in html
    assert str(taken.recorder.pk) not in html
    assert str(broken.recorder.pk) not in html
    page = desk.submit(address(out, "recorder"), typed(new=str(taken.recorder.pk)))
    assert page.status_code == 422
    said = f"БТ-0002 was out with {office.second_inspector.full_name} at that time, row 2"
    assert said in text_of(page)
    assert not Correction.objects.exists()


def test_a_card_may_be_none_and_inspectors_are_those_of_the_day(duty, out, desk):
    assert '<option value="">none</option>' in desk.get(address(out, "card")).content.decode()
    offered = text_of(desk.get(address(out, "inspector")))
    assert f"{duty.office.second_inspector.full_name} (№ 104)" in offered
    assert duty.office.head.full_name not in offered.split("What is right")[1]
    assert desk.submit(address(out, "card"), typed(new="")).status_code == 302
    assert "<ins>–</ins>" in desk.get("/journal/").content.decode()


def test_a_made_up_choice_is_refused(duty, out, desk):
    for cell, new in (("recorder", "x"), ("card", str(duty.office.recorder.pk)), ("inspector", "")):
        page = desk.submit(address(out, cell), typed(new=new))
        assert page.status_code == 422
        assert "Choose one of the list" in text_of(page)
    assert not Correction.objects.exists()


def test_the_phone_and_the_desk_of_the_right_inspector_have_the_recorder(duty, out, desk, visit):
    office = duty.office
    mine, theirs = visit(office.inspector), visit(office.second_inspector)
    desk.submit(address(out, "inspector"), typed(new=str(office.second_inspector.pk)))
    assert "БТ-0001" in text_of(theirs.get(reverse("home")))
    assert "БТ-0001" not in text_of(mine.get(reverse("home")))
    assert "not you" in text_of(mine.get(reverse("notices:list")))
    assert "you received the recorder БТ-0001" in text_of(theirs.get(reverse("notices:list")))
    head = visit(office.head)
    assert "had received the recorder БТ-0001, not" in text_of(head.get(reverse("incidents:list")))
