"""Enrolling a passkey: what the browser is asked for, and what is kept of its answer."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from webauthn import (
    base64url_to_bytes,
    generate_registration_options,
    options_to_json,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from aigaq.passkeys.errors import EnrolmentError
from aigaq.passkeys.reading import ALGORITHMS, MALFORMED, check_key, client_data, reason_of
from aigaq.passkeys.site import Site

MAX_RESPONSE: Final = 64 * 1024
"""Characters; an attestation with certificates has some 8,000."""
_TRANSPORTS: Final = frozenset({"ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"})
_MAX_ID: Final = 1023
"""Octets of a credential id (section 7.1)."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Octets in base64url without padding."""

    credential_id: str
    public_key: str
    """COSE_Key."""
    sign_count: int
    aaguid: str
    """Of the make of authenticator; all zeros where it does not say."""
    is_backed_up: bool
    transports: tuple[str, ...]


def options(
    site: Site, *, user_id: bytes, name: str, full_name: str, challenge: bytes, known: Iterable[str]
) -> str:
    """For ``navigator.credentials.create``, as JSON; `known` are the ids of those the person has already."""
    excluded = [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known]
    return options_to_json(
        generate_registration_options(
            rp_id=site.rp_id,
            rp_name="Aigaq",
            user_id=user_id,
            user_name=name,
            user_display_name=full_name,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            supported_pub_key_algs=list(ALGORITHMS),
            exclude_credentials=excluded,
        )
    )


def enrolled(site: Site, challenge: bytes, response: str) -> Enrolled:
    """What the browser's answer to `options` enrols. Raises `EnrolmentError`."""
    if len(response) > MAX_RESPONSE:
        raise EnrolmentError(reason="it is too long")
    try:
        given: Any = json.loads(response)
        client_data(base64url_to_bytes(given["response"]["clientDataJSON"]), "webauthn.create")
        verified = verify_registration_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
            supported_pub_key_algs=list(ALGORITHMS),
        )
        check_key(verified.credential_public_key)
        if not 0 < len(verified.credential_id) <= _MAX_ID:
            raise EnrolmentError(reason="its id is too long")
        named = given["response"].get("transports") or []
        return Enrolled(
            credential_id=bytes_to_base64url(verified.credential_id),
            public_key=bytes_to_base64url(verified.credential_public_key),
            sign_count=verified.sign_count,
            aaguid=verified.aaguid,
            is_backed_up=verified.credential_backed_up,
            transports=tuple(sorted({each for each in named if each in _TRANSPORTS})),
        )
    except MALFORMED as error:
        raise EnrolmentError(reason=reason_of(error)) from error
