"""A duty across a replaced recorder: its picture, and all of it in one player, by keyboard alone."""

import pytest
from django.urls import reverse

from aigaq.access.models import EnteredLook
from tests.support.browsing import picture, shown_at, sign_in, unlock_here, until
from tests.support.films import film
from tests.support.whole_duty import whole_duty

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

DECK = "document.querySelector('[data-deck]:not(.behind)')"


@pytest.fixture
def duty(room):
    return whole_duty(room, film(seconds=8))


def shows(page, name):
    until(page, f"document.querySelector('[data-file]').textContent === '{name}' && {DECK}.videoWidth > 0")


def place(page):
    return page.evaluate(f"{DECK}.currentTime")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_a_duty_of_several_files_plays_across_their_joins_by_keyboard_alone(page, address, room, duty):
    head = room.office.head
    sign_in(page, address, head)
    page.goto(address + reverse("duties:duty", args=[duty.pk]))
    shown_at(page, "duty-locked")
    unlock_here(page, head)
    assert not EnteredLook.objects.filter(kind="played").exists(), "nothing is fetched before it is asked for"

    press(page, "k")
    shows(page, "0002.MP4")
    until(page, f"{DECK}.currentTime > 0.4")
    assert page.text_content("[data-camera-time]") > page.text_content("[data-true-time]")
    assert page.text_content("[data-true-time]").startswith("20.11.2026 09:02:0")
    press(page, "ArrowRight")
    until(page, f"{DECK}.currentTime > 5")
    shows(page, "0051.MP4")
    until(page, f"{DECK}.currentTime > 0.3 && !{DECK}.paused")
    assert "passed over" in page.text_content("[data-said]")
    shown_at(page, "duty-open")

    press(page, "k", "Shift+P", ".")
    assert page.evaluate(f"{DECK}.paused")
    until(page, f"!{DECK}.seeking")
    before = place(page)
    press(page, ".")
    until(page, f"!{DECK}.seeking && {DECK}.currentTime > {before}")
    assert place(page) - before < 0.1
    press(page, ",", "l", "l", "l")
    assert page.evaluate(f"[{DECK}.paused, {DECK}.playbackRate]") == [False, 4]
    press(page, "j")
    shows(page, "0002.MP4")
    press(page, "k", "Shift+N", "Shift+N")
    shows(page, "0096.MP4")
    assert page.text_content("[data-true-time]") == "not known"
    press(page, "g")
    until(page, f"!{DECK}.seeking")
    press(page, "?")
    page.wait_for_selector("dialog[open]")
    picture(page, "duty-help")
    press(page, "Escape")

    page.goto(address + reverse("looks:list"))
    assert "watched" in page.text_content("table")
    shown_at(page, "looks")
