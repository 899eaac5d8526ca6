"""What is refused when an incident is decided."""

from aigaq.errors import N_, AigaqError, BadInputError, RefusedError


class NotHeadError(RefusedError):
    code = "incidents.not-head"
    message = N_("Only the head of {division} decides on its incidents. Ask the head.")
    paragraph = "20"


class AlreadyDecidedError(AigaqError):
    code = "incidents.already-decided"
    message = N_("This incident was decided already, on {at}. A decision is never changed: read it there.")


class NoOutcomeError(BadInputError):
    code = "incidents.no-outcome"
    message = N_("A decision says what becomes of the incident. Choose one of the list.")


class NoDecisionReasonError(BadInputError):
    code = "incidents.no-reason"
    message = N_("A decision is given with its reason. Write down what you found out, and why you decide so.")


class UnknownIncidentError(BadInputError):
    code = "incidents.unknown"
    message = N_("There is no such incident in this division. Look for it in the list.")
