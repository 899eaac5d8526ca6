"""Where recordings are kept: the vault and its copies, what they lack, how far all was read through."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aigaq import wiring
from aigaq.copies import rules
from aigaq.copies.models import Finding
from aigaq.copies.places import Places
from aigaq.copies.selectors import PlaceFacts, count_short, facts_of, read_since
from aigaq.errors import AigaqError
from aigaq.ingest import space
from aigaq.ingest.forecast import Forecast
from aigaq.registry.models import Role
from aigaq.vault.errors import VaultError
from aigaq.web.copies.shown import ShownPlace, findings
from aigaq.web.duty import OfficeRequest
from aigaq.web.security import open_to

_KEEPERS = (Role.HEAD, Role.CUSTODIAN, Role.ADMINISTRATOR)
"""Who answers for recordings, and who looks after the disks: nothing here tells what was recorded."""
_FINDINGS = 30
_MOST = 9_999
"""Recordings short of copies that are counted: beyond, it is enough to know that there are more."""
_EVERY = 60
"""Seconds between two looks of an open page."""


@open_to(*_KEEPERS)
@require_safe
def page(request: OfficeRequest) -> HttpResponseBase:
    found = Finding.objects.select_related("healing").order_by("-seq")[:_FINDINGS]
    return render(request, "web/copies/page.html", {**_places(), "findings": findings(found)})


@open_to(*_KEEPERS)
@require_safe
def live(request: OfficeRequest) -> HttpResponseBase:
    """The places alone, asked for again and again by an open page."""
    return render(request, "web/copies/places.html", _places())


def _places() -> dict[str, object]:
    try:
        places = wiring.places()
    except AigaqError as error:
        return {"wrong": _(error.message).format(**error.details), "places": [], "every": _EVERY}
    now = wiring.clock().now()
    shown = [
        ShownPlace(facts, _room(places, facts), rules.is_late(read_since(facts.name), now, places.days))
        for facts in facts_of(places.names)
    ]
    is_any_lacking = any(each.facts.lacking for each in shown if not each.facts.is_vault)
    short = count_short(places.policy, list(places.copies), now, most=_MOST) if is_any_lacking else 0
    return {
        "places": shown,
        "short": min(short, _MOST),
        "is_more": short > _MOST,
        "required": places.policy.number,
        "days": places.days,
        "every": _EVERY,
    }


def _room(places: Places, facts: PlaceFacts) -> Forecast | None:
    if facts.trouble:
        return None
    try:
        owed = 0 if facts.is_vault else facts.lacking_octets
        return space.outlook(places[facts.name], wiring.clock().now(), owed=owed)
    except VaultError:
        return None
