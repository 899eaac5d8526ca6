"""The story of a duty day, played to its end, each step checked by what it left behind."""

import hashlib
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from gettext import gettext as _
from pathlib import Path

from django.conf import settings

from aigaq import wiring
from aigaq.access import looks
from aigaq.access import services as access
from aigaq.access.errors import VaultLockedError
from aigaq.cli.demo.court import Given, checked, demanded, packaged
from aigaq.cli.demo.office import PURPOSE, Office, all_checks_passed, found
from aigaq.cli.serve import serving
from aigaq.core.clock import SystemClock
from aigaq.disclosure.models import Approval
from aigaq.errors import AigaqError, RefusedError
from aigaq.ingest.identity import write_identity
from aigaq.ingest.models import Unload, UnloadState
from aigaq.ingest.services import Outcome, unload
from aigaq.journal.models import JournalRow, SealFound
from aigaq.journal.selectors import row_view
from aigaq.journal.services.issue import IssueRequest, issue
from aigaq.journal.services.return_ import ReturnRequest, return_
from aigaq.journal.services.sign import OwnPassword
from aigaq.ledger import checks
from aigaq.ledger.models import LedgerEntry
from aigaq.recordings import playback
from aigaq.recordings.selectors import recordings_for
from aigaq.registry.selectors import standing_of
from aigaq.simulate import card as write_card
from aigaq.vault.age import Identity
from aigaq.vault.scrub import scrub

ADDRESS = "127.0.0.1"
SEAL = "A 004217"
MIB = 1 << 20
SESSION = "demonstration"


class StepFailedError(AigaqError):
    code = "demo.step-failed"
    message = "{what}"


@dataclass
class Step:
    name: str
    ok: bool
    told: str


@dataclass
class Story:
    """Plays in an empty folder. What a step leaves for the next is in the fields."""

    data: Path
    sentence: Callable[[AigaqError], str]
    """How an error is told to people."""
    office: Office = field(init=False)
    row: JournalRow = field(init=False)
    outcome: Outcome = field(init=False)
    approval: Approval = field(init=False)
    given: Given = field(init=False)
    identity: Identity = field(init=False)
    on_card: dict[str, str] = field(default_factory=dict)
    _process_secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @property
    def port(self) -> Path:
        return settings.DOCKS / "port-1"

    def play(self) -> Iterator[Step]:
        """Each step as it ends; the story stops at the first that fails."""
        chapters: list[tuple[str, Callable[[], str]]] = [
            ("init", self._init),
            ("register", self._register),
            ("issue", self._issue),
            ("refuse", self._refuse),
            ("record", self._record),
            ("unload", self._unload),
            ("clear", self._clear),
            ("again", self._again),
            ("return", self._return),
            ("locked", self._locked),
            ("unlock", self._unlock),
            ("play", self._play),
            ("lock", self._lock),
            ("scrub", self._scrub),
            ("serve", self._serve),
            ("demand", self._demand),
            ("package", self._package),
            ("verify", self._verify),
        ]
        for name, chapter in chapters:
            try:
                told = chapter()
            except AigaqError as error:
                yield Step(name, ok=False, told=self.sentence(error))
                return
            yield Step(name, ok=True, told=told)

    def _init(self) -> str:
        self.office = found(self.data)
        return _("installation made; the vault's key is wrapped for the head and the custodian")

    def _register(self) -> str:
        office = self.office
        write_identity(
            office.ledger,
            office.by(office.custodian),
            self.port,
            card=office.cards[0],
            installation=wiring.vault().id,
        )
        return _("card {card} of recorder {recorder} carries its signed identity").format(
            card=office.cards[0], recorder=office.recorders[0]
        )

    def _issue(self) -> str:
        self.row = self._issued()
        return _("row {number}: {recorder} issued to {inspector}, who signed").format(
            number=self.row.number, recorder=self.row.recorder, inspector=self.row.inspector
        )

    def _issued(self) -> JournalRow:
        office, inspector = self.office, self.office.inspectors[0]
        request = IssueRequest(
            custodian=office.custodian.person,
            division=office.division,
            recorder=office.recorders[0],
            card=office.cards[0],
            inspector=inspector.person,
            purpose=PURPOSE,
            checks=all_checks_passed(),
            seal_number=SEAL,
        )
        means = OwnPassword(inspector.password, ADDRESS)
        return issue(office.ledger, office.by(office.custodian), request, means)

    def _refuse(self) -> str:
        try:
            self._issued()
        except RefusedError as refusal:
            return _("a second issue is refused: {sentence} (paragraph {paragraph})").format(
                sentence=self.sentence(refusal), paragraph=refusal.paragraph
            )
        raise StepFailedError(what=_("the same recorder was issued twice"))

    def _record(self) -> str:
        files = write_card(
            self.port,
            files=2,
            seconds=4,
            recorder=self.office.recorders[0].inventory_number,
            started_at=SystemClock().now(),
        )
        for path in files:
            self.on_card[path.relative_to(self.port).as_posix()] = hashlib.sha256(
                path.read_bytes()
            ).hexdigest()
        return _("{count} files lie on the card").format(count=len(files))

    def _unload(self) -> str:
        self.outcome = unload(wiring.pipeline(), self.port, port=self.port.name)
        stored = {file.path: file.blob.content_digest for file in self.outcome.files}
        if stored != self.on_card:
            raise StepFailedError(what=_("what is stored is not what lay on the card"))
        view = row_view(self.row)
        if len(view.unloadings) != 1:
            raise StepFailedError(what=_("column 6 is not filled"))
        return _("{count} recordings stored, proven and tied to row {number}").format(
            count=len(stored), number=self.row.number
        )

    def _clear(self) -> str:
        left = [path for path in self.port.rglob("*") if path.is_file() and path.parent.name != "AIGAQ"]
        if left or self.outcome.unload.state != UnloadState.READY:
            raise StepFailedError(what=_("the card was not cleared"))
        return _("the card is empty but for its identity and the signed note of what was cleared")

    def _again(self) -> str:
        before = Unload.objects.count(), LedgerEntry.objects.count()
        unload(wiring.pipeline(), self.port, port=self.port.name)
        if before != (Unload.objects.count(), LedgerEntry.objects.count()):
            raise StepFailedError(what=_("a second run did something"))
        return _("a second run stores nothing twice")

    def _return(self) -> str:
        office, inspector = self.office, self.office.inspectors[0]
        request = ReturnRequest(
            custodian=office.custodian.person,
            row=self.row,
            handed_back_by=inspector.person,
            seal_found=SealFound.INTACT,
            seal_number_found=SEAL,
            condition="",
        )
        means = OwnPassword(inspector.password, ADDRESS)
        self.row = return_(office.ledger, office.by(office.custodian), request, means)
        return _("row {number}: handed back, seal whole, signed").format(number=self.row.number)

    def _locked(self) -> str:
        try:
            access.opened(
                "", "", process_secret=self._process_secret, session_id=SESSION, now=SystemClock().now()
            )
        except VaultLockedError:
            return _("without a vault password nothing opens")
        raise StepFailedError(what=_("the vault opened without a password"))

    def _unlock(self) -> str:
        office = self.office
        assert office.custodian.person.user is not None
        unlocked = access.unlock(
            office.ledger,
            office.by(office.custodian),
            office.custodian.person.user,
            office.custodian.vault_password,
            process_secret=self._process_secret,
            session_id=SESSION,
            address=ADDRESS,
        )
        self.identity = access.opened(
            unlocked.sealed,
            unlocked.cookie_secret,
            process_secret=self._process_secret,
            session_id=SESSION,
            now=SystemClock().now(),
        )
        return _("the custodian's vault password opens it for a quarter of an hour")

    def _play(self) -> str:
        office = self.office
        standing = standing_of(office.custodian.person, SystemClock().now())
        found_ = recordings_for(standing, office.division).recordings
        files = [file for recording in found_ for file in recording.files.all()]
        for file in files:
            about = {"recording": str(file.recording_id), "file": str(file.pk)}
            looks.look(office.ledger, office.by(office.custodian), "played", about)
            reader, _content_type, size = playback.open(wiring.vault(), self.identity, file)
            with reader:
                reader.seek(size // 2)
                middle = reader.read(MIB)
                reader.seek(0)
                whole = reader.read()
            if (
                hashlib.sha256(whole).hexdigest() != self.on_card[file.path]
                or whole[size // 2 :][:MIB] != middle
            ):
                raise StepFailedError(what=_("what plays is not what was recorded"))
        return _("{count} recordings read back, and sought in, octet for octet").format(count=len(files))

    def _lock(self) -> str:
        del self.identity
        access.locked(self.office.ledger, self.office.by(self.office.custodian), "signed-out")
        return _("signed out: the vault is locked again")

    def _scrub(self) -> str:
        report = scrub(wiring.vault())
        if report.findings:
            raise StepFailedError(what=str(report.findings))
        return _("{count} stored files are what their names say, checked with no key").format(
            count=report.checked
        )

    def _serve(self) -> str:
        with serving("127.0.0.1:0") as served:
            pass
        return _("web and docks start and stop ({address})").format(address=served.address)

    def _demand(self) -> str:
        self.approval = demanded(self.office)
        return _("demand {number} of a court entered, what it names held, approved and signed").format(
            number=self.approval.demand.number
        )

    def _package(self) -> str:
        self.given = packaged(self.office, self.approval, self.data)
        return _("package built: {originals} originals in {folder}").format(
            originals=self.given.originals, folder=self.given.folder.name
        )

    def _verify(self) -> str:
        report = checks.verify(wiring.installation().ledger_key)
        if report.faults:
            raise StepFailedError(what=str(report.faults[0]))
        package = checked(self.given)
        if not package.is_sound:
            raise StepFailedError(what=str(package.faults[0]))
        return _("{entries} entries in the ledger, no fault; the package is sound by itself").format(
            entries=report.entries
        )


def seed(office: Office, port: Path) -> None:
    """One duty that is over: so that the book, the recordings and the ledger are not empty at first sight."""
    inspector, recorder = office.inspectors[1], office.recorders[1]
    by, means = office.by(office.custodian), OwnPassword(inspector.password, ADDRESS)
    issued = IssueRequest(
        custodian=office.custodian.person,
        division=office.division,
        recorder=recorder,
        card=office.cards[1],
        inspector=inspector.person,
        purpose=PURPOSE,
        checks=all_checks_passed(),
        seal_number="A 004216",
    )
    row = issue(office.ledger, by, issued, means)
    write_card(
        port,
        files=2,
        seconds=12,
        recorder=recorder.inventory_number,
        started_at=row.issue.occurred_at - timedelta(minutes=1),
        photos=1,
    )
    unload(wiring.pipeline(), port, port=port.name, stop=threading.Event())
    returned = ReturnRequest(
        custodian=office.custodian.person,
        row=row,
        handed_back_by=inspector.person,
        seal_found=SealFound.INTACT,
        seal_number_found="A 004216",
        condition="",
    )
    return_(office.ledger, by, returned, means)
