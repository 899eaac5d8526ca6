"""Asking for paper, and what becomes of it. Whoever sets it may be killed: it is entered once."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from aigaq.accounts.models import User
from aigaq.core.canonical import Json
from aigaq.errors import AigaqError
from aigaq.jobs.taking import ask as ask_for_job
from aigaq.journal.models import JournalBook
from aigaq.journal.printing import Part, Printed
from aigaq.journal.services.printed import enter_printed
from aigaq.ledger.services import By, Ledger
from aigaq.paperwork.apart import NotSetError
from aigaq.prints import rules
from aigaq.prints.errors import AlreadyPrintingError, PressBusyError
from aigaq.prints.making import Paper, Setting, made
from aigaq.prints.models import Print, State
from aigaq.prints.rules import KEPT_EACH, KEPT_OCTETS, LOST
from aigaq.registry.models import Division
from aigaq.regulation.profile import Profile
from aigaq.tlog.entry import Actor, ActorKind

JOB = "print"
"""Its name in the queue."""


def ask(
    ledger: Ledger, by: By, *, owner: User, division: Division, title: str, what: Mapping[str, Json]
) -> Print:
    """Have it set. Raises `AlreadyPrintingError` or `PressBusyError`."""
    now = ledger.clock.now()
    forget(now)
    if Print.objects.filter(over_at=None).exclude(owner=owner).count() >= rules.WAITING:
        raise PressBusyError
    try:
        with transaction.atomic():
            new = Print.objects.create(
                owner=owner, division=division, title=title, what=dict(what), by=_spelt(by), asked_at=now
            )
            ask_for_job(JOB, str(new.pk))
    except IntegrityError as error:
        raise AlreadyPrintingError from error
    return new


def set_paper(ledger: Ledger, profile: Profile, id_: UUID) -> None:
    """Set it, unless it was stopped or is set already. May be done twice, and counts once."""
    print_ = Print.objects.filter(pk=id_, over_at=None).select_related("division").first()
    setting = Setting(ledger.clock, id_, uuid4())
    if print_ is None or not setting.begin():
        return
    try:
        with setting.watched():
            paper = made(print_, profile, setting)
    except AigaqError as error:
        _failed(ledger, id_, error)
    else:
        _ready(ledger, print_, paper)


def give_up(ledger: Ledger, id_: UUID) -> None:
    """Those who tried died of it, or of a defect."""
    _failed(ledger, id_, NotSetError())


def stop(print_: Print) -> None:
    """It is not wanted any more; who sets it finds out within a second."""
    Print.objects.filter(pk=print_.pk).delete()


def forget(now: datetime) -> int:
    """What is old, and what is too much, the oldest first; how many these were."""
    kept: dict[UUID, int] = {}
    octets, gone = 0, []
    for print_ in Print.objects.exclude(over_at=None).defer("pdf").order_by("-over_at"):
        kept[print_.owner_id] = kept.get(print_.owner_id, 0) + 1
        octets += print_.size
        too_many = kept[print_.owner_id] > KEPT_EACH or octets > KEPT_OCTETS
        if too_many or print_.over_at is None or now - print_.over_at >= rules.KEPT:
            gone.append(print_.pk)
    lost = Print.objects.filter(over_at=None, asked_at__lte=now - LOST).values_list("pk", flat=True)
    gone += lost
    if gone:
        Print.objects.filter(pk__in=gone).delete()
    return len(gone)


def prints_of(owner: User, division: Division, now: datetime) -> list[Print]:
    """What somebody has asked for in a division and is not forgotten yet, the newest first."""
    found = Print.objects.filter(owner=owner, division=division).defer("pdf").order_by("-asked_at")
    return [print_ for print_ in found if print_.over_at is None or now - print_.over_at < rules.KEPT]


def printed_of(print_: Print) -> Printed | None:
    """What the ledger is told of who takes it; None of labels."""
    facts = print_.printed
    if facts is None or print_.pdf is None:
        return None
    book = JournalBook.objects.select_related("division").get(pk=facts["book"])
    return Printed(bytes(print_.pdf), book, Part(facts["first"], facts["last"]), facts["size"])


def _ready(ledger: Ledger, print_: Print, paper: Paper) -> None:
    """Its entry and its octets in one transaction, and only if nobody was quicker or stopped it."""
    printed = paper.printed
    with transaction.atomic():
        ready = Print.objects.filter(pk=print_.pk, over_at=None).update(
            state=State.READY,
            over_at=ledger.clock.now(),
            name=paper.name,
            pdf=paper.pdf,
            size=len(paper.pdf),
            printed=printed
            and {
                "book": str(printed.book.pk),
                "first": printed.part.first,
                "last": printed.part.last,
                "size": printed.size,
            },
        )
        if ready and printed is not None:
            enter_printed(ledger, _read(print_.by), printed)


def _failed(ledger: Ledger, id_: UUID, error: AigaqError) -> None:
    Print.objects.filter(pk=id_, over_at=None).update(
        state=State.FAILED,
        over_at=ledger.clock.now(),
        fault=error.message,
        fault_details={name: _plain(value) for name, value in error.details.items()},
        fault_paragraph=error.paragraph or "",
    )


def _plain(value: object) -> Json:
    return value if isinstance(value, int | str) else str(value)


def _spelt(by: By) -> dict[str, Json]:
    actor: dict[str, Json] = {"kind": str(by.actor.kind), "id": by.actor.id, "name": by.actor.name}
    return {"actor": actor, "right": None if by.right is None else dict(by.right), "division": by.division}


def _read(by: dict[str, object]) -> By:
    actor = by["actor"]
    assert isinstance(actor, dict)
    right, division = by["right"], by["division"]
    return By(
        actor=Actor(kind=ActorKind(actor["kind"]), id=actor["id"], name=actor["name"]),
        right=right if isinstance(right, dict) else None,
        division=None if division is None else str(division),
    )
