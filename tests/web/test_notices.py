"""What a person is told on the screen: their own notices and nobody else's, as soon as the act is done."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from aigaq import minding, wiring
from aigaq.journal.models import FailureCause, Told
from aigaq.journal.services.report_failure import report_failure
from aigaq.journal.services.telling import FieldNotice
from aigaq.ledger.models import LedgerEntry
from aigaq.notices import services
from aigaq.notices.models import Letter, Notice
from aigaq.registry.models import Person
from tests.support.duty import on_duty
from tests.support.visitors import text_of

LIST, BELL, ALL, EMAIL = (f"/notices/{path}" for path in ("", "bell/", "seen/", "email/"))


@pytest.fixture
def duty(office):
    """What was told so far is gone."""
    duty = on_duty(office)
    minding.follow_up(office.ledger)
    Notice.objects.all().delete()
    return duty


def fails(duty, words=""):
    """Yerlan tells it from the phone, a moment after the issue."""
    office, row = duty.office, duty.issue()
    notice = FieldNotice(
        id=uuid4(),
        row=row,
        person=office.inspector,
        told=Told.PHONE_PAGE,
        occurred_at=row.issue.occurred_at + timedelta(microseconds=1),
    )
    report_failure(
        office.ledger, office.by(office.inspector), notice, cause=FailureCause.NO_POWER, words=words
    )
    minding.follow_up(office.ledger)
    return row


def state_in(response):
    return re.search(r'name="state" value="(\w+)"', response.content.decode())[1]


def seen_path(person):
    return reverse("notices:seen", args=[Notice.objects.filter(person=person).latest("created_at").pk])


def test_the_wiring_leads_letters_to_the_list():
    assert wiring.notices_page().endswith(reverse("notices:list"))


def test_who_is_appointed_reads_it_on_the_next_page(office, visit):
    custodian = office.custodian.appointments.get()
    today = localdate()
    deputy = {
        "role": f"for-{custodian.pk}",
        "key": "later",
        "order_number": "18",
        "from_on": today.isoformat(),
        "until_on": (today + timedelta(days=7)).isoformat(),
    }
    path = reverse("registry:appoint", args=[office.second_inspector.pk])
    assert visit(office.head).submit(path, deputy).status_code == 302
    page = visit(office.second_inspector).get(LIST)
    assert "You are appointed: Custodian, Қонаев қаласының бөлімшесі" in text_of(page)
    assert Notice.objects.filter(person=office.second_inspector, facts__order="18").count() == 1


def test_a_failure_stands_on_top_of_every_page_until_it_was_seen(duty, visit):
    office, row = duty.office, fails(duty, words="түсіп кетті")
    custodian = visit(office.custodian)
    for address in ("/", reverse("journal:list"), LIST, reverse("desk:issue")):
        page = custodian.get(address)
        assert "the recorder БТ-0001 failed" in text_of(page), address
        assert "(түсіп кетті)" in text_of(page)
        assert reverse("journal:row", args=[row.pk]) in page.content.decode()
    onward = custodian.submit(seen_path(office.custodian), {"next": reverse("journal:list")})
    assert (onward.status_code, onward.url) == (302, reverse("journal:list"))
    assert 'class="alarm"' not in custodian.get("/").content.decode()
    assert "the recorder БТ-0001 failed" in text_of(custodian.get(LIST))
    assert 'class="alarm"' in visit(office.head).get("/").content.decode(), "the head has not seen it"


def test_the_banner_is_for_whom_it_tells_alone(duty, visit):
    office = duty.office
    fails(duty)
    for person in (office.inspector, office.second_inspector, office.sister_head, office.sister_custodian):
        browser = visit(person)
        for address in ("/", LIST, BELL):
            assert "БТ-0001 failed" not in text_of(browser.get(address)), (person, address)


def test_nobody_marks_anothers_notice(duty, visit):
    office = duty.office
    fails(duty)
    path = seen_path(office.custodian)
    for person in (office.inspector, office.head, office.sister_custodian):
        page = visit(person).submit(path)
        assert page.status_code == 422
        assert "There is no such notice for you" in text_of(page)
    assert Notice.objects.filter(person=office.custodian, seen_at=None).exists()


def test_the_bell_is_silent_until_something_changes(duty, visit):
    office = duty.office
    custodian = visit(office.custodian)
    page = custodian.get("/")
    first = custodian.get(BELL, {"state": state_in(page)})
    assert (first.status_code, first.content) == (204, b"")
    fails(duty)
    second = custodian.get(BELL, {"state": state_in(page)})
    told = second.content.decode()
    assert "1 notice not seen yet" in text_of(second)
    assert "hx-swap-oob" in told
    assert "the recorder БТ-0001 failed" in text_of(second)
    assert "<html" not in told
    assert custodian.get(BELL, {"state": state_in(second)}).status_code == 204
    assert state_in(second) == state_in(custodian.get("/"))


def test_the_bell_costs_few_queries(duty, visit, django_assert_max_num_queries):
    fails(duty)
    custodian = visit(duty.office.custodian)
    state = state_in(custodian.get(BELL))
    with django_assert_max_num_queries(6):  # session, user, person, appointments; then two
        custodian.get(BELL, {"state": state})
    with django_assert_max_num_queries(6):
        custodian.get(BELL)


def test_seen_on_an_open_page_leaves_what_was_typed(duty, visit):
    """htmx puts the bell and the banner anew, and nothing else."""
    office = duty.office
    fails(duty)
    custodian = visit(office.custodian)
    answer = custodian.submit(
        seen_path(office.custodian),
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/issue/"},
    )
    assert answer.status_code == 200
    assert 'id="urgent"' not in answer.content.decode()
    assert "БТ-0001" not in answer.content.decode()


def test_a_form_that_leads_away_leads_to_the_list(duty, visit):
    office = duty.office
    fails(duty)
    answer = visit(office.custodian).submit(seen_path(office.custodian), {"next": "https://evil.example/"})
    assert answer.url == LIST


def test_all_that_the_page_showed_are_seen_at_once(duty, visit):
    office = duty.office
    fails(duty)
    custodian = visit(office.custodian)
    until = re.search(r'name="until" value="([^"]+)"', custodian.get(LIST).content.decode())[1]
    for wrong in ("", "yesterday", "9999"):
        custodian.submit(ALL, {"until": wrong})
    assert Notice.objects.filter(person=office.custodian, seen_at=None).exists()
    assert custodian.submit(ALL, {"until": until}).url == LIST
    assert not Notice.objects.filter(person=office.custodian, seen_at=None).exists()
    assert Notice.objects.filter(person=office.head, seen_at=None).exists()


def test_words_from_the_field_are_shown_as_words(duty, visit):
    fails(duty, words="<script>alert(1)</script>")
    page = visit(duty.office.custodian).get(LIST).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_who_does_not_keep_the_division_gets_no_link_into_its_journal(duty, visit):
    office, row = duty.office, duty.issue()
    later = wiring.clock().now() + timedelta(days=2)
    services.remind_overdue(office.ledger, later)
    page = visit(office.inspector).get(LIST)
    assert "Hand back the recorder БТ-0001" in text_of(page)
    assert str(row.pk) not in page.content.decode()
    assert reverse("journal:row", args=[row.pk]) in visit(office.custodian).get(LIST).content.decode()


def test_letters_that_reach_nobody_are_said_to_head_and_custodian(duty, visit):
    office = duty.office
    Person.objects.filter(pk=office.head.pk).update(email="aigerim@example.kz")
    Notice.objects.all().delete()
    fails(duty)
    letter = Letter.objects.create(
        notice=Notice.objects.get(person=office.head),
        way="smtp",
        address="aigerim@example.kz",
        attempts=9,
        last_error="550 <b>no such mailbox</b>",
    )
    for person in (office.head, office.custodian):
        browser = visit(person)
        assert "1 letter could not be delivered" in text_of(browser.get("/"))
        page = browser.get(LIST)
        assert "Ахметова Әйгерім Қуанышқызы" in text_of(page)
        assert "550 <b>no such mailbox</b>" in text_of(page).replace("&lt;", "<")
        assert "<b>no such mailbox" not in page.content.decode()
    for person in (office.inspector, office.sister_head, office.sister_custodian):
        browser = visit(person)
        for address in ("/", LIST):
            assert "could not be delivered" not in text_of(browser.get(address))
    services.seen(office.head, letter.notice_id, wiring.clock().now())
    assert "could not be delivered" not in text_of(visit(office.custodian).get("/"))


def test_everybody_enters_their_own_address(duty, visit):
    office = duty.office
    for person in (office.inspector, office.head, office.administrator):
        browser = visit(person)
        assert "nowhere else" in text_of(browser.get(LIST))
        email = f"{person.user.username}@example.kz"
        assert browser.submit(EMAIL, {"email": f"  {email} "}).url == LIST
        assert Person.objects.get(pk=person.pk).email == email
        entry = LedgerEntry.objects.filter(kind="registry.email-set").latest("seq")
        assert str(person.pk) in entry.entry
        assert browser.submit(EMAIL, {"email": ""}).status_code == 302
        assert Person.objects.get(pk=person.pk).email == ""


@pytest.mark.parametrize(
    "email", ["daniyar", "a b@example.kz", "a@b\r\nBcc: c@example.kz", '"a b"@example.kz']
)
def test_what_is_no_address_is_refused_with_a_sentence(duty, visit, email):
    page = visit(duty.office.custodian).submit(EMAIL, {"email": email})
    assert page.status_code == 422
    assert "is no e-mail address. Write it as name@example.kz" in text_of(page)
    assert not LedgerEntry.objects.filter(kind="registry.email-set").exists()


def test_head_and_custodian_enter_the_addresses_of_their_staff(duty, visit):
    office = duty.office
    path = reverse("registry:email", args=[office.inspector.pk])
    for person, email in ((office.custodian, "yerlan@example.kz"), (office.head, "e.otegenov@example.kz")):
        browser = visit(person)
        assert browser.submit(path, {"email": email}).status_code == 302
        assert email in text_of(browser.get(reverse("registry:person", args=[office.inspector.pk])))
    for stranger, status in (
        (office.sister_head, 404),
        (office.sister_custodian, 404),
        (office.inspector, 403),
    ):
        assert visit(stranger).submit(path, {"email": "x@example.kz"}).status_code == status
    assert Person.objects.get(pk=office.inspector.pk).email == "e.otegenov@example.kz"


def test_an_empty_address_reads_as_nothing_in_the_ledger(duty, visit):
    office = duty.office
    browser = visit(office.custodian)
    browser.submit(EMAIL, {"email": "d@example.kz"})
    browser.submit(EMAIL, {"email": ""})
    said = text_of(browser.get(reverse("ledger:list")))
    assert "entered the e-mail address of Жүнісов Данияр Ғалымұлы: d@example.kz." in said
    assert "entered the e-mail address of Жүнісов Данияр Ғалымұлы: –." in said


def test_the_list_goes_on_to_older_pages(duty, visit):
    office = duty.office
    now = wiring.clock().now()
    Notice.objects.bulk_create(
        Notice(
            person=office.custodian,
            division=office.division,
            kind="book-opened",
            key=str(number),
            facts={"previous": "01-12/4", "book": f"№ {number}"},
            created_at=now - timedelta(minutes=number),
        )
        for number in range(31)
    )
    browser = visit(office.custodian)
    first = browser.get(LIST)
    older = re.search(r'href="(\?before=[^"]+)" rel="next"', first.content.decode())[1].replace("&amp;", "&")
    assert "№ 30" not in text_of(first)
    assert "№ 30" in text_of(browser.get(LIST + older))
    assert browser.get(LIST + "?before=nonsense").status_code == 200
