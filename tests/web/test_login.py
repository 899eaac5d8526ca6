from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.urls import reverse

from aigaq import wiring
from aigaq.accounts import services as accounts
from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE
from aigaq.registry import services as registry
from aigaq.web.middleware import SIGNED_IN_AT_KEY
from tests.support.hashing import QuickArgon2Hasher
from tests.support.office import password_of
from tests.support.visitors import text_of

SIGN_IN = "/sign-in/"


def sign_in(browser, username, password, **more):
    return browser.submit(SIGN_IN, {"username": username, "password": password, **more})


def test_the_right_password_leads_to_the_desk(office, visit):
    browser = visit()
    response = sign_in(browser, "daniyar", password_of("daniyar"))
    assert (response.status_code, response.url) == (302, "/")
    page = browser.get("/")
    assert "Жүнісов Данияр Ғалымұлы" in text_of(page)
    assert LedgerEntry.objects.filter(kind="account.signed-in").count() == 1


def test_one_goes_on_to_where_one_was_going(office, visit):
    browser = visit()
    asked = browser.get("/journal/?book=")
    assert asked.url == "/sign-in/?next=/journal/%3Fbook%3D"
    assert (
        sign_in(browser, "daniyar", password_of("daniyar"), next="/journal/?book=").url == "/journal/?book="
    )


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_led_to_another_site(office, visit, elsewhere):
    assert sign_in(visit(), "daniyar", password_of("daniyar"), next=elsewhere).url == "/"


def test_a_wrong_name_and_a_wrong_password_read_alike(office, visit):
    wrong_name = sign_in(visit(), "nobody-here", "some password or other")
    wrong_password = sign_in(visit(), "daniyar", "some password or other")
    assert wrong_name.status_code == wrong_password.status_code == 422
    sentence = "The login name or the password is not right."
    assert sentence in text_of(wrong_name)
    assert text_of(wrong_name) == text_of(wrong_password)


@pytest.mark.parametrize("username", ["nobody-here", "daniyar"])
def test_an_unknown_name_costs_one_hashing_as_a_known_one_does(office, visit, username, monkeypatch):
    hashed = []

    def counted(method):
        def run(self, *args, **kwargs):
            hashed.append(method.__name__)
            return method(self, *args, **kwargs)

        return run

    monkeypatch.setattr(QuickArgon2Hasher, "encode", counted(Argon2PasswordHasher.encode))
    monkeypatch.setattr(QuickArgon2Hasher, "verify", counted(Argon2PasswordHasher.verify))
    browser = visit()
    browser.get(SIGN_IN)
    sign_in(browser, username, "some password or other")
    assert len(hashed) == 1


def test_guessing_is_told_how_long_to_wait(office, visit):
    browser = visit()
    for _ in range(3):
        assert sign_in(browser, "daniyar", "a guess that is wrong").status_code == 422
    told = sign_in(browser, "daniyar", password_of("daniyar"))
    assert told.status_code == 429
    assert "Wait 2 seconds" in text_of(told) or "Wait 1 seconds" in text_of(told)
    assert SESSION_KEY not in browser.session


def test_what_was_typed_never_comes_back_in_the_page(office, visit):
    page = sign_in(visit(), "daniyar", "secret typed here")
    assert b"secret typed here" not in page.content


def test_signing_out_ends_the_session_and_is_entered(office, visit):
    browser = visit(office.custodian)
    assert browser.submit("/sign-out/").url == SIGN_IN
    assert browser.get("/").status_code == 302
    assert LedgerEntry.objects.filter(kind="account.signed-out").count() == 1


def test_signing_out_takes_a_form_and_no_link(office, visit):
    assert visit(office.custodian).get("/sign-out/").status_code == 405


def test_a_session_lasts_twelve_hours_whatever_happens_in_it(office, visit):
    browser = visit(office.custodian)
    session = browser.session
    began = parse_rfc3339(session[SIGNED_IN_AT_KEY])
    session[SIGNED_IN_AT_KEY] = rfc3339(began - timedelta(hours=11, minutes=59))
    session.save()
    assert browser.get("/").status_code == 200
    session = browser.session
    session[SIGNED_IN_AT_KEY] = rfc3339(began - timedelta(hours=12))
    session.save()
    assert browser.get("/").url == "/sign-in/?next=/"
    assert SESSION_KEY not in browser.session


def test_a_session_that_does_not_say_when_it_began_is_nobodys(office, visit):
    browser = visit(office.custodian)
    session = browser.session
    del session[SIGNED_IN_AT_KEY]
    session.save()
    assert browser.get("/").status_code == 302


def test_a_disabled_user_is_out_with_the_next_request(office, visit):
    browser = visit(office.custodian)
    accounts.disable(office.ledger, office.by(office.head), office.custodian.user)
    assert browser.get("/").status_code == 302
    assert SESSION_KEY not in browser.session


def test_a_role_that_ended_yesterday_opens_nothing_today(office, visit):
    browser = visit(office.custodian)
    assert browser.get("/journal/").status_code == 200
    yesterday = (wiring.clock().now() - timedelta(days=1)).date()
    appointment = office.custodian.appointments.get()
    registry.relieve(office.ledger, office.by(office.head), appointment, max(yesterday, appointment.from_on))
    assert browser.get("/journal/").status_code == 403


def test_a_login_of_nobody_on_the_staff_list_is_told_so_and_can_leave(office, visit):
    accounts.create_user(office.ledger, MACHINE, username="stray", password=password_of("stray"))
    browser = visit()
    sign_in(browser, "stray", password_of("stray"))
    page = browser.get("/")
    assert page.status_code == 403
    assert "not tied to anybody on the staff list" in text_of(page)
    assert browser.submit("/sign-out/").url == SIGN_IN


def test_ones_own_password_is_changed_with_the_old_one(office, visit):
    browser = visit(office.inspector)
    wrong = browser.submit(
        reverse("my-password"),
        {"old": "not the old one", "new": "a new one 236 aa", "again": "a new one 236 aa"},
    )
    assert wrong.status_code == 422
    old = password_of("yerlan")
    differ = browser.submit(
        reverse("my-password"), {"old": old, "new": "a new one 236 aa", "again": "another one 236"}
    )
    assert "The two new passwords differ" in text_of(differ)
    short = browser.submit(reverse("my-password"), {"old": old, "new": "short", "again": "short"})
    assert short.status_code == 422
    done = browser.submit(
        reverse("my-password"), {"old": old, "new": "a new one 236 aa", "again": "a new one 236 aa"}
    )
    assert done.url == SIGN_IN
    assert sign_in(visit(), "yerlan", "a new one 236 aa").status_code == 302
    assert sign_in(visit(), "yerlan", old).status_code == 422


def test_the_page_to_sign_in_sends_those_who_are_in_to_the_desk(office, visit):
    assert visit(office.custodian).get(SIGN_IN).url == "/"
