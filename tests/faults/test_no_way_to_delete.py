"""Every way we could think of to delete a recording before its day, or to make its day come sooner.

Each row names what stops it, or what finds it. Add a row for whatever comes to mind next.
"""

import os
import stat
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.test import override_settings
from django.urls import get_resolver

from aigaq.cli.main import COMMANDS
from aigaq.core.digests import ContentDigest, StoredDigest
from aigaq.errors import AigaqError
from aigaq.ingest.services import unload
from aigaq.ledger.models import Checkpoint, LedgerEntry
from aigaq.recordings.models import Blob, Placement, Recording, RecordingFile
from aigaq.regulation.profile import MalformedProfileError
from aigaq.retention import errors, terms
from aigaq.retention.models import (
    ClockConfirmation,
    DestroyedBlob,
    DisposalPlan,
    Disposed,
    HeldRecording,
    Hold,
    HoldRelease,
    RetentionTerm,
)
from aigaq.retention.services import place_hold, release_hold
from aigaq.vault.backends.base import Backend
from aigaq.vault.backends.local import LocalBackend
from aigaq.vault.scrub import scrub
from aigaq.vault.store import Vault
from tests.support.cards import fill, pipeline, takes
from tests.support.disposals import DUE, PROFILE, Keeper, every_recording
from tests.support.duty import on_duty
from tests.support.forgery import triggers_dropped, unguarded
from tests.support.hashing import QUICKLY
from tests.support.office import open_office
from tests.support.vaults import blobs

pytestmark = pytest.mark.django_db

EARLY = datetime(2027, 6, 1, 4, 0, tzinfo=UTC)
IN_2035 = datetime(2035, 6, 1, 4, 0, tzinfo=UTC)


@dataclass
class Scene:
    """Two recordings of Almaty, half a year old, one of them held."""

    office: Any
    keeper: Keeper
    vault: Vault
    hold: Hold

    @property
    def files(self):
        return blobs(self.vault.backend.directory)

    @property
    def one(self):
        return every_recording()[0]

    def plan(self) -> DisposalPlan:
        """Of what is not held, approved when its day has come."""
        office = self.office
        self.keeper.waits()
        plan = self.keeper.proposes(every_recording()[1:])
        self.keeper.approves(plan)
        office.clock.instant += timedelta(days=1)
        return plan


@pytest.fixture
def office(db, clock):
    with override_settings(PASSWORD_HASHERS=QUICKLY):
        yield open_office(clock)


@pytest.fixture
def scene(office, tmp_path):
    duty, line = on_duty(office), pipeline(office, tmp_path / "vault")
    row = duty.issue()
    unload(line, fill(tmp_path / "card", takes(2)))
    duty.give_back(row)
    keeper = Keeper(office, line.vault)
    keeper.follows()
    hold = place_hold(
        office.ledger,
        office.by(office.head),
        division=office.division,
        recordings=every_recording()[:1],
        head=office.head,
        reason="Сот ісі",
    )
    return Scene(office, keeper, line.vault, hold)


def sql(*statements: str) -> Callable[[Scene], None]:
    """What whoever has the database's password types, with the guards in place."""

    def act(_scene: Scene) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    return act


def emptied(scene: Scene) -> None:
    """Each database has a way around DELETE."""
    is_postgresql = connection.vendor == "postgresql"
    table = "retention_retentionterm"
    sql(f"TRUNCATE {table}" if is_postgresql else f"REPLACE INTO {table} SELECT * FROM {table}")(scene)


def later(at: datetime, act: Callable[[Scene], object]) -> Callable[[Scene], object]:
    def moved(scene: Scene) -> object:
        scene.office.clock.instant = at
        return act(scene)

    return moved


def edited(plan: DisposalPlan, items: Any) -> None:
    with triggers_dropped() as cursor:
        cursor.execute("UPDATE retention_disposalplan SET items = %s WHERE number = %s", [items, plan.number])


def with_edited_plan(scene: Scene) -> None:
    plan = scene.plan()
    held = f'[["{scene.one}", "2029-11-20", "sha256:{"0" * 64}"]]'
    edited(plan, held)
    scene.keeper.disposes(plan, is_sound=lambda: True)


def with_edited_approval(scene: Scene) -> None:
    plan = scene.plan()
    with triggers_dropped() as cursor:
        cursor.execute("UPDATE retention_disposalapproval SET signed_digest = 'sha256:0'")
    scene.keeper.disposes(plan, is_sound=lambda: True)


def with_shorter_term(scene: Scene) -> None:
    """Rows only: the ledger disagrees, so nothing goes."""
    plan = scene.plan()
    with triggers_dropped() as cursor:
        cursor.execute("DELETE FROM retention_heldrecording")
    scene.keeper.disposes(plan)


def hold_released_by(who: str) -> Callable[[Scene], object]:
    def act(scene: Scene) -> object:
        person = getattr(scene.office, who)
        return release_hold(
            scene.office.ledger, scene.office.by(person), scene.hold, head=person, reason="Керек емес"
        )

    return act


def in_the_heads_name(scene: Scene) -> object:
    """The custodian's session, the head's name."""
    office = scene.office
    return release_hold(
        office.ledger, office.by(office.custodian), scene.hold, head=office.head, reason="Керек емес"
    )


def proposed_by(who: str) -> Callable[[Scene], object]:
    def act(scene: Scene) -> object:
        scene.keeper.waits()
        return scene.keeper.proposes(every_recording()[1:], getattr(scene.office, who))

    return act


def approved_by(who: str) -> Callable[[Scene], object]:
    def act(scene: Scene) -> object:
        scene.keeper.waits()
        plan = scene.keeper.proposes(every_recording()[1:])
        return scene.keeper.approves(plan, getattr(scene.office, who))

    return act


def carried_out_by(who: str) -> Callable[[Scene], object]:
    return lambda scene: scene.keeper.disposes(scene.plan(), getattr(scene.office, who))


def clock_set_ahead_and_something_written(scene: Scene) -> object:
    """Entries of 2035 do not make it 2035."""
    scene.office.clock.instant = IN_2035
    hold = Hold.objects.get()
    release_hold(
        scene.office.ledger, scene.office.by(scene.office.head), hold, head=scene.office.head, reason="x"
    )
    scene.office.clock.instant += timedelta(days=1)
    return scene.keeper.proposes()


def rule_of_one_year(scene: Scene) -> object:
    """The file was edited past the check at its reading: the term entered before stands."""
    controls = tuple(replace(each, retention_years=1) for each in PROFILE.controls)
    terms.catch_up(scene.office.ledger, replace(PROFILE, controls=controls))
    scene.office.clock.instant = datetime(2027, 12, 1, 4, 0, tzinfo=UTC)
    scene.keeper.confirms()
    from aigaq.retention.planning import propose

    office = scene.office
    return propose(
        office.ledger,
        office.by(office.custodian),
        division=office.division,
        custodian=office.custodian,
        recordings=every_recording()[1:],
        profile=replace(PROFILE, controls=controls),
    )


def rule_file_of_one_year(_scene: Scene) -> object:
    from importlib import resources

    from aigaq.regulation import profile

    text = resources.files("aigaq.regulation").joinpath("order_236.toml").read_text("utf-8")
    return profile.parse("order-236", text.replace("retention_years = 3", "retention_years = 1"))


def changed(row: Any, **values: Any) -> Any:
    for name, value in values.items():
        setattr(row, name, value)
    return row


def save(row: Any, **values: Any) -> None:
    changed(row, **values).save()


def both(scene: Scene) -> DisposalPlan:
    """Of what is not held."""
    return scene.keeper.proposes(every_recording()[1:])


def at_once(scene: Scene) -> object:
    scene.keeper.waits()
    plan = scene.keeper.proposes(every_recording()[1:])
    scene.keeper.approves(plan)
    return scene.keeper.disposes(plan)


def set_back(scene: Scene) -> object:
    plan = scene.plan()
    scene.office.clock.instant -= timedelta(days=2)
    with pytest.raises(errors.TooSoonError):
        scene.keeper.disposes(plan)
    return scene.keeper.proposes(every_recording()[1:])


REFUSED: dict[str, tuple[Callable[[Scene], object], type[Exception]]] = {
    # Through the models.
    "ORM: delete a recording": (lambda s: Recording.objects.get(pk=s.one).delete(), ProtectedError),
    "ORM: delete every recording": (lambda _s: Recording.objects.all().delete(), ProtectedError),
    "ORM: delete past the collector": (
        lambda _s: RetentionTerm.objects.all()._raw_delete("default"),
        DatabaseError,
    ),
    "ORM: delete a file": (
        lambda _s: RecordingFile.objects.first().delete(),
        (DatabaseError, ProtectedError),
    ),
    "ORM: delete a blob": (lambda _s: Blob.objects.first().delete(), ProtectedError),
    "ORM: delete a term": (lambda _s: RetentionTerm.objects.first().delete(), DatabaseError),
    "ORM: shorten a term": (
        lambda _s: RetentionTerm.objects.update(kept_until=date(2027, 1, 1)),
        DatabaseError,
    ),
    "ORM: save a shorter term": (
        lambda _s: save(RetentionTerm.objects.first(), kept_until=date(2027, 1, 1)),
        DatabaseError,
    ),
    "ORM: bulk update of terms": (
        lambda _s: RetentionTerm.objects.bulk_update(
            [changed(each, kept_until=date(2027, 1, 1)) for each in RetentionTerm.objects.all()],
            ["kept_until"],
        ),
        DatabaseError,
    ),
    "ORM: take in earlier": (
        lambda _s: Recording.objects.update(ingested_at=datetime(2020, 1, 1, tzinfo=UTC)),
        DatabaseError,
    ),
    "ORM: delete the hold": (lambda _s: HeldRecording.objects.all().delete(), DatabaseError),
    "ORM: let another recording be held": (
        lambda _s: HeldRecording.objects.update(recording=every_recording()[1]),
        DatabaseError,
    ),
    "ORM: untie from its row": (lambda _s: Placement.objects.all().delete(), DatabaseError),
    "ORM: another blob": (
        lambda _s: RecordingFile.objects.update(blob=Blob.objects.last()),
        DatabaseError,
    ),
    "ORM: delete entries of the ledger": (lambda _s: LedgerEntry.objects.all().delete(), DatabaseError),
    "ORM: delete checkpoints": (lambda _s: Checkpoint.objects.all().delete(), DatabaseError),
    # In SQL, with the guards in place.
    "SQL: DELETE a recording": (sql("DELETE FROM recordings_recording"), DatabaseError),
    "SQL: DELETE a file": (sql("DELETE FROM recordings_recordingfile"), DatabaseError),
    "SQL: DELETE a blob": (sql("DELETE FROM recordings_blob"), DatabaseError),
    "SQL: UPDATE of the day": (
        sql("UPDATE retention_retentionterm SET kept_until = '2027-01-01'"),
        DatabaseError,
    ),
    "SQL: UPDATE of a hold": (sql("UPDATE retention_hold SET placed_at = '2035-01-01'"), DatabaseError),
    "SQL: UPDATE of the digest": (
        sql("UPDATE recordings_blob SET content_digest = 'x'"),
        DatabaseError,
    ),
    "SQL: TRUNCATE, or REPLACE": (
        emptied,
        DatabaseError,
    ),
    "SQL: DELETE entries": (sql("DELETE FROM ledger_ledgerentry"), DatabaseError),
    # Through the services.
    "a plan before its day": (lambda s: (s.keeper.waits(EARLY), both(s)), errors.NotDueError),
    "a plan on the last day": (
        lambda s: (s.keeper.waits(DUE - timedelta(days=1)), both(s)),
        errors.NotDueError,
    ),
    "a plan of what is held": (
        lambda s: (s.keeper.waits(), s.keeper.proposes([s.one])),
        errors.NotDueError,
    ),
    "a plan of another division's": (proposed_by("sister_custodian"), errors.NotCustodianError),
    "a plan by an inspector": (proposed_by("inspector"), errors.NotCustodianError),
    "a plan by the administrator": (proposed_by("administrator"), errors.NotCustodianError),
    "a plan by the head alone": (proposed_by("head"), errors.NotCustodianError),
    "approval by the custodian": (approved_by("custodian"), errors.NotHeadError),
    "approval by another head": (approved_by("sister_head"), errors.NotHeadError),
    "approval by an inspector": (approved_by("inspector"), errors.NotHeadError),
    "carried out by an inspector": (carried_out_by("inspector"), errors.NotReaderError),
    "carried out by the administrator": (carried_out_by("administrator"), errors.NotReaderError),
    "carried out by another division": (carried_out_by("sister_head"), errors.NotReaderError),
    "carried out without approval": (
        lambda s: (s.keeper.waits(), s.keeper.disposes(s.keeper.proposes(every_recording()[1:]))),
        errors.NotApprovedError,
    ),
    "carried out at once": (
        at_once,
        errors.TooSoonError,
    ),
    "a plan edited after its approval": (with_edited_plan, errors.PlanChangedError),
    "an approval edited": (with_edited_approval, errors.PlanChangedError),
    "a hold deleted past its guards, then the plan": (with_shorter_term, errors.PlanChangedError),
    "hold released by the custodian": (hold_released_by("custodian"), errors.NotHeadError),
    "hold released by an inspector": (hold_released_by("inspector"), errors.NotHeadError),
    "hold released by another head": (hold_released_by("sister_head"), errors.NotHeadError),
    "hold released in the head's name": (in_the_heads_name, errors.NotHeadError),
    "clock set to 2035": (later(IN_2035, both), errors.ClockAheadError),
    "clock set to 2035, and something written": (
        clock_set_ahead_and_something_written,
        errors.ClockAheadError,
    ),
    "clock set back": (
        set_back,
        errors.ClockBehindError,
    ),
    "the custodian confirms 2035": (
        later(IN_2035, lambda s: s.keeper.confirms(s.office.custodian)),
        errors.NotHeadError,
    ),
    "the head confirms another day": (
        later(IN_2035, lambda s: s.keeper.confirms(day=date(2027, 6, 1))),
        errors.OtherDayError,
    ),
    "the rule is changed to one year": (rule_of_one_year, errors.NotDueError),
    "the rule's file is changed to one year": (rule_file_of_one_year, MalformedProfileError),
}


def unlink(path):
    path.unlink()


def truncated(path):
    path.chmod(0o600)
    os.truncate(path, 10)


def overwritten(path):
    path.chmod(0o600)
    path.write_bytes(b"x" * path.stat().st_size)


def replaced_by_a_link(path):
    kept = path.with_name("kept")
    path.rename(kept)
    path.symlink_to(kept)


def folder_replaced(path):
    folder = path.parent
    folder.rename(folder.with_name("zz-away"))
    folder.mkdir()


FOUND_BY_SCRUB: dict[str, Callable[[Any], object]] = {
    "file: unlink": unlink,
    "file: rename": lambda path: path.rename(path.with_name("x.age")),
    "file: truncate": truncated,
    "file: overwrite": overwritten,
    "file: a link in its place": replaced_by_a_link,
    "file: another folder in its place": folder_replaced,
    "file: swapped with the other": lambda path: os.replace(path, blobs(path.parents[3])[-1]),
}

_A_PLAN = (
    "INSERT INTO retention_disposalplan (id, division_id, number, items, by_id, proposed_at, seq) SELECT"
    " division_id, division_id, 1, '[]', by_id, placed_at, 9999 FROM retention_hold"
)
_A_TOMBSTONE = (
    "INSERT INTO retention_disposed (recording_id, plan_id, disposed_at, seq) SELECT r.id, p.id,"
    " p.proposed_at, 9999 FROM recordings_recording r, retention_disposalplan p"
)
FOUND_BY_VERIFY: dict[str, tuple[str, ...]] = {
    "guards dropped: DELETE a term": ("DELETE FROM retention_retentionterm",),
    "guards dropped: UPDATE the day": ("UPDATE retention_retentionterm SET kept_until = '2027-01-01'",),
    "guards dropped: DELETE a hold": ("DELETE FROM retention_heldrecording",),
    "guards dropped: UPDATE when it was taken in": (
        "UPDATE recordings_recording SET ingested_at = '2020-01-01 00:00:00'",
    ),
    "guards dropped: DELETE a file": ("DELETE FROM recordings_recordingfile",),
    "guards dropped: DELETE a blob": ("DELETE FROM recordings_blob",),
    "guards dropped: DELETE entries": ("DELETE FROM ledger_ledgerentry WHERE kind = 'retention.term-set'",),
    "guards dropped: a tombstone without an act": (
        _A_PLAN,
        _A_TOMBSTONE,
    ),
}


def is_ours(error):
    """Services have transactions of their own."""
    return isinstance(error, type) and issubclass(error, AigaqError)


@pytest.mark.parametrize("way", REFUSED)
def test_refused(scene, way):
    act, error = REFUSED[way]
    present = scene.files
    with pytest.raises(error), nullcontext() if is_ours(error) else transaction.atomic():
        act(scene)
    assert scene.files == present
    assert not Disposed.objects.exists()
    assert not DestroyedBlob.objects.exists()


@pytest.mark.parametrize("way", FOUND_BY_SCRUB)
def test_found_by_scrub(scene, way):
    """The service's own user can do it where the file system has no immutable flag, or root has lifted it."""
    FOUND_BY_SCRUB[way](scene.files[0])
    known = [
        (ContentDigest.parse(content), StoredDigest.parse(stored))
        for content, stored in Blob.objects.filter(destroyed=None).values_list(
            "content_digest", "stored_digest"
        )
    ]
    assert scrub(scene.vault, known).findings


@pytest.mark.parametrize("way", FOUND_BY_VERIFY)
def test_found_by_verify(scene, way):
    with unguarded() as cursor:
        for statement in FOUND_BY_VERIFY[way]:
            cursor.execute(statement)
        assert scene.keeper.faults()
    assert scene.files, "no octet is gone"


def test_a_blob_is_read_only_and_its_backend_has_no_way_to_remove_it(scene):
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o222 == 0 for path in scene.files)
    names = {
        name for kind in (Backend, LocalBackend, Vault) for name in dir(kind) if not name.startswith("_")
    }
    assert not [
        name for name in names if any(word in name for word in ("delete", "remove", "dispose", "unlink"))
    ]
    name = scene.vault.find(ContentDigest.parse(Blob.objects.first().content_digest))[0]
    with scene.vault.backend.draft() as draft:
        draft.settle()
        with pytest.raises(AigaqError):
            draft.commit(name)


def test_no_page_no_interface_and_no_command_has_a_word_for_it():
    words = ("delete", "destroy", "purge", "erase")
    assert not [address for address in addresses() if any(word in address for word in words)]
    assert not [name for name in COMMANDS if any(word in name for word in words)]
    disposing = [address for address in addresses() if "dispos" in address or "carry-out" in address]
    assert all(address.startswith("keeping/") for address in disposing)


def addresses(patterns=None, before=""):
    for each in patterns if patterns is not None else get_resolver().url_patterns:
        address = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from addresses(each.url_patterns, address)
        else:
            yield address


def test_there_are_fifty_of_them():
    assert len(REFUSED) + len(FOUND_BY_SCRUB) + len(FOUND_BY_VERIFY) >= 50
    assert not ClockConfirmation.objects.exists()
    assert not HoldRelease.objects.exists()
