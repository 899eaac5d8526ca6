"""The web server, bounded: nobody holds a thread for longer than what they send is worth. It speaks TLS too.

A thread serves one request at a time, so whoever sends theirs octet by octet could hold all of them.
Therefore a connection has no thread before something arrives on it; then the head of a request has a few
seconds, its body so many as a slow line needs, and what nobody has read of it is thrown away for a few
seconds at the most.
"""

import errno
import logging
import math
import socket
import ssl
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

from cheroot import errors as cheroot_errors
from cheroot import wsgi
from cheroot.makefile import StreamReader, StreamWriter
from cheroot.server import HTTPConnection, HTTPRequest
from cheroot.ssl.builtin import BuiltinSSLAdapter
from cheroot.workers.threadpool import ThreadPool
from django.conf import settings

from aigaq.docks.rules import MAX_PART
from aigaq.errors import N_, AigaqError, BadInputError
from aigaq.unloading.wire import CARD_LIMIT

log = logging.getLogger(__name__)

THREADS: Final = 24
"""Requests served at once; a browser that plays holds one for as long as it takes what is sent."""
PATIENCE: Final = 30
"""Seconds that a browser may keep us waiting in the middle of a request or an answer."""
MAX_HEADER: Final = 32 * 1024
"""Octets."""
WAITING: Final = 500
"""Connections without a request that are kept; beyond them each answer ends its connection."""
HEAD_SECONDS: Final = 15
"""For the whole head of a request, and for the handshake before it."""
SLOWEST: Final = 8 * 1024
"""Octets a second, on the average of a request's body: half of what the slowest line gives that is of use."""
DISCARD_SECONDS: Final = 5
"""For reading what is left of a request that was answered before its end, so that its sender hears the
answer."""
BREATH: Final = 0.5
"""Seconds until the next connection is looked for where the process has no descriptor left for it."""
_PIECE: Final = 64 * 1024
_UPLOADS: Final = b"/api/uploads/"
_UNLOADS: Final = b"/api/unloads/"


class TlsFilesError(AigaqError):
    code = "serve.tls"
    message = N_("The certificate in {cert} with the key in {key} can't be used ({reason}).")


class TlsHalfError(BadInputError):
    code = "serve.tls-half"
    message = N_("For HTTPS give both a certificate and its key (--tls-cert and --tls-key).")


@dataclass(frozen=True, slots=True)
class Tls:
    """Files in PEM."""

    cert: Path
    key: Path


def tls_of(cert: str, key: str) -> Tls | None:
    """None where neither is given. Raises `TlsHalfError`."""
    if bool(cert) != bool(key):
        raise TlsHalfError
    return Tls(Path(cert), Path(key)) if cert else None


class _Line(socket.SocketIO):
    """What comes in on a connection, until its `deadline` (of the monotonic clock)."""

    deadline = math.inf

    def __init__(self, sock: socket.socket, mode: str) -> None:
        super().__init__(sock, mode)  # type: ignore[arg-type]
        self._socket = sock

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - a buffer of cheroot's
        left = self.deadline - monotonic()
        if left <= 0:
            # These very words: cheroot answers 408 to them.
            raise TimeoutError("timed out")
        self._socket.settimeout(min(PATIENCE, left))
        try:
            return super().readinto(buffer)
        except ssl.SSLError as error:
            raise cheroot_errors.FatalSSLAlert(*error.args) from error
        finally:
            self._socket.settimeout(PATIENCE)


class _Reader(StreamReader):
    def __init__(self, sock: socket.socket, mode: str = "rb", bufsize: int = -1) -> None:
        # Past cheroot's own constructor, which would put a line without a deadline under it.
        super(StreamReader, self).__init__(_Line(sock, mode), bufsize)
        self.bytes_read = 0


def _make_file(sock: socket.socket, mode: str = "r", bufsize: int = -1) -> Any:  # noqa: ANN401 - either of two
    return (_Reader if "r" in mode else StreamWriter)(sock, mode, bufsize)


class _Request(HTTPRequest):
    def parse_request(self) -> None:
        self._until(HEAD_SECONDS)
        super().parse_request()

    def read_request_headers(self) -> bool:
        if not super().read_request_headers():  # type: ignore[no-untyped-call]
            return False
        if self.chunked_read:
            # Nobody here needs it, and a body without a length has no bound before it is read.
            self.simple_response("411 Length Required")
            return False
        length = int(self.inheaders.get(b"Content-Length", 0))
        if length < 0:
            self.simple_response("400 Bad Request", "Malformed Content-Length Header.")
            return False
        if length > _body_limit(self.path):
            self.simple_response("413 Request Entity Too Large")
            return False
        self._until(PATIENCE + length / SLOWEST)
        return True

    def send_headers(self) -> None:
        self._discard()
        super().send_headers()

    def _discard(self) -> None:
        """What the application has not read; if that takes too long, the connection ends with the answer."""
        if self.close_connection or not getattr(self.rfile, "remaining", 0):
            return
        self._until(DISCARD_SECONDS)
        try:
            while self.rfile.remaining and self.rfile.read(min(_PIECE, self.rfile.remaining)):
                pass
        except OSError:
            self.close_connection = True

    def _until(self, seconds: float) -> None:
        self.conn.rfile.raw.deadline = monotonic() + seconds


class _Connection(HTTPConnection):
    RequestHandlerClass = _Request

    def __init__(self, server: Any, sock: socket.socket, _makefile: object = None) -> None:  # noqa: ANN401
        super().__init__(server, sock, _make_file)
        self._is_shaken = not isinstance(sock, ssl.SSLSocket)

    def communicate(self) -> bool:
        return self._shake_hands() and bool(super().communicate())  # type: ignore[no-untyped-call]

    def _shake_hands(self) -> bool:
        """Here and not when the connection comes: one that says nothing would keep out all the others."""
        if not self._is_shaken:
            self.socket.settimeout(HEAD_SECONDS)
            try:
                self.socket.do_handshake()
            except OSError:  # of which those of TLS are a kind
                return False
            finally:
                self.socket.settimeout(PATIENCE)
            self._is_shaken = True
        return True


class _TlsAdapter(BuiltinSSLAdapter):
    def __init__(self, tls: Tls) -> None:
        super().__init__(str(tls.cert), str(tls.key))
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2

    def wrap(self, sock: socket.socket) -> tuple[ssl.SSLSocket, dict[str, str]]:
        wrapped = self.context.wrap_socket(sock, do_handshake_on_connect=False, server_side=True)
        return wrapped, {"wsgi.url_scheme": "https", "HTTPS": "on"}


class _Threads(ThreadPool):
    @staticmethod
    def _force_close(conn: Any) -> None:  # noqa: ANN401 - a connection of cheroot's, or None
        """End an answer that is still being sent a while after the server was told to stop.

        Cheroot's own ends the reading alone, so that a large recording would be sent to its end; and it does
        it by the socket of TLS, which from then on sends in the clear what is left.
        """
        if conn is not None:
            with suppress(OSError):
                socket.socket.shutdown(conn.socket, socket.SHUT_RDWR)


class Server(wsgi.Server):
    """Of one address. Raises `TlsFilesError`."""

    ConnectionClass = _Connection

    def __init__(self, address: tuple[str, int], application: Any, tls: Tls | None = None) -> None:  # noqa: ANN401
        super().__init__(address, application, numthreads=THREADS, server_name="aigaq", timeout=PATIENCE)
        self.requests = _Threads(self, min=THREADS)
        self.max_request_header_size = MAX_HEADER
        self.keep_alive_conn_limit = WAITING
        self.max_request_body_size = max(MAX_PART, CARD_LIMIT, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        if tls is not None:
            self.ssl_adapter = _adapter(tls)

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - cheroot's signature
        """What the server itself could not do; its own words may have a part of a request in them."""
        log.log(level, "The web server failed", exc_info=traceback)
        error = sys.exception()
        if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            # Whoever waits to be let in would have this tried again, and told, thousands of times a second.
            sleep(BREATH)

    def process_conn(self, conn: Any) -> None:  # noqa: ANN401 - a connection of cheroot's
        """A new connection waits without a thread until something arrives on it, or `PATIENCE` is over."""
        if conn.last_used is None:
            self._connections.put(conn)  # type: ignore[attr-defined]
        else:
            super().process_conn(conn)


def _adapter(tls: Tls) -> _TlsAdapter:
    try:
        return _TlsAdapter(tls)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise TlsFilesError(cert=tls.cert, key=tls.key, reason=reason) from error


def _body_limit(path: bytes) -> int:
    if path.startswith(_UPLOADS):
        return MAX_PART
    return CARD_LIMIT if path.startswith(_UNLOADS) else int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
