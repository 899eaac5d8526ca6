"""Appointing, relieving and handing over, as forms."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aigaq.registry.models import Appointment, Person, Role
from aigaq.registry.selectors import READERS, has_key
from aigaq.web.registry.forms import DayInput
from aigaq.web.registry.keys import KeyToo

AT_ONCE, ON_A_DAY = "at-once", "day"
_FOR = "for-"


def order_field() -> forms.CharField:
    return forms.CharField(label=gettext_lazy("Number of the order that appoints"), max_length=64)


def last_day_field() -> forms.DateField:
    return forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=DayInput,
        help_text=gettext_lazy("Empty: until relieved."),
    )


class AppointForm(KeyToo):
    """`deputised` are those whom somebody may stand in for."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect)
    order_number = order_field()
    from_on = forms.DateField(label=gettext_lazy("First day"), widget=DayInput)
    until_on = last_day_field()

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - passed on to Django
        person: Person,
        deputised: Iterable[Appointment],
        **kwargs: Any,  # noqa: ANN401 - as above
    ) -> None:
        super().__init__(*args, **kwargs)
        self._person = person
        self._deputised = {f"{_FOR}{each.pk}": each for each in deputised}
        deputies = [(value, _deputy(each)) for value, each in self._deputised.items()]
        self.fields["role"].choices = [*Role.choices, *deputies]  # type: ignore[attr-defined]

    @property
    def stands_in_for(self) -> Appointment | None:
        return self._deputised.get(self.cleaned_data["role"])

    @property
    def chosen_role(self) -> Role:
        absent = self.stands_in_for
        return Role(absent.role if absent else self.cleaned_data["role"])

    def wants_key(self, given: dict[str, Any]) -> bool:
        chosen = given.get("role", "")
        reads = chosen in READERS or chosen in self._deputised
        return reads and not has_key(self._person)


class HandOverForm(KeyToo):
    to = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("Successor"), empty_label=gettext_lazy("Choose")
    )
    last_on = forms.DateField(
        label=gettext_lazy("Last day of the predecessor"),
        widget=DayInput,
        help_text=gettext_lazy("The successor's first day is the day after."),
    )
    order_number = order_field()
    until_on = last_day_field()

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - passed on to Django
        appointment: Appointment,
        people: Iterable[Person],
        **kwargs: Any,  # noqa: ANN401 - as above
    ) -> None:
        super().__init__(*args, **kwargs)
        self._reads = appointment.role in READERS
        found = Person.objects.filter(pk__in=[person.pk for person in people])
        self.fields["to"].queryset = found.order_by("full_name")  # type: ignore[attr-defined]

    def wants_key(self, given: dict[str, Any]) -> bool:
        to = given.get("to")
        return self._reads and to is not None and not has_key(to)


class RelieveForm(forms.Form):
    when = forms.ChoiceField(
        label=gettext_lazy("When it ends"),
        choices=(
            (ON_A_DAY, gettext_lazy("After a last day")),
            (AT_ONCE, gettext_lazy("At once: from this moment no right and no key")),
        ),
        initial=ON_A_DAY,
        required=False,
        widget=forms.RadioSelect,
    )
    until_on = forms.DateField(label=gettext_lazy("Last day in this role"), required=False, widget=DayInput)

    def __init__(self, *args: Any, appointment: Appointment, today: date, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        self.fields["until_on"].needed = True  # type: ignore[attr-defined]
        self._at_once = max(today, appointment.from_on) - timedelta(days=1)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("when") == AT_ONCE:
            given["until_on"] = self._at_once
        elif not given.get("until_on") and "until_on" not in self.errors:
            self.add_error("until_on", self.fields["until_on"].error_messages["required"])
        return given


def _deputy(absent: Appointment) -> str:
    words = {
        Role.HEAD: _("Deputy of the head {name}"),
        Role.CUSTODIAN: _("Deputy of the custodian {name}"),
    }
    return words[Role(absent.role)].format(name=absent.person.full_name)
