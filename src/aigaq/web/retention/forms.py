from django import forms
from django.utils.translation import gettext_lazy as _

from aigaq.retention.models import REASON_LIMIT
from aigaq.web.desk.forms import RefusableForm
from aigaq.web.registry.forms import DayInput


class ReasonForm(RefusableForm):
    reason = forms.CharField(label=_("Why"), max_length=REASON_LIMIT)


class OwnPasswordForm(RefusableForm):
    """Whoever does what can't be taken back says so once more."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class DayForm(OwnPasswordForm):
    """The day is typed, not shown: a calendar on the wall knows it, this computer may not."""

    day = forms.DateField(label=_("Which day is it?"), widget=DayInput)

    field_order = ("day", "password")
