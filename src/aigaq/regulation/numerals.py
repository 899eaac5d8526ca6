"""Whole numbers in Kazakh words, as an inscription has them beside the figures."""

from typing import Final

_ONES: Final = ("", "бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз")
_TENS: Final = ("", "он", "жиырма", "отыз", "қырық", "елу", "алпыс", "жетпіс", "сексен", "тоқсан")
_HUNDRED: Final = "жүз"
_THOUSAND: Final = "мың"
_NOUGHT: Final = "нөл"
BEYOND: Final = 1_000_000


def in_words(number: int) -> str:
    """From 0 to 999 999; ``ValueError`` for any other. A single hundred or thousand is not counted: «жүз»."""
    if not 0 <= number < BEYOND:
        raise ValueError(number)
    thousands, rest = divmod(number, 1000)
    words = [*_up_to_thousand(thousands)] if thousands > 1 else []
    if thousands:
        words.append(_THOUSAND)
    return " ".join([*words, *_up_to_thousand(rest)]) or _NOUGHT


def _up_to_thousand(number: int) -> list[str]:
    hundreds, rest = divmod(number, 100)
    words = ([_ONES[hundreds]] if hundreds > 1 else []) + ([_HUNDRED] if hundreds else [])
    return [*words, *(word for word in (_TENS[rest // 10], _ONES[rest % 10]) if word)]
