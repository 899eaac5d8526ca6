"""What comes to its day, the plans by which it goes, and carrying one out."""

from datetime import timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from aigaq import wiring
from aigaq.accounts.services import prove_identity
from aigaq.paperwork.apart import Apart
from aigaq.recordings.models import Recording
from aigaq.registry.models import Role
from aigaq.retention import clock, clock_rules, planning, plans
from aigaq.retention.acts import act_of, print_of, printed
from aigaq.retention.disposing import DisposalRequest, Result, dispose
from aigaq.retention.errors import UnknownPlanError
from aigaq.retention.facts import keeps_of
from aigaq.retention.models import DisposalPlan
from aigaq.retention.plans import Told
from aigaq.retention.remainders import remaining
from aigaq.web.acts import attempt, status_of
from aigaq.web.duty import OfficeRequest
from aigaq.web.errors import cited_paragraph, sentence
from aigaq.web.numbers import ids_in
from aigaq.web.pdf import pdf_response
from aigaq.web.retention.forms import DayForm, OwnPasswordForm, ReasonForm
from aigaq.web.retention.shown import ShownPlan, shown
from aigaq.web.security import open_to
from aigaq.web.vault.views import READERS


@open_to(*READERS)
@require_safe
def keeping(request: OfficeRequest) -> HttpResponseBase:
    return _page(request)


@open_to(Role.CUSTODIAN)
@require_POST
def propose(request: OfficeRequest) -> HttpResponseBase:
    """What the page showed, and nothing that nobody has read: a second press proposes no second plan."""
    duty, profile = request.duty, wiring.profile()
    due = [each.recording.pk for each in plans.survey(duty.division, wiring.clock().now(), profile).due]
    read = list(ids_in(request.POST.getlist("recording")))
    chosen = [pk for pk in due if pk in set(read)]
    form = forms.Form(request.POST)
    form.is_valid()
    made = attempt(
        form,
        lambda: planning.propose(
            wiring.ledger(),
            duty.by(Role.CUSTODIAN),
            division=duty.division,
            custodian=duty.person,
            # None of it is due by now: why, the refusal says.
            recordings=chosen or read,
            profile=profile,
        ),
    )
    if made is None:
        return _page(request, form=form)
    messages.success(
        request, _("Plan {number} is proposed. The head approves it.").format(number=made.number)
    )
    return redirect("retention:plan", plan_id=made.pk)


@open_to(Role.HEAD)
@require_POST
def confirm_day(request: OfficeRequest) -> HttpResponseBase:
    duty, form = request.duty, DayForm(request.POST)
    if form.is_valid():
        done = attempt(
            form,
            lambda: clock.confirm_day(
                wiring.ledger(),
                duty.by(Role.HEAD),
                division=duty.division,
                head=duty.person,
                day=form.cleaned_data["day"],
                password=form.cleaned_data["password"],
                address=request.META.get("REMOTE_ADDR", ""),
                profile=wiring.profile(),
            ),
        )
        if done is not None:
            messages.success(request, _("The day is confirmed. Disposals are possible again."))
            return redirect("retention:list")
    return _page(request, day_form=form)


@open_to(*READERS)
@require_safe
def plan(request: OfficeRequest, plan_id: UUID) -> HttpResponseBase:
    return plan_page(request, plan_of(request, plan_id))


@open_to(*READERS)
@require_POST
def drop(request: OfficeRequest, plan_id: UUID) -> HttpResponseBase:
    duty, found, form = request.duty, plan_of(request, plan_id), ReasonForm(request.POST)
    if form.is_valid():
        done = attempt(
            form,
            lambda: planning.drop(
                wiring.ledger(),
                duty.by(*READERS),
                division=duty.division,
                plan=found.pk,
                person=duty.person,
                reason=form.cleaned_data["reason"],
            ),
        )
        if done is not None:
            messages.success(request, _("Dropped. Nothing of it goes."))
            return redirect("retention:plan", plan_id=plan_id)
    return plan_page(request, found, drop_form=form)


@open_to(*READERS)
@require_POST
def carry_out(request: OfficeRequest, plan_id: UUID) -> HttpResponseBase:
    found, form = plan_of(request, plan_id), OwnPasswordForm(request.POST)
    if form.is_valid():
        result = attempt(form, lambda: _carried_out(request, found, form.cleaned_data["password"]))
        if result is not None:
            messages.success(
                request,
                ngettext(
                    "Act No. {act}: {number} recording is destroyed.",
                    "Act No. {act}: {number} recordings are destroyed.",
                    result.recordings,
                ).format(act=f"Ө-{result.seq}", number=result.recordings),
            )
            return redirect("retention:plan", plan_id=plan_id)
    return plan_page(request, found, carry_out_form=form)


@open_to(*READERS)
@require_POST
def act(request: OfficeRequest, plan_id: UUID) -> HttpResponseBase:
    """The act of destruction, for paper; entered before anybody has it."""
    found = plan_of(request, plan_id)
    try:
        octets, number = print_of(found, wiring.profile(), typesetter=Apart()), act_of(found).number
    except UnknownPlanError as error:
        raise Http404 from error
    printed(wiring.ledger(), request.duty.by(*READERS), found)
    return pdf_response(octets, f"{number}.pdf")


def plan_of(request: OfficeRequest, plan_id: UUID) -> DisposalPlan:
    """Of the division at whose desk they are. To all others it is not there: 404."""
    try:
        return plans.plan_with(plan_id, request.duty.division)
    except UnknownPlanError as error:
        raise Http404 from error


def told_in(found: DisposalPlan) -> list[Told]:
    """Its recordings as they are kept now, in its order."""
    asked = [UUID(item[0]) for item in found.items]
    keeps = keeps_of(asked, wiring.profile())
    recordings = Recording.objects.select_related("recorder", "disposed").prefetch_related(plans.with_files())
    by_id = recordings.in_bulk(asked)
    return [Told(by_id[pk], keeps[pk]) for pk in asked if pk in by_id]


def plan_page(request: OfficeRequest, found: DisposalPlan, **form: forms.Form) -> HttpResponse:
    found = plans.plan_with(found.pk, request.duty.division)
    state, profile = plans.state_of(found), wiring.profile()
    approved_at = state.approved_at
    context = {
        "plan": found,
        "shown": ShownPlan(found),
        "state": state,
        "told": shown(told_in(found)),
        "ready_at": approved_at + timedelta(days=profile.retention.wait_days) if approved_at else None,
        "is_ready": approved_at is not None
        and wiring.clock().now() >= approved_at + timedelta(days=profile.retention.wait_days),
        "disposed": found.disposed.first(),
        "spared": found.disposing.spared if state.is_begun else [],
        "remaining": remaining(found),
        "removed": found.removed.order_by("pk"),
        "drop_form": ReasonForm(),
        "carry_out_form": OwnPasswordForm(),
        "paragraph": cited_paragraph("13"),
        **form,
    }
    status = next((status_of(each) for each in form.values()), 200)
    return render(request, "web/retention/plan.html", context, status=status)


def _carried_out(request: OfficeRequest, found: DisposalPlan, password: str) -> Result:
    duty, ledger = request.duty, wiring.ledger()
    prove_identity(
        ledger, request.user, password, purpose="disposal", address=request.META.get("REMOTE_ADDR", "")
    )
    asked = DisposalRequest(
        person=duty.person, division=duty.division, plan=found.pk, profile=wiring.profile()
    )
    return dispose(ledger, duty.by(*READERS), asked, wiring.stores())


def _page(request: OfficeRequest, **form: forms.Form) -> HttpResponse:
    division, now, profile = request.duty.division, wiring.clock().now(), wiring.profile()
    survey = plans.survey(division, now, profile)
    months = plans.coming(division, now)
    most = max(number for _month, number in months) or 1
    doubt = clock_rules.obstacle(clock.clock_of(now, profile), profile.retention.gap_days)
    context = {
        "survey": survey,
        "due": shown(survey.due),
        "kept": shown(survey.kept),
        "months": [(month, number, round(number * 100 / most)) for month, number in months if number],
        "first_month": months[0][0],
        "plans": [ShownPlan(each) for each in plans.plans_of(division)],
        "doubt": sentence(doubt) if doubt else "",
        "day_form": DayForm(),
        "paragraph": cited_paragraph("13"),
        **form,
    }
    status = next((status_of(each) for each in form.values()), 200)
    return render(request, "web/retention/list.html", context, status=status)
