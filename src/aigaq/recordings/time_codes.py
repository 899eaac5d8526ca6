"""Time codes that films show: read, held against what was shown, entered with what follows (R17.1, R19.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.journal.models import JournalRow
from aigaq.ledger.services import Act, By, Ledger
from aigaq.recordings import time_code_rules as rules
from aigaq.recordings.clocks import record_clock
from aigaq.recordings.models import (
    ClockReading,
    Placement,
    ReadingWay,
    RecordingFile,
    TimeCodeReading,
    TimeCodeShowing,
)
from aigaq.recordings.origins import Entered, Origin
from aigaq.recordings.showings import pace_of, proof_of
from aigaq.timecode.code import Code, MalformedCodeError, name_of
from aigaq.timecode.film import Read, Verdict, read
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.unloading.facts import FoundFile
from aigaq.unloading.recorders.clocks import Measured, Way

KIND: Final = "recording.time-code-read"
_EXACT: Final = (ReadingWay.TIME_FILE, ReadingWay.TIME_CODE)
_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Filmed:
    """What one found file shows, held against what was shown."""

    found: FoundFile
    belongs: rules.Belongs[JournalRow]


@dataclass(frozen=True, slots=True)
class Filming:
    """All of a batch that show codes, by path."""

    films: Mapping[str, Filmed]
    showings: Mapping[int, TimeCodeShowing]

    @property
    def rows(self) -> Mapping[str, JournalRow | None]:
        """Where the codes decide to which row a file belongs; null: to the tray."""
        return {path: each.belongs.row for path, each in self.films.items() if each.belongs.decides}


def read_codes(
    ledger: Ledger, origin: Origin, found: Sequence[FoundFile], *, nobody_knows_it: bool
) -> Filming:
    """What the codes in these files say; with `nobody_knows_it`, also to which row the card belongs."""
    with_codes = [each for each in found if each.judged and each.judged.judgement.codes]
    showings = _showings_of(with_codes)
    rows = {number: showing.row for number, showing in showings.items()}
    ours = name_of(VerifierKey.of(ledger.signer))
    films: dict[str, Filmed] = {}
    for each in with_codes:
        assert each.judged is not None
        reads = read(
            each.judged.judgement.codes,
            ledger=ours,
            ours=lambda code: pace_of(ledger, showings.get(code.showing), code),
        )
        belongs = rules.belongs(
            reads,
            rows,
            own=origin.row,
            was_out_on=lambda row: _was_out_on(origin, row),
            may_bind=nobody_knows_it,
        )
        films[each.path] = Filmed(each, belongs)
    return Filming(films, showings)


def enter_codes(
    ledger: Ledger,
    by: By,
    origin: Origin,
    filming: Filming,
    entered: Sequence[Entered],
    *,
    allowed: timedelta,
) -> None:
    """Enter what was read, and what follows for the recorder's clock: of a file once, however often read.

    Within the transaction that enters the files.
    """
    told = {each.file.path: each.file for each in entered if each.file.path in filming.films}
    if not told:
        return
    files = [file.pk for file in told.values()]
    known = set(TimeCodeReading.objects.filter(file__in=files).values_list("file", flat=True))
    for path, file in told.items():
        if file.pk not in known:
            for each in filming.films[path].belongs.reads:
                _Writing(ledger, by, origin, file, filming.showings.get(each.showing or 0), allowed).write(
                    each
                )


@dataclass(frozen=True, slots=True)
class _Writing:
    ledger: Ledger
    by: By
    origin: Origin
    file: RecordingFile
    showing: TimeCodeShowing | None
    allowed: timedelta

    def write(self, told: Read) -> None:
        measured = self._measured(told)
        apart = self._apart(measured)
        if apart is not None and told.verdict is Verdict.LIVE:
            told = replace(told, verdict=Verdict.CONTRADICTS)
        reading = TimeCodeReading(
            file=self.file,
            showing=self.showing,
            verdict=told.verdict.value,
            seen=[[each.text, each.first_ms, each.last_ms] for each in told.seen],
            proofs=self._proofs(told),
            film_began_at=told.began_at,
            precision_ms=told.precision // _MILLISECOND if told.began_at else None,
            unload=self.origin.unload,
            read_at=self.ledger.clock.now(),
        )
        about = self._about(reading, measured, apart)
        reading.seq = self.ledger.append_all([Act(KIND, self._within, about)])[0].seq
        reading.save(force_insert=True)
        if measured is not None and self.showing is not None:
            row = self.showing.row
            record_clock(
                self.ledger,
                self._within,
                measured,
                recorder=row.recorder,
                card=self.origin.card,
                row=row,
                unload=self.origin.unload,
                allowed=self.allowed,
            )

    @property
    def _within(self) -> By:
        """A recording is of the division of its row."""
        return replace(self.by, division=str(self.file.recording.division_id))

    def _measured(self, told: Read) -> Measured | None:
        """How far the recorder's clock was off, where the film says when it began by that clock."""
        began_at, by_recorder = told.began_at, self.file.recorded_at
        if told.verdict is not Verdict.LIVE or began_at is None or by_recorder is None:
            return None
        # Where the code is in the film, not where the film begins: there may be another code in it.
        at = told.seen[0].first_ms * _MILLISECOND
        return Measured(Way.TIME_CODE, by_recorder + at, began_at + at, told.precision, self.file.path)

    def _apart(self, measured: Measured | None) -> timedelta | None:
        if measured is None or self.showing is None:
            return None
        others = ClockReading.objects.filter(
            recorder=self.showing.row.recorder, unload=self.origin.unload, way__in=_EXACT
        )
        offsets = [each * _MILLISECOND for each in others.values_list("offset_ms", flat=True)]
        return rules.contradiction(measured.offset, offsets)

    def _proofs(self, told: Read) -> list[Json]:
        """Of the first and last of our codes: two entries of the ledger then prove the time of the film."""
        if self.showing is None:
            return []
        ends = dict.fromkeys((told.seen[0].text, told.seen[-1].text))
        return [proof_of(self.ledger, self.showing, Code.parse(text)) for text in ends]

    def _about(
        self, reading: TimeCodeReading, measured: Measured | None, apart: timedelta | None
    ) -> dict[str, Json]:
        origin, named = self.origin, self.showing.row if self.showing else None
        recorder = origin.recorder or (named.recorder if named else None)
        return {
            "file": str(self.file.pk),
            "path": self.file.path,
            "recording": str(self.file.recording_id),
            "card": origin.card.inventory_number if origin.card else None,
            "card_id": str(origin.card.pk) if origin.card else None,
            "recorder": recorder.inventory_number if recorder else None,
            "recorder_id": str(recorder.pk) if recorder else None,
            "row": _about_row(self._row()),
            "named": _about_row(named),
            "showing": reading.showing_id,
            "verdict": str(reading.verdict),
            "seen": reading.seen,
            "proofs": reading.proofs,
            "film_began_at": rfc3339(reading.film_began_at) if reading.film_began_at else None,
            "precision_ms": reading.precision_ms,
            "offset_ms": measured.offset // _MILLISECOND if measured else None,
            "apart_ms": apart // _MILLISECOND if apart else None,
            "unload": str(reading.unload),
            "read_at": rfc3339(reading.read_at),
        }

    def _row(self) -> JournalRow | None:
        """The row that the recording is tied to; where it is tied to none, the one that its card leads to."""
        placement = Placement.objects.filter(recording=self.file.recording_id).select_related("row").first()
        return placement.row if placement else self.origin.row


def _about_row(row: JournalRow | None) -> Json:
    return {"id": str(row.pk), "number": row.number} if row else None


def _showings_of(found: Sequence[FoundFile]) -> dict[int, TimeCodeShowing]:
    numbers = set()
    for each in found:
        for seen in each.judged.judgement.codes if each.judged else ():
            try:
                numbers.add(Code.parse(seen.text).showing)
            except MalformedCodeError:
                continue
    shown = TimeCodeShowing.objects.filter(number__in=numbers)
    return {each.number: each for each in shown.select_related("row__issue", "row__division", "row__book")}


def _was_out_on(origin: Origin, row: JournalRow) -> bool:
    """Whether this card was out on `row`; where one of them names no card, whether the recorder was."""
    if origin.card is not None and row.card is not None:
        return origin.card.pk == row.card.pk
    return origin.recorder is not None and origin.recorder.pk == row.recorder.pk
