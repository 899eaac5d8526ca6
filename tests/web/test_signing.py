"""Signing on the pages: by passkey where the signer has one, by password all the same; and what is refused."""

import json
import re
from html import unescape

import pytest
from django.test import RequestFactory
from django.urls import reverse

from aigaq.accounts.models import Passkey
from aigaq.journal.evidence import check_entries
from aigaq.journal.models import Correction, JournalRow, SigningWay
from aigaq.passkeys.site import Site
from aigaq.registry import passkeys as registry
from aigaq.registry.services import add_recorder
from aigaq.web.signing import named_address, site_of
from tests.support.authenticator import UP, Authenticator
from tests.support.duty import CHECKS, PURPOSE, SEAL, entries, on_duty
from tests.support.office import password_of
from tests.support.passkeys import enrolled_for
from tests.support.visitors import text_of

HERE = Site.of("http://localhost")
ISSUE = "/desk/issue/"


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def desk(duty, visit):
    """The custodian's, under a name."""
    visitor = visit(duty.office.custodian)
    visitor.defaults["HTTP_HOST"] = "localhost"
    return visitor


@pytest.fixture
def key(office):
    """Yerlan's."""
    return enrolled_for(office, office.inspector, site=HERE)[1]


def written(office, **changes):
    facts = {
        "recorder": "БТ-0001",
        "card": "ЖК-0001",
        "inspector": str(office.inspector.pk),
        "control": PURPOSE.control,
        "subject": PURPOSE.subject,
        "object": PURPOSE.object,
        "act_number": PURPOSE.act_number,
        "seal_number": SEAL,
        **{f"check_{key}": "passed" for key in CHECKS},
        **{f"remark_{key}": "" for key in CHECKS},
    }
    return facts | changes


def read(office, **changes):
    return {"stage": "facts", **written(office, **changes)}


def laid(page):
    """What the page asks the passkey, and the offer that goes back with its answer."""
    html = page.content.decode()
    asked = json.loads(unescape(re.search(r'data-passkey="([^"]+)"', html)[1]))
    return asked, unescape(re.search(r'name="offer" value="([^"]+)"', html)[1])


def signed(key, page, **wrong):
    """The fields that the browser adds once the passkey has signed."""
    asked, offer = laid(page)
    answer = key.get(json.dumps(asked), **({"origin": "http://localhost"} | wrong))
    return {"stage": "sign", "offer": offer, "response": answer}


def test_who_has_no_passkey_signs_with_the_password_as_ever(duty, desk):
    page = desk.submit(ISSUE, read(duty.office))
    html = page.content.decode()
    assert "data-passkey" not in html
    assert "passkey.js" not in html
    assert "Password of Өтегенов" in text_of(page)
    given = written(duty.office) | {"stage": "sign", "password": password_of("yerlan")}
    assert desk.submit(ISSUE, given).status_code == 302
    assert JournalRow.objects.get().signatures.get().way == SigningWay.OWN_PASSWORD


def test_an_issue_and_its_return_are_signed_by_passkey(duty, desk, key):
    page = desk.submit(ISSUE, read(duty.office))
    asked, _offer = laid(page)
    assert asked["userVerification"] == "required"
    assert [each["id"] for each in asked["allowCredentials"]] == [key.id]
    assert "Sign with the password instead" in text_of(page)
    assert desk.submit(ISSUE, written(duty.office) | signed(key, page)).status_code == 302
    row = JournalRow.objects.get()
    assert row.signatures.get().way == SigningWay.PASSKEY
    back = reverse("desk:return", args=[row.pk])
    facts = {
        "handed_back_by": str(duty.office.inspector.pk),
        "seal_found": "intact",
        "seal_number_found": SEAL,
        "condition": "",
    }
    page = desk.submit(back, facts | {"stage": "facts"})
    assert desk.submit(back, facts | signed(key, page)).status_code == 302
    assert check_entries(entries("")) == []
    shown = text_of(desk.get(reverse("journal:row", args=[row.pk])))
    assert shown.count(", passkey") >= 2


def test_a_correction_is_read_and_then_signed_by_the_custodian_s_passkey(duty, desk):
    key = enrolled_for(duty.office, duty.office.custodian, site=HERE)[1]
    row = duty.issue()
    address = reverse("journal:correct", args=[row.pk, "subject"])
    facts = {"read": "0", "new": "«Жаңа» ЖШС", "reason": "Атауы қате"}
    page = desk.submit(address, facts | {"stage": "facts"})
    assert "«Жаңа» ЖШС" in text_of(page)
    assert desk.submit(address, facts | signed(key, page)).status_code == 302
    assert Correction.objects.get().way == SigningWay.PASSKEY
    assert check_entries(entries("")) == []


def test_from_the_signature_one_goes_back_to_change_what_was_written(duty, desk):
    row = duty.issue()
    address = reverse("journal:correct", args=[row.pk, "subject"])
    facts = {"read": "0", "new": "«Жаңа» ЖШС", "reason": "Атауы қате"}
    page = desk.submit(address, facts | {"stage": "change"})
    assert (page.status_code, "«Жаңа» ЖШС" in text_of(page)) == (200, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"flags": UP},
        {"origin": "http://evil.example"},
        {"client": {"challenge": "AAAA"}},
        {"client": {"crossOrigin": True}},
        {"rp_id_signed": "evil.example"},
    ],
)
def test_what_the_passkey_did_not_quite_sign_is_refused_and_laid_there_anew(duty, desk, key, wrong):
    page = desk.submit(ISSUE, read(duty.office))
    again = desk.submit(ISSUE, written(duty.office) | signed(key, page, **wrong))
    assert again.status_code == 422
    assert "The passkey did not sign this" in text_of(again)
    assert not JournalRow.objects.exists()
    assert laid(again)[1] != laid(page)[1]
    assert desk.submit(ISSUE, written(duty.office) | signed(key, again)).status_code == 302


def test_a_forged_answer_and_a_stranger_s_key_are_refused(duty, desk, key):
    page = desk.submit(ISSUE, read(duty.office))
    forger = Authenticator(credential_id=key.credential_id)
    assert desk.submit(ISSUE, written(duty.office) | signed(forger, page)).status_code == 422
    refused = desk.submit(ISSUE, written(duty.office) | signed(Authenticator(), page))
    assert "is not one of yerlan's" in text_of(refused)
    assert not JournalRow.objects.exists()


@pytest.mark.parametrize("response", ["{}", "[]", "null", "x", "9" * 20000, '{"id":"x"}', "[" * 5000])
def test_an_answer_that_is_none_is_refused_with_a_sentence(duty, desk, key, response):
    page = desk.submit(ISSUE, read(duty.office))
    given = written(duty.office) | signed(key, page) | {"response": response}
    again = desk.submit(ISSUE, given)
    assert again.status_code == 422
    assert "The passkey did not sign this" in text_of(again)
    assert not JournalRow.objects.exists()


def test_a_replayed_answer_signs_nothing_a_second_time(duty, desk, key):
    page = desk.submit(ISSUE, read(duty.office))
    sent = written(duty.office) | signed(key, page)
    assert desk.submit(ISSUE, sent).status_code == 302
    assert desk.submit(ISSUE, sent).status_code == 422
    duty.give_back(JournalRow.objects.get())
    again = desk.submit(ISSUE, sent)
    assert again.status_code == 422
    assert "The passkey did not sign this" in text_of(again)
    assert JournalRow.objects.count() == 1


def test_an_answer_for_another_entry_is_refused(duty, desk, key):
    first, second = (desk.submit(ISSUE, read(duty.office, subject=name)) for name in ("А", "Б"))
    mixed = written(duty.office, subject="Б") | signed(key, first) | {"offer": laid(second)[1]}
    assert desk.submit(ISSUE, mixed).status_code == 422
    other = written(duty.office, subject="Б") | signed(key, first)
    told = desk.submit(ISSUE, other)
    assert "look at it and sign again" in text_of(told)
    assert not JournalRow.objects.exists()


@pytest.mark.parametrize("offer", ["", "x", "W10:1abc:def"])
def test_a_document_that_we_did_not_lay_there_is_not_signed(duty, desk, key, offer):
    page = desk.submit(ISSUE, read(duty.office))
    told = desk.submit(ISSUE, written(duty.office) | signed(key, page) | {"offer": offer})
    assert "laid before you anew" in text_of(told)
    assert not JournalRow.objects.exists()


def test_who_comes_second_is_told_to_sign_again_and_does(duty, desk, key):
    add_recorder(
        duty.office.ledger, duty.by_custodian, inventory_number="БТ-0002", division=duty.office.division
    )
    facts = {"recorder": "БТ-0002", "card": "", "seal_number": ""}
    page = desk.submit(ISSUE, read(duty.office, **facts))
    duty.issue(inspector=duty.office.second_inspector)
    told = desk.submit(ISSUE, written(duty.office, **facts) | signed(key, page))
    assert told.status_code == 422
    assert "look at it and sign again" in text_of(told)
    assert desk.submit(ISSUE, written(duty.office, **facts) | signed(key, told)).status_code == 302
    assert JournalRow.objects.order_by("-number").first().signatures.get().way == SigningWay.PASSKEY


def test_what_can_not_be_issued_any_more_is_said_before_anybody_signs(duty, desk, key):
    duty.issue(inspector=duty.office.second_inspector)
    page = desk.submit(ISSUE, read(duty.office))
    assert "has been out with Ықыласова" in text_of(page)
    assert "data-passkey" not in page.content.decode()


def test_neither_a_password_nor_an_answer_is_no_signature(duty, desk, key):
    page = desk.submit(ISSUE, read(duty.office))
    sent = written(duty.office) | {"stage": "sign", "offer": laid(page)[1], "response": "", "password": ""}
    told = desk.submit(ISSUE, sent)
    assert "signs with their own passkey or password" in text_of(told)
    assert not JournalRow.objects.exists()


def test_a_revoked_passkey_is_not_asked_for(duty, desk, key):
    registry.revoke(duty.office.ledger, duty.by_custodian, duty.office.inspector, Passkey.objects.get())
    assert "data-passkey" not in desk.submit(ISSUE, read(duty.office)).content.decode()


def test_an_answer_at_a_number_is_no_way_around(duty, desk, key):
    """Where the page asked for none, what looks like an answer counts for nothing."""
    page = desk.submit(ISSUE, read(duty.office))
    sent = written(duty.office) | signed(key, page)
    told = desk.submit(ISSUE, sent, HTTP_HOST="127.0.0.1")
    assert told.status_code == 422
    assert not JournalRow.objects.exists()


def test_at_a_number_the_page_says_under_which_name_the_passkey_signs(duty, desk, key):
    page = desk.submit(ISSUE, read(duty.office), HTTP_HOST="127.0.0.1:8000")
    assert "Passkeys work under a name, not under a number" in text_of(page)
    assert 'href="http://localhost:8000/desk/issue/"' in page.content.decode()


def test_a_passkey_of_another_name_is_told(duty, desk):
    enrolled_for(duty.office, duty.office.inspector, site=Site.of("https://aigaq.example"))
    page = desk.submit(ISSUE, read(duty.office))
    assert "only where this page is opened under the name aigaq.example" in text_of(page)


def asked_at(host, *, secure=False):
    return RequestFactory(HTTP_HOST=host).get("/desk/issue/?a=b", secure=secure)


@pytest.mark.parametrize(
    ("host", "secure", "origin"),
    [
        ("localhost:8000", False, "http://localhost:8000"),
        ("localhost", True, "https://localhost"),
        ("aigaq.example", True, "https://aigaq.example"),
        ("aigaq.example", False, None),
        ("127.0.0.1:8000", False, None),
        ("[::1]:8000", False, None),
        ("10.0.0.7", True, None),
    ],
)
def test_the_site_is_the_name_in_the_browser(settings, host, secure, origin):
    settings.ALLOWED_HOSTS = ["*"]
    site = site_of(asked_at(host, secure=secure))
    assert (site.origin if site else None) == origin


def test_behind_a_proxy_that_speaks_https_the_site_is_https(settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.PUBLIC_URL = "https://aigaq.example/"
    site = site_of(asked_at("aigaq.example"))
    assert site == Site("aigaq.example", "https://aigaq.example")
    assert site_of(asked_at("other.example")) is None


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1:8000", "http://localhost:8000/desk/issue/?a=b"),
        ("127.0.0.1", "http://localhost/desk/issue/?a=b"),
        ("[::1]:8000", "http://localhost:8000/desk/issue/?a=b"),
        ("[::1]", "http://localhost/desk/issue/?a=b"),
        ("10.0.0.7:8000", ""),
        ("aigaq.example", ""),
    ],
)
def test_a_local_number_has_a_name(settings, host, address):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "10.0.0.7", "aigaq.example"]
    assert named_address(asked_at(host)) == address
    settings.ALLOWED_HOSTS.remove("localhost")
    assert named_address(asked_at(host)) == ""
