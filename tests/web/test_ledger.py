import ast
import json
import re
from pathlib import Path

import pytest
from django.urls import reverse

import aigaq
from aigaq.accounts import services as accounts
from aigaq.ledger.models import Checkpoint, LedgerEntry
from aigaq.ledger.services import MACHINE
from aigaq.web.ledger import views
from aigaq.web.ledger.words import GROUPS, SENTENCES
from tests.support.duty import on_duty
from tests.support.office import password_of
from tests.support.visitors import text_of

SOURCE = Path(aigaq.__file__).parent
APPENDS = {"append", "Act", "refuse", "_switch"}


def kinds_written():
    """Every kind that the program gives to `append`, `Act` or `refuse`, read from its source."""
    for file in SOURCE.rglob("*.py"):
        if file == SOURCE / "package" / "verify.py":
            continue  # the checker of packages writes nothing; its `refuse` is another
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if called in APPENDS:
                    yield from kinds_in(node)


def kinds_in(call):
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        for node in ast.walk(argument):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
            if is_text and re.fullmatch(r"[a-z]+(\.[a-z-]+)+", node.value):
                yield node.value


def test_every_kind_of_entry_has_a_sentence():
    from typing import get_args

    from aigaq.access.looks import Look

    kinds = set(kinds_written()) | {f"access.{look}" for look in get_args(Look)}
    assert len(kinds) > 25
    assert kinds - set(SENTENCES) == set()


def test_no_kind_has_two_sentences():
    tree = ast.parse((SOURCE / "web/ledger/words.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            names = [ast.unparse(key) for key in node.keys if key is not None]
            assert len(names) == len(set(names))


def test_every_sentence_belongs_to_a_group_that_can_be_chosen():
    groups = {word for words, _label in GROUPS for word in words.split()}
    assert {kind.split(".")[0] for kind in SENTENCES} == groups


@pytest.fixture
def reader(office, visit):
    return visit(office.custodian)


def test_what_was_done_reads_as_sentences_newest_first(office, reader):
    duty = on_duty(office)
    duty.give_back(duty.issue())
    page = text_of(reader.get("/ledger/"))
    issued = (
        "Жүнісов Данияр Ғалымұлы issued the recorder БТ-0001 to Өтегенов Ерлан Сәкенұлы, who signed: row 1."
    )
    returned = (
        "Жүнісов Данияр Ғалымұлы took back the recorder БТ-0001; Өтегенов Ерлан Сәкенұлы signed: row 1."
    )
    assert page.index(returned) < page.index(issued)
    assert "opened the journal 01-12/4, 48 sheets." in page
    assert "…" not in page


def test_entries_of_another_division_are_not_there(office, visit):
    row = on_duty(office).issue()
    stranger = visit(office.sister_head)
    page = text_of(stranger.get("/ledger/"))
    assert "БТ-0001" not in page
    assert "daniyar" not in page
    assert "saule" in page
    for entry in LedgerEntry.objects.all():
        value = json.loads(entry.entry)
        if value["division"] == str(office.division.pk):
            assert stranger.get(reverse("ledger:entry", args=[entry.seq])).status_code == 404
    assert visit(office.head).get(reverse("ledger:entry", args=[row.seq])).status_code == 200


def test_an_entry_shows_its_octets_its_leaf_and_the_checkpoint_over_it(office, reader):
    row = on_duty(office).issue()
    page = reader.get(reverse("ledger:entry", args=[row.seq]))
    entry = LedgerEntry.objects.get(seq=row.seq)
    read = text_of(page)
    assert entry.entry in read
    assert entry.leaf_hash in read
    assert Checkpoint.objects.get(size=row.seq + 1).note.splitlines()[0] in read


def test_the_ledger_is_narrowed_by_what_it_is_about_and_by_day(office, reader):
    on_duty(office).issue()
    journal = text_of(reader.get("/ledger/", {"group": "journal"}))
    assert "issued the recorder" in journal
    assert "made the login" not in journal
    assert "No entry fits" in text_of(reader.get("/ledger/", {"day": "2020-01-01"}))
    assert "issued the recorder" in text_of(reader.get("/ledger/", {"group": "../etc", "day": "0000-00-00"}))


@pytest.mark.parametrize("page", ["ledger:list", "looks:list"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_ends_of_the_calendar_is_no_defect(office, reader, page, day):
    assert reader.get(reverse(page), {"day": day}).status_code == 200


def test_pages_go_back_to_the_first_entry_without_a_gap(office, reader, monkeypatch):
    monkeypatch.setattr(views, "_PAGE", 7)
    monkeypatch.setattr(views, "_LOOKED_AT", 10)
    for number in range(20):
        accounts.create_user(office.ledger, MACHINE, username=f"u{number}", password=password_of("x"))
    seen, address = [], "/ledger/"
    for _ in range(40):
        page = reader.get(address).content.decode()
        seen += [int(number) for number in re.findall(r'href="/ledger/(\d+)/"', page)]
        older = re.search(r'href="([^"]+)" rel="next"', page)
        if older is None:
            break
        address = f"/ledger/{older[1]}"
    concerned = [
        entry.seq
        for entry in LedgerEntry.objects.order_by("-seq")
        if reader.get(reverse("ledger:entry", args=[entry.seq])).status_code == 200
    ]
    assert seen == concerned
    assert len(seen) > 7


def test_a_number_that_is_none_shows_the_newest(office, reader):
    for before in ("x", "-1", "9" * 30, "٣", ""):
        assert reader.get("/ledger/", {"before": before}).status_code == 200
