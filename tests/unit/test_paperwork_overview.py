"""The overview on paper: figures in Kazakh, on as many leaves as it takes."""

from dataclasses import replace
from datetime import UTC, date, datetime

from aigaq.paperwork.overview import Line, Paper, Room, print_overview
from aigaq.regulation import profile
from tests.support.paper import Pdf

LINE = Line(
    name="Қонаев қаласының бөлімшесі",
    depth=1,
    out=3,
    overdue=1,
    unloaded=4,
    open_incidents=2,
    demands_late=1,
    demands_near=5,
    duties=9,
    with_gaps=1,
    due_ms=27 * 3_600_000 + 5 * 60_000,
    unexplained_ms=29 * 60_000,
    share=982,
    days=(1000, 950, None, 990, 980, None, None),
)
PAPER = Paper(
    division="Алматы облысының ТЖД",
    monday=date(2026, 11, 16),
    sunday=date(2026, 11, 22),
    at=datetime(2026, 11, 20, 13, 0, tzinfo=UTC),
    lines=(LINE,),
    total=replace(LINE, name="", depth=0),
    near_days=3,
    room=Room(812 * 1000**3, 214),
)


def read(paper):
    pdf = Pdf(print_overview(paper, profile.load()))
    return pdf, " ".join(pdf.text(None, "-layout").split())


def test_it_says_what_is_counted_of_which_week_and_on_what_it_rests():
    pdf, told = read(PAPER)
    assert pdf.pages == 1
    for part in (
        "Бейнетіркегіштерді пайдалану туралы мәлімет",
        "16.11.2026 – 22.11.2026",
        "№ 236 бұйрығы, 19-тармақ",
        "2026 жылғы 20 қараша, 18:00",
        "Алматы облысының ТЖД (бөлімшенің атауы)",
        "4 2 1 5 9 1 27:05 0:29",
        "98,2 % 100,0 95,0 –",
        "соңғы күніне 3 күн не одан аз",
        "Барлығы",
        "812 ГБ бос, 214 күнге жетеді",
    ):
        assert part in told, part


def test_a_country_of_divisions_goes_on_on_the_next_leaf_under_its_heads():
    pdf, _told = read(replace(PAPER, lines=(LINE,) * 120))
    assert pdf.pages > 2
    for leaf in range(1, pdf.pages + 1):
        assert "Бөлімше" in pdf.text(leaf, "-layout")
