"""Every address of the desk. Each view behind them carries its door (`security.open_to…`)."""

from django.urls import include, path

from aigaq.web.desk.views import home
from aigaq.web.registry.passkeys import revoke_own
from aigaq.web.session import views as session

urlpatterns = [
    path("", home, name="home"),
    path("sign-in/", session.sign_in, name="login"),
    path("sign-out/", session.sign_out, name="logout"),
    path("my-password/", session.my_password, name="my-password"),
    path("my-passkeys/<uuid:passkey_id>/revoke/", revoke_own, name="revoke-own-passkey"),
    path("language/", session.language, name="language"),
    path("division/", session.division, name="division"),
    path("desk/", include("aigaq.web.desk.urls")),
    path("phone/", include("aigaq.web.phone.urls")),
    path("scan/", include("aigaq.web.scan.urls")),
    path("overview/", include("aigaq.web.overview.urls")),
    path("journal/", include("aigaq.web.journal.urls")),
    path("incidents/", include("aigaq.web.incidents.urls")),
    path("demands/", include("aigaq.web.disclosure.urls")),
    path("keeping/", include("aigaq.web.retention.urls")),
    path("receipts/", include("aigaq.web.receipts.urls")),
    path("prints/", include("aigaq.web.prints.urls")),
    path("review/", include("aigaq.web.review.urls")),
    path("recordings/", include("aigaq.web.recordings.urls")),
    path("duties/", include("aigaq.web.duties.urls")),
    path("looks/", include("aigaq.web.looks.urls")),
    path("unloads/", include("aigaq.web.unloads.urls")),
    path("copies/", include("aigaq.web.copies.urls")),
    path("docks/", include("aigaq.web.docks.urls")),
    path("tray/", include("aigaq.web.tray.urls")),
    path("vault/", include("aigaq.web.vault.urls")),
    path("registry/", include("aigaq.web.registry.urls")),
    path("ledger/", include("aigaq.web.ledger.urls")),
    path("notices/", include("aigaq.web.notices.urls")),
    path("", include("aigaq.web.monitoring.urls")),
    # Above this floor, so by its name.
    path("api/", include("aigaq.api.urls")),
]

handler400 = "aigaq.web.errors.bad_request"
handler403 = "aigaq.web.errors.forbidden"
handler404 = "aigaq.web.errors.not_found"
handler500 = "aigaq.web.errors.server_error"
