"""What is written down while somebody looks at a recording. The rules are those of `aigaq.review`."""

from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aigaq import wiring
from aigaq.review.errors import NoCategoryError, NoNoteError, NoPositionError, NoReasonError, NoResultError
from aigaq.review.models import NOTE_LIMIT, REASON_LIMIT, Result, Saying
from aigaq.web.desk.forms import RefusableForm
from aigaq.web.errors import sentence
from aigaq.web.review import places


class PlaceField(forms.Field):
    """Milliseconds from the beginning of the file; None where it may stay empty and does."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        attributes = {"class": "place", "autocomplete": "off", "placeholder": "0:00:00", "maxlength": 20}
        super().__init__(widget=forms.TextInput(attrs=attributes), **kwargs)

    def to_python(self, value: object) -> Any:  # noqa: ANN401 - Django's signature
        if value in self.empty_values:
            return None
        place = places.parse(str(value))
        if place is None:
            raise ValidationError(sentence(NoPositionError()), code="place")
        return place

    def prepare_value(self, value: object) -> object:
        return places.spelt(value) if isinstance(value, int) else value


class MarkForm(RefusableForm):
    place = PlaceField(label=_("Place in the recording"))
    until = PlaceField(label=_("Up to"), required=False)
    category = forms.ChoiceField(label=_("What is to be seen"))
    is_evidence = forms.BooleanField(label=_("It is evidence"), required=False)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=NOTE_LIMIT, widget=forms.Textarea(attrs={"rows": 2})
    )
    missing = {"place": NoPositionError, "category": NoCategoryError}

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = categories()  # type: ignore[attr-defined]

    @property
    def saying(self) -> Saying:
        given = self.cleaned_data
        return Saying(given["place"], given["until"], given["category"], given["is_evidence"], given["note"])


class ReasonForm(RefusableForm):
    read = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    """How many sayings of the mark the page showed."""
    reason = forms.CharField(
        label=_("Why"),
        max_length=REASON_LIMIT,
        help_text=_("It is entered beside the mark. The mark itself stays as it was made."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    missing = {"reason": NoReasonError}


class AmendForm(ReasonForm, MarkForm):
    missing = {**MarkForm.missing, **ReasonForm.missing}
    field_order = ("read", "place", "until", "category", "is_evidence", "note", "reason")

    @classmethod
    def of(cls, saying: Saying, read: int) -> Self:
        return cls(
            initial={
                "read": read,
                "place": saying.position_ms,
                "until": saying.until_ms,
                "category": saying.category,
                "is_evidence": saying.is_evidence,
                "note": saying.note,
            }
        )


class ResultForm(RefusableForm):
    result = forms.ChoiceField(
        label=_("What the review came to"),
        choices=Result.choices,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE_LIMIT,
        help_text=_("May stay empty only where there is nothing to remark on."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    needed = ("note",)
    missing = {"result": NoResultError}


class NoteForm(RefusableForm):
    text = forms.CharField(
        label=_("Your note as the head"),
        max_length=NOTE_LIMIT,
        help_text=_("What follows from what was found. It is printed with the report."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    missing = {"text": NoNoteError}


def categories() -> list[tuple[str, str]]:
    """Of marks, in the reader's language."""
    language = get_language() or ""
    return [(mark.key, mark.text.in_(language)) for mark in wiring.profile().marks]
