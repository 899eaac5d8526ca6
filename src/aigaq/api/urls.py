"""Addresses for programs. Each view behind them carries its door (`web.security.open_to_docks`)."""

from django.urls import path

from aigaq.api import docks, uploads

app_name = "api"
urlpatterns = [
    path("docks/enrol/", docks.enrol, name="enrol"),
    path("sessions/challenge/", docks.challenge, name="challenge"),
    path("sessions/", docks.open_session, name="session"),
    path("uploads/", uploads.collection, name="uploads"),
    path("uploads/<uuid:upload_id>/", uploads.item, name="upload"),
]
