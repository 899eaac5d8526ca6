import pytest

from aigaq.regulation.numerals import in_words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "нөл"),
        (1, "бір"),
        (10, "он"),
        (11, "он бір"),
        (20, "жиырма"),
        (48, "қырық сегіз"),
        (50, "елу"),
        (96, "тоқсан алты"),
        (100, "жүз"),
        (101, "жүз бір"),
        (200, "екі жүз"),
        (360, "үш жүз алпыс"),
        (777, "жеті жүз жетпіс жеті"),
        (999, "тоғыз жүз тоқсан тоғыз"),
        (1000, "мың"),
        (1001, "мың бір"),
        (2026, "екі мың жиырма алты"),
        (100_000, "жүз мың"),
        (999_999, "тоғыз жүз тоқсан тоғыз мың тоғыз жүз тоқсан тоғыз"),
    ],
)
def test_numbers_are_told_in_kazakh(number, words):
    assert in_words(number) == words


def test_each_number_has_words_of_its_own():
    told = [in_words(number) for number in range(12_000)]
    assert len(set(told)) == len(told)
    assert all(words == " ".join(words.split()) for words in told)


@pytest.mark.parametrize("number", [-1, 1_000_000])
def test_what_has_no_words_is_an_error(number):
    with pytest.raises(ValueError, match=str(number)):
        in_words(number)
