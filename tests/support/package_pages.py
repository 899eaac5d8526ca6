"""The page of a package in a browser without a network: opened from its folder, and given folders to check."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page


@contextmanager
def opened(browser: Browser, folder: Path, language: str = "en") -> Iterator[Page]:
    """The page from its folder, offline; nothing but files was asked for, and no script failed."""
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(15_000)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if "Policy" in message.text else None)
    page.on(
        "request", lambda asked: None if asked.url.startswith(("file:", "blob:")) else wrong.append(asked.url)
    )
    page.goto(f"file://{folder}/index.html#{language}")
    yield page
    context.close()
    assert wrong == []


def verdict(page: Page, *folders: Path, within: float = 20) -> str:
    for each in folders:
        page.set_input_files("#folder", str(each))
        end = time.monotonic() + within
        while (state := page.get_attribute("#verdict", "data-state")) in ("none", "running"):
            assert time.monotonic() < end, "it never ended"
            page.wait_for_timeout(20)
        page.evaluate("queue")
    return state


def faults(page: Page) -> set[tuple[str, str]]:
    return {
        (each.get_attribute("data-fault"), each.get_attribute("data-subject"))
        for each in page.query_selector_all(".fault")
    }
