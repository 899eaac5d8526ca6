"""The badge of order No. 236 (R18.1): a sheet of them to cut, with how a recorder is worn below (R16.1)."""

from datetime import UTC, datetime
from typing import Final

from aigaq.paperwork.typesetting import typeset
from aigaq.regulation.profile import Profile

_DATED: Final = datetime(2024, 6, 20, tzinfo=UTC)
"""Of the order: nothing on this sheet is younger than its wording."""


def print_badges(profile: Profile) -> bytes:
    """One A4 sheet: the exact wording in Kazakh, large, and Russian below it."""
    return typeset(
        "badge",
        {
            "official": profile.badge.text.kk,
            "russian": profile.badge.text.ru,
            "wearing": [profile.wearing.text.kk, profile.wearing.text.ru],
        },
        dated=_DATED,
    )
