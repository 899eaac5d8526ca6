from aigaq.errors import N_, BadInputError, RefusedError


class NotAReaderError(RefusedError):
    code = "recordings.not-a-reader"
    message = N_("Only the custodian and the head of {division} reach its recordings. Ask one of them.")
    paragraph = "14"


class NoSuchRecordingError(BadInputError):
    """Also for a recording of another division: that it exists is not told."""

    code = "recordings.none"
    message = N_("There is no such recording. Look for it in the list.")


class RowReturnedError(RefusedError):
    code = "recordings.row-returned"
    message = N_(
        "The recorder of row {row} has been handed back, so there is no time code for it any more. Issue it "
        "first."
    )
    paragraph = "19"


class NoSuchShowingError(BadInputError):
    """Also for a showing of another division: that it exists is not told."""

    code = "recordings.no-showing"
    message = N_("There is no such time code. Show it anew from the row of the journal.")
