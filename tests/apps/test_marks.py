"""Marks and results: made by who may view, each an entry, never changed; what is wrong is said beside."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from aigaq.ingest.services import unload
from aigaq.registry.selectors import standing_of
from aigaq.review import errors
from aigaq.review.models import Mark, MarkChange, Review
from aigaq.review.selectors import mark_for, mark_with, marks_of, marks_on, result_of, reviews_of, reviews_on
from tests.support.cards import fill, pipeline, take
from tests.support.duty import entries, on_duty
from tests.support.films import film
from tests.support.reviews import Reviewer


@pytest.fixture
def row(office):
    return on_duty(office).issue()


@pytest.fixture(scope="module")
def footage():
    return film(seconds=2)


@pytest.fixture
def file(office, row, footage, tmp_path):
    line = pipeline(office, tmp_path / "vault")
    return unload(line, fill(tmp_path / "card", {take(1, ending="MP4"): footage})).files[0]


@pytest.fixture
def reviewer(office):
    return Reviewer(office)


def test_a_mark_says_where_what_and_when_by_the_recorders_clock(office, reviewer, row, file):
    marked = reviewer.marks(file, position_ms=1_200, until_ms=1_900, note="  Есік\n жабық ")
    (entry,) = entries("review.")
    assert (entry.kind, entry.seq, entry.body["note"]) == ("review.marked", marked.seq, "Есік жабық")
    assert entry.body["content_digest"] == f"sha256:{file.blob.content_digest}"
    (found,) = marks_on(row)
    assert found == marked == marks_of(file.recording)[0]
    assert found.camera_at - file.recorded_at == timedelta(milliseconds=1_200)
    assert found.present_camera_until - file.recorded_at == timedelta(milliseconds=1_900)


def test_amending_and_withdrawing_stand_beside_and_both_stay_visible(reviewer, file):
    marked = reviewer.marks(file, note="Өрт сөндіргіш жоқ")
    reviewer.amends(marked, note="Өрт сөндіргіш мерзімі өткен", position_ms=700)
    withdrawn = reviewer.withdraws(marked, reason="Басқа бөлме екен")
    marked = mark_with(marked.pk)
    assert marked.note == "Өрт сөндіргіш жоқ"
    assert marked.present.note == "Өрт сөндіргіш мерзімі өткен"
    assert marked.present_camera_at - marked.camera_at == timedelta(milliseconds=200)
    assert (marked.is_withdrawn, marked.history[-1]) == (True, withdrawn)
    assert [entry.kind for entry in entries("review.")] == [
        "review.marked", "review.mark-amended", "review.mark-withdrawn",
    ]  # fmt: skip


def test_what_was_withdrawn_stays_so_and_nobody_writes_over_what_they_have_not_read(reviewer, file):
    marked = reviewer.marks(file)
    reviewer.amends(marked, category="offence")
    with pytest.raises(errors.MarkChangedError):
        reviewer.amends(marked, category="pause", read=1)
    with pytest.raises(errors.NothingChangedError):
        reviewer.amends(marked)
    with pytest.raises(errors.NoReasonError):
        reviewer.withdraws(marked, reason=" ")
    reviewer.withdraws(marked)
    for again in (reviewer.withdraws, reviewer.amends):
        with pytest.raises(errors.MarkWithdrawnError):
            again(marked)
    assert len(entries("review.")) == 3


@pytest.mark.parametrize(
    ("saying", "error"),
    [
        ({"position_ms": -1}, errors.NoPositionError),
        ({"position_ms": 60_000}, errors.NoPositionError),
        ({"until_ms": 60_000}, errors.NoPositionError),
        ({"until_ms": 500}, errors.EndBeforeStartError),
        ({"category": "nice"}, errors.NoCategoryError),
        ({"category": "other"}, errors.NoNoteError),
    ],
)
def test_a_mark_that_says_nothing_of_the_recording_is_refused(reviewer, file, saying, error):
    with pytest.raises(error):
        reviewer.marks(file, **saying)
    assert entries("review.") == []


def test_nobody_but_custodian_and_head_of_the_division_marks_or_reads_marks(office, reviewer, row, file):
    marked = reviewer.marks(file, who=office.head)
    for name in ("inspector", "administrator", "sister_head", "sister_custodian"):
        who = getattr(office, name)
        with pytest.raises(errors.NotAReviewerError):
            reviewer.marks(file, who=who)
        with pytest.raises(errors.NotAReviewerError):
            reviewer.withdraws(marked, who=who)
        with pytest.raises(errors.NotAReviewerError):
            reviewer.reviews(row, who=who)
        with pytest.raises(errors.UnknownMarkError):
            mark_for(standing_of(who, office.clock.now()), marked.pk)
    assert mark_for(standing_of(office.custodian, office.clock.now()), marked.pk) == marked


def test_a_review_is_of_a_recording_or_of_a_duty_and_the_last_one_counts(office, reviewer, row, file):
    reviewer.reviews(file.recording, result="unusable", note="Дыбысы жоқ")
    assert result_of(row) is None
    reviewer.reviews(row, who=office.head, result="violation", note="Эвакуация жолы жабық")
    last = reviewer.reviews(row)
    assert result_of(row) == last
    assert [each.result for each in reviews_on(row)] == ["nothing", "violation", "unusable"]
    assert list(reviews_of(file.recording)) == list(reviews_on(row))
    for result, note, error in (("fine", "", errors.NoResultError), ("other", " ", errors.NoNoteError)):
        with pytest.raises(error):
            reviewer.reviews(row, result=result, note=note)


def test_nothing_of_it_can_be_changed_or_deleted(reviewer, row, file):
    reviewer.withdraws(reviewer.marks(file))
    reviewer.reviews(row)
    for model in (Mark, MarkChange, Review):
        table = model._meta.db_table
        for statement in (f"UPDATE {table} SET note = 'x'", f"DELETE FROM {table}"):
            with (
                pytest.raises(DatabaseError, match="insert-only"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
