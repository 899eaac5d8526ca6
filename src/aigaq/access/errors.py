from aigaq.errors import N_, AigaqError, RefusedError


class NotAReaderError(RefusedError):
    code = "access.not-a-reader"
    message = N_("Only the head and the custodian open recordings, each with a vault password of their own.")
    paragraph = "14"


class NoVaultPasswordYetError(NotAReaderError):
    """Of somebody who has the right: the key was not handed over to them."""

    code = "access.no-vault-password-yet"
    message = N_(
        "You have no vault password yet. Let the other one of head and custodian, or a head above, hand over "
        "the vault's key to you: People, Head and custodian."
    )


class LastReaderError(RefusedError):
    code = "access.last-reader"
    message = N_(
        "{username} is the only one who can open the vault. Give somebody else access first, "
        "or nobody will ever read the recordings again."
    )
    paragraph = "6"


class VaultLockedError(AigaqError):
    """`details["reason"]` is ``"locked"`` or ``"expired"``."""

    code = "access.locked"
    message = N_("The vault is locked. Enter your vault password to open it.")


class VaultExpiredError(VaultLockedError):
    code = "access.expired"
    message = N_("The vault has locked itself, its time ran out. Enter your vault password to go on.")


class ChangedKeyError(AigaqError):
    code = "access.changed-key"
    message = N_("The vault's key was changed by somebody else meanwhile. Look at the ledger; try again.")
