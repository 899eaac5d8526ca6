"""The vault's password in the browser: three parts, a quarter of an hour, this browser alone (R6.2)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from aigaq import wiring
from aigaq.access.errors import VaultLockedError
from aigaq.accounts.services import disable, set_password
from aigaq.ledger.models import LedgerEntry
from aigaq.web.recordings.streaming import PIECE
from tests.support.viewing import let_go, open_room, streamed, unlock

pytestmark = pytest.mark.django_db

CONTENT = b"evidence" * 100


@pytest.fixture
def room(db, clock, tmp_path, monkeypatch, settings):
    return open_room(clock, tmp_path, monkeypatch, settings)


@pytest.fixture
def address(room):
    return reverse("recordings:media", args=[room.enter(CONTENT).pk])


def kinds():
    return list(
        LedgerEntry.objects.filter(kind__startswith="access.").order_by("seq").values_list("kind", flat=True)
    )


def copy_of(client: Client, *names: str) -> Client:
    """A browser that has some of another's cookies."""
    other = Client()
    for name in names:
        other.cookies[name] = client.cookies[name].value
    return other


def test_the_password_opens_and_leads_back(room, address):
    client = room.browser(room.office.custodian)
    response = unlock(client, room.office.custodian, onward="/recordings/?day=2026-11-20")
    assert response["Location"] == "/recordings/?day=2026-11-20"
    assert streamed(client.get(address)) == CONTENT
    assert kinds() == ["access.unlocked", "access.played"]


def test_head_and_custodian_open_it_each_with_their_own(room, address):
    office = room.office
    assert streamed(room.browser(office.head, unlocked=True).get(address)) == CONTENT
    client = room.browser(office.head)
    response = unlock(client, office.head, password="the password of the custodian 236")
    assert response.status_code == 422
    assert client.get(address).status_code == 403


def test_the_cookie_is_for_this_browser_and_no_script(room):
    client = room.browser(room.office.custodian, unlocked=True)
    cookie = client.cookies["aigaq_unlock"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["max-age"] == ""
    assert cookie["expires"] == ""
    assert not cookie["secure"]


def test_under_https_the_cookie_travels_by_https_alone(room, settings):
    settings.SESSION_COOKIE_SECURE = True
    client = room.browser(room.office.custodian)
    assert unlock(client, room.office.custodian).cookies["aigaq_unlock"]["secure"]


def test_under_https_the_lock_takes_the_cookie_away_as_a_browser_lets_it(room, settings):
    settings.SESSION_COOKIE_SECURE, settings.UNLOCK_COOKIE_NAME = True, "__Host-aigaq_unlock"
    client = room.browser(room.office.custodian, unlocked=True)
    assert client.get(reverse("vault:state")).status_code == 204
    gone = client.post(reverse("vault:lock")).cookies["__Host-aigaq_unlock"]
    assert (gone.value, gone["secure"], gone["path"], gone["max-age"]) == ("", True, "/", 0)


def test_the_cookie_alone_opens_nothing(room, address):
    client = room.browser(room.office.custodian, unlocked=True)
    thief = room.browser(room.office.custodian)
    thief.cookies["aigaq_unlock"] = client.cookies["aigaq_unlock"].value
    assert thief.get(address).status_code == 403


def test_the_session_alone_opens_nothing(room, address):
    client = room.browser(room.office.custodian, unlocked=True)
    assert copy_of(client, "aigaq_session").get(address).status_code == 403


def test_the_unlock_cookie_without_a_session_is_nobody(room, address):
    client = room.browser(room.office.custodian, unlocked=True)
    assert copy_of(client, "aigaq_unlock").get(address).status_code == 302


def test_a_restart_locks_it(room, address, monkeypatch):
    client = room.browser(room.office.custodian, unlocked=True)
    monkeypatch.setattr(wiring, "process_secret", lambda: b"another process, another secret."[:32])
    assert client.get(address).status_code == 403


def test_after_a_restart_the_bar_on_top_says_so_too(room, monkeypatch):
    client = room.browser(room.office.custodian, unlocked=True)
    assert "Recordings open" in client.get(reverse("journal:list")).content.decode()
    monkeypatch.setattr(wiring, "process_secret", lambda: b"another process, another secret."[:32])
    assert "Recordings open" not in client.get(reverse("journal:list")).content.decode()


def test_it_locks_itself_after_a_quarter_of_an_hour(room, address):
    client = room.browser(room.office.custodian, unlocked=True)
    room.duty.passes(minutes=14, seconds=59)
    assert client.get(address).status_code == 200
    room.duty.passes(seconds=1)
    response = client.get(address)
    assert response.status_code == 403
    assert "vault password" in response.content.decode()
    assert client.get(reverse("vault:state")).status_code == 403


def test_using_it_does_not_make_the_time_longer(room, address):
    client = room.browser(room.office.custodian, unlocked=True)
    for _ in range(4):
        room.duty.passes(minutes=4)
        let_go(client.get(address))
    assert client.get(address).status_code == 403


def test_the_lock_button_locks_and_is_entered_once(room, address):
    client = room.browser(room.office.custodian, unlocked=True)
    assert client.get(reverse("vault:state")).status_code == 204
    for _ in range(2):
        assert client.post(reverse("vault:lock")).status_code == 302
    assert client.get(address).status_code == 403
    assert kinds().count("access.locked") == 1
    assert client.cookies["aigaq_unlock"].value == ""


def test_signing_out_locks_it_for_good(room, address):
    client = room.browser(room.office.custodian, unlocked=True)
    kept = client.cookies["aigaq_unlock"].value
    client.post(reverse("logout"))
    assert client.get(address).status_code == 302, "to the sign-in page"
    again = room.browser(room.office.custodian)
    again.cookies["aigaq_unlock"] = kept
    assert again.get(address).status_code == 403


def signs_out(_room, client):
    client.post(reverse("logout"))


def locks_it(_room, client):
    client.post(reverse("vault:lock"))


def takes_another_password(room, _client):
    custodian = room.office.custodian
    set_password(room.office.ledger, room.office.by(custodian), custodian.user, "a new one, long enough")


def is_shut_out(room, _client):
    disable(room.office.ledger, room.office.by(room.office.head), room.office.custodian.user)


@pytest.fixture
def sending(room):
    """A browser whose recording is on its way, with more to come than what it has."""
    client = room.browser(room.office.custodian, unlocked=True)
    large = reverse("recordings:media", args=[room.enter(b"evidence" * 300_000).pk])
    pieces = iter(client.get(large).streaming_content)
    assert next(pieces)
    return client, pieces


@pytest.mark.parametrize("happens", [signs_out, locks_it, takes_another_password, is_shut_out])
def test_what_is_being_sent_ends_with_the_session_and_with_the_lock(room, sending, happens):
    client, pieces = sending
    happens(room, client)
    room.duty.passes(seconds=1)
    with pytest.raises(VaultLockedError):
        list(pieces)


def test_what_is_being_sent_ends_also_where_the_clock_was_set_back(room, sending):
    client, pieces = sending
    signs_out(room, client)
    room.duty.passes(hours=-1)
    with pytest.raises(VaultLockedError):
        list(pieces)


def test_what_is_being_sent_is_sent_to_its_end_though_the_time_is_over(room, sending):
    client, pieces = sending
    room.duty.passes(minutes=16)
    assert "Recordings open" not in client.get(reverse("journal:list")).content.decode()
    room.duty.passes(seconds=1)
    assert len(b"".join(pieces)) == 8 * 300_000 - PIECE


def test_guessing_is_slowed_and_told_how_long(room):
    client = room.browser(room.office.custodian)
    codes = [
        unlock(client, room.office.custodian, password=f"not the vault password {n}").status_code
        for n in range(12)
    ]
    assert codes[0] == 422
    assert codes[-1] == 429
    page = unlock(client, room.office.custodian, password="not this one either 236").content.decode()
    assert "id_vault_password_error" in page


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_after_unlocking_it_never_leads_elsewhere(room, elsewhere):
    response = unlock(room.browser(room.office.custodian), room.office.custodian, onward=elsewhere)
    assert response["Location"] == reverse("recordings:list")


def test_a_page_that_needs_it_sends_there_and_comes_back(room):
    client = room.browser(room.office.custodian)
    copy = reverse("recordings:download", args=[room.enter(CONTENT).pk])
    there = client.get(copy)
    assert there.status_code == 302
    assert there["Location"].startswith(reverse("vault:unlock"))
    page = client.get(there["Location"])
    assert f'name="next" value="{copy}"' in page.content.decode()


def test_inspectors_and_administrators_are_not_even_asked(room):
    for person in (room.office.inspector, room.office.administrator):
        client = room.browser(person)
        assert client.get(reverse("vault:unlock")).status_code == 403
        assert client.post(reverse("vault:unlock"), {"vault_password": "x"}).status_code == 403


def test_who_was_relieved_reads_no_more_within_the_quarter_hour(room, address):
    client = room.browser(room.office.custodian, unlocked=True)
    office = room.office
    appointment = office.custodian.appointments.get()
    type(appointment).objects.filter(pk=appointment.pk).update(
        until_on=(office.clock.now() - timedelta(days=2)).date()
    )
    assert client.get(address).status_code == 403
