"""One recording: the player, the facts beside it, and its neighbours of the same duty."""

import contextlib
from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aigaq import wiring
from aigaq.access.errors import VaultLockedError
from aigaq.core.clock import KAZAKHSTAN
from aigaq.disclosure.selectors import demands_that_hold
from aigaq.journal.selectors import cells
from aigaq.recordings import playback, returns
from aigaq.recordings.clocks import time_of
from aigaq.recordings.derivatives import Choice, choice_of, waveform_of
from aigaq.recordings.models import Kind, Product, RecordingFile, Role
from aigaq.recordings.selectors import whole
from aigaq.retention.errors import DestroyedError
from aigaq.retention.facts import keeps_of
from aigaq.retention.keep_rules import Keep
from aigaq.retention.plans import disposed_of
from aigaq.vault.age import AgeNoMatchError
from aigaq.vault.errors import VaultError
from aigaq.web.duty import OfficeRequest
from aigaq.web.errors import sentence
from aigaq.web.recordings import looks
from aigaq.web.recordings.doubts import sentences
from aigaq.web.recordings.holes import holes_of
from aigaq.web.recordings.made import ShownDerivative
from aigaq.web.recordings.making import Wanted, wanted
from aigaq.web.recordings.marked import watermark
from aigaq.web.recordings.media import readable_file
from aigaq.web.recordings.places import coordinates
from aigaq.web.recordings.shown import ShownFile, ShownRecording, row_of
from aigaq.web.recordings.waveform import picture_of
from aigaq.web.registry.clock_picture import offset_in_words
from aigaq.web.retention.shown import reasons
from aigaq.web.review.shown import marks_on_page
from aigaq.web.security import open_to
from aigaq.web.vault.forms import UnlockForm
from aigaq.web.vault.unlocked import identity_of, seconds_left
from aigaq.web.vault.views import READERS

SPEEDS = ("0.5", "0.75", "1", "1.5", "2", "3", "4")
_FRAMES_A_SECOND = 25.0
"""Where the prober could not tell."""


@open_to(*READERS)
@require_safe
def recording(request: OfficeRequest, file_id: UUID) -> HttpResponseBase:
    file = readable_file(request, file_id)
    looks.enter(looks.by_reader(request.duty.standing, file.recording.division), "viewed", looks.about(file))
    choice = choice_of(file)
    shown = ShownFile(file, choice)
    kept, disposed = _kept(file), disposed_of(file.recording)
    is_open, fault = _opened(request, choice)
    if disposed is not None:
        fault = sentence(DestroyedError(at=disposed.disposed_at, act=disposed.act))
    earlier, later = _neighbours(file)
    row = row_of(file.recording)
    time = time_of(file.recording, allowed=wiring.clock_drift())
    context = {
        "shown": shown,
        "taken": ShownRecording.of(whole(file.recording)),
        "doubts": sentences(file.recording, time),
        "clock": time.reading,
        "clock_said": offset_in_words(time.reading) if time.reading else "",
        "holes": holes_of(file),
        "file": file,
        "wanted": _wanted(request, choice),
        "made": ShownDerivative(choice.derivative) if choice.derivative else None,
        "taken_at": coordinates(shown),
        **_sound(request, file, is_open=is_open and not fault),
        "row": row,
        "cells": cells(row) if row else {},
        "day": file.recording.listed_at.astimezone(KAZAKHSTAN).date(),
        "entries": _entries(shown),
        "is_open": is_open,
        "seconds_left": seconds_left(request),
        "fault": fault,
        "disposed": disposed,
        "destroyed_before": _of_this_division(file, returns.destroyed_before(file)),
        "came_again": _of_this_division(file, returns.came_again(file)),
        "earlier": earlier,
        "later": later,
        "speeds": SPEEDS,
        "frame_seconds": 1 / _frame_rate(shown),
        "recorded_ms": _milliseconds(shown),
        "unlock_form": UnlockForm(),
        "kept": kept,
        "kept_reasons": reasons(kept),
        "held_for": demands_that_hold([file.recording_id]).get(file.recording_id, ()),
        **marks_on_page(file, time),
        **watermark(request),
    }
    status = HTTPStatus.CONFLICT if fault and disposed is None else HTTPStatus.OK
    return render(request, "web/recordings/recording.html", context, status=status)


def _kept(file: RecordingFile) -> Keep:
    return keeps_of([file.recording_id], wiring.profile())[file.recording_id]


def _of_this_division(file: RecordingFile, others: Sequence[RecordingFile]) -> RecordingFile | None:
    """What is another division's is not told of here."""
    own = file.recording.division_id
    return next((each for each in others if each.recording.division_id == own), None)


def _wanted(request: OfficeRequest, choice: Choice) -> Wanted | None:
    return wanted(request, choice.file, Product(choice.plan.product.value)) if choice.plan else None


def _sound(request: OfficeRequest, file: RecordingFile, *, is_open: bool) -> dict[str, object]:
    """The picture of a sound recording, or that it is to be made."""
    if file.kind != Kind.AUDIO or not is_open:
        return {}
    derivative = waveform_of(file)
    if derivative is None:
        return {"waveform_wanted": wanted(request, file, Product.WAVEFORM)}
    return {"waveform": picture_of(request, derivative)}


def _opened(request: OfficeRequest, choice: Choice) -> tuple[bool, str]:
    """Is the vault open, and what is wrong with what is shown: its beginning and end are proven."""
    try:
        identity = identity_of(request)
    except VaultLockedError:
        return False, ""
    try:
        with contextlib.closing(
            playback.reader_of(wiring.vault(), identity, choice.blob or choice.file.blob)
        ):
            return True, ""
    except (VaultError, AgeNoMatchError) as error:
        return True, sentence(error)


def _entries(shown: ShownFile) -> list[tuple[int, str]]:
    """Numbers in the ledger, with what they say."""
    entries = [(shown.file.blob.seq, _("taken in"))]
    if shown.judgement is not None and shown.judgement.seq != shown.file.blob.seq:
        entries.append((shown.judgement.seq, _("examined")))
    placement = getattr(shown.recording, "placement", None)
    if placement is not None and placement.seq != shown.file.blob.seq:
        entries.append((placement.seq, _("tied to its row")))
    return entries


def _neighbours(file: RecordingFile) -> tuple[RecordingFile | None, RecordingFile | None]:
    """The files before and after this one on the same duty; of those in the tray, of the same card."""
    recording, row = file.recording, row_of(file.recording)
    of_duty = RecordingFile.objects.filter(recording__division=recording.division)
    of_duty = of_duty.filter(Q(role=Role.MAIN) | Q(pk=file.pk))
    if row is None:
        of_duty = of_duty.filter(recording__placement=None, recording__unload=recording.unload)
    else:
        of_duty = of_duty.filter(recording__placement__row=row)
    ids = list(of_duty.order_by("recording__listed_at", "path", "pk").values_list("pk", flat=True))
    place = ids.index(file.pk)
    near = RecordingFile.objects.in_bulk([*ids[max(place - 1, 0) : place], *ids[place + 1 : place + 2]])
    earlier = near.get(ids[place - 1]) if place else None
    later = near.get(ids[place + 1]) if place + 1 < len(ids) else None
    return earlier, later


def _frame_rate(shown: ShownFile) -> float:
    video = shown.judgement.facts.get("video") if shown.judgement else None
    return float((video or {}).get("fps") or _FRAMES_A_SECOND)


def _milliseconds(shown: ShownFile) -> int | None:
    """The start by the recorder's clock as Kazakhstan's wall clock, in milliseconds since 1970.

    Already shifted, so that the page needs no zones: old browsers have Almaty two hours wrong.
    """
    recorded_at = shown.recorded_at
    if recorded_at is None:
        return None
    offset = recorded_at.astimezone(KAZAKHSTAN).utcoffset()
    assert offset is not None
    return round((recorded_at.timestamp() + offset.total_seconds()) * 1000)
