"""What happened to a recording, step by step, in three languages: as fixed as the format that carries it.

Not from the catalogues of the pages, which are reworded: a package is the same octets whenever it is built.
"""

from collections.abc import Mapping
from typing import Any, Final

from aigaq.core.canonical import Json
from aigaq.tlog.entry import Entry

LANGUAGES: Final = ("kk", "ru", "en")

_WORDS: Final[Mapping[str, tuple[str, str, str]]] = {
    "recording.ingested": (
        "Картадан алынып, қоймаға сақталды: {path}",
        "Снято с карты и сохранено в хранилище: {path}",
        "Taken from the card and stored in the vault: {path}",
    ),
    "recording.placed": (
        "Журналдың жолына жатқызылды",
        "Отнесено к строке журнала",
        "Tied to its row of the journal",
    ),
    "recording.stored-again": (
        "Тағы бір рет сақталды: бұрынғы көшірме жоғалған немесе бүлінген болатын",
        "Сохранено ещё раз: прежняя копия пропала или была повреждена",
        "Stored once more: the earlier copy was missing or damaged",
    ),
    "recording.read-with-faults": (
        "Карта ақаумен оқылды. Оқылмай қалған байт: {missing}",
        "Карта читалась со сбоями. Не прочитано байтов: {missing}",
        "The card was read with faults. Bytes not read: {missing}",
    ),
    "recording.judged": (
        "Сақталған файл тексерілді",
        "Сохранённый файл обследован",
        "The stored file was examined",
    ),
    "recording.derived": (
        "Браузерде көрсетуге арналған көшірмесі жасалды",
        "Сделана копия для показа в браузере",
        "A copy that browsers show was made of it",
    ),
    "recording.time-code-read": (
        "Камера түсірген уақыт коды оқылды",
        "Прочитан код времени, снятый камерой",
        "A time code that the camera had filmed was read",
    ),
    "access.viewed": (
        "Жазбаның беті ашылды",
        "Открыта страница записи",
        "The page of the recording was opened",
    ),
    "access.played": ("Қаралды", "Просмотрено", "Played"),
    "access.played-stretch": (
        "Қаралды: {first} – {last}",
        "Просмотрено: {first} – {last}",
        "Played: {first} to {last}",
    ),
    "access.still": (
        "Бір кадры қаралды",
        "Просмотрен кадр",
        "A still picture of it was looked at",
    ),
    "access.downloaded": ("Көшірмесі алынды", "Получена копия", "A copy was taken"),
    "review.marked": ("Белгі қойылды", "Поставлена отметка", "A place in it was marked"),
    "review.mark-amended": ("Белгі өзгертілді", "Отметка изменена", "A mark was amended"),
    "review.mark-withdrawn": ("Белгі алынды", "Отметка снята", "A mark was withdrawn"),
    "disclosure.demand-registered": (
        "Талап тіркелді: {authority}, № {their_number}",
        "Зарегистрировано требование: {authority}, № {their_number}",
        "The demand was registered: {authority}, No. {their_number}",
    ),
    "disclosure.demand-amended": (
        "Талап бойынша берілетін жазбалар қайта таңдалды",
        "Записи, передаваемые по требованию, выбраны заново",
        "What is handed over on the demand was chosen anew",
    ),
    "disclosure.approved": (
        "Бөлімше басшысы беруге рұқсат етті",
        "Руководитель подразделения разрешил передачу",
        "The head of the division approved the hand-over",
    ),
}


def words_of(entry: Entry) -> dict[str, Json]:
    """What the entry says happened, by language."""
    kind, said = entry.kind, _said(entry.body)
    if kind == "access.played" and "first" in said:
        kind = "access.played-stretch"
    return {language: text.format_map(said) for language, text in zip(LANGUAGES, _WORDS[kind], strict=True)}


def _said(body: Mapping[str, Any]) -> dict[str, str]:
    said = {
        name: str(body[name]) for name in ("path", "missing", "authority", "their_number") if name in body
    }
    if isinstance(body.get("from_ms"), int) and isinstance(body.get("to_ms"), int):
        said |= {"first": _clock(body["from_ms"]), "last": _clock(body["to_ms"])}
    return said


def _clock(milliseconds: int) -> str:
    """From the beginning of the file."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"
