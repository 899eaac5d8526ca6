"""Making derivatives in tests, and looking at the octets."""

import io
from collections.abc import Sequence
from uuid import uuid4

from aigaq.core.digests import ContentDigest
from aigaq.journal.models import JournalRow
from aigaq.ledger.services import MACHINE
from aigaq.media.judge import Judge
from aigaq.media.making import recipes
from aigaq.media.making.maker import Input, Made, Maker
from aigaq.media.making.recipes import Found
from aigaq.recordings.models import Blob, RecordingFile
from aigaq.recordings.origins import Origin
from aigaq.recordings.services import enter_files
from aigaq.unloading.facts import FoundFile, Judged
from aigaq.vault.store import Vault
from tests.support.office import Office
from tests.support.vaults import IDENTITY


def made_of(
    judge: Judge, maker: Maker, octets: bytes, name: str = "file", *, siblings: Sequence[bytes] = ()
) -> Made:
    judgement = judge.judge(io.BytesIO(octets), name, len(octets))
    plan = recipes.plan(Found.of(judgement))
    assert plan is not None, f"nothing has to be made of it: {judgement}"
    beside = [Input(io.BytesIO(each), "sibling", len(each)) for each in siblings]
    given = Input(io.BytesIO(octets), name, len(octets), judgement.duration)
    return maker.make(plan, given, siblings=beside)


def octets_of(made: Made) -> bytes:
    source, whole = made.source(), bytearray()
    room = memoryview(bytearray(1 << 16))
    while count := source.readinto(room):
        whole += room[:count]
    assert len(whole) == made.size
    return bytes(whole)


def entered(
    office: Office, vault: Vault, octets: bytes, path: str, judge: Judge, *, row: JournalRow | None = None
) -> RecordingFile:
    """A file in vault and catalogue, judged by the prober itself."""
    judgement = judge.judge(io.BytesIO(octets), path, len(octets))
    still = vault.put(io.BytesIO(judgement.still)) if judgement.still else None
    found = FoundFile(
        path=path,
        modified_at=None,
        recorded_at=office.clock.now(),
        kind=judgement.kind,
        stored=vault.put(io.BytesIO(octets)),
        judged=Judged(judgement, still),
    )
    origin = Origin(
        unload=uuid4(),
        division=office.division,
        sources=(f"card:{uuid4().hex}",),
        card=None,
        recorder=office.recorder,
        row=row,
        issued_at=row.issue.occurred_at if row else None,
    )
    return enter_files(office.ledger, MACHINE, origin, [found])[0].file


def content_of(vault: Vault, blob: Blob) -> bytes:
    with vault.open(ContentDigest.parse(blob.content_digest), IDENTITY) as reader:
        return reader.read()
