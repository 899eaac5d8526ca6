"""The tus protocol as a docking PC speaks it, and as somebody would who means harm: refused, bounded, told."""

import base64
import json
import logging
import os
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client

from aigaq import wiring
from aigaq.api import uploads as api
from aigaq.docks import rules, services
from aigaq.docks.models import Dock, DockSession, Received, Upload
from aigaq.vault.layout import BlobName
from tests.support.docks import PART, checksum, metadata, open_dock, sealed
from tests.support.vaults import blobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dock(office):
    return open_dock(Client(), office)


@pytest.fixture
def blob():
    return sealed(os.urandom(5000))


def place_of(dock, blob) -> str:
    begun = dock.begin(blob)
    assert begun.status_code == 201, begun.content
    return begun["Location"]


def code_of(response) -> str:
    assert response["Content-Type"] == "application/problem+json"
    told = json.loads(response.content)
    assert told["status"] == response.status_code
    assert told["type"] == f"urn:aigaq:{told['code']}"
    assert len(told["detail"].split()) > 3
    return told["code"]


def in_vault(blob) -> bool:
    return any(path.name == blob.name.file for path in blobs(wiring.backend().directory))


def test_the_server_says_what_it_speaks_to_anybody(db):
    for place in ("/api/uploads/", f"/api/uploads/{uuid.uuid4()}/"):
        told = Client().options(place)
        assert told.status_code == 204
        assert told["Tus-Resumable"] == told["Tus-Version"] == "1.0.0"
        assert set(told["Tus-Extension"].split(",")) == {"creation", "checksum", "expiration", "termination"}
        assert told["Tus-Max-Size"] == str(rules.MAX_UPLOAD)
        assert set(told["Tus-Checksum-Algorithm"].split(",")) == {"sha256", "sha1"}


def test_a_recording_is_uploaded_in_parts_and_proven(dock, blob):
    place = place_of(dock, blob)
    begun = dock.head(place)
    assert (begun.status_code, begun["Upload-Offset"], begun["Upload-Length"]) == (
        200,
        "0",
        str(len(blob.octets)),
    )
    assert begun["Cache-Control"] == "no-store"
    assert begun["Upload-Metadata"] == metadata(blob.name)
    assert begun["Upload-Expires"].endswith(" GMT")
    first = dock.part(place, blob.octets[:2000], 0, Upload_Checksum=checksum(blob.octets[:2000]))
    assert (first.status_code, first["Upload-Offset"], first["Tus-Resumable"]) == (204, "2000", "1.0.0")
    last = dock.part(place, blob.octets[2000:], 2000, Upload_Checksum=checksum(blob.octets[2000:], "sha1"))
    assert (last.status_code, last["Upload-Offset"]) == (204, str(len(blob.octets)))
    assert "Upload-Expires" not in last
    assert in_vault(blob)
    told = json.loads(dock.ask("GET", place).content)
    assert (told["state"], told["kept_as"]) == ("complete", blob.name.stored.hex)


def test_what_the_dock_handed_over_before_is_there_at_once(dock):
    dock.upload(sealed(b"same" * 1000))
    again = sealed(b"same" * 1000)
    begun = dock.begin(again)
    assert (begun.status_code, begun["Upload-Offset"]) == (201, str(len(again.octets)))
    assert json.loads(begun.content)["state"] == "complete"
    assert not in_vault(again)


def test_nothing_is_told_of_what_others_handed_over(office, dock):
    other = open_dock(Client(), office)
    other.upload(sealed(b"other" * 1000))
    begun = dock.begin(sealed(b"other" * 1000))
    assert (begun.status_code, begun["Upload-Offset"]) == (201, "0")
    assert json.loads(begun.content)["kept_as"] is None


def test_another_version_is_not_spoken(dock, blob):
    place = place_of(dock, blob)
    for method in ("POST", "HEAD", "PATCH", "DELETE"):
        for version in ("", "0.2.2", "2.0.0"):
            where = "/api/uploads/" if method == "POST" else place
            response = dock.ask(method, where, Tus_Resumable=version)
            assert (response.status_code, response["Tus-Version"]) == (412, "1.0.0"), (method, version)


def test_without_a_session_nothing_is_done(dock, blob):
    place = place_of(dock, blob)
    for token in ("", "x", "a" * 43, "a" * 100_000, "ю".encode().decode("latin-1")):
        dock.token = token
        for method in ("POST", "HEAD", "PATCH", "DELETE", "GET"):
            response = dock.ask(method, "/api/uploads/" if method == "POST" else place)
            assert response.status_code == 401, (token[:5], method)
            assert response["WWW-Authenticate"].startswith("Bearer")
    assert Upload.objects.count() == 1


def test_the_upload_of_another_dock_is_not_there(office, dock, blob):
    place = place_of(dock, blob)
    other = open_dock(Client(), office)
    for method in ("HEAD", "PATCH", "DELETE", "GET"):
        response = other.ask(method, place, blob.octets, PART, Upload_Offset="0")
        assert response.status_code == 404
        nowhere = other.ask(method, f"/api/uploads/{uuid.uuid4()}/", blob.octets, PART, Upload_Offset="0")
        assert (nowhere.status_code, nowhere.content) == (response.status_code, response.content)
    assert dock.head(place)["Upload-Offset"] == "0"


def test_a_session_over_or_revoked_is_good_for_nothing_more(office, dock, blob):
    place = place_of(dock, blob)
    DockSession.objects.update(expires_at=wiring.clock().now())
    assert dock.head(place).status_code == 401
    assert dock.open_session(wiring.clock().now()).status_code == 201
    assert dock.head(place).status_code == 200
    services.revoke(office.ledger, office.by(office.head), Dock.objects.get(pk=dock.pc.id), "Ұрланды")
    assert dock.part(place, blob.octets, 0).status_code == 401
    refused = dock.open_session(wiring.clock().now())
    assert (refused.status_code, code_of(refused)) == (403, "dock.revoked")
    assert not in_vault(blob)


LENGTHS = ["", "-1", "0", "199", "1.5", "1e3", "0x10", "٣٠٠", " 300 ", "9" * 17, "300,300", "nan"]


def test_a_length_that_is_none_begins_nothing(dock, blob):
    for length in LENGTHS:
        response = dock.begin(blob, Upload_Length=length.encode().decode("latin-1"))
        assert (response.status_code, code_of(response)) == (400, "upload.length"), length
    assert not Upload.objects.exists()


def test_a_length_to_be_told_later_is_not_offered(dock, blob):
    response = dock.begin(blob, Upload_Length="", Upload_Defer_Length="1")
    assert response.status_code == 400


def test_a_hundred_gigabytes_are_refused(dock, blob):
    response = dock.begin(blob, Upload_Length=str(100 * 1000**3))
    assert (response.status_code, code_of(response)) == (413, "upload.too-large")


def pair(name, value=b"ab" * 32):
    return f"{name} {base64.b64encode(value).decode()}"


BOTH = f"{pair('content')},{pair('stored')}"


ABSURD = [
    "",
    ",",
    pair("content"),
    pair("stored"),
    f"{BOTH},{pair('filename', b'../../etc/passwd')}",
    f"{BOTH},{pair('content')}",
    f"{pair('content', b'../' * 20)},{pair('stored')}",
    f"{pair('content', b'/etc/passwd')},{pair('stored')}",
    f"{pair('content', b'AB' * 32)},{pair('stored')}",
    f"{pair('content', b'ab' * 31)},{pair('stored')}",
    f"{pair('content', bytes(32))},{pair('stored')}",
    f"{pair('content', 'ә'.encode() * 32)},{pair('stored')}",
    f"content,{pair('stored')}",
    f"content !!!!,{pair('stored')}",
    "content",
    f"{BOTH}," + pair("x", b"y" * 2000),
    "a" * 20_000,
]


def test_absurd_metadata_begins_nothing(dock, blob):
    for text in ABSURD:
        response = dock.begin(blob, Upload_Metadata=text)
        assert (response.status_code, code_of(response)) == (400, "upload.metadata"), text[:80]
    assert not Upload.objects.exists()


def test_a_name_with_slashes_is_no_upload(dock):
    for name in ("../vault", "%2e%2e%2fvault", "..%2f..%2fetc%2fpasswd", "x" * 300, "1/2"):
        assert dock.head(f"/api/uploads/{name}/").status_code == 404, name


def test_a_wrong_offset_is_told_where_the_upload_stands(dock, blob):
    place = place_of(dock, blob)
    for offset in ("", "1", "-1", "4999", "5000", "99999999999999", "1.0", "x"):
        response = dock.ask("PATCH", place, blob.octets[:100], PART, Upload_Offset=offset)
        assert (response.status_code, code_of(response)) == (409, "upload.offset"), offset
    assert dock.head(place)["Upload-Offset"] == "0"


def test_parts_have_a_type_of_their_own(dock, blob):
    place = place_of(dock, blob)
    for kind in ("application/octet-stream", "text/plain", "application/x-www-form-urlencoded"):
        response = dock.ask("PATCH", place, blob.octets, kind, Upload_Offset="0")
        assert (response.status_code, code_of(response)) == (415, "api.media-type"), kind


def test_a_part_beyond_the_end_or_beyond_all_measure_is_refused(dock, blob, monkeypatch):
    place = place_of(dock, blob)
    response = dock.part(place, blob.octets + b"x", 0)
    assert (response.status_code, code_of(response)) == (413, "upload.beyond-length")
    monkeypatch.setattr(rules, "MAX_PART", 1000)
    response = dock.part(place, blob.octets, 0)
    assert (response.status_code, code_of(response)) == (413, "upload.part-too-large")
    # Django's client sends no type without a body.
    assert dock.part(place, b"", 0).status_code == 415
    assert dock.head(place)["Upload-Offset"] == "0"


def test_a_wrong_checksum_keeps_nothing(dock, blob):
    place = place_of(dock, blob)
    response = dock.part(place, blob.octets[:100], 0, Upload_Checksum=checksum(b"other"))
    assert (response.status_code, code_of(response)) == (460, "upload.checksum")
    assert response.reason_phrase == "Checksum Mismatch"
    assert dock.head(place)["Upload-Offset"] == "0"


def test_a_checksum_that_is_none_is_refused(dock, blob):
    place = place_of(dock, blob)
    for text in ("md5 AAAA", "sha256", "sha256 !!", "sha256 AAAA", "sha1 " + "A" * 400, " "):
        response = dock.part(place, blob.octets[:100], 0, Upload_Checksum=text)
        assert (response.status_code, code_of(response)) == (400, "upload.checksum-form"), text


def test_a_part_after_the_end_is_refused_and_so_is_giving_up(dock, blob):
    place = dock.upload(blob)
    for response in (dock.part(place, b"more", len(blob.octets)), dock.ask("DELETE", place)):
        assert (response.status_code, code_of(response)) == (409, "upload.complete")
    assert in_vault(blob)
    assert dock.head(place)["Upload-Offset"] == str(len(blob.octets))


def test_what_was_not_announced_is_refused_and_gone(dock, blob):
    claimed = BlobName(blob.name.content, sealed(b"other").name.stored)
    begun = dock.begin(blob, Upload_Metadata=metadata(claimed))
    response = dock.part(begun["Location"], blob.octets, 0)
    assert (response.status_code, code_of(response)) == (422, "upload.not-a-blob")
    assert not in_vault(blob)
    assert not Received.objects.exists()
    assert dock.head(begun["Location"]).status_code == 410
    assert json.loads(dock.ask("GET", begun["Location"]).content)["reason"] == "upload.not-a-blob"


def test_an_upload_given_up_is_gone(dock, blob):
    place = place_of(dock, blob)
    assert dock.ask("DELETE", place).status_code == 204
    for response in (dock.head(place), dock.part(place, blob.octets, 0), dock.ask("DELETE", place)):
        assert response.status_code == 410


def test_an_abandoned_upload_is_gone(dock, blob):
    place = place_of(dock, blob)
    Upload.objects.update(touched_at=wiring.clock().now() - rules.ABANDONED_AFTER - timedelta(seconds=1))
    from aigaq.docks import uploads

    assert uploads.attend(wiring.intake()) == 1
    assert dock.head(place).status_code == 410


def test_a_flood_of_creations_ends_in_a_refusal(dock, monkeypatch):
    monkeypatch.setattr(rules, "UPLOADS_OPEN", 5)
    answers = [dock.begin(sealed(b"%d" % number)).status_code for number in range(20)]
    assert answers == [201] * 5 + [429] * 15
    assert Upload.objects.count() == 5
    refused = dock.begin(sealed(b"x"))
    assert (code_of(refused), refused["Retry-After"]) == ("upload.too-many", "60")


def test_old_proxies_are_got_round_by_a_header(dock, blob):
    place = place_of(dock, blob)
    response = dock.ask("POST", place, blob.octets, PART, Upload_Offset="0", X_HTTP_Method_Override="PATCH")
    assert response.status_code == 204
    assert in_vault(blob)


def test_other_methods_are_not_known(dock, blob):
    place = place_of(dock, blob)
    for method in ("PUT", "TRACE", "PROPFIND"):
        response = dock.ask(method, place)
        assert (response.status_code, code_of(response)) == (405, "api.method"), method
        assert "PATCH" in response["Allow"]


def test_the_sentence_is_in_the_language_that_was_asked_for(dock, blob):
    place = place_of(dock, blob)
    told = json.loads(dock.part(place, b"x", 7, Accept_Language="en").content)
    assert told["detail"] == "The upload stands at 0, not at 7. Ask where it stands, and go on from there."


def test_when_all_places_are_taken_a_part_is_told_to_come_again(dock, blob, monkeypatch):
    monkeypatch.setattr(api, "_slots", threading.BoundedSemaphore(1))
    place = place_of(dock, blob)
    with api._slots:
        response = dock.part(place, blob.octets, 0)
    assert (response.status_code, code_of(response), response["Retry-After"]) == (503, "api.busy", "10")
    assert dock.part(place, blob.octets, 0).status_code == 204


def test_when_all_places_are_taken_a_beginning_is_told_so_too(dock, monkeypatch):
    """What was handed over before is read whole for its answer: a dock could hold every thread with it."""
    first, again = sealed(b"same" * 1000), sealed(b"same" * 1000)
    dock.upload(first)
    monkeypatch.setattr(api, "_slots", threading.BoundedSemaphore(1))
    with api._slots:
        response = dock.begin(again)
    assert (response.status_code, code_of(response), response["Retry-After"]) == (503, "api.busy", "10")
    assert dock.begin(again)["Upload-Offset"] == str(len(again.octets))


def test_many_at_once_for_one_place_leave_one_recording(office, dock, blob):
    """Eight writers and readers of one upload: each part is taken once, and no look sees what is not so."""
    place, size = place_of(dock, blob), len(blob.octets)
    seen, refused, lock = [], [], threading.Lock()

    def push():
        own = open_client(dock)
        try:
            while True:
                told = own.head(place)
                offset = int(told["Upload-Offset"])
                with lock:
                    seen.append(offset)
                if offset == size:
                    return
                done = own.part(place, blob.octets[offset : offset + 700], offset)
                if done.status_code != 204:
                    with lock:
                        refused.append(done.status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=push) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert set(refused) <= {409, 423, 503}
    assert {offset for offset in seen if offset not in (*range(0, size, 700), size)} == set()
    assert in_vault(blob)
    assert Received.objects.count() == 1


def open_client(dock):
    """The same dock at another connection."""
    return type(dock)(Client(), dock.pc, dock.token)


def test_no_secret_gets_into_a_log(office, dock, blob, caplog):
    caplog.set_level(logging.DEBUG)
    claimed = BlobName(blob.name.content, sealed(b"other").name.stored)
    begun = dock.begin(blob, Upload_Metadata=metadata(claimed))
    dock.part(begun["Location"], blob.octets, 0)
    dock.ask("PATCH", begun["Location"], b"x", "text/plain")
    code = services.make_code(office.ledger, office.by(office.custodian), division=office.division).code
    for _ in range(2):
        open_client(dock).enrol(code, wiring.clock().now())
    assert "something else than it announced" in caplog.text
    for secret in (dock.token, code, code.replace("-", "")):
        assert secret not in caplog.text
