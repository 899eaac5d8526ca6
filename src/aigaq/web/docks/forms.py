from django import forms
from django.utils.translation import gettext_lazy as _

from aigaq.docks.rules import REASON_LIMIT


class CodeForm(forms.Form):
    """Nothing to fill in: a press of the button makes a code."""

    stage = forms.CharField(widget=forms.HiddenInput, initial="make")


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=REASON_LIMIT,
        help_text=_("A few words: the PC was stolen, replaced, given away."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
