"""Appointing, deputising, handing over, and the vault's key, as the two of paragraph 6 do it at the desk."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from aigaq.access.models import KeyWrap
from aigaq.ledger.models import LedgerEntry
from aigaq.registry import services
from aigaq.registry.models import Appointment, Role
from aigaq.registry.selectors import people_with
from aigaq.registry.services import KeyLater, NewKey
from tests.support.office import password_of, vault_password_of
from tests.support.vaults import IDENTITY
from tests.support.viewing import open_room, streamed, unlock
from tests.support.visitors import text_of

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = b"evidence" * 100
NEW = "төрт бөлек сөз жеткілікті"
PASSWORDS = {"new_vault_password": NEW, "new_vault_password_again": NEW}


@pytest.fixture
def room(transactional_db, clock, tmp_path, monkeypatch, settings):
    return open_room(clock, tmp_path, monkeypatch, settings)


@pytest.fixture
def office(room):
    return room.office


@pytest.fixture
def head(room):
    return room.browser(room.office.head)


@pytest.fixture
def media(room):
    return reverse("recordings:media", args=[room.enter(CONTENT).pk])


def own_key(person, **changes):
    return PASSWORDS | {"key": "now", "vault_password": vault_password_of(person.user.username)} | changes


def held(person) -> Appointment:
    return person.appointments.order_by("-pk").first()


def appoint(head, office, **changes):
    """Madina for Daniyar, from today to the 24th, the key now."""
    given = {
        "role": f"for-{held(office.custodian).pk}",
        "from_on": "2026-11-20",
        "until_on": "2026-11-24",
        "order_number": "55",
        **own_key(office.head),
    }
    return head.post(reverse("registry:appoint", args=[office.second_inspector.pk]), given | changes)


def hand_over(head, office, **changes):
    given = {
        "to": office.second_inspector.pk,
        "last_on": "2026-11-24",
        "until_on": "",
        "order_number": "56",
        **own_key(office.head),
    }
    return head.post(reverse("registry:hand-over", args=[held(office.custodian).pk]), given | changes)


def hand_key(browser, person, **changes):
    return browser.post(reverse("registry:hand-key", args=[held(person).pk]), changes)


def custodians(office):
    return [each.user.username for each in people_with(office.division, Role.CUSTODIAN, office.clock.now())]


def goes_to(office, number, hour=9):
    office.clock.instant = datetime(2026, 11, 19, 19, tzinfo=UTC) + timedelta(days=number, hours=hour)


def posts_of(browser):
    return browser.get(reverse("registry:posts"))


def errors_beside(response, field) -> str:
    found = re.search(rf'id="id_{field}_error">(.*?)</p>', response.content.decode(), re.DOTALL)
    return found[1].strip() if found else ""


def test_a_deputy_is_appointed_with_the_key_and_reads_with_a_password_of_their_own(room, office, head, media):
    assert appoint(head, office).status_code == 302
    deputy = room.browser(office.second_inspector)
    assert unlock(deputy, office.second_inspector, password=NEW).status_code == 302
    assert streamed(deputy.get(media)) == CONTENT
    assert custodians(office) == ["madina"]


def test_the_key_is_asked_for_and_what_is_wrong_is_said_beside_it(office, head):
    for changes, field, words in (
        ({"vault_password": ""}, "vault_password", "required"),
        ({"vault_password": "not the vault password"}, "vault_password", "is wrong"),
        ({"new_vault_password": "", "new_vault_password_again": ""}, "new_vault_password", "required"),
        ({"new_vault_password_again": "another"}, "new_vault_password_again", "not the same"),
        (
            {"new_vault_password": "short", "new_vault_password_again": "short"},
            "new_vault_password",
            "too short",
        ),
    ):
        response = appoint(head, office, **changes)
        assert response.status_code == 422
        assert words in errors_beside(response, field), (changes, response.content.decode())
    assert Appointment.objects.filter(person=office.second_inspector).count() == 1
    assert KeyWrap.objects.filter(reader=office.second_inspector.user).count() == 0


def test_guessing_the_heads_vault_password_there_is_slowed_like_anywhere(office, head):
    for _ in range(3):
        appoint(head, office, vault_password="not the vault password")
    assert "Wait" in errors_beside(appoint(head, office), "vault_password")


def test_the_key_later_is_shown_until_it_is_handed_over(room, office, head):
    appoint(head, office, key="later", vault_password="", new_vault_password="", new_vault_password_again="")
    deputy = room.browser(office.second_inspector)
    assert "key still to be handed over" in text_of(posts_of(head))
    page = text_of(deputy.get(reverse("vault:unlock")))
    assert "You have no vault password yet" in page
    assert "You have no vault password yet" in text_of(unlock(deputy, office.second_inspector, password=NEW))
    given = own_key(office.head)
    assert hand_key(head, office.second_inspector, **given).status_code == 302
    assert "key still to be handed over" not in text_of(posts_of(head))
    assert unlock(deputy, office.second_inspector, password=NEW).status_code == 302


def test_the_menu_counts_keys_that_are_still_to_be_handed_over(office, head):
    count = '<b class="count">1</b>'
    assert count not in head.get(reverse("registry:people")).content.decode()
    appoint(head, office, key="later")
    assert count in head.get(reverse("registry:people")).content.decode()


def test_a_second_custodian_is_refused_with_the_way_out(office, head):
    response = appoint(head, office, role="custodian")
    assert response.status_code == 422
    assert "Hand over from Жүнісов Данияр" in text_of(response)
    assert "Order No. 236, paragraph 6" in text_of(response)
    assert (
        f"/registry/people/appointments/{held(office.custodian).pk}/hand-over/" in response.content.decode()
    )


def test_an_inspector_is_appointed_without_a_word_about_keys(office, head):
    given = {"role": "inspector", "from_on": "2026-11-20", "until_on": "", "order_number": "57", "key": "now"}
    path = reverse("registry:appoint", args=[office.administrator.pk])
    assert head.post(path, given).status_code == 302


def test_a_whole_succession(room, office, head, media):
    old = room.browser(office.custodian, unlocked=True)
    assert hand_over(head, office).status_code == 302
    new = room.browser(office.second_inspector)
    assert new.get(reverse("vault:unlock")).status_code == 403, "not before the day"
    assert streamed(old.get(media)) == CONTENT
    goes_to(office, 4, hour=23)
    old = room.browser(office.custodian, unlocked=True)
    assert streamed(old.get(media)) == CONTENT
    goes_to(office, 5, hour=0)
    assert old.get(media).status_code == 403, "at midnight of Kazakhstan, though unlocked a moment ago"
    new = room.browser(office.second_inspector)
    assert unlock(new, office.second_inspector, password=NEW).status_code == 302
    assert streamed(new.get(media)) == CONTENT
    assert not KeyWrap.objects.filter(reader=office.custodian.user).exists(), "unlocking swept the old one"


def test_an_open_vault_locks_when_its_reader_begins_to_rest(room, office, head, media):
    custodian = room.browser(office.custodian, unlocked=True)
    assert streamed(custodian.get(media)) == CONTENT
    appoint(head, office)
    assert custodian.get(media).status_code == 403
    assert custodian.post(reverse("logout")).status_code == 302, "signing out works all the same"


def test_who_is_relieved_at_once_sees_nothing_more_even_of_what_is_being_sent(room, office, head):
    large = reverse("recordings:media", args=[room.enter(b"evidence" * 300_000).pk])
    custodian = room.browser(office.custodian, unlocked=True)
    sending = iter(custodian.get(large).streaming_content)
    assert next(sending)
    response = head.post(reverse("registry:relieve", args=[held(office.custodian).pk]), {"when": "at-once"})
    assert response.status_code == 302
    assert not KeyWrap.objects.filter(reader=office.custodian.user).exists()
    room.duty.passes(seconds=2)
    with pytest.raises(Exception, match="locked"):
        list(sending)
    assert custodian.get(large).status_code == 403


def test_who_keeps_a_role_elsewhere_is_locked_out_here_and_may_sign_out(room, office, head, media):
    yesterday = office.clock.now().date() - timedelta(days=1)
    services.hand_over(
        office.ledger,
        office.by(office.sister_head),
        held(office.sister_custodian),
        to=office.custodian,
        last_on=yesterday,
        until_on=None,
        order_number="3",
    )
    custodian = room.browser(office.custodian, unlocked=True)
    assert streamed(custodian.get(media)) == CONTENT
    here = office.custodian.appointments.order_by("pk").first()
    services.relieve(office.ledger, office.by(office.head), here, yesterday)
    assert custodian.get(media).status_code == 404, "there is nothing of another division"
    assert custodian.post(reverse("logout")).status_code == 302


def test_a_replaced_vault_password_locks_what_was_open_with_the_old_one(room, office, head, media):
    custodian = room.browser(office.custodian, unlocked=True)
    assert streamed(custodian.get(media)) == CONTENT
    assert hand_key(head, office.custodian, **own_key(office.head)).status_code == 302
    assert custodian.get(media).status_code == 403
    assert "Recordings open" not in custodian.get(reverse("journal:list")).content.decode()
    assert unlock(custodian, office.custodian).status_code == 422
    assert unlock(custodian, office.custodian, password=NEW).status_code == 302


def test_the_custodian_gives_the_head_a_new_one_where_the_heads_is_forgotten(room, office):
    custodian = room.browser(office.custodian)
    page = custodian.get(reverse("registry:hand-key", args=[held(office.head).pk]))
    assert "If it is forgotten, this replaces it" in text_of(page)
    assert hand_key(custodian, office.head, **own_key(office.custodian)).status_code == 302
    head = room.browser(office.head)
    assert unlock(head, office.head, password=NEW).status_code == 302


def test_one_gives_oneself_another_password(room, office):
    custodian = room.browser(office.custodian)
    assert "Give yourself" in text_of(
        custodian.get(reverse("registry:hand-key", args=[held(office.custodian).pk]))
    )
    assert hand_key(custodian, office.custodian, **own_key(office.custodian)).status_code == 302
    assert unlock(custodian, office.custodian, password=NEW).status_code == 302


def test_who_has_no_key_themself_is_not_asked_for_it(room, office, head):
    appoint(head, office, key="later")
    deputy = room.browser(office.second_inspector)
    page = deputy.get(reverse("registry:hand-key", args=[held(office.head).pk]))
    assert "You have no vault password yourself" in text_of(page)
    assert "id_vault_password" not in page.content.decode()
    refused = hand_key(deputy, office.head, **own_key(office.head))
    assert "You have no vault password yet" in text_of(refused) or refused.status_code == 422
    assert KeyWrap.objects.get(reader=office.head.user)


def test_an_inspector_has_no_key_to_be_handed(office, head):
    page = head.get(reverse("registry:hand-key", args=[held(office.inspector).pk]))
    assert "This role opens no recordings" in text_of(page)
    assert hand_key(head, office.inspector, **own_key(office.head)).status_code == 422
    assert not KeyWrap.objects.filter(reader=office.inspector.user).exists()


def test_the_custodian_hands_over_no_role(room, office):
    custodian = room.browser(office.custodian)
    for name in ("registry:hand-over", "registry:relieve"):
        assert custodian.post(reverse(name, args=[held(office.custodian).pk])).status_code == 403
    assert appoint(custodian, office).status_code == 403


def test_the_one_next_door_reaches_nothing(room, office):
    stranger = room.browser(office.sister_head)
    for name in ("registry:hand-over", "registry:hand-key", "registry:relieve"):
        assert stranger.get(reverse(name, args=[held(office.custodian).pk])).status_code == 404
    for name in ("registry:posts", "registry:holdings"):
        assert stranger.get(reverse(name), {"division": office.division.pk}).status_code == 404
        assert "Жүнісов" not in text_of(stranger.get(reverse(name)))


def test_the_only_head_is_refused_relief_in_words(office, head):
    response = head.post(reverse("registry:relieve", args=[held(office.head).pk]), {"until_on": "2026-12-01"})
    assert response.status_code == 422
    assert "would have no head from 2 December 2026 on" in text_of(response)


def test_the_picture_tells_gaps_and_deputies_in_words_too(office, head):
    appoint(head, office, from_on="2026-11-22")
    head.post(reverse("registry:relieve", args=[held(office.custodian).pk]), {"until_on": "2026-12-31"})
    page = posts_of(head)
    body = text_of(page)
    assert "stands in for Жүнісов Данияр Ғалымұлы" in body
    assert re.search(r"01\.01\.2027 and on – nobody", body), body
    assert 'class="bar-deputy"' in page.content.decode()
    assert 'class="bar-nobody"' in page.content.decode()
    assert "from 22 November 2026" in page.content.decode(), "the picture has its words"


def test_what_the_custodian_holds_is_listed(room, office):
    row = room.duty.issue()
    page = text_of(room.browser(office.custodian).get(reverse("registry:holdings")))
    for told in ("БТ-0001", "ЖК-0001", "01-12/4", "2 things are out", row.inspector.full_name):
        assert told in page


def test_no_password_stays_anywhere(room, office, head, caplog):
    """Neither in an answer, a log, the ledger nor the database, whether the act is done or refused."""
    secret, wrong = vault_password_of("aigerim"), "a wrong vault password 1"
    answers = [
        appoint(head, office, vault_password=wrong),
        appoint(head, office, role="custodian"),
        appoint(head, office, new_vault_password_again="something else"),
        appoint(head, office),
        posts_of(head),
        hand_over(head, office, to=office.inspector.pk, last_on="2026-11-19"),
        hand_key(head, office.custodian, **own_key(office.head)),
    ]
    said = "".join(answer.content.decode() + str(answer.headers) for answer in answers)
    logged = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    ledger = "".join(LedgerEntry.objects.values_list("entry", flat=True))
    for word in (secret, wrong, NEW, "something else", str(IDENTITY), password_of("aigerim")):
        for place, text in (
            ("an answer", said),
            ("a log", logged),
            ("the ledger", ledger),
            ("the tables", rows()),
        ):
            assert word not in text, place


def rows() -> str:
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


def test_an_appointment_ahead_counts_as_awaiting_its_key(office, head):
    services.appoint(
        office.ledger,
        office.by(office.head),
        person=office.second_inspector,
        division=office.division,
        role=Role.CUSTODIAN,
        from_on=(office.clock.now() + timedelta(days=9)).date(),
        until_on=None,
        order_number="4",
        stands_in_for=held(office.custodian),
        key=KeyLater(),
    )
    page = text_of(posts_of(head))
    assert "to begin" in page
    assert "key still to be handed over" in page


def test_a_deputy_reads_as_one_on_the_staff_list(office, head):
    services.appoint(
        office.ledger,
        office.by(office.head),
        person=office.second_inspector,
        division=office.division,
        role=Role.CUSTODIAN,
        from_on=office.clock.now().date(),
        until_on=None,
        order_number="4",
        stands_in_for=held(office.custodian),
        key=NewKey(IDENTITY, NEW),
    )
    page = text_of(head.get(reverse("registry:people")))
    assert "Custodian (deputy)" in page
    person = text_of(head.get(reverse("registry:person", args=[office.custodian.pk])))
    assert "rests" in person
