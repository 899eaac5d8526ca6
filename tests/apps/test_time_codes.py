"""The time code of a row: shown, filmed, found again at the unloading, and what becomes of a false one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aigaq.core.clock import KAZAKHSTAN, milliseconds
from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.incidents.models import Incident, Kind
from aigaq.incidents.services import catch_up
from aigaq.ingest.desk import OfficeDesk
from aigaq.ingest.models import UnloadState
from aigaq.ingest.services import unload
from aigaq.journal.errors import NotCustodianError
from aigaq.ledger import comparison
from aigaq.media import kinds, probe
from aigaq.recordings import checks
from aigaq.recordings.coverage import Reason
from aigaq.recordings.duty_coverage import duty_coverage
from aigaq.recordings.errors import RowReturnedError
from aigaq.recordings.models import ClockReading, Pace, Placement, Purpose, Recording, TimeCodeReading
from aigaq.recordings.offsets import Known
from aigaq.recordings.showings import as_value, codes_at, show
from aigaq.timecode.code import key_of
from aigaq.timecode.showing import require_proven
from aigaq.unloading.desk import SeenCard, SeenFile
from aigaq.unloading.facts import FoundFile, Judged
from aigaq.vault.store import Stored
from tests.support.cards import DCIM, fill, left_on, octets, pipeline
from tests.support.duty import entries, on_duty, spare_of
from tests.support.screens import Lens, code_film

pytestmark = pytest.mark.django_db

DEAD = datetime(2000, 1, 1, 0, 0, 40, tzinfo=KAZAKHSTAN)
QUICK = Lens(width=480, height=360, code=116, blur=0.4, noise=0, rate=10, gop=10)


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def row(duty):
    return duty.issue()


@pytest.fixture
def line(office, tmp_path):
    return pipeline(office, tmp_path / "vault")


def shows(office, row, purpose=Purpose.ISSUE, pace=Pace.STEADY):
    return show(
        office.ledger,
        office.by(office.custodian),
        row=row,
        purpose=purpose,
        custodian=office.custodian,
        pace=pace,
    )


def codes(office, showing):
    """The texts of all its seconds."""
    value, key = as_value(office.ledger.signer, showing), key_of(office.ledger.signer)
    return [value.code(key, index).text for index in range(showing.seconds)]


def filming(office, showing, begins, since=0.0, until=99.0):
    """What a lens sees of it that was switched on `begins` seconds into the showing."""
    texts = codes(office, showing)
    return lambda at: texts[int(begins + at)] if since <= at < until else None


def seen(office, showing, begins=10.25, seconds=3):
    """The same as the child tells it, of a camera with 25 frames a second."""
    texts, found = codes(office, showing), {}
    for number in range(25 * seconds):
        position = round(number * 40)
        text = texts[int(begins + position / 1000)]
        found[text] = (found.get(text, (position,))[0], position)
    return tuple(probe.CodeSeen(text, *at) for text, at in found.items())


class Card:
    """A card of which a desk is told file by file, as by a docking PC."""

    def __init__(self, office, line, *, volume="FFFF-0000"):
        self.desk = OfficeDesk(line.office, division=office.division)
        self.volume = volume
        self.found = []

    def holds(self, number, codes=(), recorded_at=None):
        stored = Stored(
            ContentDigest(bytes([number]) * 32),
            StoredDigest(bytes([100 + number]) * 32),
            9,
            99,
            f"blobs/{number}",
            already=False,
            healed=False,
            read_back="memory",
        )
        judgement = probe.Judgement(kinds.Kind.VIDEO, probe.Verdict.PLAYABLE, duration=60.0, codes=codes)
        self.found.append(
            FoundFile(
                path=f"{DCIM}/CLIP{number:04}.MP4",
                modified_at=None,
                recorded_at=recorded_at,
                kind=kinds.Kind.VIDEO,
                stored=stored,
                judged=Judged(judgement, None),
            )
        )
        return self

    def unloads(self):
        files = tuple(SeenFile(each.path, 9, 0) for each in self.found)
        card = SeenCard(
            port="1",
            identity=None,
            identity_doubt="",
            volume=self.volume,
            folder="",
            files=files,
            problems=(),
        )
        self.desk.begin(card, keep=True)
        self.desk.enter(self.found)
        waits = self.desk.settle([]).waits
        self.desk.finish([], keep=True)
        return waits


def incidents(office):
    catch_up(office.ledger)
    return Incident.objects.filter(kind=Kind.TIME_CODE_DOUBTED).order_by("seq")


def verdicts():
    return [str(each.verdict) for each in TimeCodeReading.objects.order_by("seq")]


def sound():
    return list(comparison.compare([checks.STATEMENT])) == []


def test_each_showing_is_entered_before_its_first_second(office, row):
    office.clock.instant += timedelta(milliseconds=400)
    showing = shows(office, row)
    (entry,) = entries("recorder.time-shown")
    assert entry.at < showing.began_at == office.clock.now() + timedelta(milliseconds=600)
    assert entry.body["row"] == {"id": str(row.pk), "number": row.number}
    assert (entry.body["from"], entry.body["root"]) == ("2026-11-20T04:00:01.000000Z", showing.root)
    assert entry.actor.id == str(office.custodian.pk)
    assert shows(office, row, Purpose.RETURN).number == showing.number + 1
    assert sound()


def test_only_the_custodian_of_the_division_shows_it_and_only_while_the_recorder_is_out(office, duty, row):
    for person in (office.inspector, office.head, office.sister_custodian):
        with pytest.raises(NotCustodianError):
            show(
                office.ledger,
                office.by(person),
                row=row,
                purpose=Purpose.ISSUE,
                custodian=person,
                pace=Pace.STEADY,
            )
    duty.give_back(row)
    with pytest.raises(RowReturnedError) as refused:
        shows(office, row, Purpose.RETURN)
    assert refused.value.paragraph == "19"
    assert entries("recorder.time-shown") == []


def test_nobody_gets_a_code_long_before_its_second_or_after_the_showing(office, row):
    showing = shows(office, row)
    texts = codes(office, showing)

    def given(seconds):
        at = showing.began_at + timedelta(seconds=seconds)
        return [each.text for each in codes_at(office.ledger, showing, at)]

    assert given(-60) == []
    assert given(-1) == texts[:4]
    assert given(10.5) == texts[10:15]
    assert given(299.9) == texts[299:]
    assert given(300) == []


def test_a_card_nobody_knows_with_a_dead_clock_lands_on_its_row_with_the_right_offset(
    office, duty, row, line, tmp_path
):
    """On it beside the film of the code: a take of the same duty, and one of weeks before."""
    duty.passes(minutes=3)
    showing = shows(office, row)
    film = code_film(filming(office, showing, 20.3, since=0.5, until=2.9), 4, replace(QUICK, created=DEAD))
    later, before = DEAD + timedelta(hours=2), DEAD - timedelta(days=30)
    duty.passes(hours=5)
    content = {
        f"{DCIM}/CLIP0001.MP4": film,
        f"{DCIM}/X1_{later:%Y%m%d_%H%M%S}_0002.DAT": octets(2),
    }
    outcome = unload(line, fill(tmp_path / "card", content))

    assert outcome.unload.state == UnloadState.READY
    assert left_on(tmp_path / "card") == {}
    assert {each.row for each in Placement.objects.all()} == {row}
    assert Placement.objects.count() == 2
    (reading,) = ClockReading.objects.filter(way="time-code")
    began = showing.began_at + timedelta(seconds=20.3)
    error = timedelta(milliseconds=reading.offset_ms) - (DEAD - began)
    assert abs(error) <= timedelta(milliseconds=100)
    assert (reading.is_exact, reading.recorder, reading.precision_ms <= 200) == (True, office.recorder, True)
    (told,) = TimeCodeReading.objects.all()
    assert abs(told.film_began_at - began) <= timedelta(milliseconds=100)
    assert list(incidents(office)) == []
    assert Incident.objects.filter(kind=Kind.CLOCK_WRONG).count() == 1
    assert sound()

    old = {f"{DCIM}/CLIP0003.MP4": film + b"\0", f"{DCIM}/X1_{before:%Y%m%d_%H%M%S}_0001.DAT": octets(3)}
    outcome = unload(line, fill(tmp_path / "card", old))
    assert outcome.unload.state == UnloadState.TRAY
    assert [each.path[-8:] for each in outcome.files if not hasattr(each.recording, "placement")] == [
        "0001.DAT"
    ]


def test_two_entries_of_the_ledger_prove_without_us_when_a_film_was_made(office, row, line):
    showing = shows(office, row)
    Card(office, line).holds(1, seen(office, showing), DEAD).unloads()
    (shown,), (told,) = entries("recorder.time-shown"), entries("recording.time-code-read")
    texts = [told.body["seen"][0][0], told.body["seen"][-1][0]]
    for text, proof in zip(texts, told.body["proofs"], strict=True):
        path = [bytes.fromhex(each) for each in proof["path"]]
        require_proven(text, proof["index"], shown.body["seconds"], path, bytes.fromhex(shown.body["root"]))
    assert told.body["verdict"] == "live"


def test_told_twice_it_is_entered_once(office, row, line):
    showing = shows(office, row)
    card = Card(office, line).holds(1, seen(office, showing), DEAD)
    assert card.unloads() is False
    card.desk.enter(card.found)
    Card(office, line).holds(1, seen(office, showing), DEAD).unloads()
    assert verdicts() == ["live"]
    assert ClockReading.objects.count() == 1


def test_a_known_card_keeps_its_row_and_its_clock_is_read_to_a_tenth(office, row, line):
    showing = shows(office, row)
    now = office.clock.now() + timedelta(seconds=12)
    assert (
        Card(office, line, volume="1A2B-3C4D").holds(1, seen(office, showing, 10.25), now).unloads() is False
    )
    (reading,) = ClockReading.objects.all()
    assert abs(reading.offset_ms - 750) <= 20
    assert (reading.excursion, verdicts()) == (0, ["live"])
    assert list(incidents(office)) == []


def test_a_code_of_another_row_is_an_incident_and_the_recording_waits(office, duty, row, line):
    spare = spare_of(office)
    other = duty.issue(recorder=spare.recorder, card=spare.card, inspector=office.second_inspector)
    theirs = shows(office, other)
    assert Card(office, line, volume="1A2B-3C4D").holds(1, seen(office, theirs), DEAD).unloads() is True
    assert verdicts() == ["other-row"]
    assert ClockReading.objects.count() == 0
    (incident,) = incidents(office)
    assert (incident.row, incident.facts["why"], incident.facts["named"]) == (row, "other-row", other.number)
    assert incident.evidence == [row.issue.seq, TimeCodeReading.objects.get().seq]


def test_an_earlier_row_of_the_same_card_is_where_its_film_belongs(office, duty, row, line):
    showing = shows(office, row)
    duty.give_back(row)
    duty.passes(days=1)
    today = duty.issue()
    card = Card(office, line, volume="1A2B-3C4D")
    card.holds(1, seen(office, showing), DEAD).holds(2, (), office.clock.now())
    assert card.unloads() is False
    placed = {each.recording.files.get().path[-8:-4]: each.row for each in Placement.objects.all()}
    assert placed == {"0001": row, "0002": today}
    assert list(incidents(office)) == []


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        (lambda told: (replace(told[1], first_ms=0, last_ms=2960),), "not-live"),
        (
            lambda told: tuple(replace(each, text=each.text.replace("/I1/", "/I2/")) for each in told),
            "forged",
        ),
        (
            lambda told: tuple(replace(each, text=each.text[:9] + "QQQQQ" + each.text[14:]) for each in told),
            "foreign",
        ),
        (lambda told: (told[1],), "brief"),
    ],
)
def test_what_is_no_running_code_of_ours_binds_nothing(office, row, line, change, verdict):
    """A photograph, an altered text, another office's, one second alone: a card nobody knows stays unknown."""
    told = change(seen(office, shows(office, row)))
    assert Card(office, line).holds(1, told, DEAD).unloads() is True
    assert verdicts() == [verdict]
    assert Placement.objects.count() == ClockReading.objects.count() == 0
    assert [each.facts["why"] for each in incidents(office)] == ([] if verdict == "brief" else [verdict])
    assert sound()


def test_a_film_of_the_code_filmed_hours_later_contradicts_the_code_at_the_return(office, duty, row, line):
    """The recorder's clock is right. The issue's code is played to it three hours after it was shown."""
    at_issue = shows(office, row)
    replayed_at = at_issue.began_at + timedelta(hours=3, seconds=10.25)
    duty.passes(hours=8)
    at_return = shows(office, row, Purpose.RETURN)
    real = at_return.began_at + timedelta(seconds=10.25)
    card = Card(office, line, volume="1A2B-3C4D")
    card.holds(1, seen(office, at_issue), replayed_at).holds(2, seen(office, at_return), real)
    card.unloads()
    assert verdicts() == ["live", "contradicts"]
    (incident,) = incidents(office)
    assert abs(incident.facts["apart_ms"] - 3 * 3_600_000) <= 1000
    assert incident.row == row


def test_a_card_whose_signs_contradict_each_other_stays_with_people(office, duty, row, line):
    spare = spare_of(office)
    duty.issue(recorder=spare.recorder, card=spare.card, inspector=office.second_inspector)
    showing = shows(office, row)
    card = Card(office, line, volume="1A2B-3C4D").holds(1, seen(office, showing), DEAD)
    card.found[0] = replace(card.found[0], path=f"{DCIM}/БТ-0002_20261120_091200_0001.MP4")
    assert card.unloads() is True
    assert (verdicts(), Placement.objects.count()) == (["live"], 0)


def test_a_page_without_scripts_gives_a_reading_that_says_how_inexact_it_is(office, row, line):
    showing = shows(office, row, pace=Pace.LOADED_ANEW)
    Card(office, line).holds(1, seen(office, showing), DEAD).unloads()
    assert ClockReading.objects.get().precision_ms >= 2000


def test_a_recording_without_any_time_is_bound_all_the_same(office, row, line):
    Card(office, line).holds(1, seen(office, shows(office, row)), None).unloads()
    assert (Placement.objects.get().row, ClockReading.objects.count()) == (row, 0)
    assert Recording.objects.get().recorded_at is None
    told = TimeCodeReading.objects.get()
    assert told.film_began_at.replace(microsecond=0) == datetime(2026, 11, 20, 4, 0, 11, tzinfo=UTC)


def test_a_film_without_any_time_covers_of_the_duty_what_its_time_code_says(office, duty, row, line):
    Card(office, line).holds(1, seen(office, shows(office, row)), None).unloads()
    duty.passes(minutes=30)
    duty.give_back(row)
    found = duty_coverage(row, office.clock.now()).coverage
    (take,) = found.takes
    began = milliseconds(TimeCodeReading.objects.get().film_began_at)
    assert (take.camera, take.begins, take.offset.known) == (None, began, Known.EXACT)
    assert (found.unplaced, found.totals[Reason.RECORDED]) == ((), 60_000)
