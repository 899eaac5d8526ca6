"""A form of the office that is sent twice is done once, and ends both times at the same page.

Whoever presses twice, goes back and presses again, or whose phone sends again after a broken line, sends
octets that are alike: in each page that is made, the token against forged forms is another. So the digest of
both tells a second press from the same words written again.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import Any, Final, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from aigaq import wiring
from aigaq.accounts import presses
from aigaq.accounts.models import Press
from aigaq.core.canonical import Json, encode
from aigaq.web.security import door_of

PATIENCE: Final = 20.0
"""Seconds that the second waits for the first to end."""
_BETWEEN: Final = 0.1
WAITING_AT_ONCE: Final = 4
"""Requests of one process that wait at a time: each holds a thread."""
_waiting = BoundedSemaphore(WAITING_AT_ONCE)
_OF_A_PAGE: Final = 64
"""Characters of the token in a page, which no other page has; that in the cookie is shorter."""
_REDIRECTS: Final = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND, HTTPStatus.SEE_OTHER)

View = Callable[..., HttpResponseBase]
Response = TypeVar("Response", bound=HttpResponseBase)


class PressedMiddleware:
    """For every view of the office that answers with a redirect once something is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        digest = getattr(request, "pressed", None)
        if digest is not None:
            address = _end_of(response)
            if address is None:
                presses.forget(digest)
            else:
                presses.end(digest, address)
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: View,
        args: Sequence[Any],  # noqa: ARG002 - Django's signature
        kwargs: Mapping[str, Any],  # noqa: ARG002 - Django's signature
    ) -> HttpResponseBase | None:
        door = door_of(view)
        # Who takes a file has to be asked in the view (`once`): to look into the post is to take it.
        is_asked_there = getattr(view, "csrf_exempt", False)
        if door is None or not door.roles or is_asked_there or getattr(view, "is_repeatable", False):
            return None
        return again(request)


def once(view: View) -> View:
    """What the middleware does, for a view that has to make room for a file first."""

    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - passed on
        return again(request) or view(request, *args, **kwargs)

    return asking


def undone(response: Response) -> Response:
    """A redirect though nothing was done: to where something else has to be done first, or a refusal is told.

    The same may be sent again then.
    """
    response.is_undone = True  # type: ignore[attr-defined]
    return response


def ending_at(response: Response, address: str) -> Response:
    """What is shown once and kept nowhere: a second press ends at `address` instead."""
    response.ends_at = address  # type: ignore[attr-defined]
    return response


def again(request: HttpRequest) -> HttpResponseBase | None:
    """The answer to a form that was sent already; None where this is the first."""
    digest = _digest(request)
    if digest is None:
        return None
    until = time.monotonic() + PATIENCE
    while not presses.begin(digest, wiring.clock().now()):
        first = _ended(digest, until)
        if first is None:
            continue
        if first.location is None:
            messages.warning(request, _("This was sent already, and is not done yet. Look for it later."))
            return redirect("home")
        messages.info(request, _("This was sent twice. The second time nothing was done."))
        return redirect(first.location)
    request.pressed = digest  # type: ignore[attr-defined]
    return None


def _ended(digest: str, until: float) -> Press | None:
    """The first, once it has ended or nobody may wait for it any more; None where it was refused."""
    with _place_to_wait() as may_wait:
        while (first := presses.known(digest)) is not None and first.location is None:
            if not may_wait or time.monotonic() >= until:
                break
            time.sleep(_BETWEEN)
    return first


@contextmanager
def _place_to_wait() -> Iterator[bool]:
    """Whether there is one."""
    is_free = _waiting.acquire(blocking=False)
    try:
        yield is_free
    finally:
        if is_free:
            _waiting.release()


def _end_of(response: HttpResponseBase) -> str | None:
    """None of what was refused, and of what makes nothing."""
    if hasattr(response, "is_undone"):
        return None
    named: str | None = getattr(response, "ends_at", None)
    if named is None and response.status_code in _REDIRECTS:
        return str(response.headers["Location"])
    return named


def _digest(request: HttpRequest) -> str | None:
    """None of what no page of ours sent, or may be sent as often as one likes."""
    if request.method != "POST" or not request.user.is_authenticated:
        return None
    if len(request.POST.get("csrfmiddlewaretoken", "")) != _OF_A_PAGE:
        return None
    fields: list[Json] = [
        [name, *given] for name, given in sorted(request.POST.lists()) if "password" not in name.lower()
    ]
    files: list[Json] = [
        [name, each.name, each.size] for name in sorted(request.FILES) for each in request.FILES.getlist(name)
    ]
    said = encode([str(request.user.pk), request.get_full_path(), fields, files])
    return salted_hmac("aigaq.web.pressed", said, algorithm="sha256").hexdigest()
