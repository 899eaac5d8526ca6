"""A regulation profile: its wording and numbers, read from a TOML file beside this module, strictly.

A profile that lacks something, or says more than is understood, is refused as a whole: what is printed
and what is refused rests on it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import Literal, TypeVar, get_args

from aigaq.errors import N_, AigaqError, BadInputError
from aigaq.regulation.keeping import LEAST_YEARS
from aigaq.regulation.strict import FlawError, Table

Language = Literal["kk", "ru", "en"]
OFFICIAL: Language = "kk"
BUILT_IN = "order-236"
"""The profile of an installation that names no other."""
BLANK = "___"
"""What the form leaves open for a number."""
COLUMNS = 7
"""Of the annex."""
CHECKS = 5
"""Points of paragraph 17."""
_WHOLE = 100
"""Per cent."""

_LABELS: Mapping[Language, str] = {
    "kk": "{number}-тармақ",
    "ru": "пункт {number}",
    "en": "paragraph {number}",
}


class UnknownProfileError(BadInputError):
    code = "regulation.unknown-profile"
    message = N_("There is no regulation profile “{key}”. Give one of: {known}.")


class MalformedProfileError(AigaqError):
    code = "regulation.malformed"
    message = N_("The regulation profile “{key}” can't be used: {reason}. Install Aigaq anew.")


def language_of(code: str) -> Language:
    """The language of a code such as ``ru`` or ``ru-kz``; the official one where there is no rendering."""
    for language in get_args(Language):
        if code.lower().split("-")[0] == language:
            return language  # type: ignore[no-any-return]
    return OFFICIAL


@dataclass(frozen=True, slots=True)
class Text:
    """The official wording in Kazakh, with its renderings for the screen."""

    kk: str
    ru: str
    en: str

    def in_(self, code: str) -> str:
        match language_of(code):
            case "kk":
                return self.kk
            case "ru":
                return self.ru
            case "en":
                return self.en


@dataclass(frozen=True, slots=True)
class Clause:
    """Something the order names. `key` is stored with what is entered and never changes."""

    key: str
    paragraph: str
    text: Text


@dataclass(frozen=True, slots=True)
class Control(Clause):
    """A kind of control: what recordings are made for, and how long they are kept by it at least."""

    retention_years: int


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """What keeps a recording besides the kind of control it was made for (paragraph 13)."""

    paragraph: str
    offence: str
    """Key of the kind of control as which what was marked as an offence is kept, too."""
    offence_marks: tuple[str, ...]
    """Keys of those marks."""
    wait_days: int
    """Between the head's approval of a disposal and its execution."""
    gap_days: int
    """For so long the ledger may have no entry before the clock is doubted."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`text.kk` is the paragraph as published, its parts on lines of their own; the others are summaries."""

    number: str
    text: Text

    def label(self, code: str) -> str:
        """Say, ``8-тармақ``."""
        return _LABELS[language_of(code)].format(number=self.number)


@dataclass(frozen=True, slots=True)
class Column:
    number: int
    head: Text


@dataclass(frozen=True, slots=True)
class Form:
    """The journal's printed form. `started`, `ended` and `last_page` have blanks to fill in."""

    title: Text
    division_line: Text
    started: Text
    ended: Text
    last_page: Text
    columns: tuple[Column, ...]

    def inscription(self, sheets: int, code: str = OFFICIAL) -> str:
        """What the custodian writes on the last page (paragraph 10)."""
        return self.last_page.in_(code).replace(BLANK, str(sheets))


@dataclass(frozen=True, slots=True)
class CoverageTerms:
    """How much of a duty has to be recorded, and what is borne (`docs/lifecycles/coverage.md`)."""

    start_grace: timedelta
    end_grace: timedelta
    pause_margin: timedelta
    join: timedelta
    seam: timedelta
    threshold: timedelta
    awaits: timedelta
    """After the return; until then a card is awaited."""


@dataclass(frozen=True, slots=True)
class SampleRule:
    """How much of what a month recorded is looked through at least (paragraph 6)."""

    percent: int
    """Of the duties of each inspector, rounded up."""
    least: int
    """Duties of the division in all."""
    days: int
    """After the month, for having looked."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Lists are in the order's own order, and none is empty."""

    key: str
    title: Text
    reference: Text
    controls: tuple[Control, ...]
    checks: tuple[Clause, ...]
    """What the inspector checks before use."""
    bases: tuple[Clause, ...]
    """On what a recording may be handed over."""
    marks: tuple[Clause, ...]
    """What a mark on a recording may say is to be seen there."""
    sample: SampleRule
    retention: RetentionRule
    wearing: Clause
    badge: Clause
    coverage: CoverageTerms
    form: Form
    paragraphs: tuple[Paragraph, ...]
    terms: tuple[Clause, ...]

    @property
    def retention_years(self) -> int:
        """The longest of all kinds: for a recording whose kind of control isn't known."""
        return max(control.retention_years for control in self.controls)

    def control(self, key: str) -> Control | None:
        return next((control for control in self.controls if control.key == key), None)

    def check(self, key: str) -> Clause | None:
        return next((check for check in self.checks if check.key == key), None)

    def mark(self, key: str) -> Clause | None:
        return next((mark for mark in self.marks if mark.key == key), None)

    def paragraph(self, number: str) -> Paragraph | None:
        """What a refusal rests on: an error's `paragraph` names it."""
        return next((paragraph for paragraph in self.paragraphs if paragraph.number == number), None)

    def term(self, key: str) -> Clause | None:
        return next((term for term in self.terms if term.key == key), None)


Named = TypeVar("Named", bound=Clause)

_FILES = {BUILT_IN: "order_236.toml"}


@cache
def load(key: str = BUILT_IN) -> Profile:
    """Raises `UnknownProfileError` or `MalformedProfileError`."""
    if key not in _FILES:
        raise UnknownProfileError(key=key, known=", ".join(sorted(_FILES)))
    return parse(key, resources.files(__package__).joinpath(_FILES[key]).read_text(encoding="utf-8"))


def parse(key: str, toml: str) -> Profile:
    """Read the profile that must call itself `key`. Raises `MalformedProfileError`."""
    try:
        profile = _profile(Table("", tomllib.loads(toml)))
    except (tomllib.TOMLDecodeError, FlawError) as error:
        raise MalformedProfileError(key=key, reason=str(error)) from error
    if profile.key != key:
        raise MalformedProfileError(key=key, reason=f"it calls itself “{profile.key}”")
    return profile


def _profile(table: Table) -> Profile:
    profile = Profile(
        key=table.text("key"),
        title=_text(table.table("title")),
        reference=_text(table.table("reference")),
        controls=_once("controls", [_control(each) for each in table.tables("controls")]),
        checks=_clauses(table, "checks"),
        bases=_clauses(table, "bases"),
        marks=_clauses(table, "marks"),
        sample=_sample(table.table("sample")),
        retention=_retention(table.table("retention")),
        wearing=_clause(table.table("wearing")),
        badge=_clause(table.table("badge")),
        coverage=_coverage(table.table("coverage")),
        form=_form(table.table("form")),
        paragraphs=tuple(_paragraph(each) for each in table.tables("paragraphs")),
        terms=_clauses(table, "terms"),
    )
    table.done()
    _hold_together(profile)
    return profile


def _hold_together(profile: Profile) -> None:
    """What no single table shows: numbers run on, and every paragraph that is named is there."""
    if len(profile.checks) != CHECKS:
        raise FlawError(f"it has {len(profile.checks)} checks, not {CHECKS}")
    if [column.number for column in profile.form.columns] != list(range(1, COLUMNS + 1)):
        raise FlawError(f"its columns are not numbered from 1 to {COLUMNS}")
    numbers = [paragraph.number for paragraph in profile.paragraphs]
    if numbers != [str(number) for number in range(1, len(numbers) + 1)]:
        raise FlawError("its paragraphs are not numbered from 1 on")
    for control in profile.controls:
        if control.retention_years < LEAST_YEARS:
            raise FlawError(f"“{control.key}” keeps for less than {LEAST_YEARS} years")
    rule = profile.retention
    if rule.paragraph not in numbers or profile.control(rule.offence) is None:
        raise FlawError("its retention rests on what is not there")
    if any(profile.mark(key) is None for key in rule.offence_marks):
        raise FlawError("its retention names a mark that is not there")
    clauses = (
        *profile.controls,
        *profile.checks,
        *profile.bases,
        *profile.marks,
        *profile.terms,
        profile.wearing,
        profile.badge,
    )
    for clause in clauses:
        if clause.paragraph not in numbers:
            raise FlawError(f"“{clause.key}” rests on paragraph {clause.paragraph}, which is not there")


def _text(table: Table) -> Text:
    text = _renderings(table)
    table.done()
    return text


def _renderings(table: Table) -> Text:
    return Text(kk=table.text("kk"), ru=table.text("ru"), en=table.text("en"))


def _clause(table: Table) -> Clause:
    clause = Clause(key=table.text("key"), paragraph=table.text("paragraph"), text=_renderings(table))
    table.done()
    return clause


def _sample(table: Table) -> SampleRule:
    rule = SampleRule(percent=table.number("percent"), least=table.number("least"), days=table.number("days"))
    table.done()
    if rule.percent > _WHOLE:
        raise FlawError("its sample is more than all")
    return rule


def _retention(table: Table) -> RetentionRule:
    rule = RetentionRule(
        paragraph=table.text("paragraph"),
        offence=table.text("offence"),
        offence_marks=table.texts("offence_marks"),
        wait_days=table.number("wait_days"),
        gap_days=table.number("gap_days"),
    )
    table.done()
    return rule


def _control(table: Table) -> Control:
    control = Control(
        key=table.text("key"),
        paragraph=table.text("paragraph"),
        text=_renderings(table),
        retention_years=table.number("retention_years"),
    )
    table.done()
    return control


def _clauses(table: Table, name: str) -> tuple[Clause, ...]:
    return _once(name, [_clause(each) for each in table.tables(name)])


def _once(name: str, clauses: list[Named]) -> tuple[Named, ...]:
    if len({clause.key for clause in clauses}) != len(clauses):
        raise FlawError(f"“{name}” has a key twice")
    return tuple(clauses)


def _paragraph(table: Table) -> Paragraph:
    paragraph = Paragraph(number=table.text("number"), text=_renderings(table))
    table.done()
    return paragraph


def _coverage(table: Table) -> CoverageTerms:
    terms = CoverageTerms(
        start_grace=timedelta(seconds=table.number("start_grace_seconds")),
        end_grace=timedelta(seconds=table.number("end_grace_seconds")),
        pause_margin=timedelta(seconds=table.number("pause_margin_seconds")),
        join=timedelta(seconds=table.number("join_seconds")),
        seam=timedelta(seconds=table.number("seam_seconds")),
        threshold=timedelta(seconds=table.number("threshold_seconds")),
        awaits=timedelta(hours=table.number("await_hours")),
    )
    table.done()
    return terms


def _form(table: Table) -> Form:
    form = Form(
        title=_text(table.table("title")),
        division_line=_text(table.table("division_line")),
        started=_text(table.table("started")),
        ended=_text(table.table("ended")),
        last_page=_text(table.table("last_page")),
        columns=tuple(_column(each) for each in table.tables("columns")),
    )
    table.done()
    if any(BLANK not in form.last_page.in_(code) for code in get_args(Language)):
        raise FlawError("its last page leaves no room for the number of sheets")
    return form


def _column(table: Table) -> Column:
    column = Column(number=table.number("number"), head=_renderings(table))
    table.done()
    return column
