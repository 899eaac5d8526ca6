"""What the journal refuses, each with the paragraph of order No. 236 that says why."""

from aigaq.errors import N_, AigaqError, BadInputError, RefusedError


class NotCustodianError(RefusedError):
    code = "journal.not-custodian"
    message = N_("Only the custodian of {division} writes in its journal. Ask the custodian.")
    paragraph = "6"


class NotInspectorError(RefusedError):
    code = "journal.not-inspector"
    message = N_(
        "{person} is not appointed a state inspector in {division} today. "
        "Look at the staff list, or choose another."
    )
    paragraph = "8"


class NotTheirFailureError(RefusedError):
    code = "journal.not-their-failure"
    message = N_(
        "The recorder on row {row} failed {inspector}, and it is their duty that goes on. "
        "Issue the other recorder to them."
    )
    paragraph = "22"


class AlreadySettledError(RefusedError):
    code = "journal.already-settled"
    message = N_("The failure on row {row} was settled already, on {at}. Look at that row.")
    paragraph = "22"


class SameRecorderError(RefusedError):
    code = "journal.same-recorder"
    message = N_("{number} is the recorder that failed. Issue another one in its place.")
    paragraph = "22"


class DutyOverError(RefusedError):
    code = "journal.duty-over"
    message = N_(
        "Row {row} was handed back on {at}, and its duty is over. What is issued now begins a new one."
    )
    paragraph = "22"


class RepairUnexplainedError(RefusedError):
    code = "journal.repair-unexplained"
    message = N_("Column 7 tells how the failure was put right. Say in a few words what was done.")
    paragraph = "22"


class AlreadyLostError(RefusedError):
    code = "journal.already-lost"
    message = N_("The loss of {number} is entered on row {row} already. Look at that row.")
    paragraph = "24"


class NotOnThisRowError(BadInputError):
    code = "journal.not-on-this-row"
    message = N_("No card was issued on row {row}, so none can be lost on it.")


class RecorderMissingError(RefusedError):
    code = "journal.recorder-missing"
    message = N_(
        "Without the recorder {number} itself nothing is taken back. "
        "Report its loss on the row: the row stays open until it is found."
    )
    paragraph = "24"


class UnknownFailureError(BadInputError):
    code = "journal.unknown-failure"
    message = N_("There is no such failure in this division. Look at the row in the journal.")


class ThingUnexplainedError(RefusedError):
    code = "journal.thing-unexplained"
    message = N_("{number} did not come back as it went out. Write what happened to it.")
    paragraph = "24"


class ForeignThingError(RefusedError):
    code = "journal.foreign-thing"
    message = N_("{number} is on the inventory of another division. Choose one of {division}.")
    paragraph = "7"


class NotInServiceError(RefusedError):
    code = "journal.not-in-service"
    message = N_("{number} is not in service. Choose another, or put it back into service in the register.")
    paragraph = "7"


class AlreadyIssuedError(RefusedError):
    """`details`: ``number`` of the thing, ``inspector``, ``row`` and ``since``."""

    paragraph = "8"


class RecorderAlreadyIssuedError(AlreadyIssuedError):
    code = "journal.recorder-already-issued"
    message = N_(
        "The recorder {number} has been out with {inspector} since {since}, row {row}. "
        "Take it back first, or choose another."
    )


class CardAlreadyIssuedError(AlreadyIssuedError):
    code = "journal.card-already-issued"
    message = N_(
        "The card {number} has been out with {inspector} since {since}, row {row}. "
        "Take it back first, or choose another."
    )


class ChangedMeanwhileError(AigaqError):
    code = "journal.changed-meanwhile"
    message = N_("Somebody else wrote in the journal a moment ago. Load the page again and look.")


class OtherDocumentError(ChangedMeanwhileError):
    """The act would write something else than what was laid before the signer."""

    code = "journal.other-document"
    message = N_(
        "Somebody else wrote in the journal while this was being signed, so nothing was written. "
        "The document is laid before you anew: look at it and sign again."
    )


class NoPurposeError(RefusedError):
    code = "journal.no-purpose"
    message = N_("A recorder is issued for an official purpose only. Choose the kind of control.")
    paragraph = "23"


class NoSubjectError(RefusedError):
    code = "journal.no-subject"
    message = N_("An issue names the controlled subject. Write down who is visited.")
    paragraph = "5"


class NoObjectError(RefusedError):
    code = "journal.no-object"
    message = N_("An issue names the controlled object. Write down what is visited, and where.")
    paragraph = "5"


class NoActNumberError(RefusedError):
    code = "journal.no-act-number"
    message = N_("An issue names the act or the permit. Write down its number.")
    paragraph = "23"


class CheckMissingError(RefusedError):
    """`details["point"]` counts from 1, in the order of paragraph 17."""

    code = "journal.check-missing"
    message = N_("Point {point} of the check before use is left open. Look at the recorder and mark it.")
    paragraph = "17"


class CheckFailedError(RefusedError):
    """`details["point"]` counts from 1, in the order of paragraph 17."""

    code = "journal.check-failed"
    message = N_(
        "Point {point} of the check before use failed. Issue another recorder, "
        "or say in a remark why this one is issued all the same."
    )
    paragraph = "17"


class UnknownCheckError(BadInputError):
    code = "journal.unknown-check"
    message = N_("The check before use has no point “{key}”.")


class NoSealNumberError(RefusedError):
    code = "journal.no-seal-number"
    message = N_("A card was put in, so the slot is sealed. Write down the number of the seal.")
    paragraph = "9"


class SealNotReadError(RefusedError):
    code = "journal.seal-not-read"
    message = N_("The seal is compared with the one set at the issue. Write down the number that is on it.")
    paragraph = "9"


class SealUnexplainedError(RefusedError):
    code = "journal.seal-unexplained"
    message = N_("The seal is not as it was set, number {number}. Say in a few words what is known about it.")
    paragraph = "9"


class OtherPersonUnexplainedError(RefusedError):
    code = "journal.other-person-unexplained"
    message = N_(
        "{inspector} received the recorder, and {other} hands it back. "
        "Say in a few words why it was passed on."
    )
    paragraph = "24"


class AlreadyReturnedError(RefusedError):
    code = "journal.already-returned"
    message = N_("Row {row} has been returned already, on {at}. Look at the journal.")
    paragraph = "8"


class UnknownRowError(BadInputError):
    code = "journal.unknown-row"
    message = N_("There is no such row in the journal. Look for it in the book.")


class NoSignatureError(RefusedError):
    code = "journal.no-signature"
    message = N_(
        "Nothing is issued or taken back without a signature. {person} signs with their own passkey "
        "or password."
    )
    paragraph = "8"


class CannotSignError(RefusedError):
    code = "journal.cannot-sign"
    message = N_(
        "{person} has no login of their own, or it is disabled, and so can't sign. Ask the head for one."
    )
    paragraph = "8"


class WrongSignatureError(RefusedError):
    code = "journal.wrong-signature"
    message = N_(
        "That is not the password of {person}. Check the keyboard's language; nobody signs for somebody else."
    )
    paragraph = "8"


class OfferOverError(AigaqError):
    """What was laid before the signer is too old, or was not laid there by us."""

    code = "journal.offer-over"
    message = N_("The document lay open for too long. It is laid before you anew: look at it and sign.")


class NoBookError(RefusedError):
    code = "journal.no-book"
    message = N_("{division} has no open journal. The head registers one at the office and opens it here.")
    paragraph = "10"


class NotKeeperOfBooksError(RefusedError):
    code = "journal.not-keeper-of-books"
    message = N_(
        "The books of {division} are its head's: the head registers, opens, closes and inscribes them. "
        "Ask the head."
    )
    paragraph = "10"


class BookFullError(RefusedError):
    code = "journal.book-full"
    message = N_("The journal {book} is full: all {rows} rows are taken. The head opens the next one.")
    paragraph = "10"


class BookStillOpenError(RefusedError):
    code = "journal.book-still-open"
    message = N_("The journal {book} is still open. Close it first, then open the next one.")
    paragraph = "10"


class BookClosedError(RefusedError):
    code = "journal.book-closed"
    message = N_("The journal {book} has been closed already, on {ended_on}.")
    paragraph = "10"


class BookNotClosedError(RefusedError):
    code = "journal.book-not-closed"
    message = N_("The journal {book} is still in use. Its last page is written when it is closed.")
    paragraph = "10"


class AlreadyInscribedError(RefusedError):
    code = "journal.already-inscribed"
    message = N_("The last page of the journal {book} was written and signed already, on {at}.")
    paragraph = "10"


class BookEndsTooSoonError(BadInputError):
    code = "journal.book-ends-too-soon"
    message = N_("A journal that was in use until {last} can't end on {ended_on}. Look at the date.")


class BookEndsLaterError(BadInputError):
    code = "journal.book-ends-later"
    message = N_("A journal can't be ended on {ended_on}, a day that is yet to come. Look at the date.")


class NoRegistrationNumberError(RefusedError):
    code = "journal.no-registration-number"
    message = N_("A journal is registered at the office. Write down its registration number.")
    paragraph = "10"


class RegistrationNumberTakenError(RefusedError):
    code = "journal.registration-number-taken"
    message = N_("There is already a journal with the registration number {number}. Look at its cover.")
    paragraph = "10"


class RegisteredOtherwiseError(RefusedError):
    code = "journal.registered-otherwise"
    message = N_(
        "The journal {number} was registered ahead with {sheets} sheets. Open it with as many, "
        "or under another number."
    )
    paragraph = "10"


class NoSheetsError(RefusedError):
    code = "journal.no-sheets"
    message = N_("The sheets of a journal are numbered. Write down how many there are, at most {limit}.")
    paragraph = "10"


class TimeFixedError(RefusedError):
    code = "journal.time-fixed"
    message = N_(
        "Dates and times are the server's and the recorder's, and nobody corrects them. "
        "Enter a remark that says what is wrong."
    )
    paragraph = "14"


class SignedForError(RefusedError):
    code = "journal.signed-for"
    message = N_(
        "Whose signature stands there, and in which row, is not corrected. Say in a remark what was wrong."
    )
    paragraph = "8"


class UnknownCellError(BadInputError):
    code = "journal.unknown-cell"
    message = N_("Row {row} has nothing called “{cell}” that could be corrected. Look at the row again.")


class NothingCorrectedError(RefusedError):
    code = "journal.nothing-corrected"
    message = N_("That is what stands there already. Write down what is right, or leave it.")
    paragraph = "10"


class NoReasonError(RefusedError):
    code = "journal.no-reason"
    message = N_("A correction is remarked upon. Say in a few words what was wrong.")
    paragraph = "10"


class UnknownSealError(BadInputError):
    code = "journal.unknown-seal"
    message = N_("Say of the seal what was found: choose one of the list.")


class UnknownCauseError(BadInputError):
    code = "journal.unknown-cause"
    message = N_("Say what failed: choose one of the list.")


class UnknownReasonError(BadInputError):
    code = "journal.unknown-reason"
    message = N_("Say what the pause was for: choose one of the list.")


class NoTextError(BadInputError):
    code = "journal.no-text"
    message = N_("The remark is empty. Write down what there is to say.")


class TooLongError(BadInputError):
    """`details["text"]` is its beginning."""

    code = "journal.too-long"
    message = N_("This is too long for the journal: “{text}…”. Keep it within {limit} characters.")


class UnloadedElsewhereError(AigaqError):
    """One unloading is entered on one row."""

    code = "journal.unloaded-elsewhere"
    message = N_("This unloading is entered on row {row} already.")
