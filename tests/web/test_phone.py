"""The phone's page before a script or without one: whose it is, what it takes, and what anybody may send it."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aigaq import wiring
from aigaq.journal.models import Failure, Pause, Resume, Told
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE
from aigaq.registry import services as registry
from aigaq.registry.models import Role
from aigaq.web.phone.reading import LIMIT, UnreadableNoticeError, read
from tests.support.duty import entries, on_duty
from tests.support.office import SINCE, password_of
from tests.support.visitors import text_of

PAGE, STATE, TELL = "/phone/", "/phone/state/", "/phone/tell/"


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def row(duty):
    return duty.issue()


@pytest.fixture
def yerlan(office, visit):
    return visit(office.inspector)


def ms(at):
    return int(at.timestamp() * 1000)


def notice(office, row, act="pause", /, **changes):
    """As the page sends it, a moment after it was pressed."""
    now = ms(wiring.clock().now())
    own = {
        "pause": {"reason": "meal"},
        "resume": {"pause": None},
        "failure": {"cause": "picture", "words": ""},
    }[act]
    usual = {
        "id": str(uuid4()),
        "person": str(office.inspector.pk),
        "row": str(row.pk),
        "act": act,
        "at": now,
        "sent_at": now,
        "clock": {"offset": -3, "uncertainty": 40, "offset_when_sent": -3},
        **own,
    }
    return {name: value for name, value in (usual | changes).items() if value is not ...}


def send(browser, told, **extra):
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    usual = {"content_type": "application/json", "HTTP_X_CSRFTOKEN": token_of(browser)}
    return browser.post(TELL, body, **(usual | extra))


def token_of(browser):
    return browser.get(STATE).json()["token"]


def test_the_state_is_ones_own_and_carries_the_server_s_time(duty, row, yerlan, visit):
    duty.pause(row, reason="sanitary")
    duty.fail(row)
    said = yerlan.get(STATE).json()
    assert said["person"] == {
        "id": str(duty.office.inspector.pk),
        "name": duty.office.inspector.full_name,
    }
    assert abs(said["now"] - ms(wiring.clock().now())) < 5000
    assert said["zone"] == 300
    (told,) = said["rows"]
    assert (told["id"], told["recorder"], told["number"]) == (str(row.pk), "БТ-0001", 1)
    assert (told["pause"]["reason"], told["failure"]["cause"], told["moved"]) == ("sanitary", "picture", "")
    for who in ("second_inspector", "custodian", "head", "administrator", "sister_custodian"):
        assert visit(getattr(duty.office, who)).get(STATE).json()["rows"] == []


def test_a_pause_is_entered_and_answered_with_when_it_came(duty, row, yerlan):
    told = notice(duty.office, row)
    answer = send(yerlan, told)
    pause = Pause.objects.get()
    assert answer.status_code == 200
    assert answer.json()["outcome"] == "entered"
    assert answer.json()["entered_at"] == ms(pause.entered_at)
    assert (str(pause.pk), ms(pause.occurred_at), pause.by) == (
        told["id"],
        told["at"],
        duty.office.inspector,
    )
    phone = entries("journal.paused")[-1].body["phone"]
    assert (phone["offset_ms"], phone["uncertainty_ms"]) == (-3, 40)


def test_sent_again_it_is_answered_alike(duty, row, yerlan):
    for act, model in (("pause", Pause), ("resume", Resume), ("failure", Failure)):
        told = notice(duty.office, row, act)
        first, second = (
            send(yerlan, told).json(),
            send(yerlan, told | {"sent_at": told["sent_at"] + 9}).json(),
        )
        assert first["entered_at"] == second["entered_at"], act
        assert model.objects.count() == 1


def test_a_clock_that_is_wrong_by_years_does_no_harm(duty, row, yerlan):
    decade = 10 * 365 * 24 * 3600 * 1000
    clock = {"offset": decade, "uncertainty": 900, "offset_when_sent": -decade}
    assert send(yerlan, notice(duty.office, row, clock=clock)).status_code == 200
    assert not Pause.objects.get().is_late
    assert entries("journal.paused")[-1].body["phone"]["offset_when_sent_ms"] == -decade


def test_a_refusal_says_why_and_by_which_paragraph(duty, row, yerlan):
    duty.pause(row)
    answer = send(yerlan, notice(duty.office, row))
    assert answer.status_code == 409
    said = answer.json()
    assert (said["outcome"], said["code"], said["paragraph"]) == (
        "refused",
        "journal.already-paused",
        "paragraph 21",
    )
    assert "Row 1 has been on pause since" in said["sentence"]
    yerlan.cookies["django_language"] = "kk"
    assert send(yerlan, notice(duty.office, row)).json()["paragraph"] == "21-тармақ"


def test_a_phone_that_changed_hands_sends_nobody_else_s_notice(duty, row, visit):
    madina = visit(duty.office.second_inspector)
    answer = send(madina, notice(duty.office, row))
    assert (answer.status_code, answer.json()["code"]) == (409, "phone.another-persons")
    assert not Pause.objects.exists()


@pytest.mark.parametrize(
    "who", ["second_inspector", "head", "custodian", "sister_custodian", "administrator"]
)
def test_a_row_of_another_is_not_there(duty, row, visit, who):
    person = getattr(duty.office, who)
    browser = visit(person)
    told = notice(duty.office, row, person=str(person.pk))
    unknown = notice(duty.office, row, person=str(person.pk), row=str(uuid4()))
    assert send(browser, told).json() == send(browser, unknown).json()
    assert send(browser, told).json()["code"] == "journal.unknown-row"
    assert not Pause.objects.exists()


def test_who_is_no_inspector_any_more_tells_nothing(duty, row, yerlan):
    office = duty.office
    yesterday = (wiring.clock().now() - timedelta(days=1)).date()
    registry.relieve(
        office.ledger, MACHINE, appointment=office.inspector.appointments.get(), until_on=yesterday
    )
    assert send(yerlan, notice(office, row)).json()["code"] == "journal.not-your-duty"


def test_it_is_told_under_the_appointment_of_the_row_s_division(duty, row, visit):
    """Their pages may show another division at the moment."""
    office = duty.office
    registry.appoint(
        office.ledger,
        MACHINE,
        person=office.inspector,
        division=office.sister,
        role=Role.CUSTODIAN,
        from_on=SINCE,
        until_on=None,
        order_number="9",
        stands_in_for=office.sister_custodian.appointments.get(),
    )
    assert send(visit(office.inspector), notice(office, row)).status_code == 200
    entry = entries("journal.paused")[-1]
    assert (entry.division, entry.right["role"]) == (str(office.division.pk), "inspector")


def test_without_the_token_of_the_page_nothing_is_entered(duty, row, yerlan):
    assert send(yerlan, notice(duty.office, row), HTTP_X_CSRFTOKEN="").status_code == 403
    assert not Pause.objects.exists()


def test_nobody_is_told_nothing_but_to_sign_in(duty, row, visit):
    browser = visit()
    for path in (PAGE, STATE):
        assert browser.get(path).status_code == 302


HOSTILE = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b'{"id": "\xff"}',
    "a list": b"[]",
    "a number": b"1",
    "deep": b"[" * 2000 + b"]" * 2000,
    "a long number": b'{"at": ' + b"9" * 3000 + b"}",
    "not a number": b'{"at": NaN}',
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_notice_is_refused_and_harms_nothing(duty, row, yerlan, body):
    before = LedgerEntry.objects.count()
    answer = send(yerlan, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "phone.unreadable")
    assert LedgerEntry.objects.count() == before


CHANGES = [
    {"id": "x"},
    {"id": None},
    {"id": "4160b6805fff45b89f75dde5107b4ed1"},
    {"id": ...},
    {"extra": 1},
    {"act": "destroy"},
    {"act": ["pause"]},
    {"act": "resume"},
    {"row": {"id": 1}},
    {"at": "2026-11-20"},
    {"at": True},
    {"at": 1.5},
    {"at": -1},
    {"at": 10**18},
    {"at": 0},
    {"sent_at": None},
    {"clock": None},
    {"clock": {"offset": 0, "uncertainty": 0}},
    {"clock": {"offset": 0, "uncertainty": -1, "offset_when_sent": 0}},
    {"clock": {"offset": 10**14, "uncertainty": 0, "offset_when_sent": 0}},
    {"reason": 7},
    {"reason": "x" * 33},
    {"reason": "me\x00al"},
    {"person": "…" * 36},
]


@pytest.mark.parametrize("change", CHANGES, ids=repr)
def test_what_is_almost_a_notice_is_refused_too(duty, row, yerlan, change):
    answer = send(yerlan, notice(duty.office, row, **change))
    assert (answer.status_code, answer.json()["code"]) == (422, "phone.unreadable")


@pytest.mark.parametrize(
    "words", ["\x00", "\ud800", "\x1b[2J", "ұ" * 1001], ids=["nul", "half a pair", "escape", "long"]
)
def test_words_that_no_book_can_hold_are_refused(duty, row, yerlan, words):
    answer = send(yerlan, notice(duty.office, row, "failure", words=words))
    assert answer.status_code == 422
    assert not Failure.objects.exists()


def test_names_given_twice_are_refused(duty, row, yerlan):
    told = json.dumps(notice(duty.office, row))
    twice = told[:-1] + ', "reason": "sanitary"}'
    assert send(yerlan, twice.encode()).json()["code"] == "phone.unreadable"


def test_more_than_a_notice_can_be_is_not_read(duty, row, yerlan):
    told = notice(duty.office, row, "failure", words=" " * LIMIT)
    assert send(yerlan, told).json()["code"] == "phone.unreadable"
    assert send(yerlan, notice(duty.office, row), content_type="text/plain").status_code == 422


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
NAMES = ["id", "person", "row", "act", "at", "sent_at", "clock", "reason", "pause", "cause", "words", "x"]


@given(anything)
def test_whatever_json_comes_it_is_read_or_refused(value):
    with pytest.raises(UnreadableNoticeError):
        read(json.dumps(value).encode())


@given(st.binary(max_size=200))
def test_whatever_octets_come_they_are_read_or_refused(octets):
    with pytest.raises(UnreadableNoticeError):
        read(octets)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(st.sampled_from(NAMES), anything, min_size=1, max_size=3))
def test_a_notice_with_anything_in_it_never_breaks_the_office(duty, row, yerlan, changes):
    answer = send(yerlan, json.dumps(notice(duty.office, row) | changes).encode())
    assert answer.status_code in {200, 409, 422}
    assert answer.json()["outcome"] in {"entered", "refused"}


def test_the_page_without_scripts_pauses_resumes_and_tells(duty, row, yerlan):
    page = yerlan.get(PAGE).content.decode()
    assert "Recorder БТ-0001, row 1" in page
    given = {"id": str(uuid4()), "row": str(row.pk)}
    paused = yerlan.submit(PAGE, {**given, "act": "pause", "reason": "meal"}, follow=True)
    assert "It is entered" in text_of(paused)
    assert "On pause since" in text_of(paused)
    pause = Pause.objects.get()
    assert (pause.told, pause.reason) == (Told.PHONE_PAGE, "meal")
    again = yerlan.submit(PAGE, {**given, "act": "pause", "reason": "sanitary"})
    assert again.status_code == 422
    assert "Under the same number something else" in text_of(again)
    yerlan.submit(PAGE, {"id": str(uuid4()), "row": str(row.pk), "act": "resume", "pause": str(pause.pk)})
    assert Resume.objects.get().pause == pause
    told = {"id": str(uuid4()), "row": str(row.pk), "act": "failure", "cause": "other"}
    wordless = yerlan.submit(PAGE, told)
    assert "Write in a few words what failed" in text_of(wordless)
    assert "paragraph 22" in text_of(wordless)
    failed = yerlan.submit(PAGE, {**told, "words": "Суға түсті"}, follow=True)
    assert "The custodian comes back to you" in text_of(failed)


def test_the_page_of_who_has_nothing_says_so(duty, row, visit):
    for who in ("second_inspector", "administrator", "sister_custodian"):
        page = text_of(visit(getattr(duty.office, who)).get(PAGE))
        assert "No recorder is issued to you now." in page
        assert "БТ-0001" not in page


def test_what_the_phone_keeps_to_open_offline_tells_nothing_of_anybody(duty, row, yerlan, visit):
    for browser in (yerlan, visit()):
        page = browser.get("/phone/shell/", {"language": "ru"})
        assert '<html lang="ru">' in page.content.decode()
    anonymous = visit().get("/phone/shell/", {"language": "kk"}).content.decode()
    for secret in ("Өтегенов", "БТ-0001", "Қонаев", str(duty.office.inspector.pk)):
        assert secret not in anonymous
    assert '<html lang="kk">' in visit().get("/phone/shell/", {"language": "../x"}).content.decode()


def test_the_service_worker_reaches_the_phone_page_alone(visit):
    answer = visit().get("/phone/worker.js")
    assert answer["Content-Type"] == "text/javascript"
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    assert "Service-Worker-Allowed" not in answer
    script = answer.content.decode()
    assert '"/static/web/aigaq.css"' in script
    assert 'credentials: "omit"' in script


def test_what_the_worker_keeps_is_there(visit):
    script = visit().get("/phone/worker.js").content.decode()
    kept = [part.strip().strip('"') for part in script.split("KEPT = [")[1].split("]")[0].split(",")]
    from django.contrib.staticfiles import finders

    for address in filter(None, kept):
        assert finders.find(address.removeprefix("/static/")), address


def test_an_inspector_with_a_recorder_lands_at_its_buttons(duty, visit):
    office = duty.office
    given = {"username": "yerlan", "password": password_of("yerlan")}
    assert visit().submit("/sign-in/", given).url == "/"
    duty.issue()
    assert visit().submit("/sign-in/", given).url == PAGE
    assert visit().submit("/sign-in/", {**given, "next": "/my-password/"}).url == "/my-password/"
    own = visit(office.inspector).get("/").content.decode()
    assert f'href="{PAGE}"' in own


def test_only_inspectors_have_it_in_their_menu(duty, visit):
    office = duty.office
    for who, has in (("inspector", True), ("custodian", False), ("head", False), ("administrator", False)):
        menu = (
            visit(getattr(office, who)).get("/").content.decode().split('<ul id="menu">')[1].split("</ul>")[0]
        )
        assert (reverse("phone:page") in menu) is has, who
