"""What stands between an office and its new database. As long as one of these is told, the old one counts."""

from aigaq.errors import EXIT_FAULTS, N_, AigaqError, BadInputError


class MovedAwayError(AigaqError):
    code = "move.moved-away"
    message = N_(
        "The database in {path} was closed on {at}: the office was moved to {target}. Set AIGAQ_DATABASE_URL"
        " to that one, then start again. The file stays as it was; nothing can be written to it."
    )


class UnfinishedMoveError(AigaqError):
    code = "move.unfinished"
    message = N_(
        "This database was made by an “aigaq move” that was interrupted before its last step, so nobody works"
        " with it yet. Unset AIGAQ_DATABASE_URL and run the same “aigaq move” again: it goes on."
    )


class BackwardsError(BadInputError):
    code = "move.backwards"
    message = N_(
        "The office is on PostgreSQL already, and a move leads from SQLite to PostgreSQL only. The way back"
        " is a backup that was made before the move: “aigaq restore DIR” takes what is newer from the vault."
    )


class NoTargetError(BadInputError):
    code = "move.no-target"
    message = N_(
        "Say where to: the address of an empty PostgreSQL database, in a file (--to-file FILE) or in"
        " AIGAQ_MOVE_TO."
    )


class TargetFileError(BadInputError):
    code = "move.target-file"
    message = N_("The file “{path}” with the address of the new database can't be used: {reason}.")


class PasswordShownError(BadInputError):
    code = "move.password-shown"
    message = N_(
        "A password on the command line can be seen by everybody on this computer, and has been by now:"
        " change it. Then write the address into a file that only you can read, and give --to-file FILE."
    )


class NotPostgresError(BadInputError):
    code = "move.target-engine"
    message = N_(
        "That is no address of a PostgreSQL database. It is written so: postgresql://user@host:5432/name"
    )


class NoSourceError(AigaqError):
    code = "move.no-source"
    message = N_("There is no SQLite database at {path}, so there is nothing to move.")


class SourceInUseError(AigaqError):
    code = "move.source-in-use"
    message = N_(
        "Another program has the database in {path} open. Stop the office (“aigaq serve”, docks, whatever"
        " else runs of Aigaq), then try again."
    )


class TargetUnreachableError(AigaqError):
    code = "move.target-unreachable"
    message = N_("The database {target} can't be reached: {reason}. Nothing was changed.")


class TargetNotEmptyError(AigaqError):
    code = "move.target-not-empty"
    message = N_(
        "There is something in the database {target} already, and nothing is ever written over: {tables}."
        " Give an empty database."
    )


class TargetStaleError(AigaqError):
    code = "move.target-stale"
    message = N_(
        "The database {target} holds an unfinished copy of an earlier state of this office, or of another"
        " one. Nobody has worked with it. Drop that database, create it again, then try again."
    )


class TargetEncodingError(AigaqError):
    code = "move.target-encoding"
    message = N_(
        "The database {target} keeps text as {encoding}, in which Kazakh can't be written. Create one with"
        " the encoding UTF8."
    )


class OtherVersionError(AigaqError):
    code = "move.other-version"
    message = N_(
        "The database is not of this version of Aigaq: {names}. Run “aigaq migrate” with the version that is"
        " installed, or install the newer one; then try again."
    )


class UnknownTablesError(AigaqError):
    code = "move.unknown-tables"
    message = N_(
        "There are tables in the database that are not Aigaq's, and that would be left behind: {tables}. Find"
        " out whose they are, and take them elsewhere first."
    )


class RowRefusedError(AigaqError):
    code = "move.row-refused"
    message = N_(
        "What is in the table {table} can't be taken over: {reason}. Nothing was moved, and the office may go"
        " on where it was. “aigaq ledger verify” looks into it."
    )
    exit_status = EXIT_FAULTS


class NotEqualError(AigaqError):
    code = "move.not-equal"
    message = N_(
        "The new database is not equal to the old one: table {table}, row {row}, column {column}. Nothing was"
        " moved, and the office may go on where it was. Report this."
    )
    exit_status = EXIT_FAULTS


class NotCountingError(AigaqError):
    code = "move.not-counting"
    message = N_(
        "The new database does not go on counting where the old one was: the table {table} would give the"
        " number {theirs}, not {ours}. Nothing was moved, and the office may go on where it was."
    )
    exit_status = EXIT_FAULTS


class UnguardedError(AigaqError):
    code = "move.unguarded"
    message = N_(
        "In the new database these tables could be changed: {tables}. Nothing was moved, and the office may"
        " go on where it was. Look at the rights of the database's user."
    )
    exit_status = EXIT_FAULTS


class MovedWithFaultsError(AigaqError):
    code = "move.faults"
    message = N_(
        "The office has faults: {number}, the first: {first} Nothing was moved, and the office may go on"
        " where it was. “aigaq ledger verify” names them all."
    )
    exit_status = EXIT_FAULTS
