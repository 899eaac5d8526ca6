"""A browser of somebody of the cast, before the pages themselves (Django's test client, checks of forms on)."""

import re
from html import unescape

from django.test import Client
from django.urls import reverse

from aigaq import wiring
from aigaq.core.clock import rfc3339
from aigaq.registry.models import Person
from aigaq.web.middleware import SIGNED_IN_AT_KEY

_TAGS = re.compile(r"<[^>]+>")


class Visitor(Client):
    def __init__(self, person: Person | None = None, *, language: str = "en") -> None:
        super().__init__(enforce_csrf_checks=True)
        self.cookies["django_language"] = language
        if person is not None:
            assert person.user is not None
            self.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
            session = self.session
            session[SIGNED_IN_AT_KEY] = rfc3339(wiring.clock().now())
            session.save()

    def submit(self, path: str, data: dict | None = None, **extra):
        """Post a form as its page would, with the token that its page carries."""
        if "csrftoken" not in self.cookies:
            self.get(reverse("home"), follow=True)
        token = self.cookies["csrftoken"].value
        return self.post(path, {"csrfmiddlewaretoken": token, **(data or {})}, **extra)


def text_of(response) -> str:
    """What a person reads on the page, in one line."""
    return " ".join(unescape(_TAGS.sub(" ", response.content.decode())).split())
