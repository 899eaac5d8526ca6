"""The badge of paragraph 18 and the labels of recorders and cards, read back with poppler and a scanner."""

from aigaq.paperwork.badge import print_badges
from aigaq.paperwork.labels import Label, Paper, print_labels
from aigaq.regulation import profile
from tests.support.paper import MORNING, Pdf, needs_poppler

pytestmark = needs_poppler

BADGE = "Назар аударыңыз! Фото- және бейнежазба жүргізілуде"
MM = 72 / 25.4


def labels(*numbers):
    return [Label(number, "жад картасы", "Қонаев қаласының бөлімшесі") for number in numbers]


def test_every_badge_of_the_sheet_has_the_exact_words_and_russian_below():
    pdf = Pdf(print_badges(profile.load()))
    told = pdf.told()
    assert pdf.pages == 1
    assert told.count("Внимание! Ведётся фото- и видеозапись") == 8
    # Two badges stand side by side, so poppler reads their lines across.
    words = [word.text for word in pdf.words()]
    for word in BADGE.split():
        assert words.count(word) == 8, word
    first = sorted((word for word in pdf.words() if word.text in BADGE.split()), key=lambda word: word.box[1])
    assert min(word.box[3] - word.box[1] for word in first) > 8 * MM / 1.2


def test_how_it_is_worn_stands_below():
    told = Pdf(print_badges(profile.load())).told()
    assert profile.load().wearing.text.kk in told
    assert profile.load().wearing.text.ru in told


def test_the_badge_is_the_same_octets_each_time():
    assert print_badges(profile.load()) == print_badges(profile.load())


def test_a_label_of_the_roll_is_50_by_30_and_scans_to_the_number_alone():
    pdf = Pdf(print_labels(labels("БТ-0001", "ЖК-0001"), Paper.ROLL, dated=MORNING))
    assert pdf.pages == 2
    size = pdf.info()["Page size"].split()
    assert [round(float(size[0]) / MM, 1), round(float(size[2]) / MM, 1)] == [50.0, 30.0]
    assert pdf.codes(1) == ["БТ-0001"]
    assert pdf.codes(2) == ["ЖК-0001"]
    assert pdf.told(2).startswith("жад картасы ЖК-0001 Қонаев қаласының бөлімшесі")


def test_a4_holds_three_by_eight_and_goes_on():
    numbers = [f"ЖК-{number:04}" for number in range(1, 26)]
    pdf = Pdf(print_labels(labels(*numbers), Paper.A4, dated=MORNING))
    assert pdf.pages == 2
    assert sorted(pdf.codes(1)) == numbers[:24]
    assert pdf.codes(2) == numbers[24:]
    last = next(word for word in pdf.words() if word.text == "ЖК-0024")
    assert last.box[0] > 140 * MM
    assert last.box[1] > 260 * MM


def test_the_longest_number_fits_on_the_label():
    number = "БТ-" + "8" * 29
    pdf = Pdf(print_labels(labels(number), Paper.ROLL, dated=MORNING))
    (word,) = [word for word in pdf.words() if word.text == number]
    assert word.box[2] < 49 * MM
    assert pdf.codes(1) == [number]


def test_a_label_is_scanned_from_a_printer_of_200_dots():
    pdf = Pdf(print_labels(labels("БТ-0001"), Paper.ROLL, dated=MORNING))
    assert pdf.codes(1, dpi=200) == ["БТ-0001"]
