"""A film of each container and codec that a recorder may write, in a real browser: it plays, at the right places."""

import pytest
from django.urls import reverse

from aigaq import wiring
from aigaq.media.judge import Judge
from aigaq.recordings.derivatives import choice_of, waveform_plan
from aigaq.recordings.models import Derivative
from tests.support.browsing import page_at, picture, shown_at, sign_in, unlock_here, until
from tests.support.counting import BITS, counting, shown
from tests.support.films import film, heic
from tests.support.making import entered
from tests.support.vaults import IDENTITY
from tests.support.viewing import open_room, served

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

FILMS = {
    "A.MP4": ("mp4", "libx264", "aac"),
    "B.MP4": ("mp4", "libx265", "aac"),
    "C.MOV": ("mov", "libx264", "pcm_s16le"),
    "D.MOV": ("mov", "mjpeg", "pcm_alaw"),
    "E.AVI": ("avi", "mjpeg", "pcm_s16le"),
    "F.AVI": ("avi", "mpeg4", "libmp3lame"),
    "G.AVI": ("avi", "libx264", "pcm_mulaw"),
    "H.MKV": ("matroska", "libx264", "aac"),
    "I.MKV": ("matroska", "libx265", "aac"),
    "J.TS": ("mpegts", "libx264", "aac"),
    "K.TS": ("mpegts", "libx265", "aac"),
    "L.3GP": ("3gp", "mpeg4", "libopencore_amrnb"),
}
SOUNDS = {"M.AMR": ("amr", "libopencore_amrnb"), "N.WAV": ("wav", "pcm_alaw"), "O.WAV": ("wav", "pcm_s16le")}

SEEN = """async () => {
    const media = document.querySelector("video"), canvas = document.createElement("canvas");
    media.pause();
    media.currentTime = 0.5;
    await new Promise(done => media.addEventListener("seeked", done, {once: true}));
    canvas.width = media.videoWidth; canvas.height = media.videoHeight;
    const pen = canvas.getContext("2d");
    pen.drawImage(media, 0, 0);
    const line = pen.getImageData(0, media.videoHeight / 4, media.videoWidth, 1).data;
    let number = 0;
    for (let bit = 0; bit < BITS; bit++)
        if (line[4 * Math.floor((bit + 0.5) * media.videoWidth / BITS)] > 125) number |= 1 << bit;
    return number;
}""".replace("BITS", str(BITS))
"""Which picture stands half a second in."""


@pytest.fixture
def room(transactional_db, clock, tmp_path, monkeypatch, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    return open_room(clock, tmp_path, monkeypatch, settings)


def films():
    whole = counting("mp4", "libx264", "aac", pts=tuple(range(50)))
    yield from ((name, counting(*codecs)) for name, codecs in FILMS.items())
    yield "P.MP4", whole[: whole.index(b"moov") - 4]


def make_all_but(room, asked_for_in_the_browser, files):
    """Those with a name of these are made from the page itself: encoded anew, in another container, measured."""
    workshop, by = wiring.workshop(), room.office.by(room.office.custodian)
    for file in files:
        plans = [choice_of(file).plan, waveform_plan(file)]
        for plan in plans if file.name not in asked_for_in_the_browser else ():
            assert plan is None or workshop.ask(by, file, plan, IDENTITY)
    workshop.run_waiting()


def half_a_second_in(original):
    """Which picture stands there in the original, by its own times."""
    if b"moov" not in original and b"mdat" in original:
        return 12
    return max(number for number, place in shown(original) if place <= 0.5)


def test_everything_plays(browser, room):
    custodian, row = room.office.custodian, room.duty.issue()
    room.duty.passes(minutes=1)
    with Judge() as judge:
        enter = lambda name, octets: entered(room.office, room.vault, octets, name, judge, row=row)  # noqa: E731
        originals = dict(films())
        videos = {name: enter(name, octets) for name, octets in originals.items()}
        sounds = {name: enter(name, film(form, None, codec)) for name, (form, codec) in SOUNDS.items()}
        photo = enter("Q.HEIC", heic())
    with served() as address, page_at(browser, address) as page:
        sign_in(page, address, custodian)
        page.goto(address + reverse("recordings:recording", args=[videos["B.MP4"].pk]))
        unlock_here(page, custodian)
        shown_at(page, "to-be-made")
        make_all_but(room, {"B.MP4", "J.TS", "O.WAV"}, [*videos.values(), *sounds.values(), photo])

        def watch(file):
            page.goto(address + reverse("recordings:recording", args=[file.pk]))
            if file.name == "B.MP4":
                page.click("#making-proxy button.primary")
            page.wait_for_selector("video, audio", state="attached")
            until(page, "m && m.readyState >= 2")
            page.evaluate("() => document.querySelector('video, audio').play()")
            until(page, "m.currentTime > 0.2")

        for name, file in videos.items():
            watch(file)
            assert page.evaluate("document.querySelector('video').videoWidth") == 160, name
            # Chromium may show the picture beside it.
            assert abs(page.evaluate(SEEN) - half_a_second_in(originals[name])) <= 1, name
            assert (page.locator("#made").count() == 1) == (name != "A.MP4"), name
            picture(page, f"plays-{name}")
        shown_at(page, "never-closed")
        for file in sounds.values():
            watch(file)
            page.wait_for_selector(".waveform path")
        shown_at(page, "sound-with-waveform")
        page.goto(address + reverse("recordings:recording", args=[photo.pk]))
        page.wait_for_selector(".photo img")
        until(page, "document.querySelector('.photo img').naturalWidth === 320")
        shown_at(page, "heic")
    ways = {each.file.name: each.recipe["way"] for each in Derivative.objects.filter(product="proxy")}
    assert ways["J.TS"] == ways["H.MKV"] == "remux"
    assert ways["P.MP4"] == "rebuild"
    assert len(ways) == len(FILMS) - 1 + 1 + 2
