"""Who asks, behind a proxy: its word counts if it is one of ours, and nobody's else."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from aigaq.core.proxies import WrongProxiesError
from aigaq.web.proxies import ProxyMiddleware


@pytest.fixture
def seen(settings):
    """Address and scheme as the pages see them."""
    settings.PROXIES = ["10.0.0.5", "10.1.0.0/24", "fd00::/8"]

    def ask(address, forwarded=None, proto=None):
        headers = {"HTTP_X_FORWARDED_FOR": forwarded, "HTTP_X_FORWARDED_PROTO": proto}
        given = {name: value for name, value in headers.items() if value is not None}
        request = RequestFactory().get("/", REMOTE_ADDR=address, **given)
        ProxyMiddleware(lambda _request: HttpResponse())(request)
        return request.META["REMOTE_ADDR"], request.scheme

    return ask


@pytest.mark.parametrize(
    ("address", "forwarded", "found"),
    [
        ("10.0.0.5", "203.0.113.9", "203.0.113.9"),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.0.0.5", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "203.0.113.9, 10.1.0.7", "203.0.113.9"),
        ("10.0.0.5", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", None, "10.0.0.5"),
        ("10.0.0.5", "made up", "10.0.0.5"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
    ],
)
def test_the_address_is_the_last_that_no_proxy_of_ours_has(seen, address, forwarded, found):
    assert seen(address, forwarded)[0] == found


def test_https_is_believed_of_a_proxy_alone(seen):
    assert seen("10.0.0.5", "203.0.113.9", "https") == ("203.0.113.9", "https")
    assert seen("203.0.113.9", None, "https") == ("203.0.113.9", "http")
    assert seen("10.0.0.5", "203.0.113.9", "http")[1] == "http"


def test_what_is_no_address_is_said_at_the_start(settings):
    settings.PROXIES = ["proxy.example"]
    with pytest.raises(WrongProxiesError, match=r"proxy\.example"):
        ProxyMiddleware(lambda _request: HttpResponse())
