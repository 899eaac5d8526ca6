from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aigaq.journal.printing import Part, PartError
from aigaq.paperwork.labels import Paper
from aigaq.registry.labels import Thing
from aigaq.web.errors import sentence

WRITTEN, SOME = "written", "some"


class BookForm(forms.Form):
    which = forms.ChoiceField(label=_("Which sheets"), widget=forms.RadioSelect, initial=WRITTEN)
    sheets = forms.CharField(
        label=_("These sheets"),
        max_length=20,
        required=False,
        help_text=_("The first and the last, such as 1-100; empty ones too."),
    )

    def __init__(self, *args: Any, is_inscribed: bool, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        whole = _("All of the book, with its last page") if is_inscribed else _("Those that are written on")
        self.fields["which"].choices = [(WRITTEN, whole), (SOME, _("Some of them"))]  # type: ignore[attr-defined]
        self.fields["sheets"].needed = True  # type: ignore[attr-defined]

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("which") == SOME:
            try:
                self.cleaned_data["part"] = Part.parse(self.cleaned_data.get("sheets", ""))
            except PartError as error:
                self.add_error("sheets", sentence(error))

    @property
    def part(self) -> Part | None:
        """None where it is for the book to say."""
        return self.cleaned_data.get("part")


class LabelsForm(forms.Form):
    paper = forms.ChoiceField(
        label=_("Paper"),
        choices=[
            (str(Paper.ROLL), _("Label printer, 50 × 30 mm")),
            (str(Paper.A4), _("A4 sheets of 3 × 8 labels")),
        ],
        widget=forms.RadioSelect,
        initial=str(Paper.ROLL),
    )
    numbers = forms.MultipleChoiceField(
        label=_("Recorders and cards"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Mark at least one.")},
    )

    def __init__(self, *args: Any, things: Iterable[Thing], **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        numbers = [thing.inventory_number for thing in things]
        self.fields["numbers"].choices = [(number, number) for number in numbers]  # type: ignore[attr-defined]
        self.initial.setdefault("numbers", numbers)
