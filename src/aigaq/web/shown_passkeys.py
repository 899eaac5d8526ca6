"""A person's passkeys as pages list them."""

from dataclasses import dataclass
from datetime import datetime

from aigaq.accounts.models import Passkey
from aigaq.journal.used_keys import last_signed
from aigaq.registry.models import Person


@dataclass(frozen=True)
class ShownPasskey:
    passkey: Passkey
    last: datetime | None
    """When it signed the journal last."""


def shown_passkeys(person: Person) -> list[ShownPasskey]:
    """All there ever were; those that can sign come first."""
    if person.user is None:
        return []
    last = last_signed(person)
    found = list(Passkey.objects.filter(user=person.user).order_by("-enrolled_at"))
    found.sort(key=lambda passkey: passkey.revoked_at is not None)
    return [ShownPasskey(each, last.get(each.credential_id)) for each in found]
