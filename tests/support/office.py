"""The fixed cast of every test above the registry: two divisions, who holds what in them, one recorder, one card.

Aigerim is head and Daniyar custodian of Almaty's division; Yerlan and Madina are its inspectors. Saule is head
and Olzhas custodian of the sister division, and must see nothing of Almaty's. Bekzat looks after the
computers and has no right at all.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Model
from django.utils.translation import get_language

from aigaq.access.models import KeyWrap
from aigaq.accounts import services as accounts
from aigaq.core.clock import Clock, FixedClock
from aigaq.ledger.services import MACHINE, By, Ledger
from aigaq.registry import services as registry
from aigaq.registry.models import Card, Division, Person, Recorder, Role
from aigaq.registry.selectors import standing_of
from aigaq.tlog.signing import Ed25519Signer
from aigaq.vault.age import Identity
from aigaq.vault.keys import Cost, wrap
from tests.support.snapshots import once

SINCE = date(2026, 1, 12)
ADDRESS = "127.0.0.1"
_SIGNER = Ed25519Signer.generate("aigaq.example/tests")


def password_of(username: str) -> str:
    return f"{username} opens the door 236"


def vault_password_of(username: str) -> str:
    return f"{username} reads what was recorded"


def ledger_with(clock: FixedClock) -> Ledger:
    return Ledger(Ed25519Signer.generate("aigaq.example/tests"), clock)


@dataclass(frozen=True)
class Office:
    ledger: Ledger
    clock: Clock
    region: Division
    division: Division
    sister: Division
    head: Person
    custodian: Person
    inspector: Person
    second_inspector: Person
    administrator: Person
    sister_head: Person
    sister_custodian: Person
    recorder: Recorder
    card: Card

    def by(self, person: Person) -> By:
        """`person` acting under their first appointment, as a view would say it."""
        standing = standing_of(person, self.clock.now())
        return standing.by(standing.appointments[0] if standing.appointments else None)


def open_office(clock: Clock) -> Office:
    """Everything went through the services, so every person, right and thing has its entry."""
    ledger = Ledger(_SIGNER, clock)
    # Of a clock that goes the office may be some minutes old; one that stands has to be met exactly.
    moment = clock.now() if isinstance(clock, FixedClock) else "now"
    key = (moment, tuple(settings.PASSWORD_HASHERS), get_language())
    return Office(ledger, clock, *once(key, lambda: _gathered(ledger)))


def _gathered(ledger: Ledger) -> tuple[Model, ...]:
    """The cast, in the order of `Office`."""
    region = registry.add_division(ledger, MACHINE, name="Алматы облысының ТЖД", parent=None)
    division = registry.add_division(ledger, MACHINE, name="Қонаев қаласының бөлімшесі", parent=region)
    sister = registry.add_division(ledger, MACHINE, name="Талғар ауданының бөлімшесі", parent=region)

    def hire(username: str, full_name: str, where: Division, role: Role | None, number: str) -> Person:
        user = accounts.create_user(ledger, MACHINE, username=username, password=password_of(username))
        person = registry.add_person(
            ledger, MACHINE, full_name=full_name, post="", staff_number=number, division=where, user=user
        )
        if role is not None:
            registry.appoint(
                ledger,
                MACHINE,
                person=person,
                division=where,
                role=role,
                from_on=SINCE,
                until_on=None,
                order_number=f"12-{number}",
            )
        return person

    recorder = registry.add_recorder(
        ledger, MACHINE, inventory_number="БТ-0001", division=division, model="DVR-7", serial_number="SN7-1"
    )
    return (
        region,
        division,
        sister,
        hire("aigerim", "Ахметова Әйгерім Қуанышқызы", division, Role.HEAD, "101"),
        hire("daniyar", "Жүнісов Данияр Ғалымұлы", division, Role.CUSTODIAN, "102"),
        hire("yerlan", "Өтегенов Ерлан Сәкенұлы", division, Role.INSPECTOR, "103"),
        hire("madina", "Ықыласова Мадина Һашимқызы", division, Role.INSPECTOR, "104"),
        hire("bekzat", "Іскеров Бекзат Нұрланұлы", division, None, "105"),
        hire("saule", "Қасымова Сәуле Ерболқызы", sister, Role.HEAD, "201"),
        hire("olzhas", "Төлегенов Олжас Бауыржанұлы", sister, Role.CUSTODIAN, "202"),
        recorder,
        registry.add_card(
            ledger,
            MACHINE,
            inventory_number="ЖК-0001",
            division=division,
            recorder=recorder,
            volume_id="1A2B-3C4D",
            capacity=32 * 1000**3,
        ),
    )


QUICK = Cost(iterations=1, lanes=1, memory_kib=8)


def give_the_key(person: Person, identity: Identity, password: str | None = None) -> KeyWrap:
    """A wrap as `access.services.add_reader` makes it, but at a cost that suits a thousand tests."""
    password = password or vault_password_of(person.user.username)
    wrapped = wrap(identity, password, str(person.user.pk), person.created_at, QUICK)
    return KeyWrap.objects.create(
        reader=person.user, wrapped=wrapped.to_json().decode(), created_at=person.created_at
    )
