"""Missing numbers become one incident, whatever is killed and plugged in again; and no false ones (R20.1)."""

from dataclasses import replace

import pytest

from aigaq.incidents.models import Incident, Kind
from aigaq.incidents.services import catch_up
from aigaq.ingest.services import unload
from aigaq.ledger import comparison
from aigaq.recordings import checks, sequences
from aigaq.recordings.models import SequenceReading
from aigaq.registry import services as registry
from aigaq.unloading.recorders.profile import Counts
from tests.support.cards import fill, octets, pipeline, take
from tests.support.duty import entries, on_duty
from tests.support.recorders import own_profiles, profile_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def row(duty):
    return duty.issue()


@pytest.fixture
def line(office, tmp_path):
    return pipeline(office, tmp_path / "vault")


def numbers(*which, recorder="БТ-0001"):
    return {take(n, recorder=recorder, second=n % 60): octets(n) for n in which}


def missing(office):
    """Of each incident the numbers that it names."""
    catch_up(office.ledger)
    found = Incident.objects.filter(kind=Kind.NUMBERS_MISSING).order_by("seq")
    return [incident.facts["numbers"] for incident in found]


def test_a_number_that_is_skipped_is_an_incident_with_its_evidence(office, row, line, tmp_path):
    unload(line, fill(tmp_path / "card", numbers(1, 2, 5, 7)))
    assert missing(office) == ["0003–0004, 0006"]
    incident = Incident.objects.get(kind=Kind.NUMBERS_MISSING)
    (entry,) = entries("recorder.sequence-read")
    assert (incident.row, incident.facts["count"]) == (row, 3)
    assert (incident.facts["before"][-8:], incident.facts["after"][-8:]) == ("0002.DAT", "0005.DAT")
    assert incident.evidence == [row.issue.seq, entry.seq]
    assert list(comparison.compare([checks.STATEMENT])) == []


def test_a_file_deleted_at_the_beginning_of_the_card_is_missed_too(office, row, duty, line, tmp_path):
    card = tmp_path / "card"
    unload(line, fill(card, numbers(1, 2, 3)))
    duty.passes(hours=1)
    unload(line, fill(card, numbers(5, 6)))
    assert missing(office) == ["0004"]


def test_a_card_that_is_plugged_in_again_is_judged_once(office, row, line, tmp_path):
    card = fill(tmp_path / "card", numbers(1, 3))
    for _ in range(3):
        unload(line, card, keep=True)
    unload(line, fill(card, numbers(4)), keep=True)
    unload(line, card)
    assert missing(office) == ["0002"]
    assert SequenceReading.objects.count() == 2


def test_it_is_judged_once_where_the_process_died_before_or_after(office, row, line, tmp_path, monkeypatch):
    class Killed(BaseException):
        pass

    card = fill(tmp_path / "card", numbers(1, 3))

    def dies(*_args, **_how):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(sequences, "SequenceReading", dies)
        with pytest.raises((Killed, AttributeError)):
            unload(line, card)
    assert not SequenceReading.objects.exists()
    with monkeypatch.context() as patch:
        patch.setattr("aigaq.ingest.desk.fill_column_6", dies)
        with pytest.raises(Killed):
            unload(line, card)
    assert SequenceReading.objects.count() == 1
    unload(line, card)
    assert (missing(office), SequenceReading.objects.count()) == (["0002"], 1)


def test_a_formatted_card_that_begins_at_one_again_is_no_incident(office, row, duty, line, tmp_path):
    card = tmp_path / "card"
    unload(line, fill(card, numbers(41, 42)))
    duty.passes(hours=1)
    unload(line, fill(card, numbers(1, 2)))
    assert missing(office) == []
    assert SequenceReading.objects.latest("seq").runs[0]["restarted"] is True


def test_a_count_that_wraps_is_no_incident(office, row, duty, line, tmp_path):
    card = tmp_path / "card"
    unload(line, fill(card, numbers(9997, 9998)))
    duty.passes(hours=1)
    unload(line, fill(card, numbers(9999, 1, 2)))
    assert missing(office) == []


def test_another_card_in_the_same_recorder_has_the_numbers_between(office, duty, line, tmp_path):
    other = registry.add_card(
        office.ledger,
        office.by(office.custodian),
        inventory_number="ЖК-0002",
        division=office.division,
        recorder=office.recorder,
        volume_id="",
        capacity=0,
    )

    def out_and_back(card, folder, *which):
        row = duty.issue(card=card)
        duty.passes(hours=1)
        unload(line, fill(tmp_path / folder, numbers(*which)))
        duty.give_back(row)
        duty.passes(hours=1)

    duty.give_back(duty.issue())
    out_and_back(None, "one", 1, 2, 3)
    out_and_back(None, "two", 4, 5)
    out_and_back(None, "one", 6, 7)
    assert missing(office) == []
    # The other one is out and has not come yet: nothing can be said of what this one begins with.
    row = duty.issue(card=other)
    duty.give_back(row)
    out_and_back(None, "one", 20, 21)
    assert missing(office) == []


def test_a_recorder_that_numbers_each_day_from_one(office, row, duty, line, tmp_path):
    text = profile_text(f'[sequence]\ncounts = "{Counts.DAY}"')
    library = own_profiles(tmp_path / "own", own=text)
    own = replace(line, tools=replace(line.tools, recorders=lambda: library))
    first = numbers(1, 2)
    unload(own, fill(tmp_path / "card", first))
    second = {name.replace("20261120", "20261121"): data + b"x" for name, data in numbers(1, 2).items()}
    duty.passes(hours=1)
    unload(own, fill(tmp_path / "card", second))
    assert missing(office) == []


def test_a_file_that_could_not_be_read_is_not_missing(office, row, line, tmp_path, monkeypatch):
    """It changed while it was read, so it stays on the card; the next time it is taken."""
    card = fill(tmp_path / "card", numbers(1, 2, 3))
    second = card / take(2, second=2)
    put = line.vault.put

    def grows(source, **how):
        with second.open("ab") as file:
            file.write(b"x")
        return put(source, **how)

    monkeypatch.setattr(type(line.vault), "put", lambda _vault, source, **how: grows(source, **how))
    single = replace(line, tools=replace(line.tools, threads=1))
    outcome = unload(single, card)
    assert {problem.code for problem in outcome.problems} == {"file.changed"}
    monkeypatch.undo()
    unload(line, card)
    assert missing(office) == []


def test_paths_that_are_longer_than_an_entry_holds_keep_no_unloading_from_its_end(
    office, row, line, tmp_path
):
    deep = "/".join(f"{number:02}" + "Ә" * 118 for number in range(13))
    numbered = range(1, 121, 2)
    content = {f"{deep}/{name.rpartition('/')[2]}": data for name, data in numbers(*numbered).items()}
    done = unload(line, fill(tmp_path / "card", content))
    assert done.problems == ()
    assert (done.unload.state, done.unload.cleared) == ("ready", 60)
    (entry,) = entries("recorder.sequence-read")
    assert [gap["first"] for gap in entry.body["gaps"]] == [*range(2, 119, 2)]


def test_a_card_of_nobody_s_is_held_against_nobody(office, row, line, tmp_path):
    unload(line, fill(tmp_path / "card", numbers(1, 5, recorder="ХХ-0404")))
    assert not SequenceReading.objects.exists()
