"""What stands in the codes of labels, and what a keyboard set to Kazakh or Russian makes of it."""

import pytest

from aigaq.registry.codes import RESERVED, person_code, spellings, staff_number_in
from aigaq.registry.errors import ReservedNumberError
from aigaq.registry.rules import refusal_of_inventory_number

KAZAKH = str.maketrans(
    "`1234567890-=qwertyuiop[]asdfghjkl;'zxcvbnm,./QWERTYUIOPASDFGHJKLZXCVBNM",
    '("әіңғ,.үұқөһйцукенгшщзхъфывапролджэячсмитьбю№ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬ',
)
RUSSIAN = str.maketrans(
    "qwertyuiop[]asdfghjkl;'zxcvbnm,./QWERTYUIOPASDFGHJKLZXCVBNM",
    "йцукенгшщзхъфывапролджэячсмитьбю.ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬ",
)
"""What each layout shows for a key of the other: from the keyboards themselves, not from our tables."""


@pytest.mark.parametrize("number", ["103", "ТЖД-2026/104", "A 1"])
def test_a_persons_code_gives_back_the_staff_number(number):
    assert staff_number_in(person_code(number)) == number


@pytest.mark.parametrize(
    "code", ["103", "БТ-0001", "", "AIGAQ-", "AIGAQ-PERSON", "aigaq-person 103", "xAIGAQ-PERSON 1"]
)
def test_anything_else_is_no_person(code):
    assert staff_number_in(code) is None


@pytest.mark.parametrize("number", [person_code("103"), RESERVED, "aigaq-7", "Aigaq-x"])
def test_no_inventory_number_can_look_like_a_persons_code(number):
    assert isinstance(refusal_of_inventory_number(number, taken=False), ReservedNumberError)


@pytest.mark.parametrize("layout", [KAZAKH, RUSSIAN], ids=["kazakh", "russian"])
@pytest.mark.parametrize("code", [person_code("103"), "BT-0001", "JK-0236/7", "bt.5"])
def test_what_a_scanner_types_on_such_a_keyboard_is_among_its_spellings(layout, code):
    typed = code.translate(layout)
    assert code in spellings(typed)
    assert code in spellings(typed.swapcase())


def test_what_was_typed_comes_first_and_each_spelling_once():
    found = list(spellings("БТ-0001"))
    assert found[0] == "БТ-0001"
    assert len(found) == len(set(found))
    assert list(spellings("5")) == ["5"]
