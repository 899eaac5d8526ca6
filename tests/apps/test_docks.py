"""Docking PCs are let in by a code, prove who they are by their key, and are shut out at once."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import translation

from aigaq.docks import errors, rules, services, sessions
from aigaq.docks.models import Dock, DockSession, DockState, EnrolmentCode
from aigaq.ledger.models import LedgerEntry
from aigaq.notices import services as notices
from aigaq.notices.models import Notice
from aigaq.notices.wording import sentence
from aigaq.unloading.statements import NotSignedError, SessionStatement
from tests.support.docks import INSTALLATION, DockPC, enrolled, session

pytestmark = pytest.mark.django_db


def entered(kind=""):
    found = LedgerEntry.objects.filter(kind__startswith=kind or "dock.").order_by("seq")
    return list(found.values_list("kind", flat=True))


def code_for(office, person=None):
    return services.make_code(
        office.ledger, office.by(person or office.custodian), division=office.division
    ).code


def test_a_dock_is_let_in_with_a_code_and_its_own_key(office):
    dock, pc = enrolled(office)
    assert (dock.name, dock.division, dock.enrolled_by) == ("Док 1", office.division, office.custodian)
    opened = session(office, pc)
    assert sessions.dock_of(opened.token, office.clock.now()) == dock
    assert entered() == ["dock.code-made", "dock.enrolled", "dock.session-opened"]


@pytest.mark.parametrize("who", ["inspector", "administrator", "sister_head", "sister_custodian"])
def test_nobody_else_makes_codes(office, who):
    with pytest.raises(errors.NotOverDocksError):
        code_for(office, getattr(office, who))
    assert EnrolmentCode.objects.count() == 0


def test_neither_code_nor_token_is_kept(office):
    code = code_for(office)
    pc = DockPC()
    services.enrol(office.ledger, pc.enrolment(code, office.clock.now()))
    pc.id = str(Dock.objects.get().pk)
    token = session(office, pc).token
    kept = [
        *(str(row) for row in EnrolmentCode.objects.values()),
        *(str(row) for row in DockSession.objects.values()),
        *LedgerEntry.objects.values_list("entry", flat=True),
    ]
    for secret in (code, code.replace("-", ""), token):
        assert not any(secret in text for text in kept)


def test_a_code_lets_in_one_dock(office):
    code = code_for(office)
    services.enrol(office.ledger, DockPC().enrolment(code, office.clock.now()))
    for _ in range(3):
        with pytest.raises(errors.CodeUsedError):
            services.enrol(office.ledger, DockPC().enrolment(code, office.clock.now()))
    assert Dock.objects.count() == 1
    assert entered().count("dock.enrolment-refused") == 1


def test_an_enrolment_whose_answer_was_lost_is_answered_again_to_the_key_that_it_let_in(office):
    code, pc = code_for(office), DockPC()
    dock = services.enrol(office.ledger, pc.enrolment(code, office.clock.now()))
    office.clock.instant += timedelta(minutes=1)
    assert services.enrol(office.ledger, pc.enrolment(code, office.clock.now())) == dock
    assert entered() == ["dock.code-made", "dock.enrolled"]
    with pytest.raises(errors.KeyTakenError):
        services.enrol(office.ledger, pc.enrolment(code_for(office), office.clock.now()))
    services.revoke(office.ledger, office.by(office.head), dock, "Ауыстырылды")
    with pytest.raises(errors.CodeUsedError):
        services.enrol(office.ledger, pc.enrolment(code, office.clock.now()))


def test_an_expired_code_lets_in_nobody(office):
    code = code_for(office)
    office.clock.instant += rules.CODE_LIFE
    with pytest.raises(errors.CodeExpiredError):
        services.enrol(office.ledger, DockPC().enrolment(code, office.clock.now()))
    assert Dock.objects.count() == 0
    assert entered()[-1] == "dock.enrolment-refused"


def test_guessing_leaves_nothing_in_the_ledger(office):
    before = entered()
    for _ in range(5):
        with pytest.raises(errors.UnknownCodeError):
            services.enrol(office.ledger, DockPC().enrolment("K7QF-2M9T-XB4H-8WRC", office.clock.now()))
    assert entered() == before


def test_a_key_is_enrolled_once_in_its_life(office):
    dock, pc = enrolled(office)
    services.revoke(office.ledger, office.by(office.head), dock, "Ауыстырылды")
    with pytest.raises(errors.KeyTakenError):
        enrolled(office, pc)


def test_only_so_many_codes_wait_at_a_time(office):
    for _ in range(rules.CODES_OPEN):
        code_for(office)
    with pytest.raises(errors.TooManyCodesError):
        code_for(office)
    office.clock.instant += rules.CODE_LIFE
    code_for(office)


def test_the_next_request_after_a_revocation_is_refused(office):
    dock, pc = enrolled(office)
    opened = session(office, pc)
    asked = sessions.challenge(dock.pk, office.clock.now())
    services.revoke(office.ledger, office.by(office.custodian), dock, "Ұрланды")
    with pytest.raises((errors.NoSessionError, errors.DockRevokedError)):
        sessions.dock_of(opened.token, office.clock.now())
    with pytest.raises(errors.DockRevokedError):
        answer(office, pc, asked)
    assert entered()[-2:] == ["dock.revoked", "dock.session-refused"]


@pytest.mark.parametrize("who", ["inspector", "sister_head", "sister_custodian"])
def test_nobody_else_revokes(office, who):
    dock, pc = enrolled(office)
    with pytest.raises(errors.NotOverDocksError):
        services.revoke(office.ledger, office.by(getattr(office, who)), dock, "x")
    session(office, pc)


def test_a_revocation_says_why_and_happens_once(office):
    dock, _pc = enrolled(office)
    with pytest.raises(errors.NoReasonToRevokeError):
        services.revoke(office.ledger, office.by(office.head), dock, "  ")
    services.revoke(office.ledger, office.by(office.head), dock, " Ұрланды ")
    with pytest.raises(errors.AlreadyRevokedError):
        services.revoke(office.ledger, office.by(office.head), dock, "Ұрланды")
    assert dock.revocation.reason == "Ұрланды"


def answer(office, pc, challenge, *, installation=INSTALLATION, at=None):
    said, envelope = SessionStatement.read(pc.answer(challenge, at or office.clock.now()))
    return sessions.open_session(office.ledger, said, envelope, installation=installation)


def test_an_answer_is_good_once(office):
    dock, pc = enrolled(office)
    asked = sessions.challenge(dock.pk, office.clock.now())
    answer(office, pc, asked)
    with pytest.raises(errors.StaleChallengeError):
        answer(office, pc, asked)


def test_an_answer_is_not_good_again_once_its_session_is_forgotten(office):
    dock, pc = enrolled(office)
    asked = sessions.challenge(dock.pk, office.clock.now())
    answer(office, pc, asked)
    office.clock.instant += rules.SESSION_LIFE + rules.CHALLENGE_LIFE + timedelta(seconds=1)
    assert sessions.forget_over(office.clock.now()) == 1
    with pytest.raises(errors.StaleChallengeError):
        answer(office, pc, asked)


def test_a_challenge_is_for_one_dock_and_for_a_minute(office):
    dock, pc = enrolled(office)
    other, _pc = enrolled(office, name="Док 2")
    asked = sessions.challenge(dock.pk, office.clock.now())
    for wrong in (
        sessions.challenge(other.pk, office.clock.now()),
        asked[:-1] + "0",
        asked + "0",
        "",
        ".",
        "a.b.c",
    ):
        with pytest.raises(errors.StaleChallengeError):
            answer(office, pc, wrong)
    office.clock.instant += rules.CHALLENGE_LIFE
    with pytest.raises(errors.StaleChallengeError):
        answer(office, pc, asked)
    office.clock.instant -= rules.CHALLENGE_LIFE + timedelta(seconds=1)
    with pytest.raises(errors.StaleChallengeError):
        answer(office, pc, asked)


def test_the_host_that_is_answered_may_be_behind_the_one_that_asked(office):
    """Behind a proxy any of them may be; their clocks agree to some milliseconds, and a line is no slower."""
    dock, pc = enrolled(office)
    asked = sessions.challenge(dock.pk, office.clock.now())
    office.clock.instant -= timedelta(milliseconds=20)
    assert sessions.dock_of(answer(office, pc, asked).token, office.clock.now()) == dock


def test_a_statement_for_another_server_is_not_passed_on_to_this_one(office):
    dock, pc = enrolled(office)
    with pytest.raises(errors.OtherInstallationError):
        answer(office, pc, sessions.challenge(dock.pk, office.clock.now()), installation="f" * 32)


def test_another_key_opens_no_session_and_fills_no_ledger(office):
    dock, pc = enrolled(office)
    thief = DockPC(id=pc.id)
    for _ in range(5):
        with pytest.raises(NotSignedError):
            answer(office, thief, sessions.challenge(dock.pk, office.clock.now()))
    assert entered().count("dock.session-refused") == 1
    office.clock.instant += rules.REFUSAL_AGAIN + timedelta(seconds=1)
    with pytest.raises(NotSignedError):
        answer(office, thief, sessions.challenge(dock.pk, office.clock.now()))
    assert entered().count("dock.session-refused") == 2


@pytest.mark.parametrize("id_", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_a_dock_that_is_not_there_opens_no_session(office, id_):
    pc = DockPC(id=id_)
    with pytest.raises(errors.UnknownDockError):
        answer(office, pc, sessions.challenge(uuid4(), office.clock.now()))


def test_sessions_are_few_and_end_by_themselves(office):
    _dock, pc = enrolled(office)
    tokens = [session(office, pc).token for _ in range(rules.SESSIONS_A_MINUTE)]
    with pytest.raises(errors.TooManySessionsError):
        session(office, pc)
    office.clock.instant += rules.SESSION_LIFE
    for token in (*tokens, "", "x", "x" * 1000):
        with pytest.raises(errors.NoSessionError):
            sessions.dock_of(token, office.clock.now())
    session(office, pc)


def test_a_wrong_clock_is_entered_told_and_told_again_the_next_day(office):
    dock, pc = enrolled(office)
    for _ in range(3):
        session(office, pc, ahead=timedelta(hours=-1))
    assert entered().count("dock.clock-off") == 1
    state = DockState.objects.get(dock=dock)
    assert (state.clock_offset_ms, state.clock_told_at) == (-3_600_000, office.clock.now())
    notices.catch_up(office.ledger)
    told = Notice.objects.filter(kind="dock-clock")
    assert {notice.person for notice in told} == {office.head, office.custodian}
    with translation.override("en"):
        assert "“Док 1”" in sentence(told[0])
    assert "-1:00:00" in sentence(told[0])
    office.clock.instant += rules.TELL_AGAIN
    session(office, pc, ahead=timedelta(hours=-1))
    assert entered().count("dock.clock-off") == 2
    session(office, pc)
    assert DockState.objects.get(dock=dock).clock_told_at is None
    session(office, pc, ahead=timedelta(minutes=2))
    assert entered().count("dock.clock-off") == 3


def test_each_session_keeps_what_the_docks_clock_said(office):
    _dock, pc = enrolled(office)
    session(office, pc, ahead=timedelta(seconds=7))
    entry = LedgerEntry.objects.get(kind="dock.session-opened").entry
    assert '"clock_offset_ms":7000' in entry
    assert '"dock_time":"2026-11-20T04:00:07.000000Z"' in entry


def test_a_dock_is_seen_at_its_requests(office):
    dock, pc = enrolled(office)
    token = session(office, pc).token
    office.clock.instant += timedelta(minutes=5)
    sessions.dock_of(token, office.clock.now())
    assert DockState.objects.get(dock=dock).seen_at == office.clock.now()


def test_a_challenge_for_nobody_looks_like_any_other(office):
    dock, _pc = enrolled(office)
    real, other = (sessions.challenge(id_, office.clock.now()) for id_ in (dock.pk, UUID(int=1)))
    assert len(real) == len(other)
