"""What a passkey signs, and checking it: at the desk, and later from the ledger alone."""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from aigaq.core.canonical import Json
from aigaq.passkeys.errors import NotSignedByPasskeyError
from aigaq.passkeys.site import Site

NAMES: Final = frozenset({"authenticator_data", "client_data_json", "credential_id", "signature"})
MAX_RESPONSE: Final = 16 * 1024
"""Characters of what a browser sends; ours have about 700."""
_WAIT: Final = 120_000
"""Milliseconds that the browser waits for the person, where it heeds that."""


def asked(site: Site, challenge: bytes, known: Iterable[tuple[str, Sequence[str]]]) -> str:
    """For ``navigator.credentials.get``, as JSON; `known` are those that may sign, with their transports."""
    return json.dumps(
        {
            "challenge": bytes_to_base64url(challenge),
            "rpId": site.rp_id,
            "allowCredentials": [
                {"type": "public-key", "id": credential_id, "transports": list(transports)}
                for credential_id, transports in known
            ],
            "userVerification": "required",
            "timeout": _WAIT,
        }
    )


@dataclass(frozen=True, slots=True)
class Assertion:
    """The octets that prove it, each in base64url without padding (section 5.2.2)."""

    credential_id: str
    authenticator_data: str
    client_data_json: str
    signature: str

    @classmethod
    def from_browser(cls, response: str) -> Self:
        """From ``PublicKeyCredential.toJSON()``. Raises `NotSignedByPasskeyError`."""
        if len(response) > MAX_RESPONSE:
            raise NotSignedByPasskeyError(reason="it is too long")
        try:
            given: Any = json.loads(response)
            inner = given["response"]
            found = [
                given["id"],
                inner["authenticatorData"],
                inner["clientDataJSON"],
                inner["signature"],
            ]
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise NotSignedByPasskeyError(reason="it is not a response of a passkey") from error
        return cls(*(_one_spelling(each) for each in found))

    @classmethod
    def from_document(cls, document: object) -> Self:
        """The inverse of `document`. Raises `NotSignedByPasskeyError`."""
        if not isinstance(document, Mapping) or document.keys() != NAMES:
            raise NotSignedByPasskeyError(reason="it has not the names of an assertion")
        return cls(**{name: _one_spelling(value) for name, value in document.items()})

    def document(self) -> dict[str, Json]:
        return {
            "credential_id": self.credential_id,
            "authenticator_data": self.authenticator_data,
            "client_data_json": self.client_data_json,
            "signature": self.signature,
        }


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An enrolled passkey, as its entry in the ledger has it."""

    credential_id: str
    cose: str
    """COSE_Key, base64url."""
    rp_id: str


def verify(assertion: Assertion, key: PublicKey, challenge: bytes, *, count: int = 0) -> int:
    """The authenticator's count after it signed `challenge`, the person having been verified by it.

    `count` is the one known so far. Raises `NotSignedByPasskeyError` for anything that is not this
    key's signature on this challenge with user verification, given on a page of its own site (section 7.2).
    """
    # Loaded for a signature alone: it takes as long as Django, and every command would wait for it.
    from webauthn import verify_authentication_response

    from aigaq.passkeys.reading import MALFORMED, check_announced, check_key, client_data, reason_of

    try:
        origin = client_data(base64url_to_bytes(assertion.client_data_json), "webauthn.get")["origin"]
        if assertion.credential_id != key.credential_id or not Site(key.rp_id, origin).takes(origin):
            raise NotSignedByPasskeyError(reason="it is another passkey's, or of another site")
        check_key(base64url_to_bytes(key.cose))
        check_announced(base64url_to_bytes(assertion.authenticator_data))
        verified = verify_authentication_response(
            credential={
                "id": assertion.credential_id,
                "rawId": assertion.credential_id,
                "type": "public-key",
                "response": {
                    "authenticatorData": assertion.authenticator_data,
                    "clientDataJSON": assertion.client_data_json,
                    "signature": assertion.signature,
                },
            },
            expected_challenge=challenge,
            expected_rp_id=key.rp_id,
            expected_origin=origin,
            credential_public_key=base64url_to_bytes(key.cose),
            credential_current_sign_count=count,
            require_user_verification=True,
        )
    except MALFORMED as error:
        raise NotSignedByPasskeyError(reason=reason_of(error)) from error
    return verified.new_sign_count


def bytes_to_base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode("ascii").rstrip("=")


def base64url_to_bytes(text: str) -> bytes:
    """As the library reads it, which takes more spellings than one."""
    return base64.urlsafe_b64decode(f"{text}===")


def _one_spelling(text: object) -> str:
    """Octets have one spelling, or an entry could be changed without changing what it says."""
    try:
        if isinstance(text, str) and bytes_to_base64url(base64url_to_bytes(text)) == text:
            return text
    except ValueError:
        pass
    raise NotSignedByPasskeyError(reason="its octets are not in base64url")
