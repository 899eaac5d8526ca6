"""Pages of keeping: what comes to its day and why the rest stays; a plan from its proposal to the tombstone."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from aigaq import wiring
from aigaq.core.clock import KAZAKHSTAN, FixedClock
from aigaq.ingest.services import Pipeline, unload
from aigaq.recordings.models import RecordingFile
from aigaq.retention.disposing import Stores
from aigaq.retention.models import DisposalPlan, Disposed, Hold
from aigaq.unloading.run import Tools
from tests.support.cards import fill, pipeline, takes
from tests.support.disposals import Keeper
from tests.support.duty import on_duty
from tests.support.office import Office, password_of
from tests.support.visitors import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(office: Office, tmp_path, monkeypatch) -> Keeper:
    """Two recordings; the office's clock can be moved."""
    clock = FixedClock(wiring.clock().now())
    monkeypatch.setattr(wiring, "_CLOCK", clock)
    monkeypatch.setattr(office.ledger, "clock", clock)
    object.__setattr__(office, "clock", clock)
    monkeypatch.setattr(wiring, "ledger", lambda: office.ledger)
    duty, line = on_duty(office), pipeline(office, tmp_path / "vault")
    row = duty.issue()
    unload(line, fill(tmp_path / "card", takes(2)))
    duty.give_back(row)
    keeper = Keeper(office, line.vault)
    monkeypatch.setattr(wiring, "vault", lambda: line.vault)
    monkeypatch.setattr(
        wiring,
        "stores",
        lambda: Stores(
            vault=line.vault.backend, copies={}, is_unloading=lambda: False, is_sound=keeper.is_sound
        ),
    )
    keeper.follows()
    return keeper


def read_on(page) -> list[str]:
    """The recordings that its form proposes."""
    return re.findall(r'name="recording" value="([^"]+)"', page.content.decode())


def test_a_recording_says_until_when_it_is_kept_and_the_head_holds_it(office, keeper, visit):
    file = RecordingFile.objects.first()
    page = visit(office.head).get(reverse("recordings:recording", args=[file.pk]))
    assert "Kept to the end of" in text_of(page)
    assert "3 years" in text_of(page)
    held = visit(office.head).submit(reverse("retention:hold", args=[file.pk]), {"reason": "Іс"})
    assert held.status_code == 302
    assert "Іс" in text_of(visit(office.custodian).get(reverse("retention:holds")))
    hold = Hold.objects.get()
    visit(office.head).submit(reverse("retention:release", args=[hold.pk]), {"reason": "Бітті"})
    assert "Nothing is held" in text_of(visit(office.head).get(reverse("retention:holds")))


def test_from_the_doubt_about_the_clock_to_the_tombstone(office, keeper, visit, tmp_path):
    clock = office.clock
    clock.instant += timedelta(days=3 * 366 + 2)
    head, custodian = visit(office.head), visit(office.custodian)
    assert "The clock is doubted" in text_of(custodian.get(reverse("retention:list")))
    day = clock.now().astimezone(KAZAKHSTAN).date().isoformat()
    password = password_of("aigerim")
    head.submit(reverse("retention:confirm-day"), {"day": day, "password": password})
    shown = read_on(custodian.get(reverse("retention:list")))
    custodian.submit(reverse("retention:propose"), {"recording": shown})
    plan = DisposalPlan.objects.get()
    page = reverse("retention:approve", args=[plan.pk])
    assert "You approve the destruction" in text_of(head.get(page))
    assert head.submit(page, {"stage": "sign", "password": password}).status_code == 302
    clock.instant += timedelta(days=1)
    head, custodian = visit(office.head), visit(office.custodian)
    carried = custodian.submit(
        reverse("retention:carry-out", args=[plan.pk]), {"password": password_of("daniyar")}
    )
    assert carried.status_code == 302
    assert Disposed.objects.count() == 2
    assert "act No. Ө-" in text_of(head.get(reverse("retention:plan", args=[plan.pk])))
    act = head.submit(reverse("retention:act", args=[plan.pk]))
    assert (act.status_code, act.content[:5]) == (200, b"%PDF-")
    file = RecordingFile.objects.first()
    page = head.get(reverse("recordings:recording", args=[file.pk]))
    assert (page.status_code, "This recording was destroyed" in text_of(page)) == (200, True)
    assert head.get(reverse("recordings:download", args=[file.pk])).status_code == 410
    assert "came on a card once more" not in text_of(page)
    again = Pipeline(office.ledger, Tools(keeper.vault, clock=clock))
    unload(again, fill(tmp_path / "again", takes(2)))
    assert "came on a card once more" in text_of(head.get(reverse("recordings:recording", args=[file.pk])))
    new = RecordingFile.objects.filter(recording__disposed=None).first()
    page = head.get(reverse("recordings:recording", args=[new.pk]))
    assert "The very same was destroyed" in text_of(page)


def test_what_is_proposed_is_what_the_page_showed_and_a_second_press_proposes_nothing_else(
    office, keeper, visit
):
    office.clock.instant += timedelta(days=3 * 366 + 2)
    keeper.confirms()
    custodian = visit(office.custodian)
    one, other = read_on(custodian.get(reverse("retention:list")))
    assert custodian.submit(reverse("retention:propose"), {"recording": one}).status_code == 302
    again = custodian.submit(reverse("retention:propose"), {"recording": one})
    assert again.status_code == 422
    assert "stands in plan 1 already" in text_of(again)
    assert [item[0] for item in DisposalPlan.objects.get().items] == [one]
    assert read_on(again) == [other]


def test_a_plan_of_another_division_is_not_there(office, keeper, visit):
    office.clock.instant += timedelta(days=3 * 366 + 2)
    keeper.confirms()
    plan = keeper.proposes()
    assert visit(office.sister_head).get(reverse("retention:plan", args=[plan.pk])).status_code == 404
