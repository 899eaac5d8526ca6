from aigaq.errors import N_, AigaqError, BadInputError, RefusedError


class NoRightError(RefusedError):
    code = "registry.no-right"
    message = N_("Only the head of {division} can do this. Ask the head.")
    paragraph = "6"


class RightEndedError(NoRightError):
    code = "registry.right-ended"
    message = N_("The appointment under which you began this has ended or rests now. Load the page again.")


class HeadAboveError(RefusedError):
    code = "registry.head-above"
    message = N_("{division} is a part of {above}, whose head appoints its head. Ask that one.")
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


class RoleTakenError(RefusedError):
    code = "registry.role-taken"
    message = N_(
        "{division} has one head and one custodian at a time, and {person} holds this role in these days, by "
        "order {order}. Hand over from {person}, or appoint a deputy, or choose other days."
    )
    paragraph = "6"


class AlreadyDeputisedError(RefusedError):
    code = "registry.already-deputised"
    message = N_(
        "{deputy} stands in for {person} already in these days, by order {order}. "
        "Relieve {deputy} first, or choose other days."
    )
    paragraph = "6"


class DeputyOutlastsError(RefusedError):
    code = "registry.deputy-outlasts"
    message = N_(
        "A deputy holds the role only on days on which {person} has it: {from_on} to {until_on}. "
        "Give days among these."
    )
    paragraph = "6"


class DeputyOfDeputyError(RefusedError):
    code = "registry.deputy-of-deputy"
    message = N_("{person} is a deputy. Relieve {person}, and appoint another deputy for the same person.")
    paragraph = "6"


class OwnDeputyError(RefusedError):
    code = "registry.own-deputy"
    message = N_("{person} can't stand in for themself. Choose somebody else.")
    paragraph = "6"


class NotDeputisedError(RefusedError):
    code = "registry.not-deputised"
    message = N_("A deputy stands in for the head or the custodian of {division}. Choose one of them.")
    paragraph = "6"


class OwnAppointmentError(RefusedError):
    code = "registry.own-appointment"
    message = N_("Nobody appoints themself head or custodian. Ask the head above you.")
    paragraph = "6"


class NoHeadLeftError(RefusedError):
    code = "registry.no-head-left"
    message = N_(
        "{division} would have no head from {day} on, and nobody could appoint one. "
        "Hand over to a successor, who begins the day after, or leave the last day open."
    )
    paragraph = "6"


class NoReaderLeftError(RefusedError):
    code = "registry.no-reader-left"
    message = N_(
        "From {day} on nobody of {division} could open the recordings. Hand over to a successor and give "
        "them the vault's key, or give it first to the one who stays."
    )
    paragraph = "6"


class NoKeyError(RefusedError):
    code = "registry.no-key"
    message = N_(
        "{person} would have no vault password. Hand over the vault's key now, or say that it is "
        "handed over later."
    )
    paragraph = "6"


class NotAppointedToReadError(RefusedError):
    code = "registry.not-appointed-to-read"
    message = N_("{person} is neither head nor custodian of {division}. Appoint them first.")
    paragraph = "14"


class NoRightToHandKeyError(NoRightError):
    message = N_("Only the head and the custodian of {division}, or a head above, hand over the vault's key.")


class NoLoginForKeyError(BadInputError):
    code = "registry.no-login-for-key"
    message = N_("{person} has no login, and so no vault password. Give them a login first.")


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


class FarDayError(BadInputError):
    code = "registry.far-day"
    message = N_("No order reaches to {day}. Give a day from {first} to {last}.")


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
