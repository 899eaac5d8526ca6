"""A failure told from the field comes to the custodian's open page by itself."""

import pytest
from django.urls import reverse

from aigaq import minding, wiring
from aigaq.notices import services
from aigaq.notices.models import Letter, Notice
from tests.support.browsing import page_at, shown_at, sign_in
from tests.support.told import begins_a_pause, ends_the_pause, failure, gives_address

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser, address):
    with page_at(browser, address) as page:
        page.clock.install()
        yield page


def quarter_of_a_minute_goes_by(page):
    page.clock.fast_forward(16_000)


def test_the_banner_comes_without_loading_the_page_again(page, address, room):
    office, row = room.office, room.duty.issue()
    minding.follow_up(office.ledger)
    Notice.objects.all().delete()
    sign_in(page, address, office.custodian)
    page.goto(address + reverse("desk:issue"))
    page.fill("#id_subject", "«Нұр» ЖШС")
    assert page.locator(".alarm").count() == 0
    page.evaluate("window.same = true")

    failure(room.duty, row, words="Бекітпесінен түсіп, корпусы сынды")
    minding.follow_up(office.ledger)
    quarter_of_a_minute_goes_by(page)
    page.wait_for_selector(".alarm")
    assert "the recorder БТ-0001 failed" in page.text_content(".alarm")
    assert page.text_content("#bell .count") == "1"
    assert page.evaluate("window.same"), "the page was loaded again"
    assert page.input_value("#id_subject") == "«Нұр» ЖШС"
    shown_at(page, "notices-banner")

    page.click(".alarm button")
    page.wait_for_selector(".alarm", state="detached")
    assert page.locator("#bell .count").count() == 0
    assert page.evaluate("window.same")
    assert page.input_value("#id_subject") == "«Нұр» ЖШС"
    assert Notice.objects.get(person=office.custodian).seen_at is not None


def test_the_bell_is_quiet_while_nothing_happens(page, address, room):
    sign_in(page, address, room.office.custodian)
    answers = []
    page.on(
        "response", lambda answer: answers.append(answer.status) if "/notices/bell/" in answer.url else None
    )
    page.evaluate(
        "window.changes = 0; new MutationObserver(() => window.changes++).observe("
        "document.getElementById('bell'), {childList: true, subtree: true, characterData: true})"
    )
    for number in range(1, 4):
        with page.expect_response("**/notices/bell/**"):
            quarter_of_a_minute_goes_by(page)
        assert len(answers) == number
    assert set(answers) == {204}
    assert page.evaluate("window.changes") == 0


def test_whatever_a_proxy_says_does_not_take_the_bells_place(page, address, room):
    sign_in(page, address, room.office.custodian)
    before = page.inner_html("#bell")
    page.route(
        "**/notices/bell/**",
        lambda route: route.fulfill(status=502, content_type="text/html", body="<h1>Bad gateway</h1>"),
    )
    with page.expect_response("**/notices/bell/**"):
        quarter_of_a_minute_goes_by(page)
    page.unroute_all()
    with page.expect_response("**/notices/bell/**"):
        quarter_of_a_minute_goes_by(page)
    assert page.inner_html("#bell") == before


def test_the_list_is_read_and_marked_by_keyboard(page, address, room):
    office, duty = room.office, room.duty
    gives_address(duty, office.head)
    row = duty.issue()
    minding.follow_up(office.ledger)
    ends_the_pause(duty, row, begins_a_pause(duty, row))
    failure(duty, row)
    duty.passes(days=1)
    minding.follow_up(office.ledger)
    services.remind_overdue(office.ledger, office.clock.now())
    for notice in Notice.objects.filter(person=office.head, kind="failed"):
        Letter.objects.create(
            notice=notice,
            way="smtp",
            address="aigerim@example.kz",
            attempts=9,
            last_error="550 no such mailbox",
        )
    sign_in(page, address, office.custodian)
    page.goto(address + wiring.notices_page().removeprefix("http://127.0.0.1:8000"))
    assert page.locator(".told li").count() == 5
    shown_at(page, "notices-list")
    page.locator(".page-head button").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".told .unseen", state="detached")
    shown_at(page, "notices-seen")
    assert page.locator("#bell .count").count() == 0


def test_the_address_is_entered(page, address, room):
    sign_in(page, address, room.office.inspector)
    page.goto(address + reverse("notices:my-email"))
    shown_at(page, "notices-email")
    page.fill("#id_email", "yerlan")
    page.click("main button.primary")
    page.wait_for_selector("#errors")
    page.fill("#id_email", "yerlan@example.kz")
    page.click("main button.primary")
    page.wait_for_selector(".notice.success")
    assert "yerlan@example.kz" not in page.text_content(".notice.success")


def test_without_scripts_everything_is_there_but_the_asking(browser, address, room):
    office, row = room.office, room.duty.issue()
    failure(room.duty, row)
    minding.follow_up(office.ledger)
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "django_language", "value": "en", "url": address}])
    page = context.new_page()
    sign_in(page, address, office.custodian)
    page.click(".alarm button")
    page.wait_for_selector("main h1")
    assert page.locator(".alarm").count() == 0
    context.close()
