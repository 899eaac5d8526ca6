"""A recorder fails on duty: it is replaced, taken back, and both rows tell the whole duty."""

import pytest
from django.urls import reverse

from aigaq.journal.models import JournalRow, ThingKind
from aigaq.journal.selectors import row_view
from tests.support import databases
from tests.support.browsing import picture, shown_at, sign_in
from tests.support.duty import SEAL, spare_of
from tests.support.office import password_of

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def signs(page, person):
    page.wait_for_selector("#id_password")
    page.fill("#id_password", password_of(person.user.username))
    page.click("button[value=sign]")


def test_a_failed_recorder_is_replaced_and_taken_back_in_one_go(page, address, room):
    office, duty = room.office, room.duty
    row, spare = duty.issue(), spare_of(office)
    duty.passes(hours=2)
    duty.fail(row, words="Экраны қараңғы")
    duty.passes(minutes=25)

    sign_in(page, address, office.custodian)
    shown_at(page, "failed-desk")
    page.click(f"#replace-{row.pk}")
    page.wait_for_selector("form.steps")
    assert page.input_value("#id_act_number") == row.issue.act_number
    shown_at(page, "replace-write")
    page.fill("#id_recorder", spare.recorder.inventory_number)
    page.fill("#id_card", spare.card.inventory_number)
    page.fill("#id_seal_number", "Қ-0777")
    for point in page.query_selector_all(".point input[value=passed]"):
        point.check()
    page.click("main form.steps button.primary")
    page.wait_for_selector(".sign")
    shown_at(page, "replace-sign")
    signs(page, office.inspector)

    page.wait_for_selector("#id_seal_number_found")
    assert page.url.endswith(reverse("desk:return", args=[row.pk]))
    words = page.locator("#id_recorder_words")
    assert not words.is_visible()
    page.fill("#id_seal_number_found", SEAL)
    page.check("input[name=seal_found][value=intact]")
    page.check("input[name=recorder_found][value=damaged]")
    assert words.is_visible(), "what is not in order asks for words"
    words.fill("Экраны сынған")
    shown_at(page, "replace-take-back")
    page.click("main form.steps button.primary")
    page.wait_for_selector(".sign")
    shown_at(page, "replace-take-back-sign")
    signs(page, office.inspector)
    page.wait_for_selector(".notice.success")

    new = JournalRow.objects.get(number=2)
    assert row_view(row).replaced_by == new
    assert not row_view(row).is_open
    for each, name in ((row, "replaced-row"), (new, "replacing-row")):
        page.goto(address + reverse("journal:row", args=[each.pk]))
        assert "row 2, БТ-0002" in page.text_content(".whole-duty")
        shown_at(page, name)
    page.goto(address + reverse("journal:list"))
    shown_at(page, "replaced-book")


@pytest.mark.skipif(databases.ENGINE == "postgresql", reason="a page looks alike whatever keeps its facts")
def test_what_goes_wrong_looks_right(page, address, room):
    office, duty = room.office, room.duty
    row, spare = duty.issue(), spare_of(office)
    second = duty.issue(recorder=spare.recorder, card=spare.card, inspector=office.second_inspector)
    failure = duty.fail(row)
    sign_in(page, address, office.custodian)
    page.goto(address + reverse("journal:repair", args=[failure.pk]))
    shown_at(page, "repair")
    duty.repair(failure)
    page.goto(address + reverse("journal:report-loss", args=[second.pk]))
    shown_at(page, "loss")
    duty.lose(second, thing=ThingKind.CARD, words="Көлікте қалды")
    for each, name in ((row, "repaired-row"), (second, "lost-row")):
        page.goto(address + reverse("journal:row", args=[each.pk]))
        shown_at(page, name)
    duty.passes(hours=12)
    page.goto(address + "/")
    if "sign-in" in page.url:
        sign_in(page, address, office.custodian)
    assert "hours late" in page.text_content("main")
    shown_at(page, "overdue-desk")
    page.goto(address + reverse("desk:return", args=[second.pk]))
    assert page.is_checked("input[name=card_found][value=missing]")
    page.click("main form.steps button.primary")
    page.wait_for_selector("#errors")
    picture(page, "return-refused")
