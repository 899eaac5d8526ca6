"""The signature primitive: who signs proves on the spot who they are, and signs a document's digest.

In two ways. By the own password: the document is made in the act's transaction, a moment after the proof.
By a passkey: the document is made first and *offered*; the passkey signs its digest; and the act is done
only if the document is still the same, letter for letter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self, TypeAlias
from uuid import UUID

from django.core import signing

from aigaq.accounts.errors import WrongPasswordError
from aigaq.accounts.passkeys import prove_by_passkey, require_enrolled
from aigaq.accounts.services import prove_identity
from aigaq.core.canonical import Json
from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.journal.documents import about_person
from aigaq.journal.errors import (
    CannotSignError,
    NoSignatureError,
    OfferOverError,
    OtherDocumentError,
    WrongSignatureError,
)
from aigaq.journal.models import Act, JournalRow, Signature, SigningWay
from aigaq.journal.signed import SignedDigest, digest_of
from aigaq.ledger.services import Ledger
from aigaq.passkeys.assertion import Assertion
from aigaq.passkeys.site import Site
from aigaq.registry.models import Person

OFFERED = timedelta(minutes=3)
"""How long a document may lie before its signer; its time is the one at which it was laid there."""
_SALT = "aigaq.journal.offer"


@dataclass(frozen=True, slots=True)
class Offer:
    """A document before its signer. `about` is the id that it gives or has: of a row, a book, an incident."""

    about: UUID
    at: datetime
    digest: SignedDigest

    @classmethod
    def of(cls, about: UUID, at: datetime, document: Mapping[str, Json]) -> Self:
        return cls(about, at, digest_of(document))

    @property
    def challenge(self) -> bytes:
        """What the passkey signs: the digest itself."""
        return self.digest.value

    def sealed(self) -> str:
        """For a hidden field: nobody but us can make one, or date one back."""
        return signing.dumps([str(self.about), rfc3339(self.at), str(self.digest)], salt=_SALT)

    @classmethod
    def opened(cls, text: str) -> Self:
        """The inverse of `sealed`. Raises `OfferOverError`."""
        try:
            about, at, digest = signing.loads(text, salt=_SALT)
        except signing.BadSignature as error:
            raise OfferOverError from error
        return cls(UUID(about), parse_rfc3339(at), SignedDigest.parse(digest))


@dataclass(frozen=True, slots=True)
class OwnPassword:
    """`address` is whence the password came."""

    password: str
    address: str


@dataclass(frozen=True, slots=True)
class OwnPasskey:
    """`response` is what the browser's passkey gave for the offer, as JSON."""

    offer: Offer
    response: str
    site: Site
    address: str


Means: TypeAlias = OwnPassword | OwnPasskey


@dataclass(frozen=True)
class Proof:
    """Somebody has proven who they are, a moment ago. Only `prove` makes one."""

    signer: Person
    way: SigningWay
    offer: Offer | None = None
    assertion: Assertion | None = None

    def at(self, ledger: Ledger) -> datetime:
        """The time of the act: that of the offer, where there is one."""
        return self.offer.at if self.offer else ledger.clock.now()


@dataclass(frozen=True)
class Signed:
    """A signature as the ledger carries it, beside the document."""

    signer: Person
    way: SigningWay
    digest: SignedDigest
    at: datetime
    assertion: Assertion | None = None

    def document(self) -> dict[str, Json]:
        told: dict[str, Json] = {
            "signer": about_person(self.signer),
            "way": str(self.way),
            "signed_digest": str(self.digest),
            "at": rfc3339(self.at),
        }
        return told if self.assertion is None else told | {"assertion": self.assertion.document()}

    @property
    def columns(self) -> dict[str, object]:
        """As the tables of signed acts keep it."""
        return {
            "way": self.way,
            "signed_digest": str(self.digest),
            "assertion": self.assertion.document() if self.assertion else None,
        }

    def enter(self, row: JournalRow, act: Act, seq: int) -> Signature:
        """Write the signature beside the row, as entry `seq` has it."""
        return Signature.objects.create(
            row=row, act=act, signer=self.signer, signed_at=self.at, seq=seq, **self.columns
        )


def prove(ledger: Ledger, signer: Person, means: Means) -> Proof:
    """On whoever's screen. Not to be called inside a transaction.

    Raises `CannotSignError`, `NoSignatureError`, `WrongSignatureError` or accounts' `TooManyAttemptsError`;
    by passkey `OfferOverError`, accounts' `UnknownPasskeyError` or `NotSignedByPasskeyError`.
    """
    if signer.user is None or not signer.user.is_active:
        raise CannotSignError(person=signer.full_name)
    if isinstance(means, OwnPasskey):
        return _proven_by_passkey(ledger, signer, means)
    if not means.password:
        raise NoSignatureError(person=signer.full_name)
    try:
        prove_identity(ledger, signer.user, means.password, purpose="signature", address=means.address)
    except WrongPasswordError as error:
        raise WrongSignatureError(person=signer.full_name) from error
    return Proof(signer, SigningWay.OWN_PASSWORD)


def sign(proof: Proof, document: Mapping[str, Json], at: datetime) -> Signed:
    """The signature of whoever has just proven themself on `document`. The ledger's turn is the caller's.

    By passkey, raises `OtherDocumentError` where it signed another document than this has become, and
    accounts' `UnknownPasskeyError` where it was revoked since.
    """
    digest = digest_of(document)
    if proof.offer is not None and proof.offer.digest != digest:
        raise OtherDocumentError
    if proof.assertion is not None:
        assert proof.signer.user is not None
        require_enrolled(proof.signer.user, proof.assertion.credential_id)
    return Signed(proof.signer, proof.way, digest, at, proof.assertion)


def _proven_by_passkey(ledger: Ledger, signer: Person, means: OwnPasskey) -> Proof:
    assert signer.user is not None
    if not timedelta() <= ledger.clock.now() - means.offer.at <= OFFERED:
        raise OfferOverError
    assertion = prove_by_passkey(
        ledger,
        signer.user,
        means.offer.challenge,
        means.response,
        site=means.site,
        purpose="signature",
        address=means.address,
    )
    return Proof(signer, SigningWay.PASSKEY, means.offer, assertion)
