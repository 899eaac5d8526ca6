from django import forms
from django.utils.translation import gettext_lazy as _

from aigaq.journal.models import NUMBER_LIMIT, REMARK_LIMIT
from aigaq.journal.rules import SHEETS_LIMIT
from aigaq.web.registry.forms import DayInput


class OpenBookForm(forms.Form):
    registration_number = forms.CharField(
        label=_("Registration number"),
        max_length=NUMBER_LIMIT,
        help_text=_("As the office entered it on the cover."),
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    started_on = forms.DateField(label=_("First day"), widget=DayInput)
    sheets = forms.IntegerField(
        label=_("Number of sheets"),
        min_value=1,
        max_value=SHEETS_LIMIT,
        help_text=_("Numbered, laced and sealed, as the last page says."),
    )


class CloseBookForm(forms.Form):
    ended_on = forms.DateField(label=_("Last day"), widget=DayInput)


class RemarkForm(forms.Form):
    text = forms.CharField(
        label=_("New remark"), max_length=REMARK_LIMIT, widget=forms.Textarea(attrs={"rows": 3})
    )
