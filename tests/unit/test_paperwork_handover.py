"""The papers of a hand-over, read back with poppler and a QR reader: letter, contents, extract, receipt."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from aigaq.package.contents import ListedFile
from aigaq.paperwork.contents_list import ContentsList, print_contents
from aigaq.paperwork.demanded import Demanded
from aigaq.paperwork.extract import Extract, print_extract
from aigaq.paperwork.handover_receipt import HandedBag, HandoverReceipt, print_receipt
from aigaq.paperwork.letter import Letter, print_letter
from aigaq.regulation import profile
from tests.support.paper import MORNING, NOTE, Pdf, dark_line_through, needs_poppler

pytestmark = needs_poppler

PROFILE = profile.load()
DIVISION = "Қонаев қаласының Төтенше жағдайлар бөлімі"
HEAD = "Ахметова Әйгерім Қуанышқызы"
PACKAGE = "1a2b3c4d-0f5a-4c6e-8f0e-5f7f0c1a2b3c"
DEMANDED = Demanded(
    kind="determination",
    authority="Алматы облысының мамандандырылған ауданаралық әкімшілік соты",
    official="Судья Н. Б. Сейітқали",
    their_number="5194-26-00-4/123",
    dated_on=date(2026, 11, 3),
    number=17,
)
LETTER = Letter(
    division=DIVISION,
    number="01-12/456",
    on=date(2026, 11, 20),
    demanded=DEMANDED,
    package=PACKAGE,
    kinds=("video", "video", "audio", "photo"),
    size=12_345_678_901,
    cuts=2,
    playable=1,
    rows=3,
    entries=118,
    volumes=2,
    files_digest="3f" * 32,
    key="aigaq/3f0b9d9e-0f5a-4c6e-8f0e-5f7f0c1a2b3c+5d1f5bd1+AZl0jUlD/8cRCCA4jZ0Jb0bTMJS4Ga7sVzYGxBqf4cYR",
    checkpoint=NOTE,
    head=HEAD,
    dated=MORNING,
)


def a_file(number=1, **changes):
    usual = {
        "number": number,
        "what": "original",
        "of": None,
        "path": f"recordings/{number:03}/20261120_09{number:07}.MP4",
        "size": 1_234_567_890,
        "sha256": "5e7788aa" * 8,
        "sha512": "00" * 64,
        "volume": 1,
        "kind": "video",
        "recording": "r",
        "file": "f",
        "card_path": "DCIM/1.MP4",
        "row": None,
        "seq": 7,
        "recorded_at": "2026-11-20T04:00:05.000000Z",
        "duration_ms": 3_723_400,
        "clock": {},
        "cut": None,
    }
    return ListedFile(**(usual | changes))


CONTENTS = ContentsList(
    division=DIVISION,
    demanded=DEMANDED,
    package=PACKAGE,
    volumes=1,
    files=[
        a_file(1),
        a_file(
            2,
            path="recordings/002/Өрт қауіпсіздігі – жоспардан тыс тексеру.MOV",
            duration_ms=None,
            recorded_at=None,
        ),
        a_file(3, what="cut", of=1, path="cuts/001-1.mp4"),
        a_file(4, what="playable", of=2, path="playable/002.mp4"),
    ],
    checkpoint=NOTE,
    dated=MORNING,
)


def a_signature(seq, act="issue", **changes):
    usual = {
        "seq": seq,
        "act": act,
        "signer": "Өтегенов Ерлан Сәкенұлы",
        "way": "passkey",
        "at": "2026-11-20T04:00:12.000000Z",
        "signed_digest": "sha256:" + "3fa291bc0d5e7788" * 4,
        "key": "keys/1.pem",
    }
    return usual | changes


def a_row(number=118, **changes):
    usual = {
        "row": str(UUID(int=number)),
        "book": "01-12/4",
        "sheet": 12,
        "number": number,
        "division": DIVISION,
        "recorder": "БТ-0007",
        "card": "ЖК-0007",
        "inspector": "Өтегенов Ерлан Сәкенұлы",
        "purpose": {
            "control": "unscheduled-inspection",
            "subject": "«Нұр-Құрылыс» ЖШС",
            "object": "Сауда үйі, Қонаев қ., Жамбыл к-сі 12",
            "act_number": "KZ-26-0456",
        },
        "seal_number": "А-1234",
        "issued": {"seq": 11, "at": "2026-11-20T04:00:12.000000Z"},
        "returned": {"seq": 15, "at": "2026-11-20T13:00:12.000000Z"},
        "unloaded": [{"seq": 19, "at": "2026-11-20T13:20:00.000000Z", "files": 12}],
        "remarks": [
            {"seq": 13, "at": "2026-11-20T08:00:00.000000Z", "author": "", "text": "Үзіліс (тамақ ішу)."},
            {
                "seq": 21,
                "at": "2026-11-21T04:00:00.000000Z",
                "author": "Жүнісов Данияр Ғалымұлы",
                "text": "Түзету, жад картасы: «ЖК-0001» сызылды, дұрысы – «ЖК-0007». Себебі: қате жазылған",
            },
        ],
        "corrections": [
            {
                "seq": 21,
                "at": "2026-11-21T04:00:00.000000Z",
                "cell": "card",
                "old": "ЖК-0001",
                "new": "ЖК-0007",
                "reason": "қате жазылған",
            }
        ],
        "pauses": [],
        "coverage": None,
        "signatures": [
            a_signature(11),
            a_signature(15, "return", at="2026-11-20T13:00:12.000000Z", way="own-password", key=None),
            a_signature(21, "correction", signer="Жүнісов Данияр Ғалымұлы"),
        ],
    }
    return usual | changes


EXTRACT = Extract(
    division=DIVISION,
    demanded=DEMANDED,
    package=PACKAGE,
    rows=[a_row(118), a_row(119, returned=None, unloaded=[], remarks=[], corrections=[], card=None)],
    checkpoint=NOTE,
    head=HEAD,
    dated=MORNING,
)
RECEIPT = HandoverReceipt(
    division=DIVISION,
    demanded=DEMANDED,
    entry=4711,
    at=MORNING,
    giver="Жүнісов Данияр Ғалымұлы",
    receiver="Сейітқали Нұрлан Болатұлы",
    position="сот хатшысы",
    entitled="Қызметтік куәлік № 000123, сенімхат 2026 жылғы 19 қараша",
    carrier="stick",
    package=PACKAGE,
    package_digest="c0ffee00" * 8,
    bags=[
        HandedBag("aigaq-1a2b3c4d-1-of-2", 24_000_000_000, "ab" * 32),
        HandedBag("aigaq-1a2b3c4d-2-of-2", 7, "cd" * 32),
    ],
    code="7K3QF-0ZV9M-XW2R8-J5T1H",
    address="https://aigaq.example.kz/receipts/",
    link="https://aigaq.example.kz/receipts/7K3QF-0ZV9M-XW2R8-J5T1H",
    checkpoint=NOTE,
    dated=MORNING,
)
PAPERS = {
    "letter": lambda **changes: print_letter(replace(LETTER, **changes), PROFILE),
    "contents": lambda **changes: print_contents(replace(CONTENTS, **changes), PROFILE),
    "extract": lambda **changes: print_extract(replace(EXTRACT, **changes), PROFILE),
    "receipt": lambda **changes: print_receipt(replace(RECEIPT, **changes), PROFILE),
}


def printed(paper, **changes):
    return Pdf(PAPERS[paper](**changes))


def says(pdf, *expected):
    text = pdf.told().replace(" ", "").replace("\u200b", "")
    for said in expected:
        assert said.replace(" ", "") in text, said


@pytest.mark.parametrize("paper", PAPERS)
def test_the_same_facts_give_the_same_octets_for_an_archive(paper):
    pdf = printed(paper)
    assert pdf.octets == PAPERS[paper]()
    assert "<pdfaid:part>2</pdfaid:part>" in pdf.metadata()
    assert all(is_embedded == "yes" for _name, is_embedded in pdf.fonts())
    assert pdf.info()["CreationDate"].startswith("2026-11-20T04:00:12")


def test_the_letter_says_on_what_basis_and_what_is_enclosed_in_both_languages():
    pdf = printed("letter")
    assert pdf.pages == 1
    says(
        pdf,
        "Дәлелдемелік базасы бар жазбаларды жіберу туралы",
        "О направлении записей с доказательственной базой",
    )
    says(pdf, "01-12/456", "2026 жылғы 20 қараша", "20 ноября 2026 года", HEAD, "15-тармақ")
    left, right = (
        " ".join(pdf.text(1, "-x", x, "-y", "0", "-W", "297", "-H", "842").split()) for x in ("0", "297")
    )
    assert "2026 жылғы 3 қарашадағы № 5194-26-00-4/123 ұйғарым негізінде" in left
    assert "На основании определения от 3 ноября 2026 года" in right
    says(pdf, "бейне – 2, аудио – 1, фото – 1", "12 345 678 901 байт", "3f" * 32, LETTER.key, PACKAGE)


def test_a_letter_without_number_and_names_leaves_its_lines_free():
    pdf = printed("letter", number="", head="", demanded=replace(DEMANDED, official="", their_number=""))
    assert "№ 5194" not in pdf.told()
    assert pdf.pages == 1


def test_the_list_has_every_file_with_its_digest():
    pdf = printed("contents")
    says(pdf, "Өрт қауіпсіздігі – жоспардан тыс тексеру.MOV", "№ 1 үзіндісі", "копия № 2", "1:02:03,4")
    says(pdf, "5e7788aa" * 4, "1 234 567 890", "20.11.2026 09:00:05", "Барлығы 4 файл", "Всего файлов – 4")


def test_hundreds_of_files_run_over_as_many_leaves_as_it_takes():
    pdf = printed(
        "contents", files=[a_file(number, volume=1 + number // 150) for number in range(1, 301)], volumes=3
    )
    assert pdf.pages > 12
    assert "/300/" in pdf.told(pdf.pages)
    says(pdf, "Том", "Всего файлов – 300")


def test_the_extract_has_the_annex_columns_marks_and_struck_corrections():
    pdf = printed("extract")
    says(
        pdf,
        "Журналдан үзінді",
        "Выписка из журнала",
        "Тіркеу нөмірі 01-12/4, 12-парақ",
        "Үзінді дұрыс",
        "Выписка верна",
    )
    heads = [column.head for column in PROFILE.form.columns]
    says(pdf, *(head.kk.split()[0] for head in heads), *(head.ru.split()[0] for head in heads))
    says(
        pdf,
        "09:00:12 қол қою кілтімен",
        "18:00:12 жеке құпиясөзбен",
        "3fa291bc0d5e",
        "12 файл",
        "Нұр-Құрылыс",
        "KZ-26-0456",
    )
    (struck,) = [word for word in pdf.words() if word.text == "ЖК-0001"]
    assert dark_line_through(pdf, struck)


def test_rows_of_several_sheets_stand_apart_and_none_is_lost():
    rows = [
        a_row(number, sheet=number // 10, book="01-12/4" if number < 30 else "01-12/5")
        for number in range(20, 50)
    ]
    pdf = printed("extract", rows=rows)
    says(pdf, "01-12/4, 2-парақ", "01-12/5, лист 4")
    assert pdf.pages > 5


def test_a_row_stays_on_one_leaf_with_what_it_was_for_unless_it_is_longer_than_that():
    pdf = printed("extract", rows=[a_row(number) for number in range(20, 40)])
    for page in range(1, pdf.pages + 1):
        text = pdf.told(page)
        assert text.count("Бақылау түрі") == text.count("Вид контроля") == text.count("БТ-0007")
    remark = a_row()["remarks"][0] | {"text": "Ескертпе сөзі. " * 600}
    assert "ЖК-0007" in printed("extract", rows=[a_row(remarks=[remark])]).told()


def test_the_receipt_has_its_code_to_read_and_to_scan():
    pdf = printed("receipt")
    assert pdf.pages == 1
    says(pdf, "қолхат", "Расписка", "№ 4711", "7K3QF-0ZV9M-XW2R8-J5T1H", "USB-накопитель", "c0ffee00" * 4)
    says(pdf, "aigaq-1a2b3c4d-2-of-2", "24 000 000 000", "cd" * 16, "Тапсырдым", "Принял(а)", "сенімхат")
    assert pdf.codes(1) == [RECEIPT.link]


@pytest.mark.parametrize("paper", PAPERS)
def test_long_words_stay_on_the_leaf(paper):
    long = "Ұ" * 200
    pdf = printed(paper, division=long, demanded=replace(DEMANDED, authority=long, their_number="9" * 60))
    assert pdf.pages < 4
    width = 842 if paper in {"contents", "extract"} else 596
    assert max(word.box[2] for word in pdf.words()) < width - 20
