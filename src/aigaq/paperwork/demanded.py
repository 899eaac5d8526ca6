"""What the papers of a hand-over say alike: on whose demand, under which checkpoint; in both languages."""

import base64
from dataclasses import dataclass
from datetime import date
from typing import Final

from aigaq.core.canonical import Json
from aigaq.paperwork.dates import dated_kk, official_ru
from aigaq.regulation.profile import Profile
from aigaq.tlog.checkpoint import Checkpoint, Note

HANDED_OVER_UNDER: Final = "15"
"""The paragraph."""
_BASIS: Final = {
    "request": ("сұрау салу негізінде", "На основании запроса"),
    "determination": ("ұйғарым негізінде", "На основании определения"),
    "resolution": ("қаулы негізінде", "На основании постановления"),
}
_LEDGER: Final = (
    "Электрондық тізілім: {origin}, жазбалар саны {size}, түбірі {root}",
    "Электронный реестр событий: {origin}, записей {size}, корень {root}",
)

Both = tuple[str, str]
"""In Kazakh and in Russian."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demanded:
    """The paper on which recordings are handed over."""

    kind: str
    """A key of the profile's bases: ``request``."""
    authority: str
    official: str
    """Who signed it; may be empty."""
    their_number: str
    """May be empty."""
    dated_on: date
    number: int
    """In our register."""

    def basis(self, profile: Profile) -> Both:
        """As a fact: “Сұрау салу № 7-1/123, 2026 жылғы 3 қараша …”, and the same in Russian."""
        named = next((each.text for each in profile.bases if each.key == self.kind), None)
        number = f"№ {self.their_number}" if self.their_number else ""
        kinds = (named.kk, named.ru) if named else (self.kind, self.kind)
        kk = " ".join(part for part in (f"{dated_kk(self.dated_on)}", number, kinds[0].lower()) if part)
        ru = " ".join(part for part in (kinds[1], f"от {official_ru(self.dated_on)}", number) if part)
        return kk, ru

    def opening(self) -> Both:
        """How a sentence begins that rests on it."""
        kk, ru = _BASIS.get(self.kind, _BASIS["request"])
        number = f"№ {self.their_number}" if self.their_number else ""
        return (
            " ".join(part for part in (dated_kk(self.dated_on), number, kk) if part),
            " ".join(part for part in (ru, f"от {official_ru(self.dated_on)}", number) if part),
        )


def order_of(profile: Profile) -> Both:
    """The order and its paragraph."""
    paragraph = profile.paragraph(HANDED_OVER_UNDER)
    labels = (paragraph.label("kk"), paragraph.label("ru")) if paragraph else ("", "")
    parts = zip((profile.reference.kk, profile.reference.ru), labels, strict=True)
    kk, ru = (", ".join(filter(None, each)) for each in parts)
    return kk, ru


def ledger_lines(checkpoint: str) -> list[Json]:
    """What the signed note `checkpoint` states, for the foot of a page."""
    stated = Checkpoint.parse(Note.parse(checkpoint).text)
    root = base64.b64encode(stated.root).decode("ascii")
    return [line.format(origin=stated.origin, size=stated.size, root=root) for line in _LEDGER]


def octets(size: int) -> str:
    """In groups of three: 1 234 567."""
    return f"{size:,}".replace(",", "\N{NO-BREAK SPACE}")


def pair(both: Both) -> list[Json]:
    return list(both)
