from aigaq.errors import N_, AigaqError


class NoTransactionError(AigaqError):
    code = "ledger.no-transaction"
    message = N_("“{kind}” was not recorded: an entry is written only together with its act.")


class NoInstallationError(AigaqError):
    code = "ledger.no-installation"
    message = N_("There is no installation in {data}. Create one with “aigaq init --data {data}”.")


class UnfinishedInstallationError(NoInstallationError):
    code = "ledger.unfinished-installation"
    message = N_(
        "An “aigaq init” in {data} was interrupted before it was done. "
        "Nothing is stored there yet: run “aigaq init --data {data}” again."
    )


class UnfinishedRestoreError(NoInstallationError):
    code = "ledger.unfinished-restore"
    message = N_(
        "Bringing an installation back into {data} was interrupted before it was done. Run the same “aigaq "
        "restore” or “aigaq vault rebuild” again: it goes on."
    )


class InstallationExistsError(AigaqError):
    code = "ledger.installation-exists"
    message = N_("There is an installation in {data} already, and it is never replaced. Give another folder.")


class InitRunningError(AigaqError):
    code = "ledger.init-running"
    message = N_("Another “aigaq init” is at work in {data}. Wait until it is done.")


class StrayFilesError(AigaqError):
    code = "ledger.stray-files"
    message = N_(
        "There is no installation in {data}, but parts of one: {names}. "
        "Find out whose they are and restore them from the backup, or give another folder."
    )


class DamagedInstallationError(AigaqError):
    code = "ledger.damaged-installation"
    message = N_("The file installation.json in {data} can't be used ({reason}). Restore it from the backup.")


class ForeignLedgerKeyError(AigaqError):
    code = "ledger.foreign-key"
    message = N_(
        "The key in {path} is not the one this installation was made with. Restore it from the backup."
    )


class DatabaseInUseError(AigaqError):
    code = "ledger.database-in-use"
    message = N_(
        "The database holds a ledger already, perhaps that of an interrupted “aigaq init”. "
        "Give an empty database in AIGAQ_DATABASE_URL."
    )
