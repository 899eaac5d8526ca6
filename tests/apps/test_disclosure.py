"""Demands: numbered without a hole, held from the moment they are known, decided once by the head."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import translation

from aigaq.access.models import EnteredLook
from aigaq.disclosure import errors
from aigaq.disclosure.models import Chosen, Demand, Segment, Selection
from aigaq.disclosure.selectors import Stage, Urgency, demand_view, demands, overdue, waiting
from aigaq.disclosure.services.paper import store_paper
from aigaq.disclosure.services.register import register
from aigaq.errors import EXIT_REFUSED
from aigaq.ingest.services import unload
from aigaq.journal import evidence
from aigaq.ledger.models import Checkpoint, LedgerEntry
from aigaq.notices import services as notices
from aigaq.notices import wording
from aigaq.notices.models import Kind, Notice
from aigaq.recordings.models import Blob, Recording
from aigaq.retention.errors import AlreadyReleasedError, NotHeadError
from aigaq.retention.models import Cause, Hold
from aigaq.retention.selectors import holds_in, is_held
from aigaq.retention.services import place_hold, release_hold
from aigaq.tlog.entry import Entry
from aigaq.vault.store import Vault
from tests.support.cards import fill, pipeline, takes
from tests.support.disclosure import Registrar, every_recording
from tests.support.duty import on_duty
from tests.support.office import Office
from tests.support.vaults import IDENTITY

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n" + bytes(1000)


@pytest.fixture
def vault(office: Office, tmp_path) -> Vault:
    duty, line = on_duty(office), pipeline(office, tmp_path / "vault")
    row = duty.issue()
    duty.passes(minutes=30)
    unload(line, fill(tmp_path / "card", takes(2)))
    duty.give_back(row)
    return line.vault


@pytest.fixture
def registrar(office: Office) -> Registrar:
    return Registrar(office)


def test_demands_are_numbered_without_a_hole_in_each_division(office, registrar):
    with pytest.raises(errors.MissingError):
        registrar.registers(authority=" ")
    assert [registrar.registers().number for _ in range(3)] == [1, 2, 3]
    theirs = Registrar(replace(office, division=office.sister, custodian=office.sister_custodian))
    assert theirs.registers().number == 1
    assert [view.demand.number for view in demands(office.division)] == [3, 2, 1]


def test_registering_holds_what_is_named_in_the_same_act(office, vault, registrar):
    chosen = every_recording()
    demand = registrar.registers(chosen[0])
    (hold,) = holds_in(office.division)
    assert (hold.cause, hold.because) == (Cause.DEMAND, demand.pk)
    assert (is_held(chosen[0].recording), is_held(chosen[1].recording)) == (True, False)
    assert Selection.objects.get().hold == hold


def test_what_is_refused_holds_nothing(vault, registrar):
    before = LedgerEntry.objects.count()
    with pytest.raises(errors.DueBeforeReceivedError):
        registrar.registers(*every_recording(), due_on=date(2026, 11, 1))
    with pytest.raises(errors.ForeignRecordingError):
        registrar.registers(Chosen(uuid4()))
    assert (Hold.objects.count(), Demand.objects.count(), LedgerEntry.objects.count()) == (0, 0, before)


@pytest.mark.parametrize("who", ["inspector", "administrator", "sister_head", "sister_custodian"])
def test_only_the_readers_of_the_division_keep_its_register(office, registrar, who):
    with pytest.raises(errors.NotAReaderError) as refused:
        registrar.registers(who=getattr(office, who))
    assert (refused.value.paragraph, refused.value.exit_status) == ("14", EXIT_REFUSED)


def test_a_stretch_lies_within_its_file(vault, registrar):
    recording = Recording.objects.earliest("listed_at")
    file = recording.files.get()
    with pytest.raises(errors.BadSegmentError):
        registrar.registers(Chosen(recording.pk, (Segment(file.pk, 0, 500),)))


def test_chosen_anew_is_a_further_version_and_holds_only_what_is_new(office, vault, registrar):
    first, second = every_recording()
    demand = registrar.registers(first)
    with pytest.raises(errors.NothingChangedError):
        registrar.amends(demand, first)
    with pytest.raises(errors.SelectionChangedError):
        registrar.amends(demand, second, read=2)
    amended = registrar.amends(demand, second)
    assert (amended.version, [each.recording for each in amended.items]) == (2, [second.recording])
    assert is_held(first.recording), "what was named once stays held"
    assert registrar.amends(demand, first, second, read=2).hold is None
    assert Hold.objects.count() == 2


def test_the_head_approves_what_was_chosen_last_with_a_signature_that_holds(office, vault, registrar):
    demand = registrar.registers(every_recording()[0])
    registrar.amends(demand, *every_recording())
    with pytest.raises(errors.SelectionChangedError):
        registrar.approves(demand, read=1)
    approval = registrar.approves(demand, read=2)
    entry = Entry.parse(LedgerEntry.objects.get(seq=approval.seq).entry.encode())
    assert evidence.check_entry(entry) == []
    assert [each["recording"] for each in entry.body["document"]["chosen"]] == [
        str(each.recording) for each in every_recording()
    ]
    assert entry.body["document"]["package"] == str(approval.pk)
    with pytest.raises(errors.DecidedAlreadyError):
        registrar.approves(demand, read=2)
    with pytest.raises(errors.DecidedAlreadyError):
        registrar.amends(demand, every_recording()[0], read=2)
    with pytest.raises(errors.DecidedAlreadyError):
        registrar.refuses(demand)


def test_a_changed_approval_is_named(office, vault, registrar):
    approval = registrar.approves(registrar.registers(*every_recording()))
    entry = Entry.parse(LedgerEntry.objects.get(seq=approval.seq).entry.encode())
    body = {**entry.body, "document": {**entry.body["document"], "chosen": []}}
    forged = replace(entry, body=body)
    assert [fault.kind for fault in evidence.check_entry(forged)] == [evidence.FaultKind.DIGEST]


def test_nothing_chosen_is_not_approved_but_refused_with_a_reason(office, registrar):
    demand = registrar.registers()
    with pytest.raises(errors.NothingChosenError) as refused:
        registrar.approves(demand)
    assert refused.value.paragraph == "15"
    with pytest.raises(errors.NoReasonError):
        registrar.refuses(demand, reason=" ")
    registrar.refuses(demand)
    assert demand_view(demand.pk).stage is Stage.REFUSED
    assert waiting(office.division) == 0


@pytest.mark.parametrize("who", ["custodian", "inspector", "sister_head"])
def test_only_the_head_decides(office, vault, registrar, who):
    demand = registrar.registers(*every_recording())
    for act in (registrar.approves, registrar.refuses):
        with pytest.raises(errors.NotHeadError):
            act(demand, who=getattr(office, who))


def test_a_building_of_however_many_files_signs_the_ledger_no_more_often(office, vault, registrar):
    approval = registrar.approves(registrar.registers(*every_recording()))
    before = Checkpoint.objects.count()
    registrar.builds(approval)
    assert LedgerEntry.objects.filter(kind="access.downloaded").count() == 2
    assert EnteredLook.objects.filter(kind="downloaded").count() == 2
    assert Checkpoint.objects.count() == before + 3, "begun, its files, built"


def test_the_scanned_paper_lies_sealed_in_the_vault(office, vault, registrar):
    with pytest.raises(errors.NotADocumentError):
        store_paper(vault, b"<html>")
    with pytest.raises(errors.DocumentTooLargeError):
        store_paper(vault, b"%PDF-" + bytes(20 << 20))
    request = registrar.request(document=store_paper(vault, PDF))
    demand = register(office.ledger, office.by(office.custodian), request)
    assert (demand.media_type, demand.document.size) == ("application/pdf", len(PDF))
    found = Blob.objects.get(pk=demand.document_id)
    with vault.open(store_paper(vault, PDF).stored.content_digest, IDENTITY) as reader:
        assert reader.read() == PDF
    assert found.seq == demand.seq


def test_the_last_day_comes_nearer_and_passes(office, registrar):
    demand = registrar.registers()
    view, today = demand_view(demand.pk), date(2026, 11, 20)
    assert view.urgency(today) is Urgency.NONE
    assert view.urgency(date(2026, 11, 22)) is Urgency.SOON
    assert view.urgency(date(2026, 11, 25)) is Urgency.TODAY
    assert view.urgency(date(2026, 11, 26)) is Urgency.OVERDUE
    assert overdue(office.division, date(2026, 11, 26)) == 1
    registrar.refuses(demand)
    assert demand_view(demand.pk).urgency(date(2026, 11, 26)) is Urgency.NONE
    assert overdue(office.division, date(2026, 11, 26)) == 0


def test_the_head_alone_holds_by_order_and_lets_go_once(office, vault):
    chosen = [each.recording for each in every_recording()]
    asked = {"division": office.division, "recordings": chosen, "reason": "Ішкі тексеру"}
    with pytest.raises(NotHeadError):
        place_hold(office.ledger, office.by(office.custodian), head=office.custodian, **asked)
    hold = place_hold(office.ledger, office.by(office.head), head=office.head, **asked)
    again = place_hold(office.ledger, office.by(office.head), head=office.head, **asked)
    by_head = {"head": office.head, "reason": "Тексеру аяқталды"}
    release_hold(office.ledger, office.by(office.head), hold, **by_head)
    assert is_held(chosen[0]), "the other hold holds it still"
    with pytest.raises(AlreadyReleasedError):
        release_hold(office.ledger, office.by(office.head), hold, **by_head)
    release_hold(office.ledger, office.by(office.head), again, **by_head)
    assert not is_held(chosen[0])


@translation.override("en")
def test_the_head_is_told_of_a_demand_and_both_are_reminded_once_a_day(office, registrar):
    demand = registrar.registers()
    notices.catch_up(office.ledger)
    told = Notice.objects.get(kind=Kind.DEMAND)
    assert (told.person, wording.sentence(told)) == (
        office.head,
        "Demand 1 came: Қонаев қалалық соты, No. 3-127/26. Decide on it. The last day: 25.11.2026.",
    )
    near = office.clock.now() + timedelta(days=3)
    assert notices.remind_demands(office.ledger, near) == 2
    assert notices.remind_demands(office.ledger, near) == 0
    late = near + timedelta(days=3)
    assert notices.remind_demands(office.ledger, late) == 2
    assert "was due by 25.11.2026" in wording.sentence(Notice.objects.latest("created_at"))
    registrar.refuses(demand)
    assert notices.remind_demands(office.ledger, late + timedelta(days=1)) == 0


@translation.override("en")
def test_the_custodian_is_told_of_the_decision(office, vault, registrar):
    registrar.approves(registrar.registers(*every_recording(), who=office.head))
    notices.catch_up(office.ledger)
    told = Notice.objects.filter(person=office.custodian, kind=Kind.DEMAND).get()
    assert wording.sentence(told) == "Demand 1 is approved. Build the package and hand it over."
