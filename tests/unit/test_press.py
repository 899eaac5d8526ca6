"""The press: one paper at a time, each its owner's alone, forgotten after a while, and never too many."""

import threading
from uuid import uuid4

import pytest

from aigaq.errors import AigaqError
from aigaq.paperwork.apart import Apart, NotSetError
from aigaq.web.prints import press as pressing
from aigaq.web.prints.press import AlreadyPrintingError, Paper, Press, PressBusyError, State
from tests.support.paper import FORM, a_book, a_row, print_book, sheets_of

HERE = uuid4()


class Time:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def press(time):
    return Press(time)


def printed(press, owner="aigerim", work=lambda _print: Paper(b"%PDF", "a.pdf"), division=HERE):
    """Started, and over."""
    found = press.start(owner, division, "Журнал", work)
    over(found)
    return found


def over(*prints):
    for thread in threading.enumerate():
        if thread.name == "print":
            thread.join(timeout=30)
    assert all(each.is_over for each in prints)


class Held:
    """Work that waits until it is let go."""

    def __init__(self):
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self, _print):
        self.begun.set()
        assert self.go.wait(timeout=30)
        return Paper(b"%PDF", "a.pdf")


def test_what_is_set_waits_for_its_owner_and_nobody_else(press):
    found = printed(press)
    assert (found.state, found.percent, found.paper.pdf) == (State.READY, 100, b"%PDF")
    assert press.get("aigerim", HERE, found.id) is found
    assert press.get("daniyar", HERE, found.id) is None
    assert press.get("aigerim", uuid4(), found.id) is None
    assert press.get("aigerim", HERE, uuid4()) is None


def test_it_is_forgotten_after_a_while(press, time):
    found = printed(press)
    time.now += pressing.KEPT_SECONDS - 1
    assert press.of("aigerim", HERE) == [found]
    time.now += 1
    assert press.of("aigerim", HERE) == []


def test_somebody_prints_one_paper_at_a_time(press):
    held = Held()
    first = press.start("aigerim", HERE, "1", held)
    with pytest.raises(AlreadyPrintingError):
        press.start("aigerim", HERE, "2", held)
    second = press.start("daniyar", HERE, "3", held)
    assert held.begun.wait(timeout=30)
    assert {first.state, second.state} == {State.WAITING}
    held.go.set()
    over(first, second)
    printed(press)


def test_one_is_set_at_a_time(press):
    busy, most, lock = [], [], threading.Lock()

    def work(print_):
        with lock:
            busy.append(print_)
            most.append(len(busy))
        with lock:
            busy.remove(print_)
        return Paper(b"", "a.pdf")

    prints = [press.start(str(number), HERE, "", work) for number in range(pressing.WAITING)]
    over(*prints)
    assert set(most) == {1}


def test_too_many_at_once_are_told_to_wait(press):
    held = Held()
    prints = [press.start(str(number), HERE, "", held) for number in range(pressing.WAITING)]
    with pytest.raises(PressBusyError):
        press.start("aigerim", HERE, "", held)
    held.go.set()
    over(*prints)
    printed(press)


def test_somebody_keeps_the_newest_few(press, time):
    prints = []
    for _ in range(pressing.KEPT_EACH + 2):
        time.now += 1
        prints.append(printed(press))
    theirs = printed(press, "daniyar")
    assert press.of("aigerim", HERE) == prints[2:][::-1]
    assert press.of("daniyar", HERE) == [theirs]


def test_all_together_keep_only_so_many_octets(press, time, monkeypatch):
    monkeypatch.setattr(pressing, "KEPT_OCTETS", 10)
    first = printed(press, "1")
    time.now += 1
    second = printed(press, "2")
    time.now += 1
    third = printed(press, "3", work=lambda _print: Paper(b"1234567", "a.pdf"))
    assert [
        press.get(str(owner), HERE, each.id) for owner, each in ((1, first), (2, second), (3, third))
    ] == [
        None,
        None,
        third,
    ]


def test_an_error_is_kept_with_its_sentence(press):
    class NoSheetError(AigaqError):
        message = "no such sheet"

    def fails(_print):
        raise NoSheetError

    found = printed(press, work=fails)
    assert (found.state, str(found.error), found.paper) == (State.FAILED, "no such sheet", None)


def test_a_defect_is_told_and_logged(press, caplog):
    found = printed(press, work=lambda _print: 1 // 0)
    assert isinstance(found.error, NotSetError)
    assert "ZeroDivisionError" in caplog.text


def test_what_is_stopped_while_it_waits_is_never_begun(press):
    held, begun = Held(), threading.Event()
    first = press.start("aigerim", HERE, "", held)
    assert held.begun.wait(timeout=30)
    second = press.start("daniyar", HERE, "", lambda _print: begun.set())
    press.stop(second)
    assert press.of("daniyar", HERE) == []
    held.go.set()
    over(first)
    assert not begun.is_set()


def test_a_paper_that_is_being_set_can_be_stopped(press):
    drawing = threading.Event()

    def work(print_):
        drawn = print_.drawn
        print_.typesetter._on_code = lambda done, of: (drawn(done, of), drawing.set())
        rows = [a_row(number) for number in range(1, 2000)]
        return Paper(print_book(a_book(), sheets_of(rows), FORM, typesetter=print_.typesetter), "a.pdf")

    found = press.start("aigerim", HERE, "", work)
    assert drawing.wait(timeout=60)
    assert press.of("aigerim", HERE) == [found]
    press.stop(found)
    over(found)
    assert isinstance(found.error, NotSetError)
    assert press.of("aigerim", HERE) == []


def test_how_far_it_is_only_ever_grows(press, time):
    found = pressing.Print("aigerim", HERE, "", time)
    shown = [found.percent]
    for sheet in range(1, 11):
        found.read(sheet, 10)
        shown.append(found.percent)
    for code in range(1, 11):
        time.now += 0.2
        found.drawn(code, 10)
        shown.append(found.percent)
    assert found.state is State.SETTING
    for _ in range(100):
        time.now += 0.1
        shown.append(found.percent)
    assert shown == sorted(shown)
    assert shown[0] == 0
    assert 30 < shown[21] < 40
    assert shown[-1] == 98


# ── Setting in a process of its own ──


def test_apart_the_octets_are_the_same():
    told = []
    rows = [a_row(number) for number in range(1, 24)]
    apart = print_book(
        a_book(), sheets_of(rows), FORM, typesetter=Apart(lambda done, of: told.append((done, of)))
    )
    assert apart == print_book(a_book(), sheets_of(rows), FORM)
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_apart_it_ends_after_its_time():
    with pytest.raises(NotSetError):
        print_book(a_book(), sheets_of([a_row()]), FORM, typesetter=Apart(seconds=0.01))


def test_apart_stopped_before_it_began_it_does_not_begin():
    apart = Apart()
    apart.stop()
    with pytest.raises(NotSetError):
        print_book(a_book(), sheets_of([a_row()]), FORM, typesetter=apart)


def test_apart_what_can_not_be_set_is_an_error():
    with pytest.raises(NotSetError):
        Apart()("no-such-template", {}, dated=a_book().dated)
