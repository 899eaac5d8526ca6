"""The code of a receipt, checked: which package, which entry, which checkpoint, and the proof of it."""

import base64
from http import HTTPStatus
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aigaq import wiring
from aigaq.accounts.rules import source_of
from aigaq.disclosure.receipts import Receipt, receipt_with
from aigaq.package.proofs import tlog_proof
from aigaq.web.disclosure.forms import CodeForm
from aigaq.web.receipts.pace import Pace
from aigaq.web.recordings.names import as_attachment
from aigaq.web.security import open_to_everyone
from aigaq.web.session.views import address_of

_pace: Final = Pace()


@open_to_everyone
@require_safe
def check(request: HttpRequest) -> HttpResponseBase:
    """Without a code, the place to type it. A code has 100 bits: who does not have it won't guess it."""
    if "code" not in request.GET:
        return render(request, "web/receipts/check.html", {"form": CodeForm()})
    if not _pace.may(source_of(address_of(request))):
        return render(
            request,
            "web/receipts/check.html",
            {"form": CodeForm(), "is_slow": True},
            status=HTTPStatus.TOO_MANY_REQUESTS,
        )
    form = CodeForm(request.GET)
    found = _found(form)
    context = {
        "form": form,
        "receipt": found,
        "root": base64.b64encode(found.root).decode() if found else "",
        "is_unknown": found is None,
        "key": str(wiring.ledger_key()),
    }
    return render(request, "web/receipts/check.html", context, status=200 if found else HTTPStatus.NOT_FOUND)


@open_to_everyone
@require_safe
def proof(request: HttpRequest) -> HttpResponseBase:
    """The inclusion proof under the newest checkpoint, as C2SP has it; the entry itself names people."""
    if not _pace.may(source_of(address_of(request))):
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS)
    found = _found(CodeForm(request.GET))
    if found is None:
        raise Http404
    response = HttpResponse(
        tlog_proof(found.seq, found.path, found.checkpoint), content_type="application/octet-stream"
    )
    response.headers["Content-Disposition"] = as_attachment(f"{found.seq}.tlog-proof")
    return response


def _found(form: CodeForm) -> Receipt | None:
    if not form.is_valid():
        return None
    return receipt_with(form.cleaned_data["code"], wiring.ledger_key())
