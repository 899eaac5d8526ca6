"""Errors of ours as programs read them: problem details (RFC 9457) with the stable code."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from django.http import HttpResponse

from aigaq.api.errors import (
    BadRequestBodyError,
    MethodError,
    OtherProtocolError,
    ServerBusyError,
    UnsupportedMediaError,
    UnsupportedVersionError,
)
from aigaq.docks import errors as docks
from aigaq.errors import AigaqError, BadInputError, RefusedError
from aigaq.unloading import errors as unloading
from aigaq.unloading.receipt import ReceiptError
from aigaq.unloading.statements import NotSignedError
from aigaq.vault import errors as vault
from aigaq.web.errors import sentence

CHECKSUM_MISMATCH: Final = 460
"""The protocol's own (tus 1.0.0, "Checksum")."""

_STATUSES: Final[tuple[tuple[type[AigaqError], int], ...]] = (
    # The first that fits.
    (UnsupportedVersionError, HTTPStatus.PRECONDITION_FAILED),
    (OtherProtocolError, HTTPStatus.CONFLICT),
    (unloading.OverError, HTTPStatus.GONE),
    (unloading.NotHandedOverError, HTTPStatus.CONFLICT),
    (unloading.NoRoomError, HTTPStatus.INSUFFICIENT_STORAGE),
    (unloading.DatabaseStoppedError, HTTPStatus.SERVICE_UNAVAILABLE),
    (UnsupportedMediaError, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    (BadRequestBodyError, HTTPStatus.BAD_REQUEST),
    (ReceiptError, HTTPStatus.BAD_REQUEST),
    (MethodError, HTTPStatus.METHOD_NOT_ALLOWED),
    (ServerBusyError, HTTPStatus.SERVICE_UNAVAILABLE),
    (docks.NoSessionError, HTTPStatus.UNAUTHORIZED),
    (docks.TooManySessionsError, HTTPStatus.TOO_MANY_REQUESTS),
    (docks.NotLetInError, HTTPStatus.FORBIDDEN),
    (NotSignedError, HTTPStatus.FORBIDDEN),
    (docks.UnknownUploadError, HTTPStatus.NOT_FOUND),
    (docks.UploadEndedError, HTTPStatus.GONE),
    (docks.UploadCompleteError, HTTPStatus.CONFLICT),
    (docks.WrongOffsetError, HTTPStatus.CONFLICT),
    (docks.UploadTooLargeError, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (docks.BeyondLengthError, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (docks.PartTooLargeError, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (docks.NoPartLengthError, HTTPStatus.LENGTH_REQUIRED),
    (docks.TooManyUploadsError, HTTPStatus.TOO_MANY_REQUESTS),
    (docks.TooManyBegunError, HTTPStatus.TOO_MANY_REQUESTS),
    (docks.TooMuchUnfinishedError, HTTPStatus.TOO_MANY_REQUESTS),
    (docks.NoRoomForUploadError, HTTPStatus.INSUFFICIENT_STORAGE),
    (docks.ChecksumMismatchError, CHECKSUM_MISMATCH),
    (docks.PartCutShortError, HTTPStatus.BAD_REQUEST),
    (vault.UploadBusyError, HTTPStatus.LOCKED),
    (vault.UploadPartMissingError, HTTPStatus.GONE),
    (vault.NotABlobError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (vault.VaultFullError, HTTPStatus.INSUFFICIENT_STORAGE),
    (vault.VaultError, HTTPStatus.SERVICE_UNAVAILABLE),
    (RefusedError, HTTPStatus.CONFLICT),
    (BadInputError, HTTPStatus.BAD_REQUEST),
)
_LATER: Final[Mapping[int, int]] = {
    HTTPStatus.TOO_MANY_REQUESTS: 60,
    HTTPStatus.LOCKED: 5,
    HTTPStatus.SERVICE_UNAVAILABLE: 10,
    HTTPStatus.INSUFFICIENT_STORAGE: 300,
}
"""Seconds after which it may be tried again."""
_TITLES: Final[Mapping[int, str]] = {CHECKSUM_MISMATCH: "Checksum Mismatch"}


def status_of(error: AigaqError) -> int:
    for kind, status in _STATUSES:
        if isinstance(error, kind):
            return int(status)
    return int(HTTPStatus.INTERNAL_SERVER_ERROR)


def problem(error: AigaqError) -> HttpResponse:
    """The sentence is in the language that was asked for; programs go by the code."""
    status = status_of(error)
    title = _TITLES.get(status) or HTTPStatus(status).phrase
    told = {
        "type": f"urn:aigaq:{error.code}",
        "title": title,
        "status": status,
        "code": error.code,
        "detail": sentence(error),
    }
    response = HttpResponse(
        json.dumps(told, ensure_ascii=False),
        status=status,
        reason=title,
        content_type="application/problem+json",
    )
    if status in _LATER:
        response["Retry-After"] = str(_LATER[status])
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="aigaq"'
    return response
