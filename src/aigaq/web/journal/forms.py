from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aigaq.journal.book_rules import SHEETS_LIMIT
from aigaq.journal.cells import Cell
from aigaq.journal.models import NOTE_LIMIT, NUMBER_LIMIT, REMARK_LIMIT, SealFound
from aigaq.regulation.profile import Profile
from aigaq.web.desk.forms import RefusableForm
from aigaq.web.registry.forms import DayInput


class RegisterNextForm(forms.Form):
    registration_number = forms.CharField(
        label=_("Registration number"),
        max_length=NUMBER_LIMIT,
        help_text=_("As the office entered it on the cover."),
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    sheets = forms.IntegerField(
        label=_("Number of sheets"),
        min_value=1,
        max_value=SHEETS_LIMIT,
        help_text=_("Numbered, laced and sealed, as the last page says."),
    )


class OpenBookForm(RegisterNextForm):
    started_on = forms.DateField(label=_("First day"), widget=DayInput)
    field_order = ("registration_number", "started_on", "sheets")


class CloseBookForm(RefusableForm):
    ended_on = forms.DateField(label=_("Last day"), widget=DayInput)


class RemarkForm(forms.Form):
    text = forms.CharField(
        label=_("New remark"), max_length=REMARK_LIMIT, widget=forms.Textarea(attrs={"rows": 3})
    )


class CorrectForm(RefusableForm):
    """The right text for one cell, and why. The rules are the journal's."""

    read = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    """How many corrections of the cell there were on the page."""
    new = forms.CharField(label=_("What is right"), required=False, max_length=REMARK_LIMIT)
    reason = forms.CharField(
        label=_("What was wrong"),
        required=False,
        max_length=NOTE_LIMIT,
        help_text=_("Column 7 tells it, with your name."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    needed = ("new", "reason")

    def __init__(self, *args: Any, cell: Cell, choices: Mapping[str, str], **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        self.initial = {"read": len(cell.corrections), "new": cell.present, **self.initial}
        if choices:
            self.fields["new"].widget = forms.Select(choices=list(choices.items()))
        else:
            self.fields["new"].widget = forms.Textarea(attrs={"rows": 2, "autofocus": True})


def choices_of(cell: str, profile: Profile, language: str) -> dict[str, str]:
    """What a cell that is chosen from a list can say, in words; empty for a cell of free text."""
    if cell == "control":
        return {control.key: control.text.in_(language) for control in profile.controls}
    if cell == "seal_found":
        return {found.value: str(found.label) for found in SealFound if found is not SealFound.NOT_SEALED}
    return {}
