"""What is refused when recordings are held, or let go."""

from aigaq.errors import N_, AigaqError, BadInputError, RefusedError


class NotHeadError(RefusedError):
    code = "retention.not-head"
    message = N_(
        "Only the head of {division} holds recordings beyond their day, or lets them go. Ask the head."
    )
    paragraph = "13"


class NoReasonError(BadInputError):
    code = "retention.no-reason"
    message = N_("Write down why, in a few words.")


class NothingHeldError(BadInputError):
    code = "retention.nothing-held"
    message = N_("A hold is on recordings. Choose at least one.")


class TooManyHeldError(BadInputError):
    code = "retention.too-many"
    message = N_("One hold has at most {limit} recordings. Place several.")


class ForeignRecordingError(BadInputError):
    """That it exists in another division is not told."""

    code = "retention.foreign-recording"
    message = N_("One of these recordings is not of {division}. Choose them from the list.")


class UnknownHoldError(BadInputError):
    code = "retention.unknown-hold"
    message = N_("There is no such hold in this division. Look for it in the list.")


class AlreadyReleasedError(AigaqError):
    code = "retention.already-released"
    message = N_("This hold was released already, on {at}.")
