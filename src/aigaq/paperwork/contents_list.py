"""The list of contents of an evidence package: every file, however many. In Kazakh and in Russian."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aigaq.core.canonical import Json
from aigaq.core.clock import parse_rfc3339
from aigaq.package.contents import ListedFile
from aigaq.paperwork.dates import second
from aigaq.paperwork.demanded import Both, Demanded, ledger_lines, octets, pair
from aigaq.paperwork.typesetting import Typesetter, typeset
from aigaq.regulation.profile import Profile

_TITLE: Final = ("Топтамадағы файлдардың тізімдемесі", "Опись файлов пакета")
_HEADS: Final[tuple[Both, ...]] = (
    ("№", "№"),
    ("Файл", "Файл"),
    ("Не екені", "Что это"),
    ("Ұзақтығы", "Длительность"),
    ("Көлемі, байт", "Размер, байт"),
    ("Жазылған күні мен уақыты", "Дата и время записи"),
    ("SHA-256", "SHA-256"),
)
_VOLUME: Final = ("Том", "Том")
_WHAT: Final[Mapping[str, Both]] = {
    "original": ("түпнұсқа", "подлинник"),
    "cut": ("№ {of} үзіндісі", "фрагмент № {of}"),
    "playable": ("№ {of} көшірмесі", "копия № {of}"),
}
_KINDS: Final[Mapping[str, Both]] = {
    "video": ("бейне", "видео"),
    "audio": ("аудио", "аудио"),
    "photo": ("фото", "фото"),
    "other": ("басқа файл", "прочий файл"),
}
_TOTAL: Final = (
    "Барлығы {files} файл, оның ішінде түпнұсқалар – {originals}; түпнұсқалардың көлемі {size} байт.",
    "Всего файлов – {files}, из них подлинников – {originals}; размер подлинников {size} байт.",
)
_NOTE: Final = (
    (
        "Уақыт – UTC+5, бейнетіркегіштің сағаты бойынша; сағаттың ауытқуы data/clocks.json файлында."
        " Үзінділер мен"
        " көшірмелер – туындылар: дәлелдеме – түпнұсқа."
    ),
    (
        "Время – UTC+5, по часам видеорегистратора; отклонение часов указано в файле"
        " data/clocks.json. Фрагменты и"
        " копии – производные: доказательством является подлинник."
    ),
)
_NOTHING: Final = "–"
_PACKAGE: Final = ("Топтаманың нөмірі", "Номер пакета")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentsList:
    division: str
    demanded: Demanded
    package: str
    volumes: int
    files: Sequence[ListedFile]
    """As the package's own list has them."""
    checkpoint: str
    dated: datetime


def print_contents(contents: ContentsList, profile: Profile, *, typesetter: Typesetter = typeset) -> bytes:
    originals = [each for each in contents.files if each.what == "original"]
    facts = {
        "files": len(contents.files),
        "originals": len(originals),
        "size": octets(sum(each.size for each in originals)),
    }
    in_volumes = contents.volumes > 1
    return typesetter(
        "contents",
        {
            "title": pair(_TITLE),
            "division": [contents.division, profile.form.division_line.kk, profile.form.division_line.ru],
            "basis": pair(contents.demanded.basis(profile)),
            "package": [pair(_PACKAGE), contents.package],
            "heads": [pair(head) for head in (*_HEADS[:2], *((_VOLUME,) if in_volumes else ()), *_HEADS[2:])],
            "in_volumes": in_volumes,
            "rows": [_row(each, in_volumes=in_volumes) for each in contents.files],
            "total": [line.format_map(facts) for line in _TOTAL],
            "note": pair(_NOTE),
            "foot": ledger_lines(contents.checkpoint),
        },
        dated=contents.dated,
    )


def _row(file: ListedFile, *, in_volumes: bool) -> list[Json]:
    kind = _KINDS.get(file.kind, _KINDS["other"])
    what = _WHAT.get(file.what, _WHAT["original"])
    told = [f"{name.format(of=file.of)}, {of}" for name, of in zip(what, kind, strict=True)]
    return [
        str(file.number),
        file.path,
        *([str(file.volume)] if in_volumes else []),
        list(told),
        _length(file.duration_ms),
        octets(file.size),
        second(parse_rfc3339(file.recorded_at)) if file.recorded_at else _NOTHING,
        file.sha256,
    ]


def _length(milliseconds: int | None) -> str:
    if milliseconds is None:
        return _NOTHING
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02},{rest // 100}"
