"""No octet of a recording goes out that no entry covers, however it is asked for."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse

from aigaq.access.looks import Grants
from aigaq.access.stretches import LASTS
from aigaq.ledger.models import LedgerEntry
from aigaq.web.recordings.looks import LookNotEnteredError
from tests.support.forgery import make_ledger_unwritable
from tests.support.viewing import open_room, streamed, unlock

MIB = 1024 * 1024
CONTENT = bytes(number * 7 % 251 for number in range(4 * MIB))
SECONDS = 240.0
"""So that a block, which is half a minute, is half a MiB."""


@pytest.fixture
def room(db, clock, tmp_path, monkeypatch, settings):
    return open_room(clock, tmp_path, monkeypatch, settings)


@pytest.fixture
def file(room):
    return room.enter(CONTENT, duration=SECONDS)


@pytest.fixture
def client(room):
    return room.browser(room.office.custodian, unlocked=True)


def media(file):
    return reverse("recordings:media", args=[file.pk])


def entered(kind="access.played"):
    found = LedgerEntry.objects.filter(kind=kind).order_by("seq")
    return [json.loads(entry.entry)["body"] for entry in found]


def octets():
    """Those that entries cover."""
    return sorted((body["first"], body["last"]) for body in entered())


@pytest.mark.django_db
def test_a_film_read_through_is_entered_stretch_by_stretch_each_before_it_is_sent(client, file):
    got = 0
    for piece in client.get(media(file)).streaming_content:
        got += len(piece)
        assert got <= octets()[-1][1] + 1
    assert got == len(CONTENT)
    assert [(body["from_ms"] // 1000, body["to_ms"] // 1000) for body in entered()] == [
        (0, 30),
        (30, 60),
        (60, 120),
        (120, 240),
    ]


@pytest.mark.django_db
def test_who_goes_away_early_is_told_of_with_what_went_out_and_not_with_the_whole(client, file):
    pieces = client.get(media(file)).streaming_content
    next(pieces)
    del pieces
    assert octets() == [(0, MIB // 2 - 1)]


@pytest.mark.django_db
def test_when_an_entry_fails_on_the_way_nothing_goes_out_that_it_would_have_covered(client, file):
    pieces = client.get(media(file)).streaming_content
    got = next(pieces)
    make_ledger_unwritable()
    failed = False
    try:
        for piece in pieces:
            got += piece
    except LookNotEnteredError:
        failed = True
    assert failed
    assert CONTENT.startswith(got)
    assert len(got) == sum(last - first + 1 for first, last in octets())


@pytest.mark.django_db
def test_many_tiny_ranges_are_few_entries_and_none_is_left_out(client, file):
    for number in range(40):
        offset = number * 1_234_567 % len(CONTENT)
        response = client.get(media(file), headers={"range": f"bytes={offset}-{offset}"})
        assert streamed(response) == CONTENT[offset : offset + 1]
        assert any(first <= offset <= last for first, last in octets())
    assert len(entered()) <= len(CONTENT) // (MIB // 2)


@pytest.mark.django_db
def test_what_was_covered_is_sent_again_without_an_entry_for_a_while(room, client, file):
    def looks_in():
        return streamed(client.get(media(file), headers={"range": "bytes=100-199"}))

    assert looks_in() == looks_in() == CONTENT[100:200]
    assert len(entered()) == 1
    room.office.clock.instant += LASTS - timedelta(seconds=1)
    unlock(client, room.office.custodian)
    assert looks_in() == CONTENT[100:200]
    assert len(entered()) == 2, "another opening of the vault is another viewing"
    assert entered()[0]["viewing"] != entered()[1]["viewing"]


@pytest.mark.django_db
def test_one_reader_is_not_let_through_on_the_entry_of_the_other(room, client, file):
    head = room.browser(room.office.head, unlocked=True)
    for browser in (client, head, client, head):
        streamed(browser.get(media(file), headers={"range": "bytes=0-9"}))
    found = LedgerEntry.objects.filter(kind="access.played").order_by("seq")
    assert [json.loads(entry.entry)["actor"]["name"] for entry in found] == [
        room.office.custodian.full_name,
        room.office.head.full_name,
    ]


@pytest.mark.django_db
def test_what_gives_no_octet_is_not_entered(client, file):
    tag = f'"{file.blob.content_digest}"'
    for ask, status in (
        (lambda: client.head(media(file), headers={"range": "bytes=0-9"}), 200),
        (lambda: client.get(media(file), headers={"range": f"bytes={len(CONTENT)}-"}), 416),
        (lambda: client.get(media(file), headers={"if-none-match": f'W/"x", {tag}'}), 304),
        (lambda: client.get(media(file), headers={"if-none-match": "*"}), 304),
        (lambda: client.get(media(file), headers={"if-match": '"another"'}), 412),
    ):
        response = ask()
        assert response.status_code == status
        assert not response.streaming
        assert CONTENT[:9] not in response.content
    assert entered() == []


@pytest.mark.django_db
def test_conditions_that_hold_give_octets_and_their_entry(client, file):
    tag = f'"{file.blob.content_digest}"'
    part = {"range": "bytes=0-9"}
    for conditions in (
        {"if-match": tag},
        {"if-match": "*"},
        {"if-none-match": '"another"'},
        {"if-range": tag},
    ):
        response = client.get(media(file), headers={**part, **conditions})
        assert (response.status_code, streamed(response)) == (206, CONTENT[:10])
    assert len(entered()) == 1
    weak = client.get(media(file), headers={**part, "if-range": f"W/{tag}"})
    assert (weak.status_code, streamed(weak)) == (200, CONTENT)
    assert octets()[-1][1] == len(CONTENT) - 1


@pytest.mark.django_db
def test_a_locked_vault_does_not_even_say_that_it_is_the_same(room, file):
    client = room.browser(room.office.custodian)
    response = client.get(media(file), headers={"if-none-match": "*"})
    assert response.status_code == 403


@pytest.mark.django_db
def test_each_copy_is_told_of_and_one_fetched_in_parts_once(client, file):
    copy = reverse("recordings:download", args=[file.pk])
    for first in range(0, len(CONTENT), MIB):
        part = client.get(copy, headers={"range": f"bytes={first}-{first + MIB - 1}"})
        assert streamed(part) == CONTENT[first : first + MIB]
    assert len(entered("access.downloaded")) == 1
    for _ in range(2):
        assert streamed(client.get(copy)) == CONTENT
    assert [body["last"] for body in entered("access.downloaded")] == [len(CONTENT) - 1] * 3
    assert entered() == [], "a copy is no playing, and none is let out on the entry of the other"


@pytest.mark.django_db
def test_a_still_picture_shown_again_is_told_of_once(client, file):
    still = reverse("recordings:still", args=[file.pk])
    for _ in range(3):
        assert client.get(still).status_code == 200
    (body,) = entered("access.still")
    assert body["content_digest"] == f"sha256:{file.blob.content_digest}"
    assert body["sent_digest"] == f"sha256:{file.judgement.still.content_digest}"


@pytest.mark.django_db(transaction=True)
def test_parallel_requests_of_one_player_share_their_entries(room, file):
    browser, start = room.browser(room.office.custodian, unlocked=True), Barrier(4)

    def ask(number):
        try:
            start.wait(timeout=30)
            return streamed(browser.get(media(file), headers={"range": f"bytes={number}-{MIB}"}))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = [each.result() for each in [pool.submit(ask, number) for number in range(4)]]
    assert answers == [CONTENT[number : MIB + 1] for number in range(4)]
    covered = octets()
    assert all(before < after for (_f, before), (after, _l) in pairwise(covered))


@pytest.mark.django_db
def test_a_stretch_that_is_not_entered_would_be_noticed(client, file, monkeypatch):
    """The mutant: whatever is asked for counts as covered."""
    monkeypatch.setattr(Grants, "covered", lambda self, offset: len(CONTENT) - 1)
    assert streamed(client.get(media(file))) == CONTENT
    assert octets() == []
