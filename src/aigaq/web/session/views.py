from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from aigaq import wiring
from aigaq.access import services as access
from aigaq.accounts import services as accounts
from aigaq.accounts.errors import TooManyAttemptsError, WrongCredentialsError
from aigaq.accounts.models import User
from aigaq.core.clock import rfc3339
from aigaq.errors import AigaqError
from aigaq.journal.whose import rows_of
from aigaq.registry.selectors import person_of
from aigaq.web.duty import DIVISION_KEY, Duty, OfficeRequest, duty_of
from aigaq.web.errors import sentence
from aigaq.web.middleware import SIGNED_IN_AT_KEY
from aigaq.web.security import open_to_everyone, open_to_signed_in
from aigaq.web.session.forms import MyPasswordForm, SignInForm
from aigaq.web.shown_passkeys import shown_passkeys
from aigaq.web.vault import unlocked

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@open_to_everyone
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """A wrong name and a wrong password look alike; too many of either are told how long to wait."""
    if request.user.is_authenticated and request.method != "POST":
        return redirect("home")
    form = SignInForm(request.POST or None)
    status = HTTPStatus.OK
    if form.is_valid():
        try:
            user = accounts.sign_in(
                wiring.ledger(),
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password"],
                address=address_of(request),
            )
        except TooManyAttemptsError as error:
            form.add_error(None, sentence(error))
            status = HTTPStatus.TOO_MANY_REQUESTS
        except WrongCredentialsError as error:
            form.add_error(None, sentence(error))
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            login(request, user, backend=_BACKEND)
            request.session[SIGNED_IN_AT_KEY] = rfc3339(wiring.clock().now())
            return HttpResponseRedirect(_landing(request, user))
    elif form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(
        request, "web/session/sign_in.html", {"form": form, "next": _onward(request)}, status=status
    )


@open_to_everyone
@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Ends the session, and with it whatever was unlocked in it."""
    duty: Duty | None = getattr(request, "duty", None)
    response = redirect("login")
    if duty is not None:
        if unlocked.is_open(request):
            access.locked(wiring.ledger(), duty.standing.by(duty.standing.reading), "signed-out")
        unlocked.forget(request, response)
        accounts.signed_out(wiring.ledger(), duty.by())
    logout(request)
    messages.success(request, _("You are signed out."))
    return response


@open_to_signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def my_password(request: OfficeRequest) -> HttpResponseBase:
    form = MyPasswordForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            accounts.prove_identity(
                wiring.ledger(),
                request.user,
                form.cleaned_data["old"],
                purpose="password",
                address=address_of(request),
            )
            accounts.set_password(wiring.ledger(), request.duty.by(), request.user, form.cleaned_data["new"])
        except AigaqError as error:
            form.add_error("old" if isinstance(error, WrongCredentialsError) else None, sentence(error))
        else:
            logout(request)
            messages.success(request, _("The new password holds from now on. Sign in with it."))
            return redirect("login")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"form": form, "passkeys": shown_passkeys(request.duty.person)}
    return render(request, "web/session/my_password.html", context, status=status)


@open_to_everyone
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Kept in a cookie, so that it can be chosen before signing in."""
    return set_language(request)


@open_to_signed_in
@require_POST
def division(request: OfficeRequest) -> HttpResponseBase:
    """Choose where to work, for somebody appointed in several divisions; others stay where they are."""
    chosen = request.POST.get("division", "")
    if chosen in {str(division.pk) for division in request.duty.divisions}:
        request.session[DIVISION_KEY] = chosen
    return redirect("home")


def address_of(request: HttpRequest) -> str:
    """Where the request came from: as the server sees it, or a proxy of ours (`web.proxies`)."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _landing(request: HttpRequest, user: User) -> str:
    """Where they wanted to go; who said nothing, and has a recorder in hand, to its buttons."""
    onward, person = _onward(request), person_of(user)
    if onward != reverse("home") or person is None:
        return onward
    is_reader = duty_of(person, wiring.clock().now(), None).is_reader
    is_on_duty = rows_of(person).filter(returned=None).exists()
    return reverse("phone:page") if is_on_duty and not is_reader else onward


def _onward(request: HttpRequest) -> str:
    """Where the person wanted to go; only within this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if wanted and safe else "/"
