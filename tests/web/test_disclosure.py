"""Pages of demands: a paper comes in, recordings are chosen, the head signs; the public page tells of no person."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from aigaq import wiring
from aigaq.disclosure.models import Demand, Selection
from aigaq.disclosure.receipts import code_of_entry
from aigaq.disclosure.rules import MOST
from aigaq.disclosure.selectors import Stage, demand_view
from aigaq.disclosure.services.hand_over import HandOverRequest, hand_over
from aigaq.ingest.services import unload
from aigaq.ledger.models import LedgerEntry
from aigaq.overview.figures import today as today_at
from aigaq.recordings.models import Placement, RecordingFile
from aigaq.retention.models import Hold
from aigaq.web.receipts.pace import PER_MINUTE, Pace
from tests.support.cards import fill, pipeline, takes
from tests.support.disclosure import PAPER, Registrar, every_recording
from tests.support.duty import on_duty
from tests.support.office import password_of
from tests.support.visitors import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(office, tmp_path, monkeypatch):
    """Two recordings of one duty, in a vault."""
    duty, line = on_duty(office), pipeline(office, tmp_path / "vault")
    row = duty.issue()
    unload(line, fill(tmp_path / "card", takes(2)))
    duty.give_back(row)
    monkeypatch.setattr(wiring, "vault", lambda: line.vault)
    monkeypatch.setattr(wiring, "ledger", lambda: office.ledger)
    return line


@pytest.fixture
def registrar(office):
    return Registrar(office)


def sent(**changes):
    told = {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in PAPER.items()
    }
    return told | changes


def page(name, demand):
    return reverse(f"disclosure:{name}", args=[demand.pk])


def test_a_paper_is_entered_with_its_scan_and_what_it_names_is_held(office, line, visit):
    scan = SimpleUploadedFile("сот.pdf", b"%PDF-1.7 ...", content_type="text/html")
    response = visit(office.custodian).submit(
        reverse("disclosure:register"), sent(document=scan, **{"named-day": "2026-11-20"})
    )
    demand = Demand.objects.get()
    assert response.url == page("demand", demand)
    assert (demand.media_type, demand.number) == ("application/pdf", 1)
    assert Hold.objects.get().held.count() == 2


def test_what_is_no_paper_is_refused_beside_its_field(office, line, visit):
    scan = SimpleUploadedFile("сот.pdf", b"<script>", content_type="application/pdf")
    response = visit(office.custodian).submit(reverse("disclosure:register"), sent(document=scan))
    assert response.status_code == 422
    assert not Demand.objects.exists()


def test_a_whole_duty_is_chosen_with_one_button_and_saved(office, line, registrar, visit):
    demand, browser = registrar.registers(), visit(office.custodian)
    row = Placement.objects.first().row_id
    response = browser.submit(page("choose", demand), {"stage": "search", "duty": str(row)})
    assert response.content.count(b" checked>") == 2
    recordings = [str(each.recording) for each in every_recording()]
    saved = browser.submit(page("choose", demand), {"stage": "save", "recording": recordings, "read": "1"})
    assert saved.url == page("demand", demand)
    assert len(demand_view(demand.pk).selection.items) == 2
    asked = LedgerEntry.objects.filter(kind="access.searched").latest("seq")
    assert json.loads(asked.entry)["actor"]["id"] == str(office.custodian.pk)


def test_a_choice_of_hundreds_is_carried_by_its_page(office, line, registrar, visit):
    """Each recording is a field of the form, and each film that could be cut is three."""
    demand, file = registrar.registers(), RecordingFile.objects.first()
    chosen = [str(each.recording) for each in every_recording()] * (MOST // 2)
    stretches = {"file": [str(file.pk)] * 2_000, "from": [""] * 2_000, "until": [""] * 2_000}
    data = {"stage": "save", "recording": chosen, "read": "1", **stretches}
    response = visit(office.custodian).submit(page("choose", demand), data)
    assert response.url == page("demand", demand)
    assert len(demand_view(demand.pk).selection.items) == 2


def test_a_stretch_that_is_no_stretch_is_refused(office, line, registrar, visit):
    demand = registrar.registers()
    chosen = every_recording()[0].recording
    file = Placement.objects.get(recording=chosen).recording.files.get()
    data = {
        "stage": "save",
        "recording": str(chosen),
        "file": str(file.pk),
        "from": "0:01",
        "until": "x",
        "read": "1",
    }
    response = visit(office.custodian).submit(page("choose", demand), data)
    assert response.status_code == 422
    assert Selection.objects.count() == 1


def test_the_head_reads_and_signs(office, line, registrar, visit):
    demand, browser = registrar.registers(*every_recording()), visit(office.head)
    assert "DAT" in text_of(browser.get(page("approve", demand)))
    data = {"stage": "sign", "read": "1", "password": password_of("aigerim")}
    response = browser.submit(page("approve", demand), data)
    assert response.url == page("demand", demand)
    assert demand_view(demand.pk).stage is Stage.APPROVED


def test_what_was_chosen_anew_meanwhile_is_not_signed(office, line, registrar, visit):
    first, second = every_recording()
    demand = registrar.registers(first)
    browser = visit(office.head)
    registrar.amends(demand, first, second)
    data = {"stage": "sign", "read": "1", "password": password_of("aigerim")}
    assert browser.submit(page("approve", demand), data).status_code == 302
    assert demand_view(demand.pk).stage is Stage.OPEN


def test_a_locked_vault_builds_nothing_and_leads_to_its_password(office, line, registrar, visit):
    demand = registrar.registers(*every_recording())
    registrar.approves(demand)
    before = LedgerEntry.objects.count()
    for name in ("prepare", "package"):
        response = visit(office.custodian).submit(page(name, demand), {"sealing": "no"})
        assert response.url.startswith(reverse("vault:unlock"))
    assert not LedgerEntry.objects.filter(seq__gte=before, kind__startswith="disclosure.").exists()


def test_what_a_demand_names_is_marked_as_held_for_it(office, line, registrar, visit):
    first, second = every_recording()
    demand = registrar.registers(first)
    browser, link = visit(office.custodian), f'href="{page("demand", demand)}"'
    held, free = (RecordingFile.objects.get(recording=each.recording).pk for each in (first, second))
    assert link in browser.get(reverse("recordings:recording", args=[held])).content.decode()
    assert link not in browser.get(reverse("recordings:recording", args=[free])).content.decode()
    listed = browser.get(reverse("recordings:list"), {"day": "2026-11-20"}).content.decode()
    assert listed.count(link) == 1


def test_the_desk_and_the_overview_tell_of_a_last_day_that_is_near_or_past(office, line, registrar, visit):
    today = today_at(office.clock.now())
    late = registrar.registers(received_on=today - timedelta(days=1), due_on=today - timedelta(days=1))
    near = registrar.registers(due_on=today + timedelta(days=2), their_number="2")
    far = registrar.registers(due_on=today + timedelta(days=30), their_number="3")
    desk = visit(office.custodian).get(reverse("home")).content.decode()
    places = [desk.find(f'href="{page("demand", each)}"') for each in (late, near, far)]
    assert 0 < places[0] < places[1]
    assert places[2] == -1
    shown = visit(office.head).get(reverse("overview:page")).context["overview"].total
    assert (shown.demands_late, shown.demands_near) == (1, 1)
    registrar.refuses(late)
    assert page("demand", late) not in visit(office.custodian).get(reverse("home")).content.decode()


def handed_over(office, registrar):
    demand = registrar.registers(*every_recording())
    building = registrar.builds(registrar.approves(demand))
    request = HandOverRequest(
        person=office.custodian,
        division=office.division,
        demand=demand.pk,
        building=building.pk,
        receiver="Омаров Нұрлан",
        position="Сот хатшысы",
        basis="Сенімхат № 5",
        carrier="disc",
        way="on-paper",
    )
    return hand_over(office.ledger, office.by(office.custodian), request)


def test_the_receipts_page_is_open_to_all_and_names_no_person(office, line, registrar, visit):
    handed = handed_over(office, registrar)
    code = code_of_entry(handed.seq)
    browser = visit()
    told = text_of(browser.get(reverse("receipts:check"), {"code": code.lower()}))
    assert handed.building.built.package_digest in told
    for secret in ("Омаров", "Жүнісов", "Қонаев", "Сенімхат"):
        assert secret not in told
    proof = browser.get(reverse("receipts:proof"), {"code": code})
    assert proof.content.startswith(b"c2sp.org/tlog-proof@v1\n")
    assert browser.get(reverse("receipts:check"), {"code": "0" * 20}).status_code == 404


def test_who_looks_receipts_up_from_many_addresses_of_one_network_waits_too(office, visit):
    browser, page = visit(), reverse("receipts:check")
    asked = [
        browser.get(page, {"code": "0" * 20}, REMOTE_ADDR=f"2001:db8:77:1::{n}").status_code
        for n in range(PER_MINUTE + 1)
    ]
    assert asked == [404] * PER_MINUTE + [429]
    assert browser.get(page, {"code": "0" * 20}, REMOTE_ADDR="2001:db8:77:2::1").status_code == 404


def test_another_divisions_receipt_is_not_there(office, line, registrar, visit):
    handed = handed_over(office, registrar)
    assert visit(office.sister_head).get(reverse("disclosure:receipt", args=[handed.pk])).status_code == 404


def test_whoever_asks_too_often_waits_a_minute():
    now = [0.0]
    pace = Pace(lambda: now[0])
    assert [pace.may("a") for _ in range(PER_MINUTE + 1)] == [True] * PER_MINUTE + [False]
    assert pace.may("b")
    now[0] = 61.0
    assert pace.may("a")
