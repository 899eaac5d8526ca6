"""Setting paper in a process of its own: the same octets, and an end whenever it is wanted."""

import threading

import pytest

from aigaq.paperwork.apart import Apart, NotSetError
from tests.support.paper import FORM, a_book, a_row, print_book, sheets_of


def test_the_octets_are_the_same():
    told = []
    rows = [a_row(number) for number in range(1, 24)]
    apart = print_book(
        a_book(), sheets_of(rows), FORM, typesetter=Apart(lambda done, of: told.append((done, of)))
    )
    assert apart == print_book(a_book(), sheets_of(rows), FORM)
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_it_ends_after_its_time():
    with pytest.raises(NotSetError):
        print_book(a_book(), sheets_of([a_row()]), FORM, typesetter=Apart(seconds=0.01))


def test_stopped_before_it_began_it_does_not_begin():
    apart = Apart()
    apart.stop()
    with pytest.raises(NotSetError):
        print_book(a_book(), sheets_of([a_row()]), FORM, typesetter=apart)


def test_what_can_not_be_set_is_an_error():
    with pytest.raises(NotSetError):
        Apart()("no-such-template", {}, dated=a_book().dated)


def test_stopped_in_the_middle_it_ends():
    drawing = threading.Event()
    apart = Apart(lambda _done, _of: drawing.set())
    stopper = threading.Thread(target=lambda: (drawing.wait(60), apart.stop()))
    stopper.start()
    rows = [a_row(number) for number in range(1, 2000)]
    with pytest.raises(NotSetError):
        print_book(a_book(), sheets_of(rows), FORM, typesetter=apart)
    stopper.join()
