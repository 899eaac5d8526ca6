from aigaq.errors import N_, AigaqError, BadInputError, RefusedError


class NotAReviewerError(RefusedError):
    code = "review.not-a-reviewer"
    message = N_("Only the custodian and the head of {division} view recordings, and say what they saw.")
    paragraph = "14"


class NoPositionError(BadInputError):
    code = "review.no-position"
    message = N_(
        "Say at which place of the recording it is, within its length: hours, minutes and seconds, "
        "say 0:12:07."
    )


class EndBeforeStartError(BadInputError):
    code = "review.end-before-start"
    message = N_("The stretch ends before it begins. Give an end after its beginning, or none.")


class NoCategoryError(BadInputError):
    code = "review.no-category"
    message = N_("Choose from the list what is to be seen.")


class NoNoteError(BadInputError):
    code = "review.no-note"
    message = N_("Write down what is to be seen there.")


class NoReasonError(BadInputError):
    code = "review.no-reason"
    message = N_("Write down why.")


class UnknownMarkError(BadInputError):
    """Also for a mark on a recording of another division: that it exists is not told."""

    code = "review.unknown-mark"
    message = N_("There is no such mark. Look for it beside its recording.")


class MarkChangedError(AigaqError):
    code = "review.mark-changed"
    message = N_("Somebody has changed this mark since you opened it. Read it again, then write.")


class MarkWithdrawnError(AigaqError):
    code = "review.mark-withdrawn"
    message = N_("This mark was withdrawn already, and stays so. Make a new one.")


class NothingChangedError(BadInputError):
    code = "review.nothing-changed"
    message = N_("Nothing is other than it was. Change what is wrong in the mark, or leave it.")


class NoResultError(BadInputError):
    code = "review.no-result"
    message = N_("Choose from the list what the review came to.")


class NotTheHeadError(RefusedError):
    code = "review.not-the-head"
    message = N_("Only the head of {division} writes the note on a sample.")
    paragraph = "6"


class UnknownSampleError(BadInputError):
    """Also for a sample of another division: that it exists is not told."""

    code = "review.unknown-sample"
    message = N_("There is no such sample. Look for it in the list.")


class NotDrawableError(AigaqError):
    code = "review.not-drawable"
    message = N_("The sample of {month} can't be drawn yet: the month is not over by the ledger.")
