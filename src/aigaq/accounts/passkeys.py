"""Passkeys of those who sign in: enrolled face to face, revoked, and asked for a signature."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from aigaq.accounts.errors import PasskeyTakenError, UnknownPasskeyError
from aigaq.accounts.models import Passkey, User
from aigaq.accounts.services import refuse
from aigaq.core.canonical import Json
from aigaq.ledger.services import NOBODY, By, Ledger
from aigaq.passkeys.assertion import Assertion, PublicKey, verify
from aigaq.passkeys.errors import NotSignedByPasskeyError
from aigaq.passkeys.site import Site

LABEL_LIMIT = 64


def passkeys_of(user: User, site: Site | None = None) -> QuerySet[Passkey]:
    """Those that can sign, on that site; the newest first."""
    found = Passkey.objects.filter(user=user, revoked_at=None).order_by("-enrolled_at")
    return found if site is None else found.filter(rp_id=site.rp_id)


def have_passkeys(users: Iterable[UUID]) -> set[UUID]:
    """Which of them can sign with one, somewhere."""
    found = Passkey.objects.filter(user__in=users, revoked_at=None)
    return set(found.values_list("user_id", flat=True))


def enrol(
    ledger: Ledger, by: By, user: User, *, site: Site, challenge: bytes, response: str, label: str
) -> Passkey:
    """Keep the key that the browser made for `challenge`.

    Whoever calls has asked `by` for proof that they stand face to face with the user. Raises
    `EnrolmentError` or `PasskeyTakenError`.
    """
    from aigaq.passkeys.enrolment import enrolled  # loads what takes as long as Django

    made = enrolled(site, challenge, response)
    with transaction.atomic():
        ledger.take_turn("account.passkey-enrolled")
        if Passkey.objects.filter(credential_id=made.credential_id).exists():
            raise PasskeyTakenError
        passkey = Passkey.objects.create(
            user=user,
            credential_id=made.credential_id,
            public_key=made.public_key,
            rp_id=site.rp_id,
            label=" ".join(label.split())[:LABEL_LIMIT],
            transports=list(made.transports),
            is_backed_up=made.is_backed_up,
            sign_count=made.sign_count,
            enrolled_at=ledger.clock.now(),
        )
        about: dict[str, Json] = {
            **_about(passkey),
            "public_key": passkey.public_key,
            "rp_id": passkey.rp_id,
            "label": passkey.label,
            "aaguid": made.aaguid,
            "is_backed_up": passkey.is_backed_up,
        }
        ledger.append("account.passkey-enrolled", by, about)
    return passkey


def revoke(ledger: Ledger, by: By, passkey: Passkey) -> None:
    """From now on it signs nothing; what it signed stays signed. Doing it twice is done once."""
    now = ledger.clock.now()
    with transaction.atomic():
        if Passkey.objects.filter(pk=passkey.pk, revoked_at=None).update(revoked_at=now):
            ledger.append("account.passkey-revoked", by, _about(passkey))
    passkey.refresh_from_db()


def prove_by_passkey(
    ledger: Ledger, user: User, challenge: bytes, response: str, *, site: Site, purpose: str, address: str
) -> Assertion:
    """What one of the user's passkeys gave for `challenge`, checked.

    Raises `UnknownPasskeyError` or `NotSignedByPasskeyError`, and enters that. Not to be called inside a
    transaction: a failure must be remembered whatever becomes of the caller.
    """
    try:
        return _asserted(user, challenge, Assertion.from_browser(response), site)
    except (UnknownPasskeyError, NotSignedByPasskeyError) as error:
        about = {"user": str(user.pk), "username": user.username, "purpose": purpose, "address": address}
        refuse(ledger, "account.proof-refused", NOBODY, {**about, "way": "passkey", "code": error.code})
        raise


def require_enrolled(user: User, credential_id: str) -> None:
    """Raise `UnknownPasskeyError` unless it may sign for the user now.

    Asked once more when what it signed is entered, in the ledger's turn: there the revocation comes first.
    """
    if not passkeys_of(user).filter(credential_id=credential_id).exists():
        raise UnknownPasskeyError(username=user.username)


def _asserted(user: User, challenge: bytes, assertion: Assertion, site: Site) -> Assertion:
    passkey = passkeys_of(user, site).filter(credential_id=assertion.credential_id).first()
    if passkey is None:
        raise UnknownPasskeyError(username=user.username)
    key = PublicKey(passkey.credential_id, passkey.public_key, passkey.rp_id)
    count = verify(assertion, key, challenge, count=passkey.sign_count)
    known = Passkey.objects.filter(pk=passkey.pk, sign_count=passkey.sign_count, revoked_at=None)
    if not known.update(sign_count=count):
        raise NotSignedByPasskeyError(reason="it was used elsewhere in the same moment")
    return assertion


def _about(passkey: Passkey) -> dict[str, Json]:
    return {
        "user": str(passkey.user_id),
        "username": passkey.user.username,
        "passkey": str(passkey.pk),
        "credential_id": passkey.credential_id,
    }
