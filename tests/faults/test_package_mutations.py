"""Evidence packages changed in thousands of ways: none passes the checker, none makes it hang.

Some 150 in `make test`, all under ``AIGAQ_FAULTS=full``.
"""

import os
import shutil
import signal
import time
from dataclasses import replace
from functools import lru_cache
from itertools import islice

import pytest

from aigaq.package import verify, writer
from tests.support import amount, package_mutants, packages

pytestmark = pytest.mark.faults

LONGEST = 20
"""Seconds of processor time that one check may take on a slow machine; it takes a tenth of one."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A folder with a sound package, and its files."""
    into = tmp_path_factory.mktemp("sound")
    (bag,) = writer.write(packages.contents(), into, tools=_tools).bags
    assert verify.check([str(into / bag.name)]).is_sound
    return into / bag.name, package_mutants.read(into / bag.name)


@pytest.fixture(autouse=True, scope="module")
def signatures_are_reckoned_once():
    """The same key, message and signature come again in nearly every mutant."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verify, "_sum", lru_cache(maxsize=10_000)(verify._sum))
        yield


def _tools(_small):
    return {"README.txt": b"read me\n", "index.html": b"<!doctype html>\n"}


@pytest.fixture
def no_hanging():
    def too_long(_signal, _frame):
        raise AssertionError("it hangs")

    before = signal.signal(signal.SIGALRM, too_long)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def found_in(mutants, sound, say):
    """Make each and check it; all have to be found."""
    folder, files = sound
    passed, count = [], 0
    for mutant in mutants:
        mutant.make(folder, files)
        signal.alarm(6 * LONGEST)
        began = time.process_time()
        result = verify.check([str(folder)])
        assert time.process_time() - began < LONGEST, mutant.name
        signal.alarm(0)
        package_mutants.put_back(folder, files)
        count += 1
        if result.is_sound:
            passed.append(mutant.name)
        for fault in result.faults:
            assert str(fault), mutant.name
    assert passed == []
    assert verify.check([str(folder)]).is_sound, "what was put back is what was there"
    say(f"{count} mutants")


@pytest.mark.usefixtures("no_hanging")
def test_a_file_that_was_changed_in_any_way_is_found(sound, say):
    _folder, files = sound
    mutants = package_mutants.of_files(files, seed=1, flips=amount.times(20, 1))
    found_in(amount.of(mutants, every=13), sound, say)


@pytest.mark.usefixtures("no_hanging")
def test_what_is_no_file_is_never_opened(sound, say, tmp_path):
    found_in(amount.of(package_mutants.of_kinds(sound[1], tmp_path), every=3), sound, say)


@pytest.mark.usefixtures("no_hanging")
def test_manifests_that_lead_astray_lead_nowhere(sound, say):
    found_in(amount.of(package_mutants.of_manifests(sound[1]), every=4), sound, say)


PARTS = 8 if amount.FULL else 2


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.usefixtures("no_hanging")
def test_any_value_of_any_paper_that_was_changed_and_sealed_anew_is_found_by_the_ledger(sound, say, part):
    mutants = amount.of(package_mutants.of_json(sound[1]), every=97)
    found_in(islice(mutants, part, None, PARTS), sound, say)


@pytest.mark.usefixtures("no_hanging")
def test_files_exchanged_added_and_taken_away_with_all_lists_made_anew_are_found(sound, say):
    found_in(amount.of(package_mutants.of_sealed_files(sound[1]), every=5), sound, say)


@pytest.mark.usefixtures("no_hanging")
def test_what_the_bag_says_of_itself_is_held_against_what_was_signed(sound, say):
    found_in(package_mutants.of_bag_info(sound[1]), sound, say)


def test_a_package_made_with_another_key_is_found_by_the_key_that_is_known(tmp_path):
    forged = packages.contents(signing=packages.signer(octet=9))
    (bag,) = writer.write(forged, tmp_path).bags
    folder = str(tmp_path / bag.name)
    assert verify.check([folder]).is_sound
    known = packages.contents()
    by_key = verify.check([folder], verify.Compare(key=known.ledger_key))
    by_note = verify.check([folder], verify.Compare(checkpoint=known.checkpoint.encode()))
    assert {fault.kind for fault in (*by_key.faults, *by_note.faults)} == {"key-mismatch"}


@pytest.mark.usefixtures("no_hanging")
def test_whoever_proves_entries_of_any_form_with_a_ledger_of_their_own_gets_an_answer(tmp_path, say):
    """Whatever stands in a body: it is told, or no paper speaks of it. The checker never breaks off."""
    signing = packages.signer()
    story = packages.tell(packages.RECORDED, signing).story
    ledger, contents, count = [each.octets for each in story.entries], packages.contents(), 0
    misshapen = package_mutants.of_bodies(ledger, story.told)
    for seq, octets in amount.of(misshapen, every=500):
        entries, note = packages.proven([*ledger[:seq], octets, *ledger[seq + 1 :]], story.told, signing)
        made = replace(contents, entries=entries, checkpoint=note)
        package_mutants.put_back(tmp_path, package_mutants.written_by(made))
        signal.alarm(6 * LONGEST)
        assert verify.check([str(tmp_path)]).entries == len(entries)
        signal.alarm(0)
        count += 1
    say(f"{count} ledgers")


def test_what_no_entry_says_is_found_by_the_digest_of_the_receipt(sound, tmp_path):
    folder, files = sound
    digest = verify.Compare(digest=package_mutants.digest(files))
    assert verify.check([str(folder)], digest).is_sound
    for path in ("data/letter.pdf", "data/journal/extract.pdf"):
        other = tmp_path / path.replace("/", "_")
        shutil.copytree(folder, other)
        package_mutants.put_back(other, package_mutants.sealed({**files, path: b"%PDF another"}))
        assert verify.check([str(other)]).is_sound
        assert [fault.kind for fault in verify.check([str(other)], digest).faults] == ["digest-mismatch"]


def test_nothing_outside_of_the_folder_is_opened(sound, tmp_path, monkeypatch):
    """By the names that the checker gives to the system, for the ways out that mutants know."""
    folder, files = sound
    opened = []
    real = os.open

    def watched(path, flags, *rest, dir_fd=None):
        opened.append((str(path), flags, dir_fd))
        return real(path, flags, *rest, dir_fd=dir_fd)

    watched_mutants = [*package_mutants.of_manifests(files), *package_mutants.of_kinds(files, tmp_path)]
    monkeypatch.setattr(verify.os, "open", watched)
    monkeypatch.setattr(verify.os, "supports_dir_fd", {watched})
    for mutant in islice(watched_mutants, 0, None, 1 if amount.FULL else 9):
        mutant.make(folder, files)
        opened.clear()
        verify.check([str(folder)])
        package_mutants.put_back(folder, files)
        for path, flags, dir_fd in opened:
            assert path == str(folder) or (
                dir_fd is not None and "/" not in path and path not in ("..", ".")
            ), mutant.name
            assert path == str(folder) or flags & os.O_NOFOLLOW
