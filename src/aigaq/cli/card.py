"""`aigaq card`: a card as a recorder would write it, and the identity of a real one."""

import os
import shutil
import tempfile
from datetime import timedelta
from gettext import gettext as _
from pathlib import Path

import click

from aigaq import wiring
from aigaq.accounts.models import User, login_name
from aigaq.cli.options import common
from aigaq.cli.output import Console
from aigaq.errors import N_, BadInputError
from aigaq.ingest.identity import write_identity
from aigaq.registry import services as registry
from aigaq.registry.models import Appointment, Card, Recorder, Role
from aigaq.registry.selectors import person_of, standing_of, thing_with
from aigaq.simulate import card as write_card
from aigaq.unloading.sources.listing import open_card
from aigaq.unloading.sources.volume import volume_id

RECORDER = "БТ-0001"
"""Whose card is simulated if nobody says."""


class FileInTheWayError(BadInputError):
    code = "card.in-the-way"
    message = N_("“{path}” is there already and is not written over. Give another folder, or wait a second.")


class WhoRegistersError(BadInputError):
    code = "card.who"
    message = N_("Say who registers the card: --as and a login name of a custodian.")


class OtherThingError(BadInputError):
    code = "card.other-thing"
    message = N_("{number} is not a {kind}. Look at the label.")


class OtherRecorderError(BadInputError):
    code = "card.other-recorder"
    message = N_("The card {card} is registered with the recorder {recorder}. Leave --recorder out.")


@click.group(help=_("Cards: write one as a recorder would, register one."))
def card() -> None:
    pass


@card.command(
    help=_("Write a card as a recorder would: playable video with sound, photos, the time burnt in.")
)
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--files", type=click.IntRange(1, 9999), default=6, show_default=True, help=_("Files, of all kinds.")
)
@click.option(
    "--seconds", type=click.IntRange(1, 3600), default=10, show_default=True, help=_("Length of each video.")
)
@click.option(
    "--recorder", default=RECORDER, show_default=True, help=_("Inventory number of whose card it is.")
)
@common
@click.pass_obj
def simulate(console: Console, *, directory: Path, files: int, seconds: int, recorder: str) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    photos, voices = min(2, files // 3), int(files > 3)  # noqa: PLR2004 - one of six files is sound
    videos = files - photos - voices
    started_at = wiring.clock().now().replace(microsecond=0) - timedelta(seconds=videos * seconds)
    # Beside the card and hidden: whoever watches the card must not see a file that is half written.
    with (
        tempfile.TemporaryDirectory(prefix=".aigaq-card-", dir=directory.absolute().parent) as beside,
        console.progress(_("Recording"), files) as line,
    ):
        written = write_card(
            Path(beside),
            files=videos,
            seconds=seconds,
            recorder=recorder,
            started_at=started_at,
            photos=photos,
            audio=voices,
            progress=lambda done, _total, path: line.to(done, path.name),
        )
        names = [path.relative_to(beside) for path in written]
        for name in names:
            _bring(Path(beside) / name, directory / name)
    console.answer({"files": len(names), "directory": directory, "recorder": recorder, "names": names})
    console.say(_("{number} files on {path}.").format(number=len(names), path=directory))


@card.command(help=_("Write its identity on a card; one that is not in the register yet is registered."))
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--inventory", required=True, help=_("Inventory number of the card."))
@click.option("--recorder", "recorder_number", help=_("Inventory number of the recorder it sits in."))
@click.option("--as", "username", help=_("Login name of whoever registers it [default: the custodian]."))
@common
@click.pass_obj
def register(
    console: Console, *, path: Path, inventory: str, recorder_number: str | None, username: str | None
) -> None:
    ledger, vault = wiring.ledger(), wiring.vault()
    appointment = _appointment(username)
    by = standing_of(appointment.person, wiring.clock().now()).by(appointment)
    recorder = _recorder(recorder_number) if recorder_number else None
    found = (
        Card.objects.filter(inventory_number=inventory.strip()).select_related("division", "recorder").first()
    )
    if found is not None and recorder is not None and found.recorder != recorder:
        raise OtherRecorderError(card=found.inventory_number, recorder=found.recorder or "-")
    volume, capacity = _facts_of(path)
    registered = found or registry.add_card(
        ledger,
        by,
        inventory_number=inventory,
        division=appointment.division,
        recorder=recorder,
        volume_id=volume,
        capacity=capacity,
    )
    about = write_identity(ledger, by, path, card=registered, installation=vault.id)
    console.answer(
        {
            "card": about.card,
            "recorder": about.recorder,
            "volume_id": registered.volume_id or None,
            "new": found is None,
            "written_at": about.written_at,
        }
    )
    console.say(_("The card at {path} is {card}.").format(path=path, card=about.card))


def _bring(source: Path, target: Path) -> None:
    """Put a finished file on the card. On another disk, as a mounted card is, it has to be copied."""
    if target.exists():
        raise FileInTheWayError(path=target)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(source, target)


def _facts_of(path: Path) -> tuple[str, int]:
    """Serial number of the volume and its size in octets; of a folder on a larger disk neither is told."""
    root = open_card(path)
    try:
        volume = volume_id(root)
        disk = os.fstatvfs(root)
        return volume, disk.f_blocks * disk.f_frsize if volume else 0
    finally:
        os.close(root)


def _recorder(number: str) -> Recorder:
    """Raises `UnknownThingError`, `OtherThingError`."""
    thing = thing_with(number)
    if not isinstance(thing, Recorder):
        raise OtherThingError(number=number, kind=_("recorder"))
    return thing


def _appointment(username: str | None) -> Appointment:
    """The appointment as custodian or head of whoever is named; without a name the only custodian's."""
    keepers = (Role.CUSTODIAN, Role.HEAD) if username else (Role.CUSTODIAN,)
    users = User.objects.filter(username=login_name(username)) if username else User.objects.all()
    held = []
    for user in users:
        person = person_of(user)
        if person is not None:
            standing = standing_of(person, wiring.clock().now())
            held += [each for each in standing.appointments if each.role in keepers]
    if not held or (username is None and len(held) > 1):
        raise WhoRegistersError
    return held[0]
