"""The custodian's desk in a real browser: by keyboard alone, in three languages, on a wide screen and a phone."""

import pytest
from django.urls import reverse

from aigaq.journal.models import JournalRow, SealFound
from tests.support import amount, databases
from tests.support.browsing import page_at, shown_at, sign_in
from tests.support.duty import SEAL
from tests.support.office import password_of

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LANGUAGES = {"kk": "light", "ru": "dark", "en": "light"}
"""With the colours in which each is looked at."""


def tab_to(page, selector):
    """By the Tab key alone; fails if a person could not get there so."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            outline = page.evaluate(
                "() => getComputedStyle(document.activeElement).outlineStyle + "
                "getComputedStyle(document.activeElement.closest('label') ?? document.activeElement).outlineStyle"
            )
            assert "solid" in outline, f"where the keyboard is can't be seen at {selector}"
            return
    pytest.fail(f"the Tab key never comes to {selector}")


def typed(page, text, then="Enter"):
    page.keyboard.type(text)
    page.keyboard.press(then)


def has_focus(page, selector):
    return page.evaluate("selector => document.activeElement.matches(selector)", selector)


def test_a_duty_day_goes_by_keyboard_and_scanner_alone(page, address, room):
    page.goto(address + "/sign-in/")
    typed(page, "daniyar", then="Tab")
    typed(page, password_of("daniyar"))
    page.wait_for_selector(".big-ones")

    tab_to(page, f"a[href='{reverse('desk:issue')}']")
    page.keyboard.press("Enter")
    page.wait_for_selector("form.steps")
    assert has_focus(page, "#scan"), "a scan must land where anything may be scanned"
    tab_to(page, "#id_recorder")
    typed(page, "БТ-0001")
    assert has_focus(page, "#id_card"), "the scanner's Enter goes on to the card"
    typed(page, "ЖК-0001")
    assert has_focus(page, "#id_inspector")
    page.keyboard.press("ArrowDown")
    tab_to(page, "input[name=control]")
    page.keyboard.press("ArrowDown")
    for field, text in (("subject", "«Нұр» ЖШС"), ("object", "Қонаев қ."), ("act_number", "№ 7")):
        tab_to(page, f"#id_{field}")
        page.keyboard.type(text)
    for _ in range(5):
        tab_to(page, ".point input[value=passed]")
        page.keyboard.press("Space")
    tab_to(page, "#id_seal_number")
    typed(page, "Қ-0500")
    assert has_focus(page, "button.primary")
    page.keyboard.press("Enter")

    page.wait_for_selector(".sign")
    assert has_focus(page, "#id_password")
    inspector = page.text_content("label[for=id_password]")
    typed(page, password_of("yerlan" if "Өтегенов" in inspector else "madina"))
    page.wait_for_selector(".notice.success")
    row = JournalRow.objects.get()
    assert (row.issue.seal_number, row.issue.control) == ("Қ-0500", "preventive-visit")

    page.goto(address + "/")
    tab_to(page, f"a[href='{reverse('desk:find')}']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_number")
    typed(page, "ЖК-0001")
    page.wait_for_selector("#id_seal_number_found")
    typed(page, "Қ-0500")
    assert has_focus(page, "input[name=seal_found]")
    page.keyboard.press("Space")
    tab_to(page, "main button.primary")
    page.keyboard.press("Enter")
    page.wait_for_selector(".sign")
    typed(page, password_of(row.inspector.user.username))
    page.wait_for_selector(".notice.success")
    row = JournalRow.objects.get()
    assert row.returned.seal_found == SealFound.INTACT


def test_the_skip_link_leads_past_the_menu(page, address, room):
    sign_in(page, address, room.office.custodian)
    page.keyboard.press("Tab")
    assert has_focus(page, ".skip")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_errors_are_announced_and_lead_to_their_fields(page, address, room):
    sign_in(page, address, room.office.custodian)
    page.goto(address + reverse("desk:issue"))
    page.click("main button.primary")
    page.wait_for_selector("#errors")
    assert has_focus(page, "#errors")
    for link in page.query_selector_all("#errors a"):
        target = link.get_attribute("href")
        assert page.query_selector(target), target
    described = page.get_attribute("#id_subject", "aria-describedby").split()
    said = " ".join(page.text_content(f"#{each}") for each in described)
    assert "An issue names the controlled subject" in said


def test_the_menu_folds_on_a_phone_and_opens_again(page, address, room):
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, address, room.office.custodian)
    journal = page.locator(f"#menu a[href='{reverse('journal:list')}']")
    assert not journal.is_visible()
    page.click(".menu-button")
    assert page.get_attribute(".menu-button", "aria-expanded") == "true"
    journal.click()
    page.wait_for_selector(".book")


def test_a_failed_point_asks_for_its_remark_at_once(page, address, room):
    sign_in(page, address, room.office.custodian)
    page.goto(address + reverse("desk:issue"))
    remark = page.locator("#id_remark_battery")
    assert not remark.is_visible()
    page.check("#id_check_battery input[value=failed]")
    assert remark.is_visible()
    page.check("#id_check_battery input[value=passed]")
    assert not remark.is_visible()


def test_everything_works_without_scripts(browser, address, room):
    context = browser.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    sign_in(page, address, room.office.custodian)
    page.set_viewport_size({"width": 360, "height": 740})
    page.click(f"#menu a[href='{reverse('desk:issue')}'], .big-ones a >> nth=0")
    page.fill("#id_recorder", "БТ-0001")
    page.fill("#id_card", "ЖК-0001")
    page.select_option("#id_inspector", label="Өтегенов Ерлан Сәкенұлы")
    page.check("input[name=control] >> nth=0")
    for field in ("subject", "object", "act_number", "seal_number"):
        page.fill(f"#id_{field}", "№ 1")
    for point in page.query_selector_all(".point input[value=passed]"):
        point.check()
    page.click("main button.primary")
    page.fill("#id_password", password_of("yerlan"))
    page.click("button[value=sign]")
    page.wait_for_selector(".notice.success")
    context.close()
    assert JournalRow.objects.count() == 1


@pytest.mark.skipif(databases.ENGINE == "postgresql", reason="a page looks alike whatever keeps its facts")
@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("language", LANGUAGES if amount.FULL else ["kk"])
def test_every_page_is_sound_on_a_wide_screen_and_a_phone(browser, address, room, language, half):
    office = room.office
    old = room.duty.give_back(room.duty.issue(), seal_found=SealFound.BROKEN, condition="Мөр көлікте үзілген")
    row = room.duty.issue()
    person = office.second_inspector
    plain = ["home", "my-password"]
    pages = {
        office.custodian: [
            *plain, "desk:issue", "desk:find", ("desk:return", row.pk), "journal:list", ("journal:row", old.pk),
            ("journal:close-book", row.book_id), "registry:things", ("registry:recorder", office.recorder.pk),
            ("registry:card", office.card.pk), "registry:add-recorder", "registry:add-card", "registry:people",
            ("registry:person", person.pk), "ledger:list", ("ledger:entry", row.seq), "recordings:list",
            "unloads:list", "tray:list", "vault:unlock",
        ],
        office.head: [
            "home", ("registry:person", person.pk), "registry:add-person", ("registry:appoint", person.pk),
            ("registry:relieve", person.appointments.get().pk), "registry:add-division", "journal:open-book",
        ],
        office.inspector: plain,
        office.administrator: plain,
    }  # fmt: skip
    for who, names in pages.items():
        with page_at(browser, address) as page:
            speak(page, address, language)
            sign_in(page, address, who)
            for each in names[half::2]:
                name, *arguments = (each,) if isinstance(each, str) else each
                page.goto(address + reverse(name, args=arguments))
                is_sound(page, f"{name.replace(':', '-')}-{who.user.username}", language)
            if who == office.custodian and half:
                refused(page, address, language)
    with page_at(browser, address) as page:
        speak(page, address, language)
        for path in ("/sign-in/", "/nowhere/"):
            page.goto(address + path)
            is_sound(page, f"nobody{path.replace('/', '-')}", language)


def refused(page, address, language):
    """What comes of a form that is not yet right, and what is read before signing."""
    page.goto(address + reverse("desk:issue"))
    page.click("main button.primary")
    is_sound(page, "refused", language)
    page.goto(address + "/nowhere/")
    is_sound(page, "nowhere", language)


def speak(page, address, language):
    page.emulate_media(color_scheme=LANGUAGES[language], reduced_motion="reduce")
    page.context.add_cookies([{"name": "django_language", "value": language, "url": address}])


def is_sound(page, name, language):
    assert page.get_attribute("html", "lang") == language
    shown_at(page, f"{name}-{language}")


def test_the_seal_of_the_issue_is_read_beside_the_one_found(page, address, room):
    row = room.duty.issue()
    sign_in(page, address, room.office.custodian)
    page.goto(address + reverse("desk:return", args=[row.pk]))
    assert SEAL in page.text_content(".big-number")
