"""What does not add up by an entry alone, whatever its shape; and who may decide on it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigaq.core.clock import rfc3339
from aigaq.errors import AigaqError
from aigaq.incidents import errors, rules
from aigaq.incidents.facts import Left, RowFacts, Thing
from aigaq.incidents.models import Kind
from aigaq.incidents.rules import FOLLOWED, ProposedDecision, found_in, refusal_to_decide
from aigaq.journal.models import ThingKind
from aigaq.ledger.services import MACHINE
from aigaq.registry.models import Appointment, Division, Person, Role
from aigaq.registry.selectors import Standing
from aigaq.tlog.entry import Actor, ActorKind, Entry

NINE = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
EVENING = NINE + timedelta(hours=9)
DIVISION, ROW, YERLAN, MADINA, RECORDER, CARD, PAUSE, FAILURE = (
    str(UUID(int=number)) for number in range(1, 9)
)


def person(id_, name):
    return {"id": id_, "full_name": name, "staff_number": "1"}


KNOWN = RowFacts(
    id=ROW,
    number=7,
    book="01-12/4",
    inspector="Өтегенов Ерлан",
    things={ThingKind.RECORDER: Thing(RECORDER, "БТ-0001"), ThingKind.CARD: Thing(CARD, "ЖК-0001")},
    issued=30,
    seal_set="Қ-0412",
)


def entry(kind, body, division=DIVISION):
    actor = Actor(ActorKind.PERSON, "x", "Данияр")
    return Entry(seq=41, kind=kind, at=EVENING, actor=actor, body=body, division=division)


def returned(**changes):
    document = {
        "row": {"id": ROW, "number": 7, "sheet": 1},
        "inspector": person(YERLAN, "Өтегенов Ерлан"),
        "handed_back_by": person(YERLAN, "Өтегенов Ерлан"),
        "custodian": person("c", "Жүнісов Данияр"),
        "occurred_at": rfc3339(EVENING - timedelta(minutes=1)),
        "issued": {"seq": 30, "signed_digest": "sha256:0"},
        "seal": {"set": "Қ-0412", "found": "intact", "number_found": "Қ-0412"},
        "things": {
            "recorder": {"found": "whole", "words": ""},
            "card": {"found": "whole", "words": ""},
        },
    }
    return entry("journal.returned", {"document": {**document, **changes}, "signatures": []})


def seal(found, number=""):
    return returned(seal={"set": "Қ-0412", "found": found, "number_found": number})


def only(found):
    (one,) = found
    return one


def test_a_return_in_order_leaves_nothing_to_decide():
    assert found_in(returned(), KNOWN) == []
    assert found_in(seal("not-sealed"), KNOWN) == []


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        ("broken", Kind.SEAL_BROKEN),
        ("missing", Kind.SEAL_MISSING),
        ("different", Kind.SEAL_DIFFERENT),
    ],
)
def test_a_seal_that_is_not_as_it_was_set(found, kind):
    one = only(found_in(seal(found, "Қ-9999"), KNOWN))
    assert (one.kind, str(one.row), str(one.division), one.key) == (kind, ROW, DIVISION, f"{kind}:{ROW}")
    assert one.evidence == (30, 41)
    assert one.occurred_at == EVENING - timedelta(minutes=1)
    assert one.facts == {
        "book": "01-12/4",
        "row": 7,
        "inspector": "Өтегенов Ерлан",
        "number": "БТ-0001",
        "seal_set": "Қ-0412",
        "seal_found": "Қ-9999",
        "hands": "Өтегенов Ерлан",
    }


def test_a_corrected_number_of_the_seal_is_evidence_too():
    known = replace(KNOWN, seal_set="Қ-0413", seal_corrected=(35,))
    assert only(found_in(seal("broken"), known)).evidence == (30, 35, 41)


def test_a_seal_entered_as_whole_and_corrected_afterwards_is_the_same_incident():
    document = {
        "row": {"id": ROW},
        "cell": "seal_found",
        "new": "broken",
        "custodian": person("c", "Жүнісов Данияр"),
        "occurred_at": rfc3339(EVENING),
    }
    one = only(found_in(entry("journal.corrected", {"document": document}), KNOWN))
    assert one.key == only(found_in(seal("broken"), KNOWN)).key
    assert one.facts["corrected_by"] == "Жүнісов Данияр"
    for change in ({"new": "intact"}, {"cell": "subject"}, {"cell": "condition"}):
        assert found_in(entry("journal.corrected", {"document": document | change}), KNOWN) == []


def test_another_persons_hands():
    one = only(found_in(returned(handed_back_by=person(MADINA, "Ықыласова Мадина")), KNOWN))
    assert (one.kind, one.facts["hands"], one.facts["inspector"]) == (
        Kind.OTHER_HANDS,
        "Ықыласова Мадина",
        "Өтегенов Ерлан",
    )


def test_damage_and_what_is_missing_of_each_thing():
    things = {
        "recorder": {"found": "damaged", "words": "Экраны сынған"},
        "card": {"found": "missing", "words": "Далада түсіп қалған"},
    }
    damage, loss = found_in(returned(things=things), KNOWN)
    assert (damage.kind, damage.facts["number"], damage.facts["thing"], damage.facts["words"]) == (
        Kind.DAMAGE,
        "БТ-0001",
        "recorder",
        "Экраны сынған",
    )
    assert (loss.kind, loss.facts["number"], loss.key) == (Kind.LOSS, "ЖК-0001", f"loss:{CARD}:0")


def test_a_return_of_the_first_format_says_nothing_of_things():
    body = dict(returned().body)
    document = {name: value for name, value in body["document"].items() if name != "things"}
    document["seal"] = {"set": "Қ-0412", "found": "broken", "number_found": ""}
    one = only(found_in(entry("journal.returned", {"document": document}), KNOWN))
    assert one.kind is Kind.SEAL_BROKEN


def lost_in_the_register(**changes):
    usual = {
        "thing": CARD,
        "what": "card",
        "inventory_number": "ЖК-0001",
        "division": DIVISION,
        "from": "in-service",
        "to": "lost",
        "reason": "Табылмады",
    }
    return entry("registry.state-set", usual | changes, division=None)


def test_a_loss_is_one_wherever_it_was_entered_and_another_once_it_was_found_again():
    told = entry(
        "journal.loss-reported",
        {"row": {"id": ROW}, "thing": "card", "words": "Түсіп қалған", "occurred_at": rfc3339(NINE)},
    )
    missing = returned(things={"card": {"found": "missing", "words": "Жоқ"}})
    card = KNOWN.things[ThingKind.CARD]
    register = found_in(lost_in_the_register(), None, card)
    keys = [only(found).key for found in (found_in(told, KNOWN), found_in(missing, KNOWN), register)]
    assert len(set(keys)) == 1
    again = replace(card, times_found=1)
    assert only(found_in(lost_in_the_register(), None, again)).key not in keys
    assert only(found_in(told, KNOWN)).occurred_at == NINE


def test_what_was_lost_in_the_safe_has_no_row_and_what_is_put_in_repair_is_not_lost():
    card = KNOWN.things[ThingKind.CARD]
    one = only(found_in(lost_in_the_register(), None, card))
    assert (one.row, one.evidence, one.facts["words"]) == (None, (41,), "Табылмады")
    assert found_in(lost_in_the_register(to="in-repair"), None, card) == []
    assert only(found_in(lost_in_the_register(), KNOWN, card)).row == UUID(ROW)


def test_pauses_and_failures_that_were_open_at_the_return():
    known = replace(
        KNOWN,
        pauses=(Left(PAUSE, 33, NINE, "meal"),),
        failures=(Left(FAILURE, 34, NINE, "no-power"),),
    )
    pause, failure = found_in(returned(), known)
    assert (pause.kind, pause.key, pause.evidence) == (
        Kind.PAUSE_NOT_ENDED,
        f"pause-not-ended:{PAUSE}",
        (33, 41),
    )
    assert (failure.kind, failure.key, failure.evidence) == (
        Kind.FAILURE_LEFT,
        f"failure-left:{FAILURE}",
        (34, 41),
    )
    assert (pause.facts["pause"], failure.facts["cause"]) == ("meal", "no-power")


def test_a_failure_told_after_the_return_was_left_and_one_told_on_duty_is_not_yet():
    body = {"row": {"id": ROW}, "failure": FAILURE, "cause": "card", "occurred_at": rfc3339(NINE)}
    told = entry("journal.failure-reported", body)
    assert found_in(told, KNOWN) == []
    one = only(found_in(told, replace(KNOWN, returned=39)))
    assert (one.kind, one.evidence) == (Kind.FAILURE_LEFT, (39, 41))


def test_a_row_that_is_overdue_for_long_is_known_by_its_row():
    one = rules.overdue(UUID(DIVISION), KNOWN, NINE)
    assert (one.kind, one.key, one.evidence, one.occurred_at) == (
        Kind.OVERDUE,
        f"overdue:{ROW}",
        (30,),
        NINE,
    )


def test_every_kind_rests_on_a_paragraph():
    assert set(rules.PARAGRAPHS) == set(Kind)


def test_what_happened_was_never_after_it_was_entered():
    late = returned(
        occurred_at=rfc3339(EVENING + timedelta(days=9)),
        seal={"set": "", "found": "broken", "number_found": ""},
    )
    assert only(found_in(late, KNOWN)).occurred_at == EVENING


def covered(gaps):
    body = {
        "row": {"id": ROW},
        "number": 2,
        "new_gaps": gaps,
        "new_gaps_ms": sum(end - start for start, end in gaps),
        "offsets": [{"offset_ms": -300_000, "known": "at-least"}, {"offset_ms": 0, "known": "exact"}],
        "not_unloaded": [],
        "rests_on": [30, 35],
    }
    return entry("coverage.judged", body)


def test_new_gaps_of_a_duty_are_one_incident():
    gaps = [[1_795_000_000_000 + n * 1_000_000, 1_795_000_600_000 + n * 1_000_000] for n in range(7)]
    found = only(found_in(covered(gaps), KNOWN))
    assert (found.kind, found.key, found.evidence) == (
        Kind.NOT_RECORDED,
        f"not-recorded:{ROW}:2",
        (30, 35, 41),
    )
    assert (found.facts["count"], found.facts["total_ms"]) == (7, 7 * 600_000)
    assert (found.facts["known"], found.facts["offset_ms"]) == ("at-least", -300_000)
    assert len(found.facts["gaps"]) == 5
    assert found_in(covered([]), KNOWN) == []


json = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def misshapen(draw):
    """A good entry with one value anywhere put in place of another, or taken out."""
    good = draw(
        st.sampled_from(
            [
                seal("broken"),
                returned(things={"card": {"found": "missing", "words": "Жоқ"}}),
                lost_in_the_register(),
                entry("journal.loss-reported", {"row": {"id": ROW}, "thing": "card", "words": ""}),
                entry("journal.corrected", {"document": {"row": {"id": ROW}, "cell": "seal_found"}}),
                entry("journal.failure-reported", {"row": {"id": ROW}, "failure": FAILURE, "cause": "x"}),
                covered([[10, 70]]),
            ]
        )
    )
    body = spoilt(draw, dict(good.body))
    kind = draw(st.sampled_from(sorted(FOLLOWED)))
    division = draw(st.sampled_from([DIVISION, None, "almaty"]))
    return entry(kind, body if isinstance(body, dict) else {}, division)


def spoilt(draw, value):
    if not isinstance(value, dict) or not value or draw(st.integers(0, 3)) == 0:
        return draw(json)
    name = draw(st.sampled_from(sorted(value)))
    if draw(st.booleans()):
        return {**value, name: spoilt(draw, value[name])}
    return {other: kept for other, kept in value.items() if other != name}


@given(misshapen(), st.booleans())
def test_no_entry_however_misshapen_makes_the_rules_raise(read, known):
    rules.row_of(read)
    rules.thing_of(read)
    row = replace(KNOWN, returned=3, pauses=(Left(PAUSE, 3, NINE, "x"),)) if known else None
    for one in found_in(read, row, KNOWN.things[ThingKind.CARD] if known else None):
        assert len(one.key) <= 100
        assert Entry(
            seq=1, kind="incidents.opened", at=NINE, actor=read.actor, body={"facts": dict(one.facts)}
        )


@given(st.text(max_size=2000))
def test_facts_hold_no_more_than_a_sentence_bears_and_nothing_that_no_database_keeps(words):
    found = found_in(returned(things={"card": {"found": "missing", "words": words}}), KNOWN)
    told = only(found).facts["words"]
    assert len(told) <= 300
    assert "\0" not in told


KONAEV, TALGAR = Division(name="Қонаев қаласының бөлімшесі"), Division(name="Талғар ауданының бөлімшесі")


def standing(role, division=KONAEV):
    who = Person(full_name="Ахметова Әйгерім", division=division)
    return Standing(who, (Appointment(person=who, division=division, role=role, order_number="12-1"),))


def decision(head, **changes):
    usual = {
        "division": KONAEV,
        "by": head.by(head.appointments[0]),
        "head": head,
        "decided_at": None,
        "outcome": "explained",
        "reason": "Көлік апаты, актісі бар",
    }
    return ProposedDecision(**(usual | changes))


HEAD = standing(Role.HEAD)


def test_the_head_of_the_division_decides():
    assert refusal_to_decide(decision(HEAD)) is None


@pytest.mark.parametrize(
    ("proposed", "refusal"),
    [
        (decision(standing(Role.CUSTODIAN)), errors.NotHeadError),
        (decision(standing(Role.INSPECTOR)), errors.NotHeadError),
        (decision(standing(Role.HEAD, TALGAR)), errors.NotHeadError),
        (decision(HEAD, by=MACHINE), errors.NotHeadError),
        (decision(standing(Role.HEAD), by=HEAD.by(HEAD.appointments[0])), errors.NotHeadError),
        (decision(HEAD, decided_at=NINE), errors.AlreadyDecidedError),
        (decision(HEAD, outcome="forgiven"), errors.NoOutcomeError),
        (decision(HEAD, outcome=""), errors.NoOutcomeError),
        (decision(HEAD, reason=""), errors.NoDecisionReasonError),
        (decision(HEAD, reason="ж" * 301), None),
    ],
)
def test_nobody_else_decides_and_nobody_without_a_word(proposed, refusal):
    found = refusal_to_decide(proposed)
    assert isinstance(found, AigaqError)
    if refusal is not None:
        assert type(found) is refusal
        assert found.paragraph == ("20" if refusal is errors.NotHeadError else None)
