"""What goes wrong on duty, on the screen: replace, repair, lose, and take back what is not as it was."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from aigaq import wiring
from aigaq.core.clock import FixedClock
from aigaq.journal.models import Damage, JournalRow, Loss, Repair, ThingKind
from aigaq.journal.selectors import row_view
from aigaq.registry.models import Card, Recorder
from tests.support.duty import PURPOSE, on_duty, spare_of
from tests.support.office import password_of
from tests.support.visitors import text_of
from tests.web.test_journal import ISSUE, facts, found


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def desk(duty, visit):
    return visit(duty.office.custodian)


@pytest.fixture
def row(duty):
    return duty.issue()


@pytest.fixture
def failure(duty, row):
    return duty.fail(row, words="Экраны қараңғы")


def row_page(row):
    return reverse("journal:row", args=[row.pk])


def returning(row):
    return reverse("desk:return", args=[row.pk])


def replacing(failure):
    return f"{ISSUE}?replaces={failure.pk}"


def written(duty, failure, **changes):
    """The issue of what lies ready, as the page sends it."""
    spare_of(duty.office)
    usual = {"replaces": str(failure.pk), "recorder": "БТ-0002", "card": "ЖК-0002", "seal_number": "Қ-0777"}
    return facts(duty.office, **(usual | changes))


# Replace.


def test_the_desk_and_the_row_lead_to_replacing_and_repairing(duty, desk, row, failure):
    for page in ("/", row_page(row)):
        html = desk.get(page).content.decode()
        assert replacing(failure) in html
        assert reverse("journal:repair", args=[failure.pk]) in html


def test_the_head_sees_the_failure_and_no_buttons(duty, visit, row, failure):
    head = visit(duty.office.head)
    for page in ("/", row_page(row)):
        answer = head.get(page)
        assert "The picture is bad or missing" in text_of(answer)
        assert "replaces=" not in answer.content.decode()


def test_the_page_begins_with_the_duty_that_goes_on(duty, desk, row, failure):
    duty.correct(row, "act_number", "№ 119")
    page = desk.get(replacing(failure))
    read, html = text_of(page), page.content.decode()
    assert "Replace recorder БТ-0001" in read
    assert "The picture is bad or missing: Экраны қараңғы" in read
    assert PURPOSE.object in html
    assert 'value="№ 119"' in html
    assert f'<option value="{duty.office.inspector.pk}" selected>' in html
    assert "Ықыласова Мадина" not in html, "it goes on with the same inspector"
    assert 'value="passed" checked' not in html, "the five points are looked at again"
    assert 'name="card" value' not in html


def test_it_is_read_signed_and_the_failed_one_is_taken_back_next(duty, desk, row, failure):
    given = written(duty, failure)
    page = desk.submit(ISSUE, given)
    assert "In the place of БТ-0001 , row 1: The picture is bad or missing, Экраны қараңғы" in text_of(page)
    assert f'name="replaces" value="{failure.pk}"' in page.content.decode()

    done = desk.submit(ISSUE, given | {"stage": "sign", "password": password_of("yerlan")})
    assert done.url == returning(row)
    new = row_view(row).replaced_by
    assert (new.number, new.recorder.inventory_number) == (2, "БТ-0002")
    back = text_of(desk.get(done.url))
    assert "Now take back the recorder БТ-0001, which failed" in back
    assert "the duty goes on on row 2 with the recorder БТ-0002" in back


def test_where_it_was_handed_back_before_the_new_row_is_shown(duty, desk, row, failure):
    duty.give_back(row)
    assert replacing(failure) in desk.get(row_page(row)).content.decode()
    done = desk.submit(ISSUE, written(duty, failure, stage="sign", password=password_of("yerlan")))
    assert done.url == row_page(JournalRow.objects.get(number=2))


def test_back_from_the_signature_it_still_replaces(duty, desk, failure):
    page = desk.submit(ISSUE, written(duty, failure, stage="change"))
    html = page.content.decode()
    assert f'name="replaces" value="{failure.pk}"' in html
    assert "Replace recorder БТ-0001" in text_of(page)


def test_a_scan_without_scripts_still_replaces(duty, desk, failure):
    spare_of(duty.office)
    page = desk.get(replacing(failure)).content.decode()
    scan_form = page[page.index('<input id="scan"') : page.index('<form method="post" class="steps"')]
    assert f'name="replaces" value="{failure.pk}"' in scan_form
    kept = {"code": "БТ-0002", "at": "issue", "replaces": str(failure.pk)}
    page = desk.get(desk.get(reverse("scan:scan"), kept).url)
    assert "Replace recorder БТ-0001" in text_of(page)
    assert 'value="БТ-0002"' in page.content.decode()


def test_a_failure_that_was_settled_leads_back_to_its_row(duty, desk, row, failure):
    duty.repair(failure)
    answer = desk.get(replacing(failure))
    assert answer.url == row_page(row)
    assert "This failure was settled already" in text_of(desk.get(answer.url))


def test_the_recorder_that_failed_is_refused_with_the_paragraph(duty, desk, row, failure):
    duty.give_back(row)
    given = written(duty, failure, stage="sign", password=password_of("yerlan"), recorder="БТ-0001")
    page = desk.submit(ISSUE, given)
    assert page.status_code == 422
    assert "БТ-0001 is the recorder that failed" in text_of(page)
    assert "Order No. 236, paragraph 22" in text_of(page)


def test_another_division_finds_no_failure(duty, visit, failure):
    stranger = visit(duty.office.sister_custodian)
    assert stranger.get(replacing(failure)).status_code == 404
    assert stranger.get(f"{ISSUE}?replaces=nonsense").status_code == 404
    assert stranger.get(reverse("journal:repair", args=[failure.pk])).status_code == 404
    assert stranger.submit(reverse("journal:repair", args=[failure.pk]), {"words": "x"}).status_code == 404
    assert not Repair.objects.exists()


def test_both_rows_and_the_book_show_the_whole_duty(duty, desk, row, failure):
    new = duty.replace(failure, spare_of(duty.office))
    for each in (row, new):
        read = text_of(desk.get(row_page(each)))
        assert "One duty on several rows : row 1, БТ-0001 → row 2, БТ-0002" in read
        assert "still on duty" in read
    book = text_of(desk.get("/journal/"))
    assert "→ 2" in book
    assert "← 1" in book


# Repair.


def test_a_repair_is_entered_and_shown(duty, desk, row, failure):
    path = reverse("journal:repair", args=[failure.pk])
    assert "Recorder БТ-0001 was put right" in text_of(desk.get(path))
    assert desk.submit(path, {"words": " "}).status_code == 422
    assert desk.submit(path, {"words": "Батарея ауыстырылды"}).url == row_page(row)
    page = desk.get(row_page(row))
    assert "Батарея ауыстырылды" in text_of(page)
    assert "not settled" not in text_of(page)
    again = desk.submit(path, {"words": "Тағы"})
    assert again.status_code == 422
    assert "was settled already" in text_of(again)


# Loss.


def test_a_loss_is_entered_and_shown_and_the_row_stays_open(duty, desk, row):
    path = reverse("journal:report-loss", args=[row.pk])
    assert path in desk.get(row_page(row)).content.decode()
    read = text_of(desk.get(path))
    assert "Recorder БТ-0001" in read
    assert "Card ЖК-0001" in read
    for wrong in (
        {"thing": "recorder", "words": ""},
        {"thing": "", "words": "x"},
        {"thing": "x", "words": "x"},
    ):
        assert desk.submit(path, wrong).status_code == 422
    assert desk.submit(path, {"thing": "recorder", "words": "Өзенге түсті"}).url == row_page(row)
    assert Recorder.objects.get(pk=duty.office.recorder.pk).state == "lost"
    assert "Өзенге түсті" in text_of(desk.get(row_page(row)))
    assert "lost: Recorder" in text_of(desk.get("/"))
    desk.submit(path, {"thing": "card", "words": "Сонымен бірге"})
    assert path not in desk.get(row_page(row)).content.decode()
    assert desk.get(path).url == row_page(row)
    assert Loss.objects.count() == 2


def test_a_row_that_was_handed_back_has_nothing_to_lose(duty, desk, row):
    duty.give_back(row)
    assert desk.get(reverse("journal:report-loss", args=[row.pk])).url == row_page(row)


# What comes back.


def test_damage_is_asked_for_read_by_the_signer_and_entered(duty, desk, row):
    silent = desk.submit(returning(row), came_back(duty, recorder_found="damaged"))
    assert silent.status_code == 422
    assert "БТ-0001 did not come back as it went out" in text_of(silent)
    assert "Order No. 236, paragraph 24" in text_of(silent)

    given = came_back(duty, recorder_found="damaged", recorder_words="Экраны сынған")
    page = text_of(desk.submit(returning(row), given))
    assert "Recorder БТ-0001 Damaged : Экраны сынған" in page
    assert "Card ЖК-0001 In order" in page
    done = desk.submit(returning(row), given | {"stage": "sign", "password": password_of("yerlan")})
    assert done.url == row_page(row)
    assert Damage.objects.get().words == "Экраны сынған"
    assert "Recorder БТ-0001 Damaged Экраны сынған" in text_of(desk.get(row_page(row)))


def came_back(duty, **changes):
    usual = {
        "handed_back_by": str(duty.office.inspector.pk),
        "recorder_found": "whole",
        "recorder_words": "",
        "card_found": "whole",
        "card_words": "",
    }
    return found(**(usual | changes))


def test_a_missing_card_is_lost_in_the_register(duty, desk, row):
    given = came_back(
        duty,
        seal_found="broken",
        condition="Үзілген",
        card_found="missing",
        card_words="Білмейді",
        stage="sign",
        password=password_of("yerlan"),
    )
    assert desk.submit(returning(row), given).url == row_page(row)
    assert Card.objects.get(pk=duty.office.card.pk).state == "lost"
    assert "The register has the missing card as lost" in text_of(desk.get(row_page(row)))


def test_a_recorder_can_not_be_called_missing(duty, desk, row):
    page = desk.submit(returning(row), came_back(duty, recorder_found="missing", recorder_words="x"))
    assert page.status_code == 422
    assert row_view(row).is_open


def test_what_is_said_of_a_thing_in_order_is_not_kept(duty, desk, row):
    """A word typed before the choice went back to whole is hidden, and so must not be signed."""
    given = came_back(duty, recorder_words="Экраны", stage="sign", password=password_of("yerlan"))
    desk.submit(returning(row), given)
    assert not Damage.objects.exists()
    assert not row_view(row).remarks


def test_a_card_told_lost_is_missing_from_the_start(duty, desk, row):
    duty.lose(row, thing=ThingKind.CARD, words="Көлікте қалды")
    html = desk.get(returning(row)).content.decode()
    chosen = [each for each in re.findall(r"<input[^>]*card_found[^>]*>", html) if " checked" in each]
    assert len(chosen) == 1
    assert 'value="missing"' in chosen[0]
    assert 'value="Көлікте қалды"' in html


def test_of_a_row_without_a_card_no_card_is_asked(duty, desk):
    row = duty.issue(card=None, seal_number="")
    html = desk.get(returning(row)).content.decode()
    assert "card_found" not in html
    assert "recorder_found" in html


def test_with_an_unsettled_failure_replacing_comes_first(duty, desk, row, failure):
    assert "do that first" in text_of(desk.get(returning(row)))
    assert replacing(failure) in desk.get(returning(row)).content.decode()


# Overdue.


def test_the_desk_says_how_long_something_is_overdue(duty, visit, monkeypatch):
    monday = wiring.clock().now().replace(year=2026, month=11, day=23, hour=4)
    ledger, clock = duty.office.ledger, FixedClock(monday)
    with monkeypatch.context() as that_day:
        that_day.setattr(ledger, "clock", clock)
        row = duty.issue()
    due = row.issue.occurred_at.replace(hour=13, minute=30, second=0, microsecond=0)
    for later, says in (
        (timedelta(minutes=20), "less than an hour late"),
        (timedelta(hours=1), "1 hour late"),
        (timedelta(hours=23, minutes=59), "23 hours late"),
        (timedelta(days=3, hours=2), "3 days late"),
    ):
        monkeypatch.setattr("aigaq.wiring._CLOCK", FixedClock(due + later))
        assert says in text_of(visit(duty.office.custodian).get("/")), says
    monkeypatch.setattr("aigaq.wiring._CLOCK", FixedClock(due - timedelta(minutes=1)))
    assert "Should be back already" not in text_of(visit(duty.office.custodian).get("/"))


# Corrections of what was said.


def test_what_was_said_can_be_corrected_from_the_row(duty, desk, row, failure):
    duty.repair(failure)
    duty.lose(row, thing=ThingKind.CARD, words="Көлікте қалды")
    html = desk.get(row_page(row)).content.decode()
    for prefix in ("cause:", "failure:", "repair:", "loss:card"):
        (name,) = [name for name in row_view(row).cells if name.startswith(prefix)]
        address = reverse("journal:correct", args=[row.pk, name])
        assert address in html
        assert desk.get(address).status_code == 200
    cause = f"cause:{failure.seq}"
    given = {
        "stage": "sign",
        "read": "0",
        "new": "clock",
        "reason": "Қате таңдалды",
        "password": password_of("daniyar"),
    }
    desk.submit(reverse("journal:correct", args=[row.pk, cause]), given)
    html = desk.get(row_page(row)).content.decode()
    assert "The picture is bad or missing</del> <ins>Its date or time is wrong</ins>" in html
