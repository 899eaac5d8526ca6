"""A film on a simulated card, unloaded, opened and played in a real browser."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.urls import reverse

from aigaq.ingest.models import UnloadState
from aigaq.ingest.services import Pipeline, unload
from aigaq.ledger.models import LedgerEntry
from aigaq.recordings.models import Kind, RecordingFile
from aigaq.simulate.card import card as simulate
from aigaq.unloading.run import Tools
from tests.support.browsing import media, picture, shown_at, sign_in, unlock_here, until
from tests.support.vaults import flip
from tests.support.viewing import blob_of

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="session")
def card(tmp_path_factory):
    folder = tmp_path_factory.mktemp("card")
    start = datetime(2026, 11, 20, 4, 30, tzinfo=UTC)
    simulate(folder, files=1, seconds=8, recorder="БТ-0001", started_at=start, photos=1, audio=1)
    return folder


@pytest.fixture
def unloaded(room, card):
    room.duty.issue()
    room.duty.passes(hours=3)
    outcome = unload(Pipeline(room.office.ledger, Tools(room.vault)), card, port="1", keep=True)
    assert outcome.unload.state == UnloadState.KEPT
    return {file.kind: RecordingFile.objects.get(pk=file.pk) for file in outcome.files}


def played():
    return LedgerEntry.objects.filter(kind="access.played").count()


def test_a_film_plays_and_seeks_and_is_gone_after_signing_out(page, address, room, unloaded):
    film, custodian = unloaded[Kind.VIDEO], room.office.custodian
    sign_in(page, address, custodian)
    page.goto(address + reverse("recordings:recording", args=[film.pk]))
    assert page.locator("video").count() == 0
    shown_at(page, "recording-locked")
    unlock_here(page, custodian)

    until(page, "m.readyState >= 1 && m.videoWidth > 0")
    assert media(page, "[m.controls, m.paused]") == [False, True]
    assert 7.5 < media(page, "m.duration") < 8.5
    assert page.text_content("[data-wall]") == "20.11.2026 09:30:00", "Kazakhstan's time"
    page.keyboard.press("k")
    until(page, "m.currentTime > 0.5")
    page.keyboard.press("k")
    assert media(page, "m.paused")

    page.focus("[data-seek]")
    before = media(page, "m.currentTime")
    page.keyboard.press("ArrowRight")
    until(page, f"!m.seeking && m.currentTime > {before} + 3")
    media(page, "m.currentTime = m.duration / 2")
    until(page, "!m.seeking && m.readyState >= 2 && Math.abs(m.currentTime - 4) < 0.3")
    assert page.text_content("[data-wall]").startswith("20.11.2026 09:30:0")
    shown_at(page, "recording-open")

    before = media(page, "m.currentTime")
    page.keyboard.press(".")
    until(page, f"!m.seeking && m.currentTime > {before}")
    assert media(page, "m.currentTime") - before < 0.1
    page.select_option("[data-speed]", "2")
    assert media(page, "m.playbackRate") == 2
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.is_visible("dialog[data-help]")
    picture(page, "recording-keys")
    page.keyboard.press("?")
    assert not page.is_visible("dialog[data-help]")
    page.keyboard.press("j")
    until(page, "!m.seeking && m.currentTime === 0")

    assert played() >= 1
    source = media(page, "m.currentSrc")
    told = page.request.head(source)
    assert (told.status, told.headers["content-length"]) == (200, str(film.blob.size))
    part = page.request.get(source, headers={"Range": "bytes=5-9"})
    assert (part.status, len(part.body())) == (206, 5)
    assert part.headers["content-security-policy"].endswith("sandbox")
    page.click(".whoami button")
    page.wait_for_selector("#id_username")
    answer = page.request.get(source, max_redirects=0)
    assert answer.status == 302
    assert answer.body() == b""


def test_an_open_page_stops_showing_when_the_vault_locks(page, address, room, unloaded):
    film, custodian = unloaded[Kind.VIDEO], room.office.custodian
    sign_in(page, address, custodian)
    page.goto(address + reverse("recordings:recording", args=[film.pk]))
    unlock_here(page, custodian)
    until(page, "m.videoWidth > 0")
    source = media(page, "m.currentSrc")
    room.duty.passes(minutes=15)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector("[data-locked]:not([hidden])")
    assert page.locator("video").count() == 0
    answer = page.request.get(source)
    assert answer.status == 403
    assert "vault password" in answer.text()
    shown_at(page, "recording-run-out")
    unlock_here(page, custodian)
    until(page, "m.videoWidth > 0")


def test_the_list_shows_pictures_only_when_open(page, address, room, unloaded):
    custodian = room.office.custodian
    sign_in(page, address, custodian)
    page.goto(address + reverse("recordings:list"))
    assert page.locator(".still img").count() == 0
    shown_at(page, "list-locked")
    unlock_here(page, custodian)
    assert page.locator(".still img").count() == 2
    until(page, "[...document.querySelectorAll('.still img')].every(i => i.complete && i.naturalWidth > 0)")
    shown_at(page, "list-open")
    page.goto(address + reverse("recordings:list") + "?day=2026-11-18")
    assert "20 November 2026" in page.text_content(".empty")
    shown_at(page, "list-empty")


def test_sound_and_photo_are_shown(page, address, room, unloaded):
    head = room.office.head
    sign_in(page, address, head)
    page.goto(address + reverse("recordings:recording", args=[unloaded[Kind.AUDIO].pk]))
    unlock_here(page, head)
    until(page, "m.readyState >= 1 && m.duration > 4")
    page.click("[data-do=toggle]")
    until(page, "m.currentTime > 0.3")
    page.evaluate("document.documentElement.dataset.first = ''")
    page.wait_for_selector(".waveform path")
    # Made while the sound is heard, and drawn in the page as it stands. Were it loaded anew, that could come
    # between a click and the page that it leads to.
    assert page.locator("html[data-first]").count() == 1
    shown_at(page, "sound")
    page.goto(address + reverse("recordings:recording", args=[unloaded[Kind.PHOTO].pk]))
    until(page, "document.querySelector('.photo img').naturalWidth > 100")
    shown_at(page, "photo")


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_longer_languages_fit_a_phone(page, address, room, unloaded, language):
    head = room.office.head
    sign_in(page, address, head)
    page.goto(address + reverse("recordings:recording", args=[unloaded[Kind.VIDEO].pk]))
    unlock_here(page, head)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": address}])
    page.set_viewport_size({"width": 360, "height": 740})
    for name in ("recordings:list", "recordings:recording", "unloads:list", "tray:list", "vault:unlock"):
        page.goto(
            address + reverse(name, args=[unloaded[Kind.VIDEO].pk] if name == "recordings:recording" else [])
        )
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        picture(page, f"{name.replace(':', '-')}-{language}")


def test_what_the_browser_can_not_decode_is_said(page, address, room):
    custodian = room.office.custodian
    file = room.enter(b"\x00\x00\x00\x18ftypmp42" + bytes(5000))
    sign_in(page, address, custodian)
    page.goto(address + reverse("recordings:recording", args=[file.pk]))
    unlock_here(page, custodian)
    page.wait_for_selector("[data-fault=decode]:not([hidden])")
    assert "take a copy" in page.text_content("[data-fault=decode]")
    with page.expect_download() as waited:
        page.click("[data-copy-of]")
    assert Path(waited.value.path()).read_bytes() == b"\x00\x00\x00\x18ftypmp42" + bytes(5000)


def test_a_damaged_blob_breaks_off_over_the_wire(page, address, room, unloaded):
    """The connection ends short of the announced length; what came before it is the recording's own."""
    film, custodian = unloaded[Kind.VIDEO], room.office.custodian
    sign_in(page, address, custodian)
    page.goto(address + reverse("recordings:recording", args=[film.pk]))
    unlock_here(page, custodian)
    whole = page.request.get(address + reverse("recordings:media", args=[film.pk])).body()
    path = blob_of(room, film)
    flip(path, path.stat().st_size // 2)
    got = page.evaluate(
        """async (address) => {
            const answer = await fetch(address), reader = answer.body.getReader();
            let count = 0;
            try {
                for (;;) {
                    const {done, value} = await reader.read();
                    if (done) return {ended: true, count};
                    count += value.length;
                }
            } catch { return {ended: false, count}; }
        }""",
        address + reverse("recordings:media", args=[film.pk]),
    )
    assert not got["ended"]
    assert got["count"] < len(whole)
