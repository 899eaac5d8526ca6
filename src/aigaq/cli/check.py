"""`aigaq check`: is this installation sound? Every problem in one list, with what to do."""

from gettext import gettext as _

import click
from django.conf import settings

from aigaq.cli import soundness
from aigaq.cli.options import common
from aigaq.cli.output import Console
from aigaq.errors import EXIT_FAULTS


@click.command(
    help=_("Is this installation sound: disk, clock, keys, database, settings? Exit status 3 if not.")
)
@click.option("--deploy", is_flag=True, help=_("Also what matters once others reach it over a network."))
@common
@click.pass_obj
def check(console: Console, *, deploy: bool) -> int:
    problems = soundness.problems(settings.DATA, deploy=deploy)
    told = [{"code": problem.code, "message": problem.sentence(_)} for problem in problems]
    remarks = [
        {"code": remark.code, "message": remark.sentence(_)} for remark in soundness.remarks(deploy=deploy)
    ]
    console.answer({"data": settings.DATA, "problems": told, "remarks": remarks})
    for problem in told:
        console.say(f"✗ {problem['message']} ({problem['code']})")
    for remark in remarks:
        console.say(f"· {remark['message']} ({remark['code']})")
    if not problems:
        console.say(_("The installation in {data} is sound.").format(data=settings.DATA))
    return EXIT_FAULTS if problems else 0
