"""Doing an act from a form: it is done, or the form says why not and what to do."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from django import forms

from aigaq.accounts.errors import TooManyAttemptsError, WrongPasswordError
from aigaq.errors import AigaqError
from aigaq.journal.errors import NoSignatureError, WrongSignatureError
from aigaq.web.errors import cited, sentence

_ABOUT_PASSWORDS = frozenset(
    kind.code for kind in (NoSignatureError, TooManyAttemptsError, WrongPasswordError, WrongSignatureError)
)

Done = TypeVar("Done")


def attempt(form: forms.Form, act: Callable[[], Done]) -> Done | None:
    """What `act` gives; None if it was refused, and then `form` carries the sentence.

    What is about a password is said beside the form's field `password`, if it has one.
    """
    try:
        return act()
    except AigaqError as error:
        beside = error.code in _ABOUT_PASSWORDS and "password" in form.fields
        form.add_error("password" if beside else None, sentence(error))
        form.cited = cited(error)  # type: ignore[attr-defined]
        return None


def status_of(form: forms.Form) -> HTTPStatus:
    """Of the page that shows `form`: fresh, or given back because something in it is wrong."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and form.errors else HTTPStatus.OK
