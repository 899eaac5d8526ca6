"""Scanning on the pages: what is found goes where it belongs, nothing is told of others, and frames are bounded."""

import io

import pytest
import segno
from django.urls import reverse
from PIL import Image

from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE
from aigaq.registry import services as registry
from aigaq.registry.codes import person_code
from aigaq.registry.models import Card, Person, Recorder, State
from aigaq.registry.selectors import found_by
from aigaq.web.scan import views
from aigaq.web.scan.pace import PER_SECOND, Pace
from tests.support.duty import on_duty
from tests.support.visitors import text_of

SCAN, FRAME = "/scan/", "/scan/frame/"
YERLAN, MADINA = person_code("103"), person_code("104")


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def browser(office, visit):
    return visit(office.custodian)


@pytest.fixture(autouse=True)
def _each_test_has_its_own_second(monkeypatch):
    monkeypatch.setattr(views, "_PACE", Pace())


def asked(browser, code, **query):
    """As the script asks."""
    response = browser.get(SCAN, {"code": code, **query}, headers={"Accept": "application/json"})
    assert response.status_code == 200
    return response.json()


def picture(text, size=(320, 240)):
    out = io.BytesIO()
    segno.make(text, error="m", micro=False, encoding="utf-8").save(out, kind="png", scale=4, border=4)
    frame = Image.new("L", size, 200)
    frame.paste(Image.open(out).convert("L"), (40, 30))
    return frame


def sent(browser, frame, *, kind="application/octet-stream", **query):
    """As the script sends a frame."""
    octets = frame if isinstance(frame, bytes) else frame.tobytes()
    if not query:
        query = {"width": frame.width, "height": frame.height}
    browser.get(reverse("home"))
    address = f"{FRAME}?{'&'.join(f'{name}={value}' for name, value in query.items())}"
    token = browser.cookies["csrftoken"].value
    return browser.generic("POST", address, octets, kind, headers={"X-CSRFToken": token})


def test_each_code_finds_what_it_stands_for(office):
    found = {code: found_by(code, office.division) for code in ("БТ-0001", " ЖК-0001 ", YERLAN)}
    assert list(found.values()) == [office.recorder, office.card, office.inspector]
    assert [type(each) for each in found.values()] == [Recorder, Card, Person]


@pytest.mark.parametrize(
    "code",
    [
        "",
        " ",
        "103",
        "БТ",
        "БТ-00011",
        "Өтегенов Ерлан Сәкенұлы",
        "AIGAQ-PERSON",
        person_code("999"),
        "x" * 500,
        "\0",
        "%",
    ],
)
def test_what_stands_for_nothing_finds_nothing(office, code):
    assert found_by(code, office.division) is None


def test_nothing_of_another_division_is_found(office):
    for code in ("БТ-0001", "ЖК-0001", YERLAN):
        assert found_by(code, office.sister) is None
    assert found_by(person_code("202"), office.sister) == office.sister_custodian


def test_somebody_of_another_staff_list_is_found_where_they_are_appointed(office):
    registry.appoint(
        office.ledger,
        MACHINE,
        person=office.second_inspector,
        division=office.sister,
        role="inspector",
        from_on=office.inspector.appointments.get().from_on,
        until_on=None,
        order_number="7",
    )
    assert found_by(MADINA, office.sister) == office.second_inspector


def test_a_scanner_on_a_kazakh_keyboard_finds_the_same(office):
    recorder = registry.add_recorder(
        office.ledger, MACHINE, inventory_number="BT-0002", division=office.division
    )
    assert found_by("ИЕөқққә", office.division) == recorder
    assert found_by("иеӨҚҚҚӘ", office.division) == recorder
    assert found_by('ФШПФЙөЗУКЫЩТ "қі', office.division) == office.inspector


def test_a_number_that_is_written_so_comes_before_one_that_is_only_typed_so(office):
    typed = registry.add_recorder(
        office.ledger, MACHINE, inventory_number="ИЕөқққә", division=office.division
    )
    registry.add_recorder(office.ledger, MACHINE, inventory_number="BT-0002", division=office.division)
    assert found_by("ИЕөқққә", office.division) == typed


def test_the_script_is_told_kind_value_words_and_the_way(duty, browser, office):
    assert asked(browser, "БТ-0001") == {
        "found": "recorder",
        "value": "БТ-0001",
        "name": "БТ-0001",
        "says": "Recorder БТ-0001",
        "address": f"{reverse('desk:issue')}?recorder=%D0%91%D0%A2-0001",
        "ready": True,
    }
    person = asked(browser, YERLAN)
    assert (person["found"], person["value"], person["ready"]) == ("person", str(office.inspector.pk), True)
    nothing = asked(browser, "<b>4607</b>")
    assert (nothing["found"], nothing["address"], nothing["ready"]) == ("", "", False)
    assert "<b>4607</b>" in nothing["says"]


def test_what_is_out_or_not_in_service_is_not_ready_and_says_why(duty, browser, office):
    row = duty.issue(card=None, seal_number="")
    registry.set_state(office.ledger, MACHINE, office.card, State.IN_REPAIR, "Қисайған")
    recorder, card = asked(browser, "БТ-0001"), asked(browser, "ЖК-0001")
    assert (recorder["ready"], recorder["address"]) == (False, reverse("desk:return", args=[row.pk]))
    assert "is out with Өтегенов" in recorder["says"]
    assert (card["ready"], card["address"]) == (False, reverse("registry:card", args=[office.card.pk]))
    assert "In repair" in card["says"]
    assert not asked(browser, person_code("101"))["ready"]


def test_from_the_desk_a_scan_leads_to_where_the_thing_is_dealt_with(duty, browser, office):
    assert browser.get(SCAN, {"code": "БТ-0001"}).url == f"{reverse('desk:issue')}?recorder=%D0%91%D0%A2-0001"
    row = duty.issue()
    for code in ("БТ-0001", "ЖК-0001"):
        assert browser.get(SCAN, {"code": code}).url == reverse("desk:return", args=[row.pk])
    assert browser.get(SCAN, {"code": YERLAN}).url == reverse("scan:person", args=[office.inspector.pk])
    page = browser.get(SCAN, {"code": "4607"}, follow=True)
    assert "“4607” is no recorder, card or person of this division." in text_of(page)


def test_without_a_script_scans_at_the_issue_gather_in_its_fields(duty, browser, office):
    page = browser.get(SCAN, {"code": "БТ-0001", "at": "issue"}, follow=True)
    page = browser.get(SCAN, {"code": "ЖК-0001", "at": "issue", "recorder": "БТ-0001"}, follow=True)
    kept = {"recorder": "БТ-0001", "card": "ЖК-0001"}
    page = browser.get(SCAN, {"code": YERLAN, "at": "issue", **kept}, follow=True)
    form = page.context["form"]
    values = [form[name].value() for name in ("recorder", "card", "inspector")]
    assert values == ["БТ-0001", "ЖК-0001", str(office.inspector.pk)]
    for hidden in ('name="recorder" value="БТ-0001"', 'name="card" value="ЖК-0001"'):
        assert hidden in page.content.decode()


def test_what_is_not_ready_fills_nothing_at_the_issue(duty, browser):
    duty.issue()
    page = browser.get(SCAN, {"code": "БТ-0001", "at": "issue"}, follow=True)
    assert page.context["form"]["recorder"].value() == ""
    assert "is out with Өтегенов" in text_of(page)


def test_no_link_can_fill_in_more_than_a_scan_would(duty, browser):
    page = browser.get(
        reverse("desk:issue"), {"recorder": "БТ-0001", "subject": "x", "check_works": "passed"}
    )
    form = page.context["form"]
    assert form["recorder"].value() == "БТ-0001"
    assert form["subject"].value() is None
    assert all(check.value() is None for check, _remark in form.points())


def test_without_a_script_a_badge_at_the_return_chooses_who_hands_back_and_asks_why(duty, browser, office):
    row = duty.issue()
    page = browser.get(SCAN, {"code": MADINA, "at": row.pk}, follow=True)
    form = page.context["form"]
    assert form["handed_back_by"].value() == str(office.second_inspector.pk)
    assert "somebody else hands it back. Say below why" in text_of(page)
    same = browser.get(SCAN, {"code": YERLAN, "at": row.pk}, follow=True)
    assert "somebody else hands it back. Say below why" not in text_of(same)


def test_at_the_return_its_own_recorder_is_confirmed_and_another_leads_to_its_own_page(duty, browser, office):
    row = duty.issue()
    here = reverse("desk:return", args=[row.pk])
    assert browser.get(SCAN, {"code": "БТ-0001", "at": row.pk}).url == here
    registry.add_recorder(office.ledger, MACHINE, inventory_number="БТ-0002", division=office.division)
    assert browser.get(SCAN, {"code": "БТ-0002", "at": row.pk}).url.startswith(reverse("desk:issue"))


@pytest.mark.parametrize("at", ["", "x", "0", "0f4b0000-0000-4000-8000-00000000000f", "issue2"])
def test_an_unknown_page_is_the_desk(duty, browser, at):
    assert browser.get(SCAN, {"code": "БТ-0001", "at": at}).url.startswith(reverse("desk:issue"))


def test_a_person_is_shown_with_what_they_hold(duty, browser, office):
    page = browser.get(reverse("scan:person", args=[office.inspector.pk]))
    assert "Nothing is out with this person" in text_of(page)
    duty.issue()
    text = text_of(browser.get(reverse("scan:person", args=[office.inspector.pk])))
    assert "БТ-0001" in text
    assert "Take back" in text
    assert "БТ-0001" not in text_of(browser.get(reverse("scan:person", args=[office.second_inspector.pk])))


@pytest.mark.parametrize("who", ["head", "inspector", "administrator"])
def test_only_the_custodian_scans(duty, visit, office, who):
    browser = visit(getattr(office, who))
    for address in (f"{SCAN}?code=БТ-0001", reverse("scan:person", args=[office.inspector.pk])):
        assert browser.get(address).status_code == 403
    assert sent(browser, picture("БТ-0001")).status_code == 403


def test_the_sister_divisions_custodian_is_told_nothing(duty, visit, office):
    browser = visit(office.sister_custodian)
    nowhere = asked(browser, "НЕТ-1")
    for code in ("БТ-0001", "ЖК-0001", YERLAN):
        told = asked(browser, code)
        assert {**told, "says": ""} == {**nowhere, "says": ""}
    read = sent(browser, picture("БТ-0001")).json()
    assert (read["codes"], read["answer"]["found"]) == (["БТ-0001"], "")
    assert browser.get(reverse("scan:person", args=[office.inspector.pk])).status_code == 404


def test_a_frame_is_read_and_what_is_in_it_is_found(duty, browser):
    read = sent(browser, picture("БТ-0001"))
    assert read.status_code == 200
    assert read.json()["codes"] == ["БТ-0001"]
    assert read.json()["answer"]["found"] == "recorder"


def test_of_several_codes_the_one_that_stands_for_something_is_taken(duty, browser):
    frame = Image.new("L", (640, 320), 200)
    frame.paste(picture("4607034370374", (300, 240)), (0, 0))
    frame.paste(picture("БТ-0001", (300, 240)), (320, 0))
    told = sent(browser, frame).json()
    assert sorted(told["codes"]) == ["4607034370374", "БТ-0001"]
    assert told["answer"]["value"] == "БТ-0001"


def test_a_frame_without_a_code_has_no_content(duty, browser):
    assert sent(browser, Image.new("L", (320, 240), 128)).status_code == 204


HOSTILE = {
    "too few octets": (b"\0" * 99, {"width": 320, "height": 240}),
    "too many octets": (b"\0" * (320 * 240 + 1), {"width": 320, "height": 240}),
    "empty": (b"", {"width": 320, "height": 240}),
    "nothing at all": (b"", {"width": 0, "height": 0}),
    "no sides": (b"\0" * 100, {"x": 1}),
    "huge sides": (b"\0" * 100, {"width": 10**14, "height": 10**14}),
    "endless sides": (b"\0" * 100, {"width": "9" * 5000, "height": "9" * 5000}),
    "negative": (b"\0" * 100, {"width": -10, "height": -10}),
    "not numbers": (b"\0" * 100, {"width": "ten", "height": "ten"}),
    "a fraction": (b"\0" * 100, {"width": "32.0", "height": "32"}),
    "long": (b"\0" * 641 * 32, {"width": 641, "height": 32}),
    "large": (b"\0" * 640 * 481, {"width": 640, "height": 481}),
    "a megabyte": (b"\0" * 1024 * 1024, {"width": 1024, "height": 1024}),
    "more than any form": (b"\0" * 3 * 1024 * 1024, {"width": 320, "height": 240}),
}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_is_no_frame_is_refused(duty, browser, hostile):
    octets, sides = HOSTILE[hostile]
    assert sent(browser, octets, **sides).status_code == 422


@pytest.mark.parametrize("kind", ["image/png", "text/plain", "multipart/form-data; boundary=x", ""])
def test_a_body_of_another_kind_is_refused(duty, browser, kind):
    assert sent(browser, picture("БТ-0001"), kind=kind).status_code in {400, 422}


def test_an_image_file_is_only_octets_here(duty, browser):
    out = io.BytesIO()
    picture("БТ-0001").save(out, "PNG")
    octets = out.getvalue().ljust(320 * 240, b"\0")
    assert sent(browser, octets, width=320, height=240).status_code == 204


def test_more_than_four_frames_a_second_wait(duty, browser):
    answers = [sent(browser, Image.new("L", (64, 64), 128)).status_code for _ in range(PER_SECOND + 2)]
    assert answers[:PER_SECOND] == [204] * PER_SECOND
    assert 429 in answers or len(set(answers)) == 1  # a slow machine takes longer than a second for six


def test_the_pace_is_asked_before_a_frame_is_read(duty, browser, monkeypatch):
    monkeypatch.setattr(views, "_PACE", Pace(lambda: 0.0))
    answers = [sent(browser, picture("БТ-0001")).status_code for _ in range(PER_SECOND + 1)]
    assert answers == [200] * PER_SECOND + [429]


def test_scanning_writes_nothing(duty, browser):
    before = LedgerEntry.objects.count()
    asked(browser, "БТ-0001")
    sent(browser, picture("БТ-0001"))
    assert LedgerEntry.objects.count() == before
