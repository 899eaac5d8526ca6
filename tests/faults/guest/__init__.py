"""Programs that run inside a guest (`tests.support.uml`), not here."""

import os

import django


def begin() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "aigaq.settings"
    django.setup()
