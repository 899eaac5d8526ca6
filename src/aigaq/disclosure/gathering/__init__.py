"""From an approval and the ledger before it: what a package is made of (`docs/formats/package.md`).

A function of these alone: what is entered later changes nothing of it, and nothing is opened for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.core.digests import ContentDigest
from aigaq.disclosure.documents import digest_of_files
from aigaq.disclosure.errors import NotInLedgerError
from aigaq.disclosure.gathering.clocks import clocks_of
from aigaq.disclosure.gathering.extract import extracted
from aigaq.disclosure.gathering.files import FileThen, files_then
from aigaq.disclosure.gathering.histories import Steps, histories
from aigaq.disclosure.gathering.rows import RowThen, rows_then
from aigaq.disclosure.gathering.signers import rights_of, signers_of
from aigaq.disclosure.gathering.then import LedgerThen
from aigaq.disclosure.models import Approval, Chosen
from aigaq.disclosure.services.amend import AMENDED
from aigaq.disclosure.services.approve import APPROVED
from aigaq.disclosure.services.register import REGISTERED
from aigaq.ledger.proving import Prover
from aigaq.package.contents import ProvenEntry
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.tlog.entry import Entry
from aigaq.tlog.errors import TlogError


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """All of a package but what the vault has to be open for."""

    package: UUID
    profile: str
    division: dict[str, Json]
    demand: dict[str, Json]
    approval: dict[str, Json]
    ledger_key: str
    checkpoint: str
    files: tuple[FileThen, ...]
    """The originals, in the order of the format."""
    clocks_of_files: Mapping[UUID, Mapping[str, Json]]
    entries: tuple[ProvenEntry, ...]
    keys: tuple[bytes, ...]
    extract: dict[str, Json]
    clocks: dict[str, Json]
    custody: tuple[Steps, ...]
    """Of each original its steps."""
    made_at: datetime


def gather(approval: Approval, key: VerifierKey) -> Gathered:
    """`key` is the ledger's own. Raises `NotInLedgerError`."""
    then = LedgerThen(approval.seq, key)
    approved = then.entry(approval.seq)
    document: Any = approved.body.get("document")
    if approved.kind != APPROVED or document["package"] != str(approval.pk):
        raise NotInLedgerError(what=f"entry {approval.seq} is not of this approval")
    demanded = _demanded(then, document)
    files = files_then(then, [Chosen.parse(each) for each in document["chosen"]])
    if digest_of_files(each.file.pk for each in files) != document["files_digest"]:
        raise NotInLedgerError(what="the files of the chosen recordings are not those that were approved")
    rows = rows_then(then, (each.row for each in files if each.row is not None))
    files = _in_order(files, rows)
    clocks = clocks_of(then, files, rows)
    derived = [then.entry(each.playable.seq) for each in files if each.playable is not None]
    entries = [
        *(entry for each in files for entry in each.entries),
        *(entry for each in rows for entry in (*each.entries, *each.beside)),
        *derived,
        *clocks.entries,
        *demanded,
        approved,
    ]
    signers = signers_of(then, _once(entries))
    entries += signers.entries
    entries += rights_of(then, _once(entries))
    whole = _once(entries)
    return Gathered(
        package=approval.pk,
        profile=document["profile"],
        division=document["division"],
        demand=_about_demand(demanded[0]),
        approval={"seq": approved.seq, "at": rfc3339(approved.at), "head": document["head"]},
        ledger_key=str(key),
        checkpoint=then.note,
        files=tuple(files),
        clocks_of_files=clocks.of_files,
        entries=_proven(then, whole),
        keys=signers.keys,
        extract=extracted(rows, signers.paths),
        clocks=clocks.document,
        custody=histories(whole, files),
        made_at=approved.at,
    )


def _demanded(then: LedgerThen, document: Mapping[str, Any]) -> list[Entry]:
    """What registered the demand, and by what it was chosen anew, up to what was approved."""
    said = document["demand"]
    found = [then.entry(said["seq"])]
    found += [each for each in then.of_kinds(AMENDED) if each.body["demand"] == said["id"]]
    if found[0].kind != REGISTERED or found[0].body["demand"] != said["id"]:
        raise NotInLedgerError(what=f"entry {said['seq']} does not register this demand")
    if found[-1].seq != document["selection"]["seq"] or found[-1].body["chosen"] != document["chosen"]:
        raise NotInLedgerError(what="what was approved is not what was chosen last")
    return found


def _about_demand(registered: Entry) -> dict[str, Json]:
    body: Mapping[str, Any] = registered.body
    names = (
        "number",
        "kind",
        "authority",
        "official",
        "their_number",
        "dated_on",
        "received_on",
        "due_on",
        "basis",
        "covers",
    )
    scanned = body["document"]
    return {
        "id": body["demand"],
        **{name: body[name] for name in names},
        "seq": registered.seq,
        "document": None
        if scanned is None
        else {"sha256": ContentDigest.parse(scanned["content_digest"]).hex, "size": scanned["size"]},
    }


def _in_order(files: Sequence[FileThen], rows: Sequence[RowThen]) -> list[FileThen]:
    """By their rows as these were issued, those of none last; then by the camera's clock, then by path."""
    places = {each.id: place for place, each in enumerate(rows)}

    def place(each: FileThen) -> tuple[object, ...]:
        row = places.get(each.row, len(places)) if each.row else len(places)
        began = each.recorded_at
        return row, began is None, began or "", each.body["path"], each.ingested.seq

    return sorted(files, key=place)


def _once(entries: Sequence[Entry]) -> list[Entry]:
    """Each once, in the order of the ledger."""
    by_seq = {each.seq: each for each in entries}
    return [by_seq[seq] for seq in sorted(by_seq)]


def _proven(then: LedgerThen, entries: Sequence[Entry]) -> tuple[ProvenEntry, ...]:
    octets = {each.seq: each.octets for each in entries}
    try:
        paths = Prover(then.checkpoint).paths(octets)
    except TlogError as error:
        raise NotInLedgerError(what=str(error)) from error
    return tuple(ProvenEntry(seq, octets[seq], paths[seq]) for seq in octets)
