"""The signature primitive: who signs proves on the spot who they are, and signs a document's digest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aigaq.accounts.errors import WrongPasswordError
from aigaq.accounts.services import prove_identity
from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.journal.documents import about_person
from aigaq.journal.errors import CannotSignError, NoSignatureError, WrongSignatureError
from aigaq.journal.models import Act, JournalRow, Signature, SigningWay
from aigaq.journal.signed import SignedDigest, digest_of
from aigaq.ledger.services import Ledger
from aigaq.registry.models import Person


@dataclass(frozen=True)
class Proof:
    """Somebody has proven who they are, a moment ago. Only `prove` makes one."""

    signer: Person
    way: SigningWay


@dataclass(frozen=True)
class Signed:
    """A signature as the ledger carries it, beside the document."""

    signer: Person
    way: SigningWay
    digest: SignedDigest
    at: datetime

    def document(self) -> dict[str, Json]:
        return {
            "signer": about_person(self.signer),
            "way": str(self.way),
            "signed_digest": str(self.digest),
            "at": rfc3339(self.at),
        }

    def enter(self, row: JournalRow, act: Act, seq: int) -> Signature:
        """Write the signature beside the row, as entry `seq` has it."""
        return Signature.objects.create(
            row=row,
            act=act,
            signer=self.signer,
            way=self.way,
            signed_digest=str(self.digest),
            signed_at=self.at,
            seq=seq,
        )


def prove(ledger: Ledger, signer: Person, password: str, *, address: str) -> Proof:
    """By the signer's own password, on whoever's screen. Not to be called inside a transaction.

    Raises `CannotSignError`, `NoSignatureError`, `WrongSignatureError`, or accounts' `TooManyAttemptsError`.
    """
    if signer.user is None or not signer.user.is_active:
        raise CannotSignError(person=signer.full_name)
    if not password:
        raise NoSignatureError(person=signer.full_name)
    try:
        prove_identity(ledger, signer.user, password, purpose="signature", address=address)
    except WrongPasswordError as error:
        raise WrongSignatureError(person=signer.full_name) from error
    return Proof(signer, SigningWay.OWN_PASSWORD)


def sign(proof: Proof, document: Mapping[str, Json], at: datetime) -> Signed:
    """The signature of whoever has just proven themself on `document`."""
    return Signed(proof.signer, proof.way, digest_of(document), at)
