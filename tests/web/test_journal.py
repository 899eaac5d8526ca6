import re
from datetime import timedelta

import pytest
from django.urls import reverse

from aigaq import wiring
from aigaq.accounts.services import disable
from aigaq.core.clock import FixedClock
from aigaq.journal.models import JournalRow, Remark, Return
from aigaq.regulation import profile
from tests.support.duty import PURPOSE, SEAL, on_duty
from tests.support.office import password_of
from tests.support.visitors import text_of

ISSUE = "/desk/issue/"
CHECKS = [check.key for check in profile.load().checks]


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def desk(duty, visit):
    """The custodian's browser; the book is open."""
    return visit(duty.office.custodian)


def facts(office, **changes):
    usual = {
        "stage": "facts",
        "recorder": "БТ-0001",
        "card": "ЖК-0001",
        "inspector": str(office.inspector.pk),
        "control": "preventive-visit",
        "subject": PURPOSE.subject,
        "object": PURPOSE.object,
        "act_number": PURPOSE.act_number,
        "seal_number": SEAL,
        **{f"check_{key}": "passed" for key in CHECKS},
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def found(**changes):
    usual = {"stage": "facts", "seal_found": "intact", "seal_number_found": SEAL, "condition": ""}
    return usual | changes


def test_the_inspector_reads_all_of_it_before_signing(duty, desk):
    page = desk.submit(ISSUE, facts(duty.office))
    assert page.status_code == 200
    read = text_of(page)
    for fact in (
        "БТ-0001",
        "ЖК-0001",
        SEAL,
        PURPOSE.subject,
        PURPOSE.object,
        PURPOSE.act_number,
        "Preventive control",
    ):
        assert fact in read, fact
    assert "Password of Өтегенов Ерлан Сәкенұлы" in read
    assert JournalRow.objects.count() == 0


def test_what_is_signed_is_a_row_of_the_book(duty, desk):
    done = desk.submit(ISSUE, facts(duty.office, stage="sign", password=password_of("yerlan")))
    row = JournalRow.objects.get()
    assert done.url == reverse("journal:row", args=[row.pk])
    signature = row.signatures.get()
    assert signature.signer == duty.office.inspector
    page = text_of(desk.get("/journal/"))
    assert signature.signed_digest.removeprefix("sha256:")[:12] in page
    assert profile.load().form.title.kk in page
    for column in profile.load().form.columns:
        assert column.head.kk in page


def test_the_custodians_password_is_not_the_inspectors_signature(duty, desk):
    page = desk.submit(ISSUE, facts(duty.office, stage="sign", password=password_of("daniyar")))
    assert page.status_code == 422
    assert "That is not the password of Өтегенов Ерлан Сәкенұлы" in text_of(page)
    assert JournalRow.objects.count() == 0


def test_without_a_signature_nothing_is_issued(duty, desk):
    page = desk.submit(ISSUE, facts(duty.office, stage="sign", password=""))
    assert "Nothing is issued or taken back without a signature" in text_of(page)
    assert JournalRow.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "says", "paragraph"),
    [
        ({"control": None}, "A recorder is issued for an official purpose only", "23"),
        ({"subject": ""}, "An issue names the controlled subject", "5"),
        ({"object": " "}, "An issue names the controlled object", "5"),
        ({"act_number": ""}, "An issue names the act or the permit", "23"),
        ({"seal_number": ""}, "Write down the number of the seal", "9"),
        ({f"check_{CHECKS[1]}": None}, "Point 2 of the check before use is left open", "17"),
        ({f"check_{CHECKS[4]}": "failed"}, "Point 5 of the check before use failed", "17"),
    ],
)
def test_a_refusal_stands_beside_its_field_with_the_paragraph_in_its_own_words(
    duty, desk, change, says, paragraph
):
    page = desk.submit(ISSUE, facts(duty.office, **change))
    assert page.status_code == 422
    read = text_of(page)
    assert says in read
    assert f"Order No. 236, paragraph {paragraph}" in read
    assert profile.load().paragraph(paragraph).text.kk[:60] in read
    html = page.content.decode()
    assert 'aria-invalid="true"' in html
    assert "_error" in html


def test_a_failed_point_with_a_remark_is_issued_and_column_7_says_so(duty, desk):
    change = {f"check_{CHECKS[2]}": "failed", f"remark_{CHECKS[2]}": "Сағат 2 минут артта"}
    desk.submit(ISSUE, facts(duty.office, stage="sign", password=password_of("yerlan"), **change))
    assert "Сағат 2 минут артта" in Remark.objects.get().text
    assert "Сағат 2 минут артта" in text_of(desk.get("/journal/"))


def test_a_recorder_that_is_out_is_refused_with_who_has_it(duty, desk):
    duty.issue()
    page = desk.submit(ISSUE, facts(duty.office, stage="sign", password=password_of("yerlan")))
    assert page.status_code == 422
    assert "The recorder БТ-0001 has been out with Өтегенов Ерлан Сәкенұлы" in text_of(page)
    assert "Order No. 236, paragraph 8" in text_of(page)


def test_an_inventory_number_of_another_division_is_as_unknown_as_any(duty, desk, visit):
    stranger = visit(duty.office.sister_custodian)
    theirs = text_of(stranger.submit(ISSUE, facts(duty.office)))
    assert "No recorder and no card has the inventory number “БТ-0001”" in theirs


def test_back_from_the_signature_everything_still_stands_there(duty, desk):
    page = desk.submit(ISSUE, facts(duty.office, stage="change"))
    html = page.content.decode()
    assert page.status_code == 200
    assert PURPOSE.act_number in html
    assert f'value="{SEAL}"' in html
    assert "Not written yet" not in html


def test_the_password_is_never_sent_back(duty, desk):
    page = desk.submit(ISSUE, facts(duty.office, stage="sign", password="wrong but secret"))
    assert b"wrong but secret" not in page.content


def test_no_open_book_is_said_before_anything_is_typed(office, visit):
    assert "There is no open journal" in text_of(visit(office.custodian).get(ISSUE))


def test_a_scan_finds_what_comes_back(duty, desk):
    row = duty.issue()
    for number in ("БТ-0001", "ЖК-0001", " БТ-0001 "):
        assert desk.get("/desk/take-back/", {"number": number}).url == reverse("desk:return", args=[row.pk])
    missing = desk.get("/desk/take-back/", {"number": "БТ-9999"})
    assert missing.status_code == 422
    assert "“БТ-9999” is not out now" in text_of(missing)


def test_a_return_is_signed_by_whoever_hands_back(duty, desk):
    row = duty.issue()
    path = reverse("desk:return", args=[row.pk])
    review = desk.submit(path, found(handed_back_by=str(duty.office.inspector.pk)))
    assert "Whole, the same number" in text_of(review)
    desk.submit(
        path,
        found(stage="sign", handed_back_by=str(duty.office.inspector.pk), password=password_of("yerlan")),
    )
    row.refresh_from_db()
    assert row.returned.handed_back_by == duty.office.inspector
    assert [view.get_act_display() for view in row.signatures.order_by("seq")] == ["Issue", "Return"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"seal_number_found": "Қ-9999"}, "The seal is not as it was set"),
        ({"seal_number_found": ""}, "Write down the number that is on it"),
        ({"seal_found": "broken"}, "The seal is not as it was set"),
        ({"seal_found": ""}, "Look at the seal and say what you see"),
    ],
)
def test_a_seal_that_is_not_as_it_was_asks_for_a_word_before_the_signature(duty, desk, change, says):
    row = duty.issue()
    page = desk.submit(
        reverse("desk:return", args=[row.pk]), found(handed_back_by=str(duty.office.inspector.pk), **change)
    )
    assert page.status_code == 422
    assert says in text_of(page)


def test_another_number_is_shown_as_such_to_the_signer(duty, desk):
    row = duty.issue()
    page = desk.submit(
        reverse("desk:return", args=[row.pk]),
        found(
            handed_back_by=str(duty.office.inspector.pk), seal_number_found="Қ-9", condition="ауыстырылған"
        ),
    )
    assert "Seal found Another number , Қ-9" in text_of(page)


def test_what_somebody_had_who_left_is_handed_back_by_the_head(duty, desk):
    office, row = duty.office, duty.issue()
    disable(office.ledger, office.by(office.head), office.inspector.user)
    facts = {"handed_back_by": str(office.head.pk), "condition": "Ерлан жұмыстан шықты"}
    path = reverse("desk:return", args=[row.pk])
    assert desk.submit(path, found(**facts)).status_code == 200
    done = desk.submit(path, found(stage="sign", password=password_of("aigerim"), **facts))
    assert done.status_code == 302, text_of(done)
    assert Return.objects.get(row=row).handed_back_by == office.head


def test_another_person_hands_back_and_column_7_tells_it(duty, desk):
    row = duty.issue()
    path = reverse("desk:return", args=[row.pk])
    other = str(duty.office.second_inspector.pk)
    silent = desk.submit(path, found(handed_back_by=other))
    assert "Say in a few words why it was passed on" in text_of(silent)
    desk.submit(
        path,
        found(
            stage="sign", handed_back_by=other, condition="Ерлан ауырып қалды", password=password_of("madina")
        ),
    )
    assert "Ерлан ауырып қалды" in Remark.objects.get(row=row).text


def test_what_was_taken_back_is_not_taken_back_twice(duty, desk):
    row = duty.give_back(duty.issue())
    response = desk.get(reverse("desk:return", args=[row.pk]))
    assert response.url == reverse("journal:row", args=[row.pk])


def test_the_desk_says_what_is_out_and_what_should_be_back(duty, desk, monkeypatch):
    duty.issue()
    today = text_of(desk.get("/"))
    assert "Out now" in today
    assert "Should be back already" not in today
    duty.give_back(JournalRow.objects.get())
    with monkeypatch.context() as yesterday:
        yesterday.setattr(duty.office.ledger, "clock", FixedClock(wiring.clock().now() - timedelta(days=1)))
        duty.issue()
    assert "Should be back already Recorder" in text_of(desk.get("/"))


def test_pages_of_the_book_go_back_in_time_without_a_gap(duty, desk):
    for _ in range(45):
        duty.give_back(duty.issue())
    seen, address = [], "/journal/"
    for _ in range(3):
        page = desk.get(address).content.decode()
        numbers = [int(number) for number in re.findall(r'id="row-(\d+)"', page)]
        assert numbers == sorted(numbers)
        seen = numbers + seen
        older = re.search(r'href="([^"]+)" rel="next"', page)
        address = f"/journal/{older[1]}" if older else None
    assert address is None
    assert seen == list(range(1, 46))


def test_a_row_shows_all_that_stands_behind_it(duty, desk):
    row = duty.give_back(duty.issue())
    page = text_of(desk.get(reverse("journal:row", args=[row.pk])))
    for fact in (PURPOSE.subject, PURPOSE.object, PURPOSE.act_number, SEAL, "Inventory number present"):
        assert fact in page, fact
    for signature in row.signatures.all():
        assert signature.signed_digest in page
        assert f"entry {signature.seq}" in page


def test_the_custodian_adds_a_remark_and_the_head_reads_it(duty, desk, visit):
    row = duty.issue()
    path = reverse("journal:remark", args=[row.pk])
    assert desk.submit(path, {"text": ""}).status_code == 422
    desk.submit(path, {"text": "Түскі үзіліс 13:00–13:40"})
    head = visit(duty.office.head)
    assert "Түскі үзіліс 13:00–13:40" in text_of(head.get(reverse("journal:row", args=[row.pk])))
    assert head.submit(path, {"text": "x"}).status_code == 403


def test_what_is_typed_is_never_markup(duty, desk):
    row = duty.issue()
    desk.submit(reverse("journal:remark", args=[row.pk]), {"text": "<script>alert(1)</script>"})
    assert b"<script>alert" not in desk.get("/journal/").content
