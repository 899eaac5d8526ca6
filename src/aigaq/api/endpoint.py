"""What every address here does alike: its methods, its errors as problem details, and whose token it was."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final, TypeAlias

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import get_language_from_request
from django.views.decorators.csrf import csrf_exempt

from aigaq import wiring
from aigaq.api.errors import BadRequestBodyError, MethodError, UnsupportedMediaError
from aigaq.api.problems import problem
from aigaq.core.canonical import Json
from aigaq.docks import sessions
from aigaq.docks.errors import NoSessionError
from aigaq.docks.models import Dock
from aigaq.errors import AigaqError
from aigaq.web.security import open_to_docks

View: TypeAlias = Callable[..., HttpResponse]

BODY_LIMIT: Final = 256 * 1024
"""Octets of a JSON body; uploads have their own bound."""
_BEARER: Final = "Bearer "
_TOKEN_LIMIT: Final = 128


def endpoint(**by_method: View) -> View:
    """A view that answers these methods, each by its own function; what they raise becomes problem details.

    It is behind no browser's session, so it needs no token against forged forms either.
    """

    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - passed on
        try:
            method = _method(request)
            answer = by_method.get(method)
            if answer is None:
                allowed = ", ".join(sorted(by_method))
                response = problem(MethodError(allowed=allowed, method=method[:16]))
                response["Allow"] = allowed
                return response
            return answer(request, *args, **kwargs)
        except AigaqError as error:
            return problem(error)

    @wraps(view)
    def speaking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - passed on
        # Pages speak the language that was chosen on them; a program says with each request what it reads.
        with translation.override(get_language_from_request(request)):
            return view(request, *args, **kwargs)

    return csrf_exempt(open_to_docks(speaking))


def with_dock(view: View) -> View:
    """Give `view` the dock whose token came with the request, as its second argument."""

    @wraps(view)
    def known(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - passed on
        return view(request, dock_of(request), *args, **kwargs)

    return known


def dock_of(request: HttpRequest) -> Dock:
    """Raise `NoSessionError` or `DockRevokedError`."""
    given = request.headers.get("Authorization", "")
    token = given.removeprefix(_BEARER)
    if token == given or not 0 < len(token) <= _TOKEN_LIMIT:
        raise NoSessionError
    return sessions.dock_of(token, wiring.clock().now())


def octets_in(request: HttpRequest, limit: int = BODY_LIMIT) -> bytes:
    """A JSON body of at most `limit` octets. Raise `UnsupportedMediaError` or `BadRequestBodyError`."""
    if request.content_type != "application/json":
        raise UnsupportedMediaError(expected="application/json")
    try:
        length = int(request.headers.get("Content-Length") or 0)
        if not 0 < length <= limit:
            raise BadRequestBodyError(reason=f"its length is not between 1 and {limit} bytes")
        octets = request.read(length)
    except (OSError, ValueError) as error:
        raise BadRequestBodyError(reason="it broke off") from error
    if len(octets) != length:
        raise BadRequestBodyError(reason="it broke off")
    return bytes(octets)


def json_in(request: HttpRequest) -> Mapping[str, Any]:
    """A JSON object. Raise as `octets_in`."""
    return object_of(octets_in(request))


def object_of(octets: bytes) -> Mapping[str, Any]:
    """Raise `BadRequestBodyError`."""
    try:
        value = json.loads(octets)
    except (ValueError, RecursionError) as error:
        raise BadRequestBodyError(reason="it is no JSON") from error
    if not isinstance(value, dict):
        raise BadRequestBodyError(reason="it is no JSON object")
    return value


def answer(value: Mapping[str, Json], *, status: int = 200) -> HttpResponse:
    return HttpResponse(json.dumps(value, ensure_ascii=False), status=status, content_type="application/json")


def _method(request: HttpRequest) -> str:
    """The protocol has clients behind old proxies say in a header what they mean (tus 1.0.0, "Core")."""
    return request.headers.get("X-HTTP-Method-Override", request.method or "").upper()
