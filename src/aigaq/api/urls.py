"""Addresses for programs. Each view behind them carries its door (`web.security.open_to_docks`)."""

from django.urls import path

from aigaq.api import docks, unloads, uploads

app_name = "api"
urlpatterns = [
    path("docks/enrol/", docks.enrol, name="enrol"),
    path("sessions/challenge/", docks.challenge, name="challenge"),
    path("sessions/", docks.open_session, name="session"),
    path("unloads/", unloads.begin, name="unloads"),
    path("ports/", unloads.ports, name="ports"),
    path("unloads/<uuid:unload_id>/", unloads.state, name="unload"),
    path("unloads/<uuid:unload_id>/files/", unloads.files, name="unload-files"),
    path("unloads/<uuid:unload_id>/beat/", unloads.beat, name="unload-beat"),
    path("unloads/<uuid:unload_id>/settle/", unloads.settle, name="unload-settle"),
    path("unloads/<uuid:unload_id>/receipt/", unloads.receipt, name="unload-receipt"),
    path("unloads/<uuid:unload_id>/intend/", unloads.intend, name="unload-intend"),
    path("unloads/<uuid:unload_id>/note/", unloads.note, name="unload-note"),
    path("unloads/<uuid:unload_id>/cleared/", unloads.cleared, name="unload-cleared"),
    path("unloads/<uuid:unload_id>/time-left/", unloads.time_left, name="unload-time-left"),
    path("unloads/<uuid:unload_id>/finish/", unloads.finish, name="unload-finish"),
    path("unloads/<uuid:unload_id>/fail/", unloads.fail, name="unload-fail"),
    path("uploads/", uploads.collection, name="uploads"),
    path("uploads/<uuid:upload_id>/", uploads.item, name="upload"),
]
