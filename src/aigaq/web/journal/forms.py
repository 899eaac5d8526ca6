from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aigaq.journal.book_rules import SHEETS_LIMIT
from aigaq.journal.cells import Cell
from aigaq.journal.models import (
    NOTE_LIMIT,
    NUMBER_LIMIT,
    REMARK_LIMIT,
    FailureCause,
    PauseReason,
    SealFound,
    ThingKind,
)
from aigaq.journal.selectors import RowView
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
    """What is right for one cell, and why; `present` is what stands there now, as `new` would say it.

    The rules are the journal's.
    """

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

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - passed on to Django
        cell: Cell,
        present: str,
        choices: Mapping[str, str],
        **kwargs: Any,  # noqa: ANN401 - as above
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"read": len(cell.corrections), "new": present, **self.initial}
        if choices:
            self.fields["new"].widget = forms.Select(choices=list(choices.items()), attrs={"autofocus": True})
        else:
            self.fields["new"].widget = forms.Textarea(attrs={"rows": 2, "autofocus": True})


def choices_of(cell: str, profile: Profile, language: str) -> dict[str, str]:
    """What a cell that is chosen from a list can say, in words; empty for a cell of free text."""
    if cell == "control":
        return {control.key: control.text.in_(language) for control in profile.controls}
    if cell == "seal_found":
        return {found.value: str(found.label) for found in SealFound if found is not SealFound.NOT_SEALED}
    listed = {"pause": PauseReason.choices, "cause": FailureCause.choices}.get(cell.partition(":")[0], [])
    return {value: str(label) for value, label in listed}


class RepairForm(forms.Form):
    words = forms.CharField(
        label=_("What was done"),
        max_length=NOTE_LIMIT,
        help_text=_("Column 7 tells it, with the cause and the times."),
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
        error_messages={"required": _("Say in a few words what was done.")},
    )


class LossForm(forms.Form):
    """Of the recorder, or of the card where there is one that is not lost yet."""

    thing = forms.ChoiceField(
        label=_("What was lost"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what was lost.")},
    )
    words = forms.CharField(
        label=_("Where and how"),
        max_length=NOTE_LIMIT,
        help_text=_("Column 7 tells it."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say in a few words where and how it was lost.")},
    )

    def __init__(self, *args: Any, view: RowView, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        lost = {loss.thing for loss in view.losses}
        things = {ThingKind.RECORDER: view.row.recorder, ThingKind.CARD: view.row.card}
        self.choices = [
            (kind.value, f"{kind.label} {thing}")
            for kind, thing in things.items()
            if thing is not None and kind not in lost
        ]
        self.fields["thing"].choices = self.choices  # type: ignore[attr-defined]
        if len(self.choices) == 1:
            self.initial["thing"] = self.choices[0][0]
