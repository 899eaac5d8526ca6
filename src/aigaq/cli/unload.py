"""`aigaq unload`: one card, now; what a port does by itself."""

from functools import partial
from gettext import gettext as _
from pathlib import Path

import click

from aigaq import wiring
from aigaq.cli.options import common
from aigaq.cli.output import Console, octets
from aigaq.core.canonical import Json
from aigaq.errors import EXIT_FAILED, EXIT_FAULTS, N_, AigaqError
from aigaq.ingest.models import UnloadState
from aigaq.ingest.services import Outcome, Progress
from aigaq.ingest.services import unload as unload_card
from aigaq.recordings.models import RecordingFile

_ENDS = {
    UnloadState.READY: partial(_, N_("Stored, and the card is empty.")),
    UnloadState.KEPT: partial(_, N_("Stored; something is left on the card.")),
    UnloadState.TRAY: partial(
        _, N_("Stored; it waits in the tray for the custodian, and the card is as it was.")
    ),
    UnloadState.FAILED: partial(_, N_("Nothing on the card could be read.")),
}


@click.command(
    help=_("Take in what is on a mounted card or recorder, prove it, enter it, then clear the card.")
)
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--keep", is_flag=True, help=_("Do not clear the card."))
@common
@click.pass_obj
def unload(console: Console, *, path: Path, keep: bool) -> int:
    with console.progress(_("Unloading")) as line:

        def show(progress: Progress) -> None:
            line.total = progress.octets_total or None
            line.to(progress.octets_done, progress.current)

        outcome = unload_card(wiring.pipeline(), path, keep=keep, progress=show)
    uncopied = _copied()
    console.answer(_answer(outcome))
    _tell(console, outcome)
    if uncopied is not None:
        console.say(f"✗ {console.sentence(uncopied)}")
    return _status(outcome)


def _copied() -> AigaqError | None:
    """Copy the ledger into the vault; why it could not be. What was cleared was copied before it was."""
    try:
        wiring.copy_ledger()
    except AigaqError as error:
        return error
    return None


def _answer(outcome: Outcome) -> dict[str, object]:
    unload = outcome.unload
    return {
        "files": unload.files_total,
        "stored": unload.stored,
        "already_stored": unload.already_stored,
        "damaged": unload.damaged,
        "foreign": unload.foreign,
        "bytes": sum(file.blob.size for file in outcome.files),
        "cleared": unload.cleared,
        "row": _row(outcome),
        "state": unload.state,
        "reason": unload.reason or None,
        "problems": [{"code": each.code, **each.details} for each in outcome.problems],
        "recordings": [_recording(file) for file in outcome.files],
    }


def _row(outcome: Outcome) -> Json:
    row = outcome.unload.row
    if row is None:
        return None
    return {"id": str(row.pk), "number": row.number, "book": row.book.registration_number}


def _recording(file: RecordingFile) -> dict[str, str]:
    return {
        "name": file.path,
        "content_digest": f"sha256:{file.blob.content_digest}",
        "blob": wiring.blob_place(file.blob.name),
    }


def _tell(console: Console, outcome: Outcome) -> None:
    unload = outcome.unload
    for problem in outcome.problems:
        console.say(f"✗ {console.sentence(problem)}")
    if unload.files_total == 0 and not outcome.problems:
        console.say(_("There is nothing on the card."))
        return
    console.say(_ENDS[UnloadState(unload.state)]())
    if outcome.doubt is not None:
        console.say(console.sentence(outcome.doubt))
    console.say(
        _("Files: {files}; stored now: {stored}, before: {before}; cleared: {cleared}; {size}.").format(
            files=unload.files_total,
            stored=unload.stored,
            before=unload.already_stored,
            cleared=unload.cleared,
            size=octets(sum(file.blob.size for file in outcome.files)),
        )
    )


def _status(outcome: Outcome) -> int:
    if outcome.unload.state == UnloadState.FAILED:
        return EXIT_FAILED
    # Something that should have been taken or cleared was not; a link or a pipe is no recording.
    return 0 if all(problem.is_of_no_file for problem in outcome.problems) else EXIT_FAULTS
