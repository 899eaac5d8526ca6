"""The report on a month's sample on paper, read back with poppler."""

from dataclasses import replace
from datetime import date

from aigaq.paperwork.review_report import ReviewedDuty, ReviewReport, print_review
from aigaq.regulation import profile
from tests.support.paper import MORNING, Pdf, needs_poppler

pytestmark = needs_poppler

DUTY = ReviewedDuty(
    book="01-12/4",
    row=118,
    on=date(2026, 11, 20),
    inspector="Өтегенов Ерлан Сәкенұлы",
    subject="«Нұр-Құрылыс» ЖШС",
    object="Сауда үйі, Қонаев қ., Жамбыл к-сі 12",
    result="violation",
    note="Эвакуация жолы жабық",
    by="Жүнісов Данияр Ғалымұлы",
    at=MORNING,
)
REPORT = ReviewReport(
    division="Қонаев қаласының бөлімшесі",
    month=date(2026, 11, 1),
    percent=10,
    least=5,
    population=43,
    due_on=date(2026, 12, 15),
    entry=4711,
    seed="5e" * 32,
    size=4700,
    root="a7" * 32,
    duties=[DUTY, replace(DUTY, row=119, result=None, note="", by="", at=None)],
    notes=[("Инспекторлармен талдау жүргізілді", "Ахметова Әйгерім Қуанышқызы", MORNING)],
    custodian="Жүнісов Данияр Ғалымұлы",
    head="",
    dated=MORNING,
)


def printed(**changes):
    return Pdf(print_review(replace(REPORT, **changes), profile.load()))


def test_it_says_how_it_was_drawn_and_what_was_found():
    pdf = printed()
    text = pdf.told()
    for said in (
        "Жазбаларды іріктеп қарау туралы есеп",
        "2026 жылғы қараша",
        "кемінде 10 %",
        "Айдағы кезекшіліктер саны – 43, іріктелгені – 2.",
        "2026 жылғы 15 желтоқсан (қоса алғанда)",
        "118-жол",
        "Бақылау субъектісінің бұзушылығы көрінеді",
        "Қаралмаған",
        "Инспекторлармен талдау жүргізілді",
        "5e" * 32,
        "a7" * 32,
        "№ 4711",
    ):
        assert said in text, said
    assert pdf.pages == 1
    assert all(is_embedded == "yes" for _name, is_embedded in pdf.fonts())


def test_the_same_facts_give_the_same_octets():
    assert printed().octets == printed().octets


def test_many_duties_and_long_words_run_over_more_leaves_and_lose_nothing():
    duties = [replace(DUTY, row=number, note="Ұ" * 120) for number in range(1, 61)]
    pdf = printed(duties=duties)
    assert pdf.pages > 3
    assert "60-жол" in pdf.told()
    assert "2/8" in pdf.told(2).replace(" ", "")
