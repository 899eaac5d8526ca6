"""Why a dock is not let in, or its upload not taken. Agents go by the codes, which never change."""

from aigaq.errors import N_, AigaqError, BadInputError, RefusedError


class NotOverDocksError(RefusedError):
    code = "dock.no-right"
    message = N_("Only the custodian or the head of {division} can do this. Ask one of them.")
    paragraph = "6"


class NoReasonToRevokeError(BadInputError):
    code = "dock.no-reason"
    message = N_("Say why the dock is revoked: a few words, at most {limit} characters.")


class AlreadyRevokedError(RefusedError):
    code = "dock.already-revoked"
    message = N_("{name} is revoked already.")


class TooManyCodesError(RefusedError):
    code = "dock.too-many-codes"
    message = N_(
        "{limit} codes of this division wait to be used. Use one of them, or wait until they expire."
    )


class NotLetInError(AigaqError):
    """The root of what refuses a dock as such."""

    code = "dock.not-let-in"
    message = N_("The dock is not let in.")


class UnknownCodeError(NotLetInError):
    code = "dock.code-unknown"
    message = N_("This code is not known here. Check what was typed, or have another one made.")


class CodeUsedError(NotLetInError):
    code = "dock.code-used"
    message = N_("A dock was enrolled with this code already. Have another one made.")


class CodeExpiredError(NotLetInError):
    code = "dock.code-expired"
    message = N_("This code has expired. Have another one made, and type it within {minutes} minutes.")


class KeyTakenError(NotLetInError):
    code = "dock.key-taken"
    message = N_("This key was enrolled before. Set the dock up with a new key, then enrol it.")


class UnknownDockError(NotLetInError):
    code = "dock.unknown"
    message = N_("There is no such dock here. Enrol it with a code from the office.")


class DockRevokedError(NotLetInError):
    code = "dock.revoked"
    message = N_(
        "This dock was revoked and is not let in. The recordings stay on the card; ask the custodian of "
        "the office."
    )


class StaleChallengeError(NotLetInError):
    """Expired, made for another dock, not made here, or answered before."""

    code = "dock.stale-challenge"
    message = N_("The challenge is not good any more. Ask for another one and answer it at once, once.")


class OtherInstallationError(NotLetInError):
    code = "dock.other-installation"
    message = N_(
        "The dock was enrolled with another installation. Enrol it with this one, or correct the address."
    )


class NoSessionError(NotLetInError):
    """No token, an unknown one, or one that has expired."""

    code = "dock.no-session"
    message = N_("No session is open for this request. Open one, then try again.")


class TooManySessionsError(NotLetInError):
    code = "dock.too-many-sessions"
    message = N_(
        "The dock opened {limit} sessions within a minute. Wait a minute; one lasts a quarter of an hour."
    )


class UploadError(AigaqError):
    """The root of what refuses an upload or a part of it."""

    code = "upload.error"
    message = N_("The upload can't be used.")


class UnknownUploadError(UploadError):
    """Not there, or of another dock."""

    code = "upload.unknown"
    message = N_("There is no such upload. Begin it again.")


class UploadEndedError(UploadError):
    """Given up, abandoned or refused; `reason` has the code where it was refused."""

    code = "upload.ended"
    message = N_("This upload has ended without being finished ({reason}). Begin it again.")


class UploadCompleteError(UploadError):
    code = "upload.complete"
    message = N_("This upload is finished; nothing is added to it and nothing taken away.")


class WrongOffsetError(UploadError):
    code = "upload.offset"
    message = N_("The upload stands at {offset}, not at {given}. Ask where it stands, and go on from there.")


class BadLengthError(UploadError, BadInputError):
    code = "upload.length"
    message = N_("Say in Upload-Length how many bytes the upload has: a whole number, at least {least}.")


class UploadTooLargeError(UploadError):
    code = "upload.too-large"
    message = N_("An upload has at most {limit} bytes, this one would have {length}.")


class BeyondLengthError(UploadError):
    code = "upload.beyond-length"
    message = N_("The upload was announced with {length} bytes, and this part would go beyond them.")


class PartTooLargeError(UploadError):
    code = "upload.part-too-large"
    message = N_("A part has at most {limit} bytes. Send smaller parts.")


class NoPartLengthError(UploadError, BadInputError):
    code = "upload.no-part-length"
    message = N_("Say in Content-Length how many bytes the part has.")


class EmptyPartError(UploadError, BadInputError):
    code = "upload.empty-part"
    message = N_("A part has at least one byte.")


class BadMetadataError(UploadError, BadInputError):
    code = "upload.metadata"
    message = N_(
        "Upload-Metadata must hold “content” and “stored”, each once, with a SHA-256 digest as its value, "
        "and nothing else ({reason})."
    )


class QuotaReachedError(UploadError):
    """The root of what refuses a dock more than its share. The custodian is told."""

    code = "upload.quota"
    message = N_("The dock has as many uploads as it may have. Finish one of them first.")


class TooManyUploadsError(QuotaReachedError):
    code = "upload.too-many"
    message = N_("The dock has {limit} unfinished uploads. Finish or give up one of them first.")


class TooManyBegunError(QuotaReachedError):
    code = "upload.too-many-begun"
    message = N_("The dock began {limit} uploads within an hour. Wait a while, then go on.")


class TooMuchUnfinishedError(QuotaReachedError):
    code = "upload.too-much"
    message = N_(
        "The dock's unfinished uploads would come to more than {limit} bytes. Finish one of them first."
    )


class NoRoomForUploadError(UploadError):
    code = "upload.no-room"
    message = N_(
        "The vault's disk has no room for this upload. The recordings stay on the card; tell the office that "
        "the vault needs space."
    )


class BadChecksumError(UploadError, BadInputError):
    code = "upload.checksum-form"
    message = N_("Upload-Checksum must be “sha256” or “sha1”, a space, and the digest in base64.")


class ChecksumMismatchError(UploadError):
    code = "upload.checksum"
    message = N_("The part did not arrive as it was sent. Nothing of it was kept; send it again.")


class PartCutShortError(UploadError):
    code = "upload.cut-short"
    message = N_("The line broke in the middle of the part. {offset} bytes are kept; go on from there.")
