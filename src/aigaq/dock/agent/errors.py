"""What stops a dock, said to whoever stands before it."""

from aigaq.errors import N_, AigaqError, BadInputError


class LineError(AigaqError):
    """The server could not be reached, or the line broke. It is tried again."""

    code = "dock.line"
    message = N_(
        "The server {server} can't be reached ({reason}). Nothing is lost: the recordings stay on the card, "
        "and the dock goes on by itself when the line is back."
    )


class ServerAwayError(AigaqError):
    """It answered that it can't now. It is tried again."""

    code = "dock.server-away"
    message = N_(
        "The server {server} can't take anything now ({reason}). Nothing is lost; the dock tries again by "
        "itself."
    )


class ServerRefusedError(AigaqError):
    """`answer` is the server's own stable code, `status` its HTTP status."""

    code = "dock.refused"
    message = N_("The server refused: {sentence} ({answer})")


class StrangeAnswerError(AigaqError):
    code = "dock.strange-answer"
    message = N_(
        "The server {server} answered with something that the dock does not know ({reason}). Server and dock "
        "may be of different versions: update the older one."
    )


class NotEnrolledError(BadInputError):
    code = "dock.not-enrolled"
    message = N_(
        "This computer is no dock yet: “{path}” holds no enrolment. Ask the custodian for a code, then: "
        "aigaq dock enrol https://…"
    )


class EnrolledAlreadyError(BadInputError):
    code = "dock.enrolled"
    message = N_(
        "This computer is a dock of {server} already. To enrol it anew, have the old one revoked there, and "
        "remove the folder “{path}”."
    )


class BadServerError(BadInputError):
    code = "dock.bad-server"
    message = N_("“{server}” can't be used as the server's address: {reason}.")


class BrokenEnrolmentError(AigaqError):
    code = "dock.enrolment-broken"
    message = N_("“{path}” can't be read ({reason}). Have the dock revoked, then enrol it anew.")
