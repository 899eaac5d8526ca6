"""The staff list: who there is, in which role, by which order, and who signs in.

The head keeps the list, of the own division and of those under it. The custodian reads it. An
administrator sees the logins of the division and may shut or open one, but never gives a password:
who knew it could sign the journal in another's name.
"""

import secrets
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aigaq import wiring
from aigaq.accounts import services as accounts
from aigaq.accounts.models import User
from aigaq.accounts.passkeys import have_passkeys
from aigaq.registry import passkeys, selectors, services
from aigaq.registry.models import Appointment, Division, Person, Role
from aigaq.web.acts import attempt, status_of
from aigaq.web.duty import Duty, OfficeRequest
from aigaq.web.notices.forms import EmailForm
from aigaq.web.pressed import ending_at
from aigaq.web.registry.forms import DivisionForm, PersonForm
from aigaq.web.registry.reach import division_in_reach, person_in_reach, scope_of, today
from aigaq.web.registry.shown import shown_terms
from aigaq.web.security import open_to
from aigaq.web.shown_passkeys import shown_passkeys

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are mixed up on paper: i, l, o, 0, 1."""
_GROUPS, _GROUP = 4, 4


def new_password() -> str:
    """79 bits of chance in four groups that can be read out over a desk."""
    return "-".join("".join(secrets.choice(_LETTERS) for _n in range(_GROUP)) for _g in range(_GROUPS))


@open_to(Role.HEAD, Role.CUSTODIAN, Role.ADMINISTRATOR)
@require_safe
def people(request: OfficeRequest) -> HttpResponseBase:
    scope = scope_of(request.duty)
    chosen = division_in_reach(request, request.GET.get("division"))
    staff = selectors.staff_of(chosen)
    roles = selectors.roles_on(staff, wiring.clock().now())
    context = {
        "scope": scope,
        "chosen": chosen,
        "people": [(person, roles.get(person.pk, [])) for person in staff],
        "with_passkey": have_passkeys(person.user_id for person in staff if person.user_id),
    }
    return render(request, "web/registry/people.html", context)


@open_to(Role.HEAD, Role.CUSTODIAN, Role.ADMINISTRATOR)
@require_safe
def person(request: OfficeRequest, person_id: UUID) -> HttpResponseBase:
    found = person_in_reach(request, person_id)
    appointments = found.appointments.select_related("division", "stands_in_for__person")
    context = {
        "person": found,
        "appointments": shown_terms(appointments.order_by("-from_on", "-pk")),
        "keeps_staff": request.duty.is_head,
        "hand_overs": _hand_overs(request.duty, found),
        "today": today(),
        "passkeys": shown_passkeys(found),
        **_over_passkeys(request.duty, found),
    }
    return render(request, "web/registry/person.html", context)


def _over_passkeys(duty: Duty, whose: Person) -> dict[str, bool]:
    """What the one who looks may do about the person's passkeys."""
    if not duty.is_reader:
        return {}
    by = duty.by(Role.HEAD, Role.CUSTODIAN)
    return {
        "may_enrol": passkeys.refusal_to_enrol(by, whose) is None,
        "may_revoke": passkeys.refusal_to_revoke(by, whose) is None,
    }


@open_to(Role.HEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def add_person(request: OfficeRequest) -> HttpResponseBase:
    """Enter somebody with a login and a role, as one act; the password is shown this once."""
    division = division_in_reach(request, request.GET.get("division"))
    form = PersonForm(request.POST or None, initial={"from_on": today(), "role": Role.INSPECTOR})
    if form.is_valid():
        password = new_password()
        added = attempt(form, lambda: _enter(request, form, division, password))
        if added:
            shown = _show_password(request, added, password)
            return ending_at(shown, reverse("registry:person", args=[added.pk]))
    context = {"form": form, "division": division}
    return render(request, "web/registry/add_person.html", context, status=status_of(form))


@transaction.atomic
def _enter(request: OfficeRequest, form: PersonForm, division: Division, password: str) -> Person:
    ledger, by, given = wiring.ledger(), request.duty.by(Role.HEAD), form.cleaned_data
    user = accounts.create_user(ledger, by, username=given["username"], password=password)
    added = services.add_person(
        ledger,
        by,
        full_name=given["full_name"],
        post=given["post"],
        staff_number=given["staff_number"],
        division=division,
        user=user,
    )
    if given["role"]:
        services.appoint(
            ledger,
            by,
            person=added,
            division=division,
            role=Role(given["role"]),
            from_on=given["from_on"],
            until_on=given["until_on"],
            order_number=given["order_number"],
        )
    return added


@open_to(Role.HEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def add_division(request: OfficeRequest) -> HttpResponseBase:
    parent = division_in_reach(request, request.GET.get("division"))
    form = DivisionForm(request.POST or None)
    if form.is_valid():
        name, by = form.cleaned_data["name"], request.duty.by(Role.HEAD)
        added = attempt(form, lambda: services.add_division(wiring.ledger(), by, name=name, parent=parent))
        if added:
            messages.success(request, _("The division is entered."))
            return redirect("registry:people")
    context = {"form": form, "parent": parent}
    return render(request, "web/registry/add_division.html", context, status=status_of(form))


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_http_methods(["GET", "HEAD", "POST"])
def email(request: OfficeRequest, person_id: UUID) -> HttpResponseBase:
    """Where they are told of what they are told on the screen."""
    found = person_in_reach(request, person_id)
    form = EmailForm(request.POST or None, initial={"email": found.email})
    if form.is_valid():
        given, by = form.cleaned_data["email"], request.duty.by(Role.HEAD, Role.CUSTODIAN)
        if attempt(form, lambda: services.set_email(wiring.ledger(), by, found, given)):
            messages.success(request, _("The address is entered."))
            return redirect("registry:person", person_id=person_id)
    context = {
        "form": form,
        "back": reverse("registry:person", args=[person_id]),
        "back_label": found.full_name,
        "whose": found,
    }
    return render(request, "web/notices/email.html", context, status=status_of(form))


@open_to(Role.HEAD)
@require_POST
def give_password(request: OfficeRequest, person_id: UUID) -> HttpResponseBase:
    """For who forgot theirs. It ends their sessions, and the ledger says who gave it."""
    found = person_in_reach(request, person_id)
    password = new_password()
    accounts.set_password(wiring.ledger(), request.duty.by(Role.HEAD), _user(found), password)
    return _show_password(request, found, password)


@open_to(Role.HEAD, Role.ADMINISTRATOR)
@require_POST
def shut_login(request: OfficeRequest, person_id: UUID) -> HttpResponseBase:
    found = person_in_reach(request, person_id)
    by = request.duty.by(Role.HEAD, Role.ADMINISTRATOR)
    accounts.disable(wiring.ledger(), by, _user(found))
    messages.success(request, _("This person can't sign in any more."))
    return redirect("registry:person", person_id=person_id)


@open_to(Role.HEAD, Role.ADMINISTRATOR)
@require_POST
def open_login(request: OfficeRequest, person_id: UUID) -> HttpResponseBase:
    found = person_in_reach(request, person_id)
    by = request.duty.by(Role.HEAD, Role.ADMINISTRATOR)
    accounts.enable(wiring.ledger(), by, _user(found))
    messages.success(request, _("This person can sign in again."))
    return redirect("registry:person", person_id=person_id)


def _show_password(request: OfficeRequest, whose: Person, password: str) -> HttpResponseBase:
    return render(request, "web/registry/password.html", {"person": whose, "password": password})


def _hand_overs(duty: Duty, person: Person) -> list[Appointment]:
    """By which the person received what the division at hand has."""
    found = person.appointments.filter(division=duty.division, role=Role.CUSTODIAN)
    return list(found.order_by("-from_on", "-pk"))


def _user(person: Person) -> User:
    if person.user is None:
        raise Http404
    return person.user
