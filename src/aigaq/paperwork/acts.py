"""Acts of damage, of loss and of hand-over: facts in, octets of a PDF out. In Kazakh, as the book is."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aigaq.core.canonical import Json
from aigaq.core.clock import KAZAKHSTAN
from aigaq.paperwork.act_code import ActCode, ActKind
from aigaq.paperwork.act_facts import Act, Appointed, Destruction, HandOver, Harm, Held, digest_of
from aigaq.paperwork.dates import figures, minute, official, official_moment
from aigaq.paperwork.typesetting import Typesetter, typeset
from aigaq.regulation.profile import Profile
from aigaq.tlog.checkpoint import Checkpoint, Note

_TITLES: Final = {
    ActKind.DAMAGE: ("Бүліну туралы акт", "портативті тасымалданатын бейнетіркегіш, жад картасы"),
    ActKind.LOSS: ("Жоғалту туралы акт", "портативті тасымалданатын бейнетіркегіш, жад картасы"),
    ActKind.HAND_OVER: (
        "Қабылдау-тапсыру актісі",
        "портативті тасымалданатын бейнетіркегіштер, жад карталары және журналдар",
    ),
    ActKind.DISPOSAL: (
        "Бейнежазбаларды жою туралы акт",
        "сақтау мерзімі аяқталған фото- және бейнежазбалар",
    ),
}
_PARAGRAPHS: Final = {
    ActKind.DAMAGE: "24",
    ActKind.LOSS: "24",
    ActKind.HAND_OVER: "6",
    ActKind.DISPOSAL: "13",
}
_SEALS: Final[Mapping[str, str]] = {
    "intact": "бүтін, нөмірі сол",
    "broken": "бүлінген",
    "missing": "жоқ",
    "different": "басқа мөр",
}
"""What is not here was not sealed."""
_KINDS: Final = {"recorder": "Бейнетіркегіш", "card": "Жад картасы"}
_STATES: Final[Mapping[str, str]] = {
    "in-service": "пайдалануда",
    "in-repair": "жөндеуде",
    "lost": "жоғалған",
    "retired": "есептен шығарылған",
}
_FOUND: Final = "Анықталған уақыты"
_TOLD: Final = "Хабарланған уақыты"
_NOTHING: Final = "–"
_FOOT: Final = (
    "Электрондық тізілімнің № {entry} жазбасы бойынша жасалды.",
    "Акт фактілерінің хэші (SHA-256, base64): {facts}",
    "Электрондық тізілім: {origin}, жазбалар саны {size}, түбірі {root}",
    "QR-код – осы хэш пен тізілімнің бақылау нүктесі; «aigaq ledger verify --sheet» тексереді.",
)


@dataclass(frozen=True, slots=True)
class Witness:
    """The checkpoint printed on the act, and who is head: that one signs it by hand."""

    checkpoint: str
    """The signed note of a ledger that covers every fact of the act."""
    dated: datetime
    """The document's date: that of the last entry the checkpoint covers."""
    head: str
    """Empty: the line stays free."""


def print_act(act: Act, witness: Witness, profile: Profile, *, typesetter: Typesetter = typeset) -> bytes:
    title, about = _TITLES[act.number.kind]
    body = _body(act, profile)
    signatures = _signers(act, witness)
    return typesetter(
        "act",
        {
            "title": title,
            "number": f"№ {act.number}",
            "about": f"({about})",
            "day": official(act.on),
            "division": [act.division, profile.form.division_line.kk],
            "facts": [["Негізі", _basis(act, profile)], *body["facts"]],
            "tables": body["tables"],
            "texts": body["texts"],
            "blanks": body["blanks"],
            "signatures": signatures,
            "under": ["(қолы)", "(Т.А.Ә. (ол болған кезде))", "(күні)"],
            "seal": "М.О.",
            "foot": _foot(act, witness),
            "qr": ActCode(act.number, digest_of(act), witness.checkpoint).text,
        },
        dated=witness.dated,
    )


def _body(act: Act, profile: Profile) -> dict[str, list[Json]]:
    match act:
        case Harm():
            return _harm(act, profile)
        case HandOver():
            return _hand_over(act)
        case Destruction():
            return _destruction(act)


def _destruction(act: Destruction) -> dict[str, list[Json]]:
    facts = (
        ("Жоспар", f"№ {act.plan}"),
        ("Ұсынған", f"{act.proposed_by}, {official_moment(act.proposed_at)}"),
        ("Бекіткен", f"{act.approved_by}, {official_moment(act.approved_at)}"),
        ("Орындаған", f"{act.carried_out_by}, {official_moment(act.at)}"),
        ("Жойылған жазбалар", f"{act.recordings} дана"),
        ("Әзірге жойылмаған көшірмелер", _standing(act)),
    )
    rows = [
        (
            str(place),
            each.path,
            figures(each.taken_in.astimezone(KAZAKHSTAN).date()),
            figures(each.kept_until),
            f"{each.size:,}".replace(",", "\N{NO-BREAK SPACE}"),
            each.content,
        )
        for place, each in enumerate(act.files, 1)
    ]
    heads = ("№ р/с", "Файл", "Қабылданған күні", "Сақталған соңғы күні", "Көлемі, байт", "SHA-256")
    return {
        "facts": [list(fact) for fact in facts],
        "tables": [_table("Жойылған файлдар", heads, (10, 48, 24, 24, 24, 0), rows)],
        "texts": [],
        "blanks": [],
    }


def _standing(act: Destruction) -> str:
    """Each copy by its name in the settings; until when it keeps, where it says so itself."""
    return "; ".join(_locked(name, act.standing_until.get(name)) for name in act.standing) or _NOTHING


def _locked(name: str, until: datetime | None) -> str:
    if until is None:
        return f"«{name}» (қолжетімсіз болды; қосылған кезде жойылады)"
    day = figures(until.astimezone(KAZAKHSTAN).date())
    return f"«{name}» (өз құлпы бар, соңғы күні – {day}; содан кейін жойылады)"


def _basis(act: Act, profile: Profile) -> str:
    number = _PARAGRAPHS[act.number.kind]
    paragraph = profile.paragraph(number)
    return ", ".join(
        part for part in (profile.reference.kk, paragraph.label("kk") if paragraph else "") if part
    )


def _foot(act: Act, witness: Witness) -> list[Json]:
    stated = Checkpoint.parse(Note.parse(witness.checkpoint).text)
    facts = {
        "entry": act.number.entry,
        "facts": base64.b64encode(digest_of(act).value).decode("ascii"),
        "origin": stated.origin,
        "size": stated.size,
        "root": base64.b64encode(stated.root).decode("ascii"),
    }
    return [line.format_map(facts) for line in _FOOT]


def _signers(act: Act, witness: Witness) -> list[Json]:
    """Who signs by hand, and their names where they are known."""
    if isinstance(act, Destruction):
        return [["Жауапты тұлға", act.proposed_by], ["Бөлімше басшысы", act.approved_by]]
    if isinstance(act, HandOver):
        giver = act.giver.full_name if act.giver else ""
        receiver = act.receiver.full_name if act.receiver else ""
        signers = [("Тапсырдым", giver), ("Қабылдадым", receiver)]
    else:
        signers = [("Жауапты тұлға", act.custodian), ("Мемлекеттік инспектор", act.inspector)]
        if act.handed_back_by not in {"", act.inspector}:
            signers.append(("Тапсырған адам", act.handed_back_by))
    return [[role, name] for role, name in (*signers, ("Бөлімше басшысы", witness.head))]


def _harm(act: Harm, profile: Profile) -> dict[str, list[Json]]:
    is_loss = act.number.kind is ActKind.LOSS
    control = profile.control(act.control)
    facts: list[tuple[str, str]] = [
        ("Журнал", f"№ {act.book}, {act.sheet}-парақ, {act.row}-жол"),
        ("Мемлекеттік инспектор", act.inspector),
        ("Берілген уақыты", official_moment(act.issued_at)),
        ("Бақылау түрі", control.text.kk if control else act.control),
        ("Бақылау субъектісі", act.subject),
        ("Бақылау объектісі", act.object),
        ("Актінің (рұқсаттың) нөмірі", act.act_number),
        (_FOUND if act.handed_back_by else _TOLD, official_moment(act.occurred_at)),
        ("Тапсырған адам", act.handed_back_by or "тапсырылған жоқ"),
        ("Мөр", _seal(act)),
    ]
    what = "Жоғалудың мән-жайлары" if is_loss else "Не анықталды"
    heads = ("№ р/с", "Атауы", "Түгендеу нөмірі", "Үлгісі", "Сериялық нөмірі", what)
    rows = [
        (str(place), _KINDS[each.kind], each.inventory_number, each.model, each.serial_number, each.words)
        for place, each in enumerate(act.things, 1)
    ]
    return {
        "facts": [list(fact) for fact in facts],
        "tables": [_table("", heads, (10, 27, 27, 25, 28, 0), rows)],
        "texts": [["Журналдың «Ескерту» бағанындағы жазба", list(act.remarks)]] if act.remarks else [],
        "blanks": [
            ["Мемлекеттік инспектордың түсініктемесі", 2],
            ["Бөлімше басшысының қорытындысы", 2],
        ],
    }


def _seal(act: Harm) -> str:
    set_ = f"орнатылғаны – № {act.seal_set}" if act.seal_set else "мөр салынбаған"
    found = _SEALS.get(act.seal_found)
    if found is None:
        return set_
    number = f", № {act.seal_number_found}" if act.seal_number_found else ""
    return f"{set_}; табылғаны – {found}{number}"


def _hand_over(act: HandOver) -> dict[str, list[Json]]:
    facts = (
        ("Тапсырушы", _appointed(act.giver)),
        ("Қабылдаушы", _appointed(act.receiver)),
        ("Мына уақыттағы жай-күйі", official_moment(act.at)),
    )
    numbered = ("№ р/с", "Түгендеу нөмірі")
    where = ("Жай-күйі", "Қазіргі орны")
    books = [
        (
            str(place),
            f"№ {each.registration_number}",
            figures(each.started_on),
            figures(each.ended_on) if each.ended_on else _NOTHING,
            str(each.sheets),
            str(each.rows),
        )
        for place, each in enumerate(act.books, 1)
    ]
    heads = ("№ р/с", "Тіркеу нөмірі", "Басталған күні", "Аяқталған күні", "Парақ саны", "Жазылған жол саны")
    widths = (10, 30, 30, 32, 24, 0)
    return {
        "facts": [list(fact) for fact in facts],
        "tables": [
            _table(
                _total("Портативті тасымалданатын бейнетіркегіштер", act.recorders, "дана"),
                (*numbered, "Үлгісі", "Сериялық нөмірі", *where),
                widths,
                _held(act.recorders),
            ),
            _table(
                _total("Жад карталары", act.cards, "дана"),
                (*numbered, "Көлемі", "Қай бейнетіркегіште", *where),
                widths,
                _held(act.cards),
            ),
            _table(_total("Журналдар", act.books, "кітап"), heads, widths, books),
        ],
        "texts": [],
        "blanks": [["Қабылдау кезінде анықталғаны", 2]],
    }


def _appointed(who: Appointed | None) -> str:
    if who is None:
        return _NOTHING
    role = "жауапты тұлғаның міндетін уақытша атқарушы" if who.is_deputy else "жауапты тұлға"
    order = who.order_number.removeprefix("№").strip()
    return f"{who.full_name}, {role}; № {order} бұйрық, {official(who.from_on)}"


def _total(name: str, things: Sequence[object], unit: str) -> str:
    return f"{name}: {len(things)} {unit}"


def _held(things: Iterable[Held]) -> list[tuple[str, ...]]:
    return [
        (
            str(place),
            each.inventory_number,
            *each.about,
            _STATES.get(each.state, each.state),
            _where(each),
        )
        for place, each in enumerate(things, 1)
    ]


def _where(thing: Held) -> str:
    if thing.row is not None and thing.since is not None:
        return f"мемлекеттік инспекторда: {thing.holder}, {thing.row}-жол, {minute(thing.since)}"
    return {"in-service": "жауапты тұлғада", "lost": "белгісіз"}.get(thing.state, _NOTHING)


def _table(title: str, heads: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[str]]) -> Json:
    """`widths` in millimetres; 0 takes the rest."""
    return {
        "title": title,
        "heads": list(heads),
        "widths": list(widths),
        "rows": [[cell or _NOTHING for cell in row] for row in rows],
    }
