"""Who is asking, and whether the door is open to them; and errors of ours as pages."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from aigaq import minding, wiring
from aigaq.accounts.models import User
from aigaq.core import logs
from aigaq.core.clock import parse_rfc3339
from aigaq.errors import AigaqError
from aigaq.registry.models import Person
from aigaq.web.docks.screens import screen_of
from aigaq.web.duty import DIVISION_KEY, NoPersonError, NotYoursError, duty_of
from aigaq.web.errors import error_page
from aigaq.web.security import door_of

SIGNED_IN_AT_KEY = "signed_in_at"
"""Session: when its owner signed in, RFC 3339. A session without it is nobody's."""

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestIdMiddleware:
    """Gives each request a number of its own: in every line of the log, and in the answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = secrets.token_hex(8)
        # It stands until the next request of this thread: an answer may still be on its way when this ends.
        logs.request_id.set(number)
        response = self.get_response(request)
        response.headers["X-Request-Id"] = number
        return response


class StandingMiddleware:
    """Sets `request.duty`, ends sessions that are over, and keeps every view shut that names no one.

    A session ends 12 hours after signing in whatever happened since, and with the first request
    after its user was disabled.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.duty = None  # type: ignore[attr-defined]
        if SESSION_KEY in request.session:
            if _is_over(request):
                request.session.flush()
                request.user = _nobody()
            else:
                self._stand(request)
        return self.get_response(request)

    def _stand(self, request: HttpRequest) -> None:
        person = Person.objects.select_related("division", "user").filter(user=_user(request)).first()
        if person is not None:
            request.duty = duty_of(  # type: ignore[attr-defined]
                person, wiring.clock().now(), request.session.get(DIVISION_KEY)
            )

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: Sequence[Any],  # noqa: ARG002 - Django's signature
        kwargs: Mapping[str, Any],  # noqa: ARG002 - Django's signature
    ) -> HttpResponseBase | None:
        door = door_of(view)
        if door is None:
            return error_page(request, NotYoursError())
        if door.everyone or door.docks:
            return None
        if not request.user.is_authenticated:
            return None if door.screens and _is_screen(request) else _to_sign_in(request)
        duty = request.duty  # type: ignore[attr-defined]
        if duty is None:
            return error_page(request, NoPersonError())
        if door.signed_in or duty.holds(*door.roles):
            return None
        return error_page(request, NotYoursError())


class FollowUpMiddleware:
    """What follows from an act follows at once: incidents are opened, and whoever has to be told is told.

    What is missed here, `aigaq serve` does (`aigaq.minding`).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code < HTTPStatus.BAD_REQUEST:
            minding.follow_up(wiring.ledger())
        return response


class ErrorSentenceMiddleware:
    """The edge where errors of ours become pages; whatever else is raised is a defect and goes on."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return error_page(request, exception) if isinstance(exception, AigaqError) else None


def _is_over(request: HttpRequest) -> bool:
    signed_in_at = request.session.get(SIGNED_IN_AT_KEY)
    if signed_in_at is None or not request.user.is_authenticated:
        return True
    age: timedelta = wiring.clock().now() - parse_rfc3339(signed_in_at)
    return age >= timedelta(seconds=settings.SESSION_COOKIE_AGE)


def _is_screen(request: HttpRequest) -> bool:
    """Sets `request.screen` where it is one."""
    request.screen = screen_of(request)  # type: ignore[attr-defined]
    return request.screen is not None  # type: ignore[attr-defined]


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _nobody() -> Any:  # noqa: ANN401 - Django types a request's user as always somebody
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page and, after a GET, back again. A post is not repeated: what it did is not known."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(reverse("login"))
    return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse("home"))
