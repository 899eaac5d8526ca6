"""Before a sound S3 store one that is not: busy, forgetful, rotten, or cut off. What it does each test says."""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from aigaq.vault.layout import BlobName
from tests.support.buckets import store

BUSY = b"<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>Please reduce your rate</Message></Error>"
FULL = b"<?xml version='1.0'?><Error><Code>QuotaExceeded</Code><Message>no room</Message></Error>"
_HOPS = {"connection", "transfer-encoding", "keep-alive"}


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, list[str]]

    @property
    def is_put(self) -> bool:
        """Of an object, or of the request that completes one."""
        return (self.method == "PUT" and not self.query) or self.completes

    @property
    def completes(self) -> bool:
        return self.method == "POST" and "uploadId" in self.query

    @property
    def is_part(self) -> bool:
        return self.method == "PUT" and "partNumber" in self.query


@dataclass(frozen=True)
class Instead:
    """An answer that the store never gave. Status 0: none, the line is cut."""

    status: int = 0
    body: bytes = b""


BUSY_ANSWER, FULL_ANSWER, CUT = Instead(503, BUSY), Instead(403, FULL), Instead()


@dataclass
class BadStore:
    """`before` may answer instead of the store, `after` instead of what it answered."""

    endpoint: str = ""
    before: Callable[[Asked], Instead | None] = lambda _asked: None
    after: Callable[[Asked], Instead | None] = lambda _asked: None
    rot: dict[str, set[int]] = field(default_factory=dict)
    """Of a key's end, the octets that come back with a bit flipped."""
    asked: list[Asked] = field(default_factory=list)
    silent_of: str = ""
    """Headers whose names begin with this are not passed on."""

    def flip(self, name: BlobName, offset: int) -> None:
        self.rot.setdefault(name.path, set()).symmetric_difference_update({offset})

    def rotten(self, asked: Asked, octets: bytes, content_range: str) -> bytes:
        offsets = next((each for path, each in self.rot.items() if asked.path.endswith(path)), set())
        if asked.method != "GET" or not offsets or not content_range:
            return octets
        start = int(content_range.removeprefix("bytes ").partition("-")[0])
        spoilt = bytearray(octets)
        for offset in offsets:
            if start <= offset < start + len(spoilt):
                spoilt[offset - start] ^= 1
        return bytes(spoilt)


def times(number: int, answer: Instead, wanted: Callable[[Asked], bool]) -> Callable[[Asked], Instead | None]:
    """So often, of those that are `wanted`."""
    left = [number]
    guard = threading.Lock()

    def give(asked: Asked) -> Instead | None:
        with guard:
            if not wanted(asked) or not left[0]:
                return None
            left[0] -= 1
            return answer

    return give


@contextmanager
def bad_store() -> Iterator[BadStore]:
    bad = BadStore()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            octets = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            asked = Asked(self.command, unquote(parts.path), parse_qs(parts.query, keep_blank_values=True))
            bad.asked.append(asked)
            instead = bad.before(asked)
            if instead is None:
                status, headers, body = self._forwarded(octets)
                instead = bad.after(asked)
            if instead is not None:
                if not instead.status:
                    self.close_connection = True
                    self.connection.close()
                    return
                status, headers, body = instead.status, {"Content-Type": "application/xml"}, instead.body
            body = bad.rotten(asked, body, headers.get("Content-Range", ""))
            self.send_response(status)
            for name, value in headers.items():
                is_silent = bad.silent_of and name.lower().startswith(bad.silent_of)
                if name.lower() not in {*_HOPS, "content-length", "date", "server"} and not is_silent:
                    self.send_header(name, value)
            length = headers.get("Content-Length", len(body)) if self.command == "HEAD" else len(body)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _any  # noqa: N815 - names of the protocol

        def _forwarded(self, octets: bytes) -> tuple[int, dict[str, str], bytes]:
            line = http.client.HTTPConnection("127.0.0.1", store().port, timeout=60)
            try:
                # With the host that was asked for: it is part of what was signed.
                line.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers.items():
                    if name.lower() not in {"expect", "connection"}:
                        line.putheader(name, value)
                line.endheaders(octets)
                answer = line.getresponse()
                return answer.status, dict(answer.headers.items()), answer.read()
            finally:
                line.close()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A line that the other side cut."""

    server = Server(("127.0.0.1", 0), Handler)
    bad.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield bad
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
