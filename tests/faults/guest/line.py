"""A docking PC and the server in two network namespaces, and between them a line that is bad on purpose.

    python -m tests.faults.guest.line OCTETS SHAPE CERTIFICATE KEY MUTANT FAULT@PERCENT...

SHAPE is what `tc … netem` is told for the dock's side. A fault comes when so many percent of the octets were put on the
line. /dev/ubdb: the server's data folder; the dock's lies in memory.
"""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

from tests.faults.guest import begin

DATA, DOCK, CARD = Path("/run/data"), Path("/run/dock"), Path("/run/card")
HERE, THERE = "10.77.0.1", "10.77.0.2"
SERVER = f"https://{HERE}:8443"
AWAY = 20.0
"""Seconds for which a cable is out: longer than the agent waits for a connection, so it has to try anew."""


def network(shape: str) -> None:
    from tests.support.guest import command

    for module in ("veth", "sch_netem"):
        command("modprobe", "-d", "/run/modules", module)
    for name, device, other, address in (("office", "vs", "vd", HERE), ("dock", "vd", "vs", THERE)):
        command("ip", "netns", "add", name)
        if name == "office":
            command("ip", "link", "add", device, "type", "veth", "peer", "name", other)
        command("ip", "link", "set", device, "netns", name)
        command("ip", "-n", name, "addr", "add", f"{address}/24", "dev", device)
        for each in ("lo", device):
            command("ip", "-n", name, "link", "set", each, "up")
    command("ip", "netns", "exec", "dock", "tc", "qdisc", "add", "dev", "vd", "root", "netem", *shape.split())
    # What comes back is as lossy, though not as slow.
    lossy = shape.split("rate", maxsplit=1)[0].split()
    command("ip", "netns", "exec", "office", "tc", "qdisc", "add", "dev", "vs", "root", "netem", *lossy)


class Server:
    def __init__(self, certificate: str, key: str) -> None:
        self._tls = ("--tls-cert", certificate, "--tls-key", key)
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                *("ip", "netns", "exec", "office", sys.executable, "-m", "aigaq", "serve", "--json"),
                *("--bind", f"{HERE}:8443", *self._tls),
            ],
            env={**os.environ, "AIGAQ_HOSTS": HERE, "AIGAQ_PUBLIC_URL": SERVER, "AIGAQ_USB": "no"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        said = []
        for line in self._process.stderr:
            said.append(line)
            if SERVER in line:
                return
        raise AssertionError("".join(said))

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


MUTANT = """
import sys
from aigaq.cli.main import main
from aigaq.dock.agent import sending
sending.SMALLEST = sending.LARGEST = 1 << 28
sys.argv[0] = "aigaq"
main()
"""
"""It sends a blob in one part, so that a broken line costs all of it."""


def dock(*words: object, mutant: bool = False) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            *(
                "ip",
                "netns",
                "exec",
                "dock",
                sys.executable,
                *(("-c", MUTANT) if mutant else ("-m", "aigaq")),
            ),
            *("dock", *map(str, words), "--json"),
        ],
        env={**os.environ, "AIGAQ_DATA": str(DOCK), "AIGAQ_USB": "no", "AIGAQ_LANG": "en"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def put_on_the_line() -> int:
    from tests.support.guest import command

    told = json.loads(command("ip", "-n", "dock", "-s", "-j", "link", "show", "vd"))
    return told[0]["stats64"]["tx"]["bytes"]


def meet(fault: str, server: Server) -> None:
    from tests.support.guest import command

    if fault == "cable":
        command("ip", "-n", "office", "link", "set", "vs", "down")
        time.sleep(AWAY)
        command("ip", "-n", "office", "link", "set", "vs", "up")
    elif fault == "connections":
        resets = (sys.executable, "-m", "tests.faults.guest.resets", "vs", HERE)
        ports = json.loads(command("ip", "netns", "exec", "office", *resets))
        left = command("ip", "netns", "exec", "dock", "ss", "-H", "-t", "-n", "dst", HERE)
        # One that was just being made may live on: what it says next is not known yet.
        assert [port for port in ports if f":{port} " not in left], f"none was killed: {ports} of {left}"
    else:
        server.kill()
        time.sleep(2)
        server.start()


def main(octets: int, shape: str, certificate: str, key: str, mutant: str, *faults: str) -> None:
    begin()
    from aigaq import wiring
    from aigaq.docks.services import make_code
    from aigaq.ingest.services import _home
    from aigaq.ledger.services import MACHINE
    from tests.support import guest
    from tests.support.cards import fill, left_on, take

    guest.command("mount", "/dev/ubdb", DATA)
    DOCK.mkdir()
    network(shape)
    server = Server(certificate, key)
    code = Path("/run/code")
    code.write_text(make_code(wiring.ledger(), MACHINE, division=_home()).code)
    enrol = dock("enrol", SERVER, "--ca", certificate, "--name", "Док 1", "--code-file", code)
    _, told = enrol.communicate()
    assert enrol.returncode == 0, told
    content = {take(1): random.Random(1).randbytes(octets), "notes.txt": b"short"}
    fill(CARD, content)
    before = put_on_the_line()
    agent = dock("unload", CARD, mutant=mutant == "in-one-part")
    for planned in faults:
        fault, _, percent = planned.partition("@")
        while put_on_the_line() - before < octets * int(percent) // 100:
            assert agent.poll() is None, f"it ended before “{planned}”: {agent.communicate()}"
            time.sleep(0.05)
        guest.say(fault=planned, put_on_the_line=put_on_the_line() - before)
        meet(fault, server)
        assert agent.poll() is None, f"it did not outlive “{planned}”: {agent.communicate()}"
    out, err = agent.communicate()
    assert agent.returncode == 0, err
    identity = guest.identity()
    guest.say(
        **{name: json.loads(out)[name] for name in ("state", "sent", "problems")},
        kept=all(guest.is_kept(wiring.vault(), each, identity) for each in content.values()),
        left=sorted(left_on(CARD)),
        put_on_the_line=put_on_the_line() - before,
    )
    server.kill()


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
