"""The covering letter of an evidence package: facts in, octets of a PDF out. In Kazakh and in Russian."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from aigaq.core.canonical import Json
from aigaq.paperwork.dates import official, official_ru
from aigaq.paperwork.demanded import Both, Demanded, ledger_lines, octets, order_of, pair
from aigaq.paperwork.typesetting import Typesetter, typeset
from aigaq.regulation.profile import Profile

_TITLE: Final = (
    "Дәлелдемелік базасы бар жазбаларды жіберу туралы",
    "О направлении записей с доказательственной базой",
)
_BODY: Final = (
    (
        "{opening} дәлелдемелік базасы бар жазбалар журналдан үзіндімен және оларды тексеру үшін"
        " қажетті деректермен"
        " бірге электрондық тасығышта жіберіледі. Түпнұсқалар бейнетіркегіштің жад картасынан қалай"
        " түсірілсе,"
        " сол күйінде, өзгеріссіз беріледі."
    ),
    (
        "{opening} направляются на электронном носителе записи с доказательственной базой вместе с"
        " выпиской из"
        " журнала и данными, необходимыми для их проверки. Подлинники передаются без изменений, в том виде,"
        " в каком"
        " они были выгружены с карты памяти видеорегистратора."
    ),
)
_KINDS: Final[Mapping[str, Both]] = {
    "video": ("бейне", "видео"),
    "audio": ("аудио", "аудио"),
    "photo": ("фото", "фото"),
    "other": ("басқа", "прочие"),
}
_ORIGINALS: Final = ("Жазбалардың түпнұсқалары", "Подлинники записей")
_CUTS: Final = (
    "Сапасы жоғалмай кесілген үзінділер (туынды)",
    "Фрагменты, вырезанные без потери качества (производные)",
)
_PLAYABLE: Final = (
    "Браузерде ойнатуға арналған көшірмелер (туынды)",
    "Копии для просмотра в браузере (производные)",
)
_EXTRACT: Final = ("Журналдан үзінді, жол саны", "Выписка из журнала, строк")
_CUSTODY: Final = ("Әр түпнұсқаның сақталу тарихы", "История хранения каждого подлинника")
_ENTRIES: Final = (
    "Электрондық тізілімнің дәлелдемелері бар жазбалары",
    "Записи электронного реестра событий с доказательствами",
)
_VOLUMES: Final = ("Томдар (тасығыштар)", "Тома (носители)")
_HEADS: Final = (("№", "№"), ("Қоса берілетіні", "Прилагается"), ("Саны", "Количество"))
_CHECK: Final = ("Қалай тексеріледі", "Как проверить")
_STEPS: Final = (
    (
        (
            "index.html файлын браузерде ашыңыз: интернет те, орнату да керек емес, барлық тексеру жасыл"
            " болуға тиіс."
        ),
        (
            "Откройте файл index.html в браузере: ни интернет, ни установка не нужны, все проверки должны"
            " быть зелёными."
        ),
    ),
    (
        (
            "Немесе топтаманың қалтасында: sha256sum -c manifest-sha256.txt және python3 verify.py ."
            " – қадамдары"
            " README.txt файлында."
        ),
        (
            "Или в папке пакета: sha256sum -c manifest-sha256.txt и python3 verify.py . – по шагам в файле"
            " README.txt."
        ),
    ),
    (
        ("Тізілімнің кілтін және хэшті осы қағаздағылармен салыстырыңыз: қағаз бен тасығыш бөлек сақталады."),
        "Сверьте ключ реестра и хэш с указанными на этой бумаге: бумага и носитель хранятся отдельно.",
    ),
)
_PACKAGE: Final = ("Топтаманың нөмірі", "Номер пакета")
_LIST: Final = (
    "Файлдар тізімінің хэші (SHA-256)",
    "Хэш списка файлов (SHA-256)",
)
_LIST_BY: Final = "jq -cjS .files data/package.json | sha256sum"
_KEY: Final = ("Тізілімнің кілті", "Ключ реестра")
_HEAD: Final = ("Бөлімше басшысы", "Руководитель подразделения")
_TO: Final = ("Кімге", "Кому")
_NUMBER: Final = ("Шығыс №", "Исх. №")
_OURS: Final = ("Біздің тіркеудегі нөмірі", "Номер по нашему учёту")
_BASIS: Final = ("Негізі", "Основание")
_UNDER: Final = (("қолы", "подпись"), ("Т.А.Ә. (ол болған кезде)", "Ф.И.О. (при его наличии)"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`kinds` are the originals', one for each."""

    division: str
    number: str
    """Under which it leaves the office; empty: the line stays free."""
    on: date
    demanded: Demanded
    package: str
    kinds: tuple[str, ...]
    size: int
    """Octets of the originals."""
    cuts: int
    playable: int
    rows: int
    entries: int
    volumes: int
    files_digest: str
    """64 digits: SHA-256 of the canonical list ``files`` of package.json."""
    key: str
    """The ledger's verifier key."""
    checkpoint: str
    """The signed note that the package proves everything under."""
    head: str
    dated: datetime
    """The document's date: that of the approval."""


def print_letter(letter: Letter, profile: Profile, *, typesetter: Typesetter = typeset) -> bytes:
    openings = letter.demanded.opening()
    body = [text.format(opening=opening) for text, opening in zip(_BODY, openings, strict=True)]
    return typesetter(
        "letter",
        {
            "title": pair(_TITLE),
            "division": [letter.division, profile.form.division_line.kk, profile.form.division_line.ru],
            "number": [pair(_NUMBER), letter.number],
            "day": [official(letter.on), official_ru(letter.on)],
            "to": [pair(_TO), letter.demanded.authority, letter.demanded.official],
            "facts": [
                [pair(_BASIS), pair(order_of(profile))],
                [pair(_OURS), [f"№ {letter.demanded.number}", ""]],
            ],
            "body": list(body),
            "heads": [pair(head) for head in _HEADS],
            "enclosed": _enclosed(letter),
            "check": pair(_CHECK),
            "steps": [pair(step) for step in _STEPS],
            "marks": [
                [pair(_PACKAGE), letter.package, ""],
                [pair(_LIST), letter.files_digest, _LIST_BY],
                [pair(_KEY), letter.key, ""],
            ],
            "signature": [pair(_HEAD), letter.head],
            "under": [pair(under) for under in _UNDER],
            "seal": "М.О.",
            "foot": ledger_lines(letter.checkpoint),
        },
        dated=letter.dated,
    )


def _enclosed(letter: Letter) -> list[Json]:
    counts = Counter(letter.kinds)
    told = [
        ", ".join(f"{names[side]} – {counts[kind]}" for kind, names in _KINDS.items() if counts[kind])
        for side in (0, 1)
    ]
    of_each = [f"{name} ({detail})" for name, detail in zip(_ORIGINALS, told, strict=True)]
    units = f"{len(letter.kinds)} файл, {octets(letter.size)} байт"
    counted = (
        (_CUTS, letter.cuts),
        (_PLAYABLE, letter.playable),
        (_EXTRACT, letter.rows),
        (_CUSTODY, len(letter.kinds)),
        (_ENTRIES, letter.entries),
        (_VOLUMES, letter.volumes),
    )
    rows = [(of_each, units), *((list(names), str(count)) for names, count in counted if count)]
    return [[str(place), list(names), amount] for place, (names, amount) in enumerate(rows, 1)]
