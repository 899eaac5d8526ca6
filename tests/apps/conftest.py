import pytest
from django.test import override_settings

from aigaq.core.clock import FixedClock
from aigaq.ledger.services import Ledger
from tests.support.hashing import QUICKLY
from tests.support.office import Office, ledger_with, open_office


@pytest.fixture(scope="session", autouse=True)
def _passwords_are_hashed_quickly():
    with override_settings(PASSWORD_HASHERS=QUICKLY):
        yield


@pytest.fixture
def ledger(clock: FixedClock) -> Ledger:
    return ledger_with(clock)


@pytest.fixture
def office(db, clock: FixedClock) -> Office:
    return open_office(clock)
