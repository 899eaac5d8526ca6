"""Marking what is to be seen, saying it anew, withdrawing it; and what a review came to."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.journal.documents import about_person
from aigaq.journal.models import JournalRow
from aigaq.journal.rules import clean
from aigaq.journal.services.acting import require
from aigaq.ledger.services import By, Ledger
from aigaq.recordings.models import Judgement, Recording, RecordingFile
from aigaq.registry.models import Division, Person
from aigaq.registry.selectors import standing_of
from aigaq.regulation import profile as regulation
from aigaq.regulation.profile import Profile
from aigaq.review import rules
from aigaq.review.models import Mark, MarkChange, MarkChangeKind, Review, Saying
from aigaq.review.rules import Reviewing
from aigaq.review.samples import finish
from aigaq.review.selectors import mark_with


@dataclass(frozen=True, kw_only=True)
class MarkRequest:
    """`reviewer` marks `file`; texts as typed."""

    reviewer: Person
    file: RecordingFile
    saying: Saying
    profile: Profile = field(default_factory=regulation.load)


@dataclass(frozen=True, kw_only=True)
class ChangeRequest:
    """What the mark says from here on; None: it is withdrawn. `read`: how many of its sayings were read."""

    reviewer: Person
    mark: UUID
    read: int
    saying: Saying | None
    reason: str
    profile: Profile = field(default_factory=regulation.load)


def mark(ledger: Ledger, by: By, request: MarkRequest) -> Mark:
    """Enter a mark. Raises the refusals of `rules.refusal_to_review` and `rules.refusal_of_saying`."""
    file, saying = request.file, _cleaned(request.saying)
    with transaction.atomic():
        ledger.take_turn("review.marked")
        now = ledger.clock.now()
        require(_refusal_to_review(by, request.reviewer, file.recording.division, now))
        require(rules.refusal_of_saying(saying, request.profile, length_ms=_length_ms(file)))
        made = Mark(
            id=uuid4(),
            file=file,
            camera_at=_camera_at(file, saying.position_ms),
            by=request.reviewer,
            entered_at=now,
            **_columns(saying),
        )
        body = {**_about_file(file), **_about_mark(made), "reviewer": about_person(request.reviewer)}
        made.seq = ledger.append("review.marked", by, body).seq
        made.save(force_insert=True)
    return made


def change(ledger: Ledger, by: By, request: ChangeRequest) -> MarkChange:
    """Amend or withdraw a mark: a further entry; nothing of the mark is touched.

    Raises `UnknownMarkError`, and the refusals of `rules.refusal_to_review`, `refusal_to_change` and
    `refusal_of_saying`.
    """
    reason = clean(request.reason)
    saying = _cleaned(request.saying) if request.saying else None
    with transaction.atomic():
        ledger.take_turn("review.mark-changed")
        now = ledger.clock.now()
        marked = mark_with(request.mark)
        file, said = marked.file, [marked.saying, *(each.saying for each in marked.history)]
        require(_refusal_to_review(by, request.reviewer, file.recording.division, now))
        require(
            rules.refusal_to_change(
                said=said, read=request.read, is_withdrawn=marked.is_withdrawn, new=saying, reason=reason
            )
        )
        if saying is not None:
            require(rules.refusal_of_saying(saying, request.profile, length_ms=_length_ms(file)))
        changed = MarkChange(
            mark=marked,
            number=len(said),
            kind=MarkChangeKind.AMENDED if saying else MarkChangeKind.WITHDRAWN,
            reason=reason,
            by=request.reviewer,
            entered_at=now,
            **_columns(saying or said[-1]),
        )
        body = {**_about_file(file), **_about_change(changed), "reviewer": about_person(request.reviewer)}
        changed.seq = ledger.append(
            "review.mark-amended" if saying else "review.mark-withdrawn", by, body
        ).seq
        changed.save(force_insert=True)
    return changed


def review(
    ledger: Ledger, by: By, of: Recording | JournalRow, *, reviewer: Person, result: str, note: str
) -> Review:
    """Enter what the review of a recording or of a duty came to.

    Raises the refusals of `rules.refusal_to_review` and `rules.refusal_of_result`.
    """
    note = clean(note)
    with transaction.atomic():
        ledger.take_turn("review.reviewed")
        now = ledger.clock.now()
        require(_refusal_to_review(by, reviewer, of.division, now))
        require(rules.refusal_of_result(result, note))
        done = Review(
            id=uuid4(),
            recording=of if isinstance(of, Recording) else None,
            row=of if isinstance(of, JournalRow) else None,
            result=result,
            note=note,
            by=reviewer,
            entered_at=now,
        )
        row = done.row
        body: dict[str, Json] = {
            "review": str(done.pk),
            "recording": str(done.recording_id) if done.recording_id else None,
            "row": {"id": str(row.pk), "number": row.number} if row else None,
            "result": done.result,
            "note": note,
            "reviewer": about_person(reviewer),
            "at": rfc3339(now),
        }
        done.seq = ledger.append("review.reviewed", by, body).seq
        done.save(force_insert=True)
        if row is not None:
            finish(row)
    return done


def _refusal_to_review(by: By, reviewer: Person, division: Division, now: datetime) -> rules.Refusal | None:
    return rules.refusal_to_review(Reviewing(by=by, reviewer=standing_of(reviewer, now), division=division))


def _cleaned(saying: Saying) -> Saying:
    return Saying(
        saying.position_ms, saying.until_ms, saying.category, saying.is_evidence, clean(saying.note)
    )


def _columns(saying: Saying) -> dict[str, object]:
    return {
        "position_ms": saying.position_ms,
        "until_ms": saying.until_ms,
        "category": saying.category,
        "is_evidence": saying.is_evidence,
        "note": saying.note,
    }


def _length_ms(file: RecordingFile) -> int | None:
    """Of what was judged to have a length; a photo has only its beginning."""
    judgement = Judgement.objects.filter(file=file).first()
    return None if judgement is None or judgement.duration is None else round(judgement.duration * 1000)


def _camera_at(file: RecordingFile, position_ms: int) -> datetime | None:
    began = file.recorded_at or (file.recording.recorded_at if file.ordinal == 1 else None)
    return began + timedelta(milliseconds=position_ms) if began else None


def _about_file(file: RecordingFile) -> dict[str, Json]:
    return {
        "recording": str(file.recording_id),
        "file": str(file.pk),
        "path": file.path,
        "content_digest": f"sha256:{file.blob.content_digest}",
    }


def _about_saying(saying: Saying) -> dict[str, Json]:
    return {
        "position_ms": saying.position_ms,
        "until_ms": saying.until_ms,
        "category": saying.category,
        "evidence": saying.is_evidence,
        "note": saying.note,
    }


def _about_mark(made: Mark) -> dict[str, Json]:
    return {
        "mark": str(made.pk),
        **_about_saying(made.saying),
        "camera_at": rfc3339(made.camera_at) if made.camera_at else None,
        "at": rfc3339(made.entered_at),
    }


def _about_change(changed: MarkChange) -> dict[str, Json]:
    return {
        "mark": str(changed.mark_id),
        "number": changed.number,
        **_about_saying(changed.saying),
        "reason": changed.reason,
        "at": rfc3339(changed.entered_at),
    }
