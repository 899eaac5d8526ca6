"""Incidents through the real services: opened once from the ledger, decided once by the head."""

import threading
from datetime import timedelta
from importlib import import_module
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aigaq.accounts.errors import TooManyAttemptsError
from aigaq.incidents import errors, selectors, services
from aigaq.incidents.models import Decision, Incident, Kind, Outcome, Undecided
from aigaq.incidents.services import DecisionRequest, attend, catch_up, decide, offer_decision
from aigaq.journal.errors import NoSignatureError, TooLongError, WrongSignatureError
from aigaq.journal.evidence import check_entries
from aigaq.journal.models import SealFound, ThingFound, ThingKind
from aigaq.journal.rules import Found
from aigaq.journal.services.sign import OwnPassword
from aigaq.ledger.services import MACHINE
from aigaq.registry.models import State
from aigaq.registry.services import hand_over, set_state
from tests.apps.test_journal_race import at_once
from tests.support import amount
from tests.support.duty import SEAL, entries, on_duty, own_password, spare_of
from tests.support.office import ADDRESS, SINCE

ROUNDS = amount.times(50, 8)


@pytest.fixture
def duty(office):
    return on_duty(office)


def broken(duty):
    row = duty.issue()
    duty.passes(hours=8)
    return duty.give_back(row, seal_found=SealFound.BROKEN, condition="Көлікте үзілген")


def kinds():
    return sorted(Incident.objects.values_list("kind", flat=True))


def decision_of(duty, incident, **changes):
    usual = {
        "head": duty.office.head,
        "incident": incident,
        "outcome": Outcome.EXPLAINED,
        "reason": "Көлік апаты, актісі бар",
    }
    return DecisionRequest(**(usual | changes))


def decided(duty, incident, *, by=None, means=None, **changes):
    request = decision_of(duty, incident, **changes)
    acting = by or duty.office.by(request.head)
    return decide(duty.office.ledger, acting, request, means or own_password(request.head))


@pytest.mark.django_db
class TestOpening:
    def test_a_return_in_order_opens_nothing(self, duty):
        duty.give_back(duty.issue())
        assert catch_up(duty.office.ledger) == 1
        assert not Incident.objects.exists()

    def test_a_broken_seal_is_opened_once_with_its_evidence(self, duty):
        row = broken(duty)
        for _ in range(3):
            attend(duty.office.ledger)
        incident = Incident.objects.get()
        assert (incident.kind, incident.row, incident.division) == (
            Kind.SEAL_BROKEN,
            row,
            duty.office.division,
        )
        assert incident.evidence == [row.issue.seq, row.returned.seq]
        assert incident.occurred_at == row.returned.occurred_at
        (entry,) = entries("incidents.")
        assert (entry.seq, entry.at) == (incident.seq, incident.opened_at)
        assert (entry.actor.id, entry.division) == ("aigaq", str(duty.office.division.pk))

    def test_whatever_is_wrong_with_one_return_is_told_each_for_itself(self, duty):
        row = duty.issue()
        duty.give_back(
            row,
            handed_back_by=duty.office.second_inspector,
            seal_found=SealFound.DIFFERENT,
            seal_number_found="Қ-9999",
            condition="Ауыстырып алған",
            recorder=Found(ThingFound.DAMAGED, "Экраны сынған"),
            card=Found(ThingFound.MISSING, "Жоғалған"),
        )
        attend(duty.office.ledger)
        assert kinds() == ["damage", "loss", "other-hands", "seal-different"]
        assert len(entries("registry.state-set")) == 1, "the register learns of the loss too"
        loss = Incident.objects.get(kind=Kind.LOSS)
        assert (loss.row, loss.facts["number"]) == (row, "ЖК-0001")

    def test_the_corrected_number_of_the_seal_counts_and_is_evidence(self, duty):
        row = duty.issue()
        correction = duty.correct(row, "seal_number", "Қ-0413")
        duty.give_back(row, seal_number_found=SEAL, condition="Қате жазылған шығар")
        attend(duty.office.ledger)
        incident = Incident.objects.get()
        assert (incident.kind, incident.facts["seal_set"]) == (Kind.SEAL_DIFFERENT, "Қ-0413")
        assert correction.seq in incident.evidence

    def test_a_seal_said_to_be_whole_and_corrected_later_is_opened_then(self, duty):
        row = duty.give_back(duty.issue(), condition="Таза")
        attend(duty.office.ledger)
        assert not Incident.objects.exists()
        duty.correct(row, "seal_found", "broken")
        duty.correct(row, "seal_found", "intact")
        duty.correct(row, "seal_found", "broken")
        attend(duty.office.ledger)
        assert kinds() == ["seal-broken"]

    def test_a_thing_lost_while_out_and_one_lost_in_the_safe(self, duty):
        office = duty.office
        row = duty.issue(card=None, seal_number="")
        office.recorder.refresh_from_db()
        for thing in (office.recorder, office.card):
            set_state(office.ledger, office.by(office.custodian), thing, State.LOST, "Табылмады")
        attend(office.ledger)
        out, safe = Incident.objects.order_by("seq")
        assert (out.row, out.facts["number"], out.facts["words"]) == (row, "БТ-0001", "Табылмады")
        assert (safe.row, safe.facts["number"]) == (None, "ЖК-0001")

    def test_what_was_found_again_can_be_lost_again(self, duty):
        office = duty.office
        for state in (State.LOST, State.IN_SERVICE, State.LOST):
            set_state(office.ledger, office.by(office.custodian), office.card, state, "Себебі бар")
        attend(office.ledger)
        assert kinds() == ["loss", "loss"]

    def test_a_pause_and_a_failure_that_were_open_at_the_return(self, duty):
        row = duty.issue()
        duty.passes(hours=1)
        duty.pause(row)
        duty.repair(duty.fail(row))
        duty.passes(minutes=20)
        duty.resume(row)
        duty.passes(hours=1)
        left, failure = duty.pause(row), duty.fail(row, cause="no-power")
        duty.passes(hours=1)
        row = duty.give_back(row)
        attend(duty.office.ledger)
        assert kinds() == ["failure-left", "pause-not-ended"]
        incident = Incident.objects.get(kind=Kind.PAUSE_NOT_ENDED)
        assert incident.evidence == [left.seq, row.returned.seq]
        assert incident.facts["pause"] == "meal"
        assert Incident.objects.get(kind=Kind.FAILURE_LEFT).evidence == [failure.seq, row.returned.seq]

    def test_a_failure_that_was_replaced_was_not_left(self, duty):
        row = duty.issue()
        duty.passes(hours=1)
        second = duty.replace(duty.fail(row), spare_of(duty.office))
        for each in (row, second):
            duty.give_back(each, seal_number_found=each.issue.seal_number)
        attend(duty.office.ledger)
        assert not Incident.objects.exists()

    def test_an_end_told_after_the_return_was_not_told_at_the_return(self, duty):
        """Followed late, but as of the entry: what came after it is not what stood there then."""
        row = duty.issue()
        duty.passes(hours=1)
        pause = duty.pause(row)
        duty.passes(hours=1)
        row = duty.give_back(row)
        duty.resume(row, pause, occurred_at=before_the_return(row))
        attend(duty.office.ledger)
        assert kinds() == ["pause-not-ended"]

    def test_a_pause_told_after_the_return_may_have_its_end_told_for_a_day(self, duty):
        rows = []
        for _ in range(2):
            row = duty.issue()
            duty.passes(hours=1)
            rows.append(duty.give_back(row))
        ended, left = rows
        pause = duty.pause(ended, occurred_at=ended.issue.occurred_at)
        late = duty.pause(left, occurred_at=before_the_return(left))
        attend(duty.office.ledger)
        duty.passes(hours=23)
        attend(duty.office.ledger)
        assert not Incident.objects.exists()
        duty.resume(ended, pause, occurred_at=before_the_return(ended))
        duty.passes(hours=2)
        for _ in range(2):
            attend(duty.office.ledger)
        (incident,) = Incident.objects.all()
        assert incident.evidence == [left.returned.seq, late.seq]
        assert incident.occurred_at == late.occurred_at

    def test_a_failure_told_after_the_return_was_left(self, duty):
        row = duty.issue()
        duty.passes(hours=1)
        row = duty.give_back(row)
        failure = duty.fail(row, occurred_at=before_the_return(row))
        attend(duty.office.ledger)
        assert kinds() == ["failure-left"]
        assert Incident.objects.get().evidence == [row.returned.seq, failure.seq]

    def test_a_loss_told_on_its_row_and_entered_in_the_register_is_one(self, duty):
        row = duty.issue()
        duty.lose(row, thing=ThingKind.CARD, words="Далада түсіп қалған")
        assert len(entries("registry.state-set")) == 1
        attend(duty.office.ledger)
        duty.give_back(
            row,
            seal_found=SealFound.MISSING,
            condition="Картамен бірге жоғалған",
            card=Found(ThingFound.MISSING, "Далада түсіп қалған"),
        )
        attend(duty.office.ledger)
        assert kinds() == ["loss", "seal-missing"]
        incident = Incident.objects.get(kind=Kind.LOSS)
        assert (incident.row, incident.facts["number"], incident.facts["words"]) == (
            row,
            "ЖК-0001",
            "Далада түсіп қалған",
        )

    def test_what_is_out_a_day_longer_than_it_should_is_opened_once(self, duty):
        row = duty.issue()
        due = row.issue.occurred_at.replace(hour=13, minute=30)
        duty.office.clock.instant = due + timedelta(days=1)
        attend(duty.office.ledger)
        assert not Incident.objects.exists()
        for _ in range(3):
            duty.passes(hours=1)
            attend(duty.office.ledger)
        incident = Incident.objects.get()
        assert (incident.kind, incident.row, incident.occurred_at) == (Kind.OVERDUE, row, due)
        assert incident.evidence == [row.issue.seq]
        duty.give_back(row)
        attend(duty.office.ledger)
        assert kinds() == ["overdue"]

    def test_an_incident_takes_no_change(self, duty):
        broken(duty)
        attend(duty.office.ledger)
        decided(duty, Incident.objects.get())
        for table in ("incidents_incident", "incidents_decision"):
            for verb in ("DELETE FROM {}", "UPDATE {} SET seq = seq + 1"):
                with (
                    pytest.raises(DatabaseError, match="insert-only"),
                    transaction.atomic(),
                    connection.cursor() as cursor,
                ):
                    cursor.execute(verb.format(table))

    def test_nothing_to_attend_to_is_asked_without_writing(self, duty, django_assert_max_num_queries):
        broken(duty)
        attend(duty.office.ledger)
        before = len(entries(""))
        with django_assert_max_num_queries(6):
            attend(duty.office.ledger)
        assert len(entries("")) == before


def before_the_return(row):
    """A minute before; from a phone that had no line it comes only now."""
    return row.returned.occurred_at - timedelta(minutes=1)


json = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(sorted(services.rules.FOLLOWED)), data=st.data())
def test_no_entry_however_misshapen_stops_the_following(duty, kind, data):
    office = duty.office
    row = {"row": {"id": str(uuid4()), "number": 1}}
    part = st.sampled_from(
        [
            {"document": {**row, "seal": {"found": "broken", "number_found": "\0"}}},
            {"thing": str(office.card.pk), "to": "lost", "what": "card", "division": str(uuid4())},
            {"thing": str(office.card.pk), "to": "lost", "what": "card", "division": str(office.division.pk)},
        ]
    )
    reason = {"reason": data.draw(st.text(max_size=400))}
    body = {**data.draw(part), **reason, **data.draw(st.dictionaries(st.text(max_size=9), json, max_size=3))}
    with transaction.atomic():
        office.ledger.append(kind, office.by(office.custodian), body)
    catch_up(office.ledger)
    assert catch_up(office.ledger) == 0


@pytest.mark.django_db
class TestDeciding:
    @pytest.fixture
    def incident(self, duty):
        broken(duty)
        attend(duty.office.ledger)
        return Incident.objects.get()

    def test_the_head_decides_and_signs_and_it_stands_in_the_ledger(self, duty, incident):
        assert selectors.count_open(duty.office.division) == 1
        decision = decided(duty, incident, reason="  Көлік   апаты ")
        assert (decision.outcome, decision.reason, decision.by) == (
            "explained",
            "Көлік апаты",
            duty.office.head,
        )
        (entry,) = entries("incidents.decided")
        document = entry.body["document"]
        assert document["incident"] == {"id": str(incident.pk), "kind": "seal-broken"}
        assert document["evidence"] == incident.evidence
        assert document["head"]["full_name"] == duty.office.head.full_name
        assert check_entries(entries("")) == []
        assert selectors.count_open(duty.office.division) == 0

    def test_an_older_installation_knows_after_its_migration_what_waits_for_a_decision(self, duty, incident):
        def filled():
            Undecided.objects.all().delete()
            with connection.cursor() as cursor:
                cursor.execute(import_module("aigaq.incidents.migrations.0008_undecided").FILL)
            return list(Undecided.objects.values_list("incident", "division"))

        assert filled() == [(incident.pk, duty.office.division.pk)]
        decided(duty, incident)
        assert filled() == []

    def test_a_decision_is_given_once(self, duty, incident):
        decided(duty, incident)
        with pytest.raises(errors.AlreadyDecidedError) as refused:
            decided(duty, incident, outcome=Outcome.DISCIPLINARY)
        assert refused.value.details["at"] == Decision.objects.get().decided_at
        assert len(entries("incidents.decided")) == 1

    @pytest.mark.parametrize("who", ["custodian", "inspector", "administrator", "sister_head"])
    def test_nobody_but_the_head_of_the_division_decides(self, duty, incident, who):
        with pytest.raises(errors.NotHeadError):
            decided(duty, incident, head=getattr(duty.office, who))
        assert not Decision.objects.exists()

    def test_nobody_decides_in_the_heads_name(self, duty, incident):
        office = duty.office
        with pytest.raises(errors.NotHeadError):
            decided(duty, incident, by=office.by(office.custodian))
        with pytest.raises(errors.NotHeadError):
            decided(duty, incident, by=MACHINE)

    def test_whoever_was_relieved_yesterday_decides_no_more(self, duty, incident):
        office = duty.office
        by, appointment = office.by(office.head), office.head.appointments.get()
        hand_over(
            office.ledger,
            MACHINE,
            appointment,
            to=office.second_inspector,
            last_on=SINCE,
            until_on=None,
            order_number="19-Ө",
        )
        with pytest.raises(errors.NotHeadError):
            decided(duty, incident, by=by)

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"reason": "   "}, errors.NoDecisionReasonError),
            ({"reason": "ж" * 301}, TooLongError),
            ({"outcome": ""}, errors.NoOutcomeError),
            ({"outcome": "forgiven"}, errors.NoOutcomeError),
        ],
    )
    def test_without_an_outcome_and_a_reason_there_is_no_decision(self, duty, incident, changes, refusal):
        with pytest.raises(refusal):
            decided(duty, incident, **changes)
        assert not Decision.objects.exists()

    def test_a_decision_needs_the_heads_own_signature(self, duty, incident):
        for password, refusal in (
            ("", NoSignatureError),
            ("daniyar opens the door 236", WrongSignatureError),
        ):
            with pytest.raises(refusal):
                decided(duty, incident, means=OwnPassword(password, ADDRESS))
        with pytest.raises((WrongSignatureError, TooManyAttemptsError)):
            decided(duty, incident, means=own_password(duty.office.custodian))
        assert not Decision.objects.exists()
        assert len(entries("account.proof-refused")) >= 1

    def test_what_is_offered_is_what_would_be_written(self, duty, incident):
        office, request = duty.office, decision_of(duty, incident)
        offer = offer_decision(office.ledger, office.by(office.head), request)
        decision = decided(duty, incident)
        assert (offer.about, offer.at, str(offer.digest)) == (
            incident.pk,
            decision.decided_at,
            decision.signed_digest,
        )
        with pytest.raises(errors.AlreadyDecidedError):
            offer_decision(office.ledger, office.by(office.head), request)

    def test_an_incident_that_is_not_there_is_not_decided(self, duty, incident):
        with pytest.raises(errors.UnknownIncidentError):
            decided(duty, Incident(pk=uuid4()))


@pytest.mark.django_db
class TestReading:
    def test_open_ones_come_oldest_first_and_decided_ones_last_decided_first(self, duty):
        for _ in range(5):
            broken(duty)
        attend(duty.office.ledger)
        division, all_of = duty.office.division, list(Incident.objects.order_by("seq"))
        assert selectors.open_incidents(division) == all_of
        for incident in (all_of[3], all_of[0], all_of[2]):
            decided(duty, incident)
        assert selectors.open_incidents(division) == [all_of[1], all_of[4]]
        assert selectors.open_incidents(division, after=all_of[1].seq, limit=5) == [all_of[4]]
        assert selectors.decided_incidents(division) == [all_of[2], all_of[0], all_of[3]]
        (newest,) = selectors.decided_incidents(division, limit=1)
        assert selectors.decided_incidents(division, before=newest.decision.seq) == [all_of[0], all_of[3]]
        assert selectors.open_incidents(division, kind=Kind.LOSS) == []
        assert selectors.decided_incidents(division, kind=Kind.SEAL_BROKEN, limit=9)[0] == newest

    def test_another_division_sees_none_of_it(self, duty):
        row = broken(duty)
        attend(duty.office.ledger)
        incident = Incident.objects.get()
        assert selectors.open_incidents(duty.office.sister) == []
        with pytest.raises(errors.UnknownIncidentError):
            selectors.incident_with(incident.pk, duty.office.sister)
        with pytest.raises(errors.UnknownIncidentError):
            selectors.incident_with("no id")
        assert selectors.incidents_of(row) == [incident]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_who_catch_up_at_once_open_each_incident_once_however_often(self, duty):
        ledger = duty.office.ledger
        for count in range(1, ROUNDS + 1):
            broken(duty)
            outcomes = at_once(lambda: attend(ledger), lambda: attend(ledger))
            assert outcomes == [None, None]
            assert Incident.objects.count() == len(entries("incidents.opened")) == count

    def test_two_who_find_the_same_row_overdue_open_it_once(self, duty):
        duty.issue()
        duty.passes(days=4)
        outcomes = at_once(lambda: attend(duty.office.ledger), lambda: attend(duty.office.ledger))
        assert outcomes == [None, None]
        assert kinds() == ["overdue"]

    def test_of_two_decisions_at_once_one_stands(self, duty):
        """The head at two screens."""
        office = duty.office
        for count in range(1, 11):
            broken(duty)
            attend(office.ledger)
            incident = Incident.objects.get(decision=None)
            outcomes = at_once(
                lambda incident=incident: decided(duty, incident),
                lambda incident=incident: decided(duty, incident, outcome=Outcome.DISCIPLINARY),
            )
            names = sorted(type(outcome).__name__ for outcome in outcomes)
            assert names == ["AlreadyDecidedError", "Decision"], outcomes
            assert Decision.objects.count() == len(entries("incidents.decided")) == count

    def test_an_act_whose_process_died_right_after_it_is_followed_by_the_next_one(self, duty):
        """The return is committed, and nobody came to follow it; whoever comes next does."""
        done = threading.Thread(target=lambda: (broken(duty), connection.close()))
        done.start()
        done.join()
        assert not Incident.objects.exists()
        attend(duty.office.ledger)
        assert kinds() == ["seal-broken"]
