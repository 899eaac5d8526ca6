"""What a passkey gave, read as hostile: only its own signature on this challenge, verified, on our page, passes."""

import json
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st
from webauthn import base64url_to_bytes

from aigaq.passkeys.assertion import MAX_RESPONSE, Assertion, PublicKey, asked, verify
from aigaq.passkeys.enrolment import enrolled, options
from aigaq.passkeys.errors import EnrolmentError, NoSiteError, NotSignedByPasskeyError
from aigaq.passkeys.site import Site
from tests.support.authenticator import BE, BS, KINDS, ORIGIN, SITE, UP, UV, Authenticator, spelt

CHALLENGE = sha256("құжат".encode()).digest()
HERE = Site.of(ORIGIN)


def key_of(authenticator, **changes):
    return replace(PublicKey(authenticator.id, spelt(authenticator.cose), SITE), **changes)


def given_by(authenticator, challenge=CHALLENGE, **wrong):
    return Assertion.from_browser(authenticator.signed(challenge, **wrong))


def refused(assertion, key, *, challenge=CHALLENGE, count=0):
    with pytest.raises(NotSignedByPasskeyError) as caught:
        verify(assertion, key, challenge, count=count)
    return caught.value.details["reason"]


def asked_to_make(challenge=CHALLENGE, known=()):
    return options(HERE, user_id=b"1", name="yerlan", full_name="Ерлан", challenge=challenge, known=known)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_passkey_signed_holds_and_moves_its_count(kind):
    passkey = Authenticator(kind)
    assert verify(given_by(passkey), key_of(passkey), CHALLENGE) == 1
    assert verify(given_by(passkey), key_of(passkey), CHALLENGE, count=1) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_it_holds_years_later_from_what_was_kept_of_it(kind):
    passkey = Authenticator(kind)
    kept = json.loads(json.dumps(given_by(passkey).document()))
    assert verify(Assertion.from_document(kept), key_of(passkey), CHALLENGE) == 1


def test_one_that_does_not_count_stays_at_nought():
    phone = Authenticator(counts=False, flags=UP | UV | BE | BS)
    for _time in range(2):
        assert verify(given_by(phone), key_of(phone), CHALLENGE, count=0) == 0


def test_the_browser_is_asked_for_these_keys_alone_and_for_the_person():
    passkey = Authenticator()
    ask = json.loads(asked(HERE, CHALLENGE, [(passkey.id, ["usb"])]))
    assert (ask["rpId"], ask["userVerification"]) == (SITE, "required")
    assert base64url_to_bytes(ask["challenge"]) == CHALLENGE
    assert ask["allowCredentials"] == [{"type": "public-key", "id": passkey.id, "transports": ["usb"]}]
    assert verify(Assertion.from_browser(passkey.get(json.dumps(ask))), key_of(passkey), CHALLENGE) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"flags": UP},
        {"flags": UV},
        {"flags": 0},
        {"flags": UP | UV | BS},
        {"rp_id_signed": "aigaq.example.evil.example"},
        {"client": {"type": "webauthn.create"}},
        {"client": {"type": "payment.get"}},
        {"client": {"challenge": spelt(sha256(b"another").digest())}},
        {"client": {"challenge": 7}},
        {"client": {"crossOrigin": True}},
        {"client": {"crossOrigin": "false"}},
        {"client": {"crossOrigin": 0}},
        {"client": {"topOrigin": "https://evil.example"}},
        {"client": {"tokenBinding": {"status": "made-up"}}, "flags": UP},
        {"client": {"origin": None}},
        {"after_client": b" {}"},
    ],
)
def test_one_thing_wrong_and_it_is_no_signature(wrong):
    passkey = Authenticator()
    assert refused(given_by(passkey, **wrong), key_of(passkey))


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "https://aigaq.example.evil.example",
        "https://evil-aigaq.example",
        "https://sub.aigaq.example",
        "http://aigaq.example",
        "https://x@aigaq.example",
        "https://aigaq.example/path",
        "https://aigaq.example:port",
        "https://AIGAQ.example",
        "android:apk-key-hash:abc",
        "https://[",
        "",
    ],
)
def test_a_page_of_another_origin_signs_nothing_here(origin):
    passkey = Authenticator()
    assert refused(given_by(passkey, origin=origin), key_of(passkey))


def test_any_port_of_its_own_host_and_localhost_without_tls_are_its_site():
    passkey = Authenticator()
    assert verify(given_by(passkey, origin="https://aigaq.example:8443"), key_of(passkey), CHALLENGE)
    at_home = given_by(passkey, rp_id="localhost", origin="http://localhost:8000")
    assert verify(at_home, key_of(passkey, rp_id="localhost"), CHALLENGE)


def test_a_signature_on_another_entry_is_refused():
    passkey = Authenticator()
    assert refused(given_by(passkey), key_of(passkey), challenge=sha256(b"another").digest())


def test_another_key_s_signature_is_refused_though_it_takes_the_name():
    passkey, thief = Authenticator(), Authenticator()
    thief.credential_id = passkey.credential_id
    assert refused(given_by(thief), key_of(passkey))
    assert refused(given_by(Authenticator()), key_of(passkey))


@pytest.mark.parametrize("known", [1, 2, 2**32 - 1])
def test_a_count_that_does_not_rise_tells_of_a_copy(known):
    passkey = Authenticator()
    assert refused(given_by(passkey), key_of(passkey), count=known)


def test_a_key_of_another_algorithm_than_its_kind_is_not_taken():
    passkey = Authenticator()
    usual = passkey.cose_map
    for change in (
        {3: -257},
        {3: -8},
        {3: -65535},
        {3: -47},
        {1: 3},
        {1: 1},
        {1: 0},
        {-1: 2},
        {-2: usual[-3]},
        {-2: b""},
        {-2: usual[-2] + b"\0"},
        {-2: 7},
        {-2: "x" * 32},
        {-3: None},
    ):
        cose = spelt(cbor2.dumps(usual | change))
        assert refused(given_by(passkey), key_of(passkey, cose=cose)), change
    for name in usual:
        cose = spelt(cbor2.dumps({each: value for each, value in usual.items() if each != name}))
        assert refused(given_by(passkey), key_of(passkey, cose=cose)), name


def test_a_key_that_could_be_forged_or_is_no_key_is_not_taken():
    passkey = Authenticator("RS256")
    usual = passkey.cose_map
    weak = Authenticator("RS256")
    weak.key = rsa.generate_private_key(65537, 1024)
    weak_map = usual | {-1: weak.key.public_key().public_numbers().n.to_bytes(128, "big")}
    assert refused(given_by(weak), key_of(weak, cose=spelt(cbor2.dumps(weak_map))))
    for change in ({-2: b"\x03"}, {-2: b"\x01"}, {-2: b""}, {-1: b""}, {3: -37}, {3: -65535}):
        assert refused(given_by(passkey), key_of(passkey, cose=spelt(cbor2.dumps(usual | change)))), change


def test_a_point_without_its_algorithm_is_no_key():
    passkey = Authenticator()
    numbers = passkey.key.public_key().public_numbers()
    point = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    assert refused(given_by(passkey), key_of(passkey, cose=spelt(point)))


@pytest.mark.parametrize("cose", ["", "AA", "gA", "oA", "_w", "not base64!", "9" * 4000, "m" * 4000])
def test_what_is_no_key_at_all_is_told_so(cose):
    passkey = Authenticator()
    assert refused(given_by(passkey), key_of(passkey, cose=cose))


def test_a_name_that_stands_twice_is_refused_whichever_a_reader_takes():
    passkey = Authenticator()
    challenge = spelt(CHALLENGE)
    for twice in (
        f'{{"type":"webauthn.get","challenge":"x","challenge":"{challenge}","origin":"{ORIGIN}"}}',
        f'{{"type":"webauthn.get","challenge":"{challenge}","origin":"x","origin":"{ORIGIN}"}}',
    ):
        assert refused(by_hand(passkey, twice.encode()), key_of(passkey))


@pytest.mark.parametrize(
    "client", [b"", b"null", b"[]", b"7", b'"webauthn.get"', b"\xff\xfe", b"[" * 9000, b'{"a":' * 2000]
)
def test_a_statement_of_the_browser_that_is_none_is_refused(client):
    passkey = Authenticator()
    assert refused(by_hand(passkey, client), key_of(passkey))


def by_hand(passkey, client, data=None):
    """Signed by the right key, over whatever is given."""
    data = data or sha256(SITE.encode()).digest() + bytes([UP | UV]) + b"\0\0\0\1"
    signature = passkey.sign(data + sha256(client).digest())
    return Assertion(passkey.id, spelt(data), spelt(client), spelt(signature))


def usual_client():
    said = {"type": "webauthn.get", "challenge": spelt(CHALLENGE), "origin": ORIGIN}
    return json.dumps(said).encode()


@pytest.mark.parametrize(
    "more",
    [b"x", b"\xa0", b"\xff" * 40, b"\x9f" * 500, b"\x81" * 5000, b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff"],
)
@pytest.mark.parametrize("flags", [0, 0x40, 0x80, 0xC0])
def test_data_of_the_authenticator_with_more_behind_it_is_refused(flags, more):
    passkey = Authenticator()
    data = sha256(SITE.encode()).digest() + bytes([UP | UV | flags]) + b"\0\0\0\1" + more
    if flags == 0x80 and more == b"\xa0":
        assert verify(by_hand(passkey, usual_client(), data), key_of(passkey), CHALLENGE) == 1
    else:
        assert refused(by_hand(passkey, usual_client(), data), key_of(passkey))


@pytest.mark.parametrize(
    "more",
    [
        b'"n":9007199254740992',
        b'"n":-99999999999999999999',
        b'"n":NaN',
        b'"n":-Infinity',
        b'"n":' + b"[" * 40 + b"]" * 40,
    ],
)
def test_a_statement_that_not_every_reader_takes_is_taken_by_none(more):
    """Else whoever signs could make a package that the office takes for sound, and the court's checker not."""
    passkey = Authenticator()
    assertion = by_hand(passkey, usual_client()[:-1] + b"," + more + b"}")
    assert refused(assertion, key_of(passkey))


@pytest.mark.parametrize(
    "more",
    [
        b"\xa1\x61x\xfb" + b"\0" * 8,  # 1.5 and the like
        b"\xa1\x61x\xf9\x3e\x00",
        b"\xa1\x61x\xc0\x00",  # with a tag
        b"\xa1\x61x\x5f\x41a\xff",  # of no definite length
        b"\xa1\x61x\x1b\0\0\0\1\0\0\0\0",  # in eight octets
        b"\xa1\x41x\x00",  # named by octets
        b"\xa1\x61\xff\x00",  # named by what is no text
        b"\xa1\x61x" + b"\x81" * 4 + b"\x00",
        b"\xa1\x61x\xf7",
    ],
)
def test_extensions_and_keys_that_not_every_reader_takes_are_taken_by_none(more):
    passkey = Authenticator()
    data = sha256(SITE.encode()).digest() + bytes([UP | UV | 0x80]) + b"\0\0\0\1" + more
    assert refused(by_hand(passkey, usual_client(), data), key_of(passkey))
    # The same beside what a key must have: whatever its owner signed with it would not hold elsewhere.
    cose = bytes([passkey.cose[0] + 1]) + passkey.cose[1:] + more[1:]
    assert refused(given_by(passkey), key_of(passkey, cose=spelt(cose)))
    with pytest.raises(EnrolmentError):
        enrolled(HERE, CHALLENGE, passkey.create(asked_to_make(), cose=cose))


def test_extensions_as_authenticators_give_them_are_taken():
    passkey = Authenticator()
    more = cbor2.dumps({"hmac-secret": b"\1" * 32, "uvm": [[2, 4, 2]], "appid": False})
    data = sha256(SITE.encode()).digest() + bytes([UP | UV | 0x80]) + b"\0\0\0\1" + more
    assert verify(by_hand(passkey, usual_client(), data), key_of(passkey), CHALLENGE) == 1


@pytest.mark.parametrize("point", [0, 1, 2**255 - 20, 2**255 - 18, 2**255 - 1])
@pytest.mark.parametrize("sign", [0, 1 << 255])
def test_a_key_of_edwards_curve_that_is_no_point_of_its_own_is_not_taken(point, sign):
    passkey = Authenticator("EdDSA")
    key = (point | sign).to_bytes(32, "little")
    with pytest.raises(EnrolmentError):
        enrolled(
            HERE, CHALLENGE, passkey.create(asked_to_make(), cose=cbor2.dumps(passkey.cose_map | {-2: key}))
        )


@pytest.mark.parametrize("length", range(0, 37, 4))
def test_data_that_is_cut_off_is_refused(length):
    passkey = Authenticator()
    data = (sha256(SITE.encode()).digest() + bytes([UP | UV]) + b"\0\0\0\1")[:length]
    assertion = replace(by_hand(passkey, usual_client()), authenticator_data=spelt(data))
    assert refused(assertion, key_of(passkey))


PASSKEYS = {kind: Authenticator(kind) for kind in KINDS}
SIGNED = {kind: given_by(passkey) for kind, passkey in PASSKEYS.items()}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["authenticator_data", "client_data_json", "signature"])
def test_every_octet_of_it_is_signed(kind, name):
    octets = base64url_to_bytes(getattr(SIGNED[kind], name))
    for place in range(len(octets)):
        for bit in (0x01, 0x80):
            other = bytearray(octets)
            other[place] ^= bit
            assert refused(replace(SIGNED[kind], **{name: spelt(bytes(other))}), key_of(PASSKEYS[kind]))


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(["authenticator_data", "client_data_json", "signature", "credential_id"]),
    octets=st.binary(max_size=120),
    kind=st.sampled_from(KINDS),
)
def test_other_octets_in_its_place_are_refused(name, octets, kind):
    changed = replace(SIGNED[kind], **{name: spelt(octets)})
    if changed != SIGNED[kind]:
        refused(changed, key_of(PASSKEYS[kind]))


@settings(max_examples=300, deadline=None)
@given(octets=st.binary(max_size=120), kind=st.sampled_from(KINDS))
def test_other_octets_in_place_of_the_key_are_refused(octets, kind):
    refused(SIGNED[kind], key_of(PASSKEYS[kind], cose=spelt(octets)))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = [
    "id",
    "rawId",
    "type",
    "response",
    "clientDataJSON",
    "authenticatorData",
    "signature",
    "attestationObject",
]


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(NAMES), value=json_values)
def test_any_json_in_the_place_of_a_part_is_refused_and_breaks_nothing(name, value):
    passkey = Authenticator()
    response = json.loads(passkey.signed(CHALLENGE))
    made = json.loads(passkey.create(asked_to_make()))
    for each in (response, made):
        (each if name in each else each["response"])[name] = value
    try:
        assertion = Assertion.from_browser(json.dumps(response))
        verify(assertion, key_of(passkey), CHALLENGE)
    except NotSignedByPasskeyError:
        pass
    else:
        assert name in {"rawId", "type", "attestationObject"}, "what is not kept is not looked at"
    if name not in {"authenticatorData", "signature"}:
        with pytest.raises(EnrolmentError):
            enrolled(HERE, CHALLENGE, json.dumps(made))


@pytest.mark.parametrize(
    "response",
    [
        "",
        "{}",
        "[]",
        "null",
        "7",
        '"x"',
        "{",
        '{"id":"x","response":null}',
        '{"id":"x","response":"clientDataJSON"}',
        "[" * 15000,
        "9" * 15000,
        '{"id":' * 2000,
        "x" * (MAX_RESPONSE + 1),
        '{"id":"\\ud800","response":{"authenticatorData":"","clientDataJSON":"","signature":""}}',
    ],
)
def test_what_is_no_response_is_refused(response):
    with pytest.raises(NotSignedByPasskeyError):
        Assertion.from_browser(response)
    with pytest.raises(EnrolmentError):
        enrolled(HERE, CHALLENGE, response)


@pytest.mark.parametrize(
    "spelling", ["AA==", "AA\n", " AA", "A A", "AB", "A", "Ж", "A+/A", "AA.AA", None, 7, []]
)
def test_octets_have_one_spelling(spelling):
    document = SIGNED["ES256"].document() | {"signature": spelling}
    with pytest.raises(NotSignedByPasskeyError):
        Assertion.from_document(document)


@pytest.mark.parametrize(
    "document", [None, [], {}, "x", {"signature": "AA"}, SIGNED["ES256"].document() | {"more": "AA"}]
)
def test_what_is_kept_has_exactly_its_names(document):
    with pytest.raises(NotSignedByPasskeyError):
        Assertion.from_document(document)


@pytest.mark.parametrize("kind", KINDS)
def test_a_passkey_is_enrolled_and_signs(kind):
    passkey = Authenticator(kind)
    made = enrolled(HERE, CHALLENGE, passkey.create(asked_to_make()))
    assert (made.credential_id, made.transports, made.sign_count) == (passkey.id, ("nfc", "usb"), 0)
    key = PublicKey(made.credential_id, made.public_key, SITE)
    assert verify(given_by(passkey), key, CHALLENGE) == 1


def test_the_browser_is_asked_to_make_one_for_the_person_that_asks_for_the_person():
    passkey = Authenticator()
    ask = json.loads(asked_to_make(known=[passkey.id]))
    assert ask["rp"]["id"] == SITE
    assert (ask["user"]["name"], ask["user"]["displayName"]) == ("yerlan", "Ерлан")
    assert ask["authenticatorSelection"]["userVerification"] == "required"
    assert [each["alg"] for each in ask["pubKeyCredParams"]] == [-7, -8, -257]
    assert [each["id"] for each in ask["excludeCredentials"]] == [passkey.id]
    assert ask.get("attestation", "none") == "none"


@pytest.mark.parametrize(
    "wrong",
    [
        {"flags": UP},
        {"flags": UV},
        {"rp_id": "evil.example"},
        {"origin": "https://evil.example"},
        {"origin": "https://aigaq.example:8443"},
        {"client": {"type": "webauthn.get"}},
        {"client": {"challenge": spelt(sha256(b"another").digest())}},
        {"client": {"crossOrigin": True}},
        {"client": {"topOrigin": "https://evil.example"}},
        {"cose": b"\xa0"},
        {"cose": b"\xff"},
        {"cose": b""},
        {"cose": b"\x9f" * 900},
    ],
)
def test_one_thing_wrong_and_nothing_is_enrolled(wrong):
    passkey = Authenticator()
    with pytest.raises(EnrolmentError):
        enrolled(HERE, CHALLENGE, passkey.create(asked_to_make(), **wrong))


def test_a_weak_or_foreign_key_is_not_enrolled():
    weak = Authenticator("RS256")
    n = rsa.generate_private_key(65537, 1024).public_key().public_numbers().n.to_bytes(128, "big")
    p384 = ec.generate_private_key(ec.SECP384R1()).public_key().public_numbers()
    for cose in (
        weak.cose_map | {-1: n},
        weak.cose_map | {3: -37},
        {1: 2, 3: -7, -1: 2, -2: p384.x.to_bytes(48, "big"), -3: p384.y.to_bytes(48, "big")},
        {1: 2, 3: -35, -1: 2, -2: p384.x.to_bytes(48, "big"), -3: p384.y.to_bytes(48, "big")},
    ):
        with pytest.raises(EnrolmentError):
            enrolled(HERE, CHALLENGE, weak.create(asked_to_make(), cose=cbor2.dumps(cose)))


def test_a_credential_id_has_at_most_1023_octets():
    long, longer = (Authenticator(credential_id=b"x" * length) for length in (1023, 1024))
    assert enrolled(HERE, CHALLENGE, long.create(asked_to_make()))
    with pytest.raises(EnrolmentError):
        enrolled(HERE, CHALLENGE, longer.create(asked_to_make()))


@settings(max_examples=200, deadline=None)
@given(place=st.integers(min_value=0, max_value=10_000), octet=st.integers(0, 255))
def test_any_octet_of_an_attestation_may_be_another_and_nothing_breaks(place, octet):
    passkey = PASSKEYS["ES256"]
    made = json.loads(passkey.create(asked_to_make()))
    octets = bytearray(base64url_to_bytes(made["response"]["attestationObject"]))
    octets[place % len(octets)] = octet
    made["response"]["attestationObject"] = spelt(bytes(octets))
    with suppress(EnrolmentError):
        enrolled(HERE, CHALLENGE, json.dumps(made))


@pytest.mark.parametrize(
    ("origin", "rp_id", "spelling"),
    [
        ("https://aigaq.example", "aigaq.example", "https://aigaq.example"),
        ("https://aigaq.example:443", "aigaq.example", "https://aigaq.example"),
        ("https://AIGAQ.example:8443", "aigaq.example", "https://aigaq.example:8443"),
        ("http://localhost:8000", "localhost", "http://localhost:8000"),
        ("http://localhost:80", "localhost", "http://localhost"),
    ],
)
def test_a_site_is_spelt_as_browsers_spell_it(origin, rp_id, spelling):
    site = Site.of(origin)
    assert (site.rp_id, site.origin, site.takes(site.origin)) == (rp_id, spelling, True)


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:8000", "https://[::1]", "https://10.1.2.3", "", "https://"]
)
def test_a_number_is_nobody_s_site(origin):
    with pytest.raises(NoSiteError):
        Site.of(origin)
