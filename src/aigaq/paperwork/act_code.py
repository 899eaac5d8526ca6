"""Number of an act, the digest of its facts, and the text of its QR code (`docs/formats/act.md`)."""

import base64
import binascii
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from aigaq.core.digests import Digest, MalformedDigestError
from aigaq.errors import N_, BadInputError

HEADING: Final = "AIGAQ-ACT 1"
_LINE: Final = re.compile(r"(?P<name>act|facts) (?P<value>\S.*)")
_BACK: Final = "/2"


class ActTextError(BadInputError):
    code = "paperwork.act-text"
    message = N_("This is not the text of an act's QR code: {reason}. Scan it again, all of it.")


class ActNumberError(BadInputError):
    code = "paperwork.act-number"
    message = N_("No act has the number “{number}”. It is one letter, a dash and a number: Б-57.")


class ActKind(StrEnum):
    DAMAGE = "damage"
    LOSS = "loss"
    HAND_OVER = "hand-over"
    DISPOSAL = "disposal"


_LETTERS: Final = {ActKind.DAMAGE: "Б", ActKind.LOSS: "Ж", ActKind.HAND_OVER: "Қ", ActKind.DISPOSAL: "Ө"}
"""Of бүліну, жоғалту, қабылдау-тапсыру, өшіру."""
_NUMBER: Final = re.compile(rf"([{''.join(_LETTERS.values())}])-(0|[1-9][0-9]{{0,17}})({_BACK})?")


class ActDigest(Digest):
    """Of the canonical document of an act's facts."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ActNumber:
    """Which act: its kind, and the ledger entry that it tells. So it is the same whenever it is printed."""

    kind: ActKind
    entry: int
    """Of the damage or the loss; for a hand-over, of the appointment of whoever receives."""
    is_back: bool = False
    """A deputy gives back what they received by the act without it."""

    def __str__(self) -> str:
        return f"{_LETTERS[self.kind]}-{self.entry}{_BACK if self.is_back else ''}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises `ActNumberError`."""
        match = _NUMBER.fullmatch(text.strip())
        if match is None:
            raise ActNumberError(number=text[:32])
        kind = next(kind for kind, letter in _LETTERS.items() if letter == match[1])
        if match[3] and kind is not ActKind.HAND_OVER:
            raise ActNumberError(number=text[:32])
        return cls(kind, int(match[2]), is_back=match[3] is not None)


@dataclass(frozen=True, slots=True)
class ActCode:
    """What the QR code of an act says. Nothing in it is proven before the ledger is verified with it."""

    number: ActNumber
    digest: ActDigest
    checkpoint: str
    """The signed note of the ledger, as it was published."""

    @property
    def text(self) -> str:
        facts = base64.b64encode(self.digest.value).decode("ascii")
        return f"{HEADING}\nact {self.number}\nfacts {facts}\n\n{self.checkpoint}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a QR code; `ActTextError`. Blanks and line ends are as scanners leave them."""
        whole = "\n".join(text.replace("\ufeff", "").splitlines()).strip() + "\n"
        head, _blank, checkpoint = whole.partition("\n\n")
        heading, *lines = head.split("\n")
        if heading != HEADING:
            raise ActTextError(reason=f"it does not begin with “{HEADING}”")
        found = [match for match in map(_LINE.fullmatch, lines) if match]
        if [match["name"] for match in found] != ["act", "facts"] or len(lines) != len(found):
            raise ActTextError(reason="its lines are not “act” and “facts”")
        if not checkpoint:
            raise ActTextError(reason="it has no checkpoint")
        number, facts = (match["value"] for match in found)
        try:
            return cls(ActNumber.parse(number), _digest(facts), checkpoint)
        except ActNumberError as error:
            raise ActTextError(reason="its number is none of an act") from error


def _digest(encoded: str) -> ActDigest:
    try:
        return ActDigest(base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError, MalformedDigestError) as error:
        raise ActTextError(reason="its digest is not 32 octets in base64") from error
