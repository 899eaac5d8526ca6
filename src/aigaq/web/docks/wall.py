"""Each port of the docks as a tile that is read from across the room, and the screens on which they hang."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aigaq import wiring
from aigaq.docks.models import Dock
from aigaq.ingest.models import WallScreen
from aigaq.ingest.ports import ports_of
from aigaq.ingest.screens import open_screen, screens_of, shut_screen
from aigaq.registry.models import Division
from aigaq.web.docks.screens import COOKIE, keep
from aigaq.web.docks.words import ShownPort
from aigaq.web.duty import OfficeRequest
from aigaq.web.security import open_to, open_to_screens, repeatable
from aigaq.web.vault.views import READERS

_BUSY_SECONDS, _QUIET_SECONDS = 1, 3
"""Between two looks of a screen at the ports."""
_SIZES = {"few": 3, "some": 8, "several": 10}
"""Ports up to which tiles are as large as that; of more, the smallest."""


@open_to_screens(*READERS)
@require_safe
def wall(request: OfficeRequest) -> HttpResponseBase:
    """The whole screen."""
    response = render(request, "web/docks/wall.html", _ports(request))
    if _screen(request) is not None:
        keep(response, request.COOKIES[COOKIE])
    return response


@open_to_screens(*READERS)
@require_safe
def live(request: OfficeRequest) -> HttpResponseBase:
    """The ports alone, asked for again and again."""
    return render(request, "web/docks/ports.html", _ports(request))


@repeatable
@open_to(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def screens(request: OfficeRequest) -> HttpResponseBase:
    """The screens there are; a post makes this very browser one, and signs its owner out."""
    division = request.duty.division
    if request.method == "POST":
        token = open_screen(
            wiring.ledger(), request.duty.by(*READERS), division=division, name=request.POST.get("name", "")
        )
        # Whoever walks up to the wall must not find the custodian signed in.
        logout(request)
        response = HttpResponseRedirect(_wall_address())
        keep(response, token)
        return response
    return render(request, "web/docks/screens.html", {"screens": screens_of(division)})


@open_to(*READERS)
@require_POST
def shut(request: OfficeRequest, screen_id: UUID) -> HttpResponseBase:
    if not WallScreen.objects.filter(pk=screen_id, division=request.duty.division).exists():
        raise Http404
    shut_screen(wiring.ledger(), request.duty.by(*READERS), division=request.duty.division, screen=screen_id)
    messages.success(request, _("The screen is shut; it shows nothing any more."))
    return redirect("docks:screens")


def _wall_address() -> str:
    return redirect("docks:wall").url


def _screen(request: OfficeRequest) -> WallScreen | None:
    screen = getattr(request, "screen", None)
    return screen if isinstance(screen, WallScreen) else None


def _division(request: OfficeRequest) -> Division:
    screen = _screen(request)
    return request.duty.division if screen is None else screen.division


def _ports(request: OfficeRequest) -> dict[str, object]:
    division, now = _division(request), wiring.clock().now()
    found = ports_of(division, now)
    docks = {
        str(dock.pk): dock.name for dock in Dock.objects.filter(pk__in={p.dock for p in found if p.dock})
    }
    shown = (ShownPort(port, docks.get(port.dock, ""), division, now) for port in found)
    ports = sorted(shown, key=lambda port: port.place)
    busy = any(port.is_busy for port in ports)
    return {
        "division": division,
        "ports": ports,
        "now": now,
        "size": next((size for size, most in _SIZES.items() if len(ports) <= most), "many"),
        "every": _BUSY_SECONDS if busy else _QUIET_SECONDS,
        "is_screen": _screen(request) is not None,
    }
