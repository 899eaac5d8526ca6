"""What a file claims to be, from its octets and only then from its name."""

import os

import pytest

from aigaq.media.kinds import HEAD, Family, Kind, tell
from tests.support.films import film, heic, photo


@pytest.mark.parametrize(
    ("octets", "kind", "family"),
    [
        (film("mp4"), Kind.VIDEO, Family.ISOBMFF),
        (film("mov"), Kind.VIDEO, Family.ISOBMFF),
        (film("3gp", "libx264", "aac"), Kind.VIDEO, Family.ISOBMFF),
        (film("ipod", None, "aac"), Kind.AUDIO, Family.ISOBMFF),
        (film("avi", "mjpeg", "pcm_s16le"), Kind.VIDEO, Family.AVI),
        (film("matroska"), Kind.VIDEO, Family.MATROSKA),
        (film("mpegts"), Kind.VIDEO, Family.MPEGTS),
        (film("wav", None, "pcm_s16le"), Kind.AUDIO, Family.WAVE),
        (film("mp3", None, "libmp3lame"), Kind.AUDIO, Family.STREAM),
        (film("adts", None, "aac"), Kind.AUDIO, Family.STREAM),
        (film("amr", None, "libopencore_amrnb"), Kind.AUDIO, Family.STREAM),
        (film("flac", None, "flac"), Kind.AUDIO, Family.STREAM),
        (film("ogg", None, "libopus"), Kind.AUDIO, Family.STREAM),
        (photo("JPEG"), Kind.PHOTO, Family.PICTURE),
        (photo("PNG"), Kind.PHOTO, Family.PICTURE),
        (photo("BMP"), Kind.PHOTO, Family.PICTURE),
        (photo("WEBP"), Kind.PHOTO, Family.PICTURE),
        (heic(), Kind.PHOTO, Family.HEIF),
    ],
)
def test_the_octets_tell_whatever_the_name_says(octets, kind, family):
    claim = tell(octets[:HEAD], "notes.txt")
    assert (claim.kind, claim.family) == (kind, family)


def test_an_mp3_without_a_tag_is_told_by_two_frames_in_a_row():
    octets = film("mp3", None, "libmp3lame")
    bare = octets[octets.index(b"\xff\xfb") :]
    assert tell(bare[:HEAD], "x").kind is Kind.AUDIO
    assert tell(bare[:90] + bytes(HEAD), "x").kind is Kind.OTHER


def test_a_transport_stream_with_time_codes_is_told():
    packets = film("mpegts")
    with_time = b"".join(b"\0\0\0\0" + packets[at : at + 188] for at in range(0, 188 * 6, 188))
    assert tell(with_time[:HEAD], "x").family is Family.MPEGTS


def test_one_sync_octet_by_chance_is_no_transport_stream():
    assert tell(b"G" + bytes(HEAD), "x").kind is Kind.OTHER


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.MP4", Kind.VIDEO),
        ("б.jpeg", Kind.PHOTO),
        ("a.b.Wav", Kind.AUDIO),
        ("a.log", Kind.OTHER),
        ("mp4", Kind.OTHER),
    ],
)
def test_octets_that_tell_nothing_leave_it_to_the_extension(name, kind):
    claim = tell(bytes(HEAD), name)
    assert (claim.kind, claim.family) == (kind, Family.UNKNOWN)


@pytest.mark.parametrize("octets", [b"%PDF-1.7", b"PK\x03\x04", b"\x7fELF", b"MZ\x90", b"#!/bin/sh"])
def test_a_document_called_mp4_is_not_media(octets):
    assert tell(octets + bytes(HEAD), "video.mp4").kind is Kind.OTHER


def test_no_head_however_short_or_odd_is_an_error():
    for octets in (film("mp4"), film("mp3", None, "libmp3lame"), film("mpegts"), photo()):
        for length in range(40):
            tell(octets[:length], "x")
    for _ in range(2000):
        tell(os.urandom(64), "x.mp4")
    assert tell(b"", "").kind is Kind.OTHER
