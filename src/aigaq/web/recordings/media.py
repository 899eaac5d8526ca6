"""The octets of recordings: played, looked at as a still picture, or taken away as a copy."""

from contextlib import ExitStack
from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from aigaq import wiring
from aigaq.access.errors import VaultLockedError
from aigaq.access.looks import Grants, Look, Octets
from aigaq.access.stretches import Scale, Whole
from aigaq.errors import AigaqError
from aigaq.ledger.services import By
from aigaq.recordings import playback
from aigaq.recordings.derivatives import Choice, choice_of, original
from aigaq.recordings.errors import NoSuchRecordingError
from aigaq.recordings.models import RecordingFile
from aigaq.recordings.selectors import file_for
from aigaq.retention.errors import DestroyedError
from aigaq.retention.plans import disposed_of
from aigaq.vault.age import AgeNoMatchError
from aigaq.vault.errors import VaultError
from aigaq.vault.store import BlobReader
from aigaq.web.duty import OfficeRequest
from aigaq.web.recordings import looks, streaming
from aigaq.web.recordings.looks import Covered, LookNotEnteredError
from aigaq.web.recordings.names import as_attachment
from aigaq.web.recordings.ranges import (
    AnotherVersionError,
    Part,
    UnsatisfiableRangeError,
    holds,
    is_held,
    is_of_another,
    part_of,
    whole,
)
from aigaq.web.security import open_to
from aigaq.web.vault.unlocked import Watch, identity_of, viewing_of
from aigaq.web.vault.views import READERS, refused, to_unlock


def readable_file(request: OfficeRequest, file_id: UUID) -> RecordingFile:
    """The file, if it is of a division that the person may read. To all others it is not there: 404."""
    try:
        return file_for(request.duty.standing, file_id)
    except NoSuchRecordingError as error:
        raise Http404 from error


@open_to(*READERS)
@require_safe
def media(request: OfficeRequest, file_id: UUID) -> HttpResponseBase:
    """What a player or a picture on the page shows; any part of it (RFC 9110 section 14)."""
    choice = choice_of(readable_file(request, file_id))
    if choice.blob is None:
        raise Http404
    return _given(request, choice, "played")


@open_to(*READERS)
@require_safe
def download(request: OfficeRequest, file_id: UUID) -> HttpResponseBase:
    """A copy of the original, octet for octet as it lay on the card."""
    file = readable_file(request, file_id)
    response = _given(request, original(file), "downloaded")
    if response.status_code == HTTPStatus.FORBIDDEN and _is_navigation(request):
        return to_unlock(request)
    if response.status_code in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
        response.headers["Content-Disposition"] = as_attachment(file.name)
    return response


@open_to(*READERS)
@require_safe
def still(request: OfficeRequest, file_id: UUID) -> HttpResponseBase:
    """The small picture that was made when the recording was stored."""
    file = readable_file(request, file_id)
    judgement = getattr(file, "judgement", None)
    if judgement is None or judgement.still is None or disposed_of(file.recording) is not None:
        raise Http404
    try:
        with playback.open_still(wiring.vault(), identity_of(request), judgement.still) as reader:
            picture = reader.read()
        if request.method != "HEAD":
            digest = f"sha256:{judgement.still.content_digest}"
            Covered(_grants(request, original(file), "still", digest, Whole(len(picture))))(0)
    except AigaqError as error:
        return streaming.marked(_refusal(error))
    return streaming.marked(HttpResponse(picture, content_type=playback.STILL))


def _given(request: OfficeRequest, choice: Choice, act: Look) -> HttpResponseBase:
    """The octets asked for, after their entry; or the sentence that says why there are none."""
    file, blob, content_type = choice.file, choice.blob, choice.content_type
    assert blob is not None
    etag = f'"{blob.content_digest}"'
    disposed = disposed_of(file.recording)
    if disposed is not None:
        return streaming.marked(_refusal(DestroyedError(at=disposed.disposed_at, act=disposed.act)))
    try:
        reader = playback.reader_of(wiring.vault(), identity_of(request), blob)
    except AigaqError as error:
        return streaming.marked(_refusal(error))
    with ExitStack() as until_it_is_sent:
        until_it_is_sent.callback(reader.close)
        try:
            if is_of_another(request.headers.get("If-Match"), etag):
                raise AnotherVersionError
            if is_held(request.headers.get("If-None-Match"), etag):
                return streaming.marked(streaming.not_modified(), etag=etag)
            if request.method == "HEAD":
                return streaming.marked(streaming.head(reader.size, content_type=content_type), etag=etag)
            part = _part(request, reader, etag)
            covered = _covered(request, choice, act, reader.size, part)
            covered((part or whole(reader.size)).first)
        except AigaqError as error:
            return streaming.marked(_refusal(error))
        watch = Watch(request, file.recording.division)
        response = streaming.octets(reader, part, content_type=content_type, watch=watch, covered=covered)
        until_it_is_sent.pop_all()
    return streaming.marked(response, etag=etag)


def _covered(request: OfficeRequest, choice: Choice, act: Look, size: int, part: Part | None) -> Covered:
    """What is played is entered stretch by stretch, a copy as a whole and each one of them."""
    assert choice.blob is not None
    is_copy = act == "downloaded"
    scale = Whole(size) if is_copy else Scale(size, choice.duration)
    digest = f"sha256:{choice.blob.content_digest}"
    covered = Covered(_grants(request, choice, act, digest, scale))
    if is_copy and part is None:
        covered.anew()
    return covered


def _grants(request: OfficeRequest, choice: Choice, act: Look, digest: str, scale: Scale) -> Grants:
    octets = Octets(
        digest=digest,
        scale=scale,
        viewing=viewing_of(request),
        file=choice.file.pk,
        about=looks.about_shown(choice),
    )
    return Grants(wiring.ledger(), _by(request, choice.file), act, octets)


def _refusal(error: AigaqError) -> HttpResponse:
    """A sentence in the place of octets. Raises what is no matter of the recording."""
    match error:
        case VaultLockedError():
            return refused(error)
        case UnsatisfiableRangeError():
            return streaming.unsatisfiable(error)
        case AnotherVersionError():
            return streaming.said(error, HTTPStatus.PRECONDITION_FAILED)
        case LookNotEnteredError():
            return streaming.said(error, HTTPStatus.SERVICE_UNAVAILABLE)
        case DestroyedError():
            return streaming.said(error, HTTPStatus.GONE)
        case VaultError() | AgeNoMatchError():
            return streaming.said(error, HTTPStatus.CONFLICT)
    raise error


def _part(request: OfficeRequest, reader: BlobReader, etag: str) -> Part | None:
    if not holds(request.headers.get("If-Range"), etag):
        return None
    return part_of(request.headers.get("Range"), reader.size)


def _by(request: OfficeRequest, file: RecordingFile) -> By:
    return looks.by_reader(request.duty.standing, file.recording.division)


def _is_navigation(request: OfficeRequest) -> bool:
    """Did a person follow a link, rather than a script or a player ask? Old browsers don't tell."""
    return request.headers.get("Sec-Fetch-Dest", "document") == "document"
