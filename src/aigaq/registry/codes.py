"""What stands in the codes on labels, and what a scanner makes of it (`docs/formats/labels.md`). Pure."""

from collections.abc import Iterator
from typing import Final

RESERVED: Final = "AIGAQ-"
"""No inventory number begins so: all our codes that are not inventory numbers do."""
_PERSON: Final = f"{RESERVED}PERSON "
CODE_LIMIT: Final = 128
"""Characters; longer than any code on our labels."""

_LATIN: Final = "`1234567890-=qwertyuiop[]asdfghjkl;'zxcvbnm,./"
_LATIN_UPPER: Final = '~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>?'
_LAYOUTS: Final = (
    # Kazakh: the upper row has letters, and digits only on the number pad.
    ('("әіңғ,.үұқөһйцукенгшщзхъфывапролджэячсмитьбю№', ")!ӘІҢҒ;:ҮҰҚӨҺЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ?"),
    ("ё1234567890-=йцукенгшщзхъфывапролджэячсмитьбю.", 'Ё!"№;%:?*()_+ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,'),
)
_TO_LATIN: Final = tuple(str.maketrans(lower + upper, _LATIN + _LATIN_UPPER) for lower, upper in _LAYOUTS)


def person_code(staff_number: str) -> str:
    """What stands in the code of a person's label. It says who somebody is, and proves nothing."""
    return f"{_PERSON}{staff_number}"


def staff_number_in(code: str) -> str | None:
    """The staff number, where `code` is that of a person."""
    return code.removeprefix(_PERSON).strip() if code.startswith(_PERSON) else None


def spellings(code: str) -> Iterator[str]:
    """What may have been scanned, the likeliest first; each once.

    A scanner is a keyboard that types by the layout of the United States. On a PC that is set to Kazakh or
    Russian its key strokes come out as other letters, and with Caps Lock on in the other case.
    """
    typed = (code, code.swapcase())
    tried = (text.translate(table) for text in typed for table in ({}, *_TO_LATIN))
    yield from dict.fromkeys(tried)
