from django import forms
from django.utils.translation import gettext_lazy as _

from aigaq.core.addresses import LIMIT


class EmailForm(forms.Form):
    """What is an address, the service judges."""

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=LIMIT,
        required=False,
        help_text=_("An address of the office, such as name@example.kz. Empty: no letters."),
        widget=forms.EmailInput(
            attrs={
                "autocomplete": "email",
                "spellcheck": "false",
                "autocapitalize": "none",
                "autofocus": True,
            }
        ),
    )
