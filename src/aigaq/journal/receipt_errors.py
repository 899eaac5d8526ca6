"""Why a correction of who received which recorder and card is refused, with the paragraph that says so."""

from aigaq.errors import N_, BadInputError, RefusedError


class UnknownReceiptError(BadInputError):
    code = "journal.unknown-receipt"
    message = N_("There is no such recorder, card or person. Choose one of the list.")


class NotInspectorThenError(RefusedError):
    code = "journal.not-inspector-then"
    message = N_(
        "{person} was no state inspector of {division} when this was issued, on {at}. "
        "Look at the staff list, or choose another."
    )
    paragraph = "8"


class OutElsewhereError(RefusedError):
    code = "journal.out-elsewhere"
    message = N_(
        "{number} was out with {inspector} at that time, row {row}, so it can't have been on this row too. "
        "If two rows were mixed up, correct on both who received them."
    )
    paragraph = "8"


class HarmToldError(RefusedError):
    code = "journal.harm-told"
    message = N_(
        "Row {row} tells that {number} was damaged or lost, and the register followed it. That can't be said "
        "of another one now: set the register right, and tell in a remark what was wrong."
    )
    paragraph = "24"


class OneDutyError(RefusedError):
    code = "journal.one-duty"
    message = N_(
        "Rows {row} and {other} are one duty of one inspector, whose failed recorder was replaced. "
        "They stay together: tell in a remark what was wrong."
    )
    paragraph = "22"


class ReplacedByItselfError(RefusedError):
    code = "journal.replaced-by-itself"
    message = N_(
        "{number} is the recorder of row {other}, which is the same duty: no recorder takes its own place. "
        "Choose another."
    )
    paragraph = "22"
