"""How often one person's frames are read."""

from aigaq.web.scan.pace import AT_ONCE, PER_SECOND, Pace


class Watch:
    now = 0.0

    def __call__(self):
        return self.now


def tried(pace, who="daniyar"):
    with pace.turn(who) as may:
        return may


def test_four_in_a_second_and_then_a_moments_wait():
    watch = Watch()
    pace = Pace(watch)
    assert [tried(pace) for _ in range(PER_SECOND + 3)] == [True] * PER_SECOND + [False] * 3
    watch.now = 0.99
    assert not tried(pace)
    watch.now = 1.0
    assert tried(pace)


def test_refusals_do_not_make_the_wait_longer():
    watch = Watch()
    pace = Pace(watch)
    told = []
    for tick in range(100):
        watch.now = tick / 20
        told.append(tried(pace))
    assert sum(told) == 5 * PER_SECOND


def test_one_persons_frames_are_not_anothers():
    pace = Pace(Watch())
    for _ in range(PER_SECOND):
        assert tried(pace)
    assert not tried(pace)
    assert tried(pace, "olzhas")


def test_only_so_many_are_read_in_the_same_instant_and_a_place_comes_free_again():
    pace = Pace(Watch())
    turns = [pace.turn(who) for who in range(AT_ONCE + 1)]
    assert [turn.__enter__() for turn in turns] == [True] * AT_ONCE + [False]
    for turn in turns:
        turn.__exit__(None, None, None)
    assert tried(pace)


def test_a_reader_that_fails_leaves_its_place():
    pace = Pace(Watch())
    for who in range(AT_ONCE * 2):
        turn = pace.turn(who)
        assert turn.__enter__()
        turn.__exit__(ValueError, ValueError(), None)
