from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from aigaq.disclosure.models import (
    NAME_LIMIT,
    NUMBER_LIMIT,
    REASON_LIMIT,
    TEXT_LIMIT,
    Carrier,
    Kind,
    ReceiptWay,
    Sealing,
)
from aigaq.disclosure.rules import DOCUMENT_LIMIT
from aigaq.disclosure.selectors import Stage
from aigaq.registry.models import Division
from aigaq.review.search import Wanted
from aigaq.vault.age import Addressee, AgeKeyError, Passphrase, Recipient
from aigaq.vault.age.errors import WeakPassphraseError
from aigaq.web.desk.forms import RefusableForm
from aigaq.web.errors import sentence
from aigaq.web.recordings.forms import FilterForm
from aigaq.web.registry.forms import DayInput

_GB: Final = 1000**3
CAPACITIES: Final = (
    ("", _("Not split")),
    (str(47 * _GB // 10), _("DVD, 4.7 GB")),
    (str(25 * _GB), _("Blu-ray disc, 25 GB")),
    (str(4 * _GB), _("4 GB, for carriers with FAT32")),
    (str(15 * _GB), _("16 GB stick")),
    (str(30 * _GB), _("32 GB stick")),
)


class StageForm(forms.Form):
    stage = forms.ChoiceField(
        label=_("Which"),
        required=False,
        choices=[
            ("", _("All")),
            (Stage.OPEN.value, _("Waiting for the head")),
            (Stage.APPROVED.value, _("Approved")),
            (Stage.HANDED_OVER.value, _("Handed over")),
            (Stage.REFUSED.value, _("Refused")),
        ],
    )


class PaperForm(RefusableForm):
    """What the paper says, and the scan of it. The rules are the demands' own."""

    kind = forms.ChoiceField(label=_("What it is"), choices=Kind.choices, widget=forms.RadioSelect)
    authority = forms.CharField(
        label=_("Who asks"), max_length=NAME_LIMIT, help_text=_("The court, or the body.")
    )
    official = forms.CharField(label=_("Who signed it"), max_length=NAME_LIMIT, required=False)
    their_number = forms.CharField(label=_("Its number"), max_length=NUMBER_LIMIT)
    dated_on = forms.DateField(label=_("Its date"), widget=DayInput)
    received_on = forms.DateField(label=_("When it came"), widget=DayInput)
    due_on = forms.DateField(
        label=_("The last day"), required=False, widget=DayInput, help_text=_("You are reminded before it.")
    )
    basis = forms.CharField(
        label=_("On what it rests"),
        max_length=TEXT_LIMIT,
        help_text=_("The case, and the article of the law."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    covers = forms.CharField(
        label=_("What it asks for"),
        max_length=TEXT_LIMIT,
        help_text=_("In its own words."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    document = forms.FileField(
        label=_("The scanned paper"),
        required=False,
        help_text=_("PDF, JPEG or PNG, up to 20 MB. It is encrypted like a recording."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    @property
    def octets(self) -> bytes | None:
        """Of the scan, one more than are allowed at most."""
        file: UploadedFile[Any] | None = self.cleaned_data.get("document")
        return file.read(DOCUMENT_LIMIT + 1) if file else None


class NamedForm(FilterForm):
    """Which recordings the paper names: all that fit are chosen and held in the same act."""

    def __init__(self, *args: Any, division: Division, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, division=division, prefix="named", **kwargs)
        for name in ("text", "recorder", "category", "incidents"):
            del self.fields[name]

    @property
    def is_asked(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.fields)

    @property
    def wanted(self) -> Wanted:
        given = self.cleaned_data
        day, until, inspector = given.get("day"), given.get("until"), given.get("inspector")
        return Wanted(
            since=day,
            until=until or day,
            inspector=inspector.pk if inspector else None,
            subject=given.get("subject", ""),
            object=given.get("object", ""),
        )


class ReasonForm(RefusableForm):
    """Why: a refusal, a hold let go."""

    reason = forms.CharField(
        label=_("Reason"), max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 2})
    )


class AmendForm(RefusableForm):
    reason = forms.CharField(label=_("Why it is chosen anew"), max_length=REASON_LIMIT, required=False)
    reason.needed = True  # type: ignore[attr-defined]


class PackageForm(RefusableForm):
    """How the package is given away: split or not, sealed or not."""

    capacity = forms.ChoiceField(
        label=_("Carrier"),
        required=False,
        choices=CAPACITIES,
        help_text=_(
            "A package that does not fit is split into volumes, each of which can be checked by itself."
        ),
    )
    sealing = forms.ChoiceField(label=_("On its way"), choices=Sealing.choices, widget=forms.RadioSelect)
    recipient = forms.CharField(
        label=_("The recipient's age key"),
        required=False,
        max_length=100,
        help_text=_("It begins with age1."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "mono"}),
    )
    passphrase = forms.CharField(
        label=_("Passphrase"),
        required=False,
        max_length=1024,
        strip=False,
        help_text=_("Tell it to the receiver in another way than the package goes."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    volume = forms.IntegerField(
        label=_("Which volume"),
        required=False,
        min_value=1,
        max_value=999,
        help_text=_("Of a package that is split: the first, then the next. Each is taken away by itself."),
    )
    needed = ("recipient", "passphrase")
    addressee: Addressee | None = None

    def clean(self) -> None:
        super().clean()
        sealing = self.cleaned_data.get("sealing")
        try:
            if sealing == Sealing.RECIPIENT:
                self.addressee = Recipient.parse(self.cleaned_data.get("recipient", "").strip())
            elif sealing == Sealing.PASSPHRASE:
                self.addressee = Passphrase.chosen(self.cleaned_data.get("passphrase", ""))
        except AgeKeyError:
            self.add_error("recipient", _("This is no age key. It begins with age1 and has 62 characters."))
        except WeakPassphraseError as error:
            self.add_error("passphrase", sentence(error))

    @property
    def octets(self) -> int | None:
        text = self.cleaned_data.get("capacity")
        return int(text) if text else None


class HandOverForm(RefusableForm):
    receiver = forms.CharField(label=_("Who receives it"), max_length=NAME_LIMIT, help_text=_("Full name."))
    position = forms.CharField(label=_("Their position"), max_length=NAME_LIMIT)
    basis = forms.CharField(
        label=_("By what they may receive it"),
        max_length=TEXT_LIMIT,
        help_text=_("Power of attorney, service certificate, covering letter: its number and date."),
    )
    carrier = forms.ChoiceField(label=_("On what"), choices=Carrier.choices, widget=forms.RadioSelect)
    way = forms.ChoiceField(label=_("How they sign"), choices=ReceiptWay.choices, widget=forms.RadioSelect)
    signed_name = forms.CharField(
        label=_("Their name, typed by themself"),
        required=False,
        max_length=NAME_LIMIT,
        help_text=_("Only where they sign on this screen."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    needed = ("signed_name",)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the receipt"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "mono"}),
    )
