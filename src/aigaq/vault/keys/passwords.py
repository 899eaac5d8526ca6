"""Which vault passwords are accepted, and how one becomes octets whatever keyboard it was typed on.

Sources: RFC 8265 section 4 (OpaqueString); OWASP ASVS 5.0 section V6.2. No rule asks for digits or
capitals, and none makes a password expire: length is what counts.
"""

import unicodedata

from aigaq.errors import N_, BadInputError

MIN_CHARACTERS = 12
MAX_OCTETS = 1024
"""In UTF-8, after normalisation."""
_MIN_DISTINCT = 5

_COMMON = frozenset(
    {
        "administrator",
        "aigaqaigaqaigaq",
        "changemechangeme",
        "correct horse battery staple",
        "correcthorsebatterystaple",
        "iloveyou1234",
        "letmeinletmein",
        "password1234",
        "passwordpassword",
        "qazwsxedcrfv",
        "qwerty123456",
        "q1w2e3r4t5y6",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "vaultpassword",
        "vault password",
        "welcome12345",
        "администратор",
        "парольпароль",
        "құпиясөзқұпиясөз",
    }
)
_ROWS = (
    "1234567890",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,./",
    "йцукенгшщзхъфывапролджэячсмитьбю.",
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
)


class WeakVaultPasswordError(BadInputError):
    """The root: this password is not accepted for a new wrap of the vault's key."""

    code = "vault.weak-password"
    message = N_("This vault password is not accepted. Choose another one.")


class ShortVaultPasswordError(WeakVaultPasswordError):
    code = "vault.weak-password-short"
    message = N_("This vault password is too short. Use at least {least} characters, say four words.")


class LongVaultPasswordError(WeakVaultPasswordError):
    code = "vault.weak-password-long"
    message = N_(
        "This vault password is too long. Use at most {most} bytes: some 500 Kazakh or Russian letters."
    )


class CommonVaultPasswordError(WeakVaultPasswordError):
    code = "vault.weak-password-common"
    message = N_(
        "This vault password is among the first that anyone would try. "
        "Choose words that only you would put together."
    )


class UnusableVaultPasswordError(WeakVaultPasswordError):
    code = "vault.weak-password-character"
    message = N_(
        "This vault password contains a character that can't be typed everywhere alike. "
        "Use letters, digits, spaces and punctuation."
    )


def check_vault_password(password: str) -> None:
    """Raise a `WeakVaultPasswordError` unless `password` may guard the vault."""
    text = normalised(password)
    if len(text.encode()) > MAX_OCTETS:
        raise LongVaultPasswordError(most=MAX_OCTETS)
    if len(text) < MIN_CHARACTERS:
        raise ShortVaultPasswordError(least=MIN_CHARACTERS)
    if _is_common(text.casefold()):
        raise CommonVaultPasswordError


def password_octets(password: str) -> bytes:
    """What goes into the key derivation.

    Raises `UnusableVaultPasswordError` or `LongVaultPasswordError`; says nothing about strength.
    """
    octets = normalised(password).encode()
    if len(octets) > MAX_OCTETS:
        raise LongVaultPasswordError(most=MAX_OCTETS)
    return octets


def normalised(password: str) -> str:
    """One spelling for what looks alike: every space is U+0020, then NFC (RFC 8265 section 4.2.1).

    Raises `UnusableVaultPasswordError` for characters that the profile forbids. Unassigned ones are
    among them: another version of Unicode might compose them otherwise, and the vault stay shut.
    """
    # Before normalising, which takes time that grows with the length; no character has more octets than four.
    if len(password) > MAX_OCTETS:
        raise LongVaultPasswordError(most=MAX_OCTETS)
    categories = {unicodedata.category(character) for character in password}
    if categories & {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}:
        raise UnusableVaultPasswordError
    spaced = "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in password)
    return unicodedata.normalize("NFC", spaced)


def _is_common(text: str) -> bool:
    bare = text.strip()
    return (
        bare in _COMMON
        or len(set(bare)) < _MIN_DISTINCT
        or any(bare in row * 20 or bare in row[::-1] * 20 for row in _ROWS)
        or any(_is_repeated(bare, length) for length in range(1, MIN_CHARACTERS // 2 + 1))
    )


def _is_repeated(text: str, length: int) -> bool:
    """Whether `text` is its first `length` characters over and over."""
    return text == (text[:length] * (len(text) // length + 1))[: len(text)]
