"""Appointing, relieving, handing over a role, and handing over the vault's key (R6.1, R6.2)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aigaq import wiring
from aigaq.registry import services
from aigaq.registry.models import Appointment, Division, Person, Role
from aigaq.registry.selectors import READERS, has_key, staff_of, terms_lasting
from aigaq.web.acts import attempt, status_of
from aigaq.web.duty import OfficeRequest
from aigaq.web.registry import keys
from aigaq.web.registry.appointment_forms import AppointForm, HandOverForm, RelieveForm
from aigaq.web.registry.keys import KeyForm
from aigaq.web.registry.reach import appointment_in_reach, person_in_reach, today
from aigaq.web.security import open_to

_FORM = ["GET", "HEAD", "POST"]


@open_to(Role.HEAD)
@require_http_methods(_FORM)
def appoint(request: OfficeRequest, person_id: UUID) -> HttpResponseBase:
    found = person_in_reach(request, person_id)
    reading = terms_lasting(found.division, today())
    form = AppointForm(
        request.POST or None,
        initial={"from_on": today(), "role": request.GET.get("role", "")},
        person=found,
        deputised=[each for each in reading if not each.stands_in_for_id and each.person_id != found.pk],
    )
    if form.is_valid():
        appointment = keys.attempt(form, lambda: _appoint(request, form, found))
        if appointment:
            messages.success(request, _("The appointment is entered."))
            return redirect("registry:person", person_id=person_id)
    context = {"form": form, "person": found, "reading": reading, "has_key": has_key(found)}
    return render(request, "web/registry/appoint.html", context, status=status_of(form))


def _appoint(request: OfficeRequest, form: AppointForm, who: Person) -> Appointment:
    given, by = form.cleaned_data, request.duty.by(Role.HEAD)
    return services.appoint(
        wiring.ledger(),
        by,
        person=who,
        division=who.division,
        role=form.chosen_role,
        from_on=given["from_on"],
        until_on=given["until_on"],
        order_number=given["order_number"],
        stands_in_for=form.stands_in_for,
        key=form.made(request, by, who),
    )


@open_to(Role.HEAD)
@require_http_methods(_FORM)
def relieve(request: OfficeRequest, appointment_id: int) -> HttpResponseBase:
    appointment = appointment_in_reach(request, appointment_id)
    form = RelieveForm(
        request.POST or None, initial={"until_on": today()}, appointment=appointment, today=today()
    )
    if form.is_valid():
        until_on, by = form.cleaned_data["until_on"], request.duty.by(Role.HEAD)
        if attempt(form, lambda: services.relieve(wiring.ledger(), by, appointment, until_on)):
            messages.success(request, _("The last day is entered."))
            return redirect("registry:person", person_id=appointment.person_id)
    context = {
        "form": form,
        "appointment": appointment,
        "has_key": has_key(appointment.person),
        "reads": appointment.role in READERS,
    }
    return render(request, "web/registry/relieve.html", context, status=status_of(form))


@open_to(Role.HEAD)
@require_http_methods(_FORM)
def hand_over(request: OfficeRequest, appointment_id: int) -> HttpResponseBase:
    """One act: the predecessor's last day, the successor's first, the key."""
    appointment = appointment_in_reach(request, appointment_id)
    people = [each for each in staff_of(appointment.division) if each.pk != appointment.person_id]
    form = HandOverForm(
        request.POST or None,
        initial={"last_on": today(), "until_on": appointment.until_on},
        appointment=appointment,
        people=people,
    )
    if form.is_valid():
        made = keys.attempt(form, lambda: _hand_over(request, form, appointment))
        if made:
            messages.success(request, _("Handed over: both days are entered."))
            return redirect(_posts(appointment.division))
    context = {"form": form, "appointment": appointment, "reads": appointment.role in READERS}
    return render(request, "web/registry/hand_over.html", context, status=status_of(form))


def _hand_over(request: OfficeRequest, form: HandOverForm, appointment: Appointment) -> Appointment:
    given, by = form.cleaned_data, request.duty.by(Role.HEAD)
    return services.hand_over(
        wiring.ledger(),
        by,
        appointment,
        to=given["to"],
        last_on=given["last_on"],
        until_on=given["until_on"],
        order_number=given["order_number"],
        key=form.made(request, by, given["to"]),
    )


@open_to(Role.HEAD, Role.CUSTODIAN)
@require_http_methods(_FORM)
def hand_key(request: OfficeRequest, appointment_id: int) -> HttpResponseBase:
    """To who has none yet, or forgot theirs: by the other one of the two, or a head above."""
    appointment = appointment_in_reach(request, appointment_id)
    to, by = appointment.person, request.duty.by(Role.HEAD, Role.CUSTODIAN)
    form = KeyForm(request.POST or None)
    if form.is_valid():
        done = keys.attempt(form, lambda: _hand_key(request, form, appointment))
        if done:
            messages.success(request, _("{name} has a vault password now.").format(name=to.full_name))
            return redirect(_posts(appointment.division))
    context = {
        "form": form,
        "appointment": appointment,
        "has_key": has_key(to),
        "giver_has_key": has_key(request.duty.person),
        "is_own": str(to.pk) == by.actor.id,
        "reads": appointment.role in READERS,
    }
    return render(request, "web/registry/hand_key.html", context, status=status_of(form))


def _hand_key(request: OfficeRequest, form: KeyForm, appointment: Appointment) -> bool:
    by = request.duty.by(Role.HEAD, Role.CUSTODIAN)
    services.hand_over_key(
        wiring.ledger(),
        by,
        to=appointment.person,
        division=appointment.division,
        key=keys.new_key(request, by, form),
    )
    return True


def _posts(division: Division) -> str:
    return reverse("registry:posts", query={"division": str(division.pk)})
