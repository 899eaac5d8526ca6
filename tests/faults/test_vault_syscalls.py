"""The same faults from outside the program: the kernel answers wrongly, and nothing in Python is replaced."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from aigaq.vault.scrub import scrub
from tests.support import vaults

ROOT = Path(__file__).parents[2]
MIB = 1 << 20
PUT = """
    import json, sys
    from pathlib import Path
    from aigaq.errors import AigaqError
    from tests.support import vaults
    folder = Path(sys.argv[1])
    try:
        stored = vaults.put_file(vaults.again(folder / "vault"), folder / "a.mp4")
        print(json.dumps({"stored": str(stored.content_digest), "read_back": stored.read_back}))
    except AigaqError as error:
        print(json.dumps({"code": error.code, "text": str(error)}))
"""

needs_strace = pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")


@pytest.fixture
def folder(tmp_path):
    vaults.local_vault(tmp_path / "vault")
    (tmp_path / "a.mp4").write_bytes(os.urandom(3 * MIB + 12_345))
    return tmp_path


def put_under(folder: Path, *wrapper: str) -> dict[str, str]:
    run = subprocess.run(
        [*wrapper, sys.executable, "-c", textwrap.dedent(PUT), folder],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return json.loads(run.stdout)


def injected(folder: Path, what: str) -> dict[str, str]:
    calls = what.partition(":")[0]
    return put_under(
        folder, "strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={calls}", "-e", f"inject={what}"
    )


def nothing_stored_and_a_second_run_stores(folder: Path) -> None:
    assert vaults.blobs(folder / "vault") == []
    assert "stored" in put_under(folder)
    report = scrub(vaults.again(folder / "vault"))
    assert (report.checked, report.findings) == (1, ())
    assert os.listdir(folder / "vault" / "incoming") == []


@needs_strace
@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("pwrite64:error=ENOSPC:when=2", "vault.full"),
        ("pwrite64:error=EIO:when=1", "vault.write"),
        ("fsync:error=EIO:when=1", "vault.write"),
        ("link,linkat:error=EIO:when=1", "vault.write"),
        ("preadv,preadv2:error=EIO:when=2", "source.unreadable"),
        # The second pass over the file: the read-back.
        ("preadv,preadv2:error=EIO:when=6", "vault.read"),
    ],
)
def test_a_failing_call_is_told_and_nothing_is_stored(folder, what, code):
    assert injected(folder, what)["code"] == code
    nothing_stored_and_a_second_run_stores(folder)


@needs_strace
def test_a_write_that_claims_what_it_did_not_do_is_found_out(folder):
    """Nothing is written, and 4096 octets are claimed: a right loop then leaves a hole, and only reading back tells."""
    assert injected(folder, "pwrite64:retval=4096:when=2")["code"] == "vault.not-proven"
    nothing_stored_and_a_second_run_stores(folder)


@needs_strace
def test_an_fsync_that_claims_success_still_leaves_a_proof_past_the_cache(folder):
    answer = injected(folder, "fsync:retval=0")
    assert answer.get("read_back") in ("direct", "dropped"), answer


def test_a_limit_on_the_size_of_files_is_a_full_disk(folder):
    assert put_under(folder, "prlimit", f"--fsize={2 * MIB + 1000}")["code"] == "vault.full"
    nothing_stored_and_a_second_run_stores(folder)


@pytest.mark.skipif(os.getuid() != 0, reason="only root mounts")
def test_a_disk_that_fills_up_is_told_and_is_clean_again(tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2M", "none", small], check=False)
    if mounted.returncode:
        pytest.skip("no mounting here")
    try:
        vaults.local_vault(small / "vault")
        (tmp_path / "a.mp4").write_bytes(os.urandom(3 * MIB))
        vault = vaults.again(small / "vault")
        with pytest.raises(Exception, match="disk is full"):
            vaults.put_file(vault, tmp_path / "a.mp4")
        assert vaults.blobs(small / "vault") == []
        (tmp_path / "a.mp4").write_bytes(os.urandom(MIB))
        assert vaults.put_file(vault, tmp_path / "a.mp4").size == MIB
        vault.backend.close()
    finally:
        subprocess.run(["umount", small], check=True)
