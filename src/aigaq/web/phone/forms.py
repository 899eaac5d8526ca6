"""The page without scripts: what is told is sent as a form, and counts from when it comes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aigaq.journal.models import NOTE_LIMIT, FailureCause, PauseReason
from aigaq.web.phone.reading import Act, Said


class CauseFields(forms.Form):
    """What failed; the rules are the journal's."""

    cause = forms.ChoiceField(
        label=_("What failed?"), choices=FailureCause.choices, widget=forms.RadioSelect, required=False
    )
    words = forms.CharField(
        label=_("In your words"),
        max_length=NOTE_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        self.fields["cause"].needed = True  # type: ignore[attr-defined]


class TellForm(CauseFields):
    id = forms.UUIDField(widget=forms.HiddenInput)
    """Made with the page, so that a second press of the button tells nothing twice."""
    row = forms.UUIDField(widget=forms.HiddenInput)
    act = forms.ChoiceField(choices=[(act.value, act.value) for act in Act], widget=forms.HiddenInput)
    reason = forms.ChoiceField(choices=PauseReason.choices, required=False, widget=forms.HiddenInput)
    pause = forms.UUIDField(required=False, widget=forms.HiddenInput)

    @property
    def said(self) -> Said:
        given = self.cleaned_data
        return Said(
            act=Act(given["act"]),
            reason=given["reason"],
            pause=given["pause"],
            cause=given["cause"],
            words=given["words"],
        )
