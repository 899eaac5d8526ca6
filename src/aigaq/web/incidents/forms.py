from django import forms
from django.utils.translation import gettext_lazy as _

from aigaq.incidents.errors import NoDecisionReasonError, NoOutcomeError
from aigaq.incidents.models import Kind, Outcome
from aigaq.journal.models import NOTE_LIMIT
from aigaq.web.desk.forms import RefusableForm

OPEN, DECIDED = "open", "decided"


class FilterForm(forms.Form):
    state = forms.ChoiceField(
        label=_("Which"), required=False, choices=[(OPEN, _("Open")), (DECIDED, _("Decided"))]
    )
    kind = forms.ChoiceField(
        label=_("What about"), required=False, choices=[("", _("Everything")), *Kind.choices]
    )


class DecideForm(RefusableForm):
    """What becomes of the incident, and why. The rules are the incidents' own."""

    outcome = forms.ChoiceField(
        label=_("What becomes of it"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=NOTE_LIMIT,
        help_text=_("What you found out, and why you decide so. It is signed, and stays."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    missing = {"outcome": NoOutcomeError, "reason": NoDecisionReasonError}
