"""The web server of `aigaq serve`: TLS, and bounds on whoever keeps it waiting."""

import itertools
import os
import resource
import socket
import ssl
import threading
from contextlib import ExitStack, contextmanager, suppress

import click
import pytest

from aigaq.cli import listening
from aigaq.cli.listening import Server, Tls, TlsFilesError, TlsHalfError, tls_of
from aigaq.cli.serve import parse_address
from tests.support.tls import self_signed

SECOND = 1.0


def read(environ, start_response):
    """Reads what is sent, where it is asked to."""
    octets = b""
    if environ["PATH_INFO"] != "/api/uploads/unread/":
        octets = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    told = f"{environ['wsgi.url_scheme']} {len(octets)}".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(told)))])
    return [told]


SECRET = b"what only its reader may see; " * 2000


def send(_environ, start_response):
    """More than anybody takes."""
    start_response("200 OK", [("Content-Length", str(len(SECRET) * 10**6))])
    return itertools.repeat(SECRET)


@contextmanager
def listening_at(tls=None):
    server = Server(("127.0.0.1", 0), read, tls)
    server.prepare()
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server.bind_addr[1]
    finally:
        server.stop()
        thread.join()


@pytest.fixture
def certificate(tmp_path):
    return Tls(*self_signed(tmp_path))


def said(sock, octets):
    """What comes back until the end of the connection."""
    answer = b""
    with sock:
        sock.settimeout(30)
        with suppress(ConnectionResetError, BrokenPipeError):
            sock.sendall(octets)
        with suppress(ConnectionResetError):
            while piece := sock.recv(65536):
                answer += piece
    return answer


def request(path="/", *, length=0, more="", method="POST"):
    return (
        f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\nConnection: close\r\n{more}\r\n"
    ).encode()


def connect(port):
    return socket.create_connection(("127.0.0.1", port))


def test_it_speaks_tls_that_a_client_can_verify(certificate):
    with listening_at(certificate) as port:
        context = ssl.create_default_context(cafile=certificate.cert)
        sock = context.wrap_socket(connect(port), server_hostname="localhost")
        assert sock.version() in {"TLSv1.2", "TLSv1.3"}
        assert said(sock, request(length=3) + b"abc").endswith(b"https 3")
        stranger = ssl.create_default_context()
        with connect(port) as sock, pytest.raises(ssl.SSLCertVerificationError):
            stranger.wrap_socket(sock, server_hostname="localhost")


def test_old_versions_of_tls_are_not_spoken(certificate):
    with listening_at(certificate) as port:
        old = ssl.create_default_context(cafile=certificate.cert)
        with pytest.warns(DeprecationWarning, match="TLSv1_1"):
            old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        old.set_ciphers("ALL:@SECLEVEL=0")
        with connect(port) as sock, pytest.raises((ssl.SSLError, ConnectionResetError)):
            old.wrap_socket(sock, server_hostname="localhost")


@pytest.mark.parametrize("text", ["127.0.0.1", ":8000", "127.0.0.1:web", "127.0.0.1:65536"])
def test_what_is_no_address_to_listen_at_is_bad_usage(text):
    with pytest.raises(click.BadParameter):
        parse_address(text)
    assert parse_address("[::1]:65535") == ("::1", 65535)


def test_who_begins_no_handshake_keeps_nobody_out(certificate):
    with listening_at(certificate) as port:
        silent = [connect(port) for _ in range(listening.THREADS * 2)]
        plain = connect(port)
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        context = ssl.create_default_context(cafile=certificate.cert)
        sock = context.wrap_socket(connect(port), server_hostname="localhost")
        assert said(sock, request()).endswith(b"https 0")
        for each in (*silent, plain):
            each.close()


def test_who_says_nothing_has_no_thread():
    with listening_at() as port:
        silent = [connect(port) for _ in range(listening.THREADS * 3)]
        assert said(connect(port), request()).endswith(b"http 0")
        for each in silent:
            each.close()


def test_who_comes_when_there_are_no_descriptors_left_is_served_when_there_are_some(caplog):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with listening_at() as port, socket.socket() as late, ExitStack() as taken:
        assert said(connect(port), request()).endswith(b"http 0")
        late.settimeout(SECOND)
        taken.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
        with suppress(OSError):
            while True:
                taken.callback(os.close, os.dup(0))
        late.connect(("127.0.0.1", port))
        late.sendall(request())
        with pytest.raises(TimeoutError):
            late.recv(1)
        taken.close()
        assert said(late, b"").endswith(b"http 0")
    assert 0 < len([each for each in caplog.records if each.name == listening.__name__]) < 10


def test_a_head_that_does_not_end_is_cut_off(monkeypatch):
    monkeypatch.setattr(listening, "HEAD_SECONDS", SECOND)
    with listening_at() as port:
        assert b" 408 " in said(connect(port), b"GET / HTTP/1.1\r\nX: y\r\n")


def test_a_body_slower_than_any_line_is_cut_off(monkeypatch):
    monkeypatch.setattr(listening, "PATIENCE", SECOND)
    monkeypatch.setattr(listening, "SLOWEST", 1 << 30)
    with listening_at() as port:
        assert b" 408 " in said(connect(port), request(length=1000) + b"x" * 10)


def test_a_body_longer_than_its_address_takes_is_not_read(settings):
    with listening_at() as port:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        assert b" 413 " in said(connect(port), request("/sign-in/", length=limit + 1))
        part = request("/api/uploads/1/", length=limit + 1) + bytes(limit + 1)
        assert said(connect(port), part).endswith(b"http %d" % (limit + 1))
        assert b" 413 " in said(connect(port), request("/api/uploads/1/", length=listening.MAX_PART + 1))
        assert b" 413 " in said(connect(port), request("/api/uploads/1/", length=100 * 1000**3))


def test_the_list_of_a_card_may_be_as_long_as_the_docks_were_told():
    length = listening.MAX_PART + 1
    with listening_at() as port:
        listed = request("/api/unloads/", length=length) + bytes(length)
        assert said(connect(port), listed).endswith(b"http %d" % length)
        assert b" 413 " in said(connect(port), request("/api/unloads/", length=listening.CARD_LIMIT + 1))


@pytest.mark.parametrize("more", ["Transfer-Encoding: chunked\r\n"])
def test_a_body_without_a_length_is_not_read(more):
    with listening_at() as port:
        head = f"POST /api/uploads/1/ HTTP/1.1\r\nHost: x\r\n{more}\r\n".encode()
        assert b" 411 " in said(connect(port), head + b"3\r\nabc\r\n0\r\n\r\n")


def test_what_was_refused_early_is_thrown_away_and_its_sender_hears_why():
    size = 4 * 1024 * 1024
    with listening_at() as port:
        sock = connect(port)
        head = f"PATCH /api/uploads/unread/ HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode()
        sock.sendall(head + bytes(size))
        sock.settimeout(30)
        answer = b""
        while not answer.endswith(b"http 0"):
            answer += sock.recv(65536)
        # The connection goes on with the next request, where it should.
        assert said(sock, request(length=2) + b"ab").endswith(b"http 2")


def test_and_if_that_takes_too_long_the_connection_ends_with_the_answer(monkeypatch):
    monkeypatch.setattr(listening, "DISCARD_SECONDS", SECOND)
    with listening_at() as port:
        sock = connect(port)
        head = b"PATCH /api/uploads/unread/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
        assert said(sock, head + b"x").endswith(b"http 0")


def test_half_of_what_tls_needs_is_refused_with_a_sentence(tmp_path, certificate):
    assert tls_of("", "") is None
    for cert, key in (("c", ""), ("", "k")):
        with pytest.raises(TlsHalfError):
            tls_of(cert, key)
    other = Tls(certificate.cert, tmp_path / "none.pem")
    with pytest.raises(TlsFilesError):
        Server(("127.0.0.1", 0), read, other)
    with pytest.raises(TlsFilesError):
        Server(("127.0.0.1", 0), read, Tls(certificate.key, certificate.key))


class Taker(threading.Thread):
    """Sends a request in `tls`, and takes what comes until the end, as it is on the line."""

    def __init__(self, sock, context):
        super().__init__(daemon=True)
        self._sock, self._context = sock, context
        self.last, self.has_begun = b"", threading.Event()

    def run(self):
        came, goes = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = self._context.wrap_bio(came, goes, server_hostname="localhost")
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self._sock.sendall(goes.read())
                came.write(self._sock.recv(65536))
        tls.write(request())
        self._sock.sendall(goes.read())
        with suppress(ConnectionResetError):
            while octets := self._sock.recv(65536):
                self.last = self.last[-(10**6) :] + octets
                self.has_begun.set()


def test_stopping_ends_an_answer_that_goes_on_and_sends_none_of_it_in_the_clear(certificate):
    server = Server(("127.0.0.1", 0), send, certificate)
    server.shutdown_timeout = SECOND
    server.prepare()
    serving = threading.Thread(target=server.serve)
    serving.start()
    with connect(server.bind_addr[1]) as sock:
        taker = Taker(sock, ssl.create_default_context(cafile=certificate.cert))
        taker.start()
        assert taker.has_begun.wait(60)
        stopping = threading.Thread(target=server.stop, daemon=True)
        stopping.start()
        taker.join(15)
        is_over = not taker.is_alive()
    taker.join()
    stopping.join()
    serving.join()
    assert SECRET[:100] not in taker.last
    assert is_over
