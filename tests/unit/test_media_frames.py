"""Codes in the frames of a camera: real ones at angles, blurred, noisy and dim; and octets that are no frame."""

import io
import random

import numpy as np
import pytest
import segno
import zxingcpp
from PIL import Image, ImageEnhance, ImageFilter

from aigaq.media.frames import LONGEST_CODE, MOST_CODES, FrameError, codes_in
from aigaq.paperwork.labels import Label, Paper, PersonLabel, print_labels
from aigaq.registry.codes import person_code
from tests.support.paper import MORNING, Pdf, needs_poppler

WIDTH, HEIGHT = 640, 480
NUMBERS = ("БТ-0001", "ЖК-0236", "BT-001", person_code("103"), person_code("ТЖД-2026/104"))


def qr(text, scale=6):
    out = io.BytesIO()
    segno.make(text, error="m", micro=False, encoding="utf-8").save(out, kind="png", scale=scale, border=4)
    return Image.open(out).convert("L")


def held_up(code, *, degrees=0.0, side=260, blur=0.0, noise=0.0, light=1.0, at=(190, 110)):
    """A frame with the code before the camera, as somebody's hand holds it."""
    code = code.resize((side, side * code.height // code.width), Image.Resampling.LANCZOS)
    code = code.rotate(degrees, expand=True, fillcolor=150, resample=Image.Resampling.BICUBIC)
    frame = Image.new("L", (WIDTH, HEIGHT), 150)
    frame.paste(code, at)
    frame = ImageEnhance.Brightness(frame.filter(ImageFilter.GaussianBlur(blur))).enhance(light)
    grains = np.random.default_rng(7).normal(0, noise, (HEIGHT, WIDTH)) if noise else 0
    return np.clip(np.asarray(frame, dtype=float) + grains, 0, 255).astype(np.uint8).tobytes()


def read(octets):
    return codes_in(octets, WIDTH, HEIGHT)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_code_held_straight_is_read(number):
    assert read(held_up(qr(number))) == [number]


HARDSHIPS = {
    "tilted": [{"degrees": degrees} for degrees in range(0, 360, 15)],
    "far away": [{"side": side, "degrees": 5} for side in range(90, 260, 10)],
    "out of focus": [{"blur": blur / 4, "degrees": 8} for blur in range(13)],
    "in the dusk": [{"light": light / 10, "noise": 8} for light in range(3, 11)],
    "grainy": [{"noise": noise, "degrees": -12} for noise in range(0, 60, 5)],
}


@pytest.mark.parametrize("hardship", HARDSHIPS)
def test_nearly_every_frame_is_read_whatever_it_suffers(hardship, record_property):
    tried = [(number, how) for number in NUMBERS for how in HARDSHIPS[hardship]]
    good = sum(read(held_up(qr(number), **how)) == [number] for number, how in tried)
    share = good / len(tried)
    record_property("share", share)
    print(f"{hardship}: {good} of {len(tried)} frames read")
    assert share >= 0.9


@needs_poppler
@pytest.mark.parametrize("paper", Paper)
def test_our_own_labels_are_read_from_the_paper(paper):
    labels = [
        Label("БТ-0001", "портативті тасымалданатын бейнетіркегіш", "Қонаев қаласының бөлімшесі"),
        PersonLabel(
            code=person_code("103"),
            full_name="Өтегенов Ерлан",
            post="",
            staff_number="103",
            division="Қонаев",
        ),
    ]
    page = Pdf(print_labels(labels, paper, dated=MORNING)).picture(1, dpi=150)
    frame = Image.new("L", (WIDTH, HEIGHT), 120)
    frame.paste(page.crop((0, 0, WIDTH, HEIGHT)) if page.width > WIDTH else page, (0, 0))
    assert "БТ-0001" in read(frame.tobytes())


@pytest.mark.parametrize(
    ("kind", "text", "scale"),
    [
        ("Code128", "BT-0001", 3),
        ("Code39", "BT-0001", 3),
        ("EAN13", "4006381333931", 3),
        ("EAN8", "96385074", 3),
        ("DataMatrix", "BT-0001", 8),
        ("QRCode", "BT-0001", 8),
    ],
)
def test_labels_of_other_makers_are_read_too(kind, text, scale):
    code = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    picture = Image.fromarray(np.array(zxingcpp.write_barcode_to_image(code, scale=scale)))
    frame = Image.new("L", (WIDTH, HEIGHT), 255)
    frame.paste(picture, (40, 60))
    assert read(frame.tobytes()) == [text]


def test_a_phone_held_upright_sends_a_tall_frame():
    frame = Image.new("L", (HEIGHT, WIDTH), 200)
    frame.paste(qr("БТ-0001"), (60, 200))
    assert codes_in(frame.tobytes(), HEIGHT, WIDTH) == ["БТ-0001"]


def test_the_same_text_twice_is_told_once_and_no_more_than_a_few_at_all():
    frame = Image.new("L", (WIDTH, HEIGHT), 255)
    for place in range(12):
        frame.paste(qr(f"N{place % 11}", scale=4), ((place % 4) * 150, (place // 4) * 150))
    found = read(frame.tobytes())
    assert len(found) == len(set(found)) == MOST_CODES


def test_what_is_longer_than_any_code_of_ours_is_not_told():
    assert read(held_up(qr("A" * (LONGEST_CODE + 1)), side=400, at=(100, 40))) == []


@pytest.mark.parametrize("shade", [0, 127, 255])
def test_an_empty_frame_has_no_code(shade):
    assert read(bytes([shade]) * WIDTH * HEIGHT) == []


@pytest.mark.parametrize(
    ("length", "width", "height"),
    [
        (0, 0, 0),
        (0, 640, 480),
        (640 * 480 - 1, 640, 480),
        (640 * 480 + 1, 640, 480),
        (640 * 481, 640, 481),
        (640 * 640, 640, 640),
        (641 * 100, 641, 100),
        (31 * 640, 31, 640),
        (1, 1, 1),
        (4, -2, -2),
        (100, 10**9, 10**9),
        (0, 2**63, 0),
    ],
)
def test_what_is_no_frame_is_refused_before_it_is_looked_at(length, width, height):
    with pytest.raises(FrameError):
        codes_in(bytes(length), width, height)


def test_octets_at_random_and_torn_codes_break_nothing():
    chance = random.Random(236)
    good = held_up(qr("БТ-0001"))
    for turn in range(40):
        width, height = chance.randint(32, 640), chance.randint(32, 480)
        codes_in(chance.randbytes(width * height), width, height)
        torn = bytearray(good)
        for _ in range(20):
            start = chance.randrange(len(torn) - 4000)
            torn[start : start + 4000] = chance.randbytes(4000) if turn % 2 else bytes(4000)
        assert set(read(bytes(torn))) <= {"БТ-0001"}
        # The right octets under wrong sides.
        codes_in(good[: width * height], width, height)
