"""What is written down when a recorder goes out or comes back. The rules are the journal's."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from aigaq.errors import AigaqError
from aigaq.journal.errors import (
    CheckFailedError,
    CheckMissingError,
    NoActNumberError,
    NoObjectError,
    NoPurposeError,
    NoSealNumberError,
    NoSubjectError,
    OtherPersonUnexplainedError,
    SealNotReadError,
    SealUnexplainedError,
    ThingUnexplainedError,
)
from aigaq.journal.models import (
    ACT_NUMBER_LIMIT,
    NOTE_LIMIT,
    NUMBER_LIMIT,
    SUBJECT_LIMIT,
    JournalRow,
    SealFound,
    ThingFound,
    ThingKind,
)
from aigaq.journal.rules import Check, Found, Purpose, clean, compared
from aigaq.journal.selectors import seal_set
from aigaq.registry.errors import UnknownThingError
from aigaq.registry.models import Card, Division, Person, Recorder
from aigaq.regulation.profile import Profile
from aigaq.web.errors import cited, sentence

PASSED, FAILED = "passed", "failed"
_SCAN = {"class": "scan", "autocomplete": "off", "spellcheck": "false", "data-onward": True}


class RefusableForm(forms.Form):
    """A form whose fields refuse in the words of the journal's rules, paragraph included."""

    missing: Mapping[str, type[AigaqError]] = {}
    """The refusal of each field that is left empty."""
    needed: Collection[str] = ()
    """Fields that only the rules require, and only sometimes: not said to be free to stay empty."""

    def refuse(self, field: str | None, error: AigaqError) -> None:
        self.add_error(field, sentence(error))
        if getattr(self, "cited", None) is None:
            self.cited = cited(error)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        for name in self.needed:
            self.fields[name].needed = True  # type: ignore[attr-defined]

    def full_clean(self) -> None:
        super().full_clean()
        for name, kind in self.missing.items():
            if self.is_bound and self.has_error(name, "required"):
                del self.errors[name]
                self.refuse(name, kind())

    def facts(self) -> Iterator[Any]:
        """Its fields as hidden ones, to be carried through the signature."""
        for bound in self:
            yield bound.as_hidden()


class PersonField(forms.ChoiceField):
    """Somebody out of a list that is given at run time, in its order (the Kazakh alphabet's)."""

    def __init__(self, *, empty_label: object = None, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(error_messages={"required": _("Choose a person.")}, **kwargs)
        self._empty_label = empty_label
        self._people: dict[str, Person] = {}

    def offer(self, people: Iterable[Person]) -> None:
        self._people = {str(person.pk): person for person in people}
        nobody = [("", self._empty_label)] if self._empty_label else []
        self.choices = [*nobody, *((key, person.full_name) for key, person in self._people.items())]

    def clean(self, value: object) -> Person:
        return self._people[super().clean(value)]


class IssueForm(RefusableForm):
    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)
    """The failure that it settles, where it does."""
    recorder = forms.CharField(
        label=_("Recorder"),
        max_length=32,
        help_text=_("Scan its inventory number, or type it."),
        error_messages={"required": _("Scan or type the inventory number.")},
        widget=forms.TextInput(attrs={**_SCAN, "list": "recorders"}),
    )
    card = forms.CharField(
        label=_("Card"),
        max_length=32,
        required=False,
        help_text=_("The card that is in it."),
        widget=forms.TextInput(attrs={**_SCAN, "list": "cards"}),
    )
    inspector = PersonField(label=_("State inspector"), empty_label=_("Choose who receives it"))
    control = forms.ChoiceField(label=_("Kind of control"), widget=forms.RadioSelect)
    subject = forms.CharField(
        label=_("Controlled subject"),
        max_length=SUBJECT_LIMIT,
        help_text=_("Who is visited."),
        widget=forms.TextInput(attrs={"list": "subjects", "autocomplete": "off"}),
    )
    object = forms.CharField(
        label=_("Controlled object"),
        max_length=SUBJECT_LIMIT,
        help_text=_("What is visited, and where."),
        widget=forms.TextInput(attrs={"list": "objects", "autocomplete": "off"}),
    )
    act_number = forms.CharField(label=_("Number of the act or permit"), max_length=ACT_NUMBER_LIMIT)
    seal_number = forms.CharField(
        label=_("Number of the seal on the slot"),
        max_length=NUMBER_LIMIT,
        required=False,
        widget=forms.TextInput(attrs=_SCAN),
    )
    needed = ("seal_number",)
    missing = {
        "control": NoPurposeError,
        "subject": NoSubjectError,
        "object": NoObjectError,
        "act_number": NoActNumberError,
    }

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - passed on to Django
        division: Division,
        profile: Profile,
        inspectors: Iterable[Person],
        **kwargs: Any,  # noqa: ANN401 - passed on to Django
    ) -> None:
        super().__init__(*args, **kwargs)
        self._division = division
        self._checks = profile.checks
        language = get_language() or "kk"
        self.fields["inspector"].offer(inspectors)  # type: ignore[attr-defined]
        self.fields["control"].choices = [  # type: ignore[attr-defined]
            (control.key, control.text.in_(language)) for control in profile.controls
        ]
        for check in profile.checks:
            self.fields[f"check_{check.key}"] = forms.ChoiceField(
                label=check.text.in_(language),
                choices=[(PASSED, _("In order")), (FAILED, _("Not in order"))],
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"remark_{check.key}"] = forms.CharField(
                label=_("What is wrong, and why it is issued all the same"),
                max_length=NOTE_LIMIT,
                required=False,
            )
            self.fields[f"remark_{check.key}"].needed = True  # type: ignore[attr-defined]

    @property
    def has_inspectors(self) -> bool:
        return len(self.fields["inspector"].choices) > 1  # type: ignore[attr-defined]

    def points(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """The five points of paragraph 17, each with its remark."""
        for check in self._checks:
            yield self[f"check_{check.key}"], self[f"remark_{check.key}"]

    def clean_recorder(self) -> Recorder:
        found = _of_division(Recorder, self._division, self.cleaned_data["recorder"])
        assert isinstance(found, Recorder)
        return found

    def clean_card(self) -> Card | None:
        number = self.cleaned_data["card"]
        if not number:
            return None
        found = _of_division(Card, self._division, number)
        assert isinstance(found, Card)
        return found

    def clean(self) -> None:
        super().clean()
        given = self.cleaned_data
        for point, check in enumerate(self._checks, start=1):
            result = given.get(f"check_{check.key}")
            if not result:
                self.refuse(f"check_{check.key}", CheckMissingError(point=point))
            elif result == FAILED and not given.get(f"remark_{check.key}"):
                self.refuse(f"remark_{check.key}", CheckFailedError(point=point))
        if given.get("card") and not given.get("seal_number"):
            self.refuse("seal_number", NoSealNumberError())

    @property
    def purpose(self) -> Purpose:
        given = self.cleaned_data
        return Purpose(given["control"], given["subject"], given["object"], given["act_number"])

    @property
    def checks(self) -> dict[str, Check]:
        return {
            check.key: Check(
                passed=self.cleaned_data[f"check_{check.key}"] == PASSED,
                remark=self.cleaned_data[f"remark_{check.key}"],
            )
            for check in self._checks
        }


class FindForm(forms.Form):
    number = forms.CharField(
        label=_("Recorder or card"),
        max_length=32,
        help_text=_("Scan its inventory number, or type it, then press Enter."),
        widget=forms.TextInput(
            attrs={
                "class": "scan",
                "autocomplete": "off",
                "list": "out",
                "autofocus": True,
                "spellcheck": "false",
            }
        ),
    )


class ReturnForm(RefusableForm):
    handed_back_by = PersonField(label=_("Who hands it back"))
    seal_found = forms.ChoiceField(
        label=_("The seal"),
        # Whether it is another one, the numbers tell.
        choices=[
            (SealFound.INTACT, _("Whole")),
            (SealFound.BROKEN, SealFound.BROKEN.label),
            (SealFound.MISSING, SealFound.MISSING.label),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Look at the seal and say what you see.")},
    )
    seal_number_found = forms.CharField(
        label=_("Number on the seal"),
        max_length=NUMBER_LIMIT,
        required=False,
        help_text=_("As you read it now. Leave it empty if there is none."),
        widget=forms.TextInput(attrs={**_SCAN, "autofocus": True}),
    )
    recorder_found = forms.ChoiceField(
        choices=[(ThingFound.WHOLE, ThingFound.WHOLE.label), (ThingFound.DAMAGED, ThingFound.DAMAGED.label)],
        widget=forms.RadioSelect,
        initial=ThingFound.WHOLE,
        required=False,
    )
    recorder_words = forms.CharField(label=_("What happened to it"), max_length=NOTE_LIMIT, required=False)
    card_found = forms.ChoiceField(
        choices=ThingFound.choices, widget=forms.RadioSelect, initial=ThingFound.WHOLE, required=False
    )
    card_words = forms.CharField(label=_("What happened to it"), max_length=NOTE_LIMIT, required=False)
    condition = forms.CharField(
        label=_("Remark on its condition"),
        max_length=NOTE_LIMIT,
        required=False,
        help_text=_("A seal that is not as it was, or why somebody else hands it back."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    needed = ("seal_number_found", "recorder_words", "card_words")

    def __init__(self, *args: Any, row: JournalRow, people: Iterable[Person], **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        self._row = row
        others = [person for person in people if person.pk != row.inspector_id]
        self.fields["handed_back_by"].offer([row.inspector, *others])  # type: ignore[attr-defined]
        self.initial.setdefault("handed_back_by", str(row.inspector_id))
        self.seal_set = seal_set(row)
        if not self.seal_set:
            del self.fields["seal_found"], self.fields["seal_number_found"]
        self.fields["recorder_found"].label = f"{ThingKind.RECORDER.label} {row.recorder}"
        self.fields["card_found"].label = f"{ThingKind.CARD.label} {row.card}"
        if row.card is None:
            del self.fields["card_found"], self.fields["card_words"]
        self.fields["handed_back_by"].help_text = gettext("{inspector} received it.").format(
            inspector=row.inspector.full_name
        )

    def things(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """How the recorder and the card came back, each with the words to it."""
        for kind in self._kinds:
            yield self[f"{kind}_found"], self[f"{kind}_words"]

    def things_found(self) -> Iterator[tuple[object, Found]]:
        """For the signer: what each is called, and how it came back."""
        for kind in self._kinds:
            yield self.fields[f"{kind}_found"].label, self.found(kind)

    @property
    def _kinds(self) -> list[ThingKind]:
        return [kind for kind in ThingKind if f"{kind}_found" in self.fields]

    def found(self, kind: ThingKind) -> Found:
        """Whole, where there was none."""
        given = self.cleaned_data
        found = ThingFound(given.get(f"{kind}_found") or ThingFound.WHOLE)
        return Found(found, "" if found is ThingFound.WHOLE else given[f"{kind}_words"])

    def clean(self) -> None:
        super().clean()
        given, explained = self.cleaned_data, bool(self.cleaned_data.get("condition", "").strip())
        if "seal_found" in given:
            set_, seal = self.seal_set, self.seal_found_value
            if seal is SealFound.DIFFERENT and not given.get("seal_number_found"):
                self.refuse("seal_number_found", SealNotReadError())
            elif seal is not SealFound.INTACT and not explained:
                self.refuse("condition", SealUnexplainedError(number=set_))
        for kind in self._kinds:
            if given.get(f"{kind}_found") not in {None, "", ThingFound.WHOLE} and not given.get(
                f"{kind}_words"
            ):
                thing = self._row.card if kind is ThingKind.CARD else self._row.recorder
                self.refuse(f"{kind}_words", ThingUnexplainedError(number=str(thing)))
        other = given.get("handed_back_by")
        if other is not None and other.pk != self._row.inspector_id and not explained:
            inspector = self._row.inspector.full_name
            self.refuse("condition", OtherPersonUnexplainedError(inspector=inspector, other=other.full_name))

    @property
    def is_by_another(self) -> bool:
        """Somebody else was scanned than who received it: the page asks why (paragraph 24)."""
        return str(self["handed_back_by"].value()) != str(self._row.inspector_id)

    @property
    def seal_found_value(self) -> SealFound:
        """As it will be entered: compared with the number set at the issue."""
        found = SealFound(self.cleaned_data.get("seal_found") or SealFound.NOT_SEALED)
        number = clean(self.cleaned_data.get("seal_number_found", ""))
        return compared(self.seal_set, found, number)


def _of_division(kind: type[Recorder | Card], division: Division, number: str) -> Recorder | Card:
    """Raises `forms.ValidationError` for a number that is not the division's; it does not say whose it is."""
    number = number.strip()
    found = kind._default_manager.filter(inventory_number=number, division=division).first()  # noqa: SLF001 - Django's public way
    if found is None:
        raise forms.ValidationError(sentence(UnknownThingError(number=number)), code="unknown")
    return found
