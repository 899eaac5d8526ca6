"""The end of the story: a court asks for what was recorded, and gets a package that proves itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from aigaq import wiring
from aigaq.access import services as access
from aigaq.cli.demo.office import Office
from aigaq.core.clock import KAZAKHSTAN
from aigaq.disclosure.building import contents_of, tools
from aigaq.disclosure.gathering import gather
from aigaq.disclosure.models import Approval, BuildingWay, Chosen, Kind, Sealing
from aigaq.disclosure.services.approve import ApprovalRequest, approve
from aigaq.disclosure.services.build import begin, finish
from aigaq.disclosure.services.register import RegisterRequest, register
from aigaq.journal.services.sign import OwnPassword
from aigaq.media.making.maker import Maker
from aigaq.package import verify
from aigaq.package.verify import Report
from aigaq.package.writer import Written, write
from aigaq.recordings.models import Recording

FOLDER: Final = "handed-out"
"""In the data folder: where the demonstration's package lies."""
_ADDRESS: Final = "127.0.0.1"
_PAPER: Final[Mapping[str, Any]] = {
    "kind": Kind.DETERMINATION,
    "authority": "Қонаев қалалық соты",
    "official": "Сейітов А. М.",
    "their_number": "3-127/26",
    "basis": "№ 1-44/26 іс",
    "covers": "Тексерудің бейнежазбалары",
}


@dataclass(frozen=True, slots=True)
class Given:
    """What lies in the folder."""

    written: Written
    folder: Path
    originals: int


def demanded(office: Office) -> Approval:
    """The custodian enters the court's paper and chooses the whole duty; the head signs."""
    ledger, today = office.ledger, _today()
    recordings = Recording.objects.filter(division=office.division).order_by("listed_at", "pk")
    request = RegisterRequest(
        person=office.custodian.person,
        division=office.division,
        dated_on=today,
        received_on=today,
        due_on=None,
        chosen=[Chosen(pk) for pk in recordings.values_list("pk", flat=True)],
        **_PAPER,
    )
    demand = register(ledger, office.by(office.custodian), request)
    asked = ApprovalRequest(head=office.head.person, division=office.division, demand=demand.pk, read=1)
    return approve(ledger, office.by(office.head), asked, OwnPassword(office.head.password, _ADDRESS))


def packaged(office: Office, approval: Approval, data: Path) -> Given:
    """The custodian builds it with their vault password."""
    ledger, custodian = office.ledger, office.custodian
    by, into = office.by(custodian), data / FOLDER
    into.mkdir(mode=0o700)
    assert custodian.person.user is not None
    identity = access.identify(ledger, by, custodian.person.user, custodian.vault_password, address=_ADDRESS)
    gathered = gather(approval, wiring.ledger_key())
    building = begin(
        ledger,
        by,
        approval=approval,
        division=office.division,
        person=custodian.person,
        files=[each.file for each in gathered.files],
        way=BuildingWay.COMMAND_LINE,
        capacity=None,
        sealing=Sealing.NONE,
    )
    with contents_of(gathered, wiring.vault(), identity, lambda: Maker(settings.SPOOL)) as contents:
        written = write(contents, into, tools=tools)
    finish(ledger, by, building, written)
    return Given(written, into / written.bags[0].name, len(gathered.files))


def checked(given: Given) -> Report:
    """By the program that lies in the package, as the court would."""
    return verify.check([str(given.folder)], verify.compare_with(None, None, given.written.package_digest))


def _today() -> date:
    return wiring.clock().now().astimezone(KAZAKHSTAN).date()
