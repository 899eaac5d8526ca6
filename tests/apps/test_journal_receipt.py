"""Who received which thing, set right in the book: the row follows, and what was signed first stays (R8.1, R10.2)."""

import json
from dataclasses import replace
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import translation

from aigaq.incidents import services as incidents
from aigaq.incidents.models import Incident
from aigaq.incidents.models import Kind as IncidentKind
from aigaq.ingest.services import unload
from aigaq.journal import errors, receipt_errors
from aigaq.journal.evidence import FaultKind, check_entries, check_entry
from aigaq.journal.held_at import things_held
from aigaq.journal.holdings import holdings
from aigaq.journal.models import Correction, JournalRow, Remark, ThingFound, ThingKind
from aigaq.journal.overdue import all_overdue
from aigaq.journal.rules import Found
from aigaq.journal.selectors import (
    Place,
    open_row_of,
    row_at,
    row_view,
    row_with,
    rows_out_with,
    whereabouts,
)
from aigaq.journal.services.correct import correct, offer_correction
from aigaq.journal.signed import digest_of
from aigaq.journal.whose import corrected, people_of, rows_of
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE
from aigaq.notices import services as notices
from aigaq.notices import wording
from aigaq.notices.models import Kind as NoticeKind
from aigaq.notices.models import Notice
from aigaq.registry import services as registry
from aigaq.registry.models import Card, Recorder, Role, State
from aigaq.registry.selectors import standing_of
from aigaq.review import indexing
from aigaq.review.search import Wanted, search
from aigaq.tlog.entry import Entry
from tests.apps.test_journal_race import at_once
from tests.apps.test_ledger_rows import findings
from tests.support.cards import fill, pipeline, takes
from tests.support.duty import entries, on_duty, own_password, spare_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def spare(office):
    return spare_of(office)


@pytest.fixture
def row(duty):
    """Open: recorder БТ-0001 with card ЖК-0001, to Yerlan."""
    return duty.issue()


def set_right(duty, row, cell, one, **changes):
    """Daniyar corrects that cell of the row to `one`."""
    return duty.correct(row, cell, str(one.pk) if one else "", **changes)


def out_on(thing):
    return type(thing).objects.get(pk=thing.pk).out_on


def now(row):
    return row_with(row.pk).received()


def nothing_was_written():
    return not Correction.objects.exists() and not entries("journal.corrected")


def test_the_right_recorder_goes_out_on_the_row_and_the_wrong_one_is_there_again(duty, spare, row):
    office = duty.office
    set_right(duty, row, "recorder", spare.recorder)
    assert (out_on(office.recorder), out_on(spare.recorder)) == (None, row.pk)
    assert now(row).recorder == spare.recorder
    assert (open_row_of(spare.recorder), open_row_of(office.recorder)) == (row, None)
    at = office.clock.now()
    assert (row_at(spare.recorder, at), row_at(office.recorder, at)) == (row, None)
    assert whereabouts(spare.recorder, at).place == Place.WITH_INSPECTOR
    assert whereabouts(office.recorder, at).place == Place.WITH_CUSTODIAN
    held = {each.inventory_number: each.holder for each in holdings(office.division, at).recorders}
    assert held == {"БТ-0001": "", "БТ-0002": office.inspector.full_name}
    assert isinstance(duty.issue(card=None, seal_number="", inspector=office.second_inspector), JournalRow)
    assert check_entries(entries("")) == findings() == []


def test_the_card_can_be_another_or_none_or_one_after_all(duty, spare, row):
    office = duty.office
    set_right(duty, row, "card", spare.card)
    assert (out_on(office.card), out_on(spare.card)) == (None, row.pk)
    assert row_at(spare.card, office.clock.now()) == row
    set_right(duty, row, "card", None)
    assert (out_on(office.card), out_on(spare.card)) == (None, None)
    assert now(row).card is None
    assert row_at(spare.card, office.clock.now()) is None
    set_right(duty, row, "card", office.card)
    assert (out_on(office.card), now(row).card) == (row.pk, office.card)
    cell = row_view(row).cells["card"]
    assert (cell.struck, cell.present) == (("ЖК-0001", "ЖК-0002", ""), "ЖК-0001")
    told = Remark.objects.filter(row=row).order_by("seq").values_list("text", flat=True)
    assert [text.split(". Себебі")[0] for text in told] == [
        "Түзету, жад картасы: «ЖК-0001» сызылды, дұрысы – «ЖК-0002»",
        "Түзету, жад картасы: «ЖК-0002» сызылды, дұрысы – «–»",
        "Түзету, жад картасы: «–» сызылды, дұрысы – «ЖК-0001»",
    ]


def test_a_card_that_was_not_written_down_brings_its_seal_with_it(duty, spare):
    row = duty.issue(card=None, seal_number="")
    assert "seal_number" not in row_view(row).cells
    set_right(duty, row, "card", spare.card)
    duty.correct(row, "seal_number", "Қ-0413")
    returned = duty.give_back(row, seal_number_found="Қ-0413").returned
    assert returned.seal_found == "intact"
    assert out_on(spare.card) is None
    assert findings() == []


def test_the_inspector_s_rows_and_phone_follow(duty, row):
    office = duty.office
    set_right(duty, row, "inspector", office.second_inspector)
    assert rows_out_with(office.inspector) == []
    assert [view.row for view in rows_out_with(office.second_inspector)] == [row]
    assert list(rows_of(office.inspector)) == []
    with pytest.raises(errors.AigaqError):
        duty.pause(row)
    assert duty.pause(row, person=office.second_inspector).row == row
    duty.passes(days=3)
    (late,) = all_overdue(office.clock.now())
    assert late.view.row.inspector == office.second_inspector
    assert late.view.user == office.second_inspector.full_name
    assert set(people_of(office.division)) == {office.inspector, office.second_inspector}


def test_what_was_signed_stays_and_verifies(duty, spare, row):
    before = JournalRow.objects.values().get()
    issued = entries("journal.issued")
    set_right(duty, row, "recorder", spare.recorder)
    duty.passes(minutes=1)
    set_right(duty, row, "inspector", duty.office.second_inspector)
    assert JournalRow.objects.values().get() == before
    assert entries("journal.issued") == issued
    assert row_view(row).issue_signature.signer == duty.office.inspector
    assert check_entries(entries("")) == []


def test_the_entry_says_by_id_what_the_row_stood_for_and_stands_for(duty, spare, row):
    office = duty.office
    correction = set_right(duty, row, "recorder", spare.recorder)
    document = entries("journal.corrected")[0].body["document"]
    assert (document["old"], document["new"]) == ("БТ-0001", "БТ-0002")
    was, new = document["received"]["was"], document["received"]["now"]
    assert was["recorder"] == {"id": str(office.recorder.pk), "inventory_number": "БТ-0001"}
    assert new == {**was, "recorder": {"id": str(spare.recorder.pk), "inventory_number": "БТ-0002"}}
    assert (correction.recorder, correction.card, correction.inspector) == (
        spare.recorder,
        office.card,
        office.inspector,
    )
    duty.correct(row, "subject", "«Жаңа» ЖШС")
    assert "received" not in entries("journal.corrected")[1].body["document"]
    assert Correction.objects.get(cell="subject").recorder is None


def test_a_chain_goes_on_from_what_stood_last_and_each_time_is_remembered(duty, spare, row):
    office, third = duty.office, spare_of(duty.office, "0003")
    for one in (spare.recorder, third.recorder):
        duty.passes(minutes=1)
        set_right(duty, row, "recorder", one)
    duty.passes(minutes=1)
    set_right(duty, row, "inspector", office.second_inspector)
    cell = row_view(row).cells["recorder"]
    assert (cell.struck, cell.present) == (("БТ-0001", "БТ-0002"), "БТ-0003")
    assert now(row) == replace(now(row), recorder=third.recorder, inspector=office.second_inspector)
    first, second, last = Correction.objects.order_by("seq")
    fresh = row_with(row.pk)
    assert fresh.received(first.seq).recorder == office.recorder
    assert fresh.received(second.seq).recorder == spare.recorder
    assert fresh.received(last.seq).inspector == office.inspector
    assert list(rows_of(spare.recorder)) == []
    assert list(rows_of(spare.recorder, before=second.seq)) == [row]
    assert list(rows_of(office.recorder, before=first.seq)) == [row]
    assert list(rows_of(office.inspector, before=last.seq)) == [row]
    assert [out_on(each) for each in (office.recorder, spare.recorder, third.recorder)] == [
        None,
        None,
        row.pk,
    ]
    assert [entry.body["document"]["corrects"] for entry in entries("journal.corrected")] == [
        row.issue.seq,
        first.seq,
        row.issue.seq,
    ]
    set_right(duty, row, "recorder", office.recorder)
    assert list(rows_of(office.recorder)) == [row], "back to what was written first"
    assert findings() == []


def test_the_hand_over_act_of_an_earlier_day_tells_as_it_was_then(duty, spare, row):
    size = LedgerEntry.objects.count()
    before = things_held(duty.office.division, size)
    set_right(duty, row, "recorder", spare.recorder)
    assert things_held(duty.office.division, size) == before
    recorders, _cards = things_held(duty.office.division, LedgerEntry.objects.count())
    assert [(each.inventory_number, each.row) for each in recorders] == [("БТ-0001", None), ("БТ-0002", 1)]


def test_a_return_after_it_compares_and_frees_the_right_things(duty, spare, row):
    office = duty.office
    set_right(duty, row, "recorder", spare.recorder)
    set_right(duty, row, "card", spare.card)
    set_right(duty, row, "inspector", office.second_inspector)
    duty.give_back(row, handed_back_by=office.second_inspector)
    assert [out_on(each) for each in (spare.recorder, spare.card, office.recorder, office.card)] == [None] * 4
    document = entries("journal.returned")[0].body["document"]
    assert document["recorder"]["inventory_number"] == "БТ-0002"
    assert document["card"]["inventory_number"] == "ЖК-0002"
    assert document["inspector"]["id"] == document["handed_back_by"]["id"] == str(office.second_inspector.pk)
    assert check_entries(entries("")) == findings() == []


def test_who_received_it_first_is_another_person_at_the_return_now(duty, row):
    set_right(duty, row, "inspector", duty.office.second_inspector)
    with pytest.raises(errors.OtherPersonUnexplainedError):
        duty.give_back(row, handed_back_by=duty.office.inspector)


def test_on_a_closed_row_the_words_and_what_is_looked_up_change_and_nothing_goes_out(duty, spare, row):
    office = duty.office
    duty.passes(hours=8)
    duty.give_back(row)
    at = office.clock.now()
    registry.set_state(office.ledger, office.by(office.custodian), spare.recorder, State.IN_REPAIR, "Экраны")
    set_right(duty, row, "recorder", spare.recorder)
    set_right(duty, row, "inspector", office.second_inspector)
    assert (out_on(office.recorder), out_on(spare.recorder)) == (None, None)
    assert (row_at(spare.recorder, at), row_at(office.recorder, at)) == (row, None)
    assert list(rows_of(office.second_inspector)) == [row]
    assert row_view(row).inventory_numbers == ("БТ-0002", "ЖК-0001")
    assert findings() == []


def test_recordings_come_to_the_row_that_was_set_right_and_those_that_came_stay(duty, spare, row, tmp_path):
    line = pipeline(duty.office, tmp_path / "vault")
    duty.passes(minutes=20)
    early = unload(line, fill(tmp_path / "early", takes(2)))
    assert early.unload.row == row
    set_right(duty, row, "recorder", spare.recorder)
    set_right(duty, row, "card", spare.card)
    set_right(duty, row, "inspector", duty.office.second_inspector)
    duty.passes(minutes=20)
    outcome = unload(line, fill(tmp_path / "card", takes(3, recorder="БТ-0002")))
    assert (outcome.unload.row, outcome.unload.recorder) == (row, spare.recorder)
    indexing.catch_up(duty.office.ledger)
    standing = standing_of(duty.office.custodian, duty.office.clock.now())

    def count(**wanted):
        return len(search(standing, duty.office.division, Wanted(**wanted)).page.recordings)

    assert count(inspector=duty.office.second_inspector.pk) == 5
    assert count(inspector=duty.office.inspector.pk) == 0
    assert count(recorder=spare.recorder.pk) == 5


def test_what_can_not_have_been_is_refused(duty, spare, row):
    office = duty.office
    foreign = registry.add_recorder(
        office.ledger, MACHINE, inventory_number="БТ-0900", division=office.sister
    )
    for cell, chosen, error, paragraph in (
        ("recorder", str(office.recorder.pk), errors.NothingCorrectedError, "10"),
        ("inspector", str(office.inspector.pk), errors.NothingCorrectedError, "10"),
        ("card", str(office.card.pk), errors.NothingCorrectedError, "10"),
        ("recorder", str(foreign.pk), errors.ForeignThingError, "7"),
        ("recorder", "", receipt_errors.UnknownReceiptError, None),
        ("recorder", "БТ-0002", receipt_errors.UnknownReceiptError, None),
        ("recorder", str(spare.card.pk), receipt_errors.UnknownReceiptError, None),
        ("card", str(uuid4()), receipt_errors.UnknownReceiptError, None),
        ("inspector", "", receipt_errors.UnknownReceiptError, None),
        ("inspector", str(office.head.pk), receipt_errors.NotInspectorThenError, "8"),
        ("inspector", str(office.sister_custodian.pk), receipt_errors.NotInspectorThenError, "8"),
    ):
        with pytest.raises(error) as refused:
            duty.correct(row, cell, chosen)
        assert refused.value.paragraph == paragraph, (cell, chosen)
    with pytest.raises(errors.NoReasonError):
        set_right(duty, row, "recorder", spare.recorder, reason=" ")
    assert nothing_was_written()
    assert (out_on(office.recorder), out_on(spare.recorder)) == (row.pk, None)


@pytest.mark.parametrize("state", [State.IN_REPAIR, State.LOST, State.RETIRED])
def test_what_is_not_in_service_does_not_go_out_by_a_correction(duty, spare, row, state):
    office = duty.office
    registry.set_state(office.ledger, office.by(office.custodian), spare.recorder, state, "Экраны сынған")
    with pytest.raises(errors.NotInServiceError):
        set_right(duty, row, "recorder", spare.recorder)
    assert nothing_was_written()


def test_one_thing_was_not_out_on_two_rows_at_once(duty, spare, row):
    office = duty.office
    duty.passes(minutes=5)
    other = duty.issue(recorder=spare.recorder, card=spare.card, inspector=office.second_inspector)
    for cell, one in (("recorder", spare.recorder), ("card", spare.card)):
        with pytest.raises(receipt_errors.OutElsewhereError) as refused:
            set_right(duty, row, cell, one)
        assert refused.value.details["row"] == other.number
        assert refused.value.details["inspector"] == office.second_inspector.full_name
    duty.passes(hours=1)
    duty.give_back(other, handed_back_by=office.second_inspector)
    with pytest.raises(receipt_errors.OutElsewhereError):
        set_right(duty, row, "recorder", spare.recorder)
    duty.give_back(row)
    with pytest.raises(receipt_errors.OutElsewhereError):
        set_right(duty, row, "recorder", spare.recorder)
    assert nothing_was_written()
    duty.passes(minutes=5)
    later = duty.issue()
    set_right(duty, later, "recorder", spare.recorder)
    assert row_at(spare.recorder, office.clock.now()) == later, "it was back before that row"


def test_two_rows_that_were_mixed_up_are_set_right_by_their_inspectors(duty, spare, row):
    office = duty.office
    other = duty.issue(recorder=spare.recorder, card=spare.card, inspector=office.second_inspector)
    set_right(duty, row, "inspector", office.second_inspector)
    set_right(duty, other, "inspector", office.inspector)
    assert [view.row for view in rows_out_with(office.inspector)] == [other]
    assert [view.row for view in rows_out_with(office.second_inspector)] == [row]
    assert findings() == []


def test_who_was_an_inspector_at_the_issue_counts_not_who_is_one_today(duty, row):
    office = duty.office
    duty.give_back(row)
    by_head = office.by(office.head)
    registry.relieve(
        office.ledger, by_head, office.second_inspector.appointments.get(), office.clock.now().date()
    )
    duty.passes(days=2)
    hired = registry.appoint(
        office.ledger,
        by_head,
        person=office.administrator,
        division=office.division,
        role=Role.INSPECTOR,
        from_on=date(2026, 11, 21),
        until_on=None,
        order_number="12-9",
    )
    with pytest.raises(receipt_errors.NotInspectorThenError):
        set_right(duty, row, "inspector", hired.person)
    set_right(duty, row, "inspector", office.second_inspector)
    assert now(row).inspector == office.second_inspector


def test_a_duty_of_two_rows_stays_one(duty, spare, row):
    office, third = duty.office, spare_of(duty.office, "0003")
    new = duty.replace(duty.fail(row), spare)
    duty.give_back(row)
    for each in (row, new):
        with pytest.raises(receipt_errors.OneDutyError) as refused:
            set_right(duty, each, "inspector", office.second_inspector)
        assert refused.value.paragraph == "22"
    with pytest.raises(receipt_errors.ReplacedByItselfError):
        set_right(duty, new, "recorder", office.recorder)
    with pytest.raises(receipt_errors.ReplacedByItselfError):
        set_right(duty, row, "recorder", spare.recorder)
    assert nothing_was_written()
    set_right(duty, new, "recorder", third.recorder)
    assert row_view(row).replaced_by.recorder == third.recorder
    assert row_view(new).replaces.recorder == office.recorder
    assert findings() == []


def test_what_was_told_lost_or_damaged_is_not_said_of_another(duty, spare, row):
    duty.lose(row, thing=ThingKind.CARD, words="Көлікте қалды")
    with pytest.raises(receipt_errors.HarmToldError):
        set_right(duty, row, "card", spare.card)
    duty.give_back(
        row, recorder=Found(ThingFound.DAMAGED, "Экраны"), card=Found(ThingFound.MISSING, "Табылмады")
    )
    for cell, one in (("recorder", spare.recorder), ("card", None)):
        with pytest.raises(receipt_errors.HarmToldError):
            set_right(duty, row, cell, one)
    assert nothing_was_written()
    set_right(duty, row, "inspector", duty.office.second_inspector)


def test_a_loss_is_of_what_the_row_stands_for(duty, spare, row):
    set_right(duty, row, "recorder", spare.recorder)
    duty.lose(row)
    assert Recorder.objects.get(pk=spare.recorder.pk).state == State.LOST
    assert Recorder.objects.get(pk=duty.office.recorder.pk).state == State.IN_SERVICE
    assert "№ БТ-0002" in Remark.objects.order_by("seq").last().text


def test_only_the_custodian_sets_it_right(duty, spare, row):
    office = duty.office
    for person in (office.head, office.inspector, office.sister_custodian, office.administrator):
        with pytest.raises(errors.NotCustodianError):
            set_right(duty, row, "recorder", spare.recorder, custodian=person)
    assert nothing_was_written()
    assert out_on(office.recorder) == row.pk


def test_namesakes_are_told_apart_by_their_staff_numbers(duty, row):
    office = duty.office
    namesake = registry.add_person(
        office.ledger,
        MACHINE,
        full_name=office.inspector.full_name,
        post="",
        staff_number="777",
        division=office.division,
        user=None,
    )
    registry.appoint(
        office.ledger,
        MACHINE,
        person=namesake,
        division=office.division,
        role=Role.INSPECTOR,
        from_on=date(2026, 1, 12),
        until_on=None,
        order_number="12-7",
    )
    set_right(duty, row, "inspector", namesake)
    cell = row_view(row).cells["inspector"]
    assert cell.present == f"{cell.first} (№ 777)"
    assert now(row).inspector == namesake


def test_a_correction_signed_over_other_facts_writes_nothing(duty, spare, row):
    """By passkey the document is laid before the custodian first; a colleague was quicker with another cell."""
    office, by = duty.office, duty.by_custodian
    request = duty.correction_request(row, "recorder", str(spare.recorder.pk))
    first = offer_correction(office.ledger, by, request)
    set_right(duty, row, "inspector", office.second_inspector)
    assert offer_correction(office.ledger, by, request).digest != first.digest
    correct(office.ledger, by, request, own_password(office.custodian))
    assert now(row).inspector == office.second_inspector, "nobody's correction was undone by it"


def test_the_head_decides_on_it_and_both_inspectors_are_told(duty, spare, row):
    office = duty.office
    notices.catch_up(office.ledger)
    Notice.objects.all().delete()
    correction = set_right(duty, row, "inspector", office.second_inspector, reason="Басқа адам таңдалған")
    duty.correct(row, "subject", "«Жаңа» ЖШС")
    for _ in range(2):
        incidents.attend(office.ledger)
        notices.catch_up(office.ledger)
    incident = Incident.objects.get()
    assert incident.kind == IncidentKind.RECEIPT_CORRECTED
    assert incident.evidence == [row.issue.seq, correction.seq]
    assert incident.row == row
    told = {name: incident.facts[name] for name in ("cell", "old", "new", "words", "corrected_by")}
    assert told == {
        "cell": "inspector",
        "old": office.inspector.full_name,
        "new": office.second_inspector.full_name,
        "words": "Басқа адам таңдалған",
        "corrected_by": office.custodian.full_name,
    }
    assert incident.facts["inspector"] == office.inspector.full_name, "as the row stood then"
    corrected = Notice.objects.filter(kind=NoticeKind.CORRECTED)
    assert {each.person for each in corrected} == {office.inspector, office.second_inspector}
    with translation.override("en"):
        said = {each.person: wording.sentence(each) for each in corrected}
    name = office.second_inspector.full_name
    assert said[office.inspector] == (
        f"Row 1, which you signed, was corrected: {name} received the recorder БТ-0001, not you."
    )
    assert said[office.second_inspector] == (
        f"Row 1 was corrected: you received the recorder БТ-0001, not {office.inspector.full_name}."
    )
    letter = wording.text(corrected[0], "https://aigaq.example/notices/")
    assert name not in letter, "a letter names nobody"
    assert findings() == []


def test_each_correction_is_an_incident_and_a_notice_of_its_own(duty, spare, row):
    office = duty.office
    set_right(duty, row, "card", spare.card)
    set_right(duty, row, "card", None)
    set_right(duty, row, "recorder", spare.recorder)
    incidents.attend(office.ledger)
    notices.catch_up(office.ledger)
    assert Incident.objects.filter(kind=IncidentKind.RECEIPT_CORRECTED).count() == 3
    mine = Notice.objects.filter(kind=NoticeKind.CORRECTED, person=office.inspector).order_by("key")
    with translation.override("en"):
        assert [wording.sentence(each) for each in mine] == [
            "Row 1, which you signed, was corrected: the card ЖК-0002 was in the recorder БТ-0001, not ЖК-0001.",
            "Row 1, which you signed, was corrected: the card – was in the recorder БТ-0001, not ЖК-0002.",
            "Row 1, which you signed, was corrected: you received the recorder БТ-0002, not БТ-0001.",
        ]


def test_the_frozen_corrections_hold():
    vector = json.loads(
        (Path(__file__).parents[1] / "vectors" / "signature-2-receipt.json").read_text("utf-8")
    )
    frozen = [Entry.parse(text.encode()) for text in vector["entries"]]
    assert [entry.kind for entry in frozen] == [
        "journal.issued",
        *["journal.corrected"] * 3,
        "journal.returned",
    ]
    assert check_entries(frozen) == []
    for entry, octets in zip(frozen, vector["documents"], strict=True):
        signed = f"sha256:{sha256(octets.encode()).hexdigest()}"
        assert (
            str(digest_of(entry.body["document"])) == signed == entry.body["signatures"][0]["signed_digest"]
        )


@pytest.mark.parametrize(
    "forge",
    [
        lambda received, other: received["now"]["recorder"].update(id=other),
        lambda received, other: received["was"]["inspector"].update(id=other),
        lambda received, _other: received.pop("was"),
        lambda received, _other: received["now"].pop("card"),
        lambda received, _other: received["now"].update(recorder=received["was"]["recorder"]),
        lambda received, _other: received["now"].update(recorder=None),
    ],
)
def test_a_forged_entry_is_found(duty, spare, row, forge):
    set_right(duty, row, "recorder", spare.recorder)
    (entry,) = entries("journal.corrected")
    assert check_entry(entry) == []
    forge(entry.body["document"]["received"], str(uuid4()))
    assert {fault.kind for fault in check_entry(entry)} & {FaultKind.DIGEST, FaultKind.NO_DOCUMENT}


def test_an_entry_that_does_not_say_who_received_it_is_none(duty, spare, row):
    """Even signed anew: a correction of column 2 or 3 says it, any other does not."""
    set_right(duty, row, "recorder", spare.recorder)
    duty.correct(row, "subject", "«Жаңа» ЖШС")
    receipt, plain = entries("journal.corrected")
    received = receipt.body["document"].pop("received")
    plain.body["document"]["received"] = received
    for entry in (receipt, plain):
        assert [fault.kind for fault in check_entry(entry)] == [FaultKind.NO_DOCUMENT]


ROUNDS = 20


@pytest.mark.django_db(transaction=True)
def test_the_right_recorder_goes_to_one_of_a_correction_and_an_issue_at_once(duty, spare):
    office = duty.office
    won = set()
    for _ in range(ROUNDS):
        row = duty.issue()
        outcomes = at_once(
            partial(set_right, duty, row, "recorder", spare.recorder),
            partial(
                duty.issue,
                recorder=spare.recorder,
                card=spare.card,
                inspector=office.second_inspector,
            ),
        )
        corrected, issued = outcomes
        if isinstance(corrected, Correction):
            assert isinstance(issued, errors.RecorderAlreadyIssuedError), issued
            assert issued.details["row"] == row.number
            assert (out_on(spare.recorder), out_on(office.recorder)) == (row.pk, None)
            assert out_on(spare.card) is None
        else:
            assert isinstance(corrected, receipt_errors.OutElsewhereError), corrected
            assert corrected.details["row"] == issued.number
            assert (out_on(spare.recorder), out_on(office.recorder)) == (issued.pk, row.pk)
            duty.give_back(issued, handed_back_by=office.second_inspector)
        won.add(type(corrected))
        duty.give_back(row)
        duty.passes(minutes=1)
    assert Recorder.objects.filter(out_on=None).count() == Recorder.objects.count()
    assert findings() == []


@pytest.mark.django_db(transaction=True)
def test_a_correction_that_meets_the_return_leaves_nothing_out(duty, spare):
    for _ in range(ROUNDS):
        row = duty.issue(card=None, seal_number="")
        duty.passes(minutes=1)
        corrected, returned = at_once(
            partial(set_right, duty, row, "card", spare.card), partial(duty.give_back, row)
        )
        meanwhile = errors.ChangedMeanwhileError
        assert isinstance(corrected, Correction | meanwhile), corrected
        assert isinstance(returned, JournalRow | meanwhile), returned
        if isinstance(returned, meanwhile):
            assert out_on(spare.card) == row.pk
            duty.give_back(row)
        assert out_on(spare.card) is out_on(duty.office.recorder) is None
        document = entries("journal.returned")[-1].body["document"]
        fresh = row_with(row.pk)
        stands_for = fresh.received(fresh.returned.seq).card
        assert (document["card"] is None) == (stands_for is None)
        duty.passes(minutes=1)
    assert findings() == []


@pytest.mark.django_db(transaction=True)
def test_two_who_want_each_other_s_recorder_do_not_wait_for_each_other(duty, spare):
    office = duty.office
    one, other = (
        duty.issue(),
        duty.issue(recorder=spare.recorder, card=spare.card, inspector=office.second_inspector),
    )
    for _ in range(5):
        outcomes = at_once(
            partial(set_right, duty, one, "recorder", spare.recorder),
            partial(set_right, duty, other, "recorder", office.recorder),
        )
        assert [type(each) for each in outcomes] == [receipt_errors.OutElsewhereError] * 2, outcomes
    assert nothing_was_written()


@pytest.mark.django_db(transaction=True)
def test_two_who_correct_two_cells_of_a_row_at_once_lose_neither(duty, spare):
    office = duty.office
    row = duty.issue()
    outcomes = at_once(
        partial(set_right, duty, row, "recorder", spare.recorder),
        partial(set_right, duty, row, "inspector", office.second_inspector),
        partial(set_right, duty, row, "card", spare.card),
    )
    assert all(isinstance(each, Correction) for each in outcomes), outcomes
    stands_for = now(row)
    assert (stands_for.recorder, stands_for.card, stands_for.inspector) == (
        spare.recorder,
        spare.card,
        office.second_inspector,
    )
    assert Card.objects.get(pk=spare.card.pk).out_on == row.pk
    assert findings() == []


def test_to_tell_the_inspectors_of_many_rows_takes_no_more_queries_than_of_one(
    duty, spare, django_assert_num_queries
):
    """The recorders and cards, which nobody asked for, are not read row by row."""
    for number in range(3):
        row = duty.issue()
        if number:
            set_right(duty, row, "inspector", duty.office.second_inspector)
        duty.give_back(row, handed_back_by=row.inspector, condition="Ауыстырылған")
    for limit in (1, 3):
        rows = JournalRow.objects.select_related("first_inspector").prefetch_related(corrected())[:limit]
        with django_assert_num_queries(2):
            assert all(each.inspector.full_name for each in rows)
