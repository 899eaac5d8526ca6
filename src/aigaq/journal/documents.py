"""What is signed: the facts of an act as one canonical document (`docs/formats/signature.md`)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.journal.models import Act, Correction, Failure, JournalBook, JournalRow, Return, ThingKind
from aigaq.journal.received import Received
from aigaq.journal.rules import Check, Found, Purpose
from aigaq.journal.signed import FORMAT, SignedDigest
from aigaq.registry.models import Card, Person, Recorder


def issue_document(
    row: JournalRow,
    *,
    profile: str,
    custodian: Person,
    occurred_at: datetime,
    purpose: Purpose,
    checks: Mapping[str, Check],
    seal_number: str,
    replaces: tuple[Failure, str] | None,
    remarks: Sequence[str],
) -> dict[str, Json]:
    """`row` need not be stored yet.

    `replaces` is the failure on whose account the duty goes on here, and the remark that the row of the
    failed recorder gets for it.
    """
    return {
        **_head(Act.ISSUE, row, profile, custodian, occurred_at),
        "purpose": {
            "control": purpose.control,
            "subject": purpose.subject,
            "object": purpose.object,
            "act_number": purpose.act_number,
        },
        "checks": checks_document(checks),
        "seal_number": seal_number,
        "replaces": None if replaces is None else _about_failure(*replaces),
        "remarks": list(remarks),
    }


def return_document(
    row: JournalRow,
    *,
    profile: str,
    custodian: Person,
    returned: Return,
    issue_digest: SignedDigest,
    seal_set: str,
    things: Mapping[ThingKind, Found],
    remarks: Sequence[str],
) -> dict[str, Json]:
    """`returned` need not be stored yet; `row` and its issue are. `seal_set` is as corrected, if it was.

    `things` are the recorder and the card, as they came back.
    """
    return {
        **_head(Act.RETURN, row, profile, custodian, returned.occurred_at),
        "handed_back_by": about_person(returned.handed_back_by),
        "issued": {"seq": row.issue.seq, "signed_digest": str(issue_digest)},
        "seal": {
            "set": seal_set,
            "found": str(returned.seal_found),
            "number_found": returned.seal_number_found,
        },
        "things": {
            str(kind): {"found": str(found.found), "words": found.words} for kind, found in things.items()
        },
        "condition": returned.condition,
        "remarks": list(remarks),
    }


def correction_document(
    row: JournalRow,
    *,
    profile: str,
    correction: Correction,
    custodian: Person,
    corrects: int,
    received: tuple[Received, Received] | None,
    remarks: Sequence[str],
) -> dict[str, Json]:
    """`correction` need not be stored yet; `corrects` is the entry that has the old text.

    `received`: what the row stood for, and what it stands for from here on, where that is corrected.
    """
    was_and_now: dict[str, Json] = {}
    if received is not None:
        was, now = received
        was_and_now["received"] = {"was": _about_received(was), "now": _about_received(now)}
    return {
        "format": FORMAT,
        "act": "correction",
        "profile": profile,
        **about_row(row),
        "custodian": about_person(custodian),
        "occurred_at": rfc3339(correction.occurred_at),
        "cell": correction.cell,
        "number": correction.number,
        "corrects": corrects,
        "old": correction.old,
        "new": correction.new,
        "reason": correction.reason,
        **was_and_now,
        "remarks": list(remarks),
    }


def inscription_document(
    book: JournalBook, *, profile: str, head: Person, at: datetime, ended_on: date, rows: int, wording: str
) -> dict[str, Json]:
    """The last page (R10.1); `wording` is what it says there, in the language of the order.

    What the head signs for are the bounds of the book: its days, its sheets, and the rows written on them.
    """
    return {
        "format": FORMAT,
        "act": "inscription",
        "profile": profile,
        "book": {"id": str(book.pk), "registration_number": book.registration_number},
        "division": {"id": str(book.division_id), "name": book.division.name},
        "head": about_person(head),
        "occurred_at": rfc3339(at),
        "started_on": book.started_on.isoformat(),
        "ended_on": ended_on.isoformat(),
        "sheets": book.sheets,
        "rows": rows,
        "wording": wording,
    }


def checks_document(checks: Mapping[str, Check]) -> dict[str, Json]:
    return {key: {"passed": check.passed, "remark": check.remark} for key, check in checks.items()}


def about_person(person: Person) -> dict[str, Json]:
    return {"id": str(person.pk), "full_name": person.full_name, "staff_number": person.staff_number}


def about_row(row: JournalRow) -> dict[str, Json]:
    return {
        "book": {"id": str(row.book_id), "registration_number": row.book.registration_number},
        "row": {"id": str(row.pk), "number": row.number, "sheet": row.sheet},
        "division": {"id": str(row.division_id), "name": row.division.name},
    }


def _head(act: Act, row: JournalRow, profile: str, custodian: Person, at: datetime) -> dict[str, Json]:
    return {
        "format": FORMAT,
        "act": str(act),
        "profile": profile,
        **about_row(row),
        **_about_received(row.received()),
        "custodian": about_person(custodian),
        "occurred_at": rfc3339(at),
    }


def _about_received(received: Received) -> dict[str, Json]:
    return {
        "recorder": _about_thing(received.recorder),
        "card": None if received.card is None else _about_thing(received.card),
        "inspector": about_person(received.inspector),
    }


def _about_thing(thing: Recorder | Card) -> dict[str, Json]:
    return {"id": str(thing.pk), "inventory_number": thing.inventory_number}


def _about_failure(failure: Failure, remark: str) -> dict[str, Json]:
    row = failure.row
    return {
        "failure": str(failure.pk),
        "seq": failure.seq,
        "book": {"id": str(row.book_id), "registration_number": row.book.registration_number},
        "row": {"id": str(row.pk), "number": row.number, "sheet": row.sheet},
        "remark": remark,
    }
