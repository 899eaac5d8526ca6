"""Acts of damage, loss and hand-over on paper, read back with poppler and a scanner."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from aigaq.paperwork import typesetting
from aigaq.paperwork.act_code import ActCode, ActKind, ActNumber, ActNumberError, ActTextError
from aigaq.paperwork.act_facts import Appointed, HandOver, Harm, Harmed, Held, HeldBook, digest_of
from aigaq.paperwork.acts import Witness, print_act
from aigaq.regulation import profile
from tests.support.paper import MORNING, NOTE, Pdf, needs_poppler

pytestmark = needs_poppler

ORDER = profile.load()
HEAD = "Ахметова Әйгерім Қуанышқызы"
WITNESS = Witness(NOTE, MORNING, HEAD)
EVENING = MORNING + timedelta(hours=9)
RECORDER = Harmed("recorder", "БТ-0001", "DVR-7", "SN7-1", "Экраны сынған")
CARD = Harmed("card", "ЖК-0001", "", "", "Түйіспелері қисайған")


def harm(kind=ActKind.DAMAGE, **changes):
    usual = {
        "number": ActNumber(kind, 57),
        "division": "Қонаев қаласының бөлімшесі",
        "book": "01-12/4",
        "sheet": 3,
        "row": 23,
        "inspector": "Өтегенов Ерлан Сәкенұлы",
        "custodian": "Жүнісов Данияр Ғалымұлы",
        "handed_back_by": "Өтегенов Ерлан Сәкенұлы",
        "control": "preventive-visit",
        "subject": "«Нұр-Құрылыс» ЖШС",
        "object": "Сауда үйі, Қонаев қ., Жамбыл к-сі 12",
        "act_number": "№ 118",
        "issued_at": MORNING,
        "occurred_at": EVENING,
        "seal_set": "Қ-0412",
        "seal_found": "broken",
        "seal_number_found": "Қ-0412",
        "things": (RECORDER, CARD),
        "remarks": ("№ БТ-0001 бейнетіркегіш бүлінген: Экраны сынған.",),
    }
    return Harm(**(usual | changes))


def held(number, **changes):
    usual = {"about": ("DVR-7", f"SN7-{number}"), "state": "in-service"}
    return Held(kind="recorder", inventory_number=f"БТ-{number:04}", **(usual | changes))


def hand_over(**changes):
    usual = {
        "number": ActNumber(ActKind.HAND_OVER, 41),
        "division": "Қонаев қаласының бөлімшесі",
        "giver": Appointed("Жүнісов Данияр Ғалымұлы", "12-102", date(2026, 1, 12), is_deputy=False),
        "receiver": Appointed("Ықыласова Мадина Һашимқызы", "№ 18-Ө", date(2026, 11, 20), is_deputy=True),
        "at": EVENING,
        "recorders": (
            held(1, holder="Өтегенов Ерлан Сәкенұлы", row=23, since=MORNING),
            held(2),
            held(3, state="in-repair"),
            held(4, state="lost"),
        ),
        "cards": (replace(held(1), kind="card", inventory_number="ЖК-0001", about=("32 ГБ", "БТ-0001")),),
        "books": (
            HeldBook("01-12/4", date(2026, 11, 20), None, 48, 23),
            HeldBook("01-12/3", date(2025, 1, 5), date(2026, 11, 19), 48, 480),
        ),
    }
    return HandOver(**(usual | changes))


def printed(act, witness=WITNESS):
    return Pdf(print_act(act, witness, ORDER))


def read(pdf, page=None):
    """Line by line across the leaf, as a person reads the tables."""
    return " ".join(pdf.text(page, "-layout").split())


def test_an_act_of_damage_says_who_had_it_what_was_found_and_who_signs():
    pdf = printed(harm())
    told = read(pdf)
    assert pdf.pages == 1
    for part in (
        "Бүліну туралы акт № Б-57",
        "2026 жылғы 20 қараша",
        "Қонаев қаласының бөлімшесі (бөлімшенің атауы)",
        "2024 жылғы 20 маусымдағы № 236 бұйрығы, 24-тармақ",
        "№ 01-12/4, 3-парақ, 23-жол",
        "Берілген уақыты 2026 жылғы 20 қараша, 09:00",
        "Анықталған уақыты 2026 жылғы 20 қараша, 18:00",
        "«Нұр-Құрылыс» ЖШС",
        "орнатылғаны – № Қ-0412; табылғаны – бүлінген, № Қ-0412",
        "БТ-0001 DVR-7 SN7-1 Экраны сынған",
        "Жад картасы ЖК-0001 – – Түйіспелері қисайған",
        "№ БТ-0001 бейнетіркегіш бүлінген: Экраны сынған.",
        "М.О.",
    ):
        assert part in told, part
    for line in (
        "Жауапты тұлға Жүнісов Данияр Ғалымұлы",
        "Мемлекеттік инспектор Өтегенов Ерлан Сәкенұлы",
        f"Бөлімше басшысы {HEAD}",
    ):
        assert line in told, line
    assert told.count("(қолы)") == 3
    assert told.count("Не анықталды") == 1


def test_another_who_handed_it_back_signs_too():
    told = read(printed(harm(handed_back_by="Ықыласова Мадина Һашимқызы")))
    assert told.count("(қолы)") == 4
    assert told.count("Тапсырған адам Ықыласова Мадина Һашимқызы") == 2


def test_an_act_of_loss_is_told_before_anything_was_handed_back():
    told = read(printed(harm(ActKind.LOSS, handed_back_by="", seal_found="", seal_number_found="")))
    assert "Жоғалту туралы акт № Ж-57" in told
    assert told.count("Жоғалудың мән-жайлары") == 1
    assert "Хабарланған уақыты 2026 жылғы 20 қараша, 18:00" in told
    assert "Тапсырған адам тапсырылған жоқ" in told
    assert "орнатылғаны – № Қ-0412 " in told


def test_a_slot_that_was_never_sealed_is_said_to_be_so():
    assert "Мөр мөр салынбаған" in read(printed(harm(seal_set="", seal_found="not-sealed")))


def test_a_hand_over_lists_what_passes_with_where_it_is_now():
    told = read(printed(hand_over()))
    for part in (
        "Қабылдау-тапсыру актісі № Қ-41",
        "№ 236 бұйрығы, 6-тармақ",
        "Жүнісов Данияр Ғалымұлы, жауапты тұлға; № 12-102 бұйрық, 2026 жылғы 12 қаңтар",
        "жауапты тұлғаның міндетін уақытша атқарушы; № 18-Ө бұйрық, 2026 жылғы 20 қараша",
        "Портативті тасымалданатын бейнетіркегіштер: 4 дана",
        "БТ-0002 DVR-7 SN7-2 пайдалануда жауапты тұлғада",
        "БТ-0003 DVR-7 SN7-3 жөндеуде –",
        "БТ-0004 DVR-7 SN7-4 жоғалған белгісіз",
        "Жад карталары: 1 дана",
        "ЖК-0001 32 ГБ БТ-0001",
        "Журналдар: 2 кітап",
        "№ 01-12/4 20.11.2026 – 48 23",
        "№ 01-12/3 05.01.2025 19.11.2026 48 480",
        "Тапсырдым Жүнісов Данияр Ғалымұлы",
        "Қабылдадым Ықыласова Мадина Һашимқызы",
        f"Бөлімше басшысы {HEAD}",
    ):
        assert part in told, part
    text = re.sub(r"\s+", " ", told)
    assert "мемлекеттік инспекторда:" in text
    assert "23-жол, 20.11.2026 09:00" in text


def test_the_first_custodian_receives_from_nobody_and_a_line_stays_free():
    told = read(printed(hand_over(giver=None, recorders=(), cards=(), books=())))
    assert "Тапсырушы –" in told
    assert "бейнетіркегіштер: 0 дана" in told
    assert told.count("(қолы)") == 3


def test_a_long_hand_over_repeats_its_heads_and_its_code_and_signs_on_the_last_leaf_only():
    pdf = printed(hand_over(recorders=tuple(held(number) for number in range(1, 121))))
    assert pdf.pages > 2
    codes = {pdf.codes(page)[0] for page in range(1, pdf.pages + 1)}
    assert len(codes) == 1
    for page in range(2, pdf.pages + 1):
        assert f"{page}/{pdf.pages}" in read(pdf, page)
        assert "Қабылдау-тапсыру актісі № Қ-41" in read(pdf, page)
    assert "Сериялық нөмірі" in read(pdf, 2)
    assert [("Тапсырдым" in read(pdf, page)) for page in range(1, pdf.pages + 1)][-1]
    assert read(pdf).count("Тапсырдым") == 1


def test_the_code_has_the_number_the_digest_of_the_facts_and_the_checkpoint():
    act = harm()
    (text,) = printed(act).codes(1)
    assert ActCode.parse(text) == ActCode(act.number, digest_of(act), NOTE)
    assert ActCode.parse(text.replace("\n", "\r\n") + "\r\n ").text == text


def test_every_fact_is_in_the_digest():
    for act in (harm(), hand_over()):
        for name in act.__slots__:
            other = {
                int: lambda value: value + 1,
                str: lambda value: f"{value}x",
                tuple: lambda value: value[1:],
                ActNumber: lambda value: replace(value, entry=58),
                Appointed: lambda value: replace(value, order_number="9"),
                type(MORNING): lambda value: value + timedelta(microseconds=1),
            }[type(getattr(act, name))](getattr(act, name))
            assert digest_of(replace(act, **{name: other})) != digest_of(act), name


def test_who_is_head_today_is_no_fact_of_the_act():
    act = harm()
    assert printed(act, replace(WITNESS, head="Басқа")).codes(1) == printed(act).codes(1)


@pytest.mark.parametrize(
    "act", [harm(), harm(ActKind.LOSS), hand_over()], ids=["damage", "loss", "hand-over"]
)
def test_it_is_an_archive_pdf_with_its_fonts_and_the_same_octets_each_time(act):
    first = print_act(act, WITNESS, ORDER)
    assert first == print_act(act, WITNESS, ORDER)
    pdf = Pdf(first)
    metadata = pdf.metadata()
    assert "<pdfaid:part>2" in metadata.replace(" ", "")
    assert pdf.info()["Tagged"] == "yes"
    assert all(embedded == "yes" for _name, embedded in pdf.fonts())


def test_every_letter_of_kazakh_and_russian_prints_in_every_place_that_is_typed():
    letters = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
    pieces = [text[start : start + 7] for text in (letters, letters.upper()) for start in range(0, 42, 7)]
    both = " ".join(pieces)
    typed = {"subject": both, "object": both, "remarks": (both,), "things": (replace(RECORDER, words=both),)}
    told = printed(harm(**typed)).text()
    for piece in pieces:
        assert told.count(piece) == len(typed), piece
    assert set("".join(pieces)) <= typesetting._CERTAIN


def test_what_has_no_blank_stays_in_its_column():
    long = replace(
        RECORDER, inventory_number="8" * 32, model="М" * 60, serial_number="S" * 64, words="ы" * 300
    )
    pdf = printed(harm(things=(long,), subject="с" * 300, remarks=("е" * 500,)))
    rights = [word.box[2] for word in pdf.words()]
    assert max(rights) <= (210 - 12) * 72 / 25.4 + 0.5
    text = pdf.text().replace("\u200b", "")
    for letter, count in (("S", 64), ("М", 60), ("ы", 300)):
        assert text.count(letter) >= count, letter


def test_what_was_typed_is_never_read_as_markup():
    typed = "#panic() *a* _b_ $x$ <c> @d `e` = f \\n // g"
    told = read(printed(harm(subject=typed, remarks=(typed,), division=typed)))
    assert told.count(typed) == 3


@pytest.mark.parametrize("text", ["Б-57", "Ж-0", "Қ-41", "Қ-41/2", "Б-1234567890123"])
def test_a_number_is_read_as_it_is_written(text):
    assert str(ActNumber.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "Б", "B-57", "Б-", "Б-057", "Б-57/2", "Ж-57/2", "Қ-41/3", "Б-5x", "Б-" + "9" * 19]
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ActNumberError):
        ActNumber.parse(text)


GOOD = ActCode(ActNumber(ActKind.DAMAGE, 57), digest_of(harm()), NOTE).text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AIGAQ-SHEET 1",
        GOOD.replace("AIGAQ-ACT 1", "AIGAQ-ACT 2"),
        GOOD.replace("Б-57", "X-57"),
        GOOD.replace("facts ", "rows "),
        GOOD.replace("act Б-57\n", ""),
        GOOD.replace("act Б-57\n", "act Б-57\nmore x\n"),
        GOOD.partition("\n\n")[0],
        re.sub(r"facts \S+", "facts AAAA", GOOD),
    ],
)
def test_what_is_no_code_of_an_act_is_refused(text):
    with pytest.raises(ActTextError):
        ActCode.parse(text)
