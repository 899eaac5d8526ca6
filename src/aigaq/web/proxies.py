"""Who asks, where a proxy passes it on: its word is believed if it is one of ours, and nobody else's.

Without this every visitor would have the proxy's address: one who guesses passwords would slow down all.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from aigaq import wiring
from aigaq.core.proxies import address_of


class ProxyMiddleware:
    """The first of all: whatever comes after sees the address and the scheme of the browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._proxies = wiring.proxies()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self._proxies and request.META.get("REMOTE_ADDR", "") in self._proxies:
            self._believe(request)
        return self.get_response(request)

    def _believe(self, request: HttpRequest) -> None:
        address = request.META["REMOTE_ADDR"]
        # Each proxy adds whom it heard at the end, so what a visitor made up stands before that.
        told = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        while told and address in self._proxies and address_of(told[-1]):
            address = told.pop()
        request.META["REMOTE_ADDR"] = address
        if request.META.get("HTTP_X_FORWARDED_PROTO", "") == "https":
            request.META["wsgi.url_scheme"] = "https"
