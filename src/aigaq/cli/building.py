"""`aigaq package build`: the package of an approved demand, as a folder, an archive or a disc image."""

import re
from dataclasses import dataclass, field
from gettext import gettext as _
from pathlib import Path
from typing import Final

import click
from django.conf import settings

from aigaq import wiring
from aigaq.cli.options import common, password_lines
from aigaq.cli.output import Console, octets
from aigaq.cli.readers import Reader, identity_of, new_file, reader_named, vault_password
from aigaq.disclosure.building import contents_of, tools
from aigaq.disclosure.documents import about_bags
from aigaq.disclosure.gathering import Gathered, gather
from aigaq.disclosure.models import Approval, Building, BuildingWay, Sealing
from aigaq.disclosure.packing import Packed, packed, stream_of
from aigaq.disclosure.selectors import approval_of, demand_numbered
from aigaq.disclosure.services.build import begin, finish, require_builder
from aigaq.errors import N_, BadInputError
from aigaq.media.making.maker import Maker
from aigaq.package.layout import Layout
from aigaq.package.writer import Written, write
from aigaq.registry.selectors import READERS
from aigaq.vault.age import Addressee, Identity, Passphrase, Recipient

_CAPACITY: Final = re.compile(r"(\d{1,18}(?:\.\d{1,9})?)\s*([kMGT]?)(i?)B?", re.ASCII)
_LARGEST: Final = 2**63 - 1
"""What the database keeps of it."""
_POWERS: Final = {"": 0, "k": 1, "M": 2, "G": 3, "T": 4}


class CapacityError(BadInputError):
    code = "package.capacity"
    message = N_("“{text}” is no capacity. Write it as it stands on the carrier, say 4.7GB.")


class OneSealError(BadInputError):
    code = "package.one-seal"
    message = N_(
        "A package is sealed to one key or by one passphrase, and a disc image is not sealed. Choose one."
    )


@dataclass(frozen=True, slots=True)
class _Wanted:
    into: Path
    capacity: int | None
    addressee: Addressee | None
    is_image: bool

    @property
    def sealing(self) -> Sealing:
        match self.addressee:
            case None:
                return Sealing.NONE
            case Passphrase():
                return Sealing.PASSPHRASE
        return Sealing.RECIPIENT


@click.command(
    help=_(
        "Build the package of an approved demand, by its number, with a vault password. It is entered in the"
        " ledger with each file before anything is read."
    )
)
@click.argument("number")
@click.option(
    "--into",
    required=True,
    type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path),
    help=_("The folder in which it is made."),
)
@click.option(
    "--capacity", help=_("What the carrier holds, say 4.7GB: a larger package is split into volumes.")
)
@click.option("--encrypt-to", help=_("An age recipient (age1…): the package comes as one sealed archive."))
@click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Seal it by the passphrase on the first line of this file."),
)
@click.option("--image", is_flag=True, help=_("As the image of a disc (UDF), one for each volume."))
@vault_password
@common
@click.pass_obj
def build(
    console: Console,
    *,
    number: str,
    into: Path,
    capacity: str | None,
    encrypt_to: str | None,
    passphrase_file: Path | None,
    image: bool,
    username: str | None,
    vault_password_file: Path | None,
) -> None:
    wanted = _Wanted(into, _capacity(capacity), _addressee(encrypt_to, passphrase_file, image), image)
    ledger, reader = wiring.ledger(), reader_named(username, READERS)
    division = reader.appointment.division
    approval = approval_of(demand_numbered(division, number).demand)
    require_builder(ledger, reader.by, approval=approval, division=division, person=reader.person)
    gathered = gather(approval, wiring.ledger_key())
    identity = identity_of(reader, vault_password_file)
    building = _begun(reader, approval, gathered, wanted)
    run = _Run(console, reader, building, gathered, identity, wanted)
    told = run.streamed() if wanted.addressee or image else run.written()
    console.answer(
        {
            "demand": approval.demand_id,
            "number": approval.demand.number,
            "package": approval.pk,
            "originals": len(gathered.files),
            "entries": len(gathered.entries),
            **told,
        }
    )
    console.say(_("Built: {digest}").format(digest=told["package_digest"]))
    for path in told["paths"]:  # type: ignore[attr-defined]
        console.say(f"  {path}")


def _begun(reader: Reader, approval: Approval, gathered: Gathered, wanted: _Wanted) -> Building:
    return begin(
        wiring.ledger(),
        reader.by,
        approval=approval,
        division=reader.appointment.division,
        person=reader.person,
        files=[each.file for each in gathered.files],
        way=BuildingWay.COMMAND_LINE,
        capacity=wanted.capacity,
        sealing=wanted.sealing,
        is_image=wanted.is_image,
    )


@dataclass(frozen=True, slots=True)
class _Run:
    console: Console
    reader: Reader
    building: Building
    gathered: Gathered
    identity: Identity = field(repr=False)
    wanted: _Wanted

    @property
    def _size(self) -> int:
        return sum(each.body["size"] for each in self.gathered.files)

    def written(self) -> dict[str, object]:
        """Folders, each file read once."""
        source = contents_of(self.gathered, wiring.vault(), self.identity, _maker)
        with source as contents, self.console.progress(_("Building"), self._size) as progress:
            found = write(
                contents,
                self.wanted.into,
                tools=tools,
                capacity=self.wanted.capacity,
                on_progress=lambda done, _all: progress.to(done, octets(done)),
            )
        return {**self._finished(found), "paths": [self.wanted.into / each.name for each in found.bags]}

    def streamed(self) -> dict[str, object]:
        """Archives or images: measured first, then read once more as they are written."""
        with (
            self.console.progress(_("Measuring"), self._size) as progress,
            packed(
                self.gathered,
                wiring.vault(),
                self.identity,
                _maker,
                capacity=self.wanted.capacity,
                on_progress=lambda done, _all: progress.to(done, octets(done)),
            ) as found,
        ):
            return {
                **self._finished(found.layout),
                "paths": [self._stored(found, volume) for volume in range(len(found.layout.bags))],
            }

    def _finished(self, found: Layout | Written) -> dict[str, object]:
        finish(wiring.ledger(), self.reader.by, self.building, found)
        return {"package_digest": found.package_digest, "bags": about_bags(found.bags)}

    def _stored(self, found: Packed, volume: int) -> Path:
        stream = stream_of(found, volume, self.wanted.addressee, is_image=self.wanted.is_image)
        path, done = self.wanted.into / stream.name, 0
        with new_file(path) as target, self.console.progress(_("Writing"), stream.size) as progress:
            for piece in stream.pieces():
                target.write(piece)
                done += len(piece)
                progress.to(done, octets(done))
        return path


def _maker() -> Maker:
    return Maker(settings.SPOOL)


def _capacity(text: str | None) -> int | None:
    """Octets; as disks are sold, in powers of ten, but GiB in powers of two. Raises `CapacityError`."""
    if text is None:
        return None
    found = _CAPACITY.fullmatch(text.strip())
    if found is None:
        raise CapacityError(text=text)
    number, unit, is_binary = found.groups()
    octets = int(float(number) * (1024 if is_binary else 1000) ** _POWERS[unit])
    if not 0 < octets <= _LARGEST:
        raise CapacityError(text=text)
    return octets


def _addressee(recipient: str | None, passphrase_file: Path | None, image: bool) -> Addressee | None:  # noqa: FBT001 - an option
    if sum((recipient is not None, passphrase_file is not None, image)) > 1:
        raise OneSealError
    if recipient is not None:
        return Recipient.parse(recipient)
    if passphrase_file is not None:
        return Passphrase.chosen(password_lines(passphrase_file, 1)[0])
    return None
