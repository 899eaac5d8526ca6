"""Enrolment and sessions: `docs/formats/dock-api.md`."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from aigaq import wiring
from aigaq.api.endpoint import answer, endpoint, json_in, octets_in
from aigaq.api.errors import BadRequestBodyError
from aigaq.core.clock import rfc3339
from aigaq.docks import rules, services, sessions
from aigaq.tlog.checkpoint import VerifierKey
from aigaq.unloading.statements import EnrolmentStatement, SessionStatement

_CREATED: Final = 201


def _enrol(request: HttpRequest) -> HttpResponse:
    ledger, vault = wiring.ledger(), wiring.vault()
    dock = services.enrol(ledger, EnrolmentStatement.believe(octets_in(request)))
    return answer(
        {
            "dock": str(dock.pk),
            "name": dock.name,
            "division": {"id": str(dock.division_id), "name": dock.division.name},
            "installation": vault.id,
            "recipient": str(vault.recipient),
            "ledger_key": str(VerifierKey.of(ledger.signer)),
            "server_time": rfc3339(ledger.clock.now()),
        },
        status=_CREATED,
    )


def _challenge(request: HttpRequest) -> HttpResponse:
    given, now = json_in(request).get("dock"), wiring.clock().now()
    try:
        dock = UUID(str(given))
    except ValueError as error:
        raise BadRequestBodyError(reason="“dock” is no id of a dock") from error
    return answer(
        {
            "challenge": sessions.challenge(dock, now),
            "expires_at": rfc3339(now + rules.CHALLENGE_LIFE),
            "server_time": rfc3339(now),
        }
    )


def _open(request: HttpRequest) -> HttpResponse:
    ledger = wiring.ledger()
    statement, envelope = SessionStatement.read(octets_in(request))
    opened = sessions.open_session(ledger, statement, envelope, installation=wiring.vault().id)
    return answer(
        {
            "token": opened.token,
            "expires_at": rfc3339(opened.expires_at),
            "server_time": rfc3339(ledger.clock.now()),
            "clock_offset_ms": round(opened.clock.offset.total_seconds() * 1000),
            "is_clock_off": opened.clock.is_off,
        },
        status=_CREATED,
    )


enrol = endpoint(POST=_enrol)
challenge = endpoint(POST=_challenge)
open_session = endpoint(POST=_open)
