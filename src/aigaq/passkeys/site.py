"""Whose passkeys they are: a host name (the RP ID), and the origin of the pages that may ask for them."""

import ipaddress
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from aigaq.passkeys.errors import NoSiteError


@dataclass(frozen=True, slots=True)
class Site:
    rp_id: str
    """A host name, never an address (section 5.1.2: a valid domain string)."""
    origin: str
    """Scheme, host and port as a browser spells them."""

    @classmethod
    def of(cls, origin: str) -> Self:
        """The site of the page at `origin`. Raises `NoSiteError` where its host is a number."""
        host = urlsplit(origin).hostname or ""
        if not host or is_number(host):
            raise NoSiteError(host=host)
        return cls(host, origin)

    def takes(self, origin: str) -> bool:
        """Whether a page at `origin` may have asked this site's passkeys: any port, but no other host."""
        parts = urlsplit(origin)
        return parts.hostname == self.rp_id and (parts.scheme == "https" or self.rp_id == "localhost")


def is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
