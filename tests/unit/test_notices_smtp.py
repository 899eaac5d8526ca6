"""E-mail as a real mail server has it: delivered, refused, put off, hanging, hanging up, and not who it says it is."""

import time
import traceback
from datetime import UTC, datetime
from email.headerregistry import Address

import pytest

from aigaq.notices.errors import NotSentError, RefusedForGoodError, UnreachableError, WrongSettingError
from aigaq.notices.ways.base import Outgoing, one_line
from aigaq.notices.ways.smtp import Server, SmtpWay, Tls, composed
from tests.support.postbox import PASSWORD, USERNAME, certificate, postbox

AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
SENDER = Address("Aigaq", addr_spec="aigaq@konaev.example.kz")
LETTER = Outgoing(
    id="7d9f",
    at=AT,
    address="daniyar@konaev.example.kz",
    subject="Айғақ: бейнетіркегіш істен шықты",
    text="№ БТ-0001 бейнетіркегіш істен шықты.\n.\n..\nFrom here on https://example.kz/notices/\n",
)


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("certificate"))


def way_to(box, ca=None, *, sender=SENDER, **changes):
    return SmtpWay(Server.parse(box.url), sender, ca, **changes)


def with_password(box):
    scheme, rest = box.url.split("://")
    return (
        f"{scheme}://{USERNAME}:{PASSWORD.replace('/', '%2F').replace('@', '%40').replace(':', '%3A')}@{rest}"
    )


def test_a_letter_arrives_as_it_was_written(shown):
    with postbox(shown) as box:
        way_to(box, shown.ca).send(LETTER)
    (mail,) = box.letters
    assert mail["Subject"] == LETTER.subject
    assert mail.get_content() == LETTER.text.replace("\n", "\r\n")
    assert mail["To"] == LETTER.address
    assert mail["From"] == "Aigaq <aigaq@konaev.example.kz>"
    assert mail["Date"].datetime == AT
    assert mail["Message-ID"] == "<7d9f@konaev.example.kz>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert box.envelopes == [(SENDER.addr_spec, LETTER.address)]


def test_nothing_is_said_before_the_line_is_encrypted(shown):
    with postbox(shown, wants_login=True) as box:
        way = SmtpWay(Server.parse(with_password(box)), SENDER, shown.ca)
        way.send(LETTER)
    assert box.spoken[1:3] == ["STARTTLS", "TLS"]
    assert box.said("AUTH")
    assert box.spoken.index("TLS") < box.spoken.index(box.said("AUTH")[0])


def test_tls_from_the_first_octet(shown):
    with postbox(shown, from_the_start=True) as box:
        way_to(box, shown.ca).send(LETTER)
    assert len(box.letters) == 1
    assert box.said("STARTTLS") == []


def test_a_relay_on_this_computer_needs_no_encryption():
    with postbox() as box:
        way_to(box).send(LETTER)
    assert len(box.letters) == 1


def test_a_server_without_starttls_gets_neither_password_nor_letter(shown):
    with postbox(shown, wants_login=True) as box:
        box.context = None
        way = SmtpWay(
            Server("127.0.0.1", box.port, Tls.STARTTLS, USERNAME, PASSWORD), SENDER, shown.ca, timeout=5
        )
        with pytest.raises(UnreachableError, match="STARTTLS"):
            way.send(LETTER)
    assert box.said("AUTH") == box.said("MAIL") == []


@pytest.mark.parametrize("from_the_start", [True, False])
@pytest.mark.parametrize("flaw", ["nobody vouches for it", "another's name", "out of date"])
def test_a_bad_certificate_ends_it(shown, tmp_path, flaw, from_the_start):
    bad = {
        "nobody vouches for it": lambda: shown,
        "another's name": lambda: certificate(tmp_path / "c", names="mail.example.kz"),
        "out of date": lambda: certificate(tmp_path / "c", days=-1),
    }[flaw]()
    with postbox(bad, from_the_start=from_the_start) as box:
        way = way_to(box, None if flaw == "nobody vouches for it" else bad.ca)
        with pytest.raises(UnreachableError) as refused:
            way.send(LETTER)
    told = {"nobody": "self-signed", "another's": "mismatch", "out": "expired"}[flaw.split(" ")[0]]
    assert told in refused.value.reason
    assert box.letters == []
    assert box.said("MAIL") == []


def test_an_address_that_does_not_exist_is_refused_for_good(shown):
    with (
        postbox(shown, answers={"RCPT": ["550 5.1.1 no such mailbox"]}) as box,
        pytest.raises(RefusedForGoodError) as refused,
    ):
        way_to(box, shown.ca).send(LETTER)
    assert refused.value.reason == "550 5.1.1 no such mailbox"
    assert refused.value.is_final


def test_a_letter_refused_after_it_was_read_is_refused_for_good(shown):
    with postbox(shown, answers={"final": ["554 spam"]}) as box, pytest.raises(RefusedForGoodError):
        way_to(box, shown.ca).send(LETTER)
    assert box.letters == []


def test_greylisted_first_and_then_taken(shown):
    with postbox(shown, answers={"RCPT": ["450 4.2.0 greylisted, come later", "250 ok"]}) as box:
        with pytest.raises(NotSentError) as put_off:
            way_to(box, shown.ca).send(LETTER)
        assert not put_off.value.is_final
        assert not isinstance(put_off.value, UnreachableError)
        way_to(box, shown.ca).send(LETTER)
    assert len(box.letters) == 1


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"greeting": ["554 not you"]}, "554 not you"),
        ({"AUTH": ["535 wrong password"]}, "535 wrong password"),
        ({"MAIL": ["550 who are you"]}, "550 who are you"),
        ({"DATA": ["452 disk full"]}, "452 disk full"),
    ],
)
def test_what_is_no_fault_of_the_address_is_tried_again(shown, answers, reason):
    with (
        postbox(shown, wants_login=True, answers=answers) as box,
        pytest.raises(NotSentError) as refused,
    ):
        SmtpWay(Server.parse(with_password(box)), SENDER, shown.ca).send(LETTER)
    assert refused.value.reason == reason
    assert not refused.value.is_final


@pytest.mark.parametrize("point", ["greeting", "EHLO", "MAIL", "RCPT", "DATA", ".", "final"])
def test_a_server_that_hangs_up_has_not_taken_it(shown, point):
    with postbox(shown, drops_at=point) as box, pytest.raises(NotSentError):
        way_to(box, shown.ca).send(LETTER)


@pytest.mark.parametrize("point", ["greeting", "EHLO", "RCPT", "DATA", "."])
def test_a_server_that_hangs_is_left(shown, point):
    began = time.monotonic()
    with postbox(shown, hangs_at=point) as box, pytest.raises(NotSentError):
        way_to(box, shown.ca, timeout=0.3).send(LETTER)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("from_the_start", [True, False])
def test_a_server_that_drips_is_left_too(shown, from_the_start):
    began = time.monotonic()
    with (
        postbox(shown, from_the_start=from_the_start, drips=True) as box,
        pytest.raises(NotSentError),
    ):
        way_to(box, shown.ca, timeout=5, deadline=0.5).send(LETTER)
    assert time.monotonic() - began < 4


def test_taken_is_taken_however_they_part(shown):
    with postbox(shown, drops_at="QUIT") as box:
        way_to(box, shown.ca).send(LETTER)
    assert len(box.letters) == 1


def test_nobody_is_there():
    with postbox() as box:
        way = way_to(box)
    with pytest.raises(UnreachableError) as error:
        way.send(LETTER)
    assert error.value.reason == "Connection refused"


def test_it_can_be_reached_without_a_letter(shown):
    with postbox(shown) as box:
        way_to(box, shown.ca).reach()
        assert box.said("MAIL") == []
    with pytest.raises(UnreachableError):
        way_to(box, shown.ca).reach()


@pytest.mark.parametrize(
    "subject",
    [
        "Recorder БТ-0001\r\nBcc: stranger@example.com",
        "one\nTo: stranger@example.com\n\nwhole new letter",
        "a\x00b\u2028c\x0bd\x85e",
        "Ә" * 4000,
    ],
)
def test_a_subject_adds_no_header(shown, subject):
    with postbox(shown) as box:
        way_to(box, shown.ca).send(Outgoing("7d9f", AT, LETTER.address, subject, LETTER.text))
    (mail,) = box.letters
    assert mail.get_all("To") == [LETTER.address]
    assert mail["Bcc"] is None
    assert mail.get_content() == LETTER.text.replace("\n", "\r\n")
    assert len(mail["Subject"]) <= 200
    assert mail["Subject"].isprintable()


@pytest.mark.parametrize(
    "address",
    [
        "daniyar@example.kz\r\nRCPT TO:<stranger@example.com>",
        "daniyar@example.kz>\r\nDATA",
        "daniyar@example.kz, stranger@example.com",
        "<script>@example.kz",
        "данияр@example.kz",
        "daniyar",
        "@example.kz",
        "a b@example.kz",
        "",
    ],
)
def test_what_is_no_address_never_reaches_the_line(shown, address):
    with postbox(shown) as box, pytest.raises(RefusedForGoodError):
        way_to(box, shown.ca).send(Outgoing("7d9f", AT, address, "s", "t"))
    assert box.envelopes == []
    assert box.said("RCPT") == []


def test_a_domain_in_kazakh_letters_is_spelt_as_the_network_does(shown):
    with postbox(shown) as box:
        way_to(box, shown.ca).send(Outgoing("7d9f", AT, "daniyar@пошта.қаз", "s", "t"))
    assert box.envelopes[0][1] == "daniyar@xn--80a1acn3a.xn--80ao21a"


def test_no_line_of_a_letter_is_longer_than_mail_allows():
    text = "Ұзақ " * 4000
    lines = composed(Outgoing("7d9f", AT, LETTER.address, text, text), SENDER).split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert all(octet < 128 for line in lines for octet in line)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtps://mail.example.kz", Server("mail.example.kz", 465, Tls.WHOLE)),
        ("smtp://mail.example.kz/", Server("mail.example.kz", 587, Tls.STARTTLS)),
        ("smtps://a%40b:c%2Fd@mail.example.kz:26", Server("mail.example.kz", 26, Tls.WHOLE, "a@b", "c/d")),
        ("smtp://[::1]:25?tls=off", Server("::1", 25, Tls.OFF)),
        ("smtp://localhost:25?tls=off", Server("localhost", 25, Tls.OFF)),
    ],
)
def test_settings_are_read(url, server):
    assert Server.parse(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.kz:465",
        "https://mail.example.kz",
        "smtps://",
        "smtps://mail.example.kz:port",
        "smtps://mail.example.kz:99999",
        "smtp://mail.example.kz?tls=off",
        "smtps://127.0.0.1?tls=off",
        "smtp://mail.example.kz?verify=no",
        "smtps://user@mail.example.kz",
        "smtps://user:құпия@mail.example.kz",
        "smtps://mail.example.kz/inbox",
        "smtps://user:hunter2#hunter2@mail.example.kz",
        "smtps://user:hunter2/hunter2@mail.example.kz",
        "smtps://user:[hunter2@mail.example.kz",
        "smtps://user:465#hunter2@mail.example.kz",
    ],
)
def test_a_setting_that_is_wrong_or_unsafe_is_refused(url):
    with pytest.raises(WrongSettingError) as refused:
        Server.parse(url)
    assert "құпия" not in str(refused.value)
    assert "hunter2" not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize("sender", ["", "Aigaq", "Aigaq <aigaq>", "айғақ@example.kz", "a@b, c@d"])
def test_a_sender_is_an_address(sender):
    with pytest.raises(WrongSettingError):
        SmtpWay.of("smtps://mail.example.kz", sender, "")


def test_the_password_shows_nowhere():
    way = SmtpWay.of("smtps://user:s3cret@mail.example.kz", "aigaq@example.kz", "")
    assert "s3cret" not in repr(way)


def test_foreign_words_are_one_short_line():
    assert one_line("550 no\r\n such\tmailbox\x1b[31m.") == "550 no such mailbox [31m"
    assert len(one_line("x" * 9999)) == 300
