"""Whose a card is: nothing is guessed. What nobody knows waits in the tray, and a custodian decides."""

import pytest

from aigaq.core import canonical
from aigaq.ingest.identity import write_identity
from aigaq.ingest.models import Unload, UnloadState
from aigaq.ingest.selectors import recordings_of, running, tray, unloads, why
from aigaq.ingest.services import assign, unload
from aigaq.journal.models import Unloading
from aigaq.ledger.services import MACHINE
from aigaq.recordings.models import Blob, Placement, Recording, RecordingFile
from aigaq.registry import services as registry
from aigaq.registry.errors import NoRightOverThingsError
from aigaq.unloading import errors
from tests.support.cards import fill, in_vault, left_on, pipeline, take, takes
from tests.support.duty import entries, on_duty


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def line(office, tmp_path):
    return pipeline(office, tmp_path / "vault")


@pytest.fixture
def card(tmp_path):
    (tmp_path / "card").mkdir()
    return tmp_path / "card"


def register(office, line, path, card=None):
    card = card or office.card
    return write_identity(
        office.ledger, office.by(office.custodian), path, card=card, installation=line.vault.id
    )


def another_recorder(office, number="БТ-0002"):
    return registry.add_recorder(office.ledger, MACHINE, inventory_number=number, division=office.division)


def another_card(office, number="ЖК-0002", recorder=None):
    return registry.add_card(
        office.ledger, MACHINE, inventory_number=number, division=office.division, recorder=recorder
    )


def in_tray(line, card, reason):
    """It was stored and catalogued, nothing was cleared, and the screen can say why."""
    content = left_on(card)
    outcome = unload(line, card)
    assert (outcome.unload.state, outcome.unload.reason) == (UnloadState.TRAY, reason)
    assert left_on(card) == content
    assert all(in_vault(line.vault, data) for data in content.values())
    assert not Placement.objects.exists()
    assert not Unloading.objects.exists()
    assert why(Unload.objects.get(pk=outcome.unload.pk)).code == reason
    assert str(why(Unload.objects.get(pk=outcome.unload.pk))) == str(outcome.doubt)
    return outcome.unload


def test_a_registered_card_is_known_by_its_identity(office, duty, line, card):
    row = duty.issue()
    register(office, line, card)
    fill(card, {"DCIM/MOV_0001.DAT": b"x"})
    outcome = unload(line, card)
    assert (outcome.unload.card, outcome.unload.row) == (office.card, row)
    assert outcome.unload.source == "card:ЖК-0001"
    assert (card / "AIGAQ" / "identity.json").exists()


def test_registering_is_an_entry_and_needs_the_right(office, line, card):
    register(office, line, card)
    assert entries("card.identified")[0].body["card"] == "ЖК-0001"
    with pytest.raises(NoRightOverThingsError):
        write_identity(
            office.ledger,
            office.by(office.sister_custodian),
            card,
            card=office.card,
            installation=line.vault.id,
        )


def test_a_card_that_cannot_be_written_says_so_and_leaves_no_entry(office, line, card):
    (card / "AIGAQ").write_bytes(b"in the way")
    with pytest.raises(errors.IdentityNotWrittenError):
        register(office, line, card)
    assert entries("card.identified") == []


def test_a_recorder_is_known_by_its_serial_number_in_the_names(office, duty, line, card):
    row = duty.issue(card=None, seal_number="")
    fill(card, takes(1, recorder="SN7-1"))
    assert unload(line, card).unload.row == row


def test_letters_changed_by_fat_do_not_hide_the_recorder(office, duty, line, card):
    row = duty.issue()
    fill(card, takes(1, recorder="бт-0001"))
    assert unload(line, card).unload.row == row


def test_a_card_that_nothing_names_goes_to_the_tray(duty, line, card):
    duty.issue()
    fill(card, {"DCIM/MOV_0001.DAT": b"x", "DCIM/VID_20261120_091203.DAT": b"y"})
    in_tray(line, card, "card.unknown")


def test_a_recorder_that_was_never_issued_goes_to_the_tray(office, duty, line, card):
    fill(card, takes(1))
    unloaded = in_tray(line, card, "card.no-row")
    assert unloaded.division == office.division


def test_an_identity_that_was_altered_goes_to_the_tray(office, duty, line, card):
    duty.issue()
    register(office, line, card)
    fill(card, takes(1))
    path = card / "AIGAQ" / "identity.json"
    value = canonical.decode(path.read_bytes())
    value["body"]["card"] = "ЖК-0009"
    path.write_bytes(canonical.encode(value))
    in_tray(line, card, "card.identity-altered")


def test_an_identity_that_is_a_link_goes_to_the_tray(office, duty, line, card):
    duty.issue()
    (card / "AIGAQ").mkdir()
    (card / "AIGAQ" / "identity.json").symlink_to("/etc/passwd")
    fill(card, takes(1))
    in_tray(line, card, "card.identity-altered")


def test_the_card_of_another_installation_goes_to_the_tray(office, duty, line, card):
    duty.issue()
    write_identity(office.ledger, office.by(office.custodian), card, card=office.card, installation="f" * 32)
    fill(card, takes(1))
    in_tray(line, card, "card.identity-foreign")


def test_identity_says_one_and_the_names_say_another(office, duty, line, card):
    duty.issue()
    another_recorder(office)
    register(office, line, card)
    fill(card, takes(1, recorder="БТ-0002"))
    in_tray(line, card, "card.disagrees")


def test_names_of_two_recorders_on_one_card(office, duty, line, card):
    duty.issue()
    another_recorder(office)
    fill(card, {**takes(1), take(2, recorder="БТ-0002"): b"other"})
    in_tray(line, card, "card.disagrees")


def test_another_card_than_the_one_that_was_issued(office, duty, line, card):
    duty.issue()
    register(office, line, card, another_card(office, recorder=office.recorder))
    fill(card, takes(1))
    in_tray(line, card, "card.disagrees")


def test_a_spare_card_is_of_the_recorder_s_row_if_that_names_no_card(office, duty, line, card):
    row = duty.issue(card=None, seal_number="")
    register(office, line, card, another_card(office))
    fill(card, takes(1))
    assert unload(line, card).unload.row == row


def test_a_card_in_the_register_alone_is_no_row(office, duty, line, card):
    register(office, line, card, another_card(office))
    fill(card, {"MOV.DAT": b"x"})
    in_tray(line, card, "card.no-row")


def test_what_was_taken_in_before_the_issue_is_not_of_that_row(office, duty, line, card):
    fill(card, takes(1))
    in_tray(line, card, "card.no-row")
    duty.passes(hours=1)
    duty.issue()
    in_tray(line, card, "card.before-issue")


def assigned(office, waiting, row):
    by = office.by(office.custodian)
    return assign(office.ledger, by, unload=waiting, row=row, custodian=office.custodian)


def test_what_is_assigned_is_placed_has_its_line_and_is_cleared_by_the_next_run(office, duty, line, card):
    row = duty.issue()
    fill(card, {"a.DAT": b"one", "b.DAT": b"two two"})
    waiting = in_tray(line, card, "card.unknown")

    assert assigned(office, waiting, row) == 2

    assert Placement.objects.filter(row=row).count() == 2
    (column6,) = Unloading.objects.all()
    assert (column6.row, column6.files, column6.octets) == (row, 2, 10)
    assert left_on(card) != {}
    assert tray(office.division) == []

    outcome = unload(line, card)
    assert (outcome.unload.state, outcome.unload.row) == (UnloadState.READY, row)
    assert left_on(card) == {}
    assert Unloading.objects.count() == 1
    assert Recording.objects.count() == 2
    assert [entry.actor.name for entry in entries("unload.assigned")] == [office.custodian.full_name]


def test_what_was_added_to_an_assigned_card_waits_and_nothing_is_cleared(office, duty, line, card):
    row = duty.issue()
    fill(card, {"a.DAT": b"one"})
    assigned(office, in_tray(line, card, "card.unknown"), row)
    fill(card, {"b.DAT": b"two"})
    outcome = unload(line, card)
    assert outcome.unload.state == UnloadState.TRAY
    assert len(left_on(card)) == 2
    assigned(office, outcome.unload, row)
    assert unload(line, card).unload.state == UnloadState.READY
    assert sum(each.files for each in Unloading.objects.all()) == 2


def test_one_unloading_is_assigned_once(office, duty, line, card):
    row = duty.issue()
    fill(card, {"a.DAT": b"one"})
    waiting = in_tray(line, card, "card.unknown")
    assigned(office, waiting, row)
    with pytest.raises(errors.NotInTrayError):
        assigned(office, waiting, row)
    assert Unloading.objects.count() == 1


def test_only_who_keeps_the_division_assigns_and_only_to_its_rows(office, duty, line, card):
    row = duty.issue()
    fill(card, {"a.DAT": b"one"})
    waiting = in_tray(line, card, "card.unknown")
    for person in (office.inspector, office.sister_custodian, office.administrator):
        with pytest.raises(errors.NotCustodianError):
            assign(office.ledger, office.by(person), unload=waiting, row=row, custodian=person)
    Unload.objects.update(division=office.sister)
    waiting.refresh_from_db()
    person = office.sister_custodian
    with pytest.raises(errors.OtherDivisionError):
        assign(office.ledger, office.by(person), unload=waiting, row=row, custodian=person)
    assert not Placement.objects.exists()


def test_a_card_seen_again_in_the_tray_waits_there_once(office, duty, line, card):
    duty.issue()
    fill(card, {"a.DAT": b"one"})
    first = in_tray(line, card, "card.unknown")
    second = in_tray(line, card, "card.unknown")
    assert [(each.pk, each.waiting, each.octets) for each in tray(office.division)] == [(second.pk, 1, 3)]
    first.refresh_from_db()
    assert first.state == UnloadState.TAKEN_UP


def test_two_unknown_cards_wait_separately(office, duty, line, tmp_path):
    duty.issue()
    for name in ("one", "two"):
        unload(line, fill(tmp_path / name, {"a.DAT": name.encode()}), port="port-1")
    assert [each.waiting for each in tray(office.division)] == [1, 1]


def test_a_card_registered_after_it_was_seen_is_not_entered_twice(office, duty, line, card):
    row = duty.issue()
    fill(card, {"a.DAT": b"one"})
    assigned(office, in_tray(line, card, "card.unknown"), row)
    register(office, line, card)
    outcome = unload(line, card)
    assert (outcome.unload.stored, outcome.unload.already_stored) == (0, 1)
    assert Recording.objects.count() == 1
    assert outcome.unload.state == UnloadState.READY


def test_a_card_of_a_thousand_files_is_shown(office, duty, line, card):
    duty.issue()
    outcome = unload(line, fill(card, {"a.DAT": b"one"}))
    recording = Recording.objects.get()
    made = Blob.objects.bulk_create(
        Blob(
            content_digest=f"{number:064x}", stored_digest=f"{number:064x}", size=1, stored_size=1,
            name=f"blobs/{number}", ingested_at=recording.ingested_at, seq=0,
        )
        for number in range(1_000)
    )  # fmt: skip
    RecordingFile.objects.bulk_create(
        RecordingFile(recording=recording, blob=each, path=each.name, source="x", source_key=each.name)
        for each in made
    )
    (shown,) = recordings_of(outcome.unload)
    assert sum(file.blob.size for file in shown.files.all()) == 1_003


def test_the_screen_s_lists(office, duty, line, card):
    duty.issue()
    fill(card, takes(2))
    outcome = unload(line, card)
    assert list(unloads(office.division)) == [outcome.unload]
    assert list(unloads(office.sister)) == []
    assert list(running(office.division)) == []
    assert [r.files.all()[0].path for r in recordings_of(outcome.unload)] == sorted(takes(2))
