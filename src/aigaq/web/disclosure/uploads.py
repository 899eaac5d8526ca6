"""Taking a scanned paper from a browser: it stays in memory, up to a bound, and is never laid on the disk."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from aigaq.disclosure.rules import DOCUMENT_LIMIT
from aigaq.web.pressed import once

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

_BESIDE = 64 * 1024
"""Octets of a form beside the file."""


class InMemory(MemoryFileUploadHandler):
    """Django lays larger uploads into files that nobody has sealed."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401, ARG002 - Django's signature
        self.activated = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if start + len(raw_data) > DOCUMENT_LIMIT + _BESIDE:
            raise StopUpload(connection_reset=True)
        return super().receive_data_chunk(raw_data, start)


def in_memory(view: View) -> View:
    """For views that take a file. The handler has to be there before anything looks at the post."""
    protected = csrf_protect(once(view))

    def taking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - passed on
        request.upload_handlers = [InMemory(request)]
        return protected(request, *args, **kwargs)

    for name in ("__name__", "__qualname__", "__module__", "__doc__"):
        setattr(taking, name, getattr(view, name))
    taking.door = view.door  # type: ignore[attr-defined]
    return cast("View", csrf_exempt(taking))
