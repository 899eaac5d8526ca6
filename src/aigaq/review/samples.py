"""Drawing a month's sample, as soon as the month is over; and how far looking through it has come."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, QuerySet

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.journal.documents import about_person
from aigaq.journal.models import JournalRow, Replacement
from aigaq.journal.rules import clean, too_long
from aigaq.journal.services.acting import require, within
from aigaq.journal.whose import FIRST, corrected
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.selectors import root_at
from aigaq.ledger.services import MACHINE, By, Ledger
from aigaq.registry.models import Division, Person, Role
from aigaq.registry.selectors import READERS, Standing, standing_of
from aigaq.registry.terms import day_of
from aigaq.regulation.profile import SampleRule
from aigaq.review import sampling
from aigaq.review.errors import NoNoteError, NotDrawableError, NotTheHeadError, UnknownSampleError
from aigaq.review.models import NOTE_LIMIT, Review, Sample, SampleFinished, SampleItem, SampleNote
from aigaq.review.sampling import Duty, Month

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ShownItem:
    item: SampleItem
    review: Review | None
    """The last one of the duty since it was drawn."""


@dataclass(frozen=True, slots=True)
class Progress:
    sample: Sample
    items: Sequence[ShownItem]
    today: date

    @property
    def done(self) -> int:
        return sum(each.review is not None for each in self.items)

    @property
    def is_done(self) -> bool:
        return self.done == len(self.items)

    @property
    def is_overdue(self) -> bool:
        return not self.is_done and self.today > self.sample.due_on


def draw_due(ledger: Ledger, rule: SampleRule) -> int:
    """Draw wherever there were duties in a month that is over and there is no draw yet; how many.

    Of the month before this one, and of the two before it: a server may have been away for longer.

    For whoever comes by regularly: costs little where there is nothing to draw, however many duties there
    were. Not to be called inside a transaction.
    """
    month, drawn = Month.of(ledger.clock.now()), 0
    for _ in range(sampling.MONTHS):
        month = month.previous
        drawn += sum(_draw(ledger, pk, month, rule) is not None for pk in _without_draw(month))
    return drawn


def _without_draw(month: Month) -> list[UUID]:
    """Divisions with rows of about that month, and no draw of it."""
    size = _size_after(month)
    if size is None:
        return []
    span = _span(month, size)
    if not span:
        return []
    drawn = Sample.objects.filter(month=month.first).values("division")
    waiting = Division.objects.exclude(pk__in=drawn).order_by("pk").values_list("pk", flat=True)
    return [pk for pk in waiting if _rows(pk, span).exists()]


def draw(ledger: Ledger, division: Division, month: Month, rule: SampleRule) -> Sample | None:
    """The sample of that month, drawn now if it was not before; None if there was no duty.

    Raises `NotDrawableError` while no entry of the ledger is later than the month.
    """
    there = Sample.objects.filter(division=division, month=month.first).first()
    return there or _draw(ledger, division.pk, month, rule)


def note(ledger: Ledger, by: By, sample: Sample, *, head: Person, text: str) -> SampleNote:
    """The head's word on what was found. Raises `NotTheHeadError`, `NoNoteError` or `TooLongError`."""
    text = clean(text)
    with transaction.atomic():
        now = ledger.clock.now()
        as_themself = by.actor.id == str(head.pk) and by.division == str(sample.division_id)
        if not (as_themself and standing_of(head, now).appointment(sample.division, Role.HEAD)):
            raise NotTheHeadError(division=sample.division.name)
        require(too_long(text, NOTE_LIMIT) if text else NoNoteError())
        body: dict[str, Json] = {
            "sample": str(sample.pk),
            "month": str(Month(sample.month.year, sample.month.month)),
            "text": text,
            "head": about_person(head),
            "at": rfc3339(now),
        }
        seq = ledger.append("review.sample-noted", by, body).seq
        return SampleNote.objects.create(sample=sample, text=text, by=head, entered_at=now, seq=seq)


def samples_of(division: Division) -> list[Sample]:
    """The newest month first."""
    return list(Sample.objects.filter(division=division).order_by("-month"))


def sample_for(standing: Standing, id_: UUID) -> Sample:
    """If `standing` may read the division's recordings. Raises `UnknownSampleError`, whatever the reason."""
    found = Sample.objects.filter(pk=id_).select_related("division").first()
    if found is None or standing.appointment(found.division, *READERS) is None:
        raise UnknownSampleError
    return found


def progress(samples: Sequence[Sample], today: date) -> list[Progress]:
    """How far each has come; two queries for each two."""
    items: dict[UUID, list[SampleItem]] = {sample.pk: [] for sample in samples}
    rows = (*(f"row__{name}" for name in FIRST), "row__book", "row__issue", "inspector")
    found = SampleItem.objects.filter(sample__in=samples).select_related(*rows)
    for item in found.prefetch_related(corrected("row")).order_by("ordinal"):
        items[item.sample_id].append(item)
    reviews: dict[UUID, list[Review]] = defaultdict(list)
    wanted = {item.row_id for each in items.values() for item in each}
    for review in Review.objects.filter(row__in=wanted).select_related("by").order_by("seq"):
        reviews[review.row_id].append(review)  # type: ignore[index]

    def of(item: SampleItem) -> Review | None:
        last = reviews[item.row_id][-1:]
        return last[0] if last and last[0].seq > item.seq else None

    return [
        Progress(sample, [ShownItem(item, of(item)) for item in items[sample.pk]], today)
        for sample in samples
    ]


def waiting(division: Division) -> int:
    """Duties drawn and not looked through."""
    return _left().filter(sample__division=division).count()


def late_samples(today: date) -> list[tuple[Sample, int]]:
    """Of every division those that should have been looked through by now, and how many duties are left."""
    left = _left().filter(sample__due_on__lt=today).values_list("sample_id", flat=True)
    counts = Counter(left)
    found = Sample.objects.filter(pk__in=counts).select_related("division").order_by("seq")
    return [(sample, counts[sample.pk]) for sample in found]


def finish(row: JournalRow) -> None:
    """Note down which samples are looked through now that `row` was reviewed. Within the ledger's turn."""
    left = _left().filter(sample=OuterRef("pk"))
    done = Sample.objects.filter(items__row=row, finished=None).exclude(Exists(left))
    SampleFinished.objects.bulk_create(SampleFinished(sample=sample) for sample in done)


def find_finished() -> None:
    """Note down anew which samples are looked through: it follows from draws and reviews."""
    SampleFinished.objects.all().delete()
    done = Sample.objects.exclude(Exists(_left().filter(sample=OuterRef("pk"))))
    SampleFinished.objects.bulk_create(SampleFinished(sample=sample) for sample in done)


def _left() -> QuerySet[SampleItem]:
    later = Review.objects.filter(row=OuterRef("row"), seq__gt=OuterRef("seq"))
    # A set of its own: joined, every duty ever drawn would be looked at, and only then its sample.
    unfinished = Sample.objects.filter(finished=None)
    return SampleItem.objects.filter(sample__in=unfinished).exclude(Exists(later))


def rows_of_duty(row: JournalRow) -> list[JournalRow]:
    """The row on which the duty began, and those on which it went on after a replacement."""
    rows = [row]
    while True:
        went_on = Replacement.objects.filter(failure__row=rows[-1]).select_related("new_row").first()
        if went_on is None or went_on.new_row in rows:
            return rows
        rows.append(went_on.new_row)


def begun_on(row: JournalRow) -> JournalRow:
    """The row on which the duty of this row began."""
    seen = {row.pk}
    while True:
        went_on = Replacement.objects.filter(new_row=row).select_related("failure__row").first()
        if went_on is None or went_on.failure.row_id in seen:
            return row
        row = went_on.failure.row
        seen.add(row.pk)


def _draw(ledger: Ledger, division_id: UUID, month: Month, rule: SampleRule) -> Sample | None:
    size = _size_after(month)
    if size is None:
        raise NotDrawableError(month=str(month))
    division = Division.objects.get(pk=division_id)
    duties = _duties(division, month, size)
    if not duties:
        return None
    root = root_at(size)
    seed = sampling.seed_of(str(division.pk), month, size, root)
    drawn = sampling.draw(seed, duties, rule)
    with transaction.atomic():
        ledger.take_turn("review.sample-drawn")
        if Sample.objects.filter(division=division, month=month.first).exists():
            return None
        sample = Sample(
            id=uuid4(),
            division=division,
            month=month.first,
            size=size,
            root=root.hex(),
            seed=seed,
            percent=rule.percent,
            least=rule.least,
            days=rule.days,
            population=len(duties),
            population_digest=sampling.population_digest(duties),
            due_on=month.next.first + timedelta(days=rule.days - 1),
            drawn_at=ledger.clock.now(),
        )
        seq = ledger.append("review.sample-drawn", within(MACHINE, division), _about(sample, drawn)).seq
        sample.seq = seq
        sample.save(force_insert=True)
        SampleItem.objects.bulk_create(
            SampleItem(
                sample=sample,
                ordinal=ordinal,
                row_id=UUID(duty.row),
                inspector_id=UUID(duty.inspector),
                seq=seq,
            )
            for ordinal, duty in enumerate(drawn, 1)
        )
    return sample


def _about(sample: Sample, drawn: Sequence[Duty]) -> dict[str, Json]:
    items: list[Json] = [[duty.row, duty.inspector] for duty in drawn]
    return {
        "sample": str(sample.pk),
        "division": str(sample.division_id),
        "month": str(Month(sample.month.year, sample.month.month)),
        "size": sample.size,
        "root": sample.root,
        "seed": sample.seed,
        "percent": sample.percent,
        "least": sample.least,
        "days": sample.days,
        "population": sample.population,
        "population_digest": sample.population_digest,
        "items": items,
        "due_on": sample.due_on.isoformat(),
        "at": rfc3339(sample.drawn_at),
    }


def _size_after(month: Month) -> int | None:
    """Of the ledger up to and including its first entry that is not of the month any more."""
    after = LedgerEntry.objects.filter(at__gte=month.ends).aggregate(first=Min("seq"))["first"]
    return None if after is None else after + 1


def _span(month: Month, size: int) -> range:
    """Numbers that entries of that month may have: the last of the first `size` is not of it any more."""
    first = LedgerEntry.objects.filter(at__gte=month.begins).aggregate(first=Min("seq"))["first"]
    return range(first, size - 1)


def _rows(division_id: UUID, span: range) -> QuerySet[JournalRow]:
    return JournalRow.objects.filter(division=division_id, seq__gte=span.start, seq__lt=span.stop)


def _duties(division: Division, month: Month, size: int) -> list[Duty]:
    """Those that began in the month, each with its inspector as the book had it then."""
    found = []
    rows_then = _rows(division.pk, _span(month, size)).order_by("seq")
    for some in _some(list(rows_then.values_list("seq", flat=True))):
        issued = LedgerEntry.objects.filter(
            seq__in=some, kind="journal.issued", at__gte=month.begins, at__lt=month.ends
        )
        rows = JournalRow.objects.filter(seq__in=list(issued.values_list("seq", flat=True)), replaces=None)
        found += [
            Duty(str(row.pk), str(row.received(size).inspector.pk))
            for row in rows.select_related(*FIRST).prefetch_related(corrected())
        ]
    return found


def _some(of: Sequence[int]) -> Iterable[Sequence[int]]:
    return (of[place : place + _AT_ONCE] for place in range(0, len(of), _AT_ONCE))


def report_printed(ledger: Ledger, by: By, sample: Sample) -> None:
    """Enter that the report is made, before anybody has it."""
    body: dict[str, Json] = {
        "sample": str(sample.pk),
        "month": str(Month(sample.month.year, sample.month.month)),
    }
    with transaction.atomic(durable=True):
        ledger.append("review.report-printed", by, body)


def today_of(ledger: Ledger) -> date:
    return day_of(ledger.clock.now())
