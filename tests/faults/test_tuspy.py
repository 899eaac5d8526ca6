"""A client of the protocol that we did not write uploads, is cut off, and resumes."""

import io
import os

import pytest
from tusclient.client import TusClient

from aigaq.vault.age import Recipient
from tests.support.docks import sealed
from tests.support.serving import Line, office_at
from tests.support.vaults import blobs

pytestmark = pytest.mark.faults

PART = 64 * 1024


def test_tuspy_uploads_resumes_after_a_kill_and_checks_its_parts(tmp_path, database_url):
    with office_at(tmp_path, database_url) as office:
        line = Line(office)
        line.enrol()
        line.open_session()
        blob = sealed(os.urandom(5 * PART), Recipient.parse(line.recipient))
        client = TusClient(
            f"http://127.0.0.1:{office.port}/api/uploads/", headers={"Authorization": f"Bearer {line.token}"}
        )
        given = {"content": blob.name.content.hex, "stored": blob.name.stored.hex}
        first = client.uploader(
            file_stream=io.BytesIO(blob.octets), chunk_size=PART, metadata=given, upload_checksum=True
        )
        first.upload_chunk()
        first.upload_chunk()
        office.again()
        second = client.uploader(
            file_stream=io.BytesIO(blob.octets), chunk_size=PART, url=first.url, upload_checksum=True
        )
        assert second.offset == 2 * PART
        second.upload()
        assert [path.read_bytes() for path in blobs(office.vault)] == [blob.octets]
