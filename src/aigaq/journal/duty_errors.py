"""What the journal refuses of what is told from the field, each with its paragraph of order No. 236.

Pauses are ruled by paragraph 21, failures by paragraph 22; what both can run into cites the one it was.
"""

from aigaq.errors import N_, BadInputError, RefusedError


class TellingRefusedError(RefusedError):
    """`paragraph` is that of the act which was told."""

    def __init__(self, paragraph: str, **details: object) -> None:
        super().__init__(**details)
        self.paragraph = paragraph


class NotYourDutyError(TellingRefusedError):
    code = "journal.not-your-duty"
    message = N_(
        "What happens on row {row} is told by {inspector}, who received the recorder as a state inspector "
        "of the division. Sign in as yourself, or tell the custodian."
    )


class NotYetIssuedError(TellingRefusedError):
    code = "journal.not-yet-issued"
    message = N_(
        "The recorder of row {row} was issued on {since}, after the time that is told, {at}. "
        "Look at the time, or tell the custodian."
    )


class HandedBackBeforeError(TellingRefusedError):
    code = "journal.handed-back-before"
    message = N_(
        "The recorder of row {row} was handed back on {until}, before the time that is told, {at}. "
        "Look at the time, or tell the custodian."
    )


class StillToComeError(TellingRefusedError):
    code = "journal.still-to-come"
    message = N_("The time that is told, {at}, is still to come. Tell it when it has happened.")


class DutyMovedError(TellingRefusedError):
    code = "journal.duty-moved"
    message = N_(
        "The recorder of row {row} was replaced on {since}; the duty goes on on row {new}. Tell it there."
    )


class AlreadyPausedError(RefusedError):
    code = "journal.already-paused"
    message = N_(
        "Row {row} has been on pause since {since} already. Nothing more is needed; tell when it ends."
    )
    paragraph = "21"


class PausedThenError(RefusedError):
    code = "journal.paused-then"
    message = N_(
        "Row {row} was on pause from {since} until {until} already, so nothing can be paused at {at}. "
        "If a time is wrong, tell the custodian."
    )
    paragraph = "21"


class NotPausedError(RefusedError):
    code = "journal.not-paused"
    message = N_("Row {row} was not on pause at {at}, so there is nothing to resume. Look at its pauses.")
    paragraph = "21"


class AlreadyResumedError(RefusedError):
    code = "journal.already-resumed"
    message = N_("This pause has ended already, on {until}. Nothing more is needed.")
    paragraph = "21"


class ResumedTooSoonError(RefusedError):
    code = "journal.resumed-too-soon"
    message = N_("The pause began on {since} and can't end before that, at {at}. Look at the time.")
    paragraph = "21"


class OtherPauseBetweenError(RefusedError):
    code = "journal.other-pause-between"
    message = N_(
        "Between {since} and {at} row {row} went on pause once more, at {other}. "
        "This pause ended before that: tell the custodian when."
    )
    paragraph = "21"


class NoPauseReasonError(RefusedError):
    code = "journal.no-pause-reason"
    message = N_("Recording pauses for a meal or for sanitary needs alone. Choose which it is.")
    paragraph = "21"


class NoFailureCauseError(RefusedError):
    code = "journal.no-failure-cause"
    message = N_("A failure is told with its cause. Choose what failed.")
    paragraph = "22"


class NoFailureWordsError(RefusedError):
    code = "journal.no-failure-words"
    message = N_("None of the causes listed is the one. Write in a few words what failed.")
    paragraph = "22"


class AlreadyFailedError(RefusedError):
    code = "journal.already-failed"
    message = N_(
        "It has been known since {since} that the recorder of row {row} failed; the custodian settles it. "
        "If something else is wrong with it, tell the custodian."
    )
    paragraph = "22"


class ToldOtherwiseError(BadInputError):
    """One id stands for one notice, letter for letter."""

    code = "journal.told-otherwise"
    message = N_("Under the same number something else has been told before. Load the page again.")
