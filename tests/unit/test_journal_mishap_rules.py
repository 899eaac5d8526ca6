"""Repairs, replacements and losses that the journal refuses, and the paragraph each rests on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aigaq.journal import errors, rules
from aigaq.journal.mishap_rules import ProposedLoss, ProposedRepair, refusal_to_repair, refusal_to_report_loss
from aigaq.journal.models import ThingFound, ThingKind
from aigaq.journal.replacing import Replaced, refusal_to_replace
from aigaq.journal.rules import Found
from tests.unit.test_journal_rules import DANIYAR, ISSUE, KONAEV, NINE, OLZHAS, ORDER, RETURN, by

REPAIR = ProposedRepair(
    division=KONAEV,
    by=by(DANIYAR),
    custodian=DANIYAR,
    row=7,
    returned_at=None,
    settled_at=None,
    words="Батарея ауыстырылды",
)
LOSS = ProposedLoss(
    division=KONAEV,
    by=by(DANIYAR),
    custodian=DANIYAR,
    row=7,
    returned_at=None,
    thing=ThingKind.CARD,
    number="ЖК-0001",
    lost=(),
    words="Көлікте қалды",
)
REPLACED = Replaced(
    row=7,
    recorder="БТ-0009",
    inspector="Өтегенов Ерлан Сәкенұлы",
    is_same_inspector=True,
    settled_at=None,
    returned_at=None,
    now=NINE,
)


def refuses(refusal, error, paragraph):
    assert type(refusal) is error
    assert refusal.paragraph == paragraph
    assert paragraph is None or ORDER.paragraph(paragraph) is not None


def test_nothing_stands_against_what_is_in_order():
    assert refusal_to_repair(REPAIR) is None
    assert refusal_to_report_loss(LOSS) is None
    assert refusal_to_replace(REPLACED, "БТ-0001") is None
    assert rules.refusal_to_issue(replace(ISSUE, replaces=REPLACED)) is None


@pytest.mark.parametrize(
    ("change", "error", "paragraph"),
    [
        ({"custodian": OLZHAS, "by": by(OLZHAS)}, errors.NotCustodianError, "6"),
        ({"settled_at": NINE}, errors.AlreadySettledError, "22"),
        ({"returned_at": NINE}, errors.DutyOverError, "22"),
        ({"words": ""}, errors.RepairUnexplainedError, "22"),
        ({"words": "ж" * 301}, errors.TooLongError, None),
    ],
)
def test_a_repair_is_refused(change, error, paragraph):
    refuses(refusal_to_repair(replace(REPAIR, **change)), error, paragraph)


@pytest.mark.parametrize(
    ("change", "error", "paragraph"),
    [
        ({"custodian": OLZHAS, "by": by(OLZHAS)}, errors.NotCustodianError, "6"),
        ({"returned_at": NINE}, errors.AlreadyReturnedError, "8"),
        ({"number": ""}, errors.NotOnThisRowError, None),
        ({"lost": {ThingKind.CARD}}, errors.AlreadyLostError, "24"),
        ({"words": ""}, errors.ThingUnexplainedError, "24"),
        ({"words": "ж" * 301}, errors.TooLongError, None),
    ],
)
def test_a_loss_is_refused(change, error, paragraph):
    refuses(refusal_to_report_loss(replace(LOSS, **change)), error, paragraph)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"settled_at": NINE}, errors.AlreadySettledError),
        ({"is_same_inspector": False}, errors.NotTheirFailureError),
        ({"recorder": "БТ-0001"}, errors.SameRecorderError),
        ({"returned_at": NINE - timedelta(days=1)}, errors.DutyOverError),
    ],
)
def test_a_replacement_is_refused(change, error):
    refuses(refusal_to_replace(replace(REPLACED, **change), "БТ-0001"), error, "22")
    refusal = rules.refusal_to_issue(replace(ISSUE, replaces=replace(REPLACED, **change)))
    refuses(refusal, error, "22")


def test_the_day_of_the_return_is_kazakhstan_s():
    """Twenty to midnight there is still the afternoon in London; twenty past is the day after."""
    late = NINE + timedelta(hours=14, minutes=40)
    returned = replace(REPLACED, returned_at=late)
    assert refusal_to_replace(replace(returned, now=late + timedelta(minutes=10)), "БТ-0001") is None
    over = refusal_to_replace(replace(returned, now=late + timedelta(minutes=40)), "БТ-0001")
    refuses(over, errors.DutyOverError, "22")


def test_a_missing_recorder_is_no_return():
    things = {ThingKind.RECORDER: Found(ThingFound.MISSING, "Жоқ")}
    facts = replace(RETURN, things=things, numbers={ThingKind.RECORDER: "БТ-0001"})
    refuses(rules.refusal_to_return(facts), errors.RecorderMissingError, "24")


@pytest.mark.parametrize("kind", ThingKind)
def test_what_is_damaged_is_explained(kind):
    facts = replace(
        RETURN, things={kind: Found(ThingFound.DAMAGED)}, numbers=dict.fromkeys(ThingKind, "БТ-0001")
    )
    refuses(rules.refusal_to_return(facts), errors.ThingUnexplainedError, "24")
    assert rules.refusal_to_return(replace(facts, things={kind: Found(ThingFound.DAMAGED, "Сынған")})) is None
