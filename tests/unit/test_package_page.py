"""The page of a package is one file that needs nothing, says everything in three languages, and can't be broken out of."""

import base64
import hashlib
import json
import re
from importlib.resources import files

import pytest

from aigaq.core import canonical
from aigaq.package import page as page_of
from aigaq.package import verify
from aigaq.package.page.errors import UnusablePapersError
from aigaq.package.page.page import LANGUAGES, PACKAGE, page, words
from aigaq.package.writer import write
from tests.support.packages import contents

SOURCES = files(page_of)
WORDS = {language: words(language) for language in LANGUAGES}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The small files of a package, as the writer gives them."""
    given = {}

    def tools(small):
        given.update(small)
        return {}

    write(contents(), tmp_path_factory.mktemp("package"), tools=tools)
    return given


def embedded(html: bytes, name: str):
    found = re.search(
        rf'<script type="application/json" id="{name}">(.*?)</script>', html.decode(), re.DOTALL
    )
    return json.loads(found[1])


def test_the_same_papers_give_the_same_page(small):
    assert page(small) == page(dict(reversed(small.items())))


def test_every_sentence_is_said_in_all_languages():
    names = WORDS["kk"].keys()
    for language in LANGUAGES:
        told = WORDS[language]
        assert told.keys() == names
        assert all(sentence.strip() for sentence in told.values())
        for name in names:
            assert _places(told[name]) == _places(WORDS["en"][name]), (language, name)
    same = {name for name in names if WORDS["kk"][name] == WORDS["ru"][name] == WORDS["en"][name]}
    assert same <= {"result.good"}, "left untranslated"


def test_every_sentence_that_is_asked_for_is_there_and_every_one_is_asked_for():
    sources = SOURCES.joinpath("index.html").read_text() + "".join(
        path.read_text() for path in SOURCES.joinpath("scripts").iterdir()
    )
    asked = set(re.findall(r'(?:word|sayLabel)\("([a-z0-9.-]+)"', sources))
    asked |= set(re.findall(r'data-w(?:-label)?(?:="|": ")([a-z0-9.-]+)"', sources))
    assert asked <= WORDS["en"].keys(), asked - WORDS["en"].keys()
    groups = set(re.findall(r"`([a-z]+)\.\$\{", sources)) | set(re.findall(r'called\("([a-z]+)"', sources))
    literal = set(re.findall(r'"([a-z]+(?:\.[a-z0-9-]+)?)"', sources))
    unused = {
        name for name in WORDS["en"] if name not in literal | asked and name.split(".")[0] not in groups
    }
    assert unused == set()


def test_every_fault_has_words():
    source = files("aigaq.package").joinpath("verify.py").read_text()
    kinds = set(re.findall(r'(?:add|read|fault)\(\s*"([a-z]+(?:-[a-z]+)+)"', source))
    kinds |= {f"signature-{kind}" for kind in re.findall(r'_fault\(\s*"([a-z-]+)"', source)}
    # These come of options of the command alone; the page answers them where it compares.
    kinds -= {"digest-mismatch", "checkpoint-mismatch"}
    kinds = {kind for kind in kinds if f"signature-{kind}" not in kinds}
    assert len(kinds) > 25
    assert {f"fault.{kind}" for kind in kinds} <= WORDS["kk"].keys(), kinds


def test_its_policy_names_its_scripts_and_style_and_no_network(small):
    html = page(small).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)[1]
    told = dict(each.strip().split(" ", 1) for each in policy.split(";"))
    assert told["default-src"] == "'none'"
    assert not re.search(r"https?:|unsafe|\*", policy)
    for directive, tag in (
        ("script-src", r"<script(?: id=\"hashing\")?>(.*?)</script>"),
        ("style-src", r"<style>(.*?)</style>"),
    ):
        found = re.findall(tag, html, re.DOTALL)
        digests = [base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in found]
        assert told[directive].split() == [f"'sha256-{each}'" for each in digests]
    assert not re.search(
        r"\son[a-z]+=|javascript:|innerHTML|insertAdjacentHTML|document\.write|\beval\(", html
    )
    addresses = set(re.findall(r"https?://[^\s\"'`)]+", html))
    assert addresses <= {"http://www.w3.org/2000/svg", "https://aigaq.example"}


def test_nothing_in_the_papers_ends_their_element(small):
    package = json.loads(small[PACKAGE])
    package["demand"]["authority"] = "</script><script>alert(1)</script><!-- @@SCRIPT@@"
    html = page({**small, PACKAGE: canonical.encode(package)})
    assert embedded(html, "shown")[PACKAGE] == package
    assert html.count(b"<script") == html.count(b"</script>") == page(small).count(b"<script")


def test_only_what_is_shown_is_put_in(small):
    shown = embedded(page(small), "shown")
    assert {
        "data/package.json",
        "data/journal/extract.json",
        "data/clocks.json",
        "data/custody/001.json",
    } <= shown.keys()
    kinds = {each["kind"] for path, each in shown.items() if path.startswith("data/ledger/entries/")}
    assert kinds <= {"coverage.judged", "journal.failure-reported"}
    assert shown["volume"] == 1


@pytest.mark.parametrize("path", [PACKAGE, "data/clocks.json", "data/journal/extract.json"])
def test_a_page_is_not_made_from_half_of_the_papers(small, path):
    with pytest.raises(UnusablePapersError, match=path):
        page({name: octets for name, octets in small.items() if name != path})
    with pytest.raises(UnusablePapersError, match=path):
        page({**small, path: b"{} "})


def test_its_names_of_originals_are_the_checkers():
    """The same characters are refused in both, so neither passes what the other calls unsafe."""
    source = SOURCES.joinpath("scripts/bag.js").read_text()
    unfit = re.search(r"const UNFIT = /\[(.*?)\]\|", source)[1]
    form = re.compile(f"[{unfit.replace(chr(92) * 2, chr(92) * 2)}]")
    for code in (*range(0x300), *range(0x600, 0x700), *range(0x2000, 0x2100), 0xFEFF):
        assert bool(form.search(chr(code))) == (not verify.is_safe(f"a{chr(code)}b")) or chr(code) == "/", (
            hex(code)
        )


def test_it_counts_volumes_as_the_checker_does():
    """A package that one of them takes is not refused by the other for its number of volumes."""
    pages = re.search(r"count = /\^(.*?)\$/", SOURCES.joinpath("scripts/bag.js").read_text())
    checkers = re.search(
        r'count = re.fullmatch\("(.*?)"', files(verify.__package__).joinpath("verify.py").read_text()
    )
    assert pages[1] == checkers[1]


def _places(sentence: str) -> set[str]:
    return set(re.findall(r"\{([a-z_]+)\}", sentence))
