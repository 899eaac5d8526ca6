"""One, four and eight cards at once: into this computer, and over HTTPS from a docking PC on it.

Ours are the daemons themselves, `aigaq serve` and `aigaq dock`, from the moment the cards are there until the
last is through. Peers run once for each card, all at the same time.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.measure import forget_cache, in_turn, random_files, run, scratch
from bench.offices import AIGAQ, Daemon, daemon, new_installation, wait_for_unloads
from tests.support.tls import self_signed

CARDS = (1, 4, 8)
FILES = 4
FILE = 100_000_000

CODE = """
import django
django.setup()
from aigaq import wiring
from aigaq.docks.services import make_code
from aigaq.ledger.services import MACHINE
from aigaq.registry.models import Division
print(make_code(wiring.ledger(), MACHINE, division=Division.objects.get()).code)
"""
"""Prints what a docking PC is enrolled by."""

Contestant = Callable[[], tuple[float, float]]


class Bench:
    """The cards lie in `cards`; whoever is measured works in an empty folder."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        self.cards = [folder / "cards" / f"card-{number}" for number in range(1, count + 1)]
        for card in self.cards:
            random_files(card, FILES, FILE)
        self.tls = self_signed(folder)
        self.password = folder / "password"
        self.password.write_text("a password of this benchmark alone", encoding="ascii")

    def afresh(self, work: Callable[[Path], tuple[float, float]]) -> Contestant:
        def contestant() -> tuple[float, float]:
            target = self.folder / "target"
            target.mkdir()
            forget_cache(self.folder / "cards")
            try:
                return work(target)
            finally:
                shutil.rmtree(target)

        return contestant

    def each(self, command: Callable[[int, Path], str]) -> tuple[float, float]:
        """Of each card a shell's command, all at once; all must end well."""
        parts = [f"( {command(number, card)} ) & pids+=($!)" for number, card in enumerate(self.cards)]
        script = "\n".join(["pids=()", *parts, 'for pid in "${pids[@]}"; do wait "$pid" || exit 1; done'])
        return run(["bash", "-c", script])


def _plugged(bench: Bench, ports: Path, office: Path, daemons: Sequence[Daemon]) -> tuple[float, float]:
    """Put the cards into the ports of daemons that wait, and take them out when all are through."""
    before, began = sum(each.cpu_seconds for each in daemons), time.perf_counter()
    for card in bench.cards:
        card.rename(ports / card.name)
    wait_for_unloads(office, len(bench.cards))
    wall, cpu = time.perf_counter() - began, sum(each.cpu_seconds for each in daemons) - before
    for card in bench.cards:
        (ports / card.name).rename(card)
    return wall, cpu


def local(bench: Bench) -> dict[str, Contestant]:
    def ours(target: Path) -> tuple[float, float]:
        office = new_installation(target).data
        with daemon(office, "serve", "--bind", "127.0.0.1:0") as serving:
            serving.port()
            return _plugged(bench, office / "docks", office, [serving])

    def copied(target: Path) -> tuple[float, float]:
        def command(number: int, card: Path) -> str:
            to = target / str(number)
            return f"cp -r {card} {to} && sync -f {to} && sha256sum {card}/* && sha256sum {to}/*"

        return bench.each(command)

    def restic(target: Path) -> tuple[float, float]:
        return bench.each(
            lambda number, card: _restic(bench, target, str(target / str(number)), number, card)
        )

    def borg(target: Path) -> tuple[float, float]:
        def command(number: int, card: Path) -> str:
            repository = target / str(number)
            own = f"export BORG_PASSCOMMAND='cat {bench.password}' BORG_BASE_DIR={target}/base-{number}"
            return (
                f"{own}; borg init -e repokey-blake2 {repository} && "
                f"borg create -C none {repository}::a {card} && borg check --verify-data {repository}"
            )

        return bench.each(command)

    def rclone(target: Path) -> tuple[float, float]:
        def command(number: int, card: Path) -> str:
            return (
                f"{_crypt(bench, str(target / str(number)))}; rclone copy {card} s: && "
                f"sync -f {target} && rclone cryptcheck {card} s:"
            )

        return bench.each(command)

    return {
        "ours": bench.afresh(ours),
        "cp + sha256sum of both sides": bench.afresh(copied),
        "restic backup + check --read-data": bench.afresh(restic),
        "borg create + check --verify-data": bench.afresh(borg),
        "rclone crypt + cryptcheck": bench.afresh(rclone),
    }


def remote(bench: Bench) -> dict[str, Contestant]:
    def ours(target: Path) -> tuple[float, float]:
        office, dock, ports = new_installation(target).data, target / "dock", target / "ports"
        ports.mkdir()
        tls = ("--tls-cert", str(bench.tls.cert), "--tls-key", str(bench.tls.key))
        with daemon(office, "serve", "--bind", "127.0.0.1:0", *tls) as serving:
            server = f"https://localhost:{serving.port()}"
            code = target / "code"
            code.write_text(_code(office), encoding="ascii")
            enrol = (
                "--ca",
                str(bench.tls.cert),
                "--name",
                "1",
                "--code-file",
                str(code),
                "--data",
                str(dock),
            )
            run([AIGAQ, "dock", "enrol", server, *enrol])
            with daemon(dock, "dock", "--watch", str(ports)) as docking:
                return _plugged(bench, ports, office, [serving, docking])

    def restic(target: Path) -> tuple[float, float]:
        with _rclone_serves("restic", bench, target) as (at, server):
            wall, cpu = bench.each(
                lambda number, card: _restic(bench, target, f"rest:{at}/{number}/", number, card)
            )
            return wall, cpu + server.cpu_seconds

    def rclone(target: Path) -> tuple[float, float]:
        with _rclone_serves("webdav", bench, target) as (at, server):

            def command(number: int, card: Path) -> str:
                dav = f"export RCLONE_CONFIG_D_TYPE=webdav RCLONE_CONFIG_D_URL={at}"
                options = f"--ca-cert {bench.tls.cert}"
                return (
                    f"{dav}; {_crypt(bench, f'd:{number}')}; rclone copy {options} {card} s: && "
                    f"rclone check --download {options} {card} s:"
                )

            wall, cpu = bench.each(command)
            return wall, cpu + server.cpu_seconds

    return {
        "ours": bench.afresh(ours),
        "restic backup + check --read-data": bench.afresh(restic),
        "rclone crypt + check --download": bench.afresh(rclone),
    }


def _restic(bench: Bench, target: Path, repository: str, number: int, card: Path) -> str:
    own = f"export RESTIC_PASSWORD_FILE={bench.password} RESTIC_CACHE_DIR={target}/cache-{number}"
    restic = f"restic -q --cacert {bench.tls.cert} -r {repository}"
    return f"{own}; {restic} init && {restic} backup {card} && {restic} check --read-data"


def _crypt(bench: Bench, place: str) -> str:
    secret = f'"$(rclone obscure - < {bench.password})"'
    own = f"export RCLONE_CONFIG=/dev/null RCLONE_CONFIG_S_TYPE=crypt RCLONE_CONFIG_S_PASSWORD={secret}"
    return f"{own} RCLONE_CONFIG_S_REMOTE={place}"


def _code(office: Path) -> str:
    done = subprocess.run(
        [str(Path(AIGAQ).with_name("python")), "-c", CODE],
        env={**os.environ, "AIGAQ_DATA": str(office), "DJANGO_SETTINGS_MODULE": "aigaq.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@contextmanager
def _rclone_serves(protocol: str, bench: Bench, target: Path) -> Iterator[tuple[str, Daemon]]:
    """Over HTTPS, into a folder of `target`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (target / "served").mkdir()
    tls = ["--cert", str(bench.tls.cert), "--key", str(bench.tls.key)]
    command = ["rclone", "serve", protocol, str(target / "served"), "--addr", f"localhost:{port}", *tls]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, text=True)
    try:
        while True:
            with socket.socket() as knocking:
                if knocking.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"https://localhost:{port}", Daemon(process)
    finally:
        process.terminate()
        process.wait()


def measure(rounds: int) -> dict[str, object]:
    table = []
    for count in CARDS:
        with scratch() as folder:
            bench = Bench(folder, count)
            octets = count * FILES * FILE
            for way, contestants in (("local", local(bench)), ("over HTTPS", remote(bench))):
                costs = in_turn(rounds, contestants)
                ours = costs["ours"]
                table += [
                    {
                        "cards": count,
                        "way": way,
                        "tool": tool,
                        "seconds": cost.seconds,
                        "wall_ratio": cost.seconds / ours.seconds,
                        "cpu_seconds_per_gb": cost.cpu_seconds / octets * 1e9,
                    }
                    for tool, cost in costs.items()
                ]
    return {"octets_per_card": FILES * FILE, "files_per_card": FILES, "rounds": rounds, "table": table}
