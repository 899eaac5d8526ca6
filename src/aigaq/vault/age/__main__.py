"""``python -m aigaq.vault.age``: any age v1 file, with our reader and writer; for conformance and for need.

Exit status: 0 done, 1 failed with one sentence on standard error, 2 bad usage. No plaintext of an
unproven chunk is ever written, and a failed decryption leaves no file behind.
"""

import argparse
import os
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from aigaq.errors import EXIT_FAILED, AigaqError
from aigaq.vault.age import FileSource, Identity, Recipient, SealedReader, decrypt, encrypt
from aigaq.vault.age.errors import AgeKeyError

MAX_IDENTITY_FILE = 65536
"""Octets read of a file of identities."""
_PIECE = 1 << 20


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = _parser().parse_args(arguments)
    try:
        chosen.act(chosen)
    except AigaqError as error:
        return _failed(str(error))
    except OSError as error:
        return _failed(f"{error.filename or 'The file'}: {error.strerror or error}.")
    return 0


def _failed(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return EXIT_FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m aigaq.vault.age", description="Read and write files of the age format (X25519 keys)."
    )
    acts = parser.add_subparsers(required=True, metavar="ACT")
    opening = acts.add_parser("decrypt", help="decrypt IN with the keys in IDENTITY_FILE to OUT")
    opening.add_argument("identity_file", type=Path, metavar="IDENTITY_FILE")
    sealing = acts.add_parser("encrypt", help="encrypt IN for RECIPIENT (age1…) to OUT")
    sealing.add_argument("recipient", metavar="RECIPIENT")
    for act, run in ((opening, _decrypt), (sealing, _encrypt)):
        act.add_argument("source", type=Path, metavar="IN")
        act.add_argument("target", type=Path, metavar="OUT")
        act.set_defaults(act=run)
    part = acts.add_parser("range", help="LENGTH bytes from OFFSET of what IN holds, to standard output")
    part.add_argument("identity_file", type=Path, metavar="IDENTITY_FILE")
    part.add_argument("source", type=Path, metavar="IN")
    part.add_argument("offset", type=_count, metavar="OFFSET")
    part.add_argument("length", type=_count, metavar="LENGTH")
    part.set_defaults(act=_range)
    return parser


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError("give a whole number of bytes")
    return int(text)


def read_identities(path: Path) -> list[Identity]:
    """The keys of a file as ``age-keygen`` writes it: one a line, empty lines and ``#`` lines left out."""
    with path.open("rb") as file:
        octets = file.read(MAX_IDENTITY_FILE + 1)
    if len(octets) > MAX_IDENTITY_FILE:
        raise AgeKeyError(reason="the file is too long to be a file of keys")
    try:
        lines = [line.strip() for line in octets.decode("utf-8").splitlines()]
    except UnicodeDecodeError:
        raise AgeKeyError(reason="the file is not text") from None
    identities = [Identity.parse(line) for line in lines if line and not line.startswith("#")]
    if not identities:
        raise AgeKeyError(reason="the file holds none")
    return identities


def _decrypt(chosen: argparse.Namespace) -> None:
    identities = read_identities(chosen.identity_file)
    with chosen.source.open("rb") as source, _replaced(chosen.target) as target:
        decrypt(identities, source, target)


def _encrypt(chosen: argparse.Namespace) -> None:
    recipient = Recipient.parse(chosen.recipient)
    with chosen.source.open("rb") as source, _replaced(chosen.target) as target:
        encrypt(recipient, source, target)


def _range(chosen: argparse.Namespace) -> None:
    identities = read_identities(chosen.identity_file)
    with chosen.source.open("rb") as source, SealedReader(FileSource(source), identities) as reader:
        left = chosen.length
        reader.seek(chosen.offset)
        while left and (piece := reader.read(min(left, _PIECE))):
            sys.stdout.buffer.write(piece)
            left -= len(piece)
        sys.stdout.buffer.flush()


@contextmanager
def _replaced(target: Path) -> Iterator[BinaryIO]:
    """A new file that takes the place of `target` once it is whole; on failure `target` is as it was."""
    if target.exists() and not stat.S_ISREG(target.stat().st_mode):
        # A pipe or a device can't be replaced; as the age program does, proven chunks go straight in.
        with target.open("wb") as direct:
            yield direct
        return
    whole = target.resolve()
    file: IO[bytes]
    with tempfile.NamedTemporaryFile(dir=whole.parent, prefix=".age-", delete=False) as file:
        try:
            yield cast("BinaryIO", file)
            file.close()
            os.replace(file.name, whole)  # noqa: PTH105 - the name is a plain string here
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


if __name__ == "__main__":
    sys.exit(main())
