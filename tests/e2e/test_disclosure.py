"""A court's paper in a real browser: entered, chosen, signed, built, handed over, and checked by anybody."""

import tarfile
from datetime import timedelta

import pytest
from django.urls import reverse

from aigaq.disclosure.models import Demand, HandOver
from aigaq.disclosure.receipts import code_of_entry
from aigaq.package import verify
from tests.support.browsing import page_at, shown_at, sign_in, unlock_here
from tests.support.films import film
from tests.support.office import password_of
from tests.support.viewing import RECORDED_AT, served

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_court_asks_and_gets_a_package_that_proves_itself(browser, room, tmp_path, settings):
    settings.SPOOL = tmp_path / "spool"
    office, row = room.office, room.duty.issue()
    content = film(seconds=4)
    for number in range(3):
        began = RECORDED_AT + timedelta(minutes=10 * number)
        path = f"DCIM/100AIGAQ/БТ-0001_20261120_09{number}000.MP4"
        # Told apart by what follows the film.
        room.enter(content + bytes(number), row=row, recorded_at=began, duration=4.0, path=path)
    room.duty.passes(hours=8)
    room.duty.give_back(row)
    with served() as address:
        with page_at(browser, address) as page:
            sign_in(page, address, office.custodian)
            page.click("#menu a[href='/demands/']")
            page.wait_for_selector(".empty")
            page.click("main a.primary")
            shown_at(page, "demand-register")
            page.check("input[name=kind][value=determination]")
            for name, text in PAPER.items():
                page.fill(f"#id_{name}", text)
            page.fill("#id_named-day", "2026-11-20")
            page.click("main button.primary")
            page.wait_for_selector(".notice.success")
            demand = Demand.objects.get()
            page.click(f"a[href='{reverse('disclosure:choose', args=[demand.pk])}']")
            page.wait_for_selector("fieldset")
            page.click("fieldset details.unfold summary >> nth=0")
            page.fill("input[name=from] >> nth=0", "0:01")
            page.fill("input[name=until] >> nth=0", "0:03")
            page.fill("#id_reason", "Сот үзіндіні де сұрады")
            shown_at(page, "demand-choose")
            page.click("button[value=save]")
            page.wait_for_selector(".notice.success")
        with page_at(browser, address) as page:
            sign_in(page, address, office.head)
            page.goto(address + reverse("disclosure:demand", args=[demand.pk]))
            page.click("main section.sign a.primary")
            page.wait_for_selector("#id_password")
            shown_at(page, "demand-approve")
            page.fill("#id_password", password_of("aigerim"))
            page.keyboard.press("Enter")
            page.wait_for_selector(".notice.success")
            shown_at(page, "demand-approved")
            unlock_here(page, office.head)
            page.click("main form[action$='/prepare/'] button.primary")
            page.wait_for_selector("form[action$='/package/']")
            shown_at(page, "demand-package")
            with page.expect_download() as download:
                page.click("form[action$='/package/'] button.primary")
            archive = tmp_path / "package.tar"
            download.value.save_as(archive)
            page.goto(address + reverse("disclosure:demand", args=[demand.pk]))
            page.fill("#id_receiver", "Омаров Нұрлан Бекұлы")
            page.fill("#id_position", "Қонаев қалалық сотының хатшысы")
            page.fill("#id_basis", "2026 жылғы 24 қарашадағы № 5 сенімхат")
            page.click("form[action$='/hand-over/'] button.primary")
            page.wait_for_selector(".notice.success")
            shown_at(page, "demand-handed-over")
            _refuses_another(page, address, office)
            page.click("p.back a")
            page.wait_for_selector("table")
            shown_at(page, "demand-list")
        with page_at(browser, address) as page:
            page.goto(address + reverse("receipts:check"))
            page.fill("#id_code", code_of_entry(HandOver.objects.get().seq).lower())
            page.click("main button.primary")
            page.wait_for_selector("section[role=status]")
            shown_at(page, "receipt")
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path / "opened", filter="data")
    (folder,) = (tmp_path / "opened").iterdir()
    result = verify.check([str(folder)])
    assert [str(fault) for fault in result.faults] == []
    assert [each.name for each in (folder / "data/cuts").iterdir()] == ["001-1.mp4"]


def _refuses_another(page, address, office):
    """What came too late, and of what is not here."""
    page.goto(address + reverse("disclosure:register"))
    page.check("input[name=kind][value=request]")
    for name, text in {**PAPER, **ANOTHER}.items():
        page.fill(f"#id_{name}", text)
    page.click("main button.primary")
    page.wait_for_selector(".notice.success")
    page.click("p.back a")  # it names no recording: where some are chosen stands before it
    page.click("section.sign details.unfold summary")
    page.fill("section.sign textarea, section.sign input[type=text]", REASON)
    shown_at(page, "demand-refuse")
    page.click("section.sign details.unfold button")
    page.wait_for_selector(".notice.success")
    shown_at(page, "demand-refused")


REASON = "Бұл күні бөлімшенің бейнетіркегіштері берілмеген: бейнежазба жоқ"
ANOTHER = {
    "authority": "Алматы облысы бойынша мамандандырылған тергеу соты",
    "their_number": "7-1/2026-318",
    "due_on": "2026-11-19",
    "covers": "2026 жылғы 2 қарашадағы бейнежазбалар",
}
PAPER = {
    "authority": "Қонаев қалалық соты",
    "official": "Сейітов А. М.",
    "their_number": "3-127/26",
    "dated_on": "2026-11-18",
    "received_on": "2026-11-19",
    "due_on": "2026-11-25",
    "basis": "№ 1-44/26 азаматтық іс, АПК 73-бап",
    "covers": "2026 жылғы 20 қарашадағы «Нұр-Құрылыс» ЖШС тексерудің бейнежазбалары",
}
