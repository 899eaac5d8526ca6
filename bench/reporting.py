"""What the benchmarks found, as the tables of `docs/performance.md`."""

from bench import country, duty, losing


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def report(results: dict[str, dict]) -> str:
    parts = []
    if unload := results.get("unload"):
        parts.append(
            f"### Unloading {unload['octets'] / 1e9:.1f} GB in {unload['files']} files "
            f"(source cold; medians of {unload['rounds']})\n\n"
            + _table(
                ["tool, with the check it offers", "wall, ours = 1", "processor, ours = 1", "CPU s/GB"],
                [
                    [
                        r["tool"],
                        f"{r['wall_ratio']:.2f}",
                        f"{r['cpu_ratio']:.2f}",
                        f"{r['cpu_seconds_per_gb']:.2f}",
                    ]
                    for r in unload["table"]
                ],
            )
        )
        parts.append(
            "### The same at 1, 10 and 100 times the work (files of 2 MB, start-up included)\n\n"
            + _table(
                ["times", "MB", "wall s", "CPU s", "wall, cp + sync = 1"],
                [
                    [
                        str(r["times"]),
                        f"{r['octets'] / 1e6:.0f}",
                        f"{r['wall']:.2f}",
                        f"{r['cpu']:.2f}",
                        f"{r['wall_to_cp']:.1f}",
                    ]
                    for r in unload["growth"]
                ],
            )
        )
    if dock := results.get("dock"):
        parts.append(_docking(dock))
    if seek := results.get("seek"):
        parts.append(
            "### One MiB out of the middle of a recording, beside a full `age -d`\n\n"
            + _table(
                ["recording, MB", "our seek and read, ms", "share of a full `age -d`"],
                [
                    [f"{r['octets'] / 1e6:.0f}", f"{r['seek_ms']:.2f}", f"1/{r['age_to_seek']:.0f}"]
                    for r in seek["table"]
                ],
            )
        )
    if scrub := results.get("scrub"):
        parts.append(
            f"### `vault scrub` over {scrub['octets'] / 1e9:.1f} GB, cache dropped\n\n"
            + _table(
                ["tool", "wall, ours = 1", "processor, ours = 1"],
                [[r["tool"], f"{r['wall_ratio']:.2f}", f"{r['cpu_ratio']:.2f}"] for r in scrub["table"]],
            )
        )
    if entries := results.get("ledger"):
        parts.append(
            "### Ledger on SQLite, one signed checkpoint each append\n\n"
            + _table(
                [
                    "entries",
                    "appends/s, one a transaction",
                    "appends/s, 100 a transaction",
                    "verified entries/s",
                ],
                [
                    [
                        str(r["entries"]),
                        f"{r['single_rate']:.0f}",
                        f"{r['batch_rate']:.0f}",
                        f"{r['verify_rate']:.0f}",
                    ]
                    for r in entries["table"]
                ],
            )
        )
    if book := results.get("journal"):
        parts += _journal(book)
    for name, said in (("proxy", _proxy), ("search", _search), ("duty", _duty), ("frame", _frame)):
        if name in results:
            parts.append(said(results[name]))
    if codes := results.get("timecode"):
        parts += _time_codes(codes)
    parts += [_s3(stored) for stored in (results.get("s3"),) if stored]
    parts += [part for nation in (results.get("country"),) if nation for part in _country(nation)]
    parts += [_losing(lost) for lost in (results.get("losing"),) if lost]
    parts += [_move(moves) for moves in (results.get("move"),) if moves]
    parts += [_package(packed) for packed in (results.get("package"),) if packed]
    return "\n\n".join(parts)


def _docking(dock: dict) -> str:
    heads = ["cards", "way", "tool, with the check it offers", "wall s", "wall, ours = 1", "CPU s/GB"]
    lines = [
        [
            str(r["cards"]),
            r["way"],
            r["tool"],
            f"{r['seconds']:.1f}",
            f"{r['wall_ratio']:.2f}",
            f"{r['cpu_seconds_per_gb']:.2f}",
        ]
        for r in dock["table"]
    ]
    return (
        f"### Cards at once, each {dock['octets_per_card'] / 1e6:.0f} MB in {dock['files_per_card']} files "
        f"(source cold; medians of {dock['rounds']})\n\n"
        "Ours are the daemons as they run; over HTTPS the processor time is that of both ends.\n\n"
        + _table(heads, lines)
    )


def _journal(book: dict) -> list[str]:
    looks = ("newest", "oldest", "shelf", "desk")
    heads = ["database", "rows", "books", "newest page", "oldest book", "shelf", "desk", "newest page, ms"]
    lines = [
        [
            database,
            str(r["rows"]),
            str(r["books"]),
            *(f"{r[look] / table[0][look]:.2f}" for look in looks),
            f"{r['newest']:.0f}",
        ]
        for database, table in book["pages"].items()
        for r in table
    ]
    least = book["paper"][0]
    paper = [
        [
            str(r["sheets"]),
            f"{r['wall']:.1f}",
            f"{r['cpu']:.1f}",
            f"{r['cpu'] / least['cpu']:.1f}",
            f"{r['peak_mb']:.0f}",
            f"{r['octets'] / 1e6:.1f}",
        ]
        for r in book["paper"]
    ]
    return [
        "### Pages of the journal as it grows (time at the fewest rows = 1)\n\n" + _table(heads, lines),
        "### The book on paper, ten rows a sheet, each signed twice (start-up included)\n\n"
        + _table(["sheets", "wall s", "CPU s", "CPU, fewest = 1", "peak MB", "PDF, MB"], paper),
    ]


def _search(searched: dict) -> str:
    """Ratios to the fewest recordings, and beside them the milliseconds of the most."""
    first = next(iter(searched["searches"].values()))
    names = [name for name, found in first[0].items() if isinstance(found, dict)]
    heads = ["search"]
    for database, table in searched["searches"].items():
        heads += [f"{database}, {_spaced(r['rows'])}" for r in table] + ["ms"]
    lines = []
    for name in names:
        line = [name]
        for table in searched["searches"].values():
            least = table[0][name]["ms"]
            line += [f"{r[name]['ms'] / least:.1f}" for r in table] + [f"{table[-1][name]['ms']:.0f}"]
        lines.append(line)
    sizes = "; ".join(
        f"{database}, {_spaced(r['rows'])}: {r['octets'] / 1e9:.2f} GB"
        for database, table in searched["searches"].items()
        for r in table
    )
    return (
        "### A page of a search as the archive grows (time at the fewest recordings = 1)\n\n"
        f"Recordings with seven terms each, without files. Databases: {sizes}.\n\n" + _table(heads, lines)
    )


def _duty(duties: dict) -> str:
    """Ratios to the fewest recordings, and beside them the milliseconds and the queries of the most."""
    places = {"newest": "the newest", "halfway": "halfway back"}
    heads = ["database", "what", "where", "recordings", "time, fewest = 1", "ms", "queries"]
    lines = [
        [
            database,
            said,
            where,
            _spaced(r["rows"]),
            f"{r[place][look]['ms'] / table[0][place][look]['ms']:.2f}",
            f"{r[place][look]['ms']:.0f}",
            str(r[place][look]["queries"]),
        ]
        for database, table in duties["databases"].items()
        for look, said in duty.LOOKS.items()
        for place, where in places.items()
        for r in table
    ]
    sizes = "; ".join(
        f"{database}, {_spaced(r['rows'])}: {r['octets'] / 1e9:.2f} GB"
        for database, table in duties["databases"].items()
        for r in table
    )
    return (
        "### A duty's page and the plain list as the archive grows\n\n"
        f"Ten recordings a duty, each with its file, judgement and looks. Databases: {sizes}. A page is "
        "timed whole, its entry in the ledger included.\n\n" + _table(heads, lines)
    )


def _move(moves: dict) -> str:
    heads = ["entries", "moved and proven, s", "two tables copied by hand, s", "by hand = 1", "our peak, MB"]
    lines = [
        [
            _spaced(row["entries"]),
            f"{row['move']:.1f}",
            f"{row['copy']:.2f}",
            f"{row['move'] / row['copy']:.1f}",
            f"{row['peak_mb']:.0f}",
        ]
        for row in moves["table"]
    ]
    return (
        f"### From SQLite to PostgreSQL (medians of {moves['rounds']})\n\n"
        "Ours with its start, the schema, every table, the ledger verified twice and every row compared; by "
        "hand `sqlite3 -csv` into `psql`, the two tables of the ledger alone.\n\n"
        + _table(heads, lines)
        + "".join(
            f"\n\nThe peak of a ledger of {_spaced(row['entries'])} entries: {row['peak_mb']:.0f} MB."
            for row in moves.get("memory", ())
        )
    )


def _s3(stored: dict) -> str:
    heads = ["files", "MB", "tool, with the check it offers", "wall s", "wall, ours = 1", "CPU s/GB"]
    lines = [
        [
            str(r["files"]),
            f"{r['octets'] / 1e6:.0f}",
            r["tool"],
            f"{r['seconds']:.1f}",
            f"{r['wall_ratio']:.2f}",
            f"{r['cpu_seconds_per_gb']:.1f}",
        ]
        for r in stored["table"]
    ]
    return (
        f"### A card into a bucket, beside `rclone` into the same store (medians of {stored['rounds']})\n\n"
        "SeaweedFS on loopback. Ours encrypts, locks every object until its day, downloads it again, decrypts"
        " and compares it; its start-up is in it, and the processor time is that of the client.\n\n"
        + _table(heads, lines)
    )


def _country(nation: dict) -> list[str]:
    """At each size the processor time, which knows nothing of what else ran, and what was looked into."""
    table = nation["country"]
    sizes = "; ".join(
        f"{r['divisions']}: {_spaced(r['recordings'])} recordings, {r['octets'] / 1e9:.1f} GB" for r in table
    )
    heads = ["of one division", *(str(r["divisions"]) for r in table), "ms", "queries"]
    heads += [f"pages at {r['divisions']}" for r in (table[:1] + table[-1:])]
    names = [*((country.LOOKS[name], ("looks", name)) for name in country.LOOKS)]
    names += [(f"search: {name}", ("searches", name)) for name in (table[0]["searches"] if table else ())]
    lines = []
    for said, (kind, name) in names:
        costs = [r[kind][name] for r in table]
        least = costs[0]["cpu_ms"] or 1
        lines.append(
            [
                said,
                *(f"{c['cpu_ms'] / least:.2f}" for c in costs),
                f"{costs[-1]['ms']:.0f}",
                str(costs[-1]["queries"]),
                _spaced(costs[0]["pages"]),
                _spaced(costs[-1]["pages"]),
            ]
        )
    unloads = [
        [
            str(r["divisions"]),
            f"{r['unload']['files_a_second']:.0f}",
            f"{r['unload']['cpu_ms']:.0f}",
            f"{r['unload']['begin_ms']:.0f}",
            f"{r['unload']['enter_ms']:.0f}",
            f"{r['unload']['rest_ms']:.0f}",
            _spaced(round(r["unload"]["pages"])),
        ]
        for r in table
    ]
    ledger = [
        [
            _spaced(r["entries"]),
            *(f"{r[name]:.0f}" for name in ("files_a_second", "tree", "filed", "compared")),
            f"{r['whole']:.0f}",
            f"{10_000_000 / r['whole'] / 3600:.1f}",
        ]
        for r in nation["ledger"]
    ]
    parts = []
    if table:
        parts = [
            "### A country on PostgreSQL as divisions are added, each with three years of recordings\n\n"
            f"Divisions: {sizes}. Processor time of the office and of the database that serves it, at the "
            "fewest divisions = 1; milliseconds and queries at the most; pages of 8 KiB that the database "
            "looked into.\n\n" + _table(heads, lines),
            "### Cards of twelve files entered while the country is there, by the services, durably\n\n"
            + _table(
                [
                    "divisions",
                    "files/s",
                    "CPU ms a card",
                    "whose, ms",
                    "entering, ms",
                    "the rest, ms",
                    "pages",
                ],
                unloads,
            ),
        ]
    if ledger:
        heads = [
            "entries",
            "files entered/s",
            "tree, entries/s",
            "columns",
            "tables",
            "whole",
            "10 million, h",
        ]
        parts.append("### Proving a ledger of unloads on PostgreSQL\n\n" + _table(heads, ledger))
    return parts


def _frame(frames: dict) -> str:
    heads = ["film", "MB", "first picture, ms", "plain file, ms", "plain = 1", "it moves, ms", "plain = 1"]
    lines = [
        [
            r["film"],
            f"{r['octets'] / 1e6:.0f}",
            f"{r['shown_ms']:.0f}",
            f"{r['shown_plain_ms']:.0f}",
            f"{r['shown_ratio']:.2f}",
            f"{r['moving_ms']:.0f}",
            f"{r['moving_ratio']:.2f}",
        ]
        for r in frames["table"]
    ]
    return (
        f"### From the click on “Play” to the first picture, {frames['picture']}, {frames['seconds']} s\n\n"
        "Headless Chromium, the duty's page: out of the vault, with its entry in the ledger; beside it the "
        "same film given away as a plain file.\n\n" + _table(heads, lines)
    )


def _time_codes(codes: dict) -> list[str]:
    read_back = [
        [
            r["kind"],
            str(r["films"]),
            f"{r['read'] / r['films']:.0%}",
            f"{r['possible'] / r['films']:.0%}",
            f"{r['worst_ms']:.0f}" if r["read"] else "–",
            f"{r['seconds'] / r['every_frame']:.2f}",
        ]
        for r in codes["table"]
    ]
    heads = ["film of 8 s, the screen in it for 2.5", "films", "read back", "by reading every frame"]
    cost = [[r["kind"], f"{r['seconds']:.1f}", f"{r['to_decoding']:.2f}"] for r in codes["cost"]]
    return [
        "### Time codes read back (a code of 20 cm, a lens that sees 120°)\n\n"
        + _table([*heads, "largest error, ms", "processor, every frame = 1"], read_back),
        "### Looking for time codes where there is none, a minute of H.264\n\n"
        + _table(["film", "CPU s", "decoding it whole = 1"], cost),
    ]


def _package(packed: dict) -> str:
    heads = ["GB", "tool", "wall s", "wall, ours = 1", "processor, ours = 1", "our peak, MB"]
    lines = [
        [
            f"{row['times'] * packed['octets'] / 1e9:.1f}",
            tool["tool"],
            f"{tool['wall']:.1f}",
            f"{tool['wall_ratio']:.2f}",
            f"{tool['cpu_ratio']:.2f}",
            f"{row['peak_mb']:.0f}" if tool["tool"] == "ours" else "",
        ]
        for row in packed["table"]
        for tool in row["tools"]
    ]
    return (
        f"### An evidence package on a disk, files of {packed['octets'] / 1e6:.0f} MB "
        f"(source cold; medians of {packed['rounds']})\n\n"
        "Ours and `bagit.py` make SHA-256 and SHA-512, the last SHA-256 alone.\n\n" + _table(heads, lines)
    )


def _proxy(copies: dict) -> str:
    heads = ["what", "film, s", "wall, `ffmpeg -threads 1` = 1", "processor, the same = 1"]
    heads += ["wall, `ffmpeg` = 1", "asked to first octet, s", "film's length = 1", "made before, ms"]
    names = {
        "transcode": "H.265 to H.264, encoded anew",
        "remux": "transport stream to MP4, streams as they are",
    }
    lines = [
        [
            names[r["way"]],
            str(r["seconds"]),
            f"{r['wall_to_one']:.2f}",
            f"{r['cpu_to_one']:.2f}",
            f"{r['wall_to_all']:.2f}",
            f"{r['first_octet_s']:.2f}",
            f"{r['first_octet_s'] / r['seconds']:.3f}",
            f"{r['again_ms']:.1f}",
        ]
        for r in copies["table"]
    ]
    return (
        f"### Playable copies, {copies['picture']} at {copies['rate']} pictures a second, beside `ffmpeg` "
        "with the same settings\n\nOurs out of the vault and into it, confined, on one core, with its start; "
        "`ffmpeg` from file to file.\n\n" + _table(heads, lines)
    )


def _losing(lost: dict) -> str:
    heads = [
        "lost, and how it comes back",
        *(f"{_spaced(r['recordings'])} recordings, s" for r in lost["table"]),
    ]
    lines = [[said, *(f"{r[name]:.1f}" for r in lost["table"])] for name, said in losing.LOSSES.items()]
    entries = ", ".join(_spaced(r["entries"]) for r in lost["table"])
    return (
        f"### Lost in turn, recordings of {lost['octets'] / 1e6:.0f} MB (medians of {lost['rounds']})\n\n"
        f"A tenth of the recordings came after the backup; the ledgers have {entries} entries. Our start is "
        "in each time. Nothing was missing afterwards: every recording, every entry, no fault.\n\n"
        + _table(heads, lines)
    )
