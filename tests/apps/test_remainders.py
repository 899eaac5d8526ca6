"""What a disposal does not reach at once, what comes between its steps, and what comes again years later."""

import hashlib
from datetime import timedelta

import pytest

from aigaq.copies.models import Finding
from aigaq.incidents import services as incidents
from aigaq.incidents.models import Incident, Kind
from aigaq.ingest.services import unload
from aigaq.ledger.models import LedgerEntry
from aigaq.recordings import returns
from aigaq.recordings.models import Blob, RecordingFile
from aigaq.retention import acts, disposing, errors, plans, remainders
from aigaq.retention.models import DestroyedBlob, Disposed, Remainder, RemainderRemoved, RetentionTerm
from aigaq.tlog.entry import Entry
from aigaq.vault.backends.local import LocalBackend
from aigaq.web.incidents.words import sentence
from tests.support.cards import fill, in_vault, octets, take, takes
from tests.support.copies import Shelf, never
from tests.support.disposals import DUE, Keeper, LockedPlace, every_recording

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(office, tmp_path):
    """Two recordings of a card, and a copy of each."""
    shelf = Shelf(office, tmp_path)
    shelf.unload(2)
    assert shelf.copies() == 2
    return shelf


@pytest.fixture
def keeper(office, shelf):
    return Keeper(office, shelf.vault)


def attends(keeper, shelf, *, sound=True, names=("disk",)):
    copies = {name: each for name, each in shelf.places.copies.items() if name in names}
    return remainders.attend(keeper.office.ledger, shelf.places.vault, copies, lambda: sound, never)


def cut_off_before_the_end(keeper, plan, monkeypatch, **stores):
    """All is taken out, and the power fails before that is entered."""

    class PowerCut(BaseException):
        pass

    def dies(*_):
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(disposing, "_finish", dies)
        with pytest.raises(PowerCut):
            keeper.disposes(plan, **stores)


def test_what_goes_is_missed_nowhere_and_brought_back_by_no_copy_in_between(keeper, shelf, monkeypatch):
    plan = keeper.approved()
    cut_off_before_the_end(keeper, plan, monkeypatch)
    assert (shelf.files(), len(shelf.files("disk")), len(plans.going())) == ({}, 2, 2)
    shelf.scrubs()
    shelf.heals()
    shelf.copies()
    assert (shelf.files(), Finding.objects.count()) == ({}, 0)
    keeper.disposes(plan, copies=shelf.places.copies)
    assert (shelf.files("disk"), plans.going(), DestroyedBlob.objects.count()) == ({}, set(), 2)
    assert keeper.faults() == []


def test_what_is_on_its_way_to_a_copy_when_it_goes_does_not_arrive(keeper, shelf, monkeypatch):
    from aigaq.vault import copying

    plan = keeper.approved()
    shelf.names = ("disk", "late")
    copying.begin(shelf.vault.backend, shelf.disk("late"))
    real = LocalBackend.exclusive

    def goes_meanwhile(backend, content):
        monkeypatch.setattr(LocalBackend, "exclusive", real)
        keeper.disposes(plan, copies=shelf.places.copies)
        return real(backend, content)

    poured = copying._poured

    def pours(*given):
        monkeypatch.setattr(LocalBackend, "exclusive", goes_meanwhile)
        return poured(*given)

    monkeypatch.setattr(copying, "_poured", pours)
    assert shelf.copies() == 0
    assert shelf.files("late") == {}
    assert Disposed.objects.count() == 2


def test_a_card_that_gives_the_same_in_between_makes_nothing_be_called_gone_that_stands(
    keeper, shelf, monkeypatch
):
    plan = keeper.approved()
    real = disposing._finish

    def finishes(*given):
        unload(shelf.line, fill(shelf.folder / "again", takes(1)))
        return real(*given)

    with monkeypatch.context() as patch:
        patch.setattr(disposing, "_finish", finishes)
        with pytest.raises(errors.UnloadingError):
            keeper.disposes(plan)
    assert not Disposed.objects.exists()
    assert len(shelf.files()) == 1
    keeper.disposes(plan)
    assert (shelf.files(), DestroyedBlob.objects.count(), Blob.objects.count()) == ({}, 3, 3)
    assert keeper.faults() == []


def test_a_copy_in_a_drawer_lets_go_when_it_is_back(keeper, shelf):
    plan = keeper.approved()
    shelf.pulls_out("disk")
    assert keeper.disposes(plan, copies=shelf.places.copies).standing == {"disk": None}
    assert attends(keeper, shelf) == 0
    shelf.plugs_in("disk")
    assert len(shelf.files("disk")) == 2
    assert attends(keeper, shelf, sound=False) == 0, "not by rows that somebody changed"
    assert attends(keeper, shelf, names=()) == 0
    assert attends(keeper, shelf) == 1
    assert shelf.files("disk") == {}
    assert RemainderRemoved.objects.get().objects_removed == 2
    assert attends(keeper, shelf) == 0
    assert not remainders.remaining(plan).exists()
    assert keeper.faults() == []


def test_what_one_entry_has_no_room_for_is_told_by_several(keeper, shelf, monkeypatch):
    monkeypatch.setattr(disposing, "IN_ONE_ENTRY", 1)
    plan = keeper.approved()
    shelf.pulls_out("disk")
    result = keeper.disposes(plan, copies=shelf.places.copies)
    assert LedgerEntry.objects.filter(kind="retention.objects-destroyed").count() == 1
    assert len(acts.act_of(plan).files) == result.objects == DestroyedBlob.objects.count() == 2
    shelf.plugs_in("disk")
    assert attends(keeper, shelf) == 1
    assert shelf.files("disk") == {}
    assert keeper.faults() == []


def test_a_lock_is_waited_for(keeper, shelf, office):
    plan, until = keeper.approved(), DUE + timedelta(days=40)
    assert keeper.disposes(plan, copies={"disk": LockedPlace(until)}).standing == {"disk": until}
    assert Remainder.objects.get().until == until
    assert attends(keeper, shelf) == 0
    office.clock.instant = until
    assert attends(keeper, shelf) == 1
    assert shelf.files("disk") == {}


def again(shelf, keeper, name="again", **changes):
    """A card that was laid aside is unloaded when all it had is destroyed."""
    keeper.disposes(keeper.approved(), copies=shelf.places.copies)
    shelf.office.clock.instant += timedelta(days=30)
    unload(shelf.line, fill(shelf.folder / name, takes(2, **changes)))


def told():
    """Files that entries say came again."""
    entries = LedgerEntry.objects.filter(kind="recording.returned").values_list("entry", flat=True)
    return {file["file"] for each in entries for file in Entry.parse(each.encode()).body["files"]}


def test_what_was_destroyed_and_comes_again_is_kept_anew_and_said_to_be(keeper, shelf, office):
    before = set(RecordingFile.objects.values_list("pk", flat=True))
    again(shelf, keeper)
    new = list(RecordingFile.objects.exclude(pk__in=before))
    assert len(new) == 2
    assert not Disposed.objects.filter(recording__files__in=new).exists()
    assert in_vault(shelf.vault, octets(1))
    assert told() == {str(each.pk) for each in new}
    (old,) = returns.destroyed_before(new[0])
    assert (old.pk in before, returns.came_again(old)) == (True, [new[0]])
    keeper.follows()
    last = RetentionTerm.objects.order_by("-number", "-seq").filter(recording=new[0].recording).first()
    assert last.kept_until.year == office.clock.now().year + 3
    incidents.catch_up(office.ledger)
    (incident,) = Incident.objects.filter(kind=Kind.DESTROYED_RETURNED)
    assert Disposed.objects.first().act in sentence(incident)
    assert keeper.faults() == []


def test_the_same_card_once_more_is_known_and_its_second_life_ends_as_the_first(keeper, shelf, office):
    again(shelf, keeper)
    count = RecordingFile.objects.count()
    unload(shelf.line, fill(shelf.folder / "again", takes(2)))
    assert RecordingFile.objects.count() == count
    keeper.follows()
    new = [pk for pk in every_recording() if not Disposed.objects.filter(recording=pk).exists()]
    keeper.waits(office.clock.now() + timedelta(days=4 * 366))
    plan = keeper.proposes(new)
    keeper.approves(plan)
    office.clock.instant += timedelta(days=1)
    assert keeper.disposes(plan, copies=shelf.places.copies).recordings == 2
    assert shelf.files() == {}
    unload(shelf.line, fill(shelf.folder / "again", takes(2)))
    assert RecordingFile.objects.count() == count + 2
    assert len(told()) == 4
    assert keeper.faults() == []


def test_on_another_card_it_is_told_too(keeper, shelf):
    again(shelf, keeper, recorder="БТ-0009")
    assert len(told()) == 2
    assert returns.came_again(RecordingFile.objects.order_by("recording__ingested_at").first())


def test_what_came_again_in_a_copy_outlives_what_is_left_of_the_first(keeper, shelf):
    """The copy was away when the first went; when it is back it has both."""
    plan = keeper.approved()
    shelf.pulls_out("disk")
    keeper.disposes(plan, copies=shelf.places.copies)
    shelf.plugs_in("disk")
    shelf.office.clock.instant += timedelta(days=30)
    unload(shelf.line, fill(shelf.folder / "again", {take(1, second=1): octets(1)}))
    shelf.copies()
    assert len(shelf.files("disk")) == 3
    assert attends(keeper, shelf) == 1
    assert shelf.files("disk") == shelf.files()
    digest = hashlib.sha256(octets(1)).hexdigest()
    assert [digest in path for path in shelf.files("disk")] == [True]
