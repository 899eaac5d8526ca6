"""Of two presses at the same instant one is the first, whichever process each comes to."""

from datetime import timedelta

import pytest

from aigaq.accounts import presses
from aigaq.accounts.models import Press
from tests.apps.test_journal_race import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 10


def test_of_two_at_once_one_is_the_first_also_while_old_ones_are_pruned(office):
    now = office.clock.now()
    old = now - presses.KEPT
    for count in range(ROUNDS):
        Press.objects.bulk_create(
            Press(digest=f"{count}:{number}", pressed_at=old, location="/") for number in range(20)
        )
        outcomes = at_once(*[lambda digest=f"new:{count}": presses.begin(digest, now)] * 2)
        assert sorted(outcomes) == [False, True]
    assert not Press.objects.filter(pressed_at__lt=now - timedelta(minutes=59)).exists()


def test_what_was_refused_may_begin_again_and_what_ended_may_not(office):
    now = office.clock.now()
    assert presses.begin("a", now)
    presses.forget("a")
    assert presses.begin("a", now)
    presses.end("a", "/journal/")
    assert not presses.begin("a", now + presses.KEPT - timedelta(seconds=1))
    assert presses.known("a").location == "/journal/"
    assert presses.begin("a", now + presses.KEPT)
