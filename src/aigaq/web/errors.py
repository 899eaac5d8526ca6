"""Errors as a person meets them: the sentence in their language, the paragraph's own words, a way on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aigaq import wiring
from aigaq.errors import AigaqError, BadInputError, RefusedError
from aigaq.web.dates import day, moment
from aigaq.web.duty import NoPersonError, NotYoursError
from aigaq.web.security import open_to_everyone

_STATUSES: tuple[tuple[type[AigaqError], HTTPStatus], ...] = (
    (NotYoursError, HTTPStatus.FORBIDDEN),
    (NoPersonError, HTTPStatus.FORBIDDEN),
    (RefusedError, HTTPStatus.CONFLICT),
    (BadInputError, HTTPStatus.UNPROCESSABLE_ENTITY),
)


def status_of(error: AigaqError) -> HTTPStatus:
    for kind, status in _STATUSES:
        if isinstance(error, kind):
            return status
    return HTTPStatus.BAD_REQUEST


def sentence(error: AigaqError) -> str:
    """What happened and what to do, in the reader's language."""
    return _(error.message).format(**_as_read(error.details))


def _as_read(details: Mapping[str, object]) -> dict[str, object]:
    return {name: _readable(value) for name, value in details.items()}


def _readable(value: object) -> object:
    if isinstance(value, datetime):
        return moment(value)
    return day(value) if isinstance(value, date) else value


@dataclass(frozen=True)
class Cited:
    """A paragraph of the order as shown beside a refusal: the official words, and what they mean."""

    label: str
    official: str
    rendering: str
    """In the reader's language; empty where that is the official one."""


def cited(error: AigaqError) -> Cited | None:
    """The paragraph that refuses, where one does."""
    return cited_paragraph(error.paragraph) if error.paragraph else None


def cited_paragraph(number: str) -> Cited | None:
    """The paragraph with that number, where the order has one."""
    paragraph = wiring.profile().paragraph(number)
    if paragraph is None:
        return None
    language = get_language() or "kk"
    rendering = "" if language == "kk" else paragraph.text.in_(language)
    return Cited(label=paragraph.label(language), official=paragraph.text.kk, rendering=rendering)


def error_page(request: HttpRequest, error: AigaqError) -> HttpResponse:
    """The whole page, or for htmx the notice alone, which it puts where `#notices` is."""
    return _page(
        request,
        status_of(error),
        title=_("This can't be done"),
        text=sentence(error),
        code=error.code,
        cited=cited(error),
    )


def _page(request: HttpRequest, status: HTTPStatus, **context: Any) -> HttpResponse:  # noqa: ANN401 - a template's context
    fragment = bool(getattr(request, "htmx", False))
    template = "web/components/refusal.html" if fragment else "web/error.html"
    response = render(request, template, context, status=status)
    if fragment:
        response["HX-Retarget"] = "#notices"
        response["HX-Reswap"] = "innerHTML show:#notices:top"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return _page(
        request,
        HTTPStatus.BAD_REQUEST,
        title=_("The request can't be read"),
        text=_("The browser sent something this page does not understand. Go back and try again."),
        code="web.bad-request",
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return error_page(request, NotYoursError())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return _page(
        request,
        HTTPStatus.NOT_FOUND,
        title=_("There is no such page"),
        text=_("Nothing is kept under this address, or it is not for you. Choose from the menu where to go."),
        code="web.not-found",
    )


@open_to_everyone
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    return _page(
        request,
        HTTPStatus.FORBIDDEN,
        title=_("This form is no longer valid"),
        text=_(
            "Nothing was written. The page stood open too long, or you signed in again in another window. "
            "Go back, load the page again and repeat what you did."
        ),
        code="web.stale-form",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database or the session: they may be what failed."""
    return HttpResponse(
        _SERVER_ERROR.format(
            language=getattr(request, "LANGUAGE_CODE", "kk"),
            title=_("Something went wrong"),
            text=_(
                "The page could not be made. Nothing was written by halves: an act is recorded whole or "
                "not at all. Go back and try again; if it happens again, tell the administrator the time."
            ),
            home=_("To the desk"),
        ),
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
    )


_SERVER_ERROR = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/static/web/aigaq.css"></head>
<body class="bare"><main class="narrow"><h1>{title}</h1><p>{text}</p>
<p><a class="button primary" href="/">{home}</a></p></main></body></html>
"""
