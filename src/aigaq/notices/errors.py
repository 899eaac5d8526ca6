from typing import ClassVar

from aigaq.errors import N_, AigaqError, BadInputError


class NotSentError(AigaqError):
    """A way could not take a letter over now; `reason` is in the words of who refused it."""

    code = "notices.not-sent"
    message = N_("The letter could not be sent: {reason}.")
    is_final: ClassVar[bool] = False
    """No later attempt would end otherwise."""

    @property
    def reason(self) -> str:
        return str(self.details["reason"])


class UnreachableError(NotSentError):
    """Not this letter but the way itself: nothing else goes through it now, either."""

    code = "notices.unreachable"
    message = N_("Letters can't be sent now: {reason}.")


class RefusedForGoodError(NotSentError):
    """The other side said that it will never take this letter: an address that does not exist, say."""

    code = "notices.refused"
    message = N_("The letter was refused for good: {reason}.")
    is_final = True


class WrongSettingError(BadInputError):
    code = "notices.setting"
    message = N_("{name} can't be used: {reason}. “docs/operations/notices.md” says how it is written.")


class UnknownNoticeError(BadInputError):
    code = "notices.unknown"
    message = N_("There is no such notice for you. It may be long past.")
