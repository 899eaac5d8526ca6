"""The cast of the office before the real pages: one installation for the run, real time, cheap password hashes."""

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import translation

from aigaq import wiring
from tests.support.hashing import QUICKLY
from tests.support.installation import install
from tests.support.office import Office, open_office
from tests.support.visitors import Visitor


@pytest.fixture(scope="session", autouse=True)
def _installation():
    if not (settings.DATA / "installation.json").exists():
        install(settings.DATA)


@pytest.fixture(scope="session", autouse=True)
def _passwords_are_hashed_quickly():
    with override_settings(PASSWORD_HASHERS=QUICKLY):
        yield


@pytest.fixture
def office(transactional_db) -> Office:
    """Not inside a transaction: signatures and sign-ins keep their failures whatever becomes of the page."""
    return open_office(wiring.clock())


@pytest.fixture
def visit():
    """`visit(person)` gives their browser, signed in; `visit()` somebody's who is not."""
    return Visitor


@pytest.fixture(autouse=True)
def _words_are_compared_in_english():
    """Outside a request too; a page speaks what its own visitor chose."""
    with translation.override("en"):
        yield
