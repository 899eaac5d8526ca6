from aigaq.errors import N_, AigaqError


class NoTransactionError(AigaqError):
    code = "ledger.no-transaction"
    message = N_("“{kind}” was not recorded: an entry is written only together with its act.")


class NoInstallationError(AigaqError):
    code = "ledger.no-installation"
    message = N_("There is no installation in {data}. Create one with “aigaq init --data {data}”.")
