"""What is watched in the place of an original, and how it differs from it, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aigaq.errors import N_
from aigaq.media.making.recipes import Product, Way
from aigaq.media.making.terms import Lack
from aigaq.recordings.models import Derivative
from aigaq.web.recordings.shown import clock_duration

_WAYS: Final[Mapping[str | None, str]] = {
    Way.REMUX.value: N_(
        "Picture and sound are those of the original, unchanged; only their container is another."
    ),
    Way.SOUND.value: N_(
        "The picture is that of the original, unchanged; the sound was encoded anew for the browser."
    ),
    Way.TRANSCODE.value: N_("Picture and sound were encoded anew for the browser."),
    Way.REBUILD.value: N_(
        "The file has no index that could be used. Pictures found in it were put together and encoded anew."
    ),
    None: N_("The photo was converted for the browser."),
}
_FEW: Final = 8


@dataclass(frozen=True)
class ShownDerivative:
    derivative: Derivative

    @property
    def how(self) -> str:
        return _(_WAYS.get(self.derivative.recipe.get("way"), _WAYS[None]))

    @property
    def keeps_places(self) -> bool:
        """A place in it is the same place in the original."""
        return not self.is_photo and Lack.TIMES.value not in self.derivative.facts.get("lacks", [])

    @property
    def is_photo(self) -> bool:
        return bool(self.derivative.product == Product.PICTURE.value)

    @property
    def lacks(self) -> list[str]:
        """What is missing of it, each as a sentence; the gaps with their places."""
        facts = self.derivative.facts
        said = [
            _(Lack(code).sentence) for code in facts.get("lacks", []) if code in Lack.__members__.values()
        ]
        rate = facts.get("rate")
        if rate:
            said.append(_("Reckoned with {rate} pictures a second.").format(rate=rate))
        return said

    @property
    def gaps(self) -> list[str]:
        told = self.derivative.facts.get("gaps", [])[:_FEW]
        return [
            _("from {begin} to {end}").format(begin=_place(begin), end=_place(end)) for begin, end in told
        ]

    @property
    def more_gaps(self) -> str:
        more = self.derivative.facts.get("gap_count", 0) - _FEW
        if more <= 0:
            return ""
        return ngettext("and {n} more", "and {n} more", more).format(n=more)

    @property
    def made_at(self) -> datetime:
        return self.derivative.made_at

    @property
    def settings(self) -> str:
        """As it stands in the recipe: for experts."""
        recipe: dict[str, Any] = self.derivative.recipe
        parts = [recipe.get("video"), recipe.get("audio"), recipe.get("program")]
        return "; ".join(part for part in parts if part)


def _place(milliseconds: int) -> str:
    return clock_duration(milliseconds / 1000) if milliseconds else "0:00"
