"""A duty that was over before the demonstration began: a pause in it was announced, and a gap was not."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

from aigaq import wiring
from aigaq.cli.demo.office import PURPOSE, Office, all_checks_passed
from aigaq.core.clock import FixedClock
from aigaq.ingest.services import Pipeline, unload
from aigaq.journal.models import PauseReason, SealFound, Told
from aigaq.journal.services.issue import IssueRequest, issue
from aigaq.journal.services.pause import pause
from aigaq.journal.services.resume import resume
from aigaq.journal.services.return_ import ReturnRequest, return_
from aigaq.journal.services.sign import OwnPassword
from aigaq.journal.services.telling import FieldNotice
from aigaq.simulate import sparse_card

ADDRESS: Final = "127.0.0.1"
SEAL: Final = "A 004215"
AGO: Final = timedelta(minutes=45)
"""When the demonstration office was founded, that there is a past."""
_LASTS: Final = timedelta(minutes=40)
_TAKES: Final = ((1, 11), (20, 4), (30, 9))
"""Minutes after the issue, and how many; between the last two nothing is recorded, and nothing was told."""
_PAUSED, _RESUMED = timedelta(minutes=12), timedelta(minutes=20)


def seed_past(office: Office, port: Path, clock: FixedClock) -> None:
    """Issue, record, pause, go on, stop, go on, hand back, unload; `clock` is the office's, and moves."""
    inspector, began = office.inspectors[0], clock.now()
    row = issue(
        office.ledger,
        office.by(office.custodian),
        IssueRequest(
            custodian=office.custodian.person,
            division=office.division,
            recorder=office.recorders[2],
            card=office.cards[2],
            inspector=inspector.person,
            purpose=PURPOSE,
            checks=all_checks_passed(),
            seal_number=SEAL,
        ),
        OwnPassword(inspector.password, ADDRESS),
    )

    def told() -> FieldNotice:
        now = clock.now()
        return FieldNotice(
            id=uuid4(), row=row, person=inspector.person, told=Told.PHONE_PAGE, occurred_at=now
        )

    clock.instant = began + _PAUSED
    paused = pause(office.ledger, office.by(inspector), told(), reason=PauseReason.MEAL)
    clock.instant = began + _RESUMED
    resume(office.ledger, office.by(inspector), told(), pause=paused.pk)
    clock.instant = began + _LASTS
    request = ReturnRequest(
        custodian=office.custodian.person,
        row=row,
        handed_back_by=inspector.person,
        seal_found=SealFound.INTACT,
        seal_number_found=SEAL,
        condition="",
    )
    means = OwnPassword(inspector.password, ADDRESS)
    return_(office.ledger, office.by(office.custodian), request, means)
    takes = [(began + timedelta(minutes=at), timedelta(minutes=length)) for at, length in _TAKES]
    sparse_card(port, recorder=office.recorders[2].inventory_number, takes=takes)
    unload(_pipeline(office, clock), port, port=port.name)


def _pipeline(office: Office, clock: FixedClock) -> Pipeline:
    usual = wiring.pipeline()
    return replace(usual, ledger=office.ledger, tools=replace(usual.tools, clock=clock))
