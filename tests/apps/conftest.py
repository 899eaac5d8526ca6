from pathlib import Path

import pytest
from django.test import override_settings

from aigaq.core.clock import FixedClock
from aigaq.ingest.services import Pipeline
from aigaq.journal.models import JournalRow
from aigaq.ledger.services import Ledger
from tests.support.cards import pipeline
from tests.support.duty import Duty, on_duty
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


@pytest.fixture
def duty(office: Office) -> Duty:
    return on_duty(office)


@pytest.fixture
def row(duty: Duty) -> JournalRow:
    """The recorder is out, and whoever has it on duty."""
    return duty.issue()


@pytest.fixture
def line(office: Office, tmp_path: Path) -> Pipeline:
    return pipeline(office, tmp_path / "vault")
