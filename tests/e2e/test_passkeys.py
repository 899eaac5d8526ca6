"""Passkeys in a real browser with a virtual authenticator: enrolled, and a duty's issue and return signed by a touch."""

from time import perf_counter

import pytest
from django.urls import reverse

from aigaq.accounts.models import Passkey
from aigaq.journal.evidence import check_entries
from aigaq.journal.models import JournalRow, Signature, SigningWay
from aigaq.journal.signed import digest_of
from tests.support.browsing import page_at, shown_at, sign_in
from tests.support.duty import CHECKS, PURPOSE, SEAL, entries
from tests.support.office import password_of
from tests.support.viewing import open_room, served

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def room(transactional_db, clock, tmp_path, monkeypatch, settings):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    return open_room(clock, tmp_path, monkeypatch, settings)


@pytest.fixture
def address(room):
    """By name: browsers know no passkeys at a number."""
    with served() as at:
        yield at.replace("127.0.0.1", "localhost")


@pytest.fixture
def page(browser, address, room):
    """The custodian's screen."""
    with page_at(browser, address) as page:
        sign_in(page, address, room.office.custodian)
        yield page


class Key:
    """A security key in a port of the computer, in the hands of whoever may verify themself to it."""

    def __init__(self, page):
        self._session = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        wanted = {
            "protocol": "ctap2",
            "transport": "usb",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        given = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": wanted})
        self._id = given["authenticatorId"]

    def is_in_the_right_hands(self, *, verified):
        self._session.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": verified}
        )

    def is_empty(self):
        self._session.send("WebAuthn.clearCredentials", {"authenticatorId": self._id})


def enrol(page, address, person, *, name="Көк кілт"):
    page.goto(address + reverse("registry:person", args=[person.pk]))
    page.click("text=Enrol a passkey")
    page.fill("#id_label", name)
    page.fill("#id_password", password_of(person.user.username))
    page.click("main button.primary")
    page.wait_for_selector("[data-press]")


def press(page):
    page.click("[data-press]")


def to_the_signature_of_an_issue(page, address):
    page.goto(address + reverse("desk:issue"))
    page.fill("#id_recorder", "БТ-0001")
    page.fill("#id_card", "ЖК-0001")
    page.select_option("#id_inspector", label="Өтегенов Ерлан Сәкенұлы")
    page.check(f"input[name=control][value={PURPOSE.control}]")
    page.fill("#id_subject", PURPOSE.subject)
    page.fill("#id_object", PURPOSE.object)
    page.fill("#id_act_number", PURPOSE.act_number)
    for key in CHECKS:
        page.check(f"input[name=check_{key}][value=passed]")
    page.fill("#id_seal_number", SEAL)
    page.click("text=On to the signature")


def to_the_signature_of_the_return(page, address):
    page.goto(address + reverse("desk:return", args=[JournalRow.objects.get().pk]))
    page.fill("#id_seal_number_found", SEAL)
    page.check("input[name=seal_found][value=intact]")
    page.click("text=On to the signature")


def test_a_duty_is_signed_by_passkey_with_one_press_each_and_holds_offline(page, address, room, capsys):
    key = Key(page)
    enrol(page, address, room.office.inspector)
    shown_at(page, "passkey-make")
    press(page)
    page.wait_for_selector("text=The passkey is enrolled")
    shown_at(page, "passkey-person")
    assert Passkey.objects.get().rp_id == "localhost"
    page.goto(address + reverse("registry:people"))
    shown_at(page, "passkey-people")

    to_the_signature_of_an_issue(page, address)
    page.wait_for_selector("[data-press]")
    assert page.evaluate("document.activeElement.matches('[data-press]')"), "one key press is enough"
    shown_at(page, "passkey-issue")
    begun = perf_counter()
    press(page)
    page.wait_for_selector("text=Issued and signed")
    took_issue = perf_counter() - begun
    signature = Signature.objects.get()
    assert signature.way == SigningWay.PASSKEY
    row = page.inner_text("main")
    for told in ("Өтегенов Ерлан Сәкенұлы", "passkey", signature.signed_digest.removeprefix("sha256:")[:12]):
        assert told in row
    shown_at(page, "passkey-row")

    to_the_signature_of_the_return(page, address)
    page.wait_for_selector("[data-press]")
    shown_at(page, "passkey-return")
    begun = perf_counter()
    press(page)
    page.wait_for_selector("text=Taken back and signed")
    took_return = perf_counter() - begun
    written = entries("")
    assert check_entries(written) == []
    for entry in written:
        if entry.kind in {"journal.issued", "journal.returned"}:
            (signed,) = entry.body["signatures"]
            assert (signed["way"], signed["signed_digest"]) == (
                "passkey",
                str(digest_of(entry.body["document"])),
            )
    page.goto(address + reverse("journal:list"))
    shown_at(page, "passkey-book")
    with capsys.disabled():
        print(f"\nfrom the press to the row: issue {took_issue:.2f} s, return {took_return:.2f} s")
    assert key


def test_a_ceremony_that_was_not_confirmed_signs_nothing_and_the_password_still_does(page, address, room):
    key = Key(page)
    enrol(page, address, room.office.inspector)
    press(page)
    page.wait_for_selector("text=The passkey is enrolled")
    to_the_signature_of_an_issue(page, address)
    page.wait_for_selector("[data-press]")
    key.is_in_the_right_hands(verified=False)
    press(page)
    page.wait_for_selector("[data-said].error")
    assert "Nothing was signed" in page.inner_text("[data-said]")
    assert not JournalRow.objects.exists()
    shown_at(page, "passkey-cancelled")
    page.click("summary:has-text('password instead')")
    page.fill("#id_password", password_of("yerlan"))
    page.press("#id_password", "Enter")
    page.wait_for_selector("text=Issued and signed")
    assert Signature.objects.get().way == SigningWay.OWN_PASSWORD
    assert check_entries(entries("")) == []


def test_a_document_that_lay_there_too_long_is_laid_there_anew(page, address, room):
    key = Key(page)
    enrol(page, address, room.office.inspector)
    press(page)
    page.wait_for_selector("text=The passkey is enrolled")
    to_the_signature_of_an_issue(page, address)
    page.wait_for_selector("[data-press]")
    room.duty.passes(minutes=4)
    press(page)
    page.wait_for_selector("text=lay open for too long")
    assert not JournalRow.objects.exists()
    shown_at(page, "passkey-again")
    press(page)
    page.wait_for_selector("text=Issued and signed")
    assert key


def test_at_a_number_the_page_says_where_passkeys_work(browser, address, room):
    numbered = address.replace("localhost", "127.0.0.1")
    with page_at(browser, numbered) as page:
        sign_in(page, numbered, room.office.custodian)
        page.goto(numbered + reverse("registry:enrol-passkey", args=[room.office.inspector.pk]))
        shown_at(page, "passkey-at-a-number")
        link = page.get_attribute(".notice a", "href")
        assert link == address + reverse("registry:enrol-passkey", args=[room.office.inspector.pk])


def test_a_key_made_already_is_not_made_again(page, address, room):
    Key(page)
    enrol(page, address, room.office.inspector)
    press(page)
    page.wait_for_selector("text=The passkey is enrolled")
    enrol(page, address, room.office.inspector, name="Тағы")
    press(page)
    page.wait_for_selector("[data-said].error")
    assert "enrolled already" in page.inner_text("[data-said]")
    assert Passkey.objects.count() == 1
