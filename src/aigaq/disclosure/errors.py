"""What is refused about demands, packages and hand-overs."""

from aigaq.errors import N_, AigaqError, BadInputError, RefusedError


class NotAReaderError(RefusedError):
    code = "disclosure.not-a-reader"
    message = N_("Only the custodian and the head of {division} keep its demands and build packages.")
    paragraph = "14"


class NotHeadError(RefusedError):
    code = "disclosure.not-head"
    message = N_("Only the head of {division} decides whether recordings leave the office. Ask the head.")
    paragraph = "15"


class NotApprovedError(RefusedError):
    code = "disclosure.not-approved"
    message = N_("Demand {number} is not approved by the head, so nothing of it leaves the office.")
    paragraph = "15"


class NotBuiltError(RefusedError):
    code = "disclosure.not-built"
    message = N_("The package of demand {number} was not built yet. Build it, then hand it over.")
    paragraph = "15"


class NothingChosenError(RefusedError):
    code = "disclosure.nothing-chosen"
    message = N_(
        "No recording is chosen for demand {number}. Choose what it covers, or refuse it with the reason."
    )
    paragraph = "15"


class NoKindError(RefusedError):
    code = "disclosure.no-kind"
    message = N_(
        "Recordings are handed over on a request, a determination or a resolution. Choose which it is."
    )
    paragraph = "15"


class DecidedAlreadyError(AigaqError):
    code = "disclosure.decided-already"
    message = N_("Demand {number} was decided on {at} already. What was decided is never changed.")


class SelectionChangedError(AigaqError):
    code = "disclosure.selection-changed"
    message = N_(
        "Somebody has chosen anew for demand {number} since you opened it. Read it again, then go on."
    )


class NothingChangedError(BadInputError):
    code = "disclosure.nothing-changed"
    message = N_("Nothing is chosen otherwise than it was.")


class MissingError(BadInputError):
    code = "disclosure.missing"
    message = N_("Something is left empty: {field}. Fill it in.")


class NoReasonError(BadInputError):
    code = "disclosure.no-reason"
    message = N_("Write down why, in a few words.")


class FutureDayError(BadInputError):
    code = "disclosure.future-day"
    message = N_("The day {day} is yet to come. Look at the paper's dates.")


class ReceivedBeforeWrittenError(BadInputError):
    code = "disclosure.received-before-written"
    message = N_(
        "It can't have come on {received_on}, before it was written on {dated_on}. Look at the dates."
    )


class DueBeforeReceivedError(BadInputError):
    code = "disclosure.due-before-received"
    message = N_(
        "The last day {due_on} is before the day on which it came, {received_on}. Look at the dates."
    )


class ForeignRecordingError(BadInputError):
    """That it exists in another division is not told."""

    code = "disclosure.foreign-recording"
    message = N_("One of the chosen recordings is not of {division}. Choose them from the list.")


class ChosenTwiceError(BadInputError):
    code = "disclosure.chosen-twice"
    message = N_("A recording is chosen twice. Choose each once, with all its stretches.")


class TooMuchError(BadInputError):
    code = "disclosure.too-much"
    message = N_(
        "One demand covers at most {recordings} recordings and {segments} stretches. "
        "Register the rest as another."
    )


class BadSegmentError(BadInputError):
    code = "disclosure.bad-segment"
    message = N_(
        "The stretch from {from_time} to {until_time} is not within its film or sound, or ends before it "
        "begins. Give both as hours, minutes and seconds from its beginning."
    )


class UnknownDemandError(BadInputError):
    """Also for a demand of another division: that it exists is not told."""

    code = "disclosure.unknown-demand"
    message = N_("There is no such demand in this division. Look for it in the register.")


class NotADocumentError(BadInputError):
    code = "disclosure.not-a-document"
    message = N_("The scanned paper is no PDF, JPEG or PNG. Scan it into one of these.")


class DocumentTooLargeError(BadInputError):
    code = "disclosure.document-too-large"
    message = N_("The scanned paper is larger than {limit} MB. Scan it at a lower resolution.")


class NoDocumentError(BadInputError):
    code = "disclosure.no-document"
    message = N_("The paper of demand {number} was not scanned.")


class NotAsSignedError(BadInputError):
    code = "disclosure.not-as-signed"
    message = N_("The receiver's name is typed once more, by themself, as it stands above: {receiver}.")


class NotInLedgerError(AigaqError):
    """What a package would be made of is not there: the ledger or the catalogue was tampered with."""

    code = "disclosure.not-in-ledger"
    message = N_("The package can't be built: {what}. Run “aigaq ledger verify”, and tell the head.")


class NotCutError(AigaqError):
    code = "disclosure.not-cut"
    message = N_(
        "The stretch from {from_time} to {until_time} can't be cut out of “{file}” without loss. "
        "Register the paper once more, with the recording as a whole."
    )


class BuiltOtherwiseError(AigaqError):
    code = "disclosure.built-otherwise"
    message = N_(
        "The package came out otherwise than before (digest {now}, before {before}), and not in its PDFs and "
        "cuts alone. Nothing of it may be handed over. Run “aigaq ledger verify” and “aigaq vault scrub”. If "
        "they find nothing, this version of the program makes another package of the same entries: build it "
        "with the one that built it before, or register the paper once more."
    )
