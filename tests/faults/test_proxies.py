"""The examples of proxies in the guide, word for word but for addresses: real ones before real web processes."""

import os
import re
import shutil
import socket
import ssl
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

from aigaq.vault.age import Recipient
from tests.support import databases
from tests.support.docks import PART, sealed
from tests.support.hosts import REPOSITORY, Browser, office_of_many, wait_for
from tests.support.postbox import certificate
from tests.support.serving import CODE, Line
from tests.support.vaults import blobs

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(databases.ENGINE != "postgresql", reason="several processes need PostgreSQL"),
]
GUIDE = REPOSITORY / "docs" / "operations" / "many-hosts.md"
HOST_A = re.compile(r"10\.20\.0\.11:800([12])")
HOST_B = re.compile(r" *(server )?10\.20\.0\.12:800[12];?")
MIB = 1 << 20


def example(language: str) -> str:
    (found,) = re.findall(
        rf"^```{language}\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return found


def here(text: str, webs: list[int], tls: Path) -> str:
    """On this computer; of the two hosts only the first is there."""
    text = HOST_B.sub("", HOST_A.sub(lambda found: f"127.0.0.1:{webs[int(found[1]) - 1]}", text))
    for kept in ("/etc/nginx/aigaq", "/etc/caddy/aigaq"):
        text = text.replace(f"{kept}.pem", str(tls)).replace(f"{kept}.key", str(tls))
    return text


def nginx(folder: Path, webs: list[int], port: int, tls: Path) -> list[str]:
    site = here(example("nginx"), webs, tls).replace("listen 443", f"listen 127.0.0.1:{port}")
    paths = " ".join(
        f"{kind}_temp_path {folder};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # With what Debian's own file says besides.
    whole = (
        f"daemon off; pid {folder}/pid; error_log {folder}/log; worker_processes 2;\n"
        f"events {{}}\nhttp {{ access_log off; gzip on; {paths}\n{site.replace('aigaq.example.kz', 'localhost')} }}\n"
    )
    (folder / "nginx.conf").write_text(whole)
    command = ["nginx", "-e", f"{folder}/log", "-p", str(folder), "-c", f"{folder}/nginx.conf"]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr, checked.stderr
    return command


def caddy(folder: Path, webs: list[int], port: int, tls: Path) -> list[str]:
    site = here(example("caddy"), webs, tls).replace("\naigaq.example.kz {", f"\nhttps://localhost:{port} {{")
    site = site.replace("aigaq.example.kz", "localhost")
    file = folder / "Caddyfile"
    file.write_text("{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + site)
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(file)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(file)]


PROXIES = {"nginx": nginx, "caddy": caddy}


@contextmanager
def running(command: list[str], port: int, folder: Path):
    with (folder / "said").open("wb") as said:
        child = subprocess.Popen(
            command, stdout=said, stderr=said, env=os.environ | {"HOME": str(folder)}, start_new_session=True
        )
        try:
            wait_for(lambda: _listens(port) or child.poll() is not None, "the proxy listens")
            assert child.poll() is None, (folder / "said").read_text()
            yield
        finally:
            child.terminate()
            child.wait(30)


def _listens(port: int) -> bool:
    with socket.socket() as found:
        return found.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class _Office:
    """What a docking PC needs to know of it."""

    def __init__(self, hosts, port: int) -> None:
        self.hosts, self.port = hosts, port

    def python(self, code: str) -> str:
        assert code == CODE
        return self.hosts.python(code)


@pytest.mark.parametrize("name", PROXIES)
def test_the_example_of_the_guide_carries_cards_and_films_and_passes_over_who_is_gone(
    name, tmp_path, database_url
):
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed here")
    port, shown = _free_port(), certificate(tmp_path / "certificate", names="localhost")
    folder = tmp_path / name
    folder.mkdir()
    settings = {"AIGAQ_PUBLIC_URL": f"https://localhost:{port}"}
    with office_of_many(tmp_path, database_url, **settings) as (hosts, told):
        webs = [hosts.begin("web", "--bind", "127.0.0.1:0") for _ in range(2)]
        command = PROXIES[name](folder, [web.port for web in webs], port, shown.chain)
        with running(command, port, folder):
            tls = ssl.create_default_context(cafile=str(shown.ca))
            desk = Browser(port, tls=tls)
            _reads_stretches(desk, told, shown)
            _unloads_through(Line(_Office(hosts, port), tls=tls))
            webs[0].kill()
            assert [desk.get("/recordings/").status for _ in range(8)] == [200] * 8
            _unloads_through(Line(_Office(hosts, port), tls=tls))


def _reads_stretches(desk: Browser, told: dict, shown) -> None:
    """Some octets of a film as they are, kept by nobody, over HTTP/2 as well."""
    password, vault_password, _id = told["people"]["bekzat"]
    page = desk.get("/sign-in/", Accept_Encoding="gzip")
    assert page.headers["Content-Encoding"] is None
    desk.sign_in("bekzat", password)
    assert desk.submit("/vault/", {"vault_password": vault_password}).status == 302
    played = next(id_ for name, id_ in told["files"].items() if name.endswith(".MP4"))
    media = f"/recordings/{played}/media/"
    part = desk.get(media, Range="bytes=4-7", Accept_Encoding="gzip")
    assert (part.status, part.octets, part.headers["Cache-Control"]) == (206, b"ftyp", "no-store")
    whole = desk.get(media)
    total = int(part.headers["Content-Range"].rpartition("/")[2])
    assert (whole.status, len(whole.octets)) == (200, total)
    cookies = "; ".join(f"{name}={value}" for name, value in desk.cookies.items())
    address = f"https://localhost:{desk.port}{media}"
    told_by_curl = subprocess.run(
        ["curl", "-sS", "--http2", "--cacert", str(shown.ca), "-H", f"Cookie: {cookies}", "-r", "4-7",
         "-w", " %{http_version} %{http_code}", address],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told_by_curl.stdout == "ftyp 2 206", told_by_curl


def _unloads_through(line: Line) -> None:
    """Whole parts of the greatest size; one that breaks off in the middle, and goes on where it stands."""
    line.enrol()
    line.open_session()
    blob = sealed(os.urandom(40 * MIB), Recipient.parse(line.recipient))
    place = line.begin(blob)
    line.part(place, blob.octets[: 16 * MIB], 0)
    stands = 16 * MIB
    _breaks_off(line, place, blob.octets[stands : stands + 4 * MIB], stands, of=16 * MIB)
    # What came before the line broke was passed on as it came, and not kept by the proxy until all was there.
    wait_for(lambda: line.offset(place) > stands, "a part of it is there")
    stands = line.offset(place)
    while stands < len(blob.octets):
        octets = blob.octets[stands : stands + 16 * MIB]
        line.part(place, octets, stands)
        stands += len(octets)
    assert line.offset(place) == len(blob.octets)
    kept = [
        path
        for path in blobs(line.office.hosts.shell.data / "vault")
        if path.stat().st_size == len(blob.octets)
    ]
    assert blob.octets in [path.read_bytes() for path in kept]


def _breaks_off(line: Line, place: str, octets: bytes, offset: int, *, of: int) -> None:
    plain = socket.create_connection(("127.0.0.1", line.office.port), timeout=60)
    with line.tls.wrap_socket(plain, server_hostname="localhost") as sock:
        head = (
            f"PATCH {place} HTTP/1.1\r\nHost: localhost:{line.office.port}\r\nTus-Resumable: 1.0.0\r\n"
            f"Authorization: Bearer {line.token}\r\nContent-Type: {PART}\r\n"
            f"Upload-Offset: {offset}\r\nContent-Length: {of}\r\n\r\n"
        )
        sock.sendall(head.encode() + octets)
