"""Whose passkeys a page may ask for: those of the host name under which the browser shows it."""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from aigaq.passkeys.errors import NoSiteError
from aigaq.passkeys.site import Site


def site_of(request: HttpRequest) -> Site | None:
    """None where browsers know no passkeys: at a number, or over plain http elsewhere than on `localhost`."""
    origin = _origin(request)
    try:
        site = Site.of(origin)
    except NoSiteError:
        return None
    return site if site.takes(origin) else None


def named_address(request: HttpRequest) -> str:
    """This page under a name at which passkeys work; empty where we know of none."""
    host, colon, port = request.get_host().rpartition(":")
    if not colon or "]" in port:
        host, colon, port = request.get_host(), "", ""
    if not _is_this_computer(host) or "localhost" not in settings.ALLOWED_HOSTS:
        return ""
    return f"{request.scheme}://localhost{colon}{port}{request.get_full_path()}"


def _origin(request: HttpRequest) -> str:
    """As the browser has it: a proxy that speaks https to it speaks http to us."""
    host, public = request.get_host(), urlsplit(settings.PUBLIC_URL)
    scheme = public.scheme if public.netloc == host else request.scheme
    return f"{scheme}://{host}"


def _is_this_computer(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
