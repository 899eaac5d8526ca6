"""How a browser is known that hangs on a wall: a cookie for the wall's own pages, good for nothing else."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from aigaq import wiring
from aigaq.ingest.models import WallScreen
from aigaq.ingest.screens import screen_by

COOKIE = "aigaq_wall"
_DAYS = 400
"""As long as browsers keep a cookie; each answer begins it anew."""


def screen_of(request: HttpRequest) -> WallScreen | None:
    """The screen that asks; None if it is none, or was shut."""
    return screen_by(request.COOKIES.get(COOKIE, ""), wiring.clock().now())


def keep(response: HttpResponseBase, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=_DAYS * 24 * 60 * 60,
        path=reverse("docks:wall"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
