"""`aigaq package`: evidence packages. Checking one needs no installation."""

from gettext import gettext as _

import click

from aigaq.cli.building import build
from aigaq.cli.options import common
from aigaq.cli.output import Console
from aigaq.errors import EXIT_FAULTS, N_, BadInputError
from aigaq.package import verify as checker


class UnusableOptionError(BadInputError):
    code = "package.option"
    message = N_("What the package is to be compared with can't be used: {reason}.")


@click.group(help=_("Evidence packages for a court or an authority."))
def package() -> None:
    pass


package.add_command(build)


@package.command(
    help=_(
        "Check a package: every file, every entry's proof, every signature; all faults are listed, exit"
        " status 3 if there are any. Of a package in volumes give them all, or any one alone."
    )
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False))
@click.option("--key", help=_("The ledger's key as it is known from elsewhere: its text, or a file."))
@click.option(
    "--checkpoint",
    type=click.Path(exists=True, dir_okay=False),
    help=_("A checkpoint of the ledger that was kept elsewhere."),
)
@click.option("--digest", help=_("The digest of the package, as the receipt of its hand-over states it."))
@common
@click.pass_obj
def verify(
    console: Console, paths: tuple[str, ...], key: str | None, checkpoint: str | None, digest: str | None
) -> int:
    try:
        compare = checker.compare_with(key, checkpoint, digest)
    except (OSError, checker.Malformed) as error:
        raise UnusableOptionError(reason=str(error)) from error
    with console.progress(_("Checking"), 100) as progress:
        result = checker.check(paths, compare, lambda done, total: progress.to(done * 100 // (total or 1)))
    answer = checker.as_json(result)
    for name in ("faults", "notes"):
        for told, fault in zip(answer[name], getattr(result, name), strict=True):
            told["message"] = _sentence(fault)
    console.answer(answer)
    for fault in result.faults:
        console.say("✗ " + _sentence(fault))
    for note in result.notes:
        console.say("• " + _sentence(note))
    if result.is_sound:
        told = _("The package is sound: {originals} originals, {entries} entries of the ledger proven.")
        console.say(told.format(originals=result.originals, entries=result.entries))
        console.say(_("Its digest is sha256:{digest}.").format(digest=result.digest))
        return 0
    number = len(result.faults) + result.unlisted
    console.say(_("The package has faults: {number}. Keep it as it is.").format(number=number))
    return EXIT_FAULTS


def _sentence(fault: checker.Fault) -> str:
    return _(fault.message).format(**fault.evidence)
