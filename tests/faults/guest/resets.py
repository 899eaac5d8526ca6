"""Kills connections on their way, as a firewall does that has forgotten them: a TCP reset for each (RFC 9293, 3.5.2).

    ip netns exec office python -m tests.faults.guest.resets INTERFACE ADDRESS

`ss -K` would do it where a kernel has INET_DIAG_DESTROY; that of the guests has not. Prints the ports of the other side, as JSON.
"""

import json
import socket
import struct
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

ETH_P_ALL, TCP = 3, 6
FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10
LISTENS = 2.0
"""Seconds: on a line that is used each connection is heard in less."""


@dataclass(frozen=True)
class Heard:
    """What `source` has said on one of its connections."""

    source: bytes
    target: bytes
    ports: tuple[int, int]
    follows: int
    """The sequence number that the other side waits for: a reset with any other is not believed."""
    acknowledged: int


def said_by(source: bytes, line: socket.socket, until: float) -> Iterator[Heard]:
    while (left := until - time.monotonic()) > 0:
        line.settimeout(left)
        try:
            packet = line.recv(1 << 16)
        except TimeoutError:
            return
        if packet[0] >> 4 != 4 or packet[9] != TCP or packet[12:16] != source:
            continue
        at = (packet[0] & 15) * 4
        (length,) = struct.unpack_from("!H", packet, 2)
        port, other, sequence, acknowledged, more = struct.unpack_from("!HHIIH", packet, at)
        octets = length - at - (more >> 12) * 4
        if not more & (FIN | SYN | RST):
            follows = (sequence + octets) & 0xFFFFFFFF
            yield Heard(source, packet[16:20], (port, other), follows, acknowledged)


def reset(heard: Heard) -> bytes:
    """A packet whose IP header the kernel completes."""
    segment = struct.pack(
        "!HHIIHHHH", *heard.ports, heard.follows, heard.acknowledged, 5 << 12 | RST | ACK, 0, 0, 0
    )
    seen = heard.source + heard.target + struct.pack("!HH", TCP, len(segment)) + segment
    total = sum(struct.unpack(f"!{len(seen) // 2}H", seen))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    segment = segment[:16] + struct.pack("!H", ~total & 0xFFFF) + segment[18:]
    head = struct.pack("!BBHHHBBH", 0x45, 0, 0, 0, 0, 64, TCP, 0) + heard.source + heard.target
    return head + segment


def main(interface: str, address: str) -> None:
    killed: set[tuple[int, int]] = set()
    with (
        socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL)) as line,
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as way,
    ):
        line.bind((interface, ETH_P_ALL))
        for heard in said_by(socket.inet_aton(address), line, time.monotonic() + LISTENS):
            if heard.ports not in killed:
                killed.add(heard.ports)
                way.sendto(reset(heard), (socket.inet_ntoa(heard.target), 0))
    print(json.dumps(sorted(port for _, port in killed)))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
