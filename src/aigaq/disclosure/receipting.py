"""The receipt of a hand-over, for paper: what its entry says, and the code with which anybody checks it."""

from collections.abc import Callable
from typing import Any

from aigaq.disclosure.models import HandOver
from aigaq.disclosure.receipts import code_of
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.proving import covering, opened
from aigaq.paperwork.demanded import Demanded
from aigaq.paperwork.handover_receipt import HandedBag, HandoverReceipt, print_receipt
from aigaq.regulation.profile import Profile
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.entry import Entry


def receipt_pdf(
    handed: HandOver, key: VerifierKey, profile: Profile, *, address: str, link: Callable[[str], str]
) -> bytes:
    """`address` is that of the page where the code is checked, `link` the same with the code in it."""
    row = LedgerEntry.objects.get(seq=handed.seq)
    entry = Entry.parse(row.entry.encode())
    body: Any = entry.body
    note = covering(handed.seq) or ""
    opened(note, key)
    demand, code = handed.approval.demand, code_of(bytes.fromhex(row.leaf_hash))
    receipt = HandoverReceipt(
        division=demand.division.name,
        demanded=Demanded(
            kind=demand.kind,
            authority=demand.authority,
            official=demand.official,
            their_number=demand.their_number,
            dated_on=demand.dated_on,
            number=demand.number,
        ),
        entry=handed.seq,
        at=handed.handed_over_at,
        giver=entry.actor.name,
        receiver=handed.receiver,
        position=handed.position,
        entitled=handed.basis,
        carrier=handed.carrier,
        package=body["package"],
        package_digest=body["package_digest"].removeprefix("sha256:"),
        bags=[HandedBag(each["name"], each["octets"], each["tagmanifest_sha256"]) for each in body["bags"]],
        code=code,
        address=address,
        link=link(code),
        checkpoint=note,
        dated=handed.handed_over_at,
    )
    return print_receipt(receipt, profile)
