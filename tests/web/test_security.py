"""Who gets in where: every address × every kind of stranger × every method; nothing leaks and nothing is done."""

import uuid
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.urls import path, reverse

from aigaq import wiring
from aigaq.accounts.services import create_user
from aigaq.disclosure.models import Chosen
from aigaq.docks.services import enrol, make_code
from aigaq.incidents.models import Incident
from aigaq.incidents.models import Kind as IncidentKind
from aigaq.ingest.models import Port, Unload, UnloadState, WallScreen
from aigaq.ledger.models import LedgerEntry
from aigaq.ledger.services import MACHINE
from aigaq.minding import follow_up
from aigaq.recordings.models import Blob, Kind, Pace, Purpose, Recording, RecordingFile
from aigaq.recordings.showings import show
from aigaq.registry import services as registry
from aigaq.registry.models import Role
from aigaq.web.security import CONTENT_SECURITY_POLICY, door_of
from aigaq.web.urls import urlpatterns
from tests.support import amount
from tests.support.disclosure import Registrar
from tests.support.docks import DockPC
from tests.support.duty import PURPOSE, SEAL, on_duty
from tests.support.office import SINCE
from tests.support.pages import addresses
from tests.support.passkeys import enrolled_for
from tests.support.reviews import Reviewer, a_sample

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ASKED = METHODS if amount.FULL else ("GET", "POST")
"""Of strangers. The door is shut before a view learns of the method; all are tried in the long runs."""

H, C, A, F = "head", "custodian", "administrator", "authority"
EVERYONE = "everyone"
SIGNED_IN = "signed in"
DOCKS = "docks"
DOORS = {
    "home": SIGNED_IN,
    "login": EVERYONE,
    "logout": EVERYONE,
    "language": EVERYONE,
    "my-password": SIGNED_IN,
    "division": SIGNED_IN,
    "phone:page": SIGNED_IN,
    "phone:state": SIGNED_IN,
    "phone:tell": SIGNED_IN,
    "phone:shell": EVERYONE,
    "phone:worker": EVERYONE,
    "desk:out": {H, C},
    "desk:issue": {C},
    "desk:find": {C},
    "desk:return": {C},
    "desk:show-time-code": {C},
    "desk:time-code": {C},
    "desk:time-code-codes": {C},
    "scan:scan": {C},
    "scan:frame": {C},
    "scan:person": {C},
    "overview:page": {H, C, F},
    "overview:csv": {H, C, F},
    "overview:pdf": {H, C, F},
    "journal:list": {H, C},
    "journal:row": {H, C},
    "journal:remark": {C},
    "journal:correct": {C},
    "journal:pause": {C},
    "journal:resume": {C},
    "journal:report-failure": {C},
    "journal:act": {H, C},
    "journal:hand-over-act": {H, C},
    "journal:report-loss": {C},
    "journal:repair": {C},
    "incidents:list": {H, C},
    "incidents:incident": {H, C},
    "incidents:decide": {H},
    "journal:shelf": {H, C},
    "journal:open-book": {H},
    "journal:register-next": {H},
    "journal:close-book": {H},
    "journal:inscribe": {H},
    "prints:book": {H, C},
    "prints:labels": {H, C},
    "prints:badge": {H, C},
    "prints:print": {H, C},
    "prints:stop": {H, C},
    "prints:take": {H, C},
    "registry:things": {H, C},
    "registry:add-recorder": {H, C},
    "registry:add-card": {H, C},
    "registry:recorder": {H, C},
    "registry:card": {H, C},
    "registry:retire": {H, C},
    "registry:people": {H, C, A},
    "registry:people-labels": {H, C},
    "registry:person-label": {H, C},
    "registry:person": {H, C, A},
    "registry:add-person": {H},
    "registry:appoint": {H},
    "registry:give-password": {H},
    "registry:email": {H, C},
    "registry:shut-login": {H, A},
    "registry:open-login": {H, A},
    "registry:enrol-passkey": {H, C},
    "registry:revoke-passkey": {H, C},
    "revoke-own-passkey": SIGNED_IN,
    "registry:relieve": {H},
    "registry:hand-over": {H},
    "registry:hand-key": {H, C},
    "registry:posts": {H, C},
    "registry:holdings": {H, C},
    "registry:add-division": {H},
    "ledger:list": {H, C},
    "notices:list": SIGNED_IN,
    "notices:bell": SIGNED_IN,
    "notices:seen": SIGNED_IN,
    "notices:seen-all": SIGNED_IN,
    "notices:my-email": SIGNED_IN,
    "ledger:entry": {H, C},
    "recordings:list": {H, C},
    "recordings:recording": {H, C},
    "recordings:media": {H, C},
    "recordings:still": {H, C},
    "recordings:download": {H, C},
    "duties:duty": {H, C},
    "looks:list": {H, C},
    "recordings:making": {H, C},
    "recordings:make": {H, C},
    "recordings:make-several": {H, C},
    "recordings:cancel": {H, C},
    "unloads:list": {H, C},
    "unloads:live": {H, C},
    "unloads:unload": {H, C},
    "copies:page": {H, C, A},
    "copies:live": {H, C, A},
    "docks:wall": {H, C},
    "docks:live": {H, C},
    "docks:screens": {H, C},
    "docks:shut-screen": {H, C},
    "tray:list": {H, C},
    "tray:unload": {H, C},
    "vault:unlock": {H, C},
    "vault:lock": {H, C},
    "vault:state": {H, C},
    "review:samples": {H, C},
    "review:sample": {H, C},
    "review:report": {H, C},
    "review:duty": {H, C},
    "review:mark": {H, C},
    "review:result": {H, C},
    "review:amend": {H, C},
    "review:withdraw": {H, C},
    "retention:list": {H, C},
    "retention:propose": {C},
    "retention:confirm-day": {H},
    "retention:plan": {H, C},
    "retention:approve": {H},
    "retention:drop": {H, C},
    "retention:carry-out": {H, C},
    "retention:act": {H, C},
    "retention:holds": {H, C},
    "retention:release": {H},
    "retention:hold": {H},
    "disclosure:list": {H, C},
    "disclosure:register": {H, C},
    "disclosure:demand": {H, C},
    "disclosure:paper": {H, C},
    "disclosure:choose": {H, C},
    "disclosure:approve": {H},
    "disclosure:refuse": {H},
    "disclosure:release": {H},
    "disclosure:preparing": {H, C},
    "disclosure:prepare": {H, C},
    "disclosure:package": {H, C},
    "disclosure:hand-over": {H, C},
    "disclosure:receipt": {H, C},
    "monitoring:live": EVERYONE,
    "monitoring:ready": EVERYONE,
    "monitoring:metrics": EVERYONE,  # the view asks for itself: tests/web/test_monitoring.py
    "receipts:check": EVERYONE,
    "receipts:proof": EVERYONE,
    "docks:list": {H, C},
    "docks:add": {H, C},
    "docks:revoke": {H, C},
    "api:enrol": DOCKS,
    "api:challenge": DOCKS,
    "api:session": DOCKS,
    "api:ports": DOCKS,
    "api:unloads": DOCKS,
    "api:unload": DOCKS,
    **{
        f"api:unload-{act}": DOCKS
        for act in (
            "files",
            "beat",
            "settle",
            "receipt",
            "intend",
            "note",
            "cleared",
            "time-left",
            "finish",
            "fail",
        )
    },
    "api:uploads": DOCKS,
    "api:upload": DOCKS,
}
"""What the paragraphs 6 and 14 come to, address by address. A new page is added here on purpose, or fails."""

SEES = {"home", "desk:issue", "desk:return", "scan:person"}
"""Pages that may ask the custodian's browser for its camera; all others may not."""


def roles_of(name):
    return DOORS[name] if isinstance(DOORS[name], set) else set()


@pytest.fixture
def scene(office):
    """A duty day of Qonaev's division: everything that could leak is there, and has a number."""
    duty = on_duty(office)
    row = duty.issue()
    registry.appoint(
        office.ledger,
        MACHINE,
        person=office.administrator,
        division=office.division,
        role=Role.ADMINISTRATOR,
        from_on=SINCE,
        until_on=None,
        order_number="12-105",
    )
    now = wiring.clock().now()
    unload = Unload.objects.create(
        port="1",
        source="card-СЫР",
        division=office.division,
        recorder=office.recorder,
        card=office.card,
        row=row,
        state=UnloadState.TRAY,
        started_at=now,
        beat_at=now,
    )
    Port.objects.create(name="1", state="tray", unload=unload, changed_at=now, seen_at=now)
    screen = WallScreen.objects.create(
        division=office.division, name="ҚҰПИЯ", token_digest="0" * 64, opened_at=now, seen_at=now
    )
    recording = Recording.objects.create(
        division=office.division,
        recorder=office.recorder,
        card=office.card,
        recorded_at=now,
        listed_at=now,
        ingested_at=now,
        unload=unload.pk,
    )
    blob = Blob.objects.create(
        content_digest="c" * 64,
        stored_digest="d" * 64,
        size=7,
        stored_size=9,
        name="blobs/x",
        ingested_at=now,
        seq=1,
    )
    file = RecordingFile.objects.create(
        recording=recording, blob=blob, path="DCIM/ҚҰПИЯ.MP4", source="x", source_key="k", kind=Kind.VIDEO
    )
    incident = Incident.objects.create(
        kind=IncidentKind.DAMAGE,
        division=office.division,
        row=row,
        key="x",
        facts={"number": "БТ-0001", "inspector": "Өтегенов", "words": "ҚҰПИЯ"},
        evidence=[row.seq],
        occurred_at=now,
        opened_at=now,
        seq=1,
    )
    passkey, _authenticator = enrolled_for(office, office.inspector)
    failure = duty.fail(row)
    showing = show(
        office.ledger,
        office.by(office.custodian),
        row=row,
        purpose=Purpose.ISSUE,
        custodian=office.custodian,
        pace=Pace.STEADY,
    )
    code = make_code(office.ledger, office.by(office.custodian), division=office.division).code
    pc = DockPC()
    dock = enrol(office.ledger, pc.enrolment(code, now, name="Док-ҚҰПИЯ"))
    demand = Registrar(office).registers(Chosen(recording.pk), covers="ҚҰПИЯ")
    marked = Reviewer(office).marks(file, note="ҚҰПИЯ")
    sample = a_sample(office.division, row, now)
    # What follows of itself is entered before the first stranger comes, so that it is not taken for his.
    follow_up(office.ledger)
    return Scene(
        office,
        row,
        unload=unload,
        file=file,
        incident=incident,
        passkey=passkey,
        failure=failure,
        screen=screen,
        dock=dock,
        marked=marked,
        sample=sample,
        showing=showing,
        demand=demand,
    )


class Scene:
    def __init__(
        self,
        office,
        row,
        *,
        unload,
        file,
        incident,
        passkey,
        failure,
        screen,
        dock,
        marked,
        sample,
        showing,
        demand,
    ):
        self.office = office
        self._values = {
            "row_id": row.pk,
            "cell": "subject",
            "book_id": row.book_id,
            "person_id": office.inspector.pk,
            "appointment_id": office.inspector.appointments.get().pk,
            "passkey_id": passkey.pk,
            "seq": row.seq,
            "file_id": file.pk,
            "unload_id": unload.pk,
            "screen_id": screen.pk,
            "incident_id": incident.pk,
            "failure_id": failure.pk,
            "dock_id": dock.pk,
            "number": showing.number,
            "upload_id": uuid.uuid4(),  # whose own they are, tests/web/test_api_uploads.py tries
            "mark_id": marked.pk,
            "sample_id": sample.pk,
            "demand_id": demand.pk,
            "hold_id": demand.selections.get().hold_id,
            "plan_id": uuid.uuid4(),  # whose own they are, tests/web/test_retention.py tries
            "handover_id": uuid.uuid4(),  # whose own they are, tests/web/test_disclosure.py tries
            "notice_id": uuid.uuid4(),
            "print_id": uuid.uuid4(),  # whose own they are, tests/web/test_prints.py tries
        }
        self.secrets = [
            "БТ-0001",
            "ЖК-0001",
            "SN7-1",
            "1A2B-3C4D",
            "01-12/4",
            SEAL,
            PURPOSE.subject,
            PURPOSE.act_number,
            "Өтегенов",
            "Жүнісов",
            "Ықыласова",
            "Қонаев",
            "ҚҰПИЯ",
            "СЫР",
            passkey.label,
            str(passkey.pk),
            str(row.pk),
            str(file.pk),
            str(unload.pk),
            str(incident.pk),
            str(failure.pk),
            str(dock.pk),
            str(marked.pk),
            str(sample.pk),
            str(demand.pk),
            demand.authority,
        ]

    def url(self, address):
        values = dict(self._values)
        office = self.office
        values["thing_id"] = office.card.pk if address.name == "registry:card" else office.recorder.pk
        return reverse(address.name, kwargs={name: values[name] for name in address.parameters})

    def leaks(self, response):
        body = b"".join(response.streaming_content) if response.streaming else response.content
        # The address that was asked for comes back, so that the language can be changed on the spot.
        told = body.decode(errors="replace").replace(response.wsgi_request.get_full_path(), "") + " ".join(
            f"{name}: {value}" for name, value in response.headers.items()
        )
        return [secret for secret in self.secrets if secret in told]


def entered():
    return list(LedgerEntry.objects.order_by("seq").values_list("seq", "kind"))


def test_every_address_is_in_the_table_and_no_other():
    assert {address.name for address in addresses()} == set(DOORS)


@pytest.mark.parametrize("address", addresses(), ids=lambda address: address.name)
def test_every_view_has_a_door_and_it_is_the_one_of_the_table(address):
    door = door_of(address.view)
    assert door is not None, "a view without a door"
    expected = DOORS[address.name]
    assert door.everyone == (expected == EVERYONE)
    assert door.signed_in == (expected == SIGNED_IN)
    assert door.docks == (expected == DOCKS)
    assert {role.value for role in door.roles} == roles_of(address.name)


def undecorated(_request):
    return HttpResponse("СЫР")


class NoDoors:
    urlpatterns = [*urlpatterns, path("undecorated/", undecorated)]


def test_a_view_that_names_nobody_is_shut_to_everybody(office, visit, settings):
    settings.ROOT_URLCONF = NoDoors
    for person in (None, office.custodian, office.head):
        response = visit(person).options("/undecorated/")
        assert (response.status_code, b"\xd0\xa1\xd0\xab\xd0\xa0" in response.content) == (403, False)


@pytest.mark.parametrize("method", ASKED)
def test_nobody_is_sent_to_sign_in_from_every_address(scene, visit, method):
    before = entered()
    for address in addresses():
        if DOORS[address.name] in {EVERYONE, DOCKS}:
            continue
        browser = visit()
        browser.handler.enforce_csrf_checks = False
        response = browser.generic(method, scene.url(address))
        assert response.status_code == 302, (address.name, response.status_code)
        assert response.url.startswith("/sign-in/?next="), address.name
        assert response.content == b"", address.name
    assert entered() == before


@pytest.mark.parametrize("method", ASKED)
@pytest.mark.parametrize("who", ["inspector", "administrator", "sister_head", "sister_custodian"])
def test_a_stranger_sees_nothing_and_does_nothing(scene, visit, who, method):
    office = scene.office
    person = getattr(office, who)
    browser = visit(person)
    browser.handler.enforce_csrf_checks = False
    own = {
        role
        for role in ("head", "custodian", "administrator")
        if person.appointments.filter(role=role).exists()
    }
    before = entered()
    for address in addresses():
        if not isinstance(DOORS[address.name], set) or (who == "administrator" and A in DOORS[address.name]):
            continue
        response = browser.generic(method, scene.url(address))
        if not own & DOORS[address.name]:
            assert response.status_code == 403, (address.name, response.status_code)
        elif address.parameters:
            # A thing of the division next door is not there at all.
            assert response.status_code in {404, 405}, (address.name, response.status_code)
        else:
            assert response.status_code in {200, 204, 302, 403, 405, 422}, (
                address.name,
                response.status_code,
            )
        assert [secret for secret in scene.leaks(response) if secret not in frame_of(person)] == [], (
            address.name
        )
    # Looking into one's own empty list of recordings is a look, too; and one's own figures may be taken.
    own_acts = {"access.listed", "overview.taken"}
    assert [entry for entry in entered() if entry not in before and entry[1] not in own_acts] == []


@pytest.mark.parametrize("method", ASKED)
def test_the_authorised_body_gets_figures_and_nothing_else(scene, visit, method):
    office = scene.office
    by = {"ledger": office.ledger, "by": MACHINE}
    user = create_user(**by, username="sultan", password="sultan counts what there is")
    person = registry.add_person(
        **by, full_name="Сұлтанов Қ.", post="", staff_number="900", division=office.region, user=user
    )
    registry.appoint(
        **by,
        person=person,
        division=office.region,
        role=Role.AUTHORITY,
        from_on=SINCE,
        until_on=None,
        order_number="1",
    )
    browser = visit(person)
    browser.handler.enforce_csrf_checks = False
    before = entered()
    for address in addresses():
        if address.name == "logout":
            continue
        response = browser.generic(method, scene.url(address))
        leaked = set(scene.leaks(response))
        if F in roles_of(address.name):
            assert response.status_code in {200, 405}, (address.name, response.status_code)
            leaked -= {"Қонаев"}  # the name of the division that is counted
        elif roles_of(address.name):
            assert response.status_code == 403, (address.name, response.status_code)
        assert leaked == set(), address.name
    done = {kind for seq, kind in entered() if (seq, kind) not in before}
    assert done <= {"overview.taken"}


def frame_of(person):
    """What the frame of a page tells everybody about themselves."""
    return f"{person.full_name} {person.division.name}"


def test_the_administrator_of_a_division_sees_its_logins_and_no_more(scene, visit):
    browser = visit(scene.office.administrator)
    page = browser.get(reverse("registry:people")).content.decode()
    assert "Өтегенов" in page
    for secret in ("БТ-0001", "01-12/4", SEAL, "ҚҰПИЯ"):
        assert secret not in page
    assert (
        "new-password"
        not in browser.get(reverse("registry:person", args=[scene.office.inspector.pk])).content.decode()
    )


@pytest.mark.parametrize("who", ["head", "custodian"])
def test_the_two_of_paragraph_6_get_in(scene, visit, who):
    browser = visit(getattr(scene.office, who))
    for address in addresses():
        if who not in roles_of(address.name):
            continue
        response = browser.get(scene.url(address))
        # 302: the tray knows its way; 403: the vault is locked; 405: for forms only.
        assert response.status_code in {200, 204, 302, 403, 404, 405}, (address.name, response.status_code)
        if response.status_code == 403:
            assert address.name.startswith(("recordings:", "vault:")), address.name
        if response.status_code == 404:
            assert address.name in {
                "recordings:still",
                "recordings:media",
                "disclosure:paper",
                "disclosure:receipt",
                "retention:plan",
                "retention:approve",
                "retention:act",
                "prints:print",
                "prints:take",
            }, address.name


def test_a_form_of_another_site_does_nothing(scene, visit):
    browser = visit(scene.office.custodian)
    before = entered()
    for address in addresses():
        response = browser.post(scene.url(address))
        refused = {401, 405, 412, 415} if DOORS[address.name] == DOCKS else {403, 405}
        assert response.status_code in refused, address.name
    assert entered() == before


@pytest.mark.parametrize("method", ASKED)
def test_a_browser_gets_nothing_where_docks_are_let_in(scene, visit, method):
    before = entered()
    for person in (None, scene.office.inspector, scene.office.custodian, scene.office.head):
        browser = visit(person)
        browser.handler.enforce_csrf_checks = False
        for address in addresses():
            if DOORS[address.name] != DOCKS or (
                method == "OPTIONS" and address.name.startswith("api:upload")
            ):
                continue
            response = browser.generic(method, scene.url(address), headers={"Tus-Resumable": "1.0.0"})
            assert response.status_code in {401, 405, 415}, (address.name, response.status_code)
            assert scene.leaks(response) == [], address.name
    assert entered() == before


def test_every_answer_carries_the_strict_headers_and_no_page_a_script_or_a_style_of_its_own(scene, visit):
    custodian, nobody = visit(scene.office.custodian), visit()
    for address in addresses():
        for browser in (custodian, nobody):
            response = browser.get(scene.url(address))
            assert response["Content-Security-Policy"] == CONTENT_SECURITY_POLICY, address.name
            assert response["Cache-Control"] == "no-store", address.name
            assert response["X-Content-Type-Options"] == "nosniff"
            assert response["Referrer-Policy"] == "same-origin"
            assert response["X-Frame-Options"] == "DENY"
            sees = browser is custodian and address.name in SEES
            assert f"camera=({'self' if sees else ''})" in response["Permissions-Policy"], address.name
            if not response.streaming and "text/html" in response.get("Content-Type", ""):
                page = response.content.decode()
                for own in ("<style", " style=", "<script>", " onclick=", "javascript:"):
                    assert own not in page, (address.name, own)


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(office, visit):
    browser = visit()
    browser.submit("/sign-in/", {"username": "daniyar", "password": "daniyar opens the door 236"})
    for name in ("aigaq_session", "csrftoken"):
        assert browser.cookies[name]["httponly"], name
        assert browser.cookies[name]["samesite"] == "Strict", name


def test_a_row_that_is_not_there_and_one_that_is_not_yours_read_alike(scene, visit):
    browser = visit(scene.office.sister_head)
    row = next(address for address in addresses() if address.name == "journal:row")
    not_yours = browser.get(scene.url(row))
    not_there = browser.get(reverse("journal:row", args=[uuid.uuid4()]))
    strip = lambda response: response.content.decode().replace(response.wsgi_request.path, "")  # noqa: E731
    assert not_yours.status_code == not_there.status_code == 404
    assert without_tokens(strip(not_yours)) == without_tokens(strip(not_there))


def without_tokens(page):
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_somebody_appointed_in_two_divisions_chooses_and_nobody_else_does(scene, visit):
    office = scene.office
    registry.appoint(
        office.ledger,
        MACHINE,
        person=office.sister_head,
        division=office.division,
        role=Role.HEAD,
        from_on=(wiring.clock().now() - timedelta(days=1)).date(),
        until_on=None,
        order_number="77",
        stands_in_for=office.head.appointments.get(),
    )
    browser = visit(office.sister_head)
    assert "БТ-0001" not in browser.get("/registry/things/").content.decode()
    browser.submit("/division/", {"division": str(office.division.pk)})
    assert "БТ-0001" in browser.get("/registry/things/").content.decode()
    stranger = visit(office.sister_custodian)
    stranger.submit("/division/", {"division": str(office.division.pk)})
    assert "БТ-0001" not in stranger.get("/registry/things/").content.decode()
