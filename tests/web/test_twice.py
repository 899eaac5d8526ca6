"""A form that is sent twice is done once: a double click, a phone that sends again, a way back in the browser."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from aigaq import wiring
from aigaq.accounts.models import Press
from aigaq.disclosure.models import Demand
from aigaq.journal.models import Remark
from aigaq.registry.models import Person, Recorder
from aigaq.web import pressed
from aigaq.web.journal import views
from tests.support.duty import on_duty
from tests.support.visitors import text_of

pytestmark = pytest.mark.django_db

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w{64})"')
TWICE = "This was sent twice. The second time nothing was done."


def token_on(visitor, path):
    return _TOKEN.search(visitor.get(path).content.decode())[1]


@pytest.fixture
def row(office):
    return on_duty(office).issue()


@pytest.fixture
def custodian(office, visit):
    return visit(office.custodian)


def remarks(row):
    return list(Remark.objects.filter(row=row).values_list("text", flat=True))


def test_a_remark_sent_twice_is_entered_once_and_both_end_at_the_row(custodian, row):
    page, address = reverse("journal:row", args=[row.pk]), reverse("journal:remark", args=[row.pk])
    form = {"csrfmiddlewaretoken": token_on(custodian, page), "text": "Батарея ауыстырылды"}
    first, again = custodian.post(address, form), custodian.post(address, form)
    assert [first.status_code, again.status_code] == [302, 302]
    assert first["Location"] == again["Location"] == page
    assert remarks(row) == ["Батарея ауыстырылды"]
    assert TWICE in text_of(custodian.get(page))


def test_the_same_words_on_a_page_opened_anew_are_another_remark(custodian, row):
    page, address = reverse("journal:row", args=[row.pk]), reverse("journal:remark", args=[row.pk])
    for _ in range(2):
        form = {"csrfmiddlewaretoken": token_on(custodian, page), "text": "Батарея ауыстырылды"}
        assert custodian.post(address, form).status_code == 302
    assert len(remarks(row)) == 2


def test_other_words_on_the_same_page_are_another_remark(custodian, row):
    page, address = reverse("journal:row", args=[row.pk]), reverse("journal:remark", args=[row.pk])
    token = token_on(custodian, page)
    for text in ("Бірінші", "Екінші"):
        custodian.post(address, {"csrfmiddlewaretoken": token, "text": text})
    assert remarks(row) == ["Бірінші", "Екінші"]


def test_what_was_refused_may_be_sent_again(custodian, row):
    page, address = reverse("journal:row", args=[row.pk]), reverse("journal:remark", args=[row.pk])
    form = {"csrfmiddlewaretoken": token_on(custodian, page), "text": ""}
    assert [custodian.post(address, form).status_code for _ in range(2)] == [422, 422]
    assert not Press.objects.exists()


def test_a_refusal_that_ends_at_another_page_is_said_again_and_not_that_it_was_done(office, custodian):
    duty = on_duty(office)
    row = duty.issue()
    page, address = reverse("journal:row", args=[row.pk]), reverse("desk:return", args=[row.pk])
    form = {"csrfmiddlewaretoken": token_on(custodian, address), "stage": "sign"}
    duty.give_back(row)
    for _ in range(2):
        assert custodian.post(address, form)["Location"] == page
        assert "has been signed as taken back already" in text_of(custodian.get(page))
    assert not Press.objects.exists()


def test_a_second_press_while_the_first_is_being_done_enters_nothing(custodian, row, monkeypatch):
    page, address = reverse("journal:row", args=[row.pk]), reverse("journal:remark", args=[row.pk])
    form = {"csrfmiddlewaretoken": token_on(custodian, page), "text": "Батарея ауыстырылды"}
    answers = []
    monkeypatch.setattr(pressed, "PATIENCE", 0.0)

    def meanwhile(*given, real=views.remark_, **named):
        answers.append(custodian.post(address, form))
        return real(*given, **named)

    monkeypatch.setattr(views, "remark_", meanwhile)
    assert custodian.post(address, form)["Location"] == page
    assert [answer["Location"] for answer in answers] == [reverse("home")]
    assert len(remarks(row)) == 1


def test_where_enough_wait_already_who_presses_again_is_answered_at_once(custodian, row, monkeypatch):
    page, address = reverse("journal:row", args=[row.pk]), reverse("journal:remark", args=[row.pk])
    form = {"csrfmiddlewaretoken": token_on(custodian, page), "text": "Батарея ауыстырылды"}
    answers = []
    # Nobody can wait for so long: whoever tried would not be answered.
    monkeypatch.setattr(pressed, "_BETWEEN", -1.0)

    def meanwhile(*given, real=views.remark_, **named):
        places = [pressed._waiting.acquire(blocking=False) for _ in range(pressed.WAITING_AT_ONCE)]
        answers.append(custodian.post(address, form))
        for _ in places:
            pressed._waiting.release()
        return real(*given, **named)

    monkeypatch.setattr(views, "remark_", meanwhile)
    assert custodian.post(address, form)["Location"] == page
    assert [answer["Location"] for answer in answers] == [reverse("home")]
    assert len(remarks(row)) == 1


def test_a_demand_with_its_paper_sent_twice_is_one(custodian):
    address = reverse("disclosure:register")
    form = {
        "csrfmiddlewaretoken": token_on(custodian, address),
        "kind": "request",
        "authority": "Алматы қаласының соты",
        "official": "Судья А. Б.",
        "their_number": "7-1",
        "dated_on": wiring.clock().now().date().isoformat(),
        "received_on": wiring.clock().now().date().isoformat(),
        "basis": "ҚПК 122",
        "covers": "Барлығы",
    }

    def sent():
        return custodian.post(address, form | {"document": SimpleUploadedFile("a.pdf", b"%PDF-1.4 x")})

    first, again = sent(), sent()
    assert (first.status_code, again.status_code) == (302, 302), text_of(first)
    assert first["Location"] == again["Location"]
    assert Demand.objects.count() == 1


def test_somebody_entered_twice_is_one_and_their_page_is_where_a_new_password_is_given(office, visit):
    head, address = visit(office.head), reverse("registry:add-person")
    form = {
        "csrfmiddlewaretoken": token_on(head, address),
        "full_name": "Сәбитова Мөлдір",
        "staff_number": "М-77",
        "username": "moldir",
        "role": "",
        "from_on": wiring.clock().now().date().isoformat(),
        "order_number": "1",
    }
    first, again = head.post(address, form), head.post(address, form)
    added = Person.objects.get(staff_number="М-77")
    assert (first.status_code, again.status_code) == (200, 302), text_of(first)
    assert again["Location"] == reverse("registry:person", args=[added.pk])


def test_what_is_there_once_by_its_number_ends_where_it_ended_and_not_at_a_refusal(custodian):
    address = reverse("registry:add-recorder")
    form = {"csrfmiddlewaretoken": token_on(custodian, address), "inventory_number": "БТ-0777", "model": "X"}
    first, again = custodian.post(address, form), custodian.post(address, form)
    assert (first.status_code, again.status_code) == (302, 302), text_of(first)
    assert first["Location"] == again["Location"]
    assert Recorder.objects.filter(inventory_number="БТ-0777").count() == 1


def test_nothing_of_a_password_is_kept_and_nothing_for_longer_than_an_hour(office, visit, row, monkeypatch):
    custodian = visit(office.custodian)
    page, address = reverse("journal:row", args=[row.pk]), reverse("journal:remark", args=[row.pk])
    token = token_on(custodian, page)
    digests = set()
    for password in ("one", "two"):
        Press.objects.all().delete()
        custodian.post(
            address,
            {"csrfmiddlewaretoken": token, "text": "Бір", "password": password, "new_password": password},
        )
        digests.update(Press.objects.values_list("digest", flat=True))
    assert len(digests) == 1
    Press.objects.update(pressed_at=wiring.clock().now() - timedelta(hours=2))
    custodian.post(address, {"csrfmiddlewaretoken": token, "text": "Екі"})
    assert not Press.objects.filter(digest__in=digests).exists()


def test_the_vault_is_opened_as_often_as_it_is_asked_for(office, visit):
    head, address = visit(office.head), reverse("vault:lock")
    token = token_on(head, reverse("vault:unlock"))
    for _ in range(2):
        assert head.post(address, {"csrfmiddlewaretoken": token}).status_code == 302
    assert not Press.objects.exists()
