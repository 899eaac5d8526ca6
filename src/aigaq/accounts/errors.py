from aigaq.errors import N_, AigaqError, BadInputError


class WrongCredentialsError(AigaqError):
    """The same for an unknown login name, a wrong password and a disabled account."""

    code = "account.wrong-credentials"
    message = N_("The login name or the password is not right. Check the keyboard's language and try again.")


class WrongPasswordError(WrongCredentialsError):
    """Of somebody who is known already: who signs, or opens the vault."""

    code = "account.wrong-password"
    message = N_("The password is not right. Check the keyboard's language and try again.")


class TooManyAttemptsError(AigaqError):
    """`details["seconds"]` says how long to wait."""

    code = "account.too-many-attempts"
    message = N_("Too many wrong passwords. Wait {seconds} seconds, then try again.")


class UsernameTakenError(BadInputError):
    code = "account.username-taken"
    message = N_("The login name “{username}” belongs to somebody else. Choose another.")


class BadUsernameError(BadInputError):
    code = "account.bad-username"
    message = N_(
        "“{username}” can't be a login name: use 2 to 64 letters, digits, full stops, hyphens "
        "or underscores, the first a letter or a digit."
    )


class WeakPasswordError(BadInputError):
    """`details["reasons"]` is what Django's validators say, in the language that was active."""

    code = "account.weak-password"
    message = N_("This password can't be used. {reasons}")


class UnknownPasskeyError(BadInputError):
    code = "account.unknown-passkey"
    message = N_("This passkey is not one of {username}'s. Choose another, or have it enrolled.")


class PasskeyTakenError(BadInputError):
    code = "account.passkey-taken"
    message = N_("This passkey is enrolled already. Take another one.")
