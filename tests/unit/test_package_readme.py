"""The README of a package, its steps typed one by one as they stand there, against a package of a small office."""

import re
import shutil
import subprocess
import sys
from itertools import groupby
from pathlib import Path

import pytest

from aigaq.package import writer
from aigaq.package.archive import Archive, SealedArchive, members_of
from aigaq.package.readme import LANGUAGES, readme
from tests.support import packages
from tests.support.age_files import IDENTITY

NAME = "aigaq-1a2b3c4d"
BAGIT = Path(sys.executable).with_name("bagit.py")
TOOLS = ("jq", "openssl", "sha256sum", "base64", "awk")
needs_tools = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in TOOLS), reason=f"needs {', '.join(TOOLS)}"
)


def blocks(text: str) -> list[str]:
    """What is to be typed: lines that are indented, as they stand together."""
    found = groupby(text.splitlines(), key=lambda line: line.startswith("    "))
    return ["\n".join(line[4:] for line in lines) for is_typed, lines in found if is_typed]


def part(text: str, language: str) -> str:
    return text.split("=" * 78)[LANGUAGES.index(language)]


def typed(text: str, language: str = "en") -> list[str]:
    """The steps for Linux."""
    found = blocks(part(text, language))
    return found[next(at for at, block in enumerate(found) if block.startswith("T=")) :]


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """In a folder, with its README."""
    into = tmp_path_factory.mktemp("carrier")
    writer.write(
        packages.contents(), into, tools=lambda _: {"README.txt": readme(NAME), "index.html": b"<p>"}
    )
    (folder,) = into.iterdir()
    assert folder.name == NAME
    return folder


def run(folder, steps: list[str]) -> dict[str, tuple[list[str], int]]:
    """Typed into one shell in `folder`: of each step what it printed, and its status; by its first line."""
    script = "\n".join(f"echo '@@@'\n{step}\necho \"@@ $?\"" for step in steps)
    done = subprocess.run(
        ["bash"],
        input=script,
        capture_output=True,
        text=True,
        cwd=folder,
        check=True,
        timeout=60,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "LC_ALL": "C.UTF-8", "TMPDIR": "/tmp"},
    )
    answers = done.stdout.split("@@@\n")[1:]
    assert len(answers) == len(steps), done.stderr
    found = {}
    for step, answer in zip(steps, answers, strict=True):
        said, status = answer.rsplit("@@ ", 1)
        found[step.splitlines()[0]] = (said.splitlines(), int(status))
    return found


def answered(package, language="en") -> dict[str, tuple[list[str], int]]:
    steps = [
        each for each in typed((package / "README.txt").read_text(), language) if not each.startswith("bagit")
    ]
    found = run(package, steps)
    return {name: next(each for begin, each in found.items() if begin.startswith(name)) for name in _STEPS}


_STEPS = ("T=", "sha256sum data", "python3 verify", "cut -d", "sed '/^$/", "N=", "node()", "S=", "b64()")


@needs_tools
def test_every_step_on_linux_comes_to_what_the_text_says(package):
    said = answered(package)
    assert said["T="] == (["GOOD", "GOOD"], 0)
    assert said["python3 verify"][1] == 0, said["python3 verify"]
    of_text, of_pem, key = said["cut -d"][0]
    assert of_text == of_pem
    assert key == packages.contents().ledger_key
    assert said["sed '/^$/"][0] == ["Signature Verified Successfully"]
    checked, digest = said["N="][0]
    assert checked.endswith(": OK")
    assert re.fullmatch("[0-9a-f]{64}", digest)
    computed, stated = said["node()"][0]
    assert computed == stated
    computed, *signed = said["S="][0]
    assert f"sha256:{computed.split()[0]}" in signed
    facts, challenge, verified = said["b64()"][0]
    assert facts == challenge
    assert "Verified" in verified


@needs_tools
def test_the_steps_find_what_was_changed(package, tmp_path):
    copy = shutil.copytree(package, tmp_path / NAME)
    film = next((copy / "data/recordings/001").iterdir())
    film.write_bytes(film.read_bytes()[:-1] + b"!")
    entries = copy / "data/ledger/entries"
    for entry in entries.glob("*.json"):
        entry.write_bytes(entry.read_bytes().replace("Өтегенов".encode(), "Өтебаев".encode()))
    checkpoint = copy / "data/ledger/checkpoint.txt"
    checkpoint.write_text(checkpoint.read_text().replace("\n30\n", "\n31\n", 1))

    said = answered(copy)

    assert "GOOD" not in said["T="][0][:1]
    assert said["python3 verify"][1] != 0
    assert said["sed '/^$/"][1] != 0
    assert said["N="][0][0].endswith(": FAILED")
    computed, *signed = said["S="][0]
    assert f"sha256:{computed.split()[0]}" not in signed
    assert said["b64()"][0][0] != said["b64()"][0][1]


@needs_tools
def test_every_entry_is_proven_by_the_steps_whatever_its_place(package):
    found = sorted(int(path.stem) for path in (package / "data/ledger/entries").glob("*.json"))
    entries = [*found[:-1:5], found[-1]]
    steps = typed((package / "README.txt").read_text())
    (note,) = [each for each in steps if each.startswith("sed '/^$/")]
    (proof,) = [each for each in steps if each.startswith("node()")]
    said = run(package, ["T=$(mktemp -d)", note, *(f"N={entry}\n{proof}" for entry in entries)])
    proven = [said[f"N={entry}"][0] for entry in entries]
    assert len(proven) > 5
    assert all(computed == stated for computed, stated in proven)


@needs_tools
@pytest.mark.skipif(not BAGIT.is_file(), reason="bagit is not installed")
def test_the_library_of_congress_agrees(package):
    subprocess.run([sys.executable, BAGIT, "--validate", "."], cwd=package, check=True, capture_output=True)


@pytest.mark.skipif(shutil.which("age") is None, reason="the Debian package age is not installed")
def test_what_is_encrypted_is_opened_and_unpacked_as_it_says(package, tmp_path):
    sealed = SealedArchive(Archive(members_of(package), packages.contents().made_at), IDENTITY.recipient)
    (tmp_path / f"{NAME}.tar.age").write_bytes(b"".join(sealed.pieces()))
    (tmp_path / "my-key.txt").write_text(str(IDENTITY))
    found = blocks(part(readme(NAME).decode(), "en"))
    (opening,) = [each for each in found if "-i my-key.txt" in each]
    (unpacking,) = [each for each in found if each.startswith("tar ")]
    said = run(tmp_path, [opening, unpacking, "sha256sum -c --quiet manifest-sha256.txt && echo GOOD"])
    assert said["sha256sum -c --quiet manifest-sha256.txt && echo GOOD"] == (["GOOD"], 0)


def test_the_three_languages_have_the_same_steps_and_lines_that_fit():
    text = readme(NAME).decode()
    steps = [blocks(part(text, language)) for language in LANGUAGES]
    assert steps[0] == steps[1] == steps[2]
    assert len(steps[0]) > 12
    assert "@" not in text.replace("proof@v1", "")
    assert max(len(line) for line in text.splitlines() if not line.startswith("    ")) <= 126
    counts = [len(re.findall(r"^\d\. ", part(text, language), re.MULTILINE)) for language in LANGUAGES]
    assert counts == [10, 10, 10]


def test_a_volume_says_how_it_is_checked_beside_the_others():
    text = readme(f"{NAME}-1-of-3", (f"{NAME}-2-of-3", f"{NAME}-3-of-3")).decode()
    assert text.count(f"python3 verify.py . ../{NAME}-2-of-3 ../{NAME}-3-of-3") == 3
    assert "volumes" not in readme(NAME).decode()


def test_the_powershell_line_reads_what_the_manifest_has(package):
    """Its split is at the first two blanks, as a name may have them too."""
    (line,) = [each for each in blocks(part(readme(NAME).decode(), "en")) if each.startswith("Get-Content")]
    assert "-split '  ', 2" in line
    for each in (package / "manifest-sha256.txt").read_text().splitlines():
        digest, path = each.split("  ", 1)
        assert (package / path).is_file()
        assert len(digest) == 64
