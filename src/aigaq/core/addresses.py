"""E-mail addresses: those that can be written down, sent to, and put into a header without any quoting."""

import re
from typing import Final

LIMIT: Final = 254
"""Characters as spelt (RFC 5321 section 4.5.3.1.3, without the brackets)."""
_LOCAL_LIMIT: Final = 64
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(rf"(?P<local>{_ATOM}(\.{_ATOM})*)@{_LABEL}(\.{_LABEL})*")
"""A dot-atom before, a host name behind (RFC 5322 section 3.4.1)."""


def spelt(address: str) -> str:
    """As the network spells it: a domain in Kazakh letters in ASCII. ``ValueError`` if it is no address."""
    local, _at, domain = address.rpartition("@")
    found = _ADDRESS.fullmatch(f"{local}@{domain.encode('idna').decode('ascii')}")
    if found is None or len(found[0]) > LIMIT or len(found["local"]) > _LOCAL_LIMIT:
        message = f"not an e-mail address: {address!r}"
        raise ValueError(message)
    return found[0]
