"""Labels for the badges of people: they scan to who it is, and never to an inventory number."""

from aigaq.paperwork.labels import Label, Paper, PersonLabel, print_labels
from aigaq.registry.codes import person_code
from tests.support.paper import MORNING, Pdf, needs_poppler

pytestmark = needs_poppler

MM = 72 / 25.4


def person(**changes):
    usual = {
        "code": person_code("103"),
        "full_name": "Өтегенов Ерлан Сәкенұлы",
        "post": "Мемлекеттік инспектор",
        "staff_number": "103",
        "division": "Қонаев қаласының бөлімшесі",
    }
    return PersonLabel(**(usual | changes))


def printed(*labels, paper=Paper.ROLL):
    return Pdf(print_labels(labels, paper, dated=MORNING))


def test_a_label_names_the_person_and_scans_to_their_code():
    pdf = printed(person())
    assert pdf.codes(1) == ["AIGAQ-PERSON 103"]
    assert pdf.told(1) == "Өтегенов Ерлан Сәкенұлы Мемлекеттік инспектор № 103 Қонаев қаласының бөлімшесі"


def test_it_is_scanned_from_a_printer_of_200_dots():
    assert printed(person(staff_number="ТЖД-2026/000104", code=person_code("ТЖД-2026/000104"))).codes(
        1, dpi=200
    ) == ["AIGAQ-PERSON ТЖД-2026/000104"]


def test_without_a_post_its_line_is_left_out():
    assert printed(person(post="")).told(1) == "Өтегенов Ерлан Сәкенұлы № 103 Қонаев қаласының бөлімшесі"


def test_the_longest_name_and_post_fit_on_the_label():
    longest = person(
        full_name="Ықыласова-Мұхамедиярова Мадина-Әйгерім Һашимқызы",
        post="Өрт қауіпсіздігі саласындағы мемлекеттік бақылау және қадағалау бөлімінің аға мемлекеттік "
        "инспекторы, азаматтық қорғау майоры",
        staff_number="8" * 32,
        division="Алматы облысы Қонаев қаласының төтенше жағдайлар басқармасы",
    )
    words = printed(longest).words()
    assert {word.text for word in words} >= {"Ықыласова-Мұхамедиярова", "майоры", "басқармасы", "8" * 32}
    for word in words:
        assert word.box[1] >= 0, word
        assert word.box[3] <= 30 * MM, word
        assert word.box[2] <= 50 * MM, word


def test_people_and_things_share_an_a4_sheet():
    pdf = printed(Label("БТ-0001", "жад картасы", "Қонаев"), person(), paper=Paper.A4)
    assert pdf.pages == 1
    assert sorted(pdf.codes(1)) == ["AIGAQ-PERSON 103", "БТ-0001"]


def test_the_same_label_is_the_same_octets():
    assert printed(person()).octets == printed(person()).octets
