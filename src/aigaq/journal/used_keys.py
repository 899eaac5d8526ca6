"""When each passkey of a person signed the journal last: from the signatures themselves."""

from datetime import datetime
from typing import Any

from django.db.models import Max
from django.db.models.fields.json import KT

from aigaq.journal.models import Correction, Inscription, Signature, SigningWay
from aigaq.registry.models import Person


def last_signed(person: Person) -> dict[str, datetime]:
    """By credential id; a passkey that never signed is not in it."""
    signed: list[tuple[Any, str, str]] = [
        (Signature, "signer", "signed_at"),
        (Correction, "by", "occurred_at"),
        (Inscription, "by", "entered_at"),
    ]
    found: dict[str, datetime] = {}
    for table, signer, at in signed:
        own = table.objects.filter(**{signer: person}, way=SigningWay.PASSKEY)
        newest = own.annotate(key=KT("assertion__credential_id")).values("key").annotate(newest=Max(at))
        for each in newest.values_list("key", "newest"):
            found[each[0]] = max(each[1], found.get(each[0], each[1]))
    return found
