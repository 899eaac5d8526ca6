"""What nearly every browser test begins with: an office with a vault, the pages served, and a page of Chromium."""

import pytest

from tests.support.browsing import chromium, page_at, playing
from tests.support.viewing import open_room, served


@pytest.fixture
def room(transactional_db, clock, tmp_path, monkeypatch, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    return open_room(clock, tmp_path, monkeypatch, settings)


@pytest.fixture(scope="package")
def playwright():
    with playing() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(playwright):
    """One for all tests: it takes longer to start than most of them. What a page leaves behind, `page_at` forgets."""
    with chromium(playwright) as browser:
        yield browser


@pytest.fixture
def address(room):
    with served() as at:
        yield at


@pytest.fixture
def page(browser, address):
    with page_at(browser, address) as page:
        yield page
