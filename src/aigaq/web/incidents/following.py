"""Right after somebody did something, what follows from it is opened; what is missed, `aigaq serve` opens."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase

from aigaq import wiring
from aigaq.errors import AigaqError
from aigaq.incidents.services import catch_up

_log = logging.getLogger(__name__)


class FollowingMiddleware:
    """After a form that was taken. What was done stands already, so no failure here is told to who did it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code < HTTPStatus.BAD_REQUEST:
            try:
                catch_up(wiring.ledger())
            except (DatabaseError, AigaqError):
                _log.exception("incidents were not opened now; they will be at the next time")
        return response
