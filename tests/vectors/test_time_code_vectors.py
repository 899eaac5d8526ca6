"""The frozen showing is made again letter for letter, and the page of its format checks it with nothing of ours."""

import json
import re
from pathlib import Path

import pytest

from aigaq.core.clock import parse_rfc3339
from aigaq.timecode.code import Code, Purpose, key_of, name_of
from aigaq.timecode.showing import Showing, require_proven
from aigaq.tlog.checkpoint import VerifierKey
from tests.support.logs import signer

ROOT = Path(__file__).parents[2]
FROZEN = json.loads((Path(__file__).parent / "time-code.json").read_text(encoding="utf-8"))
SHOWN, CODES = FROZEN["showing"], FROZEN["codes"]


def proves():
    """As `docs/formats/time-code.md` has it."""
    page = (ROOT / "docs" / "formats" / "time-code.md").read_text(encoding="utf-8")
    names: dict[str, object] = {}
    exec(re.search(r"```python\n(.*?)```", page, re.DOTALL)[1], names)
    return names["proves"]


def test_the_frozen_showing_is_made_again():
    key = VerifierKey.of(signer())
    assert (str(key), name_of(key)) == (FROZEN["ledger_key"], SHOWN["ledger"])
    showing = Showing(
        ledger=SHOWN["ledger"],
        number=SHOWN["number"],
        purpose=Purpose(SHOWN["purpose"]),
        row=SHOWN["row"],
        began_at=parse_rfc3339(SHOWN["from"]),
        seconds=SHOWN["seconds"],
    )
    made = key_of(signer())
    assert made.hex() == FROZEN["key"]
    assert showing.root(made).hex() == SHOWN["root"]
    for each in CODES:
        assert showing.code(made, each["index"]).text == each["text"]
        assert [node.hex() for node in showing.proof(made, each["index"])] == each["path"]
        assert showing.is_ours(made, Code.parse(each["text"]))


@pytest.mark.parametrize("each", CODES, ids=lambda each: each["index"])
def test_the_page_of_the_format_proves_it_and_refuses_another(each):
    root, path = bytes.fromhex(SHOWN["root"]), [bytes.fromhex(node) for node in each["path"]]
    check = proves()
    assert check(each["text"], each["index"], SHOWN["seconds"], path, root)
    require_proven(each["text"], each["index"], SHOWN["seconds"], path, root)
    assert not check(each["text"][:-1] + "7", each["index"], SHOWN["seconds"], path, root)
    assert not check(each["text"], each["index"] ^ 1, SHOWN["seconds"], path, root)
    assert not check(each["text"], each["index"], SHOWN["seconds"], path[:-1], root)
