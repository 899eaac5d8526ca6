"""`aigaq restore DIR --drill`: a backup tried in a throw-away place, and how it went entered by the head."""

import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from typing import Any, Final

import click
from django.conf import settings
from django.db import transaction

from aigaq import wiring
from aigaq.cli.output import Console, readable
from aigaq.cli.readers import identity_of, new_file, reader_named
from aigaq.copies.selectors import standing
from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.core.digests import ContentDigest
from aigaq.errors import EXIT_FAULTS, N_, AigaqError, BadInputError
from aigaq.paperwork.drill import DrillFacts, print_drill
from aigaq.recovery import dumps
from aigaq.recovery.backup import REHEARSED
from aigaq.recovery.restore import Source
from aigaq.registry.models import Role
from aigaq.vault.age import Identity
from aigaq.vault.errors import BlobDamagedError, BlobMissingError

SAMPLE: Final = 20
"""Recordings that are opened and read to their end."""
_PIECE: Final = 1 << 20


class DrillFailedError(AigaqError):
    code = "restore.drill-failed"
    message = N_("The backup could not be brought back: {reason} Make a new one, and try that.")
    exit_status = EXIT_FAULTS


class NoDrillDatabaseError(BadInputError):
    code = "restore.no-drill-database"
    message = N_(
        "For a drill with PostgreSQL give an empty database that may be thrown away:"
        " AIGAQ_DRILL_DATABASE_URL."
    )


@dataclass(frozen=True, slots=True)
class Report:
    """How it went."""

    restored: dict[str, Any]
    seconds: int
    opened: int
    damaged: tuple[str, ...]
    """Content digests of those that could not be opened, or were something else."""


def run(console: Console, folder: Path, vault_password_file: Path | None, output: Path | None = None) -> int:
    """Raises `DrillFailedError` where the backup does not come back; that is entered too.

    `output` is where the sheet goes that the head signs.
    """
    source = Source.at(folder)
    reader = reader_named(None, frozenset({Role.HEAD}))
    identity = identity_of(reader, vault_password_file)
    ledger, begun = wiring.ledger(), time.monotonic()
    about: dict[str, Json] = {
        "manifest": source.digest,
        "made_at": rfc3339(source.manifest.made_at),
        "in_backup": source.manifest.size,
    }
    try:
        restored = _restored(folder, identity)
    except DrillFailedError as error:
        with transaction.atomic():
            reason = str(error.details["reason"])
            ledger.append(REHEARSED, reader.by, {**about, "failed": reason[:500]})
        raise
    opened, damaged = _tried(identity)
    report = Report(restored, round(time.monotonic() - begun), opened, damaged)
    about |= {
        "entries": restored["entries"],
        "recordings": restored["recordings"],
        "missing": restored["missing"],
        "seconds": report.seconds,
        "opened": report.opened,
        "damaged": list(report.damaged),
    }
    with transaction.atomic():
        entry = ledger.append(REHEARSED, reader.by, about)
    wiring.copy_ledger()
    if output is not None:
        facts = DrillFacts(
            division=reader.appointment.division.name,
            head=reader.appointment.person.full_name,
            done_at=entry.at,
            made_at=source.manifest.made_at,
            manifest=source.digest,
            in_backup=source.manifest.size,
            entries=restored["entries"],
            recordings=restored["recordings"],
            missing=restored["missing"],
            seconds=report.seconds,
            opened=report.opened,
            damaged=report.damaged,
            seq=entry.seq,
            ledger=ledger.signer.name,
        )
        with new_file(output) as file:
            file.write(print_drill(facts))
    console.answer({**about, "entry": entry.seq, "report": output})
    _tell(console, source, report, entry.seq)
    return EXIT_FAULTS if report.damaged or restored["missing"] else 0


def _restored(folder: Path, identity: Identity) -> dict[str, Any]:
    """Let a program of its own restore it into a folder that is gone afterwards; what that answered."""
    with tempfile.TemporaryDirectory(prefix="aigaq-drill-", dir=settings.DATA) as place:
        command = [
            *(sys.executable, "-m", "aigaq", "restore", str(folder.absolute()), "--in-drill", "--json"),
            *("--recovery-key-file", "/dev/stdin", "--data", place),
        ]
        done = subprocess.run(  # noqa: S603 - this program
            command,
            input=f"{identity}\n".encode(),
            env=_environment(place),
            capture_output=True,
            check=False,
        )
    answer = _answered(done.stdout)
    if done.returncode or "error" in answer:
        told = answer.get("error", {}).get("message") or done.stderr.decode(errors="replace").strip()
        raise DrillFailedError(reason=told)
    return answer


def _environment(place: str) -> dict[str, str]:
    """This office's, but for where things are. The vault is only looked into."""
    url = settings.DRILL_DATABASE_URL
    if dumps.engine() == "postgresql" and not url:
        raise NoDrillDatabaseError
    own = {
        "AIGAQ_DATA": place,
        # Of one in a bucket `VAULT` is where recordings wait here: nothing of the office is in that.
        "AIGAQ_VAULT": settings.VAULT_PLACE
        if wiring.is_bucket(settings.VAULT_PLACE)
        else str(settings.VAULT),
        "AIGAQ_DATABASE_URL": url if dumps.engine() == "postgresql" else "",
    }
    theirs = {"AIGAQ_DATABASE_URL_FILE", "AIGAQ_PORTS", "AIGAQ_RECORDERS", "AIGAQ_DOCKS", "AIGAQ_SPOOL"}
    return {**{name: value for name, value in os.environ.items() if name not in theirs}, **own}


def _answered(octets: bytes) -> dict[str, Any]:
    try:
        found = json.loads(octets)
    except ValueError:
        return {"error": {"message": ""}}
    return found if isinstance(found, dict) else {}


def _tried(identity: Identity) -> tuple[int, tuple[str, ...]]:
    """Open recordings taken by chance, read each to its end, compare."""
    known = list(standing().values_list("content_digest", flat=True).distinct())
    chosen = random.SystemRandom().sample(known, min(SAMPLE, len(known)))
    damaged = tuple(f"sha256:{each}" for each in chosen if not _opens(ContentDigest.parse(each), identity))
    return len(chosen), damaged


def _opens(content: ContentDigest, identity: Identity) -> bool:
    digest = hashlib.sha256()
    try:
        with wiring.vault().open(content, identity) as blob:
            while piece := blob.read(_PIECE):
                digest.update(piece)
    except (BlobDamagedError, BlobMissingError):
        return False
    return digest.digest() == content.value


def _tell(console: Console, source: Source, report: Report, seq: int) -> None:
    restored = report.restored
    lines = (
        _("The backup of {made_at} came back within {seconds} s, and its ledger is sound.").format(
            made_at=readable(source.manifest.made_at), seconds=report.seconds
        ),
        _("In the backup: {number} entries; with those that the vault has besides: {entries}.").format(
            number=restored["in_backup"], entries=restored["entries"]
        ),
        _("Recordings in the catalogue: {number}; missing in the vault: {missing}.").format(
            number=restored["recordings"], missing=restored["missing"]
        ),
        _("Opened by chance and read to the end: {opened}; not what they must be: {damaged}.").format(
            opened=report.opened, damaged=len(report.damaged)
        ),
        _("Entered under number {seq}, by the head whose vault password it was.").format(seq=seq),
    )
    for line in lines:
        console.say(line)
    for digest in report.damaged:
        click.echo(f"✗ {digest}", err=True)
