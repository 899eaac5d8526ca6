from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from aigaq.web import dates
from aigaq.web.templatetags.aigaq import octets, short_digest
from tests.support.visitors import text_of

MIDNIGHT = datetime(2026, 11, 21, 19, 30, tzinfo=UTC)
"""Half past midnight of the 22nd in Kazakhstan."""


@pytest.mark.parametrize(
    ("language", "long", "short"),
    [
        ("kk", "2026 ж. 22 қараша, 00:30", "22.11.2026 00:30"),
        ("ru", "22 ноября 2026 г., 00:30", "22.11.2026 00:30"),
        ("en", "22 November 2026, 00:30", "22.11.2026 00:30"),
    ],
)
def test_times_are_kazakhstans_and_written_as_people_there_write_them(language, long, short):
    with translation.override(language):
        assert dates.moment(MIDNIGHT).replace("\N{NO-BREAK SPACE}", " ") == long
        assert dates.short_moment(MIDNIGHT) == short


MONTHS = [
    "қаңтар",
    "ақпан",
    "наурыз",
    "сәуір",
    "мамыр",
    "маусым",
    "шілде",
    "тамыз",
    "қыркүйек",
    "қазан",
    "қараша",
    "желтоқсан",
]


@pytest.mark.parametrize(("month", "name"), list(enumerate(MONTHS, start=1)))
def test_kazakh_months_have_their_names_in_small_letters(month, name):
    with translation.override("kk"):
        assert dates.day(date(2026, month, 5)).replace("\N{NO-BREAK SPACE}", " ") == f"2026 ж. 5 {name}"


def test_octets_have_three_figures():
    with translation.override("en"):
        assert [
            octets(n).replace("\N{NO-BREAK SPACE}", " ")
            for n in (0, 999, 1000, 64 * 10**9, 7_460_000_000, 10**15)
        ] == [
            "0 B",
            "999 B",
            "1.0 KB",
            "64.0 GB",
            "7.5 GB",
            "1000 TB",
        ]


def test_a_short_digest_begins_as_the_long_one():
    assert short_digest("sha256:0123456789abcdef") == "0123456789ab"


@pytest.mark.parametrize(("language", "name"), [("kk", "Қаз"), ("ru", "Рус"), ("en", "Eng")])
def test_the_language_is_chosen_before_signing_in_and_stays(office, visit, language, name):
    browser = visit()
    chosen = browser.submit("/language/", {"language": language, "next": "/sign-in/"})
    assert chosen.url == "/sign-in/"
    page = browser.get("/sign-in/")
    assert f'<html lang="{language}">' in page.content.decode()
    assert page["Content-Language"] == language
    assert name in text_of(page)


def test_a_language_we_do_not_speak_changes_nothing(office, visit):
    browser = visit()
    browser.submit("/language/", {"language": "xx", "next": "/sign-in/"})
    assert '<html lang="en">' in browser.get("/sign-in/").content.decode()


def test_kazakh_is_spoken_to_a_browser_of_another_language(office, visit):
    assert '<html lang="kk">' in visit(language="fr").get("/sign-in/").content.decode()


def test_choosing_a_language_leads_to_no_other_site(office, visit):
    assert visit().submit("/language/", {"language": "ru", "next": "https://evil.example/"}).url == "/"


def test_a_page_speaks_kazakh_to_whoever_has_not_chosen(db):
    page = Client(headers={"accept-language": "ru,en;q=0.8"}).get(reverse("login"))
    assert 'lang="kk"' in page.content.decode()
    assert page.headers["Content-Language"] == "kk"


def test_a_page_speaks_the_language_that_was_chosen_and_no_other(db):
    client = Client()
    client.post(reverse("language"), {"language": "ru"})
    assert 'lang="ru"' in client.get(reverse("login")).content.decode()
    client.cookies["django_language"] = "../../etc"
    assert 'lang="kk"' in client.get(reverse("login")).content.decode()
