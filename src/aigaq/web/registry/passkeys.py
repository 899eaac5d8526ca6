"""Passkeys of people: enrolled at the custodian's desk with the person standing there, listed, revoked.

In two steps. The person names the key and types their own sign-in password, so that nobody enrols one for
somebody absent; then their browser makes it, for a challenge that lives in this session, briefly and once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Final, Self
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from aigaq import wiring
from aigaq.accounts.models import Passkey, User
from aigaq.accounts.passkeys import passkeys_of
from aigaq.accounts.services import prove_identity
from aigaq.core.clock import parse_rfc3339, rfc3339
from aigaq.errors import AigaqError
from aigaq.ledger.services import By
from aigaq.passkeys.enrolment import options
from aigaq.passkeys.errors import EnrolmentError
from aigaq.passkeys.site import Site
from aigaq.registry import passkeys
from aigaq.registry.models import Person, Role
from aigaq.web.acts import attempt, status_of
from aigaq.web.duty import OfficeRequest
from aigaq.web.errors import sentence
from aigaq.web.pressed import undone
from aigaq.web.registry.forms import EnrolForm
from aigaq.web.registry.reach import person_in_reach
from aigaq.web.security import open_to, open_to_signed_in
from aigaq.web.session.views import address_of
from aigaq.web.signing import site_of

_KEY: Final = "enrolling"
"""Session: whose passkey is being made, under which name, for which challenge, since when."""
_MAKING: Final = timedelta(minutes=3)
_CHALLENGE: Final = 32
"""Octets."""


@dataclass(frozen=True)
class _Making:
    user: str
    label: str
    challenge: bytes
    at: datetime

    @classmethod
    def of(cls, kept: dict[str, str] | None) -> Self | None:
        """The inverse of `kept`."""
        if kept is None:
            return None
        at = parse_rfc3339(kept["at"])
        return cls(kept["user"], kept["label"], bytes.fromhex(kept["challenge"]), at)

    @property
    def seconds(self) -> int:
        return int(_MAKING.total_seconds())

    def kept(self) -> dict[str, str]:
        return {
            "user": self.user,
            "label": self.label,
            "challenge": self.challenge.hex(),
            "at": rfc3339(self.at),
        }


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: OfficeRequest, person_id: UUID) -> HttpResponseBase:
    found = person_in_reach(request, person_id)
    user = passkeys.require_may_enrol(request.duty.by(Role.HEAD, Role.CUSTODIAN), found)
    site, stage = site_of(request), request.POST.get("stage")
    if site is not None and stage == "made":
        return _made(request, found, site)
    form = EnrolForm(request.POST if stage == "begin" else None, person=found)
    if site is not None and form.is_valid():
        making = attempt(form, lambda: _begin(request, form, user))
        if making:
            context = {"person": found, "making": making, "asked": _asked(site, making, found, user)}
            return render(request, "web/registry/make_passkey.html", context)
    context = {"form": form, "person": found, "site": site}
    return render(request, "web/registry/enrol_passkey.html", context, status=status_of(form))


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_POST
def revoke(request: OfficeRequest, person_id: UUID, passkey_id: UUID) -> HttpResponseBase:
    found = person_in_reach(request, person_id)
    _revoke(request, request.duty.by(Role.HEAD, Role.CUSTODIAN), found, passkey_id)
    return redirect("registry:person", person_id=person_id)


@open_to_signed_in
@require_POST
def revoke_own(request: OfficeRequest, passkey_id: UUID) -> HttpResponseBase:
    """Who lost a key knows it first."""
    _revoke(request, request.duty.by(), request.duty.person, passkey_id)
    return redirect("my-password")


def _begin(request: OfficeRequest, form: EnrolForm, user: User) -> _Making:
    password, ledger = form.cleaned_data["password"], wiring.ledger()
    prove_identity(ledger, user, password, purpose="passkey", address=address_of(request))
    making = _Making(str(user.pk), form.cleaned_data["label"], token_bytes(_CHALLENGE), ledger.clock.now())
    request.session[_KEY] = making.kept()
    return making


def _asked(site: Site, making: _Making, person: Person, user: User) -> str:
    return options(
        site,
        user_id=user.pk.bytes,
        name=user.username,
        full_name=person.full_name,
        challenge=making.challenge,
        known=[each.credential_id for each in passkeys_of(user, site)],
    )


def _made(request: OfficeRequest, person: Person, site: Site) -> HttpResponseBase:
    """Whatever becomes of it, the challenge was used."""
    making = _Making.of(request.session.pop(_KEY, None))
    try:
        _keep(request, making, person, site)
    except AigaqError as error:
        messages.error(request, sentence(error))
        return undone(redirect("registry:enrol-passkey", person_id=person.pk))
    messages.success(request, _("The passkey is enrolled. From now on it signs the journal."))
    return redirect("registry:person", person_id=person.pk)


def _keep(request: OfficeRequest, making: _Making | None, person: Person, site: Site) -> None:
    ledger = wiring.ledger()
    is_in_time = making is not None and timedelta() <= ledger.clock.now() - making.at <= _MAKING
    if making is None or not is_in_time or making.user != str(person.user_id):
        raise EnrolmentError(reason="nothing is being enrolled here, or for too long")
    passkeys.enrol(
        ledger,
        request.duty.by(Role.HEAD, Role.CUSTODIAN),
        person,
        site=site,
        challenge=making.challenge,
        response=request.POST.get("response", ""),
        label=making.label,
    )


def _revoke(request: OfficeRequest, by: By, person: Person, passkey_id: UUID) -> None:
    passkey = get_object_or_404(Passkey, pk=passkey_id, user=person.user_id, user__isnull=False)
    passkeys.revoke(wiring.ledger(), by, person, passkey)
    messages.success(
        request, _("The passkey is revoked: it signs nothing any more. What it signed stays signed.")
    )
