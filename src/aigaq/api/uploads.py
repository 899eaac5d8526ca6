"""The tus 1.0.0 protocol: core, creation, checksum, expiration, termination.

https://tus.io/protocols/resumable-upload

`docs/formats/dock-api.md` says what is particular here. Octets go from the line to the disk in small pieces:
no request's body is ever held whole, in memory or in a temporary file.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import format_datetime
from functools import wraps
from threading import BoundedSemaphore
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from aigaq import wiring
from aigaq.api.endpoint import View, answer, endpoint, with_dock
from aigaq.api.errors import ServerBusyError, UnsupportedMediaError, UnsupportedVersionError
from aigaq.api.problems import problem
from aigaq.core.clock import rfc3339
from aigaq.core.digests import ContentDigest, MalformedDigestError, StoredDigest
from aigaq.docks import errors, rules, uploads
from aigaq.docks.models import Dock, Upload, UploadState
from aigaq.errors import AigaqError
from aigaq.vault.layout import BlobName
from aigaq.vault.receiving import LEAST

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,checksum,expiration,termination"
PART_TYPE: Final = "application/offset+octet-stream"
AT_ONCE: Final = 12
"""Parts taken, and uploads begun, at a time by one process: half of what `aigaq serve` serves at once, so
that pages go on."""

_METADATA_LIMIT: Final = 1024
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_DIGEST_SIZES: Final = {"sha256": 32, "sha1": 20}
_slots = BoundedSemaphore(AT_ONCE)


@contextmanager
def _a_place() -> Iterator[None]:
    """One of `AT_ONCE`. Raise `ServerBusyError` where there is none."""
    if not _slots.acquire(blocking=False):
        raise ServerBusyError(limit=AT_ONCE)
    try:
        yield
    finally:
        _slots.release()


def _tus(view: View) -> View:
    """Only for who speaks this version; and every answer, whatever it is, says which one we speak."""

    @wraps(view)
    def speaking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - passed on
        try:
            if request.headers.get("Tus-Resumable") != VERSION:
                raise UnsupportedVersionError(versions=VERSION)
            response = view(request, *args, **kwargs)
        except AigaqError as error:
            response = problem(error)
            if isinstance(error, UnsupportedVersionError):
                response["Tus-Version"] = VERSION
        response["Tus-Resumable"] = VERSION
        return response

    return speaking


def _options(_request: HttpRequest, upload_id: UUID | None = None) -> HttpResponse:  # noqa: ARG001 - of the address
    return HttpResponse(
        status=204,
        headers={
            "Tus-Resumable": VERSION,
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(rules.MAX_UPLOAD),
            "Tus-Checksum-Algorithm": ",".join(uploads.ALGORITHMS),
            "Aigaq-Max-Part": str(rules.MAX_PART),
        },
    )


@_tus
@with_dock
def _create(request: HttpRequest, dock: Dock) -> HttpResponse:
    length = _whole(request.headers.get("Upload-Length"))
    if length is None:
        raise errors.BadLengthError(least=LEAST)
    name = _name(request.headers.get("Upload-Metadata", ""))
    # What the dock handed over before is read whole, to be proven once more.
    with _a_place():
        upload = uploads.begin(wiring.intake(), dock, name=name, length=length)
    response = answer(_told(upload), status=201)
    # Relative: a proxy before us has another name and scheme.
    response["Location"] = reverse("api:upload", args=[upload.pk])
    return _headed(response, upload)


@_tus
@with_dock
def _head(_request: HttpRequest, dock: Dock, upload_id: UUID) -> HttpResponse:
    upload = uploads.upload_of(dock, upload_id)
    if upload.state not in (UploadState.RECEIVING, UploadState.COMPLETE):
        raise errors.UploadEndedError(reason=upload.reason or upload.state)
    response = _headed(HttpResponse(status=200), upload)
    response["Upload-Length"] = str(upload.length)
    response["Upload-Metadata"] = _metadata(upload)
    return response


@with_dock
def _get(_request: HttpRequest, dock: Dock, upload_id: UUID) -> HttpResponse:
    """Not of the protocol: what became of it, also where it has ended."""
    return answer(_told(uploads.upload_of(dock, upload_id)))


@_tus
@with_dock
def _patch(request: HttpRequest, dock: Dock, upload_id: UUID) -> HttpResponse:
    if request.content_type != PART_TYPE:
        raise UnsupportedMediaError(expected=PART_TYPE)
    upload = uploads.upload_of(dock, upload_id)
    offset = _whole(request.headers.get("Upload-Offset"))
    if offset is None:
        raise errors.WrongOffsetError(offset=upload.offset, given="…")
    length = _whole(request.headers.get("Content-Length"))
    if length is None:
        raise errors.NoPartLengthError
    checksum = _checksum(request.headers.get("Upload-Checksum"))
    with _a_place():
        upload = uploads.receive(
            wiring.intake(), upload, offset=offset, length=length, body=request, checksum=checksum
        )
    return _headed(HttpResponse(status=204), upload)


@_tus
@with_dock
def _delete(_request: HttpRequest, dock: Dock, upload_id: UUID) -> HttpResponse:
    uploads.terminate(wiring.intake(), uploads.upload_of(dock, upload_id))
    return HttpResponse(status=204)


def _headed(response: HttpResponse, upload: Upload) -> HttpResponse:
    response["Upload-Offset"] = str(upload.offset)
    if upload.state == UploadState.RECEIVING:
        expires = format_datetime(upload.touched_at + rules.ABANDONED_AFTER, usegmt=True)
        response["Upload-Expires"] = expires
    return response


def _told(upload: Upload) -> dict[str, Any]:
    is_complete = upload.state == UploadState.COMPLETE
    return {
        "upload": str(upload.pk),
        "state": upload.state,
        "reason": upload.reason,
        "offset": upload.offset,
        "length": upload.length,
        "content": upload.content_digest,
        "stored": upload.stored_digest,
        "kept_as": upload.kept_as if is_complete else None,
        "touched_at": rfc3339(upload.touched_at),
    }


def _whole(text: str | None) -> int | None:
    """A number as the protocol spells it; None for anything else."""
    return int(text) if text is not None and _NUMBER.fullmatch(text) else None


def _name(text: str) -> BlobName:
    """The two digests in ``Upload-Metadata``. Raise `BadMetadataError`."""
    found = _pairs(text)
    try:
        return BlobName(ContentDigest.parse(found["content"]), StoredDigest.parse(found["stored"]))
    except MalformedDigestError as error:
        raise errors.BadMetadataError(reason="a value is no digest") from error


def _pairs(text: str) -> Mapping[str, str]:
    if len(text) > _METADATA_LIMIT:
        raise errors.BadMetadataError(reason="it is too long")
    found: dict[str, str] = {}
    for pair in text.split(","):
        key, _blank, value = pair.strip().partition(" ")
        if key in found:
            raise errors.BadMetadataError(reason="a name stands twice")
        try:
            found[key] = base64.b64decode(value, validate=True).decode("ascii")
        except (binascii.Error, ValueError) as error:
            raise errors.BadMetadataError(reason="a value is not base64 of a digest") from error
    if found.keys() != {"content", "stored"}:
        raise errors.BadMetadataError(reason="it has other names")
    return found


def _metadata(upload: Upload) -> str:
    values = {"content": upload.content_digest, "stored": upload.stored_digest}
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


def _checksum(text: str | None) -> uploads.Checksum | None:
    """Raise `BadChecksumError`."""
    if text is None:
        return None
    algorithm, _blank, value = text.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise errors.BadChecksumError from error
    if len(digest) != _DIGEST_SIZES.get(algorithm):
        raise errors.BadChecksumError
    return uploads.Checksum(algorithm, digest)


collection = endpoint(OPTIONS=_options, POST=_create)
item = endpoint(OPTIONS=_options, HEAD=_head, GET=_get, PATCH=_patch, DELETE=_delete)
