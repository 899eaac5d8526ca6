"""A card goes to the server over a line that loses every tenth packet, is slow, breaks; and a server that dies.

Between two network namespaces of a guest (`tests.support.uml`), because the kernel of a test machine may know no
netem; real TCP and TLS, the real `aigaq dock` and `aigaq serve`. Minutes without a cable are made of the seconds after
which the agent gives a connection up: what follows is the same.
"""

import tempfile
from pathlib import Path

import pytest

from tests.support import amount, uml, vaults
from tests.support.postbox import certificate

pytestmark = [
    pytest.mark.faults,
    pytest.mark.cards,
    pytest.mark.skipif(bool(uml.missing()), reason=uml.missing()),
]

FULL = amount.FULL
MIB = 1 << 20
LOSSY = "delay 10ms 3ms loss 10%"
SLOW = "delay 10ms rate 4mbit"
BOTH = f"{LOSSY} rate 4mbit"
SAMPLE = "delay 10ms 3ms loss 3% rate 4mbit"
"""It loses as well, but so that TCP goes at the line's pace: at 10 % it waits for minutes, and so does everybody."""
AT_MOST = 1.2
"""Times the file, that may be put on the line."""
LINES = (
    [
        (24 * MIB, BOTH, ()),
        (24 * MIB, SLOW, ("cable@30",)),
        (40 * MIB, SLOW, ("connections@20", "connections@60")),
        (40 * MIB, SLOW, ("server@20", "server@60")),
        (48 * MIB, BOTH, ("server@15", "cable@40", "connections@70")),
    ]
    if FULL
    else [(12 * MIB, SAMPLE, ("server@8",))]
)


@pytest.fixture
def over(installed):
    """`over(octets, shape, faults)`: what came of it."""
    with uml.workshop() as folder, tempfile.TemporaryDirectory(dir="/tmp") as papers:
        installed(folder / "data")
        disk = uml.ext4_disk(folder / "data.img", megabytes=4096, content=folder / "data")
        shown = certificate(Path(papers), names="10.77.0.1")

        def run(octets: int, shape: str, faults: tuple[str, ...], mutant: str = "") -> dict:
            with uml.Guest(
                folder,
                "line",
                *(octets, shape, shown.ca, shown.chain, mutant, *faults),
                disks=(disk,),
                environment={"AIGAQ_DATA": "/run/data", "AIGAQ_TEST_IDENTITY": str(vaults.IDENTITY)},
                megabytes=768,
            ) as guest:
                done = guest.wait_for("sent", 900)
                guest.end()
            assert [each["fault"] for each in guest.told if "fault" in each] == list(faults)
            return done

        yield run


@pytest.mark.parametrize(("octets", "shape", "faults"), LINES)
def test_an_upload_ends_octet_for_octet_and_sends_little_twice(over, say, octets, shape, faults):
    done = over(octets, shape, faults)
    assert (done["state"], done["problems"], done["kept"], done["left"]) == ("ready", [], True, [])
    assert octets < done["sent"] <= AT_MOST * octets, f"sent {done['sent'] / octets:.2f} times the file"
    say(f"{shape}, {', '.join(faults) or 'no more'}: sent {done['sent'] / octets:.2f} times the file")


@pytest.mark.skipif(not FULL, reason="its line takes minutes: in `make faults`")
def test_a_dock_that_begins_anew_when_the_line_breaks_is_caught(over):
    done = over(MIB, SLOW, ("server@60",), "in-one-part")
    assert done["sent"] > AT_MOST * MIB
