"""What the custodian writes down of what they were told by voice. The rules are the journal's."""

from datetime import datetime
from typing import Self
from uuid import uuid4

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from aigaq import wiring
from aigaq.journal.models import PauseReason
from aigaq.journal.selectors import RowView
from aigaq.web.phone.forms import CauseFields


class ToldForm(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput)
    """Made with the page, so that a second press of the button enters nothing twice."""
    told_at = forms.DateTimeField(
        label=_("When it was told"),
        help_text=_("The time that the inspector said."),
        error_messages={"required": _("Enter the time that the inspector said.")},
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": 1}, format="%Y-%m-%dT%H:%M:%S"),
    )

    @classmethod
    def fresh(cls, at: datetime, **initial: object) -> Self:
        return cls(prefix=cls.__name__, initial={"id": uuid4(), "told_at": at, **initial})

    @classmethod
    def given(cls, request: HttpRequest) -> Self:
        return cls(request.POST, prefix=cls.__name__)


class PauseForm(ToldForm):
    reason = forms.ChoiceField(
        label=_("Why the recording pauses"),
        choices=PauseReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )
    field_order = ("reason", "told_at")


class ResumeForm(ToldForm):
    pause = forms.UUIDField(widget=forms.HiddenInput)


class FailureForm(ToldForm, CauseFields):
    field_order = ("cause", "words", "told_at")


def told_forms(view: RowView, bound: ToldForm | None = None) -> dict[str, ToldForm | None]:
    """What may be entered on the row as it stands; `bound` is what came back with an error."""
    now, paused = wiring.clock().now(), view.open_pause
    found: dict[str, ToldForm | None] = {
        "pause_form": PauseForm.fresh(now) if paused is None else None,
        "resume_form": ResumeForm.fresh(now, pause=paused.pk) if paused else None,
        "failure_form": FailureForm.fresh(now) if view.open_failure is None else None,
    }
    names = {PauseForm: "pause_form", ResumeForm: "resume_form", FailureForm: "failure_form"}
    if bound is not None:
        found[names[type(bound)]] = bound
    return found
