"""Notices as the pages show them."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from aigaq.notices import rules, selectors, wording
from aigaq.notices.models import Notice
from aigaq.notices.selectors import Bell
from aigaq.web.duty import Duty


@dataclass(frozen=True)
class ShownNotice:
    notice: Notice
    duty: Duty

    @property
    def id(self) -> UUID:
        return self.notice.pk

    @property
    def sentence(self) -> str:
        return wording.sentence(self.notice)

    @property
    def is_urgent(self) -> bool:
        return self.notice.kind in rules.URGENT

    @property
    def is_unseen(self) -> bool:
        return self.notice.seen_at is None

    @property
    def link(self) -> tuple[str, str] | None:
        """Where it leads this reader, and in which words; nowhere, if that page is not theirs."""
        if not self.duty.is_reader or self.notice.division_id != self.duty.division.pk:
            return None
        facts = self.notice.facts
        for name, key, label in (
            ("incidents:incident", "incident", _("To the incident")),
            ("journal:row", "row", _("To the row")),
            ("review:sample", "sample", _("To the sample")),
            ("disclosure:demand", "demand", _("To the demand")),
        ):
            address = _address(name, facts.get(key))
            if address:
                return address, label
        if "book_id" in facts:
            return f"{reverse('journal:list')}?book={facts['book_id']}", _("To the journal")
        return None


class Told:
    """What the frame of a page tells its reader; asked for once, and only where a page has a frame."""

    def __init__(self, duty: Duty) -> None:
        self._duty = duty

    @cached_property
    def bell(self) -> Bell:
        duty = self._duty
        return selectors.bell_of(duty.person, duty.division if duty.is_reader else None)

    @cached_property
    def urgent(self) -> list[ShownNotice]:
        return [ShownNotice(notice, self._duty) for notice in self.bell.urgent]


def _address(name: str, id_: str | None) -> str:
    try:
        return reverse(name, args=[id_]) if id_ else ""
    except NoReverseMatch:
        return ""
