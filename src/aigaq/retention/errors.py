"""What is refused when recordings are held, or let go."""

from aigaq.errors import N_, AigaqError, BadInputError, RefusedError


class NotHeadError(RefusedError):
    code = "retention.not-head"
    message = N_(
        "Only the head of {division} holds recordings beyond their day, or lets them go. Ask the head."
    )
    paragraph = "13"


class NoReasonError(BadInputError):
    code = "retention.no-reason"
    message = N_("Write down why, in a few words.")


class NothingHeldError(BadInputError):
    code = "retention.nothing-held"
    message = N_("A hold is on recordings. Choose at least one.")


class TooManyHeldError(BadInputError):
    code = "retention.too-many"
    message = N_("One hold has at most {limit} recordings. Place several.")


class ForeignRecordingError(BadInputError):
    """That it exists in another division is not told."""

    code = "retention.foreign-recording"
    message = N_("One of these recordings is not of {division}. Choose them from the list.")


class UnknownHoldError(BadInputError):
    code = "retention.unknown-hold"
    message = N_("There is no such hold in this division. Look for it in the list.")


class AlreadyReleasedError(AigaqError):
    code = "retention.already-released"
    message = N_("This hold was released already, on {at}.")


class HeldTooLateError(AigaqError):
    code = "retention.held-too-late"
    message = N_("One of these recordings is destroyed: act No. {act}.")


class BeingDestroyedError(AigaqError):
    """Its act has no number before it is done."""

    code = "retention.being-destroyed"
    message = N_("One of these recordings is being destroyed: plan {number} was begun.")


class ClockBehindError(RefusedError):
    code = "retention.clock-behind"
    message = N_(
        "This computer's clock says {now}, and the ledger has an entry of {newest}. Nothing is disposed of "
        "by a clock that is wrong. Set the clock."
    )
    paragraph = "13"


class ClockAheadError(RefusedError):
    code = "retention.clock-ahead"
    message = N_(
        "This computer's clock says {now}, but the ledger's entries reach without a hole only to {reached}: "
        "more than {days} days are missing. Let the head confirm which day it is, then try again."
    )
    paragraph = "13"


class OtherDayError(BadInputError):
    code = "retention.other-day"
    message = N_("That is not the day that this computer's clock says. Set the clock, then confirm the day.")


class ClockTrustedError(AigaqError):
    code = "retention.clock-trusted"
    message = N_("Nothing about the clock is doubtful. There is nothing to confirm.")


class NotCustodianError(RefusedError):
    code = "retention.not-custodian"
    message = N_("Only the custodian of {division} proposes what is to be disposed of. Ask the custodian.")
    paragraph = "14"


class NotReaderError(RefusedError):
    code = "retention.not-reader"
    message = N_("Only the custodian and the head of {division} carry out a disposal.")
    paragraph = "14"


class NothingDueError(AigaqError):
    code = "retention.nothing-due"
    message = N_("Nothing has come to its day, so there is nothing to propose.")


class TooManyProposedError(BadInputError):
    code = "retention.too-many-proposed"
    message = N_("One plan has at most {limit} recordings. Propose several.")


class NotDueError(RefusedError):
    code = "retention.not-due"
    message = N_("One of these recordings is still kept: {why}")
    paragraph = "13"


class AlreadyPlannedError(AigaqError):
    code = "retention.already-planned"
    message = N_("One of these recordings stands in plan {number} already.")


class UnknownPlanError(BadInputError):
    code = "retention.unknown-plan"
    message = N_("There is no such plan in this division. Look for it in the list.")


class PlanClosedError(AigaqError):
    code = "retention.plan-closed"
    message = N_("Plan {number} was approved, dropped or carried out already. That is never changed.")


class NotApprovedError(RefusedError):
    code = "retention.not-approved"
    message = N_("Plan {number} is not approved by the head. Nothing of it is disposed of.")
    paragraph = "13"


class OwnPlanError(RefusedError):
    code = "retention.own-plan"
    message = N_("{person} proposed plan {number}, so another person has to approve it: two see it, not one.")
    paragraph = "13"


class TooSoonError(AigaqError):
    code = "retention.too-soon"
    message = N_("Plan {number} was approved a moment ago. It may be carried out from {at} on.")


class PlanChangedError(RefusedError):
    code = "retention.plan-changed"
    message = N_(
        "Plan {number} is not the one that was proposed and signed. Nothing of it is disposed of; "
        "run “aigaq ledger verify”."
    )
    paragraph = "13"


class NothingLeftError(AigaqError):
    code = "retention.nothing-left"
    message = N_("Everything in plan {number} is kept by now, so nothing is disposed of. Drop the plan.")


class UnloadingError(AigaqError):
    code = "retention.unloading"
    message = N_("A card is being unloaded. Wait until it is done, then carry out the plan.")


class LockedError(RefusedError):
    code = "retention.locked"
    message = N_(
        "The store of the vault keeps what is in plan {number} until {at}, and lets nobody remove it before. "
        "Carry the plan out after that."
    )
    paragraph = "13"


class HeldInStoreError(AigaqError):
    code = "retention.held-in-store"
    message = N_(
        "The store of the vault still has something of plan {number} under a legal hold. It is lifted within "
        "minutes once nothing holds it here; then carry the plan out."
    )


class DestroyedError(AigaqError):
    code = "retention.destroyed"
    message = N_("This recording was destroyed on {at}, act No. {act}. Its digests and its history remain.")
