"""How long something lasts, as people say it."""

import pytest
from django.utils import translation

from aigaq.web.durations import duration_in_words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (0.04, "less than 1 s"),
        (-0.4, "less than 1 s"),
        (0.6, "1 s"),
        (-59.4, "59 s"),
        (59.6, "1 min"),
        (200, "3 min 20 s"),
        (5400, "1 h 30 min"),
        (86_400, "1 day"),
        (31_556_952 + 30 * 86_400, "1 year 30 days"),
    ],
)
def test_the_two_largest_units_are_said(seconds, said):
    with translation.override("en"):
        assert duration_in_words(seconds) == said
