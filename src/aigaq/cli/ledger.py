"""`aigaq ledger`: verify it, and hand out the checkpoint that others keep."""

from collections.abc import Iterable
from gettext import gettext as _
from itertools import islice
from pathlib import Path

import click

from aigaq import wiring
from aigaq.cli.options import common
from aigaq.cli.output import Console
from aigaq.errors import EXIT_FAULTS, N_, AigaqError, BadInputError
from aigaq.journal import evidence
from aigaq.journal.acts import check_act
from aigaq.journal.paper_check import check_printed
from aigaq.ledger import checks, comparison, selectors
from aigaq.ledger.comparison import Finding
from aigaq.paperwork import act_code, last_page, sheet
from aigaq.paperwork.act_code import ActCode, ActKind
from aigaq.paperwork.last_page import PrintedCode
from aigaq.recovery.statements import STATEMENTS
from aigaq.regulation import profile as regulation
from aigaq.retention.acts import check_destruction
from aigaq.review.draws import Draws
from aigaq.tlog.checkpoint import open_checkpoint
from aigaq.tlog.verify import Signatures

_LISTED = 1000
"""Faults of one kind of check that are told one by one; more are counted."""
_LARGEST_NOTE = 1_000_000
"""Octets, the bound of `tlog.checkpoint.Note`."""


class NoCheckpointError(AigaqError):
    code = "ledger.no-checkpoint"
    message = N_("The ledger has no checkpoint. Run “aigaq ledger verify” to find out why.")


class CheckpointFileError(BadInputError):
    code = "ledger.checkpoint-file"
    message = N_("The checkpoint “{path}” can't be read: {reason}.")


@click.group(help=_("The ledger of everything that was done."))
def ledger() -> None:
    pass


@ledger.command(
    help=_(
        "Rebuild the tree from the entries, hold the journal and the catalogue against them, and list every"
        " fault; exit status 3 if there are any."
    )
)
@click.option(
    "--since",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("An older checkpoint kept elsewhere, that must still hold. May be repeated."),
)
@click.option(
    "--sheet",
    "sheets",
    multiple=True,
    help=_(
        "The text of a printed sheet's QR code, a file with it, or - to scan it in: it must still hold."
        " May be repeated."
    ),
)
@click.option(
    "--newest-signature",
    is_flag=True,
    help=_("Check the signature of the newest checkpoint only; quicker on a long ledger."),
)
@common
@click.pass_obj
def verify(
    console: Console, since: tuple[Path, ...], sheets: tuple[str, ...], *, newest_signature: bool
) -> int:
    key = wiring.installation().ledger_key
    codes = [_read_code(_scanned(text)) for text in sheets]
    notes = [*map(_read, since), *(code.checkpoint for code in codes)]
    until = selectors.extent().last_seq
    total = until + 1 if isinstance(until, int) else None
    with console.progress(_("Verifying"), total) as progress:
        report = checks.verify(
            key,
            since=notes,
            signatures=Signatures.NEWEST if newest_signature else Signatures.EVERY,
            on_progress=progress.to,
        )
        misfiled, misfiled_unlisted = _first(checks.misfiled())
    draws = Draws(regulation.load().sample)
    with console.progress(_("Comparing the journal and the catalogue"), total) as progress:
        rows, rows_unlisted = _first(
            comparison.compare(
                STATEMENTS, also=[evidence.Reader().check, draws.check], on_progress=progress.to
            )
        )
    misprints = [fault for code in codes for fault in _misprints(code)]
    faults: list[Finding] = [*report.faults, *misfiled, *rows, *misprints]
    unlisted = report.unlisted + misfiled_unlisted + rows_unlisted
    console.answer(
        {
            "entries": report.entries,
            "root": f"sha256:{report.root.hex()}",
            "checkpoints": report.checkpoints,
            "covered": report.covered,
            "faults": [_told(fault) for fault in faults],
            "unlisted": unlisted,
            "remarks": [_told(remark) for remark in report.remarks],
        }
    )
    for fault in faults:
        console.say("✗ " + _sentence(fault))
    for remark in report.remarks:
        console.say("• " + _sentence(remark))
    if not faults and not unlisted:
        console.say(
            _("The ledger is sound: {entries} entries, root sha256:{root}.").format(
                entries=report.entries, root=report.root.hex()
            )
        )
        return 0
    number = len(faults) + unlisted
    console.say(
        _(
            "The ledger of {entries} entries has faults: {number}. Keep it as it is, and tell the head."
        ).format(entries=report.entries, number=number)
    )
    return EXIT_FAULTS


@ledger.command(help=_("The newest signed checkpoint: keep it where nobody here can change it."))
@common
@click.pass_obj
def checkpoint(console: Console) -> None:
    key = wiring.installation().ledger_key
    note = selectors.newest_checkpoint()
    if note is None:
        raise NoCheckpointError
    stated = open_checkpoint(note, key)
    console.answer({"checkpoint": note, "size": stated.size, "root": f"sha256:{stated.root.hex()}"})
    if not console.as_json:
        click.echo(note, nl=False)


def _first(findings: Iterable[Finding]) -> tuple[list[Finding], int]:
    """As many as are told one by one, and how many more there are."""
    remaining = iter(findings)
    listed = list(islice(remaining, _LISTED))
    return listed, sum(1 for _more in remaining)


def _scanned(text: str) -> str:
    """The text itself, or where it is: standard input for “-”, else a file."""
    if text.lstrip("\ufeff \r\n").startswith((sheet.HEADING, last_page.HEADING, act_code.HEADING)):
        return text
    return _read(Path("/dev/stdin" if text == "-" else text))


def _read_code(text: str) -> PrintedCode | ActCode:
    if text.lstrip("\ufeff \r\n").startswith(act_code.HEADING):
        return ActCode.parse(text)
    return last_page.read_printed(text)


def _misprints(code: PrintedCode | ActCode) -> Iterable[Finding]:
    if isinstance(code, ActCode):
        return check_destruction(code) if code.number.kind is ActKind.DISPOSAL else check_act(code)
    return check_printed(code)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_NOTE + 1).decode()
    except OSError as error:
        raise CheckpointFileError(path=path, reason=error.strerror) from error
    except UnicodeDecodeError as error:
        raise CheckpointFileError(path=path, reason=_("it is not text in UTF-8")) from error


def _sentence(fault: Finding) -> str:
    return _(fault.message).format(**fault.evidence)


def _told(fault: Finding) -> dict[str, object]:
    return {
        "kind": str(fault.kind),
        "seq": fault.seq,
        "message": _sentence(fault),
        "evidence": fault.evidence,
    }
