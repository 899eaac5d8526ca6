from aigaq.errors import N_, BadInputError


class WrongCopiesError(BadInputError):
    code = "copies.setting"
    message = N_("{name} is “{value}”: {reason}. Correct it; see docs/operations/vault-copies.md.")


class UnknownCopyError(BadInputError):
    code = "copies.unknown"
    message = N_("There is no copy “{name}” in AIGAQ_VAULT_COPIES. It names: {known}.")


class CopyNameTakenError(BadInputError):
    code = "copies.name-taken"
    message = N_(
        "{place} is empty, but recordings were proven to stand in “{name}”. If its disk is unplugged, plug "
        "it in. If it is gone, name the new one differently in AIGAQ_VAULT_COPIES and prepare that."
    )
