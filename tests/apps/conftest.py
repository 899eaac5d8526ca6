import pytest

from aigaq.core.clock import FixedClock
from aigaq.ledger.services import Ledger
from tests.support.office import Office, ledger_with, open_office


@pytest.fixture
def ledger(clock: FixedClock) -> Ledger:
    return ledger_with(clock)


@pytest.fixture
def office(db, clock: FixedClock) -> Office:
    return open_office(clock)
