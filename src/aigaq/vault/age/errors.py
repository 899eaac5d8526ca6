"""What can be wrong with an age file or an age key."""

from aigaq.errors import N_, AigaqError, BadInputError


class AgeError(AigaqError):
    """The root of all below: nothing of the file may be trusted beyond what was already returned."""

    code = "age.error"
    message = N_("This encrypted file can't be read.")


class AgeHeaderError(AgeError):
    """The header breaks the grammar of the format, or a stanza its own rules."""

    code = "age.header-malformed"
    message = N_("The beginning of this encrypted file is malformed: {reason}. Use another copy of it.")


class AgeNotAgeError(AgeHeaderError):
    """The file does not begin as any age file does."""

    code = "age.not-age"
    message = N_("This is not an encrypted file of the age format. Check which file was chosen.")


class AgeHeaderTooLongError(AgeHeaderError):
    code = "age.header-too-long"
    message = N_(
        "The beginning of this encrypted file is longer than {limit} bytes: it is not a file of ours. "
        "Check which file was chosen."
    )


class AgeHeaderMacError(AgeError):
    """The file key was found, and it does not vouch for the header."""

    code = "age.header-mac"
    message = N_(
        "The beginning of this encrypted file was changed after it was written. Use another copy of it."
    )


class AgeNoMatchError(AgeError):
    code = "age.no-match"
    message = N_("This file was encrypted for another key. Choose the key of the vault that stored it.")


class AgePassphraseError(AgeNoMatchError):
    code = "age.wrong-passphrase"
    message = N_("This is not the passphrase of this file. Type it as it was told, hyphens included.")


class WeakPassphraseError(AgeError, BadInputError):
    code = "age.weak-passphrase"
    message = N_(
        "This passphrase can be guessed, or not be typed on every keyboard. Take {least} characters or more "
        "without a blank at either end, or let Aigaq make one."
    )
    exit_status = BadInputError.exit_status


class AgeUnsupportedError(AgeError):
    """A part of the age format that Aigaq neither writes nor reads."""

    code = "age.unsupported"
    message = N_("Aigaq does not read this kind of age file: {feature}. Open it with the age program.")


class AgePayloadError(AgeError):
    """A chunk that the payload key does not vouch for. `details["chunk"]` counts from zero."""

    code = "age.payload-damaged"
    message = N_(
        "This encrypted file is damaged in part {chunk} (of 64 KiB each, counted from 0). "
        "Use another copy of it."
    )


class AgeTruncatedError(AgePayloadError):
    """The payload ends where no chunk can end."""

    code = "age.payload-truncated"
    message = N_(
        "This encrypted file is cut off in part {chunk} (of 64 KiB each, counted from 0). "
        "Use another copy of it."
    )


class AgeKeyError(AgeError, BadInputError):
    """A text that is no X25519 key of age. The sentence never repeats the text: it may be a secret."""

    code = "age.key-malformed"
    message = N_("This is not an age key that Aigaq can use: {reason}. Check that it was copied whole.")
    exit_status = AigaqError.exit_status
