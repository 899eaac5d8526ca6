"""Words as they are searched: whatever the case, the spelling of a letter, or the keyboard that wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigaq.review.terms import Of, beginning_with, term
from aigaq.review.words import WORD_LIMIT, folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ӘҒҚҢӨҰҮҺІ", "әғқңөұүһі"),
        ("ЁЛКА", "елка"),
        ("ёлка", "Елка"),
        ("ЕЛКА", "ёлка"),
        ("й", "и\u0306"),
        ("Ё", "Е\u0308"),
        ("қaлa", "ҚАЛА"),  # Latin a
        ("гауhар", "ГАУҺАР"),  # Latin h
        ("iс", "ІС"),  # Latin i
        ("ﬁle", "FILE"),
        ("№118", "118"),
    ],
)
def test_the_same_word(one, other):
    assert folded(one)[-1] == folded(other)[-1]


@pytest.mark.parametrize(("one", "other"), [("қала", "кала"), ("ұн", "үн"), ("іс", "ис"), ("cat", "сат")])
def test_other_letters_are_other_words(one, other):
    assert folded(one) != folded(other)


def test_words_are_letters_and_figures():
    assert folded("«Нұр-Құрылыс» ЖШС, Жамбыл к-сі 12/3_б.") == [
        "нұр", "құрылыс", "жшс", "жамбыл", "к", "сі", "12", "3", "б",
    ]  # fmt: skip


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_and_no_word_is_too_long(text):
    once = folded(text)
    assert all(0 < len(word) <= WORD_LIMIT for word in once)
    for word in once:
        if len(word) < WORD_LIMIT:
            assert folded(word) == [word]


@given(st.text(min_size=1, max_size=20), st.text(max_size=20), st.text(min_size=1, max_size=20))
def test_what_begins_with_a_word_lies_between_its_bounds_and_nothing_else(begun, rest, other):
    first, end = beginning_with(Of.TEXT, begun)
    assert first <= term(Of.TEXT, begun + rest) < end
    assert (first <= term(Of.TEXT, other) < end) == other.startswith(begun)
