"""The vault's key in a form: whoever acts opens it, the new person types a password of their own."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aigaq import wiring
from aigaq.access import services as access
from aigaq.access.errors import NotAReaderError
from aigaq.accounts.errors import TooManyAttemptsError
from aigaq.errors import AigaqError
from aigaq.ledger.services import By
from aigaq.registry.models import Person
from aigaq.registry.selectors import has_key
from aigaq.registry.services import KeyLater, NewKey
from aigaq.registry.succession import Key
from aigaq.vault.keys import WeakVaultPasswordError, WrapDamagedError, WrongVaultPasswordError
from aigaq.web.duty import OfficeRequest
from aigaq.web.errors import cited, sentence
from aigaq.web.session.views import address_of

NOW, LATER = "now", "later"
_OWN, _NEW, _AGAIN = "vault_password", "new_vault_password", "new_vault_password_again"
_ABOUT_OWN = (NotAReaderError, TooManyAttemptsError, WrapDamagedError, WrongVaultPasswordError)

Done = TypeVar("Done")


class VaultPasswordField(forms.CharField):
    """Never given back to a page, and never cut: a blank at the end is part of it."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        widget = forms.PasswordInput(attrs={"autocomplete": "off"})
        super().__init__(max_length=1024, strip=False, widget=widget, **kwargs)
        self.needed = True
        """Not told to be optional, though it is asked for only where a key is handed over."""


class KeyForm(forms.Form):
    """The key alone."""

    vault_password = VaultPasswordField(
        label=gettext_lazy("Your own vault password"),
        help_text=gettext_lazy("Of you who are signed in here: it opens the vault's key."),
    )
    new_vault_password = VaultPasswordField(
        label=gettext_lazy("New vault password"),
        help_text=gettext_lazy(
            "The new person types it themself: at least 12 characters, say four words. "
            "Nobody else may know it, not even you."
        ),
    )
    new_vault_password_again = VaultPasswordField(label=gettext_lazy("The same once more"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get(_NEW) and given.get(_AGAIN) and given[_NEW] != given[_AGAIN]:
            self.add_error(_AGAIN, _("The two are not the same. Type both again."))
        return given


class KeyToo(KeyForm):
    """The key beside an appointment, if the role reads and they have none yet."""

    key = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=(
            (NOW, gettext_lazy("Now: the new person is here and types a vault password")),
            (LATER, gettext_lazy("Later: until then they issue and take back, but open no recording")),
        ),
        initial=NOW,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on to Django
        super().__init__(*args, **kwargs)
        for name in (_OWN, _NEW, _AGAIN):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if self.wants_key(given) and given.get("key") != LATER:
            for name in (_OWN, _NEW, _AGAIN):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return given

    def wants_key(self, given: dict[str, Any]) -> bool:
        """Whether the appointment reads and is of somebody without a vault password."""
        raise NotImplementedError

    def made(self, request: OfficeRequest, by: By, to: Person) -> Key:
        """The key as the form gives it. Raises as `access.identify`."""
        if not self.wants_key(self.cleaned_data) or has_key(to):
            return None
        return KeyLater() if self.cleaned_data.get("key") == LATER else new_key(request, by, self)


def new_key(request: OfficeRequest, by: By, form: forms.Form) -> NewKey:
    """Raises as `access.identify`; not to be called inside a transaction."""
    given = form.cleaned_data
    identity = access.identify(wiring.ledger(), by, request.user, given[_OWN], address=address_of(request))
    return NewKey(identity, given[_NEW])


def attempt(form: forms.Form, act: Callable[[], Done]) -> Done | None:
    """As `web.acts.attempt`; what is about a vault password is said beside it."""
    try:
        return act()
    except AigaqError as error:
        field = _OWN if isinstance(error, _ABOUT_OWN) else None
        field = _NEW if isinstance(error, WeakVaultPasswordError) else field
        form.add_error(field, sentence(error))
        form.cited = cited(error)  # type: ignore[attr-defined]
        return None
