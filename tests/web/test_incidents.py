"""What does not add up, on the screen: told in words, read by two, decided by one."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation

from aigaq import wiring
from aigaq.incidents.models import Decision, Incident, Kind
from aigaq.incidents.services import attend
from aigaq.journal.models import SealFound, ThingFound
from aigaq.journal.rules import Found
from aigaq.notices.models import Notice
from aigaq.registry.models import State
from aigaq.registry.services import set_state
from aigaq.web.incidents import views, words
from tests.support.duty import SEAL, on_duty
from tests.support.office import password_of
from tests.support.visitors import text_of

WHY = "Көлік апаты, актісі бар"


@pytest.fixture
def duty(office):
    return on_duty(office)


def broken(duty):
    row = duty.give_back(duty.issue(), seal_found=SealFound.BROKEN, condition="Көлікте үзілген")
    attend(duty.office.ledger)
    return Incident.objects.get(row=row)


def address(incident, name="incident"):
    return reverse(f"incidents:{name}", args=[incident.pk])


def typed(**changes):
    return {
        "stage": "sign",
        "outcome": "explained",
        "reason": WHY,
        "password": password_of("aigerim"),
    } | changes


def decided(visit, duty, incident, **changes):
    return visit(duty.office.head).submit(address(incident, "decide"), typed(**changes))


def test_the_list_tells_what_happened_in_words(duty, visit):
    incident = broken(duty)
    page = visit(duty.office.custodian).get("/incidents/")
    told = (
        f"The seal № {SEAL} was found broken when Өтегенов Ерлан Сәкенұлы handed back БТ-0001, "
        f"row {incident.row.number}."
    )
    assert told in text_of(page)
    assert address(incident) in page.content.decode()
    assert reverse("journal:row", args=[incident.row_id]) in page.content.decode()


def test_a_return_that_does_not_add_up_is_there_at_once(duty, visit):
    row = duty.issue()
    custodian = visit(duty.office.custodian)
    given = {
        "stage": "sign",
        "handed_back_by": str(duty.office.inspector.pk),
        "seal_found": "broken",
        "seal_number_found": "",
        "condition": "Көлікте үзілген",
        "recorder_found": "whole",
        "card_found": "whole",
        "password": password_of("yerlan"),
    }
    page = custodian.submit(reverse("desk:return", args=[row.pk]), given)
    assert page.status_code == 302, text_of(page)
    assert Incident.objects.get().kind == Kind.SEAL_BROKEN
    assert 'Incidents</span><b class="count">1</b>' in custodian.get("/").content.decode()


def unopened(duty):
    return duty.give_back(duty.issue(), seal_found=SealFound.BROKEN, condition="Үзілген")


def test_what_can_not_be_opened_now_spoils_nothing_that_was_done(duty, visit, caplog):
    """The database fails in the middle; the act itself is done and stays, and the next one makes it up."""
    custodian = visit(duty.office.custodian)
    remark = reverse("journal:remark", args=[unopened(duty).pk])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_follower RENAME TO ledger_gone")
    try:
        assert custodian.submit(remark, {"text": "Тексерілді"}).status_code == 302
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE ledger_gone RENAME TO ledger_follower")
    assert "incidents: not done now; it is tried again" in caplog.text
    assert not Incident.objects.exists()
    custodian.submit(remark, {"text": "Тағы тексерілді"})
    assert Incident.objects.count() == 1


def test_looking_and_a_form_that_was_refused_open_nothing(duty, visit):
    custodian = visit(duty.office.custodian)
    remark = reverse("journal:remark", args=[unopened(duty).pk])
    custodian.submit(remark, {"text": ""})
    custodian.get("/incidents/")
    assert not Incident.objects.exists()


def test_the_head_is_told_of_it_in_the_same_moment(duty, visit):
    """Incidents are followed before notices, which tell of them."""
    row = unopened(duty)
    visit(duty.office.custodian).submit(reverse("journal:remark", args=[row.pk]), {"text": "Тексерілді"})
    incident = Incident.objects.get()
    (notice,) = Notice.objects.filter(person=duty.office.head, kind="incident")
    assert notice.facts["incident"] == str(incident.pk)


def test_one_incident_shows_its_evidence_the_remarks_and_what_the_order_says(duty, visit):
    incident = broken(duty)
    page = visit(duty.office.head).get(address(incident))
    read, html = text_of(page), page.content.decode()
    for seq in incident.evidence:
        assert reverse("ledger:entry", args=[seq]) in html
    assert "issued the recorder БТ-0001 to Өтегенов Ерлан" in read
    assert "took back the recorder БТ-0001" in read
    assert f"№ {SEAL} мөрдің бүлінгені анықталды" in read
    assert "Order No. 236, paragraph 9" in read
    assert "Order No. 236, paragraph 20" in read
    assert reverse("journal:row", args=[incident.row_id]) in html


def test_the_row_shows_its_incidents(duty, visit):
    incident = broken(duty)
    row = reverse("journal:row", args=[incident.row_id])
    custodian = visit(duty.office.custodian)
    assert address(incident) in custodian.get(row).content.decode()
    assert "found broken" in text_of(custodian.get(row))
    decided(visit, duty, incident)
    assert "Explained: nobody is to blame" in text_of(custodian.get(row))
    other = duty.issue()
    assert "Incidents </h2>" not in text_of(custodian.get(reverse("journal:row", args=[other.pk])))


def test_the_head_reads_what_they_sign_and_then_it_is_closed(duty, visit):
    incident, head = broken(duty), visit(duty.office.head)
    facts = {"stage": "facts", "outcome": "disciplinary", "reason": f"  {WHY} "}
    page = head.submit(address(incident, "decide"), facts)
    read = text_of(page)
    assert page.status_code == 200
    assert "please read and sign" in read
    assert "Handed over for disciplinary proceedings" in read
    assert not Decision.objects.exists()
    done = head.submit(address(incident, "decide"), typed(outcome="disciplinary"))
    assert done.url == address(incident)
    decision = Decision.objects.get()
    read = text_of(head.get(address(incident)))
    for told in ("Decided and signed", WHY, decision.signed_digest, "own password"):
        assert told in read
    assert "Your decision" not in read
    assert "Nothing is open" in text_of(head.get("/incidents/"))
    assert WHY not in text_of(head.get("/incidents/"))
    assert "Handed over for disciplinary" in text_of(head.get("/incidents/", {"state": "decided"}))


def test_back_from_the_signature_the_form_is_as_it_was_written(duty, visit):
    incident = broken(duty)
    page = visit(duty.office.head).submit(address(incident, "decide"), typed(stage="change"))
    html = page.content.decode()
    assert WHY in html
    assert re.search(r'value="explained"[^>]* checked', html)
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"password": password_of("daniyar")}, "That is not the password of"),
        ({"password": ""}, "signs with their own passkey or password"),
        ({"reason": ""}, "A decision is given with its reason"),
        ({"reason": " \n "}, "A decision is given with its reason"),
        ({"outcome": ""}, "A decision says what becomes of the incident"),
        ({"outcome": "forgiven"}, "Select a valid choice"),
    ],
)
def test_a_refusal_says_what_to_do_and_decides_nothing(duty, visit, change, says):
    page = decided(visit, duty, broken(duty), **change)
    assert page.status_code == 422
    assert says in text_of(page)
    assert not Decision.objects.exists()


def test_a_decision_is_never_changed(duty, visit):
    incident = broken(duty)
    decided(visit, duty, incident)
    head = visit(duty.office.head)
    again = head.submit(address(incident, "decide"), typed(outcome="authority"))
    assert again.url == address(incident)
    assert Decision.objects.get().outcome == "explained"
    assert "A decision is never changed" in text_of(head.get(address(incident)))


def test_the_custodian_reads_and_does_not_decide(duty, visit):
    incident, custodian = broken(duty), visit(duty.office.custodian)
    read = text_of(custodian.get(address(incident)))
    assert "The head of the division decides" in read
    assert "On to the signature" not in read
    page = custodian.submit(address(incident, "decide"), typed(password=password_of("daniyar")))
    assert page.status_code == 403
    assert not Decision.objects.exists()


def test_an_incident_of_the_division_next_door_is_not_there(duty, visit):
    incident = broken(duty)
    for who in (duty.office.sister_head, duty.office.sister_custodian):
        stranger = visit(who)
        assert stranger.get(address(incident)).status_code == 404
        assert "БТ-0001" not in text_of(stranger.get("/incidents/"))
    stranger = visit(duty.office.sister_head)
    assert stranger.submit(address(incident, "decide"), typed()).status_code == 404
    assert stranger.get(reverse("incidents:incident", args=[uuid4()])).status_code == 404
    for who in (duty.office.inspector, duty.office.administrator):
        assert visit(who).get(address(incident)).status_code == 403


def test_open_ones_are_read_oldest_first_and_pages_leave_none_out(duty, visit, monkeypatch):
    monkeypatch.setattr(views, "_PAGE", 2)
    for _ in range(5):
        duty.give_back(duty.issue(), seal_found=SealFound.MISSING, condition="Жоқ")
    attend(duty.office.ledger)
    everything = [str(each) for each in Incident.objects.order_by("seq").values_list("pk", flat=True)]
    head = visit(duty.office.head)
    assert read_through(head, "/incidents/") == everything
    for incident in Incident.objects.all():
        decided(visit, duty, incident)
    assert read_through(head, "/incidents/?state=decided") == everything[::-1]


def read_through(browser, address):
    seen = []
    for _ in range(9):
        page = browser.get(address).content.decode()
        seen += re.findall(r'<th scope="row"><a href="/incidents/([0-9a-f-]+)/"', page)
        later = re.search(r'href="([^"]+)" rel="next"', page)
        if later is None:
            return seen
        address = f"/incidents/{later[1].replace('&amp;', '&')}"
    raise AssertionError("the pages never end")


def test_the_list_is_narrowed_by_kind_and_by_what_nobody_offered(duty, visit):
    broken(duty)
    head = visit(duty.office.head)
    assert "found broken" in text_of(head.get("/incidents/", {"kind": "seal-broken"}))
    assert "No incident fits" in text_of(head.get("/incidents/", {"kind": "loss"}))
    for odd in ({"kind": "x"}, {"state": "x"}, {"after": "x"}, {"before": "-1"}, {"after": "9" * 30}):
        assert head.get("/incidents/", odd).status_code == 200


def test_every_kind_has_a_sentence_that_leaves_nothing_out(duty, visit):
    office, row = duty.office, duty.issue()
    duty.give_back(
        row,
        handed_back_by=office.second_inspector,
        seal_found=SealFound.DIFFERENT,
        seal_number_found="Қ-9999",
        condition="Ауыстырып алған",
        recorder=Found(ThingFound.DAMAGED, "Экраны сынған"),
    )
    second = duty.give_back(duty.issue(), condition="Таза")
    duty.correct(second, "seal_found", "missing")
    set_state(office.ledger, office.by(office.custodian), office.card, State.LOST, "Сейфте жоқ")
    attend(office.ledger)
    told = {shown.sentence for shown in words.shown(Incident.objects.all())}
    assert told == {
        "БТ-0001 went out with the seal № Қ-0412, and Ықыласова Мадина Һашимқызы handed it back with № Қ-9999, row 1.",
        "БТ-0001 was issued to Өтегенов Ерлан Сәкенұлы, and Ықыласова Мадина Һашимқызы handed it back, row 1.",
        "Recorder БТ-0001 was damaged when Ықыласова Мадина Һашимқызы handed it back, row 1: “Экраны сынған”",
        "Жүнісов Данияр Ғалымұлы corrected row 2: the seal № Қ-0412 of БТ-0001 had been missing.",
        "Card ЖК-0001 was entered in the register as lost: “Сейфте жоқ”",
    }
    read = text_of(visit(office.head).get("/incidents/"))
    assert "…" not in read


@pytest.mark.parametrize("kind", list(Kind))
def test_a_sentence_is_made_of_whatever_facts_there_are(kind):
    for facts in (
        {},
        {"row": 1},
        {"at": "yesterday", "hands": "Х", "corrected_by": "Ж", "cause": 5, "row": 7},
    ):
        assert words.sentence(Incident(kind=kind, facts=facts))


def test_times_and_choices_are_in_the_readers_language():
    at = "2026-11-20T07:05:00.000000Z"
    incident = Incident(
        kind=Kind.PAUSE_NOT_ENDED, facts={"at": at, "pause": "meal", "inspector": "Ерлан", "row": 7}
    )
    assert "20 November 2026, 12:05 (Meal)" in words.sentence(incident)
    with translation.override("kk"):
        assert "2026\N{NO-BREAK SPACE}ж. 20 қараша, 12:05" in words.sentence(incident)


def test_the_ledger_tells_of_both(duty, visit):
    incident = broken(duty)
    decided(visit, duty, incident)
    page = text_of(visit(duty.office.head).get("/ledger/", {"group": "incidents"}))
    assert "An incident was opened by itself: “The seal was broken”, БТ-0001." in page
    assert (
        "Ахметова Әйгерім Қуанышқызы decided on the incident “The seal was broken”: "
        f"Explained: nobody is to blame. Reason: {WHY}" in page
    )
    assert "…" not in page


def test_what_is_written_in_a_reason_is_never_markup(duty, visit):
    incident = broken(duty)
    decided(visit, duty, incident, reason="<script>alert(1)</script>")
    assert b"<script>alert" not in visit(duty.office.head).get(address(incident)).content


def test_a_page_of_incidents_asks_the_database_as_often_for_many_as_for_one(
    duty, visit, django_assert_max_num_queries
):
    broken(duty)
    head = visit(duty.office.head)
    head.get("/incidents/")
    with django_assert_max_num_queries(40) as few:
        head.get("/incidents/")
    for _ in range(6):
        duty.give_back(duty.issue(), seal_found=SealFound.MISSING, condition="Жоқ")
    attend(wiring.ledger())
    with django_assert_max_num_queries(len(few)):
        head.get("/incidents/")
