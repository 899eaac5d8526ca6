"""Pages in a real browser (Debian's Chromium, headless): signing in, waiting, and looking at the result."""

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from aigaq.registry.models import Person
from tests.support import amount
from tests.support.office import password_of, vault_password_of

PICTURES = os.environ.get("AIGAQ_TEST_PICTURES")
"""A folder for pictures of the pages, for a person to look at."""

LANGUAGE = os.environ.get("AIGAQ_TEST_LANGUAGE", "en")
"""Of the pages, for pictures in another one: a test that reads English words fails then."""

SIZES = {"wide": (1280, 900), "phone": (360, 740)}
_AXE = Axe()


@contextmanager
def playing() -> Iterator[Playwright]:
    """What starts browsers and speaks to them; only one at a time."""
    # Its loop runs in this thread, so Django takes every call here for an asynchronous one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            yield playwright
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextmanager
def chromium(playwright: Playwright, *arguments: str) -> Iterator[Browser]:
    browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium", args=["--no-sandbox", *arguments]
    )
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def page_at(browser: Browser, address: str) -> Iterator[Page]:
    """A page in English of a browser with nothing kept; no script failed and nothing broke the policy."""
    context = browser.new_context(locale="en", viewport={"width": 1280, "height": 900})
    speak(context, LANGUAGE, address)
    page = context.new_page()
    page.set_default_timeout(15_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console", lambda message: faults.append(message.text) if "Security Policy" in message.text else None
    )
    yield page
    context.close()
    assert faults == [], faults


def speak(context: BrowserContext, language: str, address: str) -> None:
    """From the next page on it is in this language."""
    context.add_cookies([{"name": "django_language", "value": language, "url": address}])


def sign_in(page: Page, address: str, person: Person) -> None:
    page.goto(address + reverse("login"))
    page.fill("#id_username", person.user.username)
    page.fill("#id_password", password_of(person.user.username))
    page.click("main button.primary")
    page.wait_for_selector(".whoami")


def unlock_here(page: Page, person: Person) -> None:
    page.fill("#id_vault_password", vault_password_of(person.user.username))
    page.press("#id_vault_password", "Enter")
    page.wait_for_selector(".vault.open")


def shown_at(page: Page, name: str) -> None:
    """At both widths the page fits; axe finds nothing; and a picture, if somebody wants to look.

    axe looks at both in the long runs. What it judges hardly depends on the width, and it takes longer than all the
    rest: in `make test` it looks at half of the pages on a wide screen, at the other half on a phone.
    """
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is {wide} wide on a {size}"
        if amount.FULL or size == list(SIZES)[zlib.crc32(name.encode()) % len(SIZES)]:
            found = _AXE.run(page).response["violations"]
            assert found == [], (
                name,
                [(each["id"], [node["html"] for node in each["nodes"]]) for each in found],
            )
        picture(page, f"{name}-{size}")
    page.set_viewport_size({"width": 1280, "height": 900})


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def media(page: Page, expression: str):
    return page.evaluate(f"(m => {expression})(document.querySelector('video, audio'))")


def until(page: Page, expression: str) -> None:
    """Waits in the page itself; Playwright's own way evaluates strings there, which the page forbids."""
    page.evaluate(f"""async () => {{
        const holds = m => {expression}, end = performance.now() + 15000;
        while (!holds(document.querySelector("video, audio"))) {{
            if (performance.now() > end) throw new Error("it never came");
            await new Promise(resolve => setTimeout(resolve, 20));
        }}
    }}""")
