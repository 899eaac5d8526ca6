"""A TOML table read strictly: each value is taken with its type, and what nobody takes is a flaw."""

from typing import Any


class FlawError(Exception):
    """What does not fit, and where."""


class Table:
    """A TOML table of which everything must be taken, each with its type, and nothing be left."""

    def __init__(self, where: str, value: Any) -> None:  # noqa: ANN401 - whatever the file holds
        if not isinstance(value, dict):
            raise FlawError(f"“{where}” is not a table")
        self.where = where
        self._rest: dict[str, Any] = dict(value)

    def _take(self, name: str) -> Any:  # noqa: ANN401 - its taker tells the type
        if name not in self._rest:
            raise FlawError(f"“{self._path(name)}” is missing")
        return self._rest.pop(name)

    def _path(self, name: str) -> str:
        return f"{self.where}.{name}" if self.where else name

    def text(self, name: str) -> str:
        value = self._take(name)
        if not isinstance(value, str) or not value or value != value.strip():
            raise FlawError(f"“{self._path(name)}” is not a text, or is empty, or has blanks around it")
        return value

    def number(self, name: str) -> int:
        value = self._take(name)
        if type(value) is not int or value < 1:
            raise FlawError(f"“{self._path(name)}” is not a whole number from 1")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._take(name)
        if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
            raise FlawError(f"“{self._path(name)}” is not a list of texts")
        return tuple(value)

    def table(self, name: str) -> "Table":
        return Table(self._path(name), self._take(name))

    def tables(self, name: str) -> "list[Table]":
        value = self._take(name)
        if not isinstance(value, list) or not value:
            raise FlawError(f"“{self._path(name)}” is not a list of tables, or is empty")
        return [Table(f"{self._path(name)}[{place}]", each) for place, each in enumerate(value)]

    def done(self) -> None:
        if self._rest:
            raise FlawError(f"“{self._path(min(self._rest))}” is not known")
