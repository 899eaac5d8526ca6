"""Whose passkeys they are: a host name (the RP ID), and the origin of the pages that may ask for them."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

from aigaq.passkeys.errors import NoSiteError

_PORTS: Final = {"https": 443, "http": 80}
"""Which browsers leave out."""
_ORIGIN: Final = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+)(:[0-9]{1,5})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Site:
    rp_id: str
    """A host name, never an address (section 5.1.2: a valid domain string)."""
    origin: str
    """Scheme, host and port as a browser spells them."""

    @classmethod
    def of(cls, origin: str) -> Self:
        """The site of the page at `origin`. Raises `NoSiteError` where its host is a number."""
        parts = urlsplit(origin)
        host = parts.hostname or ""
        if not host or is_number(host):
            raise NoSiteError(host=host)
        port = "" if parts.port in {None, _PORTS.get(parts.scheme)} else f":{parts.port}"
        return cls(host, f"{parts.scheme}://{host}{port}")

    def takes(self, origin: str) -> bool:
        """Whether a page at `origin` may have asked this site's passkeys: any port, but no other host."""
        found = _ORIGIN.fullmatch(origin)
        return (
            found is not None
            and found["host"] == self.rp_id
            and (found["scheme"] == "https" or self.rp_id == "localhost")
        )


def is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
