"""Opening a stored file for a browser: the decrypting reader, and a content type that is safe to serve."""

from collections.abc import Sequence
from typing import Any

from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.recordings.models import Blob, Judgement, RecordingFile
from aigaq.vault.age import Identity
from aigaq.vault.store import BlobReader, Vault

DOWNLOAD = "application/octet-stream"
"""What no browser opens by itself: for all that was not judged to be a picture, video or sound."""

STILL = "image/jpeg"

_CONTAINERS: dict[tuple[str, str], str] = {
    ("video", "mp4"): "video/mp4",
    ("video", "matroska"): "video/x-matroska",
    ("video", "webm"): "video/webm",
    ("video", "avi"): "video/x-msvideo",
    ("video", "mpegts"): "video/mp2t",
    ("audio", "mp4"): "audio/mp4",
    ("audio", "wav"): "audio/wav",
    ("audio", "mp3"): "audio/mpeg",
    ("audio", "aac"): "audio/aac",
    ("audio", "ogg"): "audio/ogg",
    ("audio", "flac"): "audio/flac",
    ("photo", "jpeg"): "image/jpeg",
    ("photo", "png"): "image/png",
    ("photo", "gif"): "image/gif",
    ("photo", "webp"): "image/webp",
    ("photo", "bmp"): "image/bmp",
}
_WEBM = frozenset({"vp8", "vp9", "av1", "opus", "vorbis"})
"""Codecs of WebM: the reader gives Matroska and WebM one name."""


def open(  # noqa: A001 - read as playback.open
    vault: Vault, identity: Identity | Sequence[Identity], file: RecordingFile
) -> tuple[BlobReader, str, int]:
    """A reader of the file's content, its content type, and its size in octets.

    The reader is the caller's to close. Raise `BlobMissingError`, `BlobDamagedError`, `AgeNoMatchError`.
    """
    reader = reader_of(vault, identity, file.blob)
    return reader, content_type(file), file.blob.size


def open_still(vault: Vault, identity: Identity | Sequence[Identity], still: Blob) -> BlobReader:
    """A reader of a still picture, which is a JPEG. Raises as `open`."""
    return reader_of(vault, identity, still)


def reader_of(vault: Vault, identity: Identity | Sequence[Identity], blob: Blob) -> BlobReader:
    """Of the blob that was entered, whatever was put beside it since; of another only if that is damaged."""
    content, stored = ContentDigest.parse(blob.content_digest), StoredDigest.parse(blob.stored_digest)
    return vault.open(content, identity, entered=stored)


def content_type(file: RecordingFile) -> str:
    """From what the prober found, of a closed list. Never from the name, which whoever had the card chose."""
    judgement = getattr(file, "judgement", None)
    if not isinstance(judgement, Judgement):
        return DOWNLOAD
    names = set((judgement.facts.get("container") or "").split(","))
    if "webm" in names and not _codecs(judgement.facts) <= _WEBM:
        names.discard("webm")
    found = (
        _CONTAINERS[file.kind, name]
        for name in sorted(names, reverse=True)
        if (file.kind, name) in _CONTAINERS
    )
    return next(found, DOWNLOAD)


def _codecs(facts: dict[str, Any]) -> set[str]:
    return {part["codec"] for part in (facts.get("video"), facts.get("audio")) if part}
