"""Passkeys of the office's cast: enrolled face to face, and signing what is laid before them."""

from typing import Any

from aigaq.accounts.models import Passkey
from aigaq.journal.services.sign import Offer, OwnPasskey
from aigaq.passkeys.enrolment import options
from aigaq.passkeys.site import Site
from aigaq.registry import passkeys
from aigaq.registry.models import Person
from tests.support.authenticator import ORIGIN, Authenticator
from tests.support.office import ADDRESS, Office

SITE = Site.of(ORIGIN)
_CHALLENGE = b"made once, used once, never again"


def enrolled_for(
    office: Office,
    person: Person,
    authenticator: Authenticator | None = None,
    *,
    by: Person | None = None,
    site: Site = SITE,
    label: str = "",
) -> tuple[Passkey, Authenticator]:
    """By the custodian, or by the head where it is the custodian's."""
    authenticator = authenticator or Authenticator()
    user = person.user
    asked = options(
        site,
        user_id=user.pk.bytes,
        name=user.username,
        full_name=person.full_name,
        challenge=_CHALLENGE,
        known=(),
    )
    enroller = by or (office.head if person == office.custodian else office.custodian)
    passkey = passkeys.enrol(
        office.ledger,
        office.by(enroller),
        person,
        site=site,
        challenge=_CHALLENGE,
        response=authenticator.create(asked, origin=site.origin),
        label=label or f"{user.username} кілті",
    )
    return passkey, authenticator


def own_passkey(authenticator: Authenticator, offer: Offer, *, site: Site = SITE, **wrong: Any) -> OwnPasskey:
    """They sign what was offered with their own passkey; `wrong` is what the authenticator does otherwise."""
    given = {"rp_id": site.rp_id, "origin": site.origin} | wrong
    return OwnPasskey(offer, authenticator.signed(offer.challenge, **given), site, ADDRESS)
