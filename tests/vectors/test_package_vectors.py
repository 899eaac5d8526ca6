"""The frozen package is accepted by every later version, and its data are made again octet for octet."""

import shutil

import pytest

from aigaq.package import verify, writer
from tests.support import package_mutants, packages
from tests.support.frozen_package import FOLDER, NAME, frozen

DIGEST = "sha256:4cccfb69b1137ef5c5e41056c98c0340cf91694965266934c546a7cfe5c8c8bb"


def test_the_frozen_package_is_sound():
    result = verify.check(
        [str(FOLDER / NAME)], verify.compare_with(packages.contents().ledger_key, None, DIGEST)
    )
    assert result.faults == []
    assert (result.originals, result.entries) == (2, 27)


def test_what_it_was_made_of_gives_the_same_octets_again(tmp_path):
    """But for what is for people, and is of its time: the checker in it, and what counts it."""
    written = writer.write(packages.contents(frozen()), tmp_path)
    assert written.package_digest == DIGEST
    made, kept = (package_mutants.read(folder / NAME) for folder in (tmp_path, FOLDER))
    of_its_time = {"verify.py", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt"}
    assert made.keys() == kept.keys()
    assert {path for path in made if made[path] != kept[path]} <= of_its_time


@pytest.mark.parametrize("path", ["data/package.json", "data/ledger/entries/10.json", "verify.py"])
def test_the_frozen_package_is_not_sound_with_one_bit_another(tmp_path, path):
    shutil.copytree(FOLDER / NAME, tmp_path / NAME)
    target = tmp_path / NAME / path
    octets = bytearray(target.read_bytes())
    octets[len(octets) // 2] ^= 1
    target.write_bytes(octets)
    assert "file-changed" in {fault.kind for fault in verify.check([str(tmp_path / NAME)]).faults}
