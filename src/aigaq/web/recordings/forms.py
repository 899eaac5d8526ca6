from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aigaq.journal.whose import people_of
from aigaq.registry.models import Division, Person, Recorder
from aigaq.web.registry.forms import DayInput

_FIRST_YEAR, _LAST_YEAR = 1970, 2200
"""No camera means a day outside; near the ends of the calendar the instants of a day can't be reckoned."""


class FilterForm(forms.Form):
    """What to look for. An empty day is every day."""

    day = forms.DateField(label=_("Day"), required=False, widget=DayInput)
    inspector = forms.ModelChoiceField(
        Person.objects.none(), label=_("Inspector"), required=False, empty_label=_("Everybody")
    )
    recorder = forms.ModelChoiceField(
        Recorder.objects.none(), label=_("Recorder"), required=False, empty_label=_("All")
    )

    def __init__(self, *args: Any, division: Division, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        self.fields["inspector"].queryset = people_of(division)  # type: ignore[attr-defined]
        recorders = Recorder.objects.filter(division=division).order_by("inventory_number")
        self.fields["recorder"].queryset = recorders  # type: ignore[attr-defined]

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise ValidationError(_("No recorder recorded on that day. Choose another."), code="day")
        return day
