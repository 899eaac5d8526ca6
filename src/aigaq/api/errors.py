from aigaq.errors import N_, AigaqError, BadInputError


class UnsupportedVersionError(BadInputError):
    code = "api.tus-version"
    message = N_("Uploads speak version {versions} of the tus protocol. Say so in Tus-Resumable.")


class OtherProtocolError(BadInputError):
    code = "dock.protocol"
    message = N_(
        "Server and dock are of different versions: the dock speaks “{given}” and the server “{ours}”. "
        "Nothing is lost: the recordings stay on the card. Update the older one, and it goes on by itself."
    )


class UnsupportedMediaError(BadInputError):
    code = "api.media-type"
    message = N_("The Content-Type of this request must be {expected}.")


class BadRequestBodyError(BadInputError):
    code = "api.body"
    message = N_("The request can't be read ({reason}).")


class MethodError(BadInputError):
    code = "api.method"
    message = N_("This address answers {allowed}, not {method}.")


class ServerBusyError(AigaqError):
    code = "api.busy"
    message = N_("The server takes {limit} parts at a time and has as many. Try again in a moment.")
