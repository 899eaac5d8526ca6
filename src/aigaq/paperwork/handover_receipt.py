"""The receipt of a hand-over: who received what on what basis, how to check it. In Kazakh and in Russian."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aigaq.core.canonical import Json
from aigaq.core.clock import KAZAKHSTAN
from aigaq.paperwork.dates import official, official_moment, official_moment_ru, official_ru
from aigaq.paperwork.demanded import Both, Demanded, ledger_lines, octets, order_of, pair
from aigaq.paperwork.typesetting import Typesetter, typeset
from aigaq.regulation.profile import Profile

_TITLE: Final = ("Дәлелдемелер топтамасын беру туралы қолхат", "Расписка о передаче пакета доказательств")
_NUMBER: Final = "№ {entry}"
_ORDER: Final = ("Құқықтық негізі", "Правовое основание")
_BASIS: Final = ("Беру негізі", "Основание передачи")
_AT: Final = ("Берілген уақыты", "Время передачи")
_AUTHORITY: Final = ("Сұратқан орган", "Запросивший орган")
_RECEIVER: Final = ("Қабылдаушы", "Получатель")
_ENTITLED: Final = ("Қабылдаушының өкілеттігі", "Полномочия получателя")
_CARRIER: Final = ("Тасығыш", "Носитель")
_PACKAGE: Final = ("Топтаманың нөмірі", "Номер пакета")
_DIGEST: Final = ("package.json хэші (SHA-256)", "Хэш package.json (SHA-256)")
_CARRIERS: Final[Mapping[str, Both]] = {
    "stick": ("USB-тасығыш", "USB-накопитель"),
    "disc": ("оптикалық диск", "оптический диск"),
    "sent": ("электрондық байланыс арқылы жіберілді", "передан по электронной связи"),
}
"""One that is not here is printed as its key."""
_BAGS: Final = ("Не берілді", "Что передано")
_BAG_HEADS: Final[tuple[Both, ...]] = (
    ("№", "№"),
    ("Қалта", "Папка"),
    ("Көлемі, байт", "Размер, байт"),
    ("tagmanifest-sha256.txt хэші (SHA-256)", "Хэш tagmanifest-sha256.txt (SHA-256)"),
)
_CODE: Final = ("Қолхаттың коды", "Код расписки")
_HOW: Final = (
    (
        "Кодты {address} бетінде енгізіңіз немесе QR-кодты сканерлеңіз: бет топтаманың хэшін,"
        " тізілімнің жазбасын"
        " және қол қойылған бақылау нүктесін көрсетеді. Хэшті тасығыштағы файлмен салыстырыңыз:"
        " sha256sum data/package.json"
    ),
    (
        "Введите код на странице {address} или отсканируйте QR-код: страница покажет хэш"
        " пакета, запись реестра"
        " и подписанную контрольную точку. Сверьте хэш с файлом на носителе: sha256sum"
        " data/package.json"
    ),
)
_GAVE: Final = ("Тапсырдым", "Передал(а)")
_TOOK: Final = ("Қабылдадым", "Принял(а)")
_UNDER: Final = (
    ("қолы", "подпись"),
    ("Т.А.Ә. (ол болған кезде)", "Ф.И.О. (при его наличии)"),
    ("күні", "дата"),
)
_ENTRY: Final = (
    "Электрондық тізілімнің № {entry} жазбасы бойынша жасалды.",
    "Составлена по записи № {entry} электронного реестра событий.",
)


@dataclass(frozen=True, slots=True)
class HandedBag:
    """A volume of the package."""

    name: str
    size: int
    """Octets."""
    digest: str
    """64 digits: SHA-256 of its ``tagmanifest-sha256.txt``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverReceipt:
    division: str
    demanded: Demanded
    entry: int
    """Of the ledger: `disclosure.handed-over`. It is the receipt's number."""
    at: datetime
    giver: str
    receiver: str
    """Full name."""
    position: str
    """May be empty."""
    entitled: str
    """By what the receiver may take it: a warrant, an identity card."""
    carrier: str
    """``stick``, ``disc`` or ``sent``."""
    package: str
    package_digest: str
    """64 digits."""
    bags: Sequence[HandedBag]
    code: str
    """20 letters and digits in groups of five, as the format has it."""
    address: str
    """Of the page where the code is checked."""
    link: str
    """What the QR code says: that address with the code."""
    checkpoint: str
    """A signed note that covers the entry."""
    dated: datetime


def print_receipt(receipt: HandoverReceipt, profile: Profile, *, typesetter: Typesetter = typeset) -> bytes:
    on = receipt.at.astimezone(KAZAKHSTAN).date()
    address = receipt.address
    return typesetter(
        "receipt",
        {
            "title": pair(_TITLE),
            "number": _NUMBER.format(entry=receipt.entry),
            "day": [official(on), official_ru(on)],
            "division": [receipt.division, profile.form.division_line.kk, profile.form.division_line.ru],
            "facts": _facts(receipt, profile),
            "bags": pair(_BAGS),
            "heads": [pair(head) for head in _BAG_HEADS],
            "rows": [
                [str(place), bag.name, octets(bag.size), bag.digest]
                for place, bag in enumerate(receipt.bags, 1)
            ],
            "code": [pair(_CODE), receipt.code, [line.format(address=address) for line in _HOW]],
            "signatures": [[pair(_GAVE), receipt.giver], [pair(_TOOK), receipt.receiver]],
            "under": [pair(under) for under in _UNDER],
            "seal": "М.О.",
            "foot": [
                *(line.format(entry=receipt.entry) for line in _ENTRY),
                *ledger_lines(receipt.checkpoint),
            ],
            "qr": receipt.link,
        },
        dated=receipt.dated,
    )


def _facts(receipt: HandoverReceipt, profile: Profile) -> list[Json]:
    """Each a name, a value in one or two languages, and whether it is of digits."""
    same = (
        (_AUTHORITY, receipt.demanded.authority, False),
        (_RECEIVER, ", ".join(filter(None, (receipt.receiver, receipt.position))), False),
        (_ENTITLED, receipt.entitled, False),
        (_PACKAGE, receipt.package, True),
        (_DIGEST, receipt.package_digest, True),
    )
    two = (
        (_AT, (official_moment(receipt.at), official_moment_ru(receipt.at))),
        (_ORDER, order_of(profile)),
        (_BASIS, receipt.demanded.basis(profile)),
        (_CARRIER, _CARRIERS.get(receipt.carrier, (receipt.carrier, ""))),
    )
    facts: list[Json] = []
    for name, both in two:
        facts.append([pair(name), pair(both), False])
    for name, value, digits in same:
        if value:
            facts.append([pair(name), [value], digits])
    return facts
