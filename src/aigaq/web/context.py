"""What the frame of every page shows: the person, the menu with its counts, and whether the vault is open."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from aigaq import wiring
from aigaq.disclosure.selectors import waiting as demands_waiting
from aigaq.incidents.selectors import count_open
from aigaq.ingest.models import Unload, UnloadState
from aigaq.registry.models import Recorder, Role
from aigaq.registry.selectors import keys_awaited
from aigaq.registry.terms import day_of
from aigaq.review.samples import waiting
from aigaq.web.duty import Duty
from aigaq.web.notices.shown import Told
from aigaq.web.vault.unlocked import open_until

_LANGUAGES = {"kk": "Қаз", "ru": "Рус", "en": "Eng"}


@dataclass(frozen=True)
class MenuItem:
    name: str
    """Of the URL it leads to."""
    icon: str
    label: object
    roles: frozenset[Role] = frozenset()
    """Whose menu has it; empty: everybody's."""


_READERS = frozenset({Role.HEAD, Role.CUSTODIAN})
_MENU = (
    MenuItem("home", "desk", _("Desk")),
    MenuItem("overview:page", "bars", _("Overview"), _READERS | {Role.AUTHORITY}),
    MenuItem("phone:page", "phone", _("On duty"), frozenset({Role.INSPECTOR})),
    MenuItem("journal:list", "book", _("Journal"), _READERS),
    MenuItem("incidents:list", "alert", _("Incidents"), _READERS),
    MenuItem("recordings:list", "film", _("Recordings"), _READERS),
    MenuItem("disclosure:list", "scales", _("Demands"), _READERS),
    MenuItem("retention:list", "shelf", _("Keeping"), _READERS),
    MenuItem("review:samples", "check", _("Reviews"), _READERS),
    MenuItem("unloads:list", "plug", _("Unloading"), _READERS),
    MenuItem("tray:list", "tray", _("Tray"), _READERS),
    MenuItem("registry:things", "recorder", _("Recorders and cards"), _READERS),
    MenuItem("registry:people", "people", _("People"), _READERS | {Role.ADMINISTRATOR}),
    MenuItem("copies:page", "discs", _("Storage"), _READERS | {Role.ADMINISTRATOR}),
    MenuItem("ledger:list", "chain", _("Ledger"), _READERS),
)


def office(request: HttpRequest) -> dict[str, object]:
    """Context processor. On an error page before anybody is known, the frame has neither menu nor counts."""
    duty: Duty | None = getattr(request, "duty", None)
    return {
        "duty": duty,
        "is_signed_in": bool(getattr(request, "user", None) and request.user.is_authenticated),
        "languages": _languages(),
        "menu": list(_menu(request, duty)) if duty else [],
        "told": Told(duty) if duty else None,
        "here": request.get_full_path() if request.method == "GET" else "",
        "vault_open_until": open_until(request),
        "vault_address": _address("vault:unlock"),
        "vault_lock_address": _address("vault:lock"),
    }


def _languages() -> list[dict[str, str]]:
    return [
        {"code": code, "short": short, "name": get_language_info(code)["name_local"]}
        for code, short in _LANGUAGES.items()
    ]


def _menu(request: HttpRequest, duty: Duty) -> Iterator[dict[str, object]]:
    counts = _counts(duty) if duty.is_reader else {}
    for item in _MENU:
        address = _address(item.name)
        if address is None or (item.roles and not duty.holds(*item.roles)):
            continue
        if item.name == "home" and duty.sees_figures_only:
            continue
        current = request.path == address if item.name == "home" else request.path.startswith(address)
        yield {
            "address": address,
            "icon": item.icon,
            "label": item.label,
            "count": counts.get(item.name, 0),
            "current": current,
        }


def _counts(duty: Duty) -> dict[str, int]:
    unloads = Unload.objects.filter(division=duty.division)
    return {
        "home": Recorder.objects.filter(division=duty.division, out_on__isnull=False).count(),
        "incidents:list": count_open(duty.division),
        "disclosure:list": demands_waiting(duty.division),
        "unloads:list": unloads.filter(state=UnloadState.RUNNING).count(),
        "tray:list": unloads.filter(state=UnloadState.TRAY).count(),
        "review:samples": waiting(duty.division),
        "registry:people": keys_awaited(duty.division, day_of(wiring.clock().now())),
    }


def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
