"""One-time codes: easy to read out and to type, too many to guess."""

import secrets
from hashlib import sha256
from typing import Final

_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without signs that look alike: 0 and O, 1, I and L."""
_GROUPS: Final = 4
_SIGNS: Final = 4


def new_code() -> str:
    """As it is shown: ``K7QF-2M9T-XB4H-8WRC``. 79 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_SIGNS)) for _ in range(_GROUPS))
    return "-".join(groups)


def digest_of(code: str) -> str:
    """What is kept of it, however it was typed: small letters, blanks and hyphens make no difference."""
    typed = "".join(sign for sign in code.upper() if sign.isalnum())
    return sha256(f"aigaq-enrolment-code:{typed}".encode()).hexdigest()
