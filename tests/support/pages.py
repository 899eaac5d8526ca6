"""Every address of the site, read from the URL conf itself, so that none can be forgotten."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    name: str
    """With its namespace: ``journal:row``."""
    view: Callable[..., Any]
    parameters: frozenset[str]


def addresses() -> list[Address]:
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns, namespace: str) -> Iterator[Address]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern.url_patterns, namespace + inner)
        else:
            assert isinstance(pattern, URLPattern)
            name = f"{namespace}{pattern.name}"
            yield Address(name, pattern.callback, frozenset(pattern.pattern.converters))
