"""Is it up, is it ready, its figures (`docs/operations/metrics.md`)."""

import hmac
from http import HTTPStatus
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from aigaq import wiring
from aigaq.errors import AigaqError
from aigaq.monitoring.metrics import CONTENT_TYPE, exposition
from aigaq.monitoring.readiness import Readiness, is_ready
from aigaq.web.security import open_to_everyone
from aigaq.web.session.views import address_of

_FORWARDED: Final = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_VIA")
"""What a proxy adds: who asks is not where the request comes from."""

_ready: Final = Readiness(is_ready)


@open_to_everyone
@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """That this process answers; whether it can work is another question."""
    return HttpResponse("ok\n", content_type="text/plain")


@open_to_everyone
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """What is not ready, `aigaq check` tells those whom it concerns."""
    if _ready():
        return HttpResponse("ok\n", content_type="text/plain")
    return HttpResponse("no\n", content_type="text/plain", status=HTTPStatus.SERVICE_UNAVAILABLE)


@open_to_everyone
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For this computer's own programs, or whoever has the token. To everybody else there is no such page."""
    if not (_has_token(request) or _is_from_here(request)):
        raise Http404
    try:
        return HttpResponse(exposition(wiring.clock().now()), content_type=CONTENT_TYPE)
    except (AigaqError, DatabaseError):
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)


def _has_token(request: HttpRequest) -> bool:
    scheme, _blank, given = request.headers.get("Authorization", "").partition(" ")
    # All of it is compared, however early it differs.
    same = hmac.compare_digest(given.strip().encode(), settings.METRICS_TOKEN.encode())
    return bool(settings.METRICS_TOKEN) and scheme.lower() == "bearer" and same


def _is_from_here(request: HttpRequest) -> bool:
    """Asked by a program of this computer itself.

    Behind a proxy on this computer everybody seems to be here: where the office's address is https and this
    request is not, one stands between, whatever it says of itself. A browser has cookies, and is a person's.
    """
    if request.COOKIES or any(name in request.META for name in _FORWARDED):
        return False
    if settings.PUBLIC_URL.startswith("https:") and not request.is_secure():
        return False
    try:
        return ip_address(address_of(request)).is_loopback
    except ValueError:
        return False
