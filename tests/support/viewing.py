"""An office with a vault, recordings in it, and browsers of its people; the web is wired to it."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from time import monotonic
from uuid import uuid4

from cheroot import wsgi
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client
from django.urls import reverse
from PIL import Image

from aigaq import wiring
from aigaq.core.clock import FixedClock
from aigaq.journal.models import JournalRow
from aigaq.ledger.services import MACHINE
from aigaq.media.probe import Judgement, Verdict, Video
from aigaq.media.probe import Kind as ProbedKind
from aigaq.recordings.models import Kind, RecordingFile
from aigaq.recordings.origins import Origin
from aigaq.recordings.services import enter_files
from aigaq.recordings.workshop import Workshop
from aigaq.recovery.copying import Copier
from aigaq.registry.models import Person, Recorder
from aigaq.unloading.facts import FoundFile, Judged
from aigaq.unloading.recorders.takes import Segment
from aigaq.vault.store import Stored, Vault
from tests.support.duty import Duty, on_duty
from tests.support.hashing import QUICKLY
from tests.support.office import Office, give_the_key, open_office, password_of, vault_password_of
from tests.support.vaults import IDENTITY, local_vault


class TickingClock(FixedClock):
    """Goes on from where it is set, as the clock of a page in a browser does."""

    def __init__(self, instant: datetime) -> None:
        super().__init__(instant)
        self._begun = monotonic()

    def now(self) -> datetime:
        return self.instant + timedelta(seconds=monotonic() - self._begun)


RECORDED_AT = datetime(2026, 11, 20, 4, 30, tzinfo=UTC)
"""Half past nine in Kazakhstan, on the office's first day."""


def picture(side: int = 64, colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(out, "JPEG")
    return out.getvalue()


@dataclass(frozen=True)
class Room:
    """What a test of the pages needs; `vault_folder` is for spoiling things."""

    office: Office
    duty: Duty
    vault: Vault
    vault_folder: Path

    def put(self, content: bytes) -> Stored:
        return self.vault.put(io.BytesIO(content))

    def enter(self, content: bytes, **changes: object) -> RecordingFile:
        """A file in vault and catalogue, judged as said; of Yerlan's day, or of nobody's with `row=None`."""
        row = changes.pop("row", None)
        division = changes.pop("division", self.office.division)
        recorder = changes.pop("recorder", self.office.recorder)
        assert row is None or isinstance(row, JournalRow)
        assert recorder is None or isinstance(recorder, Recorder)
        kind = Kind(changes.pop("kind", Kind.VIDEO))
        still = changes.pop("still", picture())
        segment = changes.pop("segment", None)
        assert segment is None or isinstance(segment, Segment)
        judgement = Judgement(
            kind=ProbedKind(kind.value),
            verdict=Verdict(changes.pop("verdict", "playable")),
            container=changes.pop("container", "mov,mp4,m4a,3gp,3g2,mj2"),
            duration=changes.pop("duration", 10.0),
            video=Video("h264", 640, 360, 25.0) if kind == Kind.VIDEO else None,
        )
        found = FoundFile(
            path=str(changes.pop("path", f"DCIM/100AIGAQ/{uuid4().hex}.MP4")),
            modified_at=None,
            recorded_at=changes.pop("recorded_at", RECORDED_AT),
            kind=kind,
            stored=self.put(content),
            judged=Judged(judgement, self.put(still) if still else None),
            segment=segment,
        )
        assert not changes, f"not known: {changes}"
        origin = Origin(
            unload=uuid4(),
            division=division,
            sources=(f"card:{uuid4().hex}",),
            card=None,
            recorder=recorder,
            row=row,
            issued_at=row.issue.occurred_at if row else None,
        )
        return enter_files(self.office.ledger, MACHINE, origin, [found])[0].file

    def browser(self, person: Person, *, unlocked: bool = False) -> Client:
        """Somebody signed in, in English."""
        client = Client()
        client.cookies["django_language"] = "en"
        username = person.user.username
        given = {"username": username, "password": password_of(username)}
        assert client.post(reverse("login"), given).status_code == 302
        if unlocked:
            assert unlock(client, person).status_code == 302
        return client


def unlock(client: Client, person: Person, *, onward: str = "/", password: str | None = None):
    given = password or vault_password_of(person.user.username)
    return client.post(reverse("vault:unlock"), {"vault_password": given, "next": onward})


def open_room(clock: FixedClock, folder: Path, monkeypatch, settings) -> Room:
    """Head, custodian and the sister division's custodian can open the vault; the web asks this office."""
    settings.PASSWORD_HASHERS = QUICKLY
    office = open_office(clock)
    for person in (office.head, office.custodian, office.sister_custodian):
        give_the_key(person, IDENTITY)
    vault = local_vault(folder / "vault")
    workshop = Workshop(office.ledger, lambda: vault, folder / "spool")
    found = (("clock", clock), ("ledger", office.ledger), ("vault", vault), ("workshop", workshop))
    for name, value in found:
        monkeypatch.setattr(wiring, name, lambda value=value: value)
    copier = Copier(office.ledger, vault.backend, vault=vault.id, recipient=vault.recipient)
    monkeypatch.setattr(wiring, "copy_ledger", copier.write)
    return Room(office, on_duty(office), vault, folder / "vault")


def blob_of(room: Room, file: RecordingFile) -> Path:
    return room.vault_folder / file.blob.name


def streamed(response) -> bytes:
    """Everything a response gives, whichever kind it is."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def let_go(response) -> None:
    """The browser goes away before the end. The test's database stays open, which is one and the same."""
    request_finished.disconnect(close_old_connections)
    try:
        response.close()
    finally:
        request_finished.connect(close_old_connections)


@contextmanager
def served(threads: int = 8) -> Iterator[str]:
    """The pages on loopback, by the server of `aigaq serve`; gives the address."""
    from aigaq.web.wsgi import application

    server = wsgi.Server(("127.0.0.1", 0), application, numthreads=threads, max=threads)
    server.prepare()
    serving = Thread(target=server.serve)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.bind_addr[1]}"
    finally:
        server.stop()
        serving.join()


def held_open(folder: Path) -> int:
    """How many files under `folder` this process has open."""
    links = Path("/proc/self/fd").iterdir()
    return sum(os.path.realpath(link).startswith(f"{folder}/blobs/") for link in links)
