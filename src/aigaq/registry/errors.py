from aigaq.errors import N_, AigaqError, BadInputError, RefusedError


class NoRightError(RefusedError):
    code = "registry.no-right"
    message = N_("Only the head of {division} can do this. Ask the head.")
    paragraph = "6"


class NoRightOverThingsError(NoRightError):
    message = N_("Only the custodian or the head of {division} can do this. Ask the custodian.")


class NoRightOverPasskeysError(NoRightError):
    message = N_("Only the custodian or the head of {division} can do this. Ask one of them.")


class NotFaceToFaceError(RefusedError):
    code = "registry.not-face-to-face"
    message = N_(
        "Nobody enrols a passkey for themself. The head enrols the custodian's, the custodian "
        "everybody else's, face to face."
    )
    paragraph = "6"


class NoLoginError(BadInputError):
    code = "registry.no-login"
    message = N_("{person} has no login, or it is shut, and so can't sign. The head gives one first.")


class NotYourEmailError(NoRightError):
    message = N_(
        "Only the person, or the custodian or the head of {division}, can set this address. Ask one of them."
    )


class AlreadyAppointedError(RefusedError):
    code = "registry.already-appointed"
    message = N_(
        "{person} holds this role in {division} already in these days, by order {order}. "
        "Relieve {person} of it first, or choose other days."
    )
    paragraph = "6"


class InventoryNumberTakenError(RefusedError):
    code = "registry.inventory-number-taken"
    message = N_(
        "The inventory number {number} belongs to another recorder or card. Give each thing its own."
    )
    paragraph = "7"


class NoInventoryNumberError(RefusedError):
    code = "registry.no-inventory-number"
    message = N_("A recorder or a card has an inventory number of at most {limit} characters. Write it down.")
    paragraph = "7"


class ReservedNumberError(RefusedError):
    code = "registry.reserved-number"
    message = N_(
        "“{number}” can't be an inventory number: codes that begin with {reserved} are those of people and "
        "papers. Choose another."
    )
    paragraph = "7"


class StillIssuedError(RefusedError):
    code = "registry.still-issued"
    message = N_("{number} is issued to an inspector. Take it back in the journal first.")
    paragraph = "8"


class UnknownDivisionError(BadInputError):
    code = "registry.unknown-division"
    message = N_("There is no division “{division}”. Choose one of the list.")


class UnknownThingError(BadInputError):
    code = "registry.unknown-thing"
    message = N_(
        "No recorder and no card has the inventory number “{number}”. Look at the label, or register it."
    )


class MissingError(BadInputError):
    code = "registry.missing"
    message = N_("Something is left empty or is too long: {field}. Fill it in.")


class StaffNumberTakenError(BadInputError):
    code = "registry.staff-number-taken"
    message = N_("The staff number {number} belongs to {person}. Look at the staff list.")


class LoginTakenError(BadInputError):
    code = "registry.login-taken"
    message = N_("The login name “{username}” belongs to {person}. Make another for this person.")


class EndsBeforeItBeginsError(BadInputError):
    code = "registry.ends-before-it-begins"
    message = N_("The last day {until_on} is before the first day {from_on}. Look at the order's dates.")


class AlreadyEndsError(BadInputError):
    code = "registry.already-ends"
    message = N_("This appointment ends on {until_on} already. It can only be ended sooner.")


class ForeignRecorderError(BadInputError):
    code = "registry.foreign-recorder"
    message = N_(
        "The recorder {recorder} belongs to another division than the card. Choose one of {division}."
    )


class NoEmailError(BadInputError):
    code = "registry.no-email"
    message = N_("“{email}” is no e-mail address. Write it as name@example.kz, or leave it empty.")


class NoReasonError(BadInputError):
    code = "registry.no-reason"
    message = N_("Say why the state changes: the number of an act or a few words.")


class ChangedMeanwhileError(AigaqError):
    code = "registry.changed-meanwhile"
    message = N_("Somebody else changed this a moment ago. Load the page again and look.")
