"""What is written for people, held against the code: what is named there is there, and what matters is named."""

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import click
import pytest

from aigaq import errors
from aigaq.cli.main import COMMANDS, EXIT_INTERRUPTED, Program
from aigaq.core import logs
from aigaq.incidents.models import Kind as IncidentKind
from aigaq.journal.evidence import FaultKind as SignatureFault
from aigaq.ledger.carried import RowFaultKind
from aigaq.notices.rules import KINDS as TOLD
from aigaq.review.draws import DrawFaultKind
from aigaq.tlog.faults import FaultKind
from aigaq.web.ledger.words import SENTENCES as ENTRIES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SOURCES = sorted((ROOT / "src" / "aigaq").glob("**/*.py"))
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")] + sorted(
    DOCS.glob("**/*.md")
)
SETTING = re.compile(r"AIGAQ_[A-Z0-9_]*[A-Z0-9]")
FENCED = re.compile(r"```.*?```", re.DOTALL)
ENDINGS = {"conf", "env", "key", "md", "py", "service"}
OF_TESTS = ("AIGAQ_FAULTS", "AIGAQ_TEST")


def page(name):
    return (DOCS / name).read_text(encoding="utf-8")


@cache
def source():
    return "\n".join(each.read_text(encoding="utf-8") for each in SOURCES)


def column(text, number=0):
    """What stands in backticks in one column of the tables of a page."""
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [name for row in rows if len(row) > number for name in re.findall(r"`([^`]+)`", row[number])]


def settings_in(text):
    """Names in it, a file being that of the secret in it."""
    found = {name for name in SETTING.findall(text) if not name.startswith(OF_TESTS)}
    return {name if name == "AIGAQ_PROCESS_SECRET_FILE" else name.removesuffix("_FILE") for name in found}


def deployed():
    return "\n".join(each.read_text() for each in (ROOT / "deploy").glob("**/*") if each.is_file())


def test_every_setting_is_in_the_table_and_nothing_else():
    assert set(column(page("operations/settings.md"))) == settings_in(source()) | settings_in(deployed())


def test_no_page_names_a_setting_that_there_is_not():
    known = set(column(page("operations/settings.md")))
    for each in PAGES:
        named = settings_in(each.read_text(encoding="utf-8").replace("AIGAQ_CARD_…", ""))
        assert named <= known, each


def test_the_defaults_of_numbers_are_those_of_the_code():
    rows = {row.split(" | ")[0]: row for row in page("operations/settings.md").splitlines()}
    found = re.findall(r'_number\("(AIGAQ_\w+)", (\d+)', (ROOT / "src/aigaq/settings.py").read_text())
    assert len(found) > 10
    for name, default in found:
        row = next(row for names, row in rows.items() if f"`{name}`" in names)
        assert f"`{default}`" in row.split(" | ")[1], name


def test_every_figure_is_in_the_table_and_alerts_rest_on_no_other():
    figure = re.compile(r"\baigaq_[a-z_]+")
    written = [each for each in SOURCES if each.parent.name == "monitoring"]
    given = set(figure.findall("\n".join(each.read_text() for each in written)))
    assert set(figure.findall(page("operations/metrics.md"))) == given
    assert set(figure.findall((ROOT / "deploy/prometheus/aigaq.rules.yml").read_text())) <= given


def test_every_field_of_the_log_is_in_the_table():
    assert set(column(page("operations/log.md"))) >= logs.KEYS


def test_every_exit_status_is_in_the_table():
    given = {value for name, value in vars(errors).items() if name.startswith("EXIT_")}
    assert set(column(page("operations/commands.md"))) >= {
        str(each) for each in (0, *given, EXIT_INTERRUPTED)
    }


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("formats/ledger.md", (*FaultKind, *RowFaultKind, *DrawFaultKind, "column-mismatch")),
        ("formats/signature.md", tuple(SignatureFault)),
        ("lifecycles/incidents.md", tuple(IncidentKind)),
    ],
)
def test_every_published_kind_is_in_a_table(name, kinds):
    assert {str(each) for each in kinds} - set(column(page(name))) == set()


def test_the_page_of_notices_names_every_entry_that_somebody_is_told_of():
    assert set(TOLD) - set(column(page("lifecycles/notices.md"), 1)) == set()


def test_no_page_names_an_error_or_an_entry_that_there_is_not():
    areas = set(re.findall(r'\bcode(?:: [^=\n]+)? = "([a-z]+)\.', source()))
    areas |= {kind.partition(".")[0] for kind in ENTRIES}
    # The keys of a recorder's profile are spelt like codes.
    for each in set(PAGES) - {DOCS / "formats" / "recorder-profile.md"}:
        for name in re.findall(r"`([a-z]+\.[a-z-]+)`", each.read_text(encoding="utf-8")):
            area, _dot, rest = name.partition(".")
            is_file = rest in ENDINGS or (ROOT / f"src/aigaq/{area}/{rest}.py").exists()
            if area in areas and not is_file:
                assert name in source(), (each, name)


def every_command(command, path=()):
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from every_command(command.get_command(context, name), (*path, name))


def test_every_command_that_is_written_somewhere_is_there_with_its_options():
    known = dict(every_command(Program("aigaq")))
    assert set(COMMANDS) <= {path[0] for path in known if path}
    said = re.compile(r"(?:`|bin/|^\s*)aigaq(?:-admin)? (?!aigaq-admin)([a-z][^`\n#]*)", re.MULTILINE)
    for each in PAGES:
        text = each.read_text(encoding="utf-8")
        for line in said.findall(text.replace("aigaq sample 1", "")):
            words = line.split()
            path = next(path for n in range(len(words), -1, -1) if (path := tuple(words[:n])) in known)
            assert path, (each, line)
            options = {
                name for option in known[path].params for name in (*option.opts, *option.secondary_opts)
            }
            asked = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", line)) - {"--help"}
            assert asked <= options, (each, line)


def anchors(text):
    titles = re.findall(r"^#+ (.*)$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("each", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere_and_files_that_are_named_are_there(each):
    text = FENCED.sub("", each.read_text(encoding="utf-8"))
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if not link.startswith("http"):
            file, _hash, anchor = link.partition("#")
            target = (each.parent / file).resolve() if file else each
            assert target.exists(), link
            assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), link
    for path in re.findall(r"`((?:src|tests|docs|deploy|tools|requirements)/[^`…]*)`", text):
        assert any(ROOT.glob(path.rstrip("/"))), path


def test_the_floors_are_those_of_the_contract_in_their_order():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contract = next(each for each in settings["tool"]["importlinter"]["contracts"] if each["id"] == "floors")
    layers = [set(layer.split(" | ")) for layer in contract["layers"]]
    table = page("architecture.md").partition("\n## Floors\n")[2].partition("\n## ")[0]
    told = [
        set(re.findall(r"`(\w+)`", line.split(" | ")[0]))
        for line in table.splitlines()
        if line.startswith("| `")
    ]
    # One line may have several floors that follow each other, none is split or missing.
    assert [floor for line in told for floor in layers if floor & line] == layers
    assert set().union(*told) == set().union(*layers)


def test_no_word_is_explained_twice():
    words = [line.split(" | ")[0] for line in page("glossary.md").splitlines() if line.startswith("| ")]
    words = [re.split(r"[,(;]", word.removeprefix("| "))[0].strip() for word in words]
    twice = {word for word, count in Counter(words).items() if count > 1} - {"---"}
    # What somebody does, and the paper that tells of it.
    assert twice == {"act"}
    assert Counter(words)["act"] == 2


def test_every_rule_of_the_order_is_found_in_the_code_and_no_other_is_named_there():
    ids = re.findall(r"^\| (R\d+\.\d) \|", page("order-236.md"), re.MULTILINE)
    assert len(ids) == len(set(ids)) == 24
    assert set(ids) == set(re.findall(r"\bR\d+\.\d\b", source()))
