"""Opening the vault for a while, and locking it again."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aigaq import wiring
from aigaq.access import services as access
from aigaq.access.services import Unlocked
from aigaq.accounts.errors import TooManyAttemptsError
from aigaq.errors import AigaqError
from aigaq.registry import services as registry
from aigaq.registry.models import Role
from aigaq.registry.selectors import has_key
from aigaq.web.duty import OfficeRequest
from aigaq.web.errors import cited, sentence
from aigaq.web.pressed import undone
from aigaq.web.security import open_to, repeatable
from aigaq.web.session.views import address_of
from aigaq.web.vault import unlocked
from aigaq.web.vault.forms import UnlockForm

READERS = (Role.HEAD, Role.CUSTODIAN)


@repeatable
@open_to(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: OfficeRequest) -> HttpResponseBase:
    """Ask for the vault password, and go back to where it was needed."""
    form = UnlockForm(request.POST if request.method == "POST" else None)
    onward = _onward(request)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    if form.is_valid():
        try:
            opened = _open(request, form.cleaned_data["vault_password"])
        except AigaqError as error:
            form.add_error("vault_password", sentence(error))
            form.cited = cited(error)  # type: ignore[attr-defined]
            if isinstance(error, TooManyAttemptsError):
                status = HTTPStatus.TOO_MANY_REQUESTS
        else:
            response = HttpResponseRedirect(onward)
            unlocked.keep(request, response, opened)
            return response
    context = {
        "form": form,
        "next": onward,
        "minutes": settings.UNLOCK_SECONDS // 60,
        "has_key": has_key(request.duty.person),
    }
    return render(request, "web/vault/unlock.html", context, status=status)


@repeatable
@open_to(*READERS)
@require_POST
def lock(request: OfficeRequest) -> HttpResponseBase:
    """Lock before the time is over. Of a vault that is locked already nothing is entered."""
    response = redirect(_onward(request))
    if unlocked.is_open(request):
        access.locked(wiring.ledger(), request.duty.by(*READERS), "asked")
        messages.success(request, _("The recordings are locked."))
    unlocked.forget(request, response)
    return response


@open_to(*READERS)
@require_safe
def state(request: OfficeRequest) -> HttpResponseBase:
    """Asked by an open page: 204 while it may go on showing, 403 once it must stop."""
    lock = unlocked.lock_of(request)
    return HttpResponse(status=HTTPStatus.NO_CONTENT) if lock is None else refused(lock)


def refused(lock: AigaqError) -> HttpResponse:
    """Why no recording is given, for what is not a page: a player, a picture."""
    return HttpResponse(sentence(lock), content_type="text/plain; charset=utf-8", status=HTTPStatus.FORBIDDEN)


def to_unlock(request: HttpRequest) -> HttpResponseRedirect:
    """To the vault password, and then back to this page."""
    return undone(HttpResponseRedirect(reverse("vault:unlock", query={"next": request.get_full_path()})))


def _open(request: OfficeRequest, vault_password: str) -> Unlocked:
    ledger = wiring.ledger()
    registry.attend(ledger)
    return access.unlock(
        ledger,
        request.duty.by(*READERS),
        request.user,
        vault_password,
        process_secret=wiring.process_secret(),
        session_id=unlocked.session_id_of(request),
        address=address_of(request),
    )


def _onward(request: HttpRequest) -> str:
    """Where the person wanted to go; only within this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if wanted and safe else reverse("recordings:list")
