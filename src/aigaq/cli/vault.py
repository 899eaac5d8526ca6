"""`aigaq vault`: fixity without a key; a recording, or the key itself, for who has right and password."""

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from gettext import gettext as _
from pathlib import Path
from typing import BinaryIO

import click
from django.db import transaction

from aigaq import wiring
from aigaq.access import looks
from aigaq.access.errors import NotAReaderError
from aigaq.accounts.models import User, login_name
from aigaq.cli.copies import copies
from aigaq.cli.keys import recovery_key, rotate
from aigaq.cli.next_head import next_head
from aigaq.cli.options import common
from aigaq.cli.output import Console, octets
from aigaq.cli.readers import (
    Reader,
    identity_of,
    new_file,
    new_password_of,
    new_vault_password,
    reader_named,
    recovered,
    vault_password,
)
from aigaq.cli.rebuild import rebuild
from aigaq.copies.selectors import standing
from aigaq.core.canonical import Json
from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.errors import EXIT_FAULTS, N_
from aigaq.ledger.services import MACHINE
from aigaq.recordings.errors import NoSuchRecordingError
from aigaq.recordings.models import Blob, RecordingFile
from aigaq.registry import services as registry
from aigaq.registry.models import Division, Person
from aigaq.registry.selectors import READERS, person_of, term_of
from aigaq.registry.terms import day_of
from aigaq.vault.errors import BlobDamagedError
from aigaq.vault.scrub import scrub as scrub_all
from aigaq.vault.store import BlobReader

_PIECE = 1 << 20


@click.group(help=_("The stored recordings."))
def vault() -> None:
    pass


vault.add_command(copies)


@vault.command(
    help=_("Read every stored blob and compare it with its name; needs no key. Exit status 3 for findings.")
)
@common
@click.pass_obj
def scrub(console: Console) -> int:
    ledger, opened = wiring.ledger(), wiring.vault()
    total = Blob.objects.count() or None
    with console.progress(_("Reading the vault"), total) as progress:
        report = scrub_all(opened, _catalogued(), lambda done, size: progress.to(done, octets(size)))
    findings = [
        # From the data folder, as `aigaq unload` names it.
        {"kind": finding.kind, "blob": wiring.blob_place(finding.blob)}
        for finding in report.findings
    ]
    with transaction.atomic():
        about: dict[str, Json] = {
            "checked": report.checked,
            "octets": str(report.bytes),
            "findings": len(findings),
        }
        ledger.append("vault.scrubbed", MACHINE, about)
    console.answer({"checked": report.checked, "bytes": report.bytes, "findings": findings})
    for finding in report.findings:
        console.say(f"✗ {_FINDINGS[finding.kind]()}: {finding.blob}")
    console.say(
        _("{checked} blobs read, {size}; findings: {number}.").format(
            checked=report.checked, size=octets(report.bytes), number=len(findings)
        )
    )
    return EXIT_FAULTS if findings else 0


@vault.command(help=_("Write one recording into a file, with a vault password; it is entered in the ledger."))
@click.argument("digest")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help=_("The file to make."))
@vault_password
@common
@click.pass_obj
def cat(
    console: Console, *, digest: str, output: Path, username: str | None, vault_password_file: Path | None
) -> None:
    content = ContentDigest.parse(digest)
    ledger, opened, reader = wiring.ledger(), wiring.vault(), reader_named(username, READERS)
    file = _within_reach(content, reader)
    identity = identity_of(reader, vault_password_file)
    # What can't be opened is refused before it is entered as handed out.
    with opened.open(content, identity) as blob, new_file(output) as target:
        about: dict[str, Json] = {
            "recording": str(file.recording_id),
            "file": str(file.pk),
            "path": file.path,
            "content_digest": str(content),
            "way": "command-line",
        }
        looks.look(ledger, reader.by, "downloaded", about)
        with console.progress(_("Writing"), blob.size) as progress:
            _copy(blob, target, content, progress.to)
    console.answer({"content_digest": content, "bytes": output.stat().st_size, "path": output})
    console.say(_("Written to {path}: {size}.").format(path=output, size=octets(output.stat().st_size)))


@vault.command(
    "hand-over",
    help=_(
        "Give the vault's key to the head or custodian --to, for a vault password that they type themselves: "
        "with the vault password of the other one, or with the recovery key from the safe."
    ),
)
@click.option("--to", "to_username", required=True, help=_("Login name of whoever gets it."))
@click.option(
    "--recovery-key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("The age identity on the first line of this file, where nobody knows a vault password any more."),
)
@new_vault_password
@vault_password
@common
@click.pass_obj
def hand_over(
    console: Console,
    *,
    to_username: str,
    recovery_key_file: Path | None,
    new_vault_password_file: Path | None,
    username: str | None,
    vault_password_file: Path | None,
) -> None:
    ledger, (person, division) = wiring.ledger(), _appointed(to_username)
    if recovery_key_file is not None:
        by, identity = MACHINE, recovered(recovery_key_file)
    else:
        reader = reader_named(username, READERS)
        by, identity = reader.by, identity_of(reader, vault_password_file)
    new = new_password_of(person.full_name, new_vault_password_file)
    way = "recovery-key" if recovery_key_file else ""
    key = registry.NewKey(identity, new, way)
    registry.hand_over_key(ledger, by, to=person, division=division, key=key)
    console.answer({"username": login_name(to_username), "recipient": identity.recipient})
    console.say(_("{who} has a vault password now.").format(who=person.full_name))


vault.add_command(next_head)
vault.add_command(recovery_key)
vault.add_command(rotate)
vault.add_command(rebuild)

_FINDINGS: dict[str, Callable[[], str]] = {
    "damaged": partial(_, N_("Damaged: the file does not hash to its name")),
    "misnamed": partial(_, N_("Its name or place is not that of a blob")),
    "unexpected": partial(_, N_("Does not belong in the vault")),
    "missing": partial(_, N_("Missing: the catalogue knows it")),
    "unreadable": partial(_, N_("The disk does not give it back")),
}


def _catalogued() -> Iterator[tuple[ContentDigest, StoredDigest]]:
    for content, stored in (
        standing().order_by("pk").values_list("content_digest", "stored_digest").iterator()
    ):
        yield ContentDigest.parse(content), StoredDigest.parse(stored)


def _appointed(username: str) -> tuple[Person, Division]:
    """Head or custodian, now or to be, and where. Raises `NotAReaderError`."""
    user = User.objects.filter(username=login_name(username)).first()
    person = person_of(user) if user else None
    on = day_of(wiring.clock().now())
    for appointment in person.appointments.select_related("division") if person else ():
        term = term_of(appointment, named=False)
        if person is not None and term.reads and term.lasts(on):
            return person, appointment.division
    raise NotAReaderError


def _within_reach(content: ContentDigest, reader: Reader) -> RecordingFile:
    """A file of the reader's division with these octets; whether another has it is not told (R14.1)."""
    files = RecordingFile.objects.filter(blob__content_digest=content.hex)
    file = files.filter(recording__division=reader.appointment.division).order_by("pk").first()
    if file is None:
        raise NoSuchRecordingError
    return file


def _copy(
    blob: BlobReader, target: BinaryIO, content: ContentDigest, on_progress: Callable[[int], None]
) -> None:
    """Raises `BlobDamagedError` if what was read is not the recording with that digest."""
    digest, done = hashlib.sha256(), 0
    while piece := blob.read(_PIECE):
        digest.update(piece)
        target.write(piece)
        done += len(piece)
        on_progress(done)
    if digest.digest() != content.value:
        raise BlobDamagedError(
            content=content, blob=blob.name.path, reason=_("its content has another digest")
        )
