"""The phone page as a new user would try it: on a phone's screen, with the network cut and restored."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.urls import reverse

from aigaq.journal.models import Failure, FailureCause, Pause, Remark, Resume
from aigaq.ledger.services import MACHINE
from aigaq.registry import services as registry
from tests.e2e.test_desk import LANGUAGES, is_sound, speak, tab_to
from tests.support import amount, databases
from tests.support.browsing import page_at, picture, shown_at, sign_in
from tests.support.viewing import TickingClock, open_room

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}
YEARS = 7 * 365 * 24 * 3600 * 1000


@pytest.fixture
def room(transactional_db, clock, tmp_path, monkeypatch, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    return open_room(TickingClock(clock.instant), tmp_path, monkeypatch, settings)


@pytest.fixture
def page(browser, address):
    with page_at(browser, address) as page:
        page.set_viewport_size(PHONE)
        yield page


@pytest.fixture
def row(room):
    row = room.duty.issue()
    room.duty.passes(minutes=3)
    return row


def opened(page, address, person):
    """Signing in lands there, for who has a recorder in hand."""
    sign_in(page, address, person)
    if reverse("phone:page") not in page.url:
        page.goto(address + reverse("phone:page"))
    page.wait_for_selector("[data-phone]:not([hidden])")
    page.wait_for_selector("[data-line=online]")


def kept(page):
    """The worker has the page: from now on it opens without a network."""
    page.evaluate("async () => { await navigator.serviceWorker.ready }")


def told(page):
    return [" ".join(text.split()) for text in page.locator("[data-notice]").all_inner_texts()]


@contextmanager
def without_network(page):
    page.context.set_offline(True)
    yield
    page.context.set_offline(False)


def reached(page, count):
    page.wait_for_selector(f"[data-list]:has(> :nth-child({count}) .state.go)")
    page.wait_for_selector("[data-list] .state.warn", state="detached")


def test_a_pause_without_a_network_is_kept_shown_and_sent_later(page, address, room, row):
    opened(page, address, room.office.inspector)
    kept(page)
    picture(page, "phone-free")
    with without_network(page):
        page.click("[data-pause]")
        picture(page, "phone-why")
        page.click("[data-reason=meal]")
        page.wait_for_selector("[data-resume]", state="visible")
        page.wait_for_selector("[data-list] .state.warn")
        assert "waiting for the network since 09:0" in told(page)[0]
        page.reload()
        page.wait_for_selector("[data-line=offline]")
        assert page.is_visible("[data-resume]"), "what was pressed survives a reload without a network"
        assert "waiting for the network since 09:0" in told(page)[0]
        assert "БТ-0001" in page.inner_text("[data-which]")
        picture(page, "phone-offline-reloaded")
        assert not Pause.objects.exists()
        room.duty.passes(minutes=30)
    reached(page, 1)
    pause = Pause.objects.get()
    assert pause.entered_at - pause.occurred_at > timedelta(minutes=29)
    assert "reached the office 09:3" in told(page)[0]
    page.click("[data-resume]")
    reached(page, 2)
    picture(page, "phone-reached")
    assert Resume.objects.get().pause == pause
    assert "хабардар болған уақыты" in Remark.objects.get(row=row).text
    with page_at(page.context.browser, address) as desk:
        sign_in(desk, address, room.office.custodian)
        desk.goto(address + reverse("journal:row", args=[row.pk]))
        on_duty = desk.inner_text("#on-duty")
        assert "20.11.2026 09:0" in on_duty
        assert "reached the office 20.11.2026 09:3" in on_duty
        shown_at(desk, "on-duty-row")


def test_a_whole_day_without_a_network_is_sent_in_its_order(page, address, room, row):
    opened(page, address, room.office.inspector)
    kept(page)
    with without_network(page):
        for reason in ("meal", "sanitary"):
            page.click("[data-pause]")
            page.click(f"[data-reason={reason}]")
            page.click("[data-resume]")
            page.wait_for_selector("[data-pause]", state="visible")
        page.click("[data-fail]")
        page.check("[name=cause][value=sound]")
        page.click("[data-send-failure]")
        page.wait_for_selector("[data-failure-known]", state="visible")
        assert len(told(page)) == 5
        # Closed, and opened again a while later.
        page.goto("about:blank")
        page.goto(address + reverse("phone:page"))
        page.wait_for_selector("[data-line=offline]")
        assert len(told(page)) == 5
    reached(page, 5)
    assert [pause.reason for pause in Pause.objects.order_by("seq")] == ["meal", "sanitary"]
    assert Resume.objects.count() == 2
    assert Failure.objects.get().cause == FailureCause.SOUND
    assert "The custodian comes back to you" in page.inner_text("[data-failure-onward]")
    picture(page, "phone-failed")


def test_a_session_that_ended_meanwhile_loses_nothing(page, address, room, row):
    opened(page, address, room.office.inspector)
    cookies = page.context.cookies()
    page.context.clear_cookies(name="aigaq_session")
    page.click("[data-pause]")
    page.click("[data-reason=meal]")
    page.wait_for_selector("[data-line=signed-out]")
    assert "Sign in again" in page.inner_text("[data-line]")
    assert "kept here until you sign in" in told(page)[0]
    picture(page, "phone-signed-out")
    assert not Pause.objects.exists()
    assert cookies
    page.click("[data-sign-in-again] a")
    page.wait_for_selector("#id_username")
    sign_in(page, address, room.office.inspector)
    page.goto(address + reverse("phone:page"))
    reached(page, 1)
    assert Pause.objects.count() == 1


def test_a_phone_that_changes_hands_keeps_each_one_s_own(page, address, room, row):
    office = room.office
    spare = registry.add_recorder(
        office.ledger, MACHINE, inventory_number="БТ-0002", division=office.division
    )
    room.duty.issue(recorder=spare, card=None, seal_number="", inspector=office.second_inspector)
    opened(page, address, office.inspector)
    with without_network(page):
        page.click("[data-pause]")
        page.click("[data-reason=meal]")
        page.wait_for_selector("[data-list] .state.warn")
        page.context.clear_cookies(name="aigaq_session")
    opened(page, address, office.second_inspector)
    page.wait_for_selector("[data-others]", state="visible")
    assert "Told by somebody else on this phone, not sent yet: 1" in page.inner_text("[data-others]")
    page.wait_for_selector("[data-which]:has-text('БТ-0002')")
    assert "БТ-0001" not in page.inner_text("main")
    page.click("[data-pause]")
    page.click("[data-reason=sanitary]")
    reached(page, 1)
    assert Pause.objects.get().by == office.second_inspector
    page.context.clear_cookies(name="aigaq_session")
    opened(page, address, office.inspector)
    reached(page, 1)
    assert {pause.by for pause in Pause.objects.all()} == {office.inspector, office.second_inspector}


def test_a_refusal_is_shown_and_can_be_put_away(page, address, room, row):
    opened(page, address, room.office.inspector)
    with without_network(page):
        page.click("[data-pause]")
        page.click("[data-reason=meal]")
        page.wait_for_selector("[data-list] .state.warn")
        room.duty.pause(row, **room.duty.by_voice(occurred_at=room.office.clock.now() - timedelta(minutes=1)))
    page.wait_for_selector("[data-refusal]", state="visible")
    assert "Row 1 has been on pause since" in told(page)[0]
    assert "paragraph 21" in told(page)[0]
    picture(page, "phone-refused")
    page.click("[data-understood]")
    page.wait_for_selector("[data-told]", state="hidden")
    # The pause that the custodian entered is the one that ends.
    page.click("[data-resume]")
    reached(page, 1)
    assert Resume.objects.get().pause.told == "by-voice"


def test_a_phone_whose_clock_is_wrong_by_years_tells_the_right_time(page, address, room, row):
    page.add_init_script(f"const now = Date.now; Date.now = () => now() + {YEARS};")
    opened(page, address, room.office.inspector)
    assert page.inner_text("[data-now]").startswith("09:0")
    page.click("[data-pause]")
    page.click("[data-reason=meal]")
    reached(page, 1)
    pause = Pause.objects.get()
    assert abs(pause.entered_at - pause.occurred_at) < timedelta(seconds=10)


def test_a_clock_that_is_set_back_while_the_page_stands_changes_nothing(page, address, room, row):
    page.add_init_script("const now = Date.now; window.off = 0; Date.now = () => now() + window.off;")
    opened(page, address, room.office.inspector)
    with without_network(page):
        page.evaluate("window.off = -3 * 3600 * 1000")
        page.click("[data-pause]")
        page.click("[data-reason=meal]")
        page.wait_for_selector("[data-list] .state.warn")
        assert page.inner_text("[data-now]").startswith("09:0")
    reached(page, 1)
    pause = Pause.objects.get()
    assert abs(pause.entered_at - pause.occurred_at) < timedelta(minutes=1)


def test_two_tabs_show_the_same_and_send_it_once(page, address, room, row):
    opened(page, address, room.office.inspector)
    other = page.context.new_page()
    other.set_default_timeout(15_000)
    other.goto(address + reverse("phone:page"))
    other.wait_for_selector("[data-pause]", state="visible")
    page.click("[data-pause]")
    page.click("[data-reason=meal]")
    reached(page, 1)
    other.wait_for_selector("[data-resume]", state="visible")
    other.click("[data-resume]")
    page.wait_for_selector("[data-pause]", state="visible")
    reached(other, 2)
    assert (Pause.objects.count(), Resume.objects.count()) == (1, 1)


def test_more_than_one_recorder_asks_which(page, address, room, row):
    office = room.office
    spare = registry.add_recorder(
        office.ledger, MACHINE, inventory_number="БТ-0002", division=office.division
    )
    second = room.duty.issue(recorder=spare, card=None, seal_number="")
    opened(page, address, office.inspector)
    page.check(f"[name=which][value='{row.pk}']")
    page.wait_for_selector("[data-which]:has-text('БТ-0001')")
    page.check(f"[name=which][value='{second.pk}']")
    page.wait_for_selector("[data-which]:has-text('БТ-0002')")
    picture(page, "phone-which")
    page.click("[data-pause]")
    page.click("[data-reason=meal]")
    reached(page, 1)
    assert Pause.objects.get().row == second


def test_after_a_replacement_only_the_new_recorder_has_buttons(page, address, room, row):
    office = room.office
    failure = room.duty.fail(row)
    spare = registry.add_recorder(
        office.ledger, MACHINE, inventory_number="БТ-0002", division=office.division
    )
    room.duty.issue(recorder=spare, card=None, seal_number="", replaces=failure)
    opened(page, address, office.inspector)
    assert "Recorder БТ-0001 was replaced: go on with БТ-0002" in page.inner_text("[data-replaced]")
    page.wait_for_selector("[data-which]:has-text('БТ-0002')")
    assert not page.is_visible("[data-choose]")


def test_who_has_nothing_is_told_so(page, address, room):
    opened(page, address, room.office.inspector)
    assert "No recorder is issued to you now." in page.inner_text("[data-nothing]")
    assert not page.is_visible("[data-acts]")
    picture(page, "phone-nothing")


def test_it_goes_by_keyboard_alone(page, address, room, row):
    opened(page, address, room.office.inspector)
    tab_to(page, "[data-pause]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-reason=meal]:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-resume]:focus")
    page.keyboard.press("Space")
    page.wait_for_selector("[data-pause]:focus")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('[data-fail]')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#failure-head:focus")
    tab_to(page, "[name=cause]")
    page.keyboard.press("ArrowUp")
    assert page.is_checked("[name=cause][value=other]")
    tab_to(page, "[data-send-failure]")
    page.keyboard.press("Enter")
    assert page.is_visible("[data-words-missing]")
    assert page.evaluate("document.activeElement.matches('[name=words]')")
    page.keyboard.type("Суға түсті")
    tab_to(page, "[data-send-failure]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-which]:focus")
    reached(page, 3)
    assert Failure.objects.get().words == "Суға түсті"


def test_it_works_without_scripts(browser, address, room, row):
    context = browser.new_context(java_script_enabled=False, locale="en", viewport=PHONE)
    page = context.new_page()
    sign_in(page, address, room.office.inspector)
    page.goto(address + reverse("phone:page"))
    page.click("[data-plain] button[value=meal]")
    page.click("[data-plain] button.go")
    page.click("summary")
    page.check("[data-plain] [name=cause][value=body]")
    page.click("[data-plain] button.stop")
    page.wait_for_selector("[data-plain] .notice.error")
    picture(page, "phone-plain")
    context.close()
    assert Resume.objects.count() == Failure.objects.count() == 1


def test_the_open_desk_tells_a_failure_by_itself(browser, address, room, row):
    with page_at(browser, address) as desk:
        sign_in(desk, address, room.office.custodian)
        room.duty.pause(row)
        room.duty.fail(row)
        desk.evaluate("htmx.trigger(document.querySelector('[data-docks]'), 'look')")
        desk.wait_for_selector(".on-duty .state.stop")
        assert "failed 09:0" in " ".join(desk.inner_text(".on-duty >> nth=0").split())
        desk.wait_for_function(
            "document.querySelector('[data-spoken]').textContent.includes('failed')"
        ) if False else None
        shown_at(desk, "desk-on-duty")


@pytest.mark.skipif(databases.ENGINE == "postgresql", reason="a page looks alike whatever keeps its facts")
@pytest.mark.parametrize("language", LANGUAGES if amount.FULL else ["ru"])
def test_every_step_is_sound_in_every_language(browser, address, room, row, language):
    with page_at(browser, address) as page:
        speak(page, address, language)
        opened(page, address, room.office.inspector)
        is_sound(page, "phone-1-free", language)
        page.click("[data-pause]")
        is_sound(page, "phone-2-why", language)
        page.click("[data-reason=meal]")
        reached(page, 1)
        is_sound(page, "phone-3-paused", language)
        with without_network(page):
            page.click("[data-resume]")
            page.wait_for_selector("[data-line=offline]")
            is_sound(page, "phone-4-offline", language)
        reached(page, 2)
        page.click("[data-fail]")
        is_sound(page, "phone-5-failing", language)
        page.check("[name=cause][value=picture]")
        page.click("[data-send-failure]")
        reached(page, 3)
        is_sound(page, "phone-6-failed", language)
    with page_at(browser, address) as page:
        speak(page, address, language)
        sign_in(page, address, room.office.custodian)
        page.goto(address + reverse("journal:row", args=[row.pk]))
        for summary in page.query_selector_all("#on-duty summary"):
            summary.click()
        is_sound(page, "row-on-duty", language)
