from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext

from aigaq.accounts.models import Passkey
from aigaq.accounts.passkeys import passkeys_of
from aigaq.errors import AigaqError
from aigaq.journal.errors import NoSignatureError
from aigaq.journal.services.sign import OFFERED, Means, Offer, OwnPasskey, OwnPassword
from aigaq.passkeys.assertion import asked
from aigaq.passkeys.site import Site
from aigaq.registry.models import Person
from aigaq.web.errors import sentence
from aigaq.web.session.views import address_of


@dataclass(frozen=True)
class Laid:
    """The document as it lies before the signer on this page: made anew each time the page is."""

    offer: Offer
    asked: str
    """For ``navigator.credentials.get``, as JSON."""

    @property
    def seconds(self) -> int:
        """How long it may lie there."""
        return int(OFFERED.total_seconds())

    @property
    def short_digest(self) -> str:
        """As the book will show it."""
        return f"{self.offer.digest.hex[:12]}…"


class SignForm(forms.Form):
    """The signer's own signature on whoever's screen: by one of their passkeys, or with their password.

    `offer` lays the document before the signer (``offer_issue`` and the like); it is asked only where the
    signer has a passkey of this `site`. In a view: ``attempt(form, lambda: act(…, form.means(request)))``;
    on the page: ``web/signing/sign_here.html``.
    """

    offer = forms.CharField(required=False, widget=forms.HiddenInput)
    response = forms.CharField(required=False, widget=forms.HiddenInput)
    password = forms.CharField(
        max_length=1024,
        required=False,
        strip=False,
        # A shared screen: the browser must neither fill it in nor offer to keep it.
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - passed on to Django
        signer: Person,
        site: Site | None = None,
        offer: Callable[[], Offer] | None = None,
        **kwargs: Any,  # noqa: ANN401 - passed on to Django
    ) -> None:
        super().__init__(*args, **kwargs)
        self.signer, self.site, self._offer = signer, site, offer
        password = self.fields["password"]
        password.label = gettext("Password of {name}").format(name=signer.full_name)
        password.needed = True  # type: ignore[attr-defined]
        if not self.passkeys:
            password.widget.attrs["data-focus-quietly"] = True

    def clean(self) -> None:
        super().clean()
        if not self.cleaned_data.get("response") and not self.cleaned_data.get("password"):
            self.add_error("password", sentence(NoSignatureError(person=self.signer.full_name)))

    def means(self, request: HttpRequest) -> Means:
        """How the signer signed. Raises `OfferOverError` where what they signed was not laid there by us."""
        given, address = self.cleaned_data, address_of(request)
        if given["response"] and self.site is not None:
            return OwnPasskey(Offer.opened(given["offer"]), given["response"], self.site, address)
        return OwnPassword(given["password"], address)

    @cached_property
    def passkeys(self) -> list[Passkey]:
        """Those with which the signer can sign on this page."""
        if self.site is None or self._offer is None or self.signer.user is None:
            return []
        return list(passkeys_of(self.signer.user, self.site))

    @cached_property
    def elsewhere(self) -> str:
        """The name at which a passkey of the signer's works, where none works here."""
        if self.passkeys or self._offer is None or self.signer.user is None:
            return ""
        found = passkeys_of(self.signer.user).first()
        return found.rp_id if found else ""

    @cached_property
    def laid(self) -> Laid | None:
        """What a passkey is asked to sign. The page evaluates it, so after a refused act: afresh."""
        if not self.passkeys or self._offer is None or self.site is None:
            return None
        try:
            offer = self._offer()
        except AigaqError as error:
            self.refusal = sentence(error)
            return None
        known = [(each.credential_id, each.transports) for each in self.passkeys]
        return Laid(offer, asked(self.site, offer.challenge, known))

    refusal = ""
    """Why nothing could be laid before the signer; known once `laid` was asked for."""
