"""Why a package could not be written. After each of these nothing of it is left."""

from aigaq.errors import N_, AigaqError, BadInputError


class PackageError(AigaqError):
    """The root of this floor's errors."""

    code = "package.error"
    message = N_("The package could not be written.")


class PackageExistsError(PackageError, BadInputError):
    code = "package.exists"
    message = N_("“{name}” is there already and is not written over. Give another folder.")


class ContentMismatchError(PackageError):
    """What came out of the vault is not what the ledger says. `details` holds both digests and sizes."""

    code = "package.content-mismatch"
    message = N_(
        "“{path}” is not what the ledger says: sha256:{found} of {found_size} octets, and not sha256:{stated}"
        " of {stated_size}. The package was not written. Check the vault (“aigaq vault scrub”)."
    )


class TooLargeError(PackageError, BadInputError):
    code = "package.too-large"
    message = N_(
        "“{path}” does not fit on the carrier: with what belongs to it and the papers it takes {needed}"
        " octets, and the carrier holds {capacity}. Take a larger one."
    )


class NoOriginalsError(PackageError, BadInputError):
    code = "package.nothing"
    message = N_("A package without a recording, or without entries of the ledger, proves nothing.")


class UnusableContentsError(PackageError, BadInputError):
    """A defect of whoever gathered them."""

    code = "package.contents"
    message = N_("These contents make no package: {reason}.")


class LimitError(PackageError, BadInputError):
    """More than a checker has to read (`docs/formats/package.md`, "Limits")."""

    code = "package.limit"
    message = N_(
        "There is more in this package than whoever checks it has to read ({what}: {found}, at most {most})."
        " Divide it among several packages."
    )


class NotWrittenError(PackageError):
    code = "package.not-written"
    message = N_(
        "“{name}” could not be written ({reason}). Check the disk and its free space, then try again."
    )
