"""Octets of a recording on their way to a browser: proven ones, or the answer breaks off."""

import logging
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Self, TypeAlias

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from aigaq.errors import AigaqError
from aigaq.vault.store import BlobReader
from aigaq.web.errors import sentence
from aigaq.web.recordings.ranges import Part, UnsatisfiableRangeError, whole

log = logging.getLogger(__name__)

PIECE = 512 * 1024
"""Octets sent at a time."""

Watching: TypeAlias = Callable[[], None]
Covering: TypeAlias = Callable[[int], int]

SANDBOX = "default-src 'none'; sandbox"
"""For whatever came from a card: were a browser to take it for a page, that page can do nothing."""


class Pieces(Iterator[bytes]):
    """A part of a recording, piece by piece; closes `reader` at the end, on a failure, and when told to.

    `watch` is asked before each piece, and raises once this reader may read no more. `covered` says up to
    which octet an entry of the ledger lets it go, and enters the next one where none does.

    A read that fails is raised: the server then closes the connection short of the announced length, which
    is how a browser learns that the rest is missing (RFC 9112 section 8).
    """

    def __init__(self, reader: BlobReader, part: Part, watch: Watching, covered: Covering) -> None:
        self._reader = reader
        self._watch = watch
        self._covered = covered
        self._at = part.first
        self._left = part.length
        reader.seek(part.first)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if not self._left:
            self.close()
            raise StopIteration
        try:
            self._watch()
            allowed = self._covered(self._at) + 1 - self._at
            piece = self._reader.read(min(PIECE, self._left, allowed))
        except AigaqError:
            log.exception("a recording broke off while it was being sent")
            self.close()
            raise
        assert piece, "a reader that was opened has as many octets as it says"
        self._at += len(piece)
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        self._reader.close()


def octets(
    reader: BlobReader, part: Part | None, *, content_type: str, watch: Watching, covered: Covering
) -> HttpResponseBase:
    """The whole, or 206 with the part. The reader is closed with the response."""
    sent = part or whole(reader.size)
    response = StreamingHttpResponse(Pieces(reader, sent, watch, covered), content_type=content_type)
    response.headers["Content-Length"] = str(sent.length)
    if part is not None:
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response.headers["Content-Range"] = str(part)
    return response


def head(size: int, *, content_type: str) -> HttpResponse:
    """What a GET of the whole would say, without the octets (a HEAD has no ranges, section 14.2)."""
    response = HttpResponse(content_type=content_type)
    response.headers["Content-Length"] = str(size)
    return response


def not_modified() -> HttpResponse:
    """The browser has it already; no octet of it is sent."""
    return HttpResponse(status=HTTPStatus.NOT_MODIFIED)


def unsatisfiable(error: UnsatisfiableRangeError) -> HttpResponse:
    response = said(error, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
    response.headers["Content-Range"] = f"bytes */{error.details['size']}"
    return response


def said(error: AigaqError, status: HTTPStatus) -> HttpResponse:
    """A sentence in the place of octets."""
    return HttpResponse(sentence(error), content_type="text/plain; charset=utf-8", status=status)


def marked(response: HttpResponseBase, *, etag: str | None = None) -> HttpResponseBase:
    """With the headers that everything from a card carries."""
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    if etag is not None:
        response.headers["ETag"] = etag
        response.headers["Accept-Ranges"] = "bytes"
    return response
