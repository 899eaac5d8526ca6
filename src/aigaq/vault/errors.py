"""What can go wrong with the vault. The sentences are for the duty room: what happened, what to do."""

from datetime import datetime

from aigaq.errors import EXIT_FAULTS, N_, AigaqError, BadInputError


class VaultError(AigaqError):
    code = "vault.error"
    message = N_("The vault can't be used.")


class NoVaultError(VaultError):
    code = "vault.none"
    message = N_("There is no vault at “{place}”. Give the right folder, or make one with “aigaq init”.")


class VaultExistsError(VaultError):
    code = "vault.exists"
    message = N_("There is a vault at “{place}” already, and it is never replaced. Give another folder.")


class UnknownVaultFormatError(VaultError):
    code = "vault.unknown-format"
    message = N_(
        "The vault at “{place}” can't be read by this version ({reason}). Install the newer version."
    )


class VaultFullError(VaultError):
    """Nothing was committed; the recording is where it came from."""

    code = "vault.full"
    message = N_(
        "The vault's disk is full ({reason}), so the recording was not stored and stays where it was. "
        "Add space to the vault, then unload again."
    )


class VaultWriteError(VaultError):
    """Nothing was committed, or the commit could not be proven durable: the source must be kept."""

    code = "vault.write"
    message = N_(
        "The vault's disk did not take the recording ({reason}); it stays where it was. "
        "Have the disk checked, then unload again."
    )


class VaultReadError(VaultError):
    code = "vault.read"
    message = N_("The vault's disk could not be read ({reason}). Have the disk checked, then try again.")


class StoreWriteError(VaultWriteError):
    """Of a store over the network."""

    code = "vault.store-write"
    message = N_(
        "The store “{place}” did not take the recording ({reason}); it stays where it was. "
        "Have the store and the network looked at, then try again."
    )


class StoreReadError(VaultReadError):
    """Of a store over the network."""

    code = "vault.store-read"
    message = N_(
        "The store “{place}” could not be read ({reason}). Have the store and the network looked at, "
        "then try again."
    )


class StoreAwayError(StoreReadError):
    """Nobody answers there; what is asked later may well go through."""

    code = "vault.store-away"
    message = N_(
        "The store “{place}” can't be reached ({reason}). Have the network looked at; nothing is lost, and "
        "what waits is gone on with."
    )


class StoreFullError(VaultFullError):
    code = "vault.store-full"
    message = N_(
        "The store “{place}” has no room left ({reason}), so the recording was not stored and stays where "
        "it was. Have its quota raised, then try again."
    )


class NotLockedError(VaultWriteError):
    """Whatever is there, it could be deleted: so it does not count as stored."""

    code = "vault.not-locked"
    message = N_(
        "The store “{place}” does not keep what it is given from being deleted ({reason}). Give a bucket "
        "made with Object Lock, and see “aigaq check”."
    )


class WrongPlaceError(BadInputError):
    """The setting itself can't be followed."""

    code = "vault.place"
    message = N_("“{place}” is no place for a vault: {reason}. Correct the setting {name}.")


class ForeignVaultError(VaultError):
    """A copy is asked for in a place where another vault is."""

    code = "vault.foreign"
    message = N_(
        "“{place}” holds another vault, so nothing is copied to it. Give an empty place, or the right one."
    )


class NotProvenError(VaultError):
    """The read-back did not give the recording. Nothing was committed."""

    code = "vault.not-proven"
    message = N_(
        "What came back from the vault's disk is not what was written ({reason}). The recording was not "
        "stored and stays where it was. Have the disk and the memory of this computer checked, then unload "
        "again."
    )


class BlobMissingError(VaultError):
    code = "vault.blob-missing"
    message = N_(
        "The recording {content} is not in the vault. Check the digest; if it is right, look for the "
        "recording on the mirror and tell the head."
    )


class StillLockedError(VaultError):
    """A store keeps it until an instant that it was given."""

    code = "vault.still-locked"
    message = N_("“{place}” keeps it until {at}, and nobody removes it before that.")

    def __init__(self, *, place: str, until: datetime | None = None) -> None:
        super().__init__(place=place, at=f"{until:%Y-%m-%d %H:%M} UTC" if until else "")
        self.until = until


class HeldThereError(StillLockedError):
    """Under a legal hold of the store, which has no end of its own."""

    code = "vault.held-there"
    message = N_("“{place}” keeps it under a legal hold. It is lifted there once nothing holds it here.")


class NotWantedError(VaultError):
    """What was on its way was disposed of meanwhile."""

    code = "vault.not-wanted"
    message = N_("The recording {content} is being destroyed by a signed plan, so it is not copied.")


class BesideMissingError(VaultError):
    """A small file that was written beside the blobs."""

    code = "vault.beside-missing"
    message = N_("The file “{name}” is not in the vault. Look for it on the mirror and tell the head.")


class BlobDamagedError(VaultError):
    """No sound copy. `content`, `blob` (the path in the vault) and `reason` are in `details`."""

    code = "vault.blob-damaged"
    message = N_(
        "The recording {content} is damaged in the vault ({reason}) and is not shown. "
        "Leave the file “{blob}” as it is, take the copy from the mirror and tell the head."
    )
    exit_status = EXIT_FAULTS


class NotABlobNameError(BadInputError):
    code = "vault.not-a-blob-name"
    message = N_("“{path}” is not the name of a recording in the vault.")


class UploadBusyError(VaultError):
    """Another request, or another process, has this upload at this moment."""

    code = "upload.busy"
    message = N_("This upload is being written by another request. Wait a little, then go on with it.")


class UploadPartMissingError(VaultError):
    """What was uploaded so far isn't there any more."""

    code = "upload.lost"
    message = N_("What was uploaded so far is gone from the server's disk. Begin the upload again.")


class NotABlobError(VaultError, BadInputError):
    """A finished upload that is not the ciphertext it was said to be. Nothing of it is kept."""

    code = "upload.not-a-blob"
    message = N_(
        "What was uploaded is not the encrypted recording that was announced ({reason}). "
        "Nothing of it is kept; encrypt the recording again and begin anew."
    )
