"""`aigaq journal` and `aigaq ledger verify --sheet`: from the book to paper, and back from the scanned paper."""

import os
import sqlite3
import stat

import pytest

from tests.support.command import Shell
from tests.support.paper import Pdf, needs_poppler

pytestmark = needs_poppler

BOOK = "07-12/236"
SHEET = 3


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """The demonstration, played: a book with one row."""
    shell = Shell(tmp_path_factory.mktemp("printed") / "data")
    assert shell.run("demo", "--headless").status == 0
    return shell


@pytest.fixture(scope="module")
def code(office, tmp_path_factory):
    path = tmp_path_factory.mktemp("paper") / "book.pdf"
    assert office.run("journal", "print", BOOK, "-o", path).status == 0
    (text,) = Pdf(path.read_bytes()).codes(SHEET)
    return text


def test_the_book_is_printed_for_its_owner_alone(office, tmp_path):
    path = tmp_path / "book.pdf"
    ran = office.run("journal", "print", BOOK, "-o", path, "--json")
    assert ran.status == 0, ran.err
    assert ran.json == {"path": str(path), "bytes": path.stat().st_size}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "Қасымов Айдос Маратұлы" in Pdf(path.read_bytes()).told(SHEET)


def test_nothing_is_written_over(office, tmp_path):
    path = tmp_path / "book.pdf"
    path.write_text("kept")
    for command in (("print", BOOK), ("badge",), ("labels",)):
        ran = office.run("journal", *command, "-o", path)
        assert ran.status == 2
        assert "is there already" in ran.err
    assert path.read_text() == "kept"


def test_a_link_that_leads_nowhere_is_not_followed(office, tmp_path):
    path = tmp_path / "book.pdf"
    path.symlink_to(tmp_path / "elsewhere")
    assert office.run("journal", "badge", "-o", path).status == 2
    assert not os.path.lexists(tmp_path / "elsewhere")


def test_what_can_not_be_written_leaves_nothing(office, tmp_path):
    ran = office.run("journal", "badge", "-o", tmp_path / "no" / "folder.pdf")
    assert ran.status == 1
    assert "could not be written" in ran.err


def test_some_sheets_alone(office, tmp_path):
    path = tmp_path / "book.pdf"
    assert office.run("journal", "print", BOOK, "--sheets", "1-3", "-o", path).status == 0
    assert Pdf(path.read_bytes()).pages == 6


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("07-12/237",), "No book has the registration number “07-12/237”"),
        ((BOOK, "--sheets", "some"), "“some” are no sheets"),
        ((BOOK, "--sheets", "1-5000"), "has the sheets 1 to 50"),
    ],
)
def test_what_can_not_be_printed_is_said_in_a_sentence(office, tmp_path, arguments, said):
    ran = office.run("journal", "print", *arguments, "-o", tmp_path / "book.pdf")
    assert ran.status == 2
    assert said in ran.err
    assert not (tmp_path / "book.pdf").exists()


def test_labels_are_of_all_things_or_of_those_named_in_that_order(office, tmp_path):
    assert office.run("journal", "labels", "-o", tmp_path / "all.pdf").status == 0
    assert office.run("journal", "labels", "JK-002", "BT-001", "-o", tmp_path / "two.pdf").status == 0
    everything = Pdf((tmp_path / "all.pdf").read_bytes())
    assert [everything.codes(page)[0] for page in range(1, everything.pages + 1)][:2] == ["BT-001", "BT-002"]
    two = Pdf((tmp_path / "two.pdf").read_bytes())
    assert [two.codes(1), two.codes(2)] == [["JK-002"], ["BT-001"]]
    assert "жад картасы" in two.told(1)
    assert "бейнетіркегіш" in two.told(2)


def test_a_label_of_an_unknown_number_is_refused(office, tmp_path):
    ran = office.run("journal", "labels", "JK-999", "-o", tmp_path / "label.pdf")
    assert ran.status == 2
    assert "JK-999" in ran.err


def test_labels_of_people_name_them_and_scan_to_their_code(office, tmp_path):
    assert office.run("journal", "labels", "--people", "-o", tmp_path / "all.pdf").status == 0
    everybody = Pdf((tmp_path / "all.pdf").read_bytes())
    assert everybody.pages > 3
    (code,) = everybody.codes(1)
    assert code.startswith("AIGAQ-PERSON ")
    number = code.removeprefix("AIGAQ-PERSON ")
    ran = office.run("journal", "labels", "--people", number, "--paper", "a4", "-o", tmp_path / "one.pdf")
    assert ran.status == 0, ran.err
    assert Pdf((tmp_path / "one.pdf").read_bytes()).codes(1) == [code]


def test_a_label_of_nobody_is_refused(office, tmp_path):
    ran = office.run("journal", "labels", "--people", "BT-001", "-o", tmp_path / "label.pdf")
    assert ran.status == 2
    assert "Nobody has the staff number “BT-001”" in ran.err


def custodian(office):
    """The staff number of the demonstration's custodian."""
    database = sqlite3.connect(office.data / "aigaq.sqlite3")
    ((number,),) = database.execute(
        "SELECT staff_number FROM registry_person JOIN registry_appointment ON person_id = registry_person.id"
        " WHERE role = 'custodian' LIMIT 1"
    )
    database.close()
    return number


def test_an_act_of_hand_over_is_printed_noted_and_holds_when_it_is_scanned(office, tmp_path):
    path = tmp_path / "act.pdf"
    ran = office.run("journal", "act", "hand-over", custodian(office), "-o", path, "--json")
    assert ran.status == 0, ran.err
    assert ran.json == {"path": str(path), "bytes": path.stat().st_size}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    pdf = Pdf(path.read_bytes())
    assert "Қабылдау-тапсыру актісі" in pdf.told(1)
    assert "BT-001" in pdf.told(1)
    (text,) = pdf.codes(1)
    for given in (text, text.replace("\n", "\r\n")):
        verified = office.run("ledger", "verify", "--sheet", given, "--json")
        assert verified.status == 0, verified.err
        assert verified.json["faults"] == []
    facts = next(line for line in text.split("\n") if line.startswith("facts "))
    other = f"facts {'B' if facts[6] == 'A' else 'A'}{facts[7:]}"
    verified = office.run("ledger", "verify", "--sheet", text.replace(facts, other), "--json")
    assert (verified.status, [fault["kind"] for fault in verified.json["faults"]]) == (3, ["act-mismatch"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("damage", BOOK, "1"), "Row 1 tells of nothing of the kind"),
        (("loss", BOOK, "1"), "Row 1 tells of nothing of the kind"),
        (("damage", BOOK, "999"), "has no row 999"),
        (("damage", "x", "1"), "No book has the registration number"),
        (("damage", BOOK, "1", "--number", "57"), "No act has the number “57”"),
        (("damage", BOOK, "1", "--number", "Б-57"), "There is no act Б-57"),
        (("hand-over", "x"), "Nobody has the staff number"),
    ],
)
def test_an_act_that_can_not_be_printed_is_said_in_a_sentence(office, tmp_path, arguments, said):
    ran = office.run("journal", "act", *arguments, "-o", tmp_path / "act.pdf")
    assert ran.status == 2
    assert said in ran.err
    assert not (tmp_path / "act.pdf").exists()


def test_the_badge_needs_no_installation(tmp_path):
    shell = Shell(tmp_path / "none")
    assert shell.run("journal", "badge", "-o", tmp_path / "badge.pdf").status == 0
    assert Pdf((tmp_path / "badge.pdf").read_bytes()).pages == 1


def test_a_scanned_sheet_holds_as_text_and_as_a_file(office, code, tmp_path):
    path = tmp_path / "scanned"
    path.write_text(code, encoding="utf-8")
    for sheet in (code, code.replace("\n", "\r\n"), path):
        ran = office.run("ledger", "verify", "--sheet", sheet, "--json")
        assert ran.status == 0, ran.err
        assert ran.json["faults"] == []


def test_a_sheet_with_another_digest_is_a_fault(office, code):
    rows = next(line for line in code.split("\n") if line.startswith("rows "))
    other = f"rows {'B' if rows[5] == 'A' else 'A'}{rows[6:]}"
    ran = office.run("ledger", "verify", "--sheet", code.replace(rows, other), "--json")
    assert ran.status == 3
    assert [fault["kind"] for fault in ran.json["faults"]] == ["sheet-mismatch"]


def test_a_sheet_of_another_ledger_is_a_fault(office, code):
    lines = code.split("\n")
    lines[7] = lines[7][::-1]
    ran = office.run("ledger", "verify", "--sheet", "\n".join(lines), "--json")
    assert ran.status == 3
    assert "since-" in ran.json["faults"][0]["kind"]


def test_what_is_no_sheet_is_refused(office, tmp_path):
    for given in ("/dev/null", str(tmp_path / "nowhere")):
        ran = office.run("ledger", "verify", "--sheet", given)
        assert ran.status == 2
    assert office.run("ledger", "verify", "--sheet", "AIGAQ-SHEET 1\nbook 1").status == 2


def test_a_row_edited_in_the_database_contradicts_the_paper(tmp_path_factory, office, code):
    database = sqlite3.connect(office.data / "aigaq.sqlite3")
    (before,) = database.execute(
        "SELECT sql FROM sqlite_master WHERE name LIKE 'journal_unloading_%update%'"
    ).fetchone()
    name = database.execute("SELECT name FROM sqlite_master WHERE sql = ?", [before]).fetchone()[0]
    try:
        database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE journal_unloading SET files = files + 1")
        database.commit()
        ran = office.run("ledger", "verify", "--sheet", code, "--json")
    finally:
        database.execute("UPDATE journal_unloading SET files = files - 1")
        database.execute(before)
        database.commit()
        database.close()
    assert ran.status == 3
    assert "sheet-mismatch" in [fault["kind"] for fault in ran.json["faults"]]
