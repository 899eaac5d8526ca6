"""The key that signs checkpoints, in a file that nobody else on the computer can read."""

import os
import stat
from pathlib import Path
from typing import Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from aigaq.tlog.checkpoint import Signer, VerifierKey
from aigaq.tlog.errors import KeyFileError, KeyFileExistsError, KeyFileExposedError

__all__ = ["Ed25519Signer", "Signer"]

_MODE = 0o600
_OTHERS = 0o077
_MAX_OCTETS = 16 * 1024


class Ed25519Signer:
    """A `Signer` whose private key is in this process's memory."""

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        """`MalformedKeyError` if `name` can't be a key name."""
        self._key = key
        public_key = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.verifier = VerifierKey(name, public_key)

    @classmethod
    def generate(cls, name: str) -> Self:
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def of_pem(cls, octets: bytes, name: str) -> Self:
        """The inverse of `pem`; `KeyFileError` if it holds no Ed25519 key."""
        return cls(name, _read_pem(octets, name))

    @classmethod
    def load(cls, path: Path, name: str) -> Self:
        """Read a PKCS #8 PEM file; `KeyFileExposedError` if anyone but its owner has any access to it.

        `KeyFileError` if it is a link, no regular file, or holds no Ed25519 key.
        """
        try:
            octets = _read_private(path)
        except OSError as error:
            raise KeyFileError(path=path, reason=error.strerror) from error
        return cls(name, _read_pem(octets, path))

    def pem(self) -> bytes:
        """The private key itself, in PKCS #8: only ever to be written where nobody else reads, or sealed."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def save(self, path: Path) -> None:
        """Write the key once, mode 0600, durable when this returns; `KeyFileExistsError`, `KeyFileError`."""
        try:
            _write_private(path, self.pem())
        except FileExistsError as error:
            raise KeyFileExistsError(path=path) from error
        except OSError as error:
            raise KeyFileError(path=path, reason=error.strerror) from error

    @property
    def name(self) -> str:
        return self.verifier.name

    @property
    def public_key(self) -> bytes:
        return self.verifier.public_key

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


def _read_pem(octets: bytes, path: object) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(octets, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileError(path=path, reason="it holds no private key in PEM") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(path=path, reason="its key is not an Ed25519 key")
    return key


def _read_private(path: Path) -> bytes:
    # Non-blocking, so that a FIFO in the key's place can't hang the start.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor, to judge the file that is read
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise KeyFileError(path=path, reason="it is not a regular file")
        mode = stat.S_IMODE(status.st_mode)
        if mode & _OTHERS:
            raise KeyFileExposedError(path=path, mode=f"{mode:04o}")
        return file.read(_MAX_OCTETS)


def _write_private(path: Path, octets: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, _MODE)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, made with O_EXCL
            os.fchmod(descriptor, _MODE)
            file.write(octets)
            file.flush()
            os.fsync(descriptor)
    except OSError:
        # Half a key is no key, and would stand in the way of the next attempt. It is ours: O_EXCL.
        path.unlink()
        raise
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
