"""The page of a package as a judge opens it: from a disc, in a browser without a network and without Aigaq."""

import base64
import hashlib
import json
import os
import secrets
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from aigaq.package import verify
from aigaq.package.page import page as built
from aigaq.package.page.page import LANGUAGES
from aigaq.package.writer import write as write_package
from tests.support import amount
from tests.support.browsing import picture, shown_at, until
from tests.support.films import film, photo
from tests.support.logs import signer
from tests.support.package_pages import faults, opened, verdict
from tests.support.packages import Recorded, contents
from tests.support.resealing import read, reseal, write
from tests.support.vaults import flip

pytestmark = pytest.mark.e2e

FILM = "data/recordings/001/ПБ-0007_20261120_200000.AVI"


def package(into: Path, **how) -> list[Path]:
    """The folders of its volumes; with films that play."""
    into.mkdir(exist_ok=True)
    short = film("mp4", seconds=2, movflags="faststart")
    recorded = how.pop("recorded", None) or Recorded(
        film=film(seconds=4), photo=photo(), cut=short, playable=short
    )
    made = contents(recorded, **how.pop("otherwise", {}))
    bags = write_package(
        made, into, tools=lambda small: {"index.html": built(small), "README.txt": b"-"}, **how
    )
    return [into / each.name for each in bags.bags]


@pytest.fixture(scope="session")
def sound(tmp_path_factory):
    return package(tmp_path_factory.mktemp("sound"))[0]


@pytest.fixture(scope="session")
def foreign(tmp_path_factory):
    """The same story, in the ledger of another key."""
    return package(tmp_path_factory.mktemp("foreign"), otherwise={"signing": signer(octet=7)})[0]


@pytest.fixture
def folder(sound, tmp_path):
    """A copy to spoil."""
    return shutil.copytree(sound, tmp_path / sound.name)


def test_a_sound_package_is_green_all_through_and_plays(browser, sound):
    with opened(browser, sound) as page:
        assert page.get_attribute("#verdict", "data-state") == "none", "nothing checked is not green"
        until(page, "m.videoWidth > 0")
        shown_at(page, "package-unchecked")
        assert verdict(page, sound) == "good"
        groups = {
            each.get_attribute("data-group"): each.get_attribute("data-state")
            for each in page.query_selector_all(".group")
        }
        assert set(groups.values()) == {"good"}
        assert groups.keys() >= {
            "bag",
            "files",
            "list",
            "key",
            "entries",
            "originals",
            "demand",
            "extract",
            "custody",
            "clocks",
            "signatures",
            "page",
        }
        for each in page.query_selector_all("details"):
            each.evaluate("box => { box.open = true; }")
        shown_at(page, "package-good")
        assert_labelled_with_both_digests(page, sound)
        for language in LANGUAGES:
            page.click(f"[data-language={language}]")
            assert page.evaluate("document.documentElement.lang") == language
            for name, width in (("desktop", 1920), ("phone", 360)):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (language, name)
                picture(page, f"package-{language}-{name}")
    assert verify.check([str(sound)]).is_sound


def assert_labelled_with_both_digests(page, folder):
    """What is made of an original says its own digest and that of the original."""
    listed = json.loads((folder / "data/package.json").read_text(encoding="utf-8"))["files"]
    digests = {each["number"]: each["sha256"] for each in listed}
    made = [each for each in listed if each["what"] != "original"]
    shown = page.locator(".made-of > li").all_inner_texts()
    assert {each["what"] for each in made} == {"cut", "playable"}
    for each, text in zip(made, shown, strict=True):
        assert digests[each["number"]] in text
        assert digests[each["of"]] in text


def test_a_click_on_the_time_line_plays_that_moment(browser, sound):
    with opened(browser, sound) as page:
        at = page.evaluate("CLIPS[0].begins + 1000")
        page.evaluate(f"VIEWS[0].seek({at})")
        until(page, "Math.abs(m.currentTime - 1) < 0.05")
        page.locator(".duty-picture").click(position={"x": 5, "y": 40})
        until(page, "document.querySelector('[data-camera]').textContent === '20.11.2026 11:20:00'")
        assert page.text_content("[data-true]") == "20.11.2026 11:20:03"
        page.focus(".player button.primary")
        page.keyboard.press("l")
        until(page, "m.currentTime > 1")
        page.select_option("[data-version]", index=1)
        assert page.is_hidden(".copy-told"), "the original is no copy"
        page.click(".clips li:nth-child(2) button")
        until(page, "document.querySelector('.screen img').naturalWidth > 0")


def _bit(folder, _foreign):
    flip(folder / FILM, 5_000)


def _missing(folder, _foreign):
    (folder / "data/cuts/001-1.mp4").unlink()


def _added(folder, _foreign):
    (folder / "data/recordings/003").mkdir()
    (folder / "data/recordings/003/late.mp4").write_bytes(b"late")


def _entry(folder, _foreign):
    path = next((folder / "data/ledger/entries").glob("14.json"))
    path.write_bytes(path.read_bytes().replace(b"2026-11-20T06:20", b"2026-11-20T07:20"))
    reseal(folder)


def _foreign_proof(folder, foreign):
    proof = "data/ledger/entries/9.tlog-proof"
    shutil.copy(foreign / proof, folder / proof)
    reseal(folder)


def _key(folder, foreign):
    for name in ("key.txt", "key.pem"):
        shutil.copy(foreign / "data/ledger" / name, folder / "data/ledger" / name)
    reseal(folder)


def _extract(folder, _foreign):
    extract = read(folder, "data/journal/extract.json")
    extract["rows"][0]["inspector"] = "Басқа Адам"
    write(folder, "data/journal/extract.json", extract)
    reseal(folder)


def _original(folder, _foreign):
    """With all lists made to fit: only the ledger knows better."""
    flip(folder / FILM, 5_000)
    custody = read(folder, "data/custody/001.json")
    custody["sha256"] = hashlib.sha256((folder / FILM).read_bytes()).hexdigest()
    write(folder, "data/custody/001.json", custody)
    reseal(folder)


def _demand(folder, _foreign):
    told = read(folder, "data/package.json")
    told["demand"]["authority"] = "Басқа сот"
    write(folder, "data/package.json", told)
    reseal(folder)


def _custody(folder, _foreign):
    custody = read(folder, "data/custody/001.json")
    del custody["steps"][-2]
    write(folder, "data/custody/001.json", custody)
    reseal(folder)


def _clock(folder, _foreign):
    clocks = read(folder, "data/clocks.json")
    clocks["time_codes"][0]["place_ms"] += 1
    write(folder, "data/clocks.json", clocks)
    reseal(folder)


def _outside(folder, _foreign):
    path = folder / "manifest-sha256.txt"
    path.write_text(f"{'0' * 64}  data/../../outside\n{path.read_text()}")


SPOILT = {
    "one bit of an original": (_bit, {("file-changed", f"path:{FILM}")}),
    "a file removed": (_missing, {("file-missing", "path:data/cuts/001-1.mp4")}),
    "a file added": (_added, {("file-added", "path:data/recordings/003/late.mp4")}),
    "an entry altered": (_entry, {("entry-not-proven", "entry:14")}),
    "a proof from another ledger": (_foreign_proof, {("entry-not-proven", "entry:9")}),
    "the key exchanged": (
        _key,
        {("key-mismatch", "path:data/ledger/key.txt"), ("key-mismatch", "path:data/ledger/key.pem")},
    ),
    "the extract edited": (_extract, {("extract-mismatch", "row:Ж-12 · 41")}),
    "an original exchanged and all lists": (_original, {("not-in-ledger", "file:1")}),
    "the demand edited": (_demand, {("demand-mismatch", "entry:26")}),
    "a step of the history left out": (_custody, {("custody-mismatch", "file:1")}),
    "a time code moved": (_clock, {("clocks-mismatch", "entry:19")}),
    "a path outside": (_outside, {("unsafe-path", "path:manifest-sha256.txt")}),
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_what_was_done_to_it_is_red_and_named(browser, folder, foreign, spoilt):
    spoil, expected = SPOILT[spoilt]
    spoil(folder, foreign)
    with opened(browser, folder) as page:
        assert verdict(page, folder) == "bad"
        told = faults(page)
        assert told >= expected, told
        # Only what this page shows from itself, and the checker can't know, comes beside what verify.py says.
        kinds = {each.kind for each in verify.check([str(folder)]).faults}
        assert {kind for kind, _ in told} - {"page-mismatch"} == kinds
        picture(page, f"package-spoilt-{spoil.__name__}")


def test_volumes_check_alone_and_together(browser, tmp_path, folder):
    noise = Recorded(film=secrets.token_bytes(1_500_000), photo=secrets.token_bytes(1_500_000))
    first, second = package(tmp_path / "volumes", recorded=noise, capacity=4_000_000)
    with opened(browser, first) as page:
        assert verdict(page, first) == "part"
        assert "volumes 2" in page.text_content("#verdict-why")
        assert verdict(page, second) == "good"
        assert verdict(page, folder) == "bad"
        assert "volume-mismatch" in {kind for kind, _ in faults(page)}


def test_the_frozen_package_is_still_green(browser, tmp_path):
    frozen = next((Path(__file__).parents[1] / "vectors/package").glob("aigaq-*"))
    small = {
        f.relative_to(frozen).as_posix(): f.read_bytes()
        for f in frozen.rglob("*")
        if f.suffix in (".json", ".txt")
    }
    (tmp_path / "index.html").write_bytes(built(small))
    with opened(browser, tmp_path) as page:
        assert verdict(page, frozen) == "good", faults(page)


def test_an_empty_folder_is_not_green(browser, sound, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/letter.txt").write_text("-")
    with opened(browser, sound) as page:
        assert verdict(page, tmp_path / "empty") == "bad"
        assert "nothing-to-check" in {kind for kind, _ in faults(page)}


def test_a_key_or_checkpoint_from_elsewhere_is_compared(browser, sound, foreign):
    with opened(browser, sound) as page:
        page.click("#compare summary")
        for given, answer in (
            ((sound / "data/ledger/key.txt").read_text(), "key-same"),
            ((foreign / "data/ledger/key.txt").read_text(), "key-other"),
            ((sound / "data/ledger/checkpoint.txt").read_text(), "note-same"),
            ((foreign / "data/ledger/checkpoint.txt").read_text(), "note-other"),
            (hashlib.sha256((sound / "data/package.json").read_bytes()).hexdigest(), "digest-same"),
            ("sha256:" + "0" * 64, "digest-other"),
            ("not a key", "unreadable"),
        ):
            page.fill("#other", given)
            page.click("#compare-now")
            assert page.get_attribute("#compared", "data-answer") == answer, given


def test_its_digests_and_signatures_are_those_of_the_standards(browser, sound):
    """Against `hashlib` and `cryptography`: of every length around a block, in pieces, and with one bit wrong."""
    octets = secrets.token_bytes(1_000)
    expected = [
        [hashlib.new(name, octets[:size]).hexdigest() for name in ("sha256", "sha512")] for size in range(300)
    ]
    cases = [*_ed25519(), *_p256(), *_rsa()]
    with opened(browser, sound) as page:
        got = page.evaluate(
            """([given]) => { const octets = unbase64(given); return [...Array(300).keys()].map(size => [Sha256, Sha512].map(kind => {
                const hash = new kind(), cut = (size * 7) % (size + 1);
                return hexOf(hash.update(octets.subarray(0, cut)).update(octets.subarray(cut, size)).digest()); })); }""",
            [base64.b64encode(octets).decode()],
        )
        assert got == expected
        answers = page.evaluate(
            """(cases) => cases.map(([kind, ...parts]) => { const o = parts.map(unbase64);
                return kind === "ed25519" ? ed25519Holds(o[0], o[1], o[2])
                    : kind === "p256" ? p256Holds(numberOf(o[0].slice(0, 32)), numberOf(o[0].slice(32)), o[1], o[2])
                    : rsaHolds(o[0], 65537n, o[1], o[2]); })""",
            [[kind, *(base64.b64encode(part).decode() for part in parts)] for kind, parts, _ in cases],
        )
        assert answers == [holds for _, _, holds in cases]


def _wrong(octets: bytes) -> bytes:
    return octets[:-1] + bytes([octets[-1] ^ 1])


def _cases(kind: str, key: bytes, sign):
    for _ in range(4):
        message = secrets.token_bytes(90)
        signature = sign(message)
        yield kind, (key, signature, message), True
        yield kind, (key, signature, _wrong(message)), False
        yield kind, (key, _wrong(signature), message), False
        yield kind, (key, signature + b"\0", message), False


def _ed25519():
    key = ed25519.Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    yield from _cases("ed25519", public, key.sign)
    # The same signature with another s: s + L (RFC 8032, 5.1.7).
    signature, order = key.sign(b"-"), 2**252 + 27742317777372353535851937790883648493
    above = int.from_bytes(signature[32:], "little") + order
    yield "ed25519", (public, signature[:32] + above.to_bytes(32, "little"), b"-"), False


def _p256():
    key = ec.generate_private_key(ec.SECP256R1())
    numbers = key.public_key().public_numbers()
    public = numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    yield from _cases("p256", public, lambda message: key.sign(message, ec.ECDSA(SHA256())))
    yield "p256", (_wrong(public), key.sign(b"-", ec.ECDSA(SHA256())), b"-"), False


def _rsa():
    key = rsa.generate_private_key(65537, 2048)
    n = key.public_key().public_numbers().n
    yield from _cases(
        "rsa", n.to_bytes(256, "big"), lambda message: key.sign(message, padding.PKCS1v15(), SHA256())
    )


@pytest.mark.faults
@pytest.mark.skipif(not amount.FULL, reason="reads five gigabytes")
def test_a_file_of_five_gigabytes_is_never_held_whole(browser, folder):
    """A hole at the end of the film: it takes no room on the disc, and every octet of it is read."""
    size = 5 << 30
    os.truncate(folder / FILM, size)
    with opened(browser, folder) as page:
        before = page.evaluate("performance.memory.usedJSHeapSize")
        page.set_input_files("#folder", str(folder))
        most = 0
        while page.get_attribute("#verdict", "data-state") in ("none", "running"):
            most = max(most, _resident())
            page.wait_for_timeout(200)
        assert ("file-changed", f"path:{FILM}") in faults(page)
        assert page.evaluate("performance.memory.usedJSHeapSize") - before < 100 << 20
        print(f"{most >> 20} MB of all the browser's processes")
        assert 50 << 20 < most < 1 << 30


def _resident() -> int:
    """Octets of memory that the processes begun by this one have for themselves: the browser's."""
    found: dict[int, tuple[int, int]] = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
        except OSError:
            continue
        kilobytes = int(lines.get("RssAnon", "0 kB").split()[0])
        found[int(lines["Pid"])] = int(lines["PPid"]), kilobytes * 1024

    def is_ours(pid: int) -> bool:
        parent = found.get(pid, (0, 0))[0]
        return parent == os.getpid() or (parent > 1 and is_ours(parent))

    return sum(octets for pid, (_, octets) in found.items() if is_ours(pid))
