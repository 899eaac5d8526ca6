"""A recording that has to be made playable first: asking for it, how far it is, and leaving it."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from aigaq import wiring
from aigaq.access.errors import VaultLockedError
from aigaq.errors import AigaqError
from aigaq.media.making.recipes import Plan
from aigaq.media.making.terms import Obstacle
from aigaq.recordings import makings
from aigaq.recordings.derivatives import choice_of, waveform_of, waveform_plan
from aigaq.recordings.models import Derivative, Making, MakingState, Product, RecordingFile
from aigaq.recordings.workshop import MOST_WAITING, TooManyWaitingError
from aigaq.retention.plans import disposed_of
from aigaq.vault.age import AgeNoMatchError
from aigaq.vault.errors import VaultError
from aigaq.web.duty import OfficeRequest
from aigaq.web.errors import sentence
from aigaq.web.recordings import looks
from aigaq.web.recordings.media import readable_file
from aigaq.web.recordings.waveform import picture_of
from aigaq.web.security import open_to, repeatable
from aigaq.web.vault.unlocked import identity_of, is_open
from aigaq.web.vault.views import READERS


@dataclass(frozen=True)
class Wanted:
    """Something of `file` that is not there yet, and how far it is."""

    file: RecordingFile
    product: Product
    is_cheap: bool
    making: Making | None
    can_begin: bool
    """The vault is open."""

    @property
    def is_on_its_way(self) -> bool:
        return self.making is not None and self.making.state in {MakingState.WAITING, MakingState.RUNNING}

    @property
    def begins_by_itself(self) -> bool:
        return self.is_cheap and self.making is None and self.can_begin

    @property
    def percent(self) -> int:
        return self.making.permille // 10 if self.making else 0

    @property
    def obstacle(self) -> str:
        """Why it was not made, as a sentence; empty if nothing was in the way."""
        code = self.making.obstacle if self.making else ""
        return _(Obstacle(code).sentence) if code else ""


def wanted(request: OfficeRequest, file: RecordingFile, product: Product) -> Wanted | None:
    """None where there is nothing to be made: because it is made, or can't be."""
    plan = plan_for(file, product)
    if plan is None:
        return None
    status = makings.status_of(wiring.clock(), file, product)
    return Wanted(file, product, plan.is_cheap, status, is_open(request))


def plan_for(file: RecordingFile, product: Product) -> Plan | None:
    """What is to be made of it yet."""
    if product == Product.WAVEFORM:
        return None if waveform_of(file) else waveform_plan(file)
    plan = choice_of(file).plan
    return plan if plan is not None and plan.product.value == product else None


@open_to(*READERS)
@require_safe
def making(request: OfficeRequest, file_id: UUID) -> HttpResponseBase:
    """Asked by an open page, again and again, until it is made."""
    file = readable_file(request, file_id)
    return _shown(request, file, _product(request.GET.get("product", "")))


@repeatable
@open_to(*READERS)
@require_POST
def make(request: OfficeRequest, file_id: UUID) -> HttpResponseBase:
    file = readable_file(request, file_id)
    product = _product(request.POST.get("product", ""))
    plan = plan_for(file, product)
    if plan is not None:
        try:
            by = looks.by_reader(request.duty.standing, file.recording.division)
            workshop = wiring.workshop()
            workshop.ask(by, file, plan, identity_of(request))
            workshop.start()
        except VaultLockedError:
            page = reverse("recordings:recording", args=[file.pk])
            return HttpResponse(status=HTTPStatus.FORBIDDEN) if request.htmx else _unlock(page)
        except (VaultError, AgeNoMatchError, TooManyWaitingError) as error:
            return _failed(request, file, error)
    return _shown(request, file, product) if request.htmx else redirect("recordings:recording", file.pk)


@repeatable
@open_to(*READERS)
@require_POST
def make_several(request: OfficeRequest) -> HttpResponseBase:
    """All files of a duty, say; each is of a division that the person reads, or it is not there."""
    asked, onward = 0, _onward(request)
    try:
        identity = identity_of(request)
    except VaultLockedError:
        return _unlock(onward)
    files = [readable_file(request, _id(name)) for name in request.POST.getlist("file")[:MOST_WAITING]]
    for file in files:
        plan = choice_of(file).plan if disposed_of(file.recording) is None else None
        by = looks.by_reader(request.duty.standing, file.recording.division)
        try:
            asked += bool(plan and wiring.workshop().ask(by, file, plan, identity))
        except TooManyWaitingError as error:
            messages.error(request, sentence(error))
            break
        except (VaultError, AgeNoMatchError) as error:
            # One that can't be read keeps no other from being made.
            messages.error(request, sentence(error))
    if asked:
        wiring.workshop().start()
        said = ngettext(
            "{n} file is being made playable. Load the page again in a while.",
            "{n} files are being made playable, one after the other. Load the page again in a while.",
            asked,
        )
        messages.success(request, said.format(n=asked))
    return redirect(onward)


@repeatable
@open_to(*READERS)
@require_POST
def cancel(request: OfficeRequest, file_id: UUID) -> HttpResponseBase:
    file = readable_file(request, file_id)
    product = _product(request.POST.get("product", ""))
    wiring.workshop().cancel(file, product)
    return _shown(request, file, product) if request.htmx else redirect("recordings:recording", file.pk)


def _unlock(onward: str) -> HttpResponseBase:
    """To the vault password, and then back to the page, where it is asked for again."""
    return redirect(reverse("vault:unlock", query={"next": onward}))


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _onward(request: OfficeRequest) -> str:
    """Where the person came from; only within this site."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if wanted and is_ours else reverse("recordings:list")


def _failed(request: OfficeRequest, file: RecordingFile, error: AigaqError) -> HttpResponseBase:
    if request.htmx:
        context = {"said": sentence(error)}
        return render(request, "web/recordings/making_failed.html", context, status=HTTPStatus.CONFLICT)
    messages.error(request, sentence(error))
    return redirect("recordings:recording", file.pk)


def _shown(request: OfficeRequest, file: RecordingFile, product: Product) -> HttpResponseBase:
    found = wanted(request, file, product)
    if found is not None:
        return render(request, "web/recordings/making.html", {"wanted": found, "file": file})
    if waveform := waveform_of(file) if product == Product.WAVEFORM else None:
        return _drawn(request, file, waveform)
    return HttpResponse(headers={"HX-Refresh": "true"})


def _drawn(request: OfficeRequest, file: RecordingFile, waveform: Derivative) -> HttpResponseBase:
    """The picture alone: were the page loaded anew, whoever listens already would have to begin again."""
    picture = picture_of(request, waveform)
    if picture is None:
        return HttpResponse()
    looks.enter(looks.by_reader(request.duty.standing, file.recording.division), "viewed", looks.about(file))
    return render(request, "web/recordings/waveform.html", {"waveform": picture})


def _product(text: str) -> Product:
    return Product(text) if text in Product.values else Product.PROXY
