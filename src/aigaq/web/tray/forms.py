from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aigaq.web.tray.candidates import Candidate


class AssignForm(forms.Form):
    """The rows that are offered, and no others, may be chosen."""

    row = forms.ChoiceField(
        label=_("Row of the journal"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the row on which this was recorded.")},
    )

    def __init__(self, *args: Any, candidates: list[Candidate], **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        choices = [(str(each.view.id), str(each.view.number)) for each in candidates]
        self.fields["row"].choices = choices  # type: ignore[attr-defined]
