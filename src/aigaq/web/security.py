"""Doors and headers: every view says whom it is for, and every answer says what a browser may do with it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponseBase

from aigaq.registry.models import Role

Response = TypeVar("Response", bound=HttpResponseBase)
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True)
class Door:
    """Whom a view lets in: `everyone`, who is `signed_in`, who holds one of `roles`, `screens` or `docks`."""

    everyone: bool = False
    signed_in: bool = False
    roles: frozenset[Role] = frozenset()
    screens: bool = False
    """Also a screen on the wall of a division, which is nobody (`web.docks.screens`)."""
    docks: bool = False
    """The view asks for itself: docks prove who they are by a key, not by a browser's session."""


def _hang(door: Door) -> Callable[[View], View]:
    def hang(view: View) -> View:
        view.door = door  # type: ignore[attr-defined]
        return view

    return hang


def open_to_everyone(view: View) -> View:
    """For what must work before signing in."""
    return _hang(Door(everyone=True))(view)


def open_to_signed_in(view: View) -> View:
    """For what everybody may do about themselves."""
    return _hang(Door(signed_in=True))(view)


def open_to_docks(view: View) -> View:
    """For programs on docking PCs (`aigaq.api`): the view itself asks who they are."""
    return _hang(Door(docks=True))(view)


def open_to(*roles: Role) -> Callable[[View], View]:
    """For holders of one of `roles` in the division they work in; what a page shows, `Duty` still says."""
    return _hang(Door(roles=frozenset(roles)))


def open_to_screens(*roles: Role) -> Callable[[View], View]:
    """As `open_to`, and for a division's screens on the wall: shows and does nothing."""
    return _hang(Door(roles=frozenset(roles), screens=True))


def repeatable(view: View) -> View:
    """For what `web.pressed` lets through each time.

    It marks the browser, opens a window of its own, or goes on with work that is done once in any case.
    """
    view.is_repeatable = True  # type: ignore[attr-defined]
    return view


def door_of(view: Callable[..., Any]) -> Door | None:
    """The door of a view; None means that nobody gets in."""
    door = getattr(view, "door", None)
    return door if isinstance(door, Door) else None


CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; connect-src 'self'; worker-src 'self'; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_NOBODY = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
)
_OURSELVES = ("publickey-credentials-create", "publickey-credentials-get")
"""Signatures by passkey, asked for by pages of our own alone."""


def permissions_policy(*granted: str) -> str:
    """What a page may ask the browser for: what all of ours may, and `granted`."""
    ours = {*_OURSELVES, *granted}
    names = [*_NOBODY, *_OURSELVES]
    return ", ".join(f"{feature}=({'self' if feature in ours else ''})" for feature in names)


PERMISSIONS_POLICY = permissions_policy()


def with_camera(view: View) -> View:
    """For the few pages that can look through the camera, once a person has pressed the button for it."""

    @wraps(view)
    def granted(*args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - passed on to the view
        return grant_camera(view(*args, **kwargs))

    return cast("View", granted)


def grant_camera(response: Response) -> Response:
    response.headers["Permissions-Policy"] = permissions_policy("camera")
    return response


class HeadersMiddleware:
    """Strict headers on every page. Nothing is kept by a browser: a duty room's PC has many users."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # A page that keeps the second has to know what of its waiting was spent here.
        request.began = time.monotonic()  # type: ignore[attr-defined]
        response = self.get_response(request)
        # What came from a card has a stricter one of its own already.
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-store"
        return response
