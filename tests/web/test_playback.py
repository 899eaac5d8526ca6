"""Octets of recordings over HTTP: exactly those asked for, after their entry, for their readers alone."""

import json
from urllib.parse import unquote

import pytest
from django.urls import reverse

from aigaq.core.digests import ContentDigest
from aigaq.ledger.models import LedgerEntry
from aigaq.recordings.models import Kind
from aigaq.vault.errors import BlobDamagedError
from aigaq.web.recordings import streaming
from aigaq.web.recordings.ranges import Part
from tests.support.forgery import make_ledger_unwritable
from tests.support.vaults import IDENTITY, flip
from tests.support.viewing import blob_of, held_open, let_go, open_room, picture, streamed

pytestmark = pytest.mark.django_db

CONTENT = bytes(number * 7 % 251 for number in range(300_000))
"""Several parts of 64 KiB, the last not whole."""


@pytest.fixture
def room(db, clock, tmp_path, monkeypatch, settings):
    return open_room(clock, tmp_path, monkeypatch, settings)


@pytest.fixture
def file(room):
    return room.enter(CONTENT)


@pytest.fixture
def client(room):
    return room.browser(room.office.custodian, unlocked=True)


def media(file):
    return reverse("recordings:media", args=[file.pk])


def bodies(kind):
    return [json.loads(entry.entry) for entry in LedgerEntry.objects.filter(kind=kind).order_by("seq")]


def test_the_whole_comes_with_its_headers(client, file):
    response = client.get(media(file))
    assert streamed(response) == CONTENT
    assert response.status_code == 200
    assert response["Content-Type"] == "video/mp4"
    assert response["Content-Length"] == str(len(CONTENT))
    assert response["Accept-Ranges"] == "bytes"
    assert response["ETag"] == f'"{file.blob.content_digest}"'
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "script-src" not in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=65535-65536", slice(65535, 65537)),
        ("bytes=100000-200000", slice(100000, 200001)),
        ("bytes=299990-", slice(299990, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=0-", slice(0, None)),
        ("bytes=250000-999999", slice(250000, None)),
    ],
)
def test_a_part_is_the_slice_of_the_same_numbers(client, file, header, part):
    response = client.get(media(file), headers={"range": header})
    expected = CONTENT[part]
    assert response.status_code == 206
    assert streamed(response) == expected
    assert response["Content-Length"] == str(len(expected))
    first = len(CONTENT) - len(CONTENT[part.start :])
    assert response["Content-Range"] == f"bytes {first}-{first + len(expected) - 1}/{len(CONTENT)}"


def test_what_lies_after_the_end_is_416(client, file):
    response = client.get(media(file), headers={"range": f"bytes={len(CONTENT)}-"})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(CONTENT)}"
    assert bodies("access.played") == []


def test_several_ranges_at_once_give_the_whole(client, file):
    response = client.get(media(file), headers={"range": "bytes=0-1,5-6"})
    assert response.status_code == 200
    assert streamed(response) == CONTENT


def test_a_part_of_another_version_is_not_given(client, file):
    tag = f'"{file.blob.content_digest}"'
    same = client.get(media(file), headers={"range": "bytes=0-9", "if-range": tag})
    other = client.get(media(file), headers={"range": "bytes=0-9", "if-range": f'"{"0" * 64}"'})
    assert (same.status_code, streamed(same)) == (206, CONTENT[:10])
    assert (other.status_code, streamed(other)) == (200, CONTENT)


def test_head_tells_and_gives_nothing(client, file):
    response = client.head(media(file), headers={"range": "bytes=0-9"})
    assert response.status_code == 200
    assert response["Content-Length"] == str(len(CONTENT))
    assert response.content == b""
    assert bodies("access.played") == []


def test_an_empty_file_is_given_empty(client, room):
    file = room.enter(b"")
    response = client.get(media(file), headers={"range": "bytes=-5"})
    assert (response.status_code, streamed(response)) == (200, b"")


def test_who_played_what_is_entered_before_the_first_octet(client, room, file):
    response = client.get(media(file), headers={"range": "bytes=10-19"})
    (entry,) = bodies("access.played")
    assert entry["actor"]["name"] == room.office.custodian.full_name
    assert entry["right"]["role"] == "custodian"
    assert entry["division"] == str(room.office.division.pk)
    body = entry["body"]
    assert body["file"] == str(file.pk)
    assert body["recording"] == str(file.recording_id)
    assert body["first"] <= 10
    assert 19 <= body["last"] < body["size"] == len(CONTENT)
    assert (body["from_ms"], body["to_ms"]) == (0, 10_000)
    assert body["content_digest"] == f"sha256:{file.blob.content_digest}"
    unlocked = bodies("access.unlocked")[-1]["body"]
    assert body["viewing"] == unlocked["viewing"]
    assert streamed(response) == CONTENT[10:20]


@pytest.mark.parametrize("name", ["media", "download", "still"])
def test_what_can_not_be_entered_is_not_given(client, room, file, name):
    before = LedgerEntry.objects.count()
    make_ledger_unwritable()
    response = client.get(reverse(f"recordings:{name}", args=[file.pk]))
    assert response.status_code == 503
    assert not response.streaming
    assert b"ledger" in response.content
    assert picture() not in response.content
    assert LedgerEntry.objects.count() == before


@pytest.mark.parametrize("name", ["list", "recording"])
def test_pages_of_recordings_are_not_shown_either(client, file, name):
    make_ledger_unwritable()
    response = client.get(reverse(f"recordings:{name}", args=[file.pk] if name == "recording" else []))
    assert response.status_code >= 400
    assert file.name.encode() not in response.content


def test_a_flipped_bit_breaks_the_answer_off_and_is_never_sent(client, room, file):
    path = blob_of(room, file)
    flip(path, path.stat().st_size // 2)
    response = client.get(media(file))
    pieces, got = response.streaming_content, b""
    try:
        for piece in pieces:
            got += piece
    except BlobDamagedError as error:
        broke_off = error
    else:
        pytest.fail("it went on past the damage")
    assert broke_off.details["content"].hex == file.blob.content_digest
    let_go(response)
    assert len(got) < len(CONTENT)
    assert CONTENT.startswith(got)


def test_a_damaged_beginning_is_refused_with_a_sentence(client, room, file):
    flip(blob_of(room, file), 60)
    response = client.get(media(file))
    assert response.status_code == 409
    assert "tell the head" in response.content.decode()
    page = client.get(reverse("recordings:recording", args=[file.pk]))
    assert page.status_code == 409
    assert "tell the head" in page.content.decode()
    assert "<video" not in page.content.decode()


def test_a_missing_blob_is_refused_with_a_sentence(client, room, file):
    blob_of(room, file).unlink()
    assert client.get(media(file)).status_code == 409


def test_nothing_stays_open_after_an_answer_given_up(client, room, file):
    response = client.get(media(file))
    assert held_open(room.vault_folder) == 1
    let_go(response)
    assert held_open(room.vault_folder) == 0
    pieces = client.get(media(file)).streaming_content
    next(pieces)
    del pieces
    client.get(media(file), headers={"range": "bytes=999999-"})
    client.head(media(file))
    client.get(reverse("recordings:recording", args=[file.pk]))
    assert held_open(room.vault_folder) == 0


def test_the_reader_is_closed_at_the_end_on_a_failure_and_when_given_up(room, file):
    def given(first=0):
        reader = room.vault.open(ContentDigest.parse(file.blob.content_digest), IDENTITY)
        return reader, streaming.octets(
            reader,
            Part(first, len(CONTENT) - 1, len(CONTENT)),
            content_type="x/y",
            watch=lambda: None,
            covered=lambda _offset: len(CONTENT) - 1,
        )

    reader, response = given()
    assert b"".join(response) == CONTENT
    assert reader.closed, "at the end"
    reader, response = given()
    let_go(response)
    assert reader.closed, "given up before the first octet"
    path = blob_of(room, file)
    flip(path, path.stat().st_size // 2)
    reader, response = given(first=len(CONTENT) // 2)
    with pytest.raises(BlobDamagedError):
        next(iter(response))
    assert reader.closed, "on a failure"


def test_every_address_for_everyone(room, file):
    """The custodian and the head of that very division, and nobody else; to others it is not there."""
    office = room.office
    other = room.enter(b"of the sister division", division=office.sister, recorder=None)
    names = ("media", "download", "still", "recording")
    expected = {
        office.head: (200, 404),
        office.custodian: (200, 404),
        office.sister_custodian: (404, 200),
        office.inspector: (403, 403),
        office.second_inspector: (403, 403),
        office.administrator: (403, 403),
    }
    for person, codes in expected.items():
        reads = person in {office.head, office.custodian, office.sister_custodian}
        client = room.browser(person, unlocked=reads)
        for name in names:
            for one, code in zip((file, other), codes, strict=True):
                response = client.get(reverse(f"recordings:{name}", args=[one.pk]))
                assert response.status_code == code, (person, name)
                if code != 200:
                    assert one.name.encode() not in response.content
                    assert one.blob.content_digest.encode() not in response.content
                let_go(response)
    nobody = room.browser(office.head)
    nobody.post(reverse("logout"))
    for name in names:
        response = nobody.get(reverse(f"recordings:{name}", args=[file.pk]))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("login"))


def test_locked_what_is_not_mine_is_still_not_there(room, file):
    """Whether a recording exists is not told by another status either."""
    client = room.browser(room.office.sister_custodian)
    missing = reverse("recordings:media", args=["00000000-0000-4000-8000-000000000000"])
    assert client.get(media(file)).status_code == client.get(missing).status_code == 404


def test_a_copy_is_always_an_attachment_and_is_entered(client, file):
    response = client.get(reverse("recordings:download", args=[file.pk]))
    assert streamed(response) == CONTENT
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    (entry,) = bodies("access.downloaded")
    assert entry["body"]["file"] == str(file.pk)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("DCIM/БТ-0001 Қонаев.MP4", "БТ-0001 Қонаев.MP4"),
        ('DCIM/a"; filename="evil.exe', "a__ filename=_evil.exe"),
        ("DCIM/x\r\nSet-Cookie: a=b.mp4", None),
        ("DCIM/..", "recording"),
        ("DCIM/-rf", "_-rf"),
        ("DCIM/CON.mp4", "_CON.mp4"),
        ("DCIM/\u202egpj.exe", None),
        ("DCIM/" + "ұ" * 250 + ".MP4", None),
        ("DCIM/\\..\\..\\x", None),
        ("DCIM/a;b%00c'd.mp4", "a_b_00c_d.mp4"),
    ],
)
def test_hostile_names_harm_nobody(client, room, path, name):
    file = room.enter(CONTENT[:10], path=path)
    response = client.get(reverse("recordings:download", args=[file.pk]))
    let_go(response)
    disposition = response["Content-Disposition"]
    assert disposition.isascii()
    assert disposition.isprintable()
    assert disposition.count('"') == 2
    given = unquote(disposition.partition("filename*=UTF-8''")[2])
    assert given
    assert not set(given) & set('/\\:*?"<>|;%\r\n\u202e')
    assert len(given.encode()) <= 255
    assert name is None or given == name


def test_what_is_not_media_is_only_given_as_a_copy(client, room):
    file = room.enter(
        b"<script>alert(1)</script>", kind=Kind.OTHER, verdict="not-media", container=None, path="x.html"
    )
    assert client.get(media(file)).status_code == 404
    assert (
        streamed(client.get(reverse("recordings:download", args=[file.pk]))) == b"<script>alert(1)</script>"
    )


def test_a_still_is_a_picture_and_is_entered(client, file):
    response = client.get(reverse("recordings:still", args=[file.pk]))
    assert response.content == picture()
    assert response["Content-Type"] == "image/jpeg"
    assert "sandbox" in response["Content-Security-Policy"]
    (entry,) = bodies("access.still")
    assert entry["body"]["file"] == str(file.pk)


def test_without_a_still_there_is_none(client, room):
    file = room.enter(CONTENT, still=None)
    assert client.get(reverse("recordings:still", args=[file.pk])).status_code == 404


@pytest.mark.parametrize("name", ["media", "still", "download"])
def test_no_other_way_of_asking(client, file, name):
    assert client.post(reverse(f"recordings:{name}", args=[file.pk])).status_code == 405
