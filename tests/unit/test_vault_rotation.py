"""The vault's key is changed: no recording is touched, and the newest key opens everything."""

import io
from datetime import UTC, datetime

import pytest

from aigaq.vault.age import AgeNoMatchError, Identity
from aigaq.vault.backends.memory import MemoryBackend
from aigaq.vault.rotation import put_earlier, with_earlier
from aigaq.vault.store import Vault
from tests.support.vaults import IDENTITY, local_vault

FIRST, SECOND, THIRD = (Identity.generate() for _ in range(3))


@pytest.fixture
def changed():
    """A vault whose key was changed twice, with one recording under each key."""
    backend = MemoryBackend()
    vault = Vault.create(backend, FIRST.recipient, created_at=datetime(2026, 11, 20, tzinfo=UTC))
    stored = [vault.put(io.BytesIO(b"first"))]
    for earlier, newer in ((FIRST, SECOND), (SECOND, THIRD)):
        put_earlier(backend, earlier, newer.recipient)
        vault = Vault.at(backend, newer.recipient)
        stored.append(vault.put(io.BytesIO(str(newer.recipient).encode())))
    return vault, [each.content_digest for each in stored]


def reads(vault, content, identity):
    with vault.open(content, identity) as recording:
        return recording.read()


def test_the_newest_key_opens_what_was_stored_under_any(changed):
    vault, contents = changed
    assert [len(reads(vault, each, THIRD)) for each in contents] == [5, 62, 62]


def test_an_earlier_key_opens_what_was_stored_until_it_was_changed(changed):
    vault, contents = changed
    assert [len(reads(vault, each, SECOND)) for each in contents[:2]] == [5, 62]
    assert reads(vault, contents[0], FIRST) == b"first"
    for content, identity in ((contents[1], FIRST), (contents[2], SECOND)):
        with pytest.raises(AgeNoMatchError):
            reads(vault, content, identity)


def test_a_program_that_knows_only_the_earlier_recipient_goes_on(changed):
    vault, contents = changed
    behind = Vault.at(vault.backend, SECOND.recipient)
    later = behind.put(io.BytesIO(b"later")).content_digest
    assert reads(behind, contents[2], THIRD) == reads(vault, contents[2], THIRD)
    assert reads(vault, later, THIRD) == b"later"


def test_the_key_of_another_vault_opens_nothing(changed):
    vault, contents = changed
    stranger = Identity.generate()
    put_earlier(vault.backend, stranger, THIRD.recipient)
    with pytest.raises(AgeNoMatchError):
        reads(vault, contents[0], stranger)


def test_what_is_put_under_a_false_name_is_not_taken_for_an_earlier_key(changed):
    vault, _contents = changed
    put_earlier(vault.backend, FIRST, THIRD.recipient)
    (name,) = [each for each in vault.backend.papers if str(SECOND.recipient) in each]
    octets = vault.backend.papers.pop(name)
    vault.backend.papers[name.replace(str(SECOND.recipient), str(Identity.generate().recipient))] = octets
    found = with_earlier(vault.backend, [THIRD])
    assert {str(each.recipient) for each in found} == {str(THIRD.recipient), str(FIRST.recipient)}


def test_what_somebody_put_among_the_keys_closes_no_recording(tmp_path):
    vault = local_vault(tmp_path / "vault")
    put_earlier(vault.backend, IDENTITY, SECOND.recipient)
    stored = vault.put(io.BytesIO(b"first"))
    for number, stranger in enumerate((FIRST, THIRD)):
        place = tmp_path / "vault" / "keys" / f"{stranger.recipient}.{number:064}.age"
        place.mkdir() if number else place.symlink_to(tmp_path)
    vault = Vault.at(vault.backend, SECOND.recipient)
    assert reads(vault, stored.content_digest, SECOND) == b"first"
