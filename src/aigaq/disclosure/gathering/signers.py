"""Whose signatures the entries carry, with which keys; and by whose right things were done."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aigaq.disclosure.gathering.then import LedgerThen, named
from aigaq.package.proofs import passkey_pem
from aigaq.passkeys.assertion import base64url_to_bytes
from aigaq.tlog.entry import Entry


@dataclass(frozen=True, slots=True)
class Signers:
    entries: tuple[Entry, ...]
    """Who they are, and when their keys were enrolled and revoked."""
    keys: tuple[bytes, ...]
    """PEM, in the order in which they first signed."""
    paths: Mapping[str, str]
    """By credential id, where in the package its key lies."""


def signers_of(then: LedgerThen, entries: Iterable[Entry]) -> Signers:
    """`entries` in their order."""
    signatures = [each for entry in entries for each in _signatures(entry)]
    people = {each["signer"]["id"] for each in signatures}
    credentials = dict.fromkeys(
        each["assertion"]["credential_id"] for each in signatures if "assertion" in each
    )
    added = [each for each in then.of_kinds("registry.person-added") if named(each.body, "person") in people]
    about_keys = [
        each
        for each in then.of_kinds("account.passkey-enrolled", "account.passkey-revoked")
        if named(each.body, "credential_id") in credentials
    ]
    enrolled = {
        each.body["credential_id"]: str(each.body["public_key"])
        for each in about_keys
        if each.kind == "account.passkey-enrolled"
    }
    used = [each for each in credentials if each in enrolled]
    paths = {each: f"keys/{number}.pem" for number, each in enumerate(used, 1)}
    return Signers(
        (*added, *about_keys), tuple(passkey_pem(base64url_to_bytes(enrolled[each])) for each in used), paths
    )


def rights_of(then: LedgerThen, entries: Sequence[Entry]) -> list[Entry]:
    """The appointments under which these were entered, and those under which these appointments were made."""
    by_appointment: dict[str, list[Entry]] = {}
    for each in then.of_kinds("registry.appointed", "registry.relieved"):
        by_appointment.setdefault(named(each.body, "appointment") or "", []).append(each)
    found: dict[int, Entry] = {}
    waiting = [name for entry in entries for name in _appointments(entry)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for each in by_appointment.get(name, []):
            found[each.seq] = each
            waiting += _appointments(each)
    return [found[seq] for seq in sorted(found)]


def _appointments(entry: Entry) -> Iterator[str]:
    for name in ("appointment", "stands_in_for"):
        value = named(entry.right, name)
        if value is not None:
            yield value


def _signatures(entry: Entry) -> list[Any]:
    found: Any = entry.body.get("signatures", [])
    return found if isinstance(found, list) else []
