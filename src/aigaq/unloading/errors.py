"""Why a card, or a file on it, was not taken, placed or cleared. Codes are kept with the unloading."""

from typing import Any, ClassVar

from aigaq.core.files import displayed
from aigaq.errors import N_, AigaqError, BadInputError, RefusedError


class CardError(AigaqError):
    """Something about the card as a whole; the unloading does not begin or goes to the tray."""

    code = "card.error"
    message = N_("The card can't be used.")


class NotACardError(CardError, BadInputError):
    code = "card.none"
    message = N_("There is no card at “{path}” ({reason}). Give the folder where the card is mounted.")


class CardBusyError(CardError):
    code = "card.busy"
    message = N_("The card at “{path}” is being unloaded already. Wait until that is finished.")


class MediumGoneError(CardError):
    """It was there when the unloading began. Nothing is harmed: it was mounted for reading."""

    code = "card.gone"
    message = N_(
        "The card was pulled out before it was finished, or its reader failed. Nothing is lost: what was not "
        "stored is on the card. Put it in again; it goes on by itself."
    )


class CardNotAnsweringError(CardError):
    """A call into the card's driver does not come back; nobody can end it but by pulling the card out."""

    code = "card.no-answer"
    message = N_(
        "The card has not answered for {seconds} seconds, at “{path}”. Nothing is lost: what was not stored "
        "is on the card. Take it out, then put it in again, in another reader if it can be; if it hangs "
        "again, set it aside and report a failure."
    )


class NoRoomError(CardError):
    """`needed` and `free` are octets."""

    code = "card.no-room"
    message = N_(
        "The vault has {free} bytes free and this card needs {needed}. Nothing was taken; the recordings "
        "stay on the card. Add space to the vault, then unload again."
    )


class IdentityAlteredError(CardError):
    code = "card.identity-altered"
    message = N_(
        "The identity file on the card was altered ({reason}). Find out who had the card, "
        "then assign the recordings to their journal row and register the card again."
    )


class IdentityForeignError(CardError):
    code = "card.identity-foreign"
    message = N_(
        "The card “{card}” is registered with another installation ({installation}). "
        "Return it to its division, or assign the recordings to a journal row here."
    )


class NotRegisteredError(CardError):
    """An identity of ours names a card or a recorder that the register doesn't have."""

    code = "card.not-registered"
    message = N_("“{number}” stands in the card's identity, not in the register. Register it, then assign.")


class CardUnknownError(CardError):
    code = "card.unknown"
    message = N_("Nothing tells whose card this is. Assign the recordings to their journal row.")


class CardDisagreesError(CardError):
    """`one` and `other` are inventory numbers."""

    code = "card.disagrees"
    message = N_(
        "One sign says that the recordings belong to “{one}”, another says “{other}”. "
        "Find out which is right, then assign the recordings to their journal row."
    )


class CardTwiceError(CardError):
    """Seen only while both are plugged in."""

    code = "card.twice"
    message = N_(
        "Another card that says it is “{card}” is being unloaded at “{port}”: one of them is a copy. Find "
        "out which, then assign the recordings to their journal row."
    )


class BeforeIssueError(CardError):
    code = "card.before-issue"
    message = N_(
        "These recordings were taken in before the recorder was issued on its present row. "
        "Assign them to the row that they were made on."
    )


class NoRowError(CardError):
    code = "card.no-row"
    message = N_("“{number}” has never been issued. Assign the recordings to their journal row.")


class IdentityNotWrittenError(CardError):
    code = "card.identity-not-written"
    message = N_(
        "The identity could not be written on the card at “{path}” ({reason}). "
        "Look whether the card is write-protected."
    )


class FileProblemError(AigaqError):
    """About one thing on a card, which stays there; the others go on. `path` is in `details`."""

    is_of_no_file: ClassVar[bool] = False
    """It is about something that can't be a recording."""
    code = "file.problem"
    message = N_("“{path}” was left on the card.")


class NotAFileError(FileProblemError):
    is_of_no_file = True
    code = "file.not-a-file"
    message = N_("“{path}” is no file but a {kind}; it was left on the card. Find out who put it there.")


class UnreadableDirectoryError(FileProblemError):
    code = "file.unreadable-directory"
    message = N_(
        "The folder “{path}” can't be read ({reason}). Plug the card in again; if that fails, set it aside."
    )


class DirectoryLoopError(FileProblemError):
    code = "file.directory-loop"
    message = N_(
        "The folder “{path}” contains itself: the card's file system is damaged. "
        "What could be read is stored; the card is left as it is. Set it aside and report a failure."
    )


class TooDeepError(FileProblemError):
    """`limit` is the number of folders within one another that are looked into."""

    code = "file.too-deep"
    message = N_(
        "The folder “{path}” lies deeper than {limit} folders and was not looked into. "
        "The card is left as it is. Set it aside and report it."
    )


class TooManyEntriesError(FileProblemError):
    code = "file.too-many"
    message = N_(
        "The card holds more than {limit} names; from “{path}” on it was not looked into. "
        "The card is left as it is. Set it aside and report it."
    )


class OtherDeviceError(FileProblemError):
    is_of_no_file = True
    code = "file.other-device"
    message = N_("“{path}” leads away from the card and was not looked into.")


class FileUnreadableError(FileProblemError):
    code = "file.unreadable"
    message = N_(
        "“{path}” can't be read ({reason}); it was not stored and stays on the card. "
        "Plug the card in again; if it fails again, set the card aside and report a failure."
    )


class FilePartialError(FileProblemError):
    """`missing` and `size` are octets."""

    code = "file.partial"
    message = N_(
        "“{path}” could be read in part: {missing} of {size} bytes are missing, in {holes} places. What "
        "could be read is stored; the file stays on the card. Plug the card in again, in another reader if "
        "it can be; if no more of it comes, set the card aside and report a failure."
    )


class ReadsDisagreeError(FileProblemError):
    code = "file.reads-disagree"
    message = N_(
        "“{path}” was read twice, and the card gave something else the second time ({reason}). It stays on "
        "the card. Plug the card in again, in another reader; if it happens again, set the card aside and "
        "report a failure."
    )


class FileAppearedError(FileProblemError):
    """The card is listed again after it was cleared."""

    code = "file.appeared"
    message = N_(
        "“{path}” was not on the card when the unloading began. It was not taken and stays there. Find out "
        "where it comes from, then unload again."
    )


class FileChangedError(FileProblemError):
    code = "file.changed"
    message = N_(
        "“{path}” changed while the card was being unloaded ({reason}); it stays on the card. "
        "Make sure that the recorder has stopped recording, then unload again."
    )


class NotClearedError(FileProblemError):
    code = "file.not-cleared"
    message = N_("“{path}” is stored, and could not be deleted from the card ({reason}).")


class WriteProtectedError(FileProblemError):
    code = "card.write-protected"
    message = N_(
        "The recordings are stored, and the card can't be cleared: it is write-protected. "
        "Move the switch on its side, then plug it in again."
    )


class NotWritableError(FileProblemError):
    code = "card.not-writable"
    message = N_(
        "The recordings are stored, and the card can't be cleared: it is read-only ({reason}). "
        "Have its file system checked, or set the card aside."
    )


class NoteNotWrittenError(FileProblemError):
    code = "card.note-not-written"
    message = N_("The card was cleared, and the note of it could not be written to “{path}” ({reason}).")


class TimeNotLeftError(FileProblemError):
    is_of_no_file = True
    code = "recorder.time-not-left"
    message = N_(
        "The card was cleared, and the time for its recorder could not be written to “{path}” ({reason}). "
        "Set the recorder's clock by hand."
    )


class UnloadStoppedError(AigaqError):
    code = "unload.stopped"
    message = N_("The unloading was stopped. What was not stored is on the card; plug it in again to go on.")


class UnloadInterruptedError(AigaqError):
    code = "unload.interrupted"
    message = N_("The unloading was cut off. What was not stored is on the card; plug it in again to go on.")


class DockStoppedError(AigaqError):
    """As a dock tells it: `cause` is its code, `reason` its sentence, in the dock's language."""

    code = "unload.dock-stopped"
    message = N_("The dock stopped ({cause}): {reason}")


class NotHandedOverError(BadInputError):
    code = "unload.not-handed-over"
    message = N_(
        "The recording {content} is not in the vault as this dock's, so nothing is entered or cleared for "
        "it. Plug the card in again."
    )


class OverError(BadInputError):
    code = "unload.over"
    message = N_(
        "This unloading has ended already: it gave no sign of life for long, or the card was put in again. "
        "What was not stored is on the card; plug it in again to go on."
    )


class DatabaseStoppedError(AigaqError):
    code = "unload.database"
    message = N_(
        "The database did not take the unloading ({reason}). The recordings stay on the card. "
        "Have the disk and the database checked, then unload again."
    )


class NotInTrayError(BadInputError):
    code = "unload.not-in-tray"
    message = N_(
        "This unloading does not wait in the tray: somebody has assigned it already, or it needs none."
    )


class NotCustodianError(RefusedError):
    code = "unload.not-custodian"
    message = N_("Only the custodian or the head of {division} can assign recordings. Ask the custodian.")
    paragraph = "6"


class OtherDivisionError(BadInputError):
    code = "unload.other-division"
    message = N_("The journal row belongs to another division. Choose a row of your own book.")


def facts_of(error: AigaqError) -> dict[str, Any]:
    """What fills an error's sentence, as JSON."""
    return {
        name: value if isinstance(value, str | int) else displayed(str(value))
        for name, value in error.details.items()
    }


def by_code(code: str) -> type[AigaqError] | None:
    """The error that `code` belongs to, for showing its sentence again; None for a code of another floor."""
    waiting: list[type[AigaqError]] = [AigaqError]
    while waiting:
        found = waiting.pop()
        if found.code == code:
            return found
        waiting.extend(found.__subclasses__())
    return None
