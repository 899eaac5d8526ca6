"""The report on a month's sample: facts in, octets of a PDF out. In Kazakh, as the book is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from aigaq.core.canonical import Json
from aigaq.paperwork.dates import MONTHS, figures, minute, official
from aigaq.paperwork.typesetting import Typesetter, typeset
from aigaq.regulation.profile import Profile

_TITLE: Final = "Жазбаларды іріктеп қарау туралы есеп"
_RESULTS: Final[Mapping[str, str]] = {
    "nothing": "Қаралды, ескерту жоқ",
    "violation": "Бақылау субъектісінің бұзушылығы көрінеді",
    "inspector": "Инспектор қағидаларды бұзған",
    "incomplete": "Ішінара жазылған немесе мүлде жазылмаған",
    "unusable": "Бейнесі немесе дыбысы пайдалануға жарамсыз",
    "other": "Басқа, түсініктемеде айтылған",
}
_NOT_YET: Final = "Қаралмаған"
_HEADS: Final = (
    "№",
    "Журнал, жол",
    "Күні",
    "Инспектор",
    "Субъект, объект",
    "Қарау нәтижесі",
    "Кім, қашан қарады",
)
_WIDTHS: Final = (8, 22, 19, 32, 0, 62, 32)
"""In millimetres; 0: what is left."""
_LOT: Final = (
    "Іріктеу жеребемен жүргізілді: әр инспектордың кезекшіліктерінің кемінде {percent} %-ы, барлығы кемінде "
    "{least} кезекшілік. Айдағы кезекшіліктер саны – {population}, іріктелгені – {drawn}."
)
_FOOT: Final = (
    "Жеребе электрондық тізілімнің № {entry} жазбасында; бастапқы мәні (SHA-256): {seed}",
    "Бастапқы мән тізілімнің алғашқы {size} жазбасының түбірінен алынды: {root}",
    (
        "Жеребені кез келген адам қайта тарта алады (docs/lifecycles/sample-review.md); "
        "«aigaq ledger verify» оны тексереді."
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedDuty:
    book: str
    row: int
    on: date
    inspector: str
    subject: str
    object: str
    result: str | None
    """A published code of `aigaq.review.models.Result`; None: it was not viewed."""
    note: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewReport:
    division: str
    month: date
    percent: int
    least: int
    population: int
    due_on: date
    entry: int
    """Of the draw."""
    seed: str
    size: int
    root: str
    duties: Sequence[ReviewedDuty]
    notes: Sequence[tuple[str, str, datetime]]
    """What the head wrote, who, when."""
    custodian: str
    """Empty here and below: the line stays free."""
    head: str
    dated: datetime


def print_review(report: ReviewReport, profile: Profile, *, typesetter: Typesetter = typeset) -> bytes:
    data: dict[str, Json] = {
        "title": _TITLE,
        "reference": f"{profile.reference.kk}, 6-тармақ",
        "division": [report.division, profile.form.division_line.kk],
        "month": f"{report.month.year} жылғы {MONTHS[report.month.month - 1]}",
        "lot": _LOT.format(
            percent=report.percent,
            least=report.least,
            population=report.population,
            drawn=len(report.duties),
        ),
        "due": f"Қарау мерзімі: {official(report.due_on)} (қоса алғанда).",
        "counts": _counts(report.duties),
        "heads": list(_HEADS),
        "widths": list(_WIDTHS),
        "rows": [_row(number, duty) for number, duty in enumerate(report.duties, 1)],
        "notes_title": "Бөлімше басшысының түсініктемесі",
        "notes": [[text, f"{who}, {minute(at)}"] for text, who, at in report.notes],
        "signatures": [["Жауапты тұлға", report.custodian], ["Бөлімше басшысы", report.head]],
        "under": ["(қолы)", "(Т.А.Ә. (ол болған кезде))", "(күні)"],
        "foot": [
            line.format(entry=report.entry, seed=report.seed, size=report.size, root=report.root)
            for line in _FOOT
        ],
    }
    return typesetter("review", data, dated=report.dated)


def _counts(duties: Sequence[ReviewedDuty]) -> list[Json]:
    """In the order of the results, then those that were not viewed; only what there is."""
    counts = Counter(duty.result for duty in duties)
    named = [(_RESULTS.get(result, result), counts[result]) for result in (*_RESULTS, *_others(counts))]
    return [[name, str(count)] for name, count in (*named, (_NOT_YET, counts[None])) if count]


def _others(counts: Mapping[str | None, int]) -> list[str]:
    return sorted(result for result in counts if result is not None and result not in _RESULTS)


def _row(number: int, duty: ReviewedDuty) -> list[Json]:
    result = _NOT_YET if duty.result is None else _RESULTS.get(duty.result, duty.result)
    seen = ", ".join(part for part in (duty.by, minute(duty.at) if duty.at else "") if part)
    return [
        str(number),
        f"{duty.book}, {duty.row}-жол",
        figures(duty.on),
        duty.inspector,
        f"{duty.subject}; {duty.object}",
        f"{result}. {duty.note}" if duty.note else result,
        seen or "–",
    ]
