"""What docks say of themselves: believed with their own key alone, and in one spelling."""

from dataclasses import replace

import pytest

from aigaq.tlog.signing import Ed25519Signer
from aigaq.unloading import statements
from aigaq.unloading.statements import EnrolmentStatement, SessionStatement
from tests.support.logs import BEGINNING

DOCK = Ed25519Signer.generate("dock")
OTHER = Ed25519Signer.generate("other")
ENROLMENT = EnrolmentStatement(
    code="K7QF-2M9T", name="Док 1", public_key=DOCK.public_key, agent="0.2.0", at=BEGINNING
)
SESSION = SessionStatement(dock="d", installation="i", challenge="c", agent="0.2.0", at=BEGINNING)


def test_a_dock_is_believed_to_hold_the_key_it_names():
    assert EnrolmentStatement.believe(ENROLMENT.signed(DOCK)) == ENROLMENT


def test_nobody_enrols_a_key_of_somebody_else():
    with pytest.raises(statements.NotSignedError):
        EnrolmentStatement.believe(ENROLMENT.signed(OTHER))
    with pytest.raises(statements.NotSignedError):
        EnrolmentStatement.believe(replace(ENROLMENT, public_key=OTHER.public_key).signed(DOCK))


@pytest.mark.parametrize(
    "change",
    [
        {"name": "x" * 65},
        {"name": "  "},
        {"name": "a\nb"},
        {"name": "\u202egpj"},
        {"code": "x" * 65},
        {"agent": "x" * 33},
        {"public_key": b"short"},
    ],
)
def test_what_can_not_be_shown_or_kept_is_refused(change):
    with pytest.raises(statements.MalformedStatementError):
        EnrolmentStatement.believe(replace(ENROLMENT, **change).signed(DOCK))


@pytest.mark.parametrize("octets", [b"", b"{}", b"[]", b"\0", b"[" * 8000, b" " * 9000])
def test_what_is_no_statement_is_refused(octets):
    for read in (EnrolmentStatement.believe, SessionStatement.read):
        with pytest.raises(statements.MalformedStatementError):
            read(octets)


def test_one_kind_is_not_taken_for_the_other():
    with pytest.raises(statements.MalformedStatementError):
        EnrolmentStatement.believe(SESSION.signed(DOCK))
    with pytest.raises(statements.MalformedStatementError):
        SessionStatement.read(ENROLMENT.signed(DOCK))


def test_a_session_is_opened_with_the_enrolled_key_alone():
    said, envelope = SessionStatement.read(SESSION.signed(DOCK))
    assert said == SESSION
    statements.require_signed(envelope, DOCK.public_key)
    with pytest.raises(statements.NotSignedError):
        statements.require_signed(envelope, OTHER.public_key)
    _said, forged = SessionStatement.read(SESSION.signed(OTHER))
    with pytest.raises(statements.NotSignedError):
        statements.require_signed(replace(forged, key=envelope.key), DOCK.public_key)
