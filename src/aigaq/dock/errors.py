"""What is wrong with something plugged in, before or after its unloading. Codes are kept with the port."""

from aigaq.errors import N_, AigaqError, BadInputError


class DockError(AigaqError):
    code = "dock.error"
    message = N_("The card can't be used at this port.")


class UnreadableMediumError(DockError):
    code = "dock.unreadable"
    message = N_(
        "The card's file system is damaged: it can't be opened ({reason}). Nothing on it was changed. "
        "Set the card aside and report a failure; its recordings may still be rescued by a specialist."
    )


class NoFileSystemError(DockError):
    code = "dock.no-file-system"
    message = N_(
        "Nothing on the card can be read: it is empty, damaged, or of a kind that is not known here. Look at "
        "it in its recorder; if recordings should be on it, set it aside and report a failure."
    )


class UnknownFileSystemError(DockError):
    """`kind` is the file system's name."""

    code = "dock.unknown-file-system"
    message = N_(
        "This computer can't read cards of the kind “{kind}”. Leave the card as it is, and have support for "
        "“{kind}” installed (the page on docks says how)."
    )


class MediumTakenError(DockError):
    """`by` is what holds it: a mount point, or a device built upon it."""

    code = "dock.taken"
    message = N_(
        "Something else on this computer has opened the card already ({by}), so it was not touched. "
        "Switch off what opens cards by itself, then put it in again."
    )


class NotSafelyMountedError(DockError):
    """`missing` are options of mount(8) that the kernel did not take."""

    code = "dock.unsafe"
    message = N_(
        "This computer would not open the card safely (without {missing}), so it was not touched. "
        "Its system is too old: it needs Linux 5.10 or newer."
    )


class NoRightsError(DockError):
    code = "dock.rights"
    message = N_(
        "Aigaq may not mount cards on this computer ({reason}). The page on docks says which right it needs; "
        "the watched folder works without."
    )


class StillHeldError(DockError):
    code = "dock.still-held"
    message = N_(
        "The unloading has ended, and something on this computer still holds the card ({reason}). "
        "Close what uses it, wait a minute, then take it out."
    )


class NoAnswerError(DockError):
    """Nothing can be done about a call that the kernel doesn't come back from."""

    code = "dock.no-answer"
    message = N_(
        "The card has given no answer for {seconds} seconds. Pull it out and put it in again; if it "
        "happens again, try another port, then set the card aside."
    )


class PortFailedError(DockError):
    """Of a defect, which the log tells in full."""

    code = "dock.failed"
    message = N_(
        "Something went wrong at this port ({reason}). It is tried again by itself; the log says more."
    )


class AttendedElsewhereError(DockError):
    code = "dock.attended"
    message = N_(
        "Another program looks after the cards of this computer already ({path}). Stop one of the two."
    )


class PortsFileError(BadInputError):
    code = "dock.ports-file"
    message = N_("The file of ports {path} can't be used: {reason}. Correct it, or remove it.")
