"""What stands between an office and its data. The sentences are for who is alone with a broken server."""

from aigaq.errors import EXIT_FAULTS, N_, AigaqError, BadInputError


class OlderDatabaseError(AigaqError):
    """The vault's copy of the ledger goes further than the database: this one was put back."""

    code = "recovery.older-database"
    message = N_(
        "This database is older than the vault: it has {here} entries of the ledger, the vault's copy has "
        "{there}. Nothing is done with it, so that nothing is written twice. Was a backup put back? Then "
        "bring it up to date from the vault: “aigaq vault rebuild”."
    )


class OtherHistoryError(AigaqError):
    """Both have entries that the other one does not have: no catching up leads from one to the other."""

    code = "recovery.other-history"
    message = N_(
        "The database and the vault's copy of the ledger tell different histories: after {size} entries they "
        "do not have the same root. Nothing is done with it. Keep both as they are, tell the head, and "
        "compare with a printed checkpoint: “aigaq ledger verify --since FILE”."
    )
    exit_status = EXIT_FAULTS


class CopyIncompleteError(AigaqError):
    code = "recovery.copy-incomplete"
    message = N_(
        "The vault's copy of the ledger has no sound file for entry {seq}, though its checkpoint covers "
        "{size}. Fetch the folder “ledger” from the mirror, then try again."
    )
    exit_status = EXIT_FAULTS


class CopyForgedError(AigaqError):
    """A file that is authentic by its name does not say what its checkpoint says."""

    code = "recovery.copy-forged"
    message = N_(
        "“{name}” in the vault is not what the ledger's key signed ({reason}). Keep the vault as it is and "
        "tell the head."
    )
    exit_status = EXIT_FAULTS


class NoCopyError(AigaqError):
    code = "recovery.no-copy"
    message = N_(
        "There is no copy of the ledger in the vault at “{place}”, so nothing can be made from it. Look for "
        "the folder “ledger” on the mirror, or restore a backup: “aigaq restore DIR”."
    )


class NoReadersKeyError(BadInputError):
    code = "recovery.no-key"
    message = N_(
        "This is no vault password of a reader of this vault, and no recovery key of it. Check the keyboard "
        "language and Caps Lock, and try again."
    )


class UnknownTableError(AigaqError):
    """Written by a later version."""

    code = "recovery.unknown-table"
    message = N_(
        "The copy holds rows of {table}, which this version of Aigaq does not have. Install the version that "
        "wrote it, or a later one."
    )


class NoSigningKeyError(AigaqError):
    code = "recovery.no-signing-key"
    message = N_(
        "The key that signs the ledger is neither in {path} nor in the vault's copy. Restore a backup: "
        "“aigaq restore DIR”. Without this key the ledger can be verified, but not continued."
    )


class OtherLedgerError(AigaqError):
    """A backup of one ledger, and a vault with the copy of another: one of them was put there."""

    code = "recovery.other-ledger"
    message = N_(
        "The ledger of this backup is signed with the key {ours}, the one in the vault with {theirs}. One of "
        "them was put there: this office's key stands on every printed sheet. Take another backup, or "
        "another copy of the vault."
    )
    exit_status = EXIT_FAULTS


class KeysDisagreeError(AigaqError):
    """Several first segments, of different keys: one of them was put there."""

    code = "recovery.keys-disagree"
    message = N_(
        "In the vault lie beginnings of ledgers that are signed with different keys: {keys}. One of them was "
        "put there. Say with --ledger-key which is this office's: its name stands on every printed sheet."
    )
    exit_status = EXIT_FAULTS


class NotThisVaultError(AigaqError):
    code = "recovery.not-this-vault"
    message = N_(
        "The vault at “{place}” is another one ({there}) than that of this ledger ({ours}). Put the right "
        "vault there, then try again."
    )


class NotEmptyError(AigaqError):
    code = "recovery.not-empty"
    message = N_("There is something in “{path}” already, and it is never written over. Give a new folder.")


class BackupDamagedError(AigaqError):
    code = "recovery.backup-damaged"
    message = N_("The backup in {path} can't be used: {reason}. Take another one.")
    exit_status = EXIT_FAULTS


class BackupNotWrittenError(AigaqError):
    code = "recovery.backup-not-written"
    message = N_(
        "The backup could not be written to {path} ({reason}); what was begun there is removed. Look at the "
        "disk and its free space, then try again."
    )


class NoDumpProgramError(AigaqError):
    code = "recovery.no-dump-program"
    message = N_(
        "The program {program} is not installed: it is needed for a PostgreSQL database. Install the client "
        "of PostgreSQL, of the server's version or a later one."
    )


class DumpFailedError(AigaqError):
    code = "recovery.dump-failed"
    message = N_("{program} did not do its work: {reason}")


class OtherEngineError(AigaqError):
    code = "recovery.other-engine"
    message = N_(
        "The backup is one of {theirs}, and AIGAQ_DATABASE_URL names {ours}. Restore it into a database of "
        "its own kind."
    )


class RestoredWithFaultsError(AigaqError):
    """The installation is left unfinished, for whoever looks into it."""

    code = "recovery.faults"
    message = N_(
        "What was brought back has faults: {number}, the first: {first} It is left unfinished in {data}. "
        "Keep it and the backup as they are, and tell the head."
    )
    exit_status = EXIT_FAULTS
