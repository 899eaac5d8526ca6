"""From the click on “Play” to the first picture, in headless Chromium; and the same film as a plain file.

Ours is the duty's page of `aigaq serve`: the session is looked up, the look is entered in the ledger and on
the disk, and the film comes decrypted out of the vault, piece by piece. The peer is the same HTTP server
giving away a file (Cheroot, with WhiteNoise). Before each look the page is loaded afresh, into a browser that
has kept nothing.
"""

import json
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from bench.journal import _inside
from bench.measure import scratch
from bench.offices import Installation, daemon
from bench.proxy import PICTURE, RATE, SOURCES, film

SECONDS = 20
FILMS = {
    "H.264 in MP4, played as it is": ["-c:v", "libx264", "-preset", "ultrafast"],
    "H.265 in MP4, by its playable copy": SOURCES["transcode"][1],
}
LOOKS = 9

_OFFICE = """
import json, sys
from pathlib import Path
import django
django.setup()
from django.conf import settings
from aigaq import wiring
from aigaq.access import services as access
from aigaq.cli.demo.office import PURPOSE, all_checks_passed, found
from aigaq.core.clock import KAZAKHSTAN
from aigaq.core.digests import ContentDigest
from aigaq.ingest.services import unload
from aigaq.journal.models import SealFound
from aigaq.journal.services.issue import IssueRequest, issue
from aigaq.journal.services.return_ import ReturnRequest, return_
from aigaq.journal.services.sign import OwnPassword
from aigaq.recordings.derivatives import choice_of
at = "127.0.0.1"
office = found(settings.DATA)
keeper, ledger = office.custodian, office.ledger
by = office.by(keeper)
identity = access.identify(ledger, by, keeper.person.user, keeper.vault_password, address=at)
rows = []
for number, (film, shown) in enumerate(json.loads(sys.argv[1])):
    inspector, recorder = office.inspectors[number], office.recorders[number]
    means = OwnPassword(inspector.password, at)
    row = issue(ledger, by, IssueRequest(
        custodian=keeper.person, division=office.division, recorder=recorder, card=office.cards[number],
        inspector=inspector.person, purpose=PURPOSE, checks=all_checks_passed(), seal_number="1"), means)
    folder = settings.DATA.parent / f"card-{number}" / "DCIM" / "100AIGAQ"
    folder.mkdir(parents=True)
    began = ledger.clock.now().astimezone(KAZAKHSTAN)
    Path(film).rename(folder / f"{recorder}_{began:%Y%m%d_%H%M%S}_0001.MP4")
    (file,) = unload(wiring.pipeline(), folder.parent.parent, port=str(number)).files
    return_(ledger, by, ReturnRequest(
        custodian=keeper.person, row=row, handed_back_by=inspector.person, seal_found=SealFound.INTACT,
        seal_number_found="1", condition=""), means)
    choice = choice_of(file)
    if choice.must_be_made:
        assert wiring.workshop().ask(by, file, choice.plan, identity)
        wiring.workshop().run_waiting()
        choice = choice_of(file)
    with wiring.vault().open(ContentDigest.parse(choice.blob.content_digest), identity) as reader:
        Path(shown).write_bytes(reader.read())
    rows.append({"row": str(row.pk), "is_original": choice.is_original})
print(json.dumps({"username": keeper.username, "password": keeper.password, "vault": keeper.vault_password,
                  "rows": rows}))
"""

_PLAIN = """<!doctype html><meta charset="utf-8"><title>Plain</title>
<video src="{name}" preload="none" playsinline></video><button data-do="toggle">Play</button>
<script>
document.querySelector("button").addEventListener("click", () => document.querySelector("video").play());
</script>
"""

_WATCH = """() => {
    const films = [...document.querySelectorAll("video")];
    window.seen = new Promise((resolve) => document.addEventListener("click", (event) => {
        const since = () => performance.now() - event.timeStamp;
        let shown = null, moving = null;
        const tell = () => { if (shown !== null && moving !== null) resolve([shown, moving]); };
        for (const film of films) film.requestVideoFrameCallback(() => { shown ??= since(); tell(); });
        const look = () => {
            if (!films.some((film) => film.currentTime > 0)) { requestAnimationFrame(look); return; }
            moving = since();
            tell();
        };
        look();
    }, {capture: true, once: true}));
}"""


@dataclass(frozen=True)
class Seen:
    """Milliseconds since the click."""

    shown: float
    """A picture was given to the screen."""
    moving: float
    """`currentTime` went on."""


def measure(rounds: int) -> dict[str, object]:
    from playwright.sync_api import sync_playwright

    with scratch() as folder:
        plain = folder / "plain"
        plain.mkdir()
        films = []
        for number, encoder in enumerate(FILMS.values()):
            film(folder / f"{number}.mp4", SECONDS, encoder)
            films.append((str(folder / f"{number}.mp4"), str(plain / f"{number}.mp4")))
            (plain / f"{number}.html").write_text(_PLAIN.format(name=f"{number}.mp4"), encoding="utf-8")
        installation = Installation(folder / "data")
        office = json.loads(_inside(_OFFICE, installation, "", json.dumps(films)))
        assert [each["is_original"] for each in office["rows"]] == [True, False]
        with (
            daemon(installation.data, "serve", "--bind", "127.0.0.1:0") as serving,
            _given_away(plain) as peer,
            sync_playwright() as playwright,
        ):
            ours = f"http://127.0.0.1:{serving.port()}"
            arguments = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}
            browser = playwright.chromium.launch(**arguments)
            state = _signed_in(browser, ours, office)
            table = []
            for number, (name, row) in enumerate(zip(FILMS, office["rows"], strict=True)):
                pages = {"ours": f"{ours}/duties/{row['row']}/", "plain": f"{peer}/{number}.html"}
                seen: dict[str, list[Seen]] = {who: [] for who in pages}
                for look in range(1 + LOOKS * rounds):
                    for who, page in pages.items():
                        found = _look(browser, state, page)
                        # The first of each reads programs and files from the disk.
                        seen[who] += [found] if look else []
                table.append(
                    {"film": name, "octets": Path(films[number][1]).stat().st_size, **_figures(seen)}
                )
            browser.close()
    return {"rounds": rounds, "table": table, "seconds": SECONDS, "picture": PICTURE, "rate": RATE}


def _figures(seen: dict[str, list[Seen]]) -> dict[str, float]:
    found = {}
    for what in ("shown", "moving"):
        ours, plain = (
            statistics.median(getattr(each, what) for each in seen[who]) for who in ("ours", "plain")
        )
        found |= {f"{what}_ms": ours, f"{what}_plain_ms": plain, f"{what}_ratio": ours / plain}
    return found


def _signed_in(browser, address: str, office: dict):
    """What a browser keeps of being signed in with the vault open, which is for a quarter of an hour."""
    context = browser.new_context(locale="en")
    page = context.new_page()
    page.goto(address + "/")
    page.fill("#id_username", office["username"])
    page.fill("#id_password", office["password"])
    page.click("main button.primary")
    page.wait_for_selector(".whoami")
    page.goto(f"{address}/duties/{office['rows'][0]['row']}/")
    page.fill("#id_vault_password", office["vault"])
    page.press("#id_vault_password", "Enter")
    page.wait_for_selector(".vault.open")
    state = context.storage_state()
    context.close()
    return state


def _look(browser, state, address: str) -> Seen:
    context = browser.new_context(storage_state=state)
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    page.evaluate(_WATCH)
    page.click("[data-do=toggle]")
    seen = Seen(*page.evaluate("() => window.seen"))
    context.close()
    return seen


@contextmanager
def _given_away(folder: Path) -> Iterator[str]:
    """The files of a folder over HTTP."""
    from cheroot import wsgi  # noqa: TID251 - the peer is no part of the program
    from whitenoise import WhiteNoise

    def nothing(_environ, start_response):
        start_response("404 Not Found", [])
        return [b""]

    server = wsgi.Server(("127.0.0.1", 0), WhiteNoise(nothing, root=str(folder), max_age=0))
    server.prepare()
    serving = Thread(target=server.serve)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.bind_addr[1]}"
    finally:
        server.stop()
        serving.join()
