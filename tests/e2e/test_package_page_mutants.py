"""What the checker finds in a package that somebody had a hand in, the page finds, too, and calls it the same."""

from itertools import chain

import pytest

from aigaq.package import verify
from aigaq.package.page import page as built
from aigaq.package.writer import write
from tests.support import amount, package_mutants, packages
from tests.support.package_pages import faults, opened, verdict

pytestmark = [pytest.mark.e2e, pytest.mark.faults]


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    into = tmp_path_factory.mktemp("mutants")
    tools = lambda small: {"index.html": built(small), "README.txt": b"-"}  # noqa: E731
    (bag,) = write(packages.contents(), into, tools=tools).bags
    return into / bag.name


def test_no_mutant_passes_the_page(browser, sound, tmp_path):
    files = package_mutants.read(sound)
    mutants = chain(
        amount.of(package_mutants.of_files(files, seed=2, flips=1), every=151),
        amount.of(package_mutants.of_manifests(files), every=41),
        amount.of(package_mutants.of_json(files), every=997),
        package_mutants.of_bag_info(files),
        amount.of(package_mutants.of_sealed_files(files), every=41),
    )
    page_at = tmp_path / "page"
    page_at.mkdir()
    (page_at / "index.html").write_bytes(files["index.html"])
    passed, otherwise, count = [], [], 0
    with opened(browser, page_at) as page:
        for mutant in mutants:
            mutant.make(sound, files)
            expected = {fault.kind for fault in verify.check([str(sound)]).faults}
            page.evaluate("checker = new Checker(); showVerdict('none', '', '')")
            state = verdict(page, sound)
            # What this page shows is not this package, and saying so alone would find nearly everything.
            found = {kind for kind, _ in faults(page)} - {"page-mismatch"}
            package_mutants.put_back(sound, files)
            count += 1
            if state != "bad" or not found:
                passed.append(mutant.name)
            if found != expected:
                otherwise.append((mutant.name, found ^ expected))
    assert count > 10
    assert passed == []
    assert otherwise == []
