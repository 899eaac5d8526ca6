"""A move killed before any statement: at most one database lives, and the next run comes to the end."""

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from aigaq.ledger.models import LedgerEntry
from aigaq.moving.errors import MovedAwayError
from aigaq.recovery.reviving import faults_of
from aigaq.tlog.checkpoint import VerifierKey
from tests.support import amount, databases
from tests.support.killpoints import Fault, at, once
from tests.support.moving import another, barred, empty, fill, lives, opened
from tests.support.moving import at as office_at

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(databases.server is not None, reason="a move begins on SQLite"),
]

KILL = Fault("kill", calls=())
NAMES = ("CursorWrapper.execute", "BaseDatabaseWrapper.commit")
STATEMENTS = ((CursorWrapper, "execute"), (BaseDatabaseWrapper, "commit"))


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        return fill(tmp_path_factory.mktemp("filled"))


def one_lives_at_most(filled, place):
    """And it comes to its end, whatever was cut off."""
    file, url = place
    with opened(file, url) as (source, target):
        assert lives(source) + lives(target) <= 1
        is_done = lives(target)
    if is_done:
        with pytest.raises(MovedAwayError):
            filled.move(file, url)
    else:
        filled.move(file, url)
    with office_at(url):
        assert LedgerEntry.objects.filter(kind="installation.moved").count() == 1
        assert faults_of(VerifierKey.of(filled.office.ledger.signer)) == ([], 0)


def statements(filled, file, url):
    """What a whole run says to both databases, in order."""
    connection.close()
    trace = once(lambda place: filled.move(*place), (file, url), extra=STATEMENTS).trace
    return [call.name for call in trace if call.name in NAMES]


def killed_at(points, filled, folder, begun):
    for point in points:
        place = filled.again(folder), begun()
        connection.close()
        after = at(point, lambda each: filled.move(*each), place, fault=KILL, extra=STATEMENTS)
        assert after.how == "killed", after.report
        one_lives_at_most(filled, place)


@pytest.mark.skipif(not amount.FULL, reason="each takes a whole move")
def test_a_move_is_killed_before_any_statement(filled, tmp_path, say, killed):
    number = len(statements(filled, filled.again(tmp_path), empty()))
    points = range(1, number + 1, 19)
    killed_at(points, filled, tmp_path, empty)
    say(f"{len(points)} of {number}")
    killed(len(points))


def test_a_move_that_is_killed_early_leaves_an_empty_database(filled, tmp_path, killed):
    place = filled.again(tmp_path), empty()
    connection.close()
    after = at(150, lambda each: filled.move(*each), place, fault=KILL, extra=STATEMENTS)
    assert after.how == "killed", after.report
    with opened(*place) as (source, target):
        assert (lives(source), target.introspection.table_names()) == (True, [])
    killed(1)


def test_what_was_cut_off_is_killed_again_while_it_goes_on(filled, tmp_path, say, killed):
    half_way = barred(filled, tmp_path)
    said = statements(filled, filled.again(tmp_path), another(half_way))
    commits = [number for number, name in enumerate(said, start=1) if name.endswith("commit")]
    # Before the old one is closed; before the bar is lifted; before that is committed.
    chosen = range(1, len(said) + 1) if amount.FULL else [commits[-2], commits[-2] + 1, commits[-1]]
    killed_at(chosen, filled, tmp_path, lambda: another(half_way))
    say(f"{len(chosen)} of {len(said)}")
    killed(len(chosen))
