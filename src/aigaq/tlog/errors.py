"""What can be wrong with an entry, a proof, a checkpoint or a key. Proof errors carry their evidence."""

from aigaq.errors import EXIT_FAULTS, N_, AigaqError, BadInputError


class TlogError(AigaqError):
    """The root of this floor's errors."""

    code = "tlog.error"
    message = N_("The ledger could not be read or written.")


class MalformedEntryError(TlogError, BadInputError):
    code = "tlog.entry.malformed"
    message = N_("This is not a ledger entry: {reason}.")


class MalformedTreeError(TlogError, BadInputError):
    code = "tlog.tree.malformed"
    message = N_("This tree can't be: {reason}.")


class ProofRangeError(TlogError, BadInputError):
    code = "tlog.proof.range"
    message = N_("There is no such proof: {reason}.")


class InclusionError(TlogError):
    """`details` holds ``leaf``, ``index``, ``size``, ``proof``, ``root`` (as given) and ``reason``."""

    code = "tlog.proof.inclusion"
    message = N_("Entry {index} is not proven to be in the ledger of {size} entries: {reason}.")
    exit_status = EXIT_FAULTS


class ConsistencyError(TlogError):
    """`details` holds ``old_size``, ``new_size``, ``old_root``, ``new_root``, ``proof`` and ``reason``."""

    code = "tlog.proof.consistency"
    message = N_(
        "The ledger of {new_size} entries is not proven to continue the one of {old_size} entries: {reason}."
    )
    exit_status = EXIT_FAULTS


class MalformedNoteError(TlogError, BadInputError):
    code = "tlog.note.malformed"
    message = N_("This is not a signed note: {reason}.")


class MalformedCheckpointError(TlogError, BadInputError):
    code = "tlog.checkpoint.malformed"
    message = N_("This is not a checkpoint of a ledger: {reason}.")


class SignatureError(TlogError):
    """`details` holds ``note``, ``key`` (the verifier key asked for) and ``reason``."""

    code = "tlog.note.signature"
    message = N_("The signature does not hold: {reason}.")
    exit_status = EXIT_FAULTS


class MalformedKeyError(TlogError, BadInputError):
    code = "tlog.key.malformed"
    message = N_("This is not a key of a ledger: {reason}.")


class KeyFileError(TlogError):
    code = "tlog.key.file"
    message = N_("The signing key file “{path}” can't be used: {reason}.")


class KeyFileExposedError(KeyFileError):
    code = "tlog.key.exposed"
    message = N_(
        "Other users of this computer can reach the signing key “{path}” (mode {mode})."
        " Take their access away (chmod 600), and treat the key as known to them."
    )


class KeyFileExistsError(KeyFileError):
    code = "tlog.key.exists"
    message = N_("There is already a file “{path}”; a signing key is never written over another.")
