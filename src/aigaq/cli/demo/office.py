"""The demonstration office: its people, things and book, entered through the services like anybody's."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from aigaq import wiring
from aigaq.accounts import services as accounts
from aigaq.cli.init import Reader, create
from aigaq.core.clock import KAZAKHSTAN, Clock
from aigaq.journal.rules import Check, Purpose
from aigaq.journal.services.books import open_book
from aigaq.ledger import installation as place
from aigaq.ledger.services import MACHINE, By, Ledger
from aigaq.registry import services as registry
from aigaq.registry.models import Card, Division, Person, Recorder, Role
from aigaq.registry.selectors import standing_of
from aigaq.regulation import profile as regulation

DIVISION = "Бостандық ауданының төтенше жағдайлар басқармасы"
SISTER = "Медеу ауданының төтенше жағдайлар басқармасы"
HEAD = ("gulnar", "Омарова Гүлнар Сейітқызы")
CUSTODIAN = ("bekzat", "Тілеубаев Бекзат Ерланұлы")
INSPECTORS = (("aidos", "Қасымов Айдос Маратұлы"), ("asel", "Жұмабаева Әсел Нұрланқызы"))
REGION = "Алматы қаласының төтенше жағдайлар департаменті"
AUTHORITY = ("daulet", "Ысқақов Дәулет Өмірұлы")
"""Of the authorised body: sees figures of the whole region, and nothing else."""
ORDER = "№ 17-Ө"
RECORDERS = ("BT-001", "BT-002", "BT-003")
CARDS = ("JK-001", "JK-002", "JK-003")
PURPOSE = Purpose(
    control="preventive-visit",
    subject="«Шаңырақ Сауда» ЖШС",
    object="Сауда үйі, Абай даңғылы, 52",
    act_number="№ 236-114",
)


def _password() -> str:
    """Easily read off a screen and typed: four groups of four, 80 bits."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


@dataclass(frozen=True)
class Member:
    """Somebody of the demonstration, with the passwords that were made for this run."""

    role: Role
    username: str
    person: Person
    password: str
    vault_password: str = ""


@dataclass
class Office:
    ledger: Ledger
    division: Division
    head: Member
    custodian: Member
    authority: Member | None = None
    inspectors: list[Member] = field(default_factory=list)
    recorders: list[Recorder] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)

    def by(self, member: Member) -> By:
        standing = standing_of(member.person, self.ledger.clock.now())
        return standing.by(standing.appointment(self.division, member.role))


def found(data: Path, clock: Clock | None = None) -> Office:
    """Make an installation in `data` and furnish it, by another clock if it is to have a past.

    Raises as `place.begun`.
    """
    readers = [
        Reader(role, name, username, _password(), is_generated=True, vault_password=_password())
        for role, (username, name) in ((Role.HEAD, HEAD), (Role.CUSTODIAN, CUSTODIAN))
    ]
    with place.begun(data):
        made = create(DIVISION, readers, ORDER, above=REGION, clock=clock)
    head, custodian = (
        Member(
            reader.role,
            reader.username,
            Person.objects.get(user__username=reader.username),
            reader.sign_in_password,
            reader.vault_password,
        )
        for reader in readers
    )
    ledger = wiring.ledger()
    office = Office(Ledger(ledger.signer, clock or ledger.clock), made.division, head, custodian)
    _furnish(office)
    _watch_over(office)
    return office


def _furnish(office: Office) -> None:
    ledger, by_head, by_custodian = office.ledger, office.by(office.head), office.by(office.custodian)
    for number, (username, name) in enumerate(INSPECTORS, start=3):
        office.inspectors.append(_hire(office, username, name, number, by_head))
    for recorder_number, card_number in zip(RECORDERS, CARDS, strict=True):
        recorder = registry.add_recorder(
            ledger,
            by_custodian,
            inventory_number=recorder_number,
            division=office.division,
            model="DVR-7",
            serial_number=f"SN-{recorder_number[-3:]}",
        )
        office.recorders.append(recorder)
        office.cards.append(
            registry.add_card(
                ledger,
                by_custodian,
                inventory_number=card_number,
                division=office.division,
                recorder=recorder,
                capacity=64 * 1000**3,
            )
        )
    open_book(
        ledger,
        by_head,
        division=office.division,
        registration_number="07-12/236",
        started_on=ledger.clock.now().astimezone(KAZAKHSTAN).date(),
        sheets=50,
    )
    for port in ("port-1", "port-2"):
        (settings.DOCKS / port).mkdir(parents=True, exist_ok=True)


def _watch_over(office: Office) -> None:
    """A region above, another division in it, and somebody who sees figures of both."""
    region, (username, name) = office.division.parent, AUTHORITY
    assert region is not None
    registry.add_division(office.ledger, MACHINE, name=SISTER, parent=region)
    office.authority = _admit(
        office, username, name, 100, by=MACHINE, division=region, role=Role.AUTHORITY, post="Бас маман"
    )


def _hire(office: Office, username: str, name: str, number: int, by: By) -> Member:
    return _admit(
        office,
        username,
        name,
        number,
        by=by,
        division=office.division,
        role=Role.INSPECTOR,
        post="Мемлекеттік инспектор",
    )


def _admit(
    office: Office,
    username: str,
    name: str,
    number: int,
    *,
    by: By,
    division: Division,
    role: Role,
    post: str,
) -> Member:
    password = _password()
    user = accounts.create_user(office.ledger, by, username=username, password=password)
    person = registry.add_person(
        office.ledger,
        by,
        full_name=name,
        post=post,
        staff_number=str(number),
        division=division,
        user=user,
    )
    registry.appoint(
        office.ledger,
        by,
        person=person,
        division=division,
        role=role,
        from_on=office.ledger.clock.now().astimezone(KAZAKHSTAN).date(),
        until_on=None,
        order_number=ORDER,
    )
    return Member(role, username, person, password)


def all_checks_passed() -> dict[str, Check]:
    """The five points of R17.1, each in order."""
    return {check.key: Check(passed=True) for check in regulation.load().checks}
