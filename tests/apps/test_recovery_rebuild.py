"""A database lost, and made anew from the vault alone: the same ledger, the same rows, to the last octet."""

import pytest
from django.apps import apps
from django.db.models import Model
from django.test import TransactionTestCase

from aigaq.journal import evidence
from aigaq.ledger import checks, comparison
from aigaq.ledger.models import Checkpoint, LedgerEntry
from aigaq.ledger.tables import spelt_json
from aigaq.recovery import rows
from aigaq.recovery.copying import Copier
from aigaq.recovery.rebuild import looked_over, rebuild
from aigaq.recovery.shelf import LedgerCopy, by_password
from aigaq.recovery.statements import CARRIED, KEPT, NOT_KEPT, SIGHTINGS, STATEMENTS, WHOLE
from aigaq.review.draws import Draws
from aigaq.tlog.checkpoint import VerifierKey
from tests.apps.test_ledger_rows import RULE, told_by
from tests.support.office import give_the_key, vault_password_of
from tests.support.vaults import IDENTITY, again

pytestmark = pytest.mark.django_db(transaction=True)

APPS = (
    "ledger",
    "accounts",
    "access",
    "registry",
    "journal",
    "recordings",
    "incidents",
    "review",
    "docks",
    "retention",
    "disclosure",
    "ingest",
)


@pytest.fixture
def told(office, tmp_path, monkeypatch):
    """An office with one of everything, whose ledger is copied into its vault."""
    for person in (office.head, office.custodian):
        give_the_key(person, IDENTITY)
    told_by(office, tmp_path, monkeypatch)
    copier(office, tmp_path).write()
    return office


def copier(office, folder):
    vault = again(folder / "vault")
    return Copier(office.ledger, vault.backend, vault=vault.id, recipient=vault.recipient)


def lose_the_database():
    """As the migrations left it."""
    TransactionTestCase._fixture_teardown(None)


def rows_of(model: type[Model]) -> list[dict[str, object]]:
    return list(model._default_manager.order_by("pk").values())


def everything() -> dict[str, list[dict[str, object]]]:
    return {
        model._meta.label_lower: rows_of(model)
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if model not in NOT_KEPT
    }


def test_every_table_comes_back_or_says_why_not():
    ours = {
        model for app in apps.get_app_configs() if app.name.startswith("aigaq.") for model in app.get_models()
    }
    carried = {table.model for table in CARRIED.values()}
    kept = {each.table.model for each in KEPT} | {SIGHTINGS.model} | {table.model for table in WHOLE}
    assert not carried & kept
    assert not (carried | kept) & set(NOT_KEPT)
    assert carried | kept | set(NOT_KEPT) == ours


@pytest.mark.parametrize("together", [rows.AT_ONCE, 1])
def test_a_lost_database_comes_back_from_the_vault_as_it_was(told, tmp_path, monkeypatch, together):
    """Also where rows are written after each entry: a thousand recordings come to the limit amid one."""
    monkeypatch.setattr(rows, "AT_ONCE", together)
    before, notes = everything(), list(Checkpoint.objects.order_by("size").values_list("size", "note"))
    entries = list(LedgerEntry.objects.order_by("seq").values_list("seq", "entry"))
    vault = again(tmp_path / "vault")
    copy, key = LedgerCopy(vault.backend), VerifierKey.of(told.ledger.signer)
    identity, _reader = by_password(copy.wraps(), vault_password_of("aigerim"), IDENTITY.__eq__)
    lose_the_database()
    assert rebuild(copy, [identity], key) == (0, len(entries))
    assert list(LedgerEntry.objects.order_by("seq").values_list("seq", "entry")) == entries
    assert list(Checkpoint.objects.order_by("size").values_list("size", "note")) == notes
    is_sound(key)
    after = everything()
    seen = looked_over(vault, 0, len(entries))
    for label, stood in before.items():
        assert spared(after[label]) == spared(stood), label
    assert (seen.recordings, seen.missing) == (len(before["recordings.recording"]), ())


def is_sound(key):
    assert not checks.verify(key).faults
    assert list(comparison.compare(STATEMENTS, also=[evidence.Reader().check, Draws(RULE).check])) == []


def spared(rows):
    """Without what no row refers to, and what is not kept."""
    spare = {"password", "last_login", "blob_id", "still_id", "document_id", "selection_id"}
    if rows and isinstance(rows[0].get("id"), int) and "order_number" not in rows[0]:
        spare.add("id")
    return sorted(
        repr({name: spelt(value) for name, value in row.items() if name not in spare}) for row in rows
    )


def spelt(value):
    return spelt_json(value) if isinstance(value, dict | list) else value
