"""Which addresses are proxies of ours."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aigaq.errors import N_, AigaqError


class WrongProxiesError(AigaqError):
    code = "hosts.proxies"
    message = N_(
        "AIGAQ_PROXIES has “{value}”: give addresses or networks with commas, such as 10.0.0.5,10.1.0.0/24."
    )


class Proxies:
    """Raises `WrongProxiesError` of a text that is neither an address nor a network."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._networks: Sequence[IPv4Network | IPv6Network] = [_network(text) for text in texts]

    def __bool__(self) -> bool:
        return bool(self._networks)

    def __contains__(self, text: str) -> bool:
        address = address_of(text)
        return address is not None and any(address in network for network in self._networks)


def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """None if it is none. One of IPv4 that came in on a socket of IPv6 is one of IPv4."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError as error:
        raise WrongProxiesError(value=text) from error
