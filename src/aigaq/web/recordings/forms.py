from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aigaq.registry.models import Division, Person, Recorder
from aigaq.web.registry.forms import DayInput


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
        people = Person.objects.filter(journal_rows__division=division).distinct().order_by("full_name")
        self.fields["inspector"].queryset = people  # type: ignore[attr-defined]
        recorders = Recorder.objects.filter(division=division).order_by("inventory_number")
        self.fields["recorder"].queryset = recorders  # type: ignore[attr-defined]
