"""One head, one custodian, a reader on every day: whatever is asked for, in whatever order."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigaq.registry import appointment_rules as rules
from aigaq.registry.appointment_rules import Staffing
from aigaq.registry.errors import (
    AlreadyAppointedError,
    AlreadyDeputisedError,
    AlreadyEndsError,
    DeputyOfDeputyError,
    DeputyOutlastsError,
    EndsBeforeItBeginsError,
    FarDayError,
    NoHeadLeftError,
    NoKeyError,
    NoReaderLeftError,
    NotDeputisedError,
    OwnAppointmentError,
    OwnDeputyError,
    RoleTakenError,
)
from aigaq.registry.terms import Term, gaps, in_force, readers, spans, turning_days

TODAY = date(2026, 11, 20)
HORIZON = 40
"""Days ahead that the stories below take place in; one more stands for all that follow."""


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def term(person="a", role="custodian", begins=0, ends=None, *, number=None, instead_of=None) -> Term:
    until_on = None if ends is None else day(ends)
    return Term(
        id=number,
        person=person,
        role=role,
        from_on=day(begins),
        until_on=until_on,
        stands_in_for=instead_of,
        name=person.upper(),
        order="17",
    )


HEAD = term("h", "head", -100, number=1)
CUSTODIAN = term("c", "custodian", -100, number=2)


def office(*terms: Term, keyed="hc") -> Staffing:
    return Staffing(division="Д", terms=terms or (HEAD, CUSTODIAN), keyed=frozenset(keyed), today=TODAY)


def refused(new: Term, known: Staffing | None = None, *, actor="h", with_key=True):
    return type(rules.refusal_to_appoint(known or office(), new, actor=actor, with_key=with_key))


# Who holds a role on a day


def test_a_deputys_days_are_taken_from_the_one_they_stand_in_for_and_given_back():
    deputy = term("d", begins=3, ends=5, number=3, instead_of=2)
    holders = {n: [each.person for each in in_force([CUSTODIAN, deputy], day(n))] for n in range(2, 7)}
    assert holders == {2: ["c"], 3: ["d"], 4: ["d"], 5: ["d"], 6: ["c"]}


def test_what_was_revoked_before_it_began_never_held_and_rests_nobody():
    revoked = term("d", begins=3, ends=2, number=3, instead_of=2)
    assert revoked.is_void
    for number in range(1, 6):
        assert [each.person for each in in_force([CUSTODIAN, revoked], day(number))] == ["c"]
        assert not revoked.lasts(day(number))


def test_who_has_no_key_reads_nothing_and_who_rests_neither():
    deputy = term("d", begins=0, ends=5, number=3, instead_of=2)
    assert readers([HEAD, CUSTODIAN], {"h", "c"}, TODAY) == {"h", "c"}
    assert readers([HEAD, CUSTODIAN, deputy], {"h", "c"}, TODAY) == {"h"}
    assert readers([HEAD, CUSTODIAN, deputy], {"h", "c", "d"}, TODAY) == {"h", "d"}


def test_the_picture_leaves_no_day_out():
    deputy = term("d", begins=3, ends=5, number=3, instead_of=4)
    ended = term("c", begins=0, ends=9, number=4)
    found = list(spans([ended, deputy, HEAD], "custodian", day(-2), day(12)))
    told = [
        (s.from_on, s.until_on, s.holder and s.holder.person, s.resting and s.resting.person) for s in found
    ]
    assert told == [
        (day(-2), day(-1), None, None),
        (day(0), day(2), "c", None),
        (day(3), day(5), "d", "c"),
        (day(6), day(9), "c", None),
        (day(10), day(12), None, None),
    ]


# What is refused


def test_a_second_custodian_or_head_is_refused_for_overlapping_days():
    for role in ("custodian", "head"):
        assert refused(term("x", role, 0)) is RoleTakenError
        assert refused(term("x", role, -300, -100)) is RoleTakenError
        assert refused(term("x", role, 500, 600)) is RoleTakenError
    assert refused(term("x", "custodian", -300, -101)) is type(None)


def test_inspectors_and_administrators_may_be_many_but_nobody_twice():
    known = office(HEAD, CUSTODIAN, term("i", "inspector", 0, 10, number=3))
    assert refused(term("j", "inspector"), known) is type(None)
    assert refused(term("i", "inspector", 10), known) is AlreadyAppointedError
    assert refused(term("i", "inspector", 11), known) is type(None)
    assert refused(term("i", "administrator", 5), known) is type(None)


def test_a_deputy_is_let_in_beside_the_one_who_rests():
    assert refused(term("d", begins=3, ends=5, instead_of=2)) is type(None)
    assert refused(term("d", begins=3, instead_of=2)) is type(None)
    assert refused(term("d", "head", begins=3, ends=5, instead_of=1), actor="above") is type(None)


def test_a_deputy_of_the_wrong_one_is_refused():
    deputised = office(HEAD, CUSTODIAN, term("d", begins=3, ends=5, number=3, instead_of=2))
    assert refused(term("e", begins=5, ends=9, instead_of=2), deputised) is AlreadyDeputisedError
    assert refused(term("e", begins=6, ends=9, instead_of=2), deputised) is type(None)
    assert refused(term("e", begins=4, ends=4, instead_of=3), deputised) is DeputyOfDeputyError
    assert refused(term("c", "custodian", begins=3, ends=5, instead_of=2)) is AlreadyAppointedError
    assert refused(term("e", "head", begins=3, ends=5, instead_of=2)) is NotDeputisedError
    assert refused(term("e", begins=3, ends=5, instead_of=99)) is NotDeputisedError
    inspector = office(HEAD, CUSTODIAN, term("i", "inspector", number=3))
    assert refused(term("e", "inspector", instead_of=3), inspector) is NotDeputisedError


def test_nobody_stands_in_for_themself():
    gone = replace(CUSTODIAN, from_on=day(5))
    known = office(HEAD, gone)
    assert refused(term("c", begins=1, ends=4, instead_of=2), known) is OwnDeputyError


def test_a_deputy_does_not_outlast_the_one_they_stand_in_for():
    ending = office(HEAD, replace(CUSTODIAN, from_on=day(1), until_on=day(9)))
    assert refused(term("d", begins=3, ends=9, instead_of=2), ending) is type(None)
    for begins, ends in ((3, 10), (3, None), (0, 9)):
        assert refused(term("d", begins=begins, ends=ends, instead_of=2), ending) is DeputyOutlastsError


def test_nobody_appoints_themself_head_or_custodian():
    free = office(HEAD)
    assert refused(term("h"), free) is OwnAppointmentError
    assert refused(term("h", begins=1, ends=2, instead_of=2)) is OwnAppointmentError
    assert refused(term("h", "inspector"), free) is type(None)


def test_the_first_head_has_no_end():
    assert refused(term("x", "head", 0, 100), office(CUSTODIAN, keyed="c"), actor=None) is NoHeadLeftError
    assert refused(term("x", "head", 0), office(CUSTODIAN, keyed="c"), actor=None) is type(None)


def test_the_only_head_is_not_relieved_and_hands_over():
    relieved = rules.refusal_to_relieve(office(), HEAD, day(5))
    assert type(relieved) is NoHeadLeftError
    assert relieved.details["day"] == day(6)
    new = term("x", "head", 6)
    assert rules.refusal_to_hand_over(office(), HEAD, day(5), new, actor="h", with_key=True) is None
    assert rules.refusal_to_hand_over(office(), HEAD, day(5), new, actor="h", with_key=False) is None
    late = term("x", "head", 8)
    gap = rules.refusal_to_hand_over(office(), HEAD, day(5), late, actor="h", with_key=True)
    assert (type(gap), gap.details["day"]) == (NoHeadLeftError, day(6))


@pytest.mark.parametrize("days", [-1, 0, 30])
def test_the_last_reader_is_not_relieved(days):
    alone = office(keyed="c")
    refusal = rules.refusal_to_relieve(alone, CUSTODIAN, day(days))
    assert (type(refusal), refusal.details["day"]) == (NoReaderLeftError, day(days + 1))
    assert rules.refusal_to_relieve(office(), CUSTODIAN, day(days)) is None


def test_a_deputy_without_the_key_is_refused_where_nobody_else_reads():
    alone, deputy = office(keyed="c"), term("d", begins=3, ends=5, instead_of=2)
    assert refused(deputy, alone, with_key=False) is NoReaderLeftError
    assert refused(deputy, alone, with_key=True) is type(None)
    assert refused(deputy, with_key=False) is type(None)


def test_what_is_broken_already_can_be_mended_step_by_step():
    empty = office(term("h", "head", -100, -50, number=1), keyed="")
    assert refused(term("x", "head", 10), empty, actor="above") is type(None)
    assert refused(term("x", "head", 10), empty, actor="above", with_key=False) is type(None)


def test_an_end_only_comes_nearer_and_not_before_the_beginning():
    ending = term("i", "inspector", 2, 10, number=3)
    assert type(rules.refusal_of_end(ending, day(10))) is AlreadyEndsError
    assert rules.refusal_of_end(ending, day(9)) is None
    assert rules.refusal_of_end(ending, day(1)) is None, "revoked before its first day"
    assert type(rules.refusal_of_end(ending, day(0))) is EndsBeforeItBeginsError


def test_who_stands_in_goes_with_the_one_they_stand_in_for():
    now, later = (term("d", begins=b, ends=b + 4, number=b, instead_of=2) for b in (3, 20))
    known = office(HEAD, CUSTODIAN, now, later)
    ended = {each.id: each for each in known.ended(CUSTODIAN, day(5)).terms}
    assert (ended[2].until_on, ended[3].until_on) == (day(5), day(5))
    assert ended[20].is_void
    assert known.ended(CUSTODIAN, day(30)).terms[2:] == (now, later)


@pytest.mark.parametrize(
    ("from_on", "until_on"),
    [
        (date.min, None),
        (date.max, None),
        (TODAY, date.max),
        (date(1989, 12, 31), None),
        (date(2200, 1, 1), None),
    ],
)
def test_a_slip_of_the_finger_in_a_year_is_refused(from_on, until_on):
    assert type(rules.refusal_of_period(from_on, until_on)) is FarDayError


def test_who_reads_gets_the_key_or_it_is_said_that_it_comes_later():
    reader, inspector = term("x"), term("x", "inspector")
    asked = {"actor": "h", "has_wrap": False, "with_key": False, "later": False}
    assert type(rules.refusal_of_key(reader, **asked)) is NoKeyError
    for enough in ({"has_wrap": True}, {"with_key": True}, {"later": True}, {"actor": None}):
        assert rules.refusal_of_key(reader, **(asked | enough)) is None
    assert rules.refusal_of_key(inspector, **asked) is None


# Whatever is asked for

PEOPLE = "abcde"
people = st.sampled_from(PEOPLE)
numbers = st.integers(-5, HORIZON)
ends = st.none() | numbers


@st.composite
def acts(draw):
    """Appointing, relieving and handing over, with nonsense among it."""
    kind = draw(st.sampled_from(["appoint", "appoint", "deputy", "relieve", "hand over", "hand key"]))
    return {
        "kind": kind,
        "person": draw(people),
        "actor": draw(people | st.none()),
        "role": draw(st.sampled_from(["head", "custodian", "inspector"])),
        "begins": draw(numbers),
        "ends": draw(ends),
        "of": draw(st.integers(0, 20)),
        "with_key": draw(st.booleans()),
    }


def done(known: Staffing, act) -> Staffing:
    """What stands after the act; the same as before where it is refused."""
    kind, chosen = act["kind"], known.terms[act["of"] % len(known.terms)] if known.terms else None
    next_id = len(known.terms) + 1
    new = term(act["person"], act["role"], act["begins"], act["ends"], number=next_id)
    if new.is_void:
        return known
    ways = {"actor": act["actor"], "with_key": act["with_key"] or new.person in known.keyed}
    if kind == "hand key":
        return replace(known, keyed=known.keyed | {new.person})
    if kind == "appoint" or chosen is None:
        refusal, after = (
            rules.refusal_to_appoint(known, new, **ways),
            known.with_term(new, with_key=act["with_key"]),
        )
    elif kind == "deputy":
        new = replace(new, role=chosen.role, stands_in_for=chosen.id)
        refusal, after = (
            rules.refusal_to_appoint(known, new, **ways),
            known.with_term(new, with_key=act["with_key"]),
        )
    elif kind == "relieve":
        refusal, after = (
            rules.refusal_to_relieve(known, chosen, new.from_on),
            known.ended(chosen, new.from_on),
        )
    else:
        new = replace(
            new, role=chosen.role, from_on=day(act["begins"] + 1), stands_in_for=chosen.stands_in_for
        )
        if new.is_void:
            return known
        refusal = rules.refusal_to_hand_over(known, chosen, day(act["begins"]), new, **ways)
        after = known.ended(chosen, day(act["begins"])).with_term(new, with_key=act["with_key"])
    return known if refusal is not None else after


ALL_DAYS = [day(number) for number in range(-5, HORIZON + 3)]
COMING = [each for each in ALL_DAYS if each >= TODAY]


def held_by(known: Staffing, role: str, on: date) -> list[str]:
    return [each.person for each in in_force(known.terms, on) if each.role == role]


def reads(known: Staffing, on: date) -> bool:
    return bool(readers(known.terms, known.keyed, on))


@settings(max_examples=200, deadline=None)
@given(story=st.lists(acts(), max_size=14))
def test_never_two_of_a_kind_never_three_who_read_and_no_day_loses_its_last(story):
    known = Staffing(division="Д", terms=(), keyed=frozenset(), today=TODAY)
    for act in story:
        before, known = known, done(known, act)
        for on in ALL_DAYS:
            assert len(held_by(known, "head", on)) <= 1
            assert len(held_by(known, "custodian", on)) <= 1
            assert len(readers(known.terms, known.keyed, on)) <= 2
        for on in COMING:
            assert reads(known, on) or not reads(before, on), f"{act} takes the last reader from {on}"
            assert held_by(known, "head", on) or not held_by(before, "head", on)
        assert not gaps(COMING, lambda on, known=known: bool(held_by(known, "head", on)))


@settings(max_examples=200, deadline=None)
@given(story=st.lists(acts(), max_size=14))
def test_where_the_key_goes_with_every_appointment_each_day_from_the_first_has_a_reader(story):
    known = Staffing(division="Д", terms=(), keyed=frozenset(), today=TODAY)
    for act in story:
        known = done(known, act | {"with_key": True})
        assert not gaps(COMING, lambda on, known=known: reads(known, on))


@settings(max_examples=100, deadline=None)
@given(story=st.lists(acts(), max_size=14))
def test_a_deputy_is_in_force_only_on_days_of_the_one_who_rests(story):
    known = Staffing(division="Д", terms=(), keyed=frozenset(), today=TODAY)
    for act in story:
        known = done(known, act)
    by_id = {each.id: each for each in known.terms}
    for on in ALL_DAYS:
        for each in in_force(known.terms, on):
            if each.is_deputy:
                assert by_id[each.stands_in_for].covers(on)


@settings(max_examples=100, deadline=None)
@given(story=st.lists(acts(), max_size=14), role=st.sampled_from(["head", "custodian"]))
def test_between_turning_days_nothing_changes_and_the_picture_says_what_each_day_says(story, role):
    known = Staffing(division="Д", terms=(), keyed=frozenset(), today=TODAY)
    for act in story:
        known = done(known, act)
    turning = set(turning_days(known.terms, ALL_DAYS[0]))
    for before, after in pairwise(ALL_DAYS):
        if after not in turning:
            assert in_force(known.terms, before) == in_force(known.terms, after)
    drawn = list(spans(known.terms, role, ALL_DAYS[0], ALL_DAYS[-1]))
    for on in ALL_DAYS:
        (span,) = [each for each in drawn if each.from_on <= on <= each.until_on]
        assert ([span.holder.person] if span.holder else []) == held_by(known, role, on)
