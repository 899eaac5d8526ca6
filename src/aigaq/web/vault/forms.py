from django import forms
from django.utils.translation import gettext_lazy as _


class UnlockForm(forms.Form):
    vault_password = forms.CharField(
        label=_("Your vault password"),
        help_text=_("Your own one for recordings, not the one that you sign in with."),
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
