from aigaq.errors import N_, AigaqError, BadInputError


class NoSiteError(BadInputError):
    code = "passkey.no-site"
    message = N_(
        "Passkeys are made for a name, and {host} is a number. Open this page under its name: on the "
        "server itself that is “localhost”."
    )


class EnrolmentError(BadInputError):
    """`details["reason"]` is for the technical log."""

    code = "passkey.enrolment"
    message = N_("The passkey could not be enrolled. Begin again, and confirm with your PIN or finger.")


class NotSignedByPasskeyError(AigaqError):
    """What a passkey gave is not its signature on what was to be signed. `details["reason"]` says why."""

    code = "passkey.assertion"
    message = N_(
        "The passkey did not sign this. Try again, and confirm with your PIN or finger; "
        "or sign with the password."
    )
