"""Enrolling a passkey at the desk: the person is there, types their password, and their key is made once."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from aigaq import wiring
from aigaq.accounts.models import Passkey
from aigaq.core.clock import rfc3339
from aigaq.ledger.services import MACHINE
from aigaq.passkeys.site import Site
from aigaq.registry.models import Role
from aigaq.registry.services import appoint
from tests.support.authenticator import UP, Authenticator
from tests.support.duty import entries
from tests.support.office import SINCE, password_of
from tests.support.passkeys import enrolled_for
from tests.support.visitors import text_of

HERE = Site.of("http://localhost")


@pytest.fixture
def at_the_desk(visit):
    def sit(person):
        visitor = visit(person)
        visitor.defaults["HTTP_HOST"] = "localhost"
        return visitor

    return sit


@pytest.fixture
def desk(office, at_the_desk):
    return at_the_desk(office.custodian)


def address(person):
    return reverse("registry:enrol-passkey", args=[person.pk])


def begun(desk, person, **changes):
    given = {"stage": "begin", "label": "Көк кілт", "password": password_of(person.user.username)}
    return desk.submit(address(person), given | changes)


def made(page, authenticator=None, **wrong):
    asked = unescape(re.search(r'data-passkey="([^"]+)"', page.content.decode())[1])
    answer = (authenticator or Authenticator()).create(asked, **({"origin": HERE.origin} | wrong))
    return {"stage": "made", "response": answer}


def test_a_passkey_is_enrolled_in_two_steps_and_listed(office, desk):
    page = begun(desk, office.inspector)
    assert "Көк кілт" in text_of(page)
    done = desk.submit(address(office.inspector), made(page), follow=True)
    assert "The passkey is enrolled" in text_of(done)
    assert "Көк кілт" in text_of(done)
    passkey = Passkey.objects.get()
    assert (passkey.user, passkey.label, passkey.rp_id) == (office.inspector.user, "Көк кілт", "localhost")
    people = text_of(desk.get(reverse("registry:people")))
    assert "yerlan passkey" in people
    assert "madina password" in people
    ledger = text_of(desk.get(reverse("ledger:list")))
    assert "enrolled a passkey for “yerlan”, face to face: Көк кілт" in ledger


def test_the_browser_is_told_of_the_keys_there_are(office, desk):
    _passkey, key = enrolled_for(office, office.inspector, site=HERE)
    page = begun(desk, office.inspector)
    asked = json.loads(unescape(re.search(r'data-passkey="([^"]+)"', page.content.decode())[1]))
    assert [each["id"] for each in asked["excludeCredentials"]] == [key.id]


def test_without_the_person_s_own_password_nothing_is_begun(office, desk):
    for password, says in (
        ("", "required"),
        (password_of("daniyar"), "The password is not right"),
    ):
        page = begun(desk, office.inspector, password=password)
        assert page.status_code == 422
        assert says in text_of(page)
        assert "enrolling" not in desk.session
        assert "data-passkey" not in page.content.decode()
    assert entries("account.proof-refused")[-1].body["purpose"] == "passkey"


def refused(desk, person, given):
    page = desk.submit(address(person), given, follow=True)
    assert "could not be enrolled" in text_of(page)
    assert not Passkey.objects.exists()


def test_a_challenge_is_used_once_whatever_became_of_it(office, desk):
    page = begun(desk, office.inspector)
    good = made(page)
    refused(desk, office.inspector, made(page, flags=UP))
    refused(desk, office.inspector, good)


def test_an_answer_to_nothing_or_of_another_session_is_refused(office, desk, at_the_desk):
    page = begun(desk, office.inspector)
    other = at_the_desk(office.head)
    refused(other, office.inspector, made(page))
    refused(desk, office.second_inspector, made(page))
    refused(desk, office.inspector, {"stage": "made"})


def test_a_key_made_too_late_is_refused(office, desk):
    page = begun(desk, office.inspector)
    session = desk.session
    session["enrolling"] = session["enrolling"] | {"at": rfc3339(wiring.clock().now() - timedelta(minutes=4))}
    session.save()
    refused(desk, office.inspector, made(page))


@pytest.mark.parametrize(
    "wrong", [{"flags": UP}, {"origin": "http://evil.example"}, {"rp_id": "evil.example"}, {"cose": b"\xa0"}]
)
def test_what_is_not_quite_a_passkey_is_refused(office, desk, wrong):
    refused(desk, office.inspector, made(begun(desk, office.inspector), **wrong))


def test_the_same_key_is_not_enrolled_twice(office, desk):
    key = Authenticator()
    desk.submit(address(office.inspector), made(begun(desk, office.inspector), key))
    page = desk.submit(
        address(office.second_inspector), made(begun(desk, office.second_inspector), key), follow=True
    )
    assert "enrolled already" in text_of(page)
    assert Passkey.objects.count() == 1


def test_nobody_enrols_for_themself_and_is_not_offered_it(office, desk, at_the_desk):
    page = desk.get(address(office.custodian))
    assert page.status_code == 409
    assert "Nobody enrols a passkey for themself" in text_of(page)
    own = desk.get(reverse("registry:person", args=[office.custodian.pk])).content.decode()
    assert "passkeys/add/" not in own
    other = at_the_desk(office.head).get(reverse("registry:person", args=[office.custodian.pk]))
    assert "passkeys/add/" in other.content.decode()


def test_the_administrator_sees_the_keys_and_may_do_nothing_with_them(office, at_the_desk):
    appoint(
        office.ledger,
        MACHINE,
        person=office.administrator,
        division=office.division,
        role=Role.ADMINISTRATOR,
        from_on=SINCE,
        until_on=None,
        order_number="1",
    )
    passkey, _key = enrolled_for(office, office.inspector, site=HERE)
    page = at_the_desk(office.administrator).get(reverse("registry:person", args=[office.inspector.pk]))
    assert passkey.label in text_of(page)
    assert "passkeys/" not in page.content.decode()


def test_at_a_number_the_page_says_where_to_go(office, visit):
    numbered = visit(office.custodian)
    page = numbered.get(address(office.inspector), HTTP_HOST="127.0.0.1:8000")
    assert "Passkeys are made for a name, not for a number" in text_of(page)
    assert f'href="http://localhost:8000{address(office.inspector)}"' in page.content.decode()
    assert "data-passkey" not in begun(numbered, office.inspector, HTTP_HOST="127.0.0.1").content.decode()


def test_a_key_is_revoked_at_the_desk_and_stays_in_the_list(office, desk):
    passkey, _key = enrolled_for(office, office.inspector, site=HERE)
    gone = reverse("registry:revoke-passkey", args=[office.inspector.pk, passkey.pk])
    page = desk.submit(gone, follow=True)
    assert "it signs nothing any more" in text_of(page)
    assert "revoked" in text_of(page)
    passkey.refresh_from_db()
    assert passkey.revoked_at is not None
    assert "yerlan password" in text_of(desk.get(reverse("registry:people")))


def test_a_person_sees_their_own_keys_and_revokes_one_that_is_lost(office, at_the_desk):
    passkey, _key = enrolled_for(office, office.inspector, site=HERE)
    own = at_the_desk(office.inspector)
    assert passkey.label in text_of(own.get(reverse("my-password")))
    own.submit(reverse("revoke-own-passkey", args=[passkey.pk]))
    passkey.refresh_from_db()
    assert passkey.revoked_at is not None
    (entry,) = entries("account.passkey-revoked")
    assert entry.actor.id == str(office.inspector.pk)


def test_another_s_key_is_not_there_to_be_revoked(office, desk, at_the_desk):
    passkey, _key = enrolled_for(office, office.inspector, site=HERE)
    for visitor, where in (
        (at_the_desk(office.second_inspector), reverse("revoke-own-passkey", args=[passkey.pk])),
        (desk, reverse("registry:revoke-passkey", args=[office.second_inspector.pk, passkey.pk])),
        (
            at_the_desk(office.sister_head),
            reverse("registry:revoke-passkey", args=[office.inspector.pk, passkey.pk]),
        ),
    ):
        assert visitor.submit(where).status_code == 404
    passkey.refresh_from_db()
    assert passkey.revoked_at is None
