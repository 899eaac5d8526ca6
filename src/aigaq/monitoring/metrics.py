"""The figures, as Prometheus reads them (`docs/operations/metrics.md`).

Computed from the database when somebody asks, so that they are right with any number of processes; and cheap
with ten million recordings: what would have to be counted is kept (`tallies`), the rest is read by an index.
Ids and codes of ours are the only labels: no name, no path, nothing that anybody typed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from aigaq.monitoring import figures

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST


@dataclass(frozen=True, slots=True)
class Described:
    """A figure before it has a value. Its name ends in its unit, where it has one."""

    help: str
    labels: tuple[str, ...] = ()
    kind: Literal["gauge", "counter"] = "gauge"


METRICS: Final[dict[str, Described]] = {
    "aigaq_build_info": Described("Always 1; the version of Aigaq.", ("version",)),
    "aigaq_installed_timestamp_seconds": Described("When the ledger began."),
    "aigaq_unloads": Described("Unloadings that run, or wait in the tray, now.", ("state",)),
    "aigaq_unloads_last_day": Described("Unloadings begun within 24 hours, by their state now.", ("state",)),
    "aigaq_unload_problems_last_day": Described("Things that unloadings of these 24 hours left behind."),
    "aigaq_recordings_total": Described("Recordings taken in, ever.", kind="counter"),
    "aigaq_files_total": Described("Files taken in, ever.", kind="counter"),
    "aigaq_taken_in_bytes_total": Described("Size of these files on their cards.", kind="counter"),
    "aigaq_faulty_files_total": Described(
        "Files that a card gave only in part or in two ways.", kind="counter"
    ),
    "aigaq_disposed_recordings_total": Described("Recordings that were disposed of.", kind="counter"),
    "aigaq_tallies_behind_entries": Described("Entries that the counters above do not have yet."),
    "aigaq_incidents_open": Described("Incidents without a decision.", ("kind",)),
    "aigaq_ledger_entries": Described("Entries of the ledger."),
    "aigaq_checkpoint_timestamp_seconds": Described("When the newest entry and its checkpoint were written."),
    "aigaq_backup_timestamp_seconds": Described("When the newest backup was made."),
    "aigaq_drill_timestamp_seconds": Described("When a backup was last tried and came back."),
    "aigaq_place_up": Described("1 where the vault, or this copy of it, can be reached; else 0.", ("place",)),
    "aigaq_place_free_bytes": Described("Room that is left there.", ("place",)),
    "aigaq_place_days_left": Described("Days that this room lasts at the present pace.", ("place",)),
    "aigaq_place_objects": Described("Stored objects that are proven to stand there.", ("place",)),
    "aigaq_place_bytes": Described("Their size.", ("place",)),
    "aigaq_place_lacking_objects": Described("Stored objects that this copy lacks.", ("place",)),
    "aigaq_place_lacking_bytes": Described("Their size.", ("place",)),
    "aigaq_place_findings_open": Described("Objects found bad or missing there, and not healed.", ("place",)),
    "aigaq_scrub_timestamp_seconds": Described("When the last whole reading of it began.", ("place",)),
    "aigaq_scrub_progress_ratio": Described("How much of it the running reading has read.", ("place",)),
    "aigaq_retention_due_recordings": Described("Recordings past their last day that are still there."),
    "aigaq_letters_waiting": Described("Letters that are to be sent, or tried again."),
    "aigaq_letters_failed": Described("Letters that were given up."),
    "aigaq_dock_seen_timestamp_seconds": Described("When a docking PC was last heard of.", ("dock",)),
    "aigaq_uploads_pending": Described("Recordings that docking PCs have begun to hand over."),
}
"""In the order in which they are told. Published: a name never changes its meaning."""


class _Figures(Collector):
    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        families = {name: _family(name, each) for name, each in METRICS.items()}
        for name, labels, value in figures.all_of_them(self._now):
            families[name].add_metric(labels, value)
        return iter(families.values())


def exposition(now: datetime) -> bytes:
    """The answer of `/metrics`. Raise a ``DatabaseError``."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(now))
    return generate_latest(registry)


def _family(name: str, described: Described) -> GaugeMetricFamily | CounterMetricFamily:
    kind = CounterMetricFamily if described.kind == "counter" else GaugeMetricFamily
    return kind(name, described.help, labels=described.labels)
