"""Each refusal of what is told from the field, and the paragraph of order No. 236 it rests on."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigaq.journal import duty_errors, duty_rules, errors
from aigaq.journal.duty_rules import AHEAD, FAILURES, PAUSES, Moved, ProposedNotice, Span
from aigaq.journal.models import FailureCause, PauseReason, Told
from aigaq.ledger.services import MACHINE, NOBODY
from aigaq.registry.models import Appointment, Division, Person, Role
from aigaq.registry.selectors import Standing

KONAEV = Division(name="Қонаев қаласының бөлімшесі")
TALGAR = Division(name="Талғар ауданының бөлімшесі")


def standing(full_name, role, division=KONAEV):
    person = Person(full_name=full_name, division=division)
    return Standing(person, (Appointment(person=person, division=division, role=role, order_number="1"),))


def by(who):
    return who.by(who.appointments[0])


YERLAN = standing("Өтегенов Ерлан Сәкенұлы", Role.INSPECTOR)
DANIYAR = standing("Жүнісов Данияр Ғалымұлы", Role.CUSTODIAN)
OLZHAS = standing("Төлегенов Олжас Бауыржанұлы", Role.CUSTODIAN, TALGAR)


def at(hour, minute=0):
    """Kazakhstan's time on the day of duty."""
    return datetime(2026, 11, 20, hour - 5, minute, tzinfo=UTC)


def notice(paragraph=PAUSES, **changes):
    """Issued at nine; Yerlan tells it from his phone at half past twelve, and it arrives at once."""
    usual = {
        "paragraph": paragraph,
        "told": Told.PHONE_PAGE,
        "division": KONAEV,
        "by": by(YERLAN),
        "person": YERLAN,
        "row": 7,
        "inspector": YERLAN.person.full_name,
        "is_own": True,
        "issued_at": at(9),
        "returned_at": None,
        "moved": None,
        "occurred_at": at(12, 30),
        "now": at(12, 30),
    }
    return ProposedNotice(**(usual | changes))


BY_VOICE = {"told": Told.BY_VOICE, "person": DANIYAR, "by": by(DANIYAR), "is_own": False}


def pause(pauses=(), reason="meal", **changes):
    return duty_rules.refusal_to_pause(notice(**changes), pauses, reason)


def resume(span=Span(at(12)), others=(), **changes):  # noqa: B008 - frozen
    return duty_rules.refusal_to_resume(notice(**changes), span, others)


def fail(failures=(), cause="picture", words="", **changes):
    return duty_rules.refusal_to_report_failure(notice(FAILURES, **changes), failures, cause, words)


ACTS = {"pause": (pause, "21"), "resume": (resume, "21"), "fail": (fail, "22")}
every_act = pytest.mark.parametrize(("act", "paragraph"), ACTS.values(), ids=ACTS)


def refused(refusal, error, paragraph):
    assert type(refusal) is error, refusal
    assert refusal.paragraph == paragraph
    assert "{" not in str(refusal)
    return str(refusal)


@every_act
def test_what_the_inspector_tells_of_their_own_row_is_taken(act, paragraph):
    assert act() is None
    assert act(**BY_VOICE) is None


@every_act
@pytest.mark.parametrize(
    "who",
    [
        {"is_own": False},
        {"by": by(DANIYAR)},
        {"person": DANIYAR, "by": by(DANIYAR)},
        {"by": MACHINE},
        {"by": NOBODY},
        {"by": YERLAN.by(None), "division": TALGAR},
        {"person": Standing(YERLAN.person, ())},
    ],
)
def test_nobody_tells_from_their_phone_what_is_another_s(act, paragraph, who):
    said = refused(act(**who), duty_errors.NotYourDutyError, paragraph)
    assert "Өтегенов" in said
    assert "row 7" in said


@every_act
@pytest.mark.parametrize("who", [YERLAN, OLZHAS])
def test_only_the_custodian_of_the_division_enters_what_was_told_by_voice(act, paragraph, who):
    told = act(told=Told.BY_VOICE, person=who, by=by(who))
    refused(told, errors.NotCustodianError, "6")


@every_act
def test_nothing_happens_before_the_issue(act, paragraph):
    refused(act(occurred_at=at(9) - timedelta(seconds=1)), duty_errors.NotYetIssuedError, paragraph)


def test_what_happens_in_the_instant_of_the_issue_is_taken():
    assert pause(occurred_at=at(9)) is None


@every_act
def test_what_is_still_to_come_is_refused_beyond_what_a_poor_line_explains(act, paragraph):
    assert act(occurred_at=at(12, 30) + AHEAD) is None
    refused(
        act(occurred_at=at(12, 30) + AHEAD + timedelta(milliseconds=1)),
        duty_errors.StillToComeError,
        paragraph,
    )
    years = act(occurred_at=at(12, 30) + timedelta(days=3653))
    refused(years, duty_errors.StillToComeError, paragraph)


@every_act
def test_what_arrives_after_the_return_is_taken_if_it_happened_before(act, paragraph):
    back = {"returned_at": at(18), "now": at(23)}
    assert act(**back) is None
    assert act(**back, occurred_at=at(18)) is None
    refused(act(**back, occurred_at=at(18, 1)), duty_errors.HandedBackBeforeError, paragraph)


def test_after_a_replacement_nothing_new_begins_on_the_old_row_but_a_pause_may_end():
    moved = {"moved": Moved(at(12), row=8)}
    assert "row 8" in refused(pause(**moved), duty_errors.DutyMovedError, "21")
    refused(fail(**moved), duty_errors.DutyMovedError, "22")
    assert resume(**moved, span=Span(at(11))) is None
    assert pause(**moved, occurred_at=at(11, 59)) is None


@pytest.mark.parametrize("reason", PauseReason.values)
def test_a_pause_is_for_a_meal_or_for_sanitary_needs(reason):
    assert pause(reason=reason) is None


@pytest.mark.parametrize("reason", ["", "sleep", "MEAL", "meal "])
def test_a_pause_for_anything_else_is_refused(reason):
    refused(pause(reason=reason), duty_errors.NoPauseReasonError, "21")


def test_who_is_on_pause_does_not_go_on_pause():
    said = refused(pause([Span(at(12))]), duty_errors.AlreadyPausedError, "21")
    assert "2026-11-20 07:00" in said


def test_a_late_pause_is_judged_by_the_pauses_of_its_own_time():
    told = [Span(at(10), at(11)), Span(at(14))]
    for hour, minute in ((9, 30), (11, 0), (13, 59)):
        assert pause(told, occurred_at=at(hour, minute), now=at(15)) is None
    inside = pause(told, occurred_at=at(10, 30), now=at(15))
    refused(inside, duty_errors.PausedThenError, "21")
    refused(pause(told, occurred_at=at(14), now=at(15)), duty_errors.AlreadyPausedError, "21")


def test_only_what_is_paused_is_resumed():
    refused(resume(None), duty_errors.NotPausedError, "21")


def test_a_pause_ends_once():
    refused(resume(Span(at(12), at(12, 15))), duty_errors.AlreadyResumedError, "21")


def test_a_pause_does_not_end_before_it_began():
    assert resume(Span(at(12, 30))) is None
    refused(resume(Span(at(12, 31))), duty_errors.ResumedTooSoonError, "21")


def test_a_pause_does_not_reach_over_another_one():
    refused(resume(others=[Span(at(12, 10), at(12, 20))]), duty_errors.OtherPauseBetweenError, "21")
    refused(resume(others=[Span(at(12, 10))]), duty_errors.OtherPauseBetweenError, "21")
    assert resume(others=[Span(at(10), at(11)), Span(at(12, 30))]) is None


@pytest.mark.parametrize("cause", [each for each in FailureCause.values if each != "other"])
def test_a_failure_is_told_with_its_cause_and_words_are_free(cause):
    assert fail(cause=cause) is None
    assert fail(cause=cause, words="Экраны қараңғы") is None


def test_a_failure_without_a_cause_is_refused():
    for cause in ("", "ghosts"):
        refused(fail(cause=cause), duty_errors.NoFailureCauseError, "22")


def test_another_cause_needs_words():
    refused(fail(cause="other"), duty_errors.NoFailureWordsError, "22")
    assert fail(cause="other", words="Суға түсіп кетті") is None


def test_words_fit_into_the_book():
    assert fail(words="ұ" * 300) is None
    assert type(fail(words="ұ" * 301)) is errors.TooLongError


def test_a_recorder_that_failed_fails_again_only_after_it_was_settled():
    refused(fail([Span(at(12))]), duty_errors.AlreadyFailedError, "22")
    settled = [Span(at(12), at(12, 20))]
    assert fail(settled) is None
    refused(fail(settled, occurred_at=at(12, 10)), duty_errors.AlreadyFailedError, "22")
    # Told late of an earlier minute: the same failure, which two have told.
    refused(fail(settled, occurred_at=at(11, 50)), duty_errors.AlreadyFailedError, "22")


def test_a_resume_that_names_no_pause_of_the_book_ends_the_one_that_ran():
    told = [Span(at(10), at(11)), Span(at(12)), Span(at(13))]
    assert duty_rules.pause_to_end(at(12, 30), told, None) == 1
    assert duty_rules.pause_to_end(at(14), told, None) == 2
    assert duty_rules.pause_to_end(at(10, 30), told, None) is None
    assert duty_rules.pause_to_end(at(14), told, 0) == 0


minutes = st.integers(min_value=0, max_value=40)


@given(st.lists(st.tuples(st.booleans(), minutes), max_size=14))
def test_in_whatever_order_notices_come_pauses_never_overlap(told):
    """Pauses that ended are apart from each other; an open one begins outside of every one that ended."""
    spans: list[Span] = []
    for is_pause, minute in told:
        when = at(12) + timedelta(minutes=minute)
        facts = notice(occurred_at=when, now=at(15))
        if is_pause:
            if duty_rules.refusal_to_pause(facts, spans, "meal") is None:
                spans.append(Span(when))
            continue
        ends = duty_rules.pause_to_end(when, spans, None)
        others = [span for index, span in enumerate(spans) if index != ends]
        if duty_rules.refusal_to_resume(facts, None if ends is None else spans[ends], others) is None:
            spans[ends] = replace(spans[ends], until=when)
    ended = sorted((span.since, span.until) for span in spans if span.until)
    for (_, until), (since, _) in itertools.pairwise(ended):
        assert until <= since
    for span in spans:
        for since, until in ended:
            assert span.until or not since < span.since < until
