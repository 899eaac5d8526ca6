"""No page is a dead end: each says what happened, what to do, and leads on."""

import pytest
from django.db import connection
from django.test import RequestFactory
from django.urls import path
from django.utils import translation

from aigaq.accounts.errors import TooManyAttemptsError
from aigaq.errors import AigaqError, BadInputError
from aigaq.journal.errors import NoPurposeError, RecorderAlreadyIssuedError
from aigaq.web.duty import NotYoursError
from aigaq.web.errors import sentence, server_error, status_of
from aigaq.web.security import open_to_everyone
from aigaq.web.urls import urlpatterns
from tests.support.visitors import text_of


@open_to_everyone
def refuses(_request):
    raise NoPurposeError


@open_to_everyone
def breaks(_request):
    raise ZeroDivisionError


class WithFaults:
    urlpatterns = [*urlpatterns, path("refuses/", refuses), path("breaks/", breaks)]
    handler500 = "aigaq.web.errors.server_error"


@pytest.fixture
def faulty(settings):
    settings.ROOT_URLCONF = WithFaults


def test_a_refusal_that_no_page_expected_names_the_paragraph_and_leads_to_the_desk(office, visit, faulty):
    page = visit(office.custodian).get("/refuses/")
    assert page.status_code == 409
    read = text_of(page)
    assert "A recorder is issued for an official purpose only" in read
    assert "Order No. 236, paragraph 23" in read
    assert "journal.no-purpose" in read
    assert 'href="/"' in page.content.decode()


def test_htmx_gets_the_refusal_alone_for_the_place_of_notices(office, visit, faulty):
    page = visit(office.custodian).get("/refuses/", headers={"HX-Request": "true"})
    assert (page.status_code, page["HX-Retarget"]) == (409, "#notices")
    assert "<html" not in page.content.decode()
    assert "official purpose" in text_of(page)


def test_htmx_of_a_session_that_ended_goes_to_sign_in(office, visit):
    page = visit().get("/unloads/live/", headers={"HX-Request": "true"})
    assert page["HX-Redirect"] == "/sign-in/"


def test_a_defect_is_told_without_its_inside(office, visit, faulty):
    browser = visit(office.custodian)
    browser.raise_request_exception = False
    page = browser.get("/breaks/")
    assert page.status_code == 500
    assert "Something went wrong" in text_of(page)
    assert "ZeroDivisionError" not in page.content.decode()
    assert 'href="/"' in page.content.decode()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_page_of_a_defect_asks_nothing_of_the_database(language):
    def broken(*_args):
        raise AssertionError("asked the database")

    with translation.override(language), connection.execute_wrapper(broken):
        request = RequestFactory().get("/")
        request.LANGUAGE_CODE = language
        assert f'lang="{language}"' in server_error(request).content.decode()


def test_what_is_not_there_leads_on(office, visit):
    page = visit(office.custodian).get("/no/such/page/")
    assert page.status_code == 404
    assert 'href="/journal/"' in page.content.decode()


def test_a_form_that_stood_open_too_long_says_that_nothing_was_written(office, visit):
    page = visit(office.custodian).post("/sign-out/", {"csrfmiddlewaretoken": "x" * 32})
    assert page.status_code == 403
    assert "Nothing was written" in text_of(page)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotYoursError(), 403),
        (NoPurposeError(), 409),
        (BadInputError(), 422),
        (AigaqError(), 400),
    ],
)
def test_each_kind_of_error_has_its_status(error, status):
    assert status_of(error) == status


def test_times_in_a_sentence_are_kazakhstans(clock):
    error = RecorderAlreadyIssuedError(number="БТ-1", inspector="Ерлан", since=clock.now(), row=3)
    with translation.override("en"):
        assert "since 20 November 2026, 09:00" in sentence(error)
        assert "Wait 8 seconds" in sentence(TooManyAttemptsError(seconds=8))
