"""The wording and numbers of order No. 236, frozen: what is printed and refused rests on them."""

import hashlib
import re
from importlib import resources

import pytest

from aigaq.regulation import profile
from aigaq.regulation.profile import MalformedProfileError, UnknownProfileError, load, parse

ORDER = load("order-236")
TOML = resources.files("aigaq.regulation").joinpath("order_236.toml").read_text(encoding="utf-8")


def official(clauses) -> list[str]:
    return [clause.text.kk for clause in clauses]


def words(text: str) -> str:
    return " ".join(text.split()).casefold()


def in_paragraph(number: str, wording: str) -> bool:
    paragraph = ORDER.paragraph(number)
    assert paragraph is not None
    return words(wording) in words(paragraph.text.kk)


def test_recordings_of_all_four_kinds_of_control_are_kept_three_years():
    assert [(control.key, control.retention_years, control.paragraph) for control in ORDER.controls] == [
        ("permit-compliance", 3, "13"),
        ("preventive-visit", 3, "13"),
        ("unscheduled-inspection", 3, "13"),
        ("administrative-offence", 3, "13"),
    ]
    assert ORDER.retention_years == 3


def test_kinds_of_control_are_worded_as_in_paragraph_13():
    assert official(ORDER.controls) == [
        "Берілген рұқсаттар бойынша рұқсат беру талаптарына сәйкестігін тексеру",
        "Бақылау және қадағалау субъектісіне (объектісіне) бара отырып профилактикалық бақылау",
        "Жоспардан тыс тексерулер",
        "Әкімшілік құқық бұзушылықтар",
    ]
    assert all(in_paragraph("13", wording) for wording in official(ORDER.controls))


def test_the_five_checks_are_those_of_paragraph_17():
    assert official(ORDER.checks) == [
        "Жұмысқа қабілеттілігі",
        "Бейнетіркегіштің аккумуляторы зарядының деңгейі",
        "Күні мен уақытының дұрыс орнатылуы",
        "Бейнетіркегіште фото– және бейнетүсірілім сапасының оңтайлы параметрлері",
        "Түгендеу нөмірінің болуы",
    ]
    # The order has them in the accusative.
    assert all(in_paragraph("17", wording + "н") for wording in official(ORDER.checks))


def test_the_badge_and_the_way_of_wearing_are_worded_as_ordered():
    assert ORDER.badge.text.kk == "Назар аударыңыз! Фото- және бейнежазба жүргізілуде"
    assert ORDER.badge.text.ru == "Внимание! Ведётся фото- и видеозапись"
    assert in_paragraph("18", f'"{ORDER.badge.text.kk}"')
    assert in_paragraph("16", ORDER.wearing.text.kk)


def test_bases_for_handing_over_are_those_of_paragraph_15():
    assert [basis.key for basis in ORDER.bases] == ["request", "determination", "resolution"]
    assert in_paragraph("15", "сұрау салу, ұйғарым немесе қаулы")


def test_the_journal_has_the_form_of_the_annex():
    form = ORDER.form
    assert form.title.kk == (
        "Портативті тасымалданатын бейнетіркегіш пен жад карталарын беруді, тапсыруды және "
        "фото және бейнежазбаларды түсіруді есепке алу журналы"
    )
    assert form.division_line.kk == "(бөлімшенің атауы)"
    assert form.started.kk == '"___" _______ 20 __ жылы басталды'
    assert form.ended.kk == '"___" _______ 20 __ жылы аяқталды'
    assert [(column.number, column.head.kk) for column in form.columns] == [
        (1, "№ р/с"),
        (
            2,
            (
                "Портативті тасымалданатын бейнетіркегішті түгендеу нөмірі "
                "(портативті тасымалданатын бейнетіркегіш жад карталары)"
            ),
        ),
        (3, "Портативті тасымалданатын бейнетіркегішті пайдаланушының Т.А.Ә. (ол болған кезде)"),
        (4, "Күні мен уақыты, алғаны туралы қолы"),
        (5, "Күні мен уақыты, тапсыру туралы қолы"),
        (6, "Ақпаратты түсіру күні мен уақыты"),
        (7, "Ескерту"),
    ]


def test_the_last_page_says_how_many_sheets_there_are():
    assert ORDER.form.inscription(48) == "Осы журналда 48 парақ нөмірленген, тігілген және мөрмен бекітілген"
    assert ORDER.form.inscription(48, "en") == "In this journal 48 sheets are numbered, laced and sealed"
    assert in_paragraph("10", f'"{ORDER.form.last_page.kk}"')


def test_every_paragraph_is_there_in_the_published_words():
    assert [paragraph.number for paragraph in ORDER.paragraphs] == [str(number) for number in range(1, 25)]
    published = "\n\n".join(f"{paragraph.number}. {paragraph.text.kk}" for paragraph in ORDER.paragraphs)
    assert hashlib.sha256(published.encode()).hexdigest() == FROZEN, "the official wording has changed"


FROZEN = "68ee6f2e2bca00ae620b499f8560b2353c688f20c5549bba5b7ebf25a510f690"


def test_a_refusal_can_show_its_paragraph():
    paragraph = ORDER.paragraph("9")
    assert paragraph is not None
    assert [paragraph.label(code) for code in ("kk", "ru", "en")] == ["9-тармақ", "пункт 9", "paragraph 9"]
    assert paragraph.text.kk == (
        "Жауапты тұлға жад карталарын портативті тасымалданатын бейнетіркегішке орнатқаннан кейін "
        "көрсетілген ағытпаны мөрмен бекітеді."
    )
    assert paragraph.text.in_("en") == "After putting the memory card in, the custodian seals the slot."
    assert ORDER.paragraph("25") is None


@pytest.mark.parametrize(
    ("code", "language"),
    [("kk", "kk"), ("ru", "ru"), ("ru-KZ", "ru"), ("EN", "en"), ("de", "kk"), ("", "kk")],
)
def test_what_has_no_rendering_is_shown_in_the_official_language(code, language):
    assert profile.language_of(code) == language


def test_an_unknown_profile_is_refused_by_name():
    with pytest.raises(UnknownProfileError, match="order-971"):
        load("order-971")


def test_a_profile_says_who_it_is():
    with pytest.raises(MalformedProfileError, match="calls itself “order-236”"):
        parse("order-971", TOML)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("retention_years = 3", "retention_years = 0", "not a whole number from 1"),
        ("retention_years = 3", 'retention_years = "3"', "not a whole number from 1"),
        ("retention_years = 3", "retention_years = true", "not a whole number from 1"),
        ("retention_years = 3\n", "", r"controls\[0\].retention_years” is missing"),
        ('key = "preventive-visit"', 'key = "permit-compliance"', "a key twice"),
        ('key = "preventive-visit"', 'key = " preventive-visit"', "blanks around it"),
        ('key = "preventive-visit"', 'key = ""', "is empty"),
        ('key = "preventive-visit"', 'key = "preventive-visit"\nyears = 3', "years” is not known"),
        ('paragraph = "18"', 'paragraph = "99"', "paragraph 99, which is not there"),
        ("number = 7", "number = 8", "not numbered from 1 to 7"),
        ('number = "24"', 'number = "25"', "not numbered from 1 on"),
        ("Осы журналда ___ парақ", "Осы журналда парақ", "no room for the number of sheets"),
        ("[badge]", "[bage]", "“badge” is missing"),
        ("[wearing]", "[[wearing]]", "“wearing” is not a table"),
        ("[[bases]]", "[bases]", "can't be used"),
        ('key = "order-236"', "key = order-236", "can't be used"),
    ],
)
def test_a_profile_that_lacks_or_adds_something_is_refused_whole(old, new, reason):
    assert old in TOML
    with pytest.raises(MalformedProfileError, match=reason):
        parse("order-236", TOML.replace(old, new, 1))


def test_four_checks_are_not_five():
    cut = re.sub(r'\[\[checks\]\]\nkey = "quality"\n(.+\n){4}', "", TOML)
    with pytest.raises(MalformedProfileError, match="4 checks, not 5"):
        parse("order-236", cut)


def test_an_empty_list_is_refused():
    cut = re.sub(r"(?m)^\[\[bases\]\]\n(.+\n)+", "", TOML)
    with pytest.raises(MalformedProfileError, match="“bases” is missing"):
        parse("order-236", cut)
    with pytest.raises(MalformedProfileError, match="“bases” is not a list of tables, or is empty"):
        parse("order-236", f"bases = []\n{cut}")
