from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aigaq.web.duty import OfficeRequest
from aigaq.web.security import open_to_signed_in


@open_to_signed_in
@require_safe
def home(request: OfficeRequest) -> HttpResponseBase:
    return render(request, "web/desk/home.html", {})
