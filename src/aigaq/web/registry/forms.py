from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aigaq.accounts.passkeys import LABEL_LIMIT
from aigaq.registry.models import Division, Person, Recorder, Role, State


class DayInput(forms.DateInput):
    """The browser's own calendar; it speaks ISO 8601 whatever the page's language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


INVENTORY_NUMBER_HELP = _("As on the label. A scanner may type it.")


class RecorderForm(forms.Form):
    inventory_number = forms.CharField(
        label=_("Inventory number"),
        max_length=32,
        help_text=INVENTORY_NUMBER_HELP,
        widget=forms.TextInput(
            attrs={"class": "scan", "autocomplete": "off", "autofocus": True, "data-onward": True}
        ),
    )
    model = forms.CharField(label=_("Model"), max_length=100, required=False)
    serial_number = forms.CharField(label=_("Serial number of the maker"), max_length=64, required=False)


class CardForm(forms.Form):
    inventory_number = forms.CharField(
        label=_("Inventory number"),
        max_length=32,
        help_text=INVENTORY_NUMBER_HELP,
        widget=forms.TextInput(
            attrs={"class": "scan", "autocomplete": "off", "autofocus": True, "data-onward": True}
        ),
    )
    recorder = forms.ModelChoiceField(
        Recorder.objects.none(),
        label=_("Recorder it usually sits in"),
        required=False,
        empty_label=_("None in particular"),
    )
    volume_id = forms.CharField(
        label=_("Volume number of the card"),
        max_length=64,
        required=False,
        help_text=_("Such as 5E6F-7A8B. Leave it empty if you don't know it: a file on the card names it."),
    )

    def __init__(self, *args: Any, division: Division, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        recorders = Recorder.objects.filter(division=division).order_by("inventory_number")
        self.fields["recorder"].queryset = recorders  # type: ignore[attr-defined]


class StateForm(forms.Form):
    state = forms.ChoiceField(label=_("New state"), choices=State.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("The number of an act, or a few words.")
    )


class PersonForm(forms.Form):
    """With a role that reads nothing; who reads is appointed afterwards, with the vault's key."""

    full_name = forms.CharField(
        label=_("Full name"), max_length=200, widget=forms.TextInput(attrs={"autofocus": True})
    )
    post = forms.CharField(label=_("Post"), max_length=200, required=False)
    staff_number = forms.CharField(label=_("Staff number"), max_length=32)
    username = forms.CharField(
        label=_("Login name"),
        max_length=64,
        help_text=_("Short, in Latin letters. Inspectors need one too: without it nobody signs the journal."),
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=(
            (Role.INSPECTOR, Role.INSPECTOR.label),
            (Role.ADMINISTRATOR, Role.ADMINISTRATOR.label),
            ("", _("None yet: head, custodian or deputy is appointed next")),
        ),
        required=False,
        widget=forms.RadioSelect,
    )
    order_number = forms.CharField(
        label=_("Number of the order that appoints"), max_length=64, required=False
    )
    from_on = forms.DateField(label=_("First day"), required=False, widget=DayInput)
    until_on = forms.DateField(
        label=_("Last day"), required=False, widget=DayInput, help_text=_("Empty: until relieved.")
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in ("order_number", "from_on") if given.get("role") else ():
            if not given.get(name) and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
        return given


class EnrolForm(forms.Form):
    """Filled in by the person whose passkey it will be, on the screen of whoever enrols it."""

    label = forms.CharField(
        label=_("What the key is called"),
        max_length=LABEL_LIMIT,
        help_text=_("So that it is known again: “blue key”, “my phone”."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    password = forms.CharField(
        max_length=1024,
        strip=False,
        help_text=_("Typed by the person, who is standing here."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        self.fields["password"].label = gettext("Password of {name}").format(name=person.full_name)


class DivisionForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the division"), max_length=200, widget=forms.TextInput(attrs={"autofocus": True})
    )
