"""A docking PC of the tests: its key, what it says, and recordings that it has encrypted."""

import base64
import hashlib
import io
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.docks import services, sessions, uploads
from aigaq.docks.models import Dock, Upload
from aigaq.docks.uploads import Intake
from aigaq.tlog.signing import Ed25519Signer
from aigaq.unloading.statements import EnrolmentStatement, SessionStatement
from aigaq.vault.age import Recipient, encrypt
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.layout import BlobName
from aigaq.vault.receiving import Receiver
from tests.support.office import Office
from tests.support.vaults import IDENTITY, local_vault

AGENT = "0.2.0"
INSTALLATION = "0123456789abcdef0123456789abcdef"
PART = "application/offset+octet-stream"


@dataclass(frozen=True)
class Sealed:
    """A recording as a dock sends it."""

    content: bytes
    octets: bytes

    @property
    def name(self) -> BlobName:
        return BlobName(
            ContentDigest(hashlib.sha256(self.content).digest()),
            StoredDigest(hashlib.sha256(self.octets).digest()),
        )


def sealed(content: bytes, recipient: Recipient = IDENTITY.recipient) -> Sealed:
    """Each time with another file key, as always."""
    octets = io.BytesIO()
    encrypt(recipient, io.BytesIO(content), octets)
    return Sealed(content, octets.getvalue())


@dataclass
class DockPC:
    """The other side: knows only what a dock knows."""

    signer: Ed25519Signer = field(default_factory=lambda: Ed25519Signer.generate("dock"))
    id: str = ""
    installation: str = INSTALLATION

    def enrolment(self, code: str, at: datetime, *, name: str = "Док 1") -> EnrolmentStatement:
        return EnrolmentStatement(code=code, name=name, public_key=self.signer.public_key, agent=AGENT, at=at)

    def answer(self, challenge: str, at: datetime) -> bytes:
        statement = SessionStatement(
            dock=self.id, installation=self.installation, challenge=challenge, agent=AGENT, at=at
        )
        return statement.signed(self.signer)


def enrolled(
    office: Office, pc: DockPC | None = None, *, person=None, division=None, name: str = "Док 1"
) -> tuple[Dock, DockPC]:
    """A dock of Qonaev's division, let in by its custodian."""
    pc = pc or DockPC()
    by = office.by(person or office.custodian)
    code = services.make_code(office.ledger, by, division=division or office.division).code
    statement = EnrolmentStatement.believe(
        pc.enrolment(code, office.clock.now(), name=name).signed(pc.signer)
    )
    dock = services.enrol(office.ledger, statement)
    pc.id = str(dock.pk)
    return dock, pc


def session(office: Office, pc: DockPC, *, ahead: timedelta = timedelta()) -> sessions.NewSession:
    """Its clock is `ahead` of ours."""
    asked = sessions.challenge(UUID(pc.id), office.clock.now())
    said, envelope = SessionStatement.read(pc.answer(asked, office.clock.now() + ahead))
    return sessions.open_session(office.ledger, said, envelope, installation=INSTALLATION)


def intake(office: Office, folder: Path) -> Intake:
    """Uploads into a new vault in `folder`."""
    backend = local_vault(folder).backend
    assert isinstance(backend, LocalBackend)
    return Intake(office.ledger, Receiver(backend))


def hand_over(intake: Intake, dock: Dock, blob: Sealed, *, part: int = 1 << 20) -> Upload:
    """All of it, part by part."""
    upload = uploads.begin(intake, dock, name=blob.name, length=len(blob.octets))
    while upload.offset < upload.length:
        upload = send(intake, upload, blob.octets[upload.offset : upload.offset + part])
    return upload


def send(intake: Intake, upload: Upload, octets: bytes, **more) -> Upload:
    """One part that goes on where the upload stands."""
    given = {"offset": upload.offset, "length": len(octets), **more}
    return uploads.receive(intake, upload, body=io.BytesIO(octets), **given)


def metadata(name: BlobName, **more: str) -> str:
    values = {"content": name.content.hex, "stored": name.stored.hex, **more}
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


def checksum(octets: bytes, algorithm: str = "sha256") -> str:
    digest = hashlib.new(algorithm, octets).digest()
    return f"{algorithm} {base64.b64encode(digest).decode()}"


@dataclass
class ApiClient:
    """A docking PC before the addresses of the server (Django's test client)."""

    client: object
    pc: DockPC
    token: str = ""

    def post(self, path: str, octets: bytes, **headers: str):
        return self.client.post(path, octets, content_type="application/json", headers=headers)

    def enrol(self, code: str, now: datetime, **more: str):
        response = self.post("/api/docks/enrol/", self.pc.enrolment(code, now, **more).signed(self.pc.signer))
        if response.status_code == 201:
            told = json.loads(response.content)
            self.pc.id, self.pc.installation = told["dock"], told["installation"]
        return response

    def challenge(self) -> str:
        told = json.loads(
            self.post("/api/sessions/challenge/", json.dumps({"dock": self.pc.id}).encode()).content
        )
        return told["challenge"]

    def open_session(self, now: datetime, *, challenge: str = ""):
        response = self.post("/api/sessions/", self.pc.answer(challenge or self.challenge(), now))
        if response.status_code == 201:
            self.token = json.loads(response.content)["token"]
        return response

    def ask(self, method: str, path: str, octets: bytes = b"", content_type: str = "", **headers: str):
        sent = {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {self.token}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in sent.items() if value}
        return self.client.generic(method, path, octets, content_type=content_type, headers=sent)

    def begin(self, blob: Sealed, **headers: str):
        given = {"Upload_Length": str(len(blob.octets)), "Upload_Metadata": metadata(blob.name), **headers}
        return self.ask("POST", "/api/uploads/", **given)

    def part(self, place: str, octets: bytes, offset: int, **headers: str):
        return self.ask("PATCH", place, octets, PART, Upload_Offset=str(offset), **headers)

    def head(self, place: str):
        return self.ask("HEAD", place)

    def upload(self, blob: Sealed, *, part: int = 1 << 20) -> str:
        """All of it; the place it was uploaded to."""
        begun = self.begin(blob)
        assert begun.status_code == 201, begun.content
        place, offset = begun["Location"], int(begun["Upload-Offset"])
        while offset < len(blob.octets):
            done = self.part(place, blob.octets[offset : offset + part], offset)
            assert done.status_code == 204, done.content
            offset = int(done["Upload-Offset"])
        return place


def open_dock(client: object, office: Office) -> ApiClient:
    """A dock of Qonaev's division that was let in over HTTP and has a session."""
    dock = ApiClient(client, DockPC())
    now = office.ledger.clock.now()
    code = services.make_code(office.ledger, office.by(office.custodian), division=office.division).code
    assert dock.enrol(code, now).status_code == 201
    assert dock.open_session(office.ledger.clock.now()).status_code == 201
    return dock
