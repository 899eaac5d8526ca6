"""Passkeys of people on the staff list: who may enrol and revoke them. `accounts.passkeys` keeps them."""

from aigaq.accounts import passkeys
from aigaq.accounts.models import Passkey, User
from aigaq.ledger.services import By, Ledger
from aigaq.passkeys.site import Site
from aigaq.registry import rules
from aigaq.registry.errors import NoLoginError
from aigaq.registry.models import Person
from aigaq.registry.rules import Refusal
from aigaq.registry.selectors import above


def refusal_to_enrol(by: By, person: Person) -> Refusal | None:
    return rules.refusal_to_enrol(by, str(person.pk), person.division.name, _line(person))


def refusal_to_revoke(by: By, person: Person) -> Refusal | None:
    return rules.refusal_to_revoke(by, str(person.pk), person.division.name, _line(person))


def require_may_enrol(by: By, person: Person) -> User:
    """The login that a passkey may be enrolled for. Raises the refusal, or `NoLoginError`."""
    _require(refusal_to_enrol(by, person))
    if person.user is None or not person.user.is_active:
        raise NoLoginError(person=person.full_name)
    return person.user


def enrol(
    ledger: Ledger, by: By, person: Person, *, site: Site, challenge: bytes, response: str, label: str
) -> Passkey:
    """Keep the key that the person's browser made for `challenge`, `by` having seen them make it.

    Whoever calls had the person type their own password a moment ago. Raises as `require_may_enrol` and
    `passkeys.enrol`.
    """
    user = require_may_enrol(by, person)
    return passkeys.enrol(ledger, by, user, site=site, challenge=challenge, response=response, label=label)


def revoke(ledger: Ledger, by: By, person: Person, passkey: Passkey) -> None:
    """Raises the refusal of `rules.refusal_to_revoke`."""
    _require(refusal_to_revoke(by, person))
    passkeys.revoke(ledger, by, passkey)


def _line(person: Person) -> list[str]:
    return [str(each.pk) for each in (person.division, *above(person.division))]


def _require(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise refusal
