"""The code of a receipt, and what the office says to whoever has one: nothing of persons.

The code is the beginning of the leaf hash of the entry of the hand-over: whoever has it can hold it against
any checkpoint, and who has not can't guess it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aigaq.disclosure.services.hand_over import HANDED_OVER
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.proving import Prover, opened
from aigaq.ledger.selectors import newest_checkpoint
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.entry import Entry

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no letter that is taken for a digit."""
_READ: Final = str.maketrans("OIL", "011", "- \t")
_DIGITS: Final = 20
_BITS: Final = 5 * _DIGITS
_HEX: Final = _BITS // 4


@dataclass(frozen=True, slots=True)
class Receipt:
    code: str
    package_digest: str
    bags: Sequence[Mapping[str, str]]
    seq: int
    leaf: bytes
    path: tuple[bytes, ...]
    """From the leaf up to the root of `checkpoint`."""
    checkpoint: str
    """The newest signed note."""
    size: int
    root: bytes


def code_of(leaf: bytes) -> str:
    """The first 100 bits, in groups of five."""
    number = int.from_bytes(leaf, "big") >> (8 * len(leaf) - _BITS)
    text = "".join(_ALPHABET[number >> shift & 31] for shift in range(_BITS - 5, -5, -5))
    return "-".join(text[start : start + 5] for start in range(0, _DIGITS, 5))


def code_of_entry(seq: int) -> str:
    return code_of(bytes.fromhex(LedgerEntry.objects.values_list("leaf_hash", flat=True).get(seq=seq)))


def spelt(code: str) -> str | None:
    """As receipts have it, however it was typed; None if it can be no code."""
    text = code.upper().translate(_READ)
    if len(text) != _DIGITS or not set(text) <= set(_ALPHABET):
        return None
    return "-".join(text[start : start + 5] for start in range(0, _DIGITS, 5))


def receipt_with(code: str, key: VerifierKey) -> Receipt | None:
    """What there is to say to whoever has this code; None if it is no receipt's."""
    text = spelt(code)
    note = newest_checkpoint()
    if text is None or note is None:
        return None
    number = 0
    for digit in text.replace("-", ""):
        number = number << 5 | _ALPHABET.index(digit)
    rows = LedgerEntry.objects.filter(kind=HANDED_OVER, leaf_hash__startswith=f"{number:0{_HEX}x}")
    row = rows.first()
    if row is None:
        return None
    checkpoint = opened(note, key)
    body: Any = Entry.parse(row.entry.encode()).body
    leaf = bytes.fromhex(row.leaf_hash)
    return Receipt(
        code=text,
        package_digest=body["package_digest"],
        bags=body["bags"],
        seq=row.seq,
        leaf=leaf,
        path=Prover(checkpoint).path(row.seq, leaf),
        checkpoint=note,
        size=checkpoint.size,
        root=checkpoint.root,
    )
