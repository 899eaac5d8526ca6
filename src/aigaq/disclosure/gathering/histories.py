"""What happened to each file of the package, as its entries have it (`docs/formats/package.md`)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from aigaq.core.canonical import Json
from aigaq.core.clock import rfc3339
from aigaq.disclosure.gathering.extract import author_of
from aigaq.disclosure.gathering.files import FileThen
from aigaq.disclosure.gathering.then import named
from aigaq.disclosure.gathering.words import words_of
from aigaq.tlog.entry import Entry

Steps = tuple[Mapping[str, Json], ...]


def histories(entries: Sequence[Entry], files: Sequence[FileThen]) -> tuple[Steps, ...]:
    """Of each file just those of the package's entries that name it, or all its recording, or the demand."""
    of_file: dict[str, list[Entry]] = defaultdict(list)
    of_recording: dict[str, list[Entry]] = defaultdict(list)
    of_demand: list[Entry] = []
    for entry in entries:
        file, recording = named(entry.body, "file"), named(entry.body, "recording")
        if entry.kind.startswith("disclosure."):
            of_demand.append(entry)
        elif entry.kind == "recording.placed":
            for each in _texts(entry.body["recordings"]):
                of_recording[each].append(entry)
        elif file is not None:
            of_file[file].append(entry)
        elif recording is not None:
            of_recording[recording].append(entry)
    return tuple(
        _steps([*of_file[each.body["file"]], *of_recording[each.body["recording"]], *of_demand])
        for each in files
    )


def _texts(value: Json) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _steps(entries: Sequence[Entry]) -> Steps:
    return tuple(
        {
            "seq": each.seq,
            "kind": each.kind,
            "at": rfc3339(each.at),
            "actor": author_of(each),
            "words": words_of(each),
        }
        for each in sorted({each.seq: each for each in entries}.values(), key=lambda each: each.seq)
    )
