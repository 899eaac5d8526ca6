from aigaq.errors import N_, BadInputError


class WrongCopiesError(BadInputError):
    code = "copies.setting"
    message = N_("{name} is “{value}”: {reason}. Correct it; see docs/operations/vault-copies.md.")


class UnknownCopyError(BadInputError):
    code = "copies.unknown"
    message = N_("There is no copy “{name}” in AIGAQ_VAULT_COPIES. It names: {known}.")
