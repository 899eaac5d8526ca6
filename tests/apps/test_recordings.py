"""The catalogue: entered once, never changed, found only by who may, opened only as what it is."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from aigaq.ingest.services import Pipeline, unload
from aigaq.ledger.services import MACHINE
from aigaq.media.kinds import Kind as MediaKind
from aigaq.media.probe import Judgement as Probed
from aigaq.media.probe import Verdict as ProbedVerdict
from aigaq.recordings import playback
from aigaq.recordings.errors import NoSuchRecordingError, NotAReaderError
from aigaq.recordings.models import Blob, Judgement, Placement, Recording, RecordingFile
from aigaq.recordings.selectors import Place, file_for, recordings_for, tray
from aigaq.recordings.services import judge, place
from aigaq.registry.selectors import standing_of
from aigaq.unloading.facts import Judged
from aigaq.unloading.run import Tools
from tests.support.cards import fill, pipeline, take, takes
from tests.support.duty import entries, on_duty
from tests.support.films import photo
from tests.support.vaults import IDENTITY


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def row(duty):
    return duty.issue()


@pytest.fixture
def line(office, tmp_path):
    return pipeline(office, tmp_path / "vault")


@pytest.fixture
def stored(row, line, tmp_path):
    """Five recordings of one morning, a minute apart by name, all placed."""
    return unload(line, fill(tmp_path / "card", takes(5))).files


def standing(office, person):
    return standing_of(person, office.clock.now())


def paths(page):
    return [recording.files.all()[0].path for recording in page.recordings]


def test_the_newest_come_first_page_by_page_with_none_twice_and_none_left_out(office, stored):
    reader = standing(office, office.custodian)
    seen, before = [], None
    while True:
        page = recordings_for(reader, office.division, before=before, limit=2)
        seen += paths(page)
        if page.older is None:
            break
        before = Place.parse(str(page.older))
    assert seen == [file.path for file in reversed(stored)]


def test_recordings_of_one_instant_are_paged_through_as_well(office, row, line, tmp_path):
    fill(tmp_path / "card", {take(n): b"%d" % n for n in range(7)})
    unload(line, tmp_path / "card")
    reader = standing(office, office.head)
    seen, before = set(), None
    for _ in range(4):
        page = recordings_for(reader, office.division, before=before, limit=2)
        seen |= set(paths(page))
        before = page.older
    assert len(seen) == 7
    assert before is None


def test_a_list_takes_as_many_queries_for_one_as_for_all(office, stored, django_assert_num_queries):
    reader = standing(office, office.custodian)
    for limit in (1, 5):
        with django_assert_num_queries(4):
            for recording in recordings_for(reader, office.division, limit=limit).recordings:
                assert recording.placement.row.inspector.full_name
                assert recording.placement.row.recorder.inventory_number
                for file in recording.files.all():
                    assert file.blob.size
                    assert file.judgement.verdict


def test_by_day_of_kazakhstan_s_calendar(office, row, line, tmp_path):
    names = ["20261119_235959", "20261120_000000", "20261120_235959", "20261121_000000"]
    unload(line, fill(tmp_path / "card", {f"БТ-0001_{name}_1.DAT": name.encode() for name in names}))
    found = recordings_for(
        standing(office, office.head), office.division, since=date(2026, 11, 20), until=date(2026, 11, 20)
    )
    assert paths(found) == ["БТ-0001_20261120_235959_1.DAT", "БТ-0001_20261120_000000_1.DAT"]


@pytest.mark.parametrize("who", ["inspector", "administrator", "sister_head", "sister_custodian"])
def test_nobody_but_the_custodian_and_the_head_of_the_division_reaches_them(office, stored, who):
    other = standing(office, getattr(office, who))
    with pytest.raises(NotAReaderError):
        recordings_for(other, office.division)
    with pytest.raises(NotAReaderError):
        tray(other, office.division)
    with pytest.raises(NoSuchRecordingError):
        file_for(other, stored[0].pk)


def test_a_recording_of_another_division_is_told_from_none_by_nothing(office, stored):
    other = standing(office, office.sister_head)
    told = []
    for id_ in (stored[0].pk, uuid4(), "no-id"):
        with pytest.raises(NoSuchRecordingError) as caught:
            file_for(other, id_)
        told.append(str(caught.value))
    assert len(set(told)) == 1


def test_who_may_gets_the_file(office, stored):
    assert file_for(standing(office, office.custodian), str(stored[0].pk)) == stored[0]


def test_a_place_in_the_list_is_read_strictly():
    place = Place(datetime(2026, 11, 20, tzinfo=UTC), uuid4())
    assert Place.parse(str(place)) == place
    for text in ("", "~", "2026~x", f"{place}x", "2026-11-20T00:00:00Z~" + str(place.id)):
        assert Place.parse(text) is None


@pytest.mark.parametrize("model", [Blob, Recording, RecordingFile, Judgement, Placement])
def test_nothing_of_the_catalogue_is_changed_or_deleted(stored, model):
    table = model._meta.db_table
    assert model.objects.exists()
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):
        with (
            pytest.raises(DatabaseError, match="insert-only"),
            transaction.atomic(),
            connection.cursor() as sql,
        ):
            sql.execute(statement)


def test_a_judgement_is_made_once(office, stored):
    verdict = Judged(Probed(MediaKind.VIDEO, ProbedVerdict.PLAYABLE), None)
    assert judge(office.ledger, MACHINE, stored[0], verdict).verdict == "not-media"
    assert entries("recording.judged") == []


def test_what_is_placed_stays_placed(office, duty, stored, row):
    duty.give_back(row)
    duty.passes(hours=1)
    second = duty.issue()
    assert place(office.ledger, MACHINE, Recording.objects.all(), second) == 0
    assert Placement.objects.filter(row=row).count() == 5


def test_an_unexamined_file_is_judged_by_the_next_run(office, row, line, tmp_path):
    card = fill(tmp_path / "card", {take(1, ending="JPG"): photo()})

    class Away:
        """An examiner that does not start, as on a computer that is out of processes."""

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def judge(self, *_):
            raise BlockingIOError

    blind = Pipeline(line.ledger, Tools(line.vault, Away))
    (file,) = unload(blind, card, keep=True).files
    assert not Judgement.objects.exists()
    assert file.kind == "photo"
    assert playback.content_type(file) == playback.DOWNLOAD

    unload(line, card)

    assert Judgement.objects.get().verdict == "playable"
    assert [entry.kind for entry in entries("recording.")] == ["recording.ingested", "recording.judged"]


def test_a_file_is_opened_as_what_it_was_judged_to_be(row, line, tmp_path):
    picture = photo()
    (file,) = unload(line, fill(tmp_path / "card", {take(1, ending="MP4"): picture})).files
    reader, content_type, size = playback.open(line.vault, IDENTITY, file)
    with reader:
        assert (reader.read(), content_type, size) == (picture, "image/jpeg", len(picture))
    still = Judgement.objects.get().still
    with playback.open_still(line.vault, IDENTITY, still) as reader:
        assert reader.read(3) == b"\xff\xd8\xff"


@pytest.mark.parametrize(
    ("kind", "facts", "content_type"),
    [
        ("video", {"container": "mov,mp4,m4a,3gp,3g2,mj2", "video": {"codec": "h264"}}, "video/mp4"),
        ("audio", {"container": "mov,mp4,m4a,3gp,3g2,mj2", "audio": {"codec": "aac"}}, "audio/mp4"),
        ("video", {"container": "matroska,webm", "video": {"codec": "vp9"}}, "video/webm"),
        ("video", {"container": "matroska,webm", "video": {"codec": "h264"}}, "video/x-matroska"),
        ("audio", {"container": "wav", "audio": {"codec": "pcm_s16le"}}, "audio/wav"),
        ("photo", {"container": "png"}, "image/png"),
        ("photo", {"container": "svg"}, playback.DOWNLOAD),
        ("other", {"container": "html"}, playback.DOWNLOAD),
        ("video", {"container": None}, playback.DOWNLOAD),
        ("video", {}, playback.DOWNLOAD),
        ("photo", {"container": "mp4"}, playback.DOWNLOAD),
    ],
)
def test_the_content_type_is_of_a_closed_list(kind, facts, content_type):
    judgement = Judgement(facts={"kind": kind, **facts})
    assert playback.content_type(SimpleNamespace(kind=kind, judgement=judgement)) == content_type


def test_the_order_follows_the_recorder_s_clock_not_the_office_s(office, duty, row, line, tmp_path):
    unload(line, fill(tmp_path / "one", {"БТ-0001_20261120_110000_2.DAT": b"later"}))
    duty.passes(seconds=timedelta(hours=1).total_seconds())
    unload(line, fill(tmp_path / "two", {"БТ-0001_20261120_100000_1.DAT": b"earlier"}))
    found = recordings_for(standing(office, office.head), office.division)
    assert paths(found) == ["БТ-0001_20261120_110000_2.DAT", "БТ-0001_20261120_100000_1.DAT"]
