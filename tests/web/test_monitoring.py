"""Health and figures: who gets which, and that they are true."""

import json
import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typst
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from aigaq import wiring
from aigaq.monitoring import readiness
from aigaq.monitoring.metrics import METRICS, exposition
from aigaq.monitoring.readiness import HOLDS, LATEST, Readiness
from aigaq.web.monitoring import views

ROOT = Path(__file__).resolve().parents[2]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TOKEN = "a token of many letters and 48 octets"


class Tick:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture(autouse=True)
def _each_test_asks_anew(monkeypatch):
    monkeypatch.setattr(views, "_ready", Readiness(readiness.is_ready))


def test_a_stranger_learns_one_word(db):
    for path in ("/health/live", "/health/ready"):
        response = Client().get(path, REMOTE_ADDR="203.0.113.9")
        assert (response.status_code, response.content, response["Content-Type"]) == (
            200,
            b"ok\n",
            "text/plain",
        )
        assert not response.cookies


def test_nothing_is_ready_without_its_vault_its_key_or_a_migration(db, settings, tmp_path):
    assert readiness.is_ready()
    description = settings.VAULT / "aigaq-vault.json"
    key = settings.DATA / "keys" / "ledger.key"
    for path in (description, key):
        path.rename(tmp_path / "away")
        assert not readiness.is_ready(), path
        (tmp_path / "away").rename(path)
    assert readiness.is_ready()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'tallies'")
    assert readiness.lacking() == {("tallies", "0001_tallies")}
    response = Client().get("/health/ready")
    assert (response.status_code, response.content) == (503, b"no\n")


def test_an_answer_holds_for_some_seconds():
    asked, tick = [], Tick()
    ready = Readiness(lambda: asked.append(1) or True, tick)
    assert ready()
    assert ready()
    assert len(asked) == 1
    tick.now = HOLDS
    assert ready()
    assert len(asked) == 2


def test_nobody_waits_behind_a_disk_that_hangs():
    tick, hangs, goes = Tick(), threading.Event(), threading.Event()

    def find():
        hangs.set()
        goes.wait(10)
        return True

    ready = Readiness(lambda: True, tick)
    assert ready()
    ready._find = find
    tick.now = HOLDS
    first = threading.Thread(target=ready)
    first.start()
    assert hangs.wait(10)
    assert ready(), "the last answer"
    tick.now = LATEST
    assert not ready(), "which is none any more"
    goes.set()
    first.join()
    assert ready()


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "203.0.113.9"}, 404),
        ({"REMOTE_ADDR": ""}, 404),
        ({"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, 404),
        ({"HTTP_FORWARDED": "for=203.0.113.9"}, 404),
        ({"HTTP_COOKIE": "aigaq_session=x"}, 404),
        ({"REMOTE_ADDR": "203.0.113.9", "HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, 200),
        ({"REMOTE_ADDR": "203.0.113.9", "HTTP_AUTHORIZATION": f"Bearer {TOKEN[:-1]}"}, 404),
        ({"REMOTE_ADDR": "203.0.113.9", "HTTP_AUTHORIZATION": "Bearer"}, 404),
        ({"REMOTE_ADDR": "203.0.113.9", "HTTP_AUTHORIZATION": f"Basic {TOKEN}"}, 404),
    ],
)
def test_figures_are_for_this_computer_or_for_the_token(db, settings, asked, status):
    settings.METRICS_TOKEN = TOKEN
    assert Client().get("/metrics", **asked).status_code == status


@pytest.mark.parametrize("sent", ["Bearer", "Bearer ", f"Bearer {TOKEN}"])
def test_no_token_is_nobodys_token(db, settings, sent):
    settings.METRICS_TOKEN = ""
    asked = {"REMOTE_ADDR": "203.0.113.9", "HTTP_AUTHORIZATION": sent}
    assert Client().get("/metrics", **asked).status_code == 404


def test_behind_a_proxy_nobody_is_of_this_computer(db, settings):
    settings.PUBLIC_URL = "https://aigaq.example.kz"
    assert Client().get("/metrics").status_code == 404
    assert Client().get("/metrics", secure=True).status_code == 200


def families():
    text = exposition(wiring.clock().now()).decode()
    return {each.name: each for each in text_string_to_metric_families(text)}, text


def test_what_is_told_is_what_is_described(office, visit):
    found, text = families()
    assert {name.removesuffix("_total") for name in METRICS} == set(found)
    assert found["aigaq_place_up"].samples[0].value == 1
    # Whatever the cast did: nobody is named.
    for secret in ("Қонаев", "Өтегенов", "БТ-0001", "daniyar"):
        assert secret not in text
    labels = {
        (name, value) for each in found.values() for s in each.samples for name, value in s.labels.items()
    }
    assert all(re.fullmatch(r"[a-z0-9.-]+", value) for _name, value in labels), labels


def test_a_vault_that_is_away_is_a_figure(office, settings, tmp_path):
    description = settings.VAULT / "aigaq-vault.json"
    description.rename(tmp_path / "away")
    try:
        found, _text = families()
    finally:
        (tmp_path / "away").rename(description)
    assert found["aigaq_place_up"].samples[0].value == 0
    assert found["aigaq_place_free_bytes"].samples == []


def test_every_figure_stands_in_the_guide_with_its_unit():
    guide = (ROOT / "docs" / "operations" / "metrics.md").read_text()
    table = [line for line in guide.splitlines() if line.startswith("| `aigaq_")]
    assert {name for line in table for name in re.findall(r"`(aigaq_\w+)`", line.split("|")[1])} == set(
        METRICS
    )
    assert all(line.split("|")[2].strip() for line in table)


def rules():
    """Read by a YAML reader that we have anyway."""
    code = '#metadata(yaml("aigaq.rules.yml")) <rules>'
    folder = ROOT / "deploy" / "prometheus"
    found = typst.query(code.encode(), "<rules>", root=str(folder), field="value", one=True)
    return json.loads(found)["groups"][0]["rules"]


def test_every_alert_names_figures_that_there_are_and_says_what_to_do():
    found = rules()
    assert len({each["alert"] for each in found}) == len(found) > 15
    for each in found:
        assert set(each) <= {"alert", "expr", "for", "labels", "annotations"}, each
        assert each["labels"]["severity"] in {"page", "ticket"}
        named = re.findall(r"\baigaq_\w+", each["expr"])
        assert set(named) <= set(METRICS), each["alert"]
        assert named or each["alert"] == "AigaqDown"
        assert each["annotations"]["summary"].count(".") >= 1
        for label in re.findall(r"\$labels\.(\w+)", each["annotations"]["summary"]):
            assert label == "instance" or any(label in METRICS[name].labels for name in named), each["alert"]


def test_old_tallies_are_told(office):
    wiring.ledger()
    found, _text = families()
    behind = found["aigaq_tallies_behind_entries"].samples[0].value
    assert behind == found["aigaq_ledger_entries"].samples[0].value > 0
    newest = found["aigaq_checkpoint_timestamp_seconds"].samples[0].value
    assert timedelta(0) <= wiring.clock().now() - timedelta(seconds=newest) - EPOCH < timedelta(minutes=10)


GROWING = re.compile(
    r"SCAN (\w*(?:blob|recording|recordingfile|retentionterm|ledgerentry|checkpoint|sighting|unload|notice)\w*)"
    r"(?! USING (?:COVERING )?INDEX \w*(?:seq|pk))"
)


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="a planner with statistics reads small tables whole"
)
def test_no_figure_takes_looking_through_a_table_that_grows(office):
    """As the planner says, without a row more than the cast has."""
    with CaptureQueriesContext(connection) as asked:
        families()
    assert len(asked.captured_queries) > 20
    whole = []
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan = [row[3] for row in cursor.fetchall()]
            whole += [(step, query["sql"]) for step in plan if GROWING.search(step)]
    assert whole == []
