"""The server is killed while a docking PC sends: the upload ends byte for byte, at most one part sent twice."""

import os
import time

import pytest

from aigaq.vault.age import Recipient
from tests.support.docks import sealed
from tests.support.serving import Line, office_at
from tests.support.vaults import blobs

pytestmark = pytest.mark.faults

PART = 1024 * 1024
ENOUGH = 30
"""Seconds; what takes longer has failed."""


@pytest.fixture
def office(tmp_path, database_url):
    with office_at(tmp_path, database_url) as office:
        yield office


@pytest.fixture
def line(office):
    line = Line(office)
    line.enrol()
    line.open_session()
    return line


def part_on_disk(office):
    (part,) = (office.vault / "uploads").iterdir()
    return part


def until(holds):
    end = time.monotonic() + ENOUGH
    while not holds():
        assert time.monotonic() < end, "it never came"
        os.sched_yield()


def test_killed_between_and_in_the_middle_of_parts_it_goes_on_where_it_stood(office, line):
    blob = sealed(os.urandom(6 * PART), Recipient.parse(line.recipient))
    place, sent, size = line.begin(blob), 0, len(blob.octets)
    line.part(place, blob.octets[:PART], 0)
    sent += PART
    office.again()
    assert line.offset(place) == PART
    for stands in (1, 2, 3):
        # In the middle: half of the part has come to the disk, nobody has acknowledged it.
        at = stands * PART
        with line.push_half(place, blob.octets[at : at + PART // 2], at, of=PART):
            sent += PART // 2
            until(lambda at=at: part_on_disk(office).stat().st_size > at)
            office.again()
        assert line.offset(place) == at
        line.part(place, blob.octets[at : at + PART], at)
        sent += PART
    offset = line.offset(place)
    while offset < size:
        line.part(place, blob.octets[offset : offset + PART], offset)
        sent += len(blob.octets[offset : offset + PART])
        offset = line.offset(place)
    (path,) = blobs(office.vault)
    assert path.read_bytes() == blob.octets
    assert list((office.vault / "uploads").iterdir()) == []
    assert sent - size <= 3 * PART, "each kill costs at most one part"


def test_a_line_that_breaks_in_the_middle_keeps_what_had_come(office, line):
    blob = sealed(os.urandom(2 * PART), Recipient.parse(line.recipient))
    place = line.begin(blob)
    line.push_half(place, blob.octets[: PART // 2], 0, of=PART).close()
    until(lambda: line.offset(place) == PART // 2)
    line.part(place, blob.octets[PART // 2 :], PART // 2)
    assert [path.read_bytes() for path in blobs(office.vault)] == [blob.octets]
    assert "Traceback" not in "".join(office.err)


def test_a_second_writer_waits_while_the_first_one_sends(office, line):
    blob = sealed(os.urandom(2 * PART), Recipient.parse(line.recipient))
    place = line.begin(blob)
    with line.push_half(place, blob.octets[: PART // 2], 0, of=PART) as sock:
        until(lambda: part_on_disk(office).stat().st_size)
        assert _is_busy(line, place)
        assert line.offset(place) == 0
        sock.sendall(blob.octets[PART // 2 : PART])
        assert b" 204 " in sock.recv(4096)
    assert line.offset(place) == PART


def _is_busy(line, place):
    status, headers, _body = line.ask("DELETE", place)
    return status == 423 and headers["Retry-After"] == "5"
