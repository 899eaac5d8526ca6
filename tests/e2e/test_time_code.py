"""The time code on a real screen: it changes with the server's second, and a lens reads what the office made."""

import io
import time
from datetime import timedelta

import numpy as np
import pytest
import zxingcpp
from django.urls import reverse
from PIL import Image

from aigaq.recordings.models import TimeCodeShowing
from aigaq.recordings.showings import pace_of
from aigaq.timecode.code import Code
from tests.support.browsing import page_at, picture, shown_at, sign_in
from tests.support.viewing import TickingClock, open_room, served

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def clock(clock):
    return TickingClock(clock.instant)


@pytest.fixture
def room(transactional_db, clock, tmp_path, monkeypatch, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    return open_room(clock, tmp_path, monkeypatch, settings)


@pytest.fixture
def address(room):
    with served() as at:
        yield at


def read_off(page):
    """What a lens reads in what the screen shows."""
    shown = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("L"))
    return [each.text for each in zxingcpp.read_barcodes(shown)]


def wait_for_code(page):
    page.wait_for_selector("[data-code] path:not([d=''])", state="attached")


def changes(page, count):
    """When the browser put a new code on the screen, by its own clock, in milliseconds."""
    return page.evaluate(
        """count => new Promise(done => {
            const found = [];
            new MutationObserver((_, watch) => {
                found.push(Date.now());
                if (found.length === count) { watch.disconnect(); done(found); }
            }).observe(document.querySelector("[data-code] path"), { attributes: true });
        })""",
        count,
    )


def test_the_code_keeps_the_second_of_the_server_and_a_lens_reads_it(browser, address, room, clock):
    row = room.duty.issue()
    with page_at(browser, address) as page:
        sign_in(page, address, room.office.custodian)
        page.goto(address + reverse("journal:row", args=[row.pk]))
        shown_at(page, "time-code-offered")
        with page.context.expect_page() as opened:
            page.click("#film-the-time button")
        screen = opened.value
        wait_for_code(screen)
        shown_at(screen, "time-code")
        screen.set_viewport_size({"width": 1920, "height": 1080})
        picture(screen, "time-code-large")

        ahead = clock.now().timestamp() - time.time()
        late = [(each / 1000 + ahead) % 1 for each in changes(screen, 3)]
        assert all(each < 0.25 or each > 0.98 for each in late), late
        (text,) = read_off(screen)
        code = Code.parse(text)
        assert abs(code.at - clock.now()) < timedelta(seconds=3)
        assert pace_of(room.office.ledger, TimeCodeShowing.objects.get(), code)
        screen.route("**/codes/", lambda route: route.abort())
        screen.wait_for_selector("[data-away]:not([hidden])")
        picture(screen, "time-code-away")


def test_without_scripts_each_load_shows_the_code_of_its_second(browser, address, room):
    row = room.duty.issue()
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    sign_in(page, address, room.office.custodian)
    page.goto(address + reverse("desk:return", args=[row.pk]))
    with context.expect_page() as opened:
        page.click("#film-the-time button")
    screen = opened.value
    wait_for_code(screen)
    picture(screen, "time-code-no-scripts")
    (text,) = read_off(screen)
    assert Code.parse(text).purpose == "return"
    assert TimeCodeShowing.objects.get().pace == "loaded-anew"
    context.close()
