"""A package stands whole under its name or is not there; it is the same everywhere; stock tools agree with it."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aigaq.core import canonical, files
from aigaq.package import layout, papers, verify, writer
from aigaq.package.disc import Disc
from aigaq.package.errors import (
    ContentMismatchError,
    LimitError,
    NoOriginalsError,
    NotWrittenError,
    PackageExistsError,
    TooLargeError,
    UnusableContentsError,
)
from aigaq.package.members import MemberChangedError
from aigaq.package.volumes import BLOCK, RESERVED, Group, MisfitError, needed, split
from tests.support import package_mutants, packages

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    into = tmp_path_factory.mktemp("written")
    told = []
    done = writer.write(packages.contents(), into, on_progress=lambda *progress: told.append(progress))
    (bag,) = done.bags
    return into / bag.name, done, told


def run(*command, cwd=None):
    return subprocess.run(command, cwd=cwd, capture_output=True, check=False)


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_the_manifests_are_what_coreutils_check(written, algorithm):
    folder, _done, _told = written
    for name in ("manifest", "tagmanifest"):
        done = run(f"{algorithm}sum", "--check", "--strict", f"{name}-{algorithm}.txt", cwd=folder)
        assert done.returncode == 0, done.stderr


def test_bagit_finds_it_valid_until_it_is_not(written, tmp_path):
    bagit = Path(sys.executable).with_name("bagit.py")
    folder = tmp_path / "bag"
    shutil.copytree(written[0], folder)
    assert run(bagit, "--validate", folder).returncode == 0
    (folder / "data/letter.pdf").write_bytes(b"another letter")
    assert run(bagit, "--validate", folder).returncode == 1


def test_openssl_checks_the_checkpoint_with_the_key_that_is_in_it(written, tmp_path):
    ledger = written[0] / "data/ledger"
    text, _blank, lines = (ledger / "checkpoint.txt").read_bytes().rpartition(b"\n\n")
    signature = verify.unbase64(lines.decode().split(" ")[2].strip())[4:]
    (tmp_path / "text").write_bytes(text + b"\n")
    (tmp_path / "signature").write_bytes(signature)
    openssl = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", ledger / "key.pem", "-rawin"]
    assert run(*openssl, "-in", tmp_path / "text", "-sigfile", tmp_path / "signature").returncode == 0
    (tmp_path / "text").write_bytes(text + b"!\n")
    assert run(*openssl, "-in", tmp_path / "text", "-sigfile", tmp_path / "signature").returncode == 1


def test_it_says_what_it_wrote(written):
    folder, done, told = written
    package = (folder / "data/package.json").read_bytes()
    assert done.package_digest == f"sha256:{hashlib.sha256(package).hexdigest()}"
    tagmanifest = (folder / "tagmanifest-sha256.txt").read_bytes()
    assert done.bags[0].tagmanifest_sha256 == hashlib.sha256(tagmanifest).hexdigest()
    assert done.bags[0].octets == sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())
    total = len(packages.RECORDED.film) + len(packages.RECORDED.photo)
    assert told[-1] == (total, total)
    assert [each.name for each in folder.parent.iterdir()] == [folder.name]


def test_the_checker_in_it_is_ours_and_finds_nothing(written):
    folder = written[0]
    assert (folder / "verify.py").read_bytes() == Path(verify.__file__).read_bytes()
    assert verify.check([str(folder)]).is_sound


def test_everything_has_the_approvals_time_and_modes_that_all_can_read(written):
    folder = written[0]
    at = int(packages.contents().made_at.timestamp())
    for each in (folder, *folder.rglob("*")):
        assert each.stat().st_mtime_ns == at * 10**9
        assert each.stat().st_mode & 0o7777 == (0o755 if each.is_dir() else 0o644)


BUILD = """
import os, sys
os.umask(int(sys.argv[2], 8))
from pathlib import Path
from aigaq.package import writer
from tests.support import package_mutants, packages
into = Path(sys.argv[1])
into.mkdir()
print(writer.write(packages.contents(), into).package_digest)
"""


def test_two_machines_write_the_same_octets(tmp_path):
    """Another time zone, language, umask and hash seed; and it is later."""
    settings = [
        ({"TZ": "Asia/Almaty", "LC_ALL": "C", "PYTHONHASHSEED": "1"}, "022"),
        ({"TZ": "America/St_Johns", "LC_ALL": "kk_KZ.UTF-8", "PYTHONHASHSEED": "2"}, "077"),
    ]
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    building = [
        subprocess.Popen(
            [sys.executable, "-c", BUILD, str(tmp_path / str(number)), umask],
            env={**os.environ, "PYTHONPATH": path, **environment},
            stdout=subprocess.PIPE,
        )
        for number, (environment, umask) in enumerate(settings)
    ]
    one, other = (each.communicate()[0] for each in building)
    assert one == other
    assert one.startswith(b"sha256:")
    assert _tree(tmp_path / "0") == _tree(tmp_path / "1")


def _tree(folder):
    return {
        str(each.relative_to(folder)): (
            each.stat().st_mode,
            each.stat().st_mtime_ns,
            each.read_bytes() if each.is_file() else b"",
        )
        for each in folder.rglob("*")
    }


def test_what_is_streamed_is_what_is_written(written):
    folder = written[0]
    contents = packages.contents()
    laid = layout.laid_out(contents, layout.measured(contents))
    assert (laid.package_digest, laid.bags) == (written[1].package_digest, written[1].bags)
    (members,) = laid.volumes
    streamed = {each.path: b"".join(each.pieces()) for each in members}
    assert streamed == {
        str(each.relative_to(folder.parent)): each.read_bytes()
        for each in folder.rglob("*")
        if each.is_file()
    }
    assert [each.path for each in members] == sorted(streamed)
    changed = replace(members[0], size=members[0].size + 1)
    with pytest.raises(MemberChangedError):
        list(changed.pieces())


@pytest.mark.parametrize("found", [b"", packages.RECORDED.film + b"!", packages.RECORDED.film[:-1] + b"!"])
def test_a_recording_that_is_not_what_the_ledger_says_ends_it_and_leaves_nothing(tmp_path, found):
    contents = packages.contents()
    film = replace(contents.originals[0], open=packages.opens(found))
    wrong = replace(contents, originals=(film, contents.originals[1]))
    with pytest.raises(ContentMismatchError) as raised:
        writer.write(wrong, tmp_path)
    assert raised.value.details["found_size"] == len(found)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ContentMismatchError):
        layout.measured(wrong)


def test_a_disk_that_fails_in_the_middle_leaves_nothing(tmp_path):
    class Failing(io.RawIOBase):
        def read(self, _size=-1):
            raise OSError(5, "Input/output error")

    contents = packages.contents()
    film = replace(contents.originals[0], open=Failing)
    with pytest.raises(NotWrittenError, match="Input/output error"):
        writer.write(replace(contents, originals=(film, *contents.originals[1:])), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_papers_that_fail_leave_nothing(tmp_path):
    def failing(_listing):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        writer.write(packages.contents(papers=failing), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["aigaq-1a2b3c4d", "aigaq-1a2b3c4d-2-of-3"])
def test_nothing_is_written_over(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(PackageExistsError):
        writer.write(packages.contents(), tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_what_a_killed_writer_left_is_in_nobodys_way_and_what_a_living_one_writes_is_not_touched(tmp_path):
    part = tmp_path / "aigaq-1a2b3c4d.part"
    (part / "data").mkdir(parents=True)
    (part / "data/half").write_bytes(b"half")
    held = files.open_directory(part)
    assert files.lock_at_once(held)
    with pytest.raises(PackageExistsError):
        writer.write(packages.contents(), tmp_path)
    assert (part / "data/half").exists()
    os.close(held)
    assert writer.write(packages.contents(), tmp_path).bags
    assert not part.exists()


@pytest.fixture(scope="module")
def large():
    """Two originals of which one volume of `capacity` takes one."""
    return packages.Recorded(film=b"film" * 30_000, photo=b"photo" * 24_000)


@pytest.fixture
def capacity(written):
    papers_take = needed(each.stat().st_size for each in written[0].rglob("*") if each.is_file())
    return RESERVED + papers_take + 150_000


def test_a_package_in_volumes_is_the_same_in_each_and_checks_alone_and_together(tmp_path, large, capacity):
    done = writer.write(packages.contents(large), tmp_path, capacity=capacity)
    assert [each.name for each in done.bags] == ["aigaq-1a2b3c4d-1-of-2", "aigaq-1a2b3c4d-2-of-2"]
    folders = [str(tmp_path / each.name) for each in done.bags]
    assert len({Path(each, "data/package.json").read_bytes() for each in folders}) == 1
    for folder, bag in zip(folders, done.bags, strict=True):
        result = verify.check([folder])
        assert result.is_sound, result.faults
        assert [note.kind for note in result.notes] == ["elsewhere"]
        assert result.originals == 1
        taken = [each.stat().st_size for each in Path(folder).rglob("*") if each.is_file()]
        assert needed(taken) + RESERVED <= capacity
        assert sum(taken) == bag.octets
    together = verify.check(folders)
    assert together.is_sound, together.faults
    assert (together.originals, together.notes) == (2, [])
    assert (Path(folders[0]) / "data/cuts/001-1.mp4").exists()
    assert not (Path(folders[1]) / "data/cuts").exists()
    twice = verify.check([folders[0], folders[0]])
    assert [fault.kind for fault in twice.faults] == ["volume-mismatch"]


def test_volumes_of_two_packages_are_not_one(tmp_path, large, capacity):
    for number, recorded in enumerate((large, replace(large, cut=b"another cut"))):
        (tmp_path / str(number)).mkdir()
        writer.write(packages.contents(recorded), tmp_path / str(number), capacity=capacity)
    mixed = [str(tmp_path / "0/aigaq-1a2b3c4d-1-of-2"), str(tmp_path / "1/aigaq-1a2b3c4d-2-of-2")]
    assert [fault.kind for fault in verify.check(mixed).faults] == ["volume-mismatch"]


def test_an_original_that_fits_no_volume_is_refused_before_anything_is_read(tmp_path, large):
    def unread():
        raise AssertionError("it was read")

    contents = packages.contents(large)
    unread_ones = tuple(replace(each, open=unread) for each in contents.originals)
    with pytest.raises(TooLargeError) as raised:
        writer.write(replace(contents, originals=unread_ones), tmp_path, capacity=RESERVED + 100_000)
    assert raised.value.details["path"] == contents.originals[0].card_path
    assert list(tmp_path.iterdir()) == []


def test_papers_that_leave_no_room_are_refused(tmp_path, large):
    with pytest.raises(TooLargeError):
        writer.write(packages.contents(large), tmp_path, capacity=RESERVED + 200_000)
    assert list(tmp_path.iterdir()) == []


def test_volumes_of_many_small_originals_leave_room_on_the_disc_for_their_folders():
    contents = packages.contents()
    (photo,) = (each for each in contents.originals if each.kind == "photo")
    many = replace(contents, originals=(photo,) * 300, custody=contents.custody[-1:] * 300)
    measured = layout.measured(many)
    (whole,) = layout.laid_out(many, measured).volumes
    capacity = needed(each.size for each in whole) + RESERVED
    found = layout.laid_out(many, measured, capacity=capacity)
    sizes = [Disc(each, name="aigaq", at=many.made_at).size for each in found.volumes]
    assert len(sizes) > 1
    assert max(sizes) <= capacity


def test_a_volume_begins_where_the_next_does_not_fit():
    groups = [Group(str(number), (size,)) for number, size in enumerate((1, 1, BLOCK * 3, 1))]
    assert split(groups, None) == [1, 1, 1, 1]
    assert split(groups, BLOCK * 4) == [1, 1, 2, 3]
    assert split(groups, BLOCK * 6) == [1, 1, 2, 2]
    with pytest.raises(MisfitError):
        split(groups, BLOCK * 3)
    assert needed([0, 1, BLOCK, BLOCK + 1]) == BLOCK * (1 + 2 + 2 + 3)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"originals": ()}, NoOriginalsError),
        ({"entries": ()}, NoOriginalsError),
        ({"custody": ()}, UnusableContentsError),
        ({"entries": packages.contents().entries[::-1]}, UnusableContentsError),
        (
            {"checkpoint": packages.contents(signing=packages.signer(octet=9)).checkpoint},
            UnusableContentsError,
        ),
        ({"division": {**packages.DIVISION, "name": "two\nlines"}}, UnusableContentsError),
        ({"made_at": datetime(1960, 1, 1, tzinfo=UTC)}, UnusableContentsError),
        ({"extract": []}, UnusableContentsError),
    ],
)
def test_what_no_checker_would_accept_is_not_written(tmp_path, wrong, error):
    with pytest.raises(error):
        writer.write(packages.contents(**wrong), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_more_than_a_checker_reads_is_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr(verify, "MAX_PAPER", 100)
    with pytest.raises(LimitError):
        writer.write(packages.contents(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_lies_beside_is_made_from_the_small_files(tmp_path):
    seen = {}

    def tools(small):
        seen.update(small)
        return {"README.txt": b"read me", "index.html": b"<!doctype html>"}

    writer.write(packages.contents(), tmp_path, tools=tools)
    folder = tmp_path / "aigaq-1a2b3c4d"
    assert (folder / "README.txt").read_bytes() == b"read me"
    assert json.loads(seen[papers.PACKAGE])["package"] == str(packages.PACKAGE_ID)
    assert seen["bag-info.txt"] == (folder / "bag-info.txt").read_bytes()
    assert not any(path.endswith((".pdf", ".mp4")) for path in seen)
    assert verify.check([str(folder)]).is_sound


def test_the_digest_of_the_evidence_is_of_all_but_what_newer_programs_make_otherwise():
    package = json.loads(package_mutants.written_by(packages.contents())["data/package.json"])
    files, papers_listed = package["files"], package["papers"]
    cut = next(each for each in files if each["what"] == "cut")
    pdfs = [each for each in papers_listed if each["path"].endswith(".pdf")]
    before = papers.evidence_digest(canonical.encode(package))
    for each in (cut, *pdfs):
        each.update(size=each["size"] + 1, sha256="0" * 64, sha512="0" * 128)
    cut["cut"].update(from_ms=0, until_ms=1, recipe="of a later version")
    package["volumes"], cut["volume"] = 2, 2
    assert papers.evidence_digest(canonical.encode(package)) == before
    evidence = [each for each in (*files, *papers_listed) if each is not cut and each not in pdfs]
    for each in evidence:
        sha256, each["sha256"] = each["sha256"], "0" * 64
        assert papers.evidence_digest(canonical.encode(package)) != before
        each["sha256"] = sha256
    cut["cut"]["asked_from_ms"] += 1
    assert papers.evidence_digest(canonical.encode(package)) != before
