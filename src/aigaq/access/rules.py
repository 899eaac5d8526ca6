"""Who may open the vault. Pure."""

from aigaq.access.errors import LastReaderError, NotAReaderError, NoVaultPasswordYetError
from aigaq.errors import RefusedError
from aigaq.ledger.services import By

READING_ROLES = frozenset({"head", "custodian"})
"""Paragraphs 6 and 14."""


def refusal_to_read(by: By, *, is_active: bool, has_wrap: bool) -> RefusedError | None:
    """A wrap alone is not enough: who was relieved of the post keeps the password, not the right.

    `is_active`: their login is open.
    """
    role = None if by.right is None else by.right.get("role")
    if role not in READING_ROLES or not is_active:
        return NotAReaderError()
    return None if has_wrap else NoVaultPasswordYetError()


def refusal_to_remove(username: str, *, others: int) -> RefusedError | None:
    return None if others else LastReaderError(username=username)
